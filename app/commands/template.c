#include "app/commands/command.h"
#include "app/desk/fill.h"
#include "core/i18n.h"

static void choose(struct app *app, int arg)
{
    (void)arg;
    fill_choose(app);
}

static void save(struct app *app, int arg)
{
    (void)arg;
    fill_save(app);
}

const struct command commands_template[] = {
    {"template", N_("choose a template: a prompt with fields to fill"), choose, 0, false},
    {"template-save", N_("save the prompt as a template"), save, 0, false},
    {0},
};
