#include "app/desk/desk.h"
#include "app/desk/generate.h"
#include "app/desk/rewrite.h"
#include "app/views/compare.h"
#include "app/views/notes.h"
#include "app/projects/projects.h"
#include "app/models.h"
#include "app/servers.h"
#include "app/views/odds.h"
#include "app/views/tree.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAVE_AFTER_US 400000  /* after the first change that is not kept yet: half a second at most, with the time that keeping takes */
#define SAVE_REST     8       /* keeping a very long page takes long: between two times the keys have this many times as long */
#define PAGE_LONG     (1u << 20)
#define SAVE_AGAIN_US 2000000
#define PAUSE_US      500000  /* ends what one undo takes back */
#define SYNC_AT_ONCE (64u << 10)

/* -- the page's look ---------------------------------------------------------------------------------------------------------------- */

static struct ink choose_page_ink(void *ctx, size_t at)
{
    struct app *app = ctx;
    return page_ink(&app->page, at);
}

/* The first line of a prompt carries its mark. */
static const char *mark_of_line(void *ctx, size_t line_start)
{
    struct app *app = ctx;
    struct page *pg = &app->page;
    size_t from = 0, to = 0;
    if (app->reach.from && line_start == app->reach.from)
        return "▾"; /* here the model begins to read */
    if (line_start >= buffer_length(pg->buf) || buffer_ink_at(pg->buf, line_start).author != AUTHOR_PROMPT)
        return NULL;
    if (!page_passage_range(pg, page_passage_at(pg, line_start), &from, &to))
        return NULL;
    for (size_t i = from; i < line_start; i++)
        if (buffer_byte(pg->buf, i) != '\n')
            return NULL;
    return buffer_byte(pg->buf, line_start) == '\n' ? NULL : "›";
}

void desk_init(struct app *app)
{
    struct dials plain;
    piece_init(&app->piece);
    page_init(&app->page);
    points_init(&app->points);
    app->prompt = buffer_new();
    desk_view_init(&app->desk);
    rewrite_init(app);
    notes_init(app);
    app->desk.page.buf = app->page.buf;
    app->desk.prompt.buf = app->prompt;
    app->desk.page.choose_ink = choose_page_ink;
    app->desk.page.mark_of = mark_of_line;
    app->desk.page.note_of = points_note;
    app->desk.page.ctx = app;
    app->desk.prompt.ink = (struct ink){0, AUTHOR_WRITER, 0};
    app->dials = app->config.dials;
    dials_default(&plain);
    if (dials_equal(&app->dials, &plain))
        snprintf(app->preset, sizeof app->preset, "%s", preset_table[0].name);
    app->context = app->config.context;
    app->last_trashed = app->earlier_passage = -1;
    page_open(&app->page, &app->piece);
}

void desk_release(struct app *app)
{
    rewrite_release(app);
    notes_let_go(app);
    desk_view_release(&app->desk);
    page_release(&app->page);
    points_release(&app->points);
    buffer_free(app->prompt);
    piece_release(&app->piece);
    str_release(&app->system);
    str_release(&app->stops);
    str_release(&app->where);
    str_release(&app->server_label);
    str_release(&app->behind);
    str_release(&app->hint);
    str_release(&app->note);
    str_release(&app->used);
    str_release(&app->prompt_note);
    free(app->take_rows);
    free(app->take_passages);
    free(app->take_tallies);
    str_release(&app->thoughts);
}

/* -- keeping -------------------------------------------------------------------------------------------------------------------------- */

static bool save_setting(struct app *app, const char *name, struct span value, struct err *e)
{
    return store_set_setting(app->store, name, value, e);
}

/* How the desk was left: dials, focus, fields. */
static bool save_state(struct app *app, struct err *e)
{
    struct str dials = {0}, piece = {0}, focus = {0};
    dials_format(&app->dials, &dials);
    str_printf(&piece, "%lld", (long long)app->piece.id);
    str_printf(&focus, "%d", (int)app->desk.focus);
    bool ok = save_setting(app, "piece", str_span(&piece), e) && save_setting(app, "dials", str_span(&dials), e) &&
              save_setting(app, "focus", str_span(&focus), e) && save_setting(app, "preset", span_of(app->preset), e) &&
              save_setting(app, "system", str_span(&app->system), e) && save_setting(app, "stops", str_span(&app->stops), e) &&
              save_setting(app, "project", str_span(&app->piece.project_name), e) &&
              save_setting(app, "context", app->context ? SPAN("yes") : SPAN("no"), e) &&
              save_setting(app, "odds", app->keep_odds ? SPAN("yes") : SPAN("no"), e);
    str_release(&dials);
    str_release(&piece);
    str_release(&focus);
    return ok;
}

static bool piece_has_text(const struct piece *p)
{
    for (int i = 0; i < p->passage_count; i++)
        if (p->passages[i].id || passage_text(p, i).len)
            return true;
    return p->title.len > 0 || p->notes.lore_count > 0 || !notes_are_empty(&p->notes);
}

bool desk_has_text(struct app *app)
{
    return piece_has_text(&app->piece) || buffer_length(app->prompt) > 0;
}

bool desk_save(struct app *app)
{
    struct err err = {0};
    int64_t began_us = clock_now_us();
    uint64_t draft = buffer_version(app->prompt);
    bool ok = true;
    page_sync(&app->page);
    if (piece_has_text(&app->piece))
        ok = store_piece_save(app->store, &app->piece, &err);
    if (ok && app->piece.id)
        ok = store_notes_save(app->store, &app->piece, &err);
    if (ok && app->draft_piece != app->piece.id) { /* asking gave it its row; or it has a new one: another instance has deleted the old */
        models_note_piece(app);
        ok = app->draft_piece || store_draft_save(app->store, 0, SPAN(""), &err); /* the draft moves to the piece that now exists */
        app->draft_version = draft - 1;
        app->draft_piece = ok ? app->piece.id : app->draft_piece;
        app->desk_changed = true;
    }
    if (ok && draft != app->draft_version) {
        ok = store_draft_save(app->store, app->piece.id, buffer_text(app->prompt), &err);
        app->draft_version = ok ? draft : app->draft_version;
    }
    if (ok && app->desk_changed) {
        ok = save_state(app, &err);
        app->desk_changed = !ok;
    }
    ok = ok && compare_keep(app, &err);
    app->saved_in_passing = false;
    app->save_took_us = clock_now_us() - began_us;
    app->save_us = ok ? 0 : clock_now_us() + SAVE_AGAIN_US;
    app->save_err = err;
    app_touch(app, false);
    return ok;
}

/* Further changes do not put it off: who types without a pause is kept as well. */
static void save_soon(struct app *app)
{
    int64_t now = clock_now_us(), rest = buffer_length(app->page.buf) > PAGE_LONG ? app->save_took_us * SAVE_REST : 0;
    if (!app->save_us)
        app->save_us = now + (rest > SAVE_AFTER_US ? rest : SAVE_AFTER_US);
    app->pause_us = now + PAUSE_US;
}

void desk_changed(struct app *app)
{
    app->desk_changed = true;
    save_soon(app);
    app_touch(app, true);
}

void desk_take_typing(struct app *app)
{
    struct err err = {0};
    if (app->desk.typing.len == 0)
        return;
    if (!dial_parse(&app->dials, (enum dial_id)app->desk.dial, str_span(&app->desk.typing), &err))
        app_fail(app, &err);
    app->preset[0] = '\0';
    str_clear(&app->desk.typing);
    desk_changed(app);
}

/* On a narrow screen dials and takes are seen only in the drawer. */
void desk_focus(struct app *app, enum focus to)
{
    bool side = to == FOCUS_DIALS || to == FOCUS_TAKES;
    int w = 0, h = 0;
    desk_take_typing(app);
    term_size(app->term, &w, &h);
    app->view = VIEW_DESK;
    app->desk.drawer = side && !desk_view_wide(w);
    app->desk.focus = to;
    desk_find_takes(app);
    if (to == FOCUS_TAKES && app->desk.sibling)
        app->desk.take = app->desk.sibling - 1;
    app->desk_changed = true;
}

void desk_edited(struct app *app)
{
    tally_reset(&app->tally);
    if (buffer_length(app->page.buf) <= SYNC_AT_ONCE)
        page_sync(&app->page); /* the title follows the first line */
    save_soon(app);
    app_touch(app, true);
}

void desk_save_if_due(struct app *app)
{
    int64_t now = clock_now_us();
    if (app->pause_us && now >= app->pause_us) {
        app->pause_us = 0;
        buffer_seal(app->page.buf);
        buffer_seal(app->prompt);
        app_touch(app, false);
    }
    if (app->save_us && now >= app->save_us)
        app->saved_in_passing = desk_save(app);
}

/* Each 0 where there is none. */
static int64_t earlier(int64_t a, int64_t b)
{
    return a && b ? (a < b ? a : b) : a + b;
}

int desk_save_wait_ms(const struct app *app)
{
    int64_t due = earlier(app->save_us, app->pause_us);
    if (!due)
        return -1;
    int64_t us = due - clock_now_us();
    return us <= 0 ? 0 : (int)((us + 999) / 1000);
}

/* -- opening ------------------------------------------------------------------------------------------------------------------------------ */

static void forget_take_tallies(struct app *app)
{
    app->take_tally_count = 0;
    app->thought_take = -1;
    tally_reset(&app->tally);
}

/* Lays a piece on the desk; takes over its contents. */
static void lay_down(struct app *app, struct piece *p)
{
    struct str draft = {0};
    piece_release(&app->piece);
    app->piece = *p;
    app->last_trashed = app->earlier_passage = app->points.held = -1;
    tree_forget(app);
    odds_forget(app);
    page_open(&app->page, &app->piece);
    forget_take_tallies(app);
    editor_after_change(&app->desk.page, buffer_length(app->page.buf));
    app->desk.page.follow = true;
    store_draft_load(app->store, app->piece.id, &draft);
    buffer_clear(app->prompt);
    buffer_insert_foreign(app->prompt, 0, str_span(&draft), app->desk.prompt.ink);
    editor_after_change(&app->desk.prompt, draft.len);
    app->draft_version = buffer_version(app->prompt);
    app->draft_piece = app->piece.id;
    str_release(&draft);
    app_touch(app, true);
}

bool desk_open_piece(struct app *app, int64_t id)
{
    struct piece piece;
    struct err err = {0};
    piece_init(&piece);
    if (engine_busy(&app->engine, &app->piece)) {
        app_say(app, STYLE_WARNING, "%s", _("The model is still writing here; Esc stops it, then open the other piece."));
        return false;
    }
    if (!desk_save(app) || engine_holds(&app->engine, &app->piece)) {
        const struct err *why = app->save_err.kind ? &app->save_err : &app->engine.storage_err;
        app_say(app, STYLE_ERROR, _("This piece is not kept yet, so it stays on the desk. %s"), why->text);
        return false;
    }
    if (id && !store_piece_load(app->store, id, &piece, &err)) {
        piece_release(&piece);
        app_fail(app, &err);
        return false;
    }
    if (!id && app->piece.project_name.len) { /* a new piece begins in the project of the one before */
        piece.project = app->piece.project;
        str_set(&piece.project_name, str_span(&app->piece.project_name));
    }
    lay_down(app, &piece);
    desk_changed(app);
    projects_follow(app, true);
    models_follow(app);
    return true;
}

static int64_t setting_number(struct app *app, const char *name, int64_t otherwise)
{
    struct str text = {0};
    int64_t number = otherwise;
    if (store_setting(app->store, name, &text))
        (void)span_integer(str_span(&text), &number);
    str_release(&text);
    return number;
}

static void restore_state(struct app *app)
{
    struct str text = {0};
    if (store_setting(app->store, "dials", &text)) {
        struct dials dials = {0};
        if (dials_parse(&dials, str_span(&text), NULL))
            app->dials = dials;
    }
    str_clear(&text);
    if (store_setting(app->store, "preset", &text))
        snprintf(app->preset, sizeof app->preset, "%s", str_text(&text));
    str_clear(&text);
    if (store_setting(app->store, "context", &text))
        app->context = span_is(str_span(&text), "yes");
    str_clear(&text);
    app->keep_odds = store_setting(app->store, "odds", &text) && span_is(str_span(&text), "yes");
    str_release(&text);
    (void)store_setting(app->store, "system", &app->system);
    (void)store_setting(app->store, "stops", &app->stops);
    int64_t focus = setting_number(app, "focus", FOCUS_PROMPT);
    app->desk.focus = focus == FOCUS_PAGE ? FOCUS_PAGE : FOCUS_PROMPT;
}

/* A piece that nothing is written in yet has no row that would know its project. */
static void begin_in_last_project(struct app *app, struct piece *p)
{
    struct project j = {0};
    struct str name = {0};
    int64_t id = 0;
    if (store_setting(app->store, "project", &name) && name.len && store_project_find(app->store, str_span(&name), false, &id, NULL) && id &&
        store_project_load(app->store, id, &j, NULL) && !j.trashed) {
        p->project = id;
        str_set(&p->project_name, str_span(&name));
    }
    project_release(&j);
    str_release(&name);
}

void desk_open_last(struct app *app)
{
    struct piece piece;
    piece_init(&piece);
    int64_t id = setting_number(app, "piece", 0);
    struct err err = {0};
    if (id && !store_piece_load(app->store, id, &piece, &err)) {
        app_fail(app, &err);
        piece_release(&piece);
    }
    if (!piece.id)
        begin_in_last_project(app, &piece);
    lay_down(app, &piece);
    restore_state(app);
    projects_follow(app, false);
    for (int i = 0; i < app->piece.take_count; i++)
        if (app->piece.takes[i].state == TAKE_INTERRUPTED && page_passage_of_take(&app->piece, i) == app->piece.leaf)
            app_say(app, STYLE_WARNING, "%s", _("This take was interrupted when the program ended; what came is here. ^G on the page goes on."));
    app->save_us = app->pause_us = 0;
}

void desk_show_take(struct app *app, int64_t take)
{
    int index = piece_find_take(&app->piece, take);
    int passage = index < 0 ? -1 : page_passage_of_take(&app->piece, index);
    if (passage < 0)
        return;
    page_go(&app->page, insert_complete(&app->piece, passage)); /* a step: what was done on this page can still be undone */
    editor_after_change(&app->desk.page, buffer_length(app->page.buf));
    desk_edited(app);
}

/* -- keys --------------------------------------------------------------------------------------------------------------------------------- */

enum map desk_map(const struct app *app)
{
    static const enum map maps[FOCUS_COUNT] = {MAP_PROMPT, MAP_PAGE, MAP_DIALS, MAP_TAKES};
    return app->desk.focus == FOCUS_PAGE && rewrite_lies(app) ? MAP_REWRITE : maps[app->desk.focus];
}

struct editor *desk_text(struct app *app)
{
    if (app->desk.focus == FOCUS_PAGE)
        return rewrite_shown(app) ? rewrite_editor(app) : &app->desk.page;
    return app->desk.focus == FOCUS_PROMPT ? &app->desk.prompt : NULL;
}

void desk_text_edited(struct app *app, struct editor *ed)
{
    (void)ed;
    desk_edited(app);
}

void desk_back(struct app *app)
{
    struct editor *ed = desk_text(app);
    if (engine_busy(&app->engine, &app->piece)) {
        engine_cancel_all(&app->engine, &app->piece);
        app_say(app, STYLE_DIM, "%s", _("Stopped; what came is kept."));
    } else if (servers_give_up(app)) {
        app_say(app, STYLE_DIM, "%s", _("Nothing was sent."));
    } else if (app->desk.typing.len) {
        str_clear(&app->desk.typing);
    } else if (ed && ed == rewrite_editor(app)) {
        rewrite_reject(app);
    } else if (!ed) {
        desk_focus(app, FOCUS_PROMPT);
    } else if (ed->caret != ed->anchor) {
        ed->marking = false;
        editor_move_to(ed, ed->caret, false);
    } else {
        ed->marking = false;
        ed->needle_shown = false;
    }
}
