/* What a writer does to the tree of a piece's passages: cut, join, put in another order, throw away, and take all of it back. No text is
 * ever lost: every way from the root to a leaf reads the same after a cut and after a joining. Knows no page, no screen and no library. */
#ifndef RENGA_CORE_TREE_H
#define RENGA_CORE_TREE_H

#include "core/story.h"

/* How one passage was before a change. */
struct tree_note {
    int passage, parent, chosen, position, take;
    enum author author;
    unsigned marks;
    bool own_text, trashed;
    bool with_text;             /* text, runs and name count */
    struct str text, runs, name;
};

/* One change, to be taken back. Zeroed memory is an empty one. */
struct tree_change {
    struct tree_note *notes;    /* owned; the latest last */
    int count, cap;
    int passage;                /* what it was done to */
    int leaf, root_chosen;      /* of the piece before it */
    bool text;                  /* passages were cut or joined: a page that is laid out must be laid out anew */
};
void tree_change_release(struct tree_change *c);
/* Puts everything that the change touched back to how it was. The change is released. */
void tree_take_back(struct piece *p, struct tree_change *c);

/* All of these fill `c`, an empty change, and leave it empty when they fail. */

/* Cuts a passage in two at byte `at` of its text, a cluster border inside it. The upper half is a new passage in its place, with the same
 * author and take; the lower half stays what it was, with everything below it. Returns the upper half, or -1 with the reason. */
int tree_split(struct piece *p, int passage, size_t at, struct tree_change *c, struct err *e);
/* Joins a passage with the only one below it, which gets its text and its place; the passage itself goes to the trash as it was. Returns the
 * joined passage, or -1 with the reason. */
int tree_join(struct piece *p, int passage, struct tree_change *c, struct err *e);
/* Moves a passage `step` places among its siblings (-1: up). False: there it ends. */
bool tree_move(struct piece *p, int passage, int step, struct tree_change *c);
/* Puts a passage, with all below it, into the trash; the page, if it ran through it, is not changed. False with the reason: a take there is
 * still being written. */
bool tree_trash(struct piece *p, int passage, struct tree_change *c, struct err *e) MUST_USE;
void tree_name(struct piece *p, int passage, struct span name, struct tree_change *c);
void tree_mark(struct piece *p, int passage, unsigned mark, bool on, struct tree_change *c);

/* True when `passage` is `above` or stands somewhere below it. */
bool tree_is_below(const struct piece *p, int passage, int above);
/* The next passage in reading order, everything below `top` (-1: the whole piece) and without the trash; -1: the end. Start with `top`
 * itself, or for the whole piece with -1. */
int tree_next(const struct piece *p, int passage, int top);
/* What the page shows once `passage` is gone: the line of a sibling, a take before others, else the parent. */
int tree_neighbour(const struct piece *p, int passage);

#endif
