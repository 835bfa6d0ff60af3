/* Choosing the next token from logits as the dials say, by a generator of random numbers that a seed repeats. Knows no model. */
#ifndef RENGA_MUSE_SAMPLER_H
#define RENGA_MUSE_SAMPLER_H

#include "core/dial.h"

/* xoshiro256++ (Blackman and Vigna 2018), seeded through splitmix64. */
struct random {
    uint64_t state[4];
};
void random_seed(struct random *r, uint64_t seed);
uint64_t random_next(struct random *r);
double random_unit(struct random *r);               /* 0 ≤ x < 1 */
int random_below(struct random *r, int limit);      /* 0 ≤ x < limit */

/* The dials that shape a choice; what is off has its neutral value. They work in this order: penalties, temperature, min_p, top_k,
 * top_p. */
struct sampler {
    double temperature;         /* 0: always the likeliest */
    double top_p;               /* 1: off; else the likeliest tokens that have this much of the odds together */
    int top_k;                  /* 0: off */
    double min_p;               /* 0: off; else tokens at least this part as likely as the likeliest */
    double repetition_penalty;  /* 1: off; divides positive and multiplies negative logits of tokens in the history */
    double presence_penalty, frequency_penalty; /* 0: off; taken off the logits of such tokens, once and for each time (OpenAI) */
};
void sampler_from_dials(struct sampler *s, const struct dials *d);

/* Picks a token out of logits[count]. `allowed` (may be NULL): a bit for each token, bit t & 63 of word t >> 6; only set ones can be
 * picked. `history` are the tokens said so far, for the penalties (the last 1,024 count). Returns -1 when nothing is allowed. *logprob
 * (may be NULL: that is faster) receives the natural log-probability of the pick under the plain model (temperature 1, no mask). */
int sampler_pick(const struct sampler *s, const float *logits, int count, const uint64_t *allowed, const int *history,
                 int history_count, struct random *r, float *logprob);
/* The dials' odds of every allowed token, for pictures and tests: odds[count] receives probabilities that add up to 1, 0 for what cannot be
 * picked. False when nothing is allowed. */
bool sampler_odds(const struct sampler *s, const float *logits, int count, const uint64_t *allowed, const int *history,
                  int history_count, float *odds);
/* log Σ exp(logits): what turns logits into log-probabilities. */
float logits_normaliser(const float *logits, int count);

#endif
