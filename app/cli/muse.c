#include "app/cli/cli.h"
#include "app/doctor/doctor.h"
#include "core/clock.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/muse.h"

#include <limits.h>
#include <string.h>

#define NAME_COLUMNS 16

static const enum form_language languages[] = {FORM_ZH, FORM_EN};

/* "left   " in a column. */
static void print_cell(struct cli *cli, const char *text, int width)
{
    int pad = width - display_width(span_of(text));
    printer_line(&cli->out, span_of(text));
    if (cli->out.terminal)
        printer_format(&cli->out, "%*s  ", pad > 0 ? pad : 0, "");
    else
        printer_say(&cli->out, "\t");
}

/* -- info ------------------------------------------------------------------------------------------------------------------------------ */

static bool print_model(struct cli *cli, struct muse *muse, struct span model, enum form_language language)
{
    struct muse_facts facts;
    struct err err = {0};
    struct str text = {0}, name = {0};
    bool ok = muse_facts(muse, model, language, &facts, &err);
    if (ok)
        str_printf(&text, _("%.2f million parameters · %d tokens · looks back %d tokens · %.1f MB"), (double)facts.parameters / 1e6,
                   facts.tokens, facts.context, (double)facts.bytes / 1e6);
    str_printf(&name, "%.*s · %s", SPAN_ARG(model), muse_language_name(ok ? facts.language : language));
    print_cell(cli, str_text(&name), NAME_COLUMNS);
    printer_line(&cli->out, ok ? str_span(&text) : span_of(err.text));
    printer_say(&cli->out, "\n");
    str_release(&text);
    str_release(&name);
    return ok;
}

static void print_place(struct cli *cli, const char *name, const char *path)
{
    print_cell(cli, name, NAME_COLUMNS);
    printer_line(&cli->out, span_of(path));
    printer_say(&cli->out, "\n");
}

/* The base in both languages, then the voices. */
static int info(struct cli *cli)
{
    bool whole = true;
    struct str models = {0};
    struct muse *muse = muse_new(cli->paths.muse, cli->paths.voices);
    struct span rest, model;
    muse_models(muse, &models);
    rest = str_span(&models);
    print_place(cli, _("packs"), cli->paths.muse);
    print_place(cli, _("voices"), cli->paths.voices);
    for (bool base = true; span_line(&rest, &model); base = false)
        for (size_t i = 0; i < (base ? COUNT_OF(languages) : 1); i++)
            whole = print_model(cli, muse, model, languages[i]) && whole;
    str_release(&models);
    muse_free(muse);
    return whole ? EXIT_DONE : EXIT_FAILED;
}

/* -- forms ----------------------------------------------------------------------------------------------------------------------------- */

static int forms(struct cli *cli)
{
    for (int i = 0; i < form_count(); i++) {
        const struct form *f = form_at(i);
        if (cli->out.terminal && i && f->language != form_at(i - 1)->language)
            printer_say(&cli->out, "\n");
        print_cell(cli, f->name, 16);
        print_cell(cli, _(f->label), 20);
        printer_line(&cli->out, span_of(_(f->help)));
        printer_say(&cli->out, "\n");
    }
    return EXIT_DONE;
}

/* -- the command ----------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*run)(struct cli *cli);
    int most; /* operands behind its name */
} parts[] = {
    {"info", info, 0},
    {"forms", forms, 0},
    {"learn", cli_muse_learn, INT_MAX},
    {"forget", cli_muse_forget, 1},
    {"recall", cli_muse_recall, 1},
};

int cli_muse(struct cli *cli)
{
    struct err err = {0};
    const char *name = cli->args.operands[0];
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (!strcmp(name, parts[i].name) && cli->args.operand_count - 1 <= parts[i].most)
            return parts[i].run(cli);
        else if (!strcmp(name, parts[i].name))
            return err_set(&err, ERR_USAGE, _("renga muse %s takes no more than that."), name), cli_fail(cli, &err);
    err_set(&err, ERR_USAGE, _("“%s” is no part of renga muse; there are info, forms, learn, forget and recall."), name);
    return cli_fail(cli, &err);
}

/* -- as a server ------------------------------------------------------------------------------------------------------------------------ */

int cli_muse_models(struct cli *cli)
{
    struct str models = {0};
    struct muse *muse = muse_new(cli->paths.muse, cli->paths.voices);
    muse_models(muse, &models);
    cli_print_models(cli, str_span(&models), SPAN(""));
    str_release(&models);
    muse_free(muse);
    return EXIT_DONE;
}

/* There is no way to it that could be broken: what is tried is whether it can be opened. */
int cli_muse_ping(struct cli *cli)
{
    int code = EXIT_DONE;
    struct muse *muse = muse_new(cli->paths.muse, cli->paths.voices);
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        struct muse_facts facts;
        struct err err = {0};
        int64_t start = clock_now_us();
        bool ok = muse_facts(muse, SPAN(MUSE_NAME), languages[i], &facts, &err);
        cli_print_finding(cli, &(struct finding){.check = muse_language_name(languages[i]), .server = MUSE_NAME,
                                                 .verdict = ok ? VERDICT_WELL : VERDICT_WRONG,
                                                 .ms = ok ? (int)((clock_now_us() - start + 999) / 1000) : -1,
                                                 .text = ok ? _("Its pack is whole.") : err.text});
        code = ok ? code : cli_exit_code(err.kind);
    }
    muse_free(muse);
    return code;
}
