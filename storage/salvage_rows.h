/* The rows of a damaged file, put into the tables of a new library: which page belongs to which table, and which value to which column.
 * Only for storage/. */
#ifndef RENGA_STORAGE_SALVAGE_ROWS_H
#define RENGA_STORAGE_SALVAGE_ROWS_H

#include "storage/pages.h"
#include "storage/store_parts.h"

/* Rows as they were; what they refer to may be missing. Inside a transaction, without foreign keys and triggers. *cut: texts that are short. */
bool salvage_rows(struct pages *p, struct db *to, int64_t *cut, struct err *e) MUST_USE;
/* Makes what rows refer to and was lost, and counts anew. Inside the same transaction, with triggers. */
bool salvage_mend(struct db *to, struct err *e) MUST_USE;

#endif
