#include "storage/store.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/schema.h"
#include "storage/store_parts.h"

#include <stdlib.h>
#include <string.h>

static void note(struct store *s, const char *text)
{
    if (!s->notice)
        s->notice = mem_copy_text(text);
}

static bool open_parts(struct store *s, const char *path, struct err *e)
{
    bool network = path && db_on_network(path);
    if (!db_open(&s->db, path, network, e))
        return false;
    instance_open(&s->instance, path);
    bool crashed = s->db.left_wal && instance_alone(&s->instance);
    if (!schema_open(&s->db, &schema_library, crashed, e))
        return false;
    if (network)
        note(s, _("The library lies on a network drive: only one renga at a time can open it, and saving is slower."));
    generations_prepare(s);
    if (!index_prepare(s, e))
        return false;
    struct err why = {0};
    if (!journal_recover(s, &why))
        note(s, why.text); /* a full disk must not keep the writer from reading; the next opening tries again */
    return db_integer(&s->db, "PRAGMA data_version", WITH_NOTHING, &s->data_version, e);
}

bool store_open(struct store **out, const char *path, struct err *e)
{
    struct store *s = mem_new(1, sizeof *s);
    s->instance.fd = -1;
    journal_init(&s->journal);
    *out = NULL;
    if (!open_parts(s, path, e)) {
        store_close(s);
        return false;
    }
    *out = s;
    return true;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    (void)!journal_flush(s, NULL); /* what the disk refuses now, it has refused at every tick before */
    generations_release(s);
    journal_release(&s->journal);
    db_close(&s->db);
    instance_close(&s->instance);
    free(s->notice);
    free(s);
}

bool store_in_memory(const struct store *s)
{
    return s->db.path == NULL;
}

const char *store_notice(const struct store *s)
{
    return s->notice;
}

bool store_changed(struct store *s)
{
    int64_t version = s->data_version;
    if (!db_integer(&s->db, "PRAGMA data_version", WITH_NOTHING, &version, NULL))
        return false;
    bool changed = version != s->data_version;
    s->data_version = version;
    return changed;
}

int64_t store_generation_count(struct store *s)
{
    int64_t count = 0;
    (void)!db_integer(&s->db, "SELECT value FROM counters WHERE name = 'generations'", WITH_NOTHING, &count, NULL);
    return count;
}

bool store_together(struct store *s, struct err *e)
{
    return db_begin_together(&s->db, e);
}

bool store_together_end(struct store *s, bool ok, struct err *e)
{
    return db_end_together(&s->db, ok, e);
}

/* -- settings ------------------------------------------------------------------------------------------------------ */

bool store_setting(struct store *s, const char *name, struct str *out)
{
    bool found = false;
    return db_text(&s->db, "SELECT value FROM settings WHERE name = ?", WITH(as_name(name)), out, &found, NULL) &&
           found;
}

bool store_set_setting(struct store *s, const char *name, struct span value, struct err *e)
{
    return db_begin(&s->db, DB_NORMAL, e) &&
           db_end(&s->db,
                  db_run(&s->db,
                         "INSERT INTO settings(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = ?2 "
                         "WHERE value <> ?2",
                         WITH(as_name(name), as_text(value)), e),
                  e);
}

/* -- drafts and revisions ------------------------------------------------------------------------------------------ */

bool store_draft_save(struct store *s, int64_t piece, struct span text, struct err *e)
{
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = text.len == 0 ? db_run(&s->db, "DELETE FROM drafts WHERE piece = ?", WITH(as_int(piece)), e)
                            : db_run(&s->db,
                                     "INSERT INTO drafts(piece, saved_at, text) VALUES(?1, ?2, ?3) "
                                     "ON CONFLICT(piece) DO UPDATE SET saved_at = ?2, text = ?3",
                                     WITH(as_int(piece), as_int(clock_wall_ms()), as_text(text)), e);
    return db_end(&s->db, ok, e);
}

bool store_draft_load(struct store *s, int64_t piece, struct str *out)
{
    bool found = false;
    return db_text(&s->db, "SELECT text FROM drafts WHERE piece = ?", WITH(as_int(piece)), out, &found, NULL) && found;
}

bool store_revision(struct store *s, int64_t passage, int64_t *revision, struct str *text, struct str *runs)
{
    /* By time: what came from another library is younger here than it is. */
    sqlite3_stmt *q = db_ask(&s->db,
                             "SELECT id, text, runs FROM revisions WHERE passage = ?1 AND (?2 <= 0 OR (saved_at, id) < "
                             "(SELECT saved_at, id FROM revisions WHERE id = ?2)) ORDER BY saved_at DESC, id DESC LIMIT 1",
                             WITH(as_int(passage), as_int(*revision)), NULL);
    if (db_step(&s->db, q, NULL) <= 0)
        return false;
    *revision = column_int(q, 0);
    str_set(text, column_text(q, 1));
    str_set(runs, column_text(q, 2));
    db_stop(q);
    return true;
}
