/* Plain http to a stranger: the writer is asked once for each server before anything goes there. Knows no request. */
#ifndef RENGA_APP_EXPOSED_H
#define RENGA_APP_EXPOSED_H

#include "app/app.h"

void exposed_init(struct app *app); /* what was allowed in earlier sessions */
/* False: nothing may go to this server yet, and the question is on the screen. `then` is done when the writer allows it; NULL: nothing. */
bool exposed_may_send(struct app *app, int server, void (*then)(struct app *app));

#endif
