/* Voices on the desk: asking what to learn, learning behind the desk, telling how it goes, and forgetting.
 * Computes nothing itself: all that takes long is done by threads, and the loop looks at them only while
 * there is one. */
#ifndef RENGA_APP_DESK_LEARN_H
#define RENGA_APP_DESK_LEARN_H

#include "app/app.h"

void desk_learn(struct app *app);        /* the form, or the sheet of what is being learnt */
void desk_learn_stop(struct app *app);   /* keeps where it was */
void desk_learn_forget(struct app *app); /* a list of the voices */
void desk_learn_recall(struct app *app); /* of those that were forgotten, or replaced by another of their name */

void desk_learn_step(struct app *app);         /* at every turn of the loop */
int desk_learn_wait_ms(const struct app *app); /* until it is to be looked at again; -1: never */
void desk_learn_draw(struct app *app);         /* the sheet */
/* At the end of the session: stops what is being learnt and keeps where it was. */
bool desk_learn_end(struct app *app, struct err *e) MUST_USE;

#endif
