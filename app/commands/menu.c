#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/desk/pull.h"
#include "app/help.h"
#include "app/commands/keymap.h"
#include "app/menu.h"
#include "app/models.h"
#include "core/i18n.h"

#include <stdlib.h>

/* -- palette -------------------------------------------------------------------------------------------------------------------------------- */

static void command_picked(struct app *app, const char *id)
{
    const struct command *c = command_find(span_of(id));
    if (c)
        command_run(app, c);
}

static void palette(struct app *app, int arg)
{
    (void)arg;
    menu_picker(app, _("Commands"), _("part of a name"), command_picked);
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++) {
            struct str key = {0};
            if (c->hidden)
                continue;
            if (!keymap_key_in(&app->keymap, MAP_GLOBAL, c, &key)) /* a key that works only somewhere is in the help */
                keymap_key_in(&app->keymap, MAP_TEXT, c, &key);
            picker_add(&app->picker, _(c->help), str_text(&key), c->name, c->name);
            str_release(&key);
        }
    picker_filter(&app->picker);
}

static void help(struct app *app, int arg)
{
    struct str text = {0};
    (void)arg;
    help_text(app, &text);
    pager_open(&app->pager, _("Help"), str_span(&text));
    str_release(&text);
}

/* -- themes ------------------------------------------------------------------------------------------------------------------------------------ */

static void show_theme(struct app *app, const char *name)
{
    struct err err = {0};
    if (!theme_load(&app->theme, name, app->paths.themes, &err))
        app_fail(app, &err);
    term_redraw(app->term);
}

static void theme_picked(struct app *app, const char *id)
{
    struct err err = {0};
    show_theme(app, id);
    server_set_text(&app->config.theme, span_of(id));
    if (!config_save_setting(app->paths.config, "theme", id, &err))
        app_fail(app, &err);
    else if (app->message.len == 0)
        app_say(app, STYLE_OK, _("The theme “%s” is kept."), id);
}

static void theme_left(struct app *app)
{
    show_theme(app, app->config.theme);
}

static void theme(struct app *app, int arg)
{
    struct str names = {0};
    struct span line = {0};
    (void)arg;
    menu_picker(app, _("Themes"), _("moving shows it"), theme_picked);
    theme_list(&names, app->paths.themes);
    for (struct span rest = str_span(&names); span_line(&rest, &line);) {
        char *name = span_copy(line);
        picker_add(&app->picker, name, NULL, NULL, name);
        free(name);
    }
    picker_filter(&app->picker);
    picker_select(&app->picker, app->config.theme);
    app->moved = show_theme;
    app->dismissed = theme_left;
    str_release(&names);
}

/* -- moving in popups --------------------------------------------------------------------------------------------------------------------------- */

static void menu_row(struct app *app, int rows)
{
    picker_move(&app->picker, rows);
    menu_moved(app);
}

static void menu_page(struct app *app, int pages)
{
    menu_row(app, pages * (app->picker.list_rows > 1 ? app->picker.list_rows - 1 : 1));
}

static void enter(struct app *app, int arg)
{
    (void)arg;
    menu_enter(app);
}

static void leave(struct app *app, int arg)
{
    (void)arg;
    menu_dismiss(app);
}

static void form_field(struct app *app, int fields)
{
    fields_move(&app->form, fields);
}

static void form_row(struct app *app, int step)
{
    fields_step(&app->form, step);
}

/* In a choice the other choice, in a text one character. */
static void form_sideways(struct app *app, int step)
{
    struct editor *ed = fields_editor(&app->form);
    if (ed)
        editor_move(ed, step < 0 ? MOVE_LEFT : MOVE_RIGHT, ed->marking);
    else
        fields_choose(&app->form, step);
}

static void form_test(struct app *app, int arg)
{
    (void)arg;
    menu_test(app);
}

static void servers(struct app *app, int arg)
{
    (void)arg;
    menu_servers(app);
}

static void models(struct app *app, int arg)
{
    (void)arg;
    menu_models(app);
}

static void model_favourite(struct app *app, int arg)
{
    (void)arg;
    models_favour(app);
}

static void model_before(struct app *app, int arg)
{
    (void)arg;
    models_back(app);
}

static void pull(struct app *app, int arg)
{
    (void)arg;
    desk_pull(app);
}

static void pull_stop(struct app *app, int arg)
{
    (void)arg;
    desk_pull_stop(app);
}

const struct command commands_menu[] = {
    {"palette", N_("every command, by name"), palette, 0, false},
    {"help", N_("help: every key and what it does"), help, 0, false},
    {"servers", N_("servers: choose, add, test"), servers, 0, false},
    {"models", N_("choose a model of this server"), models, 0, false},
    {"model-favourite", N_("make the model a favourite, or no longer"), model_favourite, 0, true},
    {"model-before", N_("back to the model in use before"), model_before, 0, false},
    {"pull-model", N_("fetch a model onto this Ollama server, or see how far it is"), pull, 0, false},
    {"pull-stop", N_("stop fetching; the server keeps what came"), pull_stop, 0, false},
    {"theme", N_("choose a theme"), theme, 0, false},
    {"menu-down", N_("the row below"), menu_row, 1, true},
    {"menu-up", N_("the row above"), menu_row, -1, true},
    {"menu-page-down", N_("a screen down"), menu_page, 1, true},
    {"menu-page-up", N_("a screen up"), menu_page, -1, true},
    {"menu-enter", N_("take what is selected"), enter, 0, true},
    {"menu-close", N_("close"), leave, 0, true},
    {"form-next", N_("the next field"), form_field, 1, true},
    {"form-previous", N_("the field before"), form_field, -1, true},
    {"form-down", N_("the row below, or the next field"), form_row, 1, true},
    {"form-up", N_("the row above, or the field before"), form_row, -1, true},
    {"form-left", N_("left, or the choice before"), form_sideways, -1, true},
    {"form-right", N_("right, or the next choice"), form_sideways, 1, true},
    {"form-test", N_("test the server"), form_test, 0, true},
    {0},
};
