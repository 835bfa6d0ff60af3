#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/views/library.h"
#include "app/menu.h"
#include "app/views/library_work.h"
#include "storage/query.h"
#include "core/i18n.h"

#include <stdlib.h>

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

/* The offers lie between the search and the list. */
static void down_from_query(struct app *app, int rows)
{
    struct library_view *v = &app->library.view;
    int to = v->offer_selected + rows;
    if (app->library.work->offer_count && to >= 0 && to < app->library.work->offer_count)
        v->offer_selected = to;
    else if (rows > 0)
        v->focus_list = app->library.count > 0;
    else if (!app->library.work->offer_count)
        library_move(app, rows);
}

static void complete(struct app *app, int arg)
{
    (void)arg;
    if (!library_offer_take(app))
        app->library.view.focus_list = app->library.count > 0;
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
    if (!err.kind)
        library_keep_rating(app, hit->take, rating);
}

static void tag_submitted(struct app *app)
{
    struct span tag = span_trim(fields_text(&app->form, 0));
    bool off = span_starts(tag, "-");
    struct bulk bulk = {.kind = off ? BULK_UNTAG : BULK_TAG};
    str_set(&bulk.tag, off ? span_cut(tag, 1, tag.len) : tag);
    app->form.open = false;
    library_act(app, &bulk);
}

static void tag(struct app *app, int arg)
{
    int count = 0;
    (void)arg;
    free(library_meant(app, &count));
    if (!count)
        return;
    menu_form(app, _("Tag"), tag_submitted);
    fields_add_text(&app->form, _("tag"), _("One word or a few; -word takes the tag off."), SPAN(""));
}

/* Out of the trash: what is selected lies there. */
static bool take_out(struct app *app)
{
    const struct hit *hit = library_selected(app);
    struct err err = {0};
    if (!hit || hit->generation) {
        struct bulk bulk = {.kind = BULK_UNTRASH};
        return library_act(app, &bulk);
    }
    bool ok = hit->passage ? store_trash_passage(app->store, hit->passage, false, &err) : store_piece_trash(app->store, hit->piece, false, &err);
    int on_desk = hit->passage ? piece_find_passage(&app->piece, hit->passage) : -1;
    if (ok && on_desk >= 0)
        app->piece.passages[on_desk].trashed = false;
    if (!ok)
        app_fail(app, &err);
    library_refresh(app);
    if (ok)
        app_say(app, STYLE_OK, "%s", _("It is back where it was."));
    return ok;
}

static void trash(struct app *app, int arg)
{
    struct bulk bulk = {.kind = BULK_TRASH};
    (void)arg;
    if (app->library.view.total < 0)
        app_say(app, STYLE_DIM, "%s", _("This lies in the trash already; u takes it back."));
    else if (library_selected(app) && !library_selected(app)->generation && !library_marked(app, NULL, 0))
        app_say(app, STYLE_DIM, "%s", _("This is your own page: the list of projects puts whole pieces into the trash."));
    else
        library_act(app, &bulk);
}

static void untrash(struct app *app, int arg)
{
    (void)arg;
    if (app->library.view.total < 0)
        take_out(app);
    else
        app_say(app, STYLE_DIM, "%s", _("This does not lie in the trash; “is:trash” shows what does."));
}

static void enter(struct app *app, int arg)
{
    (void)arg;
    if (app->library.view.total < 0 && app->library.view.focus_list)
        take_out(app);
    else if (open_hit(app))
        desk_focus(app, FOCUS_PAGE);
}

static void undo(struct app *app, int arg)
{
    (void)arg;
    library_take_back(app);
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
    {"query-down", N_("the offer below, then the list"), down_from_query, 1, true},
    {"query-up", N_("the offer above, or the row above"), down_from_query, -1, true},
    {"query-complete", N_("take the offer; without one, to the list"), complete, 0, true},
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
    {"library-untrash", N_("take it out of the trash"), untrash, 0, true},
    {"library-undo", N_("take back what was last done in the library"), undo, 0, true},
    {0},
};
