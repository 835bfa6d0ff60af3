/* The takes of a run on standard output, one after another as they come: white space at both ends left out, a newline after each, an
 * empty line between. Knows no server. */
#ifndef RENGA_APP_TAKES_OUT_H
#define RENGA_APP_TAKES_OUT_H

#include "app/cli/cli.h"

struct takes_out {
    struct cli *cli;
    const struct piece *piece;
    int generation;          /* index in the piece */
    int first, count;        /* takes, as indices of the piece */
    int current;             /* the one being printed, counted from 0; count: all are out */
    size_t seen;             /* bytes of its text that were looked at, */
    size_t solid;            /* up to its last character that is no white space, */
    size_t printed;          /* and printed or left out */
    bool begun;              /* it has begun on the output */
    bool wrote;              /* any take has */
    bool json;               /* whole, as objects; not before */
    bool told;               /* the run is over: what it used is known */
    struct store *odds;      /* where the takes' odds are, which go with them as JSON; NULL: they do not */
};

/* Prints what has come and is in turn. A take that is over makes room for the next. */
void takes_out_step(struct takes_out *t);
/* What was printed of this take (index in the piece) was the model thinking: the answer begins anew, under a line of its own. */
void takes_out_rethought(struct takes_out *t, int take);
/* Adds one take as a JSON object and a newline, with what its request used, and with the odds that the store (NULL: without) keeps of it. */
void takes_out_json_odds(struct str *out, const struct config *c, const struct generation *g, const struct take *t, struct store *store);
/* A take's text without white space at its ends. */
struct span take_body(const struct take *t);

#endif
