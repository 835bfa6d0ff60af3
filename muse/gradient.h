/* How wrong a model is on a batch of texts, and in which direction each weight should move to make it less so: the forward and backward pass
 * of the transformer. Knows no files and no optimiser.
 *
 * The loss is the cross-entropy −log p(next token | tokens before it in the same document), in nats. The backward pass applies the chain rule
 * to the forward pass, line by line from the end: a matrix product Y = X Wᵀ gives dX = dY W and dW = dYᵀ X; everything else stands beside its
 * forward function in kernels.c. */
#ifndef RENGA_MUSE_GRADIENT_H
#define RENGA_MUSE_GRADIENT_H

#include "muse/weights.h"

/* Documents end to end. Document i is tokens[starts[i] … starts[i + 1]); each sees only itself. */
struct batch {
    const int *tokens;
    const int *starts; /* documents + 1 of them; the last is the number of tokens */
    int documents;
};

/* Memory for the values between: what the forward pass leaves for the backward pass. */
struct tape;
struct tape *tape_new(const struct shape *s, int capacity); /* for batches of at most `capacity` tokens */
void tape_free(struct tape *t);

int batch_predictions(const struct batch *b);   /* tokens that are predicted: all but each document's first */
/* The sum of the loss over the batch, in nats. */
double tape_loss(struct tape *t, const struct weights *w, const struct batch *b);
/* The same, and adds the gradient of the mean loss to `gradient` (of the same shape). */
double tape_gradient(struct tape *t, const struct weights *w, const struct batch *b, struct weights *gradient);

#endif
