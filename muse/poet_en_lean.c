/* Leaning: what the theme, the metre and the lines before make of the odds of each token, before a line is drafted. */
#include "core/mem.h"
#include "muse/poet_en_parts.h"
#include "muse/poet_en_taste.h"

#include <math.h>
#include <string.h>

/* Frequencies are told as logarithms to the base of 2, in steps of a nat's seven tenths. */
static const float HALVING = 0.6931F;

enum {
    COMMONEST = 9, /* of full words */
    RAREST = 3,     /* rarer than this is not rarer still: such words are seldom right */
};

static float clamp(float x, float least, float most)
{
    return x < least ? least : x > most ? most : x;
}

float poet_en_rarity(const struct verse_entry *e)
{
    int common = e->common < RAREST ? RAREST : e->common;
    return e->light ? 0 : (float)(COMMONEST - common) * HALVING;
}

float poet_en_pull(const struct poet_en *p, const struct verse_entry *e)
{
    return e->tokens == 1 && !e->light ? p->theme[e->token[0]] : 0;
}

bool poet_en_stem_said(const struct poet_en *p, uint16_t stem)
{
    for (int i = 0; i < p->stem_count; i++)
        if (p->stem[i] == stem)
            return true;
    return false;
}

bool poet_en_is_keyword(const struct poet_en *p, uint16_t stem)
{
    for (int i = 0; i < p->keyword_count; i++)
        if (p->keyword[i] == stem)
            return true;
    return false;
}

/* By how much the theme makes each word likelier as a last word, before anything is written: sea, shore, west, wave, south, tide … */
static void measure_theme(struct poet_en *p)
{
    int count = vocab_size(p->base.vocab);
    const float *with = decoder_logits(p->decoder, LANES + TELL_PLAN), *without = decoder_logits(p->decoder, LANES + TELL_BARE);
    float difference = logits_normaliser(without, count) - logits_normaliser(with, count);
    for (int t = 0; t < count && p->themed; t++)
        p->theme[t] = clamp(with[t] - without[t] + difference, -1.0F, verse_taste.theme_most);
}

/* How likely the rhymes of each class are here. */
static void measure_ease(struct poet_en *p)
{
    int count = vocab_size(p->base.vocab);
    const float *logits = decoder_logits(p->decoder, LANES + TELL_PLAN);
    float normaliser = logits_normaliser(logits, count);
    memset(p->mass, 0, ((size_t)pronounce_classes() + 1) * sizeof *p->mass);
    for (int t = 0; t < count; t++) {
        int word = p->words->of_token[t];
        if (word >= 0 && !p->words->entry[word].light)
            p->mass[p->words->said[p->words->entry[word].said].rhyme] += expf(logits[t] - normaliser);
    }
}

static void lean_end(struct poet_en *p)
{
    const struct verse_line *line = &p->plan.line[p->line];
    bool fresh = line->rhyme && p->group[line->rhyme].rhyme == 0;
    if (fresh)
        measure_ease(p);
    for (int t = 0; t < vocab_size(p->base.vocab); t++) {
        int word = p->words->of_token[t];
        const struct verse_entry *e = word >= 0 ? &p->words->entry[word] : NULL;
        float lean = verse_taste.theme_end * p->theme[t];
        if (e && !poet_en_may_end(p, e, line->most))
            lean -= verse_taste.mere_prefix;
        if (e && fresh)
            lean += verse_taste.ease * logf(p->mass[p->words->said[e->said].rhyme] + 1e-4F);
        p->lean[LEAN_END][t] = lean;
    }
}

static float lean_word(const struct poet_en *p, const struct verse_entry *e)
{
    if (!e || e->light)
        return 0;
    float lean = verse_taste.theme * poet_en_pull(p, e) + verse_taste.rare_draft * poet_en_rarity(e);
    if (poet_en_stem_said(p, e->stem))
        return lean - verse_taste.said_before;
    return poet_en_is_keyword(p, e->stem) ? lean + verse_taste.keyword : lean;
}

static bool is_article(const struct poet_en *p, const struct verse_entry *e)
{
    for (int i = 0; i < ARTICLES; i++)
        if (p->article[i] >= 0 && e == &p->words->entry[p->article[i]])
            return true;
    return false;
}

/* The cost of a word of one syllable on a strong or weak one. */
static float strain_of(const struct poet_en *p, const struct verse_entry *e, bool strong)
{
    if (p->plan.metre == METRE_NONE || e->light != strong)
        return 0;
    float beats = p->plan.metre == METRE_TRIPLE ? 2 : 1; /* gallops are thrown out of step more easily */
    if (strong)
        return beats * (is_article(p, e) ? verse_taste.article_strong : verse_taste.light_strong);
    return beats * verse_taste.content_weak;
}

float poet_en_strain(const struct poet_en *p, const struct verse_entry *e, const struct pronunciation *said, int total, int at)
{
    return said->syllables > 1 ? 0 : strain_of(p, e, metre_strong(p->plan.metre, total, at));
}

static void lean_body(struct poet_en *p)
{
    for (int t = 0; t < vocab_size(p->base.vocab); t++) {
        int word = p->words->of_token[t];
        const struct verse_entry *e = word >= 0 ? &p->words->entry[word] : NULL;
        bool single = e && p->words->said[e->said].syllables == 1;
        float lean = lean_word(p, e);
        p->lean[LEAN_WEAK][t] = lean - (single ? strain_of(p, e, false) : 0);
        p->lean[LEAN_STRONG][t] = lean - (single ? strain_of(p, e, true) : 0);
    }
}

void poet_en_lean(struct poet_en *p)
{
    if (p->line == 0)
        measure_theme(p);
    if (p->planned)
        lean_end(p);
    lean_body(p);
}

static const char *const worn_words[WORN] = {"is", "are", "was", "were", "am", "there"};

void poet_en_find_words(struct poet_en *p)
{
    static const char *const articles[ARTICLES] = {"a", "an", "the"};
    for (int i = 0; i < ARTICLES; i++)
        p->article[i] = verse_words_find(p->words, p->base.vocab, span_of(articles[i]));
    for (int w = 0; w < WORN; w++)
        p->worn[w] = verse_words_find(p->words, p->base.vocab, span_of(worn_words[w]));
}

bool poet_en_is_worn(const struct poet_en *p, int word)
{
    for (int w = 0; w < WORN; w++)
        if (p->worn[w] == word)
            return true;
    return false;
}
