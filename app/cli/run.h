/* One generation on the command line, from its request to its last byte on standard output. Knows not where the prompt came from. */
#ifndef RENGA_APP_CLI_RUN_H
#define RENGA_APP_CLI_RUN_H

#include "app/cli/begin.h"

struct cli_run {
    struct cli *cli;
    struct store *store;
    struct server server;
    struct piece piece;
    int parent;                  /* passage that the takes hang below, -1: the root */
    struct begin begin;          /* must outlive what it named: server and model */
    struct request request;
    struct generation what;
    bool choose;                 /* the first take becomes the piece's page */
};

void cli_run_init(struct cli_run *run, struct cli *cli);
void cli_run_release(struct cli_run *run);
/* Dials, stop strings, system text and stream as the options say. */
bool cli_run_options(struct cli_run *run, struct err *e) MUST_USE;
/* Opens the library, or with --once one in memory; also when the library cannot be written (the writer is told). */
bool cli_run_open_store(struct cli_run *run, struct err *e) MUST_USE;
/* What `renga write` does before it sends: reads server, prompt and standard input (into `input`, which the run borrows), builds piece and
 * request and opens the library. */
bool cli_run_prepare(struct cli_run *run, struct str *input, struct err *e) MUST_USE;
/* Where no model is named the server's first one is taken, as the desk does; a server that has no list has only one. */
void cli_run_find_model(struct cli_run *run, struct net *net);
/* Asks the server what it tells of its model, where the config does not say and it matters: for an input of so many bytes how much the model
 * holds, and the form of its turns. And the model where none is named. */
void cli_run_find_told(struct cli_run *run, size_t input);
/* This take becomes the page, so that the desk opens the piece where it ends. */
void cli_run_choose(struct cli_run *run, int take, struct err *e);
/* Sends, prints, keeps; returns the exit code. */
int cli_run_go(struct cli_run *run);

#endif
