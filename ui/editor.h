/* The text widget: a view on a buffer with caret, selection, scrolling, soft wrap and find. The prompt editor, the page and every
 * field of a form are this. Knows no key and no command: app calls its functions. */
#ifndef RENGA_UI_EDITOR_H
#define RENGA_UI_EDITOR_H

#include "core/buffer.h"
#include "core/wrap.h"
#include "ui/canvas.h"

struct editor {
    struct buffer *buf;            /* not owned: the page's lives longer */
    size_t caret, anchor;          /* anchor == caret: no selection */
    bool marking;                  /* the mark key is on: motions extend the selection */
    bool single_line;              /* Enter and pasted newlines become spaces */
    bool readonly;
    int goal;                      /* column that vertical motions aim at, -1: take the caret's */
    size_t top;                    /* offset of the row shown first */
    bool follow;                   /* keep the end in view while text streams in; any motion away from the end turns it off */
    int w, h;                      /* of the last draw */
    int gutter;                    /* columns left of the text for marks, 0 or 2 */
    struct ink ink;                /* ink of what the writer types; app may set `choose_ink` instead */
    struct ink (*choose_ink)(void *ctx, size_t at);
    void *ctx;
    enum role_id (*role_of)(int author);                      /* how an author looks; NULL: STYLE_TEXT */
    const char *(*mark_of)(void *ctx, size_t line_start);     /* what stands in the gutter of a row that begins a line; NULL: nothing */
    struct str needle;             /* what find looks for; matches in view are tinted */
    bool needle_shown;
    struct layout *layout;         /* wrap cache, private */
};

void editor_init(struct editor *ed, struct buffer *buf);
void editor_release(struct editor *ed);

enum motion {
    MOVE_LEFT, MOVE_RIGHT,           /* by grapheme cluster */
    MOVE_WORD_LEFT, MOVE_WORD_RIGHT, /* by word; Chinese by character, marks skipped with their neighbour */
    MOVE_UP, MOVE_DOWN,              /* by visual row */
    MOVE_ROW_START, MOVE_ROW_END,    /* of the visual row; a second time of the line */
    MOVE_PARAGRAPH_UP, MOVE_PARAGRAPH_DOWN,
    MOVE_PAGE_UP, MOVE_PAGE_DOWN,
    MOVE_TEXT_START, MOVE_TEXT_END
};
void editor_move(struct editor *ed, enum motion m, bool extend);
void editor_move_to(struct editor *ed, size_t at, bool extend);
void editor_select_all(struct editor *ed);
void editor_toggle_mark(struct editor *ed);
bool editor_selection(const struct editor *ed, size_t *from, size_t *to); /* false: nothing selected */

void editor_type(struct editor *ed, struct span text);    /* replaces the selection; typing and pasting alike */
void editor_delete(struct editor *ed, enum motion m);     /* the selection, or from the caret to where `m` goes */
void editor_copy(const struct editor *ed, struct str *out);   /* nothing selected: the line */
/* The caller (app) does undo through its own history function and then calls this to put the caret right. */
void editor_after_change(struct editor *ed, size_t caret);
/* The buffer got `len` bytes at `at` from elsewhere: caret, anchor and top move with the text. */
void editor_shifted(struct editor *ed, size_t at, size_t removed, size_t added);

/* Find: case-insensitive for ASCII and by exact cluster otherwise; wraps around. False: nowhere. */
bool editor_find(struct editor *ed, struct span needle, bool backwards);
int editor_replace_all(struct editor *ed, struct span needle, struct span with); /* one undo; returns how many */
void editor_go_to_line(struct editor *ed, int64_t line);  /* from 1; clamps */
int64_t editor_line(struct editor *ed);                   /* of the caret, from 1 */

/* Draws into `r`, scrolls so that the caret is seen (unless scrolled away by wheel), and sets the canvas's cursor when `focused`. */
void editor_draw(struct editor *ed, struct canvas *c, struct rect r, bool focused);
void editor_scroll(struct editor *ed, int rows);          /* wheel: the caret stays where it is */
/* Offset of the cluster at a cell of the last draw (relative to its rect). */
size_t editor_at(struct editor *ed, int x, int y);
int editor_rows(struct editor *ed, int width);            /* visual rows of the whole text, for fields that grow; stops counting at 1000 */

#endif
