#include "app/batch/batch.h"
#include "app/cli/asking.h"
#include "app/cli/progress.h"
#include "app/cli/run.h"
#include "app/engine/compose.h"
#include "app/stop.h"
#include "core/i18n.h"

#define FAILURES_TOLD 5   /* by name; the others are counted */
#define GONE_AT_LEAST 8   /* failures in a row after which the server counts as gone */

struct batching {
    struct cli_run run;
    struct asking asking;
    struct batch *batch;
    struct batch_plan plan;
    struct progress progress;
    struct str command;
    int told;
    bool gone, stopped;
};

/* -- what is asked ------------------------------------------------------------------------------------------------------------------- */

/* Options that change what is asked make another batch of the same file; how it is asked, and where it goes, do not. */
static void add_command(const struct args *a, const struct server *server, struct str *out)
{
    static const enum option options[] = {OPTION_MODEL, OPTION_SYSTEM, OPTION_PRESET};
    str_printf(out, "%s", server->url);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (a->values[options[i]])
            str_printf(out, "\n--%s %s", option_table[options[i]].name, a->values[options[i]]);
    for (int i = 0; i < a->stop_count; i++)
        str_printf(out, "\n--stop %s", a->stops[i]);
    for (int i = 0; i < DIAL_COUNT; i++)
        if (a->dials[i])
            str_printf(out, "\n--%s %s", dial_table[i].name, a->dials[i]);
}

static bool prepare(struct batching *b, struct err *e)
{
    struct cli *cli = b->run.cli;
    struct cli_run *run = &b->run;
    const struct args *a = &cli->args;
    int64_t retries = 0;
    if (!cli_server(cli, &run->server, e) || !args_number(a, OPTION_RETRY, 0, &retries, e))
        return false;
    run->request.dials = cli->config.dials;
    if (!cli_run_options(run, e) || !cli_open_library(cli, &run->store, e))
        return false;
    add_command(a, &run->server, &b->command);
    compose_for_server(&run->request, &run->server);
    cli_run_find_told(run, 0);
    compose_toward(&run->request, &run->server);
    b->plan = (struct batch_plan){
        .path = a->operands[0],
        .results = a->values[OPTION_OUT],
        .command = str_span(&b->command),
        .project = a->values[OPTION_PROJECT],
        .server = &run->server,
        .request = &run->request,
        .parallel = server_parallel(&run->server),
        .retries = (int)(retries < 100 ? retries : 100),
        .skip_broken = a->values[OPTION_SKIP_BROKEN],
    };
    return true;
}

/* -- while it runs ------------------------------------------------------------------------------------------------------------------- */

static void on_line(void *ctx, int64_t line, const char *why)
{
    struct batching *b = ctx;
    if (b->told++ >= FAILURES_TOLD)
        return;
    progress_clear(&b->progress);
    cli_note(b->run.cli, "%s:%lld: %s", b->plan.path, (long long)line, why);
}

static struct progress_state state_of(const struct batch *batch)
{
    const struct batch_counts *c = batch_counts(batch);
    return (struct progress_state){.all = c->lines, .done = c->done, .failed = c->failed, .tokens = c->tokens,
                                   .left = c->lines - c->before - c->done - c->failed - c->elsewhere};
}

static int sooner(int a, int b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

static bool enough(struct batching *b)
{
    const struct batch_counts *c = batch_counts(b->batch);
    int gone = 2 * b->plan.parallel;
    b->gone = b->gone || c->in_a_row >= (gone > GONE_AT_LEAST ? gone : GONE_AT_LEAST);
    return b->gone || stop_signal();
}

static bool work(struct batching *b, struct err *e)
{
    bool more = true;
    while (more) {
        if (!b->stopped && enough(b)) {
            b->stopped = true;
            batch_stop(b->batch);
        }
        if (!batch_step(b->batch, &more, e))
            return false;
        if (!more)
            break;
        asking_turn(&b->asking, sooner(batch_wait_ms(b->batch), progress_wait_ms(&b->progress)));
        struct progress_state s = state_of(b->batch);
        progress_show(&b->progress, &s);
    }
    return true;
}

/* -- when it is over ----------------------------------------------------------------------------------------------------------------- */

static void tell_end(struct batching *b)
{
    struct cli *cli = b->run.cli;
    const struct batch_counts *c = batch_counts(b->batch);
    struct progress_state s = state_of(b->batch);
    struct str line = {0};
    progress_clear(&b->progress);
    if (!b->progress.quiet) {
        progress_line(&b->progress, &s, &line);
        if (c->before)
            str_printf(&line, _(" · %lld were done before"), (long long)c->before);
        cli_note(cli, "%s", str_text(&line));
    }
    if (c->broken)
        cli_note(cli, ngettext("%lld line could not be read.", "%lld lines could not be read.", (unsigned long)c->broken),
                 (long long)c->broken);
    if (c->elsewhere)
        cli_note(cli, _("%lld are being asked by another renga; it was left to it."), (long long)c->elsewhere);
    if (b->gone)
        cli_note(cli, _("renga: %d lines failed one after the other, as if the server were gone: stopped."), c->in_a_row);
    if (c->failed || s.left)
        cli_note(cli, "%s", _("The same command goes on with what is left, and asks again what failed."));
    str_release(&line);
}

static int exit_code(const struct batching *b)
{
    const struct batch_counts *c = batch_counts(b->batch);
    if (stop_signal())
        return 128 + stop_signal();
    if (b->gone)
        return EXIT_NETWORK;
    return c->failed || c->elsewhere ? EXIT_FAILED : EXIT_DONE;
}

static int go(struct batching *b)
{
    struct err err = {0};
    struct cli *cli = b->run.cli;
    asking_begin(&b->asking, cli, &b->run.server, b->run.store);
    progress_begin(&b->progress, cli, cli->args.values[OPTION_QUIET]);
    int code = EXIT_DONE;
    b->batch = batch_new(&b->plan, &b->asking.engine, b->asking.source, on_line, b, &err);
    b->told = 0;
    if (!b->batch) {
        code = cli_fail(cli, &err);
    } else {
        cli_run_find_model(&b->run, b->asking.net);
        if (work(b, &err)) {
            tell_end(b);
            code = exit_code(b);
        } else {
            progress_clear(&b->progress);
            code = cli_fail(cli, &err);
            cli_note(cli, "%s", _("What was kept until then is kept; the same command goes on."));
        }
    }
    asking_end(&b->asking);
    batch_free(b->batch);
    return code;
}

int cli_batch(struct cli *cli)
{
    struct batching b = {0};
    struct err err = {0};
    cli_run_init(&b.run, cli);
    int code = prepare(&b, &err) ? go(&b) : cli_fail(cli, &err);
    str_release(&b.command);
    cli_run_release(&b.run);
    return code;
}
