#include "storage/check.h"
#include "core/i18n.h"
#include "storage/schema.h"

#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

/* The first column of the only row as a number, -1: it cannot be read. */
static int64_t number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = NULL;
    int64_t n = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
        n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return n;
}

/* The first complaint; empty: there is none. */
static void read_through(sqlite3 *db, struct str *complaint)
{
    sqlite3_stmt *q = NULL;
    bool told = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW;
    const char *text = told ? (const char *)sqlite3_column_text(q, 0) : sqlite3_errmsg(db);
    const char *last = text ? strrchr(text, '\n') : NULL; /* above it stands which database is meant */
    if (!text || strcmp(text, "ok"))
        str_add_text(complaint, last ? last + 1 : text ? text : "?");
    sqlite3_finalize(q);
}

static bool read_facts(sqlite3 *db, const char *path, struct library_facts *out, struct err *e)
{
    struct str complaint = {0};
    int64_t application = number(db, "PRAGMA application_id");
    out->version = number(db, "PRAGMA user_version");
    if (application < 0)
        return err_set(e, ERR_FORMAT, _("The file %s is not a library."), path);
    if (application != SCHEMA_APPLICATION_ID)
        return err_set(e, ERR_FORMAT, _("The file %s belongs to another program."), path);
    read_through(db, &complaint);
    bool whole = complaint.len == 0;
    if (!whole)
        err_set(e, ERR_STORAGE, _("The library is damaged (%s)."), str_text(&complaint));
    str_release(&complaint);
    out->pieces = number(db, "SELECT count(*) FROM pieces");
    out->generations = number(db, "SELECT count(*) FROM generations");
    out->newest_ms = number(db, "SELECT coalesce(max(sent_ms), 0) FROM generations");
    return whole;
}

bool library_check(const char *path, struct library_facts *out, struct err *e)
{
    struct stat file, log;
    struct str beside = {0};
    sqlite3 *db = NULL;
    *out = (struct library_facts){0};
    if (stat(path, &file))
        return true;
    str_printf(&beside, "%s-wal", path);
    out->there = true;
    out->mode = (unsigned)file.st_mode & 07777;
    out->bytes = (int64_t)file.st_size + (stat(str_text(&beside), &log) == 0 ? (int64_t)log.st_size : 0);
    str_release(&beside);
    bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
    ok = ok ? read_facts(db, path, out, e) : err_set(e, ERR_IO, _("The library %s cannot be opened: %s."), path, sqlite3_errmsg(db));
    sqlite3_close(db);
    return ok;
}
