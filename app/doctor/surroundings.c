#include "app/doctor/doctor.h"
#include "app/commands/keymap.h"
#include "core/clock.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/muse.h"
#include "ui/painter.h"
#include "ui/theme.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

/* -- config -------------------------------------------------------------------------------------------------------------------------- */

static bool readable(struct doctor *d, bool ok, const struct err *e)
{
    if (!ok)
        doctor_say(d, VERDICT_WRONG, "%s", e->text);
    return ok;
}

void check_config(struct doctor *d)
{
    struct config config = {0};
    struct keymap *keys = mem_new(1, sizeof *keys);
    struct theme theme = {0};
    struct err err[3] = {{0}};
    config_init(&config);
    keymap_init(keys);
    bool ok = readable(d, config_load(&config, d->paths->config, &err[0]), &err[0]);
    ok = readable(d, keymap_load(keys, d->paths->keys, &err[1]), &err[1]) && ok;
    ok = readable(d, theme_load(&theme, config.theme, d->paths->themes, &err[2]), &err[2]) && ok;
    if (ok && access(d->paths->config, F_OK) != 0)
        doctor_say(d, VERDICT_WELL, _("There is no config; none is needed (%s)."), d->paths->config);
    else if (ok)
        doctor_say(d, VERDICT_WELL, _("%s, keys and theme are understood to the last line."), d->paths->config);
    keymap_release(keys);
    free(keys);
    config_release(&config);
}

/* -- clock --------------------------------------------------------------------------------------------------------------------------- */

#define EARLIEST_MS  1735689600000LL /* 2025-01-01: before this program */
#define LATEST_MS    4102444800000LL /* 2100-01-01 */
#define DAY_S        86400

/* The library is from the future when the clock was set back. */
static bool library_is_ahead(const struct doctor *d, int64_t now_ms)
{
    struct stat st;
    return stat(d->library, &st) == 0 && (int64_t)st.st_mtime > now_ms / 1000 + DAY_S;
}

void check_clock(struct doctor *d)
{
    char text[64] = "";
    int64_t now = clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm parts = {0};
    if (localtime_r(&seconds, &parts))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M %z", &parts);
    if (now < EARLIEST_MS || now > LATEST_MS)
        doctor_say(d, VERDICT_WRONG, _("The clock says %s, which cannot be. Set it: dates in the library and certificates depend on it."), text);
    else if (library_is_ahead(d, now))
        doctor_say(d, VERDICT_WRONG, _("The clock says %s, but the library was written later than that. Set the clock."), text);
    else
        doctor_say(d, VERDICT_WELL, _("It is %s."), text);
}

/* -- locale -------------------------------------------------------------------------------------------------------------------------- */

/* What the environment asks for; "" when nothing. */
static const char *asked_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return "";
}

void check_locale(struct doctor *d)
{
    const char *asked = asked_locale(), *used = setlocale(LC_CTYPE, NULL);
    bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
    if (!utf8)
        doctor_say(d, VERDICT_WRONG, _("This system has no UTF-8 locale, so no Chinese can be shown. Install C.UTF-8 or set LANG to one that "
                                       "locale -a lists."));
    else if (*asked && strcmp(asked, used))
        doctor_say(d, VERDICT_NOTE, _("The locale “%s” is not installed here or not UTF-8; %s stands in for it."), asked, used);
    else
        doctor_say(d, VERDICT_WELL, _("The locale %s is UTF-8."), used);
    if (utf8 && wcwidth(0x8FDE) != 2)
        doctor_say(d, VERDICT_WRONG, _("The locale %s does not know that 连 is two columns wide. Set LANG to C.UTF-8 or another."), used);
    doctor_say(d, VERDICT_WELL,
               ngettext("“—” and “…” are counted as %d column, as “ambiguous” in the config says.",
                        "“—” and “…” are counted as %d columns, as “ambiguous” in the config says.", (unsigned long)d->config->ambiguous),
               d->config->ambiguous);
}

/* -- terminal ------------------------------------------------------------------------------------------------------------------------ */

#define LEAST_COLUMNS 40
#define LEAST_ROWS    10

static void check_size(struct doctor *d)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0)
        return;
    if (size.ws_col < LEAST_COLUMNS || size.ws_row < LEAST_ROWS)
        doctor_say(d, VERDICT_NOTE, _("The terminal is %d × %d; the desk is more comfortable from 80 × 24."), size.ws_col, size.ws_row);
    else
        doctor_say(d, VERDICT_WELL, _("The terminal is %d × %d."), size.ws_col, size.ws_row);
}

static void check_colours(struct doctor *d)
{
    const char *colours = getenv("COLORTERM"), *term = getenv("TERM"), *none = getenv("NO_COLOR");
    if (none && *none)
        doctor_say(d, VERDICT_NOTE, _("NO_COLOR is set: the desk is drawn without colours."));
    else if (colours && (!strcmp(colours, "truecolor") || !strcmp(colours, "24bit")))
        doctor_say(d, VERDICT_WELL, _("It shows every colour."));
    else
        doctor_say(d, VERDICT_WELL, term && strstr(term, "256") ? _("It shows 256 colours.") : _("It shows the colours that TERM promises."));
}

/* Where the desk is drawn there can be no second painter, and that it is drawn is proof enough. */
static bool is_known(const struct doctor *d, const char *term)
{
    if (d->at_desk)
        return true;
    struct painter *p = painter_new(term, 80, 24);
    painter_free(p);
    return p;
}

void check_terminal(struct doctor *d)
{
    const char *term = getenv("TERM");
    if (!isatty(STDOUT_FILENO) && !isatty(STDERR_FILENO)) {
        doctor_say(d, VERDICT_WELL, _("Nobody looks: this runs without a terminal."));
    } else if (!term || !*term) {
        doctor_say(d, VERDICT_WRONG, _("TERM is not set. Say: export TERM=xterm-256color"));
    } else if (!strcmp(term, "dumb")) {
        doctor_say(d, VERDICT_WRONG, _("TERM is “dumb”: the desk cannot be drawn there; renga write works."));
    } else {
        if (is_known(d, term))
            doctor_say(d, VERDICT_WELL, _("TERM is %s."), term);
        else
            doctor_say(d, VERDICT_NOTE, _("TERM is %s, which this system does not know; the desk takes xterm-256color in its place."), term);
        check_size(d);
        check_colours(d);
    }
}

/* -- network and muse ---------------------------------------------------------------------------------------------------------------- */

void check_network(struct doctor *d)
{
    struct str versions = {0};
    struct err err = {0};
    if (net_versions(&versions, &err))
        doctor_say(d, VERDICT_WELL, "%s", str_text(&versions));
    else
        doctor_say(d, VERDICT_WRONG, "%s", err.text);
    str_release(&versions);
}

void check_muse(struct doctor *d)
{
    static const enum form_language languages[] = {FORM_ZH, FORM_EN};
    struct muse *muse = muse_new(d->paths->muse, d->paths->voices);
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        struct muse_facts facts;
        struct err err = {0};
        if (muse_facts(muse, SPAN(MUSE_NAME), languages[i], &facts, &err))
            doctor_say(d, VERDICT_WELL, _("The pack “%s” is whole (%.1f million parameters)."), muse_language_name(languages[i]),
                       (double)facts.parameters / 1e6);
        else
            doctor_say(d, VERDICT_WRONG, "%s", err.text);
    }
    muse_free(muse);
}
