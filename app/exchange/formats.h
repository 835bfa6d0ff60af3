/* What the formats have in common with one another: a page or some generations become bytes. Only for app/exchange/. */
#ifndef RENGA_APP_EXCHANGE_FORMATS_H
#define RENGA_APP_EXCHANGE_FORMATS_H

#include "app/exchange/exchange.h"
#include "app/exchange/page.h"

/* A generation with its takes. */
struct answer {
    struct generation generation;
    struct take *takes;
    int count;
};

struct format {
    const char *name, *help;
    void (*page)(const struct exchange_page *pg, const struct exchange_look *look, struct str *out);
    /* What stands before, for each, and after all. */
    void (*begin)(struct str *out);
    void (*answer)(const struct answer *a, struct str *out);
    void (*end)(struct str *out);
};

void markdown_page(const struct exchange_page *pg, const struct exchange_look *look, struct str *out);
void markdown_answer(const struct answer *a, struct str *out);
void text_page(const struct exchange_page *pg, const struct exchange_look *look, struct str *out);
void text_answer(const struct answer *a, struct str *out);
void html_page(const struct exchange_page *pg, const struct exchange_look *look, struct str *out);
void html_begin(struct str *out);
void html_answer(const struct answer *a, struct str *out);
void html_end(struct str *out);

#endif
