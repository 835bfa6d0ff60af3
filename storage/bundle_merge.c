#include "storage/bundle_merge.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

static int index_of(const struct kind *k)
{
    return (int)(k - bundle_kinds);
}

/* -- statements ---------------------------------------------------------------------------------------------------- */

static sqlite3_stmt *prepare(struct bundle_import *b, const struct str *sql, struct err *e)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v3(b->s->db.handle, str_text(sql), -1, SQLITE_PREPARE_PERSISTENT, &q, NULL) != SQLITE_OK)
        db_fail(&b->s->db, e);
    return q;
}

static void write_insert(const struct kind *k, struct str *sql)
{
    int count = 1;
    str_printf(sql, "INSERT INTO %s(uid", k->table);
    for (int i = 0; i < k->count; i++)
        if (!k->fields[i].side) {
            str_printf(sql, ", \"%s\"", k->fields[i].name);
            count++;
        }
    for (int i = 0; k->dials && i < DIAL_COUNT; i++, count++)
        str_printf(sql, ", \"%s\"", dial_table[i].name);
    str_printf(sql, ", %s%s) VALUES(?", k->dates_column, k == &bundle_kinds[ROW_TAKE] ? ", instance" : "");
    for (int i = 0; i < count; i++)
        str_add_text(sql, ", ?");
    str_add_text(sql, k == &bundle_kinds[ROW_TAKE] ? ", 0)" : ")");
}

/* All columns: the row has been merged before. */
static void write_update(const struct kind *k, struct str *sql)
{
    str_printf(sql, "UPDATE %s SET uid = ?", k->table);
    for (int i = 0; i < k->count; i++)
        if (!k->fields[i].side)
            str_printf(sql, ", \"%s\" = ?", k->fields[i].name);
    for (int i = 0; k->dials && i < DIAL_COUNT; i++)
        str_printf(sql, ", \"%s\" = ?", dial_table[i].name);
    str_printf(sql, ", %s = ? WHERE id = ?", k->dates_column);
}

static void write_side(const struct kind *k, struct str *sql)
{
    int count = 0;
    str_printf(sql, "INSERT OR REPLACE INTO %s(%s", k->side, k->side_key);
    for (int i = 0; i < k->count; i++)
        if (k->fields[i].side) {
            str_printf(sql, ", %s", !strcmp(k->fields[i].name, "odds") ? "tokens" : k->fields[i].name);
            count++;
        }
    str_add_text(sql, ") VALUES(?");
    for (int i = 0; i < count; i++)
        str_add_text(sql, ", ?");
    str_add_text(sql, ")");
}

static bool prepare_kind(struct bundle_import *b, const struct kind *k, struct err *e)
{
    struct kind_statements *st = &b->statements[index_of(k)];
    struct str sql = {0};
    if (st->update)
        return true;
    kind_select(k, false, &sql);
    str_add_text(&sql, " WHERE r.uid = ?");
    st->find = prepare(b, &sql, e);
    str_clear(&sql);
    write_insert(k, &sql);
    st->insert = st->find ? prepare(b, &sql, e) : NULL;
    str_clear(&sql);
    if (k->side)
        write_side(k, &sql);
    st->side = k->side && st->insert ? prepare(b, &sql, e) : NULL;
    str_clear(&sql);
    write_update(k, &sql);
    st->update = st->insert && (!k->side || st->side) ? prepare(b, &sql, e) : NULL;
    str_release(&sql);
    return st->update != NULL;
}

static bool bind(struct bundle_import *b, sqlite3_stmt *q, int at, struct value v, struct err *e)
{
    int code = SQLITE_OK;
    if (v.kind == VALUE_INT)
        code = sqlite3_bind_int64(q, at, v.integer);
    else if (v.kind == VALUE_REAL)
        code = sqlite3_bind_double(q, at, v.real);
    else if (v.kind == VALUE_TEXT)
        code = sqlite3_bind_text64(q, at, v.text.s ? v.text.s : "", v.text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    else
        code = sqlite3_bind_null(q, at);
    return code == SQLITE_OK || db_fail(&b->s->db, e);
}

static bool run(struct bundle_import *b, sqlite3_stmt *q, struct err *e)
{
    return db_step(&b->s->db, q, e) == 0;
}

/* -- references that wait ------------------------------------------------------------------------------------------ */

static bool wait_for(struct bundle_import *b, const struct row *r, int field, struct err *e)
{
    b->pending = true;
    return db_run(&b->s->db, "INSERT OR REPLACE INTO import_pending(kind, field, id, uid) VALUES(?, ?, ?, ?)",
                  WITH(as_int(index_of(r->kind)), as_int(field), as_int(r->id), as_text(str_span(&r->cells[field].text))), e);
}

/* After a row is written, under its id. One that refers to itself, as the first of a sweep does, was not there yet either. */
static bool wait_for_missing(struct bundle_import *b, const struct row *r, struct err *e)
{
    bool ok = !b->pending || db_run(&b->s->db, "DELETE FROM import_pending WHERE kind = ? AND id = ?",
                                    WITH(as_int(index_of(r->kind)), as_int(r->id)), e);
    for (int i = 0; ok && i < r->kind->count; i++) {
        int64_t id = 0;
        if (r->kind->fields[i].type == FIELD_REF_NULL && r->cells[i].text.len)
            ok = merge_find(b, r, i, &id, e) && ((id && id != r->id) || wait_for(b, r, i, e));
    }
    return ok;
}

static bool join_field(struct bundle_import *b, int kind, int field, struct err *e)
{
    const struct kind *k = &bundle_kinds[kind];
    const struct field *f = &k->fields[field];
    struct str sql = {0};
    bool dated = !k->only_group;
    if (dated)
        str_printf(&sql,
                   "UPDATE %s SET dates = coalesce(dates, '') || ' ' WHERE id IN (SELECT id FROM import_pending WHERE kind = %d AND field = "
                   "%d);",
                   k->table, kind, field);
    str_printf(&sql,
               "UPDATE %s SET \"%s\" = (SELECT t.id FROM import_pending p JOIN %s t ON t.uid = p.uid WHERE p.kind = %d AND p.field = %d AND "
               "p.id = %s.id)%s WHERE id IN (SELECT id FROM import_pending WHERE kind = %d AND field = %d);",
               k->table, f->name, f->refers, kind, field, k->table, dated ? ", dates = nullif(rtrim(dates), '')" : "", kind, field);
    bool ok = db_script(&b->s->db, str_text(&sql), e);
    str_release(&sql);
    return ok;
}

bool merge_join(struct bundle_import *b, struct err *e)
{
    if (!b->pending)
        return true;
    for (int k = 0; k < ROW_KINDS; k++)
        for (int f = 0; f < bundle_kinds[k].count; f++)
            if (bundle_kinds[k].uid && bundle_kinds[k].fields[f].type == FIELD_REF_NULL && !join_field(b, k, f, e))
                return false;
    b->pending = false;
    return db_run(&b->s->db, "DELETE FROM import_pending", WITH_NOTHING, e);
}

/* -- the index of words -------------------------------------------------------------------------------------------- */

/* The words of a generation leave the index before its text or that of its takes changes, and come back at the end. */
static bool touch_generation(struct bundle_import *b, int64_t id, bool indexed, struct err *e)
{
    if (!db_run(&b->s->db, "INSERT OR IGNORE INTO import_touched VALUES(?)", WITH(as_int(id)), e))
        return false;
    return db_changes(&b->s->db) == 0 || !indexed || index_generation(b->s, id, false, e);
}

bool merge_index(struct bundle_import *b, struct err *e)
{
    sqlite3_stmt *q = db_ask(&b->s->db, "SELECT id FROM import_touched ORDER BY id", WITH_NOTHING, e);
    int row = 0;
    bool ok = true;
    while (ok && (row = db_step(&b->s->db, q, e)) > 0)
        ok = index_generation(b->s, column_int(q, 0), true, e);
    if (!ok)
        db_stop(q);
    return ok && row == 0;
}

static bool before_write(struct bundle_import *b, const struct row *r, struct err *e)
{
    int64_t generation = 0;
    if (r->kind == &bundle_kinds[ROW_PASSAGE])
        return !r->id || index_passage(b->s, r->id, false, e);
    if (r->kind == &bundle_kinds[ROW_GENERATION])
        return !r->id || touch_generation(b, r->id, true, e);
    if (r->kind == &bundle_kinds[ROW_TAKE])
        return merge_find(b, r, 0, &generation, e) && touch_generation(b, generation, true, e);
    return true;
}

static bool after_write(struct bundle_import *b, const struct row *r, bool added, struct err *e)
{
    if (r->kind == &bundle_kinds[ROW_PASSAGE])
        return index_passage(b->s, r->id, true, e);
    if (r->kind == &bundle_kinds[ROW_GENERATION] && added)
        return touch_generation(b, r->id, false, e);
    if (r->kind == &bundle_kinds[ROW_GENERATION] && r->cells[0].text.len)
        return db_run(&b->s->db,
                      "UPDATE pieces SET generations = (SELECT count(*) FROM generations g WHERE g.piece = pieces.id AND g.trashed_at IS "
                      "NULL) WHERE uid = ?",
                      WITH(as_text(str_span(&r->cells[0].text))), e);
    return true;
}

/* -- writing ------------------------------------------------------------------------------------------------------- */

static bool bind_field(struct bundle_import *b, sqlite3_stmt *q, int at, const struct row *r, int field, struct err *e)
{
    const struct field *f = &r->kind->fields[field];
    const struct cell *c = &r->cells[field];
    int64_t id = 0;
    if (f->refers && c->text.len)
        return merge_find(b, r, field, &id, e) && bind(b, q, at, as_id(id), e);
    if (f->type != FIELD_RUNS || !c->text.len)
        return bind(b, q, at, as_cell(c), e);
    struct str runs = {0};
    bool ok = runs_to_ids(&b->s->db, str_span(&c->text), &runs, e) && bind(b, q, at, as_text(str_span(&runs)), e);
    str_release(&runs);
    return ok;
}

static bool bind_dates(struct bundle_import *b, sqlite3_stmt *q, int at, const struct row *r, struct err *e)
{
    struct str dates = {0};
    struct value v = as_null();
    if (r->kind->only_group) {
        for (int i = 0; i < r->kind->count; i++)
            if (r->kind->fields[i].group && !strcmp(r->kind->fields[i].group, r->kind->only_group))
                v = as_id(r->dates[i]);
    } else {
        row_dates(r, &dates);
        v = dates.len ? as_text(str_span(&dates)) : v;
    }
    bool ok = bind(b, q, at, v, e);
    str_release(&dates);
    return ok;
}

/* uid, columns, dials, dates: what insert and update begin with. *at: the next parameter. */
static bool bind_row(struct bundle_import *b, sqlite3_stmt *q, const struct row *r, int *at, struct err *e)
{
    int n = 1;
    bool ok = bind(b, q, n++, as_text(str_span(&r->uid)), e);
    for (int i = 0; ok && i < r->kind->count; i++)
        ok = r->kind->fields[i].side || bind_field(b, q, n++, r, i, e);
    for (int i = 0; ok && r->kind->dials && i < DIAL_COUNT; i++)
        ok = bind(b, q, n++, as_cell(&r->dials[i]), e);
    ok = ok && bind_dates(b, q, n++, r, e);
    *at = n;
    return ok;
}

static bool write_side_row(struct bundle_import *b, const struct row *r, struct err *e)
{
    sqlite3_stmt *q = b->statements[index_of(r->kind)].side;
    int n = 1;
    bool some = false;
    for (int i = 0; i < r->kind->count; i++)
        some = some || (r->kind->fields[i].side && r->cells[i].kind != CELL_NULL);
    if (!q || !some)
        return true;
    bool ok = bind(b, q, n++, as_int(r->id), e);
    for (int i = 0; ok && i < r->kind->count; i++)
        if (r->kind->fields[i].side)
            ok = bind(b, q, n++, as_cell(&r->cells[i]), e);
    return ok && run(b, q, e);
}

/* A merge dates the parts itself: the trigger stands back while `dates` changes. */
static bool hold_trigger(struct bundle_import *b, const struct row *r, struct err *e)
{
    static const char *const sql[ROW_KINDS] = {
        [ROW_PROJECT] = "UPDATE projects SET dates = coalesce(dates, '') || ' ' WHERE id = ?",
        [ROW_PIECE] = "UPDATE pieces SET dates = coalesce(dates, '') || ' ' WHERE id = ?",
        [ROW_PASSAGE] = "UPDATE passages SET dates = coalesce(dates, '') || ' ' WHERE id = ?",
        [ROW_LORE] = "UPDATE lore SET dates = coalesce(dates, '') || ' ' WHERE id = ?",
    };
    const char *hold = sql[index_of(r->kind)];
    return !hold || db_run(&b->s->db, hold, WITH(as_int(r->id)), e);
}

static bool write_row(struct bundle_import *b, struct row *r, struct err *e)
{
    struct kind_statements *st = &b->statements[index_of(r->kind)];
    bool added = r->id == 0;
    int at = 0;
    if (r->kind == &bundle_kinds[ROW_PROJECT] && !merge_settle_name(b, r, e))
        return false;
    if (!before_write(b, r, e) || (!added && !hold_trigger(b, r, e)) || !bind_row(b, added ? st->insert : st->update, r, &at, e))
        return false;
    bool ok = added ? run(b, st->insert, e) : bind(b, st->update, at, as_int(r->id), e) && run(b, st->update, e);
    if (ok && added)
        r->id = db_last_id(&b->s->db);
    b->result.added += ok && added;
    b->result.changed += ok && !added;
    return ok && write_side_row(b, r, e) && after_write(b, r, added, e) && wait_for_missing(b, r, e);
}

/* -- merging ------------------------------------------------------------------------------------------------------- */

static bool same_group(const struct kind *k, int a, int b)
{
    return a < k->count && b < k->count && k->fields[a].group && k->fields[b].group && !strcmp(k->fields[a].group, k->fields[b].group);
}

static int compare_field(const struct field *f, const struct cell *a, const struct cell *b)
{
    if (f->type == FIELD_STATE) { /* a take that was cut off here may have come to its end elsewhere */
        int whole = span_is(str_span(&b->text), "interrupted") - span_is(str_span(&a->text), "interrupted");
        if (whole)
            return whole;
    }
    return cell_compare(a, b);
}

/* The parts [from, to) of two rows: which is the later, and of two at one moment the greater. */
static int compare_group(const struct row *a, const struct row *b, int from, int to)
{
    if (a->dates[from] != b->dates[from])
        return a->dates[from] > b->dates[from] ? 1 : -1;
    int order = 0;
    for (int i = from; i < to && order == 0; i++)
        order = compare_field(&a->kind->fields[i], &a->cells[i], &b->cells[i]);
    return order;
}

/* The text that gives way is kept. An unchanged take's text is kept by the take. */
static bool keep_past(struct bundle_import *b, const struct row *loser, int64_t passage, struct err *e)
{
    int text = field_find(loser->kind, SPAN("text")), runs = field_find(loser->kind, SPAN("runs"));
    int created = field_find(loser->kind, SPAN("created_at"));
    bool added = false;
    if (loser->cells[text].kind == CELL_NULL)
        return true;
    int64_t at = loser->dates[text] ? loser->dates[text] : loser->cells[created].integer;
    bool ok = merge_past(b, passage, at, str_span(&loser->cells[runs].text), str_span(&loser->cells[text].text), &added, e);
    b->result.added += ok && added;
    return ok;
}

/* Whether a take is still being written here: then what a bundle knows of it is older. */
static bool still_running(struct bundle_import *b, const struct row *local, bool *running, struct err *e)
{
    int64_t count = 0;
    *running = false;
    if (local->kind != &bundle_kinds[ROW_TAKE])
        return true;
    bool ok = db_integer(&b->s->db, "SELECT count(*) FROM takes WHERE id = ? AND state IN ('waiting', 'writing')", WITH(as_int(local->id)),
                         &count, e);
    *running = count > 0;
    return ok;
}

static void take_group(struct row *local, const struct row *in, int from, int to)
{
    for (int i = from; i < to; i++) {
        cell_copy(&local->cells[i], &in->cells[i]);
        local->dates[i] = in->dates[i];
    }
}

static bool merge_group(struct bundle_import *b, int from, int to, bool running, bool *changed, struct err *e)
{
    struct row *local = &b->local;
    const struct row *in = &b->row;
    const char *group = local->kind->fields[from].group;
    int order = compare_group(in, local, from, to);
    if (order == 0 || (running && group && !strcmp(group, "answer")))
        return true;
    if (local->kind == &bundle_kinds[ROW_PASSAGE] && group && !strcmp(group, "text") &&
        !keep_past(b, order > 0 ? local : in, local->id, e))
        return false;
    if (order > 0)
        take_group(local, in, from, to);
    *changed = *changed || order > 0;
    return true;
}

static bool merge_into_local(struct bundle_import *b, struct err *e)
{
    struct row *local = &b->local;
    bool changed = false, running = false;
    int to = 0;
    if (!still_running(b, local, &running, e))
        return false;
    for (int from = 0; from < local->kind->count; from = to) {
        for (to = from + 1; same_group(local->kind, from, to); to++)
            continue;
        if (!merge_group(b, from, to, running, &changed, e))
            return false;
    }
    for (int i = 0; local->kind->dials && i < DIAL_COUNT; i++)
        if (cell_compare(&b->row.dials[i], &local->dials[i]) > 0) {
            cell_copy(&local->dials[i], &b->row.dials[i]);
            changed = true;
        }
    return !changed || write_row(b, local, e);
}

static bool needed_are_there(struct bundle_import *b, struct err *e)
{
    const struct row *r = &b->row;
    for (int i = 0; i < r->kind->count; i++) {
        int64_t id = 0;
        if (r->kind->fields[i].type != FIELD_REF)
            continue;
        if (!merge_find(b, r, i, &id, e))
            return false;
        if (!id)
            return merge_missing(r, i, e);
    }
    return true;
}

static void note_piece(struct bundle_import *b, const struct row *r, bool added)
{
    b->result.generations += added && r->kind == &bundle_kinds[ROW_GENERATION];
    if (r->kind != &bundle_kinds[ROW_PIECE])
        return;
    if (added && b->result.pieces == 0)
        b->result.piece = r->id;
    b->result.piece = b->result.piece ? b->result.piece : r->id;
    b->result.pieces += added;
}

static bool merge_known(struct bundle_import *b, struct err *e)
{
    const struct kind *k = b->row.kind;
    if (!prepare_kind(b, k, e) || !needed_are_there(b, e))
        return false;
    sqlite3_stmt *find = b->statements[index_of(k)].find;
    b->local.kind = k;
    row_clear(&b->local, k);
    if (!bind(b, find, 1, as_text(str_span(&b->row.uid)), e))
        return false;
    int found = db_step(&b->s->db, find, e);
    bool ok = found >= 0 && (found == 0 || row_load(&b->s->db, find, &b->local, e));
    if (found > 0)
        db_stop(find);
    if (!ok)
        return false;
    if (found == 0)
        ok = write_row(b, &b->row, e);
    else if (!b->only_new)
        ok = merge_into_local(b, e);
    if (ok)
        note_piece(b, found > 0 ? &b->local : &b->row, found == 0);
    return ok;
}

bool merge_row(struct bundle_import *b, struct err *e)
{
    const struct kind *k = b->row.kind;
    if (k == &bundle_kinds[ROW_REVISION])
        return merge_revision(b, e);
    if (k == &bundle_kinds[ROW_TAG])
        return merge_tag(b, e);
    if (k == &bundle_kinds[ROW_SEARCH])
        return merge_search(b, e);
    return merge_known(b, e);
}

bool merge_begin(struct bundle_import *b, struct err *e)
{
    return db_script(&b->s->db,
                     "CREATE TEMP TABLE IF NOT EXISTS import_pending(kind INTEGER, field INTEGER, id INTEGER, uid TEXT,"
                     " PRIMARY KEY(kind, id, field)) WITHOUT ROWID;"
                     "CREATE TEMP TABLE IF NOT EXISTS import_touched(id INTEGER PRIMARY KEY);"
                     "DELETE FROM import_pending; DELETE FROM import_touched",
                     e) &&
           row_reader_open(&b->reader, &b->s->db, e);
}

void merge_release(struct bundle_import *b)
{
    for (int i = 0; i < ROW_KINDS; i++) {
        sqlite3_finalize(b->statements[i].find);
        sqlite3_finalize(b->statements[i].insert);
        sqlite3_finalize(b->statements[i].update);
        sqlite3_finalize(b->statements[i].side);
    }
    row_reader_close(&b->reader);
    row_release(&b->row);
    row_release(&b->local);
    free(b->past);
}
