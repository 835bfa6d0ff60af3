/* Rewriting what is selected on the page: takes laid over it as a diff, to be gone through change by change, accepted, asked anew or left. The
 * page itself stays as it is until a take is accepted; then the new wording is a branch beside the old one. */
#ifndef RENGA_APP_REWRITE_H
#define RENGA_APP_REWRITE_H

#include "app/app.h"

struct rewrite;

void rewrite_init(struct app *app);
void rewrite_release(struct app *app);
/* A rewriting lies over the page. It ends by itself when the page becomes another. */
bool rewrite_shown(struct app *app);
bool rewrite_lies(const struct app *app); /* the same, only told */
/* True when ^G on the page means what is selected there. */
bool rewrite_is_meant(struct app *app);
bool rewrite_selected(struct app *app); /* something is selected there, whoever has the keys, and no rewriting of it is shown */
/* The request for what is selected, or for the take that is shown; false with the reason. */
bool rewrite_request(struct app *app, struct request *req, struct generation *what, struct err *e) MUST_USE;
void rewrite_send(struct app *app, const struct request *req, const struct generation *what);
/* A job that asks the shown rewriting once more: its takes join. */
void rewrite_join(struct app *app, const struct job *job);
struct editor *rewrite_editor(struct app *app); /* what lies over the page */
void rewrite_takes(struct app *app, const int **passages, int *count, int *at); /* in the order they were asked in */

/* A take's text grew, or it is over. */
void rewrite_text(struct app *app, int passage, struct span text);
void rewrite_rethought(struct app *app, int passage); /* what it had written was thinking */
void rewrite_take_over(struct app *app, int passage);

/* Keys. */
void rewrite_flip(struct app *app, int step);
bool rewrite_choose(struct app *app, int passage); /* shows that take; false when no rewriting is shown */
void rewrite_accept(struct app *app);
void rewrite_reject(struct app *app);
void rewrite_toggle(struct app *app);          /* the change under the caret: made, or left */
void rewrite_move(struct app *app, int step);  /* to another change */

#endif
