/* What no form binds: free verse and the continuation of a text, token by token. Knows no server and no screen. */
#ifndef RENGA_MUSE_POET_FREE_H
#define RENGA_MUSE_POET_FREE_H

#include "muse/poet.h"

/* As poet_new(). */
struct poet *poet_free_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                           uint64_t seed, struct err *e) MUST_USE;

#endif
