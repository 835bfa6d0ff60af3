/* A model being fetched behind the desk: asking which, telling how far it is, and stopping. Fetches nothing itself (net/pull.h). */
#ifndef RENGA_APP_DESK_PULL_H
#define RENGA_APP_DESK_PULL_H

#include "app/app.h"

void desk_pull(struct app *app);       /* the form, or how far it is */
void desk_pull_stop(struct app *app);  /* the server keeps what came */

void desk_pull_step(struct app *app);  /* at every turn of the loop */
bool desk_pulls(const struct app *app);
struct span desk_pull_label(const struct app *app); /* for the top line: "fetching 34 %"; "" : nothing is being fetched */
/* "qwen3:8b: 1.2 GB of 4.7 GB · 26 %" */
void desk_pull_tell(const struct app *app, struct str *out);
int desk_pull_percent(const struct app *app);       /* -1: not to be told */
/* At the end of the session: stops. False with a sentence when something was being fetched. */
bool desk_pull_end(struct app *app, struct err *e) MUST_USE;

#endif
