#include "app/help.h"
#include "app/commands/keymap.h"
#include "core/display.h"
#include "core/i18n.h"

/* `left` in a column of `width`, then `right`. */
static void add_row(struct str *out, int width, const char *left, const char *right)
{
    int used = display_width(span_of(left));
    str_printf(out, "  %s%*s%s\n", left, width > used ? width - used : 1, "", right);
}

static void add_heading(struct str *out, const char *text)
{
    str_printf(out, "\n%s\n\n", text);
}

static void add_introduction(struct str *out)
{
    str_add_text(out, _("renga is linked verse: you set down lines, a model answers, and every answer is kept.\n\n"
                        "Write in the prompt and press ^G: the answers (takes) stream onto the page. M-Left and M-Right flip through "
                        "them. On the page ^G goes on from the caret, or rewrites what is selected. What you type on the page is yours, in "
                        "your colour; the model's original of an edited take stays in the library. Nothing has to be saved: everything is.\n\n"
                        "The muse, a small model inside the program, answers without key or network until F2 chooses another server. It writes "
                        "verse: ask for a form and a theme in Chinese or English (M-f shows the forms, M-e an example), or give it lines to go "
                        "on with.\n"));
}

static void add_keys(const struct app *app, enum map m, struct str *out)
{
    const struct keymap *k = &app->keymap;
    if (k->counts[m] == 0)
        return;
    add_heading(out, _(map_title(m)));
    for (int i = 0; i < k->counts[m]; i++) {
        struct str key = {0};
        if (!k->bindings[m][i].command)
            continue;
        key_format(k->bindings[m][i].key, &key);
        add_row(out, 14, str_text(&key), _(k->bindings[m][i].command->help));
        str_release(&key);
    }
}

static void add_commands(const struct app *app, struct str *out)
{
    add_heading(out, _("Commands without a key (^P runs them; the keymap file gives them one)"));
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++) {
            struct str key = {0};
            if (!keymap_key_of(&app->keymap, MAP_GLOBAL, c, &key))
                add_row(out, 22, c->name, _(c->help));
            str_release(&key);
        }
}

static void add_dials(struct str *out)
{
    add_heading(out, _("Dials (digits type a value, Backspace turns off)"));
    for (int i = 0; i < DIAL_COUNT; i++)
        add_row(out, 22, _(dial_table[i].label), _(dial_table[i].help));
    add_heading(out, _("Presets"));
    for (int i = 0; i < preset_count; i++)
        add_row(out, 22, _(preset_table[i].name), _(preset_table[i].help));
}

void help_text(const struct app *app, struct str *out)
{
    add_introduction(out);
    for (int m = 0; m < MAP_COUNT; m++)
        add_keys(app, (enum map)m, out);
    add_commands(app, out);
    add_dials(out);
    add_heading(out, _("Files"));
    add_row(out, 14, _("config"), app->paths.config);
    add_row(out, 14, _("keys"), app->paths.keys);
    add_row(out, 14, _("themes"), app->paths.themes);
    add_row(out, 14, _("library"), app->paths.library);
}
