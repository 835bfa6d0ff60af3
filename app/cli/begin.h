/* What a prompt on the command line begins with besides its own words: a template that is filled, a project and its defaults. Sends
 * nothing. */
#ifndef RENGA_APP_CLI_BEGIN_H
#define RENGA_APP_CLI_BEGIN_H

#include "app/cli/cli.h"

struct begin {
    struct str prompt;        /* --template, filled; "" : none was named */
    struct dials dials;       /* the config's, then the project's, then the template's */
    struct project project;   /* --project; id 0: none was named, or it will be made */
};
void begin_release(struct begin *b);

/* --project: its server and model stand where the command line names none. */
bool begin_with_project(struct cli *cli, struct begin *b, struct err *e) MUST_USE;
/* --template and --set. A template that works on a text takes standard input out of `input`. */
bool begin_with_template(struct cli *cli, struct begin *b, struct str *input, struct err *e) MUST_USE;

#endif
