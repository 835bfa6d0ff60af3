/* What the doctor finds, a row each, growing while it looks. Knows no check and no command. */
#ifndef RENGA_UI_VIEW_DOCTOR_H
#define RENGA_UI_VIEW_DOCTOR_H

#include "ui/view_desk.h"

enum doctor_sign { DOCTOR_WELL, DOCTOR_NOTE, DOCTOR_WRONG, DOCTOR_PASSED };

struct doctor_row {
    enum doctor_sign sign;
    struct span name, text;   /* translated */
    int ms;                   /* -1: not measured */
    bool within;              /* a step of what stands above it */
};

struct doctor_view {
    const struct doctor_row *rows; /* borrowed, like all spans */
    int count;
    struct span at;           /* what is being looked at now, "" : all is told */
    struct span outcome;      /* below the rows: a sentence that sums up; "" : not yet */
    enum role_id outcome_role;
    int scroll;               /* rows of text out of sight above; kept within what there is */
    int rows_seen;            /* of the last draw: for page motions */
    struct span message;
    enum role_id message_role;
    const struct footer_key *footer;
    int footer_count;
    struct places places;     /* private: what the last draw put where */
};

struct span doctor_sign_text(enum doctor_sign s); /* "✓", one column */
void doctor_view_draw(struct doctor_view *v, struct canvas *c);
const char *doctor_view_at(const struct doctor_view *v, int x, int y); /* the footer's command there, NULL: none */

#endif
