#include "core/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_decoded(const char *bytes, size_t len, int used, int32_t cp)
{
    int32_t have = 0;
    assert_int_equal(utf8_decode((struct span){bytes, len}, &have), used);
    assert_int_equal(have, cp);
}

static void decodes_every_code_point(void **state)
{
    (void)state;
    for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        char bytes[4] = "";
        int32_t back = 0;
        int len = utf8_encode(cp, bytes);
        struct span sp = {bytes, (size_t)len};
        assert_int_equal(utf8_decode(sp, &back), len);
        assert_int_equal(back, cp);
        assert_int_equal(utf8_decode_before(sp, sp.len, &back), len);
        assert_int_equal(back, cp);
        for (size_t cut = 1; cut < sp.len; cut++) {
            assert_int_equal(utf8_decode((struct span){bytes, cut}, &back), (int)cut);
            assert_int_equal(back, -1);
        }
    }
}

static void encodes_the_impossible_as_replacement(void **state)
{
    (void)state;
    static const int32_t impossible[] = {-1, INT32_MIN, 0xD800, 0xDFFF, 0x110000, INT32_MAX};
    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++) {
        char bytes[4] = "";
        assert_int_equal(utf8_encode(impossible[i], bytes), 3);
        assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
    }
}

static void finds_maximal_subparts(void **state)
{
    (void)state;
    expect_decoded("", 0, 0, -1);
    expect_decoded("\x80", 1, 1, -1);
    expect_decoded("\xC0\x80", 2, 1, -1);         /* overlong */
    expect_decoded("\xC1\xBF", 2, 1, -1);
    expect_decoded("\xE0\x9F\xBF", 3, 1, -1);     /* overlong */
    expect_decoded("\xED\xA0\x80", 3, 1, -1);     /* surrogate */
    expect_decoded("\xED\x9F\xBF", 3, 3, 0xD7FF);
    expect_decoded("\xE4\xB8", 2, 2, -1);
    expect_decoded("\xE4\xB8 ", 3, 2, -1);
    expect_decoded("\xF0\x8F\xBF\xBF", 4, 1, -1); /* overlong */
    expect_decoded("\xF0\x9F\x98 ", 4, 3, -1);
    expect_decoded("\xF4\x8F\xBF\xBF", 4, 4, 0x10FFFF);
    expect_decoded("\xF4\x90\x80\x80", 4, 1, -1); /* above U+10FFFF */
    expect_decoded("\xF8\x88\x80\x80\x80", 5, 1, -1);
    expect_decoded("\xFF", 1, 1, -1);
    expect_decoded("\0", 1, 1, 0);
}

static void decodes_backwards(void **state)
{
    (void)state;
    struct span sp = SPAN("a\xE4\xB8\xAD\xE4\xB8z\x80");
    static const struct {
        size_t at;
        int used;
        int32_t cp;
    } steps[] = {{8, 1, -1}, {7, 1, 'z'}, {6, 1, -1}, {5, 1, -1}, {4, 3, 0x4E2D}, {1, 1, 'a'}, {0, 0, -1}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int32_t cp = 0;
        assert_int_equal(utf8_decode_before(sp, steps[i].at, &cp), steps[i].used);
        assert_int_equal(cp, steps[i].cp);
    }
    int32_t cp = 0;
    assert_int_equal(utf8_decode_before(sp, 99, &cp), 1);
    assert_int_equal(cp, -1);
}

static void measures_and_validates(void **state)
{
    (void)state;
    assert_true(utf8_valid(SPAN("")));
    assert_true(utf8_valid(SPAN("plain words long enough for whole machine words, 然后是汉字")));
    assert_false(utf8_valid(SPAN("plain words long enough, then \xC3")));
    assert_false(utf8_valid(SPAN("\xED\xA0\x80")));
    assert_int_equal(utf8_length(SPAN("")), 0);
    assert_int_equal(utf8_length(SPAN("a床é😀")), 4);
    assert_int_equal(utf8_length(SPAN("\xE4\xB8 \xFF")), 3);
}

/* The example of Unicode 15, table 3-8, and its neighbours. */
static const struct {
    struct span dirty;
    const char *clean;
} cleanings[] = {
    {{"", 0}, ""},
    {{"床前明月光", 15}, "床前明月光"},
    {{"\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64", 13}, "a���b�c��d"},
    {{"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 9}, "��������A"},
    {{"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", 9}, "��������A"},
    {{"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 9}, "�����A��B"},
    {{"ok \xE6\x9C", 5}, "ok �"},
    {{"long run of ASCII before \xF0\x9F\x98", 28}, "long run of ASCII before �"},
};

static void cleans(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cleanings / sizeof *cleanings; i++) {
        struct str out = {.max = 0};
        utf8_add_clean(&out, cleanings[i].dirty);
        assert_string_equal(str_text(&out), cleanings[i].clean);
        assert_true(utf8_valid(str_span(&out)));
        str_release(&out);
    }
}

static void expect_streamed(struct span dirty, const size_t *cuts, size_t count, const char *clean)
{
    struct utf8_stream st = {.tail_len = 0};
    struct str out = {.max = 0};
    size_t from = 0;
    for (size_t i = 0; i <= count; i++) {
        size_t to = i < count ? cuts[i] : dirty.len;
        utf8_stream_add(&st, &out, span_cut(dirty, from, to));
        assert_true(utf8_valid(str_span(&out)));
        from = to;
    }
    utf8_stream_end(&st, &out);
    assert_string_equal(str_text(&out), clean);
    assert_int_equal(st.tail_len, 0);
    str_release(&out);
}

static void streams_alike_however_split(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cleanings / sizeof *cleanings; i++) {
        struct span dirty = cleanings[i].dirty;
        const char *clean = cleanings[i].clean;
        size_t every[64];
        for (size_t at = 0; at < dirty.len; at++)
            every[at] = at;
        expect_streamed(dirty, every, dirty.len, clean);
        for (size_t a = 0; a <= dirty.len; a++)
            for (size_t b = a; b <= dirty.len; b++)
                expect_streamed(dirty, (size_t[]){a, b}, 2, clean);
    }
}

static void waits_for_the_rest_of_a_character(void **state)
{
    (void)state;
    struct utf8_stream st = {.tail_len = 0};
    struct str out = {.max = 0};
    utf8_stream_add(&st, &out, SPAN("月\xF0\x9F"));
    assert_string_equal(str_text(&out), "月");
    utf8_stream_add(&st, &out, (struct span){NULL, 0});
    utf8_stream_add(&st, &out, SPAN("\x8C\x95!"));
    assert_string_equal(str_text(&out), "月🌕!");
    str_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_every_code_point),
        cmocka_unit_test(encodes_the_impossible_as_replacement),
        cmocka_unit_test(finds_maximal_subparts),
        cmocka_unit_test(decodes_backwards),
        cmocka_unit_test(measures_and_validates),
        cmocka_unit_test(cleans),
        cmocka_unit_test(streams_alike_however_split),
        cmocka_unit_test(waits_for_the_rest_of_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
