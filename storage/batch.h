/* What became of each line of a file that `renga batch` works through, so that it goes on where it stopped. Rows know a batch and an item by
 * what names them; the answers themselves are generations like any other. All of this may stand within store_together(). */
#ifndef RENGA_STORAGE_BATCH_H
#define RENGA_STORAGE_BATCH_H

#include "storage/store.h"

enum batch_state {
    BATCH_OPEN,      /* never asked, or not answered whole: failed, stopped, interrupted */
    BATCH_DONE,      /* every take of it is done */
    BATCH_ELSEWHERE, /* another living renga is asking it */
};
struct batch_item {
    enum batch_state state;
    int64_t generation; /* the last that asked it, 0: none */
    bool written;       /* its result stands in the batch's file of results */
};

/* The batch of this name, made when it is new. */
bool batch_find(struct store *s, struct span name, int64_t *batch, struct err *e) MUST_USE;
bool batch_item(struct store *s, int64_t batch, struct span item, struct batch_item *out, struct err *e) MUST_USE;
/* The item is asked by this generation from now on. */
bool batch_asked(struct store *s, int64_t batch, struct span item, int64_t generation, struct err *e) MUST_USE;

/* The file of results and how long it was when all that is marked as written had been written; "" and 0: none yet. */
bool batch_results(struct store *s, int64_t batch, struct str *path, int64_t *size, struct err *e) MUST_USE;
/* Sets them. Another path than before: nothing is written there yet, and no item counts as written. */
bool batch_set_results(struct store *s, int64_t batch, struct span path, int64_t size, struct err *e) MUST_USE;
bool batch_unwrite(struct store *s, int64_t batch, struct err *e) MUST_USE; /* no item counts as written */
bool batch_written(struct store *s, int64_t batch, struct span item, struct err *e) MUST_USE;

#endif
