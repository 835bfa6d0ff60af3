#include "app/cli/cli.h"
#include "app/learning.h"
#include "app/own_pages.h"
#include "app/stop.h"
#include "core/display.h"
#include "core/i18n.h"

#include <math.h>
#include <string.h>

#define BAR_COLUMNS   20
#define CURVE_COLUMNS 16

/* -- texts ----------------------------------------------------------------------------------------------------------------------------------- */

static void add_own(void *ctx, struct span text)
{
    learning_add_text(ctx, text);
}

static bool add_library(struct cli *cli, struct learning *l, struct err *e)
{
    const char *project = cli->args.values[OPTION_PROJECT];
    struct store *store = NULL;
    if (!cli_open_library(cli, &store, e))
        return false;
    bool ok = project ? own_pages_project(store, project, add_own, l, e) : own_pages_kept(store, add_own, l, e);
    store_close(store);
    return ok;
}

static bool add_texts(struct cli *cli, struct learning *l, struct err *e)
{
    const struct args *a = &cli->args;
    bool library = a->values[OPTION_PROJECT] || a->values[OPTION_KEPT];
    if (a->operand_count < 2 && !library)
        return err_set(e, ERR_USAGE, "%s", _("Say what to learn from: renga muse learn poems.txt, --kept, or --project NAME."));
    for (int i = 1; i < a->operand_count; i++)
        if (!learning_add_file(l, a->operands[i], e))
            return false;
    return !library || add_library(cli, l, e);
}

/* -- how it goes ------------------------------------------------------------------------------------------------------------------------------ */

/* The held-out losses as a row of blocks: the curve on one line. */
static void add_curve(struct str *out, const struct learning_look *look)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double top = look->curve_losses[0], bottom = top;
    for (int i = 1; i < look->curve_count; i++) {
        top = fmax(top, look->curve_losses[i]);
        bottom = fmin(bottom, look->curve_losses[i]);
    }
    int from = look->curve_count > CURVE_COLUMNS ? look->curve_count - CURVE_COLUMNS : 0;
    for (int i = from; i < look->curve_count; i++)
        str_add_text(out, blocks[top > bottom ? (int)(7.0 * (look->curve_losses[i] - bottom) / (top - bottom)) : 7]);
}

static void add_bar(struct str *out, const struct progress *p)
{
    for (int i = 0; i < BAR_COLUMNS; i++)
        str_add_text(out, i * p->steps < p->step * BAR_COLUMNS ? "━" : "─");
}

/* One line, written over and over on a terminal; elsewhere one line for each measurement. */
static void show(struct cli *cli, const struct learning_look *look, int *measured)
{
    const struct progress *p = &look->progress;
    struct str line = {0};
    if (!cli->err.terminal && look->curve_count == *measured)
        return;
    *measured = look->curve_count;
    if (cli->err.terminal) {
        add_bar(&line, p);
        str_add_text(&line, "  ");
    }
    str_printf(&line, _("step %d of %d · held-out loss %.3f "), p->step, p->steps, p->own_now);
    add_curve(&line, look);
    if (p->seconds_left >= 0)
        str_printf(&line, _(" · %d s left"), (int)ceil(p->seconds_left));
    printer_say(&cli->err, cli->err.terminal ? "\r\x1b[K" : "");
    int room = printer_columns(&cli->err);
    struct str cut = {0};
    display_line(&cut, str_span(&line), room > 1 ? room - 1 : -1);
    printer_say(&cli->err, str_text(&cut));
    printer_say(&cli->err, cli->err.terminal ? "" : "\n");
    printer_flush(&cli->err);
    str_release(&cut);
    str_release(&line);
}

static void end_line(struct cli *cli)
{
    printer_say(&cli->err, cli->err.terminal ? "\r\x1b[K" : "");
}

static int tell_result(struct cli *cli, const struct learning *l, const struct progress *p)
{
    cli_note(cli, _("The voice “%s” is kept. Perplexity on what was held out: %.1f before, %.1f now; on general verse: %.1f before, %.1f now."),
             learning_name(l), exp(p->own_before), exp(p->own_best), exp(p->general_before), exp(p->general_now));
    cli_note(cli, _("Write with it: renga write --server muse --model \"%s\" \"…\"; on the desk, M-m chooses it."), learning_name(l));
    return EXIT_DONE;
}

/* Steps until there are no more or the writer stops it. */
static int learn_all(struct cli *cli, struct learning *l, struct err *e)
{
    struct learning_look look;
    int measured = 0;
    bool more = true;
    stop_listen();
    while (more && !stop_signal()) {
        more = learning_step(l);
        learning_look(l, &look);
        show(cli, &look, &measured);
    }
    end_line(cli);
    if (more) {
        if (!learning_stop(l, e))
            return cli_fail(cli, e);
        cli_note(cli, _("Stopped at step %d of %d. The same command goes on from there."), look.progress.step, look.progress.steps);
        return EXIT_STOPPED;
    }
    if (look.progress.own_best >= look.progress.own_before) {
        err_set(e, ERR_FORMAT, "%s", _("Nothing was gained: the muse knows texts like these already, or they are too few. No voice was kept."));
        return cli_fail(cli, e);
    }
    return learning_keep(l, e) ? tell_result(cli, l, &look.progress) : cli_fail(cli, e);
}

/* -- the commands ------------------------------------------------------------------------------------------------------------------------------ */

static void tell_plan(struct cli *cli, const struct str *plan)
{
    struct span rest = str_span(plan), line;
    while (span_line(&rest, &line))
        cli_note(cli, "%.*s", SPAN_ARG(line));
}

int cli_muse_learn(struct cli *cli)
{
    const char *name = cli->args.values[OPTION_NAME];
    struct err err = {0};
    struct str plan = {0};
    int code = EXIT_DONE;
    struct learning *l = learning_new(name ? name : _("my voice"), cli->paths.muse, cli->paths.voices, &err);
    if (l && add_texts(cli, l, &err) && learning_prepare(l, &plan, &err)) {
        tell_plan(cli, &plan);
        code = learn_all(cli, l, &err);
    } else {
        code = cli_fail(cli, &err);
    }
    learning_free(l);
    str_release(&plan);
    return code;
}

int cli_muse_recall(struct cli *cli)
{
    struct err err = {0};
    const char *name = cli->args.operand_count > 1 ? cli->args.operands[1] : NULL;
    if (!name)
        err_set(&err, ERR_USAGE, "%s", _("Say which voice to bring back: renga muse recall NAME."));
    if (!name || !learning_recall(name, cli->paths.voices, &err))
        return cli_fail(cli, &err);
    cli_note(cli, _("The voice “%s” is back as it was."), name);
    return EXIT_DONE;
}

int cli_muse_forget(struct cli *cli)
{
    struct err err = {0};
    const char *name = cli->args.operand_count > 1 ? cli->args.operands[1] : NULL;
    if (!name)
        err_set(&err, ERR_USAGE, "%s", _("Say which voice to forget: renga muse forget NAME; renga models lists them."));
    if (!name || !learning_forget(name, cli->paths.voices, &err))
        return cli_fail(cli, &err);
    cli_note(cli, _("The voice “%s” is forgotten; renga muse recall brings it back."), name);
    return EXIT_DONE;
}
