/* The model in plain floats, as slow and as simple as its definition: what the fast code must agree with. Knows nothing of that code. */
#ifndef RENGA_TESTS_MUSE_REFERENCE_H
#define RENGA_TESTS_MUSE_REFERENCE_H

#include "muse/weights.h"

struct reference;

/* One sequence of at most `capacity` tokens. The weights must outlive it. */
struct reference *reference_new(const struct weights *w, int capacity);
void reference_free(struct reference *r);
void reference_reset(struct reference *r);
/* Takes in a token and returns the logits [V] of the next. */
const float *reference_step(struct reference *r, int token);
/* −log p(next) under the logits last returned. */
double reference_loss(const struct reference *r, int next);

#endif
