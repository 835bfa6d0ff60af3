/* The library on the screen: searches as the writer types, previews, opens, re-runs, rates, trashes. Draws through ui/view_library. */
#ifndef RENGA_APP_LIBRARY_H
#define RENGA_APP_LIBRARY_H

#include "app/app.h"

void library_init(struct app *app);
void library_release(struct app *app);
void library_open(struct app *app);
void library_search(struct app *app);            /* the query changed: the first page of hits */
void library_move(struct app *app, int rows);    /* loads older hits when the end comes near */
const struct hit *library_selected(const struct app *app); /* NULL: no hits */
void library_refresh(struct app *app);           /* the same rows again, after a change */
void library_draw(struct app *app);
void library_keep_rating(struct app *app, int64_t take, int rating); /* the rows that show it, without searching again */
void library_drop(struct app *app, const int64_t *generations, int count); /* these rows are no longer shown */

/* What goes on while no key is pressed: a search, the trash being emptied, the index being merged. */
void library_rest(struct app *app);              /* a key was pressed: the index waits */
int library_wait_ms(const struct app *app);      /* until the next slice, -1: nothing goes on */
void library_step(struct app *app);

/* The generations that the writer marked, in the order of marking, at most `max` of them; how many there are in all. */
int library_marked(const struct app *app, int64_t *generations, int max);
bool library_is_marked(const struct app *app, int64_t generation);
void library_mark(struct app *app, int64_t generation, bool on);
void library_unmark(struct app *app);            /* all of them */

/* For the table of views. */
enum map library_map(const struct app *app);
struct editor *library_text(struct app *app);
void library_text_edited(struct app *app, struct editor *ed);
void library_mouse(struct app *app, const struct mouse *m);
void library_back(struct app *app);

#endif
