/* Files whole: read with a bound, written so that a crash leaves the old or the new one. */
#ifndef RENGA_CORE_FILE_H
#define RENGA_CORE_FILE_H

#include "core/str.h"

/* Appends the file's bytes to `out`, at most `max`. A file that is larger fails with ERR_LIMIT; one that is missing with ERR_IO and
 * errno ENOENT kept. */
bool file_read(const char *path, struct str *out, size_t max, struct err *e) MUST_USE;
/* Writes a temporary file beside `path` (mode 0600), syncs it and renames it. */
bool file_write(const char *path, struct span bytes, struct err *e) MUST_USE;
/* What was written to it has reached the disk; false with errno. */
bool file_sync(const char *path) MUST_USE;
void folder_sync(const char *path); /* the folder that `path` lies in: a new name reaches the disk with it */
bool folder_make(const char *path, struct err *e) MUST_USE; /* with parents, mode 0700; existing is fine */

#endif
