/* A small model of made-up weights for tests. */
#ifndef RENGA_TESTS_MUSE_MODEL_H
#define RENGA_TESTS_MUSE_MODEL_H

#include "core/mem.h"
#include "muse/pack_write.h"
#include "muse/sampler.h"

static const struct shape small_shape = {.vocab = 53, .dim = 32, .layers = 2, .heads = 2, .hidden = 48, .context = 64};

static inline void model_make(struct weights *w, const struct shape *s, uint64_t seed)
{
    struct random r;
    random_seed(&r, seed);
    weights_init(w, s);
    for (size_t i = 0; i < w->count; i++)
        w->all[i] = (float)(random_unit(&r) - 0.5) * 0.4F;
    for (int layer = 0; layer < s->layers; layer++)
        for (int i = 0; i < s->dim; i++) {
            w->layer[layer].norm1[i] += 1;
            w->layer[layer].norm2[i] += 1;
        }
}

/* The pack of such a model; its vocabulary is a word a line. */
static inline void model_bytes(struct str *out, const struct weights *w)
{
    struct str vocab = {0};
    for (int i = 0; i < w->shape.vocab; i++)
        str_printf(&vocab, "w%d\n", i);
    pack_write(out, PACK_ZH, w, str_span(&vocab));
    str_release(&vocab);
}

static inline void model_pack(struct pack *p, const struct weights *w)
{
    struct err e = {0};
    struct str bytes = {0};
    model_bytes(&bytes, w);
    CHECK(pack_adopt(p, &bytes, "the test's pack", &e));
}

#endif
