/* Which key runs which command: the default table, and the writer's own file on top. */
#ifndef RENGA_APP_KEYMAP_H
#define RENGA_APP_KEYMAP_H

#include "app/commands/command.h"

struct default_key {
    enum map map;
    const char *key;
    const char *command;
};
extern const struct default_key default_keys[];
extern const int default_key_count;
const char *map_name(enum map m);  /* "global", "text" …: sections of the keymap file */
const char *map_title(enum map m); /* N_(): headings of the help */

void keymap_init(struct keymap *k);    /* the defaults */
void keymap_release(struct keymap *k);
/* Lays the file's lines over the map: `[page]` sections, `M-x = command` or `= none`. A missing file is fine; faults are told by line and passed over. */
bool keymap_load(struct keymap *k, const char *path, struct err *e) MUST_USE;
const struct command *keymap_lookup(const struct keymap *k, enum map m, struct key key);
bool keymap_key_in(const struct keymap *k, enum map m, const struct command *c, struct str *out);
/* The first key that runs the command in `m` or, failing that, in any map; appends its name. False: none. */
bool keymap_key_of(const struct keymap *k, enum map m, const struct command *c, struct str *out);

#endif
