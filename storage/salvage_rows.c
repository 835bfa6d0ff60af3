#include "storage/salvage_rows.h"
#include "core/clock.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "storage/schema.h"
#include "storage/uid.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS 96
#define DEPTH   24

/* What is taken over. `lost_too`: its rows are known by their shape where the way to their page is lost. */
static const struct {
    const char *name;
    bool lost_too;
} tables[] = {{"projects", true},  {"pieces", true}, {"passages", true}, {"revisions", true}, {"generations", true}, {"bodies", true},
              {"takes", true},     {"chunks", true}, {"lore", true},     {"drafts", true},    {"odds", true},        {"tags", false},
              {"tags_off", false}, {"settings", false}, {"searches", false}, {"batches", false}, {"batch_items", false}};
#define TABLES ((int)COUNT_OF(tables))
#define OWNER_NONE 0
#define OWNER_FREE 255 /* free, or of no table that is taken over */

struct column {
    char name[64];
    char type;           /* 'I', 'R', 'T', 'B' */
    bool needed, key;
    int64_t otherwise;
};

struct layout {
    int count, needed_count;
    bool rowid;          /* a table by rowid; else its rows lie in an index */
    uint32_t root;
    struct column columns[COLUMNS];
    int target[COLUMNS]; /* by column of the new library: the column of the old one, -1: none */
    struct layout *fresh;
};

struct rows {
    struct pages *p;
    struct db *to;
    uint8_t *owners;     /* by page: the table + 1 */
    uint8_t *page;
    struct layout old[TABLES], fresh[TABLES];
    char *sql[TABLES];
    struct record record;
    int64_t cut;
};

/* -- columns ------------------------------------------------------------------------------------------------------- */

static bool read_columns(struct db *d, const char *table, struct layout *l, struct err *e)
{
    sqlite3_stmt *q = db_ask(d, "SELECT name, type, \"notnull\", pk, dflt_value FROM pragma_table_info(?)", WITH(as_name(table)), e);
    int row;
    l->count = 0;
    while ((row = db_step(d, q, e)) > 0) {
        if (l->count == COLUMNS)
            continue;
        struct column *c = &l->columns[l->count++];
        struct span name = column_text(q, 0), type = column_text(q, 1);
        *c = (struct column){.type = type.len ? type.s[0] : 'B', .needed = column_int(q, 2), .key = column_int(q, 3)};
        memcpy(c->name, name.s, name.len < sizeof c->name ? name.len : sizeof c->name - 1);
        (void)!span_integer(column_text(q, 4), &c->otherwise);
    }
    return row == 0;
}

static int find_column(const struct layout *l, const char *name)
{
    for (int i = 0; i < l->count; i++)
        if (!strcmp(l->columns[i].name, name) || (!strcmp(name, "kind") && !strcmp(l->columns[i].name, "continues")))
            return i;
    return -1;
}

static int find_table(struct span name)
{
    for (int i = 0; i < TABLES; i++)
        if (span_is(name, tables[i].name))
            return i;
    return -1;
}

/* A row of the file's own table of tables tells in which order its columns stand. */
static void learn_table(struct rows *r, struct db *shapes, bool sure)
{
    const struct field *f = r->record.fields;
    if (r->record.count != 5 || f[0].kind != FIELD_TEXT || !span_is(f[0].text, "table") || f[1].kind != FIELD_TEXT ||
        f[3].kind != FIELD_INT || f[4].kind != FIELD_TEXT || !span_starts(f[4].text, "CREATE TABLE "))
        return;
    int at = find_table(f[1].text);
    if (at < 0 || (r->old[at].root && !sure))
        return;
    char *sql = span_copy(f[4].text);
    struct layout read = {0};
    sqlite3_stmt *q = NULL;
    const char *end = NULL;
    bool ok = sqlite3_prepare_v2(shapes->handle, sql, -1, &q, &end) == SQLITE_OK && q && !*end;
    ok = sqlite3_step(q) == SQLITE_DONE && ok;
    sqlite3_finalize(q);
    ok = ok && read_columns(shapes, tables[at].name, &read, NULL) && read.count > 1;
    if (ok) {
        read.root = f[3].integer > 1 && f[3].integer <= r->p->count ? (uint32_t)f[3].integer : 0;
        r->old[at] = read;
    }
    free(sql);
}

static void learn_page(struct rows *r, struct db *shapes, uint32_t number, bool sure)
{
    for (int i = 0; i < page_cells(r->p, number, r->page); i++)
        if (page_record(r->p, number, r->page, i, &r->record))
            learn_table(r, shapes, sure);
}

static bool tells_tables(struct rows *r, uint32_t number)
{
    return page_kind(r->p, number, r->page) == PAGE_TABLE_LEAF && page_record(r->p, number, r->page, 0, &r->record) &&
           r->record.count == 5 && r->record.fields[0].kind == FIELD_TEXT && r->record.fields[4].kind != FIELD_INT &&
           (span_is(r->record.fields[0].text, "table") || span_is(r->record.fields[0].text, "index") ||
            span_is(r->record.fields[0].text, "trigger"));
}

/* -- which page belongs to which table ----------------------------------------------------------------------------- */

static void walk(struct rows *r, uint32_t number, uint8_t owner, bool rowid, int depth)
{
    uint8_t *page = mem_new(r->p->size, 1);
    if (number && number <= r->p->count && r->owners[number] == OWNER_NONE && depth < DEPTH && pages_read(r->p, number, page)) {
        enum page_kind kind = page_kind(r->p, number, page), leaf = rowid ? PAGE_TABLE_LEAF : PAGE_INDEX_LEAF;
        bool inner = kind == (rowid ? PAGE_TABLE_INNER : PAGE_INDEX_INNER);
        if (kind == leaf || inner)
            r->owners[number] = owner;
        for (int i = 0; inner && i <= page_cells(r->p, number, page); i++)
            walk(r, page_below(r->p, number, page, i), owner, rowid, depth + 1);
    }
    free(page);
}

static bool fits(const struct column *c, const struct field *f, bool cut)
{
    switch (f->kind) {
    case FIELD_NULL:
        return !c->needed || c->key || cut;
    case FIELD_INT:
        return c->type == 'I' || c->type == 'R';
    case FIELD_REAL:
        return c->type == 'R';
    case FIELD_TEXT:
        return c->type == 'T';
    case FIELD_BLOB:
        return c->type == 'B';
    }
    return false;
}

static bool has_shape(const struct layout *l, const struct record *rec)
{
    if (rec->count > l->count || (!rec->cut && rec->count < l->needed_count) || rec->count < 2)
        return false;
    for (int i = 0; i < rec->count; i++)
        if (!fits(&l->columns[i], &rec->fields[i], rec->cut) ||
            (l->rowid && l->columns[i].key && l->columns[i].type == 'I' && rec->fields[i].kind != FIELD_NULL))
            return false;
    int uid = find_column(l, "uid");
    return uid < 0 || uid >= rec->count || uid_valid(rec->fields[uid].text);
}

/* The table that most rows of a page could belong to; OWNER_NONE: none, or it cannot be told. */
static uint8_t guess(struct rows *r, uint32_t number, bool rowid)
{
    int votes[TABLES] = {0}, best = -1;
    for (int i = 0; i < page_cells(r->p, number, r->page); i++)
        if (page_record(r->p, number, r->page, i, &r->record))
            for (int t = 0; t < TABLES; t++)
                votes[t] += tables[t].lost_too && r->old[t].rowid == rowid && has_shape(&r->old[t], &r->record);
    for (int t = 0; t < TABLES; t++)
        if (votes[t] && (best < 0 || votes[t] > votes[best]))
            best = t;
    return best < 0 ? OWNER_NONE : (uint8_t)(best + 1);
}

/* -- one row ------------------------------------------------------------------------------------------------------- */

static struct value take_value(struct rows *r, const struct layout *l, int to, struct uid *uid, struct str *clean)
{
    const struct column *c = &l->fresh->columns[to];
    int from = l->target[to];
    const struct field *f = from >= 0 && from < r->record.count ? &r->record.fields[from] : NULL;
    if (c->key && c->type == 'I' && l->rowid)
        return as_int(r->record.rowid);
    if (!strcmp(c->name, "uid") && (!f || !uid_valid(f->text))) {
        *uid = uid_make(clock_wall_ms());
        return as_text(uid_span(uid));
    }
    if (f && f->kind != FIELD_NULL && fits(c, f, false)) {
        if (f->kind == FIELD_TEXT && !utf8_valid(f->text)) {
            utf8_add_clean(clean, f->text);
            return as_text(str_span(clean));
        }
        return f->kind == FIELD_INT ? as_int(f->integer) : f->kind == FIELD_REAL ? as_real(f->real) : as_text(f->text);
    }
    if (!c->needed)
        return as_null();
    return c->type == 'T' ? as_text(SPAN("")) : as_int(c->otherwise);
}

/* A row that is there already stays: the first one was found on a surer way. */
static bool put_row(struct rows *r, int table, struct err *e)
{
    const struct layout *l = &r->old[table];
    struct value values[COLUMNS + 1];
    struct uid uids[1];
    struct str *clean = mem_new((size_t)l->fresh->count, sizeof *clean);
    for (int i = 0; i < l->fresh->count; i++)
        values[i] = take_value(r, l, i, uids, &clean[i]);
    values[l->fresh->count] = (struct value){.kind = VALUE_END};
    int before = sqlite3_total_changes(r->to->handle);
    bool ok = db_run(r->to, r->sql[table], values, e);
    r->cut += r->record.cut && sqlite3_total_changes(r->to->handle) > before;
    for (int i = 0; i < l->fresh->count; i++)
        str_release(&clean[i]);
    free(clean);
    return ok;
}

static bool put_page(struct rows *r, uint32_t number, int table, bool sure, struct err *e)
{
    for (int i = 0; i < page_cells(r->p, number, r->page); i++)
        if (page_record(r->p, number, r->page, i, &r->record) && (sure ? r->record.count > 1 : has_shape(&r->old[table], &r->record)) &&
            !put_row(r, table, e))
            return false;
    return true;
}

/* -- all of them --------------------------------------------------------------------------------------------------- */

static bool is_rowid(const char *name)
{
    static const char *const without[] = {"chunks", "tags", "tags_off", "settings", "searches", "batch_items"};
    for (size_t i = 0; i < COUNT_OF(without); i++)
        if (!strcmp(name, without[i]))
            return false;
    return true;
}

/* The first form of a table had fewer columns, and a row keeps as many as its table had when it was written. */
static void finish_layout(struct layout *l, struct layout *fresh, const char *name)
{
    static const struct {
        const char *table;
        int count;
    } first[] = {{"projects", 5}, {"pieces", 10}, {"passages", 11}, {"generations", 18}, {"bodies", 3}};
    l->fresh = fresh;
    l->rowid = is_rowid(name);
    l->needed_count = l->count;
    for (size_t i = 0; i < COUNT_OF(first); i++)
        if (!strcmp(first[i].table, name))
            l->needed_count = first[i].count;
    for (int i = 0; i < fresh->count; i++)
        l->target[i] = find_column(l, fresh->columns[i].name);
}

static bool prepare(struct rows *r, struct db *shapes, struct err *e)
{
    for (int t = 0; t < TABLES; t++)
        if (!read_columns(r->to, tables[t].name, &r->fresh[t], e))
            return false;
    for (uint32_t n = 1; n <= r->p->count; n++)
        if (pages_read(r->p, n, r->page) && r->owners[n] != OWNER_FREE && tells_tables(r, n))
            learn_page(r, shapes, n, n == 1);
    for (int t = 0; t < TABLES; t++) {
        struct str sql = {0};
        if (r->old[t].count == 0)
            r->old[t] = r->fresh[t];
        finish_layout(&r->old[t], &r->fresh[t], tables[t].name);
        str_printf(&sql, "INSERT OR IGNORE INTO %s(", tables[t].name);
        for (int i = 0; i < r->fresh[t].count; i++)
            str_printf(&sql, "%s\"%s\"", i ? ", " : "", r->fresh[t].columns[i].name);
        for (int i = 0; i < r->fresh[t].count; i++)
            str_add_text(&sql, i ? ", ?" : ") VALUES(?");
        str_add_text(&sql, ")");
        r->sql[t] = str_take(&sql);
        if (r->old[t].root)
            walk(r, r->old[t].root, (uint8_t)(t + 1), r->old[t].rowid, 0);
    }
    return true;
}

static bool put_all(struct rows *r, bool sure, struct err *e)
{
    for (uint32_t n = 1; n <= r->p->count; n++) {
        uint8_t owner = r->owners[n];
        if (owner == OWNER_FREE || (owner != OWNER_NONE) != sure || !pages_read(r->p, n, r->page))
            continue;
        enum page_kind kind = page_kind(r->p, n, r->page);
        if (kind == PAGE_OTHER || kind == PAGE_TABLE_INNER)
            continue;
        if (!sure)
            owner = guess(r, n, kind == PAGE_TABLE_LEAF);
        if (owner != OWNER_NONE && !put_page(r, n, owner - 1, sure, e))
            return false;
    }
    return true;
}

bool salvage_rows(struct pages *p, struct db *to, int64_t *cut, struct err *e)
{
    struct rows *r = mem_new(1, sizeof *r);
    struct db shapes = {0};
    *r = (struct rows){.p = p, .to = to, .owners = mem_new((size_t)p->count + 1, 1), .page = mem_new(p->size, 1)};
    pages_mark_free(p, r->owners, OWNER_FREE);
    bool ok = db_open(&shapes, NULL, false, e) && prepare(r, &shapes, e) && put_all(r, true, e) && put_all(r, false, e);
    *cut = r->cut;
    db_close(&shapes);
    for (int t = 0; t < TABLES; t++) {
        for (int i = 0; i < to->statement_count; i++)
            if (to->statements[i].sql == r->sql[t]) {
                sqlite3_finalize(to->statements[i].stmt);
                to->statements[i] = to->statements[--to->statement_count];
            }
        free(r->sql[t]);
    }
    record_release(&r->record);
    free(r->owners);
    free(r->page);
    free(r);
    return ok;
}
