/* The bytes of a SQLite file, read without SQLite, so that damage anywhere keeps nothing else from being read: pages, the committed part
 * of the write-ahead log over them, and the records in their cells. Only reads. Knows no table.
 *
 * Format: https://www.sqlite.org/fileformat2.html */
#ifndef RENGA_STORAGE_PAGES_H
#define RENGA_STORAGE_PAGES_H

#include "core/str.h"

#include <stdbool.h>
#include <stdint.h>

enum page_kind { PAGE_OTHER = 0, PAGE_INDEX_INNER = 2, PAGE_TABLE_INNER = 5, PAGE_INDEX_LEAF = 10, PAGE_TABLE_LEAF = 13 };

struct pages {
    int fd, log_fd;      /* log_fd -1: no log */
    uint32_t size;       /* bytes of a page */
    uint32_t count;      /* pages, numbered from 1; those that only the log holds are among them */
    int64_t *in_log;     /* by page: where in the log it stands, 0: in the file itself */
    uint32_t unread;     /* pages that the disk refused */
};

/* Opens the file and its log ("…-wal"). A file too short to hold anything has no pages; that is no failure. */
bool pages_open(struct pages *p, const char *path, struct err *e) MUST_USE;
void pages_close(struct pages *p);                             /* safe on zeroed memory after `fd` and `log_fd` are -1, safe twice */
/* `page` has room for p->size bytes. What lies beyond the file or cannot be read is zeros; then false. */
bool pages_read(struct pages *p, uint32_t number, uint8_t *page);

enum page_kind page_kind(const struct pages *p, uint32_t number, const uint8_t *page);
int page_cells(const struct pages *p, uint32_t number, const uint8_t *page);
/* The page below cell `i` of an inner page; i == page_cells(): the rightmost one. 0: none. */
uint32_t page_below(const struct pages *p, uint32_t number, const uint8_t *page, int i);

/* One value of a record. */
struct field {
    enum { FIELD_NULL, FIELD_INT, FIELD_REAL, FIELD_TEXT, FIELD_BLOB } kind;
    int64_t integer;
    double real;
    struct span text; /* within the record's bytes; of a record that is cut short as much as is there */
};

#define RECORD_FIELDS 128

struct record {
    int64_t rowid;              /* of a table's leaf; 0 in an index */
    int count;
    bool cut;                   /* its chain of pages is broken: the last fields are short or missing */
    struct field fields[RECORD_FIELDS];
    struct str bytes;           /* what the fields point into */
};

/* Reads cell `i` of a leaf, or of an inner page of an index. False when there is nothing sensible. */
bool page_record(struct pages *p, uint32_t number, const uint8_t *page, int i, struct record *out);
void record_release(struct record *r);

/* Marks the pages that SQLite has put by for later use, as far as the list of them can be followed; what they hold was deleted. */
void pages_mark_free(struct pages *p, uint8_t *marks, uint8_t mark);

#endif
