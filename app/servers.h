/* The servers of the session, the muse among them: their sources, their models, and finding them on a fresh machine. Knows no widget. */
#ifndef RENGA_APP_SERVERS_H
#define RENGA_APP_SERVERS_H

#include "app/app.h"

void servers_init(struct app *app);      /* after the config is read; asks nobody */
void servers_release(struct app *app);
/* After the first frame: probes the usual loopback ports when the writer has set up no server (or with `all`), and asks a current one on
 * this machine that names no model for its list. */
void servers_look_around(struct app *app, bool all);
/* Carries answers that came; opens the model list when it was waited for. */
void servers_step(struct app *app);
struct server *servers_current(struct app *app);
struct source *servers_source(struct app *app, int index);
/* What the network's sources know beside the interface; the muse has a plain answer. */
bool servers_wants_terminal(struct app *app, int index); /* its key's command may want the terminal */
bool servers_refuses(struct app *app, enum dial_id dial); /* the current one, for its model */
/* All that the current one has refused, in this session and earlier ones; *known: there was something. */
bool servers_forget_refusals(struct app *app, bool *known, struct err *e) MUST_USE;
bool servers_curl(struct app *app, const struct request *req, struct str *out); /* of the current one; false: there is no such thing */
/* A generation went to it: a writer who has begun with the muse keeps it when servers are found later. */
void servers_used(struct app *app, int index);
struct span servers_models(struct app *app, int index); /* ids, a line each; "" : not known yet */
int servers_model_context(struct app *app, int index, struct span model); /* tokens it holds, 0: not told */
void servers_choose(struct app *app, int index);       /* remembered between sessions */
void servers_choose_model(struct app *app, const char *model);
void servers_use(struct app *app, int index, const char *model); /* both at once */
void servers_changed(struct app *app);                 /* after config.servers grew or a row changed */
bool servers_ask(struct app *app, int index, struct question *q); /* for its models */
bool servers_give_up(struct app *app); /* waits for no list of models any more; false: none was awaited */
/* Asks for a server's models on behalf of another room, which takes the answer by its ticket. */
bool servers_question(struct app *app, const struct server *s, int limit_ms, int64_t *ticket, struct err *e) MUST_USE;
void servers_label(struct app *app, struct str *out);  /* "qwen3 · desk-pc:8080" */

#endif
