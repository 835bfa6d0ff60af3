#include "storage/bundle_merge.h"

/* "Autumn letters · 3F7K". */
static void mark_name(struct str *out, struct span name, struct span uid)
{
    str_set(out, name);
    str_add_text(out, " · ");
    str_add(out, span_cut(uid, UID_LENGTH - 4, UID_LENGTH));
}

static bool rename_other(struct bundle_import *b, int64_t id, struct span name, struct err *e)
{
    return db_run(&b->s->db, "UPDATE projects SET dates = coalesce(dates, '') || ' ' WHERE id = ?", WITH(as_int(id)), e) &&
           db_run(&b->s->db, "UPDATE projects SET name = ?, dates = nullif(rtrim(dates), '') WHERE id = ?", WITH(as_text(name), as_int(id)),
                  e);
}

/* The other project of that name: its id, 0 when there is none, and its uid. */
static bool find_other(struct bundle_import *b, const struct row *r, struct span name, int64_t *id, struct str *uid, struct err *e)
{
    *id = 0;
    str_clear(uid);
    sqlite3_stmt *q = db_ask(&b->s->db, "SELECT id, uid FROM projects WHERE name = ? AND uid <> ?",
                             WITH(as_text(name), as_text(str_span(&r->uid))), e);
    int row;
    while ((row = db_step(&b->s->db, q, e)) > 0) {
        *id = column_int(q, 0);
        str_set(uid, column_text(q, 1));
    }
    return row == 0;
}

bool merge_settle_name(struct bundle_import *b, struct row *r, struct err *e)
{
    struct cell *name = &r->cells[0];
    struct str uid = {0}, marked = {0}, wanted = {0};
    int64_t other = 0;
    str_set(&wanted, str_span(&name->text));
    bool ok = find_other(b, r, str_span(&wanted), &other, &uid, e);
    if (ok && other && str_text(&uid)[0] && span_is(str_span(&uid), str_text(&r->uid)))
        other = 0;
    if (ok && other) {
        struct cell mine = {0}, theirs = {0};
        cell_text(&mine, str_span(&r->uid));
        cell_text(&theirs, str_span(&uid));
        bool gives_way = cell_compare(&mine, &theirs) > 0;
        str_release(&mine.text);
        str_release(&theirs.text);
        mark_name(&marked, str_span(&wanted), gives_way ? str_span(&r->uid) : str_span(&uid));
        if (gives_way)
            cell_text(name, str_span(&marked));
        else
            ok = rename_other(b, other, str_span(&marked), e);
    }
    str_release(&uid);
    str_release(&marked);
    str_release(&wanted);
    return ok;
}
