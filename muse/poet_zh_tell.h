/* A Chinese poem as the writer reads it: lines with their marks, in the wish's script. Knows no choice. */
#ifndef RENGA_MUSE_POET_ZH_TELL_H
#define RENGA_MUSE_POET_ZH_TELL_H

#include "muse/poet_zh_draft.h"

struct telling {
    int place;  /* the next to tell */
    int tokens; /* told so far, marks included */
    bool broke; /* the line break before the next place is there already */
};

/* True when what is left of the draft's next line lies before place `certain`. */
bool telling_ready(const struct telling *t, const struct plan *p, const struct draft *d, int certain);
/* Appends what is left of the draft's next line, with the line break before it, but no more than `max` tokens in all; false when that cut
 * it short. */
bool telling_line(struct telling *t, const struct plan *p, const struct draft *d, const struct wish *w, int max, struct str *out) MUST_USE;
/* For a poem that goes on from a text: what stands there of it is not told, only the mark that the text lacks at its end. */
void telling_skip(struct telling *t, const struct plan *p, const struct draft *d, int places, struct span text, struct str *out);

#endif
