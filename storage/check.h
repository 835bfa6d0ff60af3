/* How a library is, read through without changing it. */
#ifndef RENGA_STORAGE_CHECK_H
#define RENGA_STORAGE_CHECK_H

#include "core/err.h"
#include "core/str.h"

struct library_facts {
    bool there;             /* false: no file yet, and nothing below is told */
    int64_t bytes;          /* of the file and its write-ahead log */
    int64_t version;        /* of its tables */
    int64_t pieces, generations;
    int64_t newest_ms;      /* when the newest generation was sent; 0: none */
    unsigned mode;          /* permissions of the file, as chmod takes them */
};
/* Reads every page and every index. False with a sentence when the file is no library, is a newer one, or is damaged. */
bool library_check(const char *path, struct library_facts *out, struct err *e) MUST_USE;

#endif
