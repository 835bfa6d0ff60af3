/* Counting a text that grows at its end without counting all of it again. */
#ifndef RENGA_APP_TALLY_H
#define RENGA_APP_TALLY_H

#include "core/count.h"

struct tally {
    struct count before; /* of the text up to `at`, which lies behind a newline */
    size_t at, length;
    struct count all;
};

/* Counts `text`, which is the last one counted plus what was added at its end. */
void tally_grow(struct tally *t, struct span text);
void tally_reset(struct tally *t); /* the text changed elsewhere */

#endif
