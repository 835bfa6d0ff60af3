/* The mouse: clicks, drags and the wheel on whatever lies under it. Everything it does a key does too. */
#ifndef RENGA_APP_MOUSE_H
#define RENGA_APP_MOUSE_H

#include "app/app.h"

void mouse_handle(struct app *app, const struct mouse *m);
void mouse_on_desk(struct app *app, const struct mouse *m);
int mouse_wheel(const struct mouse *m); /* rows that a turn of the wheel scrolls, < 0: up, 0: no turn */

#endif
