#include "muse/decoder.h"
#include "muse/arithmetic.h"
#include "tests/muse/model.h"
#include "tests/muse/reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *packs;
static const char *const sets[] = {"plain", "avx2", "avx512", "vnni"};

/* Several shapes: panels that are not full, one layer and many, wide heads and narrow ones. */
static const struct shape shapes[] = {
    {.vocab = 53, .dim = 32, .layers = 2, .heads = 2, .hidden = 48, .context = 64},
    {.vocab = 16, .dim = 16, .layers = 1, .heads = 1, .hidden = 16, .context = 16},
    {.vocab = 321, .dim = 96, .layers = 3, .heads = 3, .hidden = 272, .context = 64},
    {.vocab = 100, .dim = 128, .layers = 1, .heads = 1, .hidden = 2048, .context = 32},
};

static int token_at(int i, int vocab)
{
    return (i * 29 + i / 3 * 7 + 5) % vocab;
}

static void same_bits(const struct pack *p, const float *a, const float *b)
{
    assert_memory_equal(a, b, (size_t)p->shape.vocab * sizeof *a);
}

static void agrees(const struct pack *p, int length, double most, double rms)
{
    struct weights w;
    weights_from_pack(&w, p);
    struct reference *r = reference_new(&w, length);
    struct decoder *d = decoder_new(p, 1, length);
    double sum = 0;
    for (int i = 0; i < length; i++) {
        int lane = 0, token = token_at(i, p->shape.vocab);
        decoder_step(d, &lane, &token, 1);
        const float *want = reference_step(r, token), *have = decoder_logits(d, 0);
        for (int t = 0; t < p->shape.vocab; t++) {
            double off = fabs((double)(want[t] - have[t]));
            assert_true(off <= most);
            sum += off * off;
        }
    }
    assert_true(sqrt(sum / length / p->shape.vocab) <= rms);
    reference_free(r);
    decoder_free(d);
    weights_release(&w);
}

static void agrees_with_plain_floats(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        struct weights w;
        struct pack p;
        model_make(&w, &shapes[i], i + 1);
        model_pack(&p, &w);
        agrees(&p, shapes[i].context, 2e-3, 3e-4);
        weights_release(&w);
        pack_close(&p);
    }
}

static void open_shipped(struct pack *p, const char *name)
{
    char path[512];
    struct err e = {0};
    snprintf(path, sizeof path, "%s/%s.muse", packs, name);
    if (!pack_open(p, path, &e))
        fail_msg("%s", e.text);
}

static void agrees_on_the_shipped_packs(void **state)
{
    (void)state;
    const char *names[] = {"zh", "en"};
    for (int i = 0; i < 2; i++) {
        struct pack p;
        open_shipped(&p, names[i]);
        agrees(&p, 24, 2e-2, 2e-3);
        pack_close(&p);
    }
}

/* Whatever is done with the lanes, a lane's logits are to the bit those of its tokens alone. */
static void check_set(const struct pack *p, const struct arithmetic *a, const float *want, int length)
{
    int vocab = p->shape.vocab, lanes[19], tokens[19], run[64];
    struct decoder *d = decoder_new(p, 19, length);
    decoder_use(d, a);
    for (int i = 0; i < length; i++)
        run[i] = token_at(i, vocab);
    for (int count = 1; count <= 19; count++) {
        for (int i = 0; i < 19; i++) {
            lanes[i] = i;
            decoder_rewind(d, i, 0);
        }
        for (int at = 0; at < length; at++) {
            for (int i = 0; i < count; i++)
                tokens[i] = i == count / 2 ? run[at] : (at * 7 + i) % vocab;
            decoder_step(d, lanes, tokens, count);
        }
        same_bits(p, want, decoder_logits(d, count / 2));
    }
    for (int split = 0; split <= length; split += 5) {
        decoder_rewind(d, 3, 0);
        decoder_feed(d, 3, run, split);
        decoder_feed(d, 3, run + split, length - split);
        same_bits(p, want, decoder_logits(d, 3));
        assert_int_equal(decoder_length(d, 3), length);
    }
    decoder_free(d);
}

static void gives_the_same_bits_however_it_computes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        struct weights w;
        struct pack p;
        int lane = 0, length = shapes[i].context < 21 ? shapes[i].context : 21;
        model_make(&w, &shapes[i], i + 1);
        model_pack(&p, &w);
        struct decoder *d = decoder_new(&p, 1, length);
        decoder_use(d, arithmetic_named("plain"));
        for (int at = 0; at < length; at++) {
            int token = token_at(at, shapes[i].vocab);
            decoder_step(d, &lane, &token, 1);
        }
        for (size_t set = 0; set < COUNT_OF(sets); set++)
            if (arithmetic_named(sets[set]))
                check_set(&p, arithmetic_named(sets[set]), decoder_logits(d, 0), length);
        decoder_free(d);
        weights_release(&w);
        pack_close(&p);
    }
}

static void copies_and_rewinds(void **state)
{
    (void)state;
    struct weights w;
    struct pack p;
    int run[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, other[] = {30, 31, 32, 33};
    model_make(&w, &small_shape, 1);
    model_pack(&p, &w);
    struct decoder *d = decoder_new(&p, 3, 30);
    assert_ptr_equal(decoder_pack(d), &p);
    assert_int_equal(decoder_capacity(d), 30);
    decoder_feed(d, 0, run, 20);
    decoder_feed(d, 1, other, 4);
    decoder_copy(d, 2, 0);
    decoder_copy(d, 2, 2);
    assert_int_equal(decoder_length(d, 2), 20);
    same_bits(&p, decoder_logits(d, 0), decoder_logits(d, 2));
    /* What follows on a copy is what follows on the first; the third lane is not touched. */
    decoder_feed(d, 0, other, 4);
    decoder_feed(d, 2, other, 4);
    same_bits(&p, decoder_logits(d, 0), decoder_logits(d, 2));
    assert_int_equal(decoder_length(d, 1), 4);
    /* Back to the tenth token and on again. */
    decoder_rewind(d, 0, 10);
    decoder_feed(d, 0, other, 2);
    decoder_feed(d, 0, run + 10, 1);
    decoder_rewind(d, 0, 10);
    decoder_feed(d, 0, run + 10, 10);
    decoder_feed(d, 0, other, 4);
    same_bits(&p, decoder_logits(d, 0), decoder_logits(d, 2));
    decoder_feed(d, 0, other, 0);
    decoder_step(d, NULL, NULL, 0);
    assert_int_equal(decoder_length(d, 0), 24);
    decoder_free(d);
    decoder_free(NULL);
    weights_release(&w);
    pack_close(&p);
}

/* The small functions, against the C library's. */
static void small_functions(void **state)
{
    (void)state;
    for (size_t set = 0; set < COUNT_OF(sets); set++) {
        const struct arithmetic *a = arithmetic_named(sets[set]);
        if (!a)
            continue;
        assert_string_equal(a->name, sets[set]);
        float x[100], out[100];
        for (int count = 1; count <= 100; count++) {
            double sum = 0;
            float most = -1000;
            for (int i = 0; i < count; i++) {
                x[i] = (float)((i * 37 + count * 11) % 199 - 120) * 0.7F;
                most = fmaxf(most, x[i]);
            }
            assert_true(a->largest(x, count) == most);
            out[count - 1] = -1;
            float have = a->exponents(out, x, count, most, 0.5F);
            for (int i = 0; i < count; i++) {
                double want = exp((double)(x[i] - most) * 0.5);
                assert_true(fabs((double)out[i] - want) <= want * 5e-6 + 1e-37);
                sum += want;
            }
            assert_true(fabs((double)have - sum) <= sum * 1e-5);
            assert_true(a->exponents(NULL, x, count, most, 0.5F) == have);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_functions),
        cmocka_unit_test(agrees_with_plain_floats),
        cmocka_unit_test(agrees_on_the_shipped_packs),
        cmocka_unit_test(gives_the_same_bits_however_it_computes),
        cmocka_unit_test(copies_and_rewinds),
    };
    packs = argc > 1 ? argv[1] : "muse/packs";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
