#include "muse/sampler.h"
#include "core/mem.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT 700

static const struct sampler neutral = {.temperature = 1, .top_p = 1, .repetition_penalty = 1};

static void make_logits(float *logits, uint64_t seed)
{
    struct random r;
    random_seed(&r, seed);
    for (int i = 0; i < COUNT; i++)
        logits[i] = (float)((random_unit(&r) + random_unit(&r) + random_unit(&r)) * 6 - 9);
    logits[20] = logits[10]; /* a tie */
}

/* The published sequences of both generators. */
static void random_numbers(void **state)
{
    (void)state;
    struct random r = {{1, 2, 3, 4}};
    static const uint64_t first[] = {41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205U, 9973669472204895162U};
    for (size_t i = 0; i < COUNT_OF(first); i++)
        assert_true(random_next(&r) == first[i]);
    random_seed(&r, 1234567);
    assert_true(r.state[0] == 6457827717110365317U && r.state[1] == 3203168211198807973U && r.state[2] == 9817491932198370423U &&
                r.state[3] == 4593380528125082431U);
    int seen[6] = {0};
    for (int i = 0; i < 6000; i++) {
        double unit = random_unit(&r);
        assert_true(unit >= 0 && unit < 1);
        seen[random_below(&r, 6)]++;
    }
    for (int i = 0; i < 6; i++)
        assert_in_range(seen[i], 850, 1150);
}

static void reads_the_dials(void **state)
{
    (void)state;
    struct dials d;
    struct sampler s;
    dials_default(&d);
    dial_off(&d, DIAL_TEMPERATURE);
    sampler_from_dials(&s, &d);
    assert_true(s.temperature == 1 && s.top_p == 1 && s.top_k == 0 && s.min_p == 0);
    assert_true(s.repetition_penalty == 1 && s.presence_penalty == 0 && s.frequency_penalty == 0);
    dial_set(&d, DIAL_TEMPERATURE, 0.5);
    dial_set(&d, DIAL_TOP_K, 40);
    dial_set(&d, DIAL_TOP_P, 0.9);
    dial_set(&d, DIAL_MIN_P, 0.05);
    dial_set(&d, DIAL_REPETITION_PENALTY, 1.1);
    dial_set(&d, DIAL_PRESENCE_PENALTY, 0.5);
    dial_set(&d, DIAL_FREQUENCY_PENALTY, -0.5);
    sampler_from_dials(&s, &d);
    assert_true(s.temperature == 0.5 && s.top_k == 40 && s.top_p == 0.9 && s.min_p == 0.05);
    assert_true(s.repetition_penalty == 1.1 && s.presence_penalty == 0.5 && s.frequency_penalty == -0.5);
}

/* The dials' definitions, one after the other, with a whole sort. */
struct entry {
    double weight;
    int token;
};

static int by_weight(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return x->token - y->token;
}

static double sum_of(const struct entry *e, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += e[i].weight;
    return sum;
}

static void plain_odds(const struct sampler *s, const float *logits, const uint64_t *allowed, double *odds)
{
    static struct entry e[COUNT];
    int count = 0, kept = 0;
    memset(odds, 0, COUNT * sizeof *odds);
    for (int i = 0; i < COUNT; i++)
        if (!allowed || allowed[i / 64] >> i % 64 & 1)
            e[count++] = (struct entry){exp((double)logits[i] / s->temperature), i};
    qsort(e, (size_t)count, sizeof *e, by_weight);
    while (kept < count && e[kept].weight >= s->min_p * e[0].weight)
        kept++;
    count = s->top_k > 0 && s->top_k < kept ? s->top_k : kept;
    double mass = s->top_p * sum_of(e, count), sum = 0;
    for (kept = 0; kept < count && (s->top_p >= 1 || sum < mass); kept++)
        sum += e[kept].weight;
    for (int i = 0; i < kept; i++)
        odds[e[i].token] = e[i].weight / sum;
}

static void agrees(const struct sampler *s, const float *logits, const uint64_t *allowed)
{
    static double want[COUNT];
    static float have[COUNT];
    plain_odds(s, logits, allowed, want);
    assert_true(sampler_odds(s, logits, COUNT, allowed, NULL, 0, have));
    for (int i = 0; i < COUNT; i++)
        assert_true(fabs((double)have[i] - want[i]) < 2e-5);
}

static void cuts_as_the_dials_say(void **state)
{
    (void)state;
    static const double temperatures[] = {0.3, 1, 1.7}, tops[] = {1, 0.95, 0.5, 0.01}, mins[] = {0, 0.02, 0.5};
    static const int counts[] = {0, 1, 2, 40, 699, 5000};
    float logits[COUNT];
    uint64_t allowed[(COUNT + 63) / 64] = {0};
    for (int i = 0; i < COUNT; i += 1 + i % 5)
        allowed[i / 64] |= UINT64_C(1) << i % 64;
    for (uint64_t seed = 0; seed < 3; seed++) {
        make_logits(logits, seed);
        for (size_t t = 0; t < COUNT_OF(temperatures); t++)
            for (size_t p = 0; p < COUNT_OF(tops); p++)
                for (size_t m = 0; m < COUNT_OF(mins); m++)
                    for (size_t k = 0; k < COUNT_OF(counts); k++) {
                        struct sampler s = {temperatures[t], tops[p], counts[k], mins[m], 1, 0, 0};
                        agrees(&s, logits, NULL);
                        agrees(&s, logits, allowed);
                    }
    }
}

static void picks_as_often_as_the_odds_say(void **state)
{
    (void)state;
    const struct sampler settings[] = {neutral, {.temperature = 0.7, .top_p = 0.9, .top_k = 30, .repetition_penalty = 1}};
    float logits[COUNT], odds[COUNT];
    make_logits(logits, 4);
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        int seen[COUNT] = {0}, draws = 40000;
        double distance = 0;
        struct random r;
        random_seed(&r, 11);
        for (int n = 0; n < draws; n++)
            seen[sampler_pick(&settings[i], logits, COUNT, NULL, NULL, 0, &r, NULL)]++;
        assert_true(sampler_odds(&settings[i], logits, COUNT, NULL, NULL, 0, odds));
        for (int t = 0; t < COUNT; t++) {
            assert_true(odds[t] > 0 || seen[t] == 0);
            distance += fabs(seen[t] / (double)draws - (double)odds[t]) / 2;
        }
        assert_true(distance < 0.05);
    }
}

static void obeys_the_mask(void **state)
{
    (void)state;
    float logits[COUNT], odds[COUNT], logprob;
    uint64_t none[(COUNT + 63) / 64 + 1] = {0}, one[(COUNT + 63) / 64] = {0};
    struct random r, same;
    make_logits(logits, 5);
    random_seed(&r, 1);
    /* Bits beyond the last token mean nothing. */
    none[COUNT / 64] = UINT64_C(1) << 63;
    assert_int_equal(sampler_pick(&neutral, logits, COUNT, none, NULL, 0, &r, &logprob), -1);
    assert_false(sampler_odds(&neutral, logits, COUNT, none, NULL, 0, odds));
    one[9] = 1 << 5;
    for (int i = 0; i < 20; i++) {
        same = r;
        assert_int_equal(sampler_pick(&neutral, logits, COUNT, one, NULL, 0, &r, &logprob), 9 * 64 + 5);
        double sum = 0;
        for (int t = 0; t < COUNT; t++)
            sum += exp((double)logits[t]);
        assert_true(fabs((double)logprob - ((double)logits[9 * 64 + 5] - log(sum))) < 1e-4);
        assert_true(fabs((double)logits_normaliser(logits, COUNT) - log(sum)) < 1e-4);
    }
    assert_memory_equal(&same, &r, sizeof r);
}

static void takes_the_likeliest_at_zero(void **state)
{
    (void)state;
    struct sampler s = neutral;
    float logits[COUNT];
    struct random r;
    make_logits(logits, 6);
    logits[123] = 99;
    s.temperature = 0;
    random_seed(&r, 1);
    assert_int_equal(sampler_pick(&s, logits, COUNT, NULL, NULL, 0, &r, NULL), 123);
    logits[77] = 99;
    assert_int_equal(sampler_pick(&s, logits, COUNT, NULL, NULL, 0, &r, NULL), 77);
    s.temperature = 0.01;
    logits[77] = 98;
    assert_int_equal(sampler_pick(&s, logits, COUNT, NULL, NULL, 0, &r, NULL), 123);
}

static double ratio(const struct sampler *s, const float *logits, const int *history, int count, int a, int b)
{
    float odds[COUNT];
    assert_true(sampler_odds(s, logits, COUNT, NULL, history, count, odds));
    return log((double)odds[a] / (double)odds[b]);
}

static void punishes_repetition(void **state)
{
    (void)state;
    struct sampler s = neutral;
    float logits[COUNT];
    int history[3000] = {3, 4, 3, 3, 699};
    make_logits(logits, 8);
    logits[3] = 2;
    logits[4] = -2;
    logits[5] = 1;
    assert_true(fabs(ratio(&s, logits, history, 5, 3, 5) - 1) < 1e-3);
    s.repetition_penalty = 2;
    assert_true(fabs(ratio(&s, logits, history, 5, 3, 5) - 0) < 1e-3);
    assert_true(fabs(ratio(&s, logits, history, 5, 4, 5) + 5) < 1e-3);
    assert_true(fabs(ratio(&s, logits, history, 0, 3, 5) - 1) < 1e-3);
    s.repetition_penalty = 1;
    s.presence_penalty = 0.5;
    s.frequency_penalty = 0.25;
    assert_true(fabs(ratio(&s, logits, history, 5, 3, 5) - (1 - 0.5 - 0.75)) < 1e-3);
    assert_true(fabs(ratio(&s, logits, history, 5, 4, 5) - (-3 - 0.5 - 0.25)) < 1e-3);
    /* Of a long history the end counts. */
    for (int i = 0; i < 3000; i++)
        history[i] = i < 1900 ? 3 : 10 + i % 600;
    assert_true(fabs(ratio(&s, logits, history, 3000, 3, 5) - 1) < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_numbers),        cmocka_unit_test(reads_the_dials),
        cmocka_unit_test(cuts_as_the_dials_say), cmocka_unit_test(picks_as_often_as_the_odds_say),
        cmocka_unit_test(obeys_the_mask),        cmocka_unit_test(takes_the_likeliest_at_zero),
        cmocka_unit_test(punishes_repetition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
