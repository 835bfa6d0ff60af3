/* A pack: one trained model with its vocabulary, mapped from its file and checked. Knows the file's form, not what is done with it. */
#ifndef RENGA_MUSE_PACK_H
#define RENGA_MUSE_PACK_H

#include "core/str.h"

/* The largest model that is read; more is refused before anything is computed from it. HIDDEN_MAX also keeps the sums of integers that
 * muse/kernels.c makes below 2^31. */
enum {
    LAYERS_MAX = 16,
    VOCAB_MAX = 32768,
    DIM_MAX = 1024,
    HIDDEN_MAX = 2048,
    CONTEXT_MAX = 4096,
};

/* The shape of a decoder-only transformer. */
struct shape {
    int vocab;   /* V: tokens */
    int dim;     /* d: width of the residual stream, a multiple of 16 */
    int layers;  /* L */
    int heads;   /* H; each d/H wide, a multiple of 16 */
    int hidden;  /* F: width of the MLP, a multiple of 16 */
    int context; /* T: tokens a model was trained to look back over */
};

/* Rows of int8 weights, each with a scale: element (i, j) of the matrix is scale[i] · weight(i, j).
 *
 * The weights lie in panels of PANEL rows, as the vector units like them: a panel holds columns two by two, for each pair its PANEL rows,
 * so weight(i, j) is weights[(i / PANEL · columns + j / 2 · 2) · PANEL + i % PANEL · 2 + j % 2]. The last panel is filled up with rows
 * of zeros. No weight is −128. */
#define PANEL 16
struct quantised {
    const int8_t *weights; /* [quantised_panels() · PANEL, columns] */
    const float *scale;    /* [quantised_panels() · PANEL] */
    int rows, columns;
};
static inline int quantised_panels(const struct quantised *q)
{
    return (q->rows + PANEL - 1) / PANEL;
}
static inline int8_t quantised_weight(const struct quantised *q, int row, int column)
{
    size_t pair = (size_t)(row / PANEL) * (size_t)q->columns + (size_t)column / 2 * 2;
    return q->weights[pair * PANEL + (size_t)(row % PANEL) * 2 + (size_t)column % 2];
}
void quantised_row(const struct quantised *q, int row, float *out); /* the row as floats, [columns] */

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
    bool mapped;                    /* from a file; else the memory of pack_adopt() */
};

/* Maps the file and checks magic, version, sizes and checksum. On false the pack is closed and `e` is a sentence that names the file. */
bool pack_open(struct pack *p, const char *path, struct err *e) MUST_USE;
/* The same for a file's bytes in memory (muse/pack_write.h), which the pack takes over and frees, on false at once; `name` stands for the
 * file in `e`. */
bool pack_adopt(struct pack *p, struct str *bytes, const char *name, struct err *e) MUST_USE;
void pack_close(struct pack *p);

/* The file: this head, then the sections in the order of struct pack (vocabulary, embedding, layers, final norm; of each matrix weights,
 * then scale), every one at the next multiple of 64 bytes. Little-endian. */
#define PACK_MAGIC "MUSEPACK"
enum { PACK_VERSION = 1, PACK_ALIGNMENT = 64, PACK_VOCAB_MAX = 1 << 20 };
struct pack_head {
    char magic[8];
    uint32_t version;
    uint32_t language;
    uint32_t vocab, dim, layers, heads, hidden, context;
    uint32_t vocab_bytes;    /* of the vocabulary's text */
    uint32_t reserved;       /* 0 */
    uint64_t size;           /* of the whole file */
    uint64_t checksum;       /* of all other bytes of the file */
};
/* Points the matrices and gains of p, whose shape and vocab.len are set, into a file of that shape that begins at `file`, and returns the
 * file's size. NULL: only the size. */
size_t pack_lay_out(struct pack *p, const char *file);
uint64_t pack_checksum(const char *file, size_t size);

#endif
