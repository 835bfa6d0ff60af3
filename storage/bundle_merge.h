/* How a row of a bundle becomes one of the library: new, or merged into what is there. Knows no lines. Only for storage/. */
#ifndef RENGA_STORAGE_BUNDLE_MERGE_H
#define RENGA_STORAGE_BUNDLE_MERGE_H

#include "storage/bundle_rows.h"
#include "storage/store_parts.h"
#include "storage/uid.h"

/* The statements of one table, made when first needed. */
struct kind_statements {
    sqlite3_stmt *find, *insert, *update, *side;
};

/* An earlier form of the passage that was looked at last. */
struct past {
    int64_t id, saved_at;
    struct uid digest;
};

struct bundle_import {
    struct store *s;
    bool skip_broken;
    bool only_new;                      /* what is here already stays as it is */
    int64_t line;
    bool headed;                        /* a header has come */
    struct row_reader reader;
    struct row row, local;
    struct kind_statements statements[ROW_KINDS];
    bool pending;                       /* references wait for rows that are yet to come */
    int64_t past_of;                    /* passage, 0: none */
    struct past *past;
    int past_count, past_cap;
    struct bundle_result result;
};

/* The temporary tables that an import works with. */
bool merge_begin(struct bundle_import *b, struct err *e) MUST_USE;
/* Takes b->row in. Nothing is written when it fails with ERR_FORMAT: the row is broken, the sentence says how; any other failure is the
 * library's. */
bool merge_row(struct bundle_import *b, struct err *e) MUST_USE;
/* Joins the references that waited to the rows that have come; what never came stays empty. */
bool merge_join(struct bundle_import *b, struct err *e) MUST_USE;
/* Brings the index of words up to date. */
bool merge_index(struct bundle_import *b, struct err *e) MUST_USE;
void merge_release(struct bundle_import *b);

/* -- bundle_merge_rows.c: rows without a uid of their own ---- */

/* An earlier form of a passage; runs with takes by uid. */
bool merge_past(struct bundle_import *b, int64_t passage, int64_t saved_at, struct span runs, struct span text, bool *added, struct err *e)
    MUST_USE;
bool merge_revision(struct bundle_import *b, struct err *e) MUST_USE;
bool merge_tag(struct bundle_import *b, struct err *e) MUST_USE;
bool merge_search(struct bundle_import *b, struct err *e) MUST_USE;
/* The id of the row that field `field` of b->row names; 0: not here. */
bool merge_find(struct bundle_import *b, const struct row *r, int field, int64_t *id, struct err *e) MUST_USE;
bool merge_missing(const struct row *r, int field, struct err *e);

/* -- bundle_merge_names.c ---- */

/* Two projects may not have one name: that of the later uid gets a mark behind it, in row `r` or in the library. */
bool merge_settle_name(struct bundle_import *b, struct row *r, struct err *e) MUST_USE;

#endif
