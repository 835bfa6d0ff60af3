/* One HTTP answer to a generation: from bytes to source events, whatever the server really sent. Knows no transfer; any
 * split of the bytes gives the same events. */
#ifndef RENGA_NET_REPLY_H
#define RENGA_NET_REPLY_H

#include "core/source.h"
#include "net/dialect.h"
#include "net/fault.h"
#include "net/flow.h"
#include "net/framing.h"
#include "net/overlap.h"
#include "net/secret.h"
#include "net/stops.h"
#include "net/think.h"

#define RESPONSE_MAX   (64u << 20)
#define FAULT_BODY_MAX 65536

enum reply_form { REPLY_UNSURE, REPLY_EVENTS, REPLY_WHOLE, REPLY_PAGE, REPLY_FAULT };

/* Text of one kind for one take. */
struct reply_text {
    struct flow flow;
    struct secret_filter filter;
    bool any;
};

struct reply_take {
    struct reply_text text, reasoning;
    struct think think;
    struct overlap overlap;
    struct stops stops;
    struct str finish;
    int64_t seen;  /* the event that last spoke of it, 0: none */
    bool finished; /* a finish reason came */
    bool over;     /* its last event is in the queue */
};

struct reply {
    const struct dialect *dialect;
    const struct heads *heads;
    struct fault_place place;
    struct source_queue *out;
    int64_t run;
    int first; /* the run's take that is the server's choice 0 */
    int takes;
    bool odds; /* alternatives were asked for */
    struct span blank; /* that an answer begun for the model may begin with; borrowed */
    struct span page;  /* that a chat model was asked to go on with: it may begin with the end of it; borrowed */
    const struct str *stops; /* words that end a take, whether the server knows them or not; borrowed */
    int stop_count;
    bool part; /* an answer that begins with its thoughts between tags is parted; else every text stays as the server sent it */
    struct reply_take *take;
    enum reply_form form;
    struct framing framing;
    struct str body; /* a whole answer, a fault's body, or the beginning of the rest */
    struct str model;
    struct usage usage;
    size_t bytes;
    int64_t events;  /* events read so far */
    bool understood; /* one of them meant something */
    bool complete;   /* the server said that it is done */
    bool enough;     /* every take has ended at a stop word: the rest is not wanted */
    bool any;        /* an event for a take is in the queue */
    struct err err;  /* why this answer failed, ERR_NONE when it did not */
    struct refusal refused; /* what the server does not take, where it says so in an answer that began well; no words: nothing */
};

/* Fill dialect, heads, place, out, run, first, takes, odds, stops and part; the rest is zero. */
void reply_begin(struct reply *r);
void reply_release(struct reply *r);
void reply_keep(struct reply *r, int takes); /* only the first ones: what comes for the others is passed over from now on */
/* False when no more is wanted: r->err says why. */
bool reply_add(struct reply *r, struct span bytes);
/* The bytes are over. `broken` says why they ended early (NULL: they did not). Takes that spoke are ended; those that
 * were never spoken of are left to the caller. */
void reply_end(struct reply *r, const struct err *broken);
bool reply_missing(const struct reply *r, int take); /* never spoken of */
/* Take 0 has been writing for a while and none of the others has been spoken of: this server does not write them side by side. */
bool reply_alone(const struct reply *r);

/* -- for dialects; an index that was not asked for is passed over ------------------------------ */

void reply_touch(struct reply *r, int64_t index);
void reply_text(struct reply *r, int64_t index, enum source_event_kind kind, struct span text);
void reply_finish(struct reply *r, int64_t index, struct span reason);
void reply_odds(struct reply *r, int64_t index, struct span token, struct odds *odds); /* takes over odds; token: bytes */
void reply_model(struct reply *r, struct span model);
/* Two counts of an object, by their names in it; those that are not there stay as they are. */
void reply_usage(struct reply *r, const struct json *usage, const char *prompt, const char *completion);

#endif
