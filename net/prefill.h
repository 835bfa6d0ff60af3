/* Going on with a page on a chat server by beginning the answer for it: the page's end stands as the beginning of what the model says, and
 * the model goes on from there, word by word. Knows which servers take that; no transfer. */
#ifndef RENGA_NET_PREFILL_H
#define RENGA_NET_PREFILL_H

#include "core/request.h"
#include "core/server.h"

/* The field that marks a begun answer on this server: "" where none is needed, NULL where answers cannot be begun. */
const char *prefill_mark(const struct server *server);
/* A request that goes on with a page, turned so that its last turn is the answer begun; false (and nothing changed) for any other. */
bool prefill_turn(struct request *r);
/* The white space at the page's end, which a begun answer may not end in and the model may therefore repeat. */
struct span prefill_blank(const struct request *r);

#endif
