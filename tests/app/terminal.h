/* A terminal of its own with a program in it, for tests: a pseudo-terminal, a shell that only does job control, and an emulator that
 * shows what a writer would see. Knows nothing of what the program is. */
#ifndef RENGA_TESTS_TERMINAL_H
#define RENGA_TESTS_TERMINAL_H

#include "core/str.h"

#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

struct terminal {
    int master, slave;       /* the slave stays open here, so that its settings can be read after the program's end */
    int told, tell;          /* from and to the shell */
    pid_t shell, program;
    struct termios before;
    VTerm *vt;
    VTermScreen *screen;
    int w, h;
    bool alternate;          /* the alternate screen is shown */
    bool cursor_shown;
    bool stopped;
    int ended;               /* -1: it runs; else its exit status, 128 + the signal that ended it */
    size_t answers;          /* bytes that the terminal sent back, as if they had been typed */
    size_t titles;           /* how often its title was set */
    struct str bytes;        /* all that the program wrote */
    void (*on_frame)(struct terminal *t, void *ctx); /* may be NULL: called when a whole frame is shown */
    void *ctx;
};

/* Starts the program (argv and environment end with NULL) in a terminal of that size. */
void terminal_open(struct terminal *t, int w, int h, char *const *argv, char *const *environment);
void terminal_close(struct terminal *t);                       /* kills what still runs */
void terminal_type(struct terminal *t, const char *bytes);
void terminal_resize(struct terminal *t, int w, int h);
void terminal_continue(struct terminal *t);                    /* what the shell's fg does */
void terminal_take(struct terminal *t);                        /* reads and shows what comes next, if it comes soon */
/* Read and show what comes until that is so; after ten seconds the test fails and prints the screen. */
void terminal_wait_text(struct terminal *t, const char *text);
void terminal_wait_no_text(struct terminal *t, const char *text);
void terminal_wait_frame(struct terminal *t);                  /* until no frame is half drawn */
void terminal_wait_stopped(struct terminal *t);
int terminal_wait_end(struct terminal *t);                     /* the exit status, see `ended` */
bool terminal_shows(const struct terminal *t, const char *text);
void terminal_screen(const struct terminal *t, struct str *out); /* adds its rows, a line each */
/* The cell at column x of row y as text, a blank as one space; the second half of a wide character as "". The pointer lives until the next call. */
const char *terminal_cell(const struct terminal *t, int x, int y);
void terminal_cursor(const struct terminal *t, int *x, int *y);
/* The settings are the first ones, the main screen is shown, and every mode that was switched on is off again; tells what is not. */
bool terminal_is_restored(const struct terminal *t);
void terminal_check_restored(const struct terminal *t);

#endif
