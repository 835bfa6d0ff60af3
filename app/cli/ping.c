#include "app/doctor/ping.h"
#include "app/cli/cli.h"
#include "app/cli/json_line.h"
#include "core/display.h"
#include "core/i18n.h"

#define ASK_LIMIT_MS 15000
#define NAME_COLUMNS 11

/* -- findings ------------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *sign;
    int sgr;
} looks[] = {
    [VERDICT_WELL] = {"✓", 32}, [VERDICT_NOTE] = {"!", 33}, [VERDICT_WRONG] = {"✗", 31}, [VERDICT_PASSED] = {"·", 2},
};

static void print_start(struct cli *cli, enum verdict v, const char *name)
{
    int pad = NAME_COLUMNS - display_width(span_of(name));
    printer_style(&cli->out, looks[v].sgr);
    printer_format(&cli->out, "%s ", looks[v].sign);
    printer_style(&cli->out, 0);
    printer_format(&cli->out, "%s%*s ", name, pad > 0 ? pad : 0, "");
}

static void print_json(struct cli *cli, const struct finding *f)
{
    struct str *out = &cli->out.held;
    json_line_open(out, NULL);
    json_line_text(out, "check", span_of(f->check));
    if (f->server)
        json_line_text(out, "server", span_of(f->server));
    json_line_text(out, "verdict", span_of(verdict_name(f->verdict)));
    if (f->ms >= 0)
        json_line_number(out, "ms", f->ms);
    json_line_text(out, "text", span_of(f->text));
    json_line_close(out);
    printer_say(&cli->out, "\n");
}

bool cli_print_finding(struct cli *cli, const struct finding *f)
{
    if (cli->args.values[OPTION_JSON]) {
        print_json(cli, f);
    } else {
        print_start(cli, f->verdict, _(f->check));
        printer_line(&cli->out, span_of(f->text));
        if (f->ms >= 0) {
            printer_style(&cli->out, 2);
            printer_format(&cli->out, "  %d ms", f->ms);
            printer_style(&cli->out, 0);
        }
        printer_say(&cli->out, "\n");
    }
    printer_flush(&cli->out);
    return !cli->out.broken;
}

/* -- ping ----------------------------------------------------------------------------------------------------------------------------- */

static void print_server_line(struct cli *cli, const struct server *server)
{
    if (cli->args.values[OPTION_JSON])
        return;
    printer_line(&cli->out, span_of(server->name));
    printer_say(&cli->out, "  ");
    printer_line(&cli->out, span_of(server->url));
    printer_say(&cli->out, "\n");
}

static void print_steps(struct cli *cli, const struct server *server, const struct ping *p)
{
    for (int i = 0; i < PING_STEPS; i++)
        if (i != PING_TOKEN || p->tried)
            cli_print_finding(cli, &(struct finding){.check = ping_step_names[i], .server = server->name, .verdict = p->verdicts[i],
                                                     .ms = p->ms[i], .text = str_text(&p->texts[i])});
    if (!p->tried && ping_is_worth_a_try(p, server))
        cli_hint(cli, "%s", _("Whether it writes, renga ping --try finds out; that costs a few tokens."));
}

/* `models` is the server's list. */
static void try_first_token(struct ping *ping, struct net *net, const struct server *server, struct span models)
{
    struct span first = SPAN("");
    struct trial *trial = !ping_is_worth_a_try(ping, server) ? NULL : trial_new(net, server, span_line(&models, &first) ? first : SPAN(""));
    if (trial)
        trial_start(trial);
    while (trial && !trial_step(trial)) {
        net_wait(net, NULL, 0, trial_wait_ms(trial));
        net_step(net);
    }
    ping_tried(ping, server, trial);
    trial_free(trial);
}

static int ping_server(struct cli *cli, struct server *server)
{
    struct err err = {0};
    struct answer answer = {0};
    struct ping ping = {0};
    struct net *net = net_new();
    print_server_line(cli, server);
    printer_flush(&cli->out);
    if (cli_ask(net, server, ASK_LIMIT_MS, &answer, &err))
        ping_read(&ping, server, &answer);
    else
        ping_refused(&ping, server, &err);
    server->told = answer_told(&answer, span_of(server->model));
    if (cli->args.values[OPTION_TRY])
        try_first_token(&ping, net, server, str_span(&answer.models));
    print_steps(cli, server, &ping);
    int code = cli_exit_code(ping.err.kind);
    ping_release(&ping);
    answer_release(&answer);
    net_free(net);
    return code;
}

int cli_ping(struct cli *cli)
{
    struct err err = {0};
    struct server server = {0};
    int code = EXIT_DONE;
    if (cli->args.operand_count)
        cli->args.values[OPTION_SERVER] = cli->args.operands[0];
    if (!cli_server(cli, &server, &err))
        return cli_fail(cli, &err);
    if (server_is_muse(&server)) {
        print_server_line(cli, &server);
        code = cli_muse_ping(cli);
    } else {
        code = ping_server(cli, &server);
    }
    server_release(&server);
    return code;
}
