#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/db.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define CIFS_MAGIC       0xFF534D42
#define SMB2_MAGIC       0xFE534D42
#define FUSE_MAGIC       0x65735546
#define AFS_KERNEL_MAGIC 0x6B414653
#define CEPH_MAGIC       0x00C36400
#define NINE_P_MAGIC     0x01021997

/* The folder of a path: "." when it names none. The caller frees. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return mem_copy_text(".");
    return span_copy((struct span){path, slash == path ? 1 : (size_t)(slash - path)});
}

/* The write-ahead log needs shared memory and locks that these do not give. */
bool db_on_network(const char *path)
{
    static const uint32_t magics[] = {NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC, CIFS_MAGIC,       SMB2_MAGIC, FUSE_MAGIC,
                                      CODA_SUPER_MAGIC, AFS_SUPER_MAGIC, AFS_KERNEL_MAGIC, CEPH_MAGIC, NINE_P_MAGIC};
    char *folder = folder_of(path);
    struct statfs fs;
    bool known = statfs(folder, &fs) == 0, found = false;
    free(folder);
    for (size_t i = 0; known && i < COUNT_OF(magics); i++)
        found = found || (uint32_t)fs.f_type == magics[i];
    return found;
}

static bool make_folder(const char *path, struct err *e)
{
    char *folder = folder_of(path);
    struct stat st;
    bool there = stat(folder, &st) == 0;
    bool ok = there || folder_make(folder, e);
    if (ok && !there)
        ok = chmod(folder, 0700) == 0 ||
             err_set(e, ERR_IO, _("The folder %s cannot be made private: %s."), folder, strerror(errno));
    free(folder);
    return ok;
}

/* SQLite would make it readable for everyone the umask lets in; its companions take their mode from it. */
static bool make_file(const char *path, struct err *e)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return true;
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return true; /* another instance was quicker */
    if (fd < 0 || fchmod(fd, 0600) != 0) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        return err_set(e, ERR_IO, _("The library %s cannot be made: %s. Check its folder."), path, strerror(why));
    }
    close(fd);
    return true;
}

static bool has_log(const char *path)
{
    struct str log = {0};
    struct stat st;
    str_printf(&log, "%s-wal", path);
    bool found = stat(str_text(&log), &st) == 0 && st.st_size > 0;
    str_release(&log);
    return found;
}

/* SQLite takes the log beside an empty file for a leftover and deletes it; but no file of ours is ever empty once it has a log. */
bool db_cut_off(const char *path)
{
    struct stat st;
    return path && stat(path, &st) == 0 && st.st_size == 0 && has_log(path);
}

/* A library file may come from anywhere: nothing in its schema is trusted, nothing in it can run code or name other
 * files. */
static bool configure(struct db *d, struct err *e)
{
    static const struct {
        int option, value;
    } settings[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1},
                    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                    {SQLITE_DBCONFIG_DQS_DDL, 0},
                    {SQLITE_DBCONFIG_DQS_DML, 0},
                    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
                    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}};
    static const struct {
        int limit, value;
    } limits[] = {{SQLITE_LIMIT_LENGTH, 256 << 20},         {SQLITE_LIMIT_SQL_LENGTH, 100000},
                  {SQLITE_LIMIT_EXPR_DEPTH, 100},           {SQLITE_LIMIT_COMPOUND_SELECT, 8},
                  {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 2000}, {SQLITE_LIMIT_ATTACHED, 1},
                  {SQLITE_LIMIT_VARIABLE_NUMBER, 200},      {SQLITE_LIMIT_TRIGGER_DEPTH, 4},
                  {SQLITE_LIMIT_WORKER_THREADS, 0}};
    sqlite3_extended_result_codes(d->handle, 1);
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        sqlite3_db_config(d->handle, settings[i].option, settings[i].value, NULL);
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        sqlite3_limit(d->handle, limits[i].limit, limits[i].value);
    db_patience(d, -1);
    d->sync = DB_DURABLE;
    /* Before the first page is read: an exclusive lock needs no shared memory. */
    return (!d->network || db_script(d, "PRAGMA locking_mode=EXCLUSIVE", e)) &&
           /* Small pages are written sooner, large ones hold more: a sent prompt touches some 30, whatever their size. */
           db_script(d,
                     "PRAGMA page_size=8192; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
                     "PRAGMA cache_size=-8000; PRAGMA synchronous=FULL",
                     e);
}

bool db_open(struct db *d, const char *path, bool network, struct err *e)
{
    memset(d, 0, sizeof *d);
    d->network = network;
    d->path = mem_copy_text(path);
    if (path && (!make_folder(path, e) || !make_file(path, e)))
        return false;
    d->left_wal = path && has_log(path);
    if (db_cut_off(path))
        return err_set(e, ERR_STORAGE, _("The library %s is damaged (it is empty, though its log is there). It was left as it is; renga doctor "
                                         "--salvage gives back what the log holds."),
                       path);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    if (!path)
        flags |= SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
    if (sqlite3_open_v2(path ? path : ":memory:", &d->handle, flags, NULL) != SQLITE_OK)
        return db_fail(d, e);
    if (configure(d, e))
        return true;
    db_leave_alone(d); /* damaged where its tables are told */
    return false;
}

/* Two instances that make the same library at the same moment may refuse each other without waiting. */
static bool journal_mode(struct db *d, const char *sql, struct str *mode, struct err *e)
{
    for (int i = 0; i < 100; i++) {
        if (db_text(d, sql, WITH_NOTHING, mode, NULL, e))
            return true;
        if (d->failure != SQLITE_BUSY)
            return false;
        usleep(10000);
    }
    return false;
}

bool db_start_journal(struct db *d, struct err *e)
{
    if (!d->path)
        return true;
    struct str mode = {0};
    bool ok = d->network || journal_mode(d, "PRAGMA journal_mode=WAL", &mode, e);
    if (ok && (d->network || !span_is(str_span(&mode), "wal"))) {
        ok = journal_mode(d, "PRAGMA journal_mode=TRUNCATE", &mode, e);
        d->always_full = true;
    }
    str_release(&mode);
    /* 512 pages: the log is folded in every 4 MB and never keeps more than 16 MB of disk. */
    return ok && db_script(d, "PRAGMA wal_autocheckpoint=512; PRAGMA journal_size_limit=16777216", e);
}

void db_leave_alone(struct db *d)
{
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}
