#include "app/cli/progress.h"
#include "core/clock.h"
#include "core/display.h"
#include "core/i18n.h"

#define DRAW_US 200000   /* between two drawings on a terminal */
#define TELL_US 30000000 /* between two lines elsewhere */
#define BAR     20
#define RATE_US 1000000  /* before that a rate says nothing */

void progress_begin(struct progress *p, struct cli *cli, bool quiet)
{
    *p = (struct progress){.cli = cli, .quiet = quiet, .begun_us = clock_now_us()};
    p->shown_us = p->begun_us;
}

static int64_t pause_us(const struct progress *p)
{
    return p->cli->err.terminal ? DRAW_US : TELL_US;
}

int progress_wait_ms(const struct progress *p)
{
    int64_t left = p->shown_us + pause_us(p) - clock_now_us();
    return p->quiet ? -1 : left <= 0 ? 0 : (int)(left / 1000) + 1;
}

/* A time in the two largest units that say something: "4 min", "1 h 20 min". */
static void add_time(struct str *out, int64_t seconds)
{
    if (seconds < 90)
        str_printf(out, _("%lld s left"), (long long)seconds);
    else if (seconds < 5400)
        str_printf(out, _("%lld min left"), (long long)((seconds + 30) / 60));
    else
        str_printf(out, _("%lld h %lld min left"), (long long)(seconds / 3600), (long long)(seconds % 3600 / 60));
}

void progress_line(const struct progress *p, const struct progress_state *s, struct str *out)
{
    int64_t spent = clock_now_us() - p->begun_us;
    double seconds = (double)spent / 1e6;
    str_printf(out, _("%lld of %lld"), (long long)(s->all - s->left - s->failed), (long long)s->all);
    if (s->failed)
        str_printf(out, _(" · %lld failed"), (long long)s->failed);
    if (spent < RATE_US || !s->done)
        return;
    str_printf(out, _(" · %.0f/min · %.0f tokens/s"), (double)s->done / seconds * 60, (double)s->tokens / seconds);
    if (s->left) {
        str_add_text(out, " · ");
        add_time(out, (int64_t)((double)s->left * seconds / (double)(s->done + s->failed)));
    }
}

static void draw_bar(struct progress *p, const struct progress_state *s, const struct str *line)
{
    struct printer *err = &p->cli->err;
    int columns = printer_columns(err), filled = s->all ? (int)((s->all - s->left) * BAR / s->all) : BAR;
    printer_say(err, "\r");
    if (columns > BAR + 4) {
        for (int i = 0; i < BAR; i++)
            printer_say(err, i < filled ? "█" : "░");
        printer_say(err, " ");
        columns -= BAR + 1;
    }
    display_line(&err->held, str_span(line), columns - 1);
    printer_say(err, "\x1b[K");
    printer_flush(err);
    p->drawn = true;
}

void progress_show(struct progress *p, const struct progress_state *s)
{
    struct str line = {0};
    if (p->quiet || clock_now_us() - p->shown_us < pause_us(p))
        return;
    p->shown_us = clock_now_us();
    progress_line(p, s, &line);
    if (p->cli->err.terminal)
        draw_bar(p, s, &line);
    else
        cli_note(p->cli, "%s", str_text(&line));
    str_release(&line);
}

void progress_clear(struct progress *p)
{
    if (p->drawn)
        printer_say(&p->cli->err, "\r\x1b[K");
    p->drawn = false;
}
