#include "core/clock.h"
#include "core/mem.h"
#include "storage/store_parts.h"
#include "storage/uid.h"

#include <stdlib.h>

/* Inside a transaction. */
static bool write_head(struct store *s, const struct piece *p, int64_t now, struct err *e)
{
    const struct notes *n = &p->notes;
    return !n->dirty || db_run(&s->db, "UPDATE pieces SET memory = ?, note = ?, note_depth = ?, changed_at = ? WHERE id = ?",
                               WITH(as_text(str_span(&n->memory)), as_text(str_span(&n->note)), as_int(n->depth), as_int(now), as_int(p->id)), e);
}

static bool add_lore(struct store *s, const struct piece *p, const struct lore *l, int64_t now, int64_t *id, struct err *e)
{
    struct uid uid = uid_make(now);
    if (!db_run(&s->db, "INSERT INTO lore(uid, piece, changed_at, enabled, keys, text) VALUES(?, ?, ?, ?, ?, ?)",
                WITH(as_text(uid_span(&uid)), as_int(p->id), as_int(now), as_int(l->enabled), as_text(str_span(&l->keys)),
                     as_text(str_span(&l->text))),
                e))
        return false;
    *id = db_last_id(&s->db);
    return true;
}

static bool write_lore(struct store *s, const struct lore *l, int64_t now, struct err *e)
{
    return db_run(&s->db,
                  "UPDATE lore SET changed_at = ?, enabled = ?, keys = ?, text = ?, trashed_at = iif(?, coalesce(trashed_at, ?), NULL) "
                  "WHERE id = ?",
                  WITH(as_int(now), as_int(l->enabled), as_text(str_span(&l->keys)), as_text(str_span(&l->text)), as_int(l->trashed),
                       as_int(now), as_int(l->id)),
                  e);
}

static bool write_notes(struct store *s, struct piece *p, int64_t *ids, struct err *e)
{
    int64_t now = clock_wall_ms();
    if (!write_head(s, p, now, e))
        return false;
    for (int i = 0; i < p->notes.lore_count; i++) {
        struct lore written = p->notes.lore[i];
        if (!written.dirty)
            continue;
        if (!written.id && !add_lore(s, p, &written, now, &written.id, e))
            return false;
        ids[i] = written.id;
        if (!write_lore(s, &written, now, e))
            return false;
    }
    return true;
}

static bool is_dirty(const struct notes *n)
{
    bool dirty = n->dirty;
    for (int i = 0; i < n->lore_count; i++)
        dirty = dirty || n->lore[i].dirty;
    return dirty;
}

bool store_notes_save(struct store *s, struct piece *p, struct err *e)
{
    if (!is_dirty(&p->notes))
        return true;
    int64_t *ids = mem_new((size_t)p->notes.lore_count + 1, sizeof *ids);
    bool ok = db_begin(&s->db, DB_DURABLE, e) && db_end(&s->db, write_notes(s, p, ids, e), e);
    for (int i = 0; ok && i < p->notes.lore_count; i++) {
        if (ids[i])
            p->notes.lore[i].id = ids[i];
        p->notes.lore[i].dirty = false;
    }
    p->notes.dirty = p->notes.dirty && !ok;
    free(ids);
    return ok;
}

bool notes_load(struct store *s, struct piece *p, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, "SELECT memory, note, note_depth FROM pieces WHERE id = ?", WITH(as_int(p->id)), e);
    int row = db_step(&s->db, q, e);
    if (row > 0) {
        int64_t depth = column_int(q, 2);
        str_set(&p->notes.memory, column_text(q, 0));
        str_set(&p->notes.note, column_text(q, 1));
        p->notes.depth = depth < 0 ? 0 : depth > NOTE_DEPTH_MAX ? NOTE_DEPTH_MAX : (int)depth;
        db_stop(q);
    }
    if (row < 0)
        return false;
    q = db_ask(&s->db, "SELECT id, enabled, trashed_at, keys, text FROM lore WHERE piece = ? ORDER BY id", WITH(as_int(p->id)), e);
    while ((row = db_step(&s->db, q, e)) > 0) {
        struct lore *l = notes_add_lore(&p->notes, column_text(q, 3), column_text(q, 4));
        l->id = column_int(q, 0);
        l->enabled = column_int(q, 1) != 0;
        l->trashed = !column_is_null(q, 2);
        l->dirty = false;
    }
    return row == 0;
}
