#include "storage/health.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/schema.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define PATIENCE_MS 2000

static int64_t size_beside(const char *path, const char *ending)
{
    struct str name = {0};
    struct stat st;
    str_printf(&name, "%s%s", path, ending);
    int64_t size = stat(str_text(&name), &st) == 0 ? (int64_t)st.st_size : 0;
    str_release(&name);
    return size;
}

/* Only for reading: what is damaged must stay as it is. */
static bool open_to_read(struct db *d, const char *path, struct err *e)
{
    memset(d, 0, sizeof *d);
    d->path = mem_copy_text(path);
    if (db_cut_off(path))
        return err_set(e, ERR_STORAGE, _("The library %s is damaged (it is empty, though its log is there). It was left as it is; renga doctor "
                                         "--salvage gives back what the log holds."),
                       path);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(path, &d->handle, flags, NULL) != SQLITE_OK)
        return db_fail(d, e);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    db_leave_alone(d);
    db_patience(d, PATIENCE_MS);
    return db_script(d, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA query_only=ON", e);
}

static bool check(struct db *d, const char *sql, struct err *e)
{
    struct str verdict = {0};
    bool ok = db_text(d, sql, WITH_NOTHING, &verdict, NULL, e);
    if (ok && !span_is(str_span(&verdict), "ok"))
        ok = err_set(e, ERR_STORAGE,
                     _("The library %s is damaged (%.200s). Close renga, keep a copy of the file, and let renga doctor --salvage save what "
                       "can be read into a new one."),
                     d->path, str_text(&verdict));
    str_release(&verdict);
    return ok;
}

/* Rows that name others which are not there. */
static bool references(struct db *d, struct err *e)
{
    struct str table = {0};
    bool found = false;
    bool ok = db_text(d, "PRAGMA foreign_key_check", WITH_NOTHING, &table, &found, e);
    if (ok && found)
        ok = err_set(e, ERR_STORAGE, _("The library %s is whole, but rows of “%.60s” name others that are not there; renga doctor --salvage "
                                       "makes a new library without the gap."),
                     d->path, str_text(&table));
    str_release(&table);
    return ok;
}

static bool known_form(struct db *d, struct library_health *h, struct err *e)
{
    int64_t application = 0;
    if (!db_integer(d, "PRAGMA application_id", WITH_NOTHING, &application, e) ||
        !db_integer(d, "PRAGMA user_version", WITH_NOTHING, &h->version, e))
        return false;
    if (application != SCHEMA_APPLICATION_ID)
        return err_set(e, ERR_STORAGE, _("The file %s is not a library. It was left as it is; name another file."), d->path);
    if (h->version > h->newest)
        return err_set(e, ERR_STORAGE,
                       _("The library %s was written by a newer renga (form %lld, this one knows %d). It was left as it is; use "
                         "the newer program."),
                       d->path, (long long)h->version, h->newest);
    return true;
}

bool library_examine(const char *path, struct library_health *h, struct err *e)
{
    struct db d;
    struct stat st;
    *h = (struct library_health){.newest = schema_library.count};
    if (stat(path, &st) != 0) {
        h->there = errno != ENOENT && errno != ENOTDIR;
        return !h->there || err_set(e, ERR_IO, _("The library %s cannot be read: %s."), path, strerror(errno));
    }
    h->there = true;
    h->bytes = st.st_size;
    h->log_bytes = size_beside(path, "-wal");
    h->journal_bytes = size_beside(path, "-journal");
    bool ok = h->bytes == 0 || /* made, and never written into */
              (open_to_read(&d, path, e) && known_form(&d, h, e) && check(&d, "PRAGMA quick_check(1)", e) &&
               check(&d, "PRAGMA integrity_check(1)", e) && references(&d, e) &&
               db_integer(&d, "SELECT count(*) FROM generations", WITH_NOTHING, &h->generations, e));
    if (h->bytes)
        db_close(&d);
    return ok;
}
