/* How well a library file is: looks at it whole, changes nothing in it and repairs nothing. */
#ifndef RENGA_STORAGE_HEALTH_H
#define RENGA_STORAGE_HEALTH_H

#include "core/err.h"

#include <stdint.h>

struct library_health {
    bool there;            /* false: there is no such file yet, which is no fault */
    int64_t bytes;         /* of the file */
    int64_t log_bytes;     /* of the write-ahead log beside it, 0: none */
    int64_t journal_bytes; /* of a rollback journal, 0: none */
    int64_t version;       /* the form it has */
    int newest;            /* the form this program writes */
    int64_t generations;
};

/* Reads every page, every index and every reference. False with a sentence when it is damaged, no library, newer than this program or
 * cannot be read; what is known of it is filled in all the same. May take seconds for a large library. */
bool library_examine(const char *path, struct library_health *h, struct err *e) MUST_USE;

#endif
