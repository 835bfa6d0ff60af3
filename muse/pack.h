/* A pack: one trained model with its vocabulary, mapped from its file and checked. Knows the file's form, not what is done with it. */
#ifndef RENGA_MUSE_PACK_H
#define RENGA_MUSE_PACK_H

#include "core/str.h"

#define LAYERS_MAX 16

/* The shape of a decoder-only transformer. */
struct shape {
    int vocab;   /* V: tokens */
    int dim;     /* d: width of the residual stream */
    int layers;  /* L */
    int heads;   /* H; each d/H wide */
    int hidden;  /* F: width of the MLP */
    int context; /* T: tokens a model was trained to look back over */
};

/* Rows of int8 weights: row i of the matrix is scale[i] · weights[i·columns …]. */
struct quantised {
    const int8_t *weights; /* [rows, columns] */
    const float *scale;    /* [rows] */
};

struct pack_layer {
    const float *norm1, *norm2;     /* [d] gains of the two RMS norms */
    struct quantised qkv;           /* [3d, d] */
    struct quantised out;           /* [d, d] */
    struct quantised up, down;      /* [F, d], [d, F] */
};

enum pack_language { PACK_ZH, PACK_EN };

struct pack {
    enum pack_language language;
    struct shape shape;
    struct quantised embedding;     /* [V, d], also the output's */
    struct pack_layer layer[LAYERS_MAX];
    const float *final_norm;        /* [d] */
    struct span vocab;              /* the vocabulary's text, read by muse/vocab.h */
    void *map;                      /* the whole file; NULL: closed */
    size_t map_size;
};

/* Maps the file and checks magic, version, sizes and checksum. On false the pack is closed and `e` is a sentence that names the file. */
bool pack_open(struct pack *p, const char *path, struct err *e) MUST_USE;
void pack_close(struct pack *p);

#endif
