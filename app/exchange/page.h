/* A page as it leaves the house: its text, and who wrote which bytes of it. Knows no format. */
#ifndef RENGA_APP_EXCHANGE_PAGE_H
#define RENGA_APP_EXCHANGE_PAGE_H

#include "core/story.h"
#include "storage/facts.h"

struct stretch {
    size_t from, to;      /* bytes of the text */
    enum author author;
    int take;             /* index into the piece's takes that it came from, -1: none */
};

struct exchange_page {
    struct piece piece;
    struct piece_facts facts;
    struct str title;     /* the piece's, or the label it goes by */
    struct str text;
    struct stretch *stretches;
    int count, cap;
};

/* `prompts`: what the writer asked stands on the page too, as it does on the desk. The page is released by the caller in any case. */
bool exchange_page_load(struct exchange_page *pg, struct store *store, int64_t piece, bool prompts, struct err *e) MUST_USE;
void exchange_page_release(struct exchange_page *pg);
/* The generation that a stretch came from; NULL: the writer's own. */
const struct generation *exchange_page_generation(const struct exchange_page *pg, const struct stretch *s);
const char *exchange_author_name(enum author a);       /* "writer", "model", "edit", "prompt" */
/* "2026-10-05T08:09:10Z". */
void exchange_add_time(struct str *out, int64_t unix_ms);

#endif
