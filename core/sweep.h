/* A sweep: one dial (the seed among them) or the model over several values, everything else alike. Reads ranges and lists as writers type
 * them and lays them out. Knows no server and no screen.
 *
 *     temperature 0.3:1.3:0.2     temperature=0.3,0.7,1.1     seed=1..8     top_p 0.5:0.9     model=qwen3,llama3 */
#ifndef RENGA_CORE_SWEEP_H
#define RENGA_CORE_SWEEP_H

#include "core/request.h"

#define SWEEP_MAX 64

struct sweep {
    bool models;                /* over models, not over a dial */
    enum dial_id dial;
    int count;                  /* of values, each of them once, in the order they were given */
    double values[SWEEP_MAX];
    struct str names[SWEEP_MAX];
};
void sweep_release(struct sweep *s); /* safe on zeroed memory */

/* "NAME VALUES" or "NAME=VALUES". `out` is initialised or zeroed, and released first. */
bool sweep_parse(struct sweep *out, struct span text, struct err *e) MUST_USE;
/* The values alone: parts between commas; each a value, or FROM:TO or FROM:TO:STEP (.. does for the first colon), up or down. Without a step the
 * dial's own (the big one where it has decimals). A dial's values lie in its range and on its decimals. A sentence says which part is wrong,
 * and where it begins. */
bool sweep_parse_dial(struct sweep *out, enum dial_id dial, struct span values, struct err *e) MUST_USE;
bool sweep_parse_models(struct sweep *out, struct span names, struct err *e) MUST_USE;
/* True when a dial's value on the command line is a list or range and not one value. */
bool sweep_is_list(struct span value);

const char *sweep_name(const struct sweep *s);                              /* "temperature", "model": as it is typed */
void sweep_value(const struct sweep *s, int index, struct str *out);        /* appends "0.70", "qwen3" */
void sweep_apply(const struct sweep *s, int index, struct request *req);    /* sets that value */

/* A range around where the dial stands (its start value when off), to begin with: five values, the middle one as it stands where there
 * is room on both sides; of the seed eight. */
void sweep_suggest(const struct dials *d, enum dial_id dial, double *from, double *to, double *step);

/* The sweep that these generations of one sweep were (in the order they were sent): what differs among them; the temperature when nothing does.
 * `value` of one of them: sweep_value_of(). */
void sweep_guess(struct sweep *out, const struct generation *const *list, int count);
void sweep_value_of(const struct sweep *s, const struct generation *g, struct str *out);

#endif
