/* Commands: everything the program can do, a row each. The row is its own help; palette, help and keymap files are read from it. */
#ifndef RENGA_APP_COMMAND_H
#define RENGA_APP_COMMAND_H

#include "app/app.h"

struct command {
    const char *name;                          /* "take-next": keymap files, scripts, palette */
    const char *help;                          /* N_(), one line */
    void (*run)(struct app *app, int arg);
    int arg;
    bool hidden;                               /* too small for the palette (a single step of the caret) */
};

/* One table per noun; each ends with a NULL name. */
extern const struct command commands_app[], commands_compare[], commands_context[], commands_rewrite[], commands_desk[],
    commands_dials[], commands_doctor[], commands_exchange[], commands_library[], commands_library_acts[], commands_library_export[],
    commands_menu[], commands_muse[], commands_odds[],
    commands_take[], commands_template[], commands_project[], commands_sweep[], commands_text[], commands_tree[];
extern const struct command *const command_tables[]; /* all of them; ends with NULL */

const struct command *command_find(struct span name); /* NULL: there is none */
void command_run(struct app *app, const struct command *c);
void command_run_named(struct app *app, const char *name); /* NULL and unknown names: nothing */

#endif
