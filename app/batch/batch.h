/* Works through a file of prompts: so many at once as the server is allowed, every line a generation of the library, and the state of every
 * line in the library too, so that the work goes on wherever it was cut off. Holds a few lines at a time. Knows no terminal. */
#ifndef RENGA_APP_BATCH_H
#define RENGA_APP_BATCH_H

#include "app/batch/line.h"
#include "app/batch/results.h"
#include "app/engine/engine.h"

struct batch_plan {
    const char *path;               /* of the file of prompts */
    const char *results;            /* as batch_results_open() takes it */
    struct span command;            /* what else makes it this batch and no other: options that change what is asked */
    const char *project;            /* NULL: the default one */
    const struct server *server;
    const struct request *request;  /* the defaults that lines change */
    int parallel;                   /* requests at once */
    int retries;                    /* of what failed, within this run */
    bool skip_broken;
};

/* What became of the lines, in this run or (`before`) in earlier ones. */
struct batch_counts {
    int64_t lines;                  /* that can be read */
    int64_t broken, before, done, failed, elsewhere;
    int64_t tokens;                 /* of what was done in this run */
    int in_a_row;                   /* failures since the last success that look as if the server were gone */
};

struct batch;

/* Reads the whole file once: every line must be sound, unless broken ones are passed over. `told` is called for the first few of them. */
struct batch *batch_new(const struct batch_plan *plan, struct engine *en, struct source *source,
                        void (*told)(void *ctx, int64_t line, const char *why), void *ctx, struct err *e);
void batch_free(struct batch *b);
const struct batch_counts *batch_counts(const struct batch *b);
/* Starts what there is room for and keeps what has ended. To be called before every turn of the loop; *more is false when all is done. False:
 * the library or the file of results cannot be written, and the batch must end. */
bool batch_step(struct batch *b, bool *more, struct err *e) MUST_USE;
/* Milliseconds until batch_step() has something to do though nothing happened, -1: nothing. */
int batch_wait_ms(const struct batch *b);
/* Starts nothing new any more; what runs is stopped and kept. */
void batch_stop(struct batch *b);

#endif
