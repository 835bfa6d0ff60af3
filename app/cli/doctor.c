#include "app/doctor/doctor.h"
#include "app/cli/cli.h"
#include "core/i18n.h"
#include "storage/health.h"
#include "storage/salvage.h"

#include <sys/stat.h>

struct visit {
    struct cli *cli;
    struct net *net;
    int64_t last_ticket;
};

static bool on_finding(void *ctx, const struct finding *f)
{
    return cli_print_finding(((struct visit *)ctx)->cli, f);
}

static bool on_question(void *ctx, const struct server *s, int limit_ms, int64_t *ticket, struct err *e)
{
    struct visit *v = ctx;
    *ticket = ++v->last_ticket;
    return net_ask(v->net, s, *ticket, limit_ms, e);
}

/* How many things are wrong. */
static int look_at_everything(struct cli *cli)
{
    struct visit v = {.cli = cli, .net = net_new()};
    struct doctor d = {.paths = &cli->paths, .library = cli_library_path(cli), .config = &cli->config, .ask = on_question, .tell = on_finding,
                       .ctx = &v};
    struct answer a = {0};
    while (doctor_step(&d)) {
        net_wait(v.net, NULL, 0, doctor_wait_ms(&d));
        net_step(v.net);
        for (; net_next_answer(v.net, &a); answer_release(&a))
            doctor_answer(&d, &a);
    }
    doctor_end(&d);
    net_free(v.net);
    return d.wrong;
}

static void tell_salvage(struct cli *cli, const struct salvage *s)
{
    const char *library = cli_library_path(cli);
    printer_format(&cli->out, _("%lld pages of the damaged file were read. What came back: %lld pieces, %lld passages, %lld generations, %lld "
                                "takes.\n"),
                   (long long)s->pages, (long long)s->pieces, (long long)s->passages, (long long)s->generations, (long long)s->takes);
    if (s->cut)
        printer_format(&cli->out, ngettext("%lld text ends before its end.\n", "%lld texts end before their end.\n", (unsigned long)s->cut),
                       (long long)s->cut);
    if (s->unread)
        printer_format(&cli->out, _("The disk refused %lld pages: copy what you have to another disk.\n"), (long long)s->unread);
    printer_format(&cli->out, _("They are in %s now. The damaged library was not changed and lies beside it: %s\n"), library, str_text(&s->aside));
}

/* A sound library has nothing to be salvaged, and is not touched. */
static bool is_sound(const char *path)
{
    struct library_health h;
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > 0 && library_examine(path, &h, NULL) && salvage_sound(path, NULL);
}

static int run_salvage(struct cli *cli)
{
    struct salvage s = {0};
    struct err err = {0};
    int code = EXIT_DONE;
    const char *library = cli_library_path(cli);
    if (is_sound(library))
        cli_note(cli, _("renga: The library %s is whole; there is nothing to salvage, and nothing was changed."), library);
    else if (salvage(library, &s, &err))
        tell_salvage(cli, &s);
    else
        code = cli_fail(cli, &err);
    salvage_release(&s);
    return code;
}

int cli_doctor(struct cli *cli)
{
    if (cli->args.values[OPTION_SALVAGE])
        return run_salvage(cli);
    int wrong = look_at_everything(cli);
    if (wrong)
        cli_hint(cli, ngettext("%d thing is wrong; what to do stands beside it.", "%d things are wrong; what to do stands beside each.",
                               (unsigned long)wrong), wrong);
    return wrong ? EXIT_FAILED : EXIT_DONE;
}
