/* English as the model reads it: lower case with marks for capitals, cut into byte-pair pieces, and back. Knows no model; vocab.h is how
 * others use it.
 *
 * Every line begins with a blank before its first word. A word that is a name, or one that the vocabulary does not know and that stands
 * capitalised within a sentence, has <cap> before it; other capitals are dropped and come back by rule: at the beginning of a line, after
 * the end of a sentence, in "I". */
#ifndef RENGA_MUSE_ENGLISH_H
#define RENGA_MUSE_ENGLISH_H

#include "muse/vocab.h"

struct english;
struct english *english_new(const struct vocab *v); /* while v is made: its tokens are known */
void english_free(struct english *en);
bool english_encode(const struct english *en, struct span text, int *tokens, int *count, int max);
void english_decode(const struct english *en, const int *tokens, int count, struct str *out);

#endif
