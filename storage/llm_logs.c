#include "storage/llm_logs.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/db.h"
#include "storage/uid.h"

#include <stdio.h>
#include <string.h>

#define LINE_BYTES_MAX (64 << 20)

bool sqlite_file(struct span first_bytes)
{
    return first_bytes.len >= 16 && !memcmp(first_bytes.s, "SQLite format 3", 16);
}

/* -- opening ------------------------------------------------------------------------------------------------------- */

/* A path as part of an address: what the address has its own use for is written in hexadecimal digits. */
static void add_address(struct str *out, const char *path)
{
    str_add_text(out, "file:");
    for (; *path; path++)
        if (strchr("?#%", *path))
            str_printf(out, "%%%02X", (unsigned)*path);
        else
            str_add_byte(out, *path);
    str_add_text(out, "?mode=ro&immutable=1");
}

static bool open_log(sqlite3 **db, const char *path, struct err *e)
{
    struct str address = {0};
    add_address(&address, path);
    int code = sqlite3_open_v2(str_text(&address), db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    str_release(&address);
    if (code != SQLITE_OK)
        return err_set(e, ERR_IO, _("%s cannot be read: %s."), path, *db ? sqlite3_errmsg(*db) : "");
    sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(*db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(*db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_limit(*db, SQLITE_LIMIT_LENGTH, LINE_BYTES_MAX);
    sqlite3_limit(*db, SQLITE_LIMIT_ATTACHED, 0);
    return true;
}

static bool has_column(sqlite3 *db, const char *table, const char *column)
{
    sqlite3_stmt *q = NULL;
    bool found = false;
    if (sqlite3_prepare_v2(db, "SELECT 1 FROM pragma_table_info(?) WHERE name = ?", -1, &q, NULL) == SQLITE_OK) {
        sqlite3_bind_text(q, 1, table, -1, SQLITE_STATIC);
        sqlite3_bind_text(q, 2, column, -1, SQLITE_STATIC);
        found = sqlite3_step(q) == SQLITE_ROW;
    }
    sqlite3_finalize(q);
    return found;
}

/* -- what is asked of it ------------------------------------------------------------------------------------------- */

enum { THREAD, NAME, ID, MODEL, RESOLVED, PROMPT, SYSTEM, ANSWER, REASONING, OPTIONS, TOKENS_IN, TOKENS_OUT, MILLISECONDS, SENT };

/* Times are text like 2023-08-17T04:35:11.123456, with or without a zone. */
#define UNIX_MS(column) "CAST(round((julianday(" column ") - 2440587.5) * 86400000) AS INTEGER)"

/* Columns came one after another over the years. */
static void add_column(struct str *sql, sqlite3 *db, const char *table, const char *alias, const char *column)
{
    if (has_column(db, table, column))
        str_printf(sql, ", %s.%s", alias, column);
    else
        str_add_text(sql, ", NULL");
}

static void ask_responses(struct str *sql, sqlite3 *db)
{
    str_add_text(sql, "SELECT coalesce(r.conversation_id, r.id), c.name, r.id, r.model");
    add_column(sql, db, "responses", "r", "resolved_model");
    str_add_text(sql, ", r.prompt, r.system, r.response");
    add_column(sql, db, "responses", "r", "reasoning");
    add_column(sql, db, "responses", "r", "options_json");
    add_column(sql, db, "responses", "r", "input_tokens");
    add_column(sql, db, "responses", "r", "output_tokens");
    str_add_text(sql, ", r.duration_ms, " UNIX_MS("r.datetime_utc") " FROM responses r LEFT JOIN conversations c ON c.id = r.conversation_id"
                      " ORDER BY 1, r.datetime_utc, r.id");
}

/* Since 2026 it keeps turns, and the texts of each beside them for its search. */
static void ask_turns(struct str *sql)
{
    str_add_text(sql, "SELECT t.thread_id, h.name, t.id, t.model, t.resolved_model, s.prompt, NULL, s.response, NULL, t.options_json,"
                      " t.input_tokens, t.output_tokens, t.duration_ms, " UNIX_MS("t.datetime_utc")
                      " FROM turns t JOIN turn_search s ON s.turn_id = t.id LEFT JOIN threads h ON h.id = t.thread_id"
                      " ORDER BY 1, t.datetime_utc, t.id");
}

/* -- rows ---------------------------------------------------------------------------------------------------------- */

struct log {
    struct bundle_import *import;
    sqlite3_stmt *q;
    struct str thread;                     /* whose piece is being written */
    struct uid piece, leaf, root;
    char project[UID_LENGTH + 1];
    struct str lines, line, title;
    int64_t first_ms, last_ms, now_ms;
    int turns;
};

static struct uid uid_for(const char *what, struct span id)
{
    struct str name = {0};
    str_printf(&name, "llm %s ", what);
    str_add(&name, id);
    struct uid uid = uid_of(str_span(&name));
    str_release(&name);
    return uid;
}

static struct span text_at(sqlite3_stmt *q, int column)
{
    return column_text(q, column);
}

static void keep(struct log *l)
{
    bundle_close(&l->line);
    str_add(&l->lines, str_span(&l->line));
}

static void add_passage(struct log *l, const char *what, const char *author, struct span text, const struct uid *take, int64_t at)
{
    struct uid uid = uid_for(what, text_at(l->q, ID));
    bundle_open(&l->line, "passage", uid_span(&uid));
    bundle_text(&l->line, "piece", uid_span(&l->piece));
    if (l->leaf.text[0])
        bundle_text(&l->line, "parent", uid_span(&l->leaf));
    bundle_number(&l->line, "position", 0);
    bundle_number(&l->line, "created_at", at);
    bundle_number(&l->line, "changed_at", at);
    bundle_number(&l->line, "marks", 0);
    bundle_text(&l->line, "author", span_of(author));
    if (take)
        bundle_text(&l->line, "take", uid_span(take));
    else
        bundle_text(&l->line, "text", text);
    keep(l);
    l->leaf = uid;
    if (!l->root.text[0])
        l->root = uid;
}

/* Of its options those that are dials here, by name. */
static void add_dials(struct log *l)
{
    struct dials d = {0};
    for (int i = 0; i < DIAL_COUNT; i++) {
        struct str path = {0};
        sqlite3_stmt *q = NULL;
        str_printf(&path, "SELECT json_extract(?1, '$.%s') WHERE json_valid(?1)", dial_table[i].name);
        if (sqlite3_prepare_v2(sqlite3_db_handle(l->q), str_text(&path), -1, &q, NULL) == SQLITE_OK) {
            struct span options = text_at(l->q, OPTIONS);
            sqlite3_bind_text64(q, 1, options.s, options.len, SQLITE_TRANSIENT, SQLITE_UTF8);
            int type = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_type(q, 0) : SQLITE_NULL;
            if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
                dial_set(&d, (enum dial_id)i, sqlite3_column_double(q, 0));
        }
        sqlite3_finalize(q);
        str_release(&path);
    }
    bundle_dials(&l->line, &d);
}

static void add_count(struct log *l, const char *name, int column)
{
    if (sqlite3_column_type(l->q, column) == SQLITE_INTEGER && column_int(l->q, column) >= 0)
        bundle_number(&l->line, name, column_int(l->q, column));
}

static void add_generation(struct log *l, const struct uid *uid, int64_t at)
{
    bundle_open(&l->line, "generation", uid_span(uid));
    bundle_text(&l->line, "piece", uid_span(&l->piece));
    bundle_text(&l->line, "passage", uid_span(&l->leaf));
    bundle_number(&l->line, "sent_at", at);
    bundle_number(&l->line, "kind", KIND_ASK);
    add_count(l, "prompt_tokens", TOKENS_IN);
    add_count(l, "completion_tokens", TOKENS_OUT);
    bundle_text(&l->line, "server", SPAN("llm"));
    bundle_text(&l->line, "model", text_at(l->q, MODEL));
    bundle_text(&l->line, "resolved", text_at(l->q, RESOLVED));
    bundle_text(&l->line, "prompt", text_at(l->q, PROMPT));
    bundle_text(&l->line, "system", text_at(l->q, SYSTEM));
    add_dials(l);
    keep(l);
}

static void add_take(struct log *l, const struct uid *uid, const struct uid *generation)
{
    bundle_open(&l->line, "take", uid_span(uid));
    bundle_text(&l->line, "generation", uid_span(generation));
    bundle_number(&l->line, "number", 0);
    bundle_number(&l->line, "rating", 0);
    bundle_text(&l->line, "state", SPAN("done"));
    bundle_text(&l->line, "text", text_at(l->q, ANSWER));
    bundle_text(&l->line, "reasoning", text_at(l->q, REASONING));
    add_count(l, "total_ms", MILLISECONDS);
    bundle_number(&l->line, "tokens", sqlite3_column_type(l->q, TOKENS_OUT) == SQLITE_INTEGER ? column_int(l->q, TOKENS_OUT) : 0);
    keep(l);
}

static void add_turn(struct log *l)
{
    struct span id = text_at(l->q, ID);
    struct uid generation = uid_for("generation", id), take = uid_for("take", id);
    struct str prompt = {0};
    int64_t at = sqlite3_column_type(l->q, SENT) == SQLITE_INTEGER ? column_int(l->q, SENT) : l->now_ms;
    if (l->turns++ == 0)
        l->first_ms = at;
    l->last_ms = at;
    if (l->leaf.text[0])
        str_add_text(&prompt, "\n\n");
    str_add(&prompt, text_at(l->q, PROMPT));
    str_add_text(&prompt, "\n\n");
    add_passage(l, "prompt", "prompt", str_span(&prompt), NULL, at);
    add_generation(l, &generation, at);
    add_take(l, &take, &generation);
    add_passage(l, "answer", "model", text_at(l->q, ANSWER), &take, at);
    str_release(&prompt);
}

static bool take_in(struct log *l, struct span lines, struct err *e)
{
    struct span line;
    while (span_line(&lines, &line))
        if (!bundle_import_line(l->import, line, e))
            return false;
    return true;
}

static bool end_piece(struct log *l, struct err *e)
{
    if (l->turns == 0)
        return true;
    bundle_open(&l->line, "piece", uid_span(&l->piece));
    bundle_text(&l->line, "project", span_of(l->project));
    bundle_text(&l->line, "title", str_span(&l->title));
    bundle_number(&l->line, "created_at", l->first_ms);
    bundle_number(&l->line, "changed_at", l->last_ms);
    bundle_text(&l->line, "leaf", uid_span(&l->leaf));
    bundle_text(&l->line, "root_chosen", uid_span(&l->root));
    bundle_number(&l->line, "note_depth", 3);
    bundle_close(&l->line);
    bool ok = take_in(l, str_span(&l->line), e) && take_in(l, str_span(&l->lines), e);
    str_clear(&l->lines);
    l->leaf = l->root = (struct uid){{0}};
    l->turns = 0;
    return ok;
}

static bool read_rows(struct log *l, struct err *e)
{
    int step;
    while ((step = sqlite3_step(l->q)) == SQLITE_ROW) {
        if (l->turns && !span_equal(str_span(&l->thread), text_at(l->q, THREAD)) && !end_piece(l, e))
            return false;
        if (l->turns == 0) {
            str_set(&l->thread, text_at(l->q, THREAD));
            str_set(&l->title, text_at(l->q, NAME));
            l->piece = uid_for("conversation", str_span(&l->thread));
        }
        add_turn(l);
    }
    if (step != SQLITE_DONE)
        return err_set(e, ERR_FORMAT, _("The log is damaged (%.200s). Nothing was taken in."), sqlite3_errmsg(sqlite3_db_handle(l->q)));
    return end_piece(l, e);
}

static bool read_table(struct log *l, sqlite3 *db, const struct str *sql, struct err *e)
{
    bool ok = sqlite3_prepare_v2(db, str_text(sql), -1, &l->q, NULL) == SQLITE_OK ||
              err_set(e, ERR_FORMAT, _("The log is of a form that renga does not know (%.200s). Nothing was taken in."), sqlite3_errmsg(db));
    ok = ok && read_rows(l, e);
    sqlite3_finalize(l->q);
    l->q = NULL;
    return ok;
}

static bool read_log(struct log *l, sqlite3 *db, const char *path, struct err *e)
{
    struct str sql = {0};
    bool old = has_column(db, "responses", "prompt") && has_column(db, "conversations", "name");
    bool turns = has_column(db, "turns", "thread_id") && has_column(db, "turn_search", "response"), ok = true;
    if (!old && !turns && has_column(db, "passages", "runs"))
        return err_set(e, ERR_FORMAT, _("%s is a library of renga itself: open it with --library, and export a bundle from it."), path);
    if (!old && !turns)
        return err_set(e, ERR_FORMAT, _("%s is a database, but not the log of llm."), path);
    if (old) {
        ask_responses(&sql, db);
        ok = read_table(l, db, &sql, e);
        str_clear(&sql);
    }
    if (ok && turns) {
        ask_turns(&sql);
        ok = read_table(l, db, &sql, e);
    }
    str_release(&sql);
    return ok;
}

bool llm_logs_import(struct bundle_import *b, const char *path, struct span project, struct err *e)
{
    struct log l = {.import = b, .now_ms = clock_wall_ms()};
    sqlite3 *db = NULL;
    bool ok = bundle_import_project(b, project, l.project, e) && open_log(&db, path, e) && read_log(&l, db, path, e);
    sqlite3_close_v2(db);
    struct str *all[] = {&l.thread, &l.lines, &l.line, &l.title};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        str_release(all[i]);
    return ok;
}
