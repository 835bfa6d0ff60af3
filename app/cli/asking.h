/* What a command needs that asks a server many things at once: network, muse, engine and one turn of the loop. Knows not what is asked. */
#ifndef RENGA_APP_CLI_ASKING_H
#define RENGA_APP_CLI_ASKING_H

#include "app/cli/cli.h"
#include "app/engine/engine.h"
#include "muse/muse.h"

struct asking {
    struct net *net;
    struct muse *muse;
    struct source *source;   /* the server's */
    struct engine engine;
};

/* From here on signals only ask to stop (stop.h). */
void asking_begin(struct asking *a, struct cli *cli, const struct server *server, struct store *store);
void asking_end(struct asking *a);
/* Waits for the next thing to happen, at most `limit_ms` (-1: no limit), and lets it happen. Returns at once after a signal. */
void asking_turn(struct asking *a, int limit_ms);
/* For engine_watch: what a busy server says on standard error. ctx is the cli. */
void asking_note(void *ctx, struct job *r, struct span text);
void asking_waiting(void *ctx, struct job *r);

#endif
