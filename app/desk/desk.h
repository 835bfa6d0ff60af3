/* The desk's life: which piece lies on it, what is kept and when, and what the view is shown. Knows no key. */
#ifndef RENGA_APP_DESK_H
#define RENGA_APP_DESK_H

#include "app/app.h"

void desk_init(struct app *app);
void desk_release(struct app *app);
/* Opens what lay on the desk when it was left; an empty piece when there is none. */
void desk_open_last(struct app *app);
/* Keeps what is on the desk and opens another piece (0: a new one). Refused with a sentence while the library does not take the old one. */
bool desk_open_piece(struct app *app, int64_t piece);
/* Brings a take of the open piece onto the page. */
void desk_show_take(struct app *app, int64_t take);
/* The page's text or path changed: counts, takes and the caret follow, and it is kept soon. */
void desk_edited(struct app *app);
void desk_changed(struct app *app); /* dials, focus or fields of the desk: kept soon as well */
void desk_take_typing(struct app *app); /* digits typed into a dial become its value */
void desk_focus(struct app *app, enum focus to); /* gives an area of the desk the keys, and shows it */
/* Keeps page, title, draft and dials in the library now; false leaves the sentence in app->save_err. */
bool desk_save(struct app *app);
bool desk_has_text(struct app *app); /* page or prompt hold something */
void desk_save_if_due(struct app *app);
int desk_save_wait_ms(const struct app *app); /* -1: nothing waits */
/* Lists the takes that stand beside the one on the page: what commands that name a take go by. Several keys may come in one frame. */
void desk_find_takes(struct app *app);
/* Fills app->desk from everything else and draws it. */
void desk_draw(struct app *app);

/* For the table of views. */
enum map desk_map(const struct app *app);
struct editor *desk_text(struct app *app);
void desk_text_edited(struct app *app, struct editor *ed);
void desk_back(struct app *app);

/* -- generating ------------------------------------------------------------------------------------------------------------------- */

/* "Go on": asks from the prompt, continues from the page. */
void desk_generate(struct app *app);
/* The last generation of the page again, with the dials as they stand; its takes join the others. */
void desk_again(struct app *app);
/* Generation `index` of the piece exactly as it was sent, on the server of that name when there still is one. */
void desk_rerun(struct app *app, int index);
/* Fills the request that ^G would send now, and what the library will know of it; false with the reason. */
bool desk_request(struct app *app, struct request *req, struct generation *what, struct err *e) MUST_USE;
void desk_watch(struct app *app); /* hooks the engine's events to the page */

#endif
