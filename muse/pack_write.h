/* Making a pack: floats become int8 with a scale for each row. Knows no training. */
#ifndef RENGA_MUSE_PACK_WRITE_H
#define RENGA_MUSE_PACK_WRITE_H

#include "muse/pack.h"
#include "muse/weights.h"

/* Appends the file of a pack with these weights. `vocab` is the vocabulary's text in the form that muse/vocab.h reads. `out` must be empty;
 * pack_adopt() makes a pack of it without a file, file_write() a file. About 50 ms for a million weights. */
void pack_write(struct str *out, enum pack_language language, const struct weights *w, struct span vocab);
/* The int8 weights and the scale that stand for a row of floats with the least square error; returns the scale. */
float quantise_row(const float *row, int count, int8_t *out);

#endif
