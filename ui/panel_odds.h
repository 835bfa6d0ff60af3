/* What might stand in one place, with its odds as bars: a thin line for the model's own, a heavy one for what the dials make of them. A
 * lesson in softmax that moves with the temperature. Knows no take and no server. */
#ifndef RENGA_UI_PANEL_ODDS_H
#define RENGA_UI_PANEL_ODDS_H

#include "core/odds.h"
#include "ui/target.h"

/* Borrowed for the call. */
struct odds_picture {
    const struct odds_choices *choices;
    const double *after;          /* of each choice, as odds_reshape() tells; 0: cut */
    double rest;                  /* after, of everything else */
    bool guessed;                 /* nobody knows what the rest is made of: its share is an estimate */
    double temperature;           /* 1: off */
    bool cuts;                    /* min_p, top_k or top_p are at work */
    int selected;                 /* a choice, -1: there is nothing to choose */
};

#define PANEL_ODDS_MIN_WIDTH 28

int panel_odds_rows(const struct odds_picture *p); /* a head, the choices, the rest, a free row and a caption */
int panel_odds_rows_for(int choices);              /* the same for so many choices and a rest; none: 0 */
/* `places` (may be NULL) learns where the choices stand, as TARGET_TAKE. Where rows are wanting the least likely choices are left out, but never
 * the selected one, nor the taken one where none is selected. */
void panel_odds_draw(const struct odds_picture *p, struct places *places, struct canvas *c, struct rect r);

/* A text with its white space shown as signs, cut to fit. */
void panel_odds_text(struct str *out, struct span text, int columns);
/* "31 %", "4.2 %" */
void panel_odds_percent(struct str *out, double odds);
enum role_id odds_step_role(enum odds_step step);

#endif
