/* The page: the path through a piece's tree, laid out as one editable text. Carries what the writer edits back into passages and what
 * streams in onto the page. Knows no screen and no library. */
#ifndef RENGA_APP_PAGE_H
#define RENGA_APP_PAGE_H

#include "core/buffer.h"
#include "core/story.h"

/* Owners in the buffer are passage indices + 1. */
struct page {
    struct piece *piece;     /* owned by the caller */
    struct buffer *buf;      /* owned */
    uint64_t synced;         /* version of the buffer that the passages hold */
};

void page_init(struct page *pg);
void page_release(struct page *pg);
/* Lays out the piece's page; the history starts anew, also when passages of the page were cut or joined. */
void page_open(struct page *pg, struct piece *p);

/* `passage` was cut in two at byte `at` of the page: what stands before is `upper`'s, also where undoing brings it back. */
void page_part(struct page *pg, int passage, size_t at, int upper);
/* The ink of what the writer types at `at`: the passage there, as its edit when a model wrote it. At the end below what is not the
 * writer's, or above a fork, a new passage begins. */
struct ink page_ink(struct page *pg, size_t at);
/* Carries the edits into the passages (marking them dirty). Returns true when anything differed. */
bool page_sync(struct page *pg);
/* The last passage of the page that holds text (or is still being written), -1: an empty page. New takes hang here. */
int page_tip(struct page *pg);
/* Shows the page that ends in `leaf`; recorded as a step that undo takes back. Returns the offset from which the text changed. */
size_t page_go(struct page *pg, int leaf);
/* Text arrived for the take that `passage` shows: `span` was already added to the take. Returns false when the passage is not on the
 * page; else *at and *len say what was inserted. */
bool page_take_grew(struct page *pg, int passage, struct span text, size_t *at, size_t *len);
/* What the model had written of a take that is still being written was no part of it: takes the last stretch of it off the page, leaving
 * what the writer put in between. False: there is none left; else *at and *len say what was taken away. */
bool page_take_back(struct page *pg, int passage, size_t *at, size_t *len);
/* One step back or on through edits and takes alike. The caret belongs at *caret afterwards. False: nothing to do. */
bool page_undo(struct page *pg, size_t *caret);
bool page_redo(struct page *pg, size_t *caret);

/* The passage whose takes flip: the nearest one at or above `from` that has siblings; -1: none. */
int page_flip_point(struct page *pg, int from);
/* The passage at an offset, -1 on an empty page; and where a passage begins. */
int page_passage_at(struct page *pg, size_t at);
bool page_passage_range(struct page *pg, int passage, size_t *from, size_t *to);
/* Gives a passage of the page another text, with its runs as a passage keeps them, as one edit. False: it holds nothing on the page. */
bool page_rewrite(struct page *pg, int passage, struct span text, struct span runs);
/* The passage that shows a take, unchanged where there is one that does; -1: none. */
int page_passage_of_take(const struct piece *p, int take);

#endif
