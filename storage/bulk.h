/* One act on many generations, in one transaction, with all that taking it back needs; and the trash. Knows no screen. */
#ifndef RENGA_STORAGE_BULK_H
#define RENGA_STORAGE_BULK_H

#include "storage/store.h"

enum bulk_kind {
    BULK_TRASH,   /* those that are still being written are passed over */
    BULK_UNTRASH,
    BULK_TAG,
    BULK_UNTAG,
    BULK_MOVE,    /* the pieces of the generations into a project */
};

struct bulk {
    enum bulk_kind kind;
    struct str tag;
    int64_t project;
    int64_t *changed; /* what did change: generations, or for BULK_MOVE pieces … */
    int64_t *was;     /* … and the project where each of them lay */
    int count, cap;
};
/* Fills `b` with what changed; the caller releases it. Nothing is done when it fails. */
bool store_bulk(struct store *s, struct bulk *b, const int64_t *generations, int count, struct err *e) MUST_USE;
bool store_bulk_undo(struct store *s, const struct bulk *b, struct err *e) MUST_USE;
void bulk_release(struct bulk *b);

/* The best rated take of a generation, the first where none is; 0: it has none. */
int64_t store_best_take(struct store *s, int64_t generation);

/* -- the trash ------------------------------------------------------------------------------------------------------------------------ */

struct trash_count {
    int64_t generations, passages, pieces;
};
bool store_trash_count(struct store *s, struct trash_count *out, struct err *e) MUST_USE;
/* The trash being emptied, a portion at a time. */
struct trash_emptying {
    int64_t open;          /* this piece is passed over: it lies on the desk */
    int64_t gone, kept;    /* rows deleted; generations that a page outside the trash still shows */
    int64_t at_ms, at;     /* generations are looked at from the one trashed longest ago on: the last one */
    bool over;
};
/* Deletes for good what lies in the trash, for about `budget_us`: passages with all below them, pieces with all they hold, and generations, with
 * the unchanged takes of theirs that end beside a page. What a page outside the trash still shows stays. Begin with a zeroed struct and call until
 * it is over. */
bool store_trash_empty(struct store *s, struct trash_emptying *t, int64_t budget_us, struct err *e) MUST_USE;

#endif
