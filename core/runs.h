/* Who owns which bytes of a text: a list of runs. Knows lengths only, not the bytes. */
#ifndef RENGA_CORE_RUNS_H
#define RENGA_CORE_RUNS_H

#include "core/buffer.h"

/* Zeroed memory is an empty list. No run is empty and no two neighbours have the same ink. */
struct runs {
    struct run *items;
    size_t count, cap;
    size_t total; /* bytes */
};

void runs_release(struct runs *r);
bool ink_equal(struct ink a, struct ink b);
struct ink runs_at(const struct runs *r, size_t at); /* of the last byte at the end; {0, 0} when empty */
/* Replaces the bytes [from, to) by those of `in`, whose neighbours may be equal and whose runs may be empty.
 */
void runs_replace(struct runs *r, size_t from, size_t to, const struct run *in, size_t count);
/* Gives what is `owner`'s of the first `to` bytes to `heir`. */
void runs_pass_on(struct runs *r, size_t to, int64_t owner, int64_t heir);
/* Appends the runs of the bytes [from, to) to `out`. */
void runs_copy(const struct runs *r, size_t from, size_t to, struct runs *out);

/* -- as the library keeps them --------------------------------------------------------------------------- */

/* "len:author,len:author:source,…": authors and sources by number, the source only where there is one. Takes the
 * next run off the front of `rest` (its owner is 0); false at the end and where it does not parse. */
bool run_read(struct span *rest, struct run *out);
void run_write(struct str *out, const struct run *run); /* appends one; an empty one is left out */
/* Deals stored runs out to the two sides of byte `at`; a side that is NULL is left out. */
void run_cut(struct span runs, size_t at, struct str *upper, struct str *lower);
/* The ink in a passage of another take: what a model wrote, and what was changed of it, names the take that it came from (its number in the
 * library, 0: it has none yet). */
struct ink ink_of_take(struct ink ink, int64_t take);

#endif
