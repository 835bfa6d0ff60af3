/* What the files of the library share: the store itself and the steps that several of them take inside one transaction. Only for
 * storage/. */
#ifndef RENGA_STORAGE_STORE_PARTS_H
#define RENGA_STORAGE_STORE_PARTS_H

#include "storage/db.h"
#include "storage/instance.h"
#include "storage/store.h"

/* Text that came for a take and is not in the journal yet. */
struct pending {
    int64_t take;
    bool reasoning;
    struct str text;
};

struct journal {
    struct pending *pending;
    int count, cap;
    size_t bytes;
    int64_t oldest_us;    /* when the first of it came, by the clock of the ticks; -1: at the next tick */
    int64_t unsynced_us;  /* the oldest commit that a power cut would take; -1: none */
    int64_t retry_us;     /* after a failure: not before; -1: none failed */
    struct err failure;
    struct take *ends;    /* ends of takes that could not be written yet */
    int end_count, end_cap;
};

struct store {
    struct db db;
    struct instance instance;
    struct journal journal;
    int64_t data_version;
    int64_t written_version;                         /* the same when a piece was last written; 0: none was yet */
    char *notice;
    struct str insert_generation, select_generation; /* SQL that names every dial */
    struct str load_generation, load_generations;
    bool untidy;                                   /* something was indexed since the index was last merged */
    int64_t unsplit_generations, unsplit_passages; /* up to these ids the index has no volumes */
};

/* -- pieces.c: inside a transaction ---- */

/* The row numbers that the piece had before a transaction, so that a failed one leaves it as it was. */
struct piece_ids {
    int64_t piece, project;
    int64_t *passages, *takes, *take_generations, *generations, *generation_pieces, *generation_passages;
};
void piece_ids_note(struct piece_ids *ids, const struct piece *p);
void piece_ids_restore(const struct piece_ids *ids, struct piece *p);
void piece_ids_release(struct piece_ids *ids);
bool piece_write(struct store *s, struct piece *p, struct err *e) MUST_USE;
void piece_mark_clean(struct piece *p);

/* -- missing.c ---- */

/* What another instance has deleted for good while the piece is open here loses its row numbers, so that it is written anew. Inside a
 * transaction, before anything of the piece is written. Looks only when another instance has written since. */
bool piece_find_missing(struct store *s, struct piece *p, struct err *e) MUST_USE;

/* -- projects.c ---- */

/* The project of that name, 0: there is none. With `make` a missing one is made, and one in the trash comes back. Inside a transaction. */
bool project_find(struct store *s, struct span name, bool make, int64_t *id, struct err *e) MUST_USE;

/* -- generations.c ---- */

void generations_prepare(struct store *s);      /* writes the SQL that names every dial */
void generations_release(struct store *s);
/* Inserts the generations of the piece that have no row yet, with their takes. */
bool generations_write(struct store *s, struct piece *p, struct err *e) MUST_USE;
bool generations_load(struct store *s, struct piece *p, struct err *e) MUST_USE;
bool takes_load(struct store *s, struct piece *p, struct err *e) MUST_USE;
/* Inside a transaction; `rows`: 0 when nothing was changed, or there is no such generation. */
bool generation_load_plain(struct store *s, int64_t id, struct generation *g, struct err *e) MUST_USE; /* without its long texts */
bool tag_fits(struct span tag, struct err *e) MUST_USE; /* a tag can be called so */
bool tag_write(struct store *s, int64_t generation, struct span tag, bool on, int *rows, struct err *e) MUST_USE;

/* -- notes.c ---- */

bool notes_load(struct store *s, struct piece *p, struct err *e) MUST_USE;

/* -- journal.c ---- */

void journal_init(struct journal *j);
void journal_release(struct journal *j);
/* Marks what dead instances left streaming as interrupted. */
bool journal_recover(struct store *s, struct err *e) MUST_USE;
/* Writes what waits, durably. */
bool journal_flush(struct store *s, struct err *e) MUST_USE;
/* Forgets what came so far for a take that still streams. Inside a transaction. */
bool journal_restart(struct store *s, int64_t take, struct err *e) MUST_USE;
/* Appends what came so far for a take that still streams. */
bool journal_read(struct store *s, int64_t take, struct str *text, struct str *reasoning, struct err *e) MUST_USE;

/* -- index.c: inside the transaction that changes the text ---- */

#define INDEX_GENERATION_BITS 14 /* a volume of the index: 16,384 generations, or 65,536 passages, most of which are a model's */
#define INDEX_PASSAGE_BITS    16
int index_volume(const struct store *s, bool passage, int64_t id);
bool index_prepare(struct store *s, struct err *e) MUST_USE;

bool index_generation(struct store *s, int64_t generation, bool add, struct err *e) MUST_USE;
bool index_passage(struct store *s, int64_t passage, bool add, struct err *e) MUST_USE;

#endif
