/* A judge of Chinese verse. Knows what a poem looks like on the page and what the handbooks of verse ask of it, nothing of how it came
 * about. */
#ifndef RENGA_TESTS_MUSE_CHECK_ZH_H
#define RENGA_TESTS_MUSE_CHECK_ZH_H

#include "check.h"

/* Adds to `f` every rule of the form, and of what was asked, that the poem breaks. The rules, by name:
 *
 *   sign        something that is neither a Chinese character nor a mark of verse
 *   break       a line break where none belongs, or none where one does; an empty line likewise
 *   lines       so many lines are not this form's
 *   length      a line has too many characters or too few
 *   mark        a line ends with another mark than it should; a pause is missing or stands elsewhere
 *   tone        a place of a line has the wrong tone (of regulated verse: places two, four and six do not alternate)
 *   dui         the second line of a couplet begins with the first one's tone (失對)
 *   nian        a couplet does not take up the tone of the one before (失粘)
 *   tail        a line ends with three level or three oblique tones (三平尾, 三仄尾)
 *   lone        the last level tone before the end stands alone between oblique ones (孤平)
 *   rhyme       a line does not rhyme with those that it should rhyme with
 *   end         a line that does not rhyme ends in the tone of the rhymes
 *   turn        rhymes that should change are one and the same
 *   entering    a rhyme has not the entering tone
 *   repeat      a character comes twice in regulated verse
 *   again       a line that should be said again is not
 *   acrostic, first, given     the acrostic, first line or rhyme that was asked for is not there
 *   unknown     a form that this judge does not know */
void check_zh(const struct asked *asked, struct span text, struct faults *f);

#endif
