/* Where text comes from: the one interface behind which a server on the network and the built-in muse look alike. A source only
 * appends to a queue of events; the loop carries them to the page. Nothing is freed, closed or restarted inside a callback. */
#ifndef RENGA_CORE_SOURCE_H
#define RENGA_CORE_SOURCE_H

#include "core/request.h"

enum source_event_kind {
    SOURCE_TEXT,      /* text for a take: well-formed UTF-8, never empty */
    SOURCE_REASONING, /* the model thinking aloud; kept apart */
    SOURCE_RETHINK,   /* all text of the take so far was the model thinking aloud, as is known only now */
    SOURCE_ODDS,      /* one token with its alternatives; text: its bytes, which may be a part of a character */
    SOURCE_MODEL,     /* text: the model the server says it uses */
    SOURCE_NOTE,      /* text: a sentence for the writer about the whole run, already translated; no part of any take */
    SOURCE_LESSONS,   /* text: what is to be told to a source of the same server in a later session: a line with the name that it is kept
                         under, then all that is known */
    SOURCE_TAKE_DONE, /* one take is complete; text: the finish reason */
    SOURCE_FAILED,    /* the run (take -1) or one take failed; `err` says why. Takes that are not done keep what came */
    SOURCE_DONE,      /* the last event of every run, whatever happened; usage is filled as far as it is known */
};

#define ODDS_MAX 20

struct odds {
    double logprob;               /* of the token itself, natural logarithm */
    int count;
    struct str token[ODDS_MAX];   /* alternatives, most likely first; bytes, as SOURCE_ODDS's text */
    double alternative[ODDS_MAX]; /* their logprobs */
};

struct source_event {
    enum source_event_kind kind;
    int64_t run;       /* as given to start() */
    int take;          /* 0…n-1, or -1 for the whole run */
    int pieces;        /* SOURCE_TEXT: how many texts of the server were joined here */
    struct str text;
    struct odds *odds; /* SOURCE_ODDS only; owned by the event */
    struct usage usage;
    struct err err;
};
void source_event_release(struct source_event *ev);

/* First in, first out. Text for the same run and take that follows text is joined to it, so a flood costs one event. */
struct source_queue {
    struct source_event *events;
    int head, count, cap;
};
void source_queue_push(struct source_queue *q, struct source_event *ev); /* takes over the event's contents */
void source_queue_text(struct source_queue *q, enum source_event_kind kind, int64_t run, int take, struct span text);
bool source_queue_pop(struct source_queue *q, struct source_event *out); /* the caller releases it */
void source_queue_release(struct source_queue *q);

struct source; /* one per server; its first member is the ops pointer */

struct source_ops {
    /* Sends `req` as run `run`. `body` (may be NULL) receives the exact request body, without secrets. False: nothing was sent
     * and no event will come. */
    bool (*start)(struct source *s, int64_t run, const struct request *req, struct source_queue *out, struct str *body,
                  struct err *e);
    /* Stops a run; its SOURCE_DONE comes at the next step. What came stays. */
    void (*cancel)(struct source *s, int64_t run);
    /* The body that start() would send, without sending it. */
    bool (*preview)(struct source *s, const struct request *req, struct str *body, struct err *e);
    void (*free)(struct source *s);
};

struct source {
    const struct source_ops *ops;
};

#endif
