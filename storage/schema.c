#include "storage/schema.h"
#include "core/clock.h"
#include "core/dial.h"
#include "core/file.h"
#include "core/i18n.h"
#include "storage/dated.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHECK_BUDGET_MS 400

struct stamp {
    int64_t application, version, changes; /* changes: 0 in a file without any table */
};

static bool read_stamp(struct db *d, struct stamp *stamp, struct err *e)
{
    return db_integer(d, "PRAGMA application_id", WITH_NOTHING, &stamp->application, e) &&
           db_integer(d, "PRAGMA user_version", WITH_NOTHING, &stamp->version, e) &&
           db_integer(d, "PRAGMA schema_version", WITH_NOTHING, &stamp->changes, e);
}

/* -- what is refused ----------------------------------------------------------------------------------------------- */

static bool is_new(const struct stamp *stamp)
{
    return stamp->application == 0 && stamp->version == 0 && stamp->changes == 0;
}

static bool acceptable(struct db *d, const struct schema *schema, const struct stamp *stamp, struct err *e)
{
    if (is_new(stamp))
        return true;
    if (stamp->application != SCHEMA_APPLICATION_ID)
        return err_set(e, ERR_STORAGE, _("The file %s is not a library. It was left as it is; name another file."),
                       d->path);
    if (stamp->version > schema->count)
        return err_set(
            e, ERR_STORAGE,
            _("The library %s was written by a newer renga (form %lld, this one knows %d). It was left as it is; use "
              "the newer program."),
            d->path, (long long)stamp->version, schema->count);
    return true;
}

static int out_of_time(void *deadline)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 > *(int64_t *)deadline;
}

/* After a crash: reads as much of the file as half a second allows. A full check of a large library is the doctor's. */
static bool undamaged(struct db *d, struct err *e)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t deadline = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + CHECK_BUDGET_MS;
    struct str verdict = {0};
    struct err why = {0};
    sqlite3_progress_handler(d->handle, 2000, out_of_time, &deadline);
    bool ok = db_text(d, "PRAGMA quick_check(1)", WITH_NOTHING, &verdict, NULL, &why);
    sqlite3_progress_handler(d->handle, 0, NULL, NULL);
    sqlite3_db_release_memory(d->handle); /* the pages read for it are not those the desk wants */
    if (ok && !span_is(str_span(&verdict), "ok"))
        ok = err_set(e, ERR_STORAGE,
                     _("The library %s is damaged (%.200s). It was left as it is; renga doctor --salvage gives back most of its text."),
                     d->path, str_text(&verdict));
    else if (!ok && d->failure == SQLITE_INTERRUPT)
        ok = true;
    else if (!ok && e)
        *e = why;
    str_release(&verdict);
    return ok;
}

/* -- bringing up to date ------------------------------------------------------------------------------------------- */

/* The copy has a name of its own only when all of it is on the disk. */
static bool copy_to(struct db *d, const char *part, const char *stem, struct err *e)
{
    struct str name = {0};
    if (!db_run(d, "VACUUM INTO ?", WITH(as_name(part)), e))
        return false;
    bool ok = file_sync(part) && dated_name(part, stem, &name);
    if (!ok)
        err_set(e, ERR_IO, _("No copy %s of the library can be made before bringing it up to date: %s."),
                name.len ? str_text(&name) : part, strerror(errno));
    folder_sync(part);
    str_release(&name);
    return ok;
}

/* "…renga.db.2026-10-05.v1", "….v1-2" and so on. */
static bool back_up(struct db *d, int64_t version, struct err *e)
{
    struct str part = {0}, stem = {0};
    char date[11];
    if (!d->path)
        return true;
    date_of(clock_wall_ms(), date);
    str_printf(&stem, "%s.%s.v%lld", d->path, date, (long long)version);
    str_printf(&part, "%s.copy-XXXXXX", d->path);
    int fd = mkostemp(part.s, O_CLOEXEC); /* mode 0600 */
    bool ok = fd >= 0 && copy_to(d, part.s, str_text(&stem), e);
    if (fd < 0)
        err_set(e, ERR_IO, _("No copy %s of the library can be made before bringing it up to date: %s."), str_text(&stem), strerror(errno));
    else
        close(fd);
    unlink(part.s);
    str_release(&part);
    str_release(&stem);
    return ok;
}

/* Only while a step runs may the schema be written as a table: SQLite knows no other way to drop a CHECK without copying the rows. */
static bool run_step(struct db *d, const char *step, struct err *e)
{
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    bool ok = db_script(d, step, e);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return ok;
}

static bool run_steps(struct db *d, const struct schema *schema, int64_t from, struct err *e)
{
    for (int64_t i = from; i < schema->count; i++)
        if (!run_step(d, schema->steps[i], e))
            return false;
    struct str stamp = {0};
    str_printf(&stamp, "PRAGMA application_id=%d; PRAGMA user_version=%d", SCHEMA_APPLICATION_ID, schema->count);
    bool ok = db_script(d, str_text(&stamp), e);
    str_release(&stamp);
    return ok;
}

/* Another instance may have done it while this one waited for the lock, so the version is read again behind it. */
static bool migrate(struct db *d, const struct schema *schema, struct err *e)
{
    struct stamp stamp = {0};
    if (!db_begin(d, DB_DURABLE, e))
        return false;
    bool ok = read_stamp(d, &stamp, e) && acceptable(d, schema, &stamp, e) &&
              (stamp.version == schema->count || run_steps(d, schema, stamp.version, e));
    return db_end(d, ok, e);
}

/* -- dials --------------------------------------------------------------------------------------------------------- */

static bool has_column(struct db *d, const char *name, bool *found, struct err *e)
{
    int64_t count = 0;
    bool ok = db_integer(d, "SELECT count(*) FROM pragma_table_info('generations') WHERE name = ?", WITH(as_name(name)),
                         &count, e);
    *found = count > 0;
    return ok;
}

static bool add_dial_columns(struct db *d, struct err *e)
{
    struct str sql = {0};
    bool ok = true;
    for (int i = 0; ok && i < DIAL_COUNT; i++) {
        bool found = false;
        ok = has_column(d, dial_table[i].name, &found, e);
        str_clear(&sql);
        str_printf(&sql, "ALTER TABLE generations ADD COLUMN \"%s\" REAL", dial_table[i].name);
        ok = ok && (found || db_script(d, str_text(&sql), e));
    }
    str_release(&sql);
    return ok;
}

/* A statement that names every dial tells at no cost whether a column is missing. */
static bool dials_complete(struct db *d)
{
    struct str sql = {0};
    str_add_text(&sql, "SELECT id");
    for (int i = 0; i < DIAL_COUNT; i++)
        str_printf(&sql, ", \"%s\"", dial_table[i].name);
    str_add_text(&sql, " FROM generations");
    sqlite3_stmt *q = db_ask_once(d, str_text(&sql), WITH_NOTHING, NULL);
    str_release(&sql);
    sqlite3_finalize(q);
    return q != NULL;
}

/* -- opening ------------------------------------------------------------------------------------------------------- */

bool schema_open(struct db *d, const struct schema *schema, bool check, struct err *e)
{
    struct stamp stamp = {0};
    bool ok = read_stamp(d, &stamp, e) && acceptable(d, schema, &stamp, e) && (!check || undamaged(d, e));
    if (!ok) {
        db_leave_alone(d);
        return false;
    }
    if (!db_start_journal(d, e))
        return false;
    if (stamp.version < schema->count)
        ok = (is_new(&stamp) || back_up(d, stamp.version, e)) && migrate(d, schema, e);
    if (!ok || dials_complete(d))
        return ok;
    return db_begin(d, DB_DURABLE, e) && db_end(d, add_dial_columns(d, e), e);
}
