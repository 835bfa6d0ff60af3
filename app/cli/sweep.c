#include "app/cli/asking.h"
#include "app/cli/run.h"
#include "app/cli/takes_out.h"
#include "app/stop.h"
#include "core/i18n.h"
#include "core/sweep.h"

/* One value, from asking to its last byte. */
struct value {
    struct str name;             /* "temperature 0.30" */
    struct takes_out out;
    bool headed;
};

struct sweeping {
    struct cli_run run;
    struct sweep sweep;
    struct asking asking;
    struct value values[SWEEP_MAX];
    int count;                   /* of values that were asked */
    int current;                 /* the one that is being printed */
    struct err err;              /* the first thing that failed */
};

/* -- which values ------------------------------------------------------------------------------------------------------------------- */

/* Takes the one option with several values out of the arguments; what is left is a command line like that of `renga write`. */
static bool find_axis(struct args *a, struct sweep *sweep, struct err *e)
{
    const char *model = a->values[OPTION_MODEL];
    int dial = -1, lists = model && span_find(span_of(model), SPAN(","), 0) >= 0;
    for (int i = 0; i < DIAL_COUNT; i++)
        if (a->dials[i] && sweep_is_list(span_of(a->dials[i]))) {
            lists++;
            dial = i;
        }
    if (lists == 0)
        return err_set(e, ERR_USAGE, _("renga sweep wants a dial with several values, for instance --temperature 0.3:1.3:0.2, --seed 1:5 or "
                                       "--model a,b."));
    if (lists > 1)
        return err_set(e, ERR_USAGE, _("renga sweep goes over one dial at a time; give the others one value."));
    if (dial < 0) {
        a->values[OPTION_MODEL] = NULL;
        return sweep_parse_models(sweep, span_of(model), e);
    }
    struct span values = span_of(a->dials[dial]);
    a->dials[dial] = NULL;
    return sweep_parse_dial(sweep, (enum dial_id)dial, values, e);
}

/* -- printing ----------------------------------------------------------------------------------------------------------------------- */

static bool any_text(const struct takes_out *out)
{
    for (int i = 0; i < out->count; i++)
        if (out->piece->takes[out->first + i].text.len)
            return true;
    return false;
}

static bool all_over(const struct takes_out *out)
{
    if (out->json)
        return out->told;
    for (int i = 0; i < out->count; i++)
        if (!take_state_over(out->piece->takes[out->first + i].state))
            return false;
    return true;
}

static void print_heading(struct sweeping *s, struct value *v)
{
    struct printer *out = &s->run.cli->out;
    if (v->headed || v->out.json)
        return;
    printer_say(out, s->current ? "\n" : "");
    printer_style(out, 1);
    printer_say(out, "── ");
    printer_line(out, str_span(&v->name));
    printer_say(out, " ──");
    printer_style(out, 0);
    printer_say(out, "\n");
    v->headed = true;
}

/* A value after another, each as it comes; what never got an answer because the writer stopped is passed over. */
static void print_values(struct sweeping *s)
{
    for (; s->current < s->count; s->current++) {
        struct value *v = &s->values[s->current];
        bool over = all_over(&v->out), text = any_text(&v->out);
        if (text || (over && !stop_signal()))
            print_heading(s, v);
        if (text || over)
            takes_out_step(&v->out);
        if (!over)
            return;
    }
}

/* -- asking ------------------------------------------------------------------------------------------------------------------------- */

static struct value *value_of(struct sweeping *s, const struct job *r)
{
    for (int i = 0; i < s->count; i++)
        if (s->values[i].out.generation == r->generation)
            return &s->values[i];
    return NULL;
}

static void on_run_over(void *ctx, struct job *r)
{
    struct sweeping *s = ctx;
    struct value *v = value_of(s, r);
    if (v)
        v->out.told = true;
    if (!r->err.kind || r->cancelled)
        return;
    if (!s->err.kind)
        s->err = r->err;
    cli_note(s->run.cli, "renga: %s: %s", v ? str_text(&v->name) : "", r->err.text);
}

static void on_note(void *ctx, struct job *r, struct span text)
{
    asking_note(((struct sweeping *)ctx)->run.cli, r, text);
}

static void on_waiting(void *ctx, struct job *r)
{
    asking_waiting(((struct sweeping *)ctx)->run.cli, r);
}

static void start_value(struct sweeping *s, int index, int64_t first)
{
    struct cli_run *run = &s->run;
    struct value *v = &s->values[s->count];
    struct job *r = NULL;
    struct err err = {0};
    sweep_apply(&s->sweep, index, &run->request);
    run->what.sweep = s->count ? first : SWEEP_FIRST;
    str_printf(&v->name, "%s ", sweep_name(&s->sweep));
    sweep_value(&s->sweep, index, &v->name);
    if (engine_start(&s->asking.engine, &run->piece, run->parent, &run->request, s->asking.source, &run->server, &run->what, &r, &err)) {
        v->out = (struct takes_out){.cli = run->cli, .piece = &run->piece, .generation = r->generation, .first = r->first_take,
                                    .count = r->takes, .json = run->cli->args.values[OPTION_JSON],
                                    .odds = run->request.logprobs > 0 ? run->store : NULL};
        s->count++;
        return;
    }
    if (!s->err.kind)
        s->err = err;
    cli_note(run->cli, "renga: %s: %s", str_text(&v->name), err.text);
    str_clear(&v->name);
}

static void ask(struct sweeping *s)
{
    int64_t first = 0;
    s->asking.engine.watch = (struct engine_watch){.run_over = on_run_over, .note = on_note, .waiting = on_waiting, .ctx = s};
    if (!s->sweep.models)
        cli_run_find_model(&s->run, s->asking.net);
    for (int i = 0; i < s->sweep.count && !stop_signal(); i++) {
        start_value(s, i, first);
        if (s->count && !first)
            first = s->run.piece.generations[s->values[0].out.generation].id;
    }
}

static void watch(struct sweeping *s)
{
    struct printer *out = &s->run.cli->out;
    while (engine_busy(&s->asking.engine, NULL)) {
        if (stop_signal() || out->broken)
            engine_cancel_all(&s->asking.engine, NULL);
        asking_turn(&s->asking, -1);
        print_values(s);
        if (!stop_signal())
            printer_flush(out);
    }
    print_values(s);
}

static int finish(struct sweeping *s)
{
    struct cli *cli = s->run.cli;
    const struct engine *en = &s->asking.engine;
    int code = stop_signal() ? 128 + stop_signal() : cli_exit_code(s->err.kind);
    int64_t id = s->count ? s->run.piece.generations[s->values[0].out.generation].id : 0;
    bool kept = id && !store_in_memory(s->run.store) && !en->storage_err.kind;
    if (kept && stop_signal())
        cli_note(cli, _("What came is kept: renga show %lld, and those after it"), (long long)id);
    if (en->storage_err.kind)
        cli_note(cli, _("renga: %s This text was shown but not kept whole."), en->storage_err.text);
    return code;
}

static bool prepare(struct sweeping *s, struct str *input, struct err *e)
{
    return find_axis(&s->run.cli->args, &s->sweep, e) && cli_run_prepare(&s->run, input, e);
}

int cli_sweep(struct cli *cli)
{
    static struct sweeping s; /* large, and there is one */
    struct str input = {0};
    struct err err = {0};
    int code = EXIT_DONE;
    cli_run_init(&s.run, cli);
    if (!prepare(&s, &input, &err)) {
        code = cli_fail(cli, &err);
        goto out;
    }
    asking_begin(&s.asking, cli, &s.run.server, s.run.store);
    ask(&s);
    watch(&s);
    if (s.count)
        cli_run_choose(&s.run, s.values[0].out.first, &s.asking.engine.storage_err);
    code = finish(&s);
    asking_end(&s.asking);
out:
    for (int i = 0; i < SWEEP_MAX; i++)
        str_release(&s.values[i].name);
    sweep_release(&s.sweep);
    str_release(&input);
    cli_run_release(&s.run);
    return code;
}
