/* The mouse: clicks, drags and the wheel on whatever lies under it. Everything it does a key does too. */
#ifndef RENGA_APP_MOUSE_H
#define RENGA_APP_MOUSE_H

#include "app/app.h"

void mouse_handle(struct app *app, const struct mouse *m);

#endif
