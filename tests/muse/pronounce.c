#include "muse/pronounce.h"
#include "core/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The stress of every way to say it: "1 10". */
static void expect_said(const char *word, const char *wanted)
{
    struct pronunciation ways[PRONOUNCE_WAYS];
    struct str have = {.max = 0};
    int count = pronounce(span_of(word), ways);
    for (int i = 0; i < count; i++) {
        str_printf(&have, "%s%s", i > 0 ? " " : "", ways[i].stress);
        assert_int_equal(ways[i].syllables, (int)strlen(ways[i].stress));
        assert_int_equal(ways[i].guessed, ways[0].guessed);
    }
    if (strcmp(str_text(&have), wanted) != 0)
        fail_msg("%s is said %s, not %s", word, str_text(&have), wanted);
    str_release(&have);
}

static struct pronunciation said(const char *word)
{
    struct pronunciation ways[PRONOUNCE_WAYS];
    assert_true(pronounce(span_of(word), ways) > 0);
    return ways[0];
}

static void expect_rhyme(const char *a, const char *b, enum rhyme wanted)
{
    enum rhyme have = pronounce_words_rhyme(span_of(a), span_of(b));
    if (have != wanted || pronounce_words_rhyme(span_of(b), span_of(a)) != wanted)
        fail_msg("%s and %s: %d, not %d", a, b, have, wanted);
}

static void knows_words(void **state)
{
    (void)state;
    expect_said("sea", "1");
    expect_said("Understand", "201");
    expect_said("MELANCHOLY", "1020");
    expect_said("begin", "01");
    expect_said("beautiful", "100");
    expect_said("liberty", "100");
    expect_said("record", "01 10");
    expect_said("heaven", "10 1");
    expect_said("fire", "1 10");
    expect_said("flower", "10 1");
    expect_said("won't", "1");
    expect_said("won’t", "1");
    assert_true(pronounce_knows(span_of("Moonlight")));
    assert_false(pronounce_knows(span_of("moonlights")));
    assert_false(pronounce_knows(span_of("sea-shore")));
    assert_false(pronounce_knows(span_of("")));
}

static void knows_the_words_of_old_verse(void **state)
{
    (void)state;
    static const char *const short_ones[] = {
        "thee",  "thou",    "thy",  "o'er",  "ne'er",   "e'er",    "e'en",   "'tis",   "'twas",  "heav'n",
        "doth",  "hath",    "hast", "dost",  "didst",   "wouldst", "canst",  "pow'r",  "th'",    "’Twas",
        "twixt", "'gainst", "tho'", "thro'", "know'st", "lov'st",  "turn'd", "kiss'd", "glow'd", "smote",
    };
    for (size_t i = 0; i < COUNT_OF(short_ones); i++) {
        struct pronunciation p = said(short_ones[i]);
        if (p.syllables != 1 || p.guessed)
            fail_msg("%s has %d syllables", short_ones[i], p.syllables);
    }
    expect_said("methinks", "01");
    expect_said("whate'er", "01");
    expect_said("ev'ry", "10");
    expect_said("glitt'ring", "10");
    expect_said("flatt'ring", "10");
    expect_said("belovèd", "010");
    expect_said("bowèd", "10 10");
    expect_said("giveth", "10");
    expect_said("lovest", "10");
    expect_rhyme("o'er", "shore", RHYME_FULL);
    expect_rhyme("ne'er", "fair", RHYME_FULL);
    expect_rhyme("heav'n", "seven", RHYME_FULL);
    expect_rhyme("thee", "sea", RHYME_FULL);
    expect_rhyme("doth", "oath", RHYME_NONE);
    expect_rhyme("knoweth", "goeth", RHYME_FULL);
}

static void derives_words(void **state)
{
    (void)state;
    expect_said("beauty's", "10");
    expect_said("stars'", "1");
    expect_said("churches'", "10");
    expect_said("witch's", "10");
    expect_said("waded", "10");
    expect_said("godlike", "12");
    expect_said("sunbeams", "12");
    expect_said("gladness", "10");
    expect_said("honours", "10");
    expect_said("unwearied", "010");
    expect_said("deathless", "10");
    expect_said("sea-shore", "12");
    expect_said("merry-go-round", "1022");
    expect_rhyme("sunbeams", "dreams", RHYME_FULL);
    expect_rhyme("lov'd", "proved", RHYME_NONE);
    expect_rhyme("turn'd", "burned", RHYME_FULL);
    expect_rhyme("kiss'd", "mist", RHYME_FULL);
    expect_rhyme("beauty's", "duties", RHYME_FULL);
    expect_rhyme("godlike", "strike", RHYME_FULL);
    assert_false(said("sunbeams").guessed);
}

static void guesses_from_letters(void **state)
{
    (void)state;
    assert_true(said("snark").guessed);
    assert_true(said("xyzzy").guessed);
    expect_said("snark", "1");
    expect_said("boojum", "10");
    expect_said("frumiation", "010");
    expect_rhyme("snark", "dark", RHYME_FULL);
    struct pronunciation ways[PRONOUNCE_WAYS];
    assert_int_equal(pronounce(span_of(""), ways), 0);
    assert_int_equal(pronounce(span_of("123 -- '"), ways), 0);
    assert_int_equal(pronounce(span_of("月\xFF"), ways), 0);
    char longest[400];
    memset(longest, 'a', sizeof longest);
    assert_true(pronounce((struct span){longest, sizeof longest}, ways) > 0);
    for (size_t i = 1; i < sizeof longest; i += 2)
        longest[i] = '-';
    assert_true(pronounce((struct span){longest, sizeof longest}, ways) > 0);
    assert_int_equal(ways[0].syllables, PRONOUNCE_SYLLABLES);
}

static void tells_rhymes_from_repetition(void **state)
{
    (void)state;
    expect_rhyme("night", "light", RHYME_FULL);
    expect_rhyme("love", "dove", RHYME_FULL);
    expect_rhyme("love", "move", RHYME_NONE);
    expect_rhyme("flower", "hour", RHYME_FULL);
    expect_rhyme("desire", "fire", RHYME_FULL);
    expect_rhyme("morning", "warning", RHYME_FULL);
    expect_rhyme("parted", "started", RHYME_FULL);
    expect_rhyme("sea", "see", RHYME_IDENTICAL);
    expect_rhyme("light", "delight", RHYME_IDENTICAL);
    expect_rhyme("night", "Night", RHYME_IDENTICAL);
    expect_rhyme("melody", "sea", RHYME_SLANT);
    expect_rhyme("heaven", "garden", RHYME_NONE);
    expect_rhyme("sun", "moon", RHYME_NONE);
    expect_rhyme("wind", "kind", RHYME_FULL); /* one of its ways */
    expect_rhyme("123", "sea", RHYME_NONE);
}

static void marks_light_words(void **state)
{
    (void)state;
    assert_true(said("the").light);
    assert_true(said("of").light);
    assert_true(said("Thou").light);
    assert_true(said("o'er").light);
    assert_false(said("sea").light);
    assert_false(said("upon").light);
    assert_false(said("there-by").light);
}

static bool lists(const char *of, const char *word)
{
    struct rhyme_word w;
    int rhyme = said(of).rhyme;
    for (int i = 0; pronounce_class_word(rhyme, i, &w); i++)
        if (strcmp(w.word, word) == 0)
            return true;
    return false;
}

static void lists_the_words_of_a_class(void **state)
{
    (void)state;
    assert_true(lists("night", "moonlight"));
    assert_true(lists("heart", "part"));
    assert_true(lists("heart", "depart"));
    assert_false(lists("heart", "heat"));
    struct rhyme_word w;
    assert_false(pronounce_class_word(0, 0, &w));
    assert_false(pronounce_class_word(1, -1, &w));
    assert_false(pronounce_class_word(pronounce_classes() + 1, 0, &w));
    assert_int_equal(pronounce_class_size(0), 0);
}

/* Every class says of its words what the words say of themselves, commoner ones first. */
static void keeps_every_class(void **state)
{
    (void)state;
    int words = 0;
    assert_true(pronounce_classes() > 10000);
    for (int rhyme = 1; rhyme <= pronounce_classes(); rhyme++) {
        int common = 15;
        for (int i = 0; i < pronounce_class_size(rhyme); i++, words++) {
            struct rhyme_word w;
            assert_true(pronounce_class_word(rhyme, i, &w));
            assert_int_equal(w.said.rhyme, rhyme);
            assert_true(w.common <= common);
            common = w.common;
            assert_true(pronounce_knows(span_of(w.word)));
        }
    }
    assert_true(words > 40000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_words),
        cmocka_unit_test(knows_the_words_of_old_verse),
        cmocka_unit_test(derives_words),
        cmocka_unit_test(guesses_from_letters),
        cmocka_unit_test(tells_rhymes_from_repetition),
        cmocka_unit_test(marks_light_words),
        cmocka_unit_test(lists_the_words_of_a_class),
        cmocka_unit_test(keeps_every_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
