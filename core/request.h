/* What is asked of a server, before any dialect: built from the page, the prompt editor and the dials. Plain data; both forms of
 * the context are there, since completion servers want one text and chat servers want turns. */
#ifndef RENGA_CORE_REQUEST_H
#define RENGA_CORE_REQUEST_H

#include "core/story.h"

enum role { ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT };
const char *role_name(enum role r);

struct turn {
    enum role role;
    struct str text;
};

#define REQUEST_STOPS_MAX 8

struct request {
    struct str prompt;          /* the whole text for a completion server, exactly as it is to be sent */
    size_t asked;               /* where in it the writer's prompt begins, behind the page; at its end: nothing is asked, the page goes on */
    struct turn *turns;         /* the same for a chat server, without the system text */
    int turn_count, turn_cap;
    struct str system;          /* "" : none */
    struct str stops[REQUEST_STOPS_MAX];
    int stop_count;
    struct dials dials;
    struct str model;           /* "" : the server's only one */
    int logprobs;               /* alternatives per token to ask for, 0: none */
    bool stream;
};

void request_init(struct request *r);
void request_release(struct request *r);
void request_copy(struct request *to, const struct request *from); /* `to` is released first */
void request_add_turn(struct request *r, enum role role, struct span text); /* joins the last turn when the role is the same */
bool request_add_stop(struct request *r, struct span stop);                 /* false: there are REQUEST_STOPS_MAX already */

/* The prompt asked with `context` lines of the page before it (leaf -1: none). The prompt goes out byte for byte; for completion
 * servers it follows the page's text after one empty line, and a page of white space does not go along. Also fills `context` (may be
 * NULL) with the text that was sent along. */
void request_ask(struct request *r, const struct piece *p, int leaf, struct span prompt, struct str *context);
/* The page is to be gone on with: completion servers get it as it is; chat servers get it as turns and one sentence that asks for the
 * continuation only. */
void request_continue(struct request *r, const struct piece *p, int leaf, struct str *context);

/* Stop strings ↔ a JSON array of strings, as the library stores them. */
void stops_to_json(const struct request *r, struct str *out);
bool stops_from_json(struct request *r, struct span json, struct err *e) MUST_USE;

#endif
