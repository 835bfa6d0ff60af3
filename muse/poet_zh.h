/* Chinese verse in a form that lays every character out: candidates by construction, the best of them line by line. Knows no server and no
 * screen. */
#ifndef RENGA_MUSE_POET_ZH_H
#define RENGA_MUSE_POET_ZH_H

#include "muse/poet.h"

/* As poet_new(). */
struct poet *poet_zh_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                         uint64_t seed, struct err *e) MUST_USE;
/* Goes on from wish.text, whose lines are of one length: to the end of a form that they may be the beginning of. NULL when they are not. */
struct poet *poet_zh_continue(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                              uint64_t seed) MUST_USE;

#endif
