/* The table of pronunciations that is compiled in (data/words.bin, written by data/english.py): words, rhyme classes and sounds as stored.
 * Knows no rule that derives a word from another. */
#ifndef RENGA_MUSE_PRONOUNCE_TABLE_H
#define RENGA_MUSE_PRONOUNCE_TABLE_H

#include "muse/pronounce.h"

/* One byte for a sound, the vowels first; AX is the weak "uh". */
enum sound {
    SOUND_NONE,
    AA, AE, AH, AX, AO, AW, AY, EH, ER, EY, IH, IY, OW, OY, UH, UW,
    SOUND_B, SOUND_CH, SOUND_D, SOUND_DH, SOUND_F, SOUND_G, SOUND_HH, SOUND_JH, SOUND_K, SOUND_L, SOUND_M, SOUND_N, SOUND_NG, SOUND_P,
    SOUND_R, SOUND_S, SOUND_SH, SOUND_T, SOUND_TH, SOUND_V, SOUND_W, SOUND_Y, SOUND_Z, SOUND_ZH,
};

#define SOUNDS_MAX 32

/* A way to say a word while rules still work on it. */
struct way {
    int syllables;
    char stress[PRONOUNCE_SYLLABLES + 1];
    int onset;
    unsigned char tail[SOUNDS_MAX]; /* the sounds from the last stressed vowel to the end, which make the rhyme class */
    int tail_len;
};

struct entry {
    struct way ways[PRONOUNCE_WAYS];
    int rhymes[PRONOUNCE_WAYS]; /* class of each way */
    int count;
    int common; /* 0–15 */
    bool light;
};

/* Finds a word, lower case and NUL-ended. */
bool table_find(const char *word, struct entry *e) MUST_USE;
/* The word of that place in the table (0 to its size), which must exist. */
void table_word(int place, char word[PRONOUNCE_WORD], struct entry *e);
/* The class with exactly these sounds, and the number of that onset; 0 when the table has none. */
int table_class(const unsigned char *sounds, int len);
int table_onset(const unsigned char *sounds, int len);
int table_classes(void);
/* The places of a class's words, the commonest first. */
int table_class_size(int rhyme);
int table_class_place(int rhyme, int i);

#endif
