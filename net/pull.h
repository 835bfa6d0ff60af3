/* A model being fetched onto a server that can do that: one request, and what the server tells of how far it is. Knows no screen and not
 * where models are kept. */
#ifndef RENGA_NET_PULL_H
#define RENGA_NET_PULL_H

#include "net/fault.h"
#include "net/net.h"

enum pull_phase { PULL_ASKING, PULL_FETCHING, PULL_CHECKING, PULL_DONE };

/* One of the parts that a model comes in. */
struct pull_part {
    struct str digest;
    int64_t done, total; /* total 0: not told */
};

/* What was told so far. Zeroed memory: nothing yet. */
struct pull_told {
    enum pull_phase phase;
    struct str words;    /* the server's own for what it does, cleaned, one short line */
    int64_t done, total; /* bytes of all parts told of; done never falls. total 0: of some part, or of all, it is not told */
    int64_t had;         /* of done: what was there before this fetching */
    int64_t begun_us;    /* when the first part was told of, 0: none was yet */
    struct pull_part *parts;
    int count, cap;
};
void pull_told_release(struct pull_told *t);
/* Reads one line of the stream. False with a sentence: it tells of an error, or is no such line. */
bool pull_told_line(struct pull_told *t, struct span line, const struct fault_place *place, struct err *e) MUST_USE;

/* Whether this server fetches models. */
bool net_pulls(const struct server *server);

struct pull;
/* Begins, and goes on where an earlier fetching of the same model broke off, since the server keeps what came. Nothing limits all of it;
 * ten times the server's idle_ms may pass without a word, which checking a large file takes. It moves on with net_step(). NULL with a
 * sentence: the server does not fetch models, the name is none, or its key cannot be had. */
struct pull *pull_start(struct net *n, const struct server *server, struct span model, struct err *e) MUST_USE;
void pull_free(struct pull *p);      /* closes the connection, at which the server stops, too; NULL: nothing */
/* How far it is. Valid until the next net_step() or pull_free(). */
const struct pull_told *pull_told(const struct pull *p);
const char *pull_model(const struct pull *p);
bool pull_over(const struct pull *p);
const struct err *pull_err(const struct pull *p); /* once it is over; ERR_NONE: the model is there */

#endif
