#include "core/mem.h"
#include "storage/bundle_rows.h"
#include "storage/store_parts.h"
#include "storage/uid.h"

#include <stdlib.h>
#include <string.h>

/* -- what is in scope ---------------------------------------------------------------------------------------------- */

static bool everything(const struct bundle_scope *scope)
{
    return !scope->project && !scope->piece && !scope->generations;
}

/* Texts of several hands name the takes that they were cut from, which may be other pieces'. */
static bool add_spliced(struct store *s, struct err *e)
{
    sqlite3_stmt *q = db_ask(
        &s->db, "SELECT runs FROM passages WHERE piece IN (SELECT id FROM scope_pieces) AND runs <> ''", WITH_NOTHING, e);
    int row;
    bool ok = true;
    while (ok && (row = db_step(&s->db, q, e)) > 0) {
        struct span runs = column_text(q, 0);
        struct run_parts run;
        int64_t take = 0;
        while (ok && runs_next(&runs, &run))
            ok = !span_integer(run.take, &take) ||
                 db_run(&s->db, "INSERT OR IGNORE INTO scope_generations SELECT generation FROM takes WHERE id = ?",
                        WITH(as_int(take)), e);
    }
    if (!ok)
        db_stop(q);
    return ok && row == 0;
}

static bool fill_scope(struct store *s, const struct bundle_scope *scope, struct err *e)
{
    if (!db_script(&s->db,
                   "CREATE TEMP TABLE IF NOT EXISTS scope_projects(id INTEGER PRIMARY KEY);"
                   "CREATE TEMP TABLE IF NOT EXISTS scope_pieces(id INTEGER PRIMARY KEY);"
                   "CREATE TEMP TABLE IF NOT EXISTS scope_generations(id INTEGER PRIMARY KEY);"
                   "DELETE FROM scope_projects; DELETE FROM scope_pieces; DELETE FROM scope_generations;",
                   e))
        return false;
    bool ok = db_run(&s->db, "INSERT INTO scope_projects SELECT id FROM projects WHERE id = ?", WITH(as_int(scope->project)), e) &&
              db_run(&s->db, "INSERT INTO scope_pieces SELECT id FROM pieces WHERE id = ?1 OR project = ?2",
                     WITH(as_int(scope->piece), as_int(scope->project)), e);
    for (int i = 0; ok && i < scope->generation_count; i++)
        ok = db_run(&s->db, "INSERT OR IGNORE INTO scope_generations SELECT id FROM generations WHERE id = ?",
                    WITH(as_int(scope->generations[i])), e);
    return ok &&
           db_run(&s->db,
                  "INSERT OR IGNORE INTO scope_generations SELECT id FROM generations WHERE piece IN (SELECT id FROM "
                  "scope_pieces) UNION SELECT t.generation FROM passages a JOIN takes t ON t.id = a.take WHERE a.piece "
                  "IN (SELECT id FROM scope_pieces)",
                  WITH_NOTHING, e) &&
           add_spliced(s, e);
}

/* -- lines --------------------------------------------------------------------------------------------------------- */

struct export {
    struct store *s;
    bool scoped;
    bool (*write)(void *data, struct span line, struct err *e);
    void *data;
    struct row row;
    struct str line;
    struct str passage;     /* whose revisions come just now */
    struct uid *seen;       /* what they say */
    int seen_count, seen_cap;
};

/* The same words twice in a passage's past count once, when they were first given up. */
static bool seen_before(struct export *x)
{
    struct str both = {0};
    struct span passage = str_span(&x->row.cells[0].text);
    if (!span_equal(str_span(&x->passage), passage)) {
        str_set(&x->passage, passage);
        x->seen_count = 0;
    }
    str_printf(&both, "%s\n", str_text(&x->row.cells[2].text));
    str_add(&both, str_span(&x->row.cells[3].text));
    struct uid digest = uid_of(str_span(&both));
    str_release(&both);
    for (int i = 0; i < x->seen_count; i++)
        if (!memcmp(&x->seen[i], &digest, sizeof digest))
            return true;
    ARRAY_ROOM(x->seen, x->seen_count, x->seen_cap);
    x->seen[x->seen_count++] = digest;
    return false;
}

static bool export_row(struct export *x, const struct kind *k, sqlite3_stmt *q, struct err *e)
{
    x->row.kind = k;
    if (!row_load(&x->s->db, q, &x->row, e))
        return false;
    if (k == &bundle_kinds[ROW_REVISION] && seen_before(x))
        return true;
    str_clear(&x->line);
    row_write(&x->row, &x->line);
    return x->write(x->data, str_span(&x->line), e);
}

static bool export_kind(struct export *x, const struct kind *k, struct err *e)
{
    struct str sql = {0};
    kind_select(k, x->scoped, &sql);
    if (x->scoped)
        str_printf(&sql, " WHERE %s", k->within);
    str_printf(&sql, " ORDER BY %s", k->order);
    sqlite3_stmt *q = db_ask_once(&x->s->db, str_text(&sql), WITH_NOTHING, e);
    str_release(&sql);
    int row = 0;
    bool ok = q != NULL;
    while (ok && (row = db_step(&x->s->db, q, e)) > 0)
        ok = export_row(x, k, q, e);
    sqlite3_finalize(q);
    return ok && row == 0;
}

bool bundle_export(struct store *s, const struct bundle_scope *scope, bool (*write)(void *data, struct span line, struct err *e),
                   void *data, struct err *e)
{
    struct export x = {.s = s, .scoped = !everything(scope), .write = write, .data = data};
    (void)!journal_flush(s, NULL); /* a full disk must not keep anyone from taking a copy elsewhere */
    if (!db_begin(&s->db, DB_READ, e))
        return false;
    bundle_header(&x.line);
    bool ok = (!x.scoped || fill_scope(s, scope, e)) && write(data, str_span(&x.line), e);
    for (int i = 0; ok && i < ROW_KINDS; i++)
        ok = export_kind(&x, &bundle_kinds[i], e);
    ok = db_end(&s->db, ok, e);
    row_release(&x.row);
    str_release(&x.line);
    str_release(&x.passage);
    free(x.seen);
    return ok;
}
