#include "hour.h"
#include "core/clock.h"
#include "core/mem.h"
#include "storage/bulk.h"
#include "storage/bundle.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN_US   1000000
#define BEGIN_WALL 1790000000000
#define STEP_US    300000
#define CHAPTER    400000 /* bytes: a few of them fill the write-ahead log */

/* -- making -------------------------------------------------------------------------------------------------------- */

/* A prompt below the page's leaf and its takes, all waiting. */
static int ask(struct piece *p, const char *prompt, int takes)
{
    int passage = piece_add_passage(p, p->leaf, AUTHOR_PROMPT, -1), index = piece_add_generation(p);
    struct generation *g = &p->generations[index];
    passage_set_text(p, passage, span_of(prompt));
    str_set(&g->prompt, span_of(prompt));
    str_set(&g->server, SPAN("desk"));
    str_set(&g->model, SPAN("qwen3"));
    g->sent_ms = clock_wall_ms();
    dials_default(&g->dials);
    for (int i = 0; i < takes; i++)
        piece_choose(p, piece_add_passage(p, passage, AUTHOR_MODEL, piece_add_take(p, -1 - index, i)));
    return index;
}

static struct take *take_of(struct hour *h, int index) { return &h->piece.takes[index]; }

static void end_take(struct hour *h, int index)
{
    take_of(h, index)->state = TAKE_DONE;
    str_set(&take_of(h, index)->finish, SPAN("stop"));
}

static void write_chapter(struct hour *h, const char *line)
{
    struct str text = {0};
    while (text.len < CHAPTER)
        str_add_text(&text, line);
    passage_set_text(&h->piece, 0, str_span(&text));
    str_release(&text);
}

/* -- the steps: what happens in memory, once; and what the library is told, until it agrees ------------------------ */

static bool do_open(struct hour *h, struct err *e)
{
    return h->store || store_open(&h->store, h->path, e);
}

static void make_question(struct hour *h) { ask(&h->piece, "写一首关于雨的诗", 2); }
static bool do_send(struct hour *h, struct err *e)
{
    return store_generation_begin(h->store, &h->piece, h->piece.generation_count - 1, e);
}

static void make_text(struct hour *h)
{
    for (int i = 0; i < 2; i++) {
        struct take *t = take_of(h, i);
        struct span piece = i ? SPAN("风雨") : SPAN("夜来风雨声，");
        if (take_state_over(t->state))
            continue;
        t->state = TAKE_WRITING;
        str_add(&t->text, piece);
        store_take_text(h->store, t->id, piece, false);
    }
}
static bool do_tick(struct hour *h, struct err *e) { return store_tick(h->store, h->now_us + h->later_us, e); }

static void make_end(struct hour *h) { end_take(h, 0); }
static bool do_end(struct hour *h, struct err *e) { return store_take_end(h->store, take_of(h, 0), e); }
static void make_second_end(struct hour *h) { end_take(h, 1); }
static bool do_second_end(struct hour *h, struct err *e) { return store_take_end(h->store, take_of(h, 1), e); }
static bool do_odds(struct hour *h, struct err *e) { return store_odds_save(h->store, take_of(h, 0)->id, SPAN("雨 -0.1\n"), e); }
static void make_usage(struct hour *h) { h->piece.generations[0].usage = (struct usage){12, 34}; }
static bool do_generation_end(struct hour *h, struct err *e) { return store_generation_end(h->store, &h->piece.generations[0], e); }

static void make_edit(struct hour *h) { passage_set_text(&h->piece, 0, SPAN("写一首关于春雨的诗")); }
static bool do_save(struct hour *h, struct err *e) { return store_piece_save(h->store, &h->piece, e); }
static void make_undo(struct hour *h) { passage_set_text(&h->piece, 0, SPAN("写一首关于雨的诗")); }
static void make_chapter(struct hour *h) { write_chapter(h, "春眠不觉晓，处处闻啼鸟。and the rain went on\n"); }
static void make_other_chapter(struct hour *h) { write_chapter(h, "夜来风雨声，花落知多少。and then it stopped\n"); }
static void make_page(struct hour *h)
{
    int passage = piece_add_passage(&h->piece, h->piece.leaf, AUTHOR_WRITER, -1);
    passage_set_text(&h->piece, passage, SPAN("她说：雨停了。"));
    piece_choose_leaf(&h->piece, passage);
    str_set(&h->piece.title, SPAN("雨"));
}

static bool do_draft(struct hour *h, struct err *e) { return store_draft_save(h->store, h->piece.id, SPAN("再写一首"), e); }
static bool do_no_draft(struct hour *h, struct err *e) { return store_draft_save(h->store, h->piece.id, SPAN(""), e); }
static bool do_setting(struct hour *h, struct err *e) { return store_set_setting(h->store, "focus", SPAN("2"), e); }

static void make_notes(struct hour *h)
{
    str_set(&h->piece.notes.memory, SPAN("她叫阿雨"));
    h->piece.notes.dirty = true;
    notes_add_lore(&h->piece.notes, SPAN("雨,rain"), SPAN("雨总在夜里来"))->dirty = true;
}
static bool do_notes(struct hour *h, struct err *e) { return store_notes_save(h->store, &h->piece, e); }

static bool do_rate(struct hour *h, struct err *e) { return store_rate(h->store, take_of(h, 1)->id, 4, e); }
static bool do_tag(struct hour *h, struct err *e) { return store_tag(h->store, h->piece.generations[0].id, SPAN("keep"), true, e); }
static bool do_untag(struct hour *h, struct err *e) { return store_tag(h->store, h->piece.generations[0].id, SPAN("keep"), false, e); }
static bool do_rename(struct hour *h, struct err *e) { return store_piece_rename(h->store, h->piece.id, SPAN("春雨"), e); }

static bool do_project(struct hour *h, struct err *e)
{
    struct project p = {0};
    str_set(&p.name, SPAN("novel"));
    str_set(&p.cover, SPAN("a book of rain"));
    bool ok = store_project_find(h->store, SPAN("novel"), false, &p.id, e) && store_project_save(h->store, &p, e);
    project_release(&p);
    return ok;
}
static bool do_move(struct hour *h, struct err *e)
{
    int64_t id = 0;
    return store_project_find(h->store, SPAN("novel"), false, &id, e) && store_piece_move(h->store, h->piece.id, id, e);
}

static bool do_search(struct hour *h, struct err *e)
{
    struct hit *hits = NULL;
    int count = 0;
    bool ok = store_search(h->store, &(struct search){.query = SPAN("风雨"), .limit = 10}, &hits, &count, e);
    for (int i = 0; i < count; i++)
        hit_release(&hits[i]);
    free(hits);
    return ok;
}
static bool do_shelf(struct hour *h, struct err *e)
{
    struct shelf_piece *pieces = NULL;
    int count = 0;
    bool ok = store_shelf(h->store, &(struct shelf){.limit = 10}, &pieces, &count, e);
    shelf_free(pieces, count);
    return ok;
}

static bool add_line(void *data, struct span line, struct err *e)
{
    (void)e;
    str_add(data, line);
    return true;
}
static bool do_export(struct hour *h, struct err *e)
{
    str_clear(&h->exported);
    return bundle_export(h->store, &(struct bundle_scope){0}, add_line, &h->exported, e);
}
static bool do_import(struct hour *h, struct err *e)
{
    struct bundle_import *b = NULL;
    struct bundle_result result = {0};
    struct span rest = str_span(&h->exported), line;
    bool ok = bundle_import_begin(h->store, false, &b, e);
    while (ok && span_line(&rest, &line))
        ok = bundle_import_line(b, line, e);
    if (!bundle_import_end(b, ok, &result, ok ? e : NULL))
        ok = false;
    str_release(&result.complaints);
    return ok;
}

static void make_other(struct hour *h)
{
    ask(&h->other, "写一段散文", 1);
    ask(&h->other, "再写一段", 1);
}
/* Two questions in one transaction; when that fails nothing of it has happened, whatever its parts said. */
static bool do_together(struct hour *h, struct err *e)
{
    if (!store_together(h->store, e))
        return false;
    bool ok = store_generation_begin(h->store, &h->other, 0, e) && store_generation_begin(h->store, &h->other, 1, e);
    if (store_together_end(h->store, ok, ok ? e : NULL))
        return true;
    piece_release(&h->other);
    piece_init(&h->other);
    make_other(h);
    return false;
}
static void make_other_ends(struct hour *h)
{
    for (int i = 0; i < 2; i++) {
        h->other.takes[i].state = i ? TAKE_STOPPED : TAKE_DONE;
        str_set(&h->other.takes[i].text, SPAN("院子里的老槐树落下最后几片叶子。"));
    }
}
static bool do_other_end(struct hour *h, struct err *e) { return store_take_end(h->store, &h->other.takes[0], e); }
static bool do_other_second_end(struct hour *h, struct err *e) { return store_take_end(h->store, &h->other.takes[1], e); }
static bool do_trash(struct hour *h, struct err *e) { return store_trash(h->store, h->other.generations[0].id, true, e); }
static bool do_untrash(struct hour *h, struct err *e) { return store_trash(h->store, h->other.generations[0].id, false, e); }
static bool do_bulk(struct hour *h, struct err *e)
{
    struct bulk b = {.kind = BULK_TRASH};
    int64_t ids[2] = {h->other.generations[0].id, h->other.generations[1].id};
    bool ok = store_bulk(h->store, &b, ids, 2, e);
    bulk_release(&b);
    return ok;
}
static bool do_trash_piece(struct hour *h, struct err *e) { return store_piece_trash(h->store, h->other.id, true, e); }
/* A portion of it: a transaction. */
static bool do_empty(struct hour *h, struct err *e)
{
    h->emptying.open = h->piece.id;
    return h->emptying.over || store_trash_empty(h->store, &h->emptying, 0, e);
}

static bool do_tidy(struct hour *h, struct err *e)
{
    bool more = true;
    while (more)
        if (!store_tidy(h->store, 1000000, &more, e))
            return false;
    return true;
}
static bool do_close(struct hour *h, struct err *e)
{
    (void)e;
    store_close(h->store);
    h->store = NULL;
    return true;
}
static bool do_load(struct hour *h, struct err *e)
{
    struct piece back;
    piece_init(&back);
    if (!store_piece_load(h->store, h->piece.id, &back, e)) {
        piece_release(&back);
        return false;
    }
    piece_release(&h->piece);
    h->piece = back;
    return true;
}

static void make_last_question(struct hour *h) { ask(&h->piece, "续写", 1); }
static void make_last_text(struct hour *h)
{
    struct take *t = take_of(h, 2);
    t->state = TAKE_WRITING;
    str_add_text(&t->text, "天晴了。");
    store_take_text(h->store, t->id, SPAN("天晴了。"), false);
    store_take_text(h->store, t->id, SPAN("hm "), true);
}

#define TEXTS {"stream", HOUR_STREAM, make_text, do_tick}
#define EMPTY {"empty the trash", HOUR_SMALL, NULL, do_empty}
#define LAST_TEXTS {"stream once more", HOUR_STREAM, make_last_text, do_tick}

static const struct {
    const char *name;
    enum hour_kind kind;
    void (*make)(struct hour *h); /* NULL: nothing happens in memory */
    bool (*act)(struct hour *h, struct err *e);
} steps[] = {
    {"open", HOUR_KEPT, NULL, do_open},
    {"send", HOUR_KEPT, make_question, do_send},
    TEXTS, TEXTS, TEXTS,
    {"draft", HOUR_KEPT, NULL, do_draft},
    TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS,
    {"end", HOUR_KEPT, make_end, do_end},
    {"odds", HOUR_SMALL, NULL, do_odds},
    TEXTS,
    {"second end", HOUR_KEPT, make_second_end, do_second_end},
    {"generation's end", HOUR_KEPT, make_usage, do_generation_end},
    {"no draft", HOUR_KEPT, NULL, do_no_draft},
    {"edit", HOUR_KEPT, make_edit, do_save},
    {"undo", HOUR_KEPT, make_undo, do_save},
    {"page", HOUR_KEPT, make_page, do_save},
    {"setting", HOUR_SMALL, NULL, do_setting},
    {"notes", HOUR_KEPT, make_notes, do_notes},
    {"rate", HOUR_KEPT, NULL, do_rate},
    {"tag", HOUR_KEPT, NULL, do_tag},
    {"search", HOUR_LOOK, NULL, do_search},
    {"project", HOUR_KEPT, NULL, do_project},
    {"move", HOUR_KEPT, NULL, do_move},
    {"export", HOUR_LOOK, NULL, do_export},
    {"untag", HOUR_KEPT, NULL, do_untag},
    {"rename", HOUR_KEPT, NULL, do_rename},
    {"import", HOUR_KEPT, NULL, do_import},
    {"chapter", HOUR_KEPT, make_chapter, do_save},
    {"other chapter", HOUR_KEPT, make_other_chapter, do_save},
    {"chapter again", HOUR_KEPT, make_chapter, do_save},
    {"other chapter again", HOUR_KEPT, make_other_chapter, do_save},
    {"shelf", HOUR_LOOK, NULL, do_shelf},
    {"together", HOUR_KEPT, make_other, do_together},
    {"other end", HOUR_KEPT, make_other_ends, do_other_end},
    {"other second end", HOUR_KEPT, NULL, do_other_second_end},
    {"trash", HOUR_KEPT, NULL, do_trash},
    {"untrash", HOUR_KEPT, NULL, do_untrash},
    {"trash many", HOUR_KEPT, NULL, do_bulk},
    {"trash piece", HOUR_KEPT, NULL, do_trash_piece},
    EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY,
    {"tidy", HOUR_LOOK, NULL, do_tidy},
    {"close", HOUR_KEPT, NULL, do_close},
    {"open again", HOUR_KEPT, NULL, do_open},
    {"load", HOUR_LOOK, NULL, do_load},
    {"send again", HOUR_KEPT, make_last_question, do_send},
    LAST_TEXTS, LAST_TEXTS, LAST_TEXTS, LAST_TEXTS,
    {"leave in mid-stream", HOUR_KEPT, NULL, do_close},
};

int hour_steps(void) { return (int)COUNT_OF(steps); }
const char *hour_name(int step) { return steps[step].name; }
enum hour_kind hour_kind(int step) { return steps[step].kind; }

void hour_begin(struct hour *h, const char *path)
{
    *h = (struct hour){.path = path, .now_us = BEGIN_US};
    clock_freeze(BEGIN_US, BEGIN_WALL);
    piece_init(&h->piece);
    piece_init(&h->other);
}

void hour_end(struct hour *h)
{
    store_close(h->store);
    piece_release(&h->piece);
    piece_release(&h->other);
    str_release(&h->exported);
    clock_freeze(-1, -1);
}

bool hour_step(struct hour *h, int step, struct err *e)
{
    h->now_us = BEGIN_US + (int64_t)step * STEP_US;
    clock_freeze(h->now_us, BEGIN_WALL + h->now_us / 1000);
    if (h->prepared <= step && steps[step].make)
        steps[step].make(h);
    h->prepared = step + 1;
    return steps[step].act(h, e);
}

/* -- telling ------------------------------------------------------------------------------------------------------- */

static bool differs_each_time(const char *table, const char *column)
{
    return !strcmp(column, "uid") || (!strcmp(table, "takes") && !strcmp(column, "instance"));
}

static void add_columns(sqlite3 *db, const char *table, struct str *sql)
{
    sqlite3_stmt *q = NULL;
    sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?)", -1, &q, NULL);
    sqlite3_bind_text(q, 1, table, -1, SQLITE_STATIC);
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *column = (const char *)sqlite3_column_text(q, 0);
        if (!differs_each_time(table, column))
            str_printf(sql, "%squote(\"%s\")", sql->len ? " || ' ' || " : "SELECT ", column);
    }
    sqlite3_finalize(q);
}

static void tell_table(sqlite3 *db, const char *table, struct str *out)
{
    struct str sql = {0};
    sqlite3_stmt *q = NULL;
    add_columns(db, table, &sql);
    str_printf(&sql, " FROM \"%s\"%s ORDER BY 1", table, strcmp(table, "counters") ? "" : " WHERE name <> 'syncs'");
    sqlite3_prepare_v2(db, str_text(&sql), -1, &q, NULL);
    while (sqlite3_step(q) == SQLITE_ROW)
        str_printf(out, "%s %s\n", table, (const char *)sqlite3_column_text(q, 0));
    sqlite3_finalize(q);
    str_release(&sql);
}

static void tell_rows(const char *path, struct str *out)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    sqlite3_open(path, &db);
    sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' AND name NOT LIKE "
                           "'%\\_words%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name", -1, &q, NULL);
    while (sqlite3_step(q) == SQLITE_ROW)
        tell_table(db, (const char *)sqlite3_column_text(q, 0), out);
    sqlite3_finalize(q);
    sqlite3_close(db);
}

bool hour_tell(const char *path, struct str *out, struct err *e)
{
    struct store *s = NULL;
    str_clear(out);
    if (!store_open(&s, path, e))
        return false;
    store_close(s);
    tell_rows(path, out);
    return true;
}
