/* Does a server write: a real request for a few tokens, hung up on at the first of them. Its steps are taken by whoever has the loop, and none of
 * them waits. Knows not where the outcome is shown. */
#ifndef RENGA_APP_TRIAL_H
#define RENGA_APP_TRIAL_H

#include "net/net.h"

struct trial;

/* Sends nothing yet. `first` of the server's models is asked when the server names none. */
struct trial *trial_new(struct net *net, const struct server *s, struct span first);
void trial_free(struct trial *t);                       /* hangs up where something is under way; safe on NULL */
bool trial_wants_terminal(const struct trial *t);       /* its key's command may, in trial_start() */
void trial_start(struct trial *t);
/* After net_step(): reads what came. True once it is over. */
bool trial_step(struct trial *t);
int trial_wait_ms(const struct trial *t);               /* until its patience ends; 0: it is over */

/* -- once it is over ---- */

const struct err *trial_err(const struct trial *t);     /* kind ERR_NONE: it writes */
int trial_ms(const struct trial *t);                    /* until the first token */
const char *trial_model(const struct trial *t);         /* the model that was asked; of a server that needs none, its name */

#endif
