/* What the muse's plain model would say next, without form and planning, and what the dials make of it: for pictures. Knows no screen. */
#ifndef RENGA_MUSE_NEXT_WORD_H
#define RENGA_MUSE_NEXT_WORD_H

#include "core/odds.h"
#include "muse/muse.h"

struct next_word;

/* Reads the end of what `req` asks for or goes on with: some milliseconds. NULL with a sentence when the voice cannot be had. It must be
 * freed before the muse. */
struct next_word *next_word_new(struct muse *m, const struct request *req, struct err *e);
void next_word_free(struct next_word *n);
/* The `most` likeliest words with the odds of the model itself, and the odds of each and of the rest under the dials, by sampler_odds(): exact,
 * whatever is left out. `c` is released first; after[ODDS_CHOICES]. */
void next_word_odds(const struct next_word *n, const struct dials *d, int most, struct odds_choices *c, double *after, double *rest);

#endif
