#include "app/models.h"
#include "app/menu.h"
#include "app/servers.h"
#include "core/i18n.h"
#include "core/usage.h"

#include <stdlib.h>
#include <string.h>

/* A server and a model of it are told as "SERVER TAB MODEL", in the library's settings and as ids of rows. */

static void add_pair(struct str *out, const char *server, struct span model)
{
    str_printf(out, "%s\t%.*s", server, SPAN_ARG(model));
}

static void current_pair(struct app *app, struct str *out)
{
    const struct server *s = servers_current(app);
    add_pair(out, s->name, span_of(s->model));
}

/* The index of its server, -1: that is not set up here. */
static int split_pair(const struct app *app, struct span pair, struct span *model)
{
    ptrdiff_t tab = span_find(pair, SPAN("\t"), 0);
    if (tab < 0)
        return -1;
    *model = span_cut(pair, (size_t)tab + 1, pair.len);
    for (int i = 0; i < app->config.server_count; i++)
        if (span_is(span_cut(pair, 0, (size_t)tab), app->config.servers[i].name))
            return i;
    return -1;
}

static bool use_pair(struct app *app, struct span pair)
{
    struct span model = SPAN("");
    int server = split_pair(app, pair, &model);
    if (server < 0)
        return false;
    char *name = span_copy(model);
    servers_use(app, server, name);
    free(name);
    return true;
}

/* -- the piece's own --------------------------------------------------------------------------------------------------------------------- */

static void setting_of_piece(const struct app *app, struct str *out)
{
    str_printf(out, "model-of-%lld", (long long)app->piece.id);
}

void models_note_piece(struct app *app)
{
    struct str name = {0}, pair = {0};
    struct err err = {0};
    if (!app->piece.id)
        return;
    setting_of_piece(app, &name);
    current_pair(app, &pair);
    if (!store_set_setting(app->store, str_text(&name), str_span(&pair), &err))
        app_fail(app, &err);
    str_release(&name);
    str_release(&pair);
}

void models_note(struct app *app)
{
    struct servers *s = &app->servers;
    struct str pair = {0};
    current_pair(app, &pair);
    if (!span_equal(str_span(&pair), str_span(&s->in_use))) {
        str_set(&s->before, str_span(&s->in_use));
        str_set(&s->in_use, str_span(&pair));
    }
    models_note_piece(app);
    str_release(&pair);
}

void models_follow(struct app *app)
{
    struct str name = {0}, pair = {0}, now = {0};
    setting_of_piece(app, &name);
    current_pair(app, &now);
    if (app->piece.id && store_setting(app->store, str_text(&name), &pair) && !span_equal(str_span(&pair), str_span(&now)) &&
        !use_pair(app, str_span(&pair)))
        app_say(app, STYLE_WARNING, _("This piece was written with the server “%.*s”, which is not set up here; F2 adds it."),
                (int)strcspn(str_text(&pair), "\t"), str_text(&pair));
    str_release(&name);
    str_release(&pair);
    str_release(&now);
}

void models_back(struct app *app)
{
    struct str pair = {0}, label = {0};
    str_set(&pair, str_span(&app->servers.before));
    app->picker.open = false;
    if (pair.len == 0 || !use_pair(app, str_span(&pair))) {
        app_say(app, STYLE_DIM, "%s", _("No other model was in use before."));
    } else {
        servers_label(app, &label);
        app_say(app, STYLE_DIM, _("In use: %s"), str_text(&label));
    }
    str_release(&pair);
    str_release(&label);
}

/* -- favourites -------------------------------------------------------------------------------------------------------------------------- */

static bool has_line(struct span lines, struct span wanted)
{
    struct span line = SPAN("");
    while (span_line(&lines, &line))
        if (span_equal(line, wanted))
            return true;
    return false;
}

/* The list without this one, and with it at the end when it was not there. */
static void toggle_line(struct str *lines, struct span which)
{
    struct str out = {0};
    struct span rest = str_span(lines), line = SPAN("");
    bool had = has_line(rest, which);
    while (span_line(&rest, &line))
        if (!span_equal(line, which))
            str_printf(&out, "%.*s\n", SPAN_ARG(line));
    if (!had)
        str_printf(&out, "%.*s\n", SPAN_ARG(which));
    str_set(lines, str_span(&out));
    str_release(&out);
}

static struct span favourites(struct app *app)
{
    struct servers *s = &app->servers;
    str_clear(&s->favourites);
    (void)store_setting(app->store, "favourites", &s->favourites);
    return str_span(&s->favourites);
}

/* -- the list ---------------------------------------------------------------------------------------------------------------------------- */

static void model_picked(struct app *app, const char *id)
{
    use_pair(app, span_of(id));
}

bool models_shown(const struct app *app)
{
    return app->picker.open && !app->form.open && app->picked == model_picked;
}

static void add_fact(struct str *out, const char *fact)
{
    str_printf(out, "%s%s", out->len ? " · " : "", fact);
}

/* "desk · 128k · in use  ★": the server only where it is another than the one in use. */
static void add_model(struct app *app, int server, struct span model, bool favourite)
{
    const struct server *s = &app->config.servers[server];
    bool here = server == app->servers.current;
    char *label = span_copy(model);
    struct str detail = {0}, id = {0}, holds = {0};
    int tokens = servers_model_context(app, server, model);
    tokens_label(tokens, &holds);
    add_pair(&id, s->name, model);
    if (!here)
        add_fact(&detail, s->name);
    if (tokens)
        add_fact(&detail, str_text(&holds));
    if (here && span_is(model, s->model))
        add_fact(&detail, _("in use"));
    if (favourite)
        str_printf(&detail, "%s★", detail.len ? "  " : "");
    picker_add(&app->picker, label, detail.len ? str_text(&detail) : NULL, NULL, str_text(&id));
    str_release(&detail);
    str_release(&id);
    str_release(&holds);
    free(label);
}

static void fill(struct app *app)
{
    struct span liked = favourites(app), rest = liked, line = SPAN(""), model = SPAN("");
    struct str pair = {0};
    while (span_line(&rest, &line)) {
        int server = split_pair(app, line, &model);
        if (server >= 0)
            add_model(app, server, model, true);
    }
    rest = servers_models(app, app->servers.current);
    while (span_line(&rest, &line)) {
        str_clear(&pair);
        add_pair(&pair, servers_current(app)->name, line);
        if (!has_line(liked, str_span(&pair)))
            add_model(app, app->servers.current, line, false);
    }
    picker_filter(&app->picker);
    str_release(&pair);
}

void menu_models(struct app *app)
{
    struct str pair = {0};
    if (servers_models(app, app->servers.current).len == 0) {
        if (servers_ask(app, app->servers.current, &app->servers.awaited))
            app_say(app, STYLE_DIM, "%s", _("Asking the server for its models…"));
        return;
    }
    menu_picker(app, _("Models"), _("part of a name"), model_picked);
    fill(app);
    current_pair(app, &pair);
    picker_select(&app->picker, str_text(&pair));
    str_release(&pair);
}

void models_favour(struct app *app)
{
    const struct picker_row *row = models_shown(app) ? picker_selected(&app->picker) : NULL;
    struct err err = {0};
    if (!row)
        return;
    char *id = span_copy(span_of(row->id));
    favourites(app);
    toggle_line(&app->servers.favourites, span_of(id));
    if (!store_set_setting(app->store, "favourites", str_span(&app->servers.favourites), &err))
        app_fail(app, &err);
    picker_refill(&app->picker);
    app->picker.whole = false;
    fill(app);
    picker_select(&app->picker, id);
    free(id);
}
