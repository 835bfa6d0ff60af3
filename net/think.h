/* Tells a model's thinking aloud from its answer where both come in one text: <think>…</think> before the answer, however the stream cuts
 * it. Text that does not begin with such a tag passes untouched. Zeroed memory is a fresh one. */
#ifndef RENGA_NET_THINK_H
#define RENGA_NET_THINK_H

#include "core/str.h"

struct think {
    enum { THINK_UNSURE, THINK_INSIDE, THINK_BEHIND, THINK_OVER } state; /* BEHIND: the white space after the closing tag is left out */
    struct str held;                                                     /* the beginning of what may be a tag */
};

void think_release(struct think *t);
/* Adds what `piece` brings to the answer and to the thoughts; `last`: nothing comes after it, what is held back goes out. */
void think_add(struct think *t, struct span piece, bool last, struct str *answer, struct str *thoughts);

#endif
