#include "app/doctor/doctor.h"
#include "app/cli/cli.h"
#include "core/i18n.h"

static bool on_finding(void *ctx, const struct finding *f)
{
    return cli_print_finding(ctx, f);
}

int cli_doctor(struct cli *cli)
{
    struct doctor d = {
        .paths = &cli->paths,
        .library = cli_library_path(cli),
        .config = &cli->config,
        .tell = on_finding,
        .ctx = cli,
    };
    bool well = doctor_run(&d);
    if (!well)
        cli_hint(cli, ngettext("%d thing is wrong; what to do stands beside it.", "%d things are wrong; what to do stands beside each.",
                               (unsigned long)d.wrong), d.wrong);
    return well ? EXIT_DONE : EXIT_FAILED;
}
