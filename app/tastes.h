/* "What I keep": counts which models, presets and dial values the kept takes came from, and tells it in small tables with bars. Knows no screen and
 * no command line. */
#ifndef RENGA_APP_TASTES_H
#define RENGA_APP_TASTES_H

#include "app/config/config.h"
#include "storage/kept.h"

#define TASTES_BINS 8

struct taste {
    struct str name;
    int64_t kept, rated, stars;   /* on a page; rated, and how many stars in all */
};

struct taste_table {
    struct taste *rows;
    int count, cap;
};

struct tastes {
    const struct config *config;  /* the writer's own presets */
    struct kept_walk walk;
    struct taste_table models, presets;
    int64_t kept, rated, looked;  /* looked: takes in all */
    int64_t dials[DIAL_COUNT];    /* how many had it turned on */
    struct taste_table values[DIAL_COUNT];
};

void tastes_open(struct tastes *t, struct store *s, const struct config *config);
void tastes_release(struct tastes *t);
/* Goes on for about `budget_us`, 0: to the end; t->walk.over tells whether that was all. */
bool tastes_step(struct tastes *t, int64_t budget_us, struct err *e) MUST_USE;
/* The tables as text, at most `columns` wide. */
void tastes_tell(struct tastes *t, int columns, struct str *out);

#endif
