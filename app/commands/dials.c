#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/menu.h"
#include "app/servers.h"
#include "core/i18n.h"

#include <stdio.h>
#include <stdlib.h>

static enum dial_id selected(const struct app *app)
{
    return (enum dial_id)app->desk.dial;
}

/* A dial moved by hand stands at no preset any more. */
static void changed(struct app *app)
{
    app->preset[0] = '\0';
    str_clear(&app->desk.typing);
    desk_changed(app);
}

static void dial_row(struct app *app, int rows)
{
    int to = app->desk.dial + rows;
    desk_take_typing(app);
    app->desk.dial = to < 0 ? 0 : to >= DIAL_COUNT ? DIAL_COUNT - 1 : to;
}

static void step(struct app *app, int steps)
{
    dial_step(&app->dials, selected(app), steps, false);
    changed(app);
}

static void big_step(struct app *app, int steps)
{
    dial_step(&app->dials, selected(app), steps, true);
    changed(app);
}

static void to_end(struct app *app, int most)
{
    const struct dial *row = &dial_table[selected(app)];
    dial_set(&app->dials, selected(app), most ? row->max : row->min);
    changed(app);
}

/* While digits are typed it takes the last one back; else it turns the dial off. */
static void off(struct app *app, int arg)
{
    (void)arg;
    if (app->desk.typing.len) {
        str_cut(&app->desk.typing, app->desk.typing.len - 1);
        return;
    }
    dial_off(&app->dials, selected(app));
    changed(app);
}

static void enter(struct app *app, int arg)
{
    (void)arg;
    desk_take_typing(app);
}

static void presets(struct app *app, int arg)
{
    (void)arg;
    menu_presets(app);
}

static void preset_submitted(struct app *app)
{
    struct str settings = {0};
    struct err err = {0};
    char *name = span_copy(span_trim(fields_text(&app->form, 0)));
    char *help = span_copy(span_trim(fields_text(&app->form, 1)));
    str_add_text(&settings, "");
    dials_format(&app->dials, &settings);
    struct own_preset own = {name, help, settings.s};
    if (!*name)
        err_set(&err, ERR_USAGE, "%s", _("A preset needs a name."));
    if (!*name || !config_save_preset(app->paths.config, &own, &err)) {
        menu_refuse(app, &err);
    } else {
        config_put_preset(&app->config, &own);
        app->form.open = false;
        snprintf(app->preset, sizeof app->preset, "%s", name);
        app_say(app, STYLE_OK, _("The dials are kept as “%s”."), name);
        desk_changed(app);
    }
    free(name);
    free(help);
    str_release(&settings);
}

static void save_preset(struct app *app, int arg)
{
    (void)arg;
    menu_form(app, _("Keep these dials as a preset"), preset_submitted);
    fields_add_text(&app->form, _("name"), _("What the preset is called."), span_of(app->preset));
    fields_add_text(&app->form, _("for what"), _("One line that says what it is good for."), SPAN(""));
}

static void forget_refusals(struct app *app, int arg)
{
    struct err err = {0};
    bool known = false;
    (void)arg;
    if (!servers_forget_refusals(app, &known, &err))
        app_fail(app, &err);
    else
        app_say(app, STYLE_DIM, "%s", known ? _("What was refused is sent again from now on.") : _("This server has refused nothing so far."));
    app_touch(app, false);
}

const struct command commands_dials[] = {
    {"dial-up", N_("the dial above"), dial_row, -1, true},
    {"dial-down", N_("the dial below"), dial_row, 1, true},
    {"dial-more", N_("turn up a little"), step, 1, true},
    {"dial-less", N_("turn down a little"), step, -1, true},
    {"dial-much-more", N_("turn up a lot"), big_step, 1, true},
    {"dial-much-less", N_("turn down a lot"), big_step, -1, true},
    {"dial-least", N_("turn to its least"), to_end, false, true},
    {"dial-most", N_("turn to its most"), to_end, true, true},
    {"dial-off", N_("turn the dial off: it is not sent"), off, 0, true},
    {"dial-enter", N_("take the digits typed"), enter, 0, true},
    {"presets", N_("choose a preset: plain, steady, warm, wild, dice, or your own"), presets, 0, false},
    {"forget-refusals", N_("send again what the server's models have refused"), forget_refusals, 0, false},
    {"save-preset", N_("keep the dials as a preset of your own"), save_preset, 0, false},
    {0},
};
