/* Work going out and coming in: Markdown, plain text, HTML, bundles, and the files of other programs. Knows no screen, no command line and no
 * server. */
#ifndef RENGA_APP_EXCHANGE_H
#define RENGA_APP_EXCHANGE_H

#include "storage/store.h"

enum exchange_format {
    EXCHANGE_MARKDOWN, /* the page, and in its front matter where each line comes from */
    EXCHANGE_TEXT,     /* the page alone */
    EXCHANGE_HTML,     /* the page set as one would show it */
    EXCHANGE_BUNDLE,   /* everything that is known, a row a line: for another library */
    EXCHANGE_FORMAT_COUNT
};
const char *exchange_format_name(enum exchange_format f);                     /* "md", "txt", "html", "jsonl": also the ending of its files */
const char *exchange_format_help(enum exchange_format f);                     /* one line, in the writer's language */
bool exchange_format_parse(struct span name, enum exchange_format *f);

struct exchange_look {
    bool vertical;        /* HTML: Chinese from top to bottom, right to left */
    bool without_prompts; /* what the writer asked is left out of the page */
};

/* -- going out ---------------------------------------------------------------------------------------------------------------------- */

/* Takes what is written, a stretch at a time; false with a sentence ends the export. */
struct exchange_sink {
    bool (*write)(void *data, struct span bytes, struct err *e);
    void *data;
};
struct exchange_sink exchange_into(struct str *out); /* appends to `out` */

/* One piece's page, or its bundle. */
bool exchange_export_piece(struct store *store, int64_t piece, enum exchange_format format, const struct exchange_look *look,
                           const struct exchange_sink *out, struct err *e) MUST_USE;
/* Generations with their prompts and takes, in the order given: one text, page or bundle. */
bool exchange_export_generations(struct store *store, const int64_t *ids, int count, enum exchange_format format,
                                 const struct exchange_sink *out, struct err *e) MUST_USE;
/* The bundle of a project (0: of the whole library). */
bool exchange_export_bundle(struct store *store, int64_t project, const struct exchange_sink *out, struct err *e) MUST_USE;
/* Every piece of a project (0: of the whole library) that is not in the trash as a file of its own in `folder`, which is made. `count`: how many
 * files. A file of that name is written anew. */
bool exchange_export_folder(struct store *store, int64_t project, enum exchange_format format, const struct exchange_look *look,
                            const char *folder, int *count, struct err *e) MUST_USE;
/* The same for one piece and a file: whole or not at all. */
bool exchange_export_file(struct store *store, int64_t piece, enum exchange_format format, const struct exchange_look *look,
                          const char *path, struct err *e) MUST_USE;

/* Writes what `fill` writes into a file: whole or not at all. */
bool exchange_write_file(const char *path, bool (*fill)(void *ctx, const struct exchange_sink *out, struct err *e), void *ctx,
                         struct err *e) MUST_USE;

/* A file name made of a title, without an ending: no separators, no leading dots, nothing that a file system refuses; at most 120 bytes.
 * Chinese stays. */
void exchange_file_name(struct str *out, struct span title);

/* The piece that a title or a number names; *piece 0: none, a number is not looked up. Several with one title: refused with a sentence that
 * gives their numbers. */
bool exchange_find_piece(struct store *store, struct span name, int64_t *piece, struct err *e) MUST_USE;

/* -- coming in ---------------------------------------------------------------------------------------------------------------------- */

struct exchange_import {
    struct span project;       /* where pieces go that bring no project; "" : the default one */
    struct span kind;          /* what the file is said to be, "" : recognised by its content */
    bool skip_broken;          /* pass over what is broken instead of refusing the whole */
    void (*tick)(void *ctx, int64_t lines); /* now and then, in a bundle; NULL: nobody waits */
    void *ctx;
    /* what came of it */
    int pieces, generations, rows;     /* new; rows: of any kind */
    int changed;                       /* rows that were here and are newer now */
    int broken;                        /* lines passed over */
    int64_t piece;                     /* one of the new pieces, 0: none */
    char what[64];                     /* what the file was taken for, in the writer's language */
    struct str complaints;             /* a sentence a line, of what was passed over; the caller's to release */
};

/* Reads a file into the library, in one transaction: all of it or nothing. */
bool exchange_import_file(struct store *store, const char *path, struct exchange_import *what, struct err *e) MUST_USE;
/* The names that `kind` may have, a NULL at the end. */
extern const char *const exchange_kinds[];

#endif
