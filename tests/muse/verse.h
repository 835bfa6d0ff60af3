/* A Chinese model of made-up weights with a real vocabulary, and poems written with it: what it writes is nonsense, in form. */
#ifndef RENGA_TESTS_MUSE_VERSE_H
#define RENGA_TESTS_MUSE_VERSE_H

#include "core/utf8.h"
#include "model.h"
#include "muse/poet.h"
#include "muse/tones.h"

#include <string.h>

#define VERSE_EACH 14 /* characters of each rhyme */

struct verse_model {
    struct weights weights;
    struct pack pack;
    struct vocab *vocab;
};

static inline void verse_add(struct str *vocab, int *count, int32_t cp)
{
    char bytes[4];
    struct span one = {bytes, (size_t)utf8_encode(cp, bytes)};
    for (struct span rest = str_span(vocab); rest.len;) {
        struct span line;
        if (span_line(&rest, &line) && span_equal(line, one))
            return;
    }
    str_add(vocab, one);
    str_add_byte(vocab, '\n');
    ++*count;
}

/* The control words, the marks, and the commonest characters of every rhyme. */
static inline int verse_vocab(struct str *out)
{
    static const char controls[] = "<bos>\n<eos>\n<sep>\n<kw>\n<unk>\n<pad>\n五絕\n七絕\n五律\n七律\n五古\n七古\n四言\n<雜>\n<詞>\n<曲>\n<唐>\n<宋>\n<元>\n"
                                   "<cont>\n<t>\n<res1>\n<res2>\n<res3>\n";
    struct str characters = {0};
    int count = TOKENS_CONTROL_ZH;
    static const int32_t marks[] = {U'，', U'。', U'、', U'？', U'！', U'；', U'：', U'唐', U'宋', U'詞', U'春', U'夏', U'秋', U'冬', U'月'};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        verse_add(&characters, &count, marks[i]);
    for (int group = 1; group <= TONE_RHYMES; group++) {
        struct tone_members m = tone_rhyme_members(group);
        for (size_t i = 0; i < m.count && i < VERSE_EACH; i++)
            verse_add(&characters, &count, m.cps[i]);
    }
    str_add_text(out, controls);
    str_add(out, str_span(&characters));
    str_release(&characters);
    return count;
}

static inline void verse_make(struct verse_model *v, uint64_t seed)
{
    struct str vocab = {0}, bytes = {0};
    struct err e = {0};
    struct shape shape = {.dim = 32, .layers = 1, .heads = 1, .hidden = 32, .context = 96};
    shape.vocab = verse_vocab(&vocab);
    model_make(&v->weights, &shape, seed);
    pack_write(&bytes, PACK_ZH, &v->weights, str_span(&vocab));
    CHECK(pack_adopt(&v->pack, &bytes, "the test's pack", &e));
    v->vocab = vocab_new(&v->pack);
    str_release(&vocab);
}

static inline void verse_release(struct verse_model *v)
{
    vocab_free(v->vocab);
    pack_close(&v->pack);
    weights_release(&v->weights);
}

/* The poem of a wish; on a failure its sentence with a '!' before it. */
static inline void verse_write(const struct verse_model *v, const struct wish *w, const struct dials *d, uint64_t seed, bool best,
                               struct str *out, const char **finish)
{
    struct err e = {0};
    struct poet *p = poet_new(&v->pack, v->vocab, w, d, seed, &e);
    enum poet_state state = POET_FAILED;
    str_clear(out);
    if (p) {
        p->best = best;
        while ((state = poet_step(p, out, &e)) == POET_WORKING)
            continue;
        if (finish)
            *finish = p->finish;
        poet_free(p);
    }
    if (state == POET_FAILED) {
        str_set(out, SPAN("!"));
        str_add_text(out, e.text);
    }
}

#endif
