/* The tree on the screen: the passages of the open piece as rows, what the writer selects and marks among them, and what is done to them.
 * Draws through ui/view_tree. */
#ifndef RENGA_APP_TREE_H
#define RENGA_APP_TREE_H

#include "app/app.h"

void tree_init(struct app *app);
void tree_release(struct app *app);
void tree_forget(struct app *app);                   /* another piece lies on the desk: marks, hoist and undo are gone */

/* The passages marked for comparing, in the order of marking, at most `max`; returns how many there are in all. The piece is the one on
 * the desk. */
int tree_marked(const struct app *app, int *passages, int max);

#endif
