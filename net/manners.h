/* What a server has been found not to take, for one model: learnt from its refusals, whatever dialect they are in. Knows no transfer. */
#ifndef RENGA_NET_MANNERS_H
#define RENGA_NET_MANNERS_H

#include "core/dial.h"

/* Zeroed: nothing is known. Facts alone, so that two can be compared byte by byte. */
struct manners {
    bool refused[DIAL_COUNT]; /* of DIAL_TAKES: it gives one a request */
    bool completion_tokens; /* max_tokens is called max_completion_tokens */
    bool no_stream_options;
    bool no_suffix;         /* it goes on with the text before the gap alone */
    bool no_logprobs;
    bool no_stops;
    bool no_system;         /* the system text goes before the first turn */
    bool no_prefill;        /* the answer cannot be begun for it */
};

/* A refusal of something whatever its value: what it names itself, which may be a path ("generation_config.top_k") or nothing, and its
 * words. */
struct refusal {
    struct str param, words;
};
void refusal_release(struct refusal *r);

/* False when there is nothing new to learn from it. */
bool manners_learn(struct manners *m, enum dialect_id id, const struct refusal *r);
/* Forgets what it is about; true when all of that was known. */
bool manners_take_back(struct manners *m, enum dialect_id id, const struct refusal *r);
/* Appends what is known in words, parted by spaces: "temperature", "stop", … */
void manners_words(const struct manners *m, struct str *out);
/* Adds what such words say; those not understood are passed over. False: none was understood. */
bool manners_from_words(struct manners *m, struct span words);
bool refusal_is_of_takes(const struct refusal *r); /* several of them in one request */

#endif
