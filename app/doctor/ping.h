/* Is a server well, step by step: its name, the connection, TLS, the path, the key, the model, the first token. Puts what the network says
 * into sentences. Knows not where they are shown. */
#ifndef RENGA_APP_PING_H
#define RENGA_APP_PING_H

#include "app/doctor/doctor.h"
#include "app/doctor/trial.h"

enum ping_step { PING_NAME, PING_CONNECT, PING_TLS, PING_PATH, PING_KEY, PING_MODEL, PING_TOKEN, PING_STEPS };
extern const char *const ping_step_names[PING_STEPS]; /* N_() */

struct ping {
    enum verdict verdicts[PING_STEPS];
    int ms[PING_STEPS];          /* when it was done, from the start of its question; -1: not reached or nothing to measure */
    struct str texts[PING_STEPS];
    bool tried;                  /* PING_TOKEN was asked for; without it that step is left out */
    struct err err;              /* of the step that failed; ERR_NONE: all is well */
};
void ping_release(struct ping *p);

/* What an answer says of each step but the last. `p` is zeroed. */
void ping_read(struct ping *p, const struct server *s, const struct answer *a);
/* A server that could not even be asked: why. */
void ping_refused(struct ping *p, const struct server *s, const struct err *e);
/* The first step that failed; PING_STEPS: none. */
enum ping_step ping_failed(const struct ping *p);

/* All is well so far; or only a list of models is missing, or the named model in it, which is no proof that it cannot be asked. */
bool ping_is_worth_a_try(const struct ping *p, const struct server *s);
/* The last step, after the others: what came of it. NULL: it was not tried, as a step before it failed. */
void ping_tried(struct ping *p, const struct server *s, const struct trial *t);

#endif
