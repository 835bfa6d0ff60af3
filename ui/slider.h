/* A slider: ├───●────┤ on one row. Knows a fraction, no dial. */
#ifndef RENGA_UI_SLIDER_H
#define RENGA_UI_SLIDER_H

#include "ui/canvas.h"

enum slider_state {
    SLIDER_ON,
    SLIDER_OFF,  /* not sent: an empty knob at the far end */
    SLIDER_DEAD, /* not taken: no knob */
};

/* Draws into the row (x, y, w), `on_row` when that is a list's selected row; narrower than 5 columns nothing is drawn.
 * Returns the knob's column, -1: none was drawn. */
int slider_draw(struct canvas *c, int x, int y, int w, enum slider_state state, double fraction, bool on_row);
/* 0…1 for a column of a slider drawn at x, w wide; both ends are easy to reach. */
double slider_fraction(int x, int w, int column);

#endif
