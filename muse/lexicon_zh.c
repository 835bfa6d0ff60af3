#include "muse/lexicon_zh.h"
#include "core/mem.h"
#include "muse/script.h"

#include <stdlib.h>

/* A rhyme of the entering tone, in either way of counting. */
static bool is_entering(int rhyme, bool parts)
{
    return parts ? rhyme >= 15 : rhyme >= TONE_ENTERING;
}

static struct rhymes parts_of(int32_t cp, enum tone tone, int most)
{
    struct rhymes r = {{0}};
    int ci[TONE_READINGS], count = tone_ci_rhymes(cp, ci);
    for (int i = 0; i < count && most > 0; i++)
        if (tone_ci_tone(ci[i]) == tone) {
            rhymes_add(&r, tone_ci_part(ci[i]));
            most--;
        }
    return r;
}

static struct rhymes groups_of(int32_t cp, enum tone tone, int most)
{
    struct rhymes r = {{0}};
    int groups[TONE_READINGS], count = tone_rhymes(cp, groups);
    for (int i = 0; i < count && most > 0; i++)
        if (tone_of_rhyme(groups[i]) == tone) {
            rhymes_add(&r, groups[i]);
            most--;
        }
    return r;
}

/* The rhymes of a character's `most` commonest readings in that tone. */
static struct rhymes readings_of(int32_t cp, bool parts, enum tone tone, int most)
{
    return parts ? parts_of(cp, tone, most) : groups_of(cp, tone, most);
}

struct rhymes rhymes_of(int32_t cp, bool parts, enum ask ask)
{
    struct rhymes all = readings_of(cp, parts, ask_tone(ask), TONE_READINGS), r = {{0}};
    for (int i = 1; i <= TONE_RHYMES; i++)
        if (rhymes_have(&all, i) && (ask != ASK_ENTERING || is_entering(i, parts)))
            rhymes_add(&r, i);
    return r;
}

/* A word that is to be chosen rhymes as it is commonly read: 度 is seldom 入聲, though it may be. */
static void add_token(struct lexicon *x, int token, int32_t cp, enum tone tone)
{
    bool entering = false;
    for (int oblique = 0; oblique < 2; oblique++) {
        if (tone == (oblique ? TONE_LEVEL : TONE_OBLIQUE))
            continue;
        struct rhymes r = readings_of(cp, x->parts, oblique ? TONE_OBLIQUE : TONE_LEVEL, 1);
        x->rhymes[oblique][token] = r;
        for (int word = 0; word < 2; word++)
            for (uint64_t bits = r.bits[word]; bits; bits &= bits - 1) {
                int rhyme = word * 64 + __builtin_ctzll(bits);
                x->members[oblique][rhyme]++;
                entering = entering || (oblique && is_entering(rhyme, x->parts));
            }
    }
    for (int ask = 0; ask < ASK_COUNT; ask++)
        if (ask_fits_tone((enum ask)ask, tone, entering))
            x->ask[ask][token >> 6] |= (uint64_t)1 << (token & 63);
}

/* Links each token into the ring of those written alike before it. */
static void link_twins(struct lexicon *x)
{
    enum { CHARACTERS = 0x10000 };
    int *newest = mem_new(CHARACTERS, sizeof *newest); /* token + 1 by simplified character, 0: none yet */
    x->twin = mem_new((size_t)x->count, sizeof *x->twin);
    for (int token = 0; token < x->count; token++) {
        int32_t cp = vocab_cp(x->vocab, token), simple = cp > 0 ? script_simplified(cp) : 0;
        x->twin[token] = token;
        if (simple <= 0 || simple >= CHARACTERS)
            continue;
        if (newest[simple]) {
            x->twin[token] = x->twin[newest[simple] - 1];
            x->twin[newest[simple] - 1] = token;
        }
        newest[simple] = token + 1;
    }
    free(newest);
}

void lexicon_drop_word(const struct lexicon *x, uint64_t *set, int token)
{
    int at = token;
    do {
        set[at >> 6] &= ~((uint64_t)1 << (at & 63));
        at = x->twin[at];
    } while (at != token);
}

void lexicon_init(struct lexicon *x, const struct vocab *v, bool parts)
{
    *x = (struct lexicon){.vocab = v, .count = vocab_size(v), .parts = parts};
    x->words = (x->count + 63) / 64;
    for (int i = 0; i < ASK_COUNT; i++)
        x->ask[i] = mem_new((size_t)x->words, sizeof *x->ask[i]);
    for (int i = 0; i < 2; i++)
        x->rhymes[i] = mem_new((size_t)x->count, sizeof *x->rhymes[i]);
    link_twins(x);
    /* What is no character, and a tag that is written like one, is no word of a poem. */
    for (int token = 0; token < x->count; token++) {
        int32_t cp = vocab_cp(v, token);
        enum tone tone = cp > 0 && vocab_find_cp(v, cp) == token ? tone_of(cp) : TONE_UNKNOWN;
        if (tone != TONE_UNKNOWN)
            add_token(x, token, cp, tone);
    }
}

void lexicon_release(struct lexicon *x)
{
    for (int i = 0; i < ASK_COUNT; i++)
        free(x->ask[i]);
    for (int i = 0; i < 2; i++)
        free(x->rhymes[i]);
    free(x->twin);
    *x = (struct lexicon){.count = 0};
}

static void filter(const struct lexicon *x, uint64_t *set, enum ask ask, struct rhymes wanted, bool keep)
{
    const struct rhymes *rhymes = x->rhymes[ask_tone(ask) == TONE_OBLIQUE];
    for (int token = 0; token < x->count; token++)
        if (rhymes_any(rhymes_common(rhymes[token], wanted)) != keep)
            set[token >> 6] &= ~((uint64_t)1 << (token & 63));
}

void lexicon_keep_rhymes(const struct lexicon *x, uint64_t *set, enum ask ask, struct rhymes wanted)
{
    filter(x, set, ask, wanted, true);
}

void lexicon_drop_rhymes(const struct lexicon *x, uint64_t *set, enum ask ask, struct rhymes wanted)
{
    filter(x, set, ask, wanted, false);
}

struct rhymes lexicon_rich_rhymes(const struct lexicon *x, enum ask ask, int least)
{
    struct rhymes r = {{0}};
    bool oblique = ask_tone(ask) == TONE_OBLIQUE;
    for (int i = 1; i <= TONE_RHYMES; i++)
        if (x->members[oblique][i] >= least && (ask != ASK_ENTERING || is_entering(i, x->parts)))
            rhymes_add(&r, i);
    return r;
}
