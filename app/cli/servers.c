#include "app/cli/cli.h"
#include "app/cli/json_line.h"
#include "app/engine/remember.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/usage.h"

#include <string.h>

#define ASK_LIMIT_MS 15000
#define MODEL_COLUMNS 40

/* -- servers ------------------------------------------------------------------------------------------------------------------------- */

static void add_key_place(struct str *out, const struct server *s)
{
    if (s->key_env)
        str_printf(out, "$%s", s->key_env);
    else if (s->key_file)
        str_add_text(out, s->key_file);
    else if (s->key_command)
        str_printf(out, "%s …", s->key_command[0]);
}

static void print_server_json(struct cli *cli, const struct server *s, struct span key, bool standard)
{
    struct str *out = &cli->out.held;
    json_line_open(out, NULL);
    json_line_text(out, "name", span_of(s->name));
    json_line_text(out, "url", span_of(s->url));
    json_line_text(out, "dialect", span_of(dialect_name(s->dialect)));
    json_line_text(out, "model", span_of(s->model));
    json_line_text(out, "key", key);
    json_line_raw(out, "default", span_of(standard ? "true" : "false"));
    json_line_raw(out, "found", span_of(s->found ? "true" : "false"));
    json_line_close(out);
    printer_say(&cli->out, "\n");
}

/* "* desk   http://desk-pc:8080   openai-chat   qwen3   $KEY": padded for the eye, tabs for a pipe. */
static void print_server(struct cli *cli, const struct server *s, struct span key, bool standard)
{
    const char *cells[] = {s->name, s->url, dialect_name(s->dialect), *s->model ? s->model : "-", key.len ? key.s : "-"};
    static const int widths[] = {14, 40, 20, 24, 0};
    printer_say(&cli->out, cli->out.terminal ? (standard ? "* " : "  ") : "");
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        printer_line(&cli->out, span_of(cells[i]));
        int pad = widths[i] - display_width(span_of(cells[i]));
        if (i + 1 == COUNT_OF(cells))
            printer_say(&cli->out, "\n");
        else if (cli->out.terminal)
            printer_format(&cli->out, "%*s  ", pad > 0 ? pad : 0, "");
        else
            printer_say(&cli->out, "\t");
    }
}

/* What the server's models have refused is sent again from now on. */
static int forget(struct cli *cli, const struct server *s)
{
    struct err err = {0};
    struct store *store = NULL;
    bool known = false;
    bool ok = cli_open_library(cli, &store, &err) && remember_forget(store, s, &known, &err);
    if (ok)
        cli_note(cli, known ? _("What %s refused is sent again from now on.") : _("%s has refused nothing so far."), s->name);
    store_close(store);
    return ok ? EXIT_DONE : cli_fail(cli, &err);
}

static int read_forget(struct cli *cli)
{
    struct err err = {0};
    const char *const *words = (const char *const *)cli->args.operands;
    const struct server *s = cli->args.operand_count == 2 ? config_server(&cli->config, words[1]) : NULL;
    if (strcmp(words[0], "forget") || cli->args.operand_count < 2)
        err_set(&err, ERR_USAGE, "%s", _("renga servers lists them; renga servers forget NAME forgets what one has refused."));
    else if (!s)
        err_set(&err, ERR_USAGE, _("There is no server “%s”; renga servers lists them."), words[1]);
    return s && !err.kind ? forget(cli, s) : cli_fail(cli, &err);
}

/* The muse, the first of the config's, is told last. */
int cli_servers(struct cli *cli)
{
    if (cli->args.operand_count)
        return read_forget(cli);
    int count = cli->config.server_count;
    const struct server *standard = config_server(&cli->config, NULL);
    for (int i = 1; i <= count; i++) {
        const struct server *s = &cli->config.servers[i % count];
        struct str key = {0};
        add_key_place(&key, s);
        if (cli->args.values[OPTION_JSON])
            print_server_json(cli, s, str_span(&key), s == standard);
        else
            print_server(cli, s, str_span(&key), s == standard);
        str_release(&key);
    }
    return EXIT_DONE;
}

/* -- models -------------------------------------------------------------------------------------------------------------------------- */

/* "qwen3   32k" for the eye, the number itself behind a tab for a pipe. */
static void print_model(struct cli *cli, struct span model, int holds)
{
    struct str *out = &cli->out.held, label = {0};
    if (cli->args.values[OPTION_JSON]) {
        json_line_open(out, NULL);
        json_line_text(out, "model", model);
        if (holds)
            json_line_number(out, "context", holds);
        json_line_close(out);
    } else {
        printer_line(&cli->out, model);
        tokens_label(holds, &label);
        int pad = MODEL_COLUMNS - display_width(model);
        if (holds && cli->out.terminal)
            printer_format(&cli->out, "%*s  %6s", pad > 0 ? pad : 0, "", str_text(&label));
        else if (holds)
            printer_format(&cli->out, "\t%d", holds);
    }
    printer_say(&cli->out, "\n");
    str_release(&label);
}

void cli_print_models(struct cli *cli, struct span models, struct span contexts)
{
    struct span line = SPAN("");
    while (span_line(&models, &line))
        print_model(cli, line, models_context(contexts, line));
}

static int print_models(struct cli *cli, const struct server *server)
{
    struct err err = {0};
    struct answer answer = {0};
    struct net *net = net_new();
    bool ok = cli_ask(net, server, ASK_LIMIT_MS, &answer, &err);
    if (ok && !answer.ok) {
        err = answer.err;
        ok = false;
    }
    cli_print_models(cli, str_span(&answer.models), str_span(&answer.contexts));
    if (ok && answer.models.len == 0)
        cli_note(cli, _("The server lists no models."));
    answer_release(&answer);
    net_free(net);
    return ok ? EXIT_DONE : cli_fail(cli, &err);
}

int cli_models(struct cli *cli)
{
    struct err err = {0};
    struct server server = {0};
    if (!cli_server(cli, &server, &err))
        return cli_fail(cli, &err);
    int code = server_is_muse(&server) ? cli_muse_models(cli) : print_models(cli, &server);
    server_release(&server);
    return code;
}

/* -- paths --------------------------------------------------------------------------------------------------------------------------- */

int cli_paths(struct cli *cli)
{
    const struct {
        const char *name, *path;
    } rows[] = {
        {"config", cli->paths.config},   {"keys", cli->paths.keys},         {"themes", cli->paths.themes},
        {"templates", cli->paths.templates},
        {"state", cli->paths.state_dir}, {"library", cli_library_path(cli)}, {"voices", cli->paths.voices},
        {"muse", cli->paths.muse},
    };
    bool json = cli->args.values[OPTION_JSON];
    if (json)
        json_line_open(&cli->out.held, NULL);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (json)
            json_line_text(&cli->out.held, rows[i].name, span_of(rows[i].path));
        else
            printer_format(&cli->out, "%-11s%s\n", rows[i].name, rows[i].path);
    if (json)
        printer_say(&cli->out, "}\n");
    return EXIT_DONE;
}
