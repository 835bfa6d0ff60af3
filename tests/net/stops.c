/* A text that ends at a stop word, cut in two at every place and in pieces of every size. */
#include "net/stops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct {
    const char *words[3], *came, *upto;
    bool met;
} rows[] = {
    {{"END"}, "one two END three", "one two ", true},
    {{"END"}, "one two EN", "one two EN", false},
    {{"END"}, "EENEND", "EEN", true},
    {{"\n\n"}, "a line\nanother\n\nthe next", "a line\nanother", true},
    {{"aab"}, "aaaab", "aa", true},
    {{"abc", "b"}, "xabc", "xa", true},        /* the one that is whole first */
    {{"ab", "b"}, "xab", "x", true},           /* both end together: the longer */
    {{"用户：", "（完）"}, "床前明月光。（完结）（完）疑是", "床前明月光。（完结）", true},
    {{"霜"}, "疑是地上霜。", "疑是地上", true},
    {{"霜"}, "云云云", "云云云", false},        /* characters that share their first byte */
    {{"", "\x80"}, "霜\x80", "霜\x80", false}, /* neither is a word */
    {{"###"}, "###", "", true},
    {{"no"}, "", "", false},
};

static void add(struct stops *s, struct span piece, bool last, struct str *out)
{
    char *own = span_copy(piece); /* so that the sanitizer sees a read past the piece */
    stops_add(s, (struct span){own, piece.len}, last, out);
    free(own);
}

static void cut(size_t row, size_t first, size_t step)
{
    struct str words[3] = {{0}}, out = {0};
    struct stops s = {.words = words};
    struct span rest = span_of(rows[row].came);
    for (; s.count < 3 && rows[row].words[s.count]; s.count++)
        str_set(&words[s.count], span_of(rows[row].words[s.count]));
    for (size_t len = first; rest.len; len = step) {
        add(&s, span_cut(rest, 0, len), false, &out);
        rest = span_cut(rest, len, rest.len);
    }
    add(&s, SPAN(""), true, &out);
    assert_string_equal(str_text(&out), rows[row].upto);
    assert_int_equal(s.met, rows[row].met);
    stops_release(&s);
    str_release(&out);
    for (int i = 0; i < 3; i++)
        str_release(&words[i]);
}

static void ends_at_a_word_however_it_is_cut(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        size_t len = span_of(rows[row].came).len;
        for (size_t at = 1; at <= len; at++) {
            cut(row, at, len);
            cut(row, at, at);
        }
        cut(row, len, len + 1);
    }
}

/* What is held back shows as soon as it can be no word any more. */
static void holds_back_no_longer_than_needed(void **state)
{
    struct str word = {0}, out = {0};
    struct stops s = {.words = &word, .count = 1};
    (void)state;
    str_set(&word, SPAN("### End"));
    stops_add(&s, SPAN("two ##"), false, &out);
    assert_string_equal(str_text(&out), "two ");
    stops_add(&s, SPAN("# E"), false, &out);
    assert_string_equal(str_text(&out), "two ");
    stops_add(&s, SPAN("g"), false, &out);
    assert_string_equal(str_text(&out), "two ### Eg");
    assert_int_equal(s.held.len, 0);
    stops_release(&s);
    str_release(&word);
    str_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_at_a_word_however_it_is_cut),
                                       cmocka_unit_test(holds_back_no_longer_than_needed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
