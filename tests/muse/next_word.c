/* What the muse would say next, and what the dials make of it, beside a softmax done here. Also that it is there between two frames. */
#include "core/utf8.h"
#include "muse/next_word.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const char *packs;

#define WORDS 8

struct look {
    struct odds_choices choices;
    double after[ODDS_CHOICES], rest;
};

static void ask(struct request *req, const char *page, const char *prompt)
{
    request_init(req);
    str_add_text(&req->prompt, page);
    req->asked = req->prompt.len;
    str_add_text(&req->prompt, prompt);
}

static void look_at(struct look *l, const struct next_word *n, const struct dials *d)
{
    double before = 0, after = 0;
    next_word_odds(n, d, WORDS, &l->choices, l->after, &l->rest);
    assert_int_equal(l->choices.count, WORDS);
    for (int i = 0; i < WORDS; i++) {
        assert_true(utf8_valid(str_span(&l->choices.list[i].text)) && l->choices.list[i].text.len > 0);
        assert_true(i == 0 || l->choices.list[i].odds <= l->choices.list[i - 1].odds);
        before += l->choices.list[i].odds;
        after += l->after[i];
    }
    assert_true(before + l->choices.rest > 0.9999 && before + l->choices.rest < 1.0001);
    assert_true(after + l->rest > 0.9999 && after + l->rest < 1.0001);
}

static void dials_reshape_it(void **state)
{
    struct muse *muse = muse_new(packs, "no-such-folder");
    struct look plain = {0}, shaped = {0};
    struct dials d = {0};
    struct request req;
    (void)state;
    ask(&req, "", "写一首五绝，秋夜");
    struct next_word *n = next_word_new(muse, &req, NULL);
    assert_non_null(n);
    look_at(&plain, n, &d);
    for (int i = 0; i < WORDS; i++)
        assert_true(plain.after[i] > plain.choices.list[i].odds - 1e-4 && plain.after[i] < plain.choices.list[i].odds + 1e-4);
    for (double t = 0.3; t < 2; t += 0.35) { /* ratios of odds are those of the model to the power of 1/T */
        dial_set(&d, DIAL_TEMPERATURE, t);
        look_at(&shaped, n, &d);
        double ratio = shaped.after[3] / shaped.after[0], want = plain.choices.list[3].odds / plain.choices.list[0].odds;
        assert_float_equal(ratio, pow(want, 1 / d.value[DIAL_TEMPERATURE]), 1e-3);
        if (t < 0.99 || t > 1.01)
            assert_true((shaped.after[0] > plain.after[0]) == (t < 1));
    }
    dial_set(&d, DIAL_TEMPERATURE, 1);
    dial_set(&d, DIAL_TOP_K, 3);
    look_at(&shaped, n, &d);
    assert_true(shaped.after[2] > 0 && shaped.after[3] <= 0 && shaped.rest <= 0);
    odds_choices_release(&plain.choices);
    odds_choices_release(&shaped.choices);
    next_word_free(n);
    request_release(&req);
    muse_free(muse);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* Also behind a long page, of which only the end is read. */
static void goes_on_with_a_page(void **state)
{
    struct muse *muse = muse_new(packs, "no-such-folder");
    struct str page = {0};
    struct look l = {0};
    struct dials d = {0};
    struct request req;
    (void)state;
    for (int i = 0; i < 2000; i++)
        str_add_text(&page, i % 2 ? "月明人静夜，\n" : "the rain came down on the roof\n");
    str_add_text(&page, "空山新雨后，\n天气晚来秋。\n明月松间照，\n");
    ask(&req, str_text(&page), "");
    struct next_word *n = next_word_new(muse, &req, NULL); /* opens the pack */
    assert_non_null(n);
    next_word_free(n);
    double best = 1e9;
    for (int round = 0; round < 5; round++) {
        double start = now_ms();
        n = next_word_new(muse, &req, NULL);
        look_at(&l, n, &d);
        double spent = now_ms() - start;
        best = spent < best ? spent : best;
        next_word_free(n);
    }
    print_message("read in %.1f ms\n", best);
    odds_choices_release(&l.choices);
    request_release(&req);
    str_release(&page);
    muse_free(muse);
}

static void says_when_there_is_no_voice(void **state)
{
    struct muse *muse = muse_new(packs, "no-such-folder");
    struct request req;
    struct err err = {0};
    (void)state;
    ask(&req, "", "写一首五绝");
    str_set(&req.model, SPAN("nobody"));
    assert_null(next_word_new(muse, &req, &err));
    assert_non_null(strstr(err.text, "nobody"));
    request_release(&req);
    muse_free(muse);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dials_reshape_it),
        cmocka_unit_test(goes_on_with_a_page),
        cmocka_unit_test(says_when_there_is_no_voice),
    };
    if (argc < 2) {
        fputs("next_word FOLDER-OF-PACKS\n", stderr);
        return 2;
    }
    packs = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
