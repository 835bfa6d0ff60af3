#include "storage/salvage.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/dated.h"
#include "storage/salvage_rows.h"
#include "storage/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCKS_AT  0x40000000 /* where SQLite locks a file */
#define LOCKS_LEN 512

void salvage_release(struct salvage *s)
{
    str_release(&s->aside);
}

/* -- before ---------------------------------------------------------------------------------------------------------- */

static bool check_words(struct db *d, struct err *e)
{
    return db_begin(d, DB_NORMAL, e) &&
           !db_end(d, db_script(d,
                                "INSERT INTO generation_words(generation_words) VALUES('integrity-check');"
                                "INSERT INTO passage_words(passage_words) VALUES('integrity-check')",
                                e) && (err_clear(e), false), NULL) &&
           e->kind == ERR_NONE;
}

bool salvage_sound(const char *path, struct err *e)
{
    struct db d = {0};
    struct str verdict = {0};
    struct err why = {0};
    bool ok = access(path, R_OK) == 0 || err_set(&why, ERR_IO, _("The file %s could not be read: %s."), path, strerror(errno));
    ok = ok && db_open(&d, path, false, &why) && db_text(&d, "PRAGMA integrity_check(1)", WITH_NOTHING, &verdict, NULL, &why);
    if (ok && !span_is(str_span(&verdict), "ok"))
        ok = err_set(&why, ERR_STORAGE, _("The library %s is damaged (%.200s)."), path, str_text(&verdict));
    ok = ok && check_words(&d, &why);
    if (d.handle)
        db_leave_alone(&d);
    db_close(&d);
    str_release(&verdict);
    if (!ok && e)
        *e = why;
    return ok;
}

/* The whole range that SQLite locks: nobody has the library open now, and nobody can open it until the file is closed. */
static bool lock_out(int fd, const char *path, struct err *e)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKS_AT, .l_len = LOCKS_LEN};
    return fcntl(fd, F_OFD_SETLK, &lock) == 0 ||
           err_set(e, ERR_STORAGE, _("Another program holds the library %s. Close it, then try again."), path);
}

/* A newer form has tables that this program does not know and would leave behind. */
static bool of_this_form(int fd, const char *path, struct err *e)
{
    uint8_t b[100];
    if (pread(fd, b, sizeof b, 0) < (ssize_t)sizeof b || memcmp(b, "SQLite format 3", 16) != 0)
        return true;
    uint32_t version = (uint32_t)b[60] << 24 | (uint32_t)b[61] << 16 | (uint32_t)b[62] << 8 | b[63];
    uint32_t program = (uint32_t)b[68] << 24 | (uint32_t)b[69] << 16 | (uint32_t)b[70] << 8 | b[71];
    return program != SCHEMA_APPLICATION_ID || version <= (uint32_t)schema_library.count || version > 1000 ||
           err_set(e, ERR_STORAGE, _("The library %s was written by a newer renga. It was left as it is; use the newer program."), path);
}

/* -- the new library ------------------------------------------------------------------------------------------------- */

static bool index_all(struct store *s, const char *select, bool (*index)(struct store *, int64_t, bool, struct err *), struct err *e)
{
    int64_t id = 0;
    for (;;) {
        int64_t next = 0;
        if (!db_integer(&s->db, select, WITH(as_int(id)), &next, e))
            return false;
        if (next == 0)
            return true;
        id = next;
        if (!index(s, id, true, e))
            return false;
    }
}

static bool fill(struct store *s, struct pages *p, struct salvage *out, struct err *e)
{
    sqlite3_db_config(s->db.handle, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    sqlite3_db_config(s->db.handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = db_script(&s->db, "DELETE FROM projects", e) && salvage_rows(p, &s->db, &out->cut, e);
    sqlite3_db_config(s->db.handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    ok = ok && salvage_mend(&s->db, e) &&
         index_all(s, "SELECT coalesce(min(id), 0) FROM generations WHERE id > ?", index_generation, e) &&
         index_all(s, "SELECT coalesce(min(id), 0) FROM passages WHERE id > ?", index_passage, e) &&
         db_integer(&s->db, "SELECT count(*) FROM pieces", WITH_NOTHING, &out->pieces, e) &&
         db_integer(&s->db, "SELECT count(*) FROM passages", WITH_NOTHING, &out->passages, e) &&
         db_integer(&s->db, "SELECT count(*) FROM takes", WITH_NOTHING, &out->takes, e) &&
         db_integer(&s->db, "SELECT count(*) FROM generations", WITH_NOTHING, &out->generations, e);
    if (ok && out->pieces + out->generations == 0)
        ok = err_set(e, ERR_STORAGE, _("Nothing of a library was found in %s. It was left as it is."), s->db.path);
    return db_end(&s->db, ok, e);
}

static void remove_new(const char *path)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-instances"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct str name = {0};
        str_printf(&name, "%s%s", path, parts[i]);
        unlink(str_text(&name));
        str_release(&name);
    }
}

static bool write_new(const char *path, const char *fresh, struct salvage *out, struct err *e)
{
    struct pages p = {.fd = -1, .log_fd = -1};
    struct store *s = NULL;
    bool ok = pages_open(&p, path, e) && store_open(&s, fresh, e) && fill(s, &p, out, e);
    out->pages = p.count;
    out->unread = p.unread;
    store_close(s);
    pages_close(&p);
    if (ok) { /* once more, as the desk opens it: journals without an end are joined to their takes */
        ok = store_open(&s, fresh, e);
        store_close(s);
    }
    return ok && salvage_sound(fresh, e);
}

/* -- in its place ---------------------------------------------------------------------------------------------------- */

/* Gives the damaged file a second name, "…renga.db.damaged-2026-11-25", "….damaged-2026-11-25-2" and so on. */
static bool name_aside(const char *path, struct str *aside, struct err *e)
{
    struct str stem = {0};
    char date[11];
    date_of(clock_wall_ms(), date);
    str_printf(&stem, "%s.damaged-%s", path, date);
    bool ok = dated_name(path, str_text(&stem), aside);
    if (!ok)
        err_set(e, ERR_IO, _("The damaged library could not get the name %s: %s. Everything is as it was."), str_text(aside), strerror(errno));
    str_release(&stem);
    return ok;
}

static bool move_part(const char *path, const char *aside, const char *part)
{
    struct str from = {0}, to = {0};
    str_printf(&from, "%s%s", path, part);
    str_printf(&to, "%s%s", aside, part);
    bool ok = rename(str_text(&from), str_text(&to)) == 0 || errno == ENOENT;
    str_release(&from);
    str_release(&to);
    return ok;
}

/* The library's name never stands for nothing: the damaged file has it until the new one takes it. */
static bool replace(const char *path, const char *fresh, struct str *aside, struct err *e)
{
    static const char *const parts[] = {"-wal", "-shm", "-journal"};
    if (!file_sync(fresh))
        return err_set(e, ERR_IO, _("The new library %s could not be made safe: %s."), fresh, strerror(errno));
    if (!name_aside(path, aside, e))
        return false;
    folder_sync(path);
    bool ok = true;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        ok = ok && move_part(path, str_text(aside), parts[i]);
    ok = ok && rename(fresh, path) == 0;
    if (!ok)
        return err_set(e, ERR_IO, _("The new library could not take the place of %s: %s. The damaged one is %s."), path, strerror(errno),
                       str_text(aside));
    folder_sync(path);
    return true;
}

bool salvage(const char *path, struct salvage *out, struct err *e)
{
    struct str fresh = {0};
    *out = (struct salvage){0};
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_IO, _("The file %s could not be read: %s."), path, strerror(errno));
    str_printf(&fresh, "%s.salvaged", path);
    bool ok = lock_out(fd, path, e) && of_this_form(fd, path, e);
    if (ok) {
        remove_new(str_text(&fresh)); /* of a salvage that was cut off */
        ok = write_new(path, str_text(&fresh), out, e) && replace(path, str_text(&fresh), &out->aside, e);
        remove_new(str_text(&fresh));
    }
    close(fd);
    str_release(&fresh);
    return ok;
}
