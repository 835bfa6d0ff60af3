/* Tokens as a server counts them, and what they cost by the writer's own prices. Knows no server and no screen, and guesses nothing. */
#ifndef RENGA_CORE_USAGE_H
#define RENGA_CORE_USAGE_H

#include "core/story.h"

/* Per million tokens. */
struct price {
    double in, out;
    char unit[16];   /* "$", "¥", "" : the writer names none */
    bool known;
};

/* "128k" for 131072 and 128000, "1M", "512". */
void tokens_label(int64_t tokens, struct str *out);
/* "0.15 0.60" or "0.15 0.60 $". */
bool price_read(struct span text, struct price *out) MUST_USE;
/* What a model costs by lines of MODEL TAB PRICE, where an empty MODEL stands for all others. Not known: `out->known` is false. */
void prices_find(struct span prices, struct span model, struct price *out);
/* Adds what is told; a count that neither tells stays -1. */
void usage_add(struct usage *sum, const struct usage *more);
bool usage_is_told(const struct usage *u);
/* False where a count that the price needs is not told. */
bool usage_cost(const struct usage *u, const struct price *p, double *cost) MUST_USE;
void cost_label(double cost, const char *unit, struct str *out); /* "0.0012 $" */
/* "tokens: 812 in · 256 out · 0.0003 $", as far as it is told; nothing of it: false and nothing is added. */
bool usage_tell(const struct usage *u, const struct price *p, struct str *out);

#endif
