/* The file that a batch adds its results to: each stands in it exactly once, however often the batch is cut short. The library knows up to
 * which byte the file holds what it has marked as written; what stands behind that when the batch goes on is read, and counts. Lines that are
 * not the batch's own stay as they are. */
#ifndef RENGA_APP_BATCH_RESULTS_H
#define RENGA_APP_BATCH_RESULTS_H

#include "storage/batch.h"

struct batch_results {
    int fd;                 /* -1: no file */
    bool pipe;              /* standard output: nothing is remembered */
    struct str path;        /* as the library knows it */
    struct str held;        /* lines that go out with the next write */
    struct str names;       /* items whose lines are in the file and not yet marked, a line each */
    int64_t size;           /* of the file with everything that was written */
};

/* `path` NULL: no results are wanted; "-": they go to standard output. Opens or makes the file, keeps others out, and sees what it holds. */
bool batch_results_open(struct batch_results *r, const char *path, struct store *s, int64_t batch, struct err *e) MUST_USE;
void batch_results_close(struct batch_results *r); /* safe on zeroed memory */
bool batch_results_wanted(const struct batch_results *r);

/* One item's line is complete: `line` without its newline; it begins with {"item":"NAME". */
void batch_results_add(struct batch_results *r, struct span name, struct span line);
/* Writes the lines that were added, and waits until they are on the disk. */
bool batch_results_flush(struct batch_results *r, struct err *e) MUST_USE;
/* Within store_together(): marks what was flushed. */
bool batch_results_mark(struct batch_results *r, struct store *s, int64_t batch, struct err *e) MUST_USE;
void batch_results_marked(struct batch_results *r); /* the transaction was kept */

#endif
