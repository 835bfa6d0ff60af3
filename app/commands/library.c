#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/views/library.h"
#include "app/menu.h"
#include "core/i18n.h"

#include <string.h>

static void open_library(struct app *app, int arg)
{
    (void)arg;
    if (app->view == VIEW_LIBRARY)
        app->view = VIEW_DESK;
    else if (desk_save(app))
        library_open(app);
    else
        app_fail(app, &app->save_err);
}

static void move(struct app *app, int rows)
{
    library_move(app, rows);
}

static void page(struct app *app, int pages)
{
    int rows = app->library.view.rows;
    library_move(app, pages * (rows > 1 ? rows - 1 : 1));
}

static void first(struct app *app, int arg)
{
    (void)arg;
    library_move(app, -app->library.count);
}

static void scroll(struct app *app, int rows)
{
    int to = app->library.view.preview_scroll + rows;
    app->library.view.preview_scroll = to < 0 ? 0 : to;
}

static void to_list(struct app *app, int list)
{
    app->library.view.focus_list = list && app->library.count;
}

/* -- what one does with a hit ---------------------------------------------------------------------------------------------------------------- */

/* Lays the hit's piece on the desk with its take on the page; false when that did not work. */
static bool open_hit(struct app *app)
{
    const struct hit *hit = library_selected(app);
    if (!hit)
        return false;
    int64_t piece = hit->piece, take = hit->take;
    if (piece != app->piece.id && !desk_open_piece(app, piece))
        return false;
    desk_show_take(app, take);
    app->view = VIEW_DESK;
    return true;
}

static void enter(struct app *app, int arg)
{
    (void)arg;
    if (open_hit(app))
        desk_focus(app, FOCUS_PAGE);
}

/* The hit as a generation; NULL, with a sentence, when it is the writer's own page. */
static const struct hit *asked_hit(struct app *app)
{
    const struct hit *hit = library_selected(app);
    if (!hit || hit->generation)
        return hit;
    app_say(app, STYLE_DIM, "%s", _("This is your own page: Enter opens it."));
    return NULL;
}

static void rerun(struct app *app, int arg)
{
    const struct hit *hit = asked_hit(app);
    int64_t id = hit ? hit->generation : 0;
    (void)arg;
    if (!id || !open_hit(app))
        return;
    int index = piece_find_generation(&app->piece, id);
    if (index >= 0)
        desk_rerun(app, index);
}

/* Prompt, dials, system text and stops go to the desk, to be changed before they are asked. */
static void load(struct app *app, int arg)
{
    struct library *l = &app->library;
    struct generation g = {0};
    (void)arg;
    if (!asked_hit(app) || !l->previewed)
        return;
    generation_copy(&g, &l->preview);
    if (open_hit(app)) {
        int parent = g.passage ? piece_find_passage(&app->piece, g.passage) : -1;
        if (g.kind == KIND_ASK && parent >= 0)
            page_go(&app->page, app->piece.passages[parent].parent); /* the prompt is asked anew where it was asked */
        app->dials = g.dials;
        app->preset[0] = '\0';
        str_set(&app->system, str_span(&g.system));
        str_set(&app->stops, str_span(&g.stops));
        editor_select_all(&app->desk.prompt);
        editor_type(&app->desk.prompt, str_span(&g.prompt));
        desk_focus(app, g.kind != KIND_ASK ? FOCUS_PAGE : FOCUS_PROMPT);
        app_say(app, STYLE_DIM, "%s", _("Change what you like; ^G asks. ^Z in the prompt brings back what stood there."));
        desk_changed(app);
        desk_edited(app);
    }
    generation_release(&g);
}

static void rate(struct app *app, int rating)
{
    const struct hit *hit = asked_hit(app);
    struct err err = {0};
    if (!hit || !hit->take)
        return;
    int on_desk = piece_find_take(&app->piece, hit->take);
    if (!store_rate(app->store, hit->take, rating, &err))
        app_fail(app, &err);
    else if (on_desk >= 0)
        app->piece.takes[on_desk].rating = rating;
    library_refresh(app);
}

static void tag_submitted(struct app *app)
{
    const struct hit *hit = library_selected(app);
    struct span tag = span_trim(fields_text(&app->form, 0));
    struct err err = {0};
    bool off = span_starts(tag, "-");
    app->form.open = false;
    if (!hit || !hit->generation || tag.len == 0)
        return;
    if (!store_tag(app->store, hit->generation, off ? span_cut(tag, 1, tag.len) : tag, !off, &err))
        app_fail(app, &err);
    library_refresh(app);
}

static void tag(struct app *app, int arg)
{
    (void)arg;
    if (!asked_hit(app))
        return;
    menu_form(app, _("Tag"), tag_submitted);
    fields_add_text(&app->form, _("tag"), _("One word or a few; -word takes the tag off."), SPAN(""));
}

static void trash(struct app *app, int arg)
{
    const struct hit *hit = asked_hit(app);
    struct err err = {0};
    (void)arg;
    if (!hit)
        return;
    if (hit->state == TAKE_WAITING || hit->state == TAKE_WRITING) {
        app_say(app, STYLE_WARNING, "%s", _("This is still being written; Esc on the desk stops it first."));
        return;
    }
    app->library.trashed = hit->generation;
    if (!store_trash(app->store, hit->generation, true, &err)) {
        app_fail(app, &err);
        return;
    }
    library_refresh(app);
    app_say(app, STYLE_DIM, "%s", _("In the trash; ^Z takes it back. “is:trash” shows what lies there."));
}

static void untrash(struct app *app, int arg)
{
    struct err err = {0};
    (void)arg;
    if (!app->library.trashed) {
        app_say(app, STYLE_DIM, "%s", _("Nothing was put into the trash just now."));
        return;
    }
    if (!store_trash(app->store, app->library.trashed, false, &err))
        app_fail(app, &err);
    app->library.trashed = 0;
    library_refresh(app);
}

/* -- filters ------------------------------------------------------------------------------------------------------------------------------------ */

static void filter_picked(struct app *app, const char *id)
{
    struct editor *query = &app->library.view.query;
    editor_move(query, MOVE_TEXT_END, false);
    if (buffer_length(query->buf))
        editor_type(query, SPAN(" "));
    editor_type(query, span_of(id));
    app->library.view.focus_list = false;
    library_search(app);
}

static void filters(struct app *app, int arg)
{
    (void)arg;
    menu_picker(app, _("Filters"), _("what to look for"), filter_picked);
    picker_add(&app->picker, "project:", _("in this project"), NULL, "project:");
    picker_add(&app->picker, "model:", _("by this model"), NULL, "model:");
    picker_add(&app->picker, "server:", _("from this server"), NULL, "server:");
    picker_add(&app->picker, "tag:", _("with this tag"), NULL, "tag:");
    picker_add(&app->picker, "state:", _("done, stopped, failed, interrupted"), NULL, "state:");
    picker_add(&app->picker, "★>=3", _("rated three stars and more"), NULL, "★>=3");
    picker_add(&app->picker, "temperature>0.8", _("any dial, with < > <= >= ="), NULL, "temperature>");
    picker_add(&app->picker, "before:2026-10", _("sent before a day, month or year"), NULL, "before:");
    picker_add(&app->picker, "after:2026-10-05", _("sent after it"), NULL, "after:");
    picker_add(&app->picker, "is:trash", _("in the trash"), NULL, "is:trash");
    picker_filter(&app->picker);
}

const struct command commands_library[] = {
    {"library", N_("the library: find anything ever written"), open_library, 0, false},
    {"library-down", N_("the row below"), move, 1, true},
    {"library-up", N_("the row above"), move, -1, true},
    {"library-page-down", N_("a screen down"), page, 1, true},
    {"library-page-up", N_("a screen up"), page, -1, true},
    {"library-first", N_("the newest"), first, 0, true},
    {"library-scroll-down", N_("scroll the preview down"), scroll, 5, true},
    {"library-scroll-up", N_("scroll the preview up"), scroll, -5, true},
    {"library-list", N_("to the list"), to_list, true, true},
    {"library-query", N_("to the search"), to_list, false, true},
    {"library-enter", N_("open on the desk"), enter, 0, true},
    {"library-rerun", N_("ask again exactly as it was"), rerun, 0, true},
    {"library-load", N_("load prompt and dials into the desk to change first"), load, 0, true},
    {"library-rate-0", N_("no rating"), rate, 0, true},
    {"library-rate-1", N_("rate ★"), rate, 1, true},
    {"library-rate-2", N_("rate ★★"), rate, 2, true},
    {"library-rate-3", N_("rate ★★★"), rate, 3, true},
    {"library-rate-4", N_("rate ★★★★"), rate, 4, true},
    {"library-rate-5", N_("rate ★★★★★"), rate, 5, true},
    {"library-tag", N_("put a tag on it or take one off"), tag, 0, true},
    {"library-trash", N_("put it into the trash"), trash, 0, true},
    {"library-undo", N_("take back the last one from the trash"), untrash, 0, true},
    {"library-filters", N_("filters for the search"), filters, 0, true},
    {0},
};
