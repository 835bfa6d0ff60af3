/* Judgement: which of a line's drafts is the best. */
#include "core/mem.h"
#include "muse/poet_en_parts.h"
#include "muse/poet_en_taste.h"

const struct verse_taste verse_taste = {
    .theme_end = 0.4F,
    .theme_most = 1.6F,
    .theme_enough = 1.5F,
    .rare_draft = 0.15F,
    .end_flat = 0.8F,
    .mere_prefix = 6.0F,
    .ease = 0.5F,
    .said_before = 4.0F,
    .light_twice = 0.5F,
    .full_twice = 9.0F,
    .wrong_article = 9.0F,
    .theme = 0.3F,
    .keyword = 1.0F,
    .content_weak = 0.6F,
    .light_strong = 0.4F,
    .article_strong = 1.3F,
    .plan = 0.2F,
    .plain = 0.8F,
    .relevance = 0.2F,
    .rare = 0.25F,
    .repeat = 3.0F,
    .began = 0.4F,
    .began_just_now = 1.5F,
    .began_alike = 1.5F,
    .worn = 0.7F,
    .rare_end = 0.4F,
};

enum {
    RARE_END = 6,
    WORN_MOST = 4, /* times that are counted */
};

/* Function words may come twice in a line, but not as the same word; full ones not even as relatives (love, lovely). */
static float twice_in_line(const struct poet_en *p, const struct draft *d, int at)
{
    const struct verse_entry *e = &p->words->entry[d->word[at]];
    for (int i = 0; i < at; i++) {
        if (d->word[i] == d->word[at] && e->light)
            return verse_taste.repeat * 0.3F;
        if (!e->light && p->words->entry[d->word[i]].stem == e->stem)
            return verse_taste.repeat * 4;
    }
    return 0;
}

static float beginnings(const struct poet_en *p, const struct draft *d)
{
    float cost = 0;
    for (int i = 0; i < p->line && d->words; i++) {
        if (p->done[i].first != d->word[0])
            continue;
        cost += i == p->line - 1 ? verse_taste.began_just_now : verse_taste.began;
        if (d->words > 1 && p->done[i].second == d->word[1])
            cost += verse_taste.began_alike;
    }
    return cost;
}

static float repeats(const struct poet_en *p, const struct draft *d)
{
    int worn = p->worn_count < WORN_MOST ? p->worn_count : WORN_MOST;
    float cost = beginnings(p, d);
    for (int i = 0; i < d->words; i++) {
        const struct verse_entry *e = &p->words->entry[d->word[i]];
        cost += twice_in_line(p, d, i);
        if (!e->light && poet_en_stem_said(p, e->stem))
            cost += verse_taste.repeat;
        if (poet_en_is_worn(p, d->word[i]))
            cost += verse_taste.worn * (float)worn;
    }
    return cost;
}

/* Words of the theme: the strongest counts whole, the second half, and more of them would be a catalogue. */
static float theme_of(const struct poet_en *p, const struct draft *d)
{
    float first = 0, second = 0, gain = 0;
    for (int i = 0; i < d->words; i++) {
        const struct verse_entry *e = &p->words->entry[d->word[i]];
        if (poet_en_stem_said(p, e->stem))
            continue;
        float pull = poet_en_pull(p, e);
        second = pull > first ? first : pull > second ? pull : second;
        first = pull > first ? pull : first;
        gain += poet_en_is_keyword(p, e->stem) ? verse_taste.keyword : 0;
    }
    return gain + verse_taste.theme * (first + second * 0.5F);
}

/* Likely lines are made of the commonest words; what says something is made of others. */
static float rarity_of(const struct poet_en *p, const struct draft *d)
{
    float gain = 0;
    for (int i = 0; i < d->words; i++)
        gain += verse_taste.rare * poet_en_rarity(&p->words->entry[d->word[i]]);
    if (p->planned && d->end >= 0 && p->words->entry[d->end].common < RARE_END)
        gain -= verse_taste.rare_end * (float)(RARE_END - p->words->entry[d->end].common);
    return gain;
}

void poet_en_score(const struct poet_en *p, struct draft *d, bool weighed)
{
    float plan = d->logprob[TELL_PLAN];
    float plain = weighed && p->planned ? d->logprob[TELL_PLAIN] : plan;
    d->score = verse_taste.plan * plan + verse_taste.plain * plain;
    if (weighed && p->themed)
        d->score += verse_taste.relevance * (plan - d->logprob[TELL_BARE]);
    d->score += theme_of(p, d) + rarity_of(p, d) - repeats(p, d) - d->strain;
}

void poet_en_weigh_begin(struct poet_en *p, enum telling t)
{
    p->weighing = t;
    p->copied = 0;
    for (int i = 0; i < p->pool_count; i++) {
        struct draft *d = &p->pool[i];
        d->logprob[t] = 0;
        d->read = t == TELL_PLAIN ? d->body : 0;
    }
}

bool poet_en_weigh_step(struct poet_en *p)
{
    int lanes[LANES], tokens[LANES], count = 0, size = vocab_size(p->base.vocab);
    for (int i = 0; i < p->pool_count; i++) {
        struct draft *d = &p->pool[i];
        int start = p->weighing == TELL_PLAIN ? d->body : 0;
        if (d->read >= d->count + d->open)
            continue;
        const float *logits = decoder_logits(p->decoder, d->read == start ? LANES + (int)p->weighing : i);
        int token = d->read < d->count ? d->token[d->read] : p->token_nl;
        d->logprob[p->weighing] += logits[token] - logits_normaliser(logits, size);
        if (++d->read < d->count + d->open) {
            lanes[count] = i;
            tokens[count++] = token;
        }
    }
    if (count)
        decoder_step(p->decoder, lanes, tokens, count);
    p->base.tokens += count;
    return count == 0;
}
