#include "muse/corpus.h"
#include "muse/gradient.h"
#include "muse/kernels.h"
#include "muse/optimiser.h"
#include "tests/muse/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct shape small = {.vocab = 40, .dim = 64, .layers = 2, .heads = 2, .hidden = 96, .context = 32};

/* Two documents of tokens that repeat after a pattern, so that there is something to learn. */
static const int tokens[] = {0, 7, 8, 9, 7, 8, 9, 7, 8, 9, 1, 0, 12, 30, 12, 30, 12, 30, 5, 1};
static const int starts[] = {0, 11, 20};
static const struct batch batch = {tokens, starts, 2};

/* -- products ------------------------------------------------------------------------------------------------------------------------------- */

static void fill(float *x, size_t count, struct random *r)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)(random_unit(r) - 0.5);
}

static void expect_product(const struct kernels *k, int m, int n, int depth, bool turn_a, bool turn_b, bool add)
{
    struct random random;
    random_seed(&random, 5);
    size_t a_size = (size_t)(m * depth), b_size = (size_t)(depth * n), c_size = (size_t)(m * n);
    float *a = calloc(a_size + b_size + 2 * c_size, sizeof *a), *b = a + a_size, *c = b + b_size, *wanted = c + c_size;
    fill(a, a_size + b_size + c_size, &random);
    memcpy(wanted, c, c_size * sizeof *c);
    struct matrix left = turn_a ? matrix_transposed(matrix_of(a, m)) : matrix_of(a, depth);
    struct matrix right = turn_b ? matrix_transposed(matrix_of(b, depth)) : matrix_of(b, n);
    struct panels *panels = panels_new();
    k->product(panels, matrix_of(c, n), left, right, m, n, depth, add);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = add ? (double)wanted[i * n + j] : 0;
            for (int l = 0; l < depth; l++)
                sum += (double)left.at[i * left.row + l * left.column] * (double)right.at[l * right.row + j * right.column];
            assert_true(fabs(sum - (double)c[i * n + j]) < 1e-4);
        }
    panels_free(panels);
    free(a);
}

static void multiplies(void **state)
{
    static const int sizes[][3] = {{1, 1, 1}, {8, 32, 16}, {13, 70, 31}, {64, 160, 300}, {20, 1100, 7}, {3, 5, 600}};
    static const char *const sets[] = {"plain", "avx2", "avx512"};
    (void)state;
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
        const struct kernels *k = kernels_named(sets[s]);
        for (size_t i = 0; k && i < sizeof sizes / sizeof *sizes; i++)
            for (int way = 0; way < 8; way++)
                expect_product(k, sizes[i][0], sizes[i][1], sizes[i][2], way & 1, way & 2, way & 4);
    }
}

/* -- gradients ------------------------------------------------------------------------------------------------------------------------------ */

/* The slope of the mean loss along one weight, by central differences. */
static double slope(struct tape *t, struct weights *w, float *weight)
{
    float kept = *weight, step = 4e-3F;
    *weight = kept + step;
    double above = tape_loss(t, w, &batch);
    *weight = kept - step;
    double below = tape_loss(t, w, &batch);
    *weight = kept;
    return (above - below) / (2 * (double)step) / batch_predictions(&batch);
}

/* Some weights of a matrix, spread over all of it. The difference quotient itself is good to about 1e-4 in single precision. */
static void expect_slopes(struct tape *t, struct weights *w, const struct weights *g, float *matrix, size_t count)
{
    for (size_t i = 0; i < 24; i++) {
        float *weight = matrix + i * (count - 1) / 23;
        double wanted = slope(t, w, weight), have = (double)g->all[weight - w->all];
        if (fabs(wanted - have) > 3e-4 + 0.02 * fabs(wanted))
            fail_msg("weight %td: %g by differences, %g by the chain rule", weight - w->all, wanted, have);
    }
}

static void agrees_with_differences(void **state)
{
    struct weights w, g;
    (void)state;
    model_make(&w, &small, 3);
    weights_init(&g, &small);
    struct tape *t = tape_new(&small, 32);
    double loss = tape_gradient(t, &w, &batch, &g);
    assert_true(fabs(loss - tape_loss(t, &w, &batch)) < 1e-3);
    size_t d = (size_t)small.dim, f = (size_t)small.hidden;
    expect_slopes(t, &w, &g, w.embedding + 7 * d, 3 * d);
    expect_slopes(t, &w, &g, w.embedding, (size_t)small.vocab * d);
    expect_slopes(t, &w, &g, w.final_norm, d);
    for (int i = 0; i < small.layers; i++) {
        expect_slopes(t, &w, &g, w.layer[i].norm1, d);
        expect_slopes(t, &w, &g, w.layer[i].qkv, 3 * d * d);
        expect_slopes(t, &w, &g, w.layer[i].out, d * d);
        expect_slopes(t, &w, &g, w.layer[i].norm2, d);
        expect_slopes(t, &w, &g, w.layer[i].up, f * d);
        expect_slopes(t, &w, &g, w.layer[i].down, f * d);
    }
    tape_free(t);
    weights_release(&w);
    weights_release(&g);
}

/* A document's loss does not depend on what stands beside it. */
static void keeps_documents_apart(void **state)
{
    struct weights w;
    static const int alone[] = {0, 9};
    struct batch second = {tokens + 11, alone, 1}, first = {tokens, (const int[]){0, 11}, 1};
    (void)state;
    model_make(&w, &small, 4);
    struct tape *t = tape_new(&small, 32);
    double both = tape_loss(t, &w, &batch);
    assert_true(fabs(both - tape_loss(t, &w, &first) - tape_loss(t, &w, &second)) < 1e-3);
    tape_free(t);
    weights_release(&w);
}

static void learns_by(enum method method, float matrix_rate, float rate)
{
    struct weights w, g;
    model_make(&w, &small, 5);
    weights_init(&g, &small);
    struct tape *t = tape_new(&small, 32);
    struct optimiser *o = optimiser_new(method, &small);
    double before = tape_loss(t, &w, &batch);
    for (int i = 0; i < 60; i++) {
        memset(g.all, 0, g.count * sizeof *g.all);
        tape_gradient(t, &w, &batch, &g);
        optimiser_step(o, &w, &g, matrix_rate, rate);
    }
    assert_true(tape_loss(t, &w, &batch) < 0.3 * before);
    assert_int_equal(*optimiser_memory(o).steps, 60);
    optimiser_free(o);
    tape_free(t);
    weights_release(&w);
    weights_release(&g);
}

static void goes_down(void **state)
{
    (void)state;
    learns_by(METHOD_ADAM, 2e-3F, 4e-3F);
    learns_by(METHOD_MUON, 0.02F, 0.012F);
}

/* -- documents -------------------------------------------------------------------------------------------------------------------------------- */

static void hands_out_every_document(void **state)
{
    struct corpus c;
    struct sheaf s = {0};
    int seen[10] = {0};
    (void)state;
    corpus_init(&c, 1);
    for (int i = 0; i < 10; i++)
        corpus_add(&c, (const int[]){0, i, 1}, 3, 32);
    sheaf_add(&s, &c, 30);
    assert_int_equal(s.documents, 10);
    for (int i = 0; i < 10; i++)
        seen[s.tokens[s.starts[i] + 1]]++;
    for (int i = 0; i < 10; i++)
        assert_int_equal(seen[i], 1);
    sheaf_release(&s);
    corpus_release(&c);
}

static void cuts_long_documents(void **state)
{
    struct corpus c;
    int many[70] = {0};
    (void)state;
    corpus_init(&c, 1);
    corpus_add(&c, many, 70, 32);
    corpus_add(&c, many, 33, 32);
    corpus_add(&c, many, 1, 32);
    assert_int_equal(c.count, 4); /* 32 32 6, 32: a lone token teaches nothing */
    corpus_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiplies),
        cmocka_unit_test(agrees_with_differences),
        cmocka_unit_test(keeps_documents_apart),
        cmocka_unit_test(goes_down),
        cmocka_unit_test(hands_out_every_document),
        cmocka_unit_test(cuts_long_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
