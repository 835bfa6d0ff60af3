/* A terminal: shows a canvas, gives bytes. One that is real (ncursesw as a diff engine, one write per frame) and one that is null. */
#ifndef RENGA_UI_TERM_H
#define RENGA_UI_TERM_H

#include "core/err.h"
#include "ui/canvas.h"

enum term_colours { TERM_MONO, TERM_8, TERM_16, TERM_256, TERM_TRUE };

struct term;

/* Opens /dev/tty's terminal by TERM: raw mode, alternate screen, bracketed paste, the modes restored on every exit, fatal signals
 * included. An unknown TERM is taken as xterm-256color (*notice, may be NULL, then says so). Not a terminal, or TERM=dumb: false
 * with a sentence that points to `renga write`. */
bool term_open(struct term **out, struct str *notice, struct err *e) MUST_USE;
/* For tests and --script: the size given, no output. */
struct term *term_open_null(int w, int h);
void term_close(struct term *t); /* restores everything; safe on NULL */

int term_fd(const struct term *t);                     /* to wait on and read from; -1: null terminal */
void term_size(const struct term *t, int *w, int *h);
bool term_update_size(struct term *t);                 /* asks the kernel; true when it changed */
enum term_colours term_colours(const struct term *t);  /* NO_COLOR gives TERM_MONO */
/* Bytes read without waiting into buf; 0: none now, -1: the terminal is gone. */
ptrdiff_t term_read(struct term *t, char *buf, size_t size);
/* Shows the canvas: only cells that changed, one write inside synchronized update, the cursor at its place. False when the terminal
 * has not yet taken the last frame (the caller tries again when it is writable). */
bool term_present(struct term *t, const struct canvas *c);
bool term_pending(const struct term *t);               /* bytes of the last frame still wait: poll for writing, then term_flush() */
void term_flush(struct term *t);
void term_redraw(struct term *t);                      /* the next frame is drawn whole (Ctrl-L, after a child) */
void term_mouse(struct term *t, bool on);
#define TERM_COPY_MAX 100000
void term_copy(struct term *t, struct span text);      /* OSC 52, at most TERM_COPY_MAX bytes; only on the writer's explicit copy */
/* Gives the terminal to a child, whose ^C and ^\ do not end us, and takes it back with a full redraw. */
void term_leave(struct term *t);
bool term_return(struct term *t, struct err *e) MUST_USE;
void term_suspend(struct term *t);                     /* ^Z: leaves, stops the group, returns when continued */

#endif
