/* Chinese forms, a row each.
 *
 * Regulated verse has no pattern: muse/meter_zh.c lays it out from the number and length of the lines. `lines` 0 is 排律, an even number of
 * them from ten on.
 *
 * The pattern of a tune is written as the books of tunes do, character by character (after 龍榆生《唐宋詞格律》 and 《欽定詞譜》, each place compared
 * with the hundreds of Song poems to that tune that the model learnt from; a place that nearly all of them keep is kept here, even where a
 * book leaves it open):
 *
 *   平 仄      a level tone; an oblique one
 *   中         either
 *   入         an oblique tone that is an entering one
 *   A B C …    the place before it rhymes with all others of the same letter, in one part of 詞林正韻; every letter has a part of its own,
 *              unless it is an oblique one beside a level one
 *   ， 。 、   the mark that is written there; ， and 。 end a line, 、 is a pause within it
 *   〃         the whole line is the line before it once more
 *   |          the second stanza begins
 *
 * Where a line is 中平中仄平, it has a level tone in one of its two open places at least (no 孤平).
 *
 * Loose forms with a length have lines of that length, even ones rhyme in one part; without one they are written to one of the patterns
 * that stand between strokes (/).
 *
 * In `tags`, what follows <t> is the title by which the model knows the tune. */
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/form_rows.h"

#define TUNE .language = FORM_ZH, .kind = FORM_TUNE

const struct form forms_zh[] = {
    {.name = "wujue",
     .label = N_("五绝"),
     .help = N_("Wujue: four lines of five characters, in the tones and rhymes of Tang."),
     .words = "五绝 五絕 五言绝句 五言絕句 五言四句 wujue",
     .language = FORM_ZH,
     .kind = FORM_REGULATED,
     .tags = "五絕 唐",
     .lines = 4,
     .length = 5},
    {.name = "qijue",
     .label = N_("七绝"),
     .help = N_("Qijue: four lines of seven characters, in the tones and rhymes of Tang."),
     .words = "七绝 七絕 七言绝句 七言絕句 七言四句 绝句 絕句 qijue jueju",
     .language = FORM_ZH,
     .kind = FORM_REGULATED,
     .tags = "七絕 唐",
     .lines = 4,
     .length = 7},
    {.name = "wulv",
     .label = N_("五律"),
     .help = N_("Wulü: eight lines of five characters; the middle four stand in pairs."),
     .words = "五律 五言律诗 五言律詩 五言八句 wulv wulü wulu",
     .language = FORM_ZH,
     .kind = FORM_REGULATED,
     .tags = "五律 唐",
     .lines = 8,
     .length = 5},
    {.name = "qilv",
     .label = N_("七律"),
     .help = N_("Qilü: eight lines of seven characters; the middle four stand in pairs."),
     .words = "七律 七言律诗 七言律詩 七言八句 律诗 律詩 qilv qilü qilu lvshi lüshi",
     .language = FORM_ZH,
     .kind = FORM_REGULATED,
     .tags = "七律 唐",
     .lines = 8,
     .length = 7},
    {.name = "wupai",
     .label = N_("五排"),
     .help = N_("Wuyan pailü: twelve lines of five characters or more, in pairs on one rhyme."),
     .words = "五排 五言排律 五言长律 五言長律 排律 长律 長律 试帖诗 試帖詩 wupai pailv pailü pailu",
     .language = FORM_ZH,
     .kind = FORM_REGULATED,
     .tags = "五律 唐",
     .length = 5},
    {.name = "qipai",
     .label = N_("七排"),
     .help = N_("Qiyan pailü: twelve lines of seven characters or more, in pairs on one rhyme."),
     .words = "七排 七言排律 七言长律 七言長律 qipai",
     .language = FORM_ZH,
     .kind = FORM_REGULATED,
     .tags = "七律 唐",
     .length = 7},
    {.name = "huanxisha",
     .label = N_("浣溪沙"),
     .help = N_("The tune Huanxisha: two stanzas of three lines, 42 characters, level rhyme."),
     .words = "浣溪沙 浣溪紗 浣溪纱 浣沙溪 huanxisha",
     TUNE,
     .tags = "詞 宋 <t> 浣溪沙",
     .lines = 6,
     .pattern = "中仄平平仄仄平A。中平中仄仄平平A。中平中仄仄平平A。|中仄中平平仄仄，中平中仄仄平平A。中平中仄仄平平A。"},
    {.name = "rumengling",
     .label = N_("如梦令"),
     .help = N_("The tune Rumengling: one stanza, 33 characters, oblique rhyme, two characters said twice."),
     .words = "如梦令 如夢令 rumengling",
     TUNE,
     .tags = "詞 宋 <t> 如夢令",
     .lines = 7,
     .pattern = "中仄中平中仄A。中仄中平中仄A。中仄仄平平，中仄仄平平仄A。平仄A。〃。中仄仄平平仄A。"},
    {.name = "zhegutian",
     .label = N_("鹧鸪天"),
     .help = N_("The tune Zhegutian: two stanzas, 55 characters, level rhyme."),
     .words = "鹧鸪天 鷓鴣天 思佳客 zhegutian",
     TUNE,
     .tags = "詞 宋 <t> 鷓鴣天",
     .lines = 9,
     .pattern = "中仄平平仄仄平A。中平中仄仄平平A。中平中仄平平仄，中仄平平仄仄平A。|"
                "平仄仄，仄平平A。中平中仄仄平平A。中平中仄平平仄，中仄平平仄仄平A。"},
    {.name = "yijiangnan",
     .label = N_("忆江南"),
     .help = N_("The tune Yijiangnan: one stanza, 27 characters, level rhyme."),
     .words = "忆江南 憶江南 望江南 梦江南 夢江南 江南好 yijiangnan",
     TUNE,
     .tags = "詞 宋 <t> 望江南・憶江南",
     .lines = 5,
     .pattern = "平中仄，中仄仄平平A。中仄中平平仄仄，中平中仄仄平平A。中仄仄平平A。"},
    {.name = "pusaman",
     .label = N_("菩萨蛮"),
     .help = N_("The tune Pusaman: two stanzas of couplets, 44 characters, four rhymes in turn."),
     .words = "菩萨蛮 菩薩蠻 子夜歌 重叠金 重疊金 pusaman",
     TUNE,
     .tags = "詞 宋 <t> 菩薩蠻",
     .lines = 8,
     .pattern = "中平中仄平平仄A。中平中仄平平仄A。中仄仄平平B。中平中仄平B。|中平平仄仄C。中仄平平仄C。中仄仄平平D。中平中仄平D。"},
    {.name = "busuanzi",
     .label = N_("卜算子"),
     .help = N_("The tune Busuanzi: two stanzas of four lines, 44 characters, oblique rhyme."),
     .words = "卜算子 busuanzi",
     TUNE,
     .tags = "詞 宋 <t> 卜算子",
     .lines = 8,
     .pattern = "中仄仄平平，中仄平平仄A。中仄平平仄仄平，中仄平平仄A。|中仄仄平平，中仄平平仄A。中仄平平仄仄平，中仄平平仄A。"},
    {.name = "dielianhua",
     .label = N_("蝶恋花"),
     .help = N_("The tune Dielianhua: two stanzas of five lines, 60 characters, oblique rhyme."),
     .words = "蝶恋花 蝶戀花 鹊踏枝 鵲踏枝 凤栖梧 鳳棲梧 dielianhua",
     TUNE,
     .tags = "詞 宋 <t> 蝶戀花",
     .lines = 10,
     .pattern = "中仄中平平仄仄A。中仄平平，中仄平平仄A。中仄中平平仄仄A。中平中仄平平仄A。|"
                "中仄中平平仄仄A。中仄平平，中仄平平仄A。中仄中平平仄仄A。中平中仄平平仄A。"},
    {.name = "qingpingyue",
     .label = N_("清平乐"),
     .help = N_("The tune Qingpingyue: two stanzas of four lines, 46 characters, oblique rhyme and then level."),
     .words = "清平乐 清平樂 qingpingyue qingpingle",
     TUNE,
     .tags = "詞 宋 <t> 清平樂",
     .lines = 8,
     .pattern = "中平中仄A。中仄平平仄A。中仄中平平仄仄A。中仄中平中仄A。|中平中仄平平B。中平中仄平平B。中仄中平中仄，中平中仄平平B。"},
    {.name = "shuidiaogetou",
     .label = N_("水调歌头"),
     .help = N_("The tune Shuidiao getou: two stanzas, 95 characters, level rhyme."),
     .words = "水调歌头 水調歌頭 水调歌 水調歌 shuidiaogetou shuidiao_getou",
     TUNE,
     .tags = "詞 宋 <t> 水調歌頭",
     .lines = 19,
     .pattern = "中仄中平仄，中仄仄平平A。中平中仄平仄，中仄仄平平A。中仄中平中仄，中仄中平中仄，中仄仄平平A。中仄中平仄，中仄仄平平A。|"
                "仄平仄，平仄仄，仄平平A。中平中仄，中仄中仄仄平平A。中仄中平中仄，中仄中平中仄，中仄仄平平A。中仄中平仄，中仄仄平平A。"},
    {.name = "qinyuanchun",
     .label = N_("沁园春"),
     .help = N_("The tune Qinyuanchun: two stanzas, 114 characters, level rhyme."),
     .words = "沁园春 沁園春 qinyuanchun",
     TUNE,
     .tags = "詞 宋 <t> 沁園春",
     .lines = 25,
     .pattern = "中仄平平，中仄平平，中仄仄平A。仄中平中仄，中平中仄，中平中仄，中仄平平A。中仄平平，中平中仄，中仄平平中仄平A。"
                "平平仄，仄中平中仄，中仄平平A。|"
                "中平中仄平平A。仄中仄平平中仄平A。仄中平中仄，中平中仄，中平中仄，中仄平平A。中仄平平，中平中仄，中仄平平中仄平A。"
                "平平仄，仄中平中仄，中仄平平A。"},
    {.name = "manjianghong",
     .label = N_("满江红"),
     .help = N_("The tune Manjianghong: two stanzas, 93 characters, rhyme in the entering tone."),
     .words = "满江红 滿江紅 manjianghong",
     TUNE,
     .tags = "詞 宋 <t> 滿江紅",
     .lines = 18,
     .pattern = "中仄平平，平中仄、中平中入A。平中仄、中平中仄，仄平平入A。中仄中平平仄仄，中平中仄平平入A。仄平平、中仄仄平平，平平入A。|"
                "平仄仄，平平入A。平仄仄，平平入A。仄平平中仄，仄平平入A。中仄中平平仄仄，中平中仄平平入A。仄平平、中仄仄平平，平平入A。"},
    {.name = "yumeiren",
     .label = N_("虞美人"),
     .help = N_("The tune Yumeiren: two stanzas of four lines, 56 characters, four rhymes in turn."),
     .words = "虞美人 yumeiren",
     TUNE,
     .tags = "詞 宋 <t> 虞美人",
     .lines = 8,
     .pattern = "中平中仄平平仄A。中仄平平仄A。中平中仄仄平平B。中仄中平中仄、仄平平B。|"
                "中平中仄平平仄C。中仄平平仄C。中平中仄仄平平D。中仄中平中仄、仄平平D。"},
    {.name = "siyan",
     .label = N_("四言"),
     .help = N_("Siyan: eight lines of four characters, as in the Book of Songs."),
     .words = "四言 四言诗 四言詩 诗经体 詩經體 siyan",
     .language = FORM_ZH,
     .kind = FORM_LOOSE,
     .tags = "四言 唐",
     .lines = 8,
     .length = 4},
    {.name = "wugu",
     .label = N_("五古"),
     .help = N_("Wugu: eight lines of five characters in the old style; they rhyme, the tones are free."),
     .words = "五古 五言古诗 五言古詩 五言古风 五言古風 古诗 古詩 古风 古風 古体诗 古體詩 古体 古體 wugu gushi gufeng",
     .language = FORM_ZH,
     .kind = FORM_LOOSE,
     .tags = "五古 唐",
     .lines = 8,
     .length = 5},
    {.name = "qigu",
     .label = N_("七古"),
     .help = N_("Qigu: eight lines of seven characters in the old style; they rhyme, the tones are free."),
     .words = "七古 七言古诗 七言古詩 七言古风 七言古風 qigu",
     .language = FORM_ZH,
     .kind = FORM_LOOSE,
     .tags = "七古 唐",
     .lines = 8,
     .length = 7},
    {.name = "zayan",
     .label = N_("杂言"),
     .help = N_("Zayan: long lines and short ones, as in the old songs; they rhyme, the tones are free."),
     .words = "杂言 雜言 杂言诗 雜言詩 自由诗 自由詩 长短句 長短句 乐府 樂府 歌行 zayan yuefu",
     .language = FORM_ZH,
     .kind = FORM_LOOSE,
     .tags = "雜 唐",
     .pattern = "中中中，中中平A。中中中中中中平A。中中中，中中平A。中中中中中中平A。中中中中中中仄，中中中中中中平A。/"
                "中中中中仄A。中中中中仄A。中中中中中中平，中中中中中中仄A。中中中中平，中中中中仄A。/"
                "中中中，中中仄A。中中中中中中仄A。中中中中中中平，中中中中中中仄A。/"
                "中中中中仄，中中中中平A。中中中中仄，中中中中平A。中中中，中中平A。中中中中中中平A。/"
                "中中中中中中平A。中中中中中中平A。中中中中仄，中中中中平A。中中中，中中平A。中中中中中中仄，中中中中中中平A。/"
                "中中中中，中中中平A。中中中中中中仄，中中中中中中平A。中中中中，中中中平A。中中中中中，中中中中中中平A。/"
                "中中中中平，中中中中仄A。中中中中平，中中中中仄A。中中中中中中仄A。中中中中中中仄A。中中中，中中仄B。中中中中中中仄B。"
                "中中中中中中平，中中中中中中仄B。"},
};
const int forms_zh_count = COUNT_OF(forms_zh);
