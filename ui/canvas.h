/* The grid of cells that views draw on: checked text only, since every text goes through core/display. Knows no terminal.
 *
 * A wide glyph takes its cell and a continuation cell (width 0) after it. Drawing over half of a wide glyph blanks the other half;
 * a wide glyph that would stick out of the clip is drawn as a space. So a row is always sound, whatever overlaps. */
#ifndef RENGA_UI_CANVAS_H
#define RENGA_UI_CANVAS_H

#include "core/display.h"
#include "ui/style.h"

struct cell {
    char text[DISPLAY_TEXT_MAX]; /* "" in a continuation cell; a marker of several columns is spread over cells of width 1 */
    uint8_t len, width;
    struct style style;
};

struct rect {
    int x, y, w, h;
};

struct canvas {
    int w, h;
    struct cell *cells;      /* row-major */
    struct rect clip;        /* nothing is drawn outside */
    int cursor_x, cursor_y;  /* -1: no cursor wanted */
    const struct style *styles; /* STYLE_COUNT looks of the theme in use; not owned */
};

void canvas_init(struct canvas *c);
void canvas_release(struct canvas *c);
void canvas_resize(struct canvas *c, int w, int h); /* contents become blank; sizes from 1×1 on */
void canvas_clear(struct canvas *c);                /* blank in STYLE_TEXT, no cursor, clip off */
struct rect canvas_clip(struct canvas *c, struct rect r); /* narrows the clip; returns the old one to be put back */

void canvas_fill(struct canvas *c, struct rect r, enum role_id role);
/* Draws a single-line text (display form) from (x, y); stops at `columns` (or the clip). Returns the columns used. */
int canvas_text(struct canvas *c, int x, int y, int columns, struct span text, enum role_id role);
int canvas_print(struct canvas *c, int x, int y, int columns, enum role_id role, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* Right-aligned so that it ends before column x. Returns the columns used. */
int canvas_text_right(struct canvas *c, int x, int y, int columns, struct span text, enum role_id role);
/* One glyph as made by display_glyph(); the editor's way in. */
void canvas_glyph(struct canvas *c, int x, int y, const struct glyph *g, enum role_id role);
/* Lays `role` over cells already drawn: attributes are added, colours taken where the role has them. For selections and rows. */
void canvas_tint(struct canvas *c, struct rect r, enum role_id role);
void canvas_cursor(struct canvas *c, int x, int y); /* outside the canvas: none */
/* A frame of light box-drawing lines with an optional title in its top line. */
void canvas_box(struct canvas *c, struct rect r, enum role_id role, struct span title);
void canvas_hline(struct canvas *c, int x, int y, int w, enum role_id role);
void canvas_vline(struct canvas *c, int x, int y, int h, enum role_id role);
/* The whole canvas as text, trailing spaces cut, a line per row: golden screens. */
void canvas_dump(const struct canvas *c, struct str *out);

#endif
