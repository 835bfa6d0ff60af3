#include "app/commands/command.h"
#include "app/exchange/exchange.h"
#include "app/menu.h"
#include "app/views/library.h"
#include "app/views/library_work.h"
#include "core/file.h"
#include "core/i18n.h"

#include <stdlib.h>

/* The whole file or none. */
static bool write_export(struct app *app, enum exchange_format format, const char *path, struct err *e)
{
    struct str text = {0};
    int count = 0;
    int64_t *ids = library_meant(app, &count);
    struct exchange_sink sink = exchange_into(&text);
    bool ok = count > 0 && exchange_export_generations(app->store, ids, count, format, &sink, e) &&
              file_write(path, str_span(&text), e);
    str_release(&text);
    free(ids);
    return ok;
}

static void export_submitted(struct app *app)
{
    struct err err = {0};
    enum exchange_format format = EXCHANGE_MARKDOWN;
    char *path = span_copy(span_trim(fields_text(&app->form, 1)));
    struct span chosen = fields_text(&app->form, 0);
    for (int i = 0; i < EXCHANGE_FORMAT_COUNT; i++)
        if (span_is(chosen, exchange_format_name((enum exchange_format)i)))
            format = (enum exchange_format)i;
    if (!*path)
        err_set(&err, ERR_USAGE, "%s", _("Name the file that is to be written."));
    else if (write_export(app, format, path, &err)) {
        app->form.open = false;
        app_say(app, STYLE_OK, _("Written to %s."), path);
    }
    if (err.kind)
        menu_refuse(app, &err);
    free(path);
}

static void export_marked(struct app *app, int arg)
{
    const char *formats[EXCHANGE_FORMAT_COUNT + 1] = {NULL};
    int count = 0;
    (void)arg;
    free(library_meant(app, &count));
    if (!count)
        return;
    for (int i = 0; i < EXCHANGE_FORMAT_COUNT; i++)
        formats[i] = exchange_format_name((enum exchange_format)i);
    menu_form(app, _("Export"), export_submitted);
    fields_add_choice(&app->form, _("format"), _("Markdown, plain text, a page, or a bundle for another library. ←/→ choose."), formats, 0);
    fields_add_text(&app->form, _("file"), _("Its path; a file of that name is written anew."), SPAN("takes.md"));
}

const struct command commands_library_export[] = {
    {"library-export", N_("write the marked ones into a file"), export_marked, 0, true},
    {0},
};
