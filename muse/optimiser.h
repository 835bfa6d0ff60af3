/* How weights move along their gradient: AdamW (Loshchilov and Hutter 2019) for everything, or Muon (Jordan et al. 2024) for the matrices and
 * AdamW for the rest. Knows no loss. */
#ifndef RENGA_MUSE_OPTIMISER_H
#define RENGA_MUSE_OPTIMISER_H

#include "muse/weights.h"

enum method {
    METHOD_ADAM, /* to teach a trained model a voice: gentle */
    METHOD_MUON, /* to train a model: reaches further in the same time, and would wreck a trained one in a few hundred steps */
};

struct optimiser;

struct optimiser *optimiser_new(enum method method, const struct shape *s);
void optimiser_free(struct optimiser *o);
/* One step down `gradient`. `matrix_rate` for the matrices of the layers, `rate` for embedding and norms. */
void optimiser_step(struct optimiser *o, struct weights *w, const struct weights *gradient, float matrix_rate, float rate);
/* What it remembers between steps, for a training that is to be resumed: the step count and `floats` floats. */
struct optimiser_memory {
    int64_t *steps;
    float *floats;
    size_t count;
};
struct optimiser_memory optimiser_memory(struct optimiser *o);

#endif
