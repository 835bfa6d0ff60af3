/* What comes from the keyboard, the mouse and the clipboard, carried to the place on the screen that has the focus. */
#ifndef RENGA_APP_INPUT_H
#define RENGA_APP_INPUT_H

#include "app/app.h"

void input_handle(struct app *app, const struct input *in);

#endif
