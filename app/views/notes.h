/* Memory, author's note and lorebook of the piece on the desk, as a view: what is written there counts at once and is kept like the page.
 * Draws through ui/view_notes. */
#ifndef RENGA_APP_NOTES_H
#define RENGA_APP_NOTES_H

#include "app/app.h"
#include "ui/view_notes.h"

void notes_init(struct app *app);
void notes_let_go(struct app *app);             /* frees the view's state */
void notes_open(struct app *app);

void notes_move_rows(struct app *app, int rows);
void notes_focus_step(struct app *app, int step); /* list, keys where there are some, text, and round */
void notes_write(struct app *app);                /* into the selected one */
void notes_new_lore(struct app *app);
void notes_toggle(struct app *app);               /* an entry counts, or not */
void notes_deepen(struct app *app, int lines);    /* the note stands further from the end */
void notes_trash(struct app *app);                /* the selected entry; memory and note are emptied by hand */
void notes_untrash(struct app *app);              /* the last one put there */

const struct notes_view *notes_seen(const struct app *app); /* as last drawn, for who says it in words */

/* For the table of views. */
enum map notes_map(const struct app *app);
struct editor *notes_text(struct app *app);
void notes_text_edited(struct app *app, struct editor *ed);
void notes_draw(struct app *app);
void notes_mouse(struct app *app, const struct mouse *m);
void notes_back(struct app *app);

#endif
