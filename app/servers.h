/* The servers of the session: their sources, their models, and finding them on a fresh machine. Knows no widget. */
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
struct server *servers_current(struct app *app);       /* NULL: none */
struct source *servers_source(struct app *app, int index);
void servers_choose(struct app *app, int index);       /* remembered between sessions */
void servers_choose_model(struct app *app, const char *model);
void servers_changed(struct app *app);                 /* after config.servers grew or a row changed */
bool servers_ask(struct app *app, int index, struct question *q); /* for its models */
bool servers_give_up(struct app *app); /* waits for no list of models any more; false: none was awaited */
void servers_test(struct app *app, const struct server *server); /* F2's test; the answer goes into the form's message */
void servers_label(struct app *app, struct str *out);  /* "qwen3 · desk-pc:8080" */

#endif
