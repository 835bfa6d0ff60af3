/* The picture below the dials: what they make of the odds of one word, while that is looked for there. Knows no key. */
#ifndef RENGA_APP_PICTURE_H
#define RENGA_APP_PICTURE_H

#include "app/app.h"

/* Fills app->desk.picture: the word at the page's caret where the odds of its take are kept, else what the muse would say next where it is the
 * server; nothing while no dial that shapes odds is in hand. */
void picture_fill(struct app *app);
void picture_release(struct app *app); /* before the muse goes */

#endif
