/* The arithmetic of writing: products of int8 matrices with a few vectors at a time, and the small functions between them. Knows arrays
 * and their sizes, no model.
 *
 * arithmetic.c is compiled once for each instruction set. All sets give the same bits: products are sums of integers, and sums of floats
 * run in sixteen strands that are joined in one order everywhere; so a seed gives the same poem on every processor, and a lane the same
 * tokens whatever its neighbours do. */
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

/* One head's past. Keys and queries are normed, so that 32766 / √width makes them integers of 16 bits whose products add up below 2³¹;
 * values have a scale for each position. Sixteen positions' keys are compared at once, two positions' values added at once. */
struct past {
    int16_t *keys;   /* [room / 16, width / 2, 16, 2]: element 2i + j of position 16b + p is at [b, i, p, j] */
    int16_t *values; /* [room / 2, width, 2]: element i of position 2p + j is at [p, i, j] */
    float *scale;    /* [room], of the values */
    int width;       /* a multiple of 16; room is one too */
};

struct arithmetic {
    const char *name;
    /* out[r][i] = row i of q times vector r, for all r and all rows (with those that fill up the last panel); `add`: += */
    void (*product)(const struct quantised *q, const struct vectors *x, float *const *out, bool add);
    /* Vector r of `to` becomes x[count], a multiple of 16. */
    void (*set)(struct vectors *to, int r, const float *x, int count);
    /* out = gain · x / rms(x); gain NULL: ones. In place if need be. */
    void (*norm)(float *out, const float *x, const float *gain, int count);
    void (*square_relu)(float *x, int count); /* x = max(x, 0)² */
    /* Norms a head's vector and turns it by its position (rotary embedding of halves): cosine and sine are [width / 2]. */
    void (*turn)(float *x, const float *cosine, const float *sine, int width);
    /* Puts the key, normed and turned, and the value of a position into the past. */
    void (*keep)(const struct past *past, int position, const float *key, const float *value);
    /* out[width] = Σ softmax(scale · query·key) value over the first `count` positions; the query is normed and turned. `scratch` has
     * attention_room(count) floats. The exponents of normed vectors are small enough without subtracting the largest. */
    void (*attend)(float *out, const float *query, const struct past *past, int count, float scale, float *scratch);
    float (*largest)(const float *x, int count);
    /* out = exp((x − from) · times), out NULL: only the sum, which is returned. Any count. */
    float (*exponents)(float *out, const float *x, int count, float from, float times);
};

static inline size_t attention_room(int count)
{
    return (size_t)(count + 15) / 16 * 32;
}

const struct arithmetic *arithmetic_best(void);
/* Of a name ("plain", "avx2", "avx512", "vnni") as far as this processor and this build have it, else NULL. */
const struct arithmetic *arithmetic_named(const char *name);

extern const struct arithmetic arithmetic_plain;
#ifdef HAVE_KERNELS_X86
extern const struct arithmetic arithmetic_avx2, arithmetic_avx512, arithmetic_vnni;
#endif

#endif
