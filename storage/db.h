/* One SQLite file, opened with care: flags, pragmas, cached statements, transactions, and errors as sentences. Knows no table.
 *
 * Asking for rows:
 *     sqlite3_stmt *q = db_ask(d, "SELECT id, text FROM passages WHERE piece = ?", WITH(as_int(piece)), e);
 *     int row;
 *     while ((row = db_step(d, q, e)) > 0)
 *         …column_int(q, 0), column_text(q, 1)…
 *     return row == 0;                                                                                            */
#ifndef RENGA_STORAGE_DB_H
#define RENGA_STORAGE_DB_H

#include "core/str.h"

#include <sqlite3.h>

enum db_sync {
    DB_READ,    /* a consistent view over several questions; writes nothing */
    DB_NORMAL,  /* survives the end of the program, not yet a power cut */
    DB_DURABLE, /* survives a power cut; makes every earlier commit durable too */
};

struct db_statement {
    const char *sql; /* the key: the same pointer, not the same letters */
    sqlite3_stmt *stmt;
};

struct db {
    sqlite3 *handle;
    char *path;         /* NULL: in memory */
    bool network;       /* on a file system whose locks and shared memory cannot be trusted */
    bool always_full;   /* no WAL: every commit is a durable one */
    bool left_wal;      /* a write-ahead log lay beside the file when it was opened */
    bool together;      /* several transactions run as one */
    enum db_sync sync;  /* as SQLite was last told */
    int failure;        /* SQLite's code of the last failure, without its extension */
    struct db_statement *statements;
    int statement_count, statement_cap;
};

/* -- opening ---- */

/* Opens `path` (NULL: in memory), making it (0600) and its folder (0700) when missing. Nothing is written into an existing file until
 * db_start_journal(). */
bool db_open(struct db *d, const char *path, bool network, struct err *e) MUST_USE;
/* Switches to the write-ahead log, or on a network to a rollback journal behind an exclusive lock. */
bool db_start_journal(struct db *d, struct err *e) MUST_USE;
void db_close(struct db *d);             /* safe on zeroed memory */
void db_leave_alone(struct db *d);       /* closing will not fold the log into the file */
bool db_cut_off(const char *path);       /* the file is empty, though its log is there: SQLite must not see it */
bool db_on_network(const char *path);    /* NFS, SMB, FUSE …, by the folder the file is in */

/* -- values ---- */

struct value {
    enum { VALUE_END, VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT } kind;
    int64_t integer;
    double real;
    struct span text; /* borrowed until the statement has been stepped to its end */
};
struct value as_int(int64_t n);
struct value as_id(int64_t id);                /* 0 becomes NULL */
struct value as_measure(int64_t n);            /* a negative number (not told) becomes NULL */
struct value as_real(double x);
struct value as_text(struct span text);
struct value as_name(const char *text);
struct value as_null(void);
#define WITH(...) ((const struct value[]){__VA_ARGS__, {.kind = VALUE_END}})
#define WITH_NOTHING NULL

/* -- statements ---- */

/* A cached statement with its values bound, or NULL with a sentence. `sql` must stay where it is until db_close(). */
sqlite3_stmt *db_ask(struct db *d, const char *sql, const struct value *values, struct err *e);
/* The same for a statement that is used once; the caller finalizes it. */
sqlite3_stmt *db_ask_once(struct db *d, const char *sql, const struct value *values, struct err *e);
/* 1: a row, 0: no more, -1: failed. After 0 and -1 the statement is ready to be asked again. `q` NULL: -1. */
int db_step(struct db *d, sqlite3_stmt *q, struct err *e);
void db_stop(sqlite3_stmt *q);                                  /* no further rows are wanted */
bool db_run(struct db *d, const char *sql, const struct value *values, struct err *e) MUST_USE;
bool db_script(struct db *d, const char *sql, struct err *e) MUST_USE; /* several statements, not cached */
/* The first column of the first row; without a row `out` keeps what it had. */
bool db_integer(struct db *d, const char *sql, const struct value *values, int64_t *out, struct err *e) MUST_USE;
/* The same for text; `found` (may be NULL) tells whether there was a row. */
bool db_text(struct db *d, const char *sql, const struct value *values, struct str *out, bool *found, struct err *e) MUST_USE;
int64_t db_last_id(const struct db *d);
int db_changes(const struct db *d);

int64_t column_int(sqlite3_stmt *q, int column);
int64_t column_measure(sqlite3_stmt *q, int column);            /* NULL becomes -1 */
bool column_is_null(sqlite3_stmt *q, int column);
struct span column_text(sqlite3_stmt *q, int column);           /* borrowed until the next step; NULL becomes "" */

/* -- transactions ---- */

bool db_begin(struct db *d, enum db_sync sync, struct err *e) MUST_USE;
/* Commits when `ok`, else (or when the commit fails) takes everything back; true only when it is committed. */
bool db_end(struct db *d, bool ok, struct err *e) MUST_USE;
/* Until db_end_together() every transaction is a part of one that is durable; one that fails takes back its own part. */
bool db_begin_together(struct db *d, struct err *e) MUST_USE;
bool db_end_together(struct db *d, bool ok, struct err *e) MUST_USE;
void db_patience(struct db *d, int ms);                         /* how long a write waits for another instance */

/* Says what SQLite's last error means for the writer; returns false. */
bool db_fail(struct db *d, struct err *e);

#endif
