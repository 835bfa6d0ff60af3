/* Strict UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF, no overlong forms). Knows code points, not
 * clusters. */
#ifndef RENGA_CORE_UTF8_H
#define RENGA_CORE_UTF8_H

#include "core/str.h"

#define UTF8_REPLACEMENT 0xFFFD

static inline bool cp_between(int32_t cp, int32_t first, int32_t last)
{
    return cp >= first && cp <= last;
}

/* Decodes one code point at the start of sp. Returns the bytes used (1–4) and sets *cp; for ill-formed bytes returns the
 * length of the maximal subpart (Unicode 3.9, practice "best") with *cp = -1. An empty span returns 0. */
int utf8_decode(struct span sp, int32_t *cp);
/* Decodes the code point that ends at offset `at` (> 0); ill-formed bytes count one by one with *cp = -1. */
int utf8_decode_before(struct span sp, size_t at, int32_t *cp);
/* Writes 1–4 bytes; a code point that has no UTF-8 form is written as U+FFFD. */
int utf8_encode(int32_t cp, char out[4]);
bool utf8_valid(struct span sp);
size_t utf8_length(struct span sp);                /* code points; each ill-formed subpart counts one */
/* Appends sp to `out` with every ill-formed subpart replaced by U+FFFD. */
void utf8_add_clean(struct str *out, struct span sp);

/* Bytes that come in pieces: keeps the unfinished tail (at most 3 bytes) between calls, so that any split of the bytes
 * gives the same text. Zeroed memory is a fresh stream. */
struct utf8_stream {
    char tail[4];
    int tail_len;
};
void utf8_stream_add(struct utf8_stream *st, struct str *out, struct span bytes); /* appends only well-formed UTF-8 */
void utf8_stream_end(struct utf8_stream *st, struct str *out);                    /* a cut-off tail becomes one U+FFFD */

#endif
