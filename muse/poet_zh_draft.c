#include "muse/poet_zh_draft.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

/* How much nearer to the theme than the model would be by itself: logits are pushed by this share of what the theme changed. */
#define GUIDANCE 0.5F
/* What a word that stands in the poem already loses where it may come back (in logits: it keeps e^-2.5 of its chance). */
#define REPEATED 2.5F

static bool is_in(const uint64_t *set, int token)
{
    return set[token >> 6] >> (token & 63) & 1;
}

static void keep_common(const struct lexicon *x, uint64_t *set, const uint64_t *other)
{
    for (int i = 0; i < x->words; i++)
        set[i] &= other[i];
}

void writer_init(struct writer *w, const struct plan *p, const struct sampler *s, struct random *r)
{
    *w = (struct writer){.plan = p, .sampler = s, .random = r};
    w->logits = mem_new((size_t)p->lexicon.count, sizeof *w->logits);
    w->allowed = mem_new((size_t)p->lexicon.words, sizeof *w->allowed);
    w->free = mem_new((size_t)p->lexicon.words, sizeof *w->free);
    memset(w->free, 0xff, (size_t)p->lexicon.words * sizeof *w->free);
    const struct meter *m = &p->ways[0].meter;
    for (int i = 0; m->distinct && i < m->places; i++) {
        int token = p->demand[i].cp ? vocab_find_cp(p->lexicon.vocab, p->demand[i].cp) : -1;
        if (token >= 0)
            lexicon_drop_word(&p->lexicon, w->free, token);
    }
}

void writer_release(struct writer *w)
{
    free(w->logits);
    free(w->allowed);
    free(w->free);
    *w = (struct writer){.plan = NULL};
}

const struct meter *draft_meter(const struct plan *p, const struct draft *d)
{
    return &p->ways[d->way].meter;
}

int mark_token(const struct plan *p, const struct meter_place *at)
{
    static const int32_t marks[] = {[MARK_COMMA] = U'，', [MARK_STOP] = U'。', [MARK_PAUSE] = U'、'};
    if (at->mark == MARK_NONE)
        return -1;
    int token = vocab_find_cp(p->lexicon.vocab, marks[at->mark]);
    return token < 0 ? TOKEN_UNK : token;
}

int draft_tokens(const struct plan *p, const struct draft *d, int from, int to, int *tokens)
{
    const struct meter *m = draft_meter(p, d);
    int count = 0;
    for (int i = from; i < to; i++) {
        tokens[count++] = d->word[i];
        int mark = mark_token(p, &m->place[i]);
        if (mark >= 0)
            tokens[count++] = mark;
    }
    return count;
}

/* -- what is allowed ---------------------------------------------------------------------------------------------------------------- */

/* Only words of this rhyme, and none that would also stand in another rhyme of the same tone. */
static void allow_rhyme(const struct writer *w, const struct draft *d, const struct meter_place *at)
{
    const struct lexicon *x = &w->plan->lexicon;
    enum ask ask = (enum ask)at->ask;
    const struct meter *m = draft_meter(w->plan, d);
    lexicon_keep_rhymes(x, w->allowed, ask, d->left[at->rhyme]);
    for (int i = 0; i < d->places; i++) {
        const struct meter_place *before = &m->place[i];
        if (!before->rhyme)
            continue;
        if (!w->relaxed)
            lexicon_drop_word(&w->plan->lexicon, w->allowed, d->word[i]);
        if (before->rhyme != at->rhyme && ask_tone((enum ask)before->ask) == ask_tone(ask))
            lexicon_drop_rhymes(x, w->allowed, ask, d->left[before->rhyme]);
    }
}

/* Where the words of a rhyme are few, they are kept for the places that rhyme. */
static void spare_rhymes(const struct writer *w, const struct draft *d)
{
    const struct plan *p = w->plan;
    const struct meter *m = draft_meter(p, d);
    for (int i = d->places; i < m->places && i < d->places + 60; i++) {
        int rhyme = m->place[i].rhyme, most = 0;
        if (rhyme == 0 || d->rhymed[rhyme] == 0)
            continue;
        bool oblique = ask_tone((enum ask)m->place[i].ask) == TONE_OBLIQUE;
        for (int r = 1; r <= TONE_RHYMES; r++)
            if (rhymes_have(&d->left[rhyme], r) && p->lexicon.members[oblique][r] > most)
                most = p->lexicon.members[oblique][r];
        if (most < 4 * p->need[rhyme])
            lexicon_drop_rhymes(&p->lexicon, w->allowed, (enum ask)m->place[i].ask, d->left[rhyme]);
        return;
    }
}

/* In regulated verse no word comes twice; in a tune a word may come back once, in another line or doubled at once. */
static void forbid_repeats(const struct writer *w, const struct draft *d, bool distinct)
{
    for (int i = 0; i < d->places; i++) {
        bool used = distinct;
        for (int other = 0; !used && other < i; other++)
            used = d->word[other] == d->word[i];
        if (used)
            lexicon_drop_word(&w->plan->lexicon, w->allowed, d->word[i]);
    }
}

static void allow(const struct writer *w, const struct draft *d)
{
    const struct plan *p = w->plan;
    const struct lexicon *x = &p->lexicon;
    const struct meter *m = draft_meter(p, d);
    const struct meter_place *at = &m->place[d->places];
    memcpy(w->allowed, x->ask[at->ask], (size_t)x->words * sizeof *w->allowed);
    if (at->partner && !is_in(x->ask[ASK_LEVEL_ALONE], d->word[d->places - at->partner]))
        keep_common(x, w->allowed, x->ask[ASK_LEVEL_ALONE]);
    if (at->rhyme)
        allow_rhyme(w, d, at);
    else
        spare_rhymes(w, d);
    if (w->relaxed)
        return;
    keep_common(x, w->allowed, w->free);
    forbid_repeats(w, d, m->distinct);
}

/* -- the choice --------------------------------------------------------------------------------------------------------------------- */

static int demanded(const struct plan *p, const struct draft *d)
{
    const struct meter_place *at = &draft_meter(p, d)->place[d->places];
    if (at->again)
        return d->word[d->places - at->again];
    if (!p->demand[d->places].cp)
        return -1;
    int token = vocab_find_cp(p->lexicon.vocab, p->demand[d->places].cp);
    return token < 0 ? TOKEN_UNK : token;
}

static int choose(struct writer *w, const struct draft *d, const float *told, const float *bare)
{
    int count = w->plan->lexicon.count, history[METER_PLACES];
    for (int i = 0; i < count; i++)
        w->logits[i] = bare ? told[i] + GUIDANCE * (told[i] - bare[i]) : told[i];
    for (int i = 0; i < d->places; i++) {
        history[i] = d->word[i];
        w->logits[d->word[i]] -= REPEATED;
    }
    allow(w, d);
    return sampler_pick(w->sampler, w->logits, count, w->allowed, history, d->places, w->random, NULL);
}

static void accept(const struct plan *p, struct draft *d, int token)
{
    const struct meter *m = draft_meter(p, d);
    const struct meter_place *at = &m->place[d->places];
    if (at->rhyme) {
        enum ask ask = (enum ask)at->ask;
        int32_t cp = p->demand[d->places].cp;
        struct rhymes r = cp ? rhymes_of(cp, m->parts, ask) : p->lexicon.rhymes[ask_tone(ask) == TONE_OBLIQUE][token];
        d->left[at->rhyme] = rhymes_common(d->left[at->rhyme], r);
        d->rhymed[at->rhyme]++;
    }
    d->word[d->places++] = (uint16_t)token;
}

int draft_write(struct writer *w, struct draft *d, const float *told, const float *bare)
{
    int token = demanded(w->plan, d), count = w->plan->lexicon.count;
    if (token < 0)
        token = choose(w, d, told, bare);
    if (token < 0)
        return -1;
    d->told += (double)(told[token] - logits_normaliser(told, count));
    if (bare)
        d->bare += (double)(bare[token] - logits_normaliser(bare, count));
    accept(w->plan, d, token);
    return token;
}

void draft_begin(struct draft *d, const struct plan *p, struct random *r)
{
    int total = 0, way = 0;
    for (int i = 0; i < p->way_count; i++)
        total += p->ways[i].weight;
    int drawn = random_below(r, total);
    while (drawn >= p->ways[way].weight)
        drawn -= p->ways[way++].weight;
    *d = (struct draft){.way = way};
    memcpy(d->left, p->ways[way].rhymes, sizeof d->left);
    while (d->places < p->given)
        accept(p, d, demanded(p, d));
}
