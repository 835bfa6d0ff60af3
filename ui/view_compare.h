/* Two or three texts beside one another, line by line, with what differs marked; above them what differs in how they were asked for, below
 * them the passage that is spliced from their lines. Draws what app gives it and says what lies under the mouse. Knows no take and no
 * command. */
#ifndef RENGA_UI_VIEW_COMPARE_H
#define RENGA_UI_VIEW_COMPARE_H

#include "core/diff.h"
#include "ui/view_desk.h"

#define COMPARE_COLUMNS DIFF_TEXTS_MAX

struct compare_column {
    struct span title;         /* "1 · qwen3 · 11-25 14:03" */
    int rating;
    enum role_id role;         /* how its text looks where it is its own */
    const struct span *lines;  /* without their newlines */
    int line_count;
    const bool *taken;         /* beside the lines: it stands in the splice */
};

/* One thing that the requests differ in: the same words with each column's value, "temperature 0.70"; "" : unknown. */
struct compare_fact {
    struct span value[COMPARE_COLUMNS];
};

/* App fills it before each draw. Spans and pointers are borrowed for the call. */
struct compare_view {
    struct compare_column columns[COMPARE_COLUMNS];
    int column_count;             /* 2 or 3 */
    int total;                    /* how many there are to flip through */
    const struct diff_rows *rows; /* of the columns' lines */
    const struct compare_fact *facts;
    int fact_count;
    struct span facts_note;       /* said instead when there are none */
    int focus, row;               /* the caret: a column and a row */
    bool follow;                  /* the caret has moved: it is brought into view, once */
    bool in_splice;               /* the splice has the keys */
    struct buffer *splice_text;   /* owned */
    struct editor splice;         /* lives here */
    int splice_lines;
    struct span message;
    enum role_id message_role;
    const struct footer_key *footer;
    int footer_count;

    struct places places;         /* private from here on: what the last draw put where */
    struct rect splice_area, column_area;
    int top;                      /* screen row shown first */
    int width;                    /* of a column, as the heights were reckoned */
    int *starts;                  /* screen row at which each row begins, and at the end how many there are; NULL: not known */
    struct compare_marks *marks;  /* beside the rows, each known once it was drawn */
    int marked;                   /* rows that have a place in marks */
};

void compare_view_init(struct compare_view *v);
void compare_view_release(struct compare_view *v);
int compare_view_columns(int w);                  /* how many columns a screen of this width has room for */
void compare_view_changed(struct compare_view *v); /* columns or rows are others: forgets what was reckoned from them */
void compare_view_draw(struct compare_view *v, struct canvas *c);
/* A row taller than the view is read to its end before the caret leaves it: scrolls on within it, or back. False: nothing is left to read. */
bool compare_view_read_on(struct compare_view *v, int step);
void compare_view_scroll(struct compare_view *v, int rows);
int compare_view_page(struct compare_view *v, int pages); /* the row that lies so many screens from the caret */

enum compare_target { COMPARE_NONE, COMPARE_CELL, COMPARE_SPLICE, COMPARE_COMMAND };
enum compare_target compare_view_at(const struct compare_view *v, int x, int y, int *row, int *column, size_t *offset,
                                    const char **command);

#endif
