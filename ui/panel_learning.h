/* How learning goes, on a sheet over the desk: what is learnt from, the held-out loss as a curve, a bar.
 * Knows no model and no thread. */
#ifndef RENGA_UI_PANEL_LEARNING_H
#define RENGA_UI_PANEL_LEARNING_H

#include "ui/canvas.h"

/* Texts are borrowed for the draw. */
struct learning_panel {
    struct span title;
    struct span plan;       /* sentences, a line each */
    int step, steps;        /* steps 0: nothing is counted yet, and neither curve nor bar is drawn */
    double seconds_left;    /* < 0: not known */
    const int *curve_steps; /* where the loss was measured, oldest first */
    const double *curve_losses;
    int curve_count;
    struct span notice; /* how it ended, "" : not yet */
    enum role_id notice_role;
    struct span keys; /* what the keys do, in one line */
};

/* Returns the place it takes. */
struct rect learning_panel_draw(const struct learning_panel *p, struct canvas *c);

#endif
