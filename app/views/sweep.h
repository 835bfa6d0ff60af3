/* A sweep on the screen: the form that asks for it, and the strip of takes that grow side by side. What belongs to it is read from the piece,
 * so any sweep of the piece can be shown again. Draws through ui/view_sweep. */
#ifndef RENGA_APP_SWEEP_H
#define RENGA_APP_SWEEP_H

#include "app/app.h"
#include "ui/view_sweep.h"

struct sweep_look; /* NULL in struct app until there is something */

void sweep_release_look(struct app *app);
/* The form: what is swept, from where to where. Enter asks and opens the view. */
void sweep_ask(struct app *app);
bool sweep_form_open(const struct app *app);
/* Shows the last sweep of the piece; false: it has none. */
bool sweep_open_last(struct app *app);

/* -- what the keys do; the view must be open ---------------------------------------------------------------------------------------- */

void sweep_move(struct app *app, int takes);
void sweep_scroll(struct app *app, int pages);
void sweep_lay(struct app *app);                /* the take onto the page, and back to the desk */
void sweep_mark(struct app *app);
void sweep_compare(struct app *app);            /* the marked ones side by side */
void sweep_rate(struct app *app, int rating);
void sweep_again(struct app *app);              /* the value of the take once more, as many takes as the dial says */
void sweep_stop(struct app *app);

const struct sweep_view *sweep_seen(const struct app *app); /* as last drawn, for who says it in words; the view must be open */

/* For the table of views. */
enum map sweep_map(const struct app *app);
struct editor *sweep_text(struct app *app);
void sweep_draw(struct app *app);
void sweep_mouse(struct app *app, const struct mouse *m);

#endif
