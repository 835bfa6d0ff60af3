#include "core/mem.h"
#include "storage/walk_parts.h"

#include <stdlib.h>
#include <string.h>

/* -- putting what was gathered in order ------------------------------------------------------------------------------ */

/* Model and full name as one: the seam sorts before every letter. */
static char *model_name(struct span model, struct span resolved)
{
    struct str name = {0};
    str_add(&name, model);
    str_add_byte(&name, '\1');
    str_add(&name, resolved);
    return str_take(&name);
}

static bool note_key(struct walk *w, struct place *p, struct err *e)
{
    static const char rating[] = "SELECT max(rating) FROM takes WHERE generation = ?";
    static const char length[] = "SELECT max(length(text)) FROM takes WHERE generation = ?";
    return db_integer(&w->s->db, w->q.sort == SORT_RATING ? rating : length, WITH(as_int(p->id)), &p->key, e);
}

bool order_note(struct walk *w, sqlite3_stmt *row, struct err *e)
{
    struct place p = {.id = column_int(row, 0)};
    bool ok = true;
    if (w->q.sort == SORT_MODEL) {
        p.name = model_name(column_text(row, 4), column_text(row, 5));
    } else if (w->q.sort == SORT_BEST) {
        ok = texts_read(w->s, p.id, column_text(row, 3), &w->texts, e);
        p.score = texts_score(&w->texts, &w->q);
    } else {
        ok = note_key(w, &p, e);
    }
    if (w->source == DRIVE_LIST) { /* the list that is read is the one that is kept: what was read makes room */
        w->list[w->list_at - 1] = p;
        w->list[w->list_at - 1].id = -p.id;
        return ok;
    }
    ARRAY_ROOM(w->list, w->list_count, w->list_cap);
    w->list[w->list_count++] = p;
    return ok;
}

static int by_place(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int names = a->name && b->name ? strcmp(a->name, b->name) : 0;
    if (names)
        return names;
    if (a->score != b->score && (a->score < b->score || a->score > b->score))
        return a->score < b->score ? 1 : -1;
    if (a->key != b->key)
        return a->key < b->key ? 1 : -1;
    return (a->id < b->id) - (a->id > b->id);
}

/* Of a list that was read in place only what was noted stays. */
static void keep_noted(struct walk *w)
{
    int kept = 0;
    for (int i = 0; i < w->list_count; i++)
        if (w->list[i].id < 0) {
            w->list[kept] = w->list[i];
            w->list[kept++].id = -w->list[i].id;
        }
    w->list_count = kept;
}

bool order_gathered(struct walk *w, struct err *e)
{
    (void)e;
    if (w->source == DRIVE_LIST)
        keep_noted(w);
    if (w->list_count)
        qsort(w->list, (size_t)w->list_count, sizeof *w->list, by_place);
    w->list_at = 0;
    for (int i = 0; w->before > 0 && i < w->list_count; i++)
        if (w->list[i].id == w->before)
            w->list_at = i + 1;
    w->driver = DRIVE_LIST;
    w->looked = 0;
    return true;
}

/* -- an order that an index gives -------------------------------------------------------------------------------------- */

static const char stream_rating[] = "SELECT DISTINCT generation, ?2 FROM takes WHERE rating > 0 AND rating = ?2 AND generation < ?1 "
                                    "ORDER BY generation DESC LIMIT 256";
static const char stream_length[] = "SELECT generation, length(text) FROM takes WHERE length(text) <= ?2 AND "
                                    "(length(text) < ?2 OR generation < ?1) ORDER BY length(text) DESC, generation DESC LIMIT 256";
static const char stream_model[] = "SELECT id, 0 FROM generations WHERE model = ?2 AND resolved = ?3 AND id < ?1 "
                                   "ORDER BY id DESC LIMIT 256";
static const char next_model[] = "SELECT model, resolved FROM generations WHERE (model, resolved) > (?, ?) "
                                 "ORDER BY model, resolved LIMIT 1";
static const char first_model[] = "SELECT model, resolved FROM generations ORDER BY model, resolved LIMIT 1";

static struct span model_of(const char *name, struct span *resolved)
{
    const char *seam = strchr(name, '\1');
    CHECK(seam);
    *resolved = span_of(seam + 1);
    return (struct span){name, (size_t)(seam - name)};
}

/* The model after the current one becomes the current one; `*found` false: there is none. */
static bool go_to_next_model(struct walk *w, bool *found, struct err *e)
{
    struct span resolved = {0}, model = w->at.name ? model_of(w->at.name, &resolved) : SPAN("");
    sqlite3_stmt *q = w->at.name ? db_ask(&w->s->db, next_model, WITH(as_text(model), as_text(resolved)), e)
                                 : db_ask(&w->s->db, first_model, WITH_NOTHING, e);
    int row = db_step(&w->s->db, q, e);
    *found = row > 0;
    if (row > 0) {
        char *name = model_name(column_text(q, 0), column_text(q, 1));
        db_stop(q);
        free(w->at.name);
        w->at = (struct place){.id = INT64_MAX, .name = name};
    }
    return row >= 0;
}

/* Where the generation of the last page's end stands. */
static bool find_before(struct walk *w, struct err *e)
{
    struct place p = {.id = w->before};
    if (w->q.sort != SORT_MODEL) {
        bool ok = note_key(w, &p, e);
        w->at = p;
        w->pass = (int)p.key;
        return ok;
    }
    sqlite3_stmt *q = db_ask(&w->s->db, "SELECT model, resolved FROM generations WHERE id = ?", WITH(as_int(w->before)), e);
    int row = db_step(&w->s->db, q, e);
    if (row > 0) {
        p.name = model_name(column_text(q, 0), column_text(q, 1));
        db_stop(q);
        w->at = p;
    }
    return row >= 0;
}

static void back_to_source(struct walk *w)
{
    w->driver = w->source;
    w->list_count = w->list_at = 0;
    w->segment = 0;
    while (w->before > 0 && w->at.id == w->before && w->segment < w->segment_count && w->segments[w->segment].low >= w->before)
        w->segment++;
    if (w->segment >= w->segment_count)
        return;
    w->below = w->segments[w->segment].high + 1;
    if (w->before > 0 && w->at.id == w->before && w->before < w->below)
        w->below = w->before;
}

bool order_begin(struct walk *w, struct err *e)
{
    bool found = true;
    for (int i = 0; i < w->list_count; i++)
        free(w->list[i].name);
    w->list_count = w->list_at = 0;
    w->looked = 0;
    w->driver = DRIVE_STREAM;
    w->pass = 5;
    w->at = (struct place){.id = INT64_MAX, .key = INT64_MAX};
    bool ok = w->before <= 0 || find_before(w, e);
    if (ok && w->q.sort == SORT_MODEL && !w->at.name) {
        ok = go_to_next_model(w, &found, e);
        w->over = !found;
    }
    if (w->q.sort == SORT_RATING && w->pass <= 0)
        back_to_source(w);
    const char *sql = w->q.sort == SORT_RATING ? stream_rating : w->q.sort == SORT_LENGTH ? stream_length : stream_model;
    w->stream = ok ? db_ask_once(&w->s->db, sql,
                                 w->q.sort == SORT_MODEL ? WITH(as_int(0), as_int(0), as_int(0)) : WITH(as_int(0), as_int(0)), e)
                   : NULL;
    return w->stream != NULL;
}

static void bind_stream(struct walk *w)
{
    sqlite3_bind_int64(w->stream, 1, w->at.id);
    if (w->q.sort == SORT_MODEL) {
        struct span resolved, model = model_of(w->at.name, &resolved);
        sqlite3_bind_text64(w->stream, 2, model.s, model.len, SQLITE_TRANSIENT, SQLITE_UTF8);
        sqlite3_bind_text64(w->stream, 3, resolved.s, resolved.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    } else {
        sqlite3_bind_int64(w->stream, 2, w->q.sort == SORT_RATING ? w->pass : w->at.key);
    }
}

/* The end of a part: fewer stars, the next model, or nothing. */
static bool next_part(struct walk *w, struct err *e)
{
    bool found = true, ok = true;
    if (w->q.sort == SORT_MODEL) {
        ok = go_to_next_model(w, &found, e);
        w->over = !found;
    } else if (w->q.sort == SORT_LENGTH) {
        w->over = true;
    } else if (--w->pass > 0) {
        w->at.id = INT64_MAX;
    } else {
        w->at.id = INT64_MAX;
        back_to_source(w);
    }
    return ok;
}

bool order_more(struct walk *w, struct err *e)
{
    int row = 0;
    w->list_count = w->list_at = 0;
    bind_stream(w);
    while ((row = walk_step_row(w, w->stream, e)) > 0) {
        struct place p = {.id = column_int(w->stream, 0), .key = column_int(w->stream, 1)};
        if (w->list_count && w->list[w->list_count - 1].id == p.id)
            continue; /* two takes as long as one another */
        ARRAY_ROOM(w->list, w->list_count, w->list_cap);
        w->list[w->list_count++] = p;
    }
    if (row < 0)
        return false;
    if (w->list_count) {
        w->at.id = w->list[w->list_count - 1].id;
        w->at.key = w->list[w->list_count - 1].key;
    }
    return w->list_count > 0 || next_part(w, e);
}

bool order_fits(const struct walk *w, const struct place *p)
{
    if (w->driver == DRIVE_STREAM && w->q.sort == SORT_LENGTH)
        return w->list_at > 0 && w->list[w->list_at - 1].key == p->key;
    if (w->q.sort != SORT_RATING || !w->stream)
        return true;
    return p->key == (w->driver == DRIVE_STREAM ? w->pass : 0);
}
