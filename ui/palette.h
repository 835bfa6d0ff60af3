/* Colours for terminals that have fewer of them. Knows no terminal. */
#ifndef RENGA_UI_PALETTE_H
#define RENGA_UI_PALETTE_H

#include "ui/style.h"

/* The nearest of the first `count` (8, 16 or 256) colours of xterm's palette, -1 for the terminal's own. */
int palette_nearest(struct colour colour, int count);

#endif
