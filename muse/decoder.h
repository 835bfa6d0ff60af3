/* The model at work: several sequences ("lanes") side by side, each with its own memory of keys and values, fed one token at a time.
 * Knows no words: tokens in, log-odds out. */
#ifndef RENGA_MUSE_DECODER_H
#define RENGA_MUSE_DECODER_H

#include "muse/pack.h"

struct arithmetic;
struct decoder;

/* `lanes` sequences of at most `capacity` tokens each. Memory: lanes · capacity · layers · dim · 4 bytes and
 * lanes · vocab · 4. The pack must outlive it. */
struct decoder *decoder_new(const struct pack *p, int lanes, int capacity);
void decoder_free(struct decoder *d);
const struct pack *decoder_pack(const struct decoder *d);
/* Computes with these instructions from now on instead of the best ones: for tests and measurements. The results are the same to the
 * bit. */
void decoder_use(struct decoder *d, const struct arithmetic *a);

int decoder_length(const struct decoder *d, int lane);          /* tokens a lane has taken in */
int decoder_capacity(const struct decoder *d);
void decoder_rewind(struct decoder *d, int lane, int length);   /* forgets what came after the first `length` tokens */
void decoder_copy(struct decoder *d, int to, int from);         /* lane `to` becomes what lane `from` is, logits included */

/* Feeds tokens[i] to lane lanes[i] for i < count; lanes are distinct and none is full. Many lanes at once cost far less than one after the
 * other. One call with 16 lanes takes about 1 ms. */
void decoder_step(struct decoder *d, const int *lanes, const int *tokens, int count);
/* The logits [V] of a lane's next token (natural logarithm, not normalised), valid until the lane's next step, copy or rewind. */
const float *decoder_logits(const struct decoder *d, int lane);
/* Feeds a run of tokens to one lane; the logits are those after the last. Costs far less than a step for each. */
void decoder_feed(struct decoder *d, int lane, const int *tokens, int count);

#endif
