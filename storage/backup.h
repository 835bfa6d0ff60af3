/* A copy of the library every week, beside it: "renga.db.weekly-2026-10-05"; the last four are kept. Made by a thread of its own with a low
 * priority and a connection of its own, so that nobody waits for it. */
#ifndef RENGA_STORAGE_BACKUP_H
#define RENGA_STORAGE_BACKUP_H

#include "core/err.h"

/* Copies the library when its newest copy is a week old or there is none; *made tells whether it did. The copy is written under another name,
 * made safe, and only then gets its own; one that fails pushes out no older one. Not done, and no failure: without a library, on a
 * network drive, without room for two copies, and while another instance is at it. */
bool library_backup(const char *path, bool *made, struct err *e) MUST_USE;

struct backup;
/* The same in a thread, a little later. NULL: there is no thread to be had. What fails is tried again the next time. */
struct backup *backup_begin(const char *path);
void backup_end(struct backup *b); /* breaks off what is not done; safe on NULL */

#endif
