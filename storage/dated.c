#include "storage/dated.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAMES_MAX 1000

void date_of(int64_t wall_ms, char date[11])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm day = {0};
    if (localtime_r(&seconds, &day))
        strftime(date, 11, "%Y-%m-%d", &day);
    else
        memcpy(date, "0000-00-00", 11);
}

static bool no_links(int error)
{
    return error == EPERM || error == ENOTSUP || error == ENOSYS;
}

static bool give(const char *path, const char *name)
{
    if (link(path, name) == 0)
        return true;
    if (!no_links(errno))
        return false;
    if (access(name, F_OK) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(path, name) == 0;
}

bool dated_name(const char *path, const char *stem, struct str *name)
{
    for (int i = 1; i < NAMES_MAX; i++) {
        str_clear(name);
        str_add_text(name, stem);
        if (i > 1)
            str_printf(name, "-%d", i);
        if (give(path, str_text(name)))
            return true;
        if (errno != EEXIST)
            break;
    }
    return false;
}
