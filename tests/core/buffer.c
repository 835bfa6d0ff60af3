#include "core/buffer.h"
#include "core/runs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct ink WRITER = {1, 0, 0}, MODEL = {2, 1, 0}, OTHER = {3, 2, 0};

static void expect(struct buffer *b, const char *text)
{
    char *have = span_copy(buffer_text(b));
    assert_string_equal(have, text);
    free(have);
    size_t count = 0, total = 0;
    const struct run *runs = buffer_runs(b, &count);
    for (size_t i = 0; i < count; i++) {
        assert_true(runs[i].len > 0);
        if (i > 0)
            assert_true(runs[i].ink.owner != runs[i - 1].ink.owner ||
                        runs[i].ink.author != runs[i - 1].ink.author);
        total += runs[i].len;
    }
    assert_int_equal(total, buffer_length(b));
}

static void type(struct buffer *b, size_t at, const char *text)
{
    buffer_replace(b, at, at, span_of(text), WRITER);
}

static void erase(struct buffer *b, size_t from, size_t to)
{
    buffer_replace(b, from, to, SPAN(""), WRITER);
}

static void foreign(struct buffer *b, size_t at, const char *text)
{
    buffer_insert_foreign(b, at, span_of(text), MODEL);
}

static void reads(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    expect(b, "");
    assert_int_equal(buffer_byte(b, 0), -1);
    assert_int_equal(buffer_ink_at(b, 0).owner, 0);
    type(b, 0, "秋夜\n月");
    foreign(b, 6, "长");
    expect(b, "秋夜长\n月");
    assert_true(span_is(buffer_slice(b, 3, 9), "夜长"));
    assert_true(span_is(buffer_slice(b, 10, 13), "月"));
    assert_int_equal(buffer_byte(b, 9), '\n');
    assert_int_equal(buffer_byte(b, 13), -1);
    assert_int_equal(buffer_ink_at(b, 6).owner, MODEL.owner);
    assert_int_equal(buffer_ink_at(b, 9).owner, WRITER.owner);
    assert_int_equal(buffer_ink_at(b, 13).owner, WRITER.owner);
    assert_int_equal(buffer_line_start(b, 9), 0);
    assert_int_equal(buffer_line_end(b, 2), 9);
    assert_int_equal(buffer_line_start(b, 10), 10);
    assert_int_equal(buffer_line_end(b, 10), 13);
    assert_int_equal(buffer_newlines(b, 0, 13), 1);
    assert_int_equal(buffer_newlines(b, 0, 9), 0);
    buffer_clear(b);
    expect(b, "");
    assert_int_equal(buffer_undo(b).kind, UNDO_NOTHING);
    buffer_free(b);
    buffer_free(NULL);
}

static void typing_joins(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "a");
    type(b, 1, "b");
    type(b, 2, "\n");
    type(b, 3, "c");
    type(b, 4, "d");
    buffer_replace(b, 5, 5, SPAN("e"), OTHER);
    buffer_seal(b);
    buffer_replace(b, 6, 6, SPAN("f"), OTHER);
    expect(b, "ab\ncdef");
    buffer_undo(b);
    expect(b, "ab\ncde");
    buffer_undo(b);
    expect(b, "ab\ncd");
    buffer_undo(b);
    expect(b, "ab\n");
    struct undo undo = buffer_undo(b);
    assert_int_equal(undo.kind, UNDO_EDIT);
    assert_int_equal(undo.caret, 0);
    expect(b, "");
    undo = buffer_redo(b);
    assert_int_equal(undo.caret, 3);
    expect(b, "ab\n");
    type(b, 3, "z");
    assert_int_equal(buffer_redo(b).kind, UNDO_NOTHING);
    buffer_free(b);
}

static void erasing_joins_by_direction(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "abcdefgh");
    erase(b, 3, 4);
    erase(b, 2, 3);
    erase(b, 2, 3);
    erase(b, 2, 3);
    expect(b, "abgh");
    assert_int_equal(buffer_undo(b).caret, 2);
    expect(b, "abefgh");
    assert_int_equal(buffer_undo(b).caret, 4);
    expect(b, "abcdefgh");
    buffer_redo(b);
    buffer_redo(b);
    expect(b, "abgh");
    buffer_free(b);
}

static void groups_undo_as_one(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "one two");
    buffer_group(b, true);
    buffer_replace(b, 4, 7, SPAN("2"), WRITER);
    buffer_replace(b, 0, 3, SPAN("1"), WRITER);
    buffer_group(b, false);
    type(b, 1, "!");
    expect(b, "1! 2");
    buffer_undo(b);
    expect(b, "1 2");
    buffer_undo(b);
    expect(b, "one two");
    buffer_redo(b);
    expect(b, "1 2");
    buffer_free(b);
}

static void foreign_text_stays(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "hello");
    buffer_seal(b);
    buffer_replace(b, 0, 5, SPAN("world"), WRITER);
    for (int i = 0; i < 3; i++)
        foreign(b, 3 + (size_t)i, "X");
    foreign(b, 0, "<");
    foreign(b, 9, ">");
    expect(b, "<worXXXld>");
    buffer_undo(b);
    expect(b, "<helloXXX>");
    foreign(b, 2, "Y");
    buffer_redo(b);
    expect(b, "<worYXXXld>");
    buffer_undo(b);
    expect(b, "<hYelloXXX>");
    buffer_undo(b);
    expect(b, "<YXXX>");
    buffer_redo(b);
    expect(b, "<hYelloXXX>");
    buffer_free(b);
}

static void foreign_text_may_go_again(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "hello");
    buffer_seal(b);
    foreign(b, 2, "UVW");
    type(b, 8, "!");
    buffer_remove_foreign(b, 2, 5);
    expect(b, "hello!");
    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    expect(b, "hello");
    foreign(b, 0, "YY");
    buffer_remove_foreign(b, 0, 2);
    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    expect(b, "");
    foreign(b, 0, "Z");
    buffer_remove_foreign(b, 0, 1);
    buffer_redo(b);
    buffer_redo(b);
    expect(b, "hello!");
    foreign(b, 2, "XYZ");
    buffer_replace(b, 3, 4, SPAN(""), WRITER);
    buffer_remove_foreign(b, 2, 4); /* the writer erased within it: that cannot be undone any more */
    expect(b, "hello!");
    assert_int_equal(buffer_undo(b).kind, UNDO_NOTHING);
    type(b, 6, "?");
    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    expect(b, "hello!");
    buffer_free(b);
}

static void typing_goes_on_beside_a_stream(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "a");
    foreign(b, 0, "mm");
    type(b, 3, "b");
    foreign(b, 4, "n");
    type(b, 4, "c");
    expect(b, "mmabcn");
    buffer_undo(b);
    expect(b, "mmn");
    assert_int_equal(buffer_undo(b).kind, UNDO_NOTHING);
    buffer_free(b);
}

static void steps_lie_in_the_history(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "page");
    buffer_reset_tail(b, 4, SPAN(" take"), &(struct run){5, MODEL}, 1);
    buffer_push_step(b, 10, 11);
    foreign(b, 9, "s");
    type(b, 0, "a ");
    expect(b, "a page takes");

    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    struct undo undo = buffer_undo(b);
    assert_int_equal(undo.kind, UNDO_STEP);
    assert_int_equal(undo.step, 10);
    buffer_reset_tail(b, 4, SPAN(""), NULL, 0);
    buffer_step_done(b);
    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    expect(b, "");

    assert_int_equal(buffer_redo(b).kind, UNDO_EDIT);
    undo = buffer_redo(b);
    assert_int_equal(undo.kind, UNDO_STEP);
    assert_int_equal(undo.step, 11);
    buffer_reset_tail(b, 4, SPAN(" takes"), &(struct run){6, MODEL}, 1);
    buffer_step_done(b);
    assert_int_equal(buffer_redo(b).kind, UNDO_EDIT);
    expect(b, "a page takes");
    assert_int_equal(buffer_redo(b).kind, UNDO_NOTHING);
    buffer_free(b);
}

static void steps_that_come_back_different_drop_the_rest(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "page");
    buffer_push_step(b, 1, 2);
    type(b, 4, "!");
    buffer_undo(b);
    assert_int_equal(buffer_undo(b).kind, UNDO_STEP);
    buffer_reset_tail(b, 2, SPAN("inted"), &(struct run){5, MODEL}, 1);
    buffer_step_done(b);
    expect(b, "painted");
    assert_int_equal(buffer_undo(b).kind, UNDO_NOTHING);
    assert_int_equal(buffer_redo(b).kind, UNDO_STEP);
    buffer_step_done(b);
    assert_int_equal(buffer_redo(b).kind, UNDO_NOTHING);
    expect(b, "painted");
    buffer_free(b);
}

static void shared_text_moves_on_both_sides_of_a_step(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "ab");
    buffer_reset_tail(b, 1, SPAN("tail"), &(struct run){4, MODEL}, 1);
    buffer_push_step(b, 1, 2);
    foreign(b, 0, "__");
    assert_int_equal(buffer_undo(b).kind, UNDO_STEP);
    buffer_reset_tail(b, 3, SPAN("b"), &(struct run){1, WRITER}, 1);
    buffer_step_done(b);
    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    expect(b, "__");
    buffer_free(b);
}

static void what_a_text_is_opened_with_is_no_step(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    buffer_reset_tail(b, 0, SPAN("page"), &(struct run){4, WRITER}, 1);
    buffer_reset_tail(b, 4, SPAN("take"), &(struct run){4, MODEL}, 1);
    buffer_push_step(b, 1, 2);
    type(b, 8, "!");
    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    assert_int_equal(buffer_undo(b).kind, UNDO_STEP);
    buffer_reset_tail(b, 4, SPAN(""), NULL, 0);
    buffer_step_done(b);
    foreign(b, 0, "__");
    assert_int_equal(buffer_redo(b).kind, UNDO_STEP);
    buffer_reset_tail(b, 6, SPAN("take"), &(struct run){4, MODEL}, 1);
    buffer_step_done(b);
    assert_int_equal(buffer_redo(b).kind, UNDO_EDIT);
    expect(b, "__pagetake!");
    buffer_free(b);
}

static void a_new_tail_without_a_step_forgets(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "page");
    buffer_reset_tail(b, 0, SPAN("page"), &(struct run){4, OTHER}, 1);
    assert_int_equal(buffer_ink_at(b, 0).owner, OTHER.owner);
    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    assert_int_equal(buffer_redo(b).kind, UNDO_EDIT);
    buffer_reset_tail(b, 0, SPAN("else"), &(struct run){4, OTHER}, 1);
    type(b, 4, "!");
    buffer_undo(b);
    expect(b, "else");
    assert_int_equal(buffer_undo(b).kind, UNDO_NOTHING);
    buffer_free(b);
}

static void runs_are_pasted_as_given(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    type(b, 0, "[]");
    const struct run runs[] = {{1, MODEL}, {0, WRITER}, {1, MODEL}, {1, OTHER}};
    buffer_replace_runs(b, 1, 1, SPAN("abc"), runs, 4);
    expect(b, "[abc]");
    assert_int_equal(buffer_ink_at(b, 2).owner, MODEL.owner);
    assert_int_equal(buffer_ink_at(b, 3).owner, OTHER.owner);
    buffer_undo(b);
    buffer_redo(b);
    expect(b, "[abc]");
    assert_int_equal(buffer_ink_at(b, 3).owner, OTHER.owner);
    buffer_free(b);
}

static void history_is_bounded(void **state)
{
    (void)state;
    struct buffer *b = buffer_new();
    for (int i = 0; i < 100; i++) {
        buffer_seal(b);
        type(b, 0, "0123456789");
    }
    buffer_set_history_limit(b, 4000);
    int undone = 0;
    while (buffer_undo(b).kind == UNDO_EDIT)
        undone++;
    assert_in_range(undone, 5, 50);
    assert_int_equal(buffer_length(b), 1000 - undone * 10);
    buffer_set_history_limit(b, 0);
    type(b, 0, "kept");
    assert_int_equal(buffer_undo(b).kind, UNDO_EDIT);
    assert_int_equal(buffer_undo(b).kind, UNDO_NOTHING);
    buffer_free(b);
}

static void changes_are_told_as_one_range(void **state)
{
    (void)state;
    struct buffer *b = buffer_new(), *other = buffer_new();
    type(b, 0, "0123456789");
    uint64_t then = buffer_version(b);
    struct change change = {0};
    assert_true(buffer_changed_since(b, then, &change));
    assert_int_equal(change.removed + change.added, 0);
    erase(b, 6, 8);
    type(b, 3, "abc");
    erase(b, 2, 4);
    assert_true(buffer_changed_since(b, then, &change));
    assert_int_equal(change.at, 2);
    assert_int_equal(change.removed, 6);
    assert_int_equal(change.added, 5);
    assert_false(buffer_changed_since(b, buffer_version(other), &change));
    for (int i = 0; i < 300; i++)
        type(b, 0, "x");
    assert_false(buffer_changed_since(b, then, &change));
    buffer_free(b);
    buffer_free(other);
}

/* -- any edits against a naive model --------------------------------------------------------------------- */

/* A small letter is the writer's and tells its own owner; capitals are foreign. The model is the plain text,
 * and for the history a list of what the small letters read after each edit: foreign text must never change
 * that. */
enum { STEPS = 4000, SNAPSHOTS = 400, ROOM = 1 << 16 };

struct model {
    char text[ROOM];
    size_t len;
    char *snapshots[SNAPSHOTS];
    int now, last;
    uint32_t seed;
};

static uint32_t pick(struct model *m, uint32_t below)
{
    m->seed = m->seed * 1664525 + 1013904223;
    return (m->seed >> 8) % below;
}

static struct ink letter_ink(char c)
{
    return c >= 'a' ? (struct ink){c % 3 + 1, 0, c % 5} : (struct ink){9, 1, 0};
}

static char *small_letters(const char *text, size_t len)
{
    struct str out = {0};
    for (size_t i = 0; i < len; i++) {
        if (text[i] >= 'a')
            str_add_byte(&out, text[i]);
    }
    return str_take(&out);
}

static void model_splice(struct model *m, size_t from, size_t to, struct span text)
{
    assert_true(m->len + text.len < ROOM);
    memmove(m->text + from + text.len, m->text + to, m->len - to);
    memcpy(m->text + from, text.s, text.len);
    m->len += text.len - (to - from);
}

static void model_remember(struct model *m)
{
    while (m->last > m->now)
        free(m->snapshots[m->last--]);
    m->snapshots[++m->now] = small_letters(m->text, m->len);
    m->last = m->now;
}

static void model_check(const struct model *m, struct buffer *b)
{
    struct span text = buffer_text(b);
    assert_int_equal(text.len, m->len);
    assert_memory_equal(text.s, m->text, m->len);
    size_t count = 0, at = 0;
    const struct run *runs = buffer_runs(b, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t end = at + runs[i].len; at < end; at++)
            assert_true(ink_equal(runs[i].ink, letter_ink(text.s[at])));
    }
    assert_int_equal(at, m->len);
}

static void random_text(struct model *m, char first, char text[8])
{
    size_t len = 1 + pick(m, 6);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)(first + (char)pick(m, 26));
    text[len] = '\0';
}

static void random_edit(struct model *m, struct buffer *b)
{
    char text[8] = "";
    size_t from = pick(m, (uint32_t)m->len + 1), to = from + pick(m, 5);
    if (to > m->len || pick(m, 2))
        to = from;
    if (from == to || pick(m, 2))
        random_text(m, 'a', text);
    struct run runs[8] = {0};
    for (size_t i = 0; i < strlen(text); i++)
        runs[i] = (struct run){1, letter_ink(text[i])};
    buffer_replace_runs(b, from, to, span_of(text), runs, strlen(text));
    model_splice(m, from, to, span_of(text));
}

static void random_foreign(struct model *m, struct buffer *b)
{
    char text[8] = "";
    size_t at = pick(m, (uint32_t)m->len + 1);
    for (uint32_t pieces = 1 + pick(m, 3); pieces > 0; pieces--) {
        random_text(m, 'A', text);
        buffer_insert_foreign(b, at, span_of(text), letter_ink('A'));
        model_splice(m, at, at, span_of(text));
        at += strlen(text);
    }
}

/* Where foreign text lies among what comes back is the buffer's to decide: the model takes it over once the
 * rest is right. */
static void travel(struct model *m, struct buffer *b, int by)
{
    struct undo undo = by < 0 ? buffer_undo(b) : buffer_redo(b);
    bool possible = by < 0 ? m->now > 0 : m->now < m->last;
    assert_int_equal(undo.kind, possible ? UNDO_EDIT : UNDO_NOTHING);
    if (!possible)
        return;
    m->now += by;
    struct span text = buffer_text(b);
    assert_true(undo.caret <= text.len);
    char *small = small_letters(text.s, text.len);
    assert_string_equal(small, m->snapshots[m->now]);
    free(small);
    m->len = text.len;
    memcpy(m->text, text.s, text.len);
}

static void random_step(struct model *m, struct buffer *b)
{
    switch (pick(m, 8)) {
    case 0:
        if (m->now + 1 >= SNAPSHOTS)
            break;
        buffer_group(b, true);
        for (uint32_t i = 1 + pick(m, 3); i > 0; i--)
            random_edit(m, b);
        buffer_group(b, false);
        model_remember(m);
        break;
    case 1:
    case 2:
        if (m->now + 1 >= SNAPSHOTS)
            break;
        buffer_seal(b);
        random_edit(m, b);
        model_remember(m);
        break;
    case 3:
    case 4:
        random_foreign(m, b);
        break;
    case 5:
        travel(m, b, 1);
        break;
    default:
        travel(m, b, -1);
        break;
    }
}

static void any_edits_agree_with_the_model(void **state)
{
    (void)state;
    struct model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    for (uint32_t round = 0; round < 8; round++) {
        struct buffer *b = buffer_new();
        *m = (struct model){.seed = round * 7919 + 1};
        m->snapshots[0] = small_letters("", 0);
        for (int i = 0; i < STEPS; i++) {
            random_step(m, b);
            model_check(m, b);
        }
        while (m->now > 0)
            travel(m, b, -1);
        model_check(m, b);
        while (m->now < m->last)
            travel(m, b, 1);
        model_check(m, b);
        for (int i = 0; i <= m->last; i++)
            free(m->snapshots[i]);
        buffer_free(b);
    }
    free(m);
}

/* -- as the library keeps them ---------------------------------------------------------------------------- */

static void expect_stored(const char *text, const char *again, const char *rest_text)
{
    struct span rest = span_of(text);
    struct str out = {0};
    struct run run;
    while (rest.len && run_read(&rest, &run)) {
        assert_int_equal(run.ink.owner, 0);
        run_write(&out, &run);
    }
    assert_string_equal(str_text(&out), again);
    assert_true(span_is(rest, rest_text));
    str_release(&out);
}

static void runs_are_read_as_written(void **state)
{
    (void)state;
    expect_stored("", "", "");
    expect_stored("6:1,3:2,3:1", "6:1,3:2,3:1", "");
    expect_stored("6:1:41,3:2:9000000000,3:0", "6:1:41,3:2:9000000000,3:0", "");
    expect_stored("6:1:0", "6:1", "");
    expect_stored("6:1,x:2,3:1", "6:1", "x:2,3:1");
    expect_stored("6:1,3:2:x", "6:1", "3:2:x");
    expect_stored("6:1,3:2:4:5", "6:1", "3:2:4:5");
    expect_stored("6:-1", "", "6:-1");
    expect_stored("3:model,8:writer", "", "3:model,8:writer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(typing_joins),
        cmocka_unit_test(erasing_joins_by_direction),
        cmocka_unit_test(groups_undo_as_one),
        cmocka_unit_test(foreign_text_stays),
        cmocka_unit_test(foreign_text_may_go_again),
        cmocka_unit_test(typing_goes_on_beside_a_stream),
        cmocka_unit_test(steps_lie_in_the_history),
        cmocka_unit_test(steps_that_come_back_different_drop_the_rest),
        cmocka_unit_test(shared_text_moves_on_both_sides_of_a_step),
        cmocka_unit_test(what_a_text_is_opened_with_is_no_step),
        cmocka_unit_test(a_new_tail_without_a_step_forgets),
        cmocka_unit_test(runs_are_pasted_as_given),
        cmocka_unit_test(history_is_bounded),
        cmocka_unit_test(changes_are_told_as_one_range),
        cmocka_unit_test(any_edits_agree_with_the_model),
        cmocka_unit_test(runs_are_read_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
