/* A poet: writes one poem for a wish, a few milliseconds at a time, line by line. Knows no server, no screen and no disk.
 *
 * poet.c chooses among the poets (one per way of writing, poet_<way>.c); each is a row of functions. */
#ifndef RENGA_MUSE_POET_H
#define RENGA_MUSE_POET_H

#include "muse/decoder.h"
#include "muse/sampler.h"
#include "muse/vocab.h"
#include "muse/wish.h"

enum poet_state {
    POET_WORKING,  /* call again */
    POET_DONE,     /* the poem is complete */
    POET_FAILED,   /* `e` says why, in the wish's language */
};

struct poet;

struct poet_ops {
    void (*free)(struct poet *p);
    enum poet_state (*step)(struct poet *p, struct str *out, struct err *e);
};

/* What every poet has; the first member of each poet's own struct. */
struct poet {
    const struct poet_ops *ops;
    const struct pack *pack;
    const struct vocab *vocab;
    const struct wish *wish;
    struct sampler sampler;
    struct random random;
    int max_tokens;       /* a bound on what is written */
    bool best;            /* write many candidates and keep the best; false (to be set before the first step): the first that keeps the
                             form */
    const char *finish;   /* once done: "stop", or "length" when max_tokens ended it */
    int64_t tokens;       /* computed so far, all candidates together */
};

/* Pack, vocabulary and wish must outlive the poet. The pack's language is the wish's. NULL with a sentence when the wish cannot be met
 * whatever the model writes: an acrostic longer than the form, a rhyme that has no words, a first line that breaks the form. */
struct poet *poet_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                      uint64_t seed, struct err *e) MUST_USE;
void poet_free(struct poet *p);
/* For the makers of poets: fills the common part as poet_new() was asked; `best` is on. */
void poet_init(struct poet *p, const struct poet_ops *ops, const struct pack *pack, const struct vocab *vocab, const struct wish *wish,
               const struct dials *dials, uint64_t seed);
/* Works for about 2 ms (at most one decoder_step of 16 lanes) and appends to `out` what became certain: usually nothing, now and then a
 * whole line with its line break (none after the last line). Chinese comes out in the wish's script, with punctuation. */
enum poet_state poet_step(struct poet *p, struct str *out, struct err *e);

#endif
