/* Names for rows that stay the same on every machine: 16 signs of Crockford's base 32, 48 bits of time in milliseconds and 32 random
 * ones, so that they sort by age. Knows no table. */
#ifndef RENGA_STORAGE_UID_H
#define RENGA_STORAGE_UID_H

#include "core/str.h"

#define UID_LENGTH 16

struct uid {
    char text[UID_LENGTH + 1];
};
struct uid uid_make(int64_t wall_ms); /* those of one process sort in the order of making */
/* The uid of something that is the same wherever it is met: a project by the name it is made with, a row read from another program's file
 * by where it stood. All zeros for "". */
struct uid uid_of(struct span text);
bool uid_valid(struct span text);     /* 16 digits and capitals */
struct span uid_span(const struct uid *u);

#endif
