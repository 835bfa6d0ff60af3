/* Words of today in the words of old verse: 火車 is 車馬 to a model that learnt from Tang and Song. Knows no model. */
#ifndef RENGA_MUSE_THEME_ZH_H
#define RENGA_MUSE_THEME_ZH_H

#include "core/str.h"

/* A row: what is said now and what was said then, in traditional characters. */
struct theme_word {
    const char *now, *then;
};
extern const struct theme_word theme_words[];
extern const int theme_word_count;

/* Appends the text in traditional characters, with words of today replaced. */
void theme_in_old_words(struct str *out, struct span text);

#endif
