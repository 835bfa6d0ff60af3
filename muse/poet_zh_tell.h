/* A Chinese poem as the writer reads it: lines with their marks, in the wish's script. Knows no choice. */
#ifndef RENGA_MUSE_POET_ZH_TELL_H
#define RENGA_MUSE_POET_ZH_TELL_H

#include "muse/poet_zh_draft.h"

struct telling {
    int line;   /* the next to tell */
    int tokens; /* told so far, marks included */
};

/* True when the draft's next line is whole and lies before place `certain`. */
bool telling_ready(const struct telling *t, const struct plan *p, const struct draft *d, int certain);
/* Appends the next line of the draft, with the line break before it, but no more than `max` tokens in all; false when that cut it short. */
bool telling_line(struct telling *t, const struct plan *p, const struct draft *d, const struct wish *w, int max, struct str *out) MUST_USE;

#endif
