/* The top line: where the writer is, how long the page is, who answers, and whether all is saved. */
#ifndef RENGA_UI_TOPLINE_H
#define RENGA_UI_TOPLINE_H

#include "ui/view_desk.h"

/* Draws into row 0; what matters least is left out first. */
void topline_draw(const struct desk_view *v, struct canvas *c);

#endif
