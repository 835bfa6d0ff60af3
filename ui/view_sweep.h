/* A sweep as a strip of takes: each with the value that it was written with, beside one another where there is room, else as a list with the
 * text of the selected one below. Knows no dial and no command. */
#ifndef RENGA_UI_VIEW_SWEEP_H
#define RENGA_UI_VIEW_SWEEP_H

#include "core/story.h"
#include "ui/view_desk.h"

struct sweep_take {
    struct span value;      /* "0.30", "qwen3" */
    struct span text;
    struct span error;      /* why it failed, "" : it did not */
    enum take_state state;
    bool queued;            /* it waits for its turn; nothing was sent yet */
    int64_t length;         /* 字, or words for a text without Han */
    bool han;
    int rating;
    bool marked;
    bool on_page;
};

struct sweep_view {
    struct span what;       /* what differs: "temperature" */
    struct span asked;      /* the prompt; "" : the page was gone on with */
    const struct sweep_take *takes; /* borrowed, like all spans */
    int count, selected;
    int scroll;             /* rows of text that are out of sight above, of all takes */
    int rows;               /* of text, of the last draw: for page motions */
    struct span message;
    enum role_id message_role;
    const struct footer_key *footer;
    int footer_count;
    int first;              /* private: the first column or row shown */
    struct places places;   /* private: what the last draw put where */
};

void sweep_view_draw(struct sweep_view *v, struct canvas *c);
enum sweep_target { SWEEP_NONE, SWEEP_TAKE, SWEEP_TEXT, SWEEP_COMMAND };
enum sweep_target sweep_view_at(const struct sweep_view *v, int x, int y, int *take, const char **command);

#endif
