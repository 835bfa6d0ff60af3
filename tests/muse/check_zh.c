#include "check_zh.h"
#include "check_zh_parts.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/script.h"

#include <stdlib.h>
#include <string.h>

void blame(struct poem *p, const char *rule, int line)
{
    fault_add(p->faults, rule, line + 1);
}

void blame_poem(struct poem *p, const char *rule)
{
    fault_add(p->faults, rule, 0);
}

/* -- the page ------------------------------------------------------------------------------------------------------------------------ */

enum { HAN_FIRST = 0x4E00, HAN_LAST = 0x9FFF };

static bool is_han(int32_t cp)
{
    return cp_between(cp, 0x3400, 0x4DBF) || cp_between(cp, HAN_FIRST, HAN_LAST) || cp_between(cp, 0xF900, 0xFAFF) ||
           cp_between(cp, 0x20000, 0x323AF);
}

/* One sign of the text at the end of what is read so far. */
static void read_sign(struct poem *p, struct place sign)
{
    if (p->lines == LINES)
        return;
    struct line *l = &p->line[p->lines];
    if (is_han(sign.written) && l->length < LENGTH) {
        l->place[l->length++] = sign;
    } else if (sign.written == U'、' && l->length && !l->pause) {
        l->pause = l->length;
    } else if ((sign.written == COMMA || sign.written == STOP) && l->length) {
        l->mark = sign.written;
        p->lines++;
    } else if (sign.written == '\n' && p->lines && !l->length) {
        p->line[p->lines - 1].breaks++;
    } else {
        blame(p, sign.written == '\n' ? "break" : "sign", p->lines);
    }
}

/* Of each simplified character the traditional ones, 0 behind the last. */
static int32_t spellings[HAN_LAST - HAN_FIRST + 1][SPELLINGS];

static void add_spelling(int32_t traditional)
{
    int32_t simplified = script_simplified(traditional);
    if (simplified == traditional || !cp_between(simplified, HAN_FIRST, HAN_LAST))
        return;
    int32_t *list = spellings[simplified - HAN_FIRST];
    while (*list)
        list++;
    CHECK(list < spellings[simplified - HAN_FIRST] + SPELLINGS - 2); /* one place is the character's own */
    *list = traditional;
}

static void find_spellings(void)
{
    static bool found;
    for (int32_t cp = HAN_FIRST; cp <= HAN_LAST && !found; cp++)
        add_spelling(cp);
    found = true;
}

static struct place place_of(int32_t cp, bool simplified)
{
    struct place c = {.written = cp, .read = {cp}, .readings = 1};
    const int32_t *list = simplified && cp_between(cp, HAN_FIRST, HAN_LAST) ? spellings[cp - HAN_FIRST] : NULL;
    for (; list && *list; list++)
        c.read[c.readings++] = *list;
    return c;
}

static void read_poem(struct poem *p, struct span text, struct faults *faults)
{
    bool simplified = script_of(text) == SCRIPT_SIMPLIFIED;
    int32_t cp = 0;
    find_spellings();
    *p = (struct poem){.faults = faults};
    for (int n = 0; (n = utf8_decode(text, &cp)) > 0; text = span_cut(text, (size_t)n, text.len))
        read_sign(p, place_of(cp, simplified));
    if (p->lines < LINES && p->line[p->lines].length)
        p->lines++;
}

void check_breaks(struct poem *p, int stanza_end)
{
    for (int i = 0; i < p->lines; i++)
        if (p->line[i].breaks != (i == p->lines - 1 ? 0 : i == stanza_end ? 2 : 1))
            blame(p, "break", i);
}

/* -- tones and rhymes ---------------------------------------------------------------------------------------------------------------- */

static enum tone opposite(enum tone t)
{
    return t == TONE_LEVEL ? TONE_OBLIQUE : TONE_LEVEL;
}

bool may_be(struct place c, enum tone t)
{
    for (int i = 0; i < c.readings; i++)
        if (tone_of(c.read[i]) == t || tone_of(c.read[i]) == TONE_EITHER)
            return true;
    return false;
}

static bool is_surely(struct place c, enum tone t)
{
    return may_be(c, t) && !may_be(c, opposite(t));
}

struct place end_of(const struct poem *p, int line)
{
    return p->line[line].place[p->line[line].length - 1];
}

static bool in_group(struct place c, int group)
{
    for (int i = 0; i < c.readings; i++)
        if (tone_has_rhyme(c.read[i], group))
            return true;
    return false;
}

bool stands_alone(const struct line *l, int at)
{
    return is_surely(l->place[at - 1], TONE_OBLIQUE) && is_surely(l->place[at + 1], TONE_OBLIQUE);
}

/* A rhyme that is asked for: a group by its name, or a character to rhyme with. */
static int asked_groups(const char *rhyme, int groups[TONE_READINGS])
{
    int32_t cp = 0;
    groups[0] = tone_rhyme_named(rhyme);
    if (groups[0])
        return 1;
    (void)utf8_decode(span_of(rhyme), &cp);
    return tone_rhymes(cp, groups);
}

/* -- regulated verse ----------------------------------------------------------------------------------------------------------------- */

/* How lines begin, told by their second character. A set of both: the characters leave it open. */
enum { LEVEL_START = 1, OBLIQUE_START = 2, ANY_START = LEVEL_START | OBLIQUE_START };

static enum tone tone_of_place(int start, int place)
{
    return (start == LEVEL_START) == (place % 4 == 1) ? TONE_LEVEL : TONE_OBLIQUE;
}

static bool alternates(const struct line *l, int start)
{
    for (int place = 1; place < l->length - 1; place += 2)
        if (!may_be(l->place[place], tone_of_place(start, place)))
            return false;
    return true;
}

static int flip(int starts)
{
    return starts == ANY_START ? ANY_START : starts ^ ANY_START;
}

/* 粘 and 對: a line's start is the opposite of its partner's, and a couplet's the same as that of the line before. */
static void check_starts(struct poem *p, int starts[LINES])
{
    for (int i = 0; i < p->lines; i++) {
        int own = (alternates(&p->line[i], LEVEL_START) ? LEVEL_START : 0) | (alternates(&p->line[i], OBLIQUE_START) ? OBLIQUE_START : 0);
        if (!own) {
            blame(p, "tone", i);
            own = ANY_START;
        }
        int wanted = i == 0 ? ANY_START : i % 2 ? flip(starts[i - 1]) : starts[i - 1];
        if (!(own & wanted))
            blame(p, i % 2 ? "dui" : "nian", i);
        starts[i] = own & wanted ? own & wanted : own;
    }
    for (int i = p->lines - 2; i >= 0; i--) {
        int wanted = i % 2 ? starts[i + 1] : flip(starts[i + 1]);
        if (starts[i] & wanted)
            starts[i] &= wanted;
    }
}

static int rhyming(const struct poem *p, int group)
{
    int count = 0;
    for (int i = 1; i < p->lines; i += 2)
        count += in_group(end_of(p, i), group);
    return count;
}

/* The group that most even lines belong to; of equals the one that the first line belongs to, too. */
static int find_group(const struct poem *p, enum tone t)
{
    int best = 0, most = -1;
    for (int group = 1; group <= TONE_RHYMES; group++) {
        int score = 2 * rhyming(p, group) + in_group(end_of(p, 0), group);
        if (tone_of_rhyme(group) == t && score > most) {
            best = group;
            most = score;
        }
    }
    return best;
}

static void check_ends(struct poem *p, enum tone t, int group)
{
    for (int i = 0; i < p->lines; i++) {
        struct place end = end_of(p, i);
        if (i % 2 && !in_group(end, group))
            blame(p, "rhyme", i);
        if (i % 2 == 0 && !may_be(end, opposite(t)) && !(i == 0 && in_group(end, group)))
            blame(p, "end", i);
    }
}

/* What is wrong before a line's end in that tone; NULL: nothing. */
static const char *tail_fault(const struct line *l, int starts, enum tone end)
{
    int before = l->length - 2, level = l->length - 4;
    bool same = starts == ANY_START ? is_surely(l->place[before], end) : tone_of_place(starts, before) == end;
    if (same && is_surely(l->place[before - 1], end))
        return "tail";
    bool may_be_alone = end == TONE_LEVEL && starts != ANY_START && tone_of_place(starts, level) == TONE_LEVEL;
    return may_be_alone && stands_alone(l, level) ? "lone" : NULL;
}

/* The first line may rhyme or not; a character with two tones leaves it open. */
static void check_tails(struct poem *p, const int starts[LINES], enum tone t, int group)
{
    for (int i = 0; i < p->lines; i++) {
        const struct line *l = &p->line[i];
        bool rhymes = i % 2 || (i == 0 && (in_group(end_of(p, 0), group) || is_surely(end_of(p, 0), t)));
        const char *fault = tail_fault(l, starts[i], rhymes ? t : opposite(t));
        bool open = i == 0 && rhymes && may_be(end_of(p, 0), opposite(t));
        if (fault && !(open && !tail_fault(l, starts[i], opposite(t))))
            blame(p, fault, i);
    }
}

static bool comes_before(const struct poem *p, int line, int place)
{
    struct place c = p->line[line].place[place];
    for (int i = 0; i <= line; i++)
        for (int k = 0; k < (i < line ? p->line[i].length : place); k++)
            if (p->line[i].place[k].written == c.written)
                return true;
    return false;
}

static void check_repeats(struct poem *p)
{
    for (int i = 0; i < p->lines; i++)
        for (int k = 0; k < p->line[i].length; k++)
            if (comes_before(p, i, k)) {
                blame(p, "repeat", i);
                break;
            }
}

static void check_given_group(struct poem *p, const char *rhyme)
{
    int groups[TONE_READINGS], count = asked_groups(rhyme, groups);
    for (int i = 0; i < count; i++)
        if (rhyming(p, groups[i]) == p->lines / 2)
            return;
    blame_poem(p, "given");
}

bool check_shape(struct poem *p, int lines, int length)
{
    bool whole = p->lines == lines;
    if (!whole)
        blame_poem(p, "lines");
    for (int i = 0; i < p->lines; i++) {
        if (p->line[i].length != length) {
            blame(p, "length", i);
            whole = false;
        }
        if (p->line[i].mark != (i % 2 ? STOP : COMMA) || p->line[i].pause)
            blame(p, "mark", i);
    }
    check_breaks(p, -1);
    return whole;
}

static void check_regulated(struct poem *p, const struct asked *asked, int lines, int length)
{
    enum tone t = asked->oblique ? TONE_OBLIQUE : TONE_LEVEL;
    int starts[LINES] = {0};
    if (!check_shape(p, lines, length))
        return;
    int group = find_group(p, t);
    check_starts(p, starts);
    check_ends(p, t, group);
    check_tails(p, starts, t, group);
    check_repeats(p);
    if (asked->rhyme)
        check_given_group(p, asked->rhyme);
}

/* -- what was asked ------------------------------------------------------------------------------------------------------------------ */

static bool says(struct place c, int32_t cp)
{
    return c.written == cp || c.written == script_traditional(cp) || c.written == script_simplified(cp);
}

static void check_acrostic(struct poem *p, const char *acrostic)
{
    struct span rest = span_of(acrostic);
    int32_t cp = 0;
    int line = 0;
    for (int n = 0; (n = utf8_decode(rest, &cp)) > 0; rest = span_cut(rest, (size_t)n, rest.len), line++)
        if (line >= p->lines || !says(p->line[line].place[0], cp)) {
            blame(p, "acrostic", line);
            return;
        }
}

static void check_first(struct poem *p, const char *first)
{
    struct span rest = span_of(first);
    int32_t cp = 0;
    int line = 0, place = 0;
    for (int n = 0; (n = utf8_decode(rest, &cp)) > 0; rest = span_cut(rest, (size_t)n, rest.len)) {
        if (!is_han(cp))
            continue;
        while (line < p->lines && place == p->line[line].length) {
            line++;
            place = 0;
        }
        if (line >= p->lines || !says(p->line[line].place[place++], cp)) {
            blame(p, "first", line);
            return;
        }
    }
}

/* Nothing is promised but lines that verse could have. */
static void check_mixed(struct poem *p)
{
    if (!cp_between(p->lines, 4, 12))
        blame_poem(p, "lines");
    for (int i = 0; i < p->lines; i++)
        if (!cp_between(p->line[i].length, 3, 7))
            blame(p, "length", i);
        else if (!p->line[i].mark)
            blame(p, "mark", i);
    check_breaks(p, -1);
}

static void check_form(struct poem *p, const struct asked *asked)
{
    static const struct {
        const char *name;
        int lines, length;
    } regulated[] = {{"wujue", 4, 5}, {"qijue", 4, 7}, {"wulv", 8, 5}, {"qilv", 8, 7}, {"wupai", 12, 5}, {"qipai", 12, 7}},
      old[] = {{"siyan", 8, 4}, {"wugu", 8, 5}, {"qigu", 8, 7}};
    for (size_t i = 0; i < COUNT_OF(regulated); i++)
        if (strcmp(asked->form, regulated[i].name) == 0) {
            check_regulated(p, asked, asked->lines ? asked->lines : regulated[i].lines, regulated[i].length);
            return;
        }
    for (size_t i = 0; i < COUNT_OF(old); i++)
        if (strcmp(asked->form, old[i].name) == 0) {
            check_old(p, asked, old[i].length);
            return;
        }
    if (strcmp(asked->form, "zayan") == 0)
        check_mixed(p);
    else if (!check_tune(p, asked))
        blame_poem(p, "unknown");
}

void check_zh(const struct asked *asked, struct span text, struct faults *f)
{
    struct poem *p = mem_new(1, sizeof *p);
    read_poem(p, text, f);
    check_form(p, asked);
    if (asked->acrostic)
        check_acrostic(p, asked->acrostic);
    if (asked->first)
        check_first(p, asked->first);
    free(p);
}
