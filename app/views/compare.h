/* Takes side by side on the screen: what differs is marked, and lines of any of them are cut and spliced into a new passage, which grows
 * below and is laid on the page. Draws through ui/view_compare. */
#ifndef RENGA_APP_COMPARE_H
#define RENGA_APP_COMPARE_H

#include "app/app.h"
#include "ui/view_compare.h"

#define COMPARE_SIDES 64 /* of a set that is flipped through */

/* Shows takes beside one another: `takes` are library ids, two or more, of any generation and piece; beyond what fits beside one another
 * they are flipped through. A take that the writer edited shows as edited. False, with a sentence, and the view stays what it was: a take
 * cannot be read, or there are too few. */
bool compare_open(struct app *app, const int64_t *takes, int count, struct err *e) MUST_USE;
/* The same with passages of the open piece (indices), which need no take. `first`: which of them stands first (index into passages). */
bool compare_open_passages(struct app *app, const int *passages, int count, int first, struct err *e) MUST_USE;
/* Keeps the unfinished splice in the library, where it differs from what is there. */
bool compare_keep(struct app *app, struct err *e) MUST_USE;
/* Back to what was compared last while its splice is unfinished; false: there is nothing. */
bool compare_reopen(struct app *app);
void compare_release(struct app *app);

const struct compare_view *compare_seen(const struct app *app); /* as last drawn, for who says it in words; the view must be open */
void compare_go(struct app *app, int row);

/* -- what the keys do; the view must be open ---------------------------------------------------------------------------------------- */

void compare_move(struct app *app, int rows);
void compare_page(struct app *app, int pages);
void compare_side(struct app *app, int step);       /* the caret goes to the column beside it; at the edge the columns move on */
void compare_flip(struct app *app, int step);       /* the caret's column shows another of the set */
void compare_to_splice(struct app *app, bool in);   /* who has the keys: the splice or the columns */
void compare_take_line(struct app *app);
void compare_take_all(struct app *app);
void compare_drop(struct app *app);
void compare_shift(struct app *app, int step);
void compare_walk(struct app *app, bool back);
void compare_lay(struct app *app);                  /* the splice becomes a passage of the page */

/* For the table of views. */
enum map compare_map(const struct app *app);
struct editor *compare_text(struct app *app);
void compare_draw(struct app *app);
void compare_mouse(struct app *app, const struct mouse *m);
void compare_back(struct app *app);

#endif
