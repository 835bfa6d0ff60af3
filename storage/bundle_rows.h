/* What a bundle's rows are made of: the table of tables, and a row between the library and a line of JSON. Only for storage/. */
#ifndef RENGA_STORAGE_BUNDLE_ROWS_H
#define RENGA_STORAGE_BUNDLE_ROWS_H

#include "core/dial.h"
#include "storage/bundle.h"
#include "storage/db.h"

enum field_type {
    FIELD_TEXT,      /* "" is left out */
    FIELD_TEXT_NULL,
    FIELD_INT,
    FIELD_INT_NULL,
    FIELD_REF,       /* the uid of a row of `refers` that must be there */
    FIELD_REF_NULL,
    FIELD_RUNS,      /* "len:author[:take],…": takes by uid */
    FIELD_STATE,     /* of a take that is over */
    FIELD_AUTHOR,
};

struct field {
    const char *name;
    enum field_type type;
    const char *group;     /* what is changed together, and the name of its date; NULL: alone and without a date */
    const char *refers;    /* table */
    const char *value;     /* SQL; NULL: the column of that name */
    bool side;             /* a column of the table beside */
    int64_t most;          /* of an integer; 0: any */
};

#define FIELDS_MAX 24

struct kind {
    const char *name, *table;
    const char *from;          /* SQL: what follows FROM, the table as r */
    const char *within;        /* SQL: what is in scope, when not everything is */
    const char *order;
    const char *dates;         /* SQL: as row_dates() writes them; NULL: none */
    const char *dates_column;
    const char *only_group;    /* the column is the date of this group */
    const char *side, *side_key;
    bool uid, dials;
    const struct field *fields;
    int count;
};
enum kind_id { ROW_PROJECT, ROW_PIECE, ROW_GENERATION, ROW_TAKE, ROW_PASSAGE, ROW_LORE, ROW_REVISION, ROW_TAG, ROW_SEARCH, ROW_KINDS };
extern const struct kind bundle_kinds[ROW_KINDS]; /* in the order of their lines: what is referred to as FIELD_REF comes first */

struct cell {
    enum { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT } kind;
    int64_t integer;
    double real;
    struct str text;
};

/* Zeroed memory is an empty row. */
struct row {
    const struct kind *kind;
    int64_t id;                     /* 0: not in the library */
    struct str uid;
    struct cell cells[FIELDS_MAX];
    struct cell dials[DIAL_COUNT];
    int64_t dates[FIELDS_MAX];      /* of the group that the field belongs to; 0: never changed */
};
void row_release(struct row *r);
void row_clear(struct row *r, const struct kind *kind);
int field_find(const struct kind *k, struct span name); /* -1: none */

void cell_null(struct cell *c);
void cell_int(struct cell *c, int64_t n);
void cell_real(struct cell *c, double x);
void cell_text(struct cell *c, struct span text);
void cell_copy(struct cell *to, const struct cell *from);
int cell_compare(const struct cell *a, const struct cell *b); /* nothing < numbers < texts, byte by byte */
struct value as_cell(const struct cell *c);

/* "SELECT id, uid, dates, fields, dials FROM …"; `scoped`: references leave out what the temporary tables scope_pieces and scope_generations
 * do not hold. */
void kind_select(const struct kind *k, bool scoped, struct str *sql);
/* Fills `r` from a row of that SELECT. */
bool row_load(struct db *d, sqlite3_stmt *q, struct row *r, struct err *e) MUST_USE;
/* Appends the row as a line; its dates as the column has them (schema_steps.c), "" when it has none. */
void row_write(const struct row *r, struct str *line);
void row_dates(const struct row *r, struct str *out);

struct run_parts {
    struct span head, take; /* "len:author", and what stands behind it or "" */
};
bool runs_next(struct span *rest, struct run_parts *run); /* takes the next one off the front */
/* Runs with takes as uids ↔ as ids of this library. A take that is not there falls out of its run. */
bool runs_to_uids(struct db *d, struct span runs, struct str *out, struct err *e) MUST_USE;
bool runs_to_ids(struct db *d, struct span runs, struct str *out, struct err *e) MUST_USE;

/* Reads a line of JSON into a row; false with the reason, which names no line. */
struct row_reader {
    struct db *db;
    sqlite3_stmt *each;  /* SELECT key, type, atom … of an object */
    sqlite3_stmt *inner;
    bool header;         /* the line was a header */
};
bool row_reader_open(struct row_reader *rr, struct db *d, struct err *e) MUST_USE;
void row_reader_close(struct row_reader *rr);
bool row_read(struct row_reader *rr, struct span line, struct row *r, struct err *e) MUST_USE;

#endif
