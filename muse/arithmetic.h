/* The arithmetic of writing: products of int8 matrices with a few vectors at a time, and the small functions between them. Knows arrays and
 * their sizes, no model.
 *
 * arithmetic.c is compiled once for each instruction set. All sets give the same bits: products are sums of integers, and sums of floats run
 * in sixteen strands that are joined in one order everywhere; so a seed gives the same poem on every processor, and a lane the same tokens
 * whatever its neighbours do. */
#ifndef RENGA_MUSE_ARITHMETIC_H
#define RENGA_MUSE_ARITHMETIC_H

#include "muse/pack.h"

/* Vectors as the products take them: each is scale · values, with values of 16 bits. That is precise to a few parts in 100,000 of its
 * largest element, twice as fast as floats, and exact to add up. */
struct vectors {
    int16_t *values; /* [count, columns] */
    float *scale;    /* [count] */
    int count;
};

/* One head's past: the keys lie by element, so that sixteen of them are compared at once. Rooms are multiples of 16. */
struct past {
    const float *keys;   /* [width, room] */
    const float *values; /* [room, width] */
    int count, room, width;
};

struct arithmetic {
    const char *name;
    /* out[r · stride + i] = row i of q times vector r, for all r and all rows (with those that fill up the last panel); `add`: += */
    void (*product)(const struct quantised *q, const struct vectors *x, float *out, size_t stride, bool add);
    /* Vector r of `to` becomes x[count], a multiple of 16. */
    void (*set)(struct vectors *to, int r, const float *x, int count);
    /* out = gain · x / rms(x); gain NULL: ones. In place if need be. */
    void (*norm)(float *out, const float *x, const float *gain, int count);
    void (*square_relu)(float *x, int count); /* x = max(x, 0)² */
    /* Norms a head's vector and turns it by its position (rotary embedding of halves): cosine and sine are [width / 2]. */
    void (*turn)(float *x, const float *cosine, const float *sine, int width);
    /* out[width] = Σ softmax(scale · query·key) value over the past. `scratch` has room floats. Queries and keys are normed, so that the
     * exponents are small enough without subtracting the largest. */
    void (*attend)(float *out, const float *query, const struct past *past, float scale, float *scratch);
    float (*largest)(const float *x, int count);
    /* out = exp((x − from) · times), out NULL: only the sum, which is returned. Any count. */
    float (*exponents)(float *out, const float *x, int count, float from, float times);
};

const struct arithmetic *arithmetic_best(void);
/* Of a name ("plain", "avx2", "avx512", "vnni") as far as this processor and this build have it, else NULL. */
const struct arithmetic *arithmetic_named(const char *name);

extern const struct arithmetic arithmetic_plain;
#ifdef HAVE_KERNELS_X86
extern const struct arithmetic arithmetic_avx2, arithmetic_avx512, arithmetic_vnni;
#endif

#endif
