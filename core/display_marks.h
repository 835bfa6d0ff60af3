/* Facts about single code points that decide how they are shown, as tables. Knows no clusters. */
#ifndef RENGA_CORE_DISPLAY_MARKS_H
#define RENGA_CORE_DISPLAY_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#define MARK_NAME_MAX 8

/* True for what cannot be seen by itself: bidi controls, zero-width and tag characters, variation selectors, fillers,
 * noncharacters, U+FFFD. `name` (may be NULL) becomes its abbreviation in the Unicode charts, or its number in hexadecimal. */
bool mark_hidden(int32_t cp, char name[MARK_NAME_MAX]);
/* East Asian Width "Ambiguous": one column or two, as the terminal is set. */
bool mark_ambiguous(int32_t cp);

#endif
