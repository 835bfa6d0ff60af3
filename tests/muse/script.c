#include "muse/script.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "poems.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void expect_turned(const char *text, enum script to, const char *wanted)
{
    struct str have = {.max = 0};
    script_convert(&have, span_of(text), to);
    assert_string_equal(str_text(&have), wanted);
    str_release(&have);
}

/* Simplified and traditional of the same. */
static void expect_both(const char *simplified, const char *traditional)
{
    expect_turned(simplified, SCRIPT_TRADITIONAL, traditional);
    expect_turned(traditional, SCRIPT_SIMPLIFIED, simplified);
}

static void tells_scripts_apart(void **state)
{
    (void)state;
    assert_int_equal(script_of(span_of("写一首七绝")), SCRIPT_SIMPLIFIED);
    assert_int_equal(script_of(span_of("寫一首七絕")), SCRIPT_TRADITIONAL);
    assert_int_equal(script_of(span_of("春夜喜雨")), SCRIPT_UNTOLD);
    assert_int_equal(script_of(span_of("后里干云只")), SCRIPT_UNTOLD); /* both scripts write these */
    assert_int_equal(script_of(span_of("a poem about the sea")), SCRIPT_UNTOLD);
    assert_int_equal(script_of(span_of("")), SCRIPT_UNTOLD);
    assert_int_equal(script_of(span_of("马馬")), SCRIPT_SIMPLIFIED);
    assert_int_equal(script_of(span_of("馬马")), SCRIPT_TRADITIONAL);
    assert_int_equal(script_of(span_of("馬马馬")), SCRIPT_TRADITIONAL);
    assert_int_equal(script_or_default(span_of("春夜喜雨")), SCRIPT_SIMPLIFIED);
    assert_int_equal(script_or_default(span_of("國")), SCRIPT_TRADITIONAL);
    for (size_t i = 0; i < COUNT_OF(famous_poems); i++)
        assert_int_equal(script_of(span_of(famous_poems[i].text)), SCRIPT_TRADITIONAL);
}

static void turns_characters(void **state)
{
    (void)state;
    assert_int_equal(script_traditional(L'马'), L'馬');
    assert_int_equal(script_simplified(L'馬'), L'马');
    assert_int_equal(script_traditional(L'山'), L'山');
    assert_int_equal(script_simplified(L'山'), L'山');
    assert_int_equal(script_traditional('a'), 'a');
    assert_int_equal(script_traditional(-1), -1);
    assert_int_equal(script_simplified(0x1F600), 0x1F600);
    assert_int_equal(script_unified(L'為'), L'爲');
    assert_int_equal(script_unified(L'裡'), L'裏');
    assert_int_equal(script_unified(L'來'), L'來');
    assert_int_equal(script_simplified(L'爲'), L'为');
    assert_int_equal(script_simplified(L'裡'), L'里');
    assert_int_equal(script_traditional(L'后'), L'後');
}

static void knows_what_a_character_stands_for_among_others(void **state)
{
    (void)state;
    expect_both("头发白发发出", "頭髮白髮發出");
    expect_both("皇后以后", "皇后以後");
    expect_both("千里梦里", "千里夢裏");
    expect_both("乾坤干净干戈树干", "乾坤乾淨干戈樹幹");
    expect_both("一只只是", "一隻只是");
    expect_both("茶几几时", "茶几幾時");
    expect_both("稻谷山谷", "稻穀山谷");
    expect_both("北斗战斗", "北斗戰鬥");
    expect_both("天台楼台", "天台樓臺");
    expect_both("象征征人", "象徵征人");
    expect_both("复杂复来", "複雜復來");
    expect_both("日历历历", "日曆歷歷");
    expect_both("松树轻松", "松樹輕鬆");
    expect_both("面条人面", "麵條人面");
    expect_both("小丑美丑", "小丑美醜");
    expect_both("钟情，钟声", "鍾情，鐘聲");
    expect_both("尽管不尽", "儘管不盡");
    expect_both("咸淡咸阳", "鹹淡咸陽");
    expect_both("白云，云何", "白雲，云何");
    expect_both("有余", "有餘");
    expect_both("著名看着", "著名看著");
}

static void leaves_alone_what_is_not_chinese(void **state)
{
    (void)state;
    expect_turned("a\nb 😀 \xFF é，。", SCRIPT_TRADITIONAL, "a\nb 😀 \xFF é，。");
    expect_turned("a\nb 😀 \xFF é，。", SCRIPT_SIMPLIFIED, "a\nb 😀 \xFF é，。");
    expect_turned("", SCRIPT_TRADITIONAL, "");
    expect_turned("马馬", SCRIPT_UNTOLD, "马馬");
}

static void leaves_traditional_text_its_words(void **state)
{
    (void)state;
    expect_turned("皇后與里人為雲", SCRIPT_TRADITIONAL, "皇后與里人爲雲");
    expect_turned("山間云霧", SCRIPT_TRADITIONAL, "山間云霧");
}

static void turns_poems_there_and_back(void **state)
{
    (void)state;
    struct str simplified = {.max = 0};
    struct str back = {.max = 0};
    struct str unified = {.max = 0};
    for (size_t i = 0; i < COUNT_OF(famous_poems); i++) {
        struct span text = span_of(famous_poems[i].text);
        str_clear(&simplified);
        str_clear(&back);
        str_clear(&unified);
        script_convert(&simplified, text, SCRIPT_SIMPLIFIED);
        script_convert(&back, str_span(&simplified), SCRIPT_TRADITIONAL);
        script_convert(&unified, text, SCRIPT_TRADITIONAL);
        assert_string_equal(str_text(&back), str_text(&unified));
        assert_int_equal(script_of(str_span(&simplified)), SCRIPT_SIMPLIFIED);
    }
    str_release(&simplified);
    str_release(&back);
    str_release(&unified);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_scripts_apart),
        cmocka_unit_test(turns_characters),
        cmocka_unit_test(knows_what_a_character_stands_for_among_others),
        cmocka_unit_test(leaves_alone_what_is_not_chinese),
        cmocka_unit_test(leaves_traditional_text_its_words),
        cmocka_unit_test(turns_poems_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
