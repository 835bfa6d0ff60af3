/* The desk from its first frame to the shell's prompt. */
#ifndef RENGA_APP_DESK_MAIN_H
#define RENGA_APP_DESK_MAIN_H

#include "app/cli/cli.h"

/* Takes config and paths over from the command line; returns the exit code. */
int desk_main(struct cli *cli);

#endif
