/* The judges of verse, judged: what they say of poems that everybody knows to be in form, and of the same with one rule broken. */
#include "check_en.h"
#include "check_zh.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* "tone 2, rhyme 0" */
static void tell(const struct faults *f, struct str *out)
{
    for (int i = 0; i < f->count; i++)
        str_printf(out, "%s%s %d", i ? ", " : "", f->all[i].rule, f->all[i].line);
}

static int wrong; /* verdicts of the test at work */

static void expect(void (*judge)(const struct asked *, struct span, struct faults *), const struct asked *asked, const char *text,
                   const char *faults)
{
    struct faults found = {0};
    struct str told = {0};
    judge(asked, span_of(text), &found);
    tell(&found, &told);
    if (strcmp(str_text(&told), faults) != 0) {
        print_error("%s is blamed for “%s”, not “%s”:\n%s\n", asked->form, str_text(&told), faults, text);
        wrong++;
    }
    str_release(&told);
}

static void replace(struct str *text, const char *what, const char *by)
{
    ptrdiff_t at = span_find(str_span(text), span_of(what), 0);
    if (at < 0)
        fail_msg("no “%s” in %s", what, str_text(text));
    str_splice(text, (size_t)at, strlen(what), span_of(by));
}

/* -- Chinese ------------------------------------------------------------------------------------------------------------------------- */

/* Breaks lines behind their marks, and stanzas at |. */
static void lay_out(struct str *out, const char *text)
{
    struct span rest = span_of(text);
    int32_t cp = 0;
    str_clear(out);
    for (int n = 0; (n = utf8_decode(rest, &cp)) > 0;) {
        struct span one = span_cut(rest, 0, (size_t)n);
        rest = span_cut(rest, (size_t)n, rest.len);
        str_add(out, cp == '|' ? SPAN("\n") : one);
        if ((cp == U'，' || cp == U'。') && rest.len)
            str_add_byte(out, '\n');
    }
}

static const char stork_tower[] = "白日依山盡，黃河入海流。欲窮千里目，更上一層樓。";
static const char autumn_hills[] = "空山新雨後，天氣晚來秋。明月松間照，清泉石上流。竹喧歸浣女，蓮動下漁舟。隨意春芳歇，王孫自可留。";
static const char maple_bridge[] = "月落烏啼霜滿天，江楓漁火對愁眠。姑蘇城外寒山寺，夜半鐘聲到客船。";
static const char lotus[] = "常記溪亭日暮。沉醉不知歸路。興盡晚回舟，誤入藕花深處。爭渡。爭渡。驚起一灘鷗鷺。";
static const char screens[] = "小山重疊金明滅。鬢雲欲度香腮雪。懶起畫蛾眉。弄妝梳洗遲。|照花前後鏡。花面交相映。新帖繡羅襦。雙雙金鷓鴣。";
static const char jinling[] = "六代豪華，春去也、更無消息。空悵望、山川形勝，已非疇昔。王謝堂前雙燕子，烏衣巷口曾相識。聽夜深、寂寞打孤城，春潮急。|"
                              "思往事，愁如織。懷故國，空陳跡。但荒煙衰草，亂鴉斜日。玉樹歌殘秋露冷，胭脂井壞寒螿泣。到如今、只有蔣山青，秦淮碧。";

static const struct {
    const char *form, *text, *faults;
} known_zh[] = {
    {"wujue", stork_tower, ""},
    {"qijue", maple_bridge, ""},
    {"wulv", autumn_hills, ""},
    {"qilv", "王濬樓船下益州，金陵王氣黯然收。千尋鐵鎖沉江底，一片降幡出石頭。人世幾回傷往事，山形依舊枕寒流。今逢四海為家日，"
             "故壘蕭蕭蘆荻秋。", "repeat 2, repeat 8"}, /* 王, 蕭 */
    {"huanxisha", "漠漠輕寒上小樓。曉陰無賴似窮秋。淡煙流水畫屏幽。|自在飛花輕似夢，無邊絲雨細如愁。寶簾閒掛小銀鉤。", ""},
    {"rumengling", lotus, ""},
    {"zhegutian", "彩袖殷勤捧玉鍾。當年拚卻醉顏紅。舞低楊柳樓心月，歌盡桃花扇底風。|從別後，憶相逢。幾回魂夢與君同。今宵剩把銀釭照，"
                  "猶恐相逢是夢中。", ""},
    {"yijiangnan", "江南好，風景舊曾諳。日出江花紅勝火，春來江水綠如藍。能不憶江南。", ""},
    {"pusaman", screens, ""},
    {"pusaman", "平林漠漠煙如織。寒山一帶傷心碧。暝色入高樓。有人樓上愁。|玉階空佇立。宿鳥歸飛急。何處是歸程。長亭更短亭。",
     "turn 0"}, /* Li Bai's second oblique rhyme is of the first one's part */
    {"busuanzi", "缺月掛疏桐，漏斷人初靜。誰見幽人獨往來，縹緲孤鴻影。|驚起卻回頭，有恨無人省。揀盡寒枝不肯棲，寂寞沙洲冷。", ""},
    {"dielianhua", "檻菊愁煙蘭泣露。羅幕輕寒，燕子雙飛去。明月不諳離恨苦。斜光到曉穿朱戶。|昨夜西風凋碧樹。獨上高樓，望盡天涯路。"
                   "欲寄彩箋兼尺素。山長水闊知何處。", ""},
    {"qingpingyue", "茅檐低小。溪上青青草。醉裏吳音相媚好。白髮誰家翁媼。|大兒鋤豆溪東。中兒正織雞籠。最喜小兒亡賴，溪頭臥剝蓮蓬。", ""},
    {"shuidiaogetou",
     "明月幾時有，把酒問青天。不知天上宮闕，今夕是何年。我欲乘風歸去，又恐瓊樓玉宇，高處不勝寒。起舞弄清影，何似在人間。|"
     "轉朱閣，低綺戶，照無眠。不應有恨，何事長向別時圓。人有悲歡離合，月有陰晴圓缺，此事古難全。但願人長久，千里共嬋娟。", ""},
    {"qinyuanchun",
     "孤鶴歸飛，再過遼天，換盡舊人。念纍纍枯冢，茫茫夢境，王侯螻蟻，畢竟成塵。載酒園林，尋花巷陌，當日何曾輕負春。流年改，"
     "嘆圍腰帶剩，點鬢霜新。|交親散落如雲。又豈料如今餘此身。幸眼明身健，茶甘飯軟，非惟我老，更有人貧。躲盡危機，消殘壯志，"
     "短艇湖中閒採蓴。吾何恨，有漁翁共醉，溪友爲鄰。", ""},
    {"manjianghong", jinling, ""},
    {"yumeiren", "春花秋月何時了。往事知多少。小樓昨夜又東風。故國不堪回首、月明中。|雕闌玉砌應猶在。只是朱顏改。問君能有幾多愁。"
                 "恰似一江春水、向東流。", ""},
    {"siyan", "呦呦鹿鳴，食野之苹。我有嘉賓，鼓瑟吹笙。吹笙鼓簧，承筐是將。人之好我，示我周行。", "rhyme 6"}, /* it turns */
    {"zayan", "君不見，黃河水。天上來，入海去。", ""},
    {"nothing", stork_tower, "unknown 0"},
};

static void known_chinese_verse(void **state)
{
    (void)state;
    wrong = 0;
    struct str page = {0};
    for (size_t i = 0; i < COUNT_OF(known_zh); i++) {
        lay_out(&page, known_zh[i].text);
        expect(check_zh, &(struct asked){.form = known_zh[i].form}, str_text(&page), known_zh[i].faults);
    }
    str_release(&page);
    assert_int_equal(wrong, 0);
}

/* The same in simplified characters, whose tones are those of the traditional ones. */
static void simplified_verse(void **state)
{
    (void)state;
    wrong = 0;
    struct str page = {0};
    lay_out(&page, "两个黄鹂鸣翠柳，一行白鹭上青天。窗含西岭千秋雪，门泊东吴万里船。");
    expect(check_zh, &(struct asked){.form = "qijue", .first = "兩個黃鸝鳴翠柳，", .acrostic = "兩一窗", .rhyme = "一先"}, str_text(&page), "");
    str_release(&page);
    assert_int_equal(wrong, 0);
}

static const struct {
    const char *form, *text, *what, *by, *faults;
} broken_zh[] = {
    {"wujue", stork_tower, "白", "A", "sign 1, length 1"},
    {"wujue", stork_tower, "盡，\n", "盡，", "break 1"},
    {"wujue", stork_tower, "流。\n", "流。\n\n", "break 2"},
    {"wujue", stork_tower, "白日依山盡，\n黃河入海流。\n", "", "lines 0"},
    {"wujue", stork_tower, "依山", "山", "length 1"},
    {"wujue", stork_tower, "千里", "一千里", "length 3"},
    {"wujue", stork_tower, "盡，", "盡。", "mark 1"},
    {"wujue", stork_tower, "更上一層樓。", "更上一層樓", "mark 4"},
    {"wujue", stork_tower, "更上", "更上、", "mark 4"},
    {"wujue", stork_tower, "海", "天", "tone 2"},
    {"wujue", stork_tower, "黃河入海流。\n欲窮千里目，\n更上一層樓", "萬里水東流。\n遠客登臨處，\n秋風獨倚樓", "dui 2"},
    {"wujue", stork_tower, "欲窮千里目，\n更上一層樓", "遠客登臨處，\n秋風獨倚樓", "nian 3"},
    {"wujue", stork_tower, "一", "高", "tail 4"},
    {"wujue", stork_tower, "千", "萬", "tail 3"},
    {"wujue", stork_tower, "黃", "大", "lone 2"},
    {"qijue", maple_bridge, "烏啼霜", "不啼雪", "lone 1"},
    {"qijue", maple_bridge, "半鐘", "半鼓", "lone 4"},
    {"wulv", autumn_hills, "流", "溪", "rhyme 4"},
    {"wulv", autumn_hills, "女", "紗", "end 5"},
    {"wujue", stork_tower, "依山盡", "滿山丘", ""}, /* the first line may rhyme */
    {"wujue", stork_tower, "依山盡", "滿山東", "end 1"},
    {"wujue", stork_tower, "千", "黃", "repeat 3"},
    {"rumengling", lotus, "記", "時", "tone 1"},
    {"rumengling", lotus, "爭渡。\n爭渡", "爭渡。\n欲渡", "again 6, tone 6"},
    {"rumengling", lotus, "爭渡。\n爭渡", "爭渡。\n輕渡", "again 6"},
    {"rumengling", lotus, "鷺", "雁", "rhyme 7"},
    {"rumengling", lotus, "路", "途", "rhyme 2"},
    {"rumengling", lotus, "暮。", "暮，", "mark 1"},
    {"pusaman", screens, "弄妝梳", "弄妝洗", "lone 4"},
    {"pusaman", screens, "鏡。\n花面交相映", "月。\n花面交相葉", "turn 0"},
    {"pusaman", screens, "遲。\n\n", "遲。\n", "break 4"},
    {"manjianghong", jinling, "也、更", "也更、", "mark 2"},
    {"manjianghong", jinling, "跡", "土", "rhyme 12"},
};

static void broken_chinese_verse(void **state)
{
    (void)state;
    wrong = 0;
    struct str page = {0};
    for (size_t i = 0; i < COUNT_OF(broken_zh); i++) {
        lay_out(&page, broken_zh[i].text);
        replace(&page, broken_zh[i].what, broken_zh[i].by);
        expect(check_zh, &(struct asked){.form = broken_zh[i].form}, str_text(&page), broken_zh[i].faults);
    }
    str_release(&page);
    assert_int_equal(wrong, 0);
}

/* 滿江紅 in an oblique tone that is no entering one. */
static void other_oblique_rhymes(void **state)
{
    (void)state;
    wrong = 0;
    static const char *const pairs[][2] = {{"息", "里"}, {"昔", "水"}, {"識", "此"}, {"急", "起"}, {"織", "麗"},
                                           {"跡", "地"}, {"斜日", "斜世"}, {"泣", "淚"}, {"碧", "媚"}};
    struct str page = {0};
    lay_out(&page, jinling);
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        replace(&page, pairs[i][0], pairs[i][1]);
    expect(check_zh, &(struct asked){.form = "manjianghong"}, str_text(&page), "entering 0");
    lay_out(&page, "落日滿秋江，寒鴉歸遠樹。孤舟一夜風，又過瀟湘路。");
    expect(check_zh, &(struct asked){.form = "wujue", .oblique = true}, str_text(&page), "");
    expect(check_zh, &(struct asked){.form = "wujue"}, str_text(&page), "rhyme 2, end 3, rhyme 4, tail 3, tail 4");
    str_release(&page);
    assert_int_equal(wrong, 0);
}

static void chinese_demands(void **state)
{
    (void)state;
    wrong = 0;
    struct str page = {0};
    lay_out(&page, stork_tower);
    expect(check_zh, &(struct asked){.form = "wujue", .acrostic = "白黃欲更", .first = "白日依山盡，黃河", .rhyme = "秋"}, str_text(&page), "");
    expect(check_zh, &(struct asked){.form = "wujue", .acrostic = "白黃春"}, str_text(&page), "acrostic 3");
    expect(check_zh, &(struct asked){.form = "wujue", .first = "白日依山盡，長"}, str_text(&page), "first 2");
    expect(check_zh, &(struct asked){.form = "wujue", .rhyme = "東"}, str_text(&page), "given 0");
    expect(check_zh, &(struct asked){.form = "wupai", .lines = 10}, str_text(&page), "lines 0");
    lay_out(&page, lotus);
    expect(check_zh, &(struct asked){.form = "rumengling", .rhyme = "雨"}, str_text(&page), "");
    expect(check_zh, &(struct asked){.form = "rumengling", .rhyme = "月"}, str_text(&page), "given 0");
    str_release(&page);
    assert_int_equal(wrong, 0);
}

/* -- English ------------------------------------------------------------------------------------------------------------------------- */

static const char beauty[] = "She walks in beauty, like the night\nOf cloudless climes and starry skies;\n"
                             "And all that's best of dark and bright\nMeet in her aspect and her eyes.";
static const char sonnet[] =
    "The morning comes across the quiet hill,\nAnd all the little birds begin to sing;\nThe water turns the old and heavy mill,\n"
    "And in the orchard walks the early spring.\n\nI hear the children running down the lane,\n"
    "Their laughter rings along the narrow street;\nThe window shines with last night's gentle rain,\n"
    "And puddles catch the sky about their feet.\n\nA cart goes by, a dog begins to bark,\n"
    "The baker puts his bread upon the shelf;\nThe light goes out that burned against the dark,\n"
    "And I am glad, and say so to myself.\n\nSo let the day be long, and let me stay\nTo hear the little birds that sing away.";
static const char hope[] = "Hope springs eternal in the human breast;\nMan never is, but always to be blest.";
static const char pond[] = "An old silent pond.\nA frog jumps into the pool:\nNoise, and rest again.";

static const struct {
    const char *form, *text, *faults;
    int lines;
} known_en[] = {
    {"quatrain", beauty, "", 0},
    {"quatrain_abba", "So runs my dream: but what am I?\nAn infant crying in the night:\nAn infant crying for the light:\n"
                      "And with no language but a cry.", "", 0},
    {"couplet", hope, "", 0},
    {"couplets", hope, "", 2},
    {"tetrameter", "Had we but world enough, and time,\nThis coyness, lady, were no crime.", "", 2},
    {"sonnet", sonnet, "", 0},
    {"haiku", pond, "", 0},
    {"ballad", "Because I could not stop for Death,\nHe kindly stopped for me;\nThe carriage held but just ourselves\nAnd immortality.",
     "feminine 4", 4},
    {"ballad", "Into my heart an air that kills\nFrom yon far country blows:\nWhat are those blue remembered hills,\n"
               "What spires, what farms are those?", "chime 3", 4},
    {"nothing", beauty, "unknown 0", 0},
};

static void known_english_verse(void **state)
{
    (void)state;
    wrong = 0;
    for (size_t i = 0; i < COUNT_OF(known_en); i++)
        expect(check_en, &(struct asked){.form = known_en[i].form, .lines = known_en[i].lines}, known_en[i].text, known_en[i].faults);
    assert_int_equal(wrong, 0);
}

/* A poem for a form: a line of so many syllables for each of the end words, / an empty line. */
static void make_poem(struct str *out, const char *ends, const char *sizes)
{
    static const char *const lines[] = {"And looked at the", "I looked upon the", "I looked on the lantern and",
                                        "I walked to look upon the", "", "I walked a mile to look upon the"};
    static const char *const galloping[] = {"I looked at the light of the", "And I looked at the"};
    struct span rest = span_of(ends);
    str_clear(out);
    for (size_t at = 0; rest.len; at++) {
        ptrdiff_t blank = span_find(rest, SPAN(" "), 0);
        struct span end = span_cut(rest, 0, blank < 0 ? rest.len : (size_t)blank);
        rest = span_cut(rest, end.len + 1, rest.len);
        char size = sizes[at % strlen(sizes)];
        if (span_is(end, "/")) {
            str_add_byte(out, '\n');
            at--;
        } else {
            str_printf(out, "%s %.*s.%s", size >= 'g' ? galloping[size - 'g'] : lines[size - '5'], SPAN_ARG(end), rest.len ? "\n" : "");
        }
    }
}

#define TEN ":" /* the figure after 9 */

static const struct {
    const char *form, *ends, *sizes, *faults;
    int lines;
} schemes[] = {
    {"quatrain_aabb", "hill mill sea tree", "8", "", 0},
    {"quatrain_aabb", "hill sea mill tree", "8", "rhyme 2, chime 3, rhyme 4", 0},
    {"quatrain_aabb", "hill hill sea tree", "8", "rhyme 2", 0},
    {"quatrain", "hill sea mill see", "8", "rhyme 4", 0}, /* the same sounds */
    {"quatrain", "night bright light fight", "8", "chime 2, chime 3, chime 4", 0},
    {"ballad", "stone hill wind mill / stream sea leaf tree / rose day star way", "8686", "", 0},
    {"ballad", "stone hill wind mill / stream sea leaf tree", "8686", "", 8},
    {"ballad", "stone hill wind mill stream sea leaf tree", "8686", "stanza 4", 8},
    {"ballad", "stone hill wind mill / stream sea stone tree", "8686", "chime 7", 7},
    {"petrarchan", "hill sea tree mill still bee free rill / day stone night way bone light", TEN, "", 0},
    {"petrarchan", "hill sea tree mill still bee free rill / day stone night bone way light", TEN, "rhyme 12, rhyme 13", 0},
    {"villanelle",
     "hill day mill / still way hill / rill bay mill / kill ray hill / fill clay mill / drill hay hill mill", TEN, "", 0},
    {"villanelle",
     "hill day mill / still way hill / rill bay mill / kill ray hill / fill clay mill / drill hay hill bill", TEN, "refrain 19", 0},
    {"limerick", "hill mill sea tree rill", "gg55g", "", 0},
    {"limerick", "hill mill sea tree rill", "gg5hg", "", 0},
    {"limerick", "hill mill sea tree rill", "ggg5g", "syllables 3", 0},
    {"limerick", "hill mill sea tree rill", "gg5" TEN "g", "syllables 4", 0},
    {"blank", "stone hill wind", TEN, "", 3},
    {"blank", "stone hill mill", TEN, "chime 3", 3},
    {"free", "stone hill mill", "8", "", 3},
};

static void schemes_are_known(void **state)
{
    (void)state;
    wrong = 0;
    struct str page = {0};
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        make_poem(&page, schemes[i].ends, schemes[i].sizes);
        expect(check_en, &(struct asked){.form = schemes[i].form, .lines = schemes[i].lines}, str_text(&page), schemes[i].faults);
    }
    str_release(&page);
    assert_int_equal(wrong, 0);
}

static const struct {
    const char *form, *text, *what, *by, *faults;
} broken_en[] = {
    {"quatrain", beauty, "She", "she", "sign 1"},
    {"quatrain", beauty, "beauty,", "\"beauty\"", "sign 1"},
    {"quatrain", beauty, "her eyes.", "her eyes", "sign 4"},
    {"quatrain", beauty, "night\n", "night\nI saw the sun\n", "lines 0"},
    {"quatrain", beauty, "night\n", "night\n\n", "stanza 1"},
    {"sonnet", sonnet, "sing;", "sing;\n", "stanza 2"},
    {"quatrain", beauty, "starry", "starzy", "word 2"},
    {"quatrain", beauty, "starry", "star", "syllables 2"},
    {"quatrain", beauty, "starry", "very starry", "syllables 2"},
    {"quatrain", beauty, "starry", "above", "stress 2"},
    {"quatrain", beauty, "Meet in", "Never", ""}, /* the trochee that may begin */
    {"quatrain", beauty, "all that's", "alone", "stress 3"},
    {"quatrain", beauty, "her eyes", "story", "stress 4"},
    {"quatrain", beauty, "her eyes", "her arms", "rhyme 4"},
    {"quatrain", beauty, "and bright", "and night", "rhyme 3"},
    {"haiku", pond, "pool", "fire", "word 2"},
    {"haiku", pond, "frog", "gray frog", "syllables 2"},
    {"haiku", pond, "rest again", "the old pond", "chime 3"},
};

static void broken_english_verse(void **state)
{
    (void)state;
    wrong = 0;
    struct str page = {0};
    for (size_t i = 0; i < COUNT_OF(broken_en); i++) {
        str_set(&page, span_of(broken_en[i].text));
        replace(&page, broken_en[i].what, broken_en[i].by);
        expect(check_en, &(struct asked){.form = broken_en[i].form}, str_text(&page), broken_en[i].faults);
    }
    str_release(&page);
    assert_int_equal(wrong, 0);
}

static void english_demands(void **state)
{
    (void)state;
    wrong = 0;
    expect(check_en, &(struct asked){.form = "quatrain", .acrostic = "SOAM", .first = "She walks", .rhyme = "light"}, beauty, "");
    expect(check_en, &(struct asked){.form = "quatrain", .acrostic = "SONG"}, beauty, "acrostic 3");
    expect(check_en, &(struct asked){.form = "quatrain", .first = "She waits"}, beauty, "first 1");
    expect(check_en, &(struct asked){.form = "quatrain", .rhyme = "sea"}, beauty, "given 0");
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_chinese_verse),  cmocka_unit_test(simplified_verse),     cmocka_unit_test(broken_chinese_verse),
        cmocka_unit_test(other_oblique_rhymes), cmocka_unit_test(chinese_demands),      cmocka_unit_test(known_english_verse),
        cmocka_unit_test(schemes_are_known),    cmocka_unit_test(broken_english_verse), cmocka_unit_test(english_demands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
