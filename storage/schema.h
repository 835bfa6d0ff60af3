/* The shape of the library: its tables, how old files are brought up to it, and which files are refused. Knows no rows.
 *
 * To change the shape, add a string at the end of schema_steps (schema_steps.c) and a fixture to tests/storage/fixtures. A new dial needs
 * nothing: missing columns are added from the dial table at every opening. */
#ifndef RENGA_STORAGE_SCHEMA_H
#define RENGA_STORAGE_SCHEMA_H

#include "storage/db.h"

#define SCHEMA_APPLICATION_ID 0x524E4741 /* "RNGA" */

struct schema {
    const char *const *steps; /* step i brings version i to version i + 1 */
    int count;                /* the version that this program writes */
};
extern const struct schema schema_library;

/* Refuses what is not a library, is newer than this program or is damaged, without writing into it; copies an older one beside itself,
 * dated, before it changes it; makes the tables of a new one. `check`: look for damage first (the last session did not end well). */
bool schema_open(struct db *d, const struct schema *schema, bool check, struct err *e) MUST_USE;

#endif
