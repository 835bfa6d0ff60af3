/* The help, written from the tables of keys, commands, dials and presets: it cannot be out of date. */
#ifndef RENGA_APP_HELP_H
#define RENGA_APP_HELP_H

#include "app/app.h"

void help_text(const struct app *app, struct str *out);

#endif
