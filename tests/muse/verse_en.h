/* An English model of made-up weights with the real vocabulary, and poems written with it: what it writes is nonsense, in form. */
#ifndef RENGA_TESTS_MUSE_VERSE_EN_H
#define RENGA_TESTS_MUSE_VERSE_EN_H

#include "model.h"
#include "muse/meter_en.h"
#include "muse/poet.h"

#include <string.h>

struct english_model {
    struct pack real, pack; /* `real` lends its vocabulary */
    struct weights weights;
    struct vocab *vocab;
};

static inline bool english_make(struct english_model *m, const char *packs, uint64_t seed, struct err *e)
{
    struct str path = {0}, bytes = {0};
    str_printf(&path, "%s/en.muse", packs);
    bool ok = pack_open(&m->real, str_text(&path), e);
    str_release(&path);
    if (!ok)
        return false;
    struct shape shape = {.vocab = m->real.shape.vocab, .dim = 32, .layers = 1, .heads = 1, .hidden = 32, .context = 256};
    model_make(&m->weights, &shape, seed);
    pack_write(&bytes, PACK_EN, &m->weights, m->real.vocab);
    if (!pack_adopt(&m->pack, &bytes, "the test's pack", e))
        return false;
    m->vocab = vocab_new(&m->pack);
    return true;
}

static inline void english_release(struct english_model *m)
{
    vocab_free(m->vocab);
    weights_release(&m->weights);
    pack_close(&m->pack);
    pack_close(&m->real);
}

/* Writes the poem of a wish; on a failure its sentence with a '!' before it. Returns how the poem ended. */
static inline const char *english_write(const struct english_model *m, const struct wish *w, const struct dials *d, uint64_t seed,
                                        bool best, struct str *out)
{
    struct err e = {0};
    const char *finish = "";
    enum poet_state state = POET_FAILED;
    struct poet *p = poet_new(&m->pack, m->vocab, w, d, seed, &e);
    str_clear(out);
    if (p) {
        p->best = best;
        int steps = 0;
        do {
            state = poet_step(p, out, &e);
        } while (state == POET_WORKING && ++steps < 200000);
        finish = p->finish;
        poet_free(p);
    }
    if (state != POET_DONE) {
        str_clear(out);
        str_printf(out, "!%s", e.text);
    }
    return finish;
}

#endif
