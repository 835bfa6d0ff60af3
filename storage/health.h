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

/* The same on a thread of its own with a low priority and a connection of its own: nobody waits for it, and whoever writes meanwhile is not
 * kept from it. */
struct library_reading;
struct library_reading *library_reading_begin(const char *path);              /* NULL: there is no thread to be had */
bool library_reading_over(const struct library_reading *r);
/* Once it is over: what library_examine() gives, and lets go of it. */
bool library_reading_end(struct library_reading *r, struct library_health *h, struct err *e) MUST_USE;
void library_reading_stop(struct library_reading *r);                         /* breaks it off and does not wait; safe on NULL */
/* It lies where an instance that has it open holds it alone, so that nobody can read it meanwhile. */
bool library_is_held_alone(const char *path);

#endif
