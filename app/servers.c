#include "app/servers.h"
#include "app/exposed.h"
#include "app/desk/desk.h"
#include "app/engine/remember.h"
#include "app/menu.h"
#include "app/models.h"
#include "app/known.h"
#include "app/server_test.h"
#include "app/views/doctor.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define PROBE_MS 300
#define ASK_MS 15000

/* Where servers on the writer's own machine usually are. */
static const struct {
    const char *name, *url;
    enum dialect_id dialect;
} usual_places[] = {
    {"llama.cpp", "http://127.0.0.1:8080", DIALECT_OPENAI_CHAT},
    {"Ollama", "http://127.0.0.1:11434", DIALECT_OLLAMA}, /* which alone says how much text to make room for */
    {"LM Studio", "http://127.0.0.1:1234", DIALECT_OPENAI_CHAT},
    {"KoboldCpp", "http://127.0.0.1:5001", DIALECT_OPENAI_CHAT},
    {"vLLM", "http://127.0.0.1:8000", DIALECT_OPENAI_CHAT},
};

/* -- the list ---------------------------------------------------------------------------------------------------------------------------- */

/* Keeps sources and models beside config.servers as it grows. */
static void make_room(struct app *app)
{
    struct servers *s = &app->servers;
    int count = app->config.server_count;
    if (count <= s->count)
        return;
    s->sources = mem_grow(s->sources, (size_t)count, sizeof *s->sources);
    s->models = mem_grow(s->models, (size_t)count, sizeof *s->models);
    s->contexts = mem_grow(s->contexts, (size_t)count, sizeof *s->contexts);
    for (; s->count < count; s->count++) {
        s->sources[s->count] = NULL;
        s->models[s->count] = s->contexts[s->count] = (struct str){0};
    }
}

/* A source that may still be streaming is let go only with the program. */
static void retire(struct servers *s, struct source *source)
{
    ARRAY_ROOM(s->retired, s->retired_count, s->retired_cap);
    s->retired[s->retired_count++] = source;
}

static int index_named(const struct app *app, struct span name)
{
    for (int i = 0; i < app->config.server_count; i++)
        if (span_is(name, app->config.servers[i].name))
            return i;
    return -1;
}

/* One that is found by probing may yet answer. */
static bool may_be_found(struct span name)
{
    for (size_t i = 0; i < COUNT_OF(usual_places); i++)
        if (span_is(name, usual_places[i].name))
            return true;
    return false;
}

/* Nothing was chosen in an earlier session, or it is there no more. */
static void choose_default(struct app *app)
{
    struct servers *s = &app->servers;
    const struct server *chosen = config_server(&app->config, NULL);
    struct span before = str_span(&s->remembered);
    s->current = chosen ? (int)(chosen - app->config.servers) : 0;
    if (!chosen)
        app_say(app, STYLE_WARNING, _("There is no server “%s”; the muse writes until F2 chooses another."), app->config.server);
    else if (chosen->key_env && chosen->found && !before.len)
        app_say(app, STYLE_OK, _("A key was found in %s: %s is in use; F2 shows others."), chosen->key_env, chosen->name);
    else if (server_is_muse(chosen) && before.len && !may_be_found(before))
        app_say(app, STYLE_WARNING, _("There is no server “%s”; the muse writes until F2 chooses another."), str_text(&s->remembered));
}

void servers_init(struct app *app)
{
    struct servers *s = &app->servers;
    struct str model = {0};
    make_room(app);
    exposed_init(app);
    s->current = store_setting(app->store, "server", &s->remembered) ? index_named(app, str_span(&s->remembered)) : -1;
    if (s->current < 0)
        choose_default(app);
    else if (store_setting(app->store, "model", &model) && model.len)
        server_set_text(&app->config.servers[s->current].model, str_span(&model));
    str_release(&model);
    str_printf(&s->in_use, "%s\t%s", servers_current(app)->name, servers_current(app)->model);
}

void servers_release(struct app *app)
{
    struct servers *s = &app->servers;
    for (int i = 0; i < s->count; i++) {
        if (s->sources[i])
            s->sources[i]->ops->free(s->sources[i]);
        str_release(&s->models[i]);
        str_release(&s->contexts[i]);
    }
    for (int i = 0; i < s->retired_count; i++)
        s->retired[i]->ops->free(s->retired[i]);
    for (int i = 0; i < s->probe_count; i++)
        server_release(&s->probes[i]);
    server_test_release(app);
    str_release(&s->remembered);
    str_release(&s->favourites);
    str_release(&s->in_use);
    str_release(&s->before);
    known_release(s);
    free(s->retired);
    free(s->probes);
    free(s->sources);
    free(s->models);
    free(s->contexts);
    memset(s, 0, sizeof *s);
}

struct server *servers_current(struct app *app)
{
    return &app->config.servers[app->servers.current];
}

static bool is_muse(const struct app *app, int index)
{
    return server_is_muse(&app->config.servers[index]);
}

struct source *servers_source(struct app *app, int index)
{
    struct servers *s = &app->servers;
    if (!s->sources[index])
        s->sources[index] = remember_source(app->store, app->net, app->muse, &app->config.servers[index]);
    return s->sources[index];
}

bool servers_wants_terminal(struct app *app, int index)
{
    return !is_muse(app, index) && net_source_wants_terminal(servers_source(app, index));
}

bool servers_refuses(struct app *app, enum dial_id dial)
{
    int current = app->servers.current;
    return !is_muse(app, current) && net_source_refuses(servers_source(app, current), span_of(servers_current(app)->model), dial);
}

bool servers_forget_refusals(struct app *app, bool *known, struct err *e)
{
    int current = app->servers.current;
    if (!remember_forget(app->store, servers_current(app), known, e))
        return false;
    *known = (!is_muse(app, current) && net_source_forget(servers_source(app, current))) || *known;
    return true;
}

bool servers_curl(struct app *app, const struct request *req, struct str *out)
{
    int current = app->servers.current;
    return !is_muse(app, current) && net_source_curl(servers_source(app, current), req, out, NULL);
}

/* Voices come and go while the desk is open. */
struct span servers_models(struct app *app, int index)
{
    struct str *models = &app->servers.models[index];
    if (is_muse(app, index)) {
        str_clear(models);
        muse_models(app->muse, models);
    }
    return str_span(models);
}

static struct span first_line(const struct str *text)
{
    struct span rest = str_span(text), line = SPAN("");
    span_line(&rest, &line);
    return line;
}

int servers_model_context(struct app *app, int index, struct span model)
{
    return known_of(app, index, model).context;
}

/* A server has told of its models. */
static void take_models(struct app *app, int index, const struct answer *a)
{
    struct server *server = &app->config.servers[index];
    str_set(&app->servers.models[index], str_span(&a->models));
    str_set(&app->servers.contexts[index], str_span(&a->contexts));
    if (!*server->model)
        server_set_text(&server->model, first_line(&a->models));
    known_take(app, index, a);
}

void servers_changed(struct app *app)
{
    struct servers *s = &app->servers;
    make_room(app);
    for (int i = 0; i < s->count; i++)
        if (s->sources[i]) {
            retire(s, s->sources[i]);
            s->sources[i] = NULL;
        }
    known_forget(s);
    for (int i = 0; i < s->count; i++) { /* its address may be another now */
        str_clear(&s->models[i]);
        str_clear(&s->contexts[i]);
        app->config.servers[i].told = (struct model_told){0};
    }
}

/* -- asking ----------------------------------------------------------------------------------------------------------------------------------- */

/* Its key's command, if that has to be run. */
static bool wants_terminal(struct app *app, const struct server *server)
{
    struct source *source = server->key_command ? net_source_new(app->net, server) : NULL;
    bool wants = source && net_source_wants_terminal(source);
    if (source)
        source->ops->free(source);
    return wants;
}

/* A key command may want to ask for a passphrase: it gets the terminal. */
static bool ask(struct app *app, const struct server *server, int64_t ticket, int limit_ms, struct err *e)
{
    bool leave = wants_terminal(app, server);
    if (leave)
        term_leave(app->term);
    bool ok = net_ask(app->net, server, ticket, limit_ms, e);
    if (leave && !term_return(app->term, e))
        app->quit = true;
    return ok;
}

bool servers_ask(struct app *app, int index, struct question *q)
{
    struct err err = {0};
    if (!exposed_may_send(app, index, NULL))
        return false;
    *q = (struct question){++app->servers.last_ticket, index};
    if (ask(app, &app->config.servers[index], q->ticket, ASK_MS, &err))
        return true;
    q->ticket = 0;
    app_fail(app, &err);
    return false;
}

bool servers_question(struct app *app, const struct server *s, int limit_ms, int64_t *ticket, struct err *e)
{
    *ticket = ++app->servers.last_ticket;
    return ask(app, s, *ticket, limit_ms, e);
}

bool servers_give_up(struct app *app)
{
    bool awaited = app->servers.awaited.ticket != 0 || app->servers.generate_when_known;
    app->servers.awaited.ticket = 0;
    app->servers.generate_when_known = false;
    return awaited;
}

/* Which model a server has that names none, and what it tells of the one in use. Another machine hears of the writer only when the writer asks
 * it first: it is `met`. */
static void ask_quietly(struct app *app, bool met)
{
    int current = app->servers.current;
    const struct server *s = servers_current(app);
    struct url_parts parts = {.loopback = false};
    bool listed = app->servers.models[current].len > 0;
    bool near = url_split(s->url, &parts, NULL) && parts.loopback;
    bool wanted = (!listed && (!*s->model || (near && !server_context(s)))) || known_is_open(app, current);
    if (wanted && (near || listed || met) && !s->key_command)
        servers_ask(app, current, &app->servers.quiet);
}

/* -- choosing --------------------------------------------------------------------------------------------------------------------------- */

static void remember(struct app *app)
{
    struct err err = {0};
    const struct server *s = servers_current(app);
    str_set(&app->servers.remembered, span_of(s->name));
    if (!store_set_setting(app->store, "server", span_of(s->name), &err) || !store_set_setting(app->store, "model", span_of(s->model), &err))
        app_fail(app, &err);
    models_note(app);
}

void servers_used(struct app *app, int index)
{
    if (is_muse(app, index) && index == app->servers.current && app->servers.remembered.len == 0)
        remember(app);
    else if (index == app->servers.current)
        models_note_piece(app);
    if (index == app->servers.current && known_is_open(app, index) && !app->servers.quiet.ticket)
        ask_quietly(app, true);
}

void servers_choose(struct app *app, int index)
{
    app->servers.current = index;
    remember(app);
    ask_quietly(app, false);
    app_touch(app, true);
}

void servers_choose_model(struct app *app, const char *model)
{
    struct server *server = servers_current(app);
    server_set_text(&server->model, span_of(model));
    server->told = known_of(app, app->servers.current, span_of(model));
    remember(app);
    ask_quietly(app, false);
    app_touch(app, true);
}

void servers_use(struct app *app, int index, const char *model)
{
    app->servers.current = index;
    servers_choose_model(app, model);
}

void servers_label(struct app *app, struct str *out)
{
    const struct server *s = servers_current(app);
    struct str host = {0};
    struct url_parts parts = {.https = true};
    if (server_is_muse(s)) {
        display_line(out, span_of(s->model), 28);
        str_printf(out, " · %s", strcmp(s->model, MUSE_NAME) ? MUSE_NAME : _("built in"));
        return;
    }
    url_label(s->url, &host);
    if (url_split(s->url, &parts, NULL) && !parts.https && !parts.loopback)
        str_add_text(&host, " http"); /* what is written there can be read on the way */
    display_line(out, *s->model ? span_of(s->model) : span_of(s->name), 28);
    str_add_text(out, " · ");
    display_line(out, str_span(&host), 28);
    str_release(&host);
}

/* -- looking around ------------------------------------------------------------------------------------------------------------------------ */

static void probe(struct app *app)
{
    struct servers *s = &app->servers;
    for (int i = 0; i < s->probe_count; i++)
        server_release(&s->probes[i]);
    s->probe_count = (int)COUNT_OF(usual_places);
    s->probes = mem_grow(s->probes, (size_t)s->probe_count, sizeof *s->probes);
    s->probe_first = s->last_ticket + 1;
    for (int i = 0; i < s->probe_count; i++) {
        server_init(&s->probes[i]);
        server_set_text(&s->probes[i].name, span_of(usual_places[i].name));
        server_set_text(&s->probes[i].url, span_of(usual_places[i].url));
        s->probes[i].dialect = usual_places[i].dialect;
        s->probes[i].found = true;
    }
    bool asked = true; /* no libcurl: the first real request will say so */
    for (int i = 0; asked && i < s->probe_count; i++)
        asked = net_ask(app->net, &s->probes[i], ++s->last_ticket, PROBE_MS, NULL);
    s->probe_last = s->probe_first + s->probe_count - 1;
}

void servers_look_around(struct app *app, bool all)
{
    bool own = false; /* the writer has set up a server */
    for (int i = 0; i < app->config.server_count; i++)
        own = own || !app->config.servers[i].found;
    if (all || !own)
        probe(app);
    ask_quietly(app, false);
}

/* -- answers ------------------------------------------------------------------------------------------------------------------------------------ */

static void probe_answered(struct app *app, const struct answer *a)
{
    struct servers *s = &app->servers;
    struct server *found = &s->probes[a->ticket - s->probe_first];
    bool chosen_before = span_is(str_span(&s->remembered), found->name);
    if (!a->ok && chosen_before && is_muse(app, s->current))
        app_say(app, STYLE_WARNING, _("%s does not answer today; the muse writes meanwhile, and F2 shows what else there is."), found->name);
    if (!a->ok)
        return;
    for (int i = 0; i < app->config.server_count; i++)
        if (!strcmp(app->config.servers[i].url, found->url) || !strcmp(app->config.servers[i].name, found->name))
            return; /* the writer's own word on it stands */
    server_set_text(&found->model, first_line(&a->models));
    config_put_server(&app->config, found);
    make_room(app);
    if (chosen_before) {
        struct str model = {0};
        if (store_setting(app->store, "model", &model) && model.len)
            server_set_text(&app->config.servers[s->count - 1].model, str_span(&model));
        str_release(&model);
    }
    take_models(app, s->count - 1, a);
    if (chosen_before || (is_muse(app, s->current) && s->remembered.len == 0)) {
        s->current = s->count - 1;
        app_say(app, STYLE_OK, _("%s answers on this machine and is in use; F2 shows others."), found->name);
    }
}

/* The models of a server the writer uses. Whichever question is answered first, ^G that waited for it goes on and nothing pops up. */
static void models_answered(struct app *app, const struct answer *a, struct question *q)
{
    struct servers *s = &app->servers;
    struct server *server = &app->config.servers[q->server];
    bool awaited = q == &s->awaited, generate = s->generate_when_known && q->server == s->current;
    q->ticket = 0;
    if (awaited)
        s->generate_when_known = false;
    bool silent = !a->ok && a->err.kind != ERR_NETWORK; /* it is there, but does not tell: it may write all the same */
    if (silent && *server->model)
        known_none(app, q->server, span_of(server->model));
    if (silent && generate && *server->model) {
        s->generate_when_known = false;
        s->awaited.ticket = 0;
        str_clear(&app->message);
        desk_generate(app);
        return;
    }
    if (!a->ok) {
        if (awaited)
            app_fail(app, &a->err);
        return;
    }
    take_models(app, q->server, a);
    if (generate) {
        s->generate_when_known = false;
        s->awaited.ticket = 0;
    }
    if (awaited || generate)
        str_clear(&app->message);
    if (generate && *server->model)
        desk_generate(app);
    else if ((generate || awaited) && a->models.len == 0)
        app_say(app, STYLE_WARNING, "%s", _("The server lists no model; write one into its form (F2)."));
    else if (awaited)
        menu_models(app);
}

void servers_step(struct app *app)
{
    struct servers *s = &app->servers;
    struct answer a = {0};
    while (net_next_answer(app->net, &a)) {
        if (s->probe_first && a.ticket >= s->probe_first && a.ticket <= s->probe_last)
            probe_answered(app, &a);
        else if (!server_test_answer(app, &a) && !doctor_look_answer(app, &a) && a.ticket == s->awaited.ticket)
            models_answered(app, &a, &s->awaited);
        else if (a.ticket == s->quiet.ticket)
            models_answered(app, &a, &s->quiet);
        answer_release(&a);
        app_touch(app, true);
    }
}
