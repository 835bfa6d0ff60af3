/* English metre: reads a form's pattern into lines, and says whether words fit where they stand. Knows how words are said, no model. */
#ifndef RENGA_MUSE_METER_EN_H
#define RENGA_MUSE_METER_EN_H

#include "muse/form.h"
#include "muse/pronounce.h"

enum metre {
    METRE_NONE,
    METRE_IAMBIC = 2, /* every second syllable is strong */
    METRE_TRIPLE = 3, /* every third */
};

enum { VERSE_LINES_MAX = 64 };

struct verse_line {
    int rhyme;       /* lines of one number rhyme with one another; 0: with nothing */
    int refrain;     /* lines of one number are the same words; 0: none */
    int least, most; /* syllables */
    bool stanza_end; /* an empty line follows */
};

struct verse_plan {
    enum metre metre;
    bool exact;      /* words whose length is disputed are left out */
    int count, unit; /* lines; after how many the pattern begins again, 0: it does not */
    int rhymes;      /* the highest number of a rhyme */
    struct verse_line line[VERSE_LINES_MAX];
};

/* Reads the form's pattern (its notation: forms_en.c). `lines` is how many are wanted of a pattern that repeats, rounded up to whole
 * stanzas and cut to VERSE_LINES_MAX; 0: as many as the pattern says. A pattern that does not read is our own mistake. */
void verse_plan_read(struct verse_plan *plan, const struct form *form, int lines);

/* True when position `at` (0 …) of a line of `total` syllables is strong. */
bool metre_strong(enum metre metre, int total, int at);
/* True when a word said like this may begin at position `at` of a line of `total` syllables. */
bool metre_fits(enum metre metre, int total, int at, const struct pronunciation *said);

/* Takes the next word off the front of `rest`: letters with the apostrophes and hyphens between them; false when there is none left. */
bool verse_word(struct span *rest, struct span *word);

enum verse_fault {
    VERSE_FITS,
    VERSE_EMPTY,     /* no words */
    VERSE_SYLLABLES, /* too many or too few */
    VERSE_STRESS,    /* a stressed syllable where a weak one belongs */
};

struct verse_verdict {
    enum verse_fault fault;
    int total;         /* syllables of the reading that fits, else of the plainest one */
    struct span last;  /* the last word */
    struct span word;  /* VERSE_STRESS: the first that falls against the metre */
};
/* Whether any way of saying the words of `text` makes it such a line. */
void verse_judge(const struct verse_plan *plan, const struct verse_line *line, struct span text, struct verse_verdict *verdict);

#endif
