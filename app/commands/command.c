#include "app/commands/command.h"
#include "core/i18n.h"

const struct command *const command_tables[] = {
    commands_desk, commands_context, commands_rewrite, commands_take, commands_compare, commands_tree, commands_template,
    commands_project, commands_dials, commands_text, commands_muse, commands_odds, commands_sweep, commands_library,
    commands_library_acts, commands_library_export, commands_exchange, commands_menu, commands_doctor, commands_app, NULL,
};

const struct command *command_find(struct span name)
{
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++)
            if (name.len && c->name[0] == name.s[0] && span_is(name, c->name)) /* hundreds are looked up before the first frame */
                return c;
    return NULL;
}

static bool is_in(const struct command *table, const struct command *c)
{
    while (table->name && table != c)
        table++;
    return table == c;
}

/* Takes and dials lie on the desk: what is not seen is not changed. */
static bool is_out_of_sight(const struct app *app, const struct command *c)
{
    return app->view != VIEW_DESK && (is_in(commands_take, c) || is_in(commands_dials, c));
}

void command_run(struct app *app, const struct command *c)
{
    if (is_out_of_sight(app, c))
        app_say(app, STYLE_DIM, "%s", _("That is done on the desk; Esc goes back there."));
    else
        c->run(app, c->arg);
    app_touch(app, true);
}

void command_run_named(struct app *app, const char *name)
{
    const struct command *c = name ? command_find(span_of(name)) : NULL;
    if (c)
        command_run(app, c);
}
