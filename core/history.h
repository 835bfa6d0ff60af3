/* What can be undone and redone in a text: edits with the bytes they took and gave, and the caller's own
 * steps. Knows offsets but not the text itself: core/buffer.c applies what lies here. */
#ifndef RENGA_CORE_HISTORY_H
#define RENGA_CORE_HISTORY_H

#include "core/runs.h"

/* A piece of text with its owners. */
struct scrap {
    struct str text;
    struct runs runs;
};

enum entry_kind {
    ENTRY_TYPING,   /* gives bytes, maybe for others; more can be typed at its end */
    ENTRY_ERASING,  /* takes bytes once; the next deletion tells the direction */
    ENTRY_BACKWARD, /* Backspace */
    ENTRY_FORWARD,  /* Delete */
    ENTRY_STEP,     /* the caller's */
};

struct entry {
    enum entry_kind kind;
    uint64_t group; /* what has the same is undone together; never 0 */
    size_t at;      /* where it took and gave; of a step: where the texts before and after part */
    struct scrap removed, inserted;
    int64_t before, after; /* these four: of a step */
    size_t length_before, length_after;
};

/* A step that was handed out to be undone or redone and is being carried out. */
enum carrying { CARRYING_NOTHING, CARRYING_UNDO, CARRYING_REDO };

struct history {
    struct entry *entries;
    size_t count, cap;
    size_t done; /* entries [0, done) can be undone, newest last; [done, count) can be redone, next first */
    uint64_t groups; /* how many there were; the newest one's number */
    uint64_t open;   /* the group that edits go into, 0: each its own */
    bool sealed;
    size_t bytes, limit;
    /* A foreign insertion that the entries do not know yet; a stream makes it longer without a walk over
     * them. */
    size_t foreign_at, foreign_len;
    /* The tail was replaced and no step has claimed it yet: from where on, and the length the text had. */
    bool drifted;
    size_t drift_at, drift_length;
    bool parted; /* it was replaced by one that reads the same */
    size_t part_at;
    enum carrying carrying;
};

void history_release(struct history *h); /* forgets everything; the limit stays */

/* [at, at + removed.len) becomes `inserted`; the runs' lengths add up. */
void history_record(struct history *h, size_t at, const struct scrap *removed, struct span inserted,
                    const struct run *runs, size_t count);
void history_insert_foreign(struct history *h, size_t at, size_t len);
/* Foreign bytes [at, at + len) are gone. Where an entry has some of them itself, what lies on its side of the present is forgotten. */
void history_remove_foreign(struct history *h, size_t at, size_t len);
void history_reset_tail(struct history *h, size_t from, size_t length);
/* The tail is another, but reads the same: a step that follows parts there, for what streams in later is on one side alone. */
void history_same_tail(struct history *h, size_t from);
void history_push_step(struct history *h, int64_t before, int64_t after, size_t length);

/* What was `owner`'s before `at` of the present text is `upper`'s now, in what is done too; what can be redone is dropped. Beyond a step
 * whose other side did not reach as far as `at` nothing is known of it: there the history ends. */
void history_part(struct history *h, size_t at, int64_t owner, int64_t upper);

/* What comes next in that direction, NULL: nothing. Entries' offsets are those of the present text. */
struct entry *history_to_undo(struct history *h);
struct entry *history_to_redo(struct history *h);
/* `length` is the text's after the step that was handed out; drops what can no longer be applied beyond it.
 */
void history_step_done(struct history *h, size_t length);
void history_drop_undo(struct history *h);
void history_drop_redo(struct history *h);
void history_trim(struct history *h);

#endif
