/* Bundles: rows of the library as lines of JSON that another library takes in. Knows no file and no other program's formats.
 *
 * The first line is {"renga":"bundle","version":1}; each further one is a row: its table's word as "row", its uid, its columns, the uids of
 * the rows it refers to, and as "dates" when its parts were last changed. Rows come in an order that their uids give, so one content has
 * one form.
 *
 * Two libraries that took in one another's bundles, in any order and however often, hold the same: of each part of a row the one that was
 * changed last stays (of two at the same moment the greater), what has no date only grows, and a passage's text that gives way becomes one
 * of its revisions. */
#ifndef RENGA_STORAGE_BUNDLE_H
#define RENGA_STORAGE_BUNDLE_H

#include "storage/store.h"

#define BUNDLE_VERSION  1
#define BUNDLE_LINE_MAX ((size_t)128 << 20)

/* -- out ---------------------------------------------------------------------------------------------------------------------------- */

/* What a bundle holds: everything (all zero), a project, a piece, or some generations; with what these refer to. */
struct bundle_scope {
    int64_t project, piece;
    const int64_t *generations;
    int generation_count;
};

/* Calls `write` with each line, newline included, until it says false. Memory: a row at a time. */
bool bundle_export(struct store *s, const struct bundle_scope *scope, bool (*write)(void *data, struct span line, struct err *e),
                   void *data, struct err *e) MUST_USE;

/* -- in ----------------------------------------------------------------------------------------------------------------------------- */

struct bundle_result {
    int added, changed, broken;   /* rows; broken: lines passed over */
    int pieces, generations;      /* of those added */
    int64_t piece;                /* one that was added, or failing that one that the bundle names; 0: none */
    struct str complaints;        /* a sentence a line for what was passed over, the first hundred; the caller's to release */
};

struct bundle_import;
/* Begins one transaction. `skip_broken`: lines that are no rows are passed over and counted. */
bool bundle_import_begin(struct store *s, bool skip_broken, struct bundle_import **out, struct err *e) MUST_USE;
/* For files of other programs: a row that is here already stays as it is, and no header is asked for. */
void bundle_import_only_new(struct bundle_import *b);
/* The uid of the project of that name, which is made when it is missing; `uid` has room for 17 bytes. */
bool bundle_import_project(struct bundle_import *b, struct span name, char *uid, struct err *e) MUST_USE;
/* One line, the first of which is the header. False, with the number of the line and the reason: nothing more can be taken in. */
bool bundle_import_line(struct bundle_import *b, struct span line, struct err *e) MUST_USE;
/* Takes everything in when `ok`, else nothing; frees `b` (NULL: nothing). False when nothing was taken in. */
bool bundle_import_end(struct bundle_import *b, bool ok, struct bundle_result *result, struct err *e);

/* -- lines made by hand, from other programs' files ----------------------------------------------------------------------------- */

void bundle_header(struct str *line);
void bundle_open(struct str *line, const char *row, struct span uid);  /* the line so far is forgotten; uid "": a row without one */
void bundle_text(struct str *line, const char *name, struct span text); /* ill-formed UTF-8 and NUL become U+FFFD */
void bundle_number(struct str *line, const char *name, int64_t n);
void bundle_dials(struct str *line, const struct dials *d);
void bundle_close(struct str *line);

#endif
