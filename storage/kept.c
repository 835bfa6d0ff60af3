#include "storage/kept.h"
#include "core/clock.h"
#include "core/mem.h"
#include "storage/store_parts.h"

#include <stdlib.h>

/* The takes of a page, from its leaf up; a rated take that stands on no page of its own piece comes later. */
static const char page_takes[] =
    "WITH RECURSIVE path(id, steps) AS (SELECT leaf, 0 FROM pieces WHERE id = ?1 UNION ALL"
    " SELECT a.parent, steps + 1 FROM path JOIN passages a ON a.id = path.id WHERE a.parent IS NOT NULL AND steps < 100000)"
    " SELECT a.take FROM path CROSS JOIN passages a ON a.id = path.id WHERE a.take IS NOT NULL";
static const char next_piece[] = "SELECT id FROM pieces WHERE id < ? AND trashed_at IS NULL ORDER BY id DESC LIMIT 1";
static const char next_rated[] = "SELECT id, generation FROM takes WHERE rating > 0 AND rating = ?1 AND generation <= ?2 AND "
                                 "(generation < ?2 OR id < ?3) ORDER BY generation DESC, id DESC LIMIT 50";

void kept_open(struct kept_walk *w, struct store *s)
{
    *w = (struct kept_walk){.s = s, .piece = INT64_MAX, .stars = 5, .generation = INT64_MAX, .take = INT64_MAX};
}

struct receiver {
    void (*take)(void *ctx, const struct kept_take *t);
    void *ctx;
};

static bool hand_over(struct store *s, int64_t take, bool on_page, const struct receiver *r, struct err *e)
{
    static const char what[] = "SELECT t.rating, t.generation, g.trashed_at IS NOT NULL FROM takes t JOIN generations g ON g.id = t.generation "
                               "WHERE t.id = ?";
    sqlite3_stmt *q = db_ask(&s->db, what, WITH(as_int(take)), e);
    int row = db_step(&s->db, q, e);
    if (row <= 0)
        return row == 0;
    struct kept_take t = {.rating = (int)column_int(q, 0), .on_page = on_page};
    int64_t generation = column_int(q, 1);
    bool trashed = column_int(q, 2) != 0 && !on_page;
    struct generation g = {0};
    db_stop(q);
    if (trashed || !generation_load_plain(s, generation, &g, e)) {
        generation_release(&g);
        return trashed;
    }
    t.model = str_span(g.resolved.len ? &g.resolved : &g.model);
    t.server = str_span(&g.server);
    t.dials = &g.dials;
    r->take(r->ctx, &t);
    generation_release(&g);
    return true;
}

struct ids {
    int64_t *ids;
    int count, cap;
};

static bool read_ids(struct store *s, sqlite3_stmt *q, struct ids *out, struct err *e)
{
    int row;
    out->count = 0;
    while ((row = db_step(&s->db, q, e)) > 0) {
        ARRAY_ROOM(out->ids, out->count, out->cap);
        out->ids[out->count++] = column_int(q, 0);
    }
    return row == 0;
}

static bool step_page(struct kept_walk *w, struct ids *ids, const struct receiver *r, struct err *e)
{
    int64_t piece = 0;
    if (!db_integer(&w->s->db, next_piece, WITH(as_int(w->piece)), &piece, e))
        return false;
    w->piece = piece;
    w->pages_done = piece == 0;
    bool ok = piece == 0 || read_ids(w->s, db_ask(&w->s->db, page_takes, WITH(as_int(piece)), e), ids, e);
    for (int i = 0; ok && piece && i < ids->count; i++)
        ok = hand_over(w->s, ids->ids[i], true, r, e);
    return ok;
}

/* Whether a take stands on the page of its piece: every passage above it, and itself, was chosen. */
static bool on_page(struct store *s, int64_t take, bool *is, struct err *e)
{
    static const char question[] =
        "WITH RECURSIVE up(id) AS (SELECT p.leaf FROM passages a JOIN pieces p ON p.id = a.piece WHERE a.take = ?1 AND p.trashed_at IS NULL"
        " UNION SELECT a.parent FROM up JOIN passages a ON a.id = up.id WHERE a.parent IS NOT NULL)"
        " SELECT count(*) FROM passages WHERE take = ?1 AND id IN (SELECT id FROM up)";
    int64_t count = 0;
    bool ok = db_integer(&s->db, question, WITH(as_int(take)), &count, e);
    *is = count > 0;
    return ok;
}

static bool step_rated(struct kept_walk *w, struct ids *ids, const struct receiver *r, struct err *e)
{
    sqlite3_stmt *q = db_ask(&w->s->db, next_rated, WITH(as_int(w->stars), as_int(w->generation), as_int(w->take)), e);
    int row;
    ids->count = 0;
    while ((row = db_step(&w->s->db, q, e)) > 0) {
        ARRAY_ROOM(ids->ids, ids->count, ids->cap);
        ids->ids[ids->count++] = w->take = column_int(q, 0);
        w->generation = column_int(q, 1);
    }
    bool ok = row == 0;
    for (int i = 0; ok && i < ids->count; i++) {
        bool is = false;
        ok = on_page(w->s, ids->ids[i], &is, e) && (is || hand_over(w->s, ids->ids[i], false, r, e));
    }
    if (ids->count == 0) {
        w->stars--;
        w->generation = w->take = INT64_MAX;
    }
    w->over = w->stars == 0;
    return ok;
}

bool kept_step(struct kept_walk *w, int64_t budget_us, void (*take)(void *ctx, const struct kept_take *t), void *ctx, struct err *e)
{
    int64_t end = clock_now_us() + budget_us;
    struct receiver r = {take, ctx};
    struct ids ids = {0};
    bool ok = db_begin(&w->s->db, DB_READ, e);
    if (!ok)
        return false;
    while (ok && !w->over && (budget_us <= 0 || clock_now_us() < end))
        ok = w->pages_done ? step_rated(w, &ids, &r, e) : step_page(w, &ids, &r, e);
    free(ids.ids);
    return db_end(&w->s->db, ok, e);
}
