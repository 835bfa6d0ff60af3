/* How far a long work is, on standard error: a bar that is drawn over itself on a terminal, else a line now and then. Knows no work. */
#ifndef RENGA_APP_CLI_PROGRESS_H
#define RENGA_APP_CLI_PROGRESS_H

#include "app/cli/cli.h"

struct progress {
    struct cli *cli;
    bool quiet, drawn;
    int64_t begun_us, shown_us;
};

/* All of it counted in items. */
struct progress_state {
    int64_t all, done, failed, left; /* done: in this run; left: of all, not done before and not failed */
    int64_t tokens;
};

void progress_begin(struct progress *p, struct cli *cli, bool quiet);
void progress_show(struct progress *p, const struct progress_state *s); /* when it is time */
/* The same of what is not counted in items: whether it is time, and a line of the caller's own behind the bar; all 0: not known. */
bool progress_due(struct progress *p);
void progress_put(struct progress *p, int64_t done, int64_t all, struct span line);
void progress_clear(struct progress *p);                                /* before anything else is said */
/* "412 of 1000 · 3 failed · 128/min · 310 tokens/s · 4 min left" */
void progress_line(const struct progress *p, const struct progress_state *s, struct str *out);
int progress_wait_ms(const struct progress *p);                         /* until the next time to show, -1: never */

#endif
