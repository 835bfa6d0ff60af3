#include "storage/db.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 5000

/* -- errors -------------------------------------------------------------------------------------------------------- */

bool db_fail(struct db *d, struct err *e)
{
    const char *path = d->path ? d->path : ":memory:";
    int code = d->handle ? sqlite3_errcode(d->handle) & 0xFF : SQLITE_NOMEM;
    d->failure = code;
    switch (code) {
    case SQLITE_FULL:
        return err_set(e, ERR_STORAGE,
                       _("The disk is full, so the library could not be written. Make room: what is here stays and is "
                         "tried again."));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, ERR_STORAGE, _("Another program holds the library %s. Close it, or try again in a moment."),
                       path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return err_set(e, ERR_STORAGE,
                       _("The library %s may not be written. Check the permissions of the file and its folder."), path);
    case SQLITE_CANTOPEN:
        return err_set(e, ERR_STORAGE,
                       _("The library %s could not be opened. Check that its folder exists and is yours."), path);
    case SQLITE_CORRUPT:
        return err_set(e, ERR_STORAGE,
                       _("The library %s is damaged. It was left as it is; renga doctor --salvage gives back most of its text."),
                       path);
    case SQLITE_NOTADB:
        return err_set(e, ERR_STORAGE, _("The file %s is not a library. It was left as it is; name another file, or if it was one: "
                                         "renga doctor --salvage gives back most of its text."),
                       path);
    case SQLITE_IOERR:
        return err_set(
            e, ERR_STORAGE,
            _("The disk failed while the library was read or written (%s). What is here stays and is tried again."),
            sqlite3_errmsg(d->handle));
    default:
        return err_set(e, ERR_STORAGE, _("The library could not do this: %s. What is here stays; try again."),
                       d->handle ? sqlite3_errmsg(d->handle) : sqlite3_errstr(code));
    }
}

/* -- values -------------------------------------------------------------------------------------------------------- */

struct value as_int(int64_t n)
{
    return (struct value){.kind = VALUE_INT, .integer = n};
}

struct value as_id(int64_t id)
{
    return id == 0 ? as_null() : as_int(id);
}

struct value as_measure(int64_t n)
{
    return n < 0 ? as_null() : as_int(n);
}

struct value as_real(double x)
{
    return (struct value){.kind = VALUE_REAL, .real = x};
}

struct value as_text(struct span text)
{
    return (struct value){.kind = VALUE_TEXT, .text = text};
}

struct value as_name(const char *text)
{
    return as_text(span_of(text));
}

struct value as_null(void)
{
    return (struct value){.kind = VALUE_NULL};
}

static int bind_one(sqlite3_stmt *q, int at, const struct value *v)
{
    switch (v->kind) {
    case VALUE_INT:
        return sqlite3_bind_int64(q, at, v->integer);
    case VALUE_REAL:
        return sqlite3_bind_double(q, at, v->real);
    case VALUE_TEXT:
        return sqlite3_bind_text64(q, at, v->text.s ? v->text.s : "", v->text.len, SQLITE_STATIC, SQLITE_UTF8);
    default:
        return sqlite3_bind_null(q, at);
    }
}

/* -- statements ---------------------------------------------------------------------------------------------------- */

static bool bind_all(struct db *d, sqlite3_stmt *q, const struct value *values, struct err *e)
{
    int count = 0;
    for (const struct value *v = values; v && v->kind != VALUE_END; v++)
        if (bind_one(q, ++count, v) != SQLITE_OK)
            return db_fail(d, e);
    CHECK(count == sqlite3_bind_parameter_count(q));
    return true;
}

static sqlite3_stmt *prepared(struct db *d, const char *sql, struct err *e)
{
    for (int i = 0; i < d->statement_count; i++)
        if (d->statements[i].sql == sql)
            return d->statements[i].stmt;
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL) != SQLITE_OK) {
        db_fail(d, e);
        return NULL;
    }
    ARRAY_ROOM(d->statements, d->statement_count, d->statement_cap);
    d->statements[d->statement_count++] = (struct db_statement){sql, q};
    return q;
}

sqlite3_stmt *db_ask(struct db *d, const char *sql, const struct value *values, struct err *e)
{
    sqlite3_stmt *q = prepared(d, sql, e);
    if (!q)
        return NULL;
    CHECK(!sqlite3_stmt_busy(q));
    return bind_all(d, q, values, e) ? q : NULL;
}

sqlite3_stmt *db_ask_once(struct db *d, const char *sql, const struct value *values, struct err *e)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v3(d->handle, sql, -1, 0, &q, NULL) == SQLITE_OK && bind_all(d, q, values, e))
        return q;
    if (!q)
        db_fail(d, e);
    sqlite3_finalize(q);
    return NULL;
}

int db_step(struct db *d, sqlite3_stmt *q, struct err *e)
{
    if (!q)
        return -1;
    int code = sqlite3_step(q);
    if (code == SQLITE_ROW)
        return 1;
    if (code != SQLITE_DONE)
        db_fail(d, e);
    db_stop(q);
    return code == SQLITE_DONE ? 0 : -1;
}

void db_stop(sqlite3_stmt *q)
{
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
}

bool db_run(struct db *d, const char *sql, const struct value *values, struct err *e)
{
    sqlite3_stmt *q = db_ask(d, sql, values, e);
    int row = 0;
    while ((row = db_step(d, q, e)) > 0)
        continue;
    return row == 0;
}

bool db_script(struct db *d, const char *sql, struct err *e)
{
    return sqlite3_exec(d->handle, sql, NULL, NULL, NULL) == SQLITE_OK || db_fail(d, e);
}

bool db_integer(struct db *d, const char *sql, const struct value *values, int64_t *out, struct err *e)
{
    sqlite3_stmt *q = db_ask(d, sql, values, e);
    int row = db_step(d, q, e);
    if (row > 0) {
        *out = column_int(q, 0);
        db_stop(q);
    }
    return row >= 0;
}

bool db_text(struct db *d, const char *sql, const struct value *values, struct str *out, bool *found, struct err *e)
{
    sqlite3_stmt *q = db_ask(d, sql, values, e);
    int row = db_step(d, q, e);
    if (row > 0) {
        str_set(out, column_text(q, 0));
        db_stop(q);
    }
    if (found)
        *found = row > 0;
    return row >= 0;
}

int64_t db_last_id(const struct db *d)
{
    return sqlite3_last_insert_rowid(d->handle);
}

int db_changes(const struct db *d)
{
    return sqlite3_changes(d->handle);
}

int64_t column_int(sqlite3_stmt *q, int column)
{
    return sqlite3_column_int64(q, column);
}

int64_t column_measure(sqlite3_stmt *q, int column)
{
    return column_is_null(q, column) ? -1 : column_int(q, column);
}

bool column_is_null(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL;
}

struct span column_text(sqlite3_stmt *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    return text ? (struct span){text, (size_t)sqlite3_column_bytes(q, column)} : SPAN("");
}

/* -- transactions -------------------------------------------------------------------------------------------------- */

static bool set_sync(struct db *d, enum db_sync sync, struct err *e)
{
    if (sync == DB_READ || sync == d->sync || d->always_full)
        return true;
    if (!db_script(d, sync == DB_DURABLE ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL", e))
        return false;
    d->sync = sync;
    return true;
}

/* Writers take the lock at once: a transaction that first reads and then wants to write fails without waiting when
 * another instance has written in between. */
bool db_begin(struct db *d, enum db_sync sync, struct err *e)
{
    if (d->together)
        return db_run(d, "SAVEPOINT part", WITH_NOTHING, e);
    return set_sync(d, sync, e) &&
           (sync == DB_READ ? db_run(d, "BEGIN", WITH_NOTHING, e) : db_run(d, "BEGIN IMMEDIATE", WITH_NOTHING, e));
}

/* Some failures have ended the whole already. */
static bool end_part(struct db *d, bool ok, struct err *e)
{
    if (ok && db_run(d, "RELEASE part", WITH_NOTHING, e))
        return true;
    if (!sqlite3_get_autocommit(d->handle))
        sqlite3_exec(d->handle, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
    return false;
}

bool db_end(struct db *d, bool ok, struct err *e)
{
    if (d->together)
        return end_part(d, ok, e);
    if (ok && db_run(d, "COMMIT", WITH_NOTHING, e))
        return true;
    /* Some failures have ended the transaction already. */
    if (!sqlite3_get_autocommit(d->handle))
        sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

bool db_begin_together(struct db *d, struct err *e)
{
    d->together = db_begin(d, DB_DURABLE, e);
    return d->together;
}

bool db_end_together(struct db *d, bool ok, struct err *e)
{
    d->together = false;
    if (ok && sqlite3_get_autocommit(d->handle))
        return db_fail(d, e);
    return db_end(d, ok, e);
}

void db_patience(struct db *d, int ms)
{
    sqlite3_busy_timeout(d->handle, ms < 0 ? PATIENCE_MS : ms);
}

void db_close(struct db *d)
{
    for (int i = 0; i < d->statement_count; i++)
        sqlite3_finalize(d->statements[i].stmt);
    free(d->statements);
    sqlite3_close_v2(d->handle);
    free(d->path);
    memset(d, 0, sizeof *d);
}
