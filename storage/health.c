#include "storage/health.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/schema.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATIENCE_MS 2000
#define WAIT_MS     5
#define POLITE      10 /* of the thread: steps of niceness below what the writer waits for */

#define STEPS       10000 /* of SQLite's, between two looks whether anybody still wants to know */

/* Where reading can be broken off from another thread. */
struct library_reading {
    pthread_t thread;
    pthread_mutex_t lock; /* of what is not atomic below, until it is over */
    sqlite3 *open;        /* NULL: nothing can be broken off now */
    bool alone;           /* nobody waits for it: the thread lets go of it */
    char *path;
    struct library_health health;
    struct err err;
    bool ok;
    atomic_bool stopped, over; /* over: all before it may be looked at */
};

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

/* Waits for another instance as long as db_patience() says, but not for one that nobody wants to hear of any more. */
static int wait_a_little(void *ctx, int times)
{
    const struct library_reading *r = ctx;
    if (atomic_load(&r->stopped) || times * WAIT_MS >= PATIENCE_MS)
        return 0;
    sqlite3_sleep(WAIT_MS);
    return 1;
}

static int is_unwanted(void *ctx)
{
    return atomic_load(&((struct library_reading *)ctx)->stopped);
}

static void tell_open(struct library_reading *r, sqlite3 *handle)
{
    if (!r)
        return;
    if (handle) {
        sqlite3_busy_handler(handle, wait_a_little, r);
        sqlite3_progress_handler(handle, STEPS, is_unwanted, r);
    }
    pthread_mutex_lock(&r->lock);
    r->open = handle;
    pthread_mutex_unlock(&r->lock);
}

static bool read_whole(struct db *d, struct library_health *h, struct err *e)
{
    return known_form(d, h, e) && check(d, "PRAGMA quick_check(1)", e) && check(d, "PRAGMA integrity_check(1)", e) && references(d, e) &&
           db_integer(d, "SELECT count(*) FROM generations", WITH_NOTHING, &h->generations, e);
}

/* `r` NULL: nobody breaks it off. */
static bool examine(const char *path, struct library_health *h, struct library_reading *r, struct err *e)
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
    if (h->bytes == 0) /* made, and never written into */
        return true;
    bool ok = open_to_read(&d, path, e);
    tell_open(r, d.handle);
    ok = ok && read_whole(&d, h, e);
    tell_open(r, NULL);
    db_close(&d);
    return ok;
}

bool library_examine(const char *path, struct library_health *h, struct err *e)
{
    return examine(path, h, NULL, e);
}

bool library_is_held_alone(const char *path)
{
    return db_on_network(path);
}

/* -- in a thread ----------------------------------------------------------------------------------------------------------------------- */

static void let_go(struct library_reading *r)
{
    pthread_mutex_destroy(&r->lock);
    free(r->path);
    free(r);
}

static void *run(void *data)
{
    struct library_reading *r = data;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), POLITE);
    if (!atomic_load(&r->stopped))
        r->ok = examine(r->path, &r->health, r, &r->err);
    pthread_mutex_lock(&r->lock);
    bool alone = r->alone;
    atomic_store(&r->over, true);
    pthread_mutex_unlock(&r->lock);
    if (alone)
        let_go(r);
    return NULL;
}

struct library_reading *library_reading_begin(const char *path)
{
    struct library_reading *r = mem_new(1, sizeof *r);
    sigset_t all, before;
    r->path = mem_copy_text(path);
    pthread_mutex_init(&r->lock, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop's */
    bool begun = pthread_create(&r->thread, NULL, run, r) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (begun)
        return r;
    let_go(r);
    return NULL;
}

bool library_reading_over(const struct library_reading *r)
{
    return atomic_load(&r->over);
}

bool library_reading_end(struct library_reading *r, struct library_health *h, struct err *e)
{
    pthread_join(r->thread, NULL);
    bool ok = r->ok;
    *h = r->health;
    if (!ok && e)
        *e = r->err;
    let_go(r);
    return ok;
}

/* The thread is not waited for: with its low priority it may be long in coming to its end on a busy machine. */
void library_reading_stop(struct library_reading *r)
{
    if (!r)
        return;
    atomic_store(&r->stopped, true);
    pthread_mutex_lock(&r->lock);
    bool over = atomic_load(&r->over);
    r->alone = !over;
    if (r->open)
        sqlite3_interrupt(r->open);
    if (!over)
        pthread_detach(r->thread);
    pthread_mutex_unlock(&r->lock);
    if (!over)
        return;
    pthread_join(r->thread, NULL);
    let_go(r);
}
