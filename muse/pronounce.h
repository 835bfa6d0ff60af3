/* How English words are said: syllables, stress and rhyme. Knows single words, no lines and no forms.
 *
 * Two words rhyme when they sound alike from the last stressed vowel to the end (the rhyme class, a small number) and differ in the
 * consonants right before it (the onset). Stress is primary or secondary; a word whose last stressed syllable is early ("melody") has a
 * class of that length, and also an end class, of its last syllable alone, which verse lets rhyme with stressed ones ("melody": "sea"). */
#ifndef RENGA_MUSE_PRONOUNCE_H
#define RENGA_MUSE_PRONOUNCE_H

#include "core/str.h"

enum {
    PRONOUNCE_WAYS = 3,       /* pronunciations of one word, at most */
    PRONOUNCE_SYLLABLES = 15, /* syllables that are told, at most */
    PRONOUNCE_WORD = 32,      /* bytes of a word in the table with its NUL, at most */
};

struct pronunciation {
    int syllables;                        /* 1 to PRONOUNCE_SYLLABLES */
    char stress[PRONOUNCE_SYLLABLES + 1]; /* '0' none, '1' primary, '2' secondary, a digit for each syllable; NUL-ended */
    int rhyme;                            /* class, from the last stressed vowel to the end; 0: no word of the table is in it */
    int onset;                            /* consonants before that vowel, a small number; 0: none */
    int end, end_onset;                   /* the same of the last syllable alone; 0 when it is too weak to rhyme (heaven) */
    uint32_t sounds;                      /* stands for the sounds of the rhyme, in a class or not; 0: not known */
    bool light;                           /* a short function word (of, the, and, thou): verse may stress it or not */
    bool guessed;                         /* from the letters alone: the word is not in the table and no rule derives it */
};

/* The ways to say a word, the commonest first; returns how many (0: nothing in it is a letter). Case does not matter; ' and ’ are alike;
 * possessives and plain inflections are derived when the table lacks them; a hyphenated word is said part by part. */
int pronounce(struct span word, struct pronunciation ways[PRONOUNCE_WAYS]);
/* True when the word itself is in the table. */
bool pronounce_knows(struct span word);

enum rhyme {
    RHYME_NONE,
    RHYME_SLANT,     /* only the last, unstressed syllable agrees with a last one ("melody": "sea") */
    RHYME_IDENTICAL, /* the same sounds from the onset on ("sea": "see", a word with itself): no rhyme in strict forms */
    RHYME_FULL,
};
enum rhyme pronounce_rhyme(const struct pronunciation *a, const struct pronunciation *b);
/* The best that any way of saying a and any of saying b gives; a word with itself is RHYME_IDENTICAL. */
enum rhyme pronounce_words_rhyme(struct span a, struct span b);

/* A word of a rhyme class, as planning needs it. */
struct rhyme_word {
    char word[PRONOUNCE_WORD];
    struct pronunciation said; /* the way that is in the class */
    int common;                /* 0 rare … 15 as common as "the", in English verse and prose: about log2 of how often */
};
int pronounce_classes(void);                    /* classes are 1 … this */
int pronounce_class_size(int rhyme);            /* words in the class; 0 when there is no such class */
/* The i-th word of the class, the commonest first; false when there is none. A word is in the class of each of its ways that has a
 * stress. */
bool pronounce_class_word(int rhyme, int i, struct rhyme_word *out) MUST_USE;

#endif
