#include "storage/facts.h"
#include "core/i18n.h"
#include "storage/store_parts.h"

#include <stdio.h>

bool store_piece_facts(struct store *s, int64_t piece, struct piece_facts *out, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, "SELECT created_at, changed_at, uid FROM pieces WHERE id = ?", WITH(as_int(piece)), e);
    int row = db_step(&s->db, q, e);
    if (row == 0)
        return err_set(e, ERR_STORAGE, _("There is no piece %lld in the library."), (long long)piece);
    if (row < 0)
        return false;
    out->created_ms = column_int(q, 0);
    out->changed_ms = column_int(q, 1);
    snprintf(out->uid, sizeof out->uid, "%.*s", SPAN_ARG(column_text(q, 2)));
    db_stop(q);
    return true;
}

bool store_pieces_titled(struct store *s, struct span title, int64_t *ids, int max, int *count, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, "SELECT id FROM pieces WHERE title = ? AND trashed_at IS NULL ORDER BY changed_at DESC, id DESC",
                             WITH(as_text(title)), e);
    int row;
    *count = 0;
    while ((row = db_step(&s->db, q, e)) > 0) {
        if (*count < max)
            ids[*count] = column_int(q, 0);
        ++*count;
    }
    return row == 0;
}
