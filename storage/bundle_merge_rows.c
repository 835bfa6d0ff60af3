#include "core/i18n.h"
#include "core/mem.h"
#include "storage/bundle_merge.h"

#include <string.h>

/* -- references ---------------------------------------------------------------------------------------------------- */

bool merge_find(struct bundle_import *b, const struct row *r, int field, int64_t *id, struct err *e)
{
    static const struct {
        const char *table, *sql;
    } finds[] = {{"projects", "SELECT id FROM projects WHERE uid = ?"},
                 {"pieces", "SELECT id FROM pieces WHERE uid = ?"},
                 {"passages", "SELECT id FROM passages WHERE uid = ?"},
                 {"generations", "SELECT id FROM generations WHERE uid = ?"},
                 {"takes", "SELECT id FROM takes WHERE uid = ?"}};
    *id = 0;
    for (size_t i = 0; i < COUNT_OF(finds); i++)
        if (!strcmp(finds[i].table, r->kind->fields[field].refers))
            return db_integer(&b->s->db, finds[i].sql, WITH(as_text(str_span(&r->cells[field].text))), id, e);
    return true;
}

bool merge_missing(const struct row *r, int field, struct err *e)
{
    return err_set(e, ERR_FORMAT, _("it belongs to a %s %s that is not there"), r->kind->fields[field].name, str_text(&r->cells[field].text));
}

/* -- earlier forms of passages ------------------------------------------------------------------------------------- */

static struct uid digest_of(struct span runs, struct span text)
{
    struct str both = {0};
    str_add(&both, runs);
    str_add_byte(&both, '\n');
    str_add(&both, text);
    struct uid digest = uid_of(str_span(&both));
    str_release(&both);
    return digest;
}

static void remember(struct bundle_import *b, int64_t id, int64_t saved_at, struct uid digest)
{
    ARRAY_ROOM(b->past, b->past_count, b->past_cap);
    b->past[b->past_count++] = (struct past){id, saved_at, digest};
}

static bool load_past(struct bundle_import *b, int64_t passage, struct err *e)
{
    struct str runs = {0};
    bool ok = true;
    int row = 0;
    if (b->past_of == passage)
        return true;
    b->past_count = 0;
    b->past_of = passage;
    sqlite3_stmt *q =
        db_ask(&b->s->db, "SELECT id, saved_at, runs, text FROM revisions WHERE passage = ?", WITH(as_int(passage)), e);
    while (ok && (row = db_step(&b->s->db, q, e)) > 0) {
        str_clear(&runs);
        ok = runs_to_uids(&b->s->db, column_text(q, 2), &runs, e);
        remember(b, column_int(q, 0), column_int(q, 1), digest_of(str_span(&runs), column_text(q, 3)));
    }
    if (!ok)
        db_stop(q);
    str_release(&runs);
    return ok && row == 0;
}

static bool insert_past(struct bundle_import *b, int64_t passage, int64_t saved_at, struct span runs, struct span text, struct err *e)
{
    struct str ids = {0};
    bool ok = runs_to_ids(&b->s->db, runs, &ids, e) &&
              db_run(&b->s->db, "INSERT INTO revisions(passage, saved_at, runs, text) VALUES(?, ?, ?, ?)",
                     WITH(as_int(passage), as_int(saved_at), as_text(str_span(&ids)), as_text(text)), e);
    str_release(&ids);
    if (ok)
        remember(b, db_last_id(&b->s->db), saved_at, digest_of(runs, text));
    return ok;
}

bool merge_past(struct bundle_import *b, int64_t passage, int64_t saved_at, struct span runs, struct span text, bool *added, struct err *e)
{
    struct uid digest = digest_of(runs, text);
    *added = true;
    if (!load_past(b, passage, e))
        return false;
    for (int i = 0; i < b->past_count; i++) {
        struct past *p = &b->past[i];
        if (memcmp(&p->digest, &digest, sizeof digest))
            continue;
        *added = false;
        if (p->saved_at <= saved_at)
            return true;
        p->saved_at = saved_at;
        return db_run(&b->s->db, "UPDATE revisions SET saved_at = ? WHERE id = ?", WITH(as_int(saved_at), as_int(p->id)), e);
    }
    return insert_past(b, passage, saved_at, runs, text, e);
}

bool merge_revision(struct bundle_import *b, struct err *e)
{
    const struct row *r = &b->row;
    int64_t passage = 0;
    bool added = false;
    if (!merge_find(b, r, 0, &passage, e))
        return false;
    if (!passage)
        return merge_missing(r, 0, e);
    bool ok = merge_past(b, passage, r->cells[1].integer, str_span(&r->cells[2].text), str_span(&r->cells[3].text), &added, e);
    b->result.added += ok && added;
    return ok;
}

/* -- tags ---------------------------------------------------------------------------------------------------------- */

static bool put_tag(struct bundle_import *b, struct value tag, struct value generation, int64_t at, bool on, struct err *e)
{
    return db_run(&b->s->db, "DELETE FROM tags WHERE tag = ? AND generation = ?", WITH(tag, generation), e) &&
           db_run(&b->s->db, "DELETE FROM tags_off WHERE tag = ? AND generation = ?", WITH(tag, generation), e) &&
           db_run(&b->s->db,
                  on ? "INSERT INTO tags(tag, generation, tagged_at) VALUES(?, ?, ?)"
                     : "INSERT INTO tags_off(tag, generation, off_at) VALUES(?, ?, ?)",
                  WITH(tag, generation, as_int(at)), e);
}

bool merge_tag(struct bundle_import *b, struct err *e)
{
    const struct row *r = &b->row;
    int64_t generation = 0, at = r->cells[2].integer, on = r->cells[3].integer, known = -1;
    if (!merge_find(b, r, 0, &generation, e))
        return false;
    if (!generation)
        return merge_missing(r, 0, e);
    struct value tag = as_text(str_span(&r->cells[1].text));
    /* Twice the time, and one more when it is on: the later wins, and of two at the same moment the one that is on. */
    if (!db_integer(&b->s->db,
                    "SELECT max(at) FROM (SELECT 2 * tagged_at + 1 AS at FROM tags WHERE tag = ?1 AND generation = ?2 UNION ALL "
                    "SELECT 2 * off_at FROM tags_off WHERE tag = ?1 AND generation = ?2 UNION ALL SELECT -1)",
                    WITH(tag, as_int(generation)), &known, e))
        return false;
    if (at < 0 || at > INT64_MAX / 4)
        return err_set(e, ERR_FORMAT, _("its “%.40s” is none that this renga knows"), "at");
    if (2 * at + on <= known)
        return true;
    b->result.added += known < 0;
    b->result.changed += known >= 0;
    return put_tag(b, tag, as_int(generation), at, on, e);
}

/* -- saved searches ------------------------------------------------------------------------------------------------ */

bool merge_search(struct bundle_import *b, struct err *e)
{
    const struct row *r = &b->row;
    struct value name = as_text(str_span(&r->cells[0].text)), at = as_int(r->cells[1].integer), query = as_text(str_span(&r->cells[2].text));
    int64_t known = 0;
    if (!db_integer(&b->s->db, "SELECT count(*) FROM searches WHERE name = ?", WITH(name), &known, e) ||
        !db_run(&b->s->db,
                "INSERT INTO searches(name, saved_at, query) VALUES(?1, ?2, ?3) ON CONFLICT(name) DO UPDATE SET saved_at = ?2, query = ?3 "
                "WHERE (saved_at, query) < (?2, ?3)",
                WITH(name, at, query), e))
        return false;
    b->result.added += known == 0;
    b->result.changed += known > 0 && db_changes(&b->s->db) > 0;
    return true;
}
