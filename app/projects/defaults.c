#include "app/desk/desk.h"
#include "app/projects/parts.h"
#include "app/servers.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdio.h>

/* -- defaults -------------------------------------------------------------------------------------------------------------------------- */

/* "muse · temperature=0.70 max_tokens=256 · with a system text" */
static void describe_defaults(const struct project *j, struct str *out)
{
    const struct str *parts[] = {&j->server, &j->model, &j->dials};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i]->len && (i != 1 || !span_equal(str_span(&j->server), str_span(&j->model))))
            str_printf(out, "%s%s", out->len ? " · " : "", str_text(parts[i]));
    if (j->system.len)
        str_printf(out, "%s%s", out->len ? " · " : "", _("with a system text"));
}

static void save_defaults(struct app *app, struct project *j)
{
    struct err err = {0};
    if (!store_project_save(app->store, j, &err)) {
        app_fail(app, &err);
        return;
    }
    if (app->project.id == j->id)
        projects_follow(app, false);
    if (projects_shown(app))
        projects_fill(app);
}

void projects_take_defaults(struct app *app)
{
    struct project j = {0};
    struct str said = {0};
    if (projects_meant(app, &j)) {
        const struct server *server = servers_current(app);
        str_set(&j.server, span_of(server->name));
        str_set(&j.model, span_of(server->model));
        str_clear(&j.dials);
        dials_format(&app->dials, &j.dials);
        if (app->system.len)
            str_set(&j.system, str_span(&app->system));
        save_defaults(app, &j);
        describe_defaults(&j, &said);
        if (app->project.id == j.id) { /* it is the project's text from now on */
            str_clear(&app->system);
            desk_changed(app);
        }
        app_say(app, STYLE_OK, _("Pieces of “%s” begin with %s."), str_text(&j.name), str_text(&said));
    }
    str_release(&said);
    project_release(&j);
}

void projects_forget_defaults(struct app *app)
{
    struct project j = {0};
    if (projects_meant(app, &j)) {
        if (j.id == app->project.id && !app->system.len) /* what the desk stands at, it keeps */
            str_set(&app->system, str_span(&j.system));
        str_clear(&j.server);
        str_clear(&j.model);
        str_clear(&j.dials);
        str_clear(&j.system);
        save_defaults(app, &j);
        desk_changed(app);
        app_say(app, STYLE_OK, _("“%s” has no defaults any more; the desk stays as it is."), str_text(&j.name));
    }
    project_release(&j);
}

/* -- the desk's project ---------------------------------------------------------------------------------------------------------------- */

static int server_named(const struct app *app, const struct str *name)
{
    for (int i = 0; i < app->config.server_count; i++)
        if (span_is(str_span(name), app->config.servers[i].name))
            return i;
    return -1;
}

/* The name of the preset that the dials stand at; "" : none, the writer's own setting. */
static const char *preset_at(const struct app *app)
{
    for (int i = 0; i < app->config.preset_count + preset_count; i++) {
        const struct own_preset *own = i < app->config.preset_count ? &app->config.presets[i] : NULL;
        struct preset p = own ? (struct preset){own->name, own->help, own->settings} : preset_table[i - app->config.preset_count];
        struct dials dials = app->dials;
        if (p.settings && preset_apply(&dials, &p, 0, NULL) && dials_equal(&dials, &app->dials))
            return p.name;
    }
    return "";
}

static void lay_defaults(struct app *app)
{
    const struct project *j = &app->project;
    struct dials dials = {0};
    struct str said = {0};
    struct err err = {0};
    int server = j->server.len ? server_named(app, &j->server) : -1;
    if (server >= 0) {
        servers_choose(app, server);
        if (j->model.len)
            servers_choose_model(app, str_text(&j->model));
    }
    if (j->dials.len && dials_parse(&dials, str_span(&j->dials), &err)) {
        app->dials = dials;
        snprintf(app->preset, sizeof app->preset, "%s", preset_at(app));
    }
    desk_changed(app);
    describe_defaults(j, &said);
    if (err.kind)
        app_fail(app, &err);
    else if (j->server.len && server < 0)
        app_say(app, STYLE_WARNING, _("“%s” wants the server “%s”, which is not set up here; F2 adds it. All else stands as it begins."),
                str_text(&j->name), str_text(&j->server));
    else if (j->system.len && app->system.len)
        app_say(app, STYLE_WARNING, _("“%s” begins with %s; your own system text goes before the project's until you empty it."),
                str_text(&j->name), str_text(&said));
    else
        app_say(app, STYLE_DIM, _("“%s” begins with %s."), str_text(&j->name), str_text(&said));
    str_release(&said);
}

void projects_follow(struct app *app, bool defaults)
{
    struct project j = {0};
    struct err err = {0};
    int64_t before = app->project.id;
    if (app->piece.project && app->piece.project_name.len && !store_project_load(app->store, app->piece.project, &j, &err))
        app_fail(app, &err);
    project_release(&app->project);
    app->project = j;
    if (defaults && project_has_defaults(&j) && (j.id != before || app->piece.generation_count == 0))
        lay_defaults(app);
    app_touch(app, true);
}

bool projects_in_use(const struct app *app)
{
    const struct project *j = &app->project;
    const struct server *server = &app->config.servers[app->servers.current];
    struct dials dials = {0};
    if (!project_has_defaults(j) || (j->system.len && app->system.len))
        return false;
    return (!j->server.len || span_is(str_span(&j->server), server->name)) &&
           (!j->model.len || span_is(str_span(&j->model), server->model)) &&
           (!j->dials.len || (dials_parse(&dials, str_span(&j->dials), NULL) && dials_equal(&dials, &app->dials)));
}

struct span projects_system(const struct app *app)
{
    return app->system.len ? str_span(&app->system) : str_span(&app->project.system);
}
