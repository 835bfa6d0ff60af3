/* What is compared: takes and passages with their lines, with where every byte of them comes from, and how they were asked for. Knows no
 * screen. */
#ifndef RENGA_APP_COMPARE_SIDES_H
#define RENGA_APP_COMPARE_SIDES_H

#include "core/diff.h"
#include "core/runs.h"
#include "core/story.h"
#include "storage/store.h"

struct side {
    int number;               /* how the writer calls it, from 1 */
    int64_t take;             /* library id, 0: it is no take */
    int passage;              /* of the open piece, -1: of another or of none */
    bool edited;              /* the writer has changed the take */
    bool own;                 /* no take, and not all cut from takes: the writer's own */
    enum take_state state;
    int rating;
    bool asked;               /* `generation` is known */
    struct generation generation;
    struct str text;          /* without blank lines at its ends */
    struct runs inks;         /* of the text; every byte of a take names it as its source */
    struct span *lines;
    int line_count, line_cap;
    struct str title;
};

void side_release(struct side *s);
/* `s` is zeroed; the passage's generation is looked for in the piece. */
void side_from_passage(struct side *s, const struct piece *p, int passage);
/* A take of any piece, as the writer edited it there. On false `s` is to be released all the same. */
bool side_from_library(struct side *s, struct store *store, int64_t take, struct err *e) MUST_USE;
/* Where a line begins in the side's text. */
size_t side_line_start(const struct side *s, int line);
/* "2 · qwen3 · 11-25 14:03 · edited" into s->title. */
void side_entitle(struct side *s);
/* Which lines of some sides stand in the splice, cut from the same take: taken[side][line]. */
void sides_find_taken(struct side *const *sides, int count, struct buffer *splice, bool *const *taken);

/* What the requests of some sides differ in. */
struct fact {
    struct str value[DIFF_TEXTS_MAX]; /* "temperature 0.70"; "" : this one was not asked for */
};
struct facts {
    struct fact *list;
    int count, cap;
    int asked; /* sides whose request is known */
};
void facts_make(struct facts *f, struct side *const *sides, int count); /* `f` is released first */
void facts_release(struct facts *f);

#endif
