/* A dialect: how one kind of server wants a request written and how its answers read. Knows no network. To add one: its
 * file, its row in dialect.c, its column in core's dial table, its cases in the tests. */
#ifndef RENGA_NET_DIALECT_H
#define RENGA_NET_DIALECT_H

#include "core/request.h"
#include "core/server.h"
#include "net/json.h"
#include "net/manners.h"
#include "net/prefill.h"

struct reply;

/* One HTTP request that is to be written. */
struct wire {
    const struct request *request;
    struct span model;  /* empty: the server's only one */
    struct span prompt; /* for servers that go on with a plain text */
    int takes;         /* how many this one request asks for */
    const struct manners *manners;
    int index; /* of its first take within the run: added to the seed, so that takes asked for one by one differ */
    const struct prefill *prefill; /* the last turn is an answer begun, and this is how to say so; NULL: it is none */
};

struct dialect {
    const char *version;      /* of the interface, where the address names none: "/v1" */
    /* Below that, where a request goes: "/chat/completions". It may carry a query, and "{model}" for the model's name. */
    const char *(*endpoint)(const struct request *r);
    const char *list;         /* where the models are listed, below the version */
    const char *key_head;     /* the head line that carries the key, up to it: "Authorization: Bearer " */
    const char *extra_head;   /* one more head line, NULL: none */
    bool chats;               /* it is asked in turns, even to go on with a page */
    bool lines;               /* streams one JSON value a line, not server-sent events */
    bool ends_by_closing;     /* nothing in the stream says that it is over */
    void (*write)(const struct wire *w, struct str *body);
    /* One event, or a whole answer that was not streamed. `name` is the event's. */
    void (*read)(struct reply *r, const struct json *root, struct span name);
    /* Appends the models of a list by add_model(); false when it is none. */
    bool (*models)(const struct json *root, struct str *out);
    /* Where it tells more of a model, below the version, each asked in turn; NULL: nowhere. */
    const char *tells_at[2];
    bool tells_by_name;       /* of the model that it is asked for as {"model":…}; else of its only one */
    /* Adds what such an answer says, and leaves the rest of `out` as it is. */
    void (*tells)(const struct json *root, struct model_told *out);
    const char *pull;         /* where it fetches a model, below the version (net/pull.h); NULL: it does not */
};

extern const struct dialect dialect_openai_completions, dialect_openai_chat, dialect_openai_responses, dialect_anthropic, dialect_gemini,
    dialect_ollama, dialect_llamacpp, dialect_koboldcpp;
const struct dialect *dialect_of(enum dialect_id id);
/* What tells() found: how many tokens the model holds, where that is a sane number, and its template in root's member `name`. */
void tell_context(struct model_told *out, int64_t tokens);
void tell_template(struct model_told *out, const struct json *root, const char *name);
/* One line of a list of models: the id, and where `holds` is positive a TAB and how many tokens it holds. */
void add_model(struct str *out, struct span id, int64_t holds);
#define KEY_AS_BEARER "Authorization: Bearer "

/* -- what dialects share in writing; each adds a comma before itself, except behind an opening bracket --- */

/* Every dial that is on and has a name in this dialect. */
void write_dials(struct str *body, const struct wire *w, enum dialect_id id);
void write_name(struct str *body, const char *name); /* "name": */
void write_stops(struct str *body, const struct wire *w, const char *name);
/* "name":"text" */
void write_text_field(struct str *body, const char *name, struct span text);
bool system_apart(const struct wire *w); /* there is a system text, and the model takes it as one */
/* "name":"the text of a turn"; the system text goes before the first where the model takes it so only. */
void write_turn(struct str *body, const struct wire *w, int turn, const char *name);
/* "messages":[{"role":…,"content":…},…]: the turns, behind the system text where `system` says so. */
void write_messages(struct str *body, const struct wire *w, const char *name, bool system);

#endif
