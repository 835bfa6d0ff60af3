/* The places of the page where there are several ways to go on: which of them is meant when takes are flipped, and the small marks beside
 * the text, "2/5", that tell of each. Draws nothing. */
#ifndef RENGA_APP_POINTS_H
#define RENGA_APP_POINTS_H

#include "core/str.h"
#include "ui/style.h"

struct app;

/* A passage of the page that has siblings, and where its text begins. */
struct point {
    size_t at;
    int passage, number, of; /* number: from 1; passage -1: the page ends here, and `of` passages stand below */
};

struct points {
    struct point *list;      /* owned; in the order of the page */
    int count, cap;
    int held;                /* the passage that was flipped to last: it is meant until the caret moves; -1: none */
    size_t held_caret;
    int current;             /* the passage that is meant, -1: none */
};

void points_init(struct points *pt);
void points_release(struct points *pt);

/* The passage of the page where the writer is: at the caret while the page, its dials or its takes have the keys, else the leaf. -1: an
 * empty page. */
int points_here(struct app *app);
/* The passage whose siblings flip: there, or the nearest one above that has some. -1: none. */
int points_current(struct app *app);
/* The first way on from the end of the page, while the writer is there and the page ends above a fork; -1. */
int points_below(struct app *app);
void points_hold(struct app *app, int passage);
/* Brings a passage and its own chosen line onto the page, and the caret to it. */
void points_choose(struct app *app, int passage);
/* Finds all points anew, for the frame that is drawn now. */
void points_find(struct app *app);
/* The note beside the bytes [from, to) of the page. `ctx` is the app. */
enum role_id points_note(void *ctx, size_t from, size_t to, struct str *out);

#endif
