/* The list of models: those of the server in use, before them the writer's favourites of every server; and which model a piece is written
 * with. Knows how no server is asked. */
#ifndef RENGA_APP_MODELS_H
#define RENGA_APP_MODELS_H

#include "app/app.h"

bool models_shown(const struct app *app);   /* the picker on the screen is this list */
void models_favour(struct app *app);        /* the selected one becomes a favourite, or is one no longer */
void models_back(struct app *app);          /* to the server and model that were in use before */
/* Another server or model is in use: the piece on the desk is written with it from now on. */
void models_note(struct app *app);
void models_note_piece(struct app *app);    /* the piece has got its id */
void models_follow(struct app *app);        /* another piece lies on the desk: what it is written with is in use again */

#endif
