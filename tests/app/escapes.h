/* The sequences that a terminal may be sent: all that ncurses draws with under TERM=xterm-256color, and the few that are sent beside it.
 * Whatever else begins with ESC, or any other control character, came out of a text. */
#ifndef RENGA_TESTS_ESCAPES_H
#define RENGA_TESTS_ESCAPES_H

#include "core/str.h"

/* Offset of the first byte of what is not allowed, -1 if there is none. */
ptrdiff_t escapes_first_odd(struct span bytes);

#endif
