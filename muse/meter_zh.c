#include "muse/meter_zh.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <string.h>

static struct meter_place *add_place(struct meter *m, enum ask ask)
{
    CHECK(m->places < METER_PLACES && m->lines < METER_LINES);
    struct meter_place *p = &m->place[m->places++];
    *p = (struct meter_place){.ask = (uint8_t)ask, .line = (uint8_t)m->lines};
    return p;
}

static void end_line(struct meter *m, enum mark mark)
{
    struct meter_place *last = &m->place[m->places - 1];
    last->mark = (uint8_t)mark;
    last->line_end = true;
    m->start[++m->lines] = m->places;
}

/* -- regulated verse -------------------------------------------------------------------------------------------------------------- */

/* One line, from the tone of its second place and of its last. The tones of the places 2, 4, 6 alternate; the last three are never of one
 * kind; the others are open, but that in a line like 中平中仄平 one of the open ones is level (in seven: the third or the fifth). */
static void add_regulated(struct meter *m, int length, bool level_second, bool level_end)
{
    bool alike = (level_second == (length == 7)) == level_end; /* the last two are of one kind, so the third from the end is not */
    int first = m->places;
    for (int i = 1; i <= length; i++) {
        bool level = level_second == (i % 4 == 2);
        enum ask ask = ASK_ANY;
        if (i == length)
            ask = level_end ? ASK_LEVEL : ASK_OBLIQUE;
        else if (i % 2 == 0)
            ask = level ? ASK_LEVEL : ASK_OBLIQUE;
        else if (i == length - 2 && alike)
            ask = level_end ? ASK_OBLIQUE_ALONE : ASK_LEVEL_ALONE;
        add_place(m, ask);
    }
    if (!alike && level_end)
        m->place[first + length - 3].partner = 2;
}

void meter_regulated(struct meter *m, int lines, int length, bool level_start, bool first_rhymes, enum tone rhyme)
{
    *m = (struct meter){.distinct = true};
    for (int i = 0; i < lines; i++) {
        bool outer = i % 4 == 0 || i % 4 == 3; /* 粘對: the second places go like the first line's, not, not, like it … */
        bool rhymes = i % 2 == 1 || (i == 0 && first_rhymes);
        add_regulated(m, length, level_start == outer, rhymes == (rhyme == TONE_LEVEL));
        m->place[m->places - 1].rhyme = rhymes;
        end_line(m, i % 2 ? MARK_STOP : MARK_COMMA);
    }
    m->place[m->places - 1].stanza_end = true;
}

void meter_loose(struct meter *m, int lines, int length, enum tone rhyme)
{
    *m = (struct meter){.parts = true, .distinct = true};
    for (int i = 0; i < lines; i++) {
        for (int at = 0; at < length; at++)
            add_place(m, ASK_ANY);
        if (i % 2) {
            m->place[m->places - 1].rhyme = 1;
            m->place[m->places - 1].ask = rhyme == TONE_LEVEL ? ASK_LEVEL : ASK_OBLIQUE;
        }
        end_line(m, i % 2 || i == lines - 1 ? MARK_STOP : MARK_COMMA);
    }
    m->place[m->places - 1].stanza_end = true;
}

/* -- tunes ------------------------------------------------------------------------------------------------------------------------- */

/* The line before once more. */
static bool repeat_line(struct meter *m)
{
    if (m->lines == 0)
        return false;
    int from = m->start[m->lines - 1], length = m->start[m->lines] - from;
    for (int i = 0; i < length; i++) {
        struct meter_place *p = add_place(m, (enum ask)m->place[from + i].ask);
        p->rhyme = m->place[from + i].rhyme;
        p->again = (uint8_t)length;
    }
    return true;
}

static bool ends_level(const struct meter *m)
{
    int from = m->start[m->lines], at = m->places;
    return at - from == 5 && m->place[at - 1].ask == ASK_LEVEL && m->place[at - 2].ask == ASK_OBLIQUE && m->place[at - 3].ask == ASK_ANY &&
           m->place[at - 4].ask == ASK_LEVEL && m->place[at - 5].ask == ASK_ANY;
}

static bool add_sign(struct meter *m, int32_t cp)
{
    static const struct {
        int32_t cp;
        enum ask ask;
    } tones[] = {{U'平', ASK_LEVEL}, {U'仄', ASK_OBLIQUE}, {U'中', ASK_ANY}, {U'入', ASK_ENTERING}};
    for (size_t i = 0; i < COUNT_OF(tones); i++)
        if (cp == tones[i].cp)
            return m->places < METER_PLACES && m->lines < METER_LINES && add_place(m, tones[i].ask);
    if (cp == U'〃')
        return repeat_line(m);
    if (m->places == 0)
        return false;
    struct meter_place *last = &m->place[m->places - 1];
    if (cp >= 'A' && cp < 'A' + METER_RHYMES - 1)
        last->rhyme = (uint8_t)(cp - 'A' + 1);
    else if (cp == U'、')
        last->mark = MARK_PAUSE;
    else if (cp == '|')
        last->stanza_end = true;
    else if ((cp == U'，' || cp == U'。') && m->places > m->start[m->lines]) {
        if (ends_level(m))
            m->place[m->places - 3].partner = 2;
        end_line(m, cp == U'，' ? MARK_COMMA : MARK_STOP);
    } else
        return false;
    return true;
}

bool meter_tune(struct meter *m, const char *pattern)
{
    *m = (struct meter){.parts = true};
    struct span rest = span_of(pattern);
    int32_t cp = 0;
    for (int n = 0; (n = utf8_decode(rest, &cp)) > 0; rest = span_cut(rest, (size_t)n, rest.len))
        if (!add_sign(m, cp))
            return false;
    if (m->places == 0 || m->start[m->lines] != m->places)
        return false;
    m->place[m->places - 1].stanza_end = true;
    return true;
}

/* -- what a place asks ------------------------------------------------------------------------------------------------------------- */

bool ask_fits_tone(enum ask ask, enum tone tone, bool entering)
{
    if (tone == TONE_UNKNOWN || ask == ASK_ANY)
        return true;
    switch (ask) {
    case ASK_LEVEL:
        return tone != TONE_OBLIQUE;
    case ASK_OBLIQUE:
        return tone != TONE_LEVEL;
    case ASK_ENTERING:
        return entering;
    case ASK_LEVEL_ALONE:
        return tone == TONE_LEVEL;
    default:
        return tone == TONE_OBLIQUE;
    }
}

bool ask_fits(enum ask ask, int32_t cp)
{
    return ask_fits_tone(ask, tone_of(cp), tone_is_entering(cp));
}

enum ask ask_leniently(enum ask ask)
{
    return ask == ASK_LEVEL_ALONE ? ASK_LEVEL : ask == ASK_OBLIQUE_ALONE ? ASK_OBLIQUE : ask;
}

enum tone ask_tone(enum ask ask)
{
    if (ask == ASK_ANY)
        return TONE_UNKNOWN;
    return ask == ASK_LEVEL || ask == ASK_LEVEL_ALONE ? TONE_LEVEL : TONE_OBLIQUE;
}
