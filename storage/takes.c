#include "core/i18n.h"
#include "storage/store_parts.h"

bool store_take_generation(struct store *s, int64_t take, int64_t *generation, struct err *e)
{
    *generation = 0;
    if (!db_integer(&s->db, "SELECT generation FROM takes WHERE id = ?", WITH(as_int(take)), generation, e))
        return false;
    return *generation ? true : err_set(e, ERR_STORAGE, _("There is no take %lld in the library."), (long long)take);
}

bool store_take_edited(struct store *s, int64_t piece, int64_t take, struct str *text, struct str *runs, bool *edited, struct err *e)
{
    *edited = false;
    sqlite3_stmt *q = db_ask(&s->db,
                             "SELECT text, runs FROM passages WHERE piece = ? AND take = ? AND text IS NOT NULL AND trashed_at IS NULL "
                             "ORDER BY changed_at DESC, id DESC LIMIT 1",
                             WITH(as_int(piece), as_int(take)), e);
    int row = db_step(&s->db, q, e);
    if (row <= 0)
        return row == 0;
    str_set(text, column_text(q, 0));
    str_set(runs, column_text(q, 1));
    *edited = true;
    db_stop(q);
    return true;
}
