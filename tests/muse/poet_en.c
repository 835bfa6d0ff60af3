/* Poems of a model that knows nothing: whatever the weights, the form is kept. */
#include "verse_en.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *packs;
static struct english_model model;

struct poem {
    struct span line[VERSE_LINES_MAX];
    bool stanza_end[VERSE_LINES_MAX];
    int count;
};

static void read_poem(struct poem *p, struct span text)
{
    struct span line;
    *p = (struct poem){.count = 0};
    while (span_line(&text, &line)) {
        if (line.len == 0) {
            assert_true(p->count > 0 && !p->stanza_end[p->count - 1]);
            p->stanza_end[p->count - 1] = true;
            continue;
        }
        assert_true(p->count < VERSE_LINES_MAX);
        p->line[p->count++] = line;
    }
}

static struct span last_word(struct span line)
{
    struct span word, last = {0};
    while (verse_word(&line, &word))
        last = word;
    return last;
}

static void check_signs(struct span line, bool last)
{
    struct span rest = line, word;
    char first = line.s[line.s[0] == '\''], end = line.s[line.len - 1];
    assert_true(first >= 'A' && first <= 'Z');
    if (last)
        assert_true(end == '.' || end == '!' || end == '?');
    assert_true(span_find(line, SPAN("\""), 0) < 0 && span_find(line, SPAN("("), 0) < 0 && span_find(line, SPAN("  "), 0) < 0);
    while (verse_word(&rest, &word))
        if (!pronounce_knows(word))
            fail_msg("“%.*s” is in no dictionary: %.*s", SPAN_ARG(word), SPAN_ARG(line));
}

static void check_rhymes(const struct verse_plan *plan, const struct poem *p, const char *text)
{
    for (int i = 0; i < p->count; i++)
        for (int k = 0; k < i; k++) {
            const struct verse_line *a = &plan->line[i], *b = &plan->line[k];
            enum rhyme r = pronounce_words_rhyme(last_word(p->line[i]), last_word(p->line[k]));
            if (a->refrain && a->refrain == b->refrain) {
                assert_true(span_equal(p->line[i], p->line[k]));
            } else if (a->rhyme && a->rhyme == b->rhyme) {
                if (r != RHYME_FULL)
                    fail_msg("lines %d and %d do not rhyme:\n%s", k + 1, i + 1, text);
            } else if (plan->metre != METRE_NONE && r >= RHYME_IDENTICAL) {
                fail_msg("lines %d and %d rhyme:\n%s", k + 1, i + 1, text);
            }
        }
}

static void check_poem(const struct form *f, int lines, const char *text)
{
    struct verse_plan plan;
    struct poem p;
    verse_plan_read(&plan, f, lines);
    read_poem(&p, span_of(text));
    if (p.count != plan.count)
        fail_msg("%s: %d lines:\n%s", f->name, p.count, text);
    for (int i = 0; i < p.count; i++) {
        struct verse_verdict v;
        assert_int_equal(p.stanza_end[i], plan.line[i].stanza_end);
        check_signs(p.line[i], i == p.count - 1);
        verse_judge(&plan, &plan.line[i], p.line[i], &v);
        if (v.fault != VERSE_FITS)
            fail_msg("%s, line %d: fault %d at “%.*s”:\n%s", f->name, i + 1, (int)v.fault, SPAN_ARG(v.word), text);
    }
    check_rhymes(&plan, &p, text);
}

static struct dials plain_dials(double temperature)
{
    struct dials d;
    dials_default(&d);
    dial_set(&d, DIAL_TEMPERATURE, temperature);
    dial_set(&d, DIAL_MAX_TOKENS, 2000);
    return d;
}

static void wish_form(struct wish *w, const char *form, bool said)
{
    wish_init(w);
    w->kind = WISH_VERSE;
    w->language = FORM_EN;
    w->form = form_named(span_of(form));
    w->form_said = said;
    assert_non_null(w->form);
}

static void every_form_is_kept(void **state)
{
    (void)state;
    struct str out = {0};
    for (int i = 0; i < form_count(); i++) {
        if (form_at(i)->language != FORM_EN)
            continue;
        for (uint64_t seed = 1; seed <= 4; seed++) {
            struct wish w;
            struct dials d = plain_dials(seed == 1 ? 0 : seed < 4 ? 0.7 : 2.0);
            wish_form(&w, form_at(i)->name, true);
            if (seed % 2)
                str_set(&w.title, SPAN("The sea"));
            assert_string_equal(english_write(&model, &w, &d, seed, seed == 2, &out), "stop");
            check_poem(w.form, 0, str_text(&out));
            wish_release(&w);
        }
    }
    str_release(&out);
}

static void acrostics(void **state)
{
    (void)state;
    static const struct {
        const char *form, *letters;
        int lines;
    } known[] = {{"quatrain", "REST", 0}, {"couplets", "EVENING", 7}, {"haiku", "SKY", 0}, {"sonnet", "Quill", 0}, {"free", "HEART", 5}};
    struct str out = {0};
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct wish w;
        struct poem p;
        struct dials d = plain_dials(0.7);
        wish_form(&w, known[i].form, true);
        str_set(&w.acrostic, span_of(known[i].letters));
        w.lines = known[i].lines;
        (void)english_write(&model, &w, &d, 3, false, &out);
        read_poem(&p, str_span(&out));
        for (int k = 0; known[i].letters[k]; k++)
            if (p.line[k].s[p.line[k].s[0] == '\''] != (known[i].letters[k] & ~0x20))
                fail_msg("no %c:\n%s", known[i].letters[k], str_text(&out));
        if (w.form->kind != FORM_LOOSE)
            check_poem(w.form, known[i].lines, str_text(&out));
        wish_release(&w);
    }
    str_release(&out);
}

static void a_first_line_stands(void **state)
{
    (void)state;
    static const char first[] = "The moon was bright upon the hill,";
    struct wish w;
    struct str out = {0};
    struct dials d = plain_dials(0.7);
    wish_form(&w, "quatrain", true);
    str_set(&w.first_line, SPAN(first));
    for (uint64_t seed = 1; seed < 5; seed++) {
        (void)english_write(&model, &w, &d, seed, false, &out);
        assert_true(span_starts(str_span(&out), first));
        check_poem(w.form, 0, str_text(&out));
    }
    wish_release(&w);
    str_release(&out);
}

static void a_form_that_nobody_named_gives_way(void **state)
{
    (void)state;
    static const char *const first[] = {"The moon was very bright upon the silent hill again", "My love is like an orange,"};
    struct wish w;
    struct str out = {0};
    struct dials d = plain_dials(0.7);
    for (size_t i = 0; i < COUNT_OF(first); i++) {
        wish_form(&w, "quatrain", false);
        str_set(&w.first_line, span_of(first[i]));
        assert_string_equal(english_write(&model, &w, &d, 1, false, &out), "stop");
        assert_true(span_starts(str_span(&out), first[i]));
        wish_release(&w);
    }
    wish_form(&w, "quatrain", false);
    str_set(&w.acrostic, SPAN("SPRING"));
    (void)english_write(&model, &w, &d, 1, false, &out);
    check_poem(form_named(SPAN("tetrameter")), 6, str_text(&out));
    wish_release(&w);
    str_release(&out);
}

static void a_given_rhyme_is_met(void **state)
{
    (void)state;
    static const char *const forms[] = {"couplet", "quatrain", "sonnet", "limerick", "petrarchan", "villanelle"};
    struct str out = {0};
    struct dials d = plain_dials(0.7);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct wish w;
        struct poem p;
        wish_form(&w, forms[i], true);
        str_set(&w.rhyme, SPAN("Light"));
        (void)english_write(&model, &w, &d, 5, false, &out);
        check_poem(w.form, 0, str_text(&out));
        read_poem(&p, str_span(&out));
        assert_true(pronounce_words_rhyme(last_word(p.line[0]), SPAN("light")) >= RHYME_IDENTICAL);
        wish_release(&w);
    }
    str_release(&out);
}

enum field { ACROSTIC, FIRST, RHYME };

static void impossible_demands_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        enum field field;
        const char *value, *says;
    } known[] = {
        {"quatrain", ACROSTIC, "SPRING", "6 letters"},
        {"haiku", ACROSTIC, "春夏秋", "A to Z"},
        {"quatrain", RHYME, "orange", "orange"},
        {"quatrain", RHYME, "month", "month"},
        {"haiku", RHYME, "sea", "does not rhyme"},
        {"quatrain", FIRST, "The moon is up", "4 syllables"},
        {"limerick", FIRST, "The moon is up", "8 to 9"},
        {"quatrain", FIRST, "The great river is calm and deep", "river"},
        {"quatrain", FIRST, "春江花月夜", "no English words"},
        {"quatrain", FIRST, "I have not seen you for a month", "month"},
    };
    struct str out = {0};
    struct dials d = plain_dials(0.7);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct wish w;
        wish_form(&w, known[i].form, true);
        struct str *fields[] = {&w.acrostic, &w.first_line, &w.rhyme};
        str_set(fields[known[i].field], span_of(known[i].value));
        (void)english_write(&model, &w, &d, 1, false, &out);
        if (str_text(&out)[0] != '!' || !strstr(str_text(&out), known[i].says))
            fail_msg("%s: %s", known[i].value, str_text(&out));
        wish_release(&w);
    }
    str_release(&out);
}

static void first_line_and_acrostic_can_quarrel(void **state)
{
    (void)state;
    struct wish w;
    struct str out = {0};
    struct dials d = plain_dials(0.7);
    wish_form(&w, "quatrain", true);
    str_set(&w.first_line, SPAN("The moon was bright upon the hill"));
    str_set(&w.acrostic, SPAN("MOON"));
    (void)english_write(&model, &w, &d, 1, false, &out);
    assert_non_null(strstr(str_text(&out), "acrostic"));
    str_set(&w.acrostic, SPAN("TIDE"));
    (void)english_write(&model, &w, &d, 1, false, &out);
    check_poem(w.form, 0, str_text(&out));
    wish_release(&w);
    str_release(&out);
}

static void the_bound_ends_a_poem(void **state)
{
    (void)state;
    struct wish w;
    struct str whole = {0}, part = {0};
    wish_form(&w, "quatrain", true);
    for (int most = 1; most < 20; most += 6) {
        struct dials d = plain_dials(0.7);
        (void)english_write(&model, &w, &d, 9, false, &whole);
        dial_set(&d, DIAL_MAX_TOKENS, most);
        assert_string_equal(english_write(&model, &w, &d, 9, false, &part), "length");
        assert_true(part.len < whole.len && span_starts(str_span(&whole), str_text(&part)));
    }
    wish_release(&w);
    str_release(&whole);
    str_release(&part);
}

static void a_seed_repeats_a_poem(void **state)
{
    (void)state;
    struct wish w;
    struct str one = {0}, two = {0};
    struct dials d = plain_dials(0.7);
    wish_form(&w, "quatrain_abba", true);
    (void)english_write(&model, &w, &d, 4, true, &one);
    (void)english_write(&model, &w, &d, 4, true, &two);
    assert_string_equal(str_text(&one), str_text(&two));
    (void)english_write(&model, &w, &d, 5, true, &two);
    assert_string_not_equal(str_text(&one), str_text(&two));
    wish_release(&w);
    str_release(&one);
    str_release(&two);
}

static int make(void **state)
{
    (void)state;
    struct err e = {0};
    bool ok = english_make(&model, packs, 11, &e);
    if (!ok)
        print_error("%s\n", e.text);
    return ok ? 0 : -1;
}

static int unmake(void **state)
{
    (void)state;
    english_release(&model);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_kept),
        cmocka_unit_test(acrostics),
        cmocka_unit_test(a_first_line_stands),
        cmocka_unit_test(a_form_that_nobody_named_gives_way),
        cmocka_unit_test(a_given_rhyme_is_met),
        cmocka_unit_test(impossible_demands_are_explained),
        cmocka_unit_test(first_line_and_acrostic_can_quarrel),
        cmocka_unit_test(the_bound_ends_a_poem),
        cmocka_unit_test(a_seed_repeats_a_poem),
    };
    CHECK(argc > 1);
    packs = argv[1];
    return cmocka_run_group_tests(tests, make, unmake);
}
