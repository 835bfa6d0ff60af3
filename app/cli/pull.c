#include "app/amounts.h"
#include "app/cli/json_line.h"
#include "app/cli/progress.h"
#include "app/pulling.h"
#include "app/stop.h"
#include "core/clock.h"
#include "core/i18n.h"

#include <string.h>

#define JSON_US 200000 /* between two lines */

struct work {
    struct cli *cli;
    struct net *net;
    struct pull *pull;
    struct progress progress;
    struct str last; /* line of JSON, */
    int64_t last_us; /* and when it was */
};

/* -- how it goes ---------------------------------------------------------------------------------------------------------------------- */

static void print_json(struct work *w)
{
    const struct pull_told *t = pull_told(w->pull);
    struct printer *out = &w->cli->out;
    struct str line = {0};
    json_line_open(&line, NULL);
    json_line_text(&line, "model", span_of(pull_model(w->pull)));
    json_line_text(&line, "status", str_span(&t->words));
    json_line_number(&line, "completed", t->done);
    if (t->total > 0)
        json_line_number(&line, "total", t->total);
    json_line_close(&line);
    if (!span_equal(str_span(&line), str_span(&w->last))) {
        str_printf(&out->held, "%s\n", str_text(&line));
        printer_flush(out);
        w->last_us = clock_now_us();
        str_move(&w->last, &line);
    }
    str_release(&line);
}

static void show(struct work *w)
{
    const struct pull_told *t = pull_told(w->pull);
    struct str line = {0};
    if (!t->words.len)
        return;
    if (w->cli->args.values[OPTION_JSON]) {
        if (pull_over(w->pull) || clock_now_us() - w->last_us >= JSON_US)
            print_json(w);
        return;
    }
    if (pull_over(w->pull) || !progress_due(&w->progress))
        return;
    pulling_tell(t, &line);
    if (line.len)
        progress_put(&w->progress, t->done, t->total, str_span(&line));
    str_release(&line);
}

static int wait_ms(const struct work *w)
{
    int64_t left = w->last_us + JSON_US - clock_now_us();
    if (!w->cli->args.values[OPTION_JSON])
        return progress_wait_ms(&w->progress);
    return left <= 0 ? -1 : (int)(left / 1000) + 1;
}

static void follow(struct work *w)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
    while (!pull_over(w->pull) && !stop_signal() && !w->cli->out.broken) {
        net_wait(w->net, &stop, 1, wait_ms(w));
        net_step(w->net);
        show(w);
    }
    progress_clear(&w->progress);
}

/* -- the end -------------------------------------------------------------------------------------------------------------------------- */

static int tell_stopped(struct work *w)
{
    const struct pull_told *t = pull_told(w->pull);
    struct str bytes = {0};
    pulling_tell_bytes(t, &bytes);
    cli_note(w->cli, _("Stopped at %s. The server keeps what came; the same command goes on from there."), str_text(&bytes));
    str_release(&bytes);
    return EXIT_STOPPED;
}

static int tell_failed(struct work *w)
{
    const struct pull_told *t = pull_told(w->pull);
    int code = cli_fail(w->cli, pull_err(w->pull));
    if (t->done > t->had)
        cli_note(w->cli, "%s", _("The same command goes on from there."));
    return code;
}

static int tell_there(struct work *w, const struct server *server)
{
    const char *model = pull_model(w->pull), *url = w->cli->args.values[OPTION_URL];
    struct str size = {0};
    amount_bytes(&size, pull_told(w->pull)->done);
    if (pull_told(w->pull)->done)
        cli_note(w->cli, _("%s is there, %s."), model, str_text(&size));
    else
        cli_note(w->cli, _("%s is there."), model);
    cli_hint(w->cli, _("Write with it: renga write %s %s -m %s \"…\""), url ? "-u" : "-s", url ? url : server->name, model);
    str_release(&size);
    return EXIT_DONE;
}

static int pull(struct cli *cli, const struct server *server)
{
    struct err err = {0};
    struct str host = {0};
    struct work w = {.cli = cli, .net = net_new()};
    int code = EXIT_DONE;
    stop_listen();
    w.pull = pull_start(w.net, server, span_of(cli->args.operands[0]), &err);
    if (w.pull) {
        url_label(server->url, &host);
        cli_note(cli, cli->err.terminal ? _("Fetching %s onto %s; Ctrl-C stops it.") : _("Fetching %s onto %s."), pull_model(w.pull), str_text(&host));
        progress_begin(&w.progress, cli, false);
        follow(&w);
        if (!pull_over(w.pull))
            code = tell_stopped(&w);
        else
            code = pull_err(w.pull)->kind ? tell_failed(&w) : tell_there(&w, server);
    } else {
        code = cli_fail(cli, &err);
        if (!net_pulls(server))
            cli_note(cli, "%s", _("Name one: renga pull MODEL -s NAME, or -u http://127.0.0.1:11434; renga servers lists them."));
    }
    pull_free(w.pull);
    net_free(w.net);
    str_release(&w.last);
    str_release(&host);
    return code;
}

int cli_pull(struct cli *cli)
{
    struct err err = {0};
    struct server server = {0};
    if (!cli_server(cli, &server, &err))
        return cli_fail(cli, &err);
    int code = pull(cli, &server);
    server_release(&server);
    return code;
}
