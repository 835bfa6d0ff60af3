/* What each word of a Chinese vocabulary is to a form: sets of tokens by tone, and the rhymes of each. Knows neither forms nor poems.
 *
 * A rhyme is a number: a group of 平水韻, or a part of 詞林正韻 in one tone (`parts`). */
#ifndef RENGA_MUSE_LEXICON_ZH_H
#define RENGA_MUSE_LEXICON_ZH_H

#include "muse/meter_zh.h"
#include "muse/vocab.h"

/* A set of rhymes. */
struct rhymes {
    uint64_t bits[2];
};
static inline bool rhymes_have(const struct rhymes *r, int rhyme)
{
    return r->bits[rhyme >> 6] >> (rhyme & 63) & 1;
}
static inline void rhymes_add(struct rhymes *r, int rhyme)
{
    r->bits[rhyme >> 6] |= (uint64_t)1 << (rhyme & 63);
}
static inline struct rhymes rhymes_common(struct rhymes a, struct rhymes b)
{
    return (struct rhymes){{a.bits[0] & b.bits[0], a.bits[1] & b.bits[1]}};
}
static inline bool rhymes_any(struct rhymes r)
{
    return (r.bits[0] | r.bits[1]) != 0;
}
/* The rhymes of one character that it may rhyme with where `ask` is asked, in any of its readings. */
struct rhymes rhymes_of(int32_t cp, bool parts, enum ask ask);

struct lexicon {
    const struct vocab *vocab;
    int count, words;          /* tokens; 64-bit words of a set of them */
    bool parts;
    uint64_t *ask[ASK_COUNT];  /* sets of tokens: single characters of known tone that serve there */
    struct rhymes *rhymes[2];  /* [count] of each token at a level place, at an oblique one, as it is commonly read */
    int *twin;                 /* [count] a ring through the tokens whose characters are one in simplified writing (煙 烟, 回 迴) */
    int members[2][TONE_RHYMES + 1]; /* how many tokens rhyme so */
};

void lexicon_init(struct lexicon *x, const struct vocab *v, bool parts);
void lexicon_release(struct lexicon *x);
/* Removes from `set` what does not rhyme with any of `wanted` at such a place. */
void lexicon_keep_rhymes(const struct lexicon *x, uint64_t *set, enum ask ask, struct rhymes wanted);
/* Removes from `set` what does. */
void lexicon_drop_rhymes(const struct lexicon *x, uint64_t *set, enum ask ask, struct rhymes wanted);
/* Removes a word from `set`, however it is written. */
void lexicon_drop_word(const struct lexicon *x, uint64_t *set, int token);
/* The rhymes that have at least `least` tokens at such a place. */
struct rhymes lexicon_rich_rhymes(const struct lexicon *x, enum ask ask, int least);

#endif
