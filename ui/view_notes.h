/* Memory, author's note and lorebook: a list of them, and beside it the selected one as a text that can be written in. Knows no command. */
#ifndef RENGA_UI_VIEW_NOTES_H
#define RENGA_UI_VIEW_NOTES_H

#include "ui/view_desk.h"

enum notes_focus { NOTES_LIST, NOTES_KEYS, NOTES_TEXT };

struct notes_row {
    struct span name;    /* "Memory", or the keys of an entry; "" : one without keys */
    struct span size;    /* "120字", "" : nothing is written there */
    bool lore;           /* an entry of the lorebook */
    bool on, goes;       /* it counts; it goes along now */
};

struct notes_view {
    struct buffer *keys_text, *text_text; /* owned */
    struct editor keys, text;
    enum notes_focus focus;
    const struct notes_row *rows; /* borrowed */
    int row_count, selected;
    bool with_keys;               /* the selected one has keys: it is an entry */
    struct span piece;            /* whose they are */
    struct span sum;              /* what goes along in all */
    struct span about;            /* one or two sentences on the selected one: what it is for, and whether it goes along */
    struct span offer;            /* what its empty text says in grey */
    struct span message;
    enum role_id message_role;
    const struct footer_key *footer;
    int footer_count;
    struct places places;         /* private */
    struct rect keys_area, text_area; /* private: of the last draw */
    int top;                      /* private */
};

void notes_view_init(struct notes_view *v);
void notes_view_release(struct notes_view *v);
void notes_view_draw(struct notes_view *v, struct canvas *c);

enum notes_target { NOTES_AT_NOTHING, NOTES_AT_ROW, NOTES_AT_KEYS, NOTES_AT_TEXT, NOTES_AT_COMMAND };
/* What lies there: the row's index, the offset in the text, or the footer's command. */
enum notes_target notes_view_at(const struct notes_view *v, int x, int y, int *row, size_t *offset, const char **command);

#endif
