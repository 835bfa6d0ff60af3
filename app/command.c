#include "app/command.h"

const struct command *const command_tables[] = {
    commands_desk, commands_take, commands_dials, commands_text, commands_library, commands_menu, commands_app, NULL,
};

const struct command *command_find(struct span name)
{
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++)
            if (span_is(name, c->name))
                return c;
    return NULL;
}

void command_run(struct app *app, const struct command *c)
{
    c->run(app, c->arg);
    app_touch(app, true);
}
