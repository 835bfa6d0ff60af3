/* One generation from start to end: rows before sending, its turn at the server, events to takes, takes to the library, retries when a
 * server is busy. The desk and the command line both drive this. Knows no screen. */
#ifndef RENGA_APP_ENGINE_H
#define RENGA_APP_ENGINE_H

#include "app/engine/lane.h"
#include "core/server.h"
#include "core/source.h"
#include "net/net.h"
#include "storage/store.h"

/* A generation under way. */
struct job {
    int64_t id;              /* never used twice in a session */
    struct piece *piece;
    int generation;          /* index in the piece */
    struct source *source;
    struct request request;
    int lane;                /* index in the engine's */
    bool sent;               /* a request is with the server; else it waits for its turn, or until retry_us */
    int64_t sent_us;         /* when it last was, or when it began to wait */
    int64_t retry_us;        /* 0, or when a busy server is asked again */
    int tries;
    bool cancelled;
    bool over;               /* nothing more will come; it stays here until the library has all of it */
    bool begun, ended;       /* the library has its rows; its end */
    int first_take;          /* index in the piece of its take 0; the others follow */
    int takes;
    unsigned kept_takes;     /* bit i: the end of take i is in the library */
    struct odds_record *odds; /* beside the takes, NULL: none came; job_odds.h */
    struct err err;          /* why it failed, ERR_NONE if it did not */
    int64_t tokens;          /* that have come, as far as texts tell: for the rate */
    int64_t first_us;        /* when the first came, 0: none yet */
};

/* What app's front ends want to know, called from engine_step() (never from inside a transfer). Any may be NULL. Indices are into
 * run->piece. */
struct engine_watch {
    void (*text)(void *ctx, struct job *r, int take, struct span text);     /* already appended to the take */
    void (*take_over)(void *ctx, struct job *r, int take);
    void (*run_over)(void *ctx, struct job *r);                             /* r must not be used after this call */
    void (*waiting)(void *ctx, struct job *r);                              /* a retry was scheduled; r->err says why */
    void (*note)(void *ctx, struct job *r, struct span text);               /* a sentence for the writer */
    void (*rethought)(void *ctx, struct job *r, int take);                  /* its text so far was thinking, and is its reasoning now */
    void *ctx;
};

struct engine {
    struct net *net;
    struct store *store;
    struct source_queue queue;
    struct job **runs;
    int run_count, run_cap;
    int64_t last_run;
    struct lane *lanes;      /* one a server */
    int lane_count, lane_cap;
    bool held;               /* nothing is sent for now */
    int together_ms;         /* ends wait so long for engine_keep_together(), which is due at keep_us; 0: each is kept at once */
    bool lost;               /* what was kept together did not last: nothing is written any more */
    struct engine_watch watch;
    struct err storage_err;  /* the last failure to keep something, ERR_NONE when all is kept */
    int64_t keep_us;         /* when keeping is due (again), 0: nothing waits */
};

void engine_init(struct engine *en, struct net *net, struct store *store);
void engine_release(struct engine *en);                     /* ends every run, keeping what came */
/* True while a run of the piece has not yet reached the library: the piece must stay in memory. */
bool engine_holds(const struct engine *en, const struct piece *p);

/* Starts a generation, or lines it up behind those that its server has already (as many at once as server_parallel() says; then in order of
 * starting). Its takes hang below `parent` (passage index, -1: root level). `what` gives prompt, context, system, rerun_of, kind and their like;
 * the rest is filled from the request and the server. Piece, prompt passage, generation and takes are in the library before anything
 * is sent. When the library cannot be written the generation goes on in memory and en->storage_err says so. On false nothing
 * was sent; what was written says why it failed. One whose turn fails later ends through engine_watch. `source` (made from `server` by the
 * caller) outlives the run; the run owns nothing the caller must free. */
bool engine_start(struct engine *en, struct piece *p, int parent, const struct request *req, struct source *source,
                  const struct server *server, const struct generation *what, struct job **out, struct err *e) MUST_USE;
void engine_cancel(struct engine *en, struct job *r);       /* what came is kept; its end comes by engine_step(), or at once if it still waits */
void engine_cancel_all(struct engine *en, const struct piece *p); /* NULL: every piece */
/* Carries all queued events to their takes, does due retries, commits the journal when it is time. */
void engine_step(struct engine *en);
int engine_wait_ms(const struct engine *en);                /* until the next retry or journal commit, -1: none */
bool engine_busy(const struct engine *en, const struct piece *p); /* NULL: any */
double engine_rate(const struct engine *en, const struct piece *p); /* texts per second of its runs, < 0: none runs */
/* The run that writes this generation of the piece; NULL: none does. */
const struct job *engine_job(const struct engine *en, const struct piece *p, int generation);

/* For many runs at once. What is started while the engine is held is neither kept nor sent before engine_let_go(), which first writes all of it
 * in one durable transaction, together with the ends that wait (en->together_ms); `inside` (may be NULL) adds its own. False: the library did
 * not take it; then en->lost, nothing is sent, and all that can be done is to end. */
void engine_hold(struct engine *en);
bool engine_let_go(struct engine *en, bool (*inside)(void *ctx, struct err *e), void *ctx, struct err *e) MUST_USE;
/* Only what has ended. False: as above. */
bool engine_keep_together(struct engine *en, bool (*inside)(void *ctx, struct err *e), void *ctx, struct err *e) MUST_USE;

#endif
