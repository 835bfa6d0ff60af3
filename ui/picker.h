/* A popup list with a filter line: command palette, presets, models, themes, servers, help. Knows no meaning of its rows. */
#ifndef RENGA_UI_PICKER_H
#define RENGA_UI_PICKER_H

#include "ui/view_desk.h"

struct picker_row {
    const char *label;   /* translated; what the filter looks in, with `detail` and `id` */
    const char *detail;  /* right-hand side: a key, a help line; may be NULL */
    const char *note;    /* a line shown below the list while the row is selected; may be NULL */
    const char *id;      /* what app gets back */
    bool heading;        /* cannot be selected; hidden while a filter is typed */
};

struct picker {
    struct str title, hint;        /* the hint stands in the empty filter */
    struct buffer *filter_text;    /* owned */
    struct editor filter;
    struct picker_row *rows;       /* owned array and strings */
    int count, cap;
    int *shown;                    /* indices of rows that match the filter, best first */
    int shown_count;
    int selected, top;             /* into shown */
    int list_rows;                 /* of the last draw */
    bool open;
    bool whole;                    /* app fills it anew as the filter changes: every row is shown, headings too */
    struct rect area, list;        /* of the last draw: the whole sheet and its rows */
};

void picker_init(struct picker *p);
void picker_release(struct picker *p);
void picker_open(struct picker *p, const char *title, const char *hint);      /* empties it */
void picker_refill(struct picker *p);                                         /* empties it but for the filter, and makes it `whole` */
void picker_add(struct picker *p, const char *label, const char *detail, const char *note, const char *id); /* copies */
void picker_add_heading(struct picker *p, const char *label);
/* Applies the filter (every word must occur, ASCII case ignored; rows whose label starts with it come first); keeps the selection
 * on the same row when it still matches. */
void picker_filter(struct picker *p);
void picker_move(struct picker *p, int rows);
void picker_select(struct picker *p, const char *id);
const struct picker_row *picker_selected(const struct picker *p);             /* NULL: none */
void picker_draw(struct picker *p, struct canvas *c);                         /* centred popup over what is drawn */
int picker_at(const struct picker *p, int x, int y);                          /* row index into shown, -1: none, -2: outside */

#endif
