#include "storage/bundle_rows.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* -- cells --------------------------------------------------------------------------------------------------------- */

void cell_null(struct cell *c)
{
    c->kind = CELL_NULL;
    str_clear(&c->text);
}

void cell_int(struct cell *c, int64_t n)
{
    cell_null(c);
    c->kind = CELL_INT;
    c->integer = n;
}

void cell_real(struct cell *c, double x)
{
    cell_null(c);
    c->kind = CELL_REAL;
    c->real = x;
}

void cell_text(struct cell *c, struct span text)
{
    c->kind = CELL_TEXT;
    str_set(&c->text, text);
}

void cell_copy(struct cell *to, const struct cell *from)
{
    to->kind = from->kind;
    to->integer = from->integer;
    to->real = from->real;
    str_set(&to->text, str_span(&from->text));
}

static int compare_texts(struct span a, struct span b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.s, b.s, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static double number(const struct cell *c)
{
    return c->kind == CELL_INT ? (double)c->integer : c->real;
}

int cell_compare(const struct cell *a, const struct cell *b)
{
    static const int ranks[] = {[CELL_NULL] = 0, [CELL_INT] = 1, [CELL_REAL] = 1, [CELL_TEXT] = 2};
    if (ranks[a->kind] != ranks[b->kind])
        return ranks[a->kind] - ranks[b->kind];
    if (a->kind == CELL_INT && b->kind == CELL_INT)
        return (a->integer > b->integer) - (a->integer < b->integer);
    if (ranks[a->kind] == 1)
        return (number(a) > number(b)) - (number(a) < number(b));
    return a->kind == CELL_TEXT ? compare_texts(str_span(&a->text), str_span(&b->text)) : 0;
}

struct value as_cell(const struct cell *c)
{
    switch (c->kind) {
    case CELL_INT:
        return as_int(c->integer);
    case CELL_REAL:
        return as_real(c->real);
    case CELL_TEXT:
        return as_text(str_span(&c->text));
    default:
        return as_null();
    }
}

/* -- rows ---------------------------------------------------------------------------------------------------------- */

void row_clear(struct row *r, const struct kind *kind)
{
    r->kind = kind;
    r->id = 0;
    str_clear(&r->uid);
    for (int i = 0; i < FIELDS_MAX; i++) {
        cell_null(&r->cells[i]);
        r->dates[i] = 0;
    }
    for (int i = 0; i < DIAL_COUNT; i++)
        cell_null(&r->dials[i]);
}

void row_release(struct row *r)
{
    str_release(&r->uid);
    for (int i = 0; i < FIELDS_MAX; i++)
        str_release(&r->cells[i].text);
    for (int i = 0; i < DIAL_COUNT; i++)
        str_release(&r->dials[i].text);
}

int field_find(const struct kind *k, struct span name)
{
    for (int i = 0; i < k->count; i++)
        if (span_is(name, k->fields[i].name))
            return i;
    return -1;
}

/* -- from the library ---------------------------------------------------------------------------------------------- */

static const char *scope_of(const char *table)
{
    if (!strcmp(table, "pieces"))
        return " AND id IN (SELECT id FROM scope_pieces)";
    if (!strcmp(table, "passages"))
        return " AND piece IN (SELECT id FROM scope_pieces)";
    if (!strcmp(table, "generations"))
        return " AND id IN (SELECT id FROM scope_generations)";
    if (!strcmp(table, "takes"))
        return " AND generation IN (SELECT id FROM scope_generations)";
    return "";
}

void kind_select(const struct kind *k, bool scoped, struct str *sql)
{
    str_printf(sql, "SELECT r.id, %s, %s", k->uid ? "r.uid" : "''", k->dates ? k->dates : "NULL");
    for (int i = 0; i < k->count; i++) {
        const struct field *f = &k->fields[i];
        if (f->refers)
            str_printf(sql, ", (SELECT uid FROM %s WHERE id = r.\"%s\"%s)", f->refers, f->name, scoped ? scope_of(f->refers) : "");
        else if (f->value)
            str_printf(sql, ", %s", f->value);
        else
            str_printf(sql, ", r.\"%s\"", f->name);
    }
    for (int i = 0; k->dials && i < DIAL_COUNT; i++)
        str_printf(sql, ", r.\"%s\"", dial_table[i].name);
    str_printf(sql, " FROM %s", k->from);
}

static void load_cell(sqlite3_stmt *q, int column, struct cell *c)
{
    switch (sqlite3_column_type(q, column)) {
    case SQLITE_INTEGER:
        cell_int(c, column_int(q, column));
        break;
    case SQLITE_FLOAT:
        cell_real(c, sqlite3_column_double(q, column));
        break;
    case SQLITE_TEXT:
        cell_text(c, column_text(q, column));
        break;
    default:
        cell_null(c);
    }
}

static void load_date(struct row *r, struct span date)
{
    ptrdiff_t equals = span_find(date, SPAN("="), 0);
    int64_t at = 0;
    if (equals < 0 || !span_integer(span_cut(date, (size_t)equals + 1, date.len), &at))
        return;
    for (int i = 0; i < r->kind->count; i++)
        if (r->kind->fields[i].group && span_is(span_cut(date, 0, (size_t)equals), r->kind->fields[i].group))
            r->dates[i] = at;
}

static void load_dates(struct row *r, struct span dates)
{
    for (ptrdiff_t space = 0; space >= 0 && dates.len;) {
        space = span_find(dates, SPAN(" "), 0);
        load_date(r, span_cut(dates, 0, space < 0 ? dates.len : (size_t)space));
        dates = span_cut(dates, (size_t)space + 1, dates.len);
    }
}

bool row_load(struct db *d, sqlite3_stmt *q, struct row *r, struct err *e)
{
    const struct kind *k = r->kind;
    bool ok = true;
    row_clear(r, k);
    r->id = column_int(q, 0);
    str_set(&r->uid, column_text(q, 1));
    for (int i = 0; i < k->count; i++)
        load_cell(q, 3 + i, &r->cells[i]);
    for (int i = 0; k->dials && i < DIAL_COUNT; i++)
        load_cell(q, 3 + k->count + i, &r->dials[i]);
    load_dates(r, column_text(q, 2));
    for (int i = 0; ok && i < k->count; i++)
        if (k->fields[i].type == FIELD_RUNS && r->cells[i].text.len) {
            struct str runs = {0};
            ok = runs_to_uids(d, str_span(&r->cells[i].text), &runs, e);
            str_move(&r->cells[i].text, &runs);
        }
    return ok;
}

/* -- to a line ----------------------------------------------------------------------------------------------------- */

/* What is no UTF-8, and NUL, no library takes in. */
static void write_string(struct str *out, struct span text)
{
    struct str clean = {0};
    if (utf8_valid(text) && (text.len == 0 || !memchr(text.s, 0, text.len))) {
        str_add_quoted(out, text);
        return;
    }
    utf8_add_clean(&clean, text);
    for (ptrdiff_t at = 0; (at = span_find(str_span(&clean), SPAN("\0"), (size_t)at)) >= 0;)
        str_splice(&clean, (size_t)at, 1, SPAN("\xEF\xBF\xBD"));
    str_add_quoted(out, str_span(&clean));
    str_release(&clean);
}

/* The fewest digits that give the same number back. */
static void write_real(struct str *out, double x)
{
    char text[40] = "";
    for (int digits = 15; digits <= 17; digits++) {
        double back = 0;
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (span_number(span_of(text), &back) && !(back < x) && !(back > x))
            break;
    }
    str_add_text(out, text);
}

static void write_name(struct str *out, const char *name)
{
    str_add_text(out, out->s[out->len - 1] == '{' ? "\"" : ",\"");
    str_add_text(out, name);
    str_add_text(out, "\":");
}

static void write_cell(struct str *out, const char *name, const struct cell *c)
{
    if (c->kind == CELL_NULL || (c->kind == CELL_REAL && !isfinite(c->real)))
        return;
    write_name(out, name);
    if (c->kind == CELL_INT)
        str_printf(out, "%lld", (long long)c->integer);
    else if (c->kind == CELL_REAL)
        write_real(out, c->real);
    else
        write_string(out, str_span(&c->text));
}

static void write_dials(struct str *out, const struct cell *dials)
{
    size_t before = out->len;
    write_name(out, "dials");
    str_add_byte(out, '{');
    size_t empty = out->len;
    for (int i = 0; i < DIAL_COUNT; i++)
        write_cell(out, dial_table[i].name, &dials[i]);
    if (out->len == empty)
        str_cut(out, before);
    else
        str_add_byte(out, '}');
}

/* The group that begins at a field and has a date; NULL: none. */
static const char *dated_group(const struct row *r, int field)
{
    const struct field *f = &r->kind->fields[field];
    if (!f->group || !r->dates[field] || (field > 0 && f[-1].group && !strcmp(f->group, f[-1].group)))
        return NULL;
    return f->group;
}

void row_dates(const struct row *r, struct str *out)
{
    for (int i = 0; i < r->kind->count; i++)
        if (dated_group(r, i))
            str_printf(out, " %s=%lld", dated_group(r, i), (long long)r->dates[i]);
}

static void write_dates(struct str *out, const struct row *r)
{
    size_t before = out->len;
    write_name(out, "dates");
    str_add_byte(out, '{');
    size_t empty = out->len;
    for (int i = 0; i < r->kind->count; i++)
        if (dated_group(r, i)) {
            write_name(out, dated_group(r, i));
            str_printf(out, "%lld", (long long)r->dates[i]);
        }
    if (out->len == empty)
        str_cut(out, before);
    else
        str_add_byte(out, '}');
}

void row_write(const struct row *r, struct str *line)
{
    str_printf(line, "{\"row\":\"%s\"", r->kind->name);
    if (r->kind->uid)
        str_printf(line, ",\"uid\":\"%s\"", str_text(&r->uid));
    for (int i = 0; i < r->kind->count; i++)
        if (r->kind->fields[i].type == FIELD_TEXT_NULL || r->cells[i].kind != CELL_TEXT || r->cells[i].text.len)
            write_cell(line, r->kind->fields[i].name, &r->cells[i]);
    if (r->kind->dials)
        write_dials(line, r->dials);
    if (r->kind->dates)
        write_dates(line, r);
    str_add_text(line, "}\n");
}

/* -- by hand ------------------------------------------------------------------------------------------------------- */

void bundle_header(struct str *line)
{
    str_clear(line);
    str_printf(line, "{\"renga\":\"bundle\",\"version\":%d}\n", BUNDLE_VERSION);
}

void bundle_open(struct str *line, const char *row, struct span uid)
{
    str_clear(line);
    str_printf(line, "{\"row\":\"%s\"", row);
    if (uid.len)
        str_printf(line, ",\"uid\":\"%.*s\"", SPAN_ARG(uid));
}

void bundle_text(struct str *line, const char *name, struct span text)
{
    write_name(line, name);
    write_string(line, text);
}

void bundle_number(struct str *line, const char *name, int64_t n)
{
    write_name(line, name);
    str_printf(line, "%lld", (long long)n);
}

void bundle_dials(struct str *line, const struct dials *d)
{
    struct cell cells[DIAL_COUNT] = {0};
    for (int i = 0; i < DIAL_COUNT; i++)
        if (d->on[i])
            cell_real(&cells[i], d->value[i]);
    write_dials(line, cells);
}

void bundle_close(struct str *line)
{
    str_add_text(line, "}\n");
}
