#include "muse/optimiser.h"
#include "core/mem.h"
#include "muse/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ADAM_BETA1 0.9F
#define ADAM_BETA2 0.99F
#define MUON_MOMENTUM 0.95F
#define MUON_ROUNDS 5

struct optimiser {
    enum method method;
    struct shape shape;
    const struct kernels *kernels;
    struct panels *panels;
    int64_t steps;
    size_t count;
    float *first, *second; /* [count] each: moments; Muon keeps its momentum in `first` */
    float *x, *product, *square; /* Muon's room: [F, d], [F, d], [d, d] */
};

struct optimiser *optimiser_new(enum method method, const struct shape *s)
{
    struct optimiser *o = mem_new(1, sizeof *o);
    size_t wide = (size_t)(s->hidden > s->dim ? s->hidden : s->dim) * (size_t)s->dim;
    o->method = method;
    o->shape = *s;
    o->kernels = kernels_best();
    o->panels = panels_new();
    o->count = shape_weights(s);
    o->first = mem_new(2 * o->count + 2 * wide + 2 * (size_t)s->dim * (size_t)s->dim, sizeof(float));
    o->second = o->first + o->count;
    o->x = o->second + o->count;
    o->product = o->x + wide;
    o->square = o->product + wide;
    return o;
}

void optimiser_free(struct optimiser *o)
{
    if (!o)
        return;
    panels_free(o->panels);
    free(o->first);
    free(o);
}

struct optimiser_memory optimiser_memory(struct optimiser *o)
{
    return (struct optimiser_memory){&o->steps, o->first, 2 * o->count};
}

/* -- AdamW ------------------------------------------------------------------------------------------------------------------------------- */

/* `at` points into w->all; the gradient and the moments lie at the same place in their own blocks. */
static void step_adam(struct optimiser *o, struct weights *w, const struct weights *g, const float *at, size_t count, float rate)
{
    ptrdiff_t from = at - w->all;
    float c1 = 1 - powf(ADAM_BETA1, (float)o->steps), c2 = 1 - powf(ADAM_BETA2, (float)o->steps);
    o->kernels->adam(w->all + from, g->all + from, o->first + from, o->second + from, count, rate, ADAM_BETA1, ADAM_BETA2, c1, c2, 0);
}

/* -- Muon -----------------------------------------------------------------------------------------------------------------------------------
 *
 * The momentum of a matrix is replaced by the nearest matrix whose singular values are all about one, so that every direction moves alike.
 * X ← a X + (b S + c S²) X with S = X Xᵀ does it in five rounds, with the coefficients of the method's authors. */

/* X[rows, columns] with rows ≤ columns, in o->x. */
static void orthogonalise(struct optimiser *o, int rows, int columns)
{
    size_t size = (size_t)rows * (size_t)columns, squared = (size_t)rows * (size_t)rows;
    struct matrix x = matrix_of(o->x, columns), s = matrix_of(o->square, rows), cubed = matrix_of(o->product, columns);
    float *mix = o->square + squared;
    float scale = 1.0F / ((float)sqrt(o->kernels->sum_of_squares(o->x, size)) + 1e-7F);
    for (size_t i = 0; i < size; i++)
        o->x[i] *= scale;
    for (int round = 0; round < MUON_ROUNDS; round++) {
        o->kernels->product(o->panels, s, x, matrix_transposed(x), rows, rows, columns, 0);
        o->kernels->product(o->panels, matrix_of(mix, rows), s, s, rows, rows, rows, 0);
        for (size_t i = 0; i < squared; i++)
            mix[i] = -4.7750F * o->square[i] + 2.0315F * mix[i];
        o->kernels->product(o->panels, cubed, matrix_of(mix, rows), x, rows, columns, rows, 0);
        for (size_t i = 0; i < size; i++)
            o->x[i] = 3.4445F * o->x[i] + o->product[i];
    }
}

/* One matrix W[rows, columns] at `at`. */
static void step_muon(struct optimiser *o, struct weights *w, const struct weights *g, float *at, int rows, int columns, float rate)
{
    ptrdiff_t from = at - w->all;
    const float *gradient = g->all + from;
    float *momentum = o->first + from, factor = sqrtf(rows > columns ? (float)rows / (float)columns : 1.0F);
    bool tall = rows > columns;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            ptrdiff_t k = (ptrdiff_t)i * columns + j;
            momentum[k] = MUON_MOMENTUM * momentum[k] + (1 - MUON_MOMENTUM) * gradient[k];
            o->x[tall ? (ptrdiff_t)j * rows + i : k] = MUON_MOMENTUM * momentum[k] + (1 - MUON_MOMENTUM) * gradient[k];
        }
    orthogonalise(o, tall ? columns : rows, tall ? rows : columns);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            at[(ptrdiff_t)i * columns + j] -= rate * factor * o->x[tall ? (ptrdiff_t)j * rows + i : (ptrdiff_t)i * columns + j];
}

void optimiser_step(struct optimiser *o, struct weights *w, const struct weights *gradient, float matrix_rate, float rate)
{
    int d = o->shape.dim, f = o->shape.hidden;
    size_t square = (size_t)d * (size_t)d, wide = (size_t)f * (size_t)d;
    o->steps++;
    step_adam(o, w, gradient, w->embedding, (size_t)o->shape.vocab * (size_t)d, rate);
    step_adam(o, w, gradient, w->final_norm, (size_t)d, rate);
    for (int i = 0; i < o->shape.layers; i++) {
        struct layer_weights *l = &w->layer[i];
        step_adam(o, w, gradient, l->norm1, (size_t)d, rate);
        step_adam(o, w, gradient, l->norm2, (size_t)d, rate);
        if (o->method == METHOD_ADAM) {
            step_adam(o, w, gradient, l->qkv, 3 * square, matrix_rate);
            step_adam(o, w, gradient, l->out, square, matrix_rate);
            step_adam(o, w, gradient, l->up, wide, matrix_rate);
            step_adam(o, w, gradient, l->down, wide, matrix_rate);
            continue;
        }
        for (int part = 0; part < 3; part++)
            step_muon(o, w, gradient, l->qkv + (size_t)part * square, d, d, matrix_rate);
        step_muon(o, w, gradient, l->out, d, d, matrix_rate);
        step_muon(o, w, gradient, l->up, f, d, matrix_rate);
        step_muon(o, w, gradient, l->down, d, f, matrix_rate);
    }
}
