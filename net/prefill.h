/* Going on with a page on a chat server by beginning the answer for it: the page's end stands as the beginning of what the model says, and
 * the model goes on from there, word by word. Knows which servers take that; no transfer. */
#ifndef RENGA_NET_PREFILL_H
#define RENGA_NET_PREFILL_H

#include "core/request.h"
#include "core/server.h"

/* How a server is told that the last turn is an answer begun. */
struct prefill {
    const char *name;        /* as the config writes it */
    const char *in_turn;     /* a field of that turn, "name":true; "": none */
    const char *in_request;  /* fields of the whole request, as they are sent; "": none */
};
/* The way of this server: as the writer says, or else as its place is known; NULL: answers cannot be begun there. */
const struct prefill *prefill_of(const struct server *server);
bool prefill_known(struct span name);   /* what the config may say: one of prefill_names(), or "no" */
void prefill_names(struct str *out);    /* "yes, prefix, …" */
/* A request that goes on with a page, turned so that its last turn is the answer begun; false (and nothing changed) for any other. */
bool prefill_turn(struct request *r);
/* The white space at the page's end, which a begun answer may not end in and the model may therefore repeat. */
struct span prefill_blank(const struct request *r);

#endif
