#include "muse/learn.h"
#include "tests/muse/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct shape shape = {.vocab = 53, .dim = 64, .layers = 2, .heads = 2, .hidden = 96, .context = 64};

/* Documents that count up from `first` in steps of `step`: something to learn. */
static void add_documents(struct corpus *c, int count, int first, int step)
{
    for (int i = 0; i < count; i++) {
        int tokens[20], n = 0;
        tokens[n++] = TOKEN_BOS;
        tokens[n++] = TOKEN_SEP;
        for (int at = 0; at < 14; at++)
            tokens[n++] = 26 + (first + i + at * step) % 24;
        tokens[n++] = TOKEN_EOS;
        corpus_add(c, tokens, n, shape.context);
    }
}

static void make_lesson(struct lesson *l)
{
    lesson_init(l);
    add_documents(&l->own, 24, 0, 5);
    add_documents(&l->own_kept, 4, 2, 5);
    add_documents(&l->general, 24, 1, 1);
    add_documents(&l->general_kept, 4, 3, 1);
}

static void make_base(struct pack *p)
{
    struct weights w;
    model_make(&w, &shape, 11);
    model_pack(p, &w);
    weights_release(&w);
}

static void learns_a_voice(void **state)
{
    struct pack base, voice;
    struct lesson lesson;
    struct progress now;
    struct str bytes = {0};
    struct err err = {0};
    int steps[64], count = 0;
    double losses[64];
    (void)state;
    make_base(&base);
    make_lesson(&lesson);
    struct learner *l = learner_new(&base, &lesson, 3);
    learner_progress(l, &now);
    assert_true(now.step == 0 && now.steps >= 20 && now.own_now == now.own_before && now.seconds_left < 0);
    for (int last = 0; learner_step(l); last = now.step) {
        learner_progress(l, &now);
        assert_int_equal(now.step, last + 1);
    }
    learner_progress(l, &now);
    assert_int_equal(now.step, now.steps);
    assert_false(learner_step(l)); /* and nothing more */
    assert_true(now.own_best < 0.95 * now.own_before && now.own_best <= now.own_now);
    count = learner_curve(l, steps, losses, 64);
    assert_true(count > 5 && steps[0] == 0 && losses[0] == now.own_before && steps[count - 1] == now.steps);
    learner_result(l, &bytes);
    assert_true(pack_adopt(&voice, &bytes, "voice", &err));
    pack_close(&voice);
    learner_free(l);
    lesson_release(&lesson);
    pack_close(&base);
}

/* Stopped in the middle, kept, and gone on with in another learner: the same voice, bit for bit. */
static void goes_on_where_it_stopped(void **state)
{
    struct pack base;
    struct lesson lesson, again;
    struct str straight = {0}, resumed = {0}, kept = {0};
    (void)state;
    make_base(&base);
    make_lesson(&lesson);
    struct learner *l = learner_new(&base, &lesson, 3);
    for (int i = 0; i < 7; i++)
        learner_step(l);
    learner_save(l, &kept);
    while (learner_step(l))
        ;
    learner_result(l, &straight);
    learner_free(l);
    make_lesson(&again);
    l = learner_new(&base, &again, 3);
    assert_true(learner_restore(l, str_span(&kept)));
    while (learner_step(l))
        ;
    learner_result(l, &resumed);
    assert_true(span_equal(str_span(&straight), str_span(&resumed)));
    learner_free(l);
    str_release(&straight);
    str_release(&resumed);
    str_release(&kept);
    lesson_release(&lesson);
    lesson_release(&again);
    pack_close(&base);
}

static void refuses_a_state_of_something_else(void **state)
{
    struct pack base;
    struct lesson lesson;
    struct str kept = {0};
    (void)state;
    make_base(&base);
    make_lesson(&lesson);
    struct learner *l = learner_new(&base, &lesson, 3);
    learner_step(l);
    learner_save(l, &kept);
    assert_false(learner_restore(l, span_cut(str_span(&kept), 0, kept.len - 1)));
    assert_false(learner_restore(l, SPAN("")));
    kept.s[9] ^= 1; /* another base's checksum */
    assert_false(learner_restore(l, str_span(&kept)));
    kept.s[9] ^= 1;
    lesson.own.tokens[3] ^= 1; /* another lesson */
    assert_false(learner_restore(l, str_span(&kept)));
    learner_free(l);
    str_release(&kept);
    lesson_release(&lesson);
    pack_close(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_a_voice),
        cmocka_unit_test(goes_on_where_it_stopped),
        cmocka_unit_test(refuses_a_state_of_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
