/* The desk: page, prompt, dials and takes on one screen. Draws what app gives it and says what lies under the mouse. Knows no command. */
#ifndef RENGA_UI_VIEW_DESK_H
#define RENGA_UI_VIEW_DESK_H

#include "core/count.h"
#include "core/story.h"
#include "ui/desk_layout.h"
#include "ui/editor.h"
#include "ui/panel_odds.h"
#include "ui/target.h"

enum focus { FOCUS_PROMPT, FOCUS_PAGE, FOCUS_DIALS, FOCUS_TAKES, FOCUS_COUNT };

enum saved_state { SAVED, SAVING, UNSAVED, MEMORY_ONLY }; /* UNSAVED and MEMORY_ONLY are said in STYLE_ERROR */

struct desk_take {
    int number;             /* from 1 */
    enum take_state state;
    int rating;
    double temperature;     /* < 0: off */
    int64_t length;         /* 字, or words for a text without Han */
    bool han;
    bool chosen;            /* on the page */
    bool own;               /* not a take: what the writer wrote or asked there */
};

struct footer_key {
    const char *key;        /* "^G" */
    const char *label;      /* already translated */
    const char *command;    /* its name, for clicks */
};

/* Everything the desk shows; app fills it before each draw. Spans and pointers are borrowed for the call. */
struct desk_view {
    struct editor page, prompt;   /* live here */
    enum focus focus;
    bool drawer;                  /* narrow screens: dials and takes are shown over the page */
    int dial;                     /* selected dial */
    int take;                     /* selected row of takes */
    struct str typing;            /* digits being typed into the dial, "" if none */

    struct editor *over;          /* what lies over the page, NULL: nothing */
    struct span over_title;       /* and its name */
    struct span where;            /* "Autumn letters ▸ River" */
    struct count counts;          /* of the page */
    struct span server;           /* "qwen3 · desk-pc:8080"; "" : none yet */
    double rate;                  /* tokens per second of the running stream, < 0: none runs */
    enum saved_state saved;
    struct span behind;           /* what goes on behind the desk: "learning 43 %", "" : nothing does */
    const struct dials *dials;
    const bool *taken;            /* DIAL_COUNT: false: this server does not take it */
    const struct odds_picture *picture; /* what the dials do to the odds of a word, NULL: nothing is known */
    struct span picture_title;
    struct span preset;           /* its name, "" : the writer's own setting */
    const struct desk_take *takes;
    int take_count;
    struct span used;             /* what the last answer on the page used, "" : not told; shown where the takes leave room */
    int siblings, sibling;        /* of the page's leaf: "take 2/3" when siblings > 1; sibling from 1 */
    int leaf_rating;
    struct span thoughts;         /* "thought 340 字": what its model thought, kept apart; "" : nothing */
    struct span message;          /* one sentence above the footer, "" : none */
    enum role_id message_role;
    struct span prompt_note;      /* beside the prompt's name: how it is asked, "" : as always */
    const char *prompt_command;   /* what a click on it runs, NULL: nothing */
    struct span prompt_offer;     /* what the empty prompt says in grey, "" : nothing */
    struct span hint;             /* what the empty page says, "" : nothing */
    const struct footer_key *footer;
    int footer_count;

    struct places places;         /* private: what the last draw put where */
    int dial_top, take_top;       /* private: first rows shown */
    struct rect page_area, prompt_area; /* private: the editors' rects of the last draw */
    struct desk_layout layout;    /* private: of the last whole draw */
};

void desk_view_init(struct desk_view *v);
void desk_view_release(struct desk_view *v);
bool desk_view_wide(int w);   /* 100 columns and more: three areas */
void desk_view_draw(struct desk_view *v, struct canvas *c);
/* Draws only what a stream changes, the page, the takes and the top line, over the last whole drawing, which the canvas still holds.
 * False: the areas stand elsewhere now, and all must be drawn. */
bool desk_view_draw_stream(struct desk_view *v, struct canvas *c);

struct target desk_view_at(const struct desk_view *v, int x, int y); /* as of the last draw */

#endif
