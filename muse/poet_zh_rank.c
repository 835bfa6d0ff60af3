#include "muse/poet_zh_rank.h"
#include "core/mem.h"

#include <math.h>

/* Nats. */
#define BARE_SHARE 0.5 /* of what the draft would be likely for without a theme: takes away what is merely common */
#define RARE_SHARE 0.3 /* of the logarithm of a word's rank among all words: images rather than phrases that fit everywhere */
#define WORD_WHOLE 2.0 /* a word of the theme stands in the poem */
#define WORD_PART 0.7  /* one of its characters does */
#define AGAIN 0.4      /* lost for a word that comes back */
#define AGAIN_PAIR 2.0 /* … and for two in a row that do */
#define EMPTY 1.0      /* for each question and denial more than one in fourteen words */

void ranking_init(struct ranking *r, const struct plan *p, const struct pack *pack, const struct wish *w)
{
    *r = (struct ranking){.plan = p, .pack = pack};
    for (int i = 0; i < w->word_count && r->word_count < RANK_WORDS; i++) {
        struct demand cps[RANK_WORD];
        int count = theme_read(w, i, cps, RANK_WORD), kept = 0;
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

/* The vocabulary lists its words from the commonest to the rarest. */
static double rareness(const struct draft *d)
{
    double sum = 0;
    for (int i = 0; i < d->places; i++)
        sum += log(d->word[i] + 10);
    return sum;
}

/* A small model likes to ask and deny: "who knows where, there is no one …". A little of that is a poem's; more is evasion. */
static double emptiness(const struct ranking *r, const struct draft *d)
{
    static const int32_t empty[] = {U'不', U'無', U'未', U'莫', U'何', U'誰', U'非', U'豈'};
    int count = 0;
    for (int i = 0; i < d->places; i++)
        for (size_t k = 0; k < COUNT_OF(empty); k++)
            count += vocab_cp(r->plan->lexicon.vocab, d->word[i]) == empty[k];
    count -= 1 + d->places / 14;
    return count > 0 ? count : 0;
}

static double repetition(const struct ranking *r, const struct draft *d)
{
    const struct meter *m = draft_meter(r->plan, d);
    double sum = 0;
    for (int i = 1; i < d->places && !m->distinct; i++)
        for (int before = 0; before + 1 < i && !m->place[i].again; before++)
            if (d->word[before] == d->word[i])
                sum += before > 0 && d->word[before - 1] == d->word[i - 1] ? AGAIN_PAIR : AGAIN;
    return sum;
}

double ranking_score(const struct ranking *r, const struct draft *d)
{
    bool late = d->places * 2 >= draft_meter(r->plan, d)->places; /* where the theme stands in the first lines is left to the model */
    return d->told - BARE_SHARE * d->bare + RARE_SHARE * rareness(d) - EMPTY * emptiness(r, d) - repetition(r, d) +
           (late ? theme_bonus(r, d) : 0);
}
