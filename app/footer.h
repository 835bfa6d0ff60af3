/* Which keys the footer shows for the place that has the focus, read from the keymap so that it never lies. */
#ifndef RENGA_APP_FOOTER_H
#define RENGA_APP_FOOTER_H

#include "app/app.h"

void footer_for_desk(struct app *app);
void footer_for_library(struct app *app);
void footer_for_pager(struct app *app);

#endif
