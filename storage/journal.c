#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/store_parts.h"

#include <stdlib.h>
#include <string.h>

/* What is promised, a quarter of a second and two seconds, less the time that a commit takes. */
#define COMMIT_US        200000
#define COMMIT_BYTES     4096
#define DURABLE_US       1800000
#define TICK_PATIENCE_MS 50 /* the next tick tries again; keys must not wait for another instance */

void journal_init(struct journal *j)
{
    *j = (struct journal){.oldest_us = -1, .unsynced_us = -1, .retry_us = -1};
}

static void drop_pending(struct journal *j, int at)
{
    j->bytes -= j->pending[at].text.len;
    str_release(&j->pending[at].text);
    memmove(&j->pending[at], &j->pending[at + 1], (size_t)(j->count - at - 1) * sizeof *j->pending);
    if (--j->count == 0)
        j->oldest_us = -1;
}

static void drop_take(struct journal *j, int64_t take)
{
    for (int i = j->count - 1; i >= 0; i--)
        if (j->pending[i].take == take)
            drop_pending(j, i);
}

static void drop_end(struct journal *j, int at)
{
    take_release(&j->ends[at]);
    memmove(&j->ends[at], &j->ends[at + 1], (size_t)(j->end_count - at - 1) * sizeof *j->ends);
    j->end_count--;
}

void journal_release(struct journal *j)
{
    while (j->count)
        drop_pending(j, j->count - 1);
    while (j->end_count)
        drop_end(j, j->end_count - 1);
    free(j->pending);
    free(j->ends);
    memset(j, 0, sizeof *j);
}

/* -- streaming ----------------------------------------------------------------------------------------------------- */

void store_take_text(struct store *s, int64_t take, struct span text, bool reasoning)
{
    struct journal *j = &s->journal;
    if (take <= 0 || text.len == 0)
        return;
    int at = 0;
    while (at < j->count && (j->pending[at].take != take || j->pending[at].reasoning != reasoning))
        at++;
    if (at == j->count) {
        ARRAY_ROOM(j->pending, j->count, j->cap);
        j->pending[j->count++] = (struct pending){.take = take, .reasoning = reasoning};
    }
    if (j->oldest_us < 0)
        j->oldest_us = clock_now_us();
    str_add(&j->pending[at].text, text);
    j->bytes += text.len;
}

/* A take that has no row is passed over: the select finds none. */
static bool write_pending(struct store *s, const struct pending *p, struct err *e)
{
    return db_run(&s->db,
                  "INSERT INTO chunks(take, seq, reasoning, text) SELECT id, "
                  "(SELECT coalesce(max(seq), 0) + 1 FROM chunks WHERE take = takes.id), ?, ? FROM takes WHERE id = ?",
                  WITH(as_int(p->reasoning), as_text(str_span(&p->text)), as_int(p->take)), e) &&
           db_run(&s->db, "UPDATE takes SET state = 'writing' WHERE id = ? AND state = 'waiting'",
                  WITH(as_int(p->take)), e);
}

static bool write_end(struct store *s, const struct take *t, bool *missing, struct err *e)
{
    int64_t generation = 0;
    if (!db_integer(&s->db, "SELECT generation FROM takes WHERE id = ?", WITH(as_int(t->id)), &generation, e))
        return false;
    *missing = generation == 0;
    if (*missing)
        return true;
    return index_generation(s, generation, false, e) &&
           db_run(&s->db,
                  "UPDATE takes SET state = ?, finish = ?, error = ?, first_ms = ?, total_ms = ?, tokens = ?, text = "
                  "?, reasoning = ? "
                  "WHERE id = ?",
                  WITH(as_name(take_state_name(t->state)), as_text(str_span(&t->finish)), as_text(str_span(&t->error)),
                       as_measure(t->first_ms), as_measure(t->total_ms), as_int(t->tokens), as_text(str_span(&t->text)),
                       as_text(str_span(&t->reasoning)), as_int(t->id)),
                  e) &&
           db_run(&s->db, "DELETE FROM chunks WHERE take = ?", WITH(as_int(t->id)), e) &&
           index_generation(s, generation, true, e);
}

/* A durable commit makes every earlier one durable, but only when it has something to write. */
static bool write_all(struct store *s, enum db_sync sync, struct err *e)
{
    struct journal *j = &s->journal;
    for (int i = 0; i < j->count; i++)
        if (!write_pending(s, &j->pending[i], e))
            return false;
    bool missing = false;
    for (int i = 0; i < j->end_count; i++)
        if (!write_end(s, &j->ends[i], &missing, e))
            return false;
    return j->count || j->end_count || sync != DB_DURABLE ||
           db_run(&s->db, "UPDATE counters SET value = value + 1 WHERE name = 'syncs'", WITH_NOTHING, e);
}

static bool commit(struct store *s, enum db_sync sync, struct err *e)
{
    struct journal *j = &s->journal;
    if (!db_begin(&s->db, sync, e) || !db_end(&s->db, write_all(s, sync, e), e))
        return false;
    if (sync == DB_DURABLE)
        j->unsynced_us = -1;
    else if (j->unsynced_us < 0)
        j->unsynced_us = j->oldest_us;
    while (j->count)
        drop_pending(j, j->count - 1);
    while (j->end_count)
        drop_end(j, j->end_count - 1);
    return true;
}

/* Microseconds until something has waited `limit`; a clock that went back counts as late. */
static int64_t remaining(int64_t since, int64_t limit, int64_t now)
{
    return now < since || now - since >= limit ? 0 : since + limit - now;
}

/* -1: nothing waits. */
static int64_t due_in(const struct journal *j, int64_t now)
{
    int64_t due = -1;
    if (j->count || j->end_count)
        due = j->bytes >= COMMIT_BYTES || j->end_count ? 0 : remaining(j->oldest_us, COMMIT_US, now);
    if (j->unsynced_us >= 0) {
        int64_t durable = remaining(j->unsynced_us, DURABLE_US, now);
        due = due < 0 || durable < due ? durable : due;
    }
    if (due >= 0 && j->retry_us >= 0) {
        int64_t retry = remaining(j->retry_us, COMMIT_US, now);
        due = retry > due ? retry : due;
    }
    return due;
}

int store_tick_ms(const struct store *s, int64_t now_us)
{
    int64_t due = due_in(&s->journal, now_us);
    return due < 0 ? -1 : (int)((due + 999) / 1000);
}

bool store_tick(struct store *s, int64_t now_us, struct err *e)
{
    struct journal *j = &s->journal;
    if (due_in(j, now_us) != 0) {
        if (j->failure.kind != ERR_NONE && e)
            *e = j->failure;
        return j->failure.kind == ERR_NONE;
    }
    bool late = j->end_count || (j->unsynced_us >= 0 && remaining(j->unsynced_us, DURABLE_US, now_us) == 0);
    struct err why = {0};
    db_patience(&s->db, TICK_PATIENCE_MS);
    bool ok = commit(s, late ? DB_DURABLE : DB_NORMAL, &why);
    db_patience(&s->db, -1);
    j->retry_us = ok ? -1 : now_us;
    /* Another instance that writes for a moment is no news. */
    if (!ok && s->db.failure == SQLITE_BUSY && !late && remaining(j->oldest_us, DURABLE_US, now_us) > 0)
        return true;
    j->failure = why;
    if (!ok && e)
        *e = why;
    return ok;
}

bool journal_flush(struct store *s, struct err *e)
{
    struct journal *j = &s->journal;
    return (j->count == 0 && j->end_count == 0 && j->unsynced_us < 0) || commit(s, DB_DURABLE, e);
}

/* -- ends ---------------------------------------------------------------------------------------------------------- */

static void copy_take(struct take *to, const struct take *from)
{
    *to = *from;
    struct str *texts[] = {&to->text, &to->reasoning, &to->finish, &to->error};
    const struct str *sources[] = {&from->text, &from->reasoning, &from->finish, &from->error};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        str_init(texts[i], 0);
        str_set(texts[i], str_span(sources[i]));
    }
}

static void forget_end(struct journal *j, int64_t take)
{
    for (int i = j->end_count - 1; i >= 0; i--)
        if (j->ends[i].id == take)
            drop_end(j, i);
}

/* An end that cannot be written now is kept and tried again by the ticks. */
static void remember_end(struct journal *j, const struct take *t, const struct err *why)
{
    forget_end(j, t->id);
    ARRAY_ROOM(j->ends, j->end_count, j->end_cap);
    copy_take(&j->ends[j->end_count++], t);
    j->retry_us = clock_now_us();
    j->failure = *why;
}

bool store_take_end(struct store *s, const struct take *t, struct err *e)
{
    struct journal *j = &s->journal;
    struct err why = {0};
    if (t->id <= 0)
        return err_set(e, ERR_STORAGE, _("This take is not in the library yet. Save the piece first."));
    bool missing = false;
    bool ok = db_begin(&s->db, DB_DURABLE, &why) && db_end(&s->db, write_end(s, t, &missing, &why), &why);
    if (!ok) {
        remember_end(j, t, &why);
        if (e)
            *e = why;
        return false;
    }
    if (missing)
        return err_set(e, ERR_STORAGE, _("There is no take %lld in the library."), (long long)t->id);
    forget_end(j, t->id);
    drop_take(j, t->id);
    j->unsynced_us = -1;
    if (j->end_count == 0) {
        j->retry_us = -1;
        err_clear(&j->failure);
    }
    return true;
}

/* What waits in memory is dropped even if the transaction fails: the caller has the text and gives it again. */
bool journal_restart(struct store *s, int64_t take, struct err *e)
{
    drop_take(&s->journal, take);
    return db_run(&s->db, "DELETE FROM chunks WHERE take = ?", WITH(as_int(take)), e);
}

bool store_take_rethought(struct store *s, const struct take *t, struct err *e)
{
    bool ok = journal_restart(s, t->id, e);
    store_take_text(s, t->id, str_span(&t->reasoning), true);
    store_take_text(s, t->id, str_span(&t->text), false);
    return ok;
}

/* -- reading back -------------------------------------------------------------------------------------------------- */

static bool read_chunks(struct store *s, int64_t take, struct str *text, struct str *reasoning, struct err *e)
{
    sqlite3_stmt *q =
        db_ask(&s->db, "SELECT reasoning, text FROM chunks WHERE take = ? ORDER BY seq", WITH(as_int(take)), e);
    int row;
    while ((row = db_step(&s->db, q, e)) > 0)
        str_add(column_int(q, 0) ? reasoning : text, column_text(q, 1));
    return row == 0;
}

bool journal_read(struct store *s, int64_t take, struct str *text, struct str *reasoning, struct err *e)
{
    const struct journal *j = &s->journal;
    if (!read_chunks(s, take, text, reasoning, e))
        return false;
    for (int i = 0; i < j->count; i++)
        if (j->pending[i].take == take)
            str_add(j->pending[i].reasoning ? reasoning : text, str_span(&j->pending[i].text));
    return true;
}

/* -- after a crash ------------------------------------------------------------------------------------------------- */

struct orphan {
    int64_t take, generation;
};

/* Takes that stream, though no living instance writes them. */
static bool find_orphans(struct store *s, struct orphan **orphans, int *count, struct err *e)
{
    sqlite3_stmt *q =
        db_ask(&s->db,
               "SELECT id, generation, instance FROM takes WHERE state <> 'done' AND state IN ('waiting', 'writing') "
               "ORDER BY id",
               WITH_NOTHING, e);
    int row, cap = 0;
    while ((row = db_step(&s->db, q, e)) > 0) {
        if (instance_alive(&s->instance, column_int(q, 2)))
            continue;
        ARRAY_ROOM(*orphans, *count, cap);
        (*orphans)[(*count)++] = (struct orphan){column_int(q, 0), column_int(q, 1)};
    }
    return row == 0;
}

/* Another instance may have been quicker: then the take is over, its journal empty, and nothing changes. */
static bool interrupt(struct store *s, const struct orphan *o, struct err *e)
{
    struct str text = {0}, reasoning = {0};
    bool ok = read_chunks(s, o->take, &text, &reasoning, e) && index_generation(s, o->generation, false, e) &&
              db_run(&s->db,
                     "UPDATE takes SET state = 'interrupted', text = text || ?, reasoning = reasoning || ? "
                     "WHERE id = ? AND state IN ('waiting', 'writing')",
                     WITH(as_text(str_span(&text)), as_text(str_span(&reasoning)), as_int(o->take)), e) &&
              db_run(&s->db, "DELETE FROM chunks WHERE take = ?", WITH(as_int(o->take)), e) &&
              index_generation(s, o->generation, true, e);
    str_release(&text);
    str_release(&reasoning);
    return ok;
}

bool journal_recover(struct store *s, struct err *e)
{
    struct orphan *orphans = NULL;
    int count = 0;
    bool ok = find_orphans(s, &orphans, &count, e);
    if (ok && count) {
        ok = db_begin(&s->db, DB_DURABLE, e);
        if (ok) {
            for (int i = 0; ok && i < count; i++)
                ok = interrupt(s, &orphans[i], e);
            ok = db_end(&s->db, ok, e);
        }
    }
    free(orphans);
    return ok;
}
