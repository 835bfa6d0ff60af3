/* A Chinese form laid out place by place: which tone, which rhyme, which mark belongs to each character. Knows no model and no
 * vocabulary. */
#ifndef RENGA_MUSE_METER_ZH_H
#define RENGA_MUSE_METER_ZH_H

#include "muse/form.h"
#include "muse/tones.h"

enum {
    METER_LINES = 60,   /* of one poem, at most */
    METER_PLACES = 420, /* 60 lines of seven */
    METER_RHYMES = 5,   /* 1 … 4 are rhymes, 0 is none */
};

/* What a place asks of its character. "Alone": characters that are also read in a tone of the other kind do not serve. */
enum ask { ASK_ANY, ASK_LEVEL, ASK_OBLIQUE, ASK_ENTERING, ASK_LEVEL_ALONE, ASK_OBLIQUE_ALONE, ASK_COUNT };

enum mark { MARK_NONE, MARK_COMMA, MARK_STOP, MARK_PAUSE }; /* ， 。 、 */

struct meter_place {
    uint8_t ask;      /* enum ask */
    uint8_t rhyme;    /* places with the same number rhyme; 0: with nothing */
    uint8_t mark;     /* enum mark, after the character */
    uint8_t partner;  /* so many places before stands one that has to be level when this is not (孤平); 0: none */
    uint8_t line;     /* from 0 */
    bool line_end, stanza_end;
    uint8_t again;    /* the character is that of so many places before; 0: its own */
};

struct meter {
    struct meter_place place[METER_PLACES];
    int places, lines;
    int start[METER_LINES + 1]; /* the first place of each line */
    bool distinct;              /* no character comes twice */
    bool parts;                 /* rhymes are parts of 詞林正韻; else groups of 平水韻 */
};

/* Regulated verse: `lines` of `length` 5 or 7. The first line's second place is level or not, the first line rhymes or not, and rhymes are
 * level or oblique; the rest follows from 粘對. */
void meter_regulated(struct meter *m, int lines, int length, bool level_start, bool first_rhymes, enum tone rhyme);
/* A tune, from a pattern in the notation of forms_zh.c. False when that is malformed or too long. */
bool meter_tune(struct meter *m, const char *pattern) MUST_USE;
/* Lines of `length` whose even ones rhyme in that tone; all other tones are free. */
void meter_loose(struct meter *m, int lines, int length, enum tone rhyme);

/* True when a character of these tones can stand where `ask` is asked. A character of unknown tone fits anything. */
bool ask_fits(enum ask ask, int32_t cp);
bool ask_fits_tone(enum ask ask, enum tone tone, bool entering);
/* The same without "alone": what a writer's own words are judged by. */
enum ask ask_leniently(enum ask ask);
/* The tone of a rhyme at such a place: level, oblique, or unknown when it may be both. */
enum tone ask_tone(enum ask ask);

#endif
