#include "core/i18n.h"
#include "core/mem.h"
#include "core/story.h"
#include "core/utf8.h"
#include "storage/bundle_rows.h"
#include "storage/uid.h"

#include <stdio.h>
#include <string.h>

/* -- runs ---------------------------------------------------------------------------------------------------------- */

bool runs_next(struct span *rest, struct run_parts *run)
{
    if (rest->len == 0)
        return false;
    ptrdiff_t comma = span_find(*rest, SPAN(","), 0);
    struct span one = span_cut(*rest, 0, comma < 0 ? rest->len : (size_t)comma);
    ptrdiff_t first = span_find(one, SPAN(":"), 0), second = first < 0 ? -1 : span_find(one, SPAN(":"), (size_t)first + 1);
    run->head = span_cut(one, 0, second < 0 ? one.len : (size_t)second);
    run->take = second < 0 ? SPAN("") : span_cut(one, (size_t)second + 1, one.len);
    *rest = span_cut(*rest, one.len + 1, rest->len);
    return true;
}

static void add_run(struct str *out, struct span head, struct span take)
{
    if (out->len)
        str_add_byte(out, ',');
    str_add(out, head);
    if (take.len)
        str_add_byte(out, ':');
    str_add(out, take);
}

bool runs_to_uids(struct db *d, struct span runs, struct str *out, struct err *e)
{
    struct run_parts run;
    struct str uid = {0};
    bool ok = true;
    while (ok && runs_next(&runs, &run)) {
        int64_t id = 0;
        str_clear(&uid);
        if (run.take.len && span_integer(run.take, &id))
            ok = db_text(d, "SELECT uid FROM takes WHERE id = ?", WITH(as_int(id)), &uid, NULL, e);
        add_run(out, run.head, str_span(&uid));
    }
    str_release(&uid);
    return ok;
}

bool runs_to_ids(struct db *d, struct span runs, struct str *out, struct err *e)
{
    struct run_parts run;
    bool ok = true;
    while (ok && runs_next(&runs, &run)) {
        int64_t id = 0;
        char text[24] = "";
        if (run.take.len)
            ok = db_integer(d, "SELECT id FROM takes WHERE uid = ?", WITH(as_text(run.take)), &id, e);
        if (id)
            snprintf(text, sizeof text, "%lld", (long long)id);
        add_run(out, run.head, span_of(text));
    }
    return ok;
}

static bool runs_sound(struct span runs)
{
    struct run_parts run;
    while (runs_next(&runs, &run)) {
        int64_t len = 0, author = 0;
        ptrdiff_t colon = span_find(run.head, SPAN(":"), 0);
        if (colon < 0 || !span_integer(span_cut(run.head, 0, (size_t)colon), &len) || len < 0 ||
            !span_integer(span_cut(run.head, (size_t)colon + 1, run.head.len), &author) || author < 0 || author >= AUTHOR_COUNT ||
            (run.take.len && !uid_valid(run.take)))
            return false;
    }
    return true;
}

/* -- reading a line ------------------------------------------------------------------------------------------------ */

bool row_reader_open(struct row_reader *rr, struct db *d, struct err *e)
{
    static const char sql[] = "SELECT key, type, atom, value FROM json_each(?)";
    *rr = (struct row_reader){.db = d};
    rr->each = db_ask_once(d, sql, WITH(as_name("{}")), e);
    rr->inner = rr->each ? db_ask_once(d, sql, WITH(as_name("{}")), e) : NULL;
    return rr->inner != NULL;
}

void row_reader_close(struct row_reader *rr)
{
    sqlite3_finalize(rr->each);
    sqlite3_finalize(rr->inner);
    *rr = (struct row_reader){0};
}

/* SQLite reads \u0000 as the end of the text. */
static bool holds_nul(struct span line)
{
    for (ptrdiff_t at = 0; (at = span_find(line, SPAN("\\u0000"), (size_t)at)) >= 0; at++) {
        ptrdiff_t slash = at;
        while (slash > 0 && line.s[slash - 1] == '\\')
            slash--;
        if ((at - slash) % 2 == 0)
            return true;
    }
    return false;
}

static bool begin(sqlite3_stmt *q, struct span json)
{
    sqlite3_reset(q);
    return sqlite3_bind_text64(q, 1, json.s, json.len, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
}

static bool whole_text(sqlite3_stmt *q, struct span *text, const char *name, struct err *e)
{
    *text = column_text(q, 2);
    return utf8_valid(*text) || err_set(e, ERR_FORMAT, _("its “%.40s” holds half a character"), name);
}

static bool read_text(sqlite3_stmt *q, const struct field *f, struct cell *c, struct err *e)
{
    struct span text;
    enum take_state state;
    if (!span_is(column_text(q, 1), "text"))
        return err_set(e, ERR_FORMAT, _("its “%.40s” is no text"), f->name);
    if (!whole_text(q, &text, f->name, e))
        return false;
    bool ok = true;
    if (f->refers)
        ok = uid_valid(text);
    else if (f->type == FIELD_STATE)
        ok = take_state_parse(text, &state) && take_state_over(state);
    else if (f->type == FIELD_AUTHOR)
        ok = span_is(text, "writer") || span_is(text, "model") || span_is(text, "edit") || span_is(text, "prompt");
    else if (f->type == FIELD_RUNS)
        ok = runs_sound(text);
    cell_text(c, text);
    return ok || err_set(e, ERR_FORMAT, _("its “%.40s” is none that this renga knows"), f->name);
}

static bool read_cell(sqlite3_stmt *q, const struct field *f, struct cell *c, struct err *e)
{
    struct span type = column_text(q, 1);
    if (span_is(type, "null"))
        return true;
    if (f->type != FIELD_INT && f->type != FIELD_INT_NULL)
        return read_text(q, f, c, e);
    if (sqlite3_column_type(q, 2) != SQLITE_INTEGER || !span_is(type, "integer"))
        return err_set(e, ERR_FORMAT, _("its “%.40s” is no whole number"), f->name);
    cell_int(c, column_int(q, 2));
    if (f->most && (c->integer < 0 || c->integer > f->most))
        return err_set(e, ERR_FORMAT, _("its “%.40s” is not between 0 and %lld"), f->name, (long long)f->most);
    return true;
}

static bool read_dial(sqlite3_stmt *q, struct row *r, struct err *e)
{
    enum dial_id id;
    struct span name = column_text(q, 0), type = column_text(q, 1);
    if (!dial_find(name, &id))
        return err_set(e, ERR_FORMAT, _("this renga knows no dial “%.*s”"), name.len < 40 ? (int)name.len : 40, name.s);
    if (!span_is(type, "integer") && !span_is(type, "real"))
        return err_set(e, ERR_FORMAT, _("its dial %s is no number"), dial_table[id].name);
    cell_real(&r->dials[id], sqlite3_column_double(q, 2));
    return true;
}

static bool read_date(sqlite3_stmt *q, struct row *r, struct err *e)
{
    struct span name = column_text(q, 0);
    bool known = false;
    for (int i = 0; i < r->kind->count; i++)
        if (r->kind->fields[i].group && span_is(name, r->kind->fields[i].group)) {
            r->dates[i] = column_int(q, 2);
            known = true;
        }
    if (!known || !span_is(column_text(q, 1), "integer") || column_int(q, 2) < 0)
        return err_set(e, ERR_FORMAT, _("one of its dates is none"));
    return true;
}

static bool read_inner(struct row_reader *rr, struct row *r, bool (*read)(sqlite3_stmt *, struct row *, struct err *), struct err *e)
{
    struct str json = {0};
    str_set(&json, column_text(rr->each, 3));
    bool ok = begin(rr->inner, str_span(&json)) && span_is(column_text(rr->each, 1), "object");
    if (!ok)
        err_set(e, ERR_FORMAT, _("its dials or dates are no object"));
    while (ok && sqlite3_step(rr->inner) == SQLITE_ROW)
        ok = read(rr->inner, r, e);
    db_stop(rr->inner);
    str_release(&json);
    return ok;
}

static bool read_member(struct row_reader *rr, struct row *r, struct err *e)
{
    struct span name = column_text(rr->each, 0);
    int field = field_find(r->kind, name);
    if (span_is(name, "row"))
        return true;
    if (r->kind->uid && span_is(name, "uid")) {
        str_set(&r->uid, column_text(rr->each, 2));
        return uid_valid(str_span(&r->uid)) || err_set(e, ERR_FORMAT, _("its uid is none"));
    }
    if (r->kind->dials && span_is(name, "dials"))
        return read_inner(rr, r, read_dial, e);
    if (r->kind->dates && span_is(name, "dates"))
        return read_inner(rr, r, read_date, e);
    if (field < 0)
        return err_set(e, ERR_FORMAT, _("a %s has no “%.*s”, as far as this renga knows"), r->kind->name, name.len < 40 ? (int)name.len : 40,
                       name.s);
    return read_cell(rr->each, &r->kind->fields[field], &r->cells[field], e);
}

/* What must be there, and what an absent field means. */
static bool complete(struct row *r, struct err *e)
{
    if (r->kind->uid && r->uid.len == 0)
        return err_set(e, ERR_FORMAT, _("it has no uid"));
    for (int i = 0; i < r->kind->count; i++) {
        struct cell *c = &r->cells[i];
        enum field_type type = r->kind->fields[i].type;
        if (c->kind != CELL_NULL)
            continue;
        if (type == FIELD_TEXT || type == FIELD_RUNS)
            cell_text(c, SPAN(""));
        else if (type == FIELD_INT || type == FIELD_REF || type == FIELD_STATE || type == FIELD_AUTHOR)
            return err_set(e, ERR_FORMAT, _("it has no “%.40s”"), r->kind->fields[i].name);
    }
    return true;
}

static const struct kind *kind_named(struct span name)
{
    for (int i = 0; i < ROW_KINDS; i++)
        if (span_is(name, bundle_kinds[i].name))
            return &bundle_kinds[i];
    return NULL;
}

/* The word that says what the line is; `version`: of a header, else 0. */
static bool read_word(struct row_reader *rr, struct str *word, int64_t *version)
{
    bool bundle = false;
    int step = SQLITE_DONE;
    *version = 0;
    while ((step = sqlite3_step(rr->each)) == SQLITE_ROW) {
        struct span name = column_text(rr->each, 0);
        if (span_is(name, "row") && span_is(column_text(rr->each, 1), "text"))
            str_set(word, column_text(rr->each, 2));
        else if (span_is(name, "renga"))
            bundle = span_is(column_text(rr->each, 2), "bundle");
        else if (span_is(name, "version"))
            *version = column_int(rr->each, 2);
    }
    if (!bundle)
        *version = 0;
    sqlite3_reset(rr->each);
    return step == SQLITE_DONE;
}

static bool is_object(struct span line)
{
    line = span_trim(line);
    return line.len && line.s[0] == '{' && utf8_valid(line) && !memchr(line.s, 0, line.len);
}

static bool read_head(struct row_reader *rr, struct span line, struct row *r, struct err *e)
{
    struct str word = {0};
    int64_t version = 0;
    bool ok = is_object(line) && begin(rr->each, line) && read_word(rr, &word, &version);
    const struct kind *kind = ok ? kind_named(str_span(&word)) : NULL;
    if (!ok)
        err_set(e, ERR_FORMAT, _("it is no whole JSON object"));
    else if (version > BUNDLE_VERSION)
        ok = err_set(e, ERR_LIMIT, _("The bundle was written by a newer renga (form %lld, this one knows %d). Nothing was taken in; use "
                                     "the newer program."),
                     (long long)version, BUNDLE_VERSION);
    else if (version < 1 && !kind)
        ok = err_set(e, ERR_FORMAT, _("it is no row that this renga knows"));
    rr->header = ok && version >= 1;
    row_clear(r, rr->header ? NULL : kind);
    str_release(&word);
    return ok;
}

bool row_read(struct row_reader *rr, struct span line, struct row *r, struct err *e)
{
    bool ok = read_head(rr, line, r, e);
    if (ok && !rr->header && holds_nul(line))
        ok = err_set(e, ERR_FORMAT, _("it holds the character NUL"));
    if (ok && !rr->header) {
        int step = SQLITE_DONE;
        while (ok && (step = sqlite3_step(rr->each)) == SQLITE_ROW)
            ok = read_member(rr, r, e);
        ok = ok && (step == SQLITE_DONE || err_set(e, ERR_FORMAT, _("it is no whole JSON object")));
        ok = ok && complete(r, e);
    }
    db_stop(rr->each);
    return ok;
}
