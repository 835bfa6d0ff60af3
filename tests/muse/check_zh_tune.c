/* 詞 and old verse: laws of the tunes as the books of tunes draw them. */
#include "check_zh_parts.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    LETTERS = 5,
    ENTERING = 15, /* the first part of 詞林正韻 that has the entering tone */
};

static bool in_part(struct place c, int ci)
{
    for (int i = 0; i < c.readings; i++)
        if (tone_has_ci_rhyme(c.read[i], ci))
            return true;
    return false;
}

static int asked_parts(const char *rhyme, int ci[TONE_READINGS])
{
    int32_t cp = 0;
    int group = tone_rhyme_named(rhyme);
    if (group)
        cp = tone_rhyme_members(group).cps[0];
    else
        (void)utf8_decode(span_of(rhyme), &cp);
    return tone_ci_rhymes(cp, ci);
}

/* -- tunes --------------------------------------------------------------------------------------------------------------------------- */

/* The tunes as 龍榆生's 《唐宋詞格律》 draws them: ○ level, ● oblique, ⊙ either, △ a level rhyme, ▲ an oblique one; 、 a pause; a blank ends a
 * line, / a stanza. A figure behind a rhyme: the rhyme changes to the one of that number. = is the line before it once more. Lines that
 * rhyme end with a stop, others with a comma. */
static const struct tune {
    const char *name;
    bool entering;
    const char *lines;
} tunes[] = {
    {"huanxisha", false, "⊙●○○●●△ ⊙○⊙●●○△ ⊙○⊙●●○△ / ⊙●⊙○○●● ⊙○⊙●●○△ ⊙○⊙●●○△"},
    {"rumengling", false, "⊙●⊙○⊙▲ ⊙●⊙○⊙▲ ⊙●●○○ ⊙●●○○▲ ○▲ = ⊙●●○○▲"},
    {"zhegutian", false, "⊙●○○⊙●△ ⊙○⊙●●○△ ⊙○⊙●○○● ⊙●○○⊙●△ / ○⊙● ●○△ ⊙○⊙●●○△ ⊙○⊙●○○● ⊙●○○⊙●△"},
    {"yijiangnan", false, "○⊙● ⊙●●○△ ⊙●⊙○○●● ⊙○⊙●●○△ ⊙●●○△"},
    {"pusaman", false, "⊙○⊙●○○▲1 ⊙○⊙●○○▲1 ⊙●●○△2 ⊙○⊙●△2 / ⊙○○●▲3 ⊙●○○▲3 ⊙●●○△4 ⊙○⊙●△4"},
    {"busuanzi", false, "⊙●●○○ ⊙●○○▲ ⊙●○○●●○ ⊙●○○▲ / ⊙●●○○ ⊙●○○▲ ⊙●○○●●○ ⊙●○○▲"},
    {"dielianhua", false, "⊙●⊙○○●▲ ⊙●○○ ⊙●○○▲ ⊙●⊙○○●▲ ⊙○⊙●○○▲ / ⊙●⊙○○●▲ ⊙●○○ ⊙●○○▲ ⊙●⊙○○●▲ ⊙○⊙●○○▲"},
    {"qingpingyue", false, "⊙○⊙▲1 ⊙●○○▲1 ⊙●⊙○○●▲1 ⊙●⊙○⊙▲1 / ⊙○⊙●○△2 ⊙○⊙●○△2 ⊙●⊙○⊙● ⊙○⊙●○△2"},
    {"shuidiaogetou", false,
     "⊙●⊙○● ⊙●●○△ ⊙○⊙●○● ⊙●●○△ ⊙●⊙○⊙● ⊙●⊙○⊙● ⊙●●○△ ⊙●⊙○● ⊙●●○△ / "
     "⊙⊙● ⊙⊙● ●○△ ⊙○⊙● ⊙●⊙●●○△ ⊙●⊙○⊙● ⊙●⊙○⊙● ⊙●●○△ ⊙●⊙○● ⊙●●○△"},
    {"qinyuanchun", false,
     "⊙●○○ ⊙●○○ ⊙●●△ ●⊙○⊙● ⊙○⊙● ⊙○⊙● ⊙●○△ ⊙●○○ ⊙○⊙● ⊙●○○⊙●△ ○⊙● ●⊙○⊙● ⊙●○△ / "
     "⊙○⊙●○△ ●⊙●○○⊙●△ ●⊙○⊙● ⊙○⊙● ⊙○⊙● ⊙●○△ ⊙●○○ ⊙○⊙● ⊙●○○⊙●△ ⊙⊙● ●⊙○⊙● ⊙●○△"},
    {"manjianghong", true,
     "⊙●○○ ⊙⊙●、⊙○⊙▲ ⊙⊙●、⊙○⊙● ●○○▲ ⊙●⊙○○●● ⊙○⊙●○○▲ ●⊙○、⊙●●○○ ○○▲ / "
     "⊙⊙● ○⊙▲ ⊙⊙● ○○▲ ●○○⊙● ●○○▲ ⊙●⊙○○●● ⊙○⊙●○○▲ ●⊙○、⊙●●○○ ○○▲"},
    {"yumeiren", false,
     "⊙○⊙●○○▲1 ⊙●○○▲1 ⊙○⊙●●○△2 ⊙●⊙○⊙●、●○△2 / ⊙○⊙●○○▲3 ⊙●○○▲3 ⊙○⊙●●○△4 ⊙●⊙○⊙●、●○△4"},
};

/* A line of a tune. */
struct drawn {
    int32_t sign[LENGTH];
    int length, pause;
    int rhyme;         /* its number; 0: does not rhyme */
    bool again, stanza_end;
};

static void draw_sign(struct drawn *d, int32_t cp)
{
    if (cp == U'、') {
        d->pause = d->length;
    } else if (cp == '=') {
        d->again = true;
    } else if (cp_between(cp, '1', '4')) {
        d->rhyme = cp - '0';
    } else {
        d->sign[d->length++] = cp;
        d->rhyme = cp == U'△' || cp == U'▲';
    }
}

static int draw_tune(const struct tune *t, struct drawn *lines)
{
    struct span rest = span_of(t->lines);
    int count = 0;
    int32_t cp = 0;
    memset(lines, 0, LINES * sizeof *lines);
    for (int n = 0; (n = utf8_decode(rest, &cp)) > 0; rest = span_cut(rest, (size_t)n, rest.len)) {
        if (cp == '/')
            lines[count - 1].stanza_end = true;
        else if (cp != ' ')
            draw_sign(&lines[count], cp);
        else if (lines[count].length || lines[count].again)
            count++;
    }
    return count + 1;
}

static bool sign_fits(int32_t sign, struct place c)
{
    if (sign == U'⊙')
        return may_be(c, TONE_LEVEL) || may_be(c, TONE_OBLIQUE);
    return may_be(c, sign == U'○' || sign == U'△' ? TONE_LEVEL : TONE_OBLIQUE);
}

static void check_drawn(struct poem *p, int line, const struct drawn *d)
{
    const struct line *l = &p->line[line];
    for (int i = 0; i < l->length; i++)
        if (!sign_fits(d->sign[i], l->place[i])) {
            if (!d->rhyme || i < l->length - 1) /* a rhyme is looked at below */
                blame(p, "tone", line);
            return;
        }
    int n = d->length;
    if (n >= 5 && d->sign[n - 1] == U'△' && d->sign[n - 2] == U'●' && d->sign[n - 4] == U'○' && stands_alone(l, n - 4))
        blame(p, "lone", line);
}

/* How many lines of the rhyme are in that part and tone. */
static int sharing(const struct poem *p, const struct drawn *d, int rhyme, int ci)
{
    int count = 0;
    for (int i = 0; i < p->lines; i++)
        count += d[i].rhyme == rhyme && in_part(end_of(p, i), ci);
    return count;
}

/* The parts that all lines of a rhyme share; blames the lines outside the best one when there is none. Returns how many there are. */
static int check_rhyme(struct poem *p, const struct drawn *d, int rhyme, int shared[TONE_CI_RHYMES])
{
    int lines = 0, best = 0, most = -1, count = 0;
    enum tone t = TONE_LEVEL;
    for (int i = 0; i < p->lines; i++)
        if (d[i].rhyme == rhyme) {
            lines++;
            t = d[i].sign[d[i].length - 1] == U'△' ? TONE_LEVEL : TONE_OBLIQUE;
        }
    for (int part = 1; part <= TONE_CI_PARTS && lines; part++) {
        int ci = TONE_CI(part, t), here = sharing(p, d, rhyme, ci);
        if (here == lines)
            shared[count++] = ci;
        if (here > most) {
            most = here;
            best = ci;
        }
    }
    for (int i = 0; i < p->lines && lines && !count; i++)
        if (d[i].rhyme == rhyme && !in_part(end_of(p, i), best))
            blame(p, "rhyme", i);
    return count;
}

static bool has_part(const int *parts, int count, const char *rhyme)
{
    int asked[TONE_READINGS], wanted = asked_parts(rhyme, asked);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < wanted; k++)
            if (parts[i] == asked[k])
                return true;
    return false;
}

static void check_rhymes(struct poem *p, const struct drawn *d, bool entering, const char *given)
{
    static int shared[LETTERS][TONE_CI_RHYMES];
    int count[LETTERS] = {0};
    bool met = given == NULL;
    for (int rhyme = 1; rhyme < LETTERS; rhyme++) {
        count[rhyme] = check_rhyme(p, d, rhyme, shared[rhyme]);
        if (entering && count[rhyme] && tone_ci_part(shared[rhyme][count[rhyme] - 1]) < ENTERING)
            blame_poem(p, "entering");
        met = met || has_part(shared[rhyme], count[rhyme], given);
        for (int other = 1; other < rhyme; other++)
            if (count[rhyme] == 1 && count[other] == 1 && shared[rhyme][0] == shared[other][0])
                blame_poem(p, "turn");
    }
    if (!met)
        blame_poem(p, "given");
}

static void check_again(struct poem *p, int line)
{
    const struct line *l = &p->line[line], *before = l - 1;
    bool same = l->length == before->length;
    for (int i = 0; i < l->length && same; i++)
        same = l->place[i].written == before->place[i].written;
    if (!same)
        blame(p, "again", line);
}

static const struct tune *find_tune(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(tunes); i++)
        if (strcmp(name, tunes[i].name) == 0)
            return &tunes[i];
    return NULL;
}

static void check_lines(struct poem *p, struct drawn *d)
{
    for (int i = 0; i < p->lines; i++) {
        if (d[i].again) {
            d[i] = d[i - 1];
            check_again(p, i);
        }
        if (p->line[i].length != d[i].length)
            blame(p, "length", i);
        else
            check_drawn(p, i, &d[i]);
        if (p->line[i].mark != (d[i].rhyme ? STOP : COMMA) || p->line[i].pause != d[i].pause)
            blame(p, "mark", i);
    }
}

bool check_tune(struct poem *p, const struct asked *asked)
{
    const struct tune *t = find_tune(asked->form);
    struct drawn d[LINES];
    int stanza_end = -1;
    if (!t)
        return false;
    int count = draw_tune(t, d);
    for (int i = 0; i < count; i++)
        stanza_end = d[i].stanza_end ? i : stanza_end;
    if (p->lines != count) {
        blame_poem(p, "lines");
        return true;
    }
    check_breaks(p, stanza_end);
    check_lines(p, d);
    check_rhymes(p, d, t->entering, asked->rhyme);
    return true;
}

/* -- old verse ----------------------------------------------------------------------------------------------------------------------- */

/* The rhymes in that tone; returns what they break. */
static struct faults old_rhymes(const struct poem *p, const char *given, int32_t sign)
{
    struct faults found = {0};
    struct poem *copy = mem_new(1, sizeof *copy);
    struct drawn d[LINES] = {0};
    *copy = *p;
    copy->faults = &found;
    for (int i = 1; i < p->lines; i += 2)
        d[i] = (struct drawn){.length = 1, .rhyme = 1, .sign = {sign}};
    check_rhymes(copy, d, false, given);
    free(copy);
    return found;
}

/* In level tones or in oblique ones. */
void check_old(struct poem *p, const struct asked *asked, int length)
{
    if (!check_shape(p, asked->lines ? asked->lines : 8, length))
        return;
    struct faults level = old_rhymes(p, asked->rhyme, U'△'), oblique = old_rhymes(p, asked->rhyme, U'▲');
    const struct faults *best = level.count <= oblique.count ? &level : &oblique;
    for (int i = 0; i < best->count; i++)
        fault_add(p->faults, best->all[i].rule, best->all[i].line);
}
