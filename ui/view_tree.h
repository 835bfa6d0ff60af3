/* The tree: a piece's passages as rows with light lines between them, and the selected one beside or below. Draws what app gives it, a row
 * at a time. Knows no command and no piece. */
#ifndef RENGA_UI_VIEW_TREE_H
#define RENGA_UI_VIEW_TREE_H

#include "core/outline.h"
#include "ui/view_desk.h"

/* What stands in a row besides its place in the outline. Spans are borrowed for the call. */
struct tree_row {
    enum author author;
    enum take_state state; /* of its take, TAKE_DONE for the writer's own */
    struct span text;      /* from its beginning; the first words are shown */
    struct span name;      /* "" : none */
    int64_t length;        /* 字, or words for a text without Han */
    bool han;
    int rating;
    bool bookmark, unread, marked;
};

struct tree_view {
    const struct outline *outline;  /* borrowed, like all below; NULL: an empty piece */
    void (*row)(void *ctx, int index, struct tree_row *out);
    void *ctx;
    int selected, top;              /* rows; top is private */
    int rows;                       /* rows of the list in the last draw, for page motions */
    struct span title;              /* of the piece */
    struct span where;              /* "inside a branch", "" : the whole piece is shown */
    int passages;                   /* in the whole piece */
    struct span preview;            /* the selected passage's text */
    struct span preview_facts;      /* a line above it */
    enum author preview_author;
    int preview_scroll;             /* kept within the text by the draw */
    bool preview_shown;             /* private: there was room for it in the last draw */
    struct span message;
    enum role_id message_role;
    const struct footer_key *footer;
    int footer_count;
    struct places places;           /* private: what the last draw put where */
};

void tree_view_draw(struct tree_view *v, struct canvas *c);
enum tree_target { TREE_NONE, TREE_ROW, TREE_PREVIEW, TREE_COMMAND };
enum tree_target tree_view_at(const struct tree_view *v, int x, int y, int *row, const char **command);

#endif
