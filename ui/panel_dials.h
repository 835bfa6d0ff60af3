/* The dials as sliders in a column of the desk, with the selected one's help below. Knows no server. */
#ifndef RENGA_UI_PANEL_DIALS_H
#define RENGA_UI_PANEL_DIALS_H

#include "ui/view_desk.h"

/* Rows it can make use of: one, two or three for each dial, and the help. */
int panel_dials_rows(int per_dial);
void panel_dials_draw(struct desk_view *v, struct canvas *c, struct rect r);

#endif
