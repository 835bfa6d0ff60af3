#include "core/clock.h"
#include "core/mem.h"
#include "storage/bulk.h"
#include "storage/store_parts.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 20 /* rows with a text in one transaction: a few milliseconds */

bool store_trash_count(struct store *s, struct trash_count *out, struct err *e)
{
    *out = (struct trash_count){0};
    return db_integer(&s->db, "SELECT count(*) FROM generations WHERE trashed_at IS NOT NULL", WITH_NOTHING, &out->generations, e) &&
           db_integer(&s->db,
                      "SELECT count(*) FROM passages a JOIN pieces p ON p.id = a.piece WHERE a.trashed_at IS NOT NULL AND "
                      "p.trashed_at IS NULL",
                      WITH_NOTHING, &out->passages, e) &&
           db_integer(&s->db, "SELECT count(*) FROM pieces WHERE trashed_at IS NOT NULL", WITH_NOTHING, &out->pieces, e);
}

/* -- passages ------------------------------------------------------------------------------------------------------------ */

/* The passages of a piece: by their ids, with what lies above each. */
struct leaf_finder {
    int64_t *ids, *parents;
    bool *gone, *below; /* lies in the trash or below what does; something still stands below it */
    int count, cap;
};

static void finder_release(struct leaf_finder *f)
{
    free(f->ids);
    free(f->parents);
    free(f->gone);
    free(f->below);
}

static void finder_add(struct leaf_finder *f, int64_t id, int64_t parent, bool trashed)
{
    if (f->count == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 64;
        f->ids = mem_grow(f->ids, (size_t)f->cap, sizeof *f->ids);
        f->parents = mem_grow(f->parents, (size_t)f->cap, sizeof *f->parents);
        f->gone = mem_grow(f->gone, (size_t)f->cap, sizeof *f->gone);
        f->below = mem_grow(f->below, (size_t)f->cap, sizeof *f->below);
    }
    f->ids[f->count] = id;
    f->parents[f->count] = parent;
    f->gone[f->count] = trashed;
    f->below[f->count++] = false;
}

static int finder_find(const struct leaf_finder *f, int64_t id)
{
    int low = 0, high = f->count - 1;
    while (low <= high) {
        int middle = low + (high - low) / 2;
        if (f->ids[middle] == id)
            return middle;
        if (f->ids[middle] < id)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return -1;
}

/* Rows from elsewhere may stand in a circle, which has no end to begin with: it is opened where a walk upwards meets itself. */
static void finder_open_circles(struct leaf_finder *f)
{
    int *walks = mem_new((size_t)f->count + 1, sizeof *walks);
    for (int i = 0; i < f->count; i++) {
        int at = i, last = i;
        while (at >= 0 && walks[at] == 0) {
            walks[at] = i + 1;
            last = at;
            at = finder_find(f, f->parents[at]);
        }
        if (at >= 0 && walks[at] == i + 1)
            f->parents[last] = 0;
    }
    free(walks);
}

static bool finder_read(struct store *s, int64_t piece, bool all, struct leaf_finder *f, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, "SELECT id, parent, trashed_at IS NOT NULL FROM passages WHERE piece = ? ORDER BY id",
                             WITH(as_int(piece)), e);
    int row;
    while ((row = db_step(&s->db, q, e)) > 0)
        finder_add(f, column_int(q, 0), column_int(q, 1), all || column_int(q, 2));
    finder_open_circles(f);
    return row == 0;
}

/* What lies below a passage in the trash goes with it, whichever of the two has the smaller id; a parent goes after its children. */
static void finder_spread(struct leaf_finder *f)
{
    for (bool again = true; again;) {
        again = false;
        for (int i = 0; i < f->count; i++) {
            int parent = f->gone[i] ? -1 : finder_find(f, f->parents[i]);
            if (parent >= 0 && f->gone[parent])
                f->gone[i] = again = true;
        }
    }
    for (int i = 0; i < f->count; i++) {
        int parent = finder_find(f, f->parents[i]);
        if (parent >= 0)
            f->below[parent] = true;
    }
}

/* The page stays, and lies in no trash. */
static bool finder_spare_page(struct store *s, int64_t piece, struct leaf_finder *f, struct err *e)
{
    int64_t leaf = 0;
    if (!db_integer(&s->db, "SELECT leaf FROM pieces WHERE id = ?", WITH(as_int(piece)), &leaf, e))
        return false;
    for (int i = finder_find(f, leaf), steps = 0; i >= 0 && steps <= f->count; i = finder_find(f, f->parents[i]), steps++) {
        if (f->gone[i] && !db_run(&s->db, "UPDATE passages SET trashed_at = NULL WHERE id = ?", WITH(as_int(f->ids[i])), e))
            return false;
        f->gone[i] = false;
    }
    return true;
}

static bool delete_passage(struct store *s, int64_t piece, int64_t id, struct err *e)
{
    static const char *const forget[] = {
        "UPDATE pieces SET leaf = NULL WHERE id = ?1 AND leaf = ?2",
        "UPDATE pieces SET root_chosen = NULL WHERE id = ?1 AND root_chosen = ?2",
        "UPDATE passages SET chosen = NULL WHERE piece = ?1 AND chosen = ?2",
        "UPDATE passages SET parent = NULL WHERE piece = ?1 AND parent = ?2", /* of a circle that was opened */
        "UPDATE generations SET passage = NULL WHERE piece = ?1 AND passage = ?2",
        "DELETE FROM revisions WHERE ?1 AND passage = ?2",
    };
    if (!index_passage(s, id, false, e))
        return false;
    for (size_t i = 0; i < COUNT_OF(forget); i++)
        if (!db_run(&s->db, forget[i], WITH(as_int(piece), as_int(id)), e))
            return false;
    return db_run(&s->db, "DELETE FROM passages WHERE id = ?", WITH(as_int(id)), e);
}

/* Deletes some passages of the piece that have nothing below them; `*gone` counts on. */
static bool delete_leaves(struct store *s, int64_t piece, bool all, int64_t *gone, struct err *e)
{
    struct leaf_finder f = {0};
    bool ok = finder_read(s, piece, all, &f, e) && (all || finder_spare_page(s, piece, &f, e));
    int deleted = 0;
    finder_spread(&f);
    for (int i = f.count - 1; ok && i >= 0 && deleted < AT_ONCE; i--)
        if (f.gone[i] && !f.below[i]) {
            ok = delete_passage(s, piece, f.ids[i], e);
            deleted++;
        }
    finder_release(&f);
    *gone += deleted;
    return ok;
}

/* -- generations ----------------------------------------------------------------------------------------------------------- */

static bool delete_takes(struct store *s, int64_t generation, struct err *e)
{
    static const char *const forget[] = {
        "DELETE FROM odds WHERE take IN (SELECT id FROM takes WHERE generation = ?)",
        "DELETE FROM chunks WHERE take IN (SELECT id FROM takes WHERE generation = ?)",
        "DELETE FROM takes WHERE generation = ?",
        "DELETE FROM tags WHERE generation = ?",
        "DELETE FROM tags_off WHERE generation = ?",
        "DELETE FROM bodies WHERE generation = ?",
        "UPDATE generations SET rerun_of = NULL WHERE rerun_of = ?",
        "UPDATE generations SET sweep = NULL WHERE sweep = ?",
        "DELETE FROM generations WHERE id = ?",
    };
    for (size_t i = 0; i < COUNT_OF(forget); i++)
        if (!db_run(&s->db, forget[i], WITH(as_int(generation)), e))
            return false;
    return true;
}

/* The next generation of a question, newest first; 0: none. */
static bool ask_next(struct store *s, const char *sql, const struct value *values, int64_t *id, struct err *e)
{
    *id = 0;
    return db_integer(&s->db, sql, values, id, e);
}

/* What a page shows, what the writer changed or named, and what something stands below keeps its generation. An unchanged take beside the
 * page that ends there goes along. */
#define USED                                                                                                                             \
    "(a.text IS NOT NULL OR a.name <> '' OR a.marks & 1 OR a.id IN (SELECT leaf FROM pieces WHERE id = a.piece) OR "                      \
    "EXISTS (SELECT 1 FROM passages c WHERE c.piece = a.piece AND c.parent = a.id))"
#define UNUSED                                                                                                                           \
    "NOT EXISTS (SELECT 1 FROM takes t JOIN passages a ON a.take = t.id WHERE t.generation = g.id AND " USED ") AND "                     \
    "NOT EXISTS (SELECT 1 FROM takes t WHERE t.generation = g.id AND t.state IN ('waiting', 'writing'))"

static bool delete_loose_ends(struct store *s, int64_t generation, struct err *e)
{
    static const char next[] = "SELECT a.id FROM takes t JOIN passages a ON a.take = t.id WHERE t.generation = ? LIMIT 1";
    int64_t id = 0, piece = 0;
    bool ok = true;
    while (ok && (ok = ask_next(s, next, WITH(as_int(generation)), &id, e)) && id)
        ok = db_integer(&s->db, "SELECT piece FROM passages WHERE id = ?", WITH(as_int(id)), &piece, e) && delete_passage(s, piece, id, e);
    return ok;
}

static bool delete_generations(struct store *s, const char *sql, const struct value *values, int64_t *gone, struct err *e)
{
    int64_t id = 0;
    bool ok = true;
    for (int i = 0; i < AT_ONCE && (ok = ask_next(s, sql, values, &id, e)) && id; i++) {
        ok = index_generation(s, id, false, e) && delete_loose_ends(s, id, e) && delete_takes(s, id, e);
        *gone += 1;
        if (!ok)
            break;
    }
    return ok;
}

/* -- pieces ------------------------------------------------------------------------------------------------------------------ */

/* Once nothing else is left of it. Generations that other pieces still show stay, outside of any piece. */
static bool delete_piece(struct store *s, int64_t piece, int64_t *gone, struct err *e)
{
    static const char *const forget[] = {
        "UPDATE generations SET piece = NULL WHERE piece = ?", "DELETE FROM lore WHERE piece = ?",
        "DELETE FROM drafts WHERE piece = ?",
        "DELETE FROM pieces WHERE id = ?",
    };
    for (size_t i = 0; i < COUNT_OF(forget); i++)
        if (!db_run(&s->db, forget[i], WITH(as_int(piece)), e))
            return false;
    *gone += 1;
    return db_run(&s->db, "DELETE FROM projects WHERE trashed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pieces WHERE project = projects.id)",
                  WITH_NOTHING, e);
}

/* A portion of a piece in the trash: its passages, its generations, itself. */
static bool empty_piece(struct store *s, int64_t piece, int64_t *gone, struct err *e)
{
    int64_t before = *gone;
    if (!delete_leaves(s, piece, true, gone, e))
        return false;
    if (*gone > before)
        return true;
    return delete_generations(s, "SELECT id FROM generations g WHERE piece = ? AND " UNUSED " LIMIT 1", WITH(as_int(piece)), gone, e) &&
           (*gone > before || delete_piece(s, piece, gone, e));
}

/* -- a portion of everything --------------------------------------------------------------------------------------------------- */

/* The generation that was trashed next, if nothing needs it; t->over when there is none. */
static bool empty_generation(struct store *s, struct trash_emptying *t, struct err *e)
{
    static const char next[] = "SELECT id, trashed_at FROM generations WHERE trashed_at IS NOT NULL AND trashed_at >= ?1 AND "
                               "(trashed_at > ?1 OR id > ?2) AND piece IS NOT ?3 ORDER BY trashed_at, id LIMIT 1";
    sqlite3_stmt *q = db_ask(&s->db, next, WITH(as_int(t->at_ms), as_int(t->at), as_int(t->open)), e);
    int row = db_step(&s->db, q, e);
    t->over = row == 0;
    if (row <= 0)
        return row == 0;
    t->at = column_int(q, 0);
    t->at_ms = column_int(q, 1);
    db_stop(q);
    int64_t before = t->gone;
    bool ok = delete_generations(s, "SELECT id FROM generations g WHERE id = ? AND " UNUSED, WITH(as_int(t->at)), &t->gone, e);
    t->kept += ok && t->gone == before;
    return ok;
}

static bool empty_some(struct store *s, struct trash_emptying *t, struct err *e)
{
    static const char piece_in_trash[] = "SELECT id FROM pieces WHERE trashed_at IS NOT NULL AND id <> ? ORDER BY trashed_at LIMIT 1";
    static const char passage_in_trash[] =
        "SELECT a.piece FROM passages a JOIN pieces p ON p.id = a.piece WHERE a.trashed_at IS NOT NULL AND p.trashed_at IS NULL AND "
        "p.id <> ?1 ORDER BY a.trashed_at LIMIT 1";
    int64_t piece = 0;
    if (!ask_next(s, piece_in_trash, WITH(as_int(t->open)), &piece, e))
        return false;
    if (piece)
        return empty_piece(s, piece, &t->gone, e);
    if (!ask_next(s, passage_in_trash, WITH(as_int(t->open)), &piece, e))
        return false;
    return piece ? delete_leaves(s, piece, false, &t->gone, e) : empty_generation(s, t, e);
}

/* References are put right by hand: SQLite would look through the whole library for each of them. */
static bool empty_once(struct store *s, struct trash_emptying *t, struct err *e)
{
    struct trash_emptying was = *t;
    sqlite3_db_config(s->db.handle, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    bool ok = db_begin(&s->db, DB_NORMAL, e);
    ok = ok && db_end(&s->db, empty_some(s, t, e), e);
    sqlite3_db_config(s->db.handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    if (!ok)
        *t = was;
    return ok;
}

bool store_trash_empty(struct store *s, struct trash_emptying *t, int64_t budget_us, struct err *e)
{
    int64_t end = clock_now_us() + budget_us;
    bool ok = true;
    do {
        ok = empty_once(s, t, e);
    } while (ok && !t->over && clock_now_us() < end);
    return ok;
}
