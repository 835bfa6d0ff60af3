#include "muse/meter_en.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <ctype.h>
#include <string.h>

/* A pattern while it is read. */
struct reading {
    const char *at;
    int letter[26];   /* the number that a letter has in this stanza, 0: none yet */
    int repeats;
};

static void skip_blanks(struct reading *r)
{
    while (*r->at == ' ')
        r->at++;
}

static int take_number(struct reading *r)
{
    int n = 0;
    CHECK(isdigit((unsigned char)*r->at));
    while (isdigit((unsigned char)*r->at))
        n = n * 10 + (*r->at++ - '0');
    return n;
}

static void take_metre(struct reading *r, struct verse_plan *plan)
{
    if (r->at[0] == '\0' || r->at[1] != ':')
        return;
    CHECK(strchr("its", r->at[0]) != NULL);
    plan->metre = r->at[0] == 'i' ? METRE_IAMBIC : r->at[0] == 't' ? METRE_TRIPLE : METRE_NONE;
    plan->exact = r->at[0] == 's';
    r->at += 2;
}

static void take_letter(struct reading *r, struct verse_plan *plan, struct verse_line *line)
{
    char c = *r->at++;
    CHECK(isalpha((unsigned char)c));
    if (c != 'x') {
        int *number = &r->letter[tolower((unsigned char)c) - 'a'];
        if (*number == 0)
            *number = ++plan->rhymes;
        line->rhyme = *number;
    }
    if (isupper((unsigned char)c)) {
        line->refrain = line->rhyme * 10 + take_number(r);
        CHECK(*r->at == ':');
        r->at++;
    }
}

static void take_line(struct reading *r, struct verse_plan *plan)
{
    CHECK(plan->count < VERSE_LINES_MAX);
    struct verse_line *line = &plan->line[plan->count++];
    *line = (struct verse_line){0};
    take_letter(r, plan, line);
    line->least = line->most = take_number(r);
    if (*r->at == '-') {
        r->at++;
        line->most = take_number(r);
    }
}

static void read_stanzas(struct reading *r, struct verse_plan *plan)
{
    for (skip_blanks(r); *r->at; skip_blanks(r)) {
        if (*r->at == '/') {
            r->at++;
            plan->line[plan->count - 1].stanza_end = true;
        } else if (*r->at == '*') {
            r->at++;
            r->repeats = take_number(r);
            plan->unit = plan->count;
        } else {
            take_line(r, plan);
        }
    }
}

/* The stanza once more behind itself, with rhymes of its own. Stanzas of three lines and more stand apart. */
static void repeat_stanza(struct verse_plan *plan, int rhymes)
{
    int from = plan->count;
    plan->line[from - 1].stanza_end = plan->unit > 2;
    for (int i = 0; i < plan->unit; i++) {
        struct verse_line line = plan->line[i];
        line.stanza_end = i < plan->unit - 1 && line.stanza_end;
        if (line.rhyme)
            line.rhyme += plan->rhymes;
        plan->line[plan->count++] = line;
    }
    plan->rhymes += rhymes;
}

void verse_plan_read(struct verse_plan *plan, const struct form *form, int lines)
{
    struct reading r = {.at = form->pattern};
    *plan = (struct verse_plan){0};
    take_metre(&r, plan);
    read_stanzas(&r, plan);
    CHECK(plan->count > 0);
    if (!plan->unit)
        return;
    int wanted = lines > 0 ? lines : r.repeats * plan->unit;
    int rhymes = plan->rhymes;
    while (plan->count < wanted && plan->count + plan->unit <= VERSE_LINES_MAX)
        repeat_stanza(plan, rhymes);
}

bool metre_strong(enum metre metre, int total, int at)
{
    return metre == METRE_NONE || (total - 1 - at) % (int)metre == 0;
}

bool metre_fits(enum metre metre, int total, int at, const struct pronunciation *said)
{
    if (at + said->syllables > total)
        return false;
    if (metre == METRE_NONE || said->syllables == 1)
        return true;
    for (int i = 0; i < said->syllables; i++) {
        bool turned = metre == METRE_IAMBIC && at == 0 && i == 0 && said->stress[1] != '1';
        if (said->stress[i] == '1' && !turned && !metre_strong(metre, total, at + i))
            return false;
    }
    return true;
}

/* Bytes of an apostrophe (' or ’) or hyphen at the start of sp, 0: there is none. */
static size_t joint(struct span sp)
{
    if (sp.len && (sp.s[0] == '\'' || sp.s[0] == '-'))
        return 1;
    return span_starts(sp, "\xE2\x80\x99") ? 3 : 0;
}

static size_t letter(struct span sp)
{
    int32_t cp;
    int used = utf8_decode(sp, &cp);
    if (used <= 0 || cp < 0)
        return 0;
    bool latin = cp_between(cp, 0xC0, 0x24F) && cp != 0xD7 && cp != 0xF7;
    return latin || cp_between(cp | 0x20, 'a', 'z') ? (size_t)used : 0;
}

bool verse_word(struct span *rest, struct span *word)
{
    size_t from = 0;
    while (from < rest->len && !letter(span_cut(*rest, from, rest->len)))
        from++;
    if (from >= rest->len)
        return false;
    size_t end = from;
    while (end < rest->len) {
        struct span ahead = span_cut(*rest, end, rest->len);
        size_t n = letter(ahead), j = joint(ahead);
        if (!n && !(j && letter(span_cut(ahead, j, ahead.len))))
            break;
        end += n ? n : j;
    }
    if (from > 0 && rest->s[from - 1] == '\'')
        from--; /* 'tis */
    *word = span_cut(*rest, from, end);
    *rest = span_cut(*rest, end, rest->len);
    return true;
}

/* The positions that a word's end can reach from `before` (a bit each, at most 63 syllables). */
static uint64_t reach(enum metre metre, int total, uint64_t before, struct span word)
{
    struct pronunciation ways[PRONOUNCE_WAYS];
    int count = pronounce(word, ways);
    uint64_t after = 0;
    for (int at = 0; at < 63; at++)
        for (int i = 0; before >> at & 1 && i < count; i++)
            if (at + ways[i].syllables <= 63 && metre_fits(metre, total, at, &ways[i]))
                after |= (uint64_t)1 << (at + ways[i].syllables);
    return count ? after : before;
}

/* Where the words' ends can be when the line has `total` syllables; `stuck` is the first word that nothing reaches, if any. */
static uint64_t reach_end(enum metre metre, int total, struct span text, struct span *stuck)
{
    uint64_t at = 1;
    struct span word;
    while (verse_word(&text, &word)) {
        at = reach(metre, total, at, word);
        if (!at) {
            *stuck = word;
            break;
        }
    }
    return at;
}

static int plain_count(struct span text, struct span *last)
{
    struct pronunciation ways[PRONOUNCE_WAYS];
    struct span word;
    int total = 0;
    while (verse_word(&text, &word)) {
        total += pronounce(word, ways) ? ways[0].syllables : 0;
        *last = word;
    }
    return total;
}

void verse_judge(const struct verse_plan *plan, const struct verse_line *line, struct span text, struct verse_verdict *verdict)
{
    *verdict = (struct verse_verdict){.fault = VERSE_SYLLABLES};
    verdict->total = plain_count(text, &verdict->last);
    if (verdict->total == 0) {
        verdict->fault = VERSE_EMPTY;
        return;
    }
    for (int total = line->least; total <= line->most; total++) {
        struct span stuck = {0};
        bool long_enough = reach_end(METRE_NONE, total, text, &stuck) >> total & 1;
        if (!long_enough)
            continue;
        if (reach_end(plan->metre, total, text, &stuck) >> total & 1) {
            verdict->fault = VERSE_FITS;
            verdict->total = total;
            return;
        }
        verdict->fault = VERSE_STRESS;
        verdict->word = stuck.len ? stuck : verdict->last;
    }
}
