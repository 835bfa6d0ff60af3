/* What comes from the keyboard, the mouse and the clipboard, carried to the place on the screen that has the focus. */
#ifndef RENGA_APP_INPUT_H
#define RENGA_APP_INPUT_H

#include "app/app.h"

/* The maps that are looked through for a key, nearest first; how many there are. */
int input_places(struct app *app, enum map out[3]);
void input_handle(struct app *app, const struct input *in);

#endif
