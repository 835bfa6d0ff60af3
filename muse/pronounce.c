#include "muse/pronounce.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/pronounce_rules.h"

#include <string.h>

/* Letters with marks as the plain ones that they are said like, from U+00E0 on. */
static const char plain_letters[] = "aaaaaaaceeeeiiiidnooooo/ouuuuypy";

static char plain_letter(int32_t cp)
{
    if (cp_between(cp, 'A', 'Z'))
        return (char)(cp + 32);
    if (cp_between(cp, 'a', 'z'))
        return (char)cp;
    if (cp == '\'' || cp == 0x2019 || cp == 0x2018)
        return '\'';
    if (cp_between(cp, 0xC0, 0xDE))
        cp += 32;
    return cp_between(cp, 0xE0, 0xFF) && cp != 0xF7 ? plain_letters[cp - 0xE0] : '\0';
}

static bool is_grave_or_acute(int32_t cp)
{
    return cp == 0xE8 || cp == 0xE9 || cp == 0xC8 || cp == 0xC9;
}

/* A part of a word: up to a hyphen. */
struct part {
    char word[PRONOUNCE_WORD];
    size_t len;
    bool sounded; /* ends in -èd, which is a syllable */
};

/* Takes the next part off the front; false when nothing is left. Marks that are no letters are passed over. */
static bool next_part(struct span *rest, struct part *part)
{
    int32_t cp = 0;
    int32_t before = 0;
    *part = (struct part){.len = 0};
    while (rest->len > 0) {
        int bytes = utf8_decode(*rest, &cp);
        *rest = span_cut(*rest, (size_t)bytes, rest->len);
        char letter = plain_letter(cp);
        if (letter == '\0' && part->len > 0 && (cp == '-' || cp_between(cp, 0x2010, 0x2015)))
            break;
        if (letter == '\0' || part->len + 1 >= PRONOUNCE_WORD)
            continue;
        part->word[part->len++] = letter;
        part->sounded = letter == 'd' && is_grave_or_acute(before);
        before = cp;
    }
    return part->len > 0;
}

static bool has_letter(const char *word)
{
    return word[strspn(word, "'")] != '\0';
}

/* -èd: the word without it, and a syllable. */
static bool say_sounded(struct part *part, struct entry *e)
{
    static const size_t shorter[] = {2, 1}; /* bow-èd, love-d */
    for (size_t i = 0; part->sounded && part->len > 3 && i < COUNT_OF(shorter); i++) {
        struct part stem = *part;
        stem.word[part->len - shorter[i]] = '\0';
        if (!rules_derive(stem.word, 2, e))
            continue;
        for (int k = 0; k < e->count && e->ways[k].syllables < PRONOUNCE_SYLLABLES; k++) {
            struct way *w = &e->ways[k];
            w->stress[w->syllables++] = '0';
            w->stress[w->syllables] = '\0';
            if (w->tail_len + 2 <= SOUNDS_MAX) {
                w->tail[w->tail_len++] = AX;
                w->tail[w->tail_len++] = SOUND_D;
            }
        }
        return true;
    }
    return false;
}

/* True when it is known, false when guessed. */
static bool say(struct part *part, struct entry *e)
{
    if (say_sounded(part, e) || rules_derive(part->word, 2, e))
        return true;
    rules_guess(part->word, e);
    return false;
}

static int class_of(const unsigned char *sounds, int len)
{
    return len > 0 ? table_class(sounds, len) : 0;
}

/* A number that stands for sounds (FNV-1a); 0 for none. */
static uint32_t number_of(const unsigned char *sounds, int len)
{
    uint32_t number = 2166136261U;
    for (int i = 0; i < len; i++)
        number = (number ^ sounds[i]) * 16777619U;
    return len > 0 ? number | 1 : 0;
}

/* The last syllable alone of a way whose rhyme is longer. A weak "uh" (heaven, garden) rhymes with nothing by
 * itself. */
static void find_end(const struct way *w, struct pronunciation *p)
{
    int vowel = w->tail_len - 1;
    while (vowel > 0 && w->tail[vowel] > UW)
        vowel--;
    if (vowel <= 0) {
        p->end = p->rhyme;
        p->end_onset = p->onset;
        return;
    }
    p->end = w->tail[vowel] == AX ? 0 : class_of(w->tail + vowel, w->tail_len - vowel);
    int start = vowel;
    while (start > 1 && w->tail[start - 1] > UW)
        start--;
    for (; start < vowel && p->end_onset == 0; start++)
        p->end_onset = table_onset(w->tail + start, vowel - start);
}

static void tell(const struct entry *e, int k, bool guessed, struct pronunciation *p)
{
    const struct way *w = &e->ways[k];
    *p = (struct pronunciation){
        .syllables = w->syllables, .onset = w->onset, .light = e->light, .guessed = guessed};
    memcpy(p->stress, w->stress, sizeof p->stress);
    p->rhyme = class_of(w->tail, w->tail_len);
    p->sounds = number_of(w->tail, w->tail_len);
    find_end(w, p);
}

int pronounce(struct span word, struct pronunciation ways[PRONOUNCE_WAYS])
{
    struct entry all = {.count = 0};
    bool guessed = false;
    struct part part;
    while (next_part(&word, &part)) {
        struct entry one;
        if (!has_letter(part.word))
            continue;
        guessed = !say(&part, &one) || guessed;
        struct entry before = all;
        if (before.count == 0)
            all = one;
        else
            rules_join(&before, &one, &all);
    }
    for (int k = 0; k < all.count; k++)
        tell(&all, k, guessed, &ways[k]);
    return all.count;
}

bool pronounce_knows(struct span word)
{
    struct part part;
    struct entry e;
    return next_part(&word, &part) && word.len == 0 && table_find(part.word, &e);
}

enum rhyme pronounce_rhyme(const struct pronunciation *a, const struct pronunciation *b)
{
    if (a->sounds != 0 && a->sounds == b->sounds && a->rhyme == b->rhyme)
        return a->onset == b->onset ? RHYME_IDENTICAL : RHYME_FULL;
    return a->end != 0 && a->end == b->end ? RHYME_SLANT : RHYME_NONE;
}

static bool same_word(struct span a, struct span b)
{
    struct part x;
    struct part y;
    bool more = true;
    while (more) {
        more = next_part(&a, &x);
        if (next_part(&b, &y) != more || strcmp(x.word, y.word) != 0)
            return false;
    }
    return true;
}

enum rhyme pronounce_words_rhyme(struct span a, struct span b)
{
    struct pronunciation x[PRONOUNCE_WAYS];
    struct pronunciation y[PRONOUNCE_WAYS];
    int x_count = pronounce(a, x);
    int y_count = pronounce(b, y);
    enum rhyme best = RHYME_NONE;
    if (x_count > 0 && same_word(a, b))
        return RHYME_IDENTICAL;
    for (int i = 0; i < x_count; i++)
        for (int j = 0; j < y_count; j++) {
            enum rhyme rhyme = pronounce_rhyme(&x[i], &y[j]);
            best = rhyme > best ? rhyme : best;
        }
    return best;
}

int pronounce_classes(void)
{
    return table_classes();
}

int pronounce_class_size(int rhyme)
{
    return table_class_size(rhyme);
}

bool pronounce_class_word(int rhyme, int i, struct rhyme_word *out)
{
    struct entry e;
    if (i < 0 || i >= table_class_size(rhyme))
        return false;
    table_word(table_class_place(rhyme, i), out->word, &e);
    int k = 0;
    while (k + 1 < e.count && e.rhymes[k] != rhyme)
        k++;
    tell(&e, k, false, &out->said);
    out->common = e.common;
    return true;
}
