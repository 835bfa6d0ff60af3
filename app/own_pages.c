#include "app/own_pages.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>

#define HITS_AT_ONCE 200
#define STARS_KEPT   3

/* A search walked to its end, page by page. */
struct walk {
    struct store *store;
    bool (*visit)(struct walk *w, const struct hit *h, struct err *e);
    own_pages_take *take;
    void *ctx;
    int64_t *pieces;   /* seen already */
    int piece_count, piece_cap;
};

static bool visit_hits(struct walk *w, const struct hit *hits, int count, int64_t *before, struct err *e)
{
    bool ok = true;
    for (int i = 0; ok && i < count; i++) {
        ok = w->visit(w, &hits[i], e);
        if (hits[i].generation)
            *before = hits[i].generation;
    }
    return ok;
}

static bool walk_search(struct walk *w, struct span query, struct err *e)
{
    struct search search = {.query = query, .limit = HITS_AT_ONCE};
    bool ok = true, more = true;
    while (ok && more) {
        struct hit *hits = NULL;
        int count = 0;
        int64_t before = search.before;
        ok = store_search(w->store, &search, &hits, &count, e) && visit_hits(w, hits, count, &search.before, e);
        more = count == HITS_AT_ONCE && search.before != before;
        for (int i = 0; i < count; i++)
            hit_release(&hits[i]);
        free(hits);
    }
    free(w->pieces);
    return ok;
}

/* -- rated takes ------------------------------------------------------------------------------------------------------------------------------ */

static bool visit_generation(struct walk *w, const struct hit *h, struct err *e)
{
    struct generation g = {0};
    struct take *takes = NULL;
    int count = 0;
    if (!h->generation)
        return true;
    if (!store_generation_load(w->store, h->generation, &g, &takes, &count, e))
        return false;
    for (int i = 0; i < count; i++) {
        if (takes[i].rating >= STARS_KEPT)
            w->take(w->ctx, str_span(&takes[i].text));
        take_release(&takes[i]);
    }
    free(takes);
    generation_release(&g);
    return true;
}

bool own_pages_kept(struct store *s, own_pages_take *take, void *ctx, struct err *e)
{
    struct walk w = {.store = s, .visit = visit_generation, .take = take, .ctx = ctx};
    return walk_search(&w, SPAN("★>=3"), e);
}

/* -- a project's pieces --------------------------------------------------------------------------------------------------------------------- */

static void take_page(struct walk *w, const struct piece *p)
{
    int count = piece_path(p, p->leaf, NULL, 0);
    int *path = mem_new((size_t)count + 1, sizeof *path);
    struct str page = {0};
    piece_path(p, p->leaf, path, count);
    for (int i = 0; i < count; i++) {
        if (p->passages[path[i]].author == AUTHOR_PROMPT)
            str_add_text(&page, "\n\n");
        else
            str_add(&page, passage_text(p, path[i]));
    }
    w->take(w->ctx, str_span(&page));
    str_release(&page);
    free(path);
}

static bool visit_piece(struct walk *w, const struct hit *h, struct err *e)
{
    struct piece p = {0};
    for (int i = 0; i < w->piece_count; i++)
        if (w->pieces[i] == h->piece)
            return true;
    if (!h->piece)
        return true;
    ARRAY_ROOM(w->pieces, w->piece_count, w->piece_cap);
    w->pieces[w->piece_count++] = h->piece;
    piece_init(&p);
    bool ok = store_piece_load(w->store, h->piece, &p, e);
    if (ok)
        take_page(w, &p);
    piece_release(&p);
    return ok;
}

bool own_pages_project(struct store *s, const char *name, own_pages_take *take, void *ctx, struct err *e)
{
    struct walk w = {.store = s, .visit = visit_piece, .take = take, .ctx = ctx};
    struct str query = {0};
    str_printf(&query, "project:\"%s\"", name);
    bool ok = walk_search(&w, str_span(&query), e);
    str_release(&query);
    if (ok && !w.piece_count)
        return err_set(e, ERR_USAGE, _("There is no project “%s” with pieces in the library."), name);
    return ok;
}
