#include "core/mem.h"
#include "core/utf8.h"
#include "muse/form.h"
#include "muse/meter_zh.h"
#include "poems.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct form *form_of(const char *name)
{
    const struct form *f = form_named(span_of(name));
    if (!f)
        fail_msg("no form %s", name);
    return f;
}

static bool is_text(int32_t cp)
{
    return cp_between(cp, 0x3400, 0x9FFF);
}

/* The characters of a text, without its marks. */
static int read(const char *text, int32_t *cps)
{
    struct span rest = span_of(text);
    int count = 0;
    int32_t cp = 0;
    for (int n = 0; (n = utf8_decode(rest, &cp)) > 0; rest = span_cut(rest, (size_t)n, rest.len))
        if (is_text(cp)) {
            assert_true(count < METER_PLACES);
            cps[count++] = cp;
        }
    return count;
}

/* -- the table ---------------------------------------------------------------------------------------------------------------------- */

static void rows(void **state)
{
    (void)state;
    for (int i = 0; i < form_count(); i++) {
        const struct form *f = form_at(i);
        assert_ptr_equal(form_named(span_of(f->name)), f);
        assert_true(f->label[0] && f->help[0] && f->words[0] && f->tags[0]);
        assert_true(i == 0 || form_at(i - 1)->language <= f->language);
    }
    assert_null(form_named(SPAN("nothing")));
    assert_null(form_named(SPAN("")));
}

static void tunes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int places, lines, rhymes;
    } known[] = {{"huanxisha", 42, 6, 1},      {"rumengling", 33, 7, 1},  {"zhegutian", 55, 9, 1},      {"yijiangnan", 27, 5, 1},
                 {"pusaman", 44, 8, 4},        {"busuanzi", 44, 8, 1},    {"dielianhua", 60, 10, 1},    {"qingpingyue", 46, 8, 2},
                 {"shuidiaogetou", 95, 19, 1}, {"qinyuanchun", 114, 25, 1}, {"manjianghong", 93, 18, 1}, {"yumeiren", 56, 8, 4}};
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct meter m;
        int rhymes = 0;
        assert_true(meter_tune(&m, form_of(known[i].name)->pattern));
        assert_int_equal(m.places, known[i].places);
        assert_int_equal(m.lines, known[i].lines);
        assert_int_equal(m.lines, form_of(known[i].name)->lines);
        for (int at = 0; at < m.places; at++)
            rhymes = m.place[at].rhyme > rhymes ? m.place[at].rhyme : rhymes;
        assert_int_equal(rhymes, known[i].rhymes);
    }
}

static void broken_patterns(void **state)
{
    (void)state;
    static const char *const broken[] = {"", "平", "，", "平仄。。", "〃。", "A。", "平x。", "平E。", "|", "平仄A"};
    struct meter m;
    for (size_t i = 0; i < COUNT_OF(broken); i++)
        if (meter_tune(&m, broken[i]))
            fail_msg("taken for a pattern: %s", broken[i]);
}

/* -- tunes and the poems that made them famous ---------------------------------------------------------------------------------------- */

/* `free` places where the poet took a licence. */
static const struct {
    const char *name;
    int free;
    const char *text;
} famous_tunes[] = {
    {"huanxisha", 0, "漠漠輕寒上小樓。曉陰無賴似窮秋。淡煙流水畫屏幽。自在飛花輕似夢，無邊絲雨細如愁。寶簾閒掛小銀鉤。"},
    {"rumengling", 0, "常記溪亭日暮。沉醉不知歸路。興盡晚回舟，誤入藕花深處。爭渡。爭渡。驚起一灘鷗鷺。"},
    {"zhegutian", 0,
     "彩袖殷勤捧玉鍾。當年拚却醉顏紅。舞低楊柳樓心月，歌盡桃花扇底風。從別後，憶相逢。幾回魂夢與君同。"
     "今宵剩把銀釭照，猶恐相逢是夢中。"},
    {"yijiangnan", 0, "江南好，風景舊曾諳。日出江花紅勝火，春來江水綠如藍。能不憶江南。"},
    {"pusaman", 0, "小山重疊金明滅。鬢雲欲度香腮雪。懶起畫蛾眉。弄妝梳洗遲。照花前後鏡。花面交相映。新帖繡羅襦。雙雙金鷓鴣。"},
    {"busuanzi", 0, "驛外斷橋邊，寂寞開無主。已是黃昏獨自愁，更著風和雨。無意苦爭春，一任羣芳妒。零落成泥碾作塵，只有香如故。"},
    {"dielianhua", 0,
     "佇倚危樓風細細。望極春愁，黯黯生天際。草色煙光殘照裏。無言誰會憑闌意。擬把疏狂圖一醉。對酒當歌，強樂還無味。"
     "衣帶漸寬終不悔。爲伊消得人憔悴。"},
    {"qingpingyue", 0, "春歸何處。寂寞無行路。若有人知春去處。喚取歸來同住。春無蹤跡誰知。除非問取黃鸝。百囀無人能解，因風飛過薔薇。"},
    {"yumeiren", 0,
     "春花秋月何時了。往事知多少。小樓昨夜又東風。故國不堪回首、月明中。雕闌玉砌應猶在。只是朱顏改。問君能有幾多愁。"
     "恰似一江春水、向東流。"},
    {"shuidiaogetou", 0,
     "明月幾時有，把酒問青天。不知天上宮闕，今夕是何年。我欲乘風歸去，又恐瓊樓玉宇，高處不勝寒。起舞弄清影，何似在人間。"
     "轉朱閣，低綺戶，照無眠。不應有恨，何事長向別時圓。人有悲歡離合，月有陰晴圓缺，此事古難全。但願人長久，千里共嬋娟。"},
    {"manjianghong", 5, /* 激, 等, 靖康, 未 */
     "怒髮衝冠，憑闌處、瀟瀟雨歇。擡望眼、仰天長嘯，壯懷激烈。三十功名塵與土，八千里路雲和月。莫等閒、白了少年頭，空悲切。"
     "靖康恥，猶未雪。臣子恨，何時滅。駕長車踏破，賀蘭山缺。壯志飢餐胡虜肉，笑談渴飲匈奴血。待從頭、收拾舊山河，朝天闕。"},
    {"qinyuanchun", 1, /* 山 */
     "疊嶂西馳，萬馬回旋，衆山欲東。正驚湍直下，跳珠倒濺，小橋橫截，缺月初弓。老合投閒，天教多事，檢校長身十萬松。"
     "吾廬小，在龍蛇影外，風雨聲中。爭先見面重重。看爽氣朝來三數峰。似謝家子弟，衣冠磊落，相如庭戶，車騎雍容。"
     "我覺其間，雄深雅健，如對文章太史公。新堤路，問偃湖何日，煙水濛濛。"},
};

static void famous_tunes_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(famous_tunes); i++) {
        struct meter m;
        int32_t cps[METER_PLACES];
        assert_true(meter_tune(&m, form_of(famous_tunes[i].name)->pattern));
        assert_int_equal(read(famous_tunes[i].text, cps), m.places);
        int broken = 0, last[METER_RHYMES] = {0};
        for (int at = 0; at < m.places; at++) {
            const struct meter_place *p = &m.place[at];
            broken += !ask_fits((enum ask)p->ask, cps[at]);
            if (p->rhyme && last[p->rhyme] && tone_ci_together(cps[at], last[p->rhyme], TONE_EITHER) == 0)
                fail_msg("%s: line %d does not rhyme", famous_tunes[i].name, p->line + 1);
            last[p->rhyme] = cps[at];
        }
        if (broken != famous_tunes[i].free)
            fail_msg("%s: %d places do not fit", famous_tunes[i].name, broken);
    }
}

/* -- regulated verse ---------------------------------------------------------------------------------------------------------------- */

static void draw(const struct meter *m, struct str *out)
{
    static const char *const signs[ASK_COUNT] = {"中", "平", "仄", "入", "平", "仄"}, *const marks[] = {"", "，", "。", "、"};
    for (int i = 0; i < m->places; i++) {
        str_add_text(out, m->place[i].partner ? "孤" : signs[m->place[i].ask]);
        str_add_text(out, m->place[i].rhyme ? "韻" : "");
        str_add_text(out, marks[m->place[i].mark]);
    }
}

static void expect_layout(int lines, int length, bool level_start, bool first_rhymes, enum tone rhyme, const char *layout)
{
    struct meter m;
    struct str drawn = {0};
    meter_regulated(&m, lines, length, level_start, first_rhymes, rhyme);
    draw(&m, &drawn);
    assert_string_equal(str_text(&drawn), layout);
    str_release(&drawn);
}

/* As the handbooks draw them; 孤 is the place that saves a line from 孤平. */
static void layouts(void **state)
{
    (void)state;
    expect_layout(4, 5, false, false, TONE_LEVEL, "中仄中平仄，中平孤仄平韻。中平平仄仄，中仄仄平平韻。");
    expect_layout(4, 5, false, true, TONE_LEVEL, "中仄仄平平韻，中平孤仄平韻。中平平仄仄，中仄仄平平韻。");
    expect_layout(4, 5, true, false, TONE_LEVEL, "中平平仄仄，中仄仄平平韻。中仄中平仄，中平孤仄平韻。");
    expect_layout(4, 5, true, true, TONE_LEVEL, "中平孤仄平韻，中仄仄平平韻。中仄中平仄，中平孤仄平韻。");
    expect_layout(4, 7, false, true, TONE_LEVEL, "中仄中平孤仄平韻，中平中仄仄平平韻。中平中仄中平仄，中仄中平孤仄平韻。");
    expect_layout(4, 7, true, true, TONE_LEVEL, "中平中仄仄平平韻，中仄中平孤仄平韻。中仄中平平仄仄，中平中仄仄平平韻。");
    expect_layout(4, 7, false, false, TONE_LEVEL, "中仄中平平仄仄，中平中仄仄平平韻。中平中仄中平仄，中仄中平孤仄平韻。");
    expect_layout(4, 7, true, false, TONE_OBLIQUE, "中平中仄仄平平，中仄中平平仄仄韻。中仄中平孤仄平，中平中仄中平仄韻。");
    expect_layout(8, 5, false, false, TONE_LEVEL,
                  "中仄中平仄，中平孤仄平韻。中平平仄仄，中仄仄平平韻。中仄中平仄，中平孤仄平韻。中平平仄仄，中仄仄平平韻。");
}

static bool fits(const struct meter *m, const int32_t *cps)
{
    for (int i = 0; i < m->places; i++) {
        const struct meter_place *p = &m->place[i];
        if (!ask_fits(ask_leniently((enum ask)p->ask), cps[i]))
            return false;
        if (p->partner && tone_of(cps[i]) == TONE_OBLIQUE && tone_of(cps[i - p->partner]) == TONE_OBLIQUE)
            return false;
    }
    return true;
}

/* Most of the famous poems keep the strict form; the others have lines that the handbooks know as licences (怨楊柳: 平平仄平仄). */
static void famous_verse_fits(void **state)
{
    (void)state;
    int strict = 0, poems = (int)COUNT_OF(famous_poems);
    for (int i = 0; i < poems; i++) {
        int32_t cps[METER_PLACES];
        int lines = read(famous_poems[i].text, cps) / famous_poems[i].length;
        bool kept = false;
        for (int way = 0; way < 4; way++) {
            struct meter m;
            meter_regulated(&m, lines, famous_poems[i].length, way & 1, way & 2, TONE_LEVEL);
            kept = kept || fits(&m, cps);
        }
        strict += kept;
    }
    assert_true(strict * 10 >= poems * 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),    cmocka_unit_test(tunes),            cmocka_unit_test(broken_patterns),
        cmocka_unit_test(layouts), cmocka_unit_test(famous_tunes_fit), cmocka_unit_test(famous_verse_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
