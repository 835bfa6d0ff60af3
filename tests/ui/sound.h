/* What must hold for every canvas, whatever was drawn on it. */
#ifndef RENGA_TESTS_UI_SOUND_H
#define RENGA_TESTS_UI_SOUND_H

#include "ui/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Every wide glyph has its second half and nothing else has one; the cursor is inside or absent. */
static inline void assert_sound(const struct canvas *c, const char *what)
{
    for (int y = 0; y < c->h; y++) {
        const struct cell *row = &c->cells[(size_t)y * (size_t)c->w];
        for (int x = 0; x < c->w; x++) {
            bool half = x > 0 && row[x - 1].width == 2;
            if ((row[x].width == 0) != half || row[x].width > 2 || (row[x].width == 2 && x == c->w - 1))
                fail_msg("%s at %dx%d: cell %d,%d is cut", what, c->w, c->h, x, y);
        }
    }
    if (c->cursor_x < -1 || c->cursor_x >= c->w || c->cursor_y < -1 || c->cursor_y >= c->h)
        fail_msg("%s at %dx%d: cursor %d,%d", what, c->w, c->h, c->cursor_x, c->cursor_y);
}

static inline struct span cell_text(const struct canvas *c, int x, int y)
{
    const struct cell *cell = &c->cells[(size_t)y * (size_t)c->w + (size_t)x];
    return (struct span){cell->text, cell->len};
}

/* The column where `text` begins in row y, -1: it is not there. */
static inline int find_in_row(const struct canvas *c, int y, const char *text)
{
    for (int x = 0; x < c->w; x++) {
        size_t at = cell_text(c, x, y).len ? 0 : SIZE_MAX; /* no text begins in the second half of a glyph */
        for (int i = x; i < c->w && at < strlen(text); i++) {
            struct span cell = cell_text(c, i, y);
            if (strncmp(text + at, cell.s, cell.len) != 0)
                break;
            at += cell.len;
        }
        if (at == strlen(text))
            return x;
    }
    return -1;
}

/* The row and column of a text on the canvas; false: nowhere. */
static inline bool find_text(const struct canvas *c, const char *text, int *x, int *y)
{
    for (*y = 0; *y < c->h; ++*y)
        if ((*x = find_in_row(c, *y, text)) >= 0)
            return true;
    return false;
}

static inline void assert_shows(const struct canvas *c, const char *text)
{
    int x = 0, y = 0;
    if (!find_text(c, text, &x, &y))
        fail_msg("“%s” is not shown", text);
}

static inline void assert_hides(const struct canvas *c, const char *text)
{
    int x = 0, y = 0;
    if (find_text(c, text, &x, &y))
        fail_msg("“%s” is shown", text);
}

#endif
