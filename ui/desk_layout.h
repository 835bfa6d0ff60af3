/* Where everything on the desk stands for a size of the screen. Draws nothing. */
#ifndef RENGA_UI_DESK_LAYOUT_H
#define RENGA_UI_DESK_LAYOUT_H

#include "ui/canvas.h"

struct desk_view;

/* A rect of height 0 is not shown; rows are -1 where there is no line. */
struct desk_layout {
    bool beside;          /* the side panel stands beside the page */
    bool drawer;          /* it lies over the page, for which there would be no room */
    bool ruled, sides;    /* lines between the areas; and at the screen's sides */
    bool topline, footer;
    struct rect frame;    /* all of them, lines included */
    struct rect page;     /* the page editor */
    struct rect prompt;
    struct rect page_pane, prompt_pane; /* the same with their margins: for clicks and hints */
    struct rect side;     /* the side panel with its lines */
    struct rect dials, picture, takes;
    struct rect message;
    int take_line;        /* row of "take 2/3 ‹ ›  ★★★  thought 340 字" */
    int prompt_rule;      /* row of the line above the prompt */
    int picture_rule;     /* row of the line above the picture of the odds */
    int takes_rule;       /* row of the line above the takes */
};

void desk_layout_make(struct desk_layout *l, struct desk_view *v, int w, int h);

#endif
