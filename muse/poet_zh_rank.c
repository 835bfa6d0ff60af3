#include "muse/poet_zh_rank.h"
#include "core/mem.h"

#include <math.h>

/* Nats. */
#define BARE_SHARE 0.7     /* of what the draft would be likely for without a theme: takes away what is merely common */
#define WORD_WHOLE 2.0     /* a word of the theme stands in the poem */
#define WORD_PART 0.7      /* one of its characters does */

void ranking_init(struct ranking *r, const struct plan *p, const struct pack *pack, const struct wish *w)
{
    *r = (struct ranking){.plan = p, .pack = pack};
    for (int i = 0; i < w->word_count && r->word_count < RANK_WORDS; i++) {
        struct demand cps[RANK_WORD];
        int count = demand_read(str_span(&w->words[i]), cps, RANK_WORD), kept = 0;
        for (int at = 0; at < count; at++) {
            int token = vocab_find_cp(p->lexicon.vocab, cps[at].cp);
            if (token >= 0)
                r->words[r->word_count].token[kept++] = token;
        }
        r->words[r->word_count].count = kept;
        r->word_count += kept > 0;
    }
}

/* The longest beginning of the word that stands at `at`. */
static int matched(const struct draft *d, int at, const int *word, int count)
{
    int n = 0;
    while (n < count && at + n < d->places && d->word[at + n] == word[n])
        n++;
    return n;
}

static double theme_bonus(const struct ranking *r, const struct draft *d)
{
    double bonus = 0;
    for (int i = 0; i < r->word_count; i++) {
        bool whole = false, part = false;
        int count = r->words[i].count;
        for (int at = 0; at < d->places; at++) {
            whole = whole || matched(d, at, r->words[i].token, count) == count;
            for (int c = 0; c < count; c++)
                part = part || d->word[at] == r->words[i].token[c];
        }
        bonus += whole ? WORD_WHOLE : part ? WORD_PART : 0;
    }
    return bonus;
}

double ranking_score(const struct ranking *r, const struct draft *d)
{
    return d->told - BARE_SHARE * d->bare + theme_bonus(r, d);
}
