/* A take as its model saw it: every word in one of five looks by how likely it was, and beside it what might have stood where the caret
 * is. Draws what app gives it. Knows no command. */
#ifndef RENGA_UI_VIEW_ODDS_H
#define RENGA_UI_VIEW_ODDS_H

#include "ui/editor.h"
#include "ui/panel_odds.h"
#include "ui/view_desk.h"

struct odds_view {
    struct editor text;           /* reads only; the caret and the anchor stand around the word that is looked at */
    struct span name;             /* "take 2 · qwen3" */
    struct span place;            /* "word 12 of 64", "" : no odds */
    struct odds_picture picture;  /* of that word; choices NULL: no odds */
    int most;                     /* choices that any word has: room is kept for them, so that nothing moves from word to word */
    struct span state;            /* why there are none, or what is to be known of them; "" : nothing */
    struct span message;
    enum role_id message_role;
    const struct footer_key *footer;
    int footer_count;
    struct places places;         /* private: what the last draw put where */
    struct rect text_area;        /* private: the text of the last draw */
};

/* The author of each run in `text` is a step of enum odds_step; ODDS_STEPS: nothing is known of it. */
void odds_view_init(struct odds_view *v, struct buffer *text);
void odds_view_release(struct odds_view *v);
void odds_view_draw(struct odds_view *v, struct canvas *c);
struct target odds_view_at(const struct odds_view *v, int x, int y); /* TARGET_PAGE, TARGET_TAKE (a choice), TARGET_COMMAND or none */

#endif
