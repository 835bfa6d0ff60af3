/* A take's text on its way from JSON strings to UTF-8: joins characters and surrogate pairs that were cut between two
 * strings. Knows no JSON. Zeroed memory is a fresh flow. */
#ifndef RENGA_NET_FLOW_H
#define RENGA_NET_FLOW_H

#include "core/str.h"

struct flow {
    char tail[8]; /* what may still become a character */
    size_t tail_len;
};

/* Appends to `out` what `text` (as json.h gives it) makes well-formed UTF-8; what cannot become a character is U+FFFD.
 */
void flow_add(struct flow *f, struct str *out, struct span text);
void flow_end(struct flow *f, struct str *out); /* a tail that never became a character is U+FFFD */
/* All of one text. */
void flow_whole(struct str *out, struct span text);

#endif
