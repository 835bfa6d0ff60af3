#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/store_parts.h"
#include "storage/uid.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A long text that loses a few letters at every pause would fill the disk with its old forms. */
#define REVISION_LONG    ((size_t)1 << 16)
#define REVISION_REST_MS 30000

static const char *const author_names[AUTHOR_COUNT] = {"writer", "model", "edit", "prompt"};

static enum author author_parse(struct span name)
{
    for (int i = 0; i < AUTHOR_COUNT; i++)
        if (span_is(name, author_names[i]))
            return (enum author)i;
    return AUTHOR_WRITER;
}

/* -- what a failed transaction must give back ---------------------------------------------------------------------- */

void piece_ids_note(struct piece_ids *ids, const struct piece *p)
{
    *ids = (struct piece_ids){.piece = p->id, .project = p->project};
    ids->passages = mem_new((size_t)p->passage_count + 1, sizeof(int64_t));
    ids->takes = mem_new((size_t)p->take_count + 1, sizeof(int64_t));
    ids->take_generations = mem_new((size_t)p->take_count + 1, sizeof(int64_t));
    ids->generations = mem_new((size_t)p->generation_count + 1, sizeof(int64_t));
    ids->generation_pieces = mem_new((size_t)p->generation_count + 1, sizeof(int64_t));
    ids->generation_passages = mem_new((size_t)p->generation_count + 1, sizeof(int64_t));
    for (int i = 0; i < p->passage_count; i++)
        ids->passages[i] = p->passages[i].id;
    for (int i = 0; i < p->take_count; i++) {
        ids->takes[i] = p->takes[i].id;
        ids->take_generations[i] = p->takes[i].generation;
    }
    for (int i = 0; i < p->generation_count; i++) {
        ids->generations[i] = p->generations[i].id;
        ids->generation_pieces[i] = p->generations[i].piece;
        ids->generation_passages[i] = p->generations[i].passage;
    }
}

void piece_ids_restore(const struct piece_ids *ids, struct piece *p)
{
    p->id = ids->piece;
    p->project = ids->project;
    for (int i = 0; i < p->passage_count; i++)
        p->passages[i].id = ids->passages[i];
    for (int i = 0; i < p->take_count; i++) {
        p->takes[i].id = ids->takes[i];
        p->takes[i].generation = ids->take_generations[i];
    }
    for (int i = 0; i < p->generation_count; i++) {
        p->generations[i].id = ids->generations[i];
        p->generations[i].piece = ids->generation_pieces[i];
        p->generations[i].passage = ids->generation_passages[i];
    }
}

void piece_ids_release(struct piece_ids *ids)
{
    free(ids->passages);
    free(ids->takes);
    free(ids->take_generations);
    free(ids->generations);
    free(ids->generation_pieces);
    free(ids->generation_passages);
    memset(ids, 0, sizeof *ids);
}

void piece_mark_clean(struct piece *p)
{
    for (int i = 0; i < p->passage_count; i++) {
        struct passage *ps = &p->passages[i];
        ps->dirty = ps->arranged = ps->rechosen = false;
    }
}

/* -- writing a piece ----------------------------------------------------------------------------------------------- */

static bool write_head(struct store *s, struct piece *p, int64_t now, struct err *e)
{
    if (p->project == 0 && !project_find(s, span_trim(str_span(&p->project_name)), true, &p->project, e))
        return false;
    if (p->id)
        return db_run(
            &s->db,
            "UPDATE pieces SET title = ?, project = ?, changed_at = ? WHERE id = ? AND (title <> ? OR project <> ?)",
            WITH(as_text(str_span(&p->title)), as_int(p->project), as_int(now), as_int(p->id),
                 as_text(str_span(&p->title)), as_int(p->project)),
            e);
    struct uid uid = uid_make(now);
    if (!db_run(
            &s->db, "INSERT INTO pieces(uid, project, title, created_at, changed_at) VALUES(?, ?, ?, ?, ?)",
            WITH(as_text(uid_span(&uid)), as_int(p->project), as_text(str_span(&p->title)), as_int(now), as_int(now)),
            e))
        return false;
    p->id = db_last_id(&s->db);
    return true;
}

/* A row for every new passage, still without its take: takes come later, since their generation may hang below a new
 * passage. A parent that is younger gets its row only afterwards. */
static bool write_new_passages(struct store *s, struct piece *p, int64_t now, struct err *e)
{
    for (int i = 0; i < p->passage_count; i++) {
        struct passage *ps = &p->passages[i];
        if (ps->id)
            continue;
        struct uid uid = uid_make(now);
        int64_t parent = ps->parent < 0 ? 0 : p->passages[ps->parent].id;
        if (!db_run(&s->db,
                    "INSERT INTO passages(uid, piece, parent, author, created_at, changed_at) VALUES(?, ?, ?, ?, ?, ?)",
                    WITH(as_text(uid_span(&uid)), as_int(p->id), as_id(parent), as_name(author_names[ps->author]),
                         as_int(now), as_int(now)),
                    e))
            return false;
        ps->id = db_last_id(&s->db);
        ps->dirty = true;
        ps->arranged = ps->arranged || ps->parent > i;
        ps->rechosen = ps->rechosen || ps->chosen >= 0;
    }
    return true;
}

static bool loses_characters(struct span old, struct span text)
{
    size_t at = 0;
    for (size_t i = 0; i < text.len && at < old.len; i++)
        at += old.s[at] == text.s[i];
    return at < old.len;
}

/* Compared with what the library has, not with what was loaded: another instance's words are kept too. */
static bool keep_old_form(struct store *s, int64_t passage, struct span text, int64_t now, struct err *e)
{
    struct str old = {0};
    bool found = false;
    int64_t last = 0;
    bool ok = db_text(&s->db, "SELECT text FROM passages WHERE id = ? AND text IS NOT NULL", WITH(as_int(passage)),
                      &old, &found, e);
    if (ok && found && old.len > REVISION_LONG && text.len + 64 > old.len)
        ok = db_integer(&s->db, "SELECT max(saved_at) FROM revisions WHERE passage = ?", WITH(as_int(passage)), &last,
                        e);
    if (ok && found && now - last > REVISION_REST_MS && loses_characters(str_span(&old), text))
        ok = db_run(
            &s->db,
            "INSERT INTO revisions(passage, saved_at, runs, text) SELECT id, ?, runs, text FROM passages WHERE id = ?",
            WITH(as_int(now), as_int(passage)), e);
    str_release(&old);
    return ok;
}

/* The take's own text is not copied, except when the take itself could not be kept. */
static bool passage_owns_text(const struct piece *p, const struct passage *ps)
{
    return ps->own_text || ps->take < 0 || p->takes[ps->take].id == 0;
}

static bool write_passage(struct store *s, struct piece *p, int index, int64_t now, struct err *e)
{
    struct passage *ps = &p->passages[index];
    struct span text = passage_text(p, index);
    struct value value = passage_owns_text(p, ps) ? as_text(text) : as_null();
    int64_t take = ps->take < 0 ? 0 : p->takes[ps->take].id;
    return keep_old_form(s, ps->id, text, now, e) && index_passage(s, ps->id, false, e) &&
           db_run(&s->db,
                  "UPDATE passages SET author = ?, take = ?, text = ?, runs = ?, changed_at = ?, "
                  "trashed_at = iif(?, coalesce(trashed_at, ?), NULL) WHERE id = ?",
                  WITH(as_name(author_names[ps->author]), as_id(take), value, as_text(str_span(&ps->runs)), as_int(now),
                       as_int(ps->trashed), as_int(now), as_int(ps->id)),
                  e) &&
           index_passage(s, ps->id, true, e);
}

static int64_t passage_id(const struct piece *p, int index)
{
    return index < 0 ? 0 : p->passages[index].id;
}

/* Where a passage stands, and what it is called and marked with. */
static bool write_place(struct store *s, const struct piece *p, int index, int64_t now, struct err *e)
{
    const struct passage *ps = &p->passages[index];
    return db_run(&s->db, "UPDATE passages SET parent = ?, position = ?, name = ?, marks = ?, changed_at = ? WHERE id = ?",
                  WITH(as_id(passage_id(p, ps->parent)), as_int(ps->position), as_text(str_span(&ps->name)), as_int(ps->marks),
                       as_int(now), as_int(ps->id)),
                  e);
}

static bool write_path(struct store *s, struct piece *p, int64_t now, struct err *e)
{
    for (int i = 0; i < p->passage_count; i++) {
        int64_t chosen = passage_id(p, p->passages[i].chosen);
        if (p->passages[i].rechosen && !db_run(&s->db, "UPDATE passages SET chosen = ?, changed_at = ? WHERE id = ?",
                                               WITH(as_id(chosen), as_int(now), as_int(p->passages[i].id)), e))
            return false;
    }
    int64_t leaf = passage_id(p, p->leaf), root = passage_id(p, p->root_chosen);
    return db_run(&s->db,
                  "UPDATE pieces SET leaf = ?1, root_chosen = ?2, changed_at = ?3 "
                  "WHERE id = ?4 AND (leaf IS NOT ?1 OR root_chosen IS NOT ?2)",
                  WITH(as_id(leaf), as_id(root), as_int(now), as_int(p->id)), e);
}

bool piece_write(struct store *s, struct piece *p, struct err *e)
{
    int64_t now = clock_wall_ms();
    if (!piece_find_missing(s, p, e))
        return false;
    bool changed = p->id == 0;
    if (!write_head(s, p, now, e) || !write_new_passages(s, p, now, e) || !generations_write(s, p, e))
        return false;
    for (int i = 0; i < p->passage_count; i++) {
        const struct passage *ps = &p->passages[i];
        if ((ps->dirty && !write_passage(s, p, i, now, e)) || (ps->arranged && !write_place(s, p, i, now, e)))
            return false;
        changed = changed || ps->dirty || ps->arranged;
    }
    if (changed &&
        !db_run(&s->db, "UPDATE pieces SET changed_at = ? WHERE id = ?", WITH(as_int(now), as_int(p->id)), e))
        return false;
    return write_path(s, p, now, e);
}

bool store_piece_save(struct store *s, struct piece *p, struct err *e)
{
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    struct piece_ids ids;
    piece_ids_note(&ids, p);
    bool ok = db_end(&s->db, piece_write(s, p, e), e);
    if (ok)
        piece_mark_clean(p);
    else
        piece_ids_restore(&ids, p);
    piece_ids_release(&ids);
    return ok;
}

/* -- loading ------------------------------------------------------------------------------------------------------- */

static bool load_head(struct store *s, int64_t piece, struct piece *out, int64_t *leaf, int64_t *root, struct err *e)
{
    sqlite3_stmt *q =
        db_ask(&s->db,
               "SELECT p.id, p.project, j.name, p.title, p.leaf, p.root_chosen FROM pieces p JOIN projects j ON j.id = "
               "p.project WHERE p.id = ?",
               WITH(as_int(piece)), e);
    int row = db_step(&s->db, q, e);
    if (row == 0)
        return err_set(e, ERR_STORAGE, _("There is no piece %lld in the library."), (long long)piece);
    if (row < 0)
        return false;
    out->id = column_int(q, 0);
    out->project = column_int(q, 1);
    str_set(&out->project_name, column_text(q, 2));
    str_set(&out->title, column_text(q, 3));
    *leaf = column_int(q, 4);
    *root = column_int(q, 5);
    db_stop(q);
    return true;
}

/* Passages and takes lie in the order of their ids, and both begin with theirs. */
static int find_id(const void *rows, int count, size_t size, int64_t id)
{
    int low = 0, high = count - 1;
    while (low <= high) {
        int middle = low + (high - low) / 2;
        int64_t here = *(const int64_t *)((const char *)rows + (size_t)middle * size);
        if (here == id)
            return middle;
        if (here < id)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return -1;
}

static int find_passage(const struct piece *p, int64_t id)
{
    return find_id(p->passages, p->passage_count, sizeof *p->passages, id);
}

static int find_take(const struct piece *p, int64_t id)
{
    return find_id(p->takes, p->take_count, sizeof *p->takes, id);
}

static int position_of(int64_t stored)
{
    return stored > 0 && stored < INT_MAX ? (int)stored : 0;
}

/* A parent may be younger than its child, so they are joined when all are there. One from elsewhere, or a circle of
 * them, leaves its passages at the root: nothing is out of reach. */
static bool load_passages(struct store *s, struct piece *out, struct err *e)
{
    sqlite3_stmt *q = db_ask(
        &s->db,
        "SELECT id, parent, author, take, trashed_at, runs, text, name, marks, position FROM passages WHERE piece = ? "
        "ORDER BY id",
        WITH(as_int(out->id)), e);
    int64_t *parents = NULL;
    int row, cap = 0;
    while ((row = db_step(&s->db, q, e)) > 0) {
        int at = piece_add_passage(out, -1, author_parse(column_text(q, 2)), find_take(out, column_int(q, 3)));
        struct passage *ps = &out->passages[at];
        ARRAY_ROOM(parents, at, cap);
        parents[at] = column_int(q, 1);
        ps->id = column_int(q, 0);
        ps->trashed = !column_is_null(q, 4);
        ps->own_text = !column_is_null(q, 6) || ps->take < 0;
        ps->dirty = false;
        str_set(&ps->runs, column_text(q, 5));
        str_set(&ps->text, column_text(q, 6));
        str_set(&ps->name, column_text(q, 7));
        ps->marks = (unsigned)column_int(q, 8);
        ps->position = position_of(column_int(q, 9));
    }
    for (int i = 0; i < out->passage_count; i++)
        out->passages[i].parent = find_passage(out, parents[i]);
    piece_link(out);
    free(parents);
    return row == 0;
}

/* The page ends above what was thrown away elsewhere. */
static int without_trash(const struct piece *p, int leaf)
{
    for (int i = leaf; i >= 0; i = p->passages[i].parent)
        if (p->passages[i].trashed)
            leaf = p->passages[i].parent;
    return leaf;
}

static bool load_path(struct store *s, struct piece *out, int64_t leaf, int64_t root, struct err *e)
{
    sqlite3_stmt *q =
        db_ask(&s->db, "SELECT id, chosen FROM passages WHERE piece = ? AND chosen IS NOT NULL ORDER BY id",
               WITH(as_int(out->id)), e);
    int row;
    while ((row = db_step(&s->db, q, e)) > 0) {
        int at = find_passage(out, column_int(q, 0)), chosen = find_passage(out, column_int(q, 1));
        if (at >= 0 && chosen >= 0 && out->passages[chosen].parent == at)
            out->passages[at].chosen = chosen;
    }
    out->root_chosen = find_passage(out, root);
    piece_choose_leaf(out, without_trash(out, find_passage(out, leaf))); /* one page, whatever the rows say */
    return row == 0;
}

bool store_piece_load(struct store *s, int64_t piece, struct piece *out, struct err *e)
{
    struct piece p;
    int64_t leaf = 0, root = 0;
    piece_init(&p);
    if (!db_begin(&s->db, DB_READ, e))
        return false;
    bool ok = load_head(s, piece, &p, &leaf, &root, e) && generations_load(s, &p, e) && takes_load(s, &p, e) &&
              load_passages(s, &p, e) && notes_load(s, &p, e) && load_path(s, &p, leaf, root, e);
    ok = db_end(&s->db, ok, e);
    if (ok) {
        piece_release(out);
        *out = p;
    } else {
        piece_release(&p);
    }
    return ok;
}

int64_t store_newest_piece(struct store *s)
{
    int64_t id = 0;
    if (!db_integer(&s->db, "SELECT id FROM pieces WHERE trashed_at IS NULL ORDER BY changed_at DESC, id DESC LIMIT 1",
                    WITH_NOTHING, &id, NULL))
        return 0;
    return id;
}
