/* What the files of the search share: filters as SQL, the texts of a candidate, hits as they are shown, the writer's own pages. Only for
 * storage/. */
#ifndef RENGA_STORAGE_SEARCH_PARTS_H
#define RENGA_STORAGE_SEARCH_PARTS_H

#include "storage/query.h"
#include "storage/store_parts.h"

/* -- search_plan.c ---- */

#define PLAN_VALUES_MAX (QUERY_FILTERS_MAX + 6)

/* A statement in the making. Its values borrow from the query and from the plan itself: both stay until the statement is finalized. */
struct plan {
    struct str sql;
    struct value values[PLAN_VALUES_MAX];
    int value_count;
    struct str patterns[QUERY_FILTERS_MAX];
    int pattern_count;
};
void search_plan_release(struct plan *plan);
void search_plan_add(struct plan *plan, const char *sql, struct value value);
/* " AND …" about generation g, its piece p and its project j. */
void search_plan_filter(struct plan *plan, const struct filter *f);
/* What narrows the writer's own text: the project, and when it was last changed, which `changed` names. */
void search_plan_page_filters(struct plan *plan, const struct query *q, const char *changed);
/* The ids of all generations that the filter lets through (some twice), as a statement that has an index; false: there is none for it. */
bool search_plan_list(struct plan *plan, const struct filter *f);
/* All words of the query as one expression of the index for a volume: quoted phrases side by side, which must all occur. "" : the index
 * knows none of them. */
void search_plan_match(struct str *out, const struct query *q, int volume);

/* -- search_hits.c ---- */

/* What is compared letter by letter: the prompt and the takes of a candidate. */
struct texts {
    struct str prompt;
    struct take_text {
        int64_t id;
        int rating;
        enum take_state state;
        struct str text;
    } * takes;
    int count, cap;
};
void texts_release(struct texts *t);
bool texts_read(struct store *s, int64_t generation, struct span prompt, struct texts *t, struct err *e) MUST_USE;
bool texts_hold_all(const struct texts *t, const struct query *q);
int texts_best_rating(const struct texts *t);
int64_t texts_longest(const struct texts *t); /* in characters */
double texts_score(const struct texts *t, const struct query *q); /* how much they speak of the words (BM25 without the rarity of words) */

/* The columns of a candidate, in the order in which hit_show() takes them; FROM generations g. */
#define HIT_COLUMNS "g.id, g.piece, g.sent_at, g.prompt, g.model, g.resolved, g.server, j.name"
#define HIT_JOINS   " LEFT JOIN pieces p ON p.id = g.piece LEFT JOIN projects j ON j.id = p.project "
void hit_show(sqlite3_stmt *row, const struct texts *t, const struct query *q, struct hit *h);
/* The line around an offset, not more than a screen wants of it; the first line with something in it, taken off the front. */
struct span hit_line_at(struct span text, size_t at);
struct span hit_take_line(struct span *text);
ptrdiff_t hit_find_word(const struct query *q, struct span text); /* the first of the words that stands there; -1 */

/* -- search_pages.c: inside a transaction ---- */

/* The writer's own pages that a query finds, newest first; in the trash: the passages and pieces that lie there. */
struct page_walk {
    struct store *s;
    const struct query *q;
    struct plan plan;
    sqlite3_stmt *rows;
    struct str match;
    int volume;       /* of passages, the one that is next */
    int walked;
    struct hit *hits; /* what was found, at most `room` */
    int count, cap, room;
    bool over;
};
bool page_walk_open(struct page_walk *w, struct store *s, const struct query *q, int room, struct err *e) MUST_USE;
bool page_walk_step(struct page_walk *w, struct err *e) MUST_USE; /* one volume further */
void page_walk_close(struct page_walk *w);

#endif
