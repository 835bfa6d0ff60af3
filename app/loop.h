/* The loop: one thread, one wait, one turn after another. */
#ifndef RENGA_APP_LOOP_H
#define RENGA_APP_LOOP_H

#include "app/app.h"

/* Runs the desk until the writer leaves. */
void loop_run(struct app *app);
/* What stands before the first turn: signals, the first frame, a look around for servers. */
void loop_begin(struct app *app);
/* One turn: waits at most `limit_ms` (-1: as long as nothing is due), then carries everything that came. For scripts too. */
void loop_turn(struct app *app, int limit_ms);
/* Draws the view and what lies over it, and shows it. */
void loop_paint(struct app *app);

#endif
