/* A framed sheet over the middle of the screen: what palettes, lists and forms stand on. Knows nothing of what stands on it. */
#ifndef RENGA_UI_POPUP_H
#define RENGA_UI_POPUP_H

#include "ui/canvas.h"

/* Draws an empty sheet with a title for w × h cells of content, or what fits. Fills `area` with the sheet, frame included, and
 * returns the place for the content. On a very small screen the frame is left out. */
struct rect popup_draw(struct canvas *c, int w, int h, struct span title, struct rect *area);
/* A line across the sheet, joined to its frame. */
void popup_rule(struct canvas *c, struct rect area, int y);

#endif
