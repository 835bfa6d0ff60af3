#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/desk/rewrite.h"
#include "core/i18n.h"

static bool is_there(struct app *app)
{
    if (app->view == VIEW_DESK && rewrite_shown(app))
        return true;
    app_say(app, STYLE_DIM, "%s", _("Select something on the page, write into the prompt how it is to change, and press ^G on the page."));
    return false;
}

static void accept(struct app *app, int arg)
{
    (void)arg;
    if (is_there(app))
        rewrite_accept(app);
}

static void reject(struct app *app, int arg)
{
    (void)arg;
    if (is_there(app))
        rewrite_reject(app);
}

static void toggle(struct app *app, int arg)
{
    (void)arg;
    if (is_there(app))
        rewrite_toggle(app);
}

static void move(struct app *app, int step)
{
    if (is_there(app))
        rewrite_move(app, step);
}

const struct command commands_rewrite[] = {
    {"rewrite-accept", N_("rewriting: take the new wording as it stands"), accept, 0, false},
    {"rewrite-reject", N_("rewriting: leave the page as it was"), reject, 0, false},
    {"rewrite-toggle", N_("rewriting: make this change, or leave it"), toggle, 0, false},
    {"rewrite-change-next", N_("rewriting: to the next change"), move, 1, false},
    {"rewrite-change-previous", N_("rewriting: to the change before"), move, -1, false},
    {0},
};
