#include "core/source.h"
#include "core/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void push(struct source_queue *q, enum source_event_kind kind, int64_t run, int take)
{
    struct source_event ev = {.kind = kind, .run = run, .take = take};
    str_printf(&ev.text, "%d/%d", (int)run, take);
    source_queue_push(q, &ev);
    assert_true(ev.text.len == 0 && ev.kind == SOURCE_TEXT && ev.run == 0); /* the queue has it now */
}

/* Pops one event and compares it. */
static bool next_is(struct source_queue *q, enum source_event_kind kind, int64_t run, int take, int pieces, const char *text)
{
    struct source_event ev = {.kind = SOURCE_DONE};
    if (!source_queue_pop(q, &ev))
        return false;
    bool is = ev.kind == kind && ev.run == run && ev.take == take && ev.pieces == pieces && span_is(str_span(&ev.text), text);
    source_event_release(&ev);
    return is;
}

static bool is_empty(struct source_queue *q)
{
    struct source_event ev;
    return !source_queue_pop(q, &ev);
}

static void text_for_the_same_take_is_joined(void **state)
{
    (void)state;
    struct source_queue q = {.head = 0};
    source_queue_text(&q, SOURCE_TEXT, 1, 0, SPAN("秋"));
    source_queue_text(&q, SOURCE_TEXT, 1, 0, SPAN("夜"));
    source_queue_text(&q, SOURCE_TEXT, 1, 0, SPAN(""));
    source_queue_text(&q, SOURCE_TEXT, 1, 0, SPAN("\0"));
    assert_int_equal(q.count, 1);
    struct source_event ev = {.kind = SOURCE_DONE};
    assert_true(source_queue_pop(&q, &ev));
    assert_true(ev.pieces == 3 && span_equal(str_span(&ev.text), SPAN("秋夜\0")));
    source_event_release(&ev);
    assert_true(is_empty(&q));
    source_queue_release(&q);
}

static void another_take_kind_or_run_is_not_joined(void **state)
{
    (void)state;
    struct source_queue q = {.head = 0};
    source_queue_text(&q, SOURCE_TEXT, 1, 0, SPAN("a"));
    source_queue_text(&q, SOURCE_TEXT, 1, 1, SPAN("b"));
    source_queue_text(&q, SOURCE_TEXT, 1, 0, SPAN("c"));
    source_queue_text(&q, SOURCE_REASONING, 1, 0, SPAN("d"));
    source_queue_text(&q, SOURCE_REASONING, 1, 0, SPAN("e"));
    source_queue_text(&q, SOURCE_REASONING, 2, 0, SPAN("f"));
    push(&q, SOURCE_TAKE_DONE, 2, 0);
    source_queue_text(&q, SOURCE_REASONING, 2, 0, SPAN("g"));
    assert_true(next_is(&q, SOURCE_TEXT, 1, 0, 1, "a"));
    assert_true(next_is(&q, SOURCE_TEXT, 1, 1, 1, "b"));
    assert_true(next_is(&q, SOURCE_TEXT, 1, 0, 1, "c"));
    assert_true(next_is(&q, SOURCE_REASONING, 1, 0, 2, "de"));
    assert_true(next_is(&q, SOURCE_REASONING, 2, 0, 1, "f"));
    assert_true(next_is(&q, SOURCE_TAKE_DONE, 2, 0, 0, "2/0"));
    assert_true(next_is(&q, SOURCE_REASONING, 2, 0, 1, "g"));
    assert_true(is_empty(&q));
    source_queue_release(&q);
}

/* What was popped is not joined to any more. */
static void joining_looks_only_at_what_waits(void **state)
{
    (void)state;
    struct source_queue q = {.head = 0};
    source_queue_text(&q, SOURCE_TEXT, 1, 0, SPAN("a"));
    assert_true(next_is(&q, SOURCE_TEXT, 1, 0, 1, "a"));
    source_queue_text(&q, SOURCE_TEXT, 1, 0, SPAN("b"));
    assert_true(next_is(&q, SOURCE_TEXT, 1, 0, 1, "b"));
    source_queue_release(&q);
}

/* Against a counter: any mixture of pushes and pops gives first in, first out, in bounded memory. */
static void order_holds_whatever_the_mixture(void **state)
{
    (void)state;
    struct source_queue q = {.head = 0};
    uint32_t dice = 1;
    int pushed = 0, popped = 0;
    for (int i = 0; i < 20000; i++) {
        dice = dice * 1664525u + 1013904223u;
        bool more = (dice >> 24) % (i / 500 % 2 ? 5 : 3) < 2;
        if (more && pushed - popped < 40) {
            push(&q, SOURCE_MODEL, ++pushed, 0);
        } else if (pushed > popped) {
            char want[32];
            snprintf(want, sizeof want, "%d/0", ++popped);
            assert_true(next_is(&q, SOURCE_MODEL, popped, 0, 0, want));
        }
        assert_int_equal(q.count, pushed - popped);
        assert_true(q.head + q.count <= q.cap && q.cap <= 128);
    }
    source_queue_release(&q);
    assert_true(q.count == 0 && q.cap == 0 && q.events == NULL);
    assert_true(is_empty(&q));
}

static void a_release_frees_what_waits(void **state)
{
    (void)state;
    struct source_queue q = {.head = 0};
    struct source_event ev = {.kind = SOURCE_ODDS, .odds = mem_new(1, sizeof(struct odds))};
    for (int i = 0; i < ODDS_MAX; i++)
        str_add_text(&ev.odds->token[i], "token");
    source_queue_push(&q, &ev);
    assert_null(ev.odds);
    push(&q, SOURCE_FAILED, 1, -1);
    source_queue_release(&q);
    source_queue_release(&q);
    source_event_release(&ev);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_for_the_same_take_is_joined),
        cmocka_unit_test(another_take_kind_or_run_is_not_joined),
        cmocka_unit_test(joining_looks_only_at_what_waits),
        cmocka_unit_test(order_holds_whatever_the_mixture),
        cmocka_unit_test(a_release_frees_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
