/* What form the lines of a text may be the beginning of. Knows no model. */
#ifndef RENGA_MUSE_POET_ZH_CONTINUE_H
#define RENGA_MUSE_POET_ZH_CONTINUE_H

#include "muse/wish.h"

/* Makes of a wish to go on from a text the wish for a poem in a form that begins with the text's last lines; choice 0 is the form that the
 * writer named, or else the strictest. False when there is no such choice: the lines are not of one length, or no further form has it. `own`
 * may hold an earlier choice. */
bool continue_wish(struct wish *own, const struct wish *w, int choice);

#endif
