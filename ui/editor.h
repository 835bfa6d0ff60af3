/* The text widget: a view on a buffer with caret, selection, scrolling, soft wrap and find. The prompt editor,
 * the page and every field of a form are this. Knows no key and no command: app calls its functions. */
#ifndef RENGA_UI_EDITOR_H
#define RENGA_UI_EDITOR_H

#include "core/buffer.h"
#include "core/wrap.h"
#include "ui/canvas.h"

struct editor {
    struct buffer *buf;    /* not owned: the page's lives longer; NULL: an empty editor that takes nothing */
    size_t caret, anchor;  /* anchor == caret: no selection */
    bool marking;          /* the mark key is on: motions extend the selection */
    bool single_line;      /* Enter and pasted newlines become spaces; one row high, it scrolls sideways */
    bool readonly;
    int goal;              /* column that vertical motions aim at, -1: take the caret's */
    size_t top;            /* offset of the row shown first */
    bool follow;           /* keep what streams in in view; any motion away from it turns it off, going to the
                              text's end turns it on */
    int w, h;              /* of the last draw */
    int gutter;            /* columns left of the text for marks, 0 or 2 */
    struct ink ink;        /* ink of what the writer types; app may set `choose_ink` instead */
    struct ink (*choose_ink)(void *ctx, size_t at);
    void *ctx;
    enum role_id (*role_of)(int author);  /* how an author looks; NULL: STYLE_TEXT */
    /* What stands in the gutter of a row that begins a line; NULL: nothing. */
    const char *(*mark_of)(void *ctx, size_t line_start);
    int notes;             /* columns right of the text for short notes, a space before them included; 0: none */
    /* What stands beside a row that shows the bytes [from, to), `out` is empty; returns how it looks. */
    enum role_id (*note_of)(void *ctx, size_t from, size_t to, struct str *out);
    struct str needle;     /* what find looks for; matches in view are tinted */
    bool needle_shown;
    bool scrolled;         /* private from here on: the wheel has taken the view away from the caret */
    int left;              /* first column shown of a single line */
    size_t grown;          /* where the newest text from elsewhere ends, SIZE_MAX: at the text's end */
    struct layout *layout; /* wrap cache */
};

void editor_init(struct editor *ed, struct buffer *buf);
void editor_release(struct editor *ed);

enum motion {
    MOVE_LEFT, /* by grapheme cluster; with a selection, to its near end */
    MOVE_RIGHT,
    MOVE_WORD_LEFT, /* by word; Chinese by character, marks skipped with their neighbour */
    MOVE_WORD_RIGHT,
    MOVE_UP, /* by visual row */
    MOVE_DOWN,
    MOVE_ROW_START, /* of the visual row; a second time of the line */
    MOVE_ROW_END,
    MOVE_PARAGRAPH_UP,
    MOVE_PARAGRAPH_DOWN,
    MOVE_PAGE_UP,
    MOVE_PAGE_DOWN,
    MOVE_TEXT_START,
    MOVE_TEXT_END
};
void editor_move(struct editor *ed, enum motion m, bool extend);
void editor_move_to(struct editor *ed, size_t at, bool extend);
void editor_select_all(struct editor *ed);
void editor_toggle_mark(struct editor *ed);
bool editor_selection(const struct editor *ed, size_t *from, size_t *to); /* false: nothing selected */

void editor_type(struct editor *ed, struct span text); /* replaces the selection; typing and pasting alike */
/* The selection, or from the caret to where `m` goes. MOVE_ROW_START and MOVE_ROW_END take the whole line that
 * way whatever the wrap, and at its end the newline. */
void editor_delete(struct editor *ed, enum motion m);
void editor_copy(const struct editor *ed, struct str *out); /* nothing selected: the line */
/* The caller (app) does undo through its own history function and then calls this to put the caret right. */
void editor_after_change(struct editor *ed, size_t caret);
/* `removed` bytes at `at` became `added` bytes from elsewhere: caret, anchor and top move with the text. A caret
 * right at `at` stays before what was added, unless the editor follows. */
void editor_shifted(struct editor *ed, size_t at, size_t removed, size_t added);

/* Find: case-insensitive for ASCII and by exact cluster otherwise; wraps around and selects what it finds. A new
 * needle is looked for from the selection's start on, so that it can be called at each key. False: nowhere. */
bool editor_find(struct editor *ed, struct span needle, bool backwards);
/* One undo; returns how many. */
int editor_replace_all(struct editor *ed, struct span needle, struct span with);
void editor_go_to_line(struct editor *ed, int64_t line); /* from 1; clamps */
int64_t editor_line(struct editor *ed);                  /* of the caret, from 1 */

/* Draws into `r`, scrolls so that the caret is seen (unless the wheel or a stream that is followed took the view
 * away), and sets the canvas's cursor when `focused`: at the caret, or at the edge of the view that is nearer to it.
 * Draws only where there is text: the caller blanks the place. */
void editor_draw(struct editor *ed, struct canvas *c, struct rect r, bool focused);
void editor_scroll(struct editor *ed, int rows); /* wheel: the caret stays where it is */
/* Offset of the cluster at a cell of the last draw (relative to its rect). */
size_t editor_at(struct editor *ed, int x, int y);
/* Visual rows of the whole text, for fields that grow; stops counting at 1000. */
int editor_rows(struct editor *ed, int width);

#endif
