/* Keys: where they come from, where they are kept, and that they are never shown. Knows no server but the words in its
 * config. */
#ifndef RENGA_NET_SECRET_H
#define RENGA_NET_SECRET_H

#include "core/server.h"

/* A key in memory that is neither swapped nor dumped. Empty when the server needs none. */
struct secret {
    struct span key; /* borrowed; valid until the program ends */
};

/* Fetches the server's key: by its command (up to 30 s, no shell, the terminal is the command's meanwhile), from the
 * environment (which then forgets it), or from its file (refused when others can read it). What was fetched once is
 * remembered. */
bool secret_fetch(const struct server *server, struct secret *out, struct err *e) MUST_USE;
/* False while fetching would run a command. */
bool secret_is_at_hand(const struct server *server);
extern int secret_command_ms; /* how long a key command may take; tests shorten it */

/* Remembers a key that came from `origin`; what is too short to be one is kept but not looked for in texts. */
struct span secret_keep(const char *origin, struct span key);
bool secret_known(const char *origin, struct span *key);
/* As in net.h: secret_redact(). */
void secret_redact(struct str *text);
/* The same, and for pieces of a key that are long enough to tell much of it: for the words of servers, which mask keys and cut them short. */
void secret_redact_pieces(struct str *text);
/* Overwrites bytes that held a key. */
void secret_wipe(char *text, size_t len);

/* Takes keys out of a text that comes in pieces, wherever it is cut. Zeroed memory is a fresh filter. */
struct secret_filter {
    struct str held; /* the end of the text, while it may be the beginning of a key */
    size_t shown;    /* so many bytes of it have been let go of already */
};
void secret_filter_release(struct secret_filter *f);
bool secret_filter_idle(const struct secret_filter *f); /* there is no key to look for, and nothing is held */
/* Appends to `out` what is sure to hold no key; `last` lets go of all. */
void secret_filter_add(struct secret_filter *f, struct str *out, struct span text, bool last);

#endif
