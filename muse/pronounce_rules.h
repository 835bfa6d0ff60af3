/* Rules that derive how a word is said from words in the table: inflections, endings, spellings, compounds; and from the
 * letters alone. Knows no rhyme of two words. */
#ifndef RENGA_MUSE_PRONOUNCE_RULES_H
#define RENGA_MUSE_PRONOUNCE_RULES_H

#include "muse/pronounce_table.h"

/* Ways to say `word` (lower case letters and apostrophes, NUL-ended, shorter than PRONOUNCE_WORD) by the table or by a rule; false when
 * none applies. `depth`: how many rules may be laid over one another. */
bool rules_derive(const char *word, int depth, struct entry *e) MUST_USE;
/* A way by the letters alone; there is always one. */
void rules_guess(const char *word, struct entry *e);
/* Puts ways together, the second after the first ("sun", "beam"); an unstressed second syllable stays so. */
void rules_join(const struct entry *first, const struct entry *second, struct entry *e);

#endif
