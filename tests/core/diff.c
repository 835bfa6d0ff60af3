/* The word diff against a plain table of longest common subsequences, what a reader sees of it, and which lines stand beside one another. */
#include "core/diff.h"
#include "core/clock.h"
#include "core/display.h"
#include "core/lcs.h"
#include "core/mem.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t dice_state = 1;

static uint32_t dice(uint32_t sides)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (dice_state >> 8) % sides;
}

/* The diff as text: same [removed|added] same. */
static void show(struct span a, struct span b, struct str *out)
{
    struct diff d = {0};
    diff_make(&d, a, b);
    for (int i = 0; i < d.count; i++) {
        const struct diff_hunk *h = &d.hunks[i];
        if (h->kind == DIFF_SAME) {
            str_add(out, span_cut(a, h->a, h->a_end));
            continue;
        }
        str_printf(out, "[%.*s|%.*s]", SPAN_ARG(span_cut(a, h->a, h->a_end)), SPAN_ARG(span_cut(b, h->b, h->b_end)));
    }
    diff_release(&d);
}

static void expect(const char *a, const char *b, const char *shown)
{
    struct str out = {0};
    show(span_of(a), span_of(b), &out);
    assert_string_equal(str_text(&out), shown);
    str_release(&out);
}

static bool on_border(struct span text, size_t at)
{
    return at == text.len || at == 0 || display_next(text, display_prev(text, at)) == at;
}

/* Whatever the texts: the hunks cover both, alternate, tell the truth, and rebuild b. */
static void check_sound(const struct diff *d, struct span a, struct span b)
{
    size_t at = 0, b_at = 0;
    struct str built = {0};
    for (int i = 0; i < d->count; i++) {
        const struct diff_hunk *h = &d->hunks[i];
        assert_true(h->a == at && h->b == b_at && h->a_end >= h->a && h->b_end >= h->b);
        assert_true(h->a_end > h->a || h->b_end > h->b);
        assert_true(i == 0 || (h->kind == DIFF_SAME) != (d->hunks[i - 1].kind == DIFF_SAME));
        assert_int_equal(h->kind == DIFF_ADDED, h->a == h->a_end);
        assert_int_equal(h->kind == DIFF_REMOVED, h->b == h->b_end);
        if (h->kind == DIFF_SAME)
            assert_true(span_equal(span_cut(a, h->a, h->a_end), span_cut(b, h->b, h->b_end)));
        at = h->a_end;
        b_at = h->b_end;
    }
    assert_true(at == a.len && b_at == b.len);
    diff_apply(d, a, b, NULL, &built);
    assert_true(span_equal(str_span(&built), b));
    str_clear(&built);
    bool *none = mem_new((size_t)d->count + 1, sizeof *none);
    diff_apply(d, a, b, none, &built);
    assert_true(span_equal(str_span(&built), a));
    free(none);
    str_release(&built);
}

static void check(struct span a, struct span b)
{
    struct diff d = {0};
    diff_make(&d, a, b);
    check_sound(&d, a, b);
    for (int i = 0; i < d.count; i++)
        assert_true(on_border(a, d.hunks[i].a_end) && on_border(b, d.hunks[i].b_end));
    diff_release(&d);
}

/* -- the shortest ------------------------------------------------------------------------------------------------------------------ */

static size_t table_lcs(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    size_t *row = mem_new(m + 1, sizeof *row);
    for (size_t i = 0; i < n; i++) {
        size_t corner = 0;
        for (size_t j = 0; j < m; j++) {
            size_t above = row[j + 1];
            row[j + 1] = a[i] == b[j] ? corner + 1 : above > row[j] ? above : row[j];
            corner = above;
        }
    }
    size_t length = row[m];
    free(row);
    return length;
}

static size_t check_match(const uint32_t *a, size_t n, const uint32_t *b, size_t m, const int32_t *match)
{
    size_t count = 0;
    int32_t last = -1;
    for (size_t i = 0; i < n; i++) {
        if (match[i] < 0)
            continue;
        assert_true(match[i] > last && (size_t)match[i] < m && a[i] == b[match[i]]);
        last = match[i];
        count++;
    }
    return count;
}

static void finds_the_longest_common_subsequence(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        uint32_t a[400], b[400], sides = 1 + dice(round % 3 ? 6 : 300);
        int32_t match[400];
        size_t n = dice(round % 10 ? 40 : 400), m = dice(round % 10 ? 40 : 400);
        for (size_t i = 0; i < n; i++)
            a[i] = dice(sides);
        for (size_t i = 0; i < m; i++)
            b[i] = dice(sides);
        assert_true(lcs_match(a, n, b, m, LCS_BUDGET, match));
        assert_int_equal(check_match(a, n, b, m, match), table_lcs(a, n, b, m));
    }
}

static void stays_right_without_a_budget(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        uint32_t a[300], b[300];
        int32_t match[300];
        size_t n = 0, m = 0;
        for (size_t i = 0; i < 300; i++) {
            uint32_t number = dice(40);
            if (dice(20) || n == 0)
                a[n++] = number;
            if (dice(20) || m == 0)
                b[m++] = dice(20) ? number : dice(40);
        }
        (void)lcs_match(a, n, b, m, dice(40000), match);
        assert_true(check_match(a, n, b, m, match) > 0);
    }
}

static void rebuilds_any_text(void **state)
{
    static const char *const parts[] = {"秋", "夜", "江", "，", "。", "\n", " ", "the ", "river", "e\u0301", "\xE4", "👩‍👩‍👧", "🇫🇷", "don't", "\r\n", "\t"};
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct str a = {0}, b = {0};
        uint32_t kinds = 1 + dice(COUNT_OF(parts));
        for (uint32_t i = dice(30); i > 0; i--)
            str_add_text(&a, parts[dice(kinds)]);
        for (uint32_t i = dice(30); i > 0; i--)
            str_add_text(&b, parts[dice(kinds)]);
        check(str_span(&a), str_span(&b));
        str_release(&a);
        str_release(&b);
    }
}

static void is_never_longer_than_need_be(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        uint32_t a[60], b[60];
        struct str text_a = {0}, text_b = {0};
        size_t n = dice(60), m = dice(60);
        struct diff d = {0};
        for (size_t i = 0; i < n + m; i++) {
            uint32_t *at = i < n ? &a[i] : &b[i - n];
            *at = dice(8);
            str_add(i < n ? &text_a : &text_b, span_cut(SPAN("天地玄黄宇宙洪荒"), *at * 3, *at * 3 + 3));
        }
        diff_make(&d, str_span(&text_a), str_span(&text_b));
        assert_int_equal(d.a_size, n);
        assert_int_equal(d.b_size, m);
        assert_int_equal(d.common, table_lcs(a, n, b, m));
        assert_false(d.coarse);
        diff_release(&d);
        str_release(&text_a);
        str_release(&text_b);
    }
}

/* -- what a reader sees ------------------------------------------------------------------------------------------------------------ */

static void tells_words(void **state)
{
    (void)state;
    expect("", "", "");
    expect("same", "same", "same");
    expect("", "new words", "[|new words]");
    expect("old words", "", "[old words|]");
    expect("the river is cold tonight", "the river was cold tonight", "the river [is|was] cold tonight");
    expect("a cold river", "a cold, slow river", "a cold[|, slow] river");
    expect("don't go", "do go", "[don't|do] go");
    expect("well-known poet", "known poet", "[well-known|known] poet");
    expect("at 0.70 a thousand times", "at 0.90 a thousand times", "at [0.70|0.90] a thousand times");
    expect("1,000 rivers.", "1,200 rivers.", "[1,000|1,200] rivers.");
    expect("rivers", "river", "[rivers|river]");
    expect("caf\u00e9 noir", "cafe\u0301 noir", "[caf\u00e9|cafe\u0301] noir");
}

static void tells_chinese_characters(void **state)
{
    (void)state;
    expect("春眠不觉晓，处处闻啼鸟。", "春眠不觉晓，夜夜闻啼鸟。", "春眠不觉晓，[处处|夜夜]闻啼鸟。");
    expect("床前明月光", "窗前明月光", "[床|窗]前明月光");
    expect("我写river的诗", "我写rivers的诗", "我写[river|rivers]的诗");
    expect("他走了。", "他慢慢走了。", "他[|慢慢]走了。");
}

static void keeps_clusters_whole(void **state)
{
    (void)state;
    expect("一家👩‍👩‍👧人", "一家👩‍👩‍👦人", "一家[👩‍👩‍👧|👩‍👩‍👦]人");
    expect("去🇫🇷看", "去🇫🇮看", "去[🇫🇷|🇫🇮]看");
    expect("葛\U000E0100城", "葛城", "[葛\U000E0100|葛]城");
}

static void throws_no_confetti(void **state)
{
    (void)state;
    expect("white heron stands alone", "black crow sits quietly", "[white heron stands alone|black crow sits quietly]");
    expect("青山横北郭", "白水绕东城", "[青山横北郭|白水绕东城]");
    expect("春江花月夜", "秋江雪月夜", "[春江花|秋江雪]月夜");
    /* but the ends of lines are told, and what is long enough is kept */
    expect("青山远，\n白水流。", "红日近，\n黑云来。", "[青山远|红日近]，\n[白水流|黑云来]。");
    expect("he sang of autumn rain and left", "she sang of autumn rain and stayed", "[he|she] sang of autumn rain and [left|stayed]");
}

static void puts_changes_where_they_read_best(void **state)
{
    (void)state;
    expect("one\ntwo\n", "one\nmore\ntwo\n", "one\n[|more\n]two\n");
    expect("雨。雪。", "雨。风。雪。", "雨。[|风。]雪。");
    expect("a big dog", "a big big dog", "a big [|big ]dog");
    expect("山高\n山高\n水长", "山高\n水长", "山高\n[山高\n|]水长");
}

static void merges_by_hunk(void **state)
{
    (void)state;
    struct span a = SPAN("the old river runs slowly home"), b = SPAN("the young river runs quickly home");
    struct diff d = {0};
    struct str out = {0};
    bool taken[8] = {0};
    diff_make(&d, a, b);
    assert_int_equal(d.count, 5);
    assert_int_equal(diff_changes(&d), 2);
    taken[3] = true;
    diff_apply(&d, a, b, taken, &out);
    assert_string_equal(str_text(&out), "the old river runs quickly home");
    diff_release(&d);
    str_release(&out);
}

static void knows_likeness(void **state)
{
    (void)state;
    assert_true(diff_likeness(SPAN("秋夜江上"), SPAN("秋夜江上")) == 1);
    assert_true(diff_likeness(SPAN("秋夜江上"), SPAN("秋夜山中")) == 0.5);
    assert_true(diff_likeness(SPAN("a, b. c"), SPAN("d, e. f")) == 0);
    assert_true(diff_likeness(SPAN(""), SPAN("")) == 1);
    assert_true(diff_likeness(SPAN(""), SPAN("x")) == 0);
}

/* -- lines ------------------------------------------------------------------------------------------------------------------------- */

/* Rows as "0-0 1-. .-1". */
static void expect_lines(const char *a, const char *b, const char *c, const char *rows)
{
    struct span texts[3] = {span_of(a), span_of(b), span_of(c)};
    struct diff_rows out = {0};
    struct str shown = {0};
    int count = c ? 3 : 2;
    diff_align(&out, texts, count);
    for (int i = 0; i < out.count; i++) {
        str_add_text(&shown, i ? " " : "");
        for (int t = 0; t < count; t++) {
            str_add_text(&shown, t ? "-" : "");
            if (out.rows[i].line[t] < 0)
                str_add_byte(&shown, '.');
            else
                str_printf(&shown, "%d", out.rows[i].line[t]);
        }
    }
    assert_string_equal(str_text(&shown), rows);
    str_release(&shown);
    diff_rows_release(&out);
}

static void lays_lines_beside_one_another(void **state)
{
    (void)state;
    expect_lines("", "", NULL, "");
    expect_lines("one\n", "", NULL, "0-.");
    expect_lines("", "one\ntwo", NULL, ".-0 .-1");
    expect_lines("a\nb\nc", "a\nb\nc", NULL, "0-0 1-1 2-2");
    expect_lines("first line\nlast line", "first line\nsomething else here\nlast line", NULL, "0-0 .-1 1-2");
    expect_lines("夜来风雨声\n花落知多少", "春眠不觉晓\n夜来风雪声\n花落知多少", NULL, ".-0 0-1 1-2");
    expect_lines("the moon is low\nx y z", "q r s\nthe moon was low", NULL, ".-0 0-1 1-.");
    expect_lines("一\n二\n三", "甲\n乙\n丙", NULL, "0-0 1-1 2-2");
    expect_lines("a\nb", "b", "a\nc\nb", "0-.-0 .-.-1 1-0-2");
    expect_lines("a\nb", "x y\na\nb", "a\nb", ".-0-. 0-1-0 1-2-1");
}

static void leaves_no_line_out(void **state)
{
    static const char *const lines[] = {"秋夜长\n", "秋夜短\n", "the river\n", "a river\n", "\n", "雨\n", "no newline"};
    (void)state;
    for (int round = 0; round < 1000; round++) {
        struct str texts[3] = {0};
        struct span spans[3], rest, line;
        struct diff_rows out = {0};
        for (int t = 0; t < 3; t++) {
            for (uint32_t i = dice(8); i > 0; i--)
                str_add_text(&texts[t], lines[dice(COUNT_OF(lines))]);
            spans[t] = str_span(&texts[t]);
        }
        diff_align(&out, spans, 3);
        for (int t = 0; t < 3; t++) {
            int next = 0;
            for (int i = 0; i < out.count; i++)
                if (out.rows[i].line[t] >= 0)
                    assert_int_equal(out.rows[i].line[t], next++);
            for (rest = spans[t]; span_line(&rest, &line); next--)
                ;
            assert_int_equal(next, 0);
        }
        for (int i = 0; i < out.count; i++)
            assert_true(out.rows[i].line[0] >= 0 || out.rows[i].line[1] >= 0 || out.rows[i].line[2] >= 0);
        diff_rows_release(&out);
        for (int t = 0; t < 3; t++)
            str_release(&texts[t]);
    }
}

/* -- hostile ----------------------------------------------------------------------------------------------------------------------- */

/* Generous: a time that grew with the square of these lengths would be minutes. */
static void check_in_time(struct span a, struct span b)
{
    struct diff d = {0};
    struct diff_rows rows = {0};
    int64_t start = clock_now_us();
    diff_make(&d, a, b);
    diff_align(&rows, (struct span[]){a, b}, 2);
    assert_true(clock_now_us() - start < 10000000);
    check_sound(&d, a, b);
    diff_release(&d);
    diff_rows_release(&rows);
}

static void fill(struct str *out, size_t bytes, const char *const *parts, uint32_t count)
{
    while (out->len < bytes)
        str_add_text(out, parts[dice(count)]);
}

static void takes_huge_and_hostile_texts(void **state)
{
    static const char *const same[] = {"a "}, *const two[] = {"字", "句"}, *const words[] = {"one ", "two ", "three\n", "四", "\xFF", "\n"};
    (void)state;
    struct str a = {0}, b = {0};
    fill(&a, 300000, same, 1);
    fill(&b, 200000, same, 1);
    check_in_time(str_span(&a), str_span(&b));
    str_clear(&a);
    str_clear(&b);
    fill(&a, 300000, two, 2);
    fill(&b, 300000, two, 2);
    check_in_time(str_span(&a), str_span(&b));
    str_clear(&b);
    fill(&b, 300000, words, COUNT_OF(words));
    check_in_time(str_span(&a), str_span(&b));
    str_set(&a, str_span(&b));
    str_splice(&a, 100000, 7, SPAN("changed here"));
    check_in_time(str_span(&a), str_span(&b));
    str_clear(&a);
    str_clear(&b);
    for (int i = 0; i < 100000; i++) {
        str_add_byte(&a, '\n');
        str_add_text(&b, i % 2 ? "\n" : "x\n");
    }
    check_in_time(str_span(&a), str_span(&b));
    str_release(&a);
    str_release(&b);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_longest_common_subsequence),
        cmocka_unit_test(stays_right_without_a_budget),
        cmocka_unit_test(rebuilds_any_text),
        cmocka_unit_test(is_never_longer_than_need_be),
        cmocka_unit_test(tells_words),
        cmocka_unit_test(tells_chinese_characters),
        cmocka_unit_test(keeps_clusters_whole),
        cmocka_unit_test(throws_no_confetti),
        cmocka_unit_test(puts_changes_where_they_read_best),
        cmocka_unit_test(merges_by_hunk),
        cmocka_unit_test(knows_likeness),
        cmocka_unit_test(lays_lines_beside_one_another),
        cmocka_unit_test(leaves_no_line_out),
        cmocka_unit_test(takes_huge_and_hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
