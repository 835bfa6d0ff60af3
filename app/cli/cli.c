#include "app/cli/cli.h"
#include "app/desk/main.h"
#include "core/i18n.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

/* -- the commands ------------------------------------------------------------------------------------------------------------------ */

enum { WRITES = GROUP_SERVER | GROUP_DIALS | GROUP_JSON };

/* The functions lie beside the words, in the same order. */
const struct command_line_word cli_words[] = {
    {"write", N_("[PROMPT]"), N_("One generation to standard output, as it is written."), 0, 1, WRITES | GROUP_WRITE},
    {"sweep", N_("[PROMPT]"), N_("The same prompt for each value of a dial, of the seed or of the model."), 0, 1,
     WRITES | GROUP_WRITE | GROUP_MANY},
    {"rerun", N_("ID"), N_("The same request again, with what you change."), 1, 1, WRITES},
    {"batch", N_("FILE"), N_("Every line of a file of prompts, many at once; goes on where it stopped."), 1, 1,
     GROUP_SERVER | GROUP_DIALS | GROUP_MANY | GROUP_BATCH},
    {"history", N_("[QUERY]"), N_("What was written, newest first."), 0, 1, GROUP_HISTORY | GROUP_JSON},
    {"show", N_("ID"), N_("One generation: prompt, dials, server and takes."), 1, 1, GROUP_SHOW | GROUP_JSON},
    {"export", N_("PIECE|PROJECT|--all"), N_("Pieces as Markdown, text or HTML; or a bundle for another library."), 0, 1, GROUP_EXPORT},
    {"import", N_("FILE…"), N_("Bundles, texts, and the files of SillyTavern, KoboldAI, mikupad and llm."), 1, 100000, GROUP_IMPORT},
    {"projects", "", N_("The projects, with their pieces counted; the one last written in first."), 0, 0, GROUP_JSON},
    {"templates", "", N_("Prompts to be filled: those that come with renga, and yours."), 0, 0, GROUP_JSON},
    {"models", "", N_("The models a server has, and how many tokens each holds where it tells."), 0, 0,
     GROUP_SERVER | GROUP_JSON},
    {"servers", N_("[forget NAME]"), N_("The servers renga knows of; forget: what one has refused is sent again."), 0, 2, GROUP_JSON},
    {"pull", N_("MODEL"), N_("Fetch a model onto an Ollama server; what was begun goes on."), 1, 1, GROUP_SERVER | GROUP_JSON},
    {"ping", N_("[SERVER]"), N_("Is the server well? Step by step."), 0, 1, GROUP_SERVER | GROUP_PING | GROUP_JSON},
    {"doctor", "", N_("Is everything well? Library, disk, config, terminal, servers."), 0, 0, GROUP_DOCTOR | GROUP_JSON},
    {"muse", N_("info|forms|learn FILE…|forget NAME|recall NAME"), N_("The poet inside the program: what it is, what it writes, what it learns."), 1, 1000,
     GROUP_MUSE},
    {"paths", "", N_("Where config, library and logs live."), 0, 0, GROUP_JSON},
    {0},
};

static int (*const functions[])(struct cli *) = {
    cli_write, cli_sweep, cli_rerun, cli_batch, cli_history, cli_show, cli_export, cli_import,
    cli_projects, cli_templates, cli_models,
    cli_servers, cli_pull, cli_ping, cli_doctor, cli_muse, cli_paths,
};

/* -- speaking ---------------------------------------------------------------------------------------------------------------------- */

int cli_exit_code(enum err_kind kind)
{
    switch (kind) {
    case ERR_NONE:
        return EXIT_DONE;
    case ERR_USAGE:
    case ERR_CONFIG:
        return EXIT_USAGE;
    case ERR_REFUSED:
    case ERR_BUSY:
        return EXIT_REFUSED;
    case ERR_NETWORK:
        return EXIT_NETWORK;
    case ERR_STOPPED:
        return EXIT_STOPPED;
    case ERR_IO:
    case ERR_STORAGE:
    case ERR_FORMAT:
    case ERR_LIMIT:
        break;
    }
    return EXIT_FAILED;
}

/* What stands on standard output so far comes first, whatever is buffered where. */
__attribute__((format(printf, 2, 0))) static void say(struct cli *cli, const char *format, va_list args)
{
    struct str text = {0};
    str_vprintf(&text, format, args);
    printer_flush(&cli->out);
    printer_line(&cli->err, str_span(&text));
    printer_say(&cli->err, "\n");
    printer_flush(&cli->err);
    str_release(&text);
}

void cli_note(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
}

void cli_hint(struct cli *cli, const char *format, ...)
{
    va_list args;
    if (!cli->err.terminal)
        return;
    va_start(args, format);
    printer_style(&cli->err, 2);
    say(cli, format, args);
    printer_style(&cli->err, 0);
    printer_flush(&cli->err);
    va_end(args);
}

int cli_fail(struct cli *cli, const struct err *e)
{
    cli_note(cli, "renga: %s", e->text);
    return cli_exit_code(e->kind);
}

int cli_finish(struct cli *cli, int code)
{
    while (!printer_flush(&cli->out) && !cli->out.broken)
        continue;
    if (!cli->out.broken)
        return code;
    if (cli->out.why == EPIPE)
        return EXIT_PIPE;
    cli_note(cli, _("renga: Standard output cannot be written: %s."), strerror(cli->out.why));
    return EXIT_FAILED;
}

void cli_add_time(struct str *out, int64_t unix_ms)
{
    char text[32] = "";
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm parts = {0};
    if (localtime_r(&seconds, &parts))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
    str_add_text(out, text);
}

/* -- starting ------------------------------------------------------------------------------------------------------------------------ */

static int run_command(struct cli *cli)
{
    struct err err = {0};
    int code = EXIT_DONE;
    if (!config_load(&cli->config, cli->paths.config, &err))
        cli_note(cli, "renga: %s", err.text);
    config_add_environment(&cli->config);
    config_take_keys(&cli->config);
    if (!cli->args.values[OPTION_LANGUAGE] && strcmp(cli->config.language, "auto"))
        i18n_start(cli->config.language);
    if (cli->args.values[OPTION_HELP])
        args_help(&cli->out.held, cli_words, cli->args.word);
    else
        code = cli->args.word ? functions[cli->args.word - cli_words](cli) : desk_main(cli);
    return cli_finish(cli, code);
}

static int refuse(struct cli *cli, const struct err *e)
{
    int code = cli_fail(cli, e);
    if (cli->args.word)
        cli_note(cli, _("Try: renga %s --help"), cli->args.word->name);
    else
        cli_note(cli, _("Try: renga --help"));
    return code;
}

static int read_and_run(struct cli *cli, int argc, char **argv)
{
    struct err err = {0};
    bool sound = args_read(&cli->args, argc, argv, cli_words, &err);
    const char *language = cli->args.values[OPTION_LANGUAGE];
    if (language && strcmp(language, "auto"))
        i18n_start(language);
    if (!sound)
        return refuse(cli, &err);
    if (language && strcmp(language, "zh") && strcmp(language, "en") && strcmp(language, "auto")) {
        err_set(&err, ERR_USAGE, _("The language is zh, en or auto."));
        return refuse(cli, &err);
    }
    if (cli->args.values[OPTION_VERSION]) {
        printer_say(&cli->out, "renga " RENGA_VERSION "\n");
        return cli_finish(cli, EXIT_DONE);
    }
    return run_command(cli);
}

int cli_main(int argc, char **argv)
{
    struct cli cli = {0};
    prctl(PR_SET_DUMPABLE, 0); /* a core file, wherever the machine puts it, would hold keys; programs that are run from here have theirs */
    signal(SIGXFSZ, SIG_IGN); /* a full quota is an error to be told, not an end */
    i18n_start(NULL);
    config_init(&cli.config);
    paths_init(&cli.paths);
    printer_init(&cli.out, STDOUT_FILENO);
    printer_init(&cli.err, STDERR_FILENO);
    int code = read_and_run(&cli, argc, argv);
    printer_release(&cli.out);
    printer_release(&cli.err);
    args_release(&cli.args);
    config_release(&cli.config);
    paths_release(&cli.paths);
    return code;
}
