#include "app/desk/pull.h"
#include "app/exposed.h"
#include "app/menu.h"
#include "app/pulling.h"
#include "app/servers.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

/* What the desk keeps of it, while it goes on. */
struct pulling {
    struct pull *pull;
    int server;           /* index into config.servers, */
    struct str name;      /* and what it was called when it began */
    struct str label;
};

static void let_go(struct app *app)
{
    struct pulling *p = app->pulling;
    if (!p)
        return;
    pull_free(p->pull);
    str_release(&p->name);
    str_release(&p->label);
    free(p);
    app->pulling = NULL;
}

bool desk_pulls(const struct app *app)
{
    return app->pulling;
}

struct span desk_pull_label(const struct app *app)
{
    return app->pulling ? str_span(&app->pulling->label) : SPAN("");
}

int desk_pull_percent(const struct app *app)
{
    return app->pulling ? pulling_percent(pull_told(app->pulling->pull)) : -1;
}

void desk_pull_tell(const struct app *app, struct str *out)
{
    const struct pull *pull = app->pulling->pull;
    str_printf(out, "%s: ", pull_model(pull));
    if (pull_told(pull)->words.len)
        pulling_tell(pull_told(pull), out);
    else
        str_add_text(out, _("asked for, and not answered yet"));
}

/* -- as it goes ----------------------------------------------------------------------------------------------------------------------- */

static void add_label(const struct pull_told *t, struct str *out)
{
    int percent = pulling_percent(t);
    if (t->phase == PULL_CHECKING)
        str_add_text(out, _("checking the model"));
    else if (percent >= 0)
        str_printf(out, _("fetching %d %%"), percent);
    else
        str_add_text(out, _("fetching"));
}

/* The list is asked anew, so that it can be chosen. */
static void tell_there(struct app *app, int server, const char *model)
{
    const struct server *s = &app->config.servers[server];
    bool here = server == app->servers.current;
    if (here && !strcmp(s->model, model))
        app_say(app, STYLE_OK, _("%s is there, and in use."), model);
    else if (here)
        app_say(app, STYLE_OK, _("%s is there; M-m chooses it."), model);
    else
        app_say(app, STYLE_OK, _("%s is there; M-m chooses it when “%s” writes (F2)."), model, s->name);
    (void)servers_ask(app, server, &app->servers.quiet);
}

static void finish(struct app *app)
{
    struct pulling *p = app->pulling;
    struct err err = *pull_err(p->pull);
    char *model = span_copy(span_of(pull_model(p->pull)));
    bool known = p->server < app->config.server_count && span_is(str_span(&p->name), app->config.servers[p->server].name);
    bool began = pull_told(p->pull)->done > pull_told(p->pull)->had;
    int server = p->server;
    let_go(app);
    if (err.kind && began)
        app_say(app, STYLE_ERROR, _("%s “pull-model” in ^P goes on from there."), err.text);
    else if (err.kind)
        app_fail(app, &err);
    else if (known)
        tell_there(app, server, model);
    else
        app_say(app, STYLE_OK, _("%s is there."), model);
    app_touch(app, true);
    free(model);
}

void desk_pull_step(struct app *app)
{
    struct pulling *p = app->pulling;
    struct str label = {0};
    if (!p)
        return;
    if (pull_over(p->pull)) {
        finish(app);
        return;
    }
    add_label(pull_told(p->pull), &label);
    if (!span_equal(str_span(&label), str_span(&p->label))) {
        str_move(&p->label, &label);
        app_touch(app, false);
    }
    str_release(&label);
}

static void add_stopped(const struct pull *pull, struct str *out)
{
    struct str bytes = {0};
    pulling_tell_bytes(pull_told(pull), &bytes);
    str_printf(out, _("%s stopped at %s."), pull_model(pull), str_text(&bytes));
    str_release(&bytes);
}

void desk_pull_stop(struct app *app)
{
    struct str text = {0};
    if (!app->pulling) {
        app_say(app, STYLE_DIM, "%s", _("No model is being fetched."));
        return;
    }
    add_stopped(app->pulling->pull, &text);
    let_go(app);
    app_say(app, STYLE_OK, _("%s “pull-model” in ^P goes on from there."), str_text(&text));
    app_touch(app, true);
    str_release(&text);
}

bool desk_pull_end(struct app *app, struct err *e)
{
    struct str text = {0};
    if (!app->pulling)
        return true;
    add_stopped(app->pulling->pull, &text);
    err_set(e, ERR_STOPPED, _("%s Asked for again it goes on from there."), str_text(&text));
    str_release(&text);
    let_go(app);
    return false;
}

/* -- asking for one ------------------------------------------------------------------------------------------------------------------- */

/* A key's command may ask for a passphrase: it gets the terminal. */
static struct pull *begin(struct app *app, struct span model, struct err *e)
{
    bool leave = servers_wants_terminal(app, app->servers.current);
    if (leave)
        term_leave(app->term);
    struct pull *pull = pull_start(app->net, servers_current(app), model, e);
    if (leave && !term_return(app->term, e))
        app->quit = true;
    return pull;
}

static void submitted(struct app *app)
{
    struct err err = {0};
    struct pull *pull = begin(app, fields_text(&app->form, 0), &err);
    if (!pull) {
        menu_refuse(app, &err);
        return;
    }
    app->pulling = mem_new(1, sizeof *app->pulling);
    app->pulling->pull = pull;
    app->pulling->server = app->servers.current;
    str_set(&app->pulling->name, span_of(servers_current(app)->name));
    add_label(pull_told(pull), &app->pulling->label);
    app->form.open = false;
    app_say(app, STYLE_DIM, _("Fetching %s; writing goes on meanwhile. “pull-stop” in ^P stops it."), pull_model(pull));
}

/* The model that is meant to write, where the server has told what it has and this is not among it. */
static struct span missing_model(struct app *app)
{
    struct span list = servers_models(app, app->servers.current), line = SPAN(""), model = span_of(servers_current(app)->model);
    bool there = list.len == 0;
    while (span_line(&list, &line)) /* "gemma3" is what is listed as "gemma3:latest" */
        there = there || (span_starts(line, servers_current(app)->model) && (line.len == model.len || line.s[model.len] == ':'));
    return there ? SPAN("") : model;
}

static void open_form(struct app *app)
{
    struct str host = {0}, title = {0};
    url_label(servers_current(app)->url, &host);
    str_printf(&title, _("Fetch a model onto %s"), str_text(&host));
    menu_form(app, str_text(&title), submitted);
    fields_add_text(&app->form, _("model"), _("Its name as ollama.com/library has it: qwen3:8b, gemma3, hf.co/…"), missing_model(app));
    str_set(&app->form.message, span_of(_("Enter fetches it, which may take long; Esc leaves it. What was begun goes on.")));
    app->form.message_role = STYLE_DIM;
    str_release(&host);
    str_release(&title);
}

void desk_pull(struct app *app)
{
    const struct server *s = servers_current(app);
    struct str text = {0};
    if (app->pulling) {
        desk_pull_tell(app, &text);
        app_say(app, STYLE_DIM, _("%s; “pull-stop” in ^P stops it."), str_text(&text));
    } else if (!net_pulls(s)) {
        app_say(app, STYLE_WARNING, _("“%s” does not fetch models; only an Ollama server does. F2 chooses another."), s->name);
    } else if (exposed_may_send(app, app->servers.current, desk_pull)) {
        open_form(app);
    }
    str_release(&text);
}
