/* Going on from a text, line by line: in the form that its lines begin, or freely. Knows no server and no screen. */
#ifndef RENGA_MUSE_POET_FREE_H
#define RENGA_MUSE_POET_FREE_H

#include "muse/poet.h"

/* As poet_new(). */
struct poet *poet_free_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                           uint64_t seed, struct err *e) MUST_USE;

#endif
