/* Looks for a text in a text: ASCII letters in either case, whole grapheme clusters only. Knows no editor. */
#ifndef RENGA_UI_SEARCH_H
#define RENGA_UI_SEARCH_H

#include "core/str.h"

/* Holds copies with small letters, so that any number of matches costs one walk over the text. */
struct search {
    struct str text, needle;
};

void search_start(struct search *s, struct span text, struct span needle);
void search_end(struct search *s);
/* The first match at or after `from`; the last one that ends at or before `to`. An empty needle is nowhere.
 */
bool search_next(const struct search *s, size_t from, size_t *at);
bool search_prev(const struct search *s, size_t to, size_t *at);

#endif
