/* What the models of one server have been found not to take, in this session and in earlier ones: a row a model. Knows no transfer and no
 * disk. */
#ifndef RENGA_NET_LESSONS_H
#define RENGA_NET_LESSONS_H

#include "net/manners.h"

struct lesson {
    struct str model;
    struct manners manners;
    int64_t day;      /* when something of it was last learnt, days since 1970-01-01 */
};

/* Zeroed: nothing is known. */
struct lessons {
    struct lesson *rows;
    int count, cap;
    bool untold;      /* something is new since lessons_tell() */
};
void lessons_release(struct lessons *l);

/* Never NULL; all false where nothing is known. Valid until something is learnt. */
const struct manners *lessons_of(const struct lessons *l, struct span model);
/* False when there is nothing new to learn from it. */
bool lessons_learn(struct lessons *l, struct span model, enum dialect_id id, const struct refusal *r);
/* It refuses what it was not sent: that was no lesson. */
void lessons_take_back(struct lessons *l, struct span model, enum dialect_id id, const struct refusal *r);
void lessons_learn_takes(struct lessons *l, struct span model); /* it gives one take a request */
bool lessons_forget(struct lessons *l); /* false: nothing was known */

/* Appends everything known, a line a model: MODEL TAB DAY TAB WORD SPACE WORD …, the words of manners_words(). */
void lessons_tell(struct lessons *l, struct str *out);
/* Reads such lines back. What is older than LESSONS_DAYS, of a day yet to come, or not understood is passed over: servers learn too. */
#define LESSONS_DAYS 90
void lessons_recall(struct lessons *l, struct span lines);

#endif
