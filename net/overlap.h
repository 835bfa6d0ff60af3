/* Leaves out what a model repeats of a text that it was asked to go on with: many begin with its last words. Knows no server. */
#ifndef RENGA_NET_OVERLAP_H
#define RENGA_NET_OVERLAP_H

#include "core/str.h"

struct overlap {
    struct str tail; /* the end of the text that is gone on with; empty: nothing is looked for any more */
    struct str held; /* what has come and may be its repetition */
    bool blank;      /* the tail is white space */
};

/* Keeps the end of `text`. What is shorter than OVERLAP_MIN bytes is not taken for a repetition: a refrain's word is none. */
#define OVERLAP_MIN 12
void overlap_begin(struct overlap *o, struct span text);
/* Only white space that was left out at the text's end may come again: however little, and from the first byte on. */
void overlap_begin_blank(struct overlap *o, struct span blank);
void overlap_release(struct overlap *o);
/* Adds to `out` what `piece` brings that is new; `last`: nothing comes after it, what is held back goes out. */
void overlap_add(struct overlap *o, struct span piece, bool last, struct str *out);

#endif
