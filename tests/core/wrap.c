#include "core/wrap.h"
#include "core/display.h"
#include "core/utf8.h"
#include "tests/promise.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

static void expect_rows(const char *text, int width, const char *rows)
{
    struct str have = {.max = 0};
    struct span rest = span_of(text);
    while (rest.len > 0) {
        size_t row = wrap_row(rest, width);
        assert_true(row > 0 && row <= rest.len);
        str_add(&have, span_cut(rest, 0, row));
        rest = span_cut(rest, row, rest.len);
        str_add_text(&have, rest.len > 0 ? "|" : "");
    }
    assert_string_equal(str_text(&have), rows);
    str_release(&have);
}

static void keeps_words_whole(void **state)
{
    (void)state;
    expect_rows("the quick brown fox", 10, "the quick |brown fox");
    expect_rows("the quick brown fox", 9, "the quick |brown fox");
    expect_rows("don’t won't 3.14 1,000", 5, "don’t |won't |3.14 |1,000");
    expect_rows("see https://a.example/b-c?d=e now", 26, "see |https://a.example/b-c?d=e |now");
    expect_rows("f(x) is(n't)", 9, "f(x) |is(n't)");
    expect_rows("tel. 555-0199 ok", 9, "tel. |555-0199 |ok");
    expect_rows("10\u00A0km far", 8, "10\u00A0km |far");
    expect_rows("\"quoted\" words", 8, "\"quoted\" |words");
}

static void splits_a_word_wider_than_the_row(void **state)
{
    (void)state;
    expect_rows("incomprehensible", 6, "incomp|rehens|ible");
    expect_rows("an incomprehensible", 6, "an |incomp|rehens|ible");
    expect_rows("字incomprehensible", 6, "字|incomp|rehens|ible");
}

static void breaks_after_the_hyphen_of_a_word(void **state)
{
    (void)state;
    expect_rows("a well-known poet", 7, "a well-|known |poet");
    expect_rows("use --force now", 8, "use |--force |now");
    expect_rows("2024-01-05 x", 8, "2024-01-|05 x"); /* wider than the row */
    expect_rows("on 2024-01-05", 11, "on |2024-01-05");
}

static void lets_spaces_hang(void **state)
{
    (void)state;
    expect_rows("abc    def", 4, "abc    |def");
    expect_rows("abc    ", 2, "ab|c    ");
    expect_rows("床前　明月", 4, "床前　|明月");
    expect_rows("a\tbcd", 5, "a\t|bcd");
    expect_rows("     ", 2, "     ");
}

static void breaks_between_han(void **state)
{
    (void)state;
    expect_rows("床前明月光", 4, "床前|明月|光");
    expect_rows("床前明月光", 5, "床前|明月|光");
    expect_rows("用vim写诗", 5, "用vim|写诗");
    expect_rows("用vim写诗", 4, "用|vim|写诗");
    expect_rows("ひらがなとカナ", 6, "ひらが|なとカ|ナ");
    expect_rows("春👍🏽秋", 4, "春👍🏽|秋");
}

static void keeps_marks_off_the_edges(void **state)
{
    (void)state;
    expect_rows("床前明月光，疑是", 10, "床前明月|光，疑是");
    expect_rows("他说：“你好”。", 8, "他说：|“你好”。");
    expect_rows("他说：“你好”。", 7, "他说：|“你|好”。");
    expect_rows("读《红楼梦》吧", 4, "读|《红|楼|梦》|吧");
    expect_rows("走了。“真的？”", 6, "走了。|“真|的？”");
    expect_rows("中文.中文,中(a)", 4, "中|文.|中|文,|中|(a)");
    expect_rows("约翰·史密斯", 4, "约|翰·|史密|斯");
    expect_rows("价￥500，", 6, "价|￥500|，");
    expect_rows("ラーメン", 4, "ラー|メン");
    expect_rows("ちょっと", 4, "ちょ|っと");
    expect_rows("字 ，字", 3, "字 |，|字");
}

static void keeps_long_marks_together(void **state)
{
    (void)state;
    expect_rows("他你好——她说……走", 6, "他你|好——她|说……走");
    expect_rows("字——字", 3, "字|——|字");
    expect_rows("——", 2, "——");
    expect_rows("————", 2, "——|——");
    expect_rows("wait — what", 7, "wait — |what");
    expect_rows("we wait — so", 8, "we |wait — |so");
}

static void breaks_unlawfully_only_when_it_must(void **state)
{
    (void)state;
    expect_rows("，，，", 2, "，|，|，");
    expect_rows("（（（字", 4, "（（|（字");
    expect_rows("hensible，x", 8, "hensible|，x");
    expect_rows("ls .config .bash", 9, "ls |.config |.bash");
    expect_rows("ok .config", 8, "ok |.config");
    expect_rows("一", 1, "一");
    expect_rows("一二", -5, "一|二");
    expect_rows("\u202Eab", 3, "\u202E|ab");
}

static void breaks_scripts_without_spaces(void **state)
{
    (void)state;
    expect_rows("ภาษาไทย", 4, "ภาษา|ไทย");
    expect_rows("한국어문", 4, "한국|어문");
}

/* -- every width ------------------------------------------------------------------------------------------------- */

static const char *const samples[] = {
    "床前明月光，疑是地上霜。举头望明月，低头思故乡。",
    "他说：“你好，世界！”她答：《红楼梦》……——好（注）。“走吧”，他想、她也想；真的吗？？！真的……「是」『的』【对】100％，"
    "３℃，￥500，3.14元/斤，don’t stop—now，http://example.org/a?b=c，2026年8月15日。",
    "秋风起了。院子里的老槐树落下最后几片叶子——那是去年冬天的叶子，还是今年的？没有人知道……“也许，”她轻声说，“我们都记错了。”"
    "他没有回答；只是把书合上，《秋夜》两个字（褪了色的）朝着灯光。",
    "The rain came first as a rumour—then, all at once, as a fact. “Well-read people don’t run,” she said; "
    "he ran (naturally) for the half-open door.",
    "中文 mixed with English，以及 numbers 3.14159、emails a.b@example.org、（括号(nested)）和“引号 'inside' 引号”……",
    "ラーメン「と」カレー。ちょっと、待って！そうですか……",
};

static bool is_one_of(const wchar_t *set, int32_t cp)
{
    return cp > 0 && wcschr(set, (wchar_t)cp);
}

static const wchar_t no_start[] = L"，。、；：！？）》」』】”’…—％‰ーっょ·℃,.;:!?)]}";
static const wchar_t no_end[] = L"（《「『【“‘￥([{";

/* True when the row, of which the first cluster takes `first` bytes, held some border between two Han characters: then
 * a lawful break was there to be taken. */
static bool had_lawful_break(struct span row)
{
    bool han_before = false;
    for (size_t at = 0; at < row.len; at = display_next(row, at)) {
        int32_t cp = 0;
        utf8_decode(span_cut(row, at, row.len), &cp);
        bool han = cp >= 0x4E00 && cp <= 0x9FFF;
        if ((han && han_before) || (cp == ' ' && at > 0))
            return true;
        han_before = han;
    }
    return false;
}

static int width_without_trailing_space(struct span row)
{
    return display_width(span_trim((struct span){row.s, row.len}));
}

static bool is_good_row(struct span before, struct span row, int width)
{
    int32_t first = 0, last = 0;
    utf8_decode(row, &first);
    if (width_without_trailing_space(row) > width && display_next(row, 0) != row.len)
        return false;
    if (before.len == 0 || !had_lawful_break(before))
        return true;
    utf8_decode_before(before, before.len, &last);
    return !is_one_of(no_start, first) && !is_one_of(no_end, last) && !(first == last && is_one_of(L"—…", first));
}

static void wraps_samples_at_every_width(void **state)
{
    (void)state;
    struct wrap w = {.count = 0};
    size_t rows = 0, bad = 0;
    for (int ambiguous = 1; ambiguous <= 2; ambiguous++) {
        display_set_ambiguous(ambiguous);
        for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
            struct span text = span_of(samples[i]), before = {"", 0};
            for (int width = 2; width <= 80; width++) {
                wrap_paragraph(&w, text, width, 0);
                assert_int_equal(w.starts[0], 0);
                for (int r = 0; r < w.count; r++) {
                    size_t end = r + 1 < w.count ? w.starts[r + 1] : text.len;
                    assert_true(end > w.starts[r]);
                    struct span row = span_cut(text, w.starts[r], end);
                    bad += !is_good_row(r > 0 ? before : SPAN(""), row, width);
                    before = row;
                    rows++;
                }
            }
        }
    }
    display_set_ambiguous(1);
    wrap_release(&w);
    promise(3, "badly broken", bad, "%zu rows wrapped to widths 2–80, ambiguous characters one and two cells wide", rows);
    assert_int_equal(bad, 0);
}

/* -- growth ------------------------------------------------------------------------------------------------------ */

static const char *const pieces[] = {
    "床", "前", "，", "。", "“", "”", "—", "……", "（", "）", "a", "word", " ", "  ", "-", "'", "’", "\"", ".", ",", "(", ")",
    "1",  "：", "/",  "://", "\t", "　", "👍", "🏽", "\u200D", "\u0301", "🇨", "\u1100", "\u1161", "น", "ำ", "\u00A0", "\u202E",
    "\x1B", "ー", "%", "\U0010FFFF", "é", "ж",
};

static uint32_t dice = 7;

static uint32_t throw_dice(uint32_t sides)
{
    dice = dice * 1664525 + 1013904223;
    return (dice >> 8) % sides;
}

static void grows_as_if_wrapped_whole(void **state)
{
    (void)state;
    struct wrap grown = {.count = 0}, whole = {.count = 0};
    for (int round = 0; round < 600; round++) {
        struct str text = {.max = 0};
        int width = 2 + (int)throw_dice(30);
        wrap_paragraph(&grown, SPAN(""), width, 0);
        assert_int_equal(grown.count, 1);
        for (int step = 0; step < 60; step++) {
            for (uint32_t n = 1 + throw_dice(4); n > 0; n--)
                str_add_text(&text, pieces[throw_dice(sizeof pieces / sizeof *pieces)]);
            wrap_paragraph(&grown, str_span(&text), width, grown.count - 2);
            wrap_paragraph(&whole, str_span(&text), width, 0);
            assert_int_equal(grown.count, whole.count);
            assert_memory_equal(grown.starts, whole.starts, (size_t)whole.count * sizeof *whole.starts);
        }
        str_release(&text);
    }
    wrap_release(&grown);
    wrap_release(&whole);
}

static void wraps_from_anywhere(void **state)
{
    (void)state;
    struct span text = span_of(samples[1]);
    struct wrap w = {.count = 0}, whole = {.count = 0};
    wrap_paragraph(&whole, text, 12, 0);
    wrap_paragraph(&w, text, 12, 99);
    for (int from = -1; from <= whole.count + 1; from++) {
        wrap_paragraph(&w, text, 12, from);
        assert_int_equal(w.count, whole.count);
        assert_memory_equal(w.starts, whole.starts, (size_t)whole.count * sizeof *whole.starts);
    }
    wrap_paragraph(&w, SPAN("短"), 12, w.count - 1); /* the text became shorter than the rows kept */
    assert_int_equal(w.count, 1);
    assert_int_equal(w.starts[0], 0);
    wrap_release(&w);
    wrap_release(&w);
    wrap_release(&whole);
}

static void takes_giants(void **state)
{
    (void)state;
    static const char *const units[] = {"a", "\u0301", " ", "，", "\"", "—", "\xFF", "👩\u200D", "字   ，", "\n"};
    struct wrap w = {.count = 0};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct str text = {.max = 0};
        while (text.len < 300000)
            str_add_text(&text, units[i]);
        wrap_paragraph(&w, str_span(&text), 40, 0);
        assert_true(w.count >= 1 && w.starts[w.count - 1] < text.len);
        str_release(&text);
    }
    wrap_release(&w);
}

int main(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 77; /* widths cannot be asked for without a UTF-8 locale */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_words_whole),
        cmocka_unit_test(splits_a_word_wider_than_the_row),
        cmocka_unit_test(breaks_after_the_hyphen_of_a_word),
        cmocka_unit_test(lets_spaces_hang),
        cmocka_unit_test(breaks_between_han),
        cmocka_unit_test(keeps_marks_off_the_edges),
        cmocka_unit_test(keeps_long_marks_together),
        cmocka_unit_test(breaks_unlawfully_only_when_it_must),
        cmocka_unit_test(breaks_scripts_without_spaces),
        cmocka_unit_test(wraps_samples_at_every_width),
        cmocka_unit_test(grows_as_if_wrapped_whole),
        cmocka_unit_test(wraps_from_anywhere),
        cmocka_unit_test(takes_giants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
