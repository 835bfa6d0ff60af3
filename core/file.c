#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads to the end or to max + 1 bytes; false with errno set. */
static bool read_all(int fd, struct str *out, size_t max)
{
    char block[16384];
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        str_add(out, (struct span){block, (size_t)n});
        if (out->len > max)
            return true;
    }
}

bool file_read(const char *path, struct str *out, size_t max, struct err *e)
{
    struct str bytes = {0};
    bool ok = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        int why = errno;
        err_set(e, ERR_IO, _("%s cannot be read: %s."), path, strerror(why));
        errno = why;
        return false;
    }
    struct stat st;
    if (fstat(fd, &st) || S_ISDIR(st.st_mode))
        err_set(e, ERR_IO, _("%s is not a file."), path);
    else if (!read_all(fd, &bytes, max))
        err_set(e, ERR_IO, _("%s cannot be read: %s."), path, strerror(errno));
    else if (bytes.len > max)
        err_set(e, ERR_LIMIT, _("%s is larger than %zu kB, more than is read here."), path, max / 1024);
    else
        ok = true;
    if (ok)
        str_add(out, str_span(&bytes));
    close(fd);
    str_release(&bytes);
    return ok;
}

static bool write_all(int fd, struct span bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.s, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = span_cut(bytes, (size_t)n, bytes.len);
    }
    return true;
}

bool file_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return ok;
}

void folder_sync(const char *path)
{
    char *copy = mem_copy_text(path);
    (void)!file_sync(dirname(copy));
    free(copy);
}

bool file_write(const char *path, struct span bytes, struct err *e)
{
    struct str temporary = {0};
    str_printf(&temporary, "%s.XXXXXX", path);
    int fd = mkostemp(temporary.s, O_CLOEXEC); /* mode 0600 */
    bool ok = fd >= 0 && write_all(fd, bytes) && fsync(fd) == 0;
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    if (ok)
        ok = rename(temporary.s, path) == 0;
    if (!ok) {
        err_set(e, ERR_IO, _("%s cannot be written: %s."), path, strerror(errno));
        if (fd >= 0)
            unlink(temporary.s);
    } else {
        folder_sync(path);
    }
    str_release(&temporary);
    return ok;
}

static bool make_one(const char *path)
{
    struct stat st;
    if (mkdir(path, 0700) == 0)
        return true;
    if (errno != EEXIST || stat(path, &st))
        return false;
    errno = ENOTDIR;
    return S_ISDIR(st.st_mode);
}

bool folder_make(const char *path, struct err *e)
{
    char *copy = mem_copy_text(path);
    bool ok = true;
    for (char *slash = copy + 1; ok && *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        ok = make_one(copy);
        *slash = '/';
    }
    ok = ok && make_one(copy);
    if (!ok)
        err_set(e, ERR_IO, _("The folder %s cannot be made: %s."), path, strerror(errno));
    free(copy);
    return ok;
}
