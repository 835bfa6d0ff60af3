/* The weights of a model as floats: what training works on and what a pack is made from. One block of memory with a pointer to each matrix.
 * Matrices are row-major and applied as y = W x. */
#ifndef RENGA_MUSE_WEIGHTS_H
#define RENGA_MUSE_WEIGHTS_H

#include "muse/pack.h"

struct layer_weights {
    float *norm1; /* [d] gain before attention */
    float *qkv;   /* [3d, d] queries, keys, values */
    float *out;   /* [d, d] */
    float *norm2; /* [d] gain before the MLP */
    float *up;    /* [F, d] */
    float *down;  /* [d, F] */
};

struct weights {
    struct shape shape;
    size_t count;      /* of floats in `all` */
    float *all;
    float *embedding;  /* [V, d] */
    struct layer_weights layer[LAYERS_MAX];
    float *final_norm; /* [d] */
};

void weights_init(struct weights *w, const struct shape *s); /* zeros */
void weights_release(struct weights *w);
bool shape_valid(const struct shape *s);
size_t shape_weights(const struct shape *s);                 /* how many floats a model of this shape has */
void weights_from_pack(struct weights *w, const struct pack *p); /* w is initialised here */
/* The floats' own file: eight int32 (magic, V, d, L, H, F, T, 0), then `all`, little-endian. */
bool weights_read(struct weights *w, const char *path, struct err *e) MUST_USE; /* w is initialised here, released on false */
bool weights_write(const struct weights *w, const char *path, struct err *e) MUST_USE;

#endif
