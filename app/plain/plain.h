/* The desk by lines, for screen readers, braille and terminals that cannot place text: what stands on the screen elsewhere is said here, below
 * what was said before, and what is typed ends with Enter. Runs the desk's own commands; draws nothing. */
#ifndef RENGA_APP_PLAIN_H
#define RENGA_APP_PLAIN_H

#include "app/app.h"

enum { PLAIN_COLUMNS = 200, PLAIN_ROWS = 50 }; /* of the screen that nobody sees: views lay themselves out on it */

struct plain *plain_new(void);
void plain_free(struct plain *p); /* safe on NULL */
/* Reads standard input line by line until the writer leaves or it ends; says everything on standard output. */
void plain_run(struct app *app);

/* -- for the loop: nothing, -1 and false while the desk draws ---- */

int plain_fd(const struct app *app);     /* to wait on for the next line; -1: none is wanted now */
void plain_read(struct app *app);        /* it has something */
bool plain_interrupt(struct app *app);   /* ^C: stops what is written, and never the program */

#endif
