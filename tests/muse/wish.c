/* What the reader of prompts understands: a table of prompts (wishes.tsv), and what it does with texts that nobody meant as one. */
#include "muse/wish.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/wish_parts.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* -- a wish as a line of text ---------------------------------------------------------------------------------------------------- */

static void tell_text(struct str *out, const char *name, const struct str *text)
{
    if (text->len)
        str_printf(out, " | %s %s", name, str_text(text));
}

/* "verse qijue! | words 秋夜 | level": kind, form (with ! when it was named), and what else there is. */
static void tell(const struct wish *w, struct str *out)
{
    static const char *const kinds[] = {"verse", "continue", "beyond"};
    static const char *const beyond[] = {"", "/prose", "/story", "/answer", "/code", "/translation", "/many"};
    static const char *const tones[] = {"", " | level", " | oblique"};
    str_printf(out, "%s%s %s%s%s", kinds[w->kind], beyond[w->beyond], w->form->name, w->form_said ? "!" : "",
               w->language == FORM_ZH && !w->simplified ? " trad" : "");
    tell_text(out, "title", &w->title);
    for (int i = 0; i < w->word_count; i++)
        str_printf(out, "%s%s", i ? " " : " | words ", str_text(&w->words[i]));
    tell_text(out, "first", &w->first_line);
    tell_text(out, "acrostic", &w->acrostic);
    tell_text(out, "rhyme", &w->rhyme);
    str_add_text(out, tones[w->rhyme_tone]);
    if (w->lines)
        str_printf(out, " | lines %d", w->lines);
    tell_text(out, "text", &w->text);
}

/* -- the table ------------------------------------------------------------------------------------------------------------------- */

static const char *table_path;
static struct str table;

/* Tab-separated: prompt, understanding, page before it. "\n" in any of them is a line break; lines that begin with # are remarks. */
struct row {
    struct str prompt, understood, page;
};

static void take_field(struct span *rest, struct str *out)
{
    ptrdiff_t tab = span_find(*rest, SPAN("\t"), 0);
    struct span field = tab < 0 ? *rest : span_cut(*rest, 0, (size_t)tab);
    *rest = span_cut(*rest, field.len + 1, rest->len);
    str_clear(out);
    for (ptrdiff_t at = 0; (at = span_find(field, SPAN("\\n"), 0)) >= 0; field = span_cut(field, (size_t)at + 2, field.len)) {
        str_add(out, span_cut(field, 0, (size_t)at));
        str_add_byte(out, '\n');
    }
    str_add(out, field);
}

static bool next_row(struct span *rest, struct row *row)
{
    struct span line;
    while (span_line(rest, &line)) {
        if (line.len == 0 || line.s[0] == '#')
            continue;
        take_field(&line, &row->prompt);
        take_field(&line, &row->understood);
        take_field(&line, &row->page);
        return true;
    }
    return false;
}

static void row_release(struct row *row)
{
    str_release(&row->prompt);
    str_release(&row->understood);
    str_release(&row->page);
}

static int read_table(void **state)
{
    (void)state;
    FILE *file = fopen(table_path, "rb");
    if (!file)
        return -1;
    char bytes[4096];
    for (size_t got = 0; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        str_add(&table, (struct span){bytes, got});
    fclose(file);
    return 0;
}

static int release_table(void **state)
{
    (void)state;
    str_release(&table);
    return 0;
}

static void understands_the_table(void **state)
{
    (void)state;
    struct row row = {.prompt = {0}};
    struct span rest = str_span(&table);
    int rows = 0, chinese = 0, wrong = 0;
    while (next_row(&rest, &row)) {
        struct wish w;
        struct str have = {0};
        wish_init(&w);
        wish_read(&w, str_span(&row.prompt), str_span(&row.page));
        tell(&w, &have);
        if (!span_equal(str_span(&have), str_span(&row.understood))) {
            print_message("%s\n    wanted %s\n    have   %s\n", str_text(&row.prompt), str_text(&row.understood), str_text(&have));
            wrong++;
        }
        rows++;
        chinese += wish_count_han(str_span(&row.prompt)) > wish_count_words(str_span(&row.prompt));
        str_release(&have);
        wish_release(&w);
    }
    row_release(&row);
    print_message("%d prompts, %d of them Chinese: %d misread\n", rows, chinese, wrong);
    assert_int_equal(wrong, 0);
    assert_true(rows >= 250 && chinese * 5 >= rows * 2 && chinese * 5 <= rows * 3);
}

/* -- texts that are no prompt ---------------------------------------------------------------------------------------------------- */

static void expect_sound(struct span prompt, struct span page)
{
    struct wish w;
    struct str said = {0};
    wish_init(&w);
    wish_read(&w, prompt, page);
    assert_non_null(w.form);
    assert_int_equal(w.form->language, w.language);
    assert_true(w.word_count <= WISH_WORDS_MAX);
    assert_true((w.kind == WISH_BEYOND) == (w.beyond != BEYOND_NOTHING));
    assert_true((w.kind == WISH_CONTINUE) == (w.text.len > 0));
    for (int i = 0; i < w.word_count; i++)
        assert_true(w.words[i].len > 0 && utf8_valid(str_span(&w.words[i])));
    tell(&w, &said);
    wish_describe(&w, &said);
    wish_explain_beyond(&w, &said);
    assert_true(utf8_valid(str_span(&said)) || !utf8_valid(page));
    str_release(&said);
    wish_release(&w);
}

static void survives_every_cut(void **state)
{
    (void)state;
    struct row row = {.prompt = {0}};
    struct span rest = str_span(&table);
    while (next_row(&rest, &row))
        for (size_t cut = 0; cut < row.prompt.len; cut += 1 + row.prompt.len / 10) {
            expect_sound(span_cut(str_span(&row.prompt), 0, cut), str_span(&row.page));
            expect_sound(span_cut(str_span(&row.prompt), cut, row.prompt.len), SPAN(""));
        }
    row_release(&row);
}

/* Bytes of the table in another order. */
static void survives_noise(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int round = 0; round < 400; round++) {
        struct str noise = {0};
        while (noise.len < (size_t)(round % 97) * 3) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            size_t from = (size_t)(seed >> 20) % table.len;
            str_add(&noise, span_cut(str_span(&table), from, from + (size_t)(seed & 15)));
        }
        expect_sound(str_span(&noise), SPAN(""));
        expect_sound(SPAN("继续"), str_span(&noise));
        str_release(&noise);
    }
}

static void survives_anything_long(void **state)
{
    (void)state;
    static const char *const pieces[] = {"以",     "关于",   "“",   "\"",    "'a ",    "藏头诗", "的",       "押",    "题目：", "\n",
                                         "about ", "rhyme ", "写一首", "a ", "再来一首", "床前明月光，", "continue:", "\xFF", "\xE4\xB8", "1"};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct str text = {0};
        while (text.len < 200000)
            str_add_text(&text, pieces[i]);
        expect_sound(str_span(&text), SPAN(""));
        expect_sound(SPAN("again"), str_span(&text));
        str_release(&text);
    }
}

static void reads_only_the_beginning(void **state)
{
    (void)state;
    struct str text = {0};
    struct wish w;
    wish_init(&w);
    str_add_text(&text, "写一首七绝，秋夜。\n");
    while (text.len < 2 * WISH_TEXT_MAX)
        str_add_text(&text, "        ，。");
    str_add_text(&text, "五律");
    wish_read(&w, str_span(&text), SPAN(""));
    assert_string_equal(w.form->name, "qijue");
    assert_true(w.form_said);
    str_release(&text);
    wish_release(&w);
}

/* -- telling --------------------------------------------------------------------------------------------------------------------- */

static void expect_told(const char *prompt, const char *described, const char *explained)
{
    struct wish w;
    struct str have = {0};
    wish_init(&w);
    wish_read(&w, span_of(prompt), SPAN(""));
    wish_describe(&w, &have);
    assert_string_equal(str_text(&have), described);
    str_clear(&have);
    wish_explain_beyond(&w, &have);
    assert_string_equal(str_text(&have), explained);
    str_release(&have);
    wish_release(&w);
}

static void describes_in_the_language_of_the_wish(void **state)
{
    (void)state;
    expect_told("写一首七绝，秋夜，藏头“春夏秋冬”，用平声韵", "七绝 · 秋夜 · 藏头 春夏秋冬 · 平声韵", "");
    expect_told("七律《登高》，押东韵", "七律 · 《登高》 · 押“东”韵", "");
    expect_told("请以“明月几时有”为首句，写一首水调歌头", "水调歌头 · 首句 明月几时有", "");
    expect_told("床前明月光，疑是地上霜。", "五绝 · 接着“床前明月光，疑是地上霜。”往下写", "");
    expect_told("a sonnet about the sea, rhyme with night", "sonnet · sea · rhymes with night", "");
    expect_told("an acrostic on LOVE, title: Rain", "quatrain abab · “Rain” · acrostic LOVE", "");
    expect_told("blank verse, 8 lines, starting with 'The sea is calm tonight'",
                "blank verse · 8 lines · first line “The sea is calm tonight”", "");
    expect_told("The sea is calm tonight,\nThe tide is full.", "quatrain abab · going on from “The sea is calm…”", "");
}

static void explains_what_lies_beyond(void **state)
{
    (void)state;
    expect_told("请用中文描述人工智能大模型的艺术应用：", "七绝 · 人工智能 大模型 艺术",
                "小缪斯只会写诗，文章请按 F2 换一台服务器来写；先以“人工智能、大模型”为题，献诗一首：");
    expect_told("What is the capital of France?", "quatrain abab · capital France",
                "The little muse writes verse and answers no questions: F2 chooses a server that does; meanwhile, here is a poem on "
                "“capital, France”:");
    expect_told("你好", "七绝", "小缪斯只会写诗，问题请按 F2 换一台服务器来答；先献诗一首：");
}

static void copies_whole(void **state)
{
    (void)state;
    struct wish a, b;
    struct str told_a = {0}, told_b = {0};
    wish_init(&a);
    wish_init(&b);
    wish_read(&a, SPAN("以“人工智能”为藏头写一首七律，题为《新年》，关于春风，押东韵，第一句是“人间正道是沧桑”"), SPAN(""));
    wish_copy(&b, &a);
    wish_copy(&b, &b);
    tell(&a, &told_a);
    wish_release(&a);
    tell(&b, &told_b);
    assert_string_equal(str_text(&told_a), str_text(&told_b));
    wish_release(&b);
    str_release(&told_a);
    str_release(&told_b);
}

/* -- the tables of the reader ---------------------------------------------------------------------------------------------------- */

static void expect_folded(struct span pattern)
{
    struct wish_text text;
    wish_text_set(&text, pattern);
    if (!span_equal((struct span){text.folded, text.len}, pattern))
        fail_msg("not in small letters and simplified characters: %.*s", SPAN_ARG(pattern));
}

static void marks_are_sound(void **state)
{
    (void)state;
    for (int i = 0; i < wish_mark_count; i++) {
        const struct wish_mark *mark = &wish_mark_table[i];
        bool content = mark->means >= MEANS_TITLE && mark->means <= MEANS_STYLE;
        assert_true(!mark->zh || form_named(span_of(mark->zh))->language == FORM_ZH);
        assert_true(!mark->en || form_named(span_of(mark->en))->language == FORM_EN);
        assert_true(mark->patterns[0] && mark->patterns[0] != ' ');
        for (const char *at = mark->patterns; *at; at += strcspn(at, " "), at += *at == ' ') {
            struct span pattern = {at, strcspn(at, " ")};
            assert_true(pattern.len > 0);
            assert_true(content || !memchr(pattern.s, '~', pattern.len));
            if (!memchr(pattern.s, '#', pattern.len))
                expect_folded(pattern);
        }
    }
}

static void every_form_is_found_by_its_words(void **state)
{
    (void)state;
    for (int i = 0; i < form_count(); i++) {
        struct wish w;
        struct str prompt = {0};
        struct span name = {form_at(i)->words, strcspn(form_at(i)->words, " ")};
        wish_init(&w);
        str_add(&prompt, name);
        for (size_t at = 0; at < prompt.len; at++)
            prompt.s[at] = prompt.s[at] == '_' ? ' ' : prompt.s[at];
        wish_read(&w, str_span(&prompt), SPAN(""));
        assert_string_equal(w.form->name, form_at(i)->name);
        assert_true(w.form_said && w.word_count == 0);
        str_release(&prompt);
        wish_release(&w);
    }
}

static void nouns_go_both_ways(void **state)
{
    (void)state;
    for (int i = 0; i < wish_word_count; i++) {
        struct span zh = {wish_word_table[i].zh, strcspn(wish_word_table[i].zh, " ")};
        struct span en = {wish_word_table[i].en, strcspn(wish_word_table[i].en, " ")};
        assert_true(zh.len > 0 && utf8_length(zh) <= 4 && wish_count_han(zh) == (int)utf8_length(zh));
        assert_true(en.len > 1 && wish_count_words(en) == 1);
        expect_folded(span_of(wish_word_table[i].zh));
        expect_folded(span_of(wish_word_table[i].en));
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    table_path = argv[1];
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(understands_the_table),
        cmocka_unit_test(survives_every_cut),
        cmocka_unit_test(survives_noise),
        cmocka_unit_test(survives_anything_long),
        cmocka_unit_test(reads_only_the_beginning),
        cmocka_unit_test(describes_in_the_language_of_the_wish),
        cmocka_unit_test(explains_what_lies_beyond),
        cmocka_unit_test(copies_whole),
        cmocka_unit_test(marks_are_sound),
        cmocka_unit_test(every_form_is_found_by_its_words),
        cmocka_unit_test(nouns_go_both_ways),
    };
    return cmocka_run_group_tests(tests, read_table, release_table);
}
