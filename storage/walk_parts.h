/* The inside of a search that gives way: what its files share. Only for storage/walk*.c. */
#ifndef RENGA_STORAGE_WALK_PARTS_H
#define RENGA_STORAGE_WALK_PARTS_H

#include "storage/search_parts.h"
#include "storage/walk.h"

#define WALK_BEST_MAX 2000

/* Where one way of searching gives place to another; tests make them small, so that a small library goes all ways. */
struct walk_limits {
    int gather;  /* so many matches are put in order by themselves */
    int list;    /* a filter that so many fit is read from its index at once: a millisecond or two … */
    int project; /* … and of a project fewer, since its pieces are read too */
};
extern struct walk_limits walk_limits;

/* A stretch of generations with one spelling in the index. */
struct segment {
    int64_t low, high;
    int volume;
};

/* Where a generation stands in an order: first by key or name, then by id. */
struct place {
    int64_t id, key;
    double score;
    char *name; /* owned; by model only */
};

/* Where candidates come from. */
enum driver {
    DRIVE_WORDS,  /* the word index, a segment at a time */
    DRIVE_WINDOW, /* every generation, a thousand at a time */
    DRIVE_LIST,   /* ids that are known, in the order of the list */
    DRIVE_STREAM, /* an index in another order, a portion of ids at a time */
};

struct walk {
    struct store *s;
    char *text;
    struct query q;
    bool words;                    /* the index knows at least one of them */
    struct segment *segments;
    int segment_count;
    int segment;                   /* the current one, and below which id it goes on */
    int64_t below;
    int64_t window;                /* the oldest id of the window that is read */
    enum driver driver, source;    /* source: the driver that finds all in the order of time */
    sqlite3_stmt *check, *rows, *holds; /* one generation by id; the driver's; whether one generation holds the words */
    struct plan check_plan, rows_plan;
    struct str match;              /* of match_volume; rows and holds are bound to it */
    int match_volume;
    struct place *list;
    int list_count, list_cap, list_at;
    bool gathering;
    int pass;                      /* of an order that an index gives: 5 … 0 stars, or the models by name */
    struct place at;               /* where the stream goes on */
    sqlite3_stmt *stream;
    struct texts texts;
    struct page_walk pages;        /* the writer's own, and how many of them were handed over */
    int pages_given;
    int first;                     /* hits that still go on the first page, 0: it is full */
    int64_t looked, newest, before;
    int64_t letters_left;          /* generations that are looked through letter by letter */
    bool over;
};

/* The row of one generation if it passes the filters, NULL (and `*ok`): it does not. */
sqlite3_stmt *walk_check(struct walk *w, int64_t id, bool *ok, struct err *e);
/* Whether the index finds the words in one generation. */
bool walk_holds_words(struct walk *w, int64_t id, bool *holds, struct err *e) MUST_USE;
int walk_step_row(struct walk *w, sqlite3_stmt *q, struct err *e); /* like db_step(), keeps what is bound */

/* -- walk_order.c ---- */

/* The gathered matches, put into the order of the query, become the list. */
bool order_gathered(struct walk *w, struct err *e) MUST_USE;
bool order_note(struct walk *w, sqlite3_stmt *row, struct err *e) MUST_USE; /* gathers one */
/* Too many to gather: an index gives the order, from `w->before` on. */
bool order_begin(struct walk *w, struct err *e) MUST_USE;
/* The next portion of ids into the list; none: the order is at its end, or goes on with the walk by time. */
bool order_more(struct walk *w, struct err *e) MUST_USE;
/* Whether a candidate belongs into the part of the order where it was met. */
bool order_fits(const struct walk *w, const struct place *p);

#endif
