/* The network: libcurl's multi interface behind the one loop, servers as sources, and questions to servers. Knows no page, no screen and
 * no disk. libcurl is loaded at the first use (loading it costs more than everything before the first frame). */
#ifndef RENGA_NET_NET_H
#define RENGA_NET_NET_H

#include "core/server.h"
#include "core/source.h"
#include <poll.h>

struct net;

struct net *net_new(void);           /* loads nothing */
void net_free(struct net *n);        /* closes every transfer */
/* The loop's one wait: `fds` and all transfers. Milliseconds, -1: no limit. Returns as poll() does for `fds`. */
int net_wait(struct net *n, struct pollfd *fds, int count, int timeout_ms);
/* Moves transfers on: bytes are framed, read by the dialect and appended to the queues. Never blocks. Returns true while any transfer is
 * under way. */
bool net_step(struct net *n);
/* Appends what reaches servers here: "libcurl/7.88.1 OpenSSL/3.0.11 …". False: there is none, and a sentence says what to install. */
bool net_versions(struct str *out, struct err *e) MUST_USE;
/* Milliseconds until a time-out of a transfer is due, -1: none. */
int net_deadline_ms(const struct net *n);

/* A server as a source. `server` is copied. Needs no network yet. */
struct source *net_source_new(struct net *n, const struct server *server);
/* The key must be fetched by running a command that may want the terminal: app leaves it first. False when none is needed or it is
 * already known. */
bool net_source_wants_terminal(const struct source *s);
/* The server has refused this dial for this model ("" : the server's own); it is left out from then on. */
bool net_source_refuses(const struct source *s, struct span model, enum dial_id dial);
/* Forgets what its models have refused: it is tried again. False: nothing was known. */
bool net_source_forget(struct source *s);
/* What its models refused in earlier sessions, as SOURCE_LESSONS told it; what is older than 90 days is tried again. */
void net_source_teach(struct source *s, struct span lessons);
/* Appends the name that this is kept under: of the server's origin and dialect, so that others on the same machine learn nothing from it. */
void net_lessons_name(const struct server *server, struct str *out);
/* The request body as a curl command line without the key (the key is named by a shell variable). */
bool net_source_curl(struct source *s, const struct request *req, struct str *out, struct err *e) MUST_USE;

/* -- questions: which models are there, is the server well ------------------------------------------------------------------------ */

enum ask_step { ASK_NAME, ASK_CONNECT, ASK_TLS, ASK_ANSWER, ASK_KEY, ASK_MODELS, ASK_STEPS };
struct answer {
    int64_t ticket;
    bool ok;
    struct err err;
    enum ask_step reached;  /* the step that failed, or ASK_STEPS when all went well */
    int ms[ASK_STEPS];      /* when each step was done, from the start; -1: not reached or not needed */
    struct str models;      /* ids, one a line, in the server's order; at most 5,000 */
    struct str contexts;    /* of those of which it is told how many tokens they hold: id, TAB, tokens, one a line */
    struct str told_of;     /* the model that was asked about by itself: the server's, or the first of its list; "" : none was */
    struct model_told told;       /* what was said of it */
};
void answer_release(struct answer *a);
/* How many tokens a model holds by such lines, 0: they do not say. */
int models_context(struct span contexts, struct span model);
/* All that an answer tells of a model; "" : of the first in its list. */
struct model_told answer_told(const struct answer *a, struct span model);
/* The server's dialect has a question about the model in use by itself: net_ask() asks it behind the list. */
bool net_tells(const struct server *server);
/* GET …/v1/models, and what net_tells() says; where that fails the answer is none the worse. `limit_ms` bounds each question (a probe uses
 * 300). The answer comes by net_next_answer(). */
bool net_ask(struct net *n, const struct server *server, int64_t ticket, int limit_ms, struct err *e) MUST_USE;
bool net_next_answer(struct net *n, struct answer *out);

/* -- secrets -------------------------------------------------------------------------------------------------------------------- */

/* Takes the server's key out of the environment, where it is there, before a child could inherit it. Runs nothing and complains of nothing. */
void net_take_key(const struct server *server);
/* Replaces every key the program has learnt so far by "[key]": for everything that may be shown, stored or logged. */
void secret_redact(struct str *text);

#endif
