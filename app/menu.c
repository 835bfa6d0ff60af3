#include "app/menu.h"
#include "app/desk/desk.h"
#include "app/commands/keymap.h"
#include "app/server_test.h"
#include "app/servers.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/instruct.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void menu_form(struct app *app, const char *title, void (*submitted)(struct app *app))
{
    app->picker.open = false;
    fields_open(&app->form, title);
    app->submitted = submitted;
    app->form_changed = NULL;
    app->testable = false;
    server_test_forget(app);
}

void menu_refuse(struct app *app, const struct err *e)
{
    str_set(&app->form.message, span_of(e->text));
    app->form.message_role = STYLE_WARNING;
}

void menu_picker(struct app *app, const char *title, const char *hint, void (*picked)(struct app *app, const char *id))
{
    app->form.open = false;
    picker_open(&app->picker, title, hint);
    app->picked = picked;
    app->moved = NULL;
    app->refill = NULL;
    app->dismissed = NULL;
}

void menu_moved(struct app *app)
{
    const struct picker_row *row = picker_selected(&app->picker);
    if (app->picker.open && app->moved && row)
        app->moved(app, row->id);
    if (app->form.open && app->form_changed)
        app->form_changed(app);
}

void menu_enter(struct app *app)
{
    if (app->form.open) {
        app->submitted(app);
        return;
    }
    const struct picker_row *row = app->picker.open ? picker_selected(&app->picker) : NULL;
    if (!row)
        return;
    char *id = span_copy(span_of(row->id)); /* what is picked may fill the picker anew */
    app->picker.open = false;
    app->picked(app, id);
    free(id);
}

void menu_dismiss(struct app *app)
{
    if (app->form.open) {
        app->form.open = server_test_stop(app); /* a test that is waited for ends first */
    } else if (app->picker.open) {
        app->picker.open = false;
        if (app->dismissed)
            app->dismissed(app);
    } else if (app->pager.open) {
        app->pager.open = false;
    } else {
        app->study.shown = false;
    }
}

/* -- presets ------------------------------------------------------------------------------------------------------------------------------ */

static void preset_picked(struct app *app, const char *id)
{
    struct err err = {0};
    struct preset own = {.name = id};
    const struct preset *preset = NULL;
    for (int i = 0; i < preset_count; i++)
        if (!strcmp(preset_table[i].name, id))
            preset = &preset_table[i];
    for (int i = 0; i < app->config.preset_count; i++)
        if (!strcmp(app->config.presets[i].name, id)) {
            own.settings = app->config.presets[i].settings;
            preset = &own;
        }
    if (!preset || !preset_apply(&app->dials, preset, (uint64_t)clock_now_us(), &err)) {
        app_fail(app, &err);
        return;
    }
    snprintf(app->preset, sizeof app->preset, "%s", id);
    desk_changed(app);
}

void menu_presets(struct app *app)
{
    menu_picker(app, _("Presets"), _("a name"), preset_picked);
    for (int i = 0; i < app->config.preset_count; i++) {
        const struct own_preset *own = &app->config.presets[i];
        picker_add(&app->picker, own->name, own->settings, own->help, own->name);
    }
    for (int i = 0; i < preset_count; i++) {
        const struct preset *p = &preset_table[i];
        picker_add(&app->picker, _(p->name), p->settings ? p->settings : _("random"), _(p->help), p->name);
    }
    picker_filter(&app->picker);
    picker_select(&app->picker, app->preset);
}

/* -- servers --------------------------------------------------------------------------------------------------------------------------------- */

enum { FIELD_NAME, FIELD_URL, FIELD_DIALECT, FIELD_MODEL, FIELD_KEY_ENV, FIELD_KEY_FILE, FIELD_INSTRUCT, FIELD_GRAMMAR };
#define NO_FORM N_("none")

/* How a server of plain texts is asked. The form shows what the dialect has a use for; a grammar that it has none for is no more. */
static bool read_way_of_asking(struct app *app, struct server *s, struct err *e)
{
    struct fields *f = &app->form;
    struct span grammar = f->count > FIELD_GRAMMAR ? span_trim(fields_text(f, FIELD_GRAMMAR)) : SPAN("");
    if (f->count > FIELD_INSTRUCT)
        server_set_text(&s->instruct, fields_text(f, FIELD_INSTRUCT));
    if (s->instruct && !strcmp(s->instruct, _(NO_FORM))) {
        free(s->instruct);
        s->instruct = NULL;
    }
    return config_read_grammar(s, grammar, e);
}

/* The server that the form describes. What the form does not show (system text, key command, time-outs) stays as it was. */
static bool read_server_form(struct app *app, struct server *s)
{
    struct url_parts parts;
    struct err err = {0};
    if (app->form_server >= 0)
        server_copy(s, &app->config.servers[app->form_server]);
    s->found = false;
    if (!span_is(span_trim(fields_text(&app->form, FIELD_URL)), s->url))
        s->insecure = false; /* that was said of another place */
    struct span key_env = span_trim(fields_text(&app->form, FIELD_KEY_ENV)), key_file = span_trim(fields_text(&app->form, FIELD_KEY_FILE));
    server_set_text(&s->name, span_trim(fields_text(&app->form, FIELD_NAME)));
    server_set_text(&s->url, span_trim(fields_text(&app->form, FIELD_URL)));
    server_set_text(&s->model, span_trim(fields_text(&app->form, FIELD_MODEL)));
    if (key_env.len || key_file.len || s->key_env || s->key_file)
        server_forget_key(s);
    if (key_file.len && !key_env.len)
        server_set_text(&s->key_file, key_file);
    bool ok = *s->url || err_set(&err, ERR_USAGE, "%s", _("The server needs an address, for instance http://127.0.0.1:8080."));
    ok = ok && dialect_parse(fields_text(&app->form, FIELD_DIALECT), &s->dialect) && url_split(s->url, &parts, &err);
    if (ok && key_env.len)
        ok = server_set_key_env(s, key_env, &err);
    if (ok && !*s->name)
        ok = err_set(&err, ERR_USAGE, "%s", _("The server needs a name, for instance “desk”."));
    if (ok)
        ok = read_way_of_asking(app, s, &err);
    for (const char *c = s->name; ok && *c; c++)
        if (*c == ']' || *c == '#' || (unsigned char)*c < ' ')
            ok = err_set(&err, ERR_USAGE, "%s", _("A name holds no ], # or control characters."));
    if (!ok)
        menu_refuse(app, &err);
    return ok;
}

static void server_submitted(struct app *app)
{
    struct server s;
    struct err err = {0};
    server_init(&s);
    bool sound = read_server_form(app, &s), kept = sound && config_save_server(app->paths.config, &s, &err);
    if (sound && !kept && err.kind != ERR_IO) {
        menu_refuse(app, &err);
    } else if (sound) { /* a config that cannot be written is no reason not to use the server now */
        app->form.open = false;
        config_put_server(&app->config, &s);
        config_take_keys(&app->config);
        servers_changed(app);
        for (int i = 0; i < app->config.server_count; i++)
            if (!strcmp(app->config.servers[i].name, s.name))
                servers_choose(app, i);
        if (!kept)
            app_fail(app, &err);
        else
            app_say(app, STYLE_OK, _("“%s” is kept in %s and in use."), s.name, app->paths.config);
    }
    server_release(&s);
}

static void server_tested(struct app *app)
{
    struct server s;
    server_init(&s);
    if (read_server_form(app, &s))
        server_test(app, &s);
    server_release(&s);
}

/* `chosen` as the config writes it, NULL: none. */
static void add_form_field(struct app *app, const char *chosen)
{
    const char *forms[16] = {_(NO_FORM), SERVER_INSTRUCT_AUTO};
    int at = 0;
    for (int i = 0; i < instruct_count; i++)
        forms[2 + i] = instruct_table[i].name;
    while (chosen && forms[at] && strcmp(forms[at], chosen) != 0)
        at++;
    fields_add_choice(&app->form, _("prompt form"),
                      _("Which marks a prompt is put between, as its model was trained; auto: as the server tells. A page stays as it is."), forms, at);
}

static void show_ways_of_asking(struct app *app)
{
    const struct server *s = app->form_server >= 0 ? &app->config.servers[app->form_server] : NULL;
    enum dialect_id dialect = DIALECT_OPENAI_CHAT;
    (void)!dialect_parse(fields_text(&app->form, FIELD_DIALECT), &dialect);
    int wanted = FIELD_INSTRUCT + dialect_takes_form(dialect) + dialect_takes_grammar(dialect);
    fields_drop(&app->form, wanted);
    if (app->form.count == FIELD_INSTRUCT && wanted > FIELD_INSTRUCT)
        add_form_field(app, s ? s->instruct : NULL);
    if (app->form.count == FIELD_GRAMMAR && wanted > FIELD_GRAMMAR)
        fields_add_text(&app->form, _("grammar"), _("A file with rules in GBNF that what is written follows; it may begin with ~/."),
                        span_of(s ? s->grammar_file : NULL));
}

static void open_server_form(struct app *app, const struct server *s)
{
    app->form_server = s ? (int)(s - app->config.servers) : -1;
    menu_form(app, s ? _("Server") : _("New server"), server_submitted);
    app->testable = true;
    fields_add_text(&app->form, _("name"), _("What you call it."), span_of(s ? s->name : ""));
    fields_add_text(&app->form, _("address"), _("For instance http://127.0.0.1:11434 or https://api.openai.com/v1"),
                  span_of(s ? s->url : ""));
    const char *dialects[DIALECT_SPOKEN + 1] = {0};
    for (int i = 0; i < DIALECT_SPOKEN; i++)
        dialects[i] = dialect_name((enum dialect_id)i);
    fields_add_choice(&app->form, _("speaks"), _("Most servers speak openai-chat; base models openai-completions. ←/→ choose."), dialects,
                      s ? (int)s->dialect : (int)DIALECT_OPENAI_CHAT);
    fields_add_text(&app->form, _("model"), _("Empty: the first of the server's own list. M-m chooses later."), span_of(s ? s->model : ""));
    fields_add_text(&app->form, _("key variable"), _("The environment variable that holds the key, like OPENAI_API_KEY."),
                  span_of(s && s->key_env ? s->key_env : ""));
    fields_add_text(&app->form, _("key file"), _("Or a file that only you can read. The key itself is never written down here."),
                  span_of(s && s->key_file ? s->key_file : ""));
    show_ways_of_asking(app);
    app->form_changed = show_ways_of_asking;
    str_set(&app->form.message, span_of(_("F5 tests it, Enter keeps it, Esc leaves it.")));
    app->form.message_role = STYLE_DIM;
}

static void server_picked(struct app *app, const char *id)
{
    if (!strcmp(id, "new")) {
        open_server_form(app, NULL);
    } else if (!strcmp(id, "edit")) {
        open_server_form(app, servers_current(app));
    } else if (!strcmp(id, "models")) {
        menu_models(app);
    } else if (!strcmp(id, "look")) {
        servers_look_around(app, true);
        app_say(app, STYLE_DIM, "%s", _("Looking for servers on this machine…"));
    } else {
        for (int i = 0; i < app->config.server_count; i++)
            if (!strcmp(app->config.servers[i].name, id + 1))
                servers_choose(app, i);
    }
}

static const char *server_note(const struct server *s)
{
    if (server_is_muse(s))
        return _("Verse in Chinese and English, without key or network; Enter uses it.");
    return s->found ? _("Found on this machine or in the environment; Enter uses it.") : _("Enter uses it.");
}

static void add_server_row(struct app *app, int index)
{
    const struct server *s = &app->config.servers[index];
    struct str label = {0}, detail = {0}, id = {0};
    bool base = server_is_muse(s) && !strcmp(s->model, MUSE_NAME);
    str_printf(&label, "%s %s", index == app->servers.current ? "●" : " ", s->name);
    if (server_is_muse(s))
        str_add_text(&detail, _("built in"));
    else
        url_label(s->url, &detail);
    if (!server_is_muse(s))
        str_printf(&detail, " · %s", dialect_name(s->dialect));
    if (*s->model && !base)
        str_printf(&detail, " · %s", s->model);
    str_printf(&id, "=%s", s->name);
    picker_add(&app->picker, str_text(&label), str_text(&detail), server_note(s), str_text(&id));
    str_release(&label);
    str_release(&detail);
    str_release(&id);
}

/* The muse is always there, and therefore comes last. */
void menu_servers(struct app *app)
{
    menu_picker(app, _("Servers"), _("a name"), server_picked);
    for (int i = 1; i < app->config.server_count; i++)
        add_server_row(app, i);
    add_server_row(app, 0);
    picker_add(&app->picker, _("+ add a server"), NULL, _("An address, a model, and where the key comes from."), "new");
    if (!server_is_muse(servers_current(app)))
        picker_add(&app->picker, _("… change the one in use"), NULL, _("Its address, model and key."), "edit");
    picker_add(&app->picker, _("… choose its model"), "M-m",
               server_is_muse(servers_current(app)) ? _("The muse itself, or a voice that it has learnt.") : _("From the server's own list."),
               "models");
    picker_add(&app->picker, _("? look for servers on this machine"), NULL, _("llama.cpp, Ollama, LM Studio, KoboldCpp, vLLM at their usual ports."),
               "look");
    picker_filter(&app->picker);
}

void menu_test(struct app *app)
{
    if (app->form.open && app->testable)
        server_tested(app);
}
