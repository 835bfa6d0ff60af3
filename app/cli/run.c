#include "app/cli/run.h"
#include "app/cli/asking.h"
#include "app/cli/takes_out.h"
#include "app/engine/compose.h"
#include "app/engine/job_odds.h"
#include "app/stop.h"
#include "core/clock.h"
#include "core/i18n.h"

#include <errno.h>
#include <string.h>

#define MODELS_LIMIT_MS 10000
#define LONG_INPUT      4096  /* which every model holds: for less no server is asked how much it does */

void cli_run_init(struct cli_run *run, struct cli *cli)
{
    *run = (struct cli_run){.cli = cli, .parent = -1};
    piece_init(&run->piece);
    request_init(&run->request);
}

void cli_run_release(struct cli_run *run)
{
    server_release(&run->server);
    begin_release(&run->begin);
    request_release(&run->request);
    generation_release(&run->what);
    piece_release(&run->piece);
    store_close(run->store);
}

/* -- what the options say ---------------------------------------------------------------------------------------------------------------- */

static bool apply_preset(const struct config *c, struct dials *d, const char *name, struct err *e)
{
    for (int i = 0; i < c->preset_count; i++) {
        const struct own_preset *own = &c->presets[i];
        if (!strcmp(own->name, name))
            return preset_apply(d, &(struct preset){own->name, own->help, own->settings}, 0, e);
    }
    for (int i = 0; i < preset_count; i++)
        if (!strcmp(preset_table[i].name, name) || !strcmp(_(preset_table[i].name), name))
            return preset_apply(d, &preset_table[i], (uint64_t)clock_wall_ms() * 1000003 ^ (uint64_t)clock_now_us(), e);
    return err_set(e, ERR_USAGE, _("There is no preset “%s”; there are plain, steady, warm, wild, dice and those of your config."), name);
}

bool cli_run_options(struct cli_run *run, struct err *e)
{
    const struct args *a = &run->cli->args;
    struct request *req = &run->request;
    const char *preset = a->values[OPTION_PRESET];
    if (preset && !apply_preset(&run->cli->config, &req->dials, preset, e))
        return false;
    if (a->stop_count) {
        for (int i = 0; i < req->stop_count; i++)
            str_clear(&req->stops[i]);
        req->stop_count = 0;
    }
    for (int i = 0; i < a->stop_count; i++)
        if (!*a->stops[i] || !request_add_stop(req, span_of(a->stops[i])))
            return err_set(e, ERR_USAGE, _("A stop string must not be empty."));
    if (a->values[OPTION_SYSTEM])
        str_set(&req->system, span_of(a->values[OPTION_SYSTEM]));
    if (a->values[OPTION_NO_STREAM])
        req->stream = false;
    if (a->values[OPTION_ODDS])
        req->logprobs = server_is_muse(&run->server) ? ODDS_ASKED_MUSE : ODDS_ASKED;
    return args_dials(a, &req->dials, e);
}

bool cli_run_open_store(struct cli_run *run, struct err *e)
{
    struct err why = {0};
    if (!run->cli->args.values[OPTION_ONCE]) {
        if (cli_open_library(run->cli, &run->store, &why))
            return true;
        cli_note(run->cli, _("renga: %s This text will be shown but not kept."), why.text);
    }
    return store_open(&run->store, NULL, e);
}

/* -- while it runs ------------------------------------------------------------------------------------------------------------------------ */

struct watching {
    struct cli_run *run;
    struct asking asking;
    struct takes_out out;
    bool over;
    struct err err; /* why it failed */
};

static void on_waiting(void *ctx, struct job *r)
{
    asking_waiting(((struct watching *)ctx)->run->cli, r);
}

static void on_run_over(void *ctx, struct job *r)
{
    struct watching *w = ctx;
    w->over = true;
    w->err = r->err;
}

static void on_note(void *ctx, struct job *r, struct span text)
{
    asking_note(((struct watching *)ctx)->run->cli, r, text);
}

static void on_rethought(void *ctx, struct job *r, int take)
{
    (void)r;
    takes_out_rethought(&((struct watching *)ctx)->out, take);
}

/* Whatever happens, the loop goes on until the engine says that the run is over: that is when its text is kept. */
static void watch_run(struct watching *w, struct job *r)
{
    struct cli *cli = w->run->cli;
    while (!w->over) {
        bool enough = stop_signal() || cli->out.broken;
        if (enough)
            engine_cancel(&w->asking.engine, r);
        asking_turn(&w->asking, enough ? 1 : -1);
        w->out.told = w->over;
        takes_out_step(&w->out);
        if (!stop_signal())
            printer_flush(&cli->out);
    }
}

/* -- when it is over ---------------------------------------------------------------------------------------------------------------------- */

static bool any_text(const struct takes_out *out)
{
    for (int i = 0; i < out->count; i++)
        if (out->piece->takes[out->first + i].text.len)
            return true;
    return false;
}

/* "12 · qwen3 · 256 tokens · 3.4 s", and what the writer may want to do about the end. */
static void tell_end(struct watching *w, const struct generation *g)
{
    struct cli *cli = w->run->cli;
    const struct take *first = &w->run->piece.takes[w->out.first];
    int64_t tokens = 0;
    for (int i = 0; i < w->out.count; i++)
        tokens += w->run->piece.takes[w->out.first + i].tokens;
    const struct str *model = g->resolved.len ? &g->resolved : &g->model;
    if (g->id && !store_in_memory(w->run->store))
        cli_hint(cli, _("%lld · %s · %lld tokens · %.1f s"), (long long)g->id, model->len ? str_text(model) : str_text(&g->server),
                 (long long)tokens, (double)first->total_ms / 1000);
    if (!any_text(&w->out) && !w->err.kind && !stop_signal())
        cli_note(cli, !first->reasoning.len                        ? _("The answer is empty.")
                      : finish_is_length(str_span(&first->finish)) ? _("The model only thought and wrote nothing; give it more --max-tokens.")
                                                                   : _("The model only thought and wrote nothing; --stop may have ended it."));
    else if (finish_is_blocked(str_span(&first->finish)))
        cli_note(cli, "%s", _("The server's filter ended the take here, or the model declined to go on."));
    else if (finish_is_length(str_span(&first->finish)))
        cli_hint(cli, _("It was cut at its limit; --max-tokens moves it."));
}

static int finish(struct watching *w, const struct generation *g)
{
    struct cli *cli = w->run->cli;
    const struct engine *en = &w->asking.engine;
    bool kept = g->id && !store_in_memory(w->run->store) && !en->storage_err.kind;
    bool gone = cli->out.broken && cli->out.why == EPIPE;
    int code = cli_exit_code(w->err.kind);
    tell_end(w, g);
    if (w->err.kind)
        cli_fail(cli, &w->err);
    if (stop_signal())
        code = 128 + stop_signal();
    if (kept && !gone && (stop_signal() || w->err.kind) && any_text(&w->out))
        cli_note(cli, _("What came is kept: renga show %lld"), (long long)g->id);
    if (en->storage_err.kind)
        cli_note(cli, _("renga: %s This text was shown but not kept whole."), en->storage_err.text);
    return code;
}

void cli_run_choose(struct cli_run *run, int take, struct err *e)
{
    for (int i = 0; i < run->piece.passage_count; i++)
        if (run->piece.passages[i].take == take)
            piece_choose(&run->piece, i);
    (void)!store_piece_save(run->store, &run->piece, e); /* finish() tells of it */
}

void cli_run_find_model(struct cli_run *run, struct net *net)
{
    struct answer answer = {0};
    struct span rest, line;
    if (run->request.model.len)
        return;
    if (cli_ask(net, &run->server, MODELS_LIMIT_MS, &answer, NULL) && answer.ok) {
        rest = str_span(&answer.models);
        if (span_line(&rest, &line))
            str_set(&run->request.model, line);
    }
    answer_release(&answer);
}

void cli_run_find_told(struct cli_run *run, size_t input)
{
    struct answer answer = {0};
    struct server *s = &run->server;
    bool context = input > LONG_INPUT && !server_context(s), form = server_form_is_auto(s) && dialect_takes_form(s->dialect);
    if (server_is_muse(s) || (!context && !form))
        return;
    struct net *net = net_new();
    if (cli_ask(net, s, MODELS_LIMIT_MS, &answer, NULL) && answer.ok) {
        struct span rest = str_span(&answer.models), first = SPAN("");
        if (!run->request.model.len && !*s->model && span_line(&rest, &first))
            str_set(&run->request.model, first);
        s->told = answer_told(&answer, span_of(s->model));
    }
    answer_release(&answer);
    net_free(net);
}

/* Starts it and stays until it is over. */
static int go(struct watching *w)
{
    struct cli_run *run = w->run;
    struct engine *en = &w->asking.engine;
    struct job *r = NULL;
    struct err err = {0};
    if (!engine_start(en, &run->piece, run->parent, &run->request, w->asking.source, &run->server, &run->what, &r, &err))
        return cli_fail(run->cli, &err);
    int generation = r->generation;
    w->out = (struct takes_out){.cli = run->cli, .piece = &run->piece, .generation = generation, .first = r->first_take, .count = r->takes,
                                .json = run->cli->args.values[OPTION_JSON], .odds = run->request.logprobs > 0 ? run->store : NULL};
    watch_run(w, r);
    if (run->choose)
        cli_run_choose(run, w->out.first, &en->storage_err);
    return finish(w, &run->piece.generations[generation]);
}

int cli_run_go(struct cli_run *run)
{
    struct watching w = {.run = run};
    asking_begin(&w.asking, run->cli, &run->server, run->store);
    w.asking.engine.watch =
        (struct engine_watch){.run_over = on_run_over, .waiting = on_waiting, .note = on_note, .rethought = on_rethought, .ctx = &w};
    cli_run_find_model(run, w.asking.net);
    int code = stop_signal() ? 128 + stop_signal() : go(&w);
    asking_end(&w.asking);
    return code;
}
