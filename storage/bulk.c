#include "storage/bulk.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/store_parts.h"

#include <stdlib.h>
#include <string.h>

void bulk_release(struct bulk *b)
{
    str_release(&b->tag);
    free(b->changed);
    free(b->was);
    *b = (struct bulk){0};
}

static void note(struct bulk *b, int64_t id, int64_t was)
{
    if (b->count == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 16;
        b->changed = mem_grow(b->changed, (size_t)b->cap, sizeof *b->changed);
        b->was = mem_grow(b->was, (size_t)b->cap, sizeof *b->was);
    }
    b->changed[b->count] = id;
    b->was[b->count++] = was;
}

/* -- one of them -------------------------------------------------------------------------------------------------------- */

static bool set_trashed(struct store *s, int64_t generation, bool on, struct err *e)
{
    static const char in[] = "UPDATE generations SET trashed_at = ?1, changed_at = max(?1, coalesce(changed_at, 0) + 1) "
                             "WHERE id = ?2 AND trashed_at IS NULL AND NOT EXISTS "
                             "(SELECT 1 FROM takes WHERE generation = ?2 AND state IN ('waiting', 'writing'))";
    static const char out[] = "UPDATE generations SET trashed_at = NULL, changed_at = max(?1, coalesce(changed_at, 0) + 1) "
                              "WHERE id = ?2 AND trashed_at IS NOT NULL";
    return db_run(&s->db, on ? in : out, WITH(as_int(clock_wall_ms()), as_int(generation)), e);
}

static bool has_tag(struct store *s, int64_t generation, struct span tag, bool *has, struct err *e)
{
    int64_t found = 0;
    bool ok = db_integer(&s->db, "SELECT count(*) FROM tags WHERE tag = ? AND generation = ?", WITH(as_text(tag), as_int(generation)),
                         &found, e);
    *has = found > 0;
    return ok;
}

static bool tag_one(struct store *s, struct bulk *b, int64_t generation, bool on, struct err *e)
{
    bool has = false;
    int rows = 0;
    if (!has_tag(s, generation, str_span(&b->tag), &has, e))
        return false;
    if (has == on)
        return true;
    if (!tag_write(s, generation, str_span(&b->tag), on, &rows, e))
        return false;
    if (rows)
        note(b, generation, 0);
    return true;
}

static bool set_project(struct store *s, int64_t piece, int64_t project, struct err *e)
{
    return db_run(&s->db, "UPDATE pieces SET project = ?1, changed_at = ?2 WHERE id = ?3 AND project <> ?1",
                  WITH(as_int(project), as_int(clock_wall_ms()), as_int(piece)), e);
}

static bool move_one(struct store *s, struct bulk *b, int64_t generation, struct err *e)
{
    int64_t piece = 0, was = 0;
    if (!db_integer(&s->db, "SELECT piece FROM generations WHERE id = ? AND piece IS NOT NULL", WITH(as_int(generation)), &piece, e) ||
        (piece && !db_integer(&s->db, "SELECT project FROM pieces WHERE id = ?", WITH(as_int(piece)), &was, e)))
        return false;
    if (!piece || was == b->project)
        return true;
    note(b, piece, was);
    return set_project(s, piece, b->project, e);
}

static bool do_one(struct store *s, struct bulk *b, int64_t generation, struct err *e)
{
    bool trash = b->kind == BULK_TRASH, ok = true;
    switch (b->kind) {
    case BULK_TRASH:
    case BULK_UNTRASH:
        ok = set_trashed(s, generation, trash, e);
        if (ok && db_changes(&s->db))
            note(b, generation, 0);
        return ok;
    case BULK_TAG:
    case BULK_UNTAG:
        return tag_one(s, b, generation, b->kind == BULK_TAG, e);
    case BULK_MOVE:
        return move_one(s, b, generation, e);
    }
    return true;
}

/* -- all of them ---------------------------------------------------------------------------------------------------------- */

bool store_bulk(struct store *s, struct bulk *b, const int64_t *generations, int count, struct err *e)
{
    bool tags = b->kind == BULK_TAG || b->kind == BULK_UNTAG;
    b->count = 0;
    if (tags)
        str_set(&b->tag, span_trim(str_span(&b->tag)));
    if ((tags && !tag_fits(str_span(&b->tag), e)) || !db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = true;
    for (int i = 0; ok && i < count; i++)
        ok = do_one(s, b, generations[i], e);
    ok = db_end(&s->db, ok, e);
    if (!ok)
        b->count = 0;
    return ok;
}

static bool undo_one(struct store *s, const struct bulk *b, int i, struct err *e)
{
    int rows = 0;
    switch (b->kind) {
    case BULK_TRASH:
    case BULK_UNTRASH:
        return set_trashed(s, b->changed[i], b->kind == BULK_UNTRASH, e);
    case BULK_TAG:
    case BULK_UNTAG:
        return tag_write(s, b->changed[i], str_span(&b->tag), b->kind == BULK_UNTAG, &rows, e);
    case BULK_MOVE:
        return set_project(s, b->changed[i], b->was[i], e);
    }
    return true;
}

bool store_bulk_undo(struct store *s, const struct bulk *b, struct err *e)
{
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = true;
    for (int i = b->count - 1; ok && i >= 0; i--)
        ok = undo_one(s, b, i, e);
    return db_end(&s->db, ok, e);
}

int64_t store_best_take(struct store *s, int64_t generation)
{
    int64_t take = 0;
    if (!db_integer(&s->db, "SELECT id FROM takes WHERE generation = ? ORDER BY rating DESC, number, id LIMIT 1", WITH(as_int(generation)),
                    &take, NULL))
        return 0;
    return take;
}
