#include "core/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_span(struct span have, const char *want)
{
    assert_int_equal(have.len, strlen(want));
    assert_true(span_is(have, want));
}

static void cuts_and_trims(void **state)
{
    (void)state;
    struct span sp = SPAN("abcdef");
    expect_span(span_cut(sp, 2, 4), "cd");
    expect_span(span_cut(sp, 4, 99), "ef");
    expect_span(span_cut(sp, 99, 100), "");
    expect_span(span_cut(sp, 5, 2), "");
    expect_span(span_cut((struct span){NULL, 0}, 0, 3), "");
    expect_span(span_of(NULL), "");
    expect_span(span_trim(SPAN(" \t\r\n 床前　月 　\n")), "床前　月");
    expect_span(span_trim(SPAN("　 　")), "");
    expect_span(span_trim(SPAN("\x80\x80")), "\x80\x80");
}

static void compares_and_finds(void **state)
{
    (void)state;
    assert_true(span_equal(SPAN(""), (struct span){NULL, 0}));
    assert_false(span_equal(SPAN("ab"), SPAN("ac")));
    assert_true(span_starts(SPAN("秋夜"), "秋"));
    assert_false(span_starts(SPAN("秋"), "秋夜"));
    assert_int_equal(span_find(SPAN("abcabc"), SPAN("bc"), 0), 1);
    assert_int_equal(span_find(SPAN("abcabc"), SPAN("bc"), 2), 4);
    assert_int_equal(span_find(SPAN("abcabc"), SPAN("bc"), 5), -1);
    assert_int_equal(span_find(SPAN("abc"), SPAN(""), 3), 3);
    assert_int_equal(span_find(SPAN("abc"), SPAN(""), 4), -1);
    assert_int_equal(span_find(SPAN("a"), SPAN("aa"), 0), -1);
    struct span nul = {"a\0b", 3};
    assert_int_equal(span_find(nul, SPAN("b"), 0), 2);
}

static void reads_lines(void **state)
{
    (void)state;
    struct span rest = SPAN("one\r\n\ntwo\rthree\nlast"), line = {NULL, 0};
    static const char *const lines[] = {"one", "", "two\rthree", "last"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_true(span_line(&rest, &line));
        expect_span(line, lines[i]);
    }
    assert_false(span_line(&rest, &line));
    struct span end = SPAN("x\n");
    assert_true(span_line(&end, &line));
    assert_false(span_line(&end, &line));
}

static void reads_numbers_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0}, {"-1.5", -1.5}, {"2e3", 2000}, {".5", 0.5}, {"+7", 7}, {"0.70", 0.7}};
    static const char *const bad[] = {"", " 1", "1 ", "1,5", "1x", "nan", "inf", "0x10", "1e999", "--1", ".", "e5", "1.2.3"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = -99;
        assert_true(span_number(span_of(good[i].text), &value));
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value = -99;
        assert_false(span_number(span_of(bad[i]), &value));
        assert_true(value == -99);
    }
    double value = 0;
    assert_false(span_number((struct span){"1\0", 2}, &value));
}

static void reads_integers_strictly(void **state)
{
    (void)state;
    int64_t value = 5;
    assert_true(span_integer(SPAN("9223372036854775807"), &value) && value == INT64_MAX);
    assert_true(span_integer(SPAN("-9223372036854775808"), &value) && value == INT64_MIN);
    assert_true(span_integer(SPAN("-0"), &value) && value == 0);
    static const char *const bad[] = {"", "-", "+1", " 1", "1.0", "9223372036854775808", "-9223372036854775809", "１"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(span_integer(span_of(bad[i]), &value));
    assert_int_equal(value, 0);
}

static void is_empty_when_zeroed(void **state)
{
    (void)state;
    struct str b = {.max = 0};
    assert_string_equal(str_text(&b), "");
    assert_int_equal(str_span(&b).len, 0);
    str_add(&b, SPAN(""));
    assert_string_equal(b.s, "");
    str_release(&b);
    str_release(&b);
    assert_string_equal(b.s, "");
}

static void grows_and_shrinks(void **state)
{
    (void)state;
    struct str b = {.max = 0};
    for (int i = 0; i < 1000; i++) {
        str_add_byte(&b, 'x');
        str_add_text(&b, "yz");
        assert_int_equal(b.s[b.len], 0);
    }
    assert_int_equal(b.len, 3000);
    str_cut(&b, 3);
    assert_string_equal(b.s, "xyz");
    str_add(&b, str_span(&b)); /* to itself */
    assert_string_equal(b.s, "xyzxyz");
    for (int i = 0; i < 6; i++)
        str_add(&b, str_span(&b));
    assert_int_equal(b.len, 384);
    str_set(&b, SPAN("new"));
    assert_string_equal(b.s, "new");
    str_clear(&b);
    assert_string_equal(b.s, "");
    str_printf(&b, "%s %d %05.1f", "千", 7, 2.5);
    assert_string_equal(b.s, "千 7 002.5");
    str_release(&b);
}

static void prints_long_texts(void **state)
{
    (void)state;
    struct str b = {.max = 0};
    for (int width = 0; width < 3000; width += 7) {
        str_clear(&b);
        str_printf(&b, "<%*s>", width, "");
        assert_int_equal(b.len, width + 2);
        assert_int_equal(b.s[b.len - 1], '>');
    }
    str_release(&b);
}

static void splices(void **state)
{
    (void)state;
    struct str b = {.max = 0};
    str_add_text(&b, "床前明月光");
    str_splice(&b, 6, 3, SPAN("bright "));
    assert_string_equal(b.s, "床前bright 月光");
    str_splice(&b, 0, 0, SPAN(">"));
    str_splice(&b, b.len, 0, SPAN("<"));
    assert_string_equal(b.s, ">床前bright 月光<");
    str_splice(&b, 1, b.len - 2, SPAN(""));
    assert_string_equal(b.s, "><");
    str_release(&b);
}

static void keeps_to_its_limit(void **state)
{
    (void)state;
    struct str b;
    str_init(&b, 5);
    assert_true(str_try_add(&b, SPAN("abc")));
    assert_false(str_try_add(&b, SPAN("def")));
    assert_string_equal(b.s, "abc");
    assert_true(str_try_add(&b, SPAN("de")));
    assert_false(str_try_add(&b, SPAN("f")));
    assert_string_equal(b.s, "abcde");
    str_release(&b);
    assert_int_equal(b.max, 5);
}

static void hands_over_its_bytes(void **state)
{
    (void)state;
    struct str a = {.max = 0}, b = {.max = 0};
    char *empty = str_take(&a);
    assert_string_equal(empty, "");
    str_add_text(&a, "秋");
    str_add_text(&b, "old");
    str_move(&b, &a);
    assert_string_equal(str_text(&a), "");
    assert_string_equal(str_text(&b), "秋");
    char *bytes = str_take(&b);
    assert_string_equal(bytes, "秋");
    assert_string_equal(str_text(&b), "");
    char *copy = span_copy(SPAN("a\0b"));
    assert_memory_equal(copy, "a\0b", 4);
    free(copy);
    free(empty);
    free(bytes);
    str_release(&a);
    str_release(&b);
}

static void quotes_for_json(void **state)
{
    (void)state;
    struct str b = {0};
    str_add_quoted(&b, SPAN(""));
    str_add_quoted(&b, SPAN("say \"床\\\n\t\x7F\0"));
    assert_string_equal(b.s, "\"\"\"say \\\"床\\\\\\n\\t\\u007f\\u0000\"");
    str_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_and_trims),
        cmocka_unit_test(compares_and_finds),
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(reads_numbers_strictly),
        cmocka_unit_test(reads_integers_strictly),
        cmocka_unit_test(is_empty_when_zeroed),
        cmocka_unit_test(grows_and_shrinks),
        cmocka_unit_test(prints_long_texts),
        cmocka_unit_test(splices),
        cmocka_unit_test(quotes_for_json),
        cmocka_unit_test(keeps_to_its_limit),
        cmocka_unit_test(hands_over_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
