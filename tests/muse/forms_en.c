#include "core/mem.h"
#include "muse/meter_en.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void plan_of(struct verse_plan *plan, const char *name, int lines)
{
    const struct form *f = form_named(span_of(name));
    if (!f)
        fail_msg("no form %s", name);
    verse_plan_read(plan, f, lines);
}

/* The scheme as letters, x for a line without a rhyme, | after a stanza. */
static void draw(const struct verse_plan *plan, char *out)
{
    for (int i = 0; i < plan->count; i++) {
        const struct verse_line *line = &plan->line[i];
        *out++ = line->rhyme ? (char)('a' + line->rhyme - 1) : 'x';
        if (line->stanza_end)
            *out++ = '|';
    }
    *out = '\0';
}

static void schemes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int lines;
        const char *scheme;
        int least, most; /* of the second line */
    } known[] = {
        {"couplet", 0, "aa", 10, 10},
        {"couplets", 0, "aabbccdd", 10, 10},
        {"couplets", 5, "aabbcc", 10, 10},
        {"tetrameter", 2, "aa", 8, 8},
        {"quatrain", 0, "abab", 8, 8},
        {"quatrain", 9, "abab", 8, 8},
        {"quatrain_aabb", 0, "aabb", 8, 8},
        {"quatrain_abba", 0, "abba", 8, 8},
        {"ballad", 0, "xaxa|xbxb|xcxc", 6, 6},
        {"ballad", 4, "xaxa", 6, 6},
        {"sonnet", 0, "abab|cdcd|efef|gg", 10, 10},
        {"petrarchan", 0, "abbaabba|cdecde", 10, 10},
        {"villanelle", 0, "aba|aba|aba|aba|aba|abaa", 10, 10},
        {"haiku", 0, "xxx", 7, 7},
        {"limerick", 0, "aabba", 8, 9},
        {"blank", 3, "xxx", 10, 10},
        {"free", 2, "xx", 3, 11},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct verse_plan plan;
        char scheme[2 * VERSE_LINES_MAX + 1];
        plan_of(&plan, known[i].name, known[i].lines);
        draw(&plan, scheme);
        assert_string_equal(scheme, known[i].scheme);
        assert_int_equal(plan.line[1].least, known[i].least);
        assert_int_equal(plan.line[1].most, known[i].most);
    }
}

static void rows_say_their_lines(void **state)
{
    (void)state;
    for (int i = 0; i < form_count(); i++) {
        const struct form *f = form_at(i);
        struct verse_plan plan;
        if (f->language != FORM_EN)
            continue;
        verse_plan_read(&plan, f, 0);
        assert_true(f->lines == 0 ? plan.unit > 0 : f->lines == plan.count);
        assert_true((plan.metre == METRE_NONE) == (f->kind == FORM_LOOSE || plan.exact));
        for (int k = 0; f->length && k < plan.count; k++)
            assert_true(plan.line[k].least == f->length && plan.line[k].most == f->length);
        verse_plan_read(&plan, f, 1000);
        assert_true(plan.count <= VERSE_LINES_MAX);
    }
}

static void refrains(void **state)
{
    (void)state;
    static const int first[] = {0, 5, 11, 17}, third[] = {2, 8, 14, 18};
    struct verse_plan plan;
    plan_of(&plan, "villanelle", 0);
    for (size_t i = 0; i < COUNT_OF(first); i++) {
        assert_int_equal(plan.line[first[i]].refrain, plan.line[0].refrain);
        assert_int_equal(plan.line[third[i]].refrain, plan.line[2].refrain);
    }
    assert_true(plan.line[0].refrain && plan.line[2].refrain && plan.line[0].refrain != plan.line[2].refrain);
    assert_int_equal(plan.line[1].refrain, 0);
}

/* Famous lines stand in their metres, and those with a syllable or a stress out of place do not. */
static void lines_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        int line;
        const char *text;
        enum verse_fault fault;
        const char *word; /* VERSE_STRESS */
    } known[] = {
        {"sonnet", 0, "Shall I compare thee to a summer's day?", VERSE_FITS, NULL},
        {"sonnet", 0, "When I do count the clock that tells the time,", VERSE_FITS, NULL},
        {"sonnet", 0, "The curfew tolls the knell of parting day,", VERSE_FITS, NULL},
        {"sonnet", 0, "Never again the river and the sea,", VERSE_FITS, NULL}, /* an initial trochee */
        {"sonnet", 0, "The river never comes again to me,", VERSE_FITS, NULL},
        {"sonnet", 0, "The never river comes again to me", VERSE_FITS, NULL},
        {"sonnet", 0, "The moonlight never comes again to me", VERSE_FITS, NULL},
        {"sonnet", 0, "There is the river and the winding road", VERSE_FITS, NULL},
        {"sonnet", 0, "There is a quiet river and a road,", VERSE_FITS, NULL},
        {"sonnet", 0, "A great river flows onward to the sea", VERSE_STRESS, "river"},
        {"sonnet", 0, "The river never comes to me", VERSE_SYLLABLES, NULL},
        {"sonnet", 0, "", VERSE_EMPTY, NULL},
        {"sonnet", 0, "春江花月夜", VERSE_EMPTY, NULL},
        {"quatrain", 0, "Whose woods these are I think I know.", VERSE_FITS, NULL},
        {"quatrain", 0, "Because I could not stop for Death –", VERSE_FITS, NULL},
        {"ballad", 1, "He kindly stopped for me –", VERSE_FITS, NULL},
        {"haiku", 0, "An old silent pond", VERSE_FITS, NULL},
        {"haiku", 1, "A frog jumps into the pond,", VERSE_FITS, NULL},
        {"limerick", 0, "There was an old man with a beard", VERSE_FITS, NULL},
        {"limerick", 2, "Two owls and a hen", VERSE_FITS, NULL},
        {"limerick", 0, "The river is never the sea", VERSE_FITS, NULL},
        {"limerick", 0, "A quiet river in the dark", VERSE_STRESS, "river"},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct verse_plan plan;
        struct verse_verdict v;
        plan_of(&plan, known[i].form, 0);
        verse_judge(&plan, &plan.line[known[i].line], span_of(known[i].text), &v);
        if (v.fault != known[i].fault)
            fail_msg("%s: fault %d, %d syllables", known[i].text, (int)v.fault, v.total);
        if (known[i].word)
            assert_true(span_is(v.word, known[i].word));
    }
}

static void words_are_found(void **state)
{
    (void)state;
    static const char text[] = " —“’Tis the moon's well-kept ‘light’,” said O'Hara… naïve";
    static const char *const words[] = {"Tis", "the", "moon's", "well-kept", "light", "said", "O'Hara", "naïve"};
    struct span rest = SPAN(text), word;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        assert_true(verse_word(&rest, &word));
        if (!span_is(word, words[i]))
            fail_msg("“%.*s” for “%s”", SPAN_ARG(word), words[i]);
    }
    assert_false(verse_word(&rest, &word));
    rest = SPAN("'twas");
    assert_true(verse_word(&rest, &word) && span_is(word, "'twas"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemes),          cmocka_unit_test(rows_say_their_lines), cmocka_unit_test(refrains),
        cmocka_unit_test(lines_are_judged), cmocka_unit_test(words_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
