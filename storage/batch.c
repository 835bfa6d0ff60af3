#include "storage/batch.h"
#include "storage/store_parts.h"

bool batch_find(struct store *s, struct span name, int64_t *batch, struct err *e)
{
    *batch = 0;
    if (!db_integer(&s->db, "SELECT id FROM batches WHERE name = ?", WITH(as_text(name)), batch, e) || *batch)
        return *batch != 0;
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = db_run(&s->db, "INSERT INTO batches(name) VALUES(?) ON CONFLICT DO NOTHING", WITH(as_text(name)), e) &&
              db_integer(&s->db, "SELECT id FROM batches WHERE name = ?", WITH(as_text(name)), batch, e);
    return db_end(&s->db, ok, e);
}

/* What streams at the opening of a library and has nobody behind it was marked as interrupted then: what still streams has a living one. */
bool batch_item(struct store *s, int64_t batch, struct span item, struct batch_item *out, struct err *e)
{
    *out = (struct batch_item){BATCH_OPEN, 0, false};
    sqlite3_stmt *q = db_ask(&s->db,
                             "SELECT generation, written,"
                             " (SELECT max(state <> 'done') + max(state IN ('waiting', 'writing'))"
                             "  FROM takes WHERE takes.generation = i.generation)"
                             " FROM batch_items i WHERE batch = ? AND item = ?",
                             WITH(as_int(batch), as_text(item)), e);
    int row = db_step(&s->db, q, e);
    if (row > 0) {
        static const enum batch_state states[] = {BATCH_DONE, BATCH_OPEN, BATCH_ELSEWHERE};
        out->generation = column_int(q, 0);
        out->written = column_int(q, 1) != 0;
        out->state = states[column_int(q, 2)];
        db_stop(q);
    }
    return row >= 0;
}

static bool change(struct store *s, const char *sql, const struct value *values, struct err *e)
{
    return db_begin(&s->db, DB_DURABLE, e) && db_end(&s->db, db_run(&s->db, sql, values, e), e);
}

bool batch_asked(struct store *s, int64_t batch, struct span item, int64_t generation, struct err *e)
{
    return change(s,
                  "INSERT INTO batch_items(batch, item, generation, written) VALUES(?1, ?2, ?3, 0)"
                  " ON CONFLICT DO UPDATE SET generation = ?3, written = 0",
                  WITH(as_int(batch), as_text(item), as_int(generation)), e);
}

bool batch_results(struct store *s, int64_t batch, struct str *path, int64_t *size, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, "SELECT results, results_size FROM batches WHERE id = ?", WITH(as_int(batch)), e);
    int row = db_step(&s->db, q, e);
    str_clear(path);
    *size = 0;
    if (row > 0) {
        str_set(path, column_text(q, 0));
        *size = column_int(q, 1);
        db_stop(q);
    }
    return row >= 0;
}

bool batch_unwrite(struct store *s, int64_t batch, struct err *e)
{
    return change(s, "UPDATE batch_items SET written = 0 WHERE batch = ? AND written <> 0", WITH(as_int(batch)), e);
}

bool batch_set_results(struct store *s, int64_t batch, struct span path, int64_t size, struct err *e)
{
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = db_run(&s->db,
                     "UPDATE batch_items SET written = 0 WHERE batch = ?1 AND written <> 0"
                     " AND (SELECT results FROM batches WHERE id = ?1) <> ?2",
                     WITH(as_int(batch), as_text(path)), e) &&
              db_run(&s->db, "UPDATE batches SET results = ?2, results_size = ?3 WHERE id = ?1",
                     WITH(as_int(batch), as_text(path), as_int(size)), e);
    return db_end(&s->db, ok, e);
}

bool batch_written(struct store *s, int64_t batch, struct span item, struct err *e)
{
    return change(s, "UPDATE batch_items SET written = 1 WHERE batch = ? AND item = ?", WITH(as_int(batch), as_text(item)), e);
}
