/* Which text has the keys, and what follows from its being edited. */
#ifndef RENGA_APP_TEXT_TARGET_H
#define RENGA_APP_TEXT_TARGET_H

#include "app/app.h"

struct editor *text_target(struct app *app);   /* NULL: none (dials, takes, the library's list) */
void text_edited(struct app *app, struct editor *ed);
/* Types or pastes into the text that has the keys; false when there is none. */
bool text_type(struct app *app, struct span text);

#endif
