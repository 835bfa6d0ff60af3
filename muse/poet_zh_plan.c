#include "muse/poet_zh_plan.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/script.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINES_LONG = 12,      /* of 排律, when nothing says how many */
    LINES_LONG_LEAST = 10,
    PATTERN_LINES = 12,   /* of the longest pattern of a loose form */
    RICH_LEAST = 12,      /* characters of a rhyme that is taken when none is asked for */
};

/* One wish on its way to a plan. */
struct making {
    struct plan *plan;
    uint64_t drawn;
    const struct wish *wish;
    const struct form *form;
    struct demand acrostic[METER_LINES + 1];
    int acrostic_count;
    struct rhymes wished[2]; /* what wish.rhyme may mean at a level place and at an oblique one */
    enum tone tone;          /* TONE_UNKNOWN: either */
};

static const char *label(const struct making *k)
{
    return _(k->form->label);
}

static const char *character(int32_t cp, char out[5])
{
    out[utf8_encode(cp, out)] = 0;
    return out;
}

/* -- what is wished ----------------------------------------------------------------------------------------------------------------- */

static void add_group(struct making *k, int group, bool parts)
{
    int oblique = tone_of_rhyme(group) == TONE_OBLIQUE;
    struct tone_members members = tone_rhyme_members(group);
    if (!parts)
        rhymes_add(&k->wished[oblique], group);
    else if (members.count) {
        struct rhymes r = rhymes_of(members.cps[0], true, oblique ? ASK_OBLIQUE : ASK_LEVEL);
        k->wished[oblique].bits[0] |= r.bits[0];
    }
}

static void add_named_part(struct making *k, const char *name)
{
    for (int part = 1; part <= TONE_CI_PARTS; part++)
        if (strcmp(tone_ci_name(part), name) == 0) {
            rhymes_add(&k->wished[0], part);
            rhymes_add(&k->wished[1], part);
        }
}

/* The names of rhymes come before characters: 東 names a group, and every character of it belongs there. */
static bool read_rhyme(struct making *k, bool parts, struct err *e)
{
    struct span text = span_trim(str_span(&k->wish->rhyme));
    if (text.len == 0)
        return true;
    struct str name = {0};
    script_convert(&name, text, SCRIPT_TRADITIONAL);
    if (name.len > 3 && (span_is(span_cut(str_span(&name), name.len - 3, name.len), "韻")))
        str_cut(&name, name.len - 3);
    int group = tone_rhyme_named(str_text(&name));
    if (group)
        add_group(k, group, parts);
    if (parts)
        add_named_part(k, str_text(&name));
    struct demand read[2];
    if (!rhymes_any(k->wished[0]) && !rhymes_any(k->wished[1]) && demand_read(str_span(&name), read, 2) == 1) {
        k->wished[0] = rhymes_of(read[0].cp, parts, ASK_LEVEL);
        k->wished[1] = rhymes_of(read[0].cp, parts, ASK_OBLIQUE);
    }
    str_release(&name);
    if (rhymes_any(k->wished[0]) || rhymes_any(k->wished[1]))
        return true;
    return err_set(e, ERR_USAGE, _("“%.*s” is neither the name of a rhyme nor one character to rhyme with."), SPAN_ARG(text));
}

static void read_tone(struct making *k)
{
    k->tone = k->wish->rhyme_tone == RHYME_LEVEL ? TONE_LEVEL : k->wish->rhyme_tone == RHYME_OBLIQUE ? TONE_OBLIQUE : TONE_UNKNOWN;
    bool level = rhymes_any(k->wished[0]), oblique = rhymes_any(k->wished[1]);
    if (k->tone == TONE_UNKNOWN && level != oblique)
        k->tone = level ? TONE_LEVEL : TONE_OBLIQUE;
}

static bool read_wish(struct making *k, struct err *e)
{
    struct span acrostic = span_trim(str_span(&k->wish->acrostic));
    k->acrostic_count = demand_read(acrostic, k->acrostic, METER_LINES + 1);
    if (acrostic.len && k->acrostic_count == 0)
        return err_set(e, ERR_USAGE, _("An acrostic of a Chinese poem wants Chinese characters; “%.*s” has none."), SPAN_ARG(acrostic));
    if (!read_rhyme(k, k->form->kind != FORM_REGULATED, e))
        return false;
    read_tone(k);
    return true;
}

/* The place of a way that a rhyme is first asked at, or -1. */
static int rhyme_place(const struct meter *m, int rhyme)
{
    for (int i = 0; i < m->places; i++)
        if (m->place[i].rhyme == rhyme)
            return i;
    return -1;
}

/* Which rhyme of the form the wished one is: the first of its tone. 0: none. */
static int wished_rhyme(const struct making *k, const struct meter *m)
{
    for (int rhyme = 1; rhyme < METER_RHYMES; rhyme++) {
        int at = rhyme_place(m, rhyme);
        enum tone tone = at < 0 ? TONE_UNKNOWN : ask_tone((enum ask)m->place[at].ask);
        if (tone != TONE_UNKNOWN && (k->tone == TONE_UNKNOWN || k->tone == tone))
            return rhyme;
    }
    return 0;
}

/* -- layouts ------------------------------------------------------------------------------------------------------------------------ */

static int line_count(const struct making *k)
{
    int lines = k->form->lines ? k->form->lines : LINES_LONG;
    bool grows = k->form->lines == 0 || k->form->kind == FORM_LOOSE;
    if (!grows)
        return lines;
    if (k->wish->lines > 0)
        lines = k->wish->lines;
    if (k->form->kind == FORM_REGULATED)
        lines = lines < LINES_LONG_LEAST ? LINES_LONG_LEAST : (lines + 1) / 2 * 2;
    while (lines < k->acrostic_count)
        lines += 2;
    return lines < 2 ? 2 : lines > METER_LINES ? METER_LINES : lines;
}

static struct meter *add_way(struct making *k, int weight)
{
    struct way *way = &k->plan->ways[k->plan->way_count++];
    way->weight = weight;
    return &way->meter;
}

/* Of seven, most poems rhyme in the first line; of five, few. */
static void regulated_ways(struct making *k, int lines)
{
    enum tone rhyme = k->tone == TONE_OBLIQUE ? TONE_OBLIQUE : TONE_LEVEL;
    for (int i = 0; i < PLAN_WAYS; i++) {
        bool first_rhymes = i & 1;
        struct meter *m = add_way(k, first_rhymes == (k->form->length == 7) ? 3 : 1);
        meter_regulated(m, lines, k->form->length, i & 2, first_rhymes, rhyme);
    }
}

static void loose_ways(struct making *k, int lines)
{
    for (int oblique = 0; oblique < 2; oblique++)
        if (k->tone == TONE_UNKNOWN || (k->tone == TONE_OBLIQUE) == oblique)
            meter_loose(add_way(k, 1), lines, k->form->length, oblique ? TONE_OBLIQUE : TONE_LEVEL);
}

/* One of the patterns of a loose form: of those that have room for the acrostic and rhyme as wished, one of the wished number of lines or
 * nearest to it. */
static void pattern_way(struct making *k)
{
    struct meter *m = add_way(k, 1);
    struct span rest = span_of(k->form->pattern);
    int nearest = METER_LINES, fitting = 0;
    struct str one = {0};
    for (ptrdiff_t end = 0; rest.len; rest = span_cut(rest, (size_t)end + 1, rest.len)) {
        struct meter other;
        end = span_find(rest, SPAN("/"), 0);
        end = end < 0 ? (ptrdiff_t)rest.len : end;
        str_set(&one, span_cut(rest, 0, (size_t)end));
        CHECK(meter_tune(&other, str_text(&one)));
        int off = k->wish->lines ? abs(other.lines - k->wish->lines) : 0;
        if (other.lines < k->acrostic_count || off > nearest || wished_rhyme(k, &other) == 0)
            continue;
        fitting = off < nearest ? 1 : fitting + 1;
        nearest = off;
        if (k->drawn % (uint64_t)fitting == 0)
            *m = other;
    }
    str_release(&one);
    if (fitting == 0)
        k->plan->way_count = 0;
}

static bool too_long(const struct making *k, int lines, struct err *e)
{
    return err_set(e, ERR_USAGE, _("The acrostic has more characters than %s has lines, which are %d. A longer form has room for it."),
                   label(k), lines);
}

static bool lay_out(struct making *k, struct err *e)
{
    int lines = line_count(k);
    bool loose = k->form->kind == FORM_LOOSE;
    if (loose && k->form->pattern)
        pattern_way(k);
    else if (k->acrostic_count > lines)
        return too_long(k, lines, e);
    else if (loose)
        loose_ways(k, lines);
    else if (k->form->kind == FORM_REGULATED)
        regulated_ways(k, lines);
    else
        CHECK(meter_tune(add_way(k, 1), k->form->pattern));
    return k->plan->way_count > 0 || too_long(k, PATTERN_LINES, e);
}

/* -- demands ------------------------------------------------------------------------------------------------------------------------ */

/* The first line may bring more lines with it, and may be only the beginning of a line. */
static bool demand_first(struct making *k, struct err *e)
{
    const struct meter *m = &k->plan->ways[0].meter;
    struct span rest = span_trim(str_span(&k->wish->first_line));
    int line = 0, at = 0;
    while (rest.len) {
        size_t end = 0;
        int32_t cp = 0;
        for (int n = 0; (n = utf8_decode(span_cut(rest, end, rest.len), &cp)) > 0; end += (size_t)n)
            if (cp == U'，' || cp == U'。' || cp == ',' || cp == '.' || cp == '\n' || cp == U'！' || cp == U'？' || cp == U'；')
                break;
        struct demand read[METER_PLACES];
        int count = demand_read(span_cut(rest, 0, end), read, METER_PLACES);
        rest = span_cut(rest, end ? end : 1, rest.len);
        if (count == 0)
            continue;
        int length = line < m->lines ? m->start[line + 1] - m->start[line] : 0;
        if (line == m->lines)
            return err_set(e, ERR_USAGE, _("The given beginning has more lines than %s."), label(k));
        if (count != length && (count > length || count > 3))
            return err_set(e, ERR_USAGE, _("A line of the given beginning has %d characters; %s wants %d there."), count, label(k), length);
        for (int i = 0; i < count; i++)
            k->plan->demand[at++] = read[i];
        line++;
        if (count < length)
            return true;
    }
    return true;
}

static bool demand_acrostic(struct making *k, struct err *e)
{
    const struct meter *m = &k->plan->ways[0].meter;
    char one[5], other[5];
    for (int i = 0; i < k->acrostic_count; i++) {
        struct demand *d = &k->plan->demand[m->start[i]], *before = i ? &k->plan->demand[m->start[i - 1]] : NULL;
        if (d->cp && d->cp != k->acrostic[i].cp)
            return err_set(e, ERR_USAGE, _("The given beginning puts “%s” where the acrostic wants “%s”."), character(d->shown, one),
                           character(k->acrostic[i].shown, other));
        if (before && m->place[m->start[i]].again && before->cp != k->acrostic[i].cp)
            return err_set(e, ERR_USAGE, _("Line %d of %s is the line before it once more, so the acrostic cannot have “%s” there."), i + 1,
                           label(k), character(k->acrostic[i].shown, one));
        *d = k->acrostic[i];
    }
    return true;
}

/* -- rhymes ------------------------------------------------------------------------------------------------------------------------- */

static bool find_rhyme(struct making *k, struct way *way, int rhyme, bool wished, struct err *e)
{
    struct plan *p = k->plan;
    const struct meter *m = &way->meter;
    int at = rhyme_place(m, rhyme), need = 0;
    bool demanded = false;
    for (int i = 0; i < m->places; i++)
        if (m->place[i].rhyme == rhyme && !m->place[i].again) {
            need++;
            demanded = demanded || p->demand[i].cp;
        }
    enum ask ask = (enum ask)m->place[at].ask;
    struct rhymes able = lexicon_rich_rhymes(&p->lexicon, ask, need), rich = lexicon_rich_rhymes(&p->lexicon, ask, RICH_LEAST + 2 * need);
    p->need[rhyme] = need;
    way->rhymes[rhyme] = rhymes_any(rich) && !demanded ? rich : able;
    if (wished) {
        struct rhymes known = rhymes_common(k->wished[ask_tone(ask) == TONE_OBLIQUE], lexicon_rich_rhymes(&p->lexicon, ask, 1));
        if (!rhymes_any(known) && ask == ASK_ENTERING)
            return err_set(e, ERR_USAGE, _("%s rhymes in the entering tone, and “%s” has no such rhyme."), label(k),
                           str_text(&k->wish->rhyme));
        way->rhymes[rhyme] = rhymes_common(known, able);
    }
    if (!rhymes_any(way->rhymes[rhyme]))
        return err_set(e, ERR_USAGE, _("%s needs %d words that rhyme with one another, and this rhyme has fewer."), label(k), need);
    return true;
}

static bool find_rhymes(struct making *k, struct err *e)
{
    bool wished = rhymes_any(k->wished[0]) || rhymes_any(k->wished[1]);
    if (wished_rhyme(k, &k->plan->ways[0].meter) == 0)
        return err_set(e, ERR_USAGE,
                       k->tone == TONE_OBLIQUE ? _("%s rhymes in level tones only; an oblique rhyme wants another form.")
                                               : _("%s rhymes in oblique tones only; a level rhyme wants another form."),
                       label(k));
    for (int i = 0; i < k->plan->way_count; i++) {
        struct way *way = &k->plan->ways[i];
        int which = wished_rhyme(k, &way->meter);
        for (int rhyme = 1; rhyme < METER_RHYMES && rhyme_place(&way->meter, rhyme) >= 0; rhyme++)
            if (!find_rhyme(k, way, rhyme, wished && rhyme == which, e))
                return false;
    }
    return true;
}

/* -- does it fit -------------------------------------------------------------------------------------------------------------------- */

struct misfit {
    int count;   /* of places where a demanded character breaks the layout */
    int place;   /* the first of them */
    enum ask ask;
    bool rhyme;
};

static void add_misfit(struct misfit *f, int place, enum ask ask, bool rhyme)
{
    if (f->count++ == 0)
        *f = (struct misfit){.count = 1, .place = place, .ask = ask, .rhyme = rhyme};
}

static struct misfit judge(const struct plan *p, const struct way *way)
{
    const struct meter *m = &way->meter;
    struct misfit f = {0};
    struct rhymes left[METER_RHYMES];
    memcpy(left, way->rhymes, sizeof left);
    for (int i = 0; i < m->places; i++) {
        const struct meter_place *at = &m->place[i];
        int32_t cp = p->demand[i].cp, partner = at->partner ? p->demand[i - at->partner].cp : 0;
        if (!cp)
            continue;
        if (!ask_fits(ask_leniently((enum ask)at->ask), cp))
            add_misfit(&f, i, (enum ask)at->ask, false);
        else if (partner && tone_of(partner) == TONE_OBLIQUE && tone_of(cp) == TONE_OBLIQUE)
            add_misfit(&f, i, ASK_LEVEL, false);
        else if (at->rhyme) {
            left[at->rhyme] = rhymes_common(left[at->rhyme], rhymes_of(cp, m->parts, (enum ask)at->ask));
            if (!rhymes_any(left[at->rhyme]))
                add_misfit(&f, i, (enum ask)at->ask, true);
        }
    }
    return f;
}

static bool tell_misfit(const struct making *k, const struct misfit *f, struct err *e)
{
    char one[5];
    const struct meter *m = &k->plan->ways[0].meter;
    const char *shown = character(k->plan->demand[f->place].shown, one);
    int line = m->place[f->place].line, at = f->place - m->start[line] + 1;
    bool level = ask_tone(f->ask) == TONE_LEVEL;
    if (f->rhyme)
        return err_set(e, ERR_USAGE, _("“%s” ends line %d, but does not rhyme there as %s has to."), shown, line + 1, label(k));
    if (f->ask == ASK_ENTERING)
        return err_set(e, ERR_USAGE, _("“%s” ends line %d of %s, which wants the entering tone there."), shown, line + 1, label(k));
    return err_set(e, ERR_USAGE,
                   level ? _("“%s” cannot be character %d of line %d: %s wants a level tone there.")
                         : _("“%s” cannot be character %d of line %d: %s wants an oblique tone there."),
                   shown, at, line + 1, label(k));
}

/* Keeps the layouts that all demands fit; when there is none, tells what breaks the one that is broken least. */
static bool keep_fitting(struct making *k, struct err *e)
{
    struct plan *p = k->plan;
    struct misfit least = {.count = METER_PLACES};
    int kept = 0;
    for (int i = 0; i < p->way_count; i++) {
        struct misfit f = judge(p, &p->ways[i]);
        if (f.count && f.count < least.count)
            least = f;
        if (f.count == 0)
            p->ways[kept++] = p->ways[i];
    }
    p->way_count = kept;
    return kept || tell_misfit(k, &least, e);
}

/* A repeated line is demanded as the one before it is. */
static void demand_again(struct plan *p)
{
    const struct meter *m = &p->ways[0].meter;
    for (int i = 0; i < m->places; i++)
        if (m->place[i].again)
            p->demand[i] = p->demand[i - m->place[i].again];
}

bool plan_make(struct plan *p, const struct vocab *v, const struct wish *w, uint64_t drawn, struct err *e)
{
    struct making k = {.plan = p, .drawn = drawn, .wish = w, .form = w->form};
    memset(p, 0, sizeof *p);
    lexicon_init(&p->lexicon, v, w->form->kind != FORM_REGULATED);
    if (!read_wish(&k, e) || !lay_out(&k, e) || !demand_first(&k, e) || !demand_acrostic(&k, e) || !find_rhymes(&k, e)) {
        plan_release(p);
        return false;
    }
    demand_again(p);
    if (!keep_fitting(&k, e)) {
        plan_release(p);
        return false;
    }
    while (p->given < p->ways[0].meter.places && p->demand[p->given].cp)
        p->given++;
    p->head_count = head_write(v, w, false, p->head, PLAN_HEAD);
    p->bare_count = head_write(v, w, true, p->bare, PLAN_HEAD);
    return true;
}

void plan_release(struct plan *p)
{
    lexicon_release(&p->lexicon);
}
