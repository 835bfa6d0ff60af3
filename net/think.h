/* Tells a model's thinking aloud from its answer where both come in one text: <think>…</think> before the answer, however the stream cuts
 * it. Where the first tag is a closing one, all before it was thinking: some servers open
 * the thoughts for the model. Other text passes untouched. Zeroed memory is a fresh one. */
#ifndef RENGA_NET_THINK_H
#define RENGA_NET_THINK_H

#include "core/str.h"

struct think {
    /* PLAIN: it may yet turn out to be thinking; BEHIND: the white space after the closing tag is left out. */
    enum { THINK_UNSURE, THINK_PLAIN, THINK_INSIDE, THINK_BEHIND, THINK_OVER } state;
    size_t plain; /* bytes that have passed as the answer while that was open */
    struct str held;                                                     /* the beginning of what may be a tag */
};

void think_release(struct think *t);
/* Adds what `piece` brings to the answer and to the thoughts; `last`: nothing comes after it, what is held back goes out. */
/* True when all that was added to the answer before this call was thinking. */
bool think_add(struct think *t, struct span piece, bool last, struct str *answer, struct str *thoughts);

/* True when `piece` is all answer, with nothing held back before or behind it: then it counts as added. */
bool think_passes(struct think *t, struct span piece);

#endif
