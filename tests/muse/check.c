/* Poems of the muse before the judges of verse (check_zh.h, check_en.h).
 *
 *     muse_check PACKS                             a few poems of every form, as a test
 *     muse_check PACKS COUNT [FORM|zh|en] [made-up]    so many of each, and a table; made-up: by models that know nothing, which is fast
 *
 * A poem's number is its seed, and says what is asked for beside form and theme: of ten poems one is an acrostic, one begins with a given
 * line, one has a given rhyme, one oblique rhymes (regulated verse) and one another number of lines (forms that leave it open). */
#include "check_en.h"
#include "check_zh.h"
#include "core/mem.h"
#include "muse/script.h"
#include "verse.h"
#include "verse_en.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { TOLD = 6 };

static const char *packs;

struct model {
    const struct pack *pack;
    const struct vocab *vocab;
};
static struct model models[2]; /* by enum form_language */

/* -- what is asked ------------------------------------------------------------------------------------------------------------------- */

/* Demands that a form can meet; several are tried in turn, with strokes between them. */
static const struct row {
    const char *form;
    const char *prompt;   /* how the form is asked for, before the theme; Chinese in simplified characters */
    const char *acrostic, *first, *rhyme;
    const char *lines;    /* other numbers of lines */
} rows[] = {
    {"wujue", "写一首五绝", "春夏秋冬/梅蘭竹菊/風花雪月/山高水長", "白日依山盡/江碧鳥逾白/日暮蒼山遠/功蓋三分國", "東/真/先/陽/庚/尤/春/光", NULL},
    {"qijue", "写一首七绝", "春夏秋冬/梅蘭竹菊/風花雪月/山高水長", "月落烏啼霜滿天/朝辭白帝彩雲間/寒雨連江夜入吳/折戟沉沙鐵未銷",
     "東/真/先/陽/庚/尤/春/光", NULL},
    {"wulv", "来一首五律", "春夏秋冬/梅蘭竹菊/海內存知己/山高水長", "空山新雨後/國破山河在/細草微風岸", "東/真/先/陽/庚/尤/春/光", NULL},
    {"qilv", "写一首七律", "春夏秋冬/梅蘭竹菊/天涯若比鄰/山高水長", "風急天高猿嘯哀/相見時難別亦愁/丞相祠堂何處尋", "東/真/先/陽/庚/尤/春/光", NULL},
    {"wupai", "写一首五言排律", "春夏秋冬/梅蘭竹菊", "空山新雨後/國破山河在", "東/真/先/陽/庚/尤", "10/14/16/20"},
    {"qipai", "写一首七言排律", "春夏秋冬/梅蘭竹菊", "月落烏啼霜滿天/寒雨連江夜入吳", "東/真/先/陽/庚/尤", "10/14/16/20"},
    {"huanxisha", "填一首浣溪沙", "漠曉淡自/一去夕無", "漠漠輕寒上小樓/一曲新詞酒一杯", "東/真/先/陽/秋", NULL},
    {"rumengling", "填一首如梦令", "常沉興誤/昨濃試卻", "常記溪亭日暮/昨夜雨疏風驟", "雨/月/語/夢/曉", NULL},
    {"zhegutian", "填一首鹧鸪天", "彩當舞歌/林翻時山", "彩袖殷勤捧玉鍾/林斷山明竹隱牆", "東/真/先/陽/秋", NULL},
    {"yijiangnan", "填一首忆江南", "江風日春能/多昨還車花", "江南好/多少恨", "東/真/先/陽/秋", NULL},
    {"pusaman", "填一首菩萨蛮", "小鬢懶弄/平寒暝有", "小山重疊金明滅/平林漠漠煙如織", "雨/月/東/先/曉", NULL},
    {"busuanzi", "填一首卜算子", "缺漏誰縹/驛寂已更", "缺月掛疏桐/驛外斷橋邊", "雨/月/語/夢/曉", NULL},
    {"dielianhua", "填一首蝶恋花", "檻羅燕明/佇望黯草", "檻菊愁煙蘭泣露/佇倚危樓風細細", "雨/月/語/夢/曉", NULL},
    {"qingpingyue", "填一首清平乐", "茅溪醉白/春寂若喚", "茅檐低小/春歸何處", "雨/月/語/東/先", NULL},
    {"shuidiaogetou", "填一首水调歌头", "明把不今", "明月幾時有", "東/真/先/陽/秋", NULL},
    {"qinyuanchun", "填一首沁园春", "孤再換念", "孤鶴歸飛", "東/真/先/陽/秋", NULL},
    {"manjianghong", "填一首满江红", "六春空已/敲紗人倚", "六代豪華/敲碎離愁", "月/雪/碧/息/客", NULL},
    {"yumeiren", "填一首虞美人", "春往小故/少紅壯江", "春花秋月何時了/少年聽雨歌樓上", "雨/月/東/先/曉", NULL},
    {"siyan", "写一首四言诗", "春夏秋冬/梅蘭竹菊", "關關雎鳩/呦呦鹿鳴", "東/真/先/陽/秋", NULL},
    {"wugu", "来一首五古", "春夏秋冬/梅蘭竹菊", "行行重行行/結廬在人境", "東/真/先/陽/秋", NULL},
    {"qigu", "来一首七古", "春夏秋冬/梅蘭竹菊", "漢皇重色思傾國", "東/真/先/陽/秋", NULL},
    {"zayan", "写一首杂言", "春夏秋冬/梅蘭竹菊", NULL, NULL, NULL},
    {"couplet", "a couplet", "GO/AM/IT",
     "The moon was bright upon the silent hill,/I dreamed of rivers running to the sea,", "light/day/sea/heart", NULL},
    {"couplets", "heroic couplets", "MORN/EVENINGS", "The moon was bright upon the silent hill,/I dreamed of rivers running to the sea,",
     "light/day/sea/heart", "6/10/12"},
    {"tetrameter", "tetrameter couplets", "MORN/EVENINGS", "The moon was bright upon the hill,/I heard a bird upon the bough,",
     "light/day/sea/heart", "4/6/12"},
    {"quatrain", "a quatrain", "REST/LOVE/TIME",
     "The moon was bright upon the hill,/I heard a bird upon the bough,", "light/day/sea/heart", NULL},
    {"quatrain_aabb", "a quatrain aabb", "REST/LOVE/TIME", "The moon was bright upon the hill,/I heard a bird upon the bough,",
     "light/day/sea/heart", NULL},
    {"quatrain_abba", "a quatrain abba", "REST/LOVE/TIME", "The moon was bright upon the hill,/I heard a bird upon the bough,",
     "light/day/sea/heart", NULL},
    {"ballad", "a ballad", "REST/LOVE/WANDERER",
     "The moon was bright upon the hill,/I heard a bird upon the bough,", "light/day/sea", "4/8/16"},
    {"sonnet", "a sonnet", "SHAKESPEARE/LOVE/THE SEA", "The moon was bright upon the silent hill,/I dreamed of rivers running to the sea,",
     "light/day/sea", NULL},
    {"petrarchan", "a Petrarchan sonnet", "PETRARCH/LAURA",
     "The moon was bright upon the silent hill,/I dreamed of rivers running to the sea,",
     "light/day/sea", NULL},
    {"villanelle", "a villanelle", "SUN/DAY", "The moon was bright upon the silent hill,/I dreamed of rivers running to the sea.",
     "light/day/sea", NULL},
    {"haiku", "a haiku", "SUN/SKY/SEA", "The first winter snow/An old silent pond", NULL, NULL},
    {"limerick", "a limerick", "SMILE/LAUGH/HAPPY", "A lady who lived by the shore/There was an old man of the sea", "light/day/sea", NULL},
    {"blank", "blank verse", "MIDNIGHT/WINTER", "The moon was bright upon the silent hill,", NULL, "5/10/20"},
    {"free", "free verse", "HEART/DREAM", "I have come back to the river", NULL, "5/8/14"},
};

static const char themes_zh[] = "秋夜/春雨/孤舟/山居/故乡/明月/梅花/送别/江南/边塞/思君/登高/母亲/大海/初雪/夏天的风";
static const char themes_en[] = "the sea/the first snow/autumn/my mother/the moon/a river/love/a bird/death/night/spring rain/an old house/"
                                "the stars/summer/war/a friend";

/* The choice of that number, counted round; false when there is none. */
static bool choice(const char *choices, int number, struct str *out)
{
    int count = 1;
    str_clear(out);
    if (!choices)
        return false;
    for (const char *c = choices; *c; c++)
        count += *c == '/';
    struct span rest = span_of(choices);
    for (int i = 0; i <= number % count; i++) {
        ptrdiff_t end = span_find(rest, SPAN("/"), 0);
        str_set(out, span_cut(rest, 0, end < 0 ? rest.len : (size_t)end));
        rest = span_cut(rest, out->len + 1, rest.len);
    }
    return true;
}

/* Poems of even numbers in simplified characters, of odd ones in traditional ones. */
static void make_prompt(const struct row *r, enum form_language language, int number, struct str *prompt)
{
    struct str theme = {0}, text = {0};
    (void)choice(language == FORM_ZH ? themes_zh : themes_en, number, &theme);
    if (number % 7 == 0)
        str_add_text(&text, r->prompt);
    else
        str_printf(&text, language == FORM_ZH ? "%s，%s" : "%s about %s", r->prompt, str_text(&theme));
    if (language == FORM_ZH && number % 2)
        script_convert(prompt, str_span(&text), SCRIPT_TRADITIONAL);
    else
        str_add(prompt, str_span(&text));
    str_release(&theme);
    str_release(&text);
}

static const char *demand(const char *choices, int number, bool simplified, struct str *field)
{
    struct str chosen = {0};
    str_clear(field);
    bool asked = choice(choices, number, &chosen);
    if (asked)
        script_convert(field, str_span(&chosen), simplified ? SCRIPT_SIMPLIFIED : SCRIPT_UNTOLD);
    str_release(&chosen);
    return asked ? str_text(field) : NULL;
}

/* What is asked for beside the form, in the wish and for the judge. */
static void add_demands(const struct row *r, int number, struct wish *w, struct asked *asked)
{
    bool simplified = w->language == FORM_ZH && w->simplified;
    int turn = number / 10;
    *asked = (struct asked){.form = r->form};
    if (number % 10 == 3)
        asked->acrostic = demand(r->acrostic, turn, simplified, &w->acrostic);
    if (number % 10 == 6)
        asked->first = demand(r->first, turn, simplified, &w->first_line);
    if (number % 10 == 9)
        asked->rhyme = demand(r->rhyme, turn, simplified, &w->rhyme);
    if (number % 10 == 5 && w->form->kind == FORM_REGULATED && w->form->lines) {
        asked->oblique = true;
        w->rhyme_tone = RHYME_OBLIQUE;
    }
    struct str lines = {0};
    int64_t count = 0;
    if (number % 10 == 1 && choice(r->lines, turn, &lines) && span_integer(str_span(&lines), &count))
        asked->lines = w->lines = (int)count;
    str_release(&lines);
    if (asked->acrostic && r->lines && w->language == FORM_EN) /* an acrostic says how many lines there are */
        asked->lines = w->lines = (int)w->acrostic.len;
}

/* -- poems ---------------------------------------------------------------------------------------------------------------------------- */

struct poem {
    struct str prompt, text, told; /* `told`: why it failed, or the rules that it breaks */
    struct faults faults;
    bool misread;                  /* the prompt's form was not understood; it is set right */
    bool failed;
};

static void release_poem(struct poem *p)
{
    str_release(&p->prompt);
    str_release(&p->text);
    str_release(&p->told);
}

static bool write_poem(const struct model *m, const struct wish *w, int number, struct str *text, struct str *why)
{
    struct dials dials;
    struct err e = {0};
    enum poet_state state = POET_FAILED;
    dials_default(&dials);
    dial_off(&dials, DIAL_MAX_TOKENS);
    struct poet *poet = poet_new(m->pack, m->vocab, w, &dials, (uint64_t)number, &e);
    if (poet) {
        poet->best = false;
        while ((state = poet_step(poet, text, &e)) == POET_WORKING)
            continue;
        poet_free(poet);
    }
    if (state == POET_FAILED)
        str_add_text(why, e.text);
    return state == POET_DONE;
}

static void judge(struct poem *p, const struct asked *asked, enum form_language language)
{
    if (p->misread)
        fault_add(&p->faults, "misread", 0);
    if (language == FORM_ZH)
        check_zh(asked, str_span(&p->text), &p->faults);
    else
        check_en(asked, str_span(&p->text), &p->faults);
    for (int i = 0; i < p->faults.count; i++)
        str_printf(&p->told, "%s%s %d", i ? ", " : "", p->faults.all[i].rule, p->faults.all[i].line);
}

static void make_poem(const struct row *r, int number, struct poem *p)
{
    const struct form *form = form_named(span_of(r->form));
    struct wish w;
    struct asked asked;
    CHECK(form != NULL);
    *p = (struct poem){.failed = false};
    make_prompt(r, form->language, number, &p->prompt);
    wish_init(&w);
    wish_read(&w, str_span(&p->prompt), SPAN(""));
    p->misread = w.form != form || w.kind != WISH_VERSE || w.language != form->language;
    w.form = form;
    w.kind = WISH_VERSE;
    w.language = form->language;
    add_demands(r, number, &w, &asked);
    p->failed = !write_poem(&models[form->language], &w, number, &p->text, &p->told);
    if (!p->failed)
        judge(p, &asked, form->language);
    wish_release(&w);
}

/* -- the table ------------------------------------------------------------------------------------------------------------------------ */

struct tally {
    int poems, lines, broken, failed; /* poems that break a rule; that were not written */
    double ms;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int lines_of(const struct str *text)
{
    struct span rest = str_span(text), line;
    int lines = 0;
    while (span_line(&rest, &line))
        lines += line.len > 0;
    return lines;
}

static void tell_bad(const struct row *r, int number, const struct poem *p)
{
    print_error("%s %d, “%s”: %s\n%s\n\n", r->form, number, str_text(&p->prompt), str_text(&p->told), str_text(&p->text));
}

static void count_poem(const struct row *r, int number, struct tally *t)
{
    struct poem p;
    double begun = now_ms();
    make_poem(r, number, &p);
    t->ms += now_ms() - begun;
    t->poems++;
    t->lines += lines_of(&p.text);
    t->broken += p.faults.count > 0;
    t->failed += p.failed;
    if ((p.failed || p.faults.count) && t->broken + t->failed <= TOLD)
        tell_bad(r, number, &p);
    release_poem(&p);
}

static void add_tally(struct tally *all, const struct tally *t)
{
    all->poems += t->poems;
    all->lines += t->lines;
    all->broken += t->broken;
    all->failed += t->failed;
    all->ms += t->ms;
}

static void print_tally(const char *name, const struct tally *t)
{
    printf("%-16s %7d %8d %11d %9d %10.1f\n", name, t->poems, t->lines, t->broken, t->failed, t->ms / t->poems);
    fflush(stdout);
}

static bool is_wanted(const struct row *r, const char *which)
{
    const char *language = form_named(span_of(r->form))->language == FORM_ZH ? "zh" : "en";
    return !which || strcmp(which, r->form) == 0 || strcmp(which, language) == 0;
}

static int print_table(int count, const char *which)
{
    struct tally all = {0};
    printf("%-16s %7s %8s %11s %9s %10s\n", "form", "poems", "lines", "violations", "failures", "ms a poem");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct tally t = {0};
        if (!is_wanted(&rows[i], which))
            continue;
        for (int number = 1; number <= count; number++)
            count_poem(&rows[i], number, &t);
        print_tally(rows[i].form, &t);
        add_tally(&all, &t);
    }
    if (all.poems == 0) {
        print_error("There is no form of the name %s.\n", which);
        return 2;
    }
    print_tally("together", &all);
    return all.broken + all.failed > 0;
}

/* -- the test ------------------------------------------------------------------------------------------------------------------------- */

static void every_form_is_known(void **state)
{
    (void)state;
    assert_int_equal(form_count(), (int)COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_non_null(form_named(span_of(rows[i].form)));
}

static void few_poems(enum form_language language)
{
    static const int numbers[] = {11, 13, 15, 16, 20, 29};
    struct tally all = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t k = 0; k < COUNT_OF(numbers) && form_named(span_of(rows[i].form))->language == language; k++)
            count_poem(&rows[i], numbers[k], &all);
    assert_int_equal(all.broken, 0);
    assert_int_equal(all.failed, 0);
}

static void chinese_poems_keep_their_form(void **state)
{
    (void)state;
    few_poems(FORM_ZH);
}

static void english_poems_keep_their_form(void **state)
{
    (void)state;
    few_poems(FORM_EN);
}

/* -- models --------------------------------------------------------------------------------------------------------------------------- */

static struct pack open_packs[2];
static struct vocab *open_vocabs[2];
static struct verse_model made_zh;
static struct english_model made_en;

static bool open_models(struct err *e)
{
    static const char *const names[] = {[FORM_ZH] = "zh", [FORM_EN] = "en"};
    for (int i = 0; i < 2; i++) {
        struct str path = {0};
        str_printf(&path, "%s/%s.muse", packs, names[i]);
        bool ok = pack_open(&open_packs[i], str_text(&path), e);
        str_release(&path);
        if (!ok)
            return false;
        open_vocabs[i] = vocab_new(&open_packs[i]);
        models[i] = (struct model){&open_packs[i], open_vocabs[i]};
    }
    return true;
}

static bool make_models(struct err *e)
{
    verse_make(&made_zh, 7);
    if (!english_make(&made_en, packs, 11, e))
        return false;
    models[FORM_ZH] = (struct model){&made_zh.pack, made_zh.vocab};
    models[FORM_EN] = (struct model){&made_en.pack, made_en.vocab};
    return true;
}

static void close_models(bool made)
{
    if (made) {
        verse_release(&made_zh);
        english_release(&made_en);
        return;
    }
    for (int i = 0; i < 2; i++) {
        vocab_free(open_vocabs[i]);
        pack_close(&open_packs[i]);
    }
}

static int test_few(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_known),
        cmocka_unit_test(chinese_poems_keep_their_form),
        cmocka_unit_test(english_poems_keep_their_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    int64_t count = 0;
    bool made = argc > 3 && strcmp(argv[argc - 1], "made-up") == 0;
    if (argc < 2 || (argc > 2 && !span_integer(span_of(argv[2]), &count))) {
        print_error("muse_check PACKS [COUNT [FORM|zh|en] [made-up]]\n");
        return 2;
    }
    packs = argv[1];
    if (made ? !make_models(&e) : !open_models(&e)) {
        print_error("%s\n", e.text);
        return 2;
    }
    int result = count > 0 ? print_table((int)count, argc - made > 3 ? argv[3] : NULL) : test_few();
    close_models(made);
    return result;
}
