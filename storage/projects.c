#include "core/clock.h"
#include "storage/store_parts.h"
#include "storage/uid.h"

bool project_find(struct store *s, struct span name, bool make, int64_t *id, struct err *e)
{
    *id = 0;
    if (!db_integer(&s->db, "SELECT id FROM projects WHERE name = ?", WITH(as_text(name)), id, e))
        return false;
    if (*id)
        return !make ||
               db_run(&s->db, "UPDATE projects SET trashed_at = NULL, changed_at = ? WHERE id = ? AND trashed_at IS NOT NULL",
                      WITH(as_int(clock_wall_ms()), as_int(*id)), e);
    if (!make)
        return true;
    int64_t now = clock_wall_ms();
    struct uid uid = uid_make(now);
    struct span known = name.len ? uid_span(&uid) : SPAN("0000000000000000"); /* the default one is the same in every library */
    if (!db_run(&s->db, "INSERT INTO projects(uid, name, created_at, changed_at) VALUES(?, ?, ?, ?)",
                WITH(as_text(known), as_text(name), as_int(now), as_int(now)), e))
        return false;
    *id = db_last_id(&s->db);
    return true;
}

bool store_project_find(struct store *s, struct span name, bool make, int64_t *id, struct err *e)
{
    name = span_trim(name);
    if (!make)
        return project_find(s, name, false, id, e);
    return db_begin(&s->db, DB_DURABLE, e) && db_end(&s->db, project_find(s, name, true, id, e), e);
}
