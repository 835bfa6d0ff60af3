#include "app/cli/begin.h"
#include "app/cli/json_line.h"
#include "core/display.h"
#include "core/i18n.h"

#include <unistd.h>

#define PROJECTS_MAX 1000000

/* -- the list -------------------------------------------------------------------------------------------------------------------------- */

static void print_json(struct cli *cli, const struct project *j)
{
    struct str *out = &cli->out.held;
    json_line_open(out, NULL);
    json_line_number(out, "project", j->id);
    json_line_text(out, "name", str_span(&j->name));
    json_line_text(out, "cover", str_span(&j->cover));
    json_line_number(out, "pieces", j->pieces);
    json_line_number(out, "generations", j->generations);
    json_line_number(out, "changed_ms", j->changed_ms);
    json_line_text(out, "server", str_span(&j->server));
    json_line_text(out, "model", str_span(&j->model));
    json_line_text(out, "dials", str_span(&j->dials));
    json_line_text(out, "system", str_span(&j->system));
    json_line_close(out);
    printer_say(&cli->out, "\n");
}

/* For the eye the name and as much of the cover line as there is room for; for a pipe five cells between tabs. */
static void print_row(struct cli *cli, const struct project *j)
{
    struct str row = {0}, name = {0}, time = {0};
    cli_add_time(&time, j->changed_ms);
    display_line(&name, str_span(&j->name), -1);
    if (!cli->out.terminal) {
        str_printf(&row, "%lld\t%s\t%lld\t%lld\t%s", (long long)j->id, str_text(&name), (long long)j->pieces, (long long)j->generations,
                   str_text(&time));
    } else {
        str_printf(&row, "%6lld  %s  %5lld  %6lld  %s", (long long)j->id, str_text(&time), (long long)j->pieces, (long long)j->generations,
                   name.len ? str_text(&name) : _("(in no project)"));
        if (j->cover.len) {
            int room = printer_columns(&cli->out) - display_width(str_span(&row)) - 3;
            str_add_text(&row, " · ");
            display_line(&row, str_span(&j->cover), room > 8 ? room : 8);
        }
    }
    printer_line(&cli->out, str_span(&row));
    printer_say(&cli->out, "\n");
    str_release(&row);
    str_release(&name);
    str_release(&time);
}

int cli_projects(struct cli *cli)
{
    struct store *store = NULL;
    struct project *projects = NULL;
    struct err err = {0};
    int count = 0;
    bool ok = access(cli_library_path(cli), F_OK) != 0 || /* looking makes no library */
              (cli_open_library(cli, &store, &err) &&
               store_projects(store, &(struct shelf){.limit = PROJECTS_MAX}, &projects, &count, &err));
    for (int i = 0; i < count; i++)
        if (cli->args.values[OPTION_JSON])
            print_json(cli, &projects[i]);
        else
            print_row(cli, &projects[i]);
    if (ok && count == 0)
        cli_hint(cli, _("There are no projects yet: M-j on the desk, or renga write --project NAME, begins one."));
    projects_free(projects, count);
    store_close(store);
    return ok ? EXIT_DONE : cli_fail(cli, &err);
}

/* -- writing into one ------------------------------------------------------------------------------------------------------------------ */

void begin_release(struct begin *b)
{
    str_release(&b->prompt);
    project_release(&b->project);
}

static bool load(struct cli *cli, struct begin *b, struct span name, struct err *e)
{
    struct store *store = NULL;
    int64_t id = 0;
    if (access(cli_library_path(cli), F_OK))
        return true;
    bool ok = cli_open_library(cli, &store, e) && store_project_find(store, name, false, &id, e) &&
              (id == 0 || store_project_load(store, id, &b->project, e));
    store_close(store);
    return ok;
}

bool begin_with_project(struct cli *cli, struct begin *b, struct err *e)
{
    const char **values = cli->args.values;
    const struct project *j = &b->project;
    struct span name = span_trim(span_of(values[OPTION_PROJECT]));
    if (!values[OPTION_PROJECT])
        return true;
    if (name.len == 0)
        return err_set(e, ERR_USAGE, "%s", _("A project needs a name."));
    if (!load(cli, b, name, e))
        return false;
    if (j->server.len && !cli_names_server(cli)) {
        if (config_server(&cli->config, str_text(&j->server)))
            values[OPTION_SERVER] = str_text(&j->server);
        else
            cli_note(cli, _("renga: The project “%s” wants the server “%s”, which is not set up here."), str_text(&j->name),
                     str_text(&j->server));
        if (j->model.len && !values[OPTION_MODEL] && values[OPTION_SERVER])
            values[OPTION_MODEL] = str_text(&j->model);
    }
    if (j->dials.len) {
        b->dials = (struct dials){0};
        return dials_parse(&b->dials, str_span(&j->dials), e);
    }
    return true;
}
