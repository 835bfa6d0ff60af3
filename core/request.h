/* What is asked of a server, before any dialect: built from the page, the prompt editor and the dials. Plain data; both forms of
 * the context are there, since completion servers want one text and chat servers want turns. */
#ifndef RENGA_CORE_REQUEST_H
#define RENGA_CORE_REQUEST_H

#include "core/context.h"
#include "core/story.h"

enum role { ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT };
const char *role_name(enum role r);

struct turn {
    enum role role;
    struct str text;
};

#define REQUEST_STOPS_MAX 8

struct instruct;

/* A named stretch of the context: bytes of what `context` is filled with below. */
struct context_part {
    enum part_kind kind;
    size_t from, to;
};

struct request {
    struct str prompt;          /* the whole text for a completion server, exactly as it is to be sent */
    size_t asked;               /* where in it the writer's prompt begins, behind the page; at its end: nothing is asked, the page goes on;
                                   0: it is a question whole */
    struct turn *turns;         /* the same for a chat server, without the system text */
    int turn_count, turn_cap;
    size_t question;            /* where in the last turn what is asked begins, behind words of the page */
    struct str suffix;          /* the text behind what is to be written, for a server that takes it; "" : none */
    struct context_part parts[CONTEXT_COUNT]; /* of the context, in order */
    int part_count;
    int64_t left_out;           /* tokens, by estimate, of the page's beginning, for which there was no room */
    struct str system;          /* "" : none */
    struct str stops[REQUEST_STOPS_MAX];
    int stop_count;
    struct dials dials;
    struct str model;           /* "" : the server's only one */
    int logprobs;               /* alternatives per token to ask for, 0: none */
    bool stream;
    /* To be set before the texts: what the server is like. */
    int64_t room;               /* tokens that it holds, prompt and answer together; 0: not known, nothing is left out */
    const struct instruct *form; /* that a plain text puts what is asked in (core/instruct.h), NULL: it goes as it is */
    struct str grammar;         /* GBNF that what is written follows, "" : none */
    bool bare;                  /* the page goes along alone, without memory, note and lore; a rewrite is asked as the prompt says */
};

void request_init(struct request *r);
void request_release(struct request *r);
void request_copy(struct request *to, const struct request *from); /* `to` is released first */
void request_add_turn(struct request *r, enum role role, struct span text); /* joins the last turn when the role is the same */
bool request_add_stop(struct request *r, struct span stop);                 /* false: there are REQUEST_STOPS_MAX already */

/* These build the texts, from dials, system text, room and bare as they stand. With the page go the piece's memory, note and lore. When there
 * is no room for all of it the page's beginning is left out. All fill `context` (may be NULL) with the text that is sent along before what
 * is asked. `leaf` -1: no page. `upto`: bytes of the leaf's text that count; WHOLE_LEAF: all. */
#define WHOLE_LEAF SIZE_MAX

/* Tokens that are kept free for the answer. */
int64_t request_answer(const struct request *r);
/* Tokens, by estimate, that a question needs beside its context: itself, the system text, the answer, and some to spare where there is a limit. */
int64_t request_taken(const struct request *r, struct span asked);
/* The prompt, byte for byte; for completion servers it follows the page's text after one empty line, and a page of white space does not go
 * along. */
void request_ask(struct request *r, const struct piece *p, int leaf, struct span prompt, struct str *context);
/* The page is to be gone on with: completion servers get it as it is; chat servers get it as turns and one sentence that asks for the
 * continuation only. */
void request_continue(struct request *r, const struct piece *p, int leaf, struct str *context);
/* The same, from the middle: `suffix` stands behind. Completion servers get it apart, chat servers in the sentence. */
void request_insert(struct request *r, const struct piece *p, int leaf, size_t upto, struct span suffix, struct str *context);
/* What may go along of a text behind: a quarter of the room's worth, up to the end of a line; all of it when the room is not known. */
struct span request_fit(const struct request *r, struct span suffix);
/* What is to be written anew, and where it stands. */
struct rewriting {
    struct span selection, suffix, instruction;
};
void request_rewrite(struct request *r, const struct piece *p, int leaf, size_t upto, const struct rewriting *what, struct str *context);

/* Stop strings ↔ a JSON array of strings, as the library stores them. */
void stops_to_json(const struct request *r, struct str *out);
bool stops_from_json(struct request *r, struct span json, struct err *e) MUST_USE;

#endif
