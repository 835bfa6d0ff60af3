#include "core/display.h"
#include "core/display_marks.h"
#include "core/utf8.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

/* Writes the glyphs of a text as "[text width]", markers as "<text width>", a newline as "[/]". */
static void add_glyphs(struct str *out, struct span text)
{
    struct glyph g;
    int column = 0;
    for (size_t at = 0; at < text.len; at += (size_t)g.bytes) {
        display_glyph(text, at, column, &g);
        assert_true(g.bytes > 0 && g.bytes <= DISPLAY_CLUSTER_MAX);
        column += g.width;
        if (g.kind == GLYPH_NEWLINE)
            str_add_text(out, "[/]");
        else
            str_printf(out, g.kind == GLYPH_MARKER ? "<%s %d>" : "[%s %d]", g.text, g.width);
    }
}

static void expect_glyphs(struct span text, const char *glyphs)
{
    struct str have = {.max = 0};
    add_glyphs(&have, text);
    assert_string_equal(str_text(&have), glyphs);
    str_release(&have);
}

static void shows_letters(void **state)
{
    (void)state;
    expect_glyphs(SPAN(""), "");
    expect_glyphs(SPAN("a床，"), "[a 1][床 2][， 2]");
    expect_glyphs(SPAN("e\xCC\x81x"), "[e\xCC\x81 1][x 1]");
    expect_glyphs(SPAN("汉\xCC\x81"), "[汉\xCC\x81 2]");
    expect_glyphs(SPAN("か\xE3\x82\x99の"), "[か\xE3\x82\x99 2][の 2]");
    expect_glyphs(SPAN("“—…”"), "[“ 1][— 1][… 1][” 1]");
    expect_glyphs(SPAN("ABC\nx"), "[A 1][B 1][C 1][/][x 1]");
}

static void keeps_only_marks_that_fit_a_cell(void **state)
{
    (void)state;
    expect_glyphs(SPAN("a\u0301\u0302\u0303\u0304\u0305\u0306b"), "[a\u0301\u0302\u0303\u0304 1][b 1]");
    expect_glyphs(SPAN("\u0301\u0302\u0303\u0304\u0305"), "[◌\u0301\u0302\u0303\u0304 1]");
}

static void gives_marks_without_a_base_a_circle(void **state)
{
    (void)state;
    expect_glyphs(SPAN("\u0301x\n\u0301"), "[◌\u0301 1][x 1][/][◌\u0301 1]");
    expect_glyphs(SPAN("\xFF\u0301"), "<‹xFF› 5>[◌\u0301 1]");
}

static void shows_controls(void **state)
{
    (void)state;
    expect_glyphs((struct span){"\0\x1B[m\x7F", 5}, "<␀ 1><␛ 1>[[ 1][m 1]<␡ 1>");
    expect_glyphs(SPAN("a\r\nb\rc"), "[a 1]<␍ 1>[/][b 1]<␍ 1>[c 1]");
    expect_glyphs(SPAN("\xC2\x85\xC2\x9B"), "<‹85› 4><‹9B› 4>");
    expect_glyphs(SPAN("\b\v\f\a"), "<␈ 1><␋ 1><␌ 1><␇ 1>");
}

static void shows_what_hides(void **state)
{
    (void)state;
    expect_glyphs(SPAN("a\u202E\u2066"), "[a 1]<‹RLO› 5><‹LRI› 5>");
    expect_glyphs(SPAN("a\u200Bb\u00AD"), "[a 1]<‹ZWSP› 6>[b 1]<‹SHY› 5>");
    expect_glyphs(SPAN("م\u200C\u200C"), "[م 1]<‹ZWNJ› 6>");
    expect_glyphs(SPAN("a\u200Db\uFEFF"), "[a 1]<‹ZWJ› 5>[b 1]<‹BOM› 5>");
    expect_glyphs(SPAN("a\U000E0061\U000E0062\U000E0063z"), "[a 1]<‹3 TAG› 7>[z 1]");
    expect_glyphs(SPAN("a\uFE0F\U000E0100"), "[a 1]<‹2 VS› 6>");
    expect_glyphs(SPAN("\uFDD0\U0010FFFF"), "<‹FDD0› 6><‹10FFFF› 8>");
    expect_glyphs(SPAN("\uFFFD\uFFFD"), "<‹FFFD› 6><‹FFFD› 6>");
    expect_glyphs(SPAN("\u2028\u2029\u3164"), "<‹LS› 4><‹PS› 4><‹HF› 4>");
}

static void shows_ill_formed_bytes_one_by_one(void **state)
{
    (void)state;
    expect_glyphs(SPAN("\xE4\xB8z\xC0\xF0\x9F\x98"),
                  "<‹xE4› 5><‹xB8› 5>[z 1]<‹xC0› 5><‹xF0› 5><‹x9F› 5><‹x98› 5>");
    expect_glyphs(SPAN("\xED\xA0\x80"), "<‹xED› 5><‹xA0› 5><‹x80› 5>");
}

static void shows_emoji_by_their_base(void **state)
{
    (void)state;
    expect_glyphs(SPAN("👍🏽👨\u200D👩\u200D👧x"), "[👍 2][👨 2][x 1]");
    expect_glyphs(SPAN("❤\uFE0F1\uFE0F\u20E3"), "[❤ 1][1\u20E3 1]");
    expect_glyphs(SPAN("🇨🇳🇫🇷🇨"), "<CN 2><FR 2><C 1>");
    expect_glyphs(SPAN("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F."), "[🏴 2][. 1]");
    expect_glyphs(SPAN("a🏽"), "[a 1][🏽 2]");
    expect_glyphs(SPAN("🇨\u0301"), "<C 1>");
}

static void shows_what_libc_does_not_know(void **state)
{
    (void)state;
    assert_int_equal(wcwidth(0x323B0), -1); /* the premise: unassigned in every Unicode so far */
    expect_glyphs(SPAN("\U000323B0"), "<〓 2>");
    expect_glyphs(SPAN("\U000B0000"), "<□ 1>");
    expect_glyphs(SPAN("\u0378"), "<□ 1>");
}

static void shows_other_scripts(void **state)
{
    (void)state;
    expect_glyphs(SPAN("\u1112\u1161\u11AB\u1100\u1161각"), "[한 2][가 2][각 2]");
    expect_glyphs(SPAN("가\u11A8"), "[각 2]");
    expect_glyphs(SPAN("น้ำ"), "[น้ 1][ำ 1]");
    expect_glyphs(SPAN("क्षि"), "[क् 1][ष 1][ि 1]");
    expect_glyphs(SPAN("می\u200Cخ"), "[م 1][ی 1][خ 1]");
    expect_glyphs(SPAN("葛\U000E0100"), "[葛 2]");
}

static void expands_tabs(void **state)
{
    (void)state;
    expect_glyphs(SPAN("\ta\tabc\t床\t"), "[     4][a 1][    3][a 1][b 1][c 1][  1][床 2][   2]");
    struct glyph g;
    display_glyph(SPAN("\t"), 0, -3, &g);
    assert_int_equal(g.width, TAB_WIDTH);
}

static void widens_ambiguous_characters(void **state)
{
    (void)state;
    assert_int_equal(display_ambiguous(), 1);
    assert_int_equal(display_width(SPAN("—…“”·×é床a")), 10);
    display_set_ambiguous(2);
    assert_int_equal(display_ambiguous(), 2);
    assert_int_equal(display_width(SPAN("—…“”·×é床a")), 17);
    assert_int_equal(display_width(SPAN("ë\u0301")), 1);
    expect_glyphs(SPAN("\u0378床"), "<□ 2>[床 2]");
    display_set_ambiguous(7);
    assert_int_equal(display_ambiguous(), 1);
}

/* What is drawn must be what was promised: only printable characters, at most one that takes columns in a text, and exactly
 * `width` columns by libc's count. */
static void expect_sound(const struct glyph *g)
{
    int width = 0, spacing = 0;
    struct span text = {g->text, (size_t)g->text_len};
    assert_int_equal(strlen(g->text), text.len);
    for (size_t at = 0; at < text.len;) {
        int32_t cp = 0;
        at += (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
        int columns = wcwidth((wchar_t)cp);
        assert_true(cp >= 0x20 && (cp < 0x7F || cp > 0x9F) && columns >= 0);
        assert_false(mark_hidden(cp, NULL));
        width += columns == 1 && display_ambiguous() == 2 && mark_ambiguous(cp) ? 2 : columns;
        spacing += columns > 0;
    }
    assert_int_equal(width, g->width);
    assert_true(g->kind != GLYPH_TEXT || spacing == 1);
}

static void shows_every_code_point_soundly(void **state)
{
    (void)state;
    for (int ambiguous = 1; ambiguous <= 2; ambiguous++) {
        display_set_ambiguous(ambiguous);
        for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
            char bytes[8] = "";
            struct glyph alone, followed;
            int len = utf8_encode(cp, bytes);
            display_glyph((struct span){bytes, (size_t)len}, 0, 0, &alone);
            expect_sound(&alone);
            assert_int_equal(alone.bytes, len);
            bytes[len] = 'x';
            display_glyph((struct span){bytes, (size_t)len + 1}, 0, 0, &followed);
            assert_int_equal(followed.bytes, len);
            assert_string_equal(followed.text, alone.text);
        }
    }
    display_set_ambiguous(1);
}

/* What random texts are made of: everything with rules of its own. */
static const char *const pieces[] = {
    "a",   "床",  "，",  " ",   "\n",    "\r",     "\t",     "\x1B",       "\u0301",     "\u0308",      "\u200D",
    "👩", "👍", "🏽", "🇨", "🇳", "\uFE0F", "\u200C", "\U000E0061", "\U000E0100", "\U000E0101", "\u202E",
    "م",   "क",   "्",  "ि",  "น",  "ำ",    "\u1100", "\u1161",     "\u11A8",     "\u0600",      "か\u3099",
    "\xE4", "\xB8", "\xF0", "\xFF", "\uFFFD", "\uFEFF", "🏴",    "1",          "\u20E3",     "\u0903",      "ﾊﾟ",
};

static uint32_t dice = 1;

static uint32_t throw_dice(uint32_t sides)
{
    dice = dice * 1664525 + 1013904223;
    return (dice >> 8) % sides;
}

static void random_text(struct str *out, int length)
{
    str_clear(out);
    for (int i = 0; i < length; i++) {
        const char *piece = pieces[throw_dice(sizeof pieces / sizeof *pieces)];
        for (uint32_t times = throw_dice(12) == 0 ? throw_dice(40) : 1; times > 0; times--)
            str_add_text(out, piece);
    }
}

static void agrees_on_borders_both_ways(void **state)
{
    (void)state;
    struct str text = {.max = 0};
    for (int round = 0; round < 4000; round++) {
        random_text(&text, 1 + (int)throw_dice(30));
        struct span sp = str_span(&text);
        struct glyph g;
        for (size_t at = 0; at < sp.len; at += (size_t)g.bytes) {
            display_glyph(sp, at, 0, &g);
            expect_sound(&g);
            assert_int_equal(display_next(sp, at), at + (size_t)g.bytes);
            for (size_t inside = at + 1; inside <= at + (size_t)g.bytes; inside++)
                assert_int_equal(display_prev(sp, inside), at);
        }
    }
    str_release(&text);
}

static void clamps(void **state)
{
    (void)state;
    struct span text = SPAN("床a");
    assert_int_equal(display_prev(text, 0), 0);
    assert_int_equal(display_prev(text, 99), 3);
    assert_int_equal(display_next(text, 4), 4);
    assert_int_equal(display_next(text, 99), 4);
    struct glyph g;
    display_glyph(text, 4, 0, &g);
    assert_int_equal(g.bytes, 0);
    assert_int_equal(g.width, 0);
    assert_int_equal(display_next((struct span){NULL, 0}, 0), 0);
    assert_int_equal(display_width((struct span){NULL, 0}), 0);
}

static void splits_endless_clusters(void **state)
{
    (void)state;
    struct str text = {.max = 0};
    for (int i = 0; i < 100000; i++)
        str_add_text(&text, "\u0301");
    struct span sp = str_span(&text);
    int count = 0;
    for (size_t at = 0; at < sp.len; at = display_next(sp, at))
        count++;
    assert_int_equal(count, 200000 / DISPLAY_CLUSTER_MAX);
    assert_int_equal(display_prev(sp, sp.len), sp.len - DISPLAY_CLUSTER_MAX);
    str_release(&text);
}

static void expect_line(const char *text, int columns, const char *line)
{
    struct str have = {.max = 0};
    str_add_text(&have, ">");
    display_line(&have, span_of(text), columns);
    assert_string_equal(str_text(&have) + 1, line);
    if (columns >= 0)
        assert_true(display_width(span_of(str_text(&have) + 1)) <= columns);
    str_release(&have);
}

static void makes_lines(void **state)
{
    (void)state;
    expect_line("床前\n明月\t光\x1B", -1, "床前 明月 光␛");
    expect_line("床前明月光", 10, "床前明月光");
    expect_line("床前明月光", 9, "床前明月…");
    expect_line("床前明月光", 8, "床前明…");
    expect_line("abcdef", 3, "ab…");
    expect_line("abc", 3, "abc");
    expect_line("ab\x1B[31m", 4, "ab␛…");
    expect_line("床", 1, "…");
    expect_line("床", 0, "");
    expect_line("", 0, "");
    display_set_ambiguous(2);
    expect_line("床前明月光", 9, "床前明…");
    expect_line("床", 1, "");
    display_set_ambiguous(1);
}

static void names_what_is_hidden(void **state)
{
    (void)state;
    char name[MARK_NAME_MAX] = "";
    int hidden = 0, ambiguous = 0; /* all rows of both tables are found, so they are in order */
    for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
        ambiguous += mark_ambiguous(cp);
        if (!mark_hidden(cp, name))
            continue;
        hidden++;
        assert_true(strlen(name) >= 2 && strlen(name) < MARK_NAME_MAX);
    }
    assert_int_equal(hidden, 4263);
    assert_int_equal(ambiguous, 138369);
    assert_false(mark_hidden('a', name));
    assert_true(mark_hidden(0xE0041, name));
    assert_string_equal(name, "TAG");
    assert_true(mark_hidden(0x1FFFF, name));
    assert_string_equal(name, "1FFFF");
    assert_true(mark_ambiguous(0x2014));
    assert_false(mark_ambiguous('-'));
}

int main(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 77; /* widths cannot be asked for without a UTF-8 locale */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_letters),
        cmocka_unit_test(keeps_only_marks_that_fit_a_cell),
        cmocka_unit_test(gives_marks_without_a_base_a_circle),
        cmocka_unit_test(shows_controls),
        cmocka_unit_test(shows_what_hides),
        cmocka_unit_test(shows_ill_formed_bytes_one_by_one),
        cmocka_unit_test(shows_emoji_by_their_base),
        cmocka_unit_test(shows_what_libc_does_not_know),
        cmocka_unit_test(shows_other_scripts),
        cmocka_unit_test(expands_tabs),
        cmocka_unit_test(widens_ambiguous_characters),
        cmocka_unit_test(shows_every_code_point_soundly),
        cmocka_unit_test(agrees_on_borders_both_ways),
        cmocka_unit_test(clamps),
        cmocka_unit_test(splits_endless_clusters),
        cmocka_unit_test(makes_lines),
        cmocka_unit_test(names_what_is_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
