/* A template on the desk: chosen from a list, filled by a form, laid into the prompt. Knows no key. */
#ifndef RENGA_APP_FILL_H
#define RENGA_APP_FILL_H

#include "app/app.h"

void fill_choose(struct app *app);  /* the list of all templates, read anew each time */
void fill_save(struct app *app);    /* a form that makes a template of the prompt */
void fill_release(struct app *app);

#endif
