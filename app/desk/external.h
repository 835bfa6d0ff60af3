/* The writer's own editor: hands a text to $EDITOR and takes it back. */
#ifndef RENGA_APP_EXTERNAL_H
#define RENGA_APP_EXTERNAL_H

#include "app/app.h"

/* The text that has the keys goes to $VISUAL or $EDITOR in a private file (0600, in the state folder, where a crash leaves it). It comes
 * back as one edit that ^Z takes back; if the editor fails both texts are kept. */
void external_edit(struct app *app);

#endif
