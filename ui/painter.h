/* A canvas → the bytes that bring it to the screen, by the terminal's description. Knows no open terminal and no mode.
 *
 * Behind it (term_curses.c) is ncursesw as a diff engine: it writes into memory, so that a frame leaves in one write, a
 * full terminal is noticed before a frame is made, and tests see every byte. It gets nothing but sound rows of checked
 * cells, whole wide glyphs at a time; its key reading, signal handlers and terminal modes are not used. What it cannot
 * carry goes through slots (ui/slots.h). ncurses keeps its state in globals: one painter at a time. */
#ifndef RENGA_UI_PAINTER_H
#define RENGA_UI_PAINTER_H

#include "core/err.h"
#include "ui/canvas.h"
#include "ui/term.h"

struct painter;

/* NULL: ncurses does not know the terminal, or it cannot place its cursor. The locale's characters must be UTF-8. */
struct painter *painter_new(const char *terminal, int w, int h);
void painter_free(struct painter *p);

enum term_colours painter_colours(const struct painter *p);
/* The bytes that take the screen and give it back: alternate screen, keypad, colours, cursor. */
void painter_enter(struct painter *p, struct str *out);
void painter_leave(struct painter *p, struct str *out);
void painter_redraw(struct painter *p); /* the next frame is drawn whole */
/* Appends what turns the last frame into this one; nothing when they look the same. Follows the canvas's size. */
void painter_frame(struct painter *p, const struct canvas *c, struct str *out);

#endif
