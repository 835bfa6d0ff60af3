/* What stands behind a place of the page, and copies of it for another branch. A copy of a take's passage refers to the take again; only one
 * that is cut gets a text of its own. Draws nothing. */
#ifndef RENGA_APP_TAIL_H
#define RENGA_APP_TAIL_H

#include "app/desk/page.h"

/* A place of the page: `offset` bytes into the text of `passage`, which may be its end. Passage -1: before everything. */
struct spot {
    int passage;
    size_t offset;
};

/* The place of byte `at`; where two passages meet, the end of the first. Syncs the page. */
struct spot tail_spot(struct page *pg, size_t at);
/* False, with a sentence, while a take that stands behind it on the page, or that it lies in, is being written. */
bool tail_is_still(const struct page *pg, struct spot spot, struct err *e) MUST_USE;
/* Cuts the passage at the spot in two where it lies inside of it; the passage that then ends there, -1: the root. The page stays as it is. */
bool tail_cut(struct page *pg, struct spot spot, int *above, struct err *e) MUST_USE;
/* Copies what stands behind `spot` on the way to `leaf` below passage `below`. Returns the last copy, `below` itself when there is nothing. */
int tail_grow(struct piece *p, struct spot spot, int leaf, int below);

#endif
