/* The odds of a take on the command line: as JSON, and as lines for the eye. Knows not where they are kept. */
#ifndef RENGA_APP_CLI_ODDS_OUT_H
#define RENGA_APP_CLI_ODDS_OUT_H

#include "app/cli/cli.h"

/* Adds "odds":[{"text":"秋","odds":0.5,"others":[{"text":"春","odds":0.2}]},…] to an open object: whole characters, in the take's order, which
 * make its text when they are joined. A stretch of which nothing is known has neither odds nor others. A form that cannot be read adds
 * nothing. */
void odds_out_json(struct str *out, struct span form, struct span text);
/* A line for each; false with the reason when the form cannot be read. */
bool odds_out_print(struct cli *cli, struct span form, struct span text, struct err *e) MUST_USE;

#endif
