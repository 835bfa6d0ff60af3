/* The tree of a piece as rows below one another: what the tree's view lists. Knows no screen.
 *
 * The line that was chosen at each fork goes straight on, below the branches beside it; so a page is one straight line however often it
 * forks, and only what stands beside a line is set in. */
#ifndef RENGA_CORE_OUTLINE_H
#define RENGA_CORE_OUTLINE_H

#include "core/story.h"

struct outline_row {
    int passage;
    int depth;        /* how many lines it stands beside */
    int beside;       /* row of the head of the branch that it belongs to, -1: the first line; of a head: of the branch it leaves */
    int number, of;   /* among its siblings, from 1 */
    bool head;        /* the first of a branch beside a line */
    bool ends;        /* of a head: no line goes on below it */
    bool on_page;
    int hidden;       /* passages below it that a fold hides */
};

struct outline {
    struct outline_row *rows; /* owned */
    int count, cap;
    int *row_of;              /* per passage: its row, -1: hidden or in the trash. Owned. */
    int passages;
};
void outline_release(struct outline *o);
/* `top`: the passage that the rows begin with, -1: the whole piece. Folds are read from the passages' marks. */
void outline_make(struct outline *o, const struct piece *p, int top);

#endif
