/* What servers have refused, from one session to the next: sources that are told of it when they are made, and a setting of the library for
 * each server. Knows not what was refused. */
#ifndef RENGA_APP_REMEMBER_H
#define RENGA_APP_REMEMBER_H

#include "core/server.h"
#include "core/source.h"
#include "muse/muse.h"
#include "net/net.h"
#include "storage/store.h"

/* The server's source, which the caller frees before `net` and `muse`. */
struct source *remember_source(struct store *store, struct net *net, struct muse *muse, const struct server *server);
/* Keeps what a SOURCE_LESSONS said. */
bool remember_lessons(struct store *store, struct span lessons, struct err *e) MUST_USE;
/* Forgets what the server's models refused in earlier sessions; *known says whether there was anything. */
bool remember_forget(struct store *store, const struct server *server, bool *known, struct err *e) MUST_USE;

#endif
