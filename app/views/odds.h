/* The odds of one take on the screen: which word is looked at, what else might have stood there, and what is done with it. Draws through
 * ui/view_odds. */
#ifndef RENGA_APP_ODDS_H
#define RENGA_APP_ODDS_H

#include "app/app.h"
#include "ui/view_odds.h"

struct odds_look; /* what is looked at; NULL in struct app until there is something */

/* Shows the take at the page's caret, or the last one of the page; says so when there is none. */
void odds_open(struct app *app);
void odds_release(struct app *app);
void odds_forget(struct app *app);                   /* another piece lies on the desk: what was looked at is gone */
int odds_asked(const struct app *app, const struct server *server); /* alternatives of each token to ask it for, 0: no odds */
bool odds_known(const struct app *app);              /* the take that is looked at has some */
bool odds_lacking(const struct app *app);            /* it is over and has none */
bool odds_refused(const struct app *app);            /* since the server in use was asked for them and gave none */

void odds_move(struct app *app, int words);
void odds_move_rows(struct app *app, enum motion m);
void odds_jump(struct app *app, int step);           /* to the next place where the take says what was hardly likely */
void odds_choose(struct app *app, int rows);
/* Takes the chosen word instead: the take up to there and that word become the writer's edit beside it, and the model goes on. */
void odds_take(struct app *app);

/* For who says it in words; the view must be open. The words are units of the take that the view shows. */
const struct odds_view *odds_seen(const struct app *app);
const struct odds_units *odds_words(const struct app *app, int *at);

enum map odds_map(const struct app *app);
struct editor *odds_text(struct app *app);
void odds_draw(struct app *app);
void odds_mouse(struct app *app, const struct mouse *m);

#endif
