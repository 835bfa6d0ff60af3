#include "verse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct verse_model model;

static int set_up(void **state)
{
    (void)state;
    verse_make(&model, 7);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    verse_release(&model);
    return 0;
}

/* -- poems as this test reads them ---------------------------------------------------------------------------------------------------- */

enum { LINES = 64, LENGTH = 16 };

struct poem {
    int32_t cp[LINES][LENGTH];
    int32_t mark[LINES];        /* at the line's end */
    int pause[LINES];           /* after so many characters; 0: none */
    int length[LINES], lines;
    int breaks[LINES];          /* after the line */
};

static void read(struct poem *p, const char *text)
{
    struct span rest = span_of(text);
    int32_t cp = 0;
    memset(p, 0, sizeof *p);
    for (int n = 0; (n = utf8_decode(rest, &cp)) > 0; rest = span_cut(rest, (size_t)n, rest.len)) {
        assert_in_range(p->lines, 0, LINES - 1);
        int *length = &p->length[p->lines];
        if (cp == U'，' || cp == U'。') {
            p->mark[p->lines++] = cp;
        } else if (cp == U'、') {
            p->pause[p->lines] = *length;
        } else if (cp == '\n') {
            assert_true(p->lines > 0 && *length == 0);
            p->breaks[p->lines - 1]++;
        } else {
            assert_true(*length < LENGTH);
            p->cp[p->lines][(*length)++] = cp;
        }
    }
    assert_int_equal(p->length[p->lines], 0);
}

static int32_t last_of(const struct poem *p, int line)
{
    return p->cp[line][p->length[line] - 1];
}

static bool level(int32_t cp)
{
    return tone_of(cp) == TONE_LEVEL || tone_of(cp) == TONE_EITHER;
}

static bool oblique(int32_t cp)
{
    return tone_of(cp) == TONE_OBLIQUE || tone_of(cp) == TONE_EITHER;
}

static bool is(int32_t cp, bool is_level)
{
    return is_level ? level(cp) : oblique(cp);
}

static void expect_distinct(const struct poem *p)
{
    for (int a = 0; a < p->lines * LENGTH; a++)
        for (int b = 0; b < a; b++) {
            int32_t one = p->cp[a / LENGTH][a % LENGTH], other = p->cp[b / LENGTH][b % LENGTH];
            assert_true(one == 0 || one != other);
        }
}

/* A group that all rhyming lines share. */
static bool share_group(const struct poem *p, bool first)
{
    for (int group = 1; group <= TONE_RHYMES; group++) {
        bool all = !first || tone_has_rhyme(last_of(p, 0), group);
        for (int i = 1; i < p->lines; i += 2)
            all = all && tone_has_rhyme(last_of(p, i), group);
        if (all)
            return true;
    }
    return false;
}

static void expect_line(const int32_t *cp, int length, bool level_second, bool level_end)
{
    for (int i = 1; i < length; i += 2)
        assert_true(is(cp[i], level_second == (i % 4 == 1)));
    assert_true(is(cp[length - 1], level_end));
    assert_false(tone_of(cp[length - 1]) == tone_of(cp[length - 2]) && tone_of(cp[length - 2]) == tone_of(cp[length - 3]) &&
                 tone_of(cp[length - 1]) != TONE_EITHER);
    bool before_end = level_second == ((length - 1) % 4 == 2);
    if (level_end && !before_end) /* 孤平 */
        assert_true(level(cp[length - 3]) || level(cp[length - 5]));
}

static bool try_regulated(const struct poem *p, int length, bool start, bool rhyme_level)
{
    for (int i = 0; i < p->lines; i++)
        if (!is(p->cp[i][1], start == (i % 4 == 0 || i % 4 == 3)) || p->length[i] != length)
            return false;
    for (int i = 0; i < p->lines; i++) {
        bool rhymes = i % 2 == 1 || (i == 0 && is(last_of(p, 0), rhyme_level) && share_group(p, true));
        expect_line(p->cp[i], length, start == (i % 4 == 0 || i % 4 == 3), rhymes == rhyme_level);
    }
    return true;
}

static void expect_regulated(const struct poem *p, const struct form *f, bool rhyme_level)
{
    assert_int_equal(p->lines, f->lines ? f->lines : 12);
    assert_true(try_regulated(p, f->length, true, rhyme_level) || try_regulated(p, f->length, false, rhyme_level));
    assert_true(share_group(p, false));
    expect_distinct(p);
    for (int i = 0; i < p->lines; i++)
        assert_int_equal(p->mark[i], i % 2 ? U'。' : U'，');
}

/* The pattern, sign by sign. */
static void expect_pattern(const struct poem *p, const char *pattern)
{
    struct span rest = span_of(pattern);
    int line = 0, at = 0, ci[128][2], rhymes = 0;
    int32_t cp = 0;
    for (int n = 0; (n = utf8_decode(rest, &cp)) > 0; rest = span_cut(rest, (size_t)n, rest.len)) {
        int32_t own = p->cp[line][at];
        if (cp == U'平' || cp == U'仄' || cp == U'中' || cp == U'入') {
            assert_true(at < p->length[line]);
            assert_true(cp == U'中' || is(own, cp == U'平'));
            assert_true(cp != U'入' || tone_is_entering(own));
            at++;
        } else if (cp >= 'A' && cp <= 'E') {
            for (int i = 0; i < rhymes; i++)
                if (ci[i][0] == cp && !tone_ci_together(ci[i][1], p->cp[line][at - 1], TONE_EITHER))
                    fail_msg("no rhyme in line %d", line + 1);
            ci[rhymes][0] = cp;
            ci[rhymes++][1] = p->cp[line][at - 1];
        } else if (cp == U'〃') {
            assert_memory_equal(p->cp[line], p->cp[line - 1], sizeof p->cp[line]);
            at = p->length[line];
        } else if (cp == U'、') {
            assert_int_equal(p->pause[line], at);
        } else if (cp == '|') {
            assert_int_equal(p->breaks[line - 1], 2);
        } else {
            assert_int_equal(p->length[line], at);
            assert_int_equal(p->mark[line], cp);
            line++;
            at = 0;
        }
    }
    assert_int_equal(line, p->lines);
}

static void begin(struct wish *w, const char *form)
{
    wish_init(w);
    w->language = FORM_ZH;
    w->form = form_named(span_of(form));
    assert_non_null(w->form);
}

static void plain_dials(struct dials *d)
{
    dials_default(d);
    dial_off(d, DIAL_MAX_TOKENS);
}

static void write(const struct wish *w, uint64_t seed, bool best, struct poem *p, struct str *text)
{
    struct dials d;
    plain_dials(&d);
    verse_write(&model, w, &d, seed, best, text, NULL);
    if (str_text(text)[0] == '!')
        fail_msg("%s: %s", w->form->name, str_text(text));
    read(p, str_text(text));
}

static void expect_form(const struct poem *p, const struct form *f)
{
    if (f->kind == FORM_REGULATED)
        expect_regulated(p, f, true);
    else if (f->kind == FORM_TUNE)
        expect_pattern(p, f->pattern);
    else if (f->length) {
        assert_int_equal(p->lines, f->lines);
        for (int i = 0; i < p->lines; i++)
            assert_int_equal(p->length[i], f->length);
    } else {
        assert_in_range(p->lines, 4, 12);
    }
}

static void every_form(void **state)
{
    (void)state;
    struct str text = {0};
    for (int i = 0; i < form_count() && form_at(i)->language == FORM_ZH; i++)
        for (uint64_t seed = 1; seed <= 4; seed++) {
            struct wish w;
            struct poem p;
            begin(&w, form_at(i)->name);
            if (seed % 2)
                str_add_text(&w.words[w.word_count++], "秋月");
            write(&w, seed, seed == 1, &p, &text);
            expect_form(&p, w.form);
            wish_release(&w);
        }
    str_release(&text);
}

/* -- demands ------------------------------------------------------------------------------------------------------------------------ */

static void oblique_rhyme(void **state)
{
    (void)state;
    struct str text = {0};
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct wish w;
        struct poem p;
        begin(&w, seed % 2 ? "wujue" : "qijue");
        w.rhyme_tone = RHYME_OBLIQUE;
        write(&w, seed, false, &p, &text);
        expect_regulated(&p, w.form, false);
        wish_release(&w);
    }
    str_release(&text);
}

static void acrostic(void **state)
{
    (void)state;
    static const char *const forms[] = {"wujue", "qijue", "wulv", "qilv", "wupai", "wugu", "siyan"};
    static const int32_t heads[] = {U'春', U'夏', U'秋', U'冬'};
    struct str text = {0};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct wish w;
        struct poem p;
        begin(&w, forms[i]);
        str_add_text(&w.acrostic, "春夏秋冬");
        write(&w, i, i == 1, &p, &text);
        expect_form(&p, w.form);
        for (int line = 0; line < 4; line++)
            assert_int_equal(p.cp[line][0], heads[line]);
        wish_release(&w);
    }
    str_release(&text);
}

static void acrostic_of_strange_words(void **state)
{
    (void)state;
    struct wish w;
    struct poem p;
    struct str text = {0};
    begin(&w, "qijue");
    w.simplified = true;
    str_add_text(&w.acrostic, "龘、钅 喆春"); /* the vocabulary has one of them */
    write(&w, 3, false, &p, &text);
    assert_int_equal(p.cp[0][0], U'龘');
    assert_int_equal(p.cp[1][0], U'钅');
    assert_int_equal(p.cp[2][0], U'喆');
    assert_int_equal(p.cp[3][0], U'春');
    wish_release(&w);
    str_release(&text);
}

/* An acrostic that is longer makes a poem longer where the form allows it. */
static void long_acrostic(void **state)
{
    (void)state;
    struct wish w;
    struct poem p;
    struct str text = {0};
    begin(&w, "wupai");
    str_add_text(&w.acrostic, "春夏秋冬春夏秋冬春夏秋冬春");
    write(&w, 3, false, &p, &text);
    assert_int_equal(p.lines, 14);
    assert_int_equal(p.cp[12][0], U'春');
    str_clear(&w.acrostic);
    w.lines = 20;
    write(&w, 3, false, &p, &text);
    assert_int_equal(p.lines, 20);
    wish_release(&w);
    str_release(&text);
}

/* The text begins with it, line breaks apart. */
static void first_line(void **state)
{
    (void)state;
    static const struct {
        const char *form, *line;
    } given[] = {{"wujue", "白日依山盡，"}, {"qijue", "朝辭白帝彩雲間"}, {"qijue", "月落"}, {"wulv", "國破山河在，城春草木深。感時"},
                 {"yijiangnan", "江南好，風景舊曾諳。"}, {"wujue", "白日依山盡，黃河入海流。欲窮千里目，更上一層樓。"}};
    struct str text = {0};
    for (size_t i = 0; i < COUNT_OF(given); i++) {
        struct wish w;
        struct poem p;
        begin(&w, given[i].form);
        str_add_text(&w.first_line, given[i].line);
        write(&w, i, i % 2, &p, &text);
        assert_int_equal(p.lines, w.form->lines);
        struct span rest = str_span(&text), line = span_of(given[i].line);
        for (size_t at = 0, from = 0; at < line.len; at++, from++) {
            while (rest.s[from] == '\n')
                from++;
            assert_int_equal(rest.s[from], line.s[at]);
        }
        wish_release(&w);
    }
    str_release(&text);
}

static void given_rhyme(void **state)
{
    (void)state;
    static const char *const names[] = {"東", "一东", "春", "下平七陽", "光"};
    static const int groups[] = {1, 1, 11, 22, 22};
    struct str text = {0};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct wish w;
        struct poem p;
        begin(&w, "qilv");
        str_add_text(&w.rhyme, names[i]);
        write(&w, i, false, &p, &text);
        expect_regulated(&p, w.form, true);
        for (int line = 1; line < 8; line += 2)
            assert_true(tone_has_rhyme(last_of(&p, line), groups[i]));
        wish_release(&w);
    }
    str_release(&text);
}

/* -- what cannot be ----------------------------------------------------------------------------------------------------------------- */

static void impossible(void **state)
{
    (void)state;
    static const struct {
        const char *form, *acrostic, *first, *rhyme;
        enum wish_rhyme tone;
        const char *says;
    } cases[] = {
        {"wujue", "春夏秋冬春", "", "", RHYME_ANY, "acrostic has more characters"},
        {"wujue", "love", "", "", RHYME_ANY, "wants Chinese characters"},
        {"wujue", "", "床前明月", "", RHYME_ANY, "has 4 characters"},
        {"wujue", "", "疑是地上霜", "", RHYME_ANY, "“上” cannot be character 4 of line 1"},
        {"wujue", "春", "月落", "", RHYME_ANY, "puts “月” where the acrostic wants “春”"},
        {"wujue", "", "一二三四五。一二三四五。一二三四五。一二三四五。一", "", RHYME_ANY, "more lines"},
        {"wujue", "", "", "Q", RHYME_ANY, "neither the name of a rhyme"},
        {"wujue", "", "白日依山盡，黃河入海流。", "東", RHYME_ANY, "does not rhyme"},
        {"manjianghong", "", "", "東", RHYME_ANY, "oblique tones only"},
        {"shuidiaogetou", "", "", "", RHYME_OBLIQUE, "level tones only"},
        {"manjianghong", "", "", "董", RHYME_ANY, "entering tone"},
        {"yijiangnan", "月", "", "", RHYME_ANY, "wants a level tone"},
        {"rumengling", "春夏秋春冬夏", "", "", RHYME_ANY, ""},
        {"qipai", "", "", "江", RHYME_ANY, "words that rhyme"},
    };
    struct str text = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct wish w;
        struct dials d;
        plain_dials(&d);
        begin(&w, cases[i].form);
        str_add_text(&w.acrostic, cases[i].acrostic);
        str_add_text(&w.first_line, cases[i].first);
        str_add_text(&w.rhyme, cases[i].rhyme);
        w.rhyme_tone = cases[i].tone;
        w.lines = strcmp(cases[i].form, "qipai") == 0 ? 60 : 0;
        verse_write(&model, &w, &d, 1, false, &text, NULL);
        if (str_text(&text)[0] != '!' || span_find(str_span(&text), span_of(cases[i].says), 0) < 0)
            fail_msg("case %zu says: %s", i, str_text(&text));
        assert_int_equal(text.s[text.len - 1], '.');
        wish_release(&w);
    }
    str_release(&text);
}

/* -- dials -------------------------------------------------------------------------------------------------------------------------- */

static void dials(void **state)
{
    (void)state;
    struct str one = {0}, other = {0};
    struct dials d;
    struct wish w;
    const char *finish = NULL;
    plain_dials(&d);
    begin(&w, "qijue");
    verse_write(&model, &w, &d, 5, true, &one, &finish);
    assert_string_equal(finish, "stop");
    verse_write(&model, &w, &d, 5, true, &other, NULL);
    assert_string_equal(str_text(&one), str_text(&other));
    verse_write(&model, &w, &d, 6, true, &other, NULL);
    assert_string_not_equal(str_text(&one), str_text(&other));
    for (int most = 1; most <= 33; most++) {
        dial_set(&d, DIAL_MAX_TOKENS, most);
        verse_write(&model, &w, &d, 5, most % 8 == 0, &other, &finish);
        int characters = (int)utf8_length(str_span(&other));
        for (size_t i = 0; i < other.len; i++)
            characters -= other.s[i] == '\n';
        assert_int_equal(characters, most < 32 ? most : 32);
        assert_string_equal(finish, most < 32 ? "length" : "stop");
    }
    wish_release(&w);
    str_release(&one);
    str_release(&other);
}

static void simplified(void **state)
{
    (void)state;
    struct str text = {0};
    struct wish w;
    struct poem p;
    begin(&w, "qilv");
    w.simplified = true;
    str_add_text(&w.first_line, "云开万里见长空");
    write(&w, 2, false, &p, &text);
    assert_true(span_starts(str_span(&text), "云开万里见长空，\n"));
    wish_release(&w);
    str_release(&text);
}

/* -- going on ----------------------------------------------------------------------------------------------------------------------- */

static void go_on(void **state)
{
    (void)state;
    static const struct {
        const char *text, *begins;
        int lines;
    } cases[] = {{"白日依山盡，\n黃河入海流。\n", "", 2}, {"白日依山盡，黃河入海流", "。\n", 2},
                 {"白日依山盡，黃河入海流。欲窮千里目，更上一層樓。", "\n", 4}, {"白日依山盡，黃河入", "", 3}};
    struct str text = {0}, whole = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct wish w;
        struct dials d;
        struct poem p;
        plain_dials(&d);
        begin(&w, "qijue");
        w.kind = WISH_CONTINUE;
        str_add_text(&w.text, cases[i].text);
        verse_write(&model, &w, &d, i, i % 2, &text, NULL);
        assert_true(span_starts(str_span(&text), cases[i].begins));
        str_set(&whole, span_of(cases[i].text));
        str_add(&whole, str_span(&text));
        read(&p, str_text(&whole));
        assert_int_equal(p.lines, cases[i].lines + (i < 2 ? 2 : i == 2 ? 4 : 1));
        for (int line = 0; line < p.lines; line++)
            assert_int_equal(p.length[line], 5);
        wish_release(&w);
    }
    str_release(&text);
    str_release(&whole);
}

/* Lines of no common length: nothing is promised but that it goes on, in characters and marks, and ends. */
static void go_on_freely(void **state)
{
    (void)state;
    static const char *const texts[] = {"春天來了，我們去看花。", "", "hello", "明月幾時有，把酒問青天。不知天上宮闕，今夕是何年。\n"};
    struct str text = {0};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct wish w;
        struct dials d;
        const char *finish = NULL;
        dials_default(&d);
        dial_set(&d, DIAL_MAX_TOKENS, 50);
        begin(&w, "qijue");
        w.kind = WISH_CONTINUE;
        w.simplified = i % 2;
        str_add_text(&w.text, texts[i]);
        verse_write(&model, &w, &d, i, i % 2, &text, &finish);
        assert_true(text.len > 0 && utf8_length(str_span(&text)) <= 60);
        assert_true(utf8_valid(str_span(&text)) && text.s[text.len - 1] != '\n');
        wish_release(&w);
    }
    str_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form),    cmocka_unit_test(oblique_rhyme), cmocka_unit_test(acrostic),
        cmocka_unit_test(acrostic_of_strange_words), cmocka_unit_test(long_acrostic), cmocka_unit_test(first_line),
        cmocka_unit_test(given_rhyme),   cmocka_unit_test(impossible),    cmocka_unit_test(dials),
        cmocka_unit_test(simplified),    cmocka_unit_test(go_on),         cmocka_unit_test(go_on_freely),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
