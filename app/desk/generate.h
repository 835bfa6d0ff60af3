/* What ^G asks, from where the writer is, and what becomes of it. Draws nothing. */
#ifndef RENGA_APP_GENERATE_H
#define RENGA_APP_GENERATE_H

#include "app/app.h"
#include "app/desk/tail.h"

/* Dials, fields and what the server is like, for a request that gets its texts next. */
bool generate_prepare(struct app *app, struct request *req, struct err *e);
/* False, with a sentence, when the server cannot be asked this at all, or must first tell its models, which it is then asked for. */
bool generate_can_send(struct app *app, const struct request *req);
/* Sends it; the takes hang below `parent`. The page is left alone. NULL, with a sentence: nothing was sent. */
struct job *generate_send(struct app *app, int parent, const struct request *req, const struct generation *what, int server);
/* Shows the page that ends in `leaf`, on which something is being written behind `from`, where the caret waits; SIZE_MAX: at the end. */
void generate_show(struct app *app, int leaf, size_t from);
void generate_clear_prompt(struct app *app);

/* -- into the middle (insert.c) ---- */

/* True when ^G on the page means the caret's place: text follows, and the writer put the caret there. */
bool insert_is_meant(struct app *app);
size_t insert_place(struct app *app); /* where ^G goes on: there, else the page's end */
void insert_request(struct app *app, struct request *req, struct generation *what);
void insert_send(struct app *app, const struct request *req, const struct generation *what);
/* The end of a passage's line, for the page. A take into the middle gets what follows when it first comes onto the page: copies of what hangs
 * below another take of the same question. */
int insert_complete(struct piece *p, int passage);

#endif
