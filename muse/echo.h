/* The muse hearing what it wrote: how likely each token of a text is to the plain model, without the form's rules and without the planning that
 * the text came from. Knows no poet. */
#ifndef RENGA_MUSE_ECHO_H
#define RENGA_MUSE_ECHO_H

#include "core/source.h"
#include "muse/vocab.h"
#include "muse/wish.h"

/* The tokens that tell the model of a wish: form, title, theme, <sep>. At most `max`, which is 8 at least; returns how many. */
int echo_head(const struct vocab *v, const struct wish *w, int *tokens, int max);

struct echo;

/* Pack, vocabulary and wish must outlive it. `alternatives`: of each token, at most ODDS_MAX. */
struct echo *echo_new(const struct pack *p, const struct vocab *v, const struct wish *w, int alternatives);
void echo_free(struct echo *e);
void echo_add(struct echo *e, struct span text); /* more of the text, in the wish's script */
/* Hears one token on: its text goes into `token`, its odds into *odds, which is empty before. False: all that was added is heard. */
bool echo_step(struct echo *e, struct str *token, struct odds *odds);

/* The logits of what would follow all that was added, of the whole vocabulary; valid until the next call. */
const float *echo_next(struct echo *e);
/* A token as the writer reads it. */
void echo_say(const struct echo *e, int token, struct str *out);

#endif
