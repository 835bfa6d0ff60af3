#include "storage/backup.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/dated.h"
#include "storage/db.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define COPIES_KEPT 4
#define WEEK_MS (7 * 86400000ll)
#define BEGIN_AFTER_S 5
#define PATIENCE_MS 10000

/* Where a copy can be broken off from another thread. */
struct backup {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool end;
    sqlite3 *copying;
    char *path;
};

/* -- the copies that there are --------------------------------------------------------------------------------------------------------- */

static const char *copies_name; /* for is_copy() alone, within scandir() */

static int is_copy(const struct dirent *entry)
{
    size_t len = strlen(copies_name);
    return !strncmp(entry->d_name, copies_name, len) && strlen(entry->d_name) == len + 10;
}

/* Calls scandir() for the copies beside the library, the oldest first; the caller frees each and all. */
static int list_copies(const char *path, struct dirent ***copies)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct str folder = {0}, name = {0};
    const char *slash = strrchr(path, '/');
    str_add(&folder, slash ? (struct span){path, (size_t)(slash - path)} : SPAN("."));
    str_printf(&name, "%s.weekly-", slash ? slash + 1 : path);
    pthread_mutex_lock(&lock);
    copies_name = str_text(&name);
    int count = scandir(folder.len ? str_text(&folder) : "/", copies, is_copy, alphasort);
    pthread_mutex_unlock(&lock);
    str_release(&folder);
    str_release(&name);
    return count < 0 ? 0 : count;
}

static void free_copies(struct dirent **copies, int count)
{
    for (int i = 0; i < count; i++)
        free(copies[i]);
    if (count)
        free(copies);
}

static const char *day_of(const struct dirent *copy)
{
    return copy->d_name + strlen(copy->d_name) - 10;
}

/* A copy of a day to come says only that a clock went wrong. */
static bool is_due(const char *path)
{
    struct dirent **copies = NULL;
    char week_ago[11], today[11];
    int count = list_copies(path, &copies), newest = count - 1;
    date_of(clock_wall_ms() - WEEK_MS, week_ago);
    date_of(clock_wall_ms(), today);
    while (newest >= 0 && strcmp(day_of(copies[newest]), today) > 0)
        newest--;
    bool due = newest < 0 || strcmp(day_of(copies[newest]), week_ago) <= 0;
    free_copies(copies, count);
    return due;
}

static void drop_oldest(const char *path)
{
    struct dirent **copies = NULL;
    int count = list_copies(path, &copies);
    for (int i = 0; i < count - COPIES_KEPT; i++) {
        struct str old = {0};
        const char *slash = strrchr(path, '/');
        str_add(&old, (struct span){path, slash ? (size_t)(slash + 1 - path) : 0});
        str_add_text(&old, copies[i]->d_name);
        unlink(str_text(&old));
        str_release(&old);
    }
    free_copies(copies, count);
}

/* -- one more -------------------------------------------------------------------------------------------------------------------------- */

static bool has_room(const char *path)
{
    struct stat file;
    struct statvfs disk;
    return stat(path, &file) == 0 && statvfs(path, &disk) == 0 &&
           (uint64_t)disk.f_bavail * disk.f_frsize > 2 * (uint64_t)file.st_size;
}

/* So that backup_end() can break it off; false: it came before. */
static bool tell_copying(struct backup *b, sqlite3 *db)
{
    bool go_on = true;
    if (b) {
        pthread_mutex_lock(&b->lock);
        b->copying = db;
        go_on = !b->end;
        pthread_mutex_unlock(&b->lock);
    }
    return go_on;
}

static bool copy_into(struct backup *b, const char *path, const char *part, struct err *e)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK && tell_copying(b, db);
    sqlite3_busy_timeout(db, PATIENCE_MS);
    ok = ok && sqlite3_prepare_v2(db, "VACUUM INTO ?", -1, &q, NULL) == SQLITE_OK &&
         sqlite3_bind_text(q, 1, part, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(q) == SQLITE_DONE;
    if (!ok)
        err_set(e, ERR_STORAGE, _("The week's copy of the library could not be made: %s."), sqlite3_errmsg(db));
    sqlite3_finalize(q);
    (void)tell_copying(b, NULL);
    sqlite3_close(db);
    return ok;
}

static bool make_copy(struct backup *b, const char *path, const char *part, int fd, struct err *e)
{
    struct str name = {0};
    char date[11];
    date_of(clock_wall_ms(), date);
    str_printf(&name, "%s.weekly-%s", path, date);
    bool ok = ftruncate(fd, 0) == 0 && copy_into(b, path, part, e);
    if (ok && (fsync(fd) || rename(part, str_text(&name))))
        ok = err_set(e, ERR_IO, _("The week's copy of the library could not be made: %s."), strerror(errno));
    if (ok)
        drop_oldest(path);
    else
        unlink(part);
    str_release(&name);
    return ok;
}

/* Whoever locked it first may have given the file its own name meanwhile: that is a finished copy, and no part any more. */
static bool is_part_still(const char *part, int fd)
{
    struct stat named, open_one;
    return stat(part, &named) == 0 && fstat(fd, &open_one) == 0 && named.st_ino == open_one.st_ino && named.st_dev == open_one.st_dev;
}

static bool copy_if_due(struct backup *b, const char *path, bool *made, struct err *e)
{
    struct str part = {0};
    bool ok = true;
    *made = false;
    if (!is_due(path) || db_on_network(path) || !has_room(path))
        return true;
    str_printf(&part, "%s.weekly-part", path);
    int fd = open(str_text(&part), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && is_part_still(str_text(&part), fd))
        *made = ok = make_copy(b, path, str_text(&part), fd, e);
    if (fd >= 0)
        close(fd);
    str_release(&part);
    return ok;
}

bool library_backup(const char *path, bool *made, struct err *e)
{
    return copy_if_due(NULL, path, made, e);
}

/* -- in a thread ----------------------------------------------------------------------------------------------------------------------- */

static void *run(void *data)
{
    struct backup *b = data;
    struct timespec when;
    bool made;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 19);
    clock_gettime(CLOCK_REALTIME, &when);
    when.tv_sec += BEGIN_AFTER_S;
    pthread_mutex_lock(&b->lock);
    while (!b->end && pthread_cond_timedwait(&b->ended, &b->lock, &when) == 0)
        continue;
    bool go_on = !b->end;
    pthread_mutex_unlock(&b->lock);
    if (go_on)
        (void)copy_if_due(b, b->path, &made, NULL);
    return NULL;
}

struct backup *backup_begin(const char *path)
{
    struct backup *b = mem_new(1, sizeof *b);
    sigset_t all, before;
    b->path = mem_copy_text(path);
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->ended, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop's */
    bool begun = pthread_create(&b->thread, NULL, run, b) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (begun)
        return b;
    free(b->path);
    free(b);
    return NULL;
}

void backup_end(struct backup *b)
{
    if (!b)
        return;
    pthread_mutex_lock(&b->lock);
    b->end = true;
    if (b->copying)
        sqlite3_interrupt(b->copying);
    pthread_cond_signal(&b->ended);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->thread, NULL);
    pthread_mutex_destroy(&b->lock);
    pthread_cond_destroy(&b->ended);
    free(b->path);
    free(b);
}
