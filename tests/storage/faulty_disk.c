#include "faulty_disk.h"
#include "core/mem.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512

/* What a file held before something was written that no sync has followed yet. */
struct undo {
    char *path;
    sqlite3_int64 offset, size; /* size of the file before */
    int length;                 /* bytes that were there, at most a sector */
    unsigned char old[SECTOR];
};

struct file {
    sqlite3_file base;
    char *path;
    sqlite3_file *real;
};

static struct {
    sqlite3_vfs vfs, *real;
    int fail_at, code, calls;
    bool stays, failed;
    int cut_at, changes;
    bool cut, recording;
    struct undo *undo;
    int undo_count, undo_cap;
} disk;

/* -- deciding
 * ----------------------------------------------------------------------------------------------------------- */

static int fault(void)
{
    if (disk.cut)
        return SQLITE_IOERR;
    if (!disk.fail_at)
        return SQLITE_OK;
    disk.calls++;
    if (disk.calls != disk.fail_at && !(disk.stays && disk.calls > disk.fail_at))
        return SQLITE_OK;
    disk.failed = true;
    return disk.code;
}

/* A call that changes the disk: the power may go just before it. */
static int change(void)
{
    if (disk.recording && ++disk.changes == disk.cut_at)
        disk.cut = true;
    return fault();
}

static uint64_t dice(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* -- remembering
 * --------------------------------------------------------------------------------------------------------- */

static void remember(struct file *f, sqlite3_int64 offset, int length)
{
    sqlite3_int64 size = 0;
    f->real->pMethods->xFileSize(f->real, &size);
    for (sqlite3_int64 at = offset; at < offset + length; at += SECTOR - at % SECTOR) {
        ARRAY_ROOM(disk.undo, disk.undo_count, disk.undo_cap);
        struct undo *u = &disk.undo[disk.undo_count++];
        sqlite3_int64 end = at + SECTOR - at % SECTOR;
        end = end < offset + length ? end : offset + length;
        *u = (struct undo){.path = mem_copy_text(f->path), .offset = at, .size = size};
        u->length = (int)((end < size ? end : size > at ? size : at) - at);
        if (u->length > 0)
            f->real->pMethods->xRead(f->real, u->old, u->length, at);
    }
}

static void forget(const char *path)
{
    int kept = 0;
    for (int i = 0; i < disk.undo_count; i++)
        if (path && strcmp(disk.undo[i].path, path) != 0)
            disk.undo[kept++] = disk.undo[i];
        else
            free(disk.undo[i].path);
    disk.undo_count = kept;
}

/* Newest first, so that the oldest form of a dropped sector wins. */
void faulty_disk_settle(uint64_t seed)
{
    seed = seed * 2654435761u + 88172645463325252u;
    unsigned keep = (unsigned)(dice(&seed) % 101); /* some cuts lose nearly all, some nearly nothing */
    for (int i = disk.undo_count - 1; i >= 0; i--) {
        const struct undo *u = &disk.undo[i];
        unsigned roll = (unsigned)(dice(&seed) % 100);
        if (roll < keep)
            continue;
        int fd = open(u->path, O_WRONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        int length = roll % 7 == 0 ? u->length / 2 : u->length; /* torn */
        if (pwrite(fd, u->old, (size_t)length, u->offset) == length && u->offset >= u->size && roll % 3 == 0)
            (void)!ftruncate(fd, u->size);
        close(fd);
    }
    forget(NULL);
}

/* -- a file
 * --------------------------------------------------------------------------------------------------------------- */

static int file_close(sqlite3_file *base)
{
    struct file *f = (struct file *)base;
    int code = f->real->pMethods ? f->real->pMethods->xClose(f->real) : SQLITE_OK;
    free(f->real);
    free(f->path);
    return code;
}

static int file_read(sqlite3_file *base, void *out, int length, sqlite3_int64 offset)
{
    struct file *f = (struct file *)base;
    int code = fault();
    return code ? code : f->real->pMethods->xRead(f->real, out, length, offset);
}

static int file_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset)
{
    struct file *f = (struct file *)base;
    int code = change();
    if (code)
        return code;
    if (disk.recording)
        remember(f, offset, length);
    return f->real->pMethods->xWrite(f->real, bytes, length, offset);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct file *f = (struct file *)base;
    int code = change();
    return code ? code : f->real->pMethods->xTruncate(f->real, size);
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct file *f = (struct file *)base;
    int code = change();
    if (code)
        return code;
    forget(f->path);
    return f->real->pMethods->xSync(f->real, flags);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    struct file *f = (struct file *)base;
    int code = fault();
    return code ? code : f->real->pMethods->xFileSize(f->real, size);
}

static int file_lock(sqlite3_file *base, int kind)
{
    struct file *f = (struct file *)base;
    return f->real->pMethods->xLock(f->real, kind);
}

static int file_unlock(sqlite3_file *base, int kind)
{
    struct file *f = (struct file *)base;
    return f->real->pMethods->xUnlock(f->real, kind);
}

static int file_reserved(sqlite3_file *base, int *held)
{
    struct file *f = (struct file *)base;
    return f->real->pMethods->xCheckReservedLock(f->real, held);
}

static int file_control(sqlite3_file *base, int op, void *arg)
{
    struct file *f = (struct file *)base;
    return f->real->pMethods->xFileControl(f->real, op, arg);
}

static int file_sector(sqlite3_file *base)
{
    (void)base;
    return SECTOR;
}

/* The disk promises nothing: a sector may be torn and later writes may arrive before earlier ones. */
static int file_traits(sqlite3_file *base)
{
    (void)base;
    return 0;
}

static int file_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **out)
{
    struct file *f = (struct file *)base;
    int code = fault();
    return code ? code : f->real->pMethods->xShmMap(f->real, page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
    struct file *f = (struct file *)base;
    return f->real->pMethods->xShmLock(f->real, offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *base)
{
    struct file *f = (struct file *)base;
    f->real->pMethods->xShmBarrier(f->real);
}

static int file_shm_unmap(sqlite3_file *base, int delete)
{
    struct file *f = (struct file *)base;
    return f->real->pMethods->xShmUnmap(f->real, delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* -- the disk
 * -------------------------------------------------------------------------------------------------------------- */

static int disk_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *out)
{
    (void)vfs;
    struct file *f = (struct file *)base;
    *f = (struct file){0};
    int code = fault();
    if (code)
        return SQLITE_CANTOPEN;
    f->real = calloc(1, (size_t)disk.real->szOsFile);
    f->path = mem_copy_text(name ? name : "");
    code = disk.real->xOpen(disk.real, name, f->real, flags, out);
    if (code == SQLITE_OK) {
        f->base.pMethods = &methods;
        return code;
    }
    free(f->real);
    free(f->path);
    return code;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    int code = change();
    if (code)
        return code;
    forget(name);
    return disk.real->xDelete(disk.real, name, sync);
}

void faulty_disk_install(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.zName = "faulty";
    disk.vfs.pNext = NULL;
    disk.vfs.szOsFile = (int)sizeof(struct file);
    disk.vfs.xOpen = disk_open;
    disk.vfs.xDelete = disk_delete;
    sqlite3_vfs_register(&disk.vfs, 1);
}

void faulty_disk_heal(void)
{
    disk.fail_at = disk.cut_at = disk.calls = disk.changes = 0;
    disk.cut = disk.recording = disk.failed = false;
    forget(NULL);
    free(disk.undo);
    disk.undo = NULL;
    disk.undo_cap = 0;
}

void faulty_disk_fail(int call, int code, bool stays)
{
    disk.fail_at = call;
    disk.code = code;
    disk.stays = stays;
    disk.calls = 0;
    disk.failed = false;
}

bool faulty_disk_failed(void)
{
    return disk.failed;
}

int faulty_disk_calls(void)
{
    return disk.calls;
}

bool faulty_disk_is_cut(void)
{
    return disk.cut;
}

int faulty_disk_changes(void)
{
    return disk.changes;
}

void faulty_disk_cut(int call)
{
    disk.recording = true;
    disk.cut_at = call;
    disk.changes = 0;
}
