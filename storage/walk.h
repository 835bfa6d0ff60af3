/* A search of the library that gives way: it works for so many microseconds, hands over what it found, and goes on where it stopped. Knows
 * no screen and no keys.
 *
 * However large the library, a step ends in time: words are asked of one volume of the index at a time, filters of a thousand generations at
 * a time, and a filter that few generations fit is read from its own index. Another order than by time is made from the matches themselves
 * where they are few (6,000), else from the index of ratings, models or lengths; "best" looks at the newest 2,000 matches only.
 * Nothing is held between steps: the library may change, and what came in since is found by the next search. */
#ifndef RENGA_STORAGE_WALK_H
#define RENGA_STORAGE_WALK_H

#include "storage/store.h"

struct walk;

/* `first`: how many hits make the first page. False with a sentence that says where the query does not parse. */
bool walk_open(struct walk **out, struct store *s, struct span query, int64_t before, int first, struct err *e) MUST_USE;
/* Appends up to `wanted` more hits (`*hits` NULL or from malloc), or as many as it finds in `budget_us`; 0: takes all the time it needs. */
bool walk_step(struct walk *w, int wanted, int64_t budget_us, struct hit **hits, int *count, struct err *e) MUST_USE;
bool walk_over(const struct walk *w);      /* there is nothing more to find */
int64_t walk_looked(const struct walk *w); /* how many generations were passed so far, about */
void walk_close(struct walk *w);           /* before store_close(); safe on NULL */

#endif
