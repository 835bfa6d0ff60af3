/* Tones and rhymes of Chinese verse: what each character is to a form. Knows neither forms nor vocabularies.
 *
 * Rhymes are the 106 groups of 平水韻, numbered as the books do: 1–30 level (上平 1–15, 下平 16–30), 31–59 rising (上聲), 60–89 departing
 * (去聲), 90–106 entering (入聲). For 詞 they fall together into the 19 parts of 詞林正韻; there a rhyme is a part with its tone.
 * All functions take a traditional or a simplified character and know nothing of the words around it: a simplified character that the
 * traditional script does not use has the readings of all that it stands for; one that it does use (后, 里, 干) has its own. Text in
 * simplified script is therefore best turned by script_convert() before it is judged. */
#ifndef RENGA_MUSE_TONES_H
#define RENGA_MUSE_TONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tone {
    TONE_UNKNOWN,
    TONE_LEVEL,   /* 平 */
    TONE_OBLIQUE, /* 仄: rising, departing or entering */
    TONE_EITHER,  /* has readings of both kinds (看, 過, 教) */
};

enum {
    TONE_RHYMES = 106,      /* groups of 平水韻 */
    TONE_LEVEL_RHYMES = 30, /* the first of them, which regulated verse rhymes with */
    TONE_ENTERING = 90,     /* the first entering one */
    TONE_CI_PARTS = 19,     /* of 詞林正韻; 15–19 entering */
    TONE_READINGS = 4,      /* at most, of one character */
};

enum tone tone_of(int32_t cp);
/* True when a reading of the character has the entering tone (入聲). */
bool tone_is_entering(int32_t cp);

/* The groups of 平水韻 that the character belongs to, the commonest reading first; returns how many (0–TONE_READINGS). */
int tone_rhymes(int32_t cp, int groups[TONE_READINGS]);
bool tone_has_rhyme(int32_t cp, int group);
/* "一東" …, in traditional characters; NULL when there is no such group. */
const char *tone_rhyme_name(int group);
/* The group of that name, in either script, with its number or without ("一東", "庚", "下平八庚"); 0 when there is none. */
int tone_rhyme_named(const char *name);
/* TONE_LEVEL, TONE_OBLIQUE, or TONE_UNKNOWN when there is no such group. */
enum tone tone_of_rhyme(int group);

/* A rhyme of 詞: a part of 詞林正韻 (1–19) and its tone, as one number. Entering parts are oblique. 0 is no rhyme. */
#define TONE_CI(part, tone) ((part)*4 + (int)(tone))
enum {
    TONE_CI_RHYMES = (TONE_CI_PARTS + 1) * 4, /* more than any of them */
};
static inline int tone_ci_part(int ci)
{
    return ci / 4;
}
static inline enum tone tone_ci_tone(int ci)
{
    return (enum tone)(ci % 4);
}
/* The rhymes of 詞 that the character belongs to, the commonest reading first, each once; returns how many. */
int tone_ci_rhymes(int32_t cp, int ci[TONE_READINGS]);
bool tone_has_ci_rhyme(int32_t cp, int ci);
/* "第一部" …; NULL when there is no such part. */
const char *tone_ci_name(int part);

/* The first group in which a and b rhyme in regulated verse (level), or 0. */
int tone_rhyme_together(int32_t a, int32_t b);
/* The first part of 詞林正韻 in which a and b rhyme with that tone (TONE_LEVEL, TONE_OBLIQUE; TONE_EITHER: level and oblique mixed, as in
 * 西江月), or 0. */
int tone_ci_together(int32_t a, int32_t b, enum tone tone);

/* Characters of a rhyme, the commonest first; traditional, each once. Constant data that lives as long as the program. */
struct tone_members {
    const uint16_t *cps;
    size_t count;
};
struct tone_members tone_rhyme_members(int group); /* of 平水韻; empty when there is no such group */
struct tone_members tone_ci_members(int ci);       /* of TONE_CI(part, tone), tone level or oblique */

#endif
