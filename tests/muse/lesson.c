#include "core/file.h"
#include "core/mem.h"
#include "muse/lesson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *packs; /* the folder of the project's packs */

struct desk {
    struct pack pack;
    struct vocab *vocab;
    struct lesson lesson;
    struct intake in;
};

static void begin(struct desk *d, const char *name)
{
    struct str path = {0};
    struct err err = {0};
    *d = (struct desk){.vocab = NULL};
    str_printf(&path, "%s/%s.muse", packs, name);
    assert_true(pack_open(&d->pack, str_text(&path), &err));
    d->vocab = vocab_new(&d->pack);
    lesson_init(&d->lesson);
    str_release(&path);
}

static void end(struct desk *d)
{
    lesson_release(&d->lesson);
    vocab_free(d->vocab);
    pack_close(&d->pack);
}

static void add(struct desk *d, const char *text)
{
    intake_count(&d->in, span_of(text));
    lesson_add(&d->lesson, &d->in, &d->pack, d->vocab, span_of(text));
}

/* The i-th document's tokens as the vocabulary writes them. */
static void expect_document(struct desk *d, int i, const char *wanted)
{
    struct str have = {0};
    const struct corpus *c = &d->lesson.own;
    assert_true(i < c->count);
    for (int at = c->starts[i]; at < c->starts[i + 1]; at++)
        str_printf(&have, "%.*s", SPAN_ARG(vocab_text(d->vocab, c->tokens[at])));
    assert_string_equal(str_text(&have), wanted);
    str_release(&have);
}

static void reads_chinese_verse(void **state)
{
    struct desk d;
    (void)state;
    begin(&d, "zh");
    add(&d, "《静夜思》\n\n床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n\n"
            "# 登鹳雀楼\n白日依山尽\n黄河入海流\n欲穷千里目\n更上一层楼\n\n"
            "江南可采莲，莲叶何田田。鱼戏莲叶间。鱼戏莲叶东，鱼戏莲叶西！\n");
    assert_int_equal(d.in.documents, 3);
    expect_document(&d, 0, "<bos>五絕唐<t>靜夜思<sep>床前明月光，疑是地上霜。舉頭望明月，低頭思故鄉。<eos>");
    expect_document(&d, 1, "<bos>五絕唐<t>登鸛雀樓<sep>白日依山盡，黃河入海流。欲窮千里目，更上一層樓。<eos>");
    expect_document(&d, 2, "<bos>五古唐<sep>江南可采蓮，蓮葉何田田。魚戲蓮葉間。魚戲蓮葉東，魚戲蓮葉西！<eos>");
    end(&d);
}

static void leaves_the_other_language_out(void **state)
{
    struct desk d;
    (void)state;
    begin(&d, "zh");
    add(&d, "Quiet night thoughts, in a translation that nobody asked for\nand in two lines\n\n床前明月光，疑是地上霜。\n");
    assert_int_equal(d.in.left_out, 1);
    assert_int_equal(d.in.documents, 1);
    end(&d);
}

static void reads_english_verse(void **state)
{
    struct desk d;
    (void)state;
    begin(&d, "en");
    add(&d, "THE SNOW\n\nThe snow is falling on the hill,\nThe wind is in the tree,\nThe little river standeth still\nAnd will not sing to me.\n\n"
            "The morning comes, the morning goes,\nThe evening is the sea.\n\n\n# Rain\n\nI hear the rain upon the roof,\nI hear it on the stone.\n");
    assert_int_equal(d.in.documents, 2);
    expect_document(&d, 0, "<bos><verse><ballad><rhymed><t> the snow<sep> the snow is falling on the hill,<nl> the wind is in the tree,<nl>"
                           " the little river standeth still<nl> and will not sing to me.<par> the morning comes, the morning goes,<nl>"
                           " the evening is the sea.<eos>");
    assert_int_equal(d.in.unknown, 0);
    end(&d);
}

static void cuts_what_is_long(void **state)
{
    struct desk d;
    struct str text = {0};
    (void)state;
    begin(&d, "zh");
    for (int i = 0; i < 60; i++)
        str_add_text(&text, "白日依山尽，黄河入海流。");
    add(&d, str_text(&text));
    assert_true(d.in.documents > 5);
    for (int i = 0; i < d.lesson.own.count; i++)
        assert_true(d.lesson.own.starts[i + 1] - d.lesson.own.starts[i] <= d.pack.shape.context);
    str_release(&text);
    end(&d);
}

static void holds_some_out(void **state)
{
    struct desk d;
    struct str text = {0}, told = {0};
    struct err err = {0};
    (void)state;
    begin(&d, "zh");
    for (int i = 0; i < 40; i++)
        str_add_text(&text, "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。\n\n");
    add(&d, str_text(&text));
    assert_true(lesson_close(&d.lesson, &d.in, &err));
    assert_int_equal(d.lesson.own_kept.count, 4);
    assert_int_equal(d.lesson.own.count, 36);
    lesson_tell(&d.lesson, &d.in, PACK_ZH, 4000, &told);
    assert_non_null(strstr(str_text(&told), "36"));
    str_release(&text);
    str_release(&told);
    end(&d);
}

static void takes_part_of_a_huge_text(void **state)
{
    struct desk d;
    struct str text = {0};
    struct err err = {0};
    (void)state;
    begin(&d, "zh");
    for (int i = 0; i < 30000; i++)
        str_add_text(&text, "白日依山尽，黄河入海流。\n\n");
    add(&d, str_text(&text));
    assert_true(lesson_close(&d.lesson, &d.in, &err));
    assert_true(d.in.used_tokens < 220000 && d.in.used_tokens > 100000);
    str_release(&text);
    end(&d);
}

static void refuses(const char *text, size_t len, const char *part)
{
    struct intake in = {0};
    enum pack_language language;
    struct err err = {0};
    intake_count(&in, (struct span){text, len});
    assert_false(intake_language(&in, &language, &err));
    assert_non_null(strstr(err.text, part));
}

static void refuses_what_it_cannot_learn(void **state)
{
    static const char binary[] = "\x7f" "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0";
    struct desk d;
    struct err err = {0};
    (void)state;
    refuses("", 0, "empty");
    refuses(" \n\n", 3, "empty");
    refuses(binary, sizeof binary, "UTF-8");
    refuses("Мороз и солнце; день чудесный!", strlen("Мороз и солнце; день чудесный!"), "neither");
    begin(&d, "zh");
    add(&d, "床前明月光，疑是地上霜。\n");
    assert_false(lesson_close(&d.lesson, &d.in, &err));
    assert_non_null(strstr(err.text, "too little"));
    end(&d);
}

static void chooses_the_language(void **state)
{
    struct intake in = {0};
    enum pack_language language;
    (void)state;
    intake_count(&in, SPAN("床前明月光，疑是地上霜。 (Li Bai)"));
    assert_true(intake_language(&in, &language, NULL) && language == PACK_ZH);
    in = (struct intake){0};
    intake_count(&in, SPAN("The moon is bright before my bed; I take it for frost upon the ground. 李白"));
    assert_true(intake_language(&in, &language, NULL) && language == PACK_EN);
}

static void reads_general_pieces(void **state)
{
    static const char *const names[] = {"zh", "en"};
    struct str path = {0}, bytes = {0};
    struct err err = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct desk d;
        begin(&d, names[i]);
        str_clear(&path);
        str_clear(&bytes);
        str_printf(&path, "%s/%s.pieces", packs, names[i]);
        assert_true(file_read(str_text(&path), &bytes, 1 << 20, &err));
        assert_true(lesson_add_general(&d.lesson, &d.pack, str_span(&bytes), &err));
        assert_true(d.lesson.general.count > 100 && d.lesson.general_kept.count > 10);
        assert_false(lesson_add_general(&d.lesson, &d.pack, SPAN("\xff\xff\xff\xff"), &err));
        end(&d);
    }
    str_release(&path);
    str_release(&bytes);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_chinese_verse),
        cmocka_unit_test(leaves_the_other_language_out),
        cmocka_unit_test(reads_english_verse),
        cmocka_unit_test(cuts_what_is_long),
        cmocka_unit_test(holds_some_out),
        cmocka_unit_test(takes_part_of_a_huge_text),
        cmocka_unit_test(refuses_what_it_cannot_learn),
        cmocka_unit_test(chooses_the_language),
        cmocka_unit_test(reads_general_pieces),
    };
    packs = argc > 1 ? argv[1] : "muse/packs";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
