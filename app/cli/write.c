#include "app/cli/run.h"
#include "app/engine/compose.h"
#include "core/i18n.h"
#include "core/utf8.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX (16u << 20)
#define INPUT_PATIENCE_MS 1500

/* -- standard input ------------------------------------------------------------------------------------------------------------------------ */

static bool read_all(struct str *out)
{
    char block[16384];
    for (;;) {
        ssize_t n = read(STDIN_FILENO, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        str_add(out, (struct span){block, (size_t)n});
        if (out->len > INPUT_MAX)
            return true;
    }
}

/* All of standard input, unless it is a terminal. A closed one is an empty one. */
static bool read_input(struct cli *cli, struct str *out, struct err *e)
{
    if (isatty(STDIN_FILENO))
        return true;
    if (poll(&(struct pollfd){.fd = STDIN_FILENO, .events = POLLIN}, 1, INPUT_PATIENCE_MS) == 0)
        cli_hint(cli, _("Waiting for the end of standard input …"));
    if (!read_all(out) && errno != EBADF)
        return err_set(e, ERR_IO, _("Standard input cannot be read: %s."), strerror(errno));
    if (out->len > INPUT_MAX)
        return err_set(e, ERR_LIMIT, _("Standard input is longer than %u MB."), INPUT_MAX >> 20);
    if (!utf8_valid(str_span(out)) || memchr(str_text(out), '\0', out->len))
        return err_set(e, ERR_USAGE, _("Standard input is not UTF-8 text."));
    return true;
}

/* -- write --------------------------------------------------------------------------------------------------------------------------------- */

static bool find_prompt(const struct args *a, const char **prompt, struct err *e)
{
    const char *operand = a->operand_count ? a->operands[0] : NULL;
    if (operand && a->values[OPTION_PROMPT])
        return err_set(e, ERR_USAGE, _("There are two prompts; give one of them."));
    if (a->values[OPTION_TEMPLATE] && (operand || a->values[OPTION_PROMPT] || a->values[OPTION_CONTINUE]))
        return err_set(e, ERR_USAGE, "%s", _("A template is the prompt; --set fills it, and standard input goes along as context."));
    *prompt = operand ? operand : a->values[OPTION_PROMPT];
    if (*prompt && a->values[OPTION_CONTINUE])
        return err_set(e, ERR_USAGE, _("--continue goes on with standard input and takes no prompt."));
    return true;
}

/* The piece: the text of standard input, then the prompt below it. Without a prompt the input itself is the prompt. */
static bool build_piece(struct cli_run *run, const char *prompt, struct span input, struct err *e)
{
    struct piece *p = &run->piece;
    bool goes_on = run->cli->args.values[OPTION_CONTINUE];
    const char *word = run->cli->args.word->name;
    int context = -1;
    if (!prompt && goes_on && span_trim(input).len == 0)
        return err_set(e, ERR_USAGE, _("--continue wants a text on standard input."));
    if (!prompt && span_trim(input).len == 0)
        return err_set(e, ERR_USAGE, _("renga %s wants a prompt: renga %s \"a poem about rain\""), word, word);
    if (prompt && span_trim(span_of(prompt)).len == 0)
        return err_set(e, ERR_USAGE, _("The prompt is empty."));
    if (input.len && (prompt || goes_on)) {
        context = piece_add_passage(p, -1, AUTHOR_WRITER, -1);
        passage_set_text(p, context, input);
    }
    if (goes_on) {
        run->parent = context;
        compose_continue(&run->request, &run->what, p, context);
        return true;
    }
    struct span asked = prompt ? span_of(prompt) : input;
    run->parent = piece_add_prompt(p, context, asked);
    compose_ask(&run->request, &run->what, p, context, asked, context >= 0);
    return true;
}

bool cli_run_prepare(struct cli_run *run, struct str *input, struct err *e)
{
    struct cli *cli = run->cli;
    struct begin *b = &run->begin;
    const char *prompt = NULL;
    run->choose = true;
    b->dials = cli->config.dials;
    if (!find_prompt(&cli->args, &prompt, e) || !begin_with_project(cli, b, e) || !cli_server(cli, &run->server, e) ||
        !read_input(cli, input, e) || !begin_with_template(cli, b, input, e))
        return false;
    if (cli->args.values[OPTION_PROJECT])
        str_set(&run->piece.project_name, span_trim(span_of(cli->args.values[OPTION_PROJECT])));
    run->request.dials = b->dials;
    str_set(&run->request.system, str_span(&b->project.system));
    compose_for_server(&run->request, &run->server);
    if (!cli_run_options(run, e))
        return false;
    cli_run_find_told(run, input->len);
    compose_toward(&run->request, &run->server); /* how much of the page may go along depends on dials and system text */
    return build_piece(run, b->prompt.len ? str_text(&b->prompt) : prompt, str_span(input), e) && cli_run_open_store(run, e);
}

int cli_write(struct cli *cli)
{
    struct cli_run run;
    struct err err = {0};
    struct str input = {0};
    cli_run_init(&run, cli);
    int code = cli_run_prepare(&run, &input, &err) ? cli_run_go(&run) : cli_fail(cli, &err);
    str_release(&input);
    cli_run_release(&run);
    return code;
}

/* -- rerun --------------------------------------------------------------------------------------------------------------------------------- */

/* A generation whose piece cannot be had gets a new one: its context, then its prompt. */
static int rebuild_piece(struct piece *p, const struct generation *g)
{
    int at = -1;
    piece_release(p);
    piece_init(p);
    if (g->context.len) {
        at = piece_add_passage(p, -1, AUTHOR_WRITER, -1);
        passage_set_text(p, at, str_span(&g->context));
    }
    if (g->kind == KIND_ASK)
        at = piece_add_prompt(p, at, str_span(&g->prompt));
    return at;
}

/* Without another one named, the server of then: by its name, or by its address when the name is gone. */
static void default_to_server_of(struct cli *cli, const struct generation *g)
{
    if (cli_names_server(cli))
        return;
    if (g->server.len && config_server(&cli->config, str_text(&g->server))) {
        cli->args.values[OPTION_SERVER] = str_text(&g->server);
        return;
    }
    cli->args.values[OPTION_URL] = str_text(&g->url);
    if (!cli->args.values[OPTION_DIALECT])
        cli->args.values[OPTION_DIALECT] = str_text(&g->dialect);
}

static bool prepare_rerun(struct cli_run *run, struct generation *g, struct err *e)
{
    struct cli *cli = run->cli;
    bool elsewhere = cli_names_server(cli);
    int64_t id = 0;
    struct take *takes = NULL;
    int count = 0;
    if (!cli_generation_id(cli->args.operands[0], &id, e) || !cli_open_library(cli, &run->store, e) ||
        !store_generation_load(run->store, id, g, &takes, &count, e))
        return false;
    for (int i = 0; i < count; i++)
        take_release(&takes[i]);
    free(takes);
    default_to_server_of(cli, g);
    if (!cli_server(cli, &run->server, e))
        return false;
    if (g->piece && store_piece_load(run->store, g->piece, &run->piece, NULL))
        run->parent = compose_parent(&run->piece, g);
    else
        run->parent = rebuild_piece(&run->piece, g);
    if (!elsewhere && !cli->args.values[OPTION_MODEL] && g->model.len)
        server_set_text(&run->server.model, str_span(&g->model));
    cli_run_find_told(run, g->context.len);
    compose_toward(&run->request, &run->server);
    if (!compose_again(&run->request, &run->what, &run->piece, g, e))
        return false;
    if (elsewhere || cli->args.values[OPTION_MODEL] || run->request.model.len == 0)
        str_set(&run->request.model, span_of(run->server.model));
    return cli_run_options(run, e);
}

int cli_rerun(struct cli *cli)
{
    struct cli_run run;
    struct generation g = {0};
    struct err err = {0};
    cli_run_init(&run, cli);
    int code = prepare_rerun(&run, &g, &err) ? cli_run_go(&run) : cli_fail(cli, &err);
    cli_run_release(&run);
    generation_release(&g);
    return code;
}
