/* The length of a text that mostly grows at its end: only what is new is counted. */
#ifndef RENGA_APP_TALLY_H
#define RENGA_APP_TALLY_H

#include "core/count.h"

struct tally {
    struct counter counter;
    size_t length; /* bytes counted */
};

/* Counts `text`, which is the last one counted plus what was added at its end. */
void tally_grow(struct tally *t, struct span text);
void tally_reset(struct tally *t); /* the text changed elsewhere */

#endif
