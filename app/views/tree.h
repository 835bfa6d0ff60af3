/* The tree on the screen: the passages of the open piece as rows, what the writer selects and marks among them, and what is done to them.
 * Draws through ui/view_tree. */
#ifndef RENGA_APP_TREE_H
#define RENGA_APP_TREE_H

#include "app/app.h"
#include "core/tree.h"
#include "ui/view_tree.h"

void tree_init(struct app *app);
void tree_release(struct app *app);
void tree_forget(struct app *app);                   /* another piece lies on the desk: marks, hoist and undo are gone */

/* The passages marked for comparing, in the order of marking, at most `max`; returns how many there are in all. The piece is the one on
 * the desk. */
int tree_marked(const struct app *app, int *passages, int max);
int tree_selected(const struct app *app);            /* passage, -1: the piece is empty */

void tree_open(struct app *app);                     /* with the end of the page, or what stands at the caret, selected */
void tree_leave(struct app *app);                    /* back to the desk; what was done can no longer be taken back */
void tree_select(struct app *app, int passage);      /* unfolds what hides it; -1: nothing */
void tree_move_rows(struct app *app, int rows);
int tree_rows(const struct app *app);                /* on the screen, for page motions */
void tree_scroll(struct app *app, int rows);         /* the preview */
void tree_toggle_mark(struct app *app, int passage);
int tree_hoisted(const struct app *app);             /* the passage that the rows begin with, -1: all are shown */
void tree_hoist(struct app *app, int passage);
/* The tree was changed: its rows are made anew, and the page is laid out again when its text was. The change can be taken back. */
void tree_changed(struct app *app, struct tree_change *c);
bool tree_undo(struct app *app);                     /* false: nothing is left to take back */

const struct tree_view *tree_seen(const struct app *app); /* as last drawn, for who says it in words */

/* For the table of views. */
enum map tree_map(const struct app *app);
struct editor *tree_text(struct app *app);
void tree_draw(struct app *app);
void tree_mouse(struct app *app, const struct mouse *m);

#endif
