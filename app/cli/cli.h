/* The command line: renga without a terminal view. Each command is a row in cli.c and a function in the file of its noun. */
#ifndef RENGA_APP_CLI_H
#define RENGA_APP_CLI_H

#include "app/cli/args.h"
#include "app/config/config.h"
#include "app/paths.h"
#include "app/cli/printer.h"
#include "net/net.h"
#include "storage/store.h"

/* What the process ends with. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3, EXIT_NETWORK = 4, EXIT_STOPPED = 130, EXIT_PIPE = 141 };

struct cli {
    struct args args;
    struct config config;
    struct paths paths;
    struct printer out, err;
};

/* The commands that cli_main() knows, ended by a NULL name: for args_read() and help. */
extern const struct command_line_word cli_words[];

/* Runs what the command line names, the desk when it names nothing, and returns the exit code. */
int cli_main(int argc, char **argv);

/* -- for the commands ------------------------------------------------------------------------------------------------------------- */

int cli_exit_code(enum err_kind kind);
/* "renga: sentence" on standard error; returns the exit code of its kind. */
int cli_fail(struct cli *cli, const struct err *e);
/* One sentence on standard error; text from outside within it is made safe. */
void cli_note(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, but only when someone is there to read it. */
void cli_hint(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Flushes standard output; the exit code that a broken output asks for, else `code`. */
int cli_finish(struct cli *cli, int code);

const char *cli_library_path(const struct cli *cli);
bool cli_open_library(struct cli *cli, struct store **store, struct err *e) MUST_USE;
/* The generation that an operand names. */
bool cli_generation_id(const char *text, int64_t *id, struct err *e) MUST_USE;
/* The server that the options name, or the default one. `out` is a copy. */
bool cli_find_server(struct cli *cli, struct server *out, struct err *e) MUST_USE;
/* The same, and what is written there cannot be read on the way, or the writer has said that it may. */
bool cli_server(struct cli *cli, struct server *out, struct err *e) MUST_USE;
/* True when an option names a server: a re-run then goes there. */
bool cli_names_server(const struct cli *cli);
/* Asks the server for its models and waits for the answer, at most `limit_ms` or until a signal comes; *out is the caller's to release.
 * False when it could not be asked; a server that says no fills out->err. */
bool cli_ask(struct net *net, const struct server *server, int limit_ms, struct answer *out, struct err *e) MUST_USE;

/* One function per command; what they return is the exit code. */
int cli_write(struct cli *cli);
int cli_sweep(struct cli *cli);
int cli_batch(struct cli *cli);
int cli_rerun(struct cli *cli);
int cli_history(struct cli *cli);
int cli_show(struct cli *cli);
int cli_export(struct cli *cli);
int cli_import(struct cli *cli);
int cli_models(struct cli *cli);
int cli_servers(struct cli *cli);
int cli_ping(struct cli *cli);
int cli_pull(struct cli *cli);
int cli_doctor(struct cli *cli);
int cli_muse(struct cli *cli);
int cli_projects(struct cli *cli);
int cli_templates(struct cli *cli);
int cli_paths(struct cli *cli);

/* The muse where a server is meant. */
int cli_muse_models(struct cli *cli);
/* Ids, one a line, with what of them is told (net.h). */
void cli_print_models(struct cli *cli, struct span models, struct span contexts);
int cli_muse_ping(struct cli *cli);
/* renga muse learn, forget and recall. */
int cli_muse_learn(struct cli *cli);
int cli_muse_forget(struct cli *cli);
int cli_muse_recall(struct cli *cli);
struct finding;
/* One finding of the doctor or step of a ping as a line, or as JSON; false when nobody reads it any more. */
bool cli_print_finding(struct cli *cli, const struct finding *f);

/* Local time as rows and headings show it. */
void cli_add_time(struct str *out, int64_t unix_ms);

#endif
