#include "muse/vocab.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/sampler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pack pack[2];
static struct vocab *vocab[2];

/* "春|，|<unk>": tokens as the vocabulary writes them. */
static void spell(const struct vocab *v, const int *tokens, int count, struct str *out)
{
    str_clear(out);
    for (int i = 0; i < count; i++)
        str_printf(out, "%s%.*s", i ? "|" : "", SPAN_ARG(vocab_text(v, tokens[i])));
}

static void reads(enum pack_language language, const char *text, const char *want)
{
    int tokens[300], count = 0;
    struct str have = {0};
    assert_true(vocab_encode(vocab[language], span_of(text), tokens, &count, 300));
    spell(vocab[language], tokens, count, &have);
    if (!span_is(str_span(&have), want))
        fail_msg("“%s” is read as\n%s and not as\n%s", text, str_text(&have), want);
    str_release(&have);
}

/* Reads a text and writes it again: as `want`, or as it was. */
static void writes(enum pack_language language, const char *text, const char *want)
{
    int tokens[300], count = 0;
    struct str have = {0};
    assert_true(vocab_encode(vocab[language], span_of(text), tokens, &count, 300));
    vocab_decode(vocab[language], tokens, count, &have);
    if (!span_is(str_span(&have), want ? want : text))
        fail_msg("“%s” comes back as “%s”", text, str_text(&have));
    str_release(&have);
}

static void knows_its_tokens(void **state)
{
    (void)state;
    static const char *const first[] = {"<bos>", "<eos>", "<sep>", "<kw>", "<unk>", "<pad>"};
    for (int language = 0; language < 2; language++) {
        const struct vocab *v = vocab[language];
        assert_int_equal(vocab_size(v), pack[language].shape.vocab);
        for (int i = 0; i < 6; i++)
            assert_true(span_is(vocab_text(v, i), first[i]));
        for (int i = 0; i < vocab_size(v); i++) {
            int found = vocab_find(v, vocab_text(v, i));
            assert_true(found >= 0 && span_equal(vocab_text(v, found), vocab_text(v, i)));
            assert_true(found == i || language == PACK_ZH);
        }
        assert_int_equal(vocab_find(v, SPAN("no such token")), -1);
        assert_int_equal(vocab_find(v, SPAN("")), -1);
    }
}

static void knows_characters(void **state)
{
    (void)state;
    const struct vocab *v = vocab[PACK_ZH];
    int32_t spring = 0x6625, ci = 0x8A5E; /* 春, 詞 */
    int token = vocab_find_cp(v, spring);
    assert_true(token >= TOKENS_CONTROL_ZH && vocab_cp(v, token) == spring);
    assert_true(vocab_find(v, SPAN("詞")) < TOKENS_CONTROL_ZH);
    assert_true(vocab_find_cp(v, ci) >= TOKENS_CONTROL_ZH);
    assert_true(vocab_find(v, SPAN("七絕")) < TOKENS_CONTROL_ZH);
    for (int i = 0; i < TOKENS_CONTROL_ZH; i++)
        assert_int_equal(vocab_cp(v, i), -1);
    static const int32_t none[] = {-1, 0, 'a', 0x20000, 0x10FFFF, 0x110000};
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_int_equal(vocab_find_cp(v, none[i]), -1);
    assert_int_equal(vocab_cp(v, -1), -1);
    assert_int_equal(vocab_cp(v, 999999), -1);
    assert_int_equal(vocab_cp(vocab[PACK_EN], 100), -1);
}

static void reads_chinese(void **state)
{
    (void)state;
    reads(PACK_ZH, "春眠不覺曉，", "春|眠|不|覺|曉|，");
    reads(PACK_ZH, " 春　眠\n\r\n不覺曉.\n", "春|眠|不|覺|曉|。");
    reads(PACK_ZH, "春,眠?曉!", "春|，|眠|？|曉|！");
    reads(PACK_ZH, "漁父·漁歌子", "漁|父|・|漁|歌|子");
    reads(PACK_ZH, "春🙂眠\xFF\xE6曉", "春|<unk>|眠|<unk>|<unk>|曉");
    reads(PACK_ZH, "", "");
    writes(PACK_ZH, "江湖一曲水悠然，共上朱樓醉酒船。", NULL);
}

static void reads_english(void **state)
{
    (void)state;
    reads(PACK_EN, "The sea, the sea", " the| sea|,| the| sea");
    reads(PACK_EN, "the\nsea\n\n\nand\n", " the|<nl>| sea|<par>| and|<nl>");
    reads(PACK_EN, "\nthe", "<nl>| the");
    reads(PACK_EN, "O England's king, my God!", "<cap>| o|<cap>| england|'s| king|,| my|<cap>| god|!");
    /* Old books' capitals go, an unknown name keeps its own, but not where a sentence begins. */
    reads(PACK_EN, "the Love of Nature", " the| love| of| nature");
    reads(PACK_EN, "a Zqx", " a|<cap>| z|q|x");
    reads(PACK_EN, "Zqx. Zqx", " z|q|x|.| z|q|x");
    reads(PACK_EN, "the KING", " the| king");
    reads(PACK_EN, "the god of wine", " the| god| of| wine");
    /* Typographic marks and accents become what the alphabet has. */
    reads(PACK_EN, "I’ll go — “love” …", " i'll| go| --| \"|l|ove|\"| .|..");
    reads(PACK_EN, "caf\xC3\xA9\tna\xC3\xAFve", " ca|fe| na|ive");
    reads(PACK_EN, "a 🙂 b\xFF", " a|<unk>| b|<unk>");
    reads(PACK_EN, "  a   b  ", " a| b");
    reads(PACK_EN, "", "");
}

static void writes_english(void **state)
{
    (void)state;
    writes(PACK_EN, "The days are weary in the night,\nAnd through the coming of the day,", NULL);
    writes(PACK_EN, "He said: \"I'll go.\" Then I went, and i' the sea", NULL);
    writes(PACK_EN, "O God! o Lord, my England", "O God! O Lord, my England");
    writes(PACK_EN, "\"Oh! the sea! The sea!\" said he.\n\nMr. Pickwick (of London) came... and went.", NULL);
    writes(PACK_EN, "one half-open rose", "One half-open rose");
    writes(PACK_EN, "Wait? Who knows! Nobody. None", NULL);
    writes(PACK_EN, "canto iii.", "Canto III.");
    int tokens[] = {0, vocab_find(vocab[PACK_EN], SPAN("<verse>")), TOKEN_SEP, vocab_find(vocab[PACK_EN], SPAN(" love")), TOKEN_UNK, 1};
    struct str out = {0};
    vocab_decode(vocab[PACK_EN], tokens, 6, &out);
    assert_string_equal(str_text(&out), "Love");
    str_release(&out);
}

/* Bodies of verse as the models were trained on: what is written out and read again is the same. */
static void comes_back_the_same(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "To see a world in a grain of sand\nAnd a heaven in a wild flower,\nHold infinity in the palm of your hand\nAnd eternity in an "
        "hour.",
        "The curfew tolls the knell of parting day,\nThe lowing herd wind slowly o'er the lea;",
        "\"Ah! dear lady,\" thus it sigh'd,\n'T is time; (the moon) -- 18 of 30!\n\nI've seen Troy's walls, and Helen there.",
    };
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        int first[300], again[300], count = 0, count_again = 0;
        struct str out = {0};
        assert_true(vocab_encode(vocab[PACK_EN], span_of(bodies[i]), first, &count, 300));
        vocab_decode(vocab[PACK_EN], first, count, &out);
        assert_string_equal(str_text(&out), bodies[i]);
        assert_true(vocab_encode(vocab[PACK_EN], str_span(&out), again, &count_again, 300));
        assert_int_equal(count, count_again);
        assert_memory_equal(first, again, (size_t)count * sizeof *first);
        str_release(&out);
    }
}

static void stops_where_it_is_full(void **state)
{
    (void)state;
    for (int language = 0; language < 2; language++)
        for (int max = 0; max < 8; max++) {
            int tokens[9] = {7, 7, 7, 7, 7, 7, 7, 7, 7}, count = max ? 1 : 0;
            assert_false(vocab_encode(vocab[language], SPAN("春眠不覺曉處處聞\n\na b c d e f"), tokens, &count, max));
            assert_int_equal(count, max);
            assert_int_equal(tokens[max], 7);
        }
}

/* Any bytes: nothing breaks, everything has tokens, and what they say is well-formed. */
static void takes_anything(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 5);
    for (int turn = 0; turn < 3000; turn++) {
        static const char letters[] = "aAbI'.! \n\"-9x\x04\x01&";
        char text[200];
        int tokens[400], count = 0, length = random_below(&r, sizeof text);
        struct str out = {0};
        for (int i = 0; i < length; i++)
            text[i] = turn % 2 ? (char)random_next(&r) : letters[random_below(&r, sizeof letters)];
        for (int language = 0; language < 2; language++) {
            count = 0;
            assert_true(vocab_encode(vocab[language], (struct span){text, (size_t)length}, tokens, &count, 400));
            for (int i = 0; i < count; i++)
                assert_in_range(tokens[i], 0, vocab_size(vocab[language]) - 1);
            vocab_decode(vocab[language], tokens, count, &out);
            assert_true(utf8_valid(str_span(&out)));
        }
        str_release(&out);
    }
    struct str flood = {0};
    for (int i = 0; i < 100000; i++)
        str_add_byte(&flood, (char)('a' + i % 26));
    int *tokens = mem_new(100000, sizeof *tokens), count = 0;
    assert_true(vocab_encode(vocab[PACK_EN], str_span(&flood), tokens, &count, 100000));
    free(tokens);
    str_release(&flood);
}

/* A vocabulary that is not what it should be: tokens are missing, merges lie. */
static void bears_a_bad_vocabulary(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\n\n", "a\nb\n \n0 1 2\n1 2 9999\n-1 2 3\n0 0 0\nx\n1 2", "names", "a\nnames\n\n\nb"};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (int language = 0; language < 2; language++) {
            struct pack p = {.language = (enum pack_language)language, .shape = {.vocab = 20}, .vocab = span_of(texts[i])};
            struct vocab *v = vocab_new(&p);
            int tokens[50], count = 0;
            struct str out = {0};
            vocab_encode(v, SPAN("ab A b. 春\n\nc"), tokens, &count, 50);
            for (int t = 0; t < count; t++)
                assert_in_range(tokens[t], 0, 19);
            vocab_decode(v, tokens, count, &out);
            str_release(&out);
            vocab_free(v);
        }
    vocab_free(NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_its_tokens),       cmocka_unit_test(knows_characters), cmocka_unit_test(reads_chinese),
        cmocka_unit_test(reads_english),          cmocka_unit_test(writes_english),   cmocka_unit_test(comes_back_the_same),
        cmocka_unit_test(stops_where_it_is_full), cmocka_unit_test(takes_anything),   cmocka_unit_test(bears_a_bad_vocabulary),
    };
    for (int i = 0; i < 2; i++) {
        char path[512];
        struct err e = {0};
        snprintf(path, sizeof path, "%s/%s.muse", argc > 1 ? argv[1] : "muse/packs", i == PACK_ZH ? "zh" : "en");
        if (!pack_open(&pack[i], path, &e)) {
            fprintf(stderr, "%s\n", e.text);
            return 1;
        }
        vocab[i] = vocab_new(&pack[i]);
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        vocab_free(vocab[i]);
        pack_close(&pack[i]);
    }
    return failed;
}
