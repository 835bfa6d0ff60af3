/* What the writer types to search the library, read into words and filters. Knows no table.
 *
 *     秋夜 "wind and rain" project:letters model:qwen server:desk tag:诗 state:stopped ★>=3 temperature>0.8
 *     before:2026-10 after:2026-10-05 is:trash sort:rating
 *
 * What does not look like a filter is a word. Full-width ： and ≥ ≤ count as : >= <=, since input methods write them. */
#ifndef RENGA_STORAGE_QUERY_H
#define RENGA_STORAGE_QUERY_H

#include "core/story.h"

#define QUERY_WORDS_MAX 32
#define QUERY_FILTERS_MAX 16

enum filter_kind {
    FILTER_PROJECT, /* text: a part of the name, in any case; MODEL and SERVER too */
    FILTER_MODEL,
    FILTER_SERVER,
    FILTER_TAG,     /* text: the whole tag */
    FILTER_STATE,
    FILTER_RATING,  /* compare, number */
    FILTER_DIAL,    /* dial, compare, number */
    FILTER_BEFORE,  /* time_ms: strictly before its first moment */
    FILTER_AFTER,   /* time_ms: from its first moment on */
    FILTER_TRASH,
};

enum query_sort {
    SORT_TIME,   /* the newest first */
    SORT_RATING, /* the best rated first; then the newest; so the others too */
    SORT_MODEL,  /* by the model's name */
    SORT_LENGTH, /* the longest take first */
    SORT_BEST,   /* where the words stand most often, among the newest matches */
    SORT_COUNT
};
const char *query_sort_name(enum query_sort sort); /* "time" … */
bool query_sort_parse(struct span name, enum query_sort *sort);

struct filter {
    enum filter_kind kind;
    const char *compare; /* "<", "<=", "=", ">=" or ">" */
    enum dial_id dial;
    enum take_state state;
    double number;
    int64_t time_ms;
    struct span text;    /* borrowed from the query */
};

struct query {
    struct span words[QUERY_WORDS_MAX]; /* borrowed from the query, without their quotes */
    int word_count;
    bool beginning;                     /* the last word may still be being typed: "autu" finds autumn. In quotes, or before a space, it is whole */
    struct filter filters[QUERY_FILTERS_MAX];
    int filter_count;
    enum query_sort sort;
};

/* The names of all filters and what they are for, as rows that end with a NULL name; `sign` is what follows the name. */
struct query_help {
    const char *name, *sign, *help; /* help: N_() */
};
extern const struct query_help query_filters_help[];

/* False with a sentence that names the word and its column. */
bool query_parse(struct query *q, struct span text, struct err *e) MUST_USE;
const struct filter *query_filter(const struct query *q, enum filter_kind kind); /* the first of its kind, or NULL */

#endif
