/* Takes side by side on the screen: what differs is marked, and lines of any of them are cut and spliced into a new passage, which grows
 * below and is laid on the page. Draws through ui/view_compare. */
#ifndef RENGA_APP_COMPARE_H
#define RENGA_APP_COMPARE_H

#include "app/app.h"

#define COMPARE_SIDES 64 /* of a set that is flipped through */

/* Shows takes beside one another: `takes` are two or three library ids, of any generation and piece. A take that the writer edited shows
 * as edited. False, with a sentence, and the view stays what it was: a take cannot be read, or there are too few. */
bool compare_open(struct app *app, const int64_t *takes, int count, struct err *e) MUST_USE;
/* The same with passages of the open piece (indices), which need no take: two or more, at most COMPARE_SIDES; beyond what fits beside one
 * another they are flipped through. */
bool compare_open_passages(struct app *app, const int *passages, int count, struct err *e) MUST_USE;

#endif
