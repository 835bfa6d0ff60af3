#include "storage/store_parts.h"

bool store_odds_save(struct store *s, int64_t take, struct span form, struct err *e)
{
    if (take <= 0)
        return true;
    return db_begin(&s->db, DB_NORMAL, e) &&
           db_end(&s->db,
                  db_run(&s->db,
                         "INSERT INTO odds(take, tokens) SELECT id, ?2 FROM takes WHERE id = ?1 "
                         "ON CONFLICT(take) DO UPDATE SET tokens = ?2",
                         WITH(as_int(take), as_text(form)), e),
                  e);
}

bool store_odds_load(struct store *s, int64_t take, struct str *form, bool *found, struct err *e)
{
    return db_text(&s->db, "SELECT tokens FROM odds WHERE take = ?", WITH(as_int(take)), form, found, e);
}
