/* Last words of lines: which may stand there, and how the lines' rhymes hang together. */
#include "core/mem.h"
#include "muse/poet_en_parts.h"

#include <math.h>
#include <string.h>

/* A rhyme that lines on it can come to an end with: the last syllable carries the stress. */
static bool is_strong_end(const struct poet_en *p, const struct pronunciation *said)
{
    if (p->plan.metre == METRE_NONE)
        return true;
    return said->stress[said->syllables - 1] != '0' && said->rhyme == said->end;
}

/* Whether another rhyme of the poem sounds like this one. */
static bool is_taken(const struct poet_en *p, int rhyme, int number)
{
    for (int i = 0; i < p->taken_count; i++)
        if (p->taken[i].rhyme == rhyme && (number == 0 || p->taken[i].number != number))
            return true;
    return false;
}

static bool onset_is_new(const struct rhyme_group *g, int onset)
{
    for (int i = 0; i < g->end_count; i++)
        if (g->onset[i] == onset)
            return false;
    return true;
}

static bool agrees(const struct poet_en *p, const struct pronunciation *said, int number)
{
    const struct rhyme_group *g = &p->group[number];
    if (number == 0)
        return true;
    if (said->rhyme == 0)
        return false;
    if (g->rhyme)
        return said->rhyme == g->rhyme && onset_is_new(g, said->onset);
    return verse_words_ease(p->words, said->rhyme) >= g->needed * 2 + 1;
}

const struct pronunciation *poet_en_end_way(const struct poet_en *p, const struct verse_entry *e, int total)
{
    int number = p->plan.line[p->line].rhyme;
    const struct pronunciation *found = NULL;
    for (int i = 0; i < e->ways; i++) {
        const struct pronunciation *said = &p->words->said[e->said + i];
        if (said->rhyme && is_taken(p, said->rhyme, number))
            return NULL;
        int at = total - said->syllables;
        bool unusual = said->rhyme != p->words->said[e->said].rhyme;
        if (found || at < 1 || (unusual && p->laxity == 0) || !is_strong_end(p, said) || !metre_fits(p->plan.metre, total, at, said))
            continue;
        if (agrees(p, said, number))
            found = said;
    }
    return found;
}

static bool is_used(const struct poet_en *p, const struct verse_entry *e)
{
    for (int i = 0; i < p->line; i++) {
        const struct written *w = &p->done[i];
        if (w->end >= 0 && (&p->words->entry[w->end] == e || (p->laxity < 2 && p->words->entry[w->end].stem == e->stem)))
            return true;
    }
    return false;
}

bool poet_en_may_end(const struct poet_en *p, const struct verse_entry *e, int total)
{
    if (e->light || (e->common < END_COMMON && p->laxity == 0) || (p->plan.exact && e->disputed))
        return false;
    return poet_en_end_way(p, e, total) && !is_used(p, e);
}

bool poet_en_chimes(const struct poet_en *p, const struct verse_entry *e)
{
    for (int i = 0; i < e->ways; i++)
        if (is_taken(p, p->words->said[e->said + i].rhyme, 0))
            return true;
    return is_used(p, e);
}

/* From now on other rhymes keep away from every sound of this word. */
static void take_sounds(struct poet_en *p, struct span word, int number)
{
    struct pronunciation ways[PRONOUNCE_WAYS];
    int count = pronounce(word, ways);
    for (int i = 0; i < count && p->taken_count < TAKEN; i++)
        if (ways[i].rhyme)
            p->taken[p->taken_count++] = (struct taken_sound){ways[i].rhyme, number};
}

void poet_en_take_end(struct poet_en *p, struct span word, const struct pronunciation *said)
{
    int number = p->plan.line[p->line].rhyme;
    take_sounds(p, word, number);
    if (number == 0)
        return;
    struct rhyme_group *g = &p->group[number];
    g->rhyme = said->rhyme;
    if (g->end_count < RHYME_ENDS)
        g->onset[g->end_count++] = said->onset;
}

void poet_en_count_rhymes(struct poet_en *p)
{
    for (int i = 0; i < p->plan.count; i++) {
        const struct verse_line *line = &p->plan.line[i];
        bool again = false;
        for (int k = 0; k < i && line->refrain; k++)
            again = again || p->plan.line[k].refrain == line->refrain;
        if (!again)
            p->group[line->rhyme].needed++;
    }
}

/* Endings of a rhyme class that differ before the rhyme and are common enough, at most `enough`. */
static int endings(const struct poet_en *p, int rhyme, int enough)
{
    int onsets[RHYME_ENDS * 2], count = 0;
    struct rhyme_word w;
    for (int i = 0; count < enough && pronounce_class_word(rhyme, i, &w) && w.common >= END_COMMON; i++) {
        bool fresh = !w.said.light && is_strong_end(p, &w.said);
        for (int k = 0; k < count; k++)
            fresh = fresh && onsets[k] != w.said.onset;
        if (fresh)
            onsets[count++] = w.said.onset;
    }
    return count;
}

int poet_en_rhymes_of(const struct poet_en *p, struct span word, int number, struct pronunciation *said)
{
    struct pronunciation ways[PRONOUNCE_WAYS];
    int count = pronounce(word, ways), most = 0;
    for (int i = 0; i < count; i++) {
        if (!ways[i].rhyme || !is_strong_end(p, &ways[i]))
            continue;
        int found = endings(p, ways[i].rhyme, p->group[number].needed + 1);
        if (found > most) {
            most = found;
            *said = ways[i];
        }
    }
    return most;
}
