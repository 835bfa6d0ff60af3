#include "app/desk/generate.h"
#include "app/engine/compose.h"
#include "app/desk/desk.h"
#include "app/desk/rewrite.h"
#include "app/projects/projects.h"
#include "app/exposed.h"
#include "app/servers.h"
#include "app/known.h"
#include "app/views/odds.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "net/pull.h"

#include <stdlib.h>
#include <string.h>

/* -- what comes back ---------------------------------------------------------------------------------------------------------------- */

static void on_text(void *ctx, struct job *job, int take, struct span text)
{
    struct app *app = ctx;
    int passage = page_passage_of_take(&app->piece, take);
    size_t at = 0, len = 0;
    (void)job;
    if (passage >= 0)
        rewrite_text(app, passage, text);
    if (passage >= 0 && page_take_grew(&app->page, passage, text, &at, &len)) {
        editor_shifted(&app->desk.page, at, 0, len);
        if (at + len != buffer_length(app->page.buf))
            tally_reset(&app->tally);
    }
    app_touch_stream(app);
}

/* The thoughts leave the page; what the writer typed among them stays. */
static void on_rethought(void *ctx, struct job *job, int take)
{
    struct app *app = ctx;
    int passage = page_passage_of_take(&app->piece, take);
    size_t at = 0, len = 0;
    (void)job;
    if (passage < 0)
        return;
    rewrite_rethought(app, passage);
    while (page_take_back(&app->page, passage, &at, &len)) {
        editor_shifted(&app->desk.page, at, len, 0);
        app_say(app, STYLE_DIM, "%s", _("That was the model thinking; it is kept apart, and the answer follows."));
    }
    page_sync(&app->page);
    tally_reset(&app->tally);
    app_touch(app, true);
}

/* All room went into thinking, or the answer was to be longer than the room: nothing can be read. */
static bool ran_out(const struct take *t)
{
    return take_state_over(t->state) && finish_is_length(str_span(&t->finish)) && span_trim(str_span(&t->text)).len == 0;
}

static void on_take_over(void *ctx, struct job *job, int take)
{
    struct app *app = ctx;
    const struct take *t = &job->piece->takes[take];
    rewrite_take_over(app, page_passage_of_take(&app->piece, take));
    if (ran_out(t))
        app_say(app, STYLE_WARNING, "%s", t->reasoning.len ? _("The model used all its room to think. F5 asks again with four times max tokens.")
                                                           : _("There was no room for a text. F5 asks again with four times max tokens."));
    else if (t->state == TAKE_FAILED && t->error.len)
        app_say(app, STYLE_ERROR, "%s", str_text(&t->error));
    else if (t->state == TAKE_DONE && span_trim(str_span(&t->text)).len == 0)
        app_say(app, STYLE_WARNING, "%s", _("The model answered with nothing. F5 asks it again."));
    else if (t->state == TAKE_DONE && finish_is_blocked(str_span(&t->finish)))
        app_say(app, STYLE_WARNING, "%s", _("The server's filter ended the take here, or the model declined to go on."));
    else if (t->state == TAKE_DONE && finish_is_length(str_span(&t->finish)))
        app_say(app, STYLE_DIM, "%s", _("The take stopped at max tokens; ^G on the page goes on."));
    app_touch(app, false);
}

/* The server's own words on it stay with the take. */
static bool is_to_be_fetched(struct app *app, const struct err *e)
{
    return e->status == 404 && net_pulls(servers_current(app)) && strstr(e->text, "ollama pull");
}

static void on_job_over(void *ctx, struct job *job)
{
    struct app *app = ctx;
    bool passing = job->err.kind == ERR_NETWORK || job->err.kind == ERR_BUSY, desk = app->view == VIEW_DESK; /* elsewhere other keys help */
    if (desk && passing && !job->first_us && !buffer_length(app->prompt))
        app_say(app, STYLE_ERROR, _("%s ^G asks again."), job->err.text);
    else if (desk && job->err.kind && job->first_us && job->piece->takes[job->first_take].text.len)
        app_say(app, STYLE_ERROR, _("%s ^G on the page goes on, F5 asks again."), job->err.text);
    else if (is_to_be_fetched(app, &job->err))
        app_say(app, STYLE_ERROR, "%s", _("The server does not have this model yet. “pull-model” in ^P fetches it, M-m chooses another."));
    else if (job->err.kind && !ran_out(&job->piece->takes[job->first_take])) /* that was said with the key that helps */
        app_say(app, STYLE_ERROR, "%s", job->err.text);
    app_touch(app, false);
}

/* It stands until the next key, unless something worse is said. */
static void on_note(void *ctx, struct job *job, struct span text)
{
    (void)job;
    app_say(ctx, STYLE_WARNING, "%.*s", SPAN_ARG(text));
}

static void on_waiting(void *ctx, struct job *job)
{
    struct app *app = ctx;
    (void)job;
    app_touch(app, false);
}

void desk_watch(struct app *app)
{
    app->engine.watch = (struct engine_watch){on_text, on_take_over, on_job_over, on_waiting, on_note, on_rethought, app};
}

/* -- asking ------------------------------------------------------------------------------------------------------------------------------ */

/* What ^G means where the writer is. On the page it goes on with the text; a page without one leaves only the prompt to be meant. */
static enum generation_kind meant(struct app *app, int tip)
{
    if (rewrite_shown(app) || rewrite_is_meant(app))
        return KIND_REWRITE;
    if (insert_is_meant(app))
        return KIND_INSERT;
    if ((app->desk.focus != FOCUS_PAGE || tip < 0) && span_trim(buffer_text(app->prompt)).len > 0)
        return KIND_ASK;
    return KIND_CONTINUE;
}

bool generate_prepare(struct app *app, struct request *req, struct err *e)
{
    req->dials = app->dials;
    req->logprobs = odds_asked(app, servers_current(app));
    str_set(&req->system, projects_system(app));
    compose_toward(req, servers_current(app));
    compose_for_server(req, servers_current(app));
    return stops_from_json(req, str_span(&app->stops), e);
}

bool desk_request(struct app *app, struct request *req, struct generation *what, struct err *e)
{
    int tip = page_tip(&app->page);
    enum generation_kind kind = meant(app, tip);
    if (!generate_prepare(app, req, e))
        return false;
    if (kind == KIND_REWRITE)
        return rewrite_request(app, req, what, e);
    if (kind == KIND_INSERT)
        insert_request(app, req, what);
    else if (kind == KIND_ASK)
        compose_ask(req, what, &app->piece, tip, buffer_text(app->prompt), app->context);
    else if (tip >= 0)
        compose_continue(req, what, &app->piece, tip);
    else
        return err_set(e, ERR_USAGE, "%s", _("Write a prompt first; ^G then asks."));
    return true;
}

struct job *generate_send(struct app *app, int parent, const struct request *req, const struct generation *what, int server)
{
    struct err err = {0};
    struct job *job = NULL;
    if (!exposed_may_send(app, server, NULL))
        return NULL;
    struct source *source = servers_source(app, server);
    bool leave = servers_wants_terminal(app, server);
    if (leave)
        term_leave(app->term);
    bool ok = engine_start(&app->engine, &app->piece, parent, req, source, &app->config.servers[server], what, &job, &err);
    if (leave && !term_return(app->term, &err))
        ok = false;
    if (!ok) {
        app_fail(app, &err);
        return NULL;
    }
    servers_used(app, server);
    desk_changed(app);
    return job;
}

void generate_show(struct app *app, int leaf, size_t from)
{
    int before = app->piece.leaf;
    bool empty_page = buffer_length(app->page.buf) == 0;
    size_t changed = page_go(&app->page, leaf);
    if (from != SIZE_MAX)
        editor_after_change(&app->desk.page, from);
    else if (empty_page || app->desk.page.caret >= changed || before < 0)
        editor_after_change(&app->desk.page, buffer_length(app->page.buf));
    app->desk.page.follow = true;
    desk_edited(app);
}

/* The takes hang below `parent`, and the first comes onto the page. */
static bool send(struct app *app, int parent, const struct request *req, const struct generation *what, int server)
{
    struct job *job = generate_send(app, parent, req, what, server);
    if (job)
        generate_show(app, page_passage_of_take(&app->piece, job->first_take), SIZE_MAX);
    return job != NULL;
}

void generate_clear_prompt(struct app *app)
{
    editor_select_all(&app->desk.prompt);
    editor_delete(&app->desk.prompt, MOVE_LEFT);
    buffer_seal(app->prompt);
}

/* The newest generation that has a take on the page, -1: none. What stands behind an insertion is older than it. */
static int last_generation(struct app *app)
{
    const struct piece *p = &app->piece;
    int newest = -1;
    for (int i = p->leaf; i >= 0; i = p->passages[i].parent) {
        int g = p->passages[i].take < 0 ? -1 : piece_find_generation(p, p->takes[p->passages[i].take].generation);
        newest = g > newest ? g : newest;
    }
    return newest;
}

/* The generation whose takes hang below a passage, the trash included; -1: nothing was asked there. */
static int generation_below(const struct piece *p, int passage)
{
    for (int i = p->passage_count - 1; i >= 0; i--)
        if (p->passages[i].parent == passage && p->passages[i].take >= 0)
            return piece_find_generation(p, p->takes[p->passages[i].take].generation);
    return -1;
}

/* The generation of a prompt that ends the page: its server refused, nothing came, or the answer lies in the trash. -1: there is none. */
static int unanswered(struct app *app)
{
    int tip = page_tip(&app->page);
    bool waits = tip >= 0 && app->piece.passages[tip].author == AUTHOR_PROMPT && meant(app, tip) == KIND_CONTINUE;
    return waits ? generation_below(&app->piece, tip) : -1;
}

bool generate_can_send(struct app *app, const struct request *req)
{
    struct source *source = servers_source(app, app->servers.current);
    struct str body = {0};
    struct err err = {0};
    if (!exposed_may_send(app, app->servers.current, NULL))
        return false;
    if (req->model.len == 0 && servers_ask(app, app->servers.current, &app->servers.awaited)) {
        app->servers.generate_when_known = true;
        app_say(app, STYLE_DIM, "%s", _("Asking the server for its models…"));
        return false;
    }
    if (known_is_needed(app, app->servers.current) && servers_ask(app, app->servers.current, &app->servers.awaited)) {
        app->servers.generate_when_known = true;
        app_say(app, STYLE_DIM, "%s", _("Asking the server about its model…"));
        return false;
    }
    bool can = source->ops->preview(source, req, &body, &err);
    if (!can)
        app_fail(app, &err);
    str_release(&body);
    return can;
}

/* A prompt that nobody can be asked stays where it is written, and does not come onto the page. */
static void ask_now(struct app *app)
{
    struct request req;
    struct generation what = {0};
    struct err err = {0};
    request_init(&req);
    if (!desk_request(app, &req, &what, &err)) {
        app_fail(app, &err);
    } else if (exposed_may_send(app, app->servers.current, desk_generate) && generate_can_send(app, &req)) {
        int tip = page_tip(&app->page);
        if (what.kind == KIND_REWRITE)
            rewrite_send(app, &req, &what);
        else if (what.kind == KIND_INSERT)
            insert_send(app, &req, &what);
        else if (what.kind == KIND_CONTINUE)
            send(app, tip, &req, &what, app->servers.current);
        else if (send(app, piece_add_prompt(&app->piece, tip, str_span(&what.prompt)), &req, &what, app->servers.current))
            generate_clear_prompt(app);
        desk_save(app);
    }
    request_release(&req);
    generation_release(&what);
}

/* -- asking again ---------------------------------------------------------------------------------------------------------------------------- */

static int server_named(struct app *app, const struct str *name)
{
    for (int i = 0; i < app->config.server_count; i++)
        if (span_is(str_span(name), app->config.servers[i].name))
            return i;
    return -1;
}

/* The takes join the others of `g`: over the page while a rewriting is shown there, else on it. */
static void show_again(struct app *app, const struct job *job, const struct generation *g)
{
    int first = page_passage_of_take(&app->piece, job->first_take);
    if (g->kind == KIND_REWRITE && rewrite_shown(app))
        rewrite_join(app, job);
    else
        generate_show(app, insert_complete(&app->piece, first), SIZE_MAX);
}

static void ask_again(struct app *app, int index, bool as_it_was)
{
    const struct generation *g = &app->piece.generations[index];
    struct request req;
    struct generation what = {0}, full = {0};
    struct take *takes = NULL;
    struct err err = {0};
    int count = 0, server = as_it_was ? server_named(app, &g->server) : app->servers.current;
    request_init(&req);
    if (server < 0)
        server = app->servers.current;
    known_toward(app, &req, server, as_it_was ? str_span(&g->model) : SPAN(""));
    if (!store_generation_load(app->store, g->id, &full, &takes, &count, &err) ||
               !compose_again(&req, &what, &app->piece, &full, &err)) {
        app_fail(app, &err);
    } else {
        if (!as_it_was || !span_is(str_span(&full.server), app->config.servers[server].name))
            str_clear(&req.model);
        if (!as_it_was) {
            str_clear(&req.system);
            (void)generate_prepare(app, &req, &err);
        }
        compose_for_server(&req, &app->config.servers[server]);
        req.logprobs = odds_asked(app, &app->config.servers[server]);
        struct job *job = generate_send(app, compose_parent(&app->piece, &full), &req, &what, server);
        if (job)
            show_again(app, job, &full);
        desk_save(app);
    }
    for (int i = 0; i < count; i++)
        take_release(&takes[i]);
    free(takes);
    request_release(&req);
    generation_release(&what);
    generation_release(&full);
}

/* What a rewriting that is shown has asked last. */
static int shown_generation(struct app *app)
{
    const struct piece *p = &app->piece;
    const int *takes = NULL;
    int count = 0, at = 0;
    rewrite_takes(app, &takes, &count, &at);
    return piece_find_generation(p, p->takes[p->passages[takes[at]].take].generation);
}

/* When all its takes ran out of room the dial goes up before it is asked again, unless the writer has moved it since. */
static void make_room(struct app *app, const struct generation *g)
{
    const struct piece *p = &app->piece;
    double room = g->dials.value[DIAL_MAX_TOKENS];
    bool found = false;
    for (int i = 0; i < p->take_count; i++) {
        if (p->takes[i].generation != g->id)
            continue;
        if (!ran_out(&p->takes[i]))
            return;
        found = true;
    }
    if (!found || !g->dials.on[DIAL_MAX_TOKENS] || !app->dials.on[DIAL_MAX_TOKENS] || app->dials.value[DIAL_MAX_TOKENS] > room)
        return;
    dial_set(&app->dials, DIAL_MAX_TOKENS, room * 4);
    desk_changed(app);
}

void desk_again(struct app *app)
{
    page_sync(&app->page);
    int index = rewrite_shown(app) ? shown_generation(app) : last_generation(app);
    if (index < 0) {
        app_say(app, STYLE_DIM, "%s", _("Nothing has been asked on this page yet."));
        return;
    }
    make_room(app, &app->piece.generations[index]);
    ask_again(app, index, false);
}

void desk_generate(struct app *app)
{
    int index = unanswered(app);
    if (index >= 0)
        ask_again(app, index, false);
    else
        ask_now(app);
}

void desk_rerun(struct app *app, int index)
{
    ask_again(app, index, true);
}
