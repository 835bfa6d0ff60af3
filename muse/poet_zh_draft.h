/* A Chinese poem as far as it is written, and the choice of its next character so that the form is kept. Knows neither lanes nor time. */
#ifndef RENGA_MUSE_POET_ZH_DRAFT_H
#define RENGA_MUSE_POET_ZH_DRAFT_H

#include "muse/poet_zh_plan.h"
#include "muse/sampler.h"

enum {
    DRAFT_TOKENS = METER_PLACES + 2 * METER_LINES, /* with marks */
};

struct draft {
    int way;                           /* of the plan */
    int places;                        /* written so far */
    uint16_t word[METER_PLACES];       /* tokens without the marks */
    struct rhymes left[METER_RHYMES];  /* what each rhyme may still be */
    uint8_t rhymed[METER_RHYMES];      /* how many of its words are there */
    double told, bare;                 /* log-probabilities so far: given title and theme, and without them */
    double score;                      /* the greater the better; only drafts of one length compare */
};

/* Writes drafts; one at a time. */
struct writer {
    const struct plan *plan;
    const struct sampler *sampler;
    struct random *random;
    float *logits;     /* [V] scratch */
    uint64_t *allowed; /* scratch set of tokens */
    uint64_t *free;    /* words that the writer's demands leave to choose where no word may come twice */
    bool relaxed;      /* words may come back rather than that the poem ends in a dead end */
};
void writer_init(struct writer *w, const struct plan *p, const struct sampler *s, struct random *r);
void writer_release(struct writer *w);

/* A draft in one of the plan's ways, with nothing in it but what is given. */
void draft_begin(struct draft *d, const struct plan *p, struct random *r);
const struct meter *draft_meter(const struct plan *p, const struct draft *d);
/* Writes the next place, from the logits [V] of that token (`bare` may be NULL: there is no theme to be near to). Returns its token, or -1
 * when no word fits. */
int draft_write(struct writer *w, struct draft *d, const float *told, const float *bare);
/* The tokens of the places [from, to), marks included; returns how many. */
int draft_tokens(const struct plan *p, const struct draft *d, int from, int to, int *tokens);
/* The token of the mark after a place, -1: none. */
int mark_token(const struct plan *p, const struct meter_place *at);

#endif
