/* The arithmetic of learning: matrix products and the few row-wise functions of a transformer, forward and backward. Knows arrays of floats
 * and their shapes, no model. kernels.c is compiled once for each instruction set; kernels_best() picks what this processor has. */
#ifndef RENGA_MUSE_KERNELS_H
#define RENGA_MUSE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define HEAD_WIDTH 32        /* floats of an attention head: fixed, so that loops over it are straight lines */
#define RMS_EPSILON 1e-6F

/* A matrix as it lies in memory: element (i, j) is at[i·row + j·column]. A transpose is a swap of two numbers. */
struct matrix {
    float *at;
    ptrdiff_t row, column;
};

static inline struct matrix matrix_of(float *at, int columns)
{
    return (struct matrix){at, columns, 1};
}

static inline struct matrix matrix_transposed(struct matrix m)
{
    return (struct matrix){m.at, m.column, m.row};
}

/* Room for the packed panels of one product at a time. */
struct panels;
struct panels *panels_new(void);
void panels_free(struct panels *p);

/* One document's attention in one head: `count` rows, each HEAD_WIDTH floats, `step` floats from row to row. */
struct attention {
    int count;
    ptrdiff_t step;        /* of q, k, v and their gradients */
    ptrdiff_t out_step;    /* of out and d_out */
    float scale;
    const float *q, *k, *v;
    float *out;            /* forward: Σ softmax(scale · q·k) v over the rows up to and with its own */
    const float *d_out;    /* backward: these four too; the gradients are set, not added to */
    float *d_q, *d_k, *d_v;
    float *scratch;        /* attention_scratch(count) floats */
};
size_t attention_scratch(int count);

struct kernels {
    const char *name;
    /* C[m, n] = A[m, k] B[k, n], or C += A B. C's rows lie contiguous (column step 1). */
    void (*product)(struct panels *p, struct matrix c, struct matrix a, struct matrix b, int m, int n, int k, int add);
    /* out = gain ⊙ x / rms(x) for `rows` rows of `width`; gain NULL: ones. inverse[rows] (may be NULL) receives 1 / rms. */
    void (*norm)(float *out, float *inverse, const float *x, const float *gain, int rows, int width);
    /* d_x += its gradient from d_out; d_gain (may be NULL with gain) += its own. */
    void (*norm_back)(float *d_x, float *d_gain, const float *d_out, const float *x, const float *inverse, const float *gain, int rows,
                      int width);
    /* Norms one row of HEAD_WIDTH in place and rotates it by its position (RoPE, halves rotated); returns 1 / rms. cosine and sine: the
     * position's HEAD_WIDTH / 2 each. */
    float (*head_turn)(float *x, const float *cosine, const float *sine);
    /* The way back, in place: d is the gradient after turning, `turned` the result of head_turn. */
    void (*head_turn_back)(float *d, const float *turned, float inverse, const float *cosine, const float *sine);
    void (*attend)(const struct attention *a);
    void (*attend_back)(const struct attention *a);
    void (*square_relu)(float *out, const float *x, size_t count);                  /* out = max(x, 0)² */
    void (*square_relu_back)(float *d, const float *x, size_t count);               /* d ⊙= 2 max(x, 0) */
    /* Cross-entropy of one row of logits against `target`: returns −log p(target) and, when `scale` is not 0, turns the row into its gradient
     * times scale. */
    float (*cross_entropy)(float *logits, int count, int target, float scale);
    void (*add)(float *to, const float *from, size_t count);
    /* AdamW: first and second moments, bias corrections c1 = 1 − β1^t and c2 = 1 − β2^t, decoupled decay. */
    void (*adam)(float *w, const float *g, float *m, float *v, size_t count, float rate, float beta1, float beta2, float c1, float c2,
                 float decay);
    double (*sum_of_squares)(const float *x, size_t count);
};

const struct kernels *kernels_best(void);
/* Those of a name ("plain", "avx2", "avx512") as far as this processor has them, else NULL: for tests and benchmarks. */
const struct kernels *kernels_named(const char *name);

#endif
