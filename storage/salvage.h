/* Gives back the text of a damaged library: reads its pages one by one, whatever SQLite says of them, and writes a new library with every row
 * that can still be read. Never writes into the damaged file and never deletes it. Knows no command line. */
#ifndef RENGA_STORAGE_SALVAGE_H
#define RENGA_STORAGE_SALVAGE_H

#include "core/str.h"

#include <stdint.h>

struct salvage {
    int64_t pages, unread;                              /* of the damaged file; how many the disk refused */
    int64_t pieces, passages, takes, generations, cut;  /* rows that came back; texts that end before their end */
    struct str aside;                                   /* where the damaged file lies now */
};
void salvage_release(struct salvage *s);

/* True when the library is sound: every page, every row's place, both word indexes. *e says why not. Writes nothing. */
bool salvage_sound(const char *path, struct err *e) MUST_USE;
/* Puts a new library in the place of the damaged one, which moves aside with its companions under a dated name. Refuses while another program
 * has it open, when it is of a newer form, and when nothing of a library is in it; then all is as it was. */
bool salvage(const char *path, struct salvage *out, struct err *e) MUST_USE;

#endif
