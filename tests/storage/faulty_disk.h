/* A disk that fails on demand, beneath SQLite: the Nth call, every call, or the power. Knows no library. */
#ifndef RENGA_TESTS_STORAGE_FAULTY_DISK_H
#define RENGA_TESTS_STORAGE_FAULTY_DISK_H

#include <stdbool.h>
#include <stdint.h>

void faulty_disk_install(void); /* becomes SQLite's default file system; does nothing until told */
void faulty_disk_heal(void);    /* no failures from here on; forgets what was unsynced */
/* The call with this number (1 is the next one) fails with `code`, and all after it too when `stays`. */
void faulty_disk_fail(int call, int code, bool stays);
bool faulty_disk_failed(void); /* it has happened */
int faulty_disk_calls(void);   /* since it was told to fail */
/* Counts writes, syncs and deletions; the power goes at the one with this number: every later call fails. */
void faulty_disk_cut(int call);
bool faulty_disk_is_cut(void);
int faulty_disk_changes(void); /* writes, syncs and deletions since it was told to cut */
/* After a cut, with every file closed: each sector that was not synced is kept, dropped or torn, by the dice of `seed`.
 */
void faulty_disk_settle(uint64_t seed);

#endif
