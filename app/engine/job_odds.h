/* The odds of a job's takes on their way from the source to the library. Knows no screen. */
#ifndef RENGA_APP_JOB_ODDS_H
#define RENGA_APP_JOB_ODDS_H

#include "app/engine/engine.h"

#define ODDS_ASKED      5 /* alternatives of each token: what the classic call takes at most */
#define ODDS_ASKED_MUSE 8

void job_odds_add(struct job *r, const struct source_event *ev);
void job_odds_forget(struct job *r, int index); /* those of a take that turned out to be no answer */
/* Puts them beside take `index`, which is over and in the library. Where odds were asked for and none came, that is kept. */
bool job_odds_keep(struct job *r, int index, struct store *store, struct err *e) MUST_USE;
void job_odds_release(struct job *r);

#endif
