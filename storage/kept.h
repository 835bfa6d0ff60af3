/* Which takes the writer kept, one after another: those that stand on a page and those that are rated. Knows no screen and counts nothing. */
#ifndef RENGA_STORAGE_KEPT_H
#define RENGA_STORAGE_KEPT_H

#include "storage/store.h"

struct kept_take {
    struct span model, server; /* borrowed */
    const struct dials *dials;
    int rating;
    bool on_page;              /* it stands on the page of its piece */
};

struct kept_walk {
    struct store *s;
    int64_t piece;             /* pages are looked at from the newest piece on: the next one is older */
    int stars;                 /* then the rated takes that stand on no page: the best first, below these */
    int64_t generation, take;
    bool pages_done, over;
};
void kept_open(struct kept_walk *w, struct store *s);
/* Hands takes over for about `budget_us` (0: all of them); w->over tells whether that was all. Each take comes once. */
bool kept_step(struct kept_walk *w, int64_t budget_us, void (*take)(void *ctx, const struct kept_take *t), void *ctx,
               struct err *e) MUST_USE;

#endif
