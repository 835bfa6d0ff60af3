#include "app/cli/cli.h"
#include "app/exchange/exchange.h"
#include "core/i18n.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELD_MAX ((size_t)64 << 10)

/* -- export ------------------------------------------------------------------------------------------------------------------------------- */

/* What is to go out, and where to. */
struct going {
    int64_t piece, project;      /* both 0: the whole library */
    enum exchange_format format;
    bool told;                   /* the format was named */
    struct exchange_look look;
    const char *out;             /* NULL: standard output */
};

static bool to_printer(void *data, struct span bytes, struct err *e)
{
    struct printer *p = data;
    if (p->terminal)
        printer_text(p, bytes, true);
    else
        str_add(&p->held, bytes);
    while (p->held.len > HELD_MAX && !printer_flush(p) && !p->broken)
        continue;
    return !p->broken || err_set(e, ERR_IO, _("Standard output cannot be written: %s."), strerror(p->why));
}

static bool is_folder(const char *path)
{
    struct stat st;
    size_t len = strlen(path);
    return (len && path[len - 1] == '/') || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

static bool read_format(struct cli *cli, struct going *g, struct err *e)
{
    const char *named = cli->args.values[OPTION_FORMAT], *dot = g->out ? strrchr(g->out, '.') : NULL;
    g->told = true;
    if (named && exchange_format_parse(span_of(named), &g->format))
        return true;
    if (named)
        return err_set(e, ERR_USAGE, _("“%s” is no format; there are md, txt, html and jsonl."), named);
    if (dot && exchange_format_parse(span_of(dot + 1), &g->format))
        return true;
    g->told = false;
    g->format = g->piece || (g->out && is_folder(g->out)) ? EXCHANGE_MARKDOWN : EXCHANGE_BUNDLE;
    return true;
}

static bool find_what(struct cli *cli, struct store *store, struct going *g, struct err *e)
{
    const char *name = cli->args.operand_count ? cli->args.operands[0] : "";
    if (cli->args.values[OPTION_ALL])
        return !*name || err_set(e, ERR_USAGE, _("Either --all or “%s”, not both."), name);
    if (!*name)
        return err_set(e, ERR_USAGE, _("renga export wants a piece, a project, or --all."));
    if (!exchange_find_piece(store, span_of(name), &g->piece, e) || !store_project_find(store, span_of(name), false, &g->project, e))
        return false;
    if (g->piece && g->project)
        return err_set(e, ERR_USAGE, _("“%s” is a piece and a project; name the piece by its number: %lld."), name, (long long)g->piece);
    return g->piece || g->project || err_set(e, ERR_USAGE, _("There is no piece and no project “%s”."), name);
}

struct filling {
    struct store *store;
    const struct going *going;
};

static bool fill(void *ctx, const struct exchange_sink *out, struct err *e)
{
    const struct filling *f = ctx;
    if (f->going->piece)
        return exchange_export_piece(f->store, f->going->piece, f->going->format, &f->going->look, out, e);
    return exchange_export_bundle(f->store, f->going->project, out, e);
}

static bool export_many(struct cli *cli, struct store *store, const struct going *g, struct err *e)
{
    int count = 0;
    if (!g->out)
        return err_set(e, ERR_USAGE, _("Several pieces go into a folder, a file each; name it with -o."));
    struct stat st;
    if (stat(g->out, &st) == 0 && !S_ISDIR(st.st_mode))
        return err_set(e, ERR_USAGE, _("%s is a file; several pieces go into a folder."), g->out);
    bool ok = exchange_export_folder(store, g->project, g->format, &g->look, g->out, &count, e);
    if (count || ok)
        cli_note(cli, ngettext("%d piece in %s.", "%d pieces in %s.", (unsigned long)count), count, g->out);
    return ok;
}

static bool export_what(struct cli *cli, struct store *store, struct going *g, struct err *e)
{
    struct filling filling = {store, g};
    if (!g->piece && g->format != EXCHANGE_BUNDLE)
        return export_many(cli, store, g, e);
    if (!g->out)
        return fill(&filling, &(struct exchange_sink){to_printer, &cli->out}, e);
    if (is_folder(g->out))
        return err_set(e, ERR_USAGE, _("%s is a folder; one piece, and a bundle, go into a file."), g->out);
    return exchange_write_file(g->out, fill, &filling, e);
}

int cli_export(struct cli *cli)
{
    struct err err = {0};
    struct store *store = NULL;
    struct going g = {.look = {cli->args.values[OPTION_VERTICAL] != NULL, cli->args.values[OPTION_NO_PROMPTS] != NULL}};
    g.out = cli->args.values[OPTION_OUT];
    if (g.out && !strcmp(g.out, "-"))
        g.out = NULL;
    bool ok = access(cli_library_path(cli), F_OK) == 0 || /* looking makes no library */
              err_set(&err, ERR_STORAGE, _("There is no library yet."));
    ok = ok && cli_open_library(cli, &store, &err) && find_what(cli, store, &g, &err) && read_format(cli, &g, &err) &&
         export_what(cli, store, &g, &err);
    store_close(store);
    return ok || cli->out.broken ? EXIT_DONE : cli_fail(cli, &err); /* a broken output is told at the end */
}

/* -- import ------------------------------------------------------------------------------------------------------------------------------- */

static void say_complaints(struct cli *cli, struct span complaints, int broken)
{
    struct span line;
    int shown = 0;
    while (span_line(&complaints, &line) && ++shown)
        cli_note(cli, "  %.*s", SPAN_ARG(line));
    if (broken > shown)
        cli_note(cli, ngettext("  %d line more was passed over.", "  %d lines more were passed over.", (unsigned long)(broken - shown)),
                 broken - shown);
}

static void say_result(struct cli *cli, const char *path, const struct exchange_import *what)
{
    struct str line = {0};
    str_printf(&line, "%s: %s · ", path, what->what);
    if (what->rows == 0 && what->changed == 0)
        str_add_text(&line, what->broken ? _("nothing new") : _("nothing new: all of it is in the library already"));
    else if (what->pieces == 0)
        str_printf(&line, ngettext("%d row new or newer", "%d rows new or newer", (unsigned long)(what->rows + what->changed)),
                   what->rows + what->changed);
    else
        str_printf(&line, ngettext("%d piece", "%d pieces", (unsigned long)what->pieces), what->pieces);
    if (what->pieces == 1)
        str_printf(&line, _(" (number %lld)"), (long long)what->piece);
    if (what->generations)
        str_printf(&line, ngettext(", %d generation", ", %d generations", (unsigned long)what->generations), what->generations);
    cli_note(cli, "%s", str_text(&line));
    say_complaints(cli, str_span(&what->complaints), what->broken);
    str_release(&line);
}

/* Where one waits and looks: how far it has come, on a line that goes away. */
static void show_lines(void *ctx, int64_t lines)
{
    struct printer *p = ctx;
    if (!p->terminal)
        return;
    printer_say(p, "\r");
    printer_format(p, _("%lld lines …"), (long long)lines);
    printer_flush(p);
}

static void clear_lines(struct printer *p)
{
    if (p->terminal)
        printer_say(p, "\r\033[K");
}

/* Each file for itself: one that is broken does not keep out the others. */
static int import_one(struct cli *cli, struct store *store, const char *path)
{
    struct err err = {0};
    struct exchange_import what = {.project = span_of(cli->args.values[OPTION_PROJECT]), .kind = span_of(cli->args.values[OPTION_FORMAT]),
                                   .skip_broken = cli->args.values[OPTION_SKIP_BROKEN] != NULL, .tick = show_lines, .ctx = &cli->err};
    bool ok = exchange_import_file(store, path, &what, &err);
    clear_lines(&cli->err);
    if (ok)
        say_result(cli, path, &what);
    else if (strstr(err.text, path))
        cli_fail(cli, &err);
    else
        cli_note(cli, "renga: %s: %s", path, err.text);
    str_release(&what.complaints);
    return ok ? EXIT_DONE : cli_exit_code(err.kind);
}

int cli_import(struct cli *cli)
{
    struct err err = {0};
    struct store *store = NULL;
    int code = EXIT_DONE;
    if (!cli_open_library(cli, &store, &err))
        return cli_fail(cli, &err);
    for (int i = 0; i < cli->args.operand_count; i++) {
        int one = import_one(cli, store, cli->args.operands[i]);
        code = code ? code : one;
    }
    store_close(store);
    return code;
}
