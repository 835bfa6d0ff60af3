/* An unfinished splice between sessions: what the writer has cut and typed there outlives the program, like everything that is typed. */
#ifndef RENGA_APP_SPLICE_KEPT_H
#define RENGA_APP_SPLICE_KEPT_H

#include "core/buffer.h"
#include "storage/store.h"

/* Keeps the text with where each line comes from, when it differs from the version `*kept`; an empty one is forgotten. */
bool splice_keep(struct store *s, struct buffer *b, uint64_t *kept, struct err *e) MUST_USE;
/* Fills an empty buffer with what was kept. */
void splice_bring_back(struct store *s, struct buffer *b, uint64_t *kept);

#endif
