#include "app/commands/command.h"
#include "app/menu.h"
#include "app/views/compare.h"
#include "app/views/library.h"
#include "app/views/library_work.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/names.h"
#include "storage/query.h"

#include <stdlib.h>
#include <string.h>

/* -- marks ------------------------------------------------------------------------------------------------------------------------------------ */

static void mark(struct app *app, int arg)
{
    const struct hit *hit = library_selected(app);
    (void)arg;
    if (!hit)
        return;
    if (!hit->generation) {
        app_say(app, STYLE_DIM, "%s", _("This is your own page: only what was asked can be marked."));
        return;
    }
    library_mark(app, hit->generation, !library_is_marked(app, hit->generation));
    library_move(app, 1);
}

static void mark_all(struct app *app, int arg)
{
    const struct library *l = &app->library;
    (void)arg;
    for (int i = 0; i < l->count; i++)
        if (l->hits[i].generation)
            library_mark(app, l->hits[i].generation, true);
    app_say(app, STYLE_DIM, ngettext("%d is marked.", "%d are marked.", (unsigned long)l->mark_count), l->mark_count);
}

static void unmark(struct app *app, int arg)
{
    (void)arg;
    library_unmark(app);
    app_say(app, STYLE_DIM, "%s", _("Nothing is marked any more."));
}

/* -- with what is marked ------------------------------------------------------------------------------------------------------------------------ */

static void compare(struct app *app, int arg)
{
    int64_t ids[3] = {0};
    struct err err = {0};
    int count = library_marked(app, ids, 3);
    (void)arg;
    if (count < 2 || count > 3) {
        app_say(app, STYLE_DIM, "%s", _("Mark two or three with Space first, then c lays them side by side."));
        return;
    }
    for (int i = 0; i < count; i++)
        ids[i] = store_best_take(app->store, ids[i]);
    if (!compare_open(app, ids, count, &err))
        app_fail(app, &err);
}

static void move_submitted(struct app *app)
{
    struct span name = span_trim(fields_text(&app->form, 0));
    struct bulk bulk = {.kind = BULK_MOVE};
    struct err err = {0};
    if (!store_project_find(app->store, name, true, &bulk.project, &err)) {
        menu_refuse(app, &err);
        return;
    }
    app->form.open = false;
    library_act(app, &bulk);
}

static void move(struct app *app, int arg)
{
    int count = 0;
    (void)arg;
    free(library_meant(app, &count));
    if (!count)
        return;
    menu_form(app, _("Move to a project"), move_submitted);
    fields_add_text(&app->form, _("project"), _("The pieces go there whole; a new name makes a new project."), SPAN(""));
}

/* -- searching: filters, orders, and searches with a name ------------------------------------------------------------------------------------------ */

static void set_query(struct app *app, struct span text)
{
    struct editor *query = &app->library.view.query;
    editor_select_all(query);
    editor_type(query, text);
    app->library.view.focus_list = false;
    library_offers_clear(app);
    library_search(app);
}

/* The query without the words that say the order, and the new one behind it. */
static void set_order(struct app *app, struct span name)
{
    struct str text = {0};
    struct span rest = buffer_text(app->library.view.query_text);
    while (rest.len) {
        ptrdiff_t space = span_find(rest, SPAN(" "), 0);
        size_t end = space < 0 ? rest.len : (size_t)space + 1;
        struct span word = span_cut(rest, 0, end);
        if (!span_starts(word, "sort:"))
            str_add(&text, word);
        rest = span_cut(rest, end, rest.len);
    }
    struct span kept = span_trim(str_span(&text));
    char *words = span_copy(kept);
    str_clear(&text);
    str_printf(&text, "%s%s", words, *words ? " " : "");
    if (!span_is(name, "time"))
        str_printf(&text, "sort:%.*s ", SPAN_ARG(name));
    set_query(app, str_span(&text));
    free(words);
    str_release(&text);
}

static void order_picked(struct app *app, const char *id)
{
    set_order(app, span_of(id));
}

static void orders(struct app *app, int arg)
{
    (void)arg;
    if (app->view != VIEW_LIBRARY)
        library_open(app);
    menu_picker(app, _("Order"), _("how to sort"), order_picked);
    picker_add(&app->picker, _("the newest first"), NULL, NULL, "time");
    picker_add(&app->picker, _("the best rated first"), "sort:rating", NULL, "rating");
    picker_add(&app->picker, _("by model"), "sort:model", NULL, "model");
    picker_add(&app->picker, _("the longest first"), "sort:length", NULL, "length");
    picker_add(&app->picker, _("where the words stand most often"), "sort:best", _("Among the newest 2,000 matches."), "best");
    picker_filter(&app->picker);
}

static void keep_submitted(struct app *app)
{
    struct err err = {0};
    struct str name = {0};
    str_set(&name, span_trim(fields_text(&app->form, 0)));
    if (!store_search_keep(app->store, str_span(&name), buffer_text(app->library.view.query_text), &err)) {
        menu_refuse(app, &err);
    } else {
        app->form.open = false;
        app_say(app, STYLE_OK, _("The search is kept as “%s”; F8 lists it."), str_text(&name));
    }
    str_release(&name);
}

static void keep_search(struct app *app, int arg)
{
    (void)arg;
    if (!span_trim(buffer_text(app->library.view.query_text)).len) {
        app_say(app, STYLE_DIM, "%s", _("There is nothing to keep yet: type what to look for first."));
        return;
    }
    menu_form(app, _("Keep this search"), keep_submitted);
    fields_add_text(&app->form, _("name"), _("What you will find it by in F8."), SPAN(""));
}

/* Rows with the names of kept searches; false: there are none. */
static bool add_searches(struct app *app, const char *prefix)
{
    struct str names = {0}, id = {0}, query = {0};
    struct err err = {0};
    struct span line;
    if (!store_search_names(app->store, &names, &err))
        app_fail(app, &err);
    for (struct span rest = str_span(&names); span_line(&rest, &line);) {
        char *name = span_copy(line);
        str_clear(&id);
        str_printf(&id, "%s%s", prefix, name);
        str_clear(&query);
        if (store_search_query(app->store, line, &query))
            picker_add(&app->picker, name, str_text(&query), NULL, str_text(&id));
        free(name);
    }
    bool some = names.len > 0;
    str_release(&names);
    str_release(&id);
    str_release(&query);
    return some;
}

static void forget_picked(struct app *app, const char *id)
{
    struct err err = {0};
    if (!store_search_forget(app->store, span_of(id), &err))
        app_fail(app, &err);
    else
        app_say(app, STYLE_OK, _("The search “%s” is forgotten; what it finds is untouched."), id);
}

static void forget_search(struct app *app, int arg)
{
    (void)arg;
    menu_picker(app, _("Forget a search"), _("its name"), forget_picked);
    if (!add_searches(app, "")) {
        app->picker.open = false;
        app_say(app, STYLE_DIM, "%s", _("No search is kept."));
        return;
    }
    picker_filter(&app->picker);
}

static void add_filter(struct app *app, const char *text)
{
    struct editor *query = &app->library.view.query;
    struct span now = buffer_text(app->library.view.query_text);
    editor_move(query, MOVE_TEXT_END, false);
    if (now.len && now.s[now.len - 1] != ' ')
        editor_type(query, SPAN(" "));
    editor_type(query, span_of(text));
    app->library.view.focus_list = false;
    app->library.work->offers_shut = false;
    library_search(app);
    library_offers_find(app);
}

static void filter_picked(struct app *app, const char *id)
{
    struct str query = {0};
    if (span_starts(span_of(id), "search=") && store_search_query(app->store, span_of(id + 7), &query))
        set_query(app, str_span(&query));
    else if (command_find(span_of(id)))
        command_run_named(app, id);
    else
        add_filter(app, id);
    str_release(&query);
}

static void filters(struct app *app, int arg)
{
    (void)arg;
    menu_picker(app, _("Filters"), _("what to look for"), filter_picked);
    if (add_searches(app, "search="))
        picker_add(&app->picker, _("forget a search…"), NULL, NULL, "library-forget-search");
    if (span_trim(buffer_text(app->library.view.query_text)).len)
        picker_add(&app->picker, _("keep this search…"), NULL, NULL, "library-keep-search");
    picker_add_heading(&app->picker, _("Filters"));
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
    picker_add_heading(&app->picker, _("Besides"));
    picker_add(&app->picker, _("order…"), "sort:", NULL, "library-order");
    picker_add(&app->picker, _("what I keep"), NULL, NULL, "library-kept");
    picker_add(&app->picker, _("empty the trash…"), NULL, NULL, "library-empty-trash");
    picker_filter(&app->picker);
}

/* -- what I keep, and what I throw away --------------------------------------------------------------------------------------------------------------- */

static void kept(struct app *app, int arg)
{
    (void)arg;
    library_kept_open(app);
}

static void emptied_picked(struct app *app, const char *id)
{
    if (!strcmp(id, "delete"))
        library_empty_trash(app);
    else
        app_say(app, STYLE_DIM, "%s", _("Nothing was deleted."));
}

/* The second question. */
static void asked_picked(struct app *app, const char *id)
{
    if (strcmp(id, "delete") != 0) {
        app_say(app, STYLE_DIM, "%s", _("Nothing was deleted."));
        return;
    }
    menu_picker(app, _("For good?"), _("this cannot be taken back"), emptied_picked);
    picker_add(&app->picker, _("no, leave it in the trash"), NULL, NULL, "no");
    picker_add(&app->picker, _("yes, delete it for good"), NULL, _("No undo, no copy: it is gone from this library."), "delete");
    picker_filter(&app->picker);
}

static void empty_trash(struct app *app, int arg)
{
    struct trash_count n;
    struct err err = {0};
    struct str row = {0};
    (void)arg;
    if (!store_trash_count(app->store, &n, &err)) {
        app_fail(app, &err);
        return;
    }
    int64_t all = n.generations + n.passages + n.pieces;
    if (!all) {
        app_say(app, STYLE_DIM, "%s", _("The trash is empty."));
        return;
    }
    menu_picker(app, _("Empty the trash?"), _("what lies there"), asked_picked);
    picker_add(&app->picker, _("no, keep everything"), NULL, NULL, "no");
    str_add_text(&row, _("delete for good: "));
    if (n.generations)
        str_printf(&row, ngettext("%lld generation, ", "%lld generations, ", (unsigned long)n.generations), (long long)n.generations);
    if (n.passages)
        str_printf(&row, ngettext("%lld passage, ", "%lld passages, ", (unsigned long)n.passages), (long long)n.passages);
    if (n.pieces)
        str_printf(&row, ngettext("%lld piece, ", "%lld pieces, ", (unsigned long)n.pieces), (long long)n.pieces);
    str_cut(&row, row.len - 2);
    picker_add(&app->picker, str_text(&row), NULL, _("Only what lies in the trash; asks once more."), "delete");
    picker_filter(&app->picker);
    str_release(&row);
}

const struct command commands_library_acts[] = {
    {"library-mark", N_("mark the row, or unmark it"), mark, 0, true},
    {"library-mark-all", N_("mark all rows that are listed"), mark_all, 0, true},
    {"library-unmark", N_("unmark everything in the library"), unmark, 0, true},
    {"library-compare", N_("lay the marked ones side by side"), compare, 0, true},
    {"library-move", N_("move the pieces of the marked ones to a project"), move, 0, true},
    {"library-filters", N_("filters, kept searches and more"), filters, 0, true},
    {"library-order", N_("the order of the library"), orders, 0, false},
    {"library-keep-search", N_("keep this search under a name"), keep_search, 0, false},
    {"library-forget-search", N_("forget a kept search"), forget_search, 0, false},
    {"library-kept", N_("what I keep: models, presets and dials"), kept, 0, false},
    {"library-empty-trash", N_("empty the trash for good"), empty_trash, 0, false},
    {0},
};
