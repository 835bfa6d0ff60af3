#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "storage/store_parts.h"
#include "storage/uid.h"

#include <stdlib.h>
#include <string.h>

#define TAG_LENGTH_MAX 64

/* -- statements that name every dial ------------------------------------------------------------------------------- */

/* The plain columns, in the order in which generation_values() and read_generation() take them. */
#define GENERATION_COLUMNS                                                                                             \
    "piece, passage, rerun_of, sweep, sent_at, kind, prompt_tokens, completion_tokens, server, dialect, url, model, "    \
    "resolved, "                                                                                                       \
    "stops, prompt, system"
#define GENERATION_COLUMN_COUNT 16

static void add_dials(struct str *sql)
{
    for (int i = 0; i < DIAL_COUNT; i++)
        str_printf(sql, ", \"%s\"", dial_table[i].name);
}

void generations_prepare(struct store *s)
{
    str_add_text(&s->insert_generation, "INSERT INTO generations(uid, " GENERATION_COLUMNS);
    add_dials(&s->insert_generation);
    str_add_text(&s->insert_generation, ") VALUES(?");
    for (int i = 0; i < GENERATION_COLUMN_COUNT + DIAL_COUNT; i++)
        str_add_text(&s->insert_generation, ", ?");
    str_add_text(&s->insert_generation, ")");

    str_add_text(&s->select_generation, "SELECT id, " GENERATION_COLUMNS);
    add_dials(&s->select_generation);
    str_add_text(&s->select_generation, " FROM generations WHERE ");
    str_printf(&s->load_generation, "%s id = ?", str_text(&s->select_generation));
    str_printf(
        &s->load_generations,
        "%s piece = ?1 OR id IN (SELECT t.generation FROM passages a JOIN takes t ON t.id = a.take WHERE a.piece = ?1) "
        "ORDER BY id",
        str_text(&s->select_generation));
}

void generations_release(struct store *s)
{
    str_release(&s->insert_generation);
    str_release(&s->select_generation);
    str_release(&s->load_generation);
    str_release(&s->load_generations);
}

/* -- writing ------------------------------------------------------------------------------------------------------- */

static void generation_values(const struct generation *g, struct value *v)
{
    const struct value plain[GENERATION_COLUMN_COUNT] = {
        as_id(g->piece),
        as_id(g->passage),
        as_id(g->rerun_of),
        as_id(g->sweep > 0 ? g->sweep : 0),
        as_int(g->sent_ms),
        as_int(g->kind),
        as_measure(g->usage.prompt_tokens),
        as_measure(g->usage.completion_tokens),
        as_text(str_span(&g->server)),
        as_text(str_span(&g->dialect)),
        as_text(str_span(&g->url)),
        as_text(str_span(&g->model)),
        as_text(str_span(&g->resolved)),
        as_text(str_span(&g->stops)),
        as_text(str_span(&g->prompt)),
        as_text(str_span(&g->system)),
    };
    memcpy(v, plain, sizeof plain);
    for (int i = 0; i < DIAL_COUNT; i++)
        v[GENERATION_COLUMN_COUNT + i] = g->dials.on[i] ? as_real(g->dials.value[i]) : as_null();
}

static bool insert_generation(struct store *s, struct generation *g, struct err *e)
{
    struct uid uid = uid_make(g->sent_ms);
    struct value values[1 + GENERATION_COLUMN_COUNT + DIAL_COUNT + 1] = {as_text(uid_span(&uid))};
    generation_values(g, values + 1);
    if (!db_run(&s->db, str_text(&s->insert_generation), values, e))
        return false;
    g->id = db_last_id(&s->db);
    if (g->sweep == SWEEP_FIRST &&
        !db_run(&s->db, "UPDATE generations SET sweep = id WHERE id = ?", WITH(as_int(g->id)), e))
        return false;
    return db_run(&s->db, "INSERT INTO bodies(generation, context, selection, suffix, request) VALUES(?, ?, ?, ?, ?)",
                  WITH(as_int(g->id), as_text(str_span(&g->context)), as_text(str_span(&g->selection)),
                       as_text(str_span(&g->suffix)), as_text(str_span(&g->request))),
                  e) &&
           index_generation(s, g->id, true, e);
}

/* Where a generation hangs, when its maker could not know the row yet: below the parent of its takes' passages. */
static int64_t passage_of(const struct piece *p, int generation)
{
    for (int i = 0; i < p->passage_count; i++) {
        const struct passage *ps = &p->passages[i];
        if (ps->take >= 0 && ps->parent >= 0 && p->takes[ps->take].generation == -1 - generation)
            return p->passages[ps->parent].id;
    }
    return 0;
}

/* The text of a take that still streams comes through the journal. */
static bool insert_take(struct store *s, struct take *t, struct err *e)
{
    struct uid uid = uid_make(clock_wall_ms());
    bool over = take_state_over(t->state);
    struct span text = over ? str_span(&t->text) : SPAN(""), reasoning = over ? str_span(&t->reasoning) : SPAN("");
    return (!over || index_generation(s, t->generation, false, e)) &&
           db_run(&s->db,
                  "INSERT INTO takes(uid, generation, number, state, rating, instance, first_ms, total_ms, tokens, "
                  "finish, error, "
                  "text, reasoning) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  WITH(as_text(uid_span(&uid)), as_int(t->generation), as_int(t->index),
                       as_name(take_state_name(t->state)), as_int(t->rating), as_int(s->instance.token),
                       as_measure(t->first_ms), as_measure(t->total_ms), as_int(t->tokens),
                       as_text(str_span(&t->finish)), as_text(str_span(&t->error)), as_text(text), as_text(reasoning)),
                  e) &&
           (t->id = db_last_id(&s->db)) > 0 && (!over || index_generation(s, t->generation, true, e));
}

bool generations_write(struct store *s, struct piece *p, struct err *e)
{
    for (int i = 0; i < p->generation_count; i++) {
        struct generation *g = &p->generations[i];
        if (g->id)
            continue;
        g->piece = g->piece ? g->piece : p->id;
        g->passage = g->passage ? g->passage : passage_of(p, i);
        if (!insert_generation(s, g, e))
            return false;
    }
    for (int i = 0; i < p->take_count; i++) {
        struct take *t = &p->takes[i];
        if (t->id)
            continue;
        if (t->generation < 0) {
            CHECK(-1 - t->generation < p->generation_count);
            t->generation = p->generations[-1 - t->generation].id;
        }
        if (!insert_take(s, t, e))
            return false;
    }
    return true;
}

/* A generation of the command line stands outside any piece: a piece without passages and title is not made for it. */
static bool worth_keeping(const struct piece *p)
{
    return p->id || p->passage_count || p->title.len;
}

/* A take that had its row before (the piece was saved in between) starts its journal again. */
static bool restart_journals(struct store *s, const struct piece *p, int generation, struct err *e)
{
    for (int i = 0; i < p->take_count; i++) {
        const struct take *t = &p->takes[i];
        if (t->id && t->generation == p->generations[generation].id && !take_state_over(t->state) &&
            !journal_restart(s, t->id, e))
            return false;
    }
    return true;
}

bool store_generation_begin(struct store *s, struct piece *p, int generation, struct err *e)
{
    CHECK(generation >= 0 && generation < p->generation_count);
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    struct piece_ids ids;
    piece_ids_note(&ids, p);
    bool ok =
        restart_journals(s, p, generation, e) && (worth_keeping(p) ? piece_write(s, p, e) : generations_write(s, p, e));
    ok = db_end(&s->db, ok, e);
    if (ok)
        piece_mark_clean(p);
    else
        piece_ids_restore(&ids, p);
    piece_ids_release(&ids);
    return ok;
}

static bool no_generation(int64_t id, struct err *e)
{
    return err_set(e, ERR_STORAGE, _("There is no generation %lld in the library."), (long long)id);
}

bool store_generation_end(struct store *s, const struct generation *g, struct err *e)
{
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok =
        db_run(&s->db, "UPDATE generations SET resolved = ?, prompt_tokens = ?, completion_tokens = ? WHERE id = ?",
               WITH(as_text(str_span(&g->resolved)), as_measure(g->usage.prompt_tokens),
                    as_measure(g->usage.completion_tokens), as_int(g->id)),
               e);
    if (ok && db_changes(&s->db) == 0)
        ok = no_generation(g->id, e);
    ok = ok && db_run(&s->db, "UPDATE bodies SET request = ? WHERE generation = ? AND request <> ?",
                      WITH(as_text(str_span(&g->request)), as_int(g->id), as_text(str_span(&g->request))), e);
    return db_end(&s->db, ok, e);
}

/* -- reading ------------------------------------------------------------------------------------------------------- */

static void read_generation(sqlite3_stmt *q, struct generation *g)
{
    g->id = column_int(q, 0);
    g->piece = column_int(q, 1);
    g->passage = column_int(q, 2);
    g->rerun_of = column_int(q, 3);
    g->sweep = column_int(q, 4);
    g->sent_ms = column_int(q, 5);
    int64_t kind = column_int(q, 6);
    g->kind = kind >= 0 && kind < KIND_COUNT ? (enum generation_kind)kind : KIND_ASK;
    g->usage = (struct usage){column_measure(q, 7), column_measure(q, 8)};
    struct str *texts[] = {&g->server,   &g->dialect, &g->url,    &g->model,
                           &g->resolved, &g->stops,   &g->prompt, &g->system};
    for (int i = 0; i < (int)COUNT_OF(texts); i++)
        str_set(texts[i], column_text(q, 9 + i));
    for (int i = 0; i < DIAL_COUNT; i++) {
        int column = 1 + GENERATION_COLUMN_COUNT + i;
        g->dials.on[i] = !column_is_null(q, column);
        g->dials.value[i] = g->dials.on[i] ? sqlite3_column_double(q, column) : 0;
    }
}

#define TAKE_COLUMNS "id, generation, number, state, finish, error, first_ms, total_ms, tokens, rating, text, reasoning"

static void read_take(sqlite3_stmt *q, struct take *t)
{
    t->id = column_int(q, 0);
    t->generation = column_int(q, 1);
    t->index = (int)column_int(q, 2);
    t->state = TAKE_INTERRUPTED;
    (void)take_state_parse(column_text(q, 3), &t->state);
    str_set(&t->finish, column_text(q, 4));
    str_set(&t->error, column_text(q, 5));
    t->first_ms = column_measure(q, 6);
    t->total_ms = column_measure(q, 7);
    t->tokens = column_int(q, 8);
    t->rating = (int)column_int(q, 9);
    str_set(&t->text, column_text(q, 10));
    str_set(&t->reasoning, column_text(q, 11));
}

/* What still streams stands in the journal. */
static bool read_running(struct store *s, struct take *takes, int count, struct err *e)
{
    for (int i = 0; i < count; i++)
        if (!take_state_over(takes[i].state) && !journal_read(s, takes[i].id, &takes[i].text, &takes[i].reasoning, e))
            return false;
    return true;
}

bool generations_load(struct store *s, struct piece *p, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, str_text(&s->load_generations), WITH(as_int(p->id)), e);
    int row;
    while ((row = db_step(&s->db, q, e)) > 0) {
        int added = piece_add_generation(p);
        read_generation(q, &p->generations[added]);
    }
    return row == 0;
}

bool takes_load(struct store *s, struct piece *p, struct err *e)
{
    sqlite3_stmt *q =
        db_ask(&s->db,
               "SELECT " TAKE_COLUMNS " FROM takes WHERE generation IN (SELECT id FROM generations WHERE piece = ?1) "
               "OR id IN (SELECT take FROM passages WHERE piece = ?1 AND take IS NOT NULL) ORDER BY id",
               WITH(as_int(p->id)), e);
    int row;
    while ((row = db_step(&s->db, q, e)) > 0) {
        int added = piece_add_take(p, 0, 0);
        read_take(q, &p->takes[added]);
    }
    return row == 0 && read_running(s, p->takes, p->take_count, e);
}

bool generation_load_plain(struct store *s, int64_t id, struct generation *g, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, str_text(&s->load_generation), WITH(as_int(id)), e);
    int row = db_step(&s->db, q, e);
    if (row == 0)
        return no_generation(id, e);
    if (row < 0)
        return false;
    read_generation(q, g);
    db_stop(q);
    return true;
}

static bool load_generation(struct store *s, int64_t id, struct generation *g, struct err *e)
{
    int row = 0;
    if (!generation_load_plain(s, id, g, e))
        return false;
    sqlite3_stmt *q = db_ask(&s->db, "SELECT context, request, selection, suffix FROM bodies WHERE generation = ?", WITH(as_int(id)), e);
    while ((row = db_step(&s->db, q, e)) > 0) {
        str_set(&g->context, column_text(q, 0));
        str_set(&g->request, column_text(q, 1));
        str_set(&g->selection, column_text(q, 2));
        str_set(&g->suffix, column_text(q, 3));
    }
    return row == 0;
}

static bool load_takes(struct store *s, int64_t generation, struct take **takes, int *count, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, "SELECT " TAKE_COLUMNS " FROM takes WHERE generation = ? ORDER BY number, id",
                             WITH(as_int(generation)), e);
    int row, cap = 0;
    while ((row = db_step(&s->db, q, e)) > 0) {
        ARRAY_ROOM(*takes, *count, cap);
        (*takes)[*count] = (struct take){0};
        read_take(q, &(*takes)[(*count)++]);
    }
    return row == 0 && read_running(s, *takes, *count, e);
}

bool store_generation_load(struct store *s, int64_t id, struct generation *g, struct take **takes, int *count,
                           struct err *e)
{
    struct generation found = {0};
    struct take *list = NULL;
    int length = 0;
    if (!db_begin(&s->db, DB_READ, e))
        return false;
    bool ok = load_generation(s, id, &found, e) && load_takes(s, id, &list, &length, e);
    ok = db_end(&s->db, ok, e);
    if (!ok) {
        generation_release(&found);
        for (int i = 0; i < length; i++)
            take_release(&list[i]);
        free(list);
        return false;
    }
    generation_release(g);
    *g = found;
    *takes = list;
    *count = length;
    return true;
}

/* -- what the writer says about them ------------------------------------------------------------------------------- */

/* One statement as a durable transaction; `rows` tells how many rows it changed. */
static bool change(struct store *s, const char *sql, const struct value *values, int *rows, struct err *e)
{
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = db_run(&s->db, sql, values, e);
    *rows = ok ? db_changes(&s->db) : 0;
    return db_end(&s->db, ok, e);
}

bool store_rate(struct store *s, int64_t take, int rating, struct err *e)
{
    int stars = rating < 0 ? 0 : rating > 5 ? 5 : rating, rows = 0;
    if (!change(s, "UPDATE takes SET rating = ?, rated_at = max(?, coalesce(rated_at, 0) + 1) WHERE id = ?",
                WITH(as_int(stars), as_int(clock_wall_ms()), as_int(take)), &rows, e))
        return false;
    return rows || err_set(e, ERR_STORAGE, _("There is no take %lld in the library."), (long long)take);
}

/* A tag that is taken off leaves word of it: a library that still has it must not bring it back. */
bool tag_write(struct store *s, int64_t generation, struct span tag, bool on, int *rows, struct err *e)
{
    int64_t last = 0;
    const struct value *row = WITH(as_text(tag), as_int(generation));
    if (!db_integer(&s->db,
                    "SELECT max(at) FROM (SELECT tagged_at AS at FROM tags WHERE tag = ?1 AND generation = ?2 UNION "
                    "ALL SELECT off_at FROM tags_off WHERE tag = ?1 AND generation = ?2)",
                    row, &last, e))
        return false;
    int64_t now = clock_wall_ms(), at = now > last ? now : last + 1;
    if (!on) {
        bool ok = db_run(&s->db, "DELETE FROM tags WHERE tag = ? AND generation = ?", row, e);
        *rows = ok ? db_changes(&s->db) : 0;
        return ok && (*rows == 0 || db_run(&s->db, "INSERT OR REPLACE INTO tags_off(tag, generation, off_at) VALUES(?, ?, ?)",
                                           WITH(as_text(tag), as_int(generation), as_int(at)), e));
    }
    bool ok = db_run(&s->db, "DELETE FROM tags_off WHERE tag = ? AND generation = ?", row, e) &&
              db_run(&s->db,
                     "INSERT INTO tags(tag, generation, tagged_at) SELECT ?, id, ? FROM generations WHERE id = ? ON "
                     "CONFLICT DO UPDATE SET tag = tag",
                     WITH(as_text(tag), as_int(at), as_int(generation)), e);
    *rows = ok ? db_changes(&s->db) : 0;
    return ok;
}

bool tag_fits(struct span tag, struct err *e)
{
    return (tag.len && utf8_length(tag) <= TAG_LENGTH_MAX && span_find(tag, SPAN("\n"), 0) < 0) ||
           err_set(e, ERR_USAGE, _("A tag is one to %d characters on one line."), TAG_LENGTH_MAX);
}

bool store_tag(struct store *s, int64_t generation, struct span tag, bool on, struct err *e)
{
    int rows = 0;
    tag = span_trim(tag);
    if (!tag_fits(tag, e) || !db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = tag_write(s, generation, tag, on, &rows, e);
    return db_end(&s->db, ok, e) && (rows || !on || no_generation(generation, e));
}

bool store_tags(struct store *s, int64_t generation, struct str *out)
{
    sqlite3_stmt *q =
        db_ask(&s->db, "SELECT tag FROM tags WHERE generation = ? ORDER BY tag", WITH(as_int(generation)), NULL);
    int row;
    while ((row = db_step(&s->db, q, NULL)) > 0) {
        str_add(out, column_text(q, 0));
        str_add_byte(out, '\n');
    }
    return row == 0;
}

bool store_trash(struct store *s, int64_t generation, bool trashed, struct err *e)
{
    int rows = 0;
    return change(s,
                  "UPDATE generations SET trashed_at = iif(?1, coalesce(trashed_at, ?2), NULL), "
                  "changed_at = max(?2, coalesce(changed_at, 0) + 1) WHERE id = ?3",
                  WITH(as_int(trashed), as_int(clock_wall_ms()), as_int(generation)), &rows, e) &&
           (rows || no_generation(generation, e));
}

bool store_trash_passage(struct store *s, int64_t passage, bool trashed, struct err *e)
{
    int rows = 0;
    if (!change(s, "UPDATE passages SET trashed_at = iif(?1, coalesce(trashed_at, ?2), NULL), changed_at = ?2 WHERE id = ?3",
                WITH(as_int(trashed), as_int(clock_wall_ms()), as_int(passage)), &rows, e))
        return false;
    return rows || err_set(e, ERR_STORAGE, _("There is no passage %lld in the library."), (long long)passage);
}
