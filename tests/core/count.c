#include "core/count.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect_count(struct span text, struct count want)
{
    struct count have = {.han = 0};
    count_add(&have, text);
    assert_int_equal(have.han, want.han);
    assert_int_equal(have.han_marks, want.han_marks);
    assert_int_equal(have.words, want.words);
    assert_int_equal(have.lines, want.lines);
    assert_int_equal(have.clusters, want.clusters);
}

static void counts_chinese(void **state)
{
    (void)state;
    expect_count(SPAN("床前明月光，\n疑是地上霜。"),
                 (struct count){.han = 10, .han_marks = 12, .lines = 2, .clusters = 12});
    expect_count(SPAN("他说：“你好……”——她笑了。"),
                 (struct count){.han = 7, .han_marks = 15, .lines = 1, .clusters = 15});
    expect_count(SPAN("约翰·史密斯"), (struct count){.han = 5, .han_marks = 6, .lines = 1, .clusters = 6});
    expect_count(SPAN("“Hello，世界”"), (struct count){.han = 2, .han_marks = 4, .words = 1, .lines = 1, .clusters = 10});
    expect_count(SPAN("二〇二六年，人人々"), (struct count){.han = 8, .han_marks = 9, .lines = 1, .clusters = 9});
}

static void counts_english(void **state)
{
    (void)state;
    expect_count(SPAN("“Don’t stop,” she said — twice…"),
                 (struct count){.words = 5, .lines = 1, .clusters = 31});
    expect_count(SPAN("well-known it's rock-'n'"), (struct count){.words = 4, .lines = 1, .clusters = 24});
    expect_count(SPAN("cafe\u0301 naïve"), (struct count){.words = 2, .lines = 1, .clusters = 10});
    expect_count(SPAN("Привет, мир 42"), (struct count){.words = 3, .lines = 1, .clusters = 14});
}

static void counts_mixed_and_other_scripts(void **state)
{
    (void)state;
    expect_count(SPAN("用vim写3首诗"), (struct count){.han = 4, .han_marks = 4, .words = 2, .lines = 1, .clusters = 8});
    expect_count(SPAN("한국어 시"), (struct count){.words = 2, .lines = 1, .clusters = 5});
    expect_count(SPAN("ひらがな、カナ"), (struct count){.han_marks = 1, .lines = 1, .clusters = 7});
    expect_count(SPAN("👍🏽👨\u200D👩\u200D👧"), (struct count){.lines = 1, .clusters = 2});
}

static void counts_lines_that_hold_something(void **state)
{
    (void)state;
    expect_count(SPAN(""), (struct count){.lines = 0});
    expect_count(SPAN("\n\n\n"), (struct count){.lines = 0});
    expect_count(SPAN("a\n \n\t\n　\n\nb\n"), (struct count){.words = 2, .lines = 2, .clusters = 5});
    expect_count(SPAN("\xFF\n"), (struct count){.lines = 1, .clusters = 1});
}

static void adds_up(void **state)
{
    (void)state;
    struct count c = {.han = 0};
    count_add(&c, SPAN("春眠不觉晓，"));
    count_add(&c, SPAN("spring sleep"));
    count_add(&c, (struct span){NULL, 0});
    assert_int_equal(c.han, 5);
    assert_int_equal(c.han_marks, 6);
    assert_int_equal(c.words, 2);
    assert_int_equal(c.lines, 2);
    assert_int_equal(c.clusters, 18);
}

static void knows_han_from_marks(void **state)
{
    (void)state;
    static const int32_t han[] = {0x4E00, 0x9FFF, 0x3400, 0x20000, 0x31350, 0x3007, 0x3005, 0xF900};
    static const int32_t marks[] = {0x3001, 0x3002, 0xFF0C, 0x2014, 0x2026, 0x201C, 0x2019, 0x300A, 0xFE30};
    for (size_t i = 0; i < sizeof han / sizeof *han; i++)
        assert_true(is_han(han[i]) && !is_cjk_mark(han[i]));
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        assert_true(is_cjk_mark(marks[i]) && !is_han(marks[i]));
    static const int32_t neither[] = {-1, 'a', ',', 0x3042, 0xAC00, 0xFF21, 0x3000, 0x1F600};
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        assert_false(is_han(neither[i]) || is_cjk_mark(neither[i]));
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_chinese),
        cmocka_unit_test(counts_english),
        cmocka_unit_test(counts_mixed_and_other_scripts),
        cmocka_unit_test(counts_lines_that_hold_something),
        cmocka_unit_test(adds_up),
        cmocka_unit_test(knows_han_from_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
