/* What the two judges of verse (check_zh.h, check_en.h) are asked and what they answer. They know poems as text and the laws as the
 * handbooks tell them; of the program they use its tables of tones and sounds alone, nothing of what writes or measures verse. */
#ifndef RENGA_TESTS_MUSE_CHECK_H
#define RENGA_TESTS_MUSE_CHECK_H

#include "core/str.h"

enum { FAULTS_MAX = 64 };

struct fault {
    const char *rule;
    int line; /* from 1; 0: of the whole poem */
};

/* The rules that a poem breaks; what is more than FAULTS_MAX is left out. */
struct faults {
    struct fault all[FAULTS_MAX];
    int count;
};

static inline void fault_add(struct faults *f, const char *rule, int line)
{
    if (f->count < FAULTS_MAX)
        f->all[f->count++] = (struct fault){rule, line};
}

/* What was asked for beside the form; 0 and NULL: nothing. */
struct asked {
    const char *form;     /* its name in the table of forms */
    int lines;            /* of forms that have no number of their own */
    bool oblique;         /* Chinese: rhymes in an oblique tone */
    const char *acrostic; /* the first characters, or letters, of the first lines */
    const char *first;    /* the poem begins with these words */
    const char *rhyme;    /* a word that the poem's rhymes rhyme with */
};

#endif
