/* Which of several drafts of one length is the better poem: a number. Knows no lanes. */
#ifndef RENGA_MUSE_POET_ZH_RANK_H
#define RENGA_MUSE_POET_ZH_RANK_H

#include "muse/poet_zh_draft.h"

enum { RANK_WORDS = 8, RANK_WORD = 4 };

struct ranking {
    const struct plan *plan;
    const struct pack *pack;
    struct {
        int token[RANK_WORD], count;
    } words[RANK_WORDS];    /* of the theme */
    int word_count;
};

void ranking_init(struct ranking *r, const struct plan *p, const struct pack *pack, const struct wish *w);
/* The greater the better. */
double ranking_score(const struct ranking *r, const struct draft *d);

#endif
