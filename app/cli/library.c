#include "app/cli/cli.h"
#include "app/cli/json_line.h"
#include "app/cli/odds_out.h"
#include "app/cli/takes_out.h"
#include "app/tastes.h"
#include "app/used.h"
#include "core/display.h"
#include "core/i18n.h"
#include "storage/query.h"

#include <stdlib.h>
#include <unistd.h>

#define ROWS 20

/* -- the library ----------------------------------------------------------------------------------------------------------------------- */

const char *cli_library_path(const struct cli *cli)
{
    const char *given = cli->args.values[OPTION_LIBRARY];
    return given ? given : cli->paths.library;
}

bool cli_open_library(struct cli *cli, struct store **store, struct err *e)
{
    if (!store_open(store, cli_library_path(cli), e))
        return false;
    if (store_notice(*store))
        cli_note(cli, "renga: %s", store_notice(*store));
    return true;
}

bool cli_generation_id(const char *text, int64_t *id, struct err *e)
{
    if (span_integer(span_of(text), id) && *id > 0)
        return true;
    return err_set(e, ERR_USAGE, _("“%s” is not the number of a generation; renga history lists them."), text);
}

/* -- history --------------------------------------------------------------------------------------------------------------------------- */

static void add_stars(struct str *out, int rating)
{
    for (int i = 0; i < 5; i++)
        str_add_text(out, i < rating ? "★" : " ");
}

/* For the eye: as much of the prompt and the text as the line holds. */
static void print_row(struct cli *cli, const struct hit *h)
{
    struct str row = {0}, cell = {0};
    if (h->generation)
        str_printf(&row, "%6lld  ", (long long)h->generation);
    else
        str_add_text(&row, "     –  "); /* the writer's own page */
    cli_add_time(&row, h->sent_ms);
    str_add_text(&row, "  ");
    display_line(&cell, str_span(&h->model), 16);
    str_add(&row, str_span(&cell));
    int pad = 16 - display_width(str_span(&cell));
    str_printf(&row, "%*s  %2d  ", pad > 0 ? pad : 0, "", h->takes);
    add_stars(&row, h->rating);
    str_add_text(&row, "  ");
    str_clear(&cell);
    str_add(&cell, str_span(&h->prompt));
    if (h->prompt.len && h->text.len)
        str_add_text(&cell, " → ");
    str_add(&cell, str_span(&h->text));
    int room = printer_columns(&cli->out) - display_width(str_span(&row));
    display_line(&row, str_span(&cell), room > 8 ? room : 8);
    printer_say(&cli->out, str_text(&row));
    printer_say(&cli->out, "\n");
    str_release(&row);
    str_release(&cell);
}

/* For programs: one line, cells between tabs; white space within a cell is one space. */
static void print_cell(struct cli *cli, struct span text, char end)
{
    struct str cell = {0};
    str_add(&cell, text);
    for (size_t i = 0; i < cell.len; i++)
        if (cell.s[i] == '\t' || cell.s[i] == '\n' || cell.s[i] == '\r')
            cell.s[i] = ' ';
    str_add_byte(&cell, end);
    str_add(&cli->out.held, str_span(&cell));
    str_release(&cell);
}

static void print_cells(struct cli *cli, const struct hit *h)
{
    struct str start = {0};
    str_printf(&start, "%lld\t", (long long)h->generation);
    cli_add_time(&start, h->sent_ms);
    str_add(&cli->out.held, str_span(&start));
    str_release(&start);
    printer_say(&cli->out, "\t");
    print_cell(cli, str_span(&h->model), '\t');
    printer_format(&cli->out, "%d\t%d\t", h->takes, h->rating);
    print_cell(cli, str_span(&h->prompt), '\t');
    print_cell(cli, str_span(&h->text), '\n');
}

static void print_json(struct cli *cli, const struct hit *h)
{
    struct str *out = &cli->out.held;
    json_line_open(out, NULL);
    json_line_number(out, "generation", h->generation);
    json_line_number(out, "piece", h->piece);
    if (h->passage)
        json_line_number(out, "passage", h->passage);
    json_line_number(out, "sent_ms", h->sent_ms);
    json_line_text(out, "model", str_span(&h->model));
    json_line_text(out, "server", str_span(&h->server));
    json_line_text(out, "project", str_span(&h->project));
    json_line_text(out, "state", span_of(take_state_name(h->state)));
    json_line_number(out, "takes", h->takes);
    json_line_number(out, "rating", h->rating);
    json_line_text(out, "prompt", str_span(&h->prompt));
    json_line_text(out, "text", str_span(&h->text));
    json_line_close(out);
    printer_say(&cli->out, "\n");
}

static void print_hits(struct cli *cli, const struct hit *hits, int count)
{
    for (int i = 0; i < count; i++)
        if (cli->args.values[OPTION_JSON])
            print_json(cli, &hits[i]);
        else if (cli->out.terminal)
            print_row(cli, &hits[i]);
        else
            print_cells(cli, &hits[i]);
}

/* A library that nobody has written into yet is an empty one, and looking does not make it. */
static bool search(struct cli *cli, struct search *q, struct hit **hits, int *count, struct err *e)
{
    struct store *store = NULL;
    if (access(cli_library_path(cli), F_OK))
        return true;
    bool ok = cli_open_library(cli, &store, e) && store_search(store, q, hits, count, e);
    store_close(store);
    return ok;
}

/* What the options say, as words of the query. */
static bool read_query(struct cli *cli, struct str *out, struct err *e)
{
    const char *order = cli->args.values[OPTION_SORT];
    enum query_sort sort = SORT_TIME;
    if (order && !query_sort_parse(span_of(order), &sort))
        return err_set(e, ERR_USAGE, _("“%s” is no order; there are time, rating, model, length and best."), order);
    str_add_text(out, cli->args.operand_count ? cli->args.operands[0] : "");
    if (order)
        str_printf(out, " sort:%s", order);
    if (cli->args.values[OPTION_TRASH])
        str_add_text(out, " is:trash");
    return true;
}

static int kept(struct cli *cli)
{
    struct store *store = NULL;
    struct tastes tastes = {0};
    struct str text = {0};
    struct err err = {0};
    if (access(cli_library_path(cli), F_OK)) {
        cli_hint(cli, "%s", _("Nothing has been written yet."));
        return EXIT_DONE;
    }
    bool ok = cli_open_library(cli, &store, &err);
    if (ok) {
        tastes_open(&tastes, store, &cli->config);
        ok = tastes_step(&tastes, 0, &err);
        tastes_tell(&tastes, cli->out.terminal ? printer_columns(&cli->out) : 80, &text);
    }
    if (ok)
        printer_text(&cli->out, str_span(&text), true);
    tastes_release(&tastes);
    str_release(&text);
    store_close(store);
    return ok ? EXIT_DONE : cli_fail(cli, &err);
}

int cli_history(struct cli *cli)
{
    if (cli->args.values[OPTION_KEPT])
        return kept(cli);
    struct err err = {0};
    struct str query = {0};
    int64_t limit = ROWS, before = 0;
    struct hit *hits = NULL;
    int count = 0, code = EXIT_DONE;
    struct search q = {.limit = 0};
    bool ok = read_query(cli, &query, &err) && args_number(&cli->args, OPTION_LIMIT, ROWS, &limit, &err) &&
              args_number(&cli->args, OPTION_BEFORE, 0, &before, &err);
    q.limit = limit < 1000000 ? (int)limit : 1000000;
    q.before = before;
    q.query = str_span(&query);
    ok = ok && search(cli, &q, &hits, &count, &err);
    print_hits(cli, hits, count);
    if (!ok)
        code = cli_fail(cli, &err);
    else if (count == 0)
        cli_hint(cli, q.query.len || before ? _("Nothing found.") : _("Nothing has been written yet."));
    else if (count == q.limit && hits[count - 1].generation)
        cli_hint(cli, _("Older ones: --before %lld"), (long long)hits[count - 1].generation);
    for (int i = 0; i < count; i++)
        hit_release(&hits[i]);
    free(hits);
    str_release(&query);
    return code;
}

/* -- show ------------------------------------------------------------------------------------------------------------------------------ */

static void print_block(struct cli *cli, const char *heading, struct span text)
{
    if (text.len == 0)
        return;
    printer_style(&cli->out, 2);
    printer_format(&cli->out, "── %s ──\n", heading);
    printer_style(&cli->out, 0);
    printer_text(&cli->out, text, true);
    printer_say(&cli->out, text.s[text.len - 1] == '\n' ? "\n" : "\n\n");
}

static void print_fact(struct cli *cli, const char *name, const char *value)
{
    int pad = 10 - display_width(span_of(name));
    if (!*value)
        return;
    printer_format(&cli->out, "%s%*s", name, pad > 0 ? pad : 1, "");
    printer_line(&cli->out, span_of(value));
    printer_say(&cli->out, "\n");
}

static void print_facts(struct cli *cli, const struct generation *g)
{
    struct str line = {0};
    str_printf(&line, "%lld", (long long)g->id);
    print_fact(cli, _("number"), str_text(&line));
    str_clear(&line);
    cli_add_time(&line, g->sent_ms);
    print_fact(cli, _("written"), str_text(&line));
    str_clear(&line);
    str_printf(&line, "%s  %s  %s", str_text(&g->server), str_text(&g->url), str_text(&g->dialect));
    print_fact(cli, _("server"), str_text(&line));
    print_fact(cli, _("model"), str_text(g->resolved.len ? &g->resolved : &g->model));
    str_clear(&line);
    dials_format(&g->dials, &line);
    print_fact(cli, _("dials"), str_text(&line));
    print_fact(cli, _("stop"), str_text(&g->stops));
    str_clear(&line);
    used_tell(&cli->config, g, &line);
    print_fact(cli, _("used"), str_text(&line));
    if (g->rerun_of) {
        str_clear(&line);
        str_printf(&line, "%lld", (long long)g->rerun_of);
        print_fact(cli, _("again of"), str_text(&line));
    }
    printer_say(&cli->out, "\n");
    str_release(&line);
}

static void print_take(struct cli *cli, const struct take *t)
{
    struct str heading = {0};
    str_printf(&heading, _("take %d · %s"), t->index + 1, _(take_state_name(t->state)));
    if (t->finish.len) {
        str_add_text(&heading, " · ");
        display_line(&heading, str_span(&t->finish), 20);
    }
    str_printf(&heading, _(" · %lld tokens"), (long long)t->tokens);
    if (t->total_ms >= 0)
        str_printf(&heading, _(" · %.1f s"), (double)t->total_ms / 1000);
    if (t->rating) {
        str_add_text(&heading, " · ");
        add_stars(&heading, t->rating);
    }
    print_block(cli, str_text(&heading), t->text.len ? str_span(&t->text) : SPAN("\n"));
    print_block(cli, _("its thoughts"), str_span(&t->reasoning));
    if (t->error.len)
        print_fact(cli, _("error"), str_text(&t->error));
    str_release(&heading);
}

/* Why there are none is said on standard error. */
static void print_odds(struct cli *cli, struct store *store, const struct take *t)
{
    struct str form = {0};
    struct err err = {0};
    bool found = false;
    if (!store_odds_load(store, t->id, &form, &found, &err) ||
        (found && !odds_out_print(cli, str_span(&form), str_span(&t->text), &err)))
        (void)cli_fail(cli, &err);
    else if (!found)
        cli_note(cli, _("renga: Take %d was kept without odds; renga rerun ID --odds asks for them."), t->index + 1);
    str_release(&form);
}

static int show_one(struct cli *cli, struct store *store, const struct take *takes, int count, int64_t number)
{
    if (number > count) {
        cli_note(cli, ngettext("renga: There is only %d take.", "renga: There are only %d takes.", (unsigned long)count), count);
        return EXIT_FAILED;
    }
    if (cli->args.values[OPTION_ODDS]) {
        print_odds(cli, store, &takes[number - 1]);
        return EXIT_DONE;
    }
    printer_text(&cli->out, take_body(&takes[number - 1]), true);
    printer_say(&cli->out, "\n");
    return EXIT_DONE;
}

static void show_all(struct cli *cli, struct store *store, const struct generation *g, const struct take *takes, int count)
{
    bool json = cli->args.values[OPTION_JSON], odds = cli->args.values[OPTION_ODDS];
    if (!json) {
        print_facts(cli, g);
        print_block(cli, _("system"), str_span(&g->system));
        print_block(cli, _("context"), str_span(&g->context));
        print_block(cli, _("prompt"), str_span(&g->prompt));
        if (span_is(str_span(&g->dialect), dialect_name(DIALECT_MUSE)))
            print_block(cli, _("what the muse read"), str_span(&g->request));
    }
    for (int i = 0; i < count; i++) {
        if (json)
            takes_out_json_odds(&cli->out.held, &cli->config, g, &takes[i], odds ? store : NULL);
        else
            print_take(cli, &takes[i]);
        if (odds && !json)
            print_odds(cli, store, &takes[i]);
    }
}

int cli_show(struct cli *cli)
{
    struct err err = {0};
    struct store *store = NULL;
    struct generation g = {0};
    struct take *takes = NULL;
    int count = 0, code = EXIT_DONE;
    int64_t id = 0, number = 0;
    if (!cli_generation_id(cli->args.operands[0], &id, &err) || !args_number(&cli->args, OPTION_TAKE, 0, &number, &err) ||
        !cli_open_library(cli, &store, &err) || !store_generation_load(store, id, &g, &takes, &count, &err))
        code = cli_fail(cli, &err);
    else if (number)
        code = show_one(cli, store, takes, count, number);
    else
        show_all(cli, store, &g, takes, count);
    for (int i = 0; i < count; i++)
        take_release(&takes[i]);
    free(takes);
    generation_release(&g);
    store_close(store);
    return code;
}
