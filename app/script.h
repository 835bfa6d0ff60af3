/* Runs the desk without a terminal, from a file of steps: for golden screens, and for anyone who wants to see what a key does.
 *
 *     # comment
 *     size 80 24            clock 1760000000000      (stops the clocks: Unix time in milliseconds; a later one moves them on)
 *     type 写一首五绝        paste a\nb               key ^G M-Right F1        command take-next
 *     mouse press 10 4      (press, drag, release, up, down)
 *     wait                  (until nothing streams and no server is asked)
 *     wait text 秋夜        (until the screen shows it; fails after ten seconds)
 *     screen NAME           (prints the canvas as text)
 *     expect TEXT           (fails unless the screen shows it)          refuse TEXT    (fails if it does)
 */
#ifndef RENGA_APP_SCRIPT_H
#define RENGA_APP_SCRIPT_H

#include "app/app.h"

/* Runs the file ("-": standard input); screens go to standard output. False with "FILE:LINE: …". */
bool script_run(struct app *app, const char *file, struct err *e) MUST_USE;

#endif
