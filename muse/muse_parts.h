/* The muse from inside: its models as they are opened, and the runs under way. For muse.c and source_muse.c alone. */
#ifndef RENGA_MUSE_MUSE_PARTS_H
#define RENGA_MUSE_MUSE_PARTS_H

#include "muse/muse.h"
#include "muse/vocab.h"
#include "muse/wish.h"

#include <sys/types.h>

/* A model that has been opened: what poets write with. */
struct mind {
    char *model;                  /* "muse", or a voice */
    char *path;                   /* its file, */
    ino_t file;                   /* as it was when it was opened */
    time_t changed;
    enum form_language language;
    struct pack pack;
    struct vocab *vocab;
};

struct muse_run;

struct muse {
    char *packs, *voices;
    struct mind **minds;          /* stay until the end */
    int mind_count, mind_cap;
    struct muse_run **runs;
    int run_count, run_cap;
    int next;                     /* whose turn it is */
};

/* The mind of that name ("" : the base), opened when it is not yet; the base for a language that the voice does not speak. NULL with a
 * sentence when it cannot be. */
struct mind *muse_mind(struct muse *m, struct span model, enum form_language language, struct err *e) MUST_USE;

/* What is wished: the prompt's end, behind as much of the page as is read. */
void muse_read_wish(struct wish *w, const struct request *req);

/* One small piece of work of a run, about 2 ms; false: it is over, and its last event is in the queue. */
bool muse_run_step(struct muse_run *r);
void muse_run_free(struct muse_run *r);

#endif
