/* English verse: line by line, the rhyme word first, the best of many candidates that all obey the form. Knows no server and no screen. */
#ifndef RENGA_MUSE_POET_EN_H
#define RENGA_MUSE_POET_EN_H

#include "muse/poet.h"

/* As poet_new(). */
struct poet *poet_en_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                         uint64_t seed, struct err *e) MUST_USE;

#endif
