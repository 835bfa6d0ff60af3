/* What the writer types to search the library, read into words and filters. Knows no table.
 *
 *     秋夜 "wind and rain" project:letters model:qwen server:desk tag:诗 state:stopped ★>=3 temperature>0.8
 *     before:2026-10 after:2026-10-05 is:trash
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
};

bool query_parse(struct query *q, struct span text, struct err *e) MUST_USE;
const struct filter *query_filter(const struct query *q, enum filter_kind kind); /* the first of its kind, or NULL */

#endif
