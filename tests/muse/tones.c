#include "muse/tones.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "poems.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int32_t cp_of(const char *text)
{
    int32_t cp = 0;
    utf8_decode(span_of(text), &cp);
    return cp;
}

static int decode_all(const char *text, int32_t *cps, int max)
{
    struct span rest = span_of(text);
    int count = 0;
    while (rest.len > 0 && count < max) {
        int bytes = utf8_decode(rest, &cps[count++]);
        rest = span_cut(rest, (size_t)bytes, rest.len);
    }
    return count;
}

static void expect_tones(const char *text, const char *tones)
{
    static const char letters[] = "?-|+";
    int32_t cps[64];
    int count = decode_all(text, cps, 64);
    assert_int_equal(count, (int)strlen(tones));
    for (int i = 0; i < count; i++)
        if (letters[tone_of(cps[i])] != tones[i])
            fail_msg("%s: tone of character %d is %c", text, i + 1, letters[tone_of(cps[i])]);
}

static void expect_group(const char *members, const char *name)
{
    int32_t cps[64];
    int count = decode_all(members, cps, 64);
    int group = tone_rhyme_named(name);
    assert_int_not_equal(group, 0);
    for (int i = 0; i < count; i++)
        if (!tone_has_rhyme(cps[i], group))
            fail_msg("%s: character %d is not in %s", members, i + 1, tone_rhyme_name(group));
}

static void knows_the_tone_of_characters(void **state)
{
    (void)state;
    expect_tones("春風花草木一不看過教望思應a，", "---||||++++++??");
    expect_tones("黑白十一百節竹發", "||||||||");    /* entering, level in today's speech */
    expect_tones("为万这国发黄爱云钟", "+||||-|--"); /* simplified alone */
    assert_true(tone_is_entering(cp_of("雪")));
    assert_true(tone_is_entering(cp_of("发")));
    assert_false(tone_is_entering(cp_of("花")));
    assert_false(tone_is_entering('x'));
    assert_int_equal(tone_of(-1), TONE_UNKNOWN);
    assert_int_equal(tone_of(0x10FFFF), TONE_UNKNOWN);
}

static void knows_the_groups_of_characters(void **state)
{
    (void)state;
    expect_group("東風中空紅", "一東");
    expect_group("龍鐘峰重容", "冬");
    expect_group("天年烟船先", "一先韵");
    expect_group("寒干安難看", "寒");
    expect_group("山關還間閒", "十五删");
    expect_group("門村魂園言", "元");
    expect_group("開來台杯回", "灰");
    expect_group("月骨發歇闕", "六月");
    expect_group("柳酒手口久", "有");
    expect_group("淚地事翠寺", "寘");
    int groups[TONE_READINGS];
    assert_int_equal(tone_rhymes(cp_of("看"), groups), 2);
    assert_int_equal(groups[0], tone_rhyme_named("寒"));
    assert_int_equal(groups[1], tone_rhyme_named("翰"));
    assert_int_equal(tone_rhymes(cp_of("a"), groups), 0);
    assert_false(tone_has_rhyme(cp_of("東"), 0));
}

static void names_every_group_once(void **state)
{
    (void)state;
    assert_string_equal(tone_rhyme_name(1), "一東");
    assert_string_equal(tone_rhyme_name(30), "十五咸");
    assert_string_equal(tone_rhyme_name(31), "一董");
    assert_string_equal(tone_rhyme_name(60), "一送");
    assert_string_equal(tone_rhyme_name(TONE_ENTERING), "一屋");
    assert_string_equal(tone_rhyme_name(106), "十七洽");
    assert_null(tone_rhyme_name(0));
    assert_null(tone_rhyme_name(107));
    for (int group = 1; group <= TONE_RHYMES; group++) {
        assert_int_equal(tone_rhyme_named(tone_rhyme_name(group)), group);
        assert_int_equal(tone_of_rhyme(group), group <= 30 ? TONE_LEVEL : TONE_OBLIQUE);
    }
    assert_int_equal(tone_rhyme_named("东"), 1);
    assert_int_equal(tone_rhyme_named("下平七阳"), 22);
    assert_int_equal(tone_rhyme_named("盐"), 29);
    assert_int_equal(tone_rhyme_named("寒韻"), 14);
    assert_int_equal(tone_rhyme_named(""), 0);
    assert_int_equal(tone_rhyme_named("韵"), 0);
    assert_int_equal(tone_rhyme_named("love"), 0);
    assert_int_equal(tone_of_rhyme(0), TONE_UNKNOWN);
    assert_int_equal(tone_of_rhyme(107), TONE_UNKNOWN);
}

static void expect_ci(const char *rhymes, int part, enum tone tone)
{
    int32_t cps[64];
    int count = decode_all(rhymes, cps, 64);
    for (int i = 0; i < count; i++) {
        if (!tone_has_ci_rhyme(cps[i], TONE_CI(part, tone)))
            fail_msg("%s: character %d is not in %s", rhymes, i + 1, tone_ci_name(part));
        assert_int_equal(tone_ci_together(cps[0], cps[i], tone), part);
    }
}

static void rhymes_famous_tunes(void **state)
{
    (void)state;
    expect_ci("天年寒間眠圓全娟", 7, TONE_LEVEL);      /* 水調歌頭 明月幾時有 */
    expect_ci("驟酒舊否瘦", 12, TONE_OBLIQUE);         /* 如夢令 昨夜雨疏風驟 */
    expect_ci("歇烈月切雪滅缺血闕", 18, TONE_OBLIQUE); /* 滿江紅 怒髮衝冠 */
}

static void divides_groups_for_tunes(void **state)
{
    (void)state;
    expect_ci("灰杯回梅堆飛歸", 3, TONE_LEVEL);
    expect_ci("開來臺才街懷", 5, TONE_LEVEL);
    expect_ci("涯佳花家", 10, TONE_LEVEL);
    expect_ci("門村魂春人雲", 6, TONE_LEVEL);
    expect_ci("園言原山天寒", 7, TONE_LEVEL);
    expect_ci("對退背淚寄", 3, TONE_OBLIQUE);
    expect_ci("愛在代海彩帶", 5, TONE_OBLIQUE);
    expect_ci("恨寸本近問", 6, TONE_OBLIQUE);
    expect_ci("怨遠晚眼斷", 7, TONE_OBLIQUE);
    expect_ci("屋玉曲竹綠", 15, TONE_OBLIQUE);
    expect_ci("落角約樂薄", 16, TONE_OBLIQUE);
    expect_ci("日白石識急溼", 17, TONE_OBLIQUE);
    assert_int_equal(tone_ci_together(cp_of("來"), cp_of("回"), TONE_LEVEL), 0);
    assert_int_equal(tone_ci_together(cp_of("花"), cp_of("下"), TONE_LEVEL), 0);
    assert_int_equal(tone_ci_together(cp_of("花"), cp_of("下"), TONE_EITHER), 10);
    assert_string_equal(tone_ci_name(19), "第十九部");
    assert_null(tone_ci_name(20));
    int ci[TONE_READINGS];
    assert_int_equal(tone_ci_rhymes(cp_of("看"), ci), 2);
    assert_int_equal(tone_ci_part(ci[0]), 7);
    assert_int_equal(tone_ci_tone(ci[0]), TONE_LEVEL);
}

static void rhymes_regulated_verse(void **state)
{
    (void)state;
    assert_int_equal(tone_rhyme_together(cp_of("流"), cp_of("樓")), tone_rhyme_named("尤"));
    assert_int_equal(tone_rhyme_together(cp_of("东"), cp_of("风")), 1);
    assert_int_equal(tone_rhyme_together(cp_of("東"), cp_of("冬")), 0);
    assert_int_equal(tone_rhyme_together(cp_of("月"), cp_of("發")), 0); /* together, but not level */
    assert_int_equal(tone_rhyme_together(cp_of("花"), cp_of("a")), 0);
}

/* Members and characters say the same of one another, commoner ones stand first. */
static void lists_the_members_of_rhymes(void **state)
{
    (void)state;
    size_t entries = 0;
    for (int group = 1; group <= TONE_RHYMES; group++) {
        struct tone_members m = tone_rhyme_members(group);
        assert_true(m.count >= 6);
        for (size_t i = 0; i < m.count; i++)
            assert_true(tone_has_rhyme(m.cps[i], group));
        entries += m.count;
    }
    assert_true(entries > 7000);
    assert_int_equal(tone_rhyme_members(1).cps[0], cp_of("風"));
    assert_int_equal(tone_rhyme_members(0).count, 0);
    assert_int_equal(tone_rhyme_members(107).count, 0);
    for (int part = 1; part <= TONE_CI_PARTS; part++)
        for (int tone = TONE_LEVEL; tone <= TONE_OBLIQUE; tone++) {
            struct tone_members m = tone_ci_members(TONE_CI(part, tone));
            assert_int_equal(m.count > 0, part < 15 || tone == TONE_OBLIQUE);
            for (size_t i = 0; i < m.count; i++)
                assert_true(tone_has_ci_rhyme(m.cps[i], TONE_CI(part, tone)));
        }
    assert_int_equal(tone_ci_members(0).count, 0);
    assert_int_equal(tone_ci_members(TONE_CI(3, TONE_EITHER)).count, 0);
    assert_int_equal(tone_ci_members(TONE_CI(20, TONE_LEVEL)).count, 0);
}

static bool can_be(int32_t cp, enum tone tone)
{
    enum tone have = tone_of(cp);
    return have == tone || have == TONE_EITHER;
}

/* Where a line's second character is level (1) or oblique (0), the fourth is the opposite and the sixth the
 * same again; 平平仄平仄 stands for 平平平仄仄. Returns -1 when neither holds. */
static int line_start(const int32_t *line, int length)
{
    for (int level = 0; level < 2; level++) {
        bool holds = true;
        for (int at = 2; at <= length - 1; at += 2)
            holds = holds && can_be(line[at - 1], (level == 1) == (at % 4 == 2) ? TONE_LEVEL : TONE_OBLIQUE);
        if (holds)
            return level;
    }
    const int32_t *end = line + length - 5;
    bool turned = can_be(end[1], TONE_LEVEL) && can_be(end[2], TONE_OBLIQUE) && can_be(end[3], TONE_LEVEL) &&
                  can_be(end[4], TONE_OBLIQUE);
    return turned ? length == 5 : -1;
}

static void expect_regulated(const struct famous *poem)
{
    int32_t cps[64];
    int count = decode_all(poem->text, cps, 64);
    int group = tone_rhyme_named(poem->rhyme);
    int lines = count / poem->length;
    int before = -1;
    assert_int_equal(count % poem->length, 0);
    for (int i = 0; i < lines; i++) {
        const int32_t *line = cps + i * poem->length;
        int start = line_start(line, poem->length);
        int32_t last = line[poem->length - 1];
        if (start < 0 || (i > 0 && start != (i % 2 == 1 ? !before : before)))
            fail_msg("%s: line %d breaks the tones", poem->text, i + 1);
        if (i % 2 == 1 && (!tone_has_rhyme(last, group) || !can_be(last, TONE_LEVEL)))
            fail_msg("%s: line %d does not rhyme in %s", poem->text, i + 1, poem->rhyme);
        if (i % 2 == 0 && i > 0 && !can_be(last, TONE_OBLIQUE))
            fail_msg("%s: line %d ends level", poem->text, i + 1);
        before = start;
    }
}

static void finds_famous_poems_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(famous_poems); i++)
        expect_regulated(&famous_poems[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_tone_of_characters), cmocka_unit_test(knows_the_groups_of_characters),
        cmocka_unit_test(names_every_group_once),       cmocka_unit_test(rhymes_famous_tunes),
        cmocka_unit_test(divides_groups_for_tunes),     cmocka_unit_test(rhymes_regulated_verse),
        cmocka_unit_test(lists_the_members_of_rhymes),  cmocka_unit_test(finds_famous_poems_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
