/* Days, and names of files that are made of them: copies of the library beside it. Knows not what is in them. */
#ifndef RENGA_STORAGE_DATED_H
#define RENGA_STORAGE_DATED_H

#include "core/str.h"

/* "2026-10-05": the writer's day at that Unix time in milliseconds. */
void date_of(int64_t wall_ms, char date[11]);
/* Gives the file `path` the first free name of STEM, "STEM-2", … as well; where the file system knows no second names it is moved there.
 * False with errno; *name is the one that could not be had. */
bool dated_name(const char *path, const char *stem, struct str *name);

#endif
