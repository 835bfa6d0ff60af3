/* Names that occur in the library, for completing what is typed, and searches that the writer keeps under a name. Knows no screen. */
#ifndef RENGA_STORAGE_NAMES_H
#define RENGA_STORAGE_NAMES_H

#include "storage/store.h"

enum names { NAMES_MODEL, NAMES_SERVER, NAMES_PROJECT, NAMES_TAG };

/* Appends up to `max` of them in order, one a line: those that hold `part` (ASCII capitals or not). However large the library, from each name an index
 * leads to the next. */
bool store_names(struct store *s, enum names what, struct span part, int max, struct str *out, struct err *e) MUST_USE;

/* One with the same name is replaced. A name is one line. */
bool store_search_keep(struct store *s, struct span name, struct span query, struct err *e) MUST_USE;
bool store_search_forget(struct store *s, struct span name, struct err *e) MUST_USE;
/* Appends the names by their alphabet, one a line. */
bool store_search_names(struct store *s, struct str *out, struct err *e) MUST_USE;
bool store_search_query(struct store *s, struct span name, struct str *out); /* false: there is none of that name */

#endif
