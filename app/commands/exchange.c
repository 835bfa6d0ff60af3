#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/exchange/exchange.h"
#include "app/menu.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMPORT_MAX ((off_t)1 << 20) /* what is read while the writer waits */
#define LABEL_COLUMNS 60

enum { FIELD_FORMAT, FIELD_PROMPTS, FIELD_FILE };

/* The format's name stands first in each choice. */
static const char *const endings[] = {"md", "txt", "html", "html", "jsonl"};
static const enum exchange_format formats[] = {EXCHANGE_MARKDOWN, EXCHANGE_TEXT, EXCHANGE_HTML, EXCHANGE_HTML, EXCHANGE_BUNDLE};

/* -- paths as they are typed --------------------------------------------------------------------------------------------------------------- */

/* "~/" is the home folder; quotes that came with a pasted path fall off. */
static void typed_path(struct str *out, struct span typed)
{
    const char *home = getenv("HOME");
    typed = span_trim(typed);
    if (typed.len > 1 && (typed.s[0] == '\'' || typed.s[0] == '"') && typed.s[typed.len - 1] == typed.s[0])
        typed = span_cut(typed, 1, typed.len - 1);
    if (home && span_starts(typed, "~/")) {
        str_add_text(out, home);
        typed = span_cut(typed, 1, typed.len);
    }
    str_add(out, typed);
}

static bool has_ending(const struct str *path, const char *ending)
{
    size_t len = strlen(ending);
    return path->len > len + 1 && path->s[path->len - len - 1] == '.' && !strcmp(path->s + path->len - len, ending);
}

/* -- export ----------------------------------------------------------------------------------------------------------------------------------- */

/* What is there already is written anew only when the writer says so twice. */
static bool may_write(struct app *app, const char *path, struct err *e)
{
    bool again = app->overwrite.len && !strcmp(str_text(&app->overwrite), path);
    str_set(&app->overwrite, span_of(path));
    return again || access(path, F_OK) != 0 || err_set(e, ERR_USAGE, "%s", _("There is a file of that name already; Enter again writes it anew."));
}

static void export_submitted(struct app *app)
{
    struct str path = {0};
    struct err err = {0};
    int choice = app->form.fields[FIELD_FORMAT].choice;
    struct exchange_look look = {.vertical = choice == 3, .without_prompts = app->form.fields[FIELD_PROMPTS].choice == 1};
    typed_path(&path, fields_text(&app->form, FIELD_FILE));
    if (path.len && !has_ending(&path, endings[choice]))
        str_printf(&path, ".%s", endings[choice]);
    if (path.len == 0)
        err_set(&err, ERR_USAGE, "%s", _("Give the file a name."));
    if (err.kind || !may_write(app, str_text(&path), &err) ||
        !exchange_export_file(app->store, app->piece.id, formats[choice], &look, str_text(&path), &err)) {
        menu_refuse(app, &err);
    } else {
        app->form.open = false;
        str_clear(&app->overwrite);
        app_say(app, STYLE_OK, _("Written: %s"), str_text(&path));
    }
    str_release(&path);
}

static void export_piece(struct app *app, int arg)
{
    struct str label = {0}, name = {0};
    (void)arg;
    if (!desk_save(app)) {
        app_fail(app, &app->save_err);
        return;
    }
    if (!app->piece.id) {
        app_say(app, STYLE_DIM, "%s", _("There is nothing to export yet."));
        return;
    }
    const char *const choices[] = {_("Markdown"), _("plain text"), _("HTML"), _("HTML, vertical"), _("bundle for another library"), NULL};
    const char *const prompts[] = {_("with what you asked"), _("without it"), NULL};
    if (app->piece.title.len)
        str_set(&label, str_span(&app->piece.title));
    else
        piece_label(&app->piece, &label, LABEL_COLUMNS);
    exchange_file_name(&name, str_span(&label));
    menu_form(app, _("Export"), export_submitted);
    fields_add_choice(&app->form, _("format"), _("Markdown and HTML tell who wrote which line."), choices, 0);
    fields_add_choice(&app->form, _("prompts"), _("Whether your prompts stand on the page. A bundle always holds everything."), prompts, 0);
    fields_add_text(&app->form, _("file"), _("Without a folder it goes to where renga was started; ~/ is your home. The ending comes by itself."),
                    str_span(&name));
    str_clear(&app->overwrite);
    str_release(&label);
    str_release(&name);
}

/* -- import ----------------------------------------------------------------------------------------------------------------------------------- */

static bool small_enough(const char *path, struct err *e)
{
    struct stat st;
    if (stat(path, &st) || st.st_size <= IMPORT_MAX)
        return true; /* what is not there is told by the import */
    return err_set(e, ERR_LIMIT, _("This file has %lld MB and would hold up the desk; in a terminal: renga import FILE."),
                   (long long)(st.st_size >> 20));
}

static void say_result(struct app *app, const struct exchange_import *what)
{
    if (what->rows + what->changed == 0)
        app_say(app, STYLE_DIM, _("%s: all of it is in the library already."), what->what);
    else
        app_say(app, STYLE_OK, ngettext("%s: %d piece, %d rows.", "%s: %d pieces, %d rows.", (unsigned long)what->pieces), what->what,
                what->pieces, what->rows + what->changed);
}

static void import_submitted(struct app *app)
{
    struct str path = {0};
    struct err err = {0};
    struct exchange_import what = {.project = str_span(&app->piece.project_name)};
    typed_path(&path, fields_text(&app->form, 0));
    if (!small_enough(str_text(&path), &err) || !exchange_import_file(app->store, str_text(&path), &what, &err)) {
        menu_refuse(app, &err);
    } else {
        app->form.open = false;
        app->view = VIEW_DESK;
        if (desk_open_piece(app, what.piece ? what.piece : app->piece.id)) /* what lies here may be newer now */
            say_result(app, &what);
    }
    str_release(&what.complaints);
    str_release(&path);
}

static void import_file(struct app *app, int arg)
{
    (void)arg;
    if (engine_busy(&app->engine, &app->piece)) {
        app_say(app, STYLE_WARNING, "%s", _("The model is still writing here; Esc stops it, then import."));
        return;
    }
    if (!desk_save(app)) {
        app_fail(app, &app->save_err);
        return;
    }
    menu_form(app, _("Import"), import_submitted);
    fields_add_text(&app->form, _("file"),
                    _("A bundle, a text or Markdown; a chat of SillyTavern, a story of KoboldAI, a session of mikupad, the log of llm."), SPAN(""));
}

const struct command commands_exchange[] = {
    {"export", N_("write this piece into a file: Markdown, text, HTML or a bundle"), export_piece, 0, false},
    {"import", N_("take in a file: a bundle, a text, another program's story"), import_file, 0, false},
    {0},
};
