/* What is asked, from where the writer is: builds requests from a piece, a prompt and a server. Knows no screen and sends nothing. */
#ifndef RENGA_APP_COMPOSE_H
#define RENGA_APP_COMPOSE_H

#include "core/request.h"
#include "core/server.h"

/* What the server is like, which the texts depend on; to be called before them. Without it nothing is left out. */
void compose_toward(struct request *req, const struct server *server);
/* Appends a sentence that says how a prompt is put there, where the config speaks of a form or the server is given a plain text; else nothing. */
void compose_tell_form(const struct server *server, struct str *out);
/* The prompt asked below passage `leaf` (-1: the root). With `context` the page up to there is sent along. `what` gets prompt and context. */
void compose_ask(struct request *req, struct generation *what, const struct piece *p, int leaf, struct span prompt, bool context);
/* The page up to `leaf` to be gone on with. */
void compose_continue(struct request *req, struct generation *what, const struct piece *p, int leaf);
/* The same up to byte `upto` of the leaf's text, into what stands behind. */
void compose_insert(struct request *req, struct generation *what, const struct piece *p, int leaf, size_t upto, struct span suffix);
/* What stands there to be written anew. */
void compose_rewrite(struct request *req, struct generation *what, const struct piece *p, int leaf, size_t upto,
                     const struct rewriting *rewriting);
/* What generation `g` of the piece asked, as it was: prompt, context, what stood behind, system, stops and dials. When the page has been
 * changed since, the context goes out as it was then. */
bool compose_again(struct request *req, struct generation *what, const struct piece *p, const struct generation *g, struct err *e) MUST_USE;
/* The passage that the takes of `g` hang below, -1: the root. */
int compose_parent(const struct piece *p, const struct generation *g);
/* Model and system text where the request has none yet. */
void compose_for_server(struct request *req, const struct server *server);

#endif
