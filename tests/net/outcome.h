/* For tests: what a run's events come to, take by take, as one readable text. */
#ifndef RENGA_TESTS_NET_OUTCOME_H
#define RENGA_TESTS_NET_OUTCOME_H

#include "core/source.h"

#define OUTCOME_TAKES 8

struct outcome {
    struct str text[OUTCOME_TAKES], reasoning[OUTCOME_TAKES], finish[OUTCOME_TAKES], failure[OUTCOME_TAKES];
    struct str odds[OUTCOME_TAKES];
    int odds_count[OUTCOME_TAKES];
    bool over[OUTCOME_TAKES];
    struct str model, notes, lessons;
    struct usage usage;
    struct err err; /* of the whole run */
    bool done;
    int events;
};

void outcome_init(struct outcome *o);
void outcome_release(struct outcome *o);
/* Takes every event off the queue. Fails the test on one that may not come: text after a take's end, ill-formed UTF-8,
 * anything after the end of the run. */
void outcome_take(struct outcome *o, struct source_queue *q);
/* "text 0: …" and so on, one a line; bytes that are no plain text in «hex». */
void outcome_print(const struct outcome *o, struct str *out);
void outcome_add_visible(struct str *out, struct span bytes);

#endif
