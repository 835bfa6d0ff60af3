/* What was used of a server, in tokens as it told them and in money by the prices of the config. Knows no screen. */
#ifndef RENGA_APP_USED_H
#define RENGA_APP_USED_H

#include "app/config/config.h"
#include "core/usage.h"

/* By the config's server of that name and the model that was asked for, or that answered. */
void used_price(const struct config *c, const struct generation *g, struct price *out);
/* "tokens: 812 in · 256 out · 0.0003 $"; false and nothing where the server told nothing. */
bool used_tell(const struct config *c, const struct generation *g, struct str *out);
/* The same of all generations of a piece; `*told` of them say what they used. Money only where each of those has a price, in one unit. */
bool used_tell_piece(const struct config *c, const struct piece *p, struct str *out, int *told);
/* The newest generation with a take on the page, -1: none. */
int used_last(const struct piece *p);

#endif
