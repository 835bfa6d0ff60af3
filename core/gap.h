/* A gap buffer: bytes that are cheap to change in one place. Knows no owner, no history and no encoding;
 * newlines are LF. */
#ifndef RENGA_CORE_GAP_H
#define RENGA_CORE_GAP_H

#include "core/str.h"

/* The text is bytes[0, start) and bytes[end, size). Zeroed memory is an empty text. */
struct gap {
    char *bytes;
    size_t size, start, end;
};

void gap_release(struct gap *g);
size_t gap_length(const struct gap *g);
int gap_byte(const struct gap *g, size_t at); /* -1 at the end */
/* [from, to) as one span; the gap moves, to the nearer border, only when it lies inside. */
struct span gap_slice(struct gap *g, size_t from, size_t to);
/* Replaces [from, to); `text` must not lie in the gap buffer itself. */
void gap_replace(struct gap *g, size_t from, size_t to, struct span text);

/* These three leave the gap where it is. */
size_t gap_line_start(const struct gap *g, size_t at);
size_t gap_line_end(const struct gap *g, size_t at);
size_t gap_newlines(const struct gap *g, size_t from, size_t to);

#endif
