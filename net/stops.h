/* Ends a take's text at a stop word, for servers that take none: however the stream cuts the word, text and end are the same. Knows no
 * server. Zeroed memory looks for nothing. */
#ifndef RENGA_NET_STOPS_H
#define RENGA_NET_STOPS_H

#include "core/str.h"

struct stops {
    const struct str *words; /* borrowed */
    int count;
    struct str held; /* the end of the text, while it may be the beginning of a word */
    bool met;        /* a word came: nothing passes any more */
};

void stops_release(struct stops *s);
/* Adds to `out` what `piece` brings up to the word that is whole first; `last`: nothing comes after it, what is held back goes out. */
void stops_add(struct stops *s, struct span piece, bool last, struct str *out);

#endif
