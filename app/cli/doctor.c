#include "app/cli/cli.h"
#include "app/cli/json_line.h"
#include "core/clock.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/muse.h"
#include "storage/check.h"
#include "ui/painter.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ASK_LIMIT_MS 5000
#define ROOM_MIN (100ll << 20)
#define YEAR_2026_MS 1767225600000ll
#define DAY_MS 86400000ll

/* What a check found: how it stands, and a line that says so. Where something is wrong the line says what to do. */
enum health { WELL, ABSENT, ILL };
struct finding {
    enum health health;
    struct str said;
};

struct examination {
    struct cli *cli;
    struct library_facts library;
    bool ill;
};

__attribute__((format(printf, 3, 4))) static void say(struct finding *f, enum health health, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    f->health = health;
    str_clear(&f->said);
    str_vprintf(&f->said, format, args);
    va_end(args);
}

static void report(struct examination *x, const char *name, const struct finding *f)
{
    static const char *const marks[] = {[WELL] = "✓ ", [ABSENT] = "· ", [ILL] = "✗ "}, *const words[] = {"well", "absent", "ill"};
    static const int styles[] = {[WELL] = 32, [ABSENT] = 2, [ILL] = 31};
    struct printer *out = &x->cli->out;
    x->ill = x->ill || f->health == ILL;
    if (x->cli->args.values[OPTION_JSON]) {
        json_line_open(&out->held, NULL);
        json_line_text(&out->held, "check", span_of(name));
        json_line_text(&out->held, "health", span_of(words[f->health]));
        json_line_text(&out->held, "said", str_span(&f->said));
        json_line_close(&out->held);
    } else {
        int pad = 13 - display_width(span_of(name));
        printer_style(out, styles[f->health]);
        printer_say(out, marks[f->health]);
        printer_style(out, 0);
        printer_line(out, span_of(name));
        printer_format(out, "%*s", pad > 1 ? pad : 1, "");
        printer_line(out, str_span(&f->said));
    }
    printer_say(out, "\n");
    printer_flush(out);
}

/* -- the checks ------------------------------------------------------------------------------------------------------------------------ */

static void add_size(int64_t bytes, struct str *out)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1000 && unit + 1 < COUNT_OF(units)) {
        size /= 1000;
        unit++;
    }
    str_printf(out, unit && size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void check_config(struct examination *x, struct finding *f)
{
    const struct cli *cli = x->cli;
    struct stat file;
    if (stat(cli->paths.config, &file))
        say(f, ABSENT, _("there is none, and none is needed; it would be %s"), cli->paths.config);
    else
        say(f, WELL, "%s", cli->paths.config);
}

static void check_library(struct examination *x, struct finding *f)
{
    const char *path = cli_library_path(x->cli);
    struct err err = {0};
    struct str size = {0};
    bool whole = library_check(path, &x->library, &err);
    add_size(x->library.bytes, &size);
    if (!whole && err.kind == ERR_STORAGE)
        say(f, ILL, _("%s Give its texts back with: renga doctor --salvage"), err.text);
    else if (!whole)
        say(f, ILL, "%s", err.text);
    else if (!x->library.there)
        say(f, ABSENT, _("there is none yet; the first words make it: %s"), path);
    else
        say(f, WELL, _("whole: %lld pieces, %lld generations, %s, version %lld, %s"), (long long)x->library.pieces,
            (long long)x->library.generations, str_text(&size), (long long)x->library.version, path);
    str_release(&size);
}

static void check_permissions(struct examination *x, struct finding *f)
{
    const char *path = cli_library_path(x->cli);
    struct stat folder;
    char *slash, *parent = mem_copy_text(path);
    if ((slash = strrchr(parent, '/')))
        *slash = '\0';
    if (x->library.there && x->library.mode & 077)
        say(f, ILL, _("Others on this machine can read the library; close it to them with: chmod 600 %s"), path);
    else if (x->library.there && access(path, R_OK | W_OK))
        say(f, ILL, _("The library cannot be written by you (%s); until it can, what you write is held in memory only."), strerror(errno));
    else if (slash && stat(parent, &folder) == 0 && access(parent, W_OK))
        say(f, ILL, _("The folder %s cannot be written by you; the library needs it."), parent);
    else
        say(f, WELL, "%s", _("the library is yours alone"));
    free(parent);
}

/* The nearest folder above a path that exists. */
static char *standing_folder(const char *path)
{
    char *at = mem_copy_text(path), *slash;
    struct stat file;
    while (stat(at, &file) && (slash = strrchr(at, '/')) && slash != at)
        *slash = '\0';
    return at;
}

static void check_room(struct examination *x, struct finding *f)
{
    char *folder = standing_folder(x->cli->paths.data_dir);
    struct statvfs disk;
    struct str room = {0};
    if (statvfs(folder, &disk)) {
        say(f, ILL, _("The disk of %s cannot be asked: %s."), folder, strerror(errno));
    } else {
        int64_t bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
        add_size(bytes, &room);
        if (bytes < ROOM_MIN)
            say(f, ILL, _("Only %s are free on the disk of the library; make room before you write on."), str_text(&room));
        else if (bytes < x->library.bytes)
            say(f, ILL, _("%s are free on the disk of the library, which is less than a copy of it needs; make room."), str_text(&room));
        else
            say(f, WELL, _("%s free"), str_text(&room));
    }
    str_release(&room);
    free(folder);
}

static void check_clock(struct examination *x, struct finding *f)
{
    int64_t now = clock_wall_ms();
    struct str time = {0};
    cli_add_time(&time, now);
    if (now < YEAR_2026_MS)
        say(f, ILL, _("The clock says %s, which is before renga was made; set it, or the library's order will lie."), str_text(&time));
    else if (x->library.newest_ms > now + DAY_MS)
        say(f, ILL, _("The clock says %s, but the library has something newer; one of the two clocks was wrong."), str_text(&time));
    else
        say(f, WELL, "%s", str_text(&time));
    str_release(&time);
}

static void check_locale(struct examination *x, struct finding *f)
{
    const char *codeset = nl_langinfo(CODESET);
    (void)x;
    if (strcmp(codeset, "UTF-8"))
        say(f, ILL, _("The locale's characters are %s; choose one with UTF-8, for instance: export LC_ALL=C.UTF-8"), codeset);
    else
        say(f, WELL, "%s", codeset);
}

static void check_terminal(struct examination *x, struct finding *f)
{
    const char *name = getenv("TERM"), *colours[] = {_("no colours"), _("8 colours"), _("16 colours"), _("256 colours"), _("all colours")};
    struct painter *p = NULL;
    if (!x->cli->out.terminal) {
        say(f, ABSENT, "%s", _("this is none"));
        return;
    }
    p = name && *name ? painter_new(name, 80, 24) : NULL;
    size_t kind = p ? (size_t)painter_colours(p) : 0;
    if (!p)
        say(f, ILL, _("The terminal “%s” is not known here; the desk tries xterm-256color in its place, and renga --plain needs none."),
            name ? name : "");
    else
        say(f, WELL, _("%s, %d columns, %s"), name, printer_columns(&x->cli->out), kind < COUNT_OF(colours) ? colours[kind] : "");
    painter_free(p);
}

static void check_muse(struct examination *x, struct finding *f)
{
    static const enum form_language languages[] = {FORM_ZH, FORM_EN};
    struct muse *muse = muse_new(x->cli->paths.muse, x->cli->paths.voices);
    struct err err = {0};
    say(f, WELL, "%s", _("writes Chinese and English"));
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        struct muse_facts facts;
        if (!muse_facts(muse, SPAN(MUSE_NAME), languages[i], &facts, &err))
            say(f, ILL, "%s", err.text);
    }
    muse_free(muse);
}

static void check_server(const struct server *s, struct finding *f)
{
    struct err err = {0};
    struct answer answer = {0};
    struct net *net = net_new();
    int models = 0;
    struct span lines, line;
    if (!cli_ask(net, s, ASK_LIMIT_MS, &answer, &err)) {
        say(f, ILL, "%s", err.text);
    } else if (!answer.ok) {
        say(f, ILL, "%s", answer.err.text);
    } else {
        for (lines = str_span(&answer.models); span_line(&lines, &line);)
            models++;
        say(f, WELL, ngettext("answers in %d ms, %d model", "answers in %d ms, %d models", (unsigned long)models), answer.ms[ASK_ANSWER], models);
    }
    answer_release(&answer);
    net_free(net);
}

/* -- all of them ----------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*check)(struct examination *x, struct finding *f);
} checks[] = {
    {N_("config"), check_config}, {N_("library"), check_library}, {N_("permissions"), check_permissions}, {N_("room"), check_room},
    {N_("clock"), check_clock},   {N_("locale"), check_locale},   {N_("terminal"), check_terminal},       {N_("muse"), check_muse},
};

int cli_doctor(struct cli *cli)
{
    struct examination x = {.cli = cli};
    struct finding f = {0};
    bool json = cli->args.values[OPTION_JSON];
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        checks[i].check(&x, &f);
        report(&x, json ? checks[i].name : _(checks[i].name), &f);
    }
    for (int i = 0; i < cli->config.server_count; i++) {
        const struct server *s = &cli->config.servers[i];
        if (server_is_muse(s) || s->found)
            continue;
        check_server(s, &f);
        report(&x, s->name, &f);
    }
    str_release(&f.said);
    if (x.ill)
        cli_hint(cli, _("What is marked ✗ wants looking after; renga ping SERVER tells more about a server."));
    return x.ill ? EXIT_FAILED : EXIT_DONE;
}
