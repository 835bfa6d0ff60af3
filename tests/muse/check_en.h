/* A judge of English verse. Knows what a poem looks like on the page and what its form asks of it, nothing of how it came about. */
#ifndef RENGA_TESTS_MUSE_CHECK_EN_H
#define RENGA_TESTS_MUSE_CHECK_EN_H

#include "check.h"

/* Adds to `f` every rule of the form, and of what was asked, that the poem breaks. The rules, by name:
 *
 *   sign        a line begins without a capital, the poem ends without a stop, or there is a sign that verse does not use
 *   lines       so many lines are not this form's
 *   stanza      an empty line where none belongs, or none where one does
 *   word        a word is in no dictionary, or (haiku) nobody knows how long it is
 *   syllables   however the words are said, the line is too long or too short
 *   stress      the stress of a word of several syllables falls on a weak place
 *   feminine    a rhyme ends weakly
 *   rhyme       a line does not rhyme with those that it should rhyme with, or only by the same word or sounds
 *   chime       a line rhymes where it should not, or ends with another line's word
 *   refrain     a line does not come back word by word
 *   acrostic, first, given     the acrostic, first line or rhyme that was asked for is not there
 *   unknown     a form that this judge does not know */
void check_en(const struct asked *asked, struct span text, struct faults *f);

#endif
