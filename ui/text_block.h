/* Text in several rows: wrapped, drawn and skipped through. For messages, hints, help lines and previews. Knows no view. */
#ifndef RENGA_UI_TEXT_BLOCK_H
#define RENGA_UI_TEXT_BLOCK_H

#include "ui/canvas.h"

int text_rows(struct span text, int width, int max); /* rows it takes, at most max; an empty text takes none */
/* Draws at most r.h rows, centred ones when asked; where more would follow, the last ends in an ellipsis. Returns the rows drawn. */
int text_draw(struct canvas *c, struct rect r, struct span text, enum role_id role, bool centred);

/* Rows laid out below one another in an area, the first `skip` of them out of sight above it. */
struct flow {
    struct canvas *c;
    struct rect area;
    int skip, row; /* row: how many have been laid out so far, seen or not */
};
bool flow_full(const struct flow *f);                                      /* nothing more can be seen */
void flow_text(struct flow *f, struct span text, enum role_id role);       /* wrapped; stops when full */
void flow_gap(struct flow *f);
/* The row's y, or -1 when it is out of sight; the caller draws there. */
int flow_row(struct flow *f);

#endif
