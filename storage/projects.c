#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/store_parts.h"
#include "storage/uid.h"

#include <string.h>

#define WORDS_MAX     4 /* the last one is whatever is left */
#define FILTER_WALK   10000

/* -- by name ------------------------------------------------------------------------------------------------------------- */

/* A name makes the same project in every library, the default one has all zeros; but a project that was renamed since keeps its uid. */
static bool new_uid(struct store *s, struct span name, int64_t now, struct uid *uid, struct err *e)
{
    int64_t taken = 0;
    *uid = uid_of(name);
    if (!db_integer(&s->db, "SELECT count(*) FROM projects WHERE uid = ?", WITH(as_text(uid_span(uid))), &taken, e))
        return false;
    if (taken)
        *uid = uid_make(now);
    return true;
}

static bool insert_project(struct store *s, struct span name, int64_t now, int64_t *id, struct err *e)
{
    struct uid uid;
    if (!new_uid(s, name, now, &uid, e) ||
        !db_run(&s->db, "INSERT INTO projects(uid, name, created_at, changed_at) VALUES(?, ?, ?, ?)",
                WITH(as_text(uid_span(&uid)), as_text(name), as_int(now), as_int(now)), e))
        return false;
    *id = db_last_id(&s->db);
    return true;
}

bool project_find(struct store *s, struct span name, bool make, int64_t *id, struct err *e)
{
    int64_t now = clock_wall_ms();
    *id = 0;
    if (!db_integer(&s->db, "SELECT id FROM projects WHERE name = ?", WITH(as_text(name)), id, e))
        return false;
    if (!make)
        return true;
    if (!*id)
        return insert_project(s, name, now, id, e);
    return db_run(&s->db,
                  "UPDATE projects SET trashed_at = NULL, changed_at = ? WHERE id = ? AND trashed_at IS NOT NULL",
                  WITH(as_int(now), as_int(*id)), e);
}

bool store_project_find(struct store *s, struct span name, bool make, int64_t *id, struct err *e)
{
    name = span_trim(name);
    if (!make)
        return project_find(s, name, false, id, e);
    return db_begin(&s->db, DB_DURABLE, e) && db_end(&s->db, project_find(s, name, true, id, e), e);
}

/* -- words -------------------------------------------------------------------------------------------------------------- */

/* What is typed, as patterns for LIKE. */
struct patterns {
    struct str like[WORDS_MAX];
};

static void patterns_release(struct patterns *p)
{
    for (int i = 0; i < WORDS_MAX; i++)
        str_release(&p->like[i]);
}

static size_t word_end(struct span words)
{
    size_t end = 0;
    while (end < words.len && words.s[end] != ' ' && !span_starts(span_cut(words, end, words.len), "\xE3\x80\x80"))
        end++;
    return end;
}

static void patterns_read(struct patterns *p, struct span words)
{
    *p = (struct patterns){0};
    words = span_trim(words);
    for (int i = 0; i < WORDS_MAX && words.len; i++) {
        struct span word = span_cut(words, 0, i + 1 < WORDS_MAX ? word_end(words) : words.len);
        str_add_byte(&p->like[i], '%');
        for (size_t at = 0; at < word.len; at++) {
            if (word.s[at] && strchr("%_\\", word.s[at]))
                str_add_byte(&p->like[i], '\\');
            str_add_byte(&p->like[i], word.s[at]);
        }
        str_add_byte(&p->like[i], '%');
        words = span_trim(span_cut(words, word.len, words.len));
    }
}

static struct value pattern(const struct patterns *p, int i)
{
    return as_text(str_span(&p->like[i]));
}

#define FITS_ONE(hay, word) "(" word " = '' OR " hay " LIKE " word " ESCAPE '\\')"
#define FITS(hay)                                                                                                      \
    FITS_ONE(hay, "?1") " AND " FITS_ONE(hay, "?2") " AND " FITS_ONE(hay, "?3") " AND " FITS_ONE(hay, "?4")

/* -- projects ------------------------------------------------------------------------------------------------------------ */

/* The pieces of a project are counted as far as it costs nothing; `lying` says which of them. */
#define PIECES(what, lying) "(SELECT " what " FROM pieces WHERE project = j.id AND " lying " ORDER BY changed_at DESC, id DESC LIMIT 10000)"
#define NEWEST(lying)                                                                                                  \
    "coalesce((SELECT changed_at FROM pieces WHERE project = j.id AND " lying                                          \
    " ORDER BY changed_at DESC, id DESC LIMIT 1), j.changed_at)"
#define PROJECT_COLUMNS(newest, lying)                                                                                 \
    "SELECT j.id, j.name, j.cover, j.notes, j.server, j.model, j.dials, j.system, " newest ", "                        \
    "(SELECT count(*) FROM " PIECES("1", lying) "), "                                                                  \
    "coalesce((SELECT sum(generations) FROM " PIECES("generations", lying) "), 0), j.trashed_at IS NOT NULL FROM "
#define PROJECT_LIST(shown, lying)                                                                                     \
    PROJECT_COLUMNS("j.newest", lying)                                                                                 \
    "(SELECT j.*, " NEWEST(lying) " AS newest FROM projects j WHERE " shown " AND " FITS("j.name || ' ' || j.cover")   \
    " ORDER BY newest DESC, j.id DESC LIMIT ?5) j ORDER BY j.newest DESC, j.id DESC"

static void read_project(sqlite3_stmt *q, struct project *p)
{
    struct str *texts[] = {&p->name, &p->cover, &p->notes, &p->server, &p->model, &p->dials, &p->system};
    p->id = column_int(q, 0);
    for (int i = 0; i < (int)COUNT_OF(texts); i++)
        str_set(texts[i], column_text(q, i + 1));
    p->changed_ms = column_int(q, 8);
    p->pieces = column_int(q, 9);
    p->generations = column_int(q, 10);
    p->trashed = column_int(q, 11) != 0;
}

bool store_project_load(struct store *s, int64_t project, struct project *out, struct err *e)
{
    sqlite3_stmt *q =
        db_ask(&s->db, PROJECT_COLUMNS(NEWEST("trashed_at IS NULL"), "trashed_at IS NULL") "projects j WHERE j.id = ?",
               WITH(as_int(project)), e);
    int row = db_step(&s->db, q, e);
    if (row == 0)
        return err_set(e, ERR_STORAGE, _("There is no project %lld in the library."), (long long)project);
    if (row < 0)
        return false;
    project_release(out);
    read_project(q, out);
    db_stop(q);
    return true;
}

bool store_projects(struct store *s, const struct shelf *shelf, struct project **out, int *count, struct err *e)
{
    struct patterns words;
    int row, cap = 0;
    *out = NULL;
    *count = 0;
    patterns_read(&words, shelf->words);
    sqlite3_stmt *q = db_ask(
        &s->db,
        shelf->trash ? PROJECT_LIST("j.trashed_at IS NOT NULL", "trashed_at = j.trashed_at")
                     : PROJECT_LIST("j.trashed_at IS NULL AND (j.name <> '' OR EXISTS (SELECT 1 FROM pieces WHERE "
                                    "project = j.id AND trashed_at IS NULL))",
                                    "trashed_at IS NULL"),
        WITH(pattern(&words, 0), pattern(&words, 1), pattern(&words, 2), pattern(&words, 3), as_int(shelf->limit)), e);
    while ((row = db_step(&s->db, q, e)) > 0) {
        ARRAY_ROOM(*out, *count, cap);
        (*out)[*count] = (struct project){0};
        read_project(q, &(*out)[(*count)++]);
    }
    patterns_release(&words);
    return row == 0;
}

/* A name is one project's alone, be it in the trash. */
static bool name_is_free(struct store *s, const struct project *p, struct span name, struct err *e)
{
    int64_t other = 0, trashed = 0;
    if (name.len == 0)
        return err_set(e, ERR_USAGE, "%s", _("A project needs a name."));
    if (!db_integer(&s->db, "SELECT id FROM projects WHERE name = ?", WITH(as_text(name)), &other, e) ||
        !db_integer(&s->db, "SELECT trashed_at IS NOT NULL FROM projects WHERE id = ?", WITH(as_int(other)), &trashed, e))
        return false;
    if (other == 0 || other == p->id)
        return true;
    return trashed ? err_set(e, ERR_USAGE, _("A project “%.*s” lies in the trash; take it back from there, or choose another name."),
                             SPAN_ARG(name))
                   : err_set(e, ERR_USAGE, _("There is a project “%.*s” already; choose another name."), SPAN_ARG(name));
}

static bool write_project(struct store *s, struct project *p, struct err *e)
{
    struct span name = span_trim(str_span(&p->name));
    int64_t id = p->id, now = clock_wall_ms(), is_default = 0;
    if (!db_integer(&s->db, "SELECT name = '' FROM projects WHERE id = ?", WITH(as_int(id)), &is_default, e))
        return false;
    if (is_default ? name.len > 0 : !name_is_free(s, p, name, e))
        return is_default ? err_set(e, ERR_USAGE, "%s",
                                    _("These pieces stand in no project, so there is none to be named. Move them into one."))
                          : false;
    if (id == 0 && !insert_project(s, name, now, &id, e))
        return false;
    if (!db_run(&s->db,
                "UPDATE projects SET name = ?, cover = ?, notes = ?, server = ?, model = ?, dials = ?, system = ?, "
                "changed_at = ? WHERE id = ?",
                WITH(as_text(name), as_text(str_span(&p->cover)), as_text(str_span(&p->notes)), as_text(str_span(&p->server)),
                     as_text(str_span(&p->model)), as_text(str_span(&p->dials)), as_text(str_span(&p->system)), as_int(now),
                     as_int(id)),
                e))
        return false;
    p->id = id;
    return true;
}

bool store_project_save(struct store *s, struct project *p, struct err *e)
{
    int64_t before = p->id;
    if (!db_begin(&s->db, DB_DURABLE, e))
        return false;
    bool ok = db_end(&s->db, write_project(s, p, e), e);
    if (!ok)
        p->id = before;
    return ok;
}

/* -- pieces ---------------------------------------------------------------------------------------------------------------- */

/* Only what begins with a take has no label of its own (schema_steps.c). */
#define BLANKS "char(9, 10, 13, 32, 12288)"
#define LABEL                                                                                                          \
    "CASE WHEN p.title <> '' THEN p.title WHEN p.label <> '' THEN p.label ELSE "                                       \
    "coalesce((SELECT substr(ltrim(substr(t.text, 1, 400), " BLANKS "), 1, 120) FROM passages a JOIN takes t ON t.id = a.take " \
    "WHERE a.id = p.root_chosen), '') END"
#define SHELF(lying)                                                                                                   \
    "SELECT id, project, label, changed_at, generations, titled FROM ("                                                \
    "SELECT p.id, p.project, p.changed_at, p.generations, p.title <> '' AS titled, " LABEL " AS label, "               \
    "j.name AS shelf FROM pieces p CROSS JOIN projects j ON j.id = p.project WHERE " lying                             \
    " AND (?5 = 0 OR (p.changed_at, p.id) < (?5, ?6)) ORDER BY p.changed_at DESC, p.id DESC LIMIT ?7) "                \
    "WHERE " FITS("shelf || ' ' || label") " LIMIT ?8"

static const char *shelf_sql(const struct shelf *q)
{
    if (q->trash) /* what went there with its project comes back with it */
        return SHELF("p.trashed_at IS NOT NULL AND j.trashed_at IS NOT p.trashed_at AND ?9 = 0");
    return q->project ? SHELF("p.trashed_at IS NULL AND p.project = ?9") : SHELF("p.trashed_at IS NULL AND ?9 = 0");
}

bool store_shelf(struct store *s, const struct shelf *shelf, struct shelf_piece **out, int *count, struct err *e)
{
    struct patterns words;
    int row, cap = 0;
    *out = NULL;
    *count = 0;
    patterns_read(&words, shelf->words);
    int walk = words.like[0].len ? FILTER_WALK : shelf->limit;
    sqlite3_stmt *q = db_ask(&s->db, shelf_sql(shelf),
                             WITH(pattern(&words, 0), pattern(&words, 1), pattern(&words, 2), pattern(&words, 3),
                                  as_int(shelf->before_ms), as_int(shelf->before), as_int(walk), as_int(shelf->limit),
                                  as_int(shelf->project)),
                             e);
    while ((row = db_step(&s->db, q, e)) > 0) {
        ARRAY_ROOM(*out, *count, cap);
        struct shelf_piece *p = &(*out)[(*count)++];
        *p = (struct shelf_piece){.id = column_int(q, 0),
                                  .project = column_int(q, 1),
                                  .changed_ms = column_int(q, 3),
                                  .generations = column_int(q, 4),
                                  .titled = column_int(q, 5) != 0};
        struct span rest = column_text(q, 2), line = SPAN("");
        span_line(&rest, &line);
        str_set(&p->label, span_trim(line));
    }
    patterns_release(&words);
    return row == 0;
}

/* -- changing --------------------------------------------------------------------------------------------------------------- */

static bool change(struct store *s, const char *sql, const struct value *values, struct err *e)
{
    return db_begin(&s->db, DB_DURABLE, e) && db_end(&s->db, db_run(&s->db, sql, values, e), e);
}

bool store_piece_rename(struct store *s, int64_t piece, struct span title, struct err *e)
{
    return change(s, "UPDATE pieces SET title = ?1, changed_at = ?2 WHERE id = ?3 AND title <> ?1",
                  WITH(as_text(title), as_int(clock_wall_ms()), as_int(piece)), e);
}

bool store_piece_move(struct store *s, int64_t piece, int64_t project, struct err *e)
{
    return change(s, "UPDATE pieces SET project = ?1, changed_at = ?2 WHERE id = ?3 AND project <> ?1",
                  WITH(as_int(project), as_int(clock_wall_ms()), as_int(piece)), e);
}

/* The trash leaves changed_at alone: what comes back stands where it stood. */
bool store_piece_trash(struct store *s, int64_t piece, bool trashed, struct err *e)
{
    return change(s, "UPDATE pieces SET trashed_at = iif(?1, coalesce(trashed_at, ?2), NULL) WHERE id = ?3",
                  WITH(as_int(trashed), as_int(clock_wall_ms()), as_int(piece)), e);
}

/* The pieces that go along have the project's own date, which no piece that lay there before has. */
static bool trash_project(struct store *s, int64_t project, struct err *e)
{
    int64_t date = 0, now = clock_wall_ms();
    if (!db_integer(&s->db, "SELECT max(?1, 1 + coalesce(max(trashed_at), 0)) FROM pieces WHERE project = ?2",
                    WITH(as_int(now), as_int(project)), &date, e) ||
        !db_run(&s->db, "UPDATE projects SET trashed_at = ?1, changed_at = ?2 WHERE id = ?3 AND trashed_at IS NULL",
                WITH(as_int(date), as_int(now), as_int(project)), e))
        return false;
    return db_changes(&s->db) == 0 || db_run(&s->db, "UPDATE pieces SET trashed_at = ?1 WHERE project = ?2 AND trashed_at IS NULL",
                                             WITH(as_int(date), as_int(project)), e);
}

static bool untrash_project(struct store *s, int64_t project, struct err *e)
{
    return db_run(&s->db,
                  "UPDATE pieces SET trashed_at = NULL WHERE project = ?1 AND trashed_at = (SELECT trashed_at FROM projects WHERE id = ?1)",
                  WITH(as_int(project)), e) &&
           db_run(&s->db, "UPDATE projects SET trashed_at = NULL, changed_at = ? WHERE id = ?",
                  WITH(as_int(clock_wall_ms()), as_int(project)), e);
}

bool store_project_trash(struct store *s, int64_t project, bool trashed, struct err *e)
{
    int64_t is_default = 0;
    if (!db_integer(&s->db, "SELECT name = '' FROM projects WHERE id = ?", WITH(as_int(project)), &is_default, e))
        return false;
    if (is_default)
        return err_set(e, ERR_USAGE, "%s", _("These pieces stand in no project; they go into the trash one by one."));
    return db_begin(&s->db, DB_DURABLE, e) &&
           db_end(&s->db, trashed ? trash_project(s, project, e) : untrash_project(s, project, e), e);
}
