/* Where the rows of a text lie: a cache of wrapped lines that is kept right as the text changes. Knows no
 * screen, only a width.
 *
 * A line is what lies between two newlines; soft wrap cuts it into rows. Lines are wrapped when they are
 * asked for and no further than asked, and an edit wraps again only from the row before it to where the old
 * rows fit again: so a stream into one long line costs the same for every token. */
#ifndef RENGA_UI_LAYOUT_H
#define RENGA_UI_LAYOUT_H

#include "core/buffer.h"

struct layout;

/* The text's last line gets one more, empty row when its last row is full, so that the caret has a place. */
struct row {
    size_t start, end;     /* its bytes, without the newline */
    size_t line, line_end; /* the line it belongs to, likewise */
    int index;             /* in its line, from 0 */
    bool last;             /* of its line */
};

struct layout *layout_new(void);
void layout_free(struct layout *l);
/* To be called before the others whenever the text or the width may have changed. */
void layout_sync(struct layout *l, struct buffer *buf, int width);
/* The row that shows the offset `at`; where one ends and the next begins it is the next. */
struct row layout_row(struct layout *l, size_t at);
bool layout_next(struct layout *l, struct row *row); /* false, and the row stays: there is none */
bool layout_prev(struct layout *l, struct row *row);
bool row_same(const struct row *a, const struct row *b);
bool row_holds(const struct row *row, size_t at); /* layout_row() would give it for `at` */
/* How many lines begin before the line of `at`. */
int64_t layout_line_number(struct layout *l, size_t at);

#endif
