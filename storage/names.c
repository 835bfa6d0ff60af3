#include "storage/names.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "storage/store_parts.h"

#include <string.h>

#define NAME_LENGTH_MAX 64

/* -- names that occur ------------------------------------------------------------------------------------------------ */

#define NEXT_OF(column, table)                                                                                                           \
    "WITH RECURSIVE names(name) AS (SELECT min(" column ") FROM " table " UNION ALL SELECT (SELECT min(" column ") FROM " table          \
    " WHERE " column " > name) FROM names WHERE name IS NOT NULL) SELECT name FROM names WHERE name <> '' AND instr(lower(name), lower(?)) LIMIT ?"

static const char *const questions[] = {
    [NAMES_MODEL] = NEXT_OF("model", "generations"),
    [NAMES_SERVER] = NEXT_OF("server", "generations"),
    [NAMES_PROJECT] = "SELECT name FROM projects WHERE name <> '' AND trashed_at IS NULL AND instr(lower(name), lower(?)) ORDER BY name LIMIT ?",
    [NAMES_TAG] = NEXT_OF("tag", "tags"),
};

static void add_lines(struct store *s, sqlite3_stmt *q, struct str *out, int *row, struct err *e)
{
    while ((*row = db_step(&s->db, q, e)) > 0) {
        str_add(out, column_text(q, 0));
        str_add_byte(out, '\n');
    }
}

bool store_names(struct store *s, enum names what, struct span part, int max, struct str *out, struct err *e)
{
    int row = 0;
    CHECK((size_t)what < COUNT_OF(questions));
    add_lines(s, db_ask(&s->db, questions[what], WITH(as_text(part.len ? part : SPAN("")), as_int(max)), e), out, &row, e);
    return row == 0;
}

/* -- searches that are kept -------------------------------------------------------------------------------------------- */

bool store_search_keep(struct store *s, struct span name, struct span query, struct err *e)
{
    name = span_trim(name);
    query = span_trim(query);
    if (name.len == 0 || utf8_length(name) > NAME_LENGTH_MAX || span_find(name, SPAN("\n"), 0) >= 0)
        return err_set(e, ERR_USAGE, _("A name for a search is one to %d characters on one line."), NAME_LENGTH_MAX);
    if (query.len == 0)
        return err_set(e, ERR_USAGE, "%s", _("There is nothing to keep yet: type what to look for first."));
    return db_begin(&s->db, DB_DURABLE, e) &&
           db_end(&s->db,
                  db_run(&s->db,
                         "INSERT INTO searches(name, saved_at, query) VALUES(?1, ?2, ?3) "
                         "ON CONFLICT(name) DO UPDATE SET saved_at = ?2, query = ?3",
                         WITH(as_text(name), as_int(clock_wall_ms()), as_text(query)), e),
                  e);
}

bool store_search_forget(struct store *s, struct span name, struct err *e)
{
    return db_begin(&s->db, DB_DURABLE, e) &&
           db_end(&s->db, db_run(&s->db, "DELETE FROM searches WHERE name = ?", WITH(as_text(name)), e), e);
}

bool store_search_names(struct store *s, struct str *out, struct err *e)
{
    int row = 0;
    add_lines(s, db_ask(&s->db, "SELECT name FROM searches ORDER BY name", WITH_NOTHING, e), out, &row, e);
    return row == 0;
}

bool store_search_query(struct store *s, struct span name, struct str *out)
{
    bool found = false;
    return db_text(&s->db, "SELECT query FROM searches WHERE name = ?", WITH(as_text(name)), out, &found, NULL) && found;
}
