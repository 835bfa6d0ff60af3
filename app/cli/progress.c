#include "app/cli/progress.h"
#include "app/amounts.h"
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
        amount_left(out, (int64_t)((double)s->left * seconds / (double)(s->done + s->failed)));
    }
}

static void draw_bar(struct progress *p, int64_t done, int64_t all, struct span line)
{
    struct printer *err = &p->cli->err;
    int columns = printer_columns(err), filled = all > 0 ? (int)(done * BAR / all) : 0;
    printer_say(err, "\r");
    if (columns > BAR + 4) {
        for (int i = 0; i < BAR; i++)
            printer_say(err, i < filled ? "█" : "░");
        printer_say(err, " ");
        columns -= BAR + 1;
    }
    display_line(&err->held, line, columns - 1);
    printer_say(err, "\x1b[K");
    printer_flush(err);
    p->drawn = true;
}

bool progress_due(struct progress *p)
{
    if (p->quiet || clock_now_us() - p->shown_us < pause_us(p))
        return false;
    p->shown_us = clock_now_us();
    return true;
}

void progress_put(struct progress *p, int64_t done, int64_t all, struct span line)
{
    if (p->cli->err.terminal)
        draw_bar(p, done, all, line);
    else
        cli_note(p->cli, "%.*s", SPAN_ARG(line));
}

void progress_show(struct progress *p, const struct progress_state *s)
{
    struct str line = {0};
    if (!progress_due(p))
        return;
    progress_line(p, s, &line);
    progress_put(p, s->all ? s->all - s->left : 1, s->all ? s->all : 1, str_span(&line));
    str_release(&line);
}

void progress_clear(struct progress *p)
{
    if (p->drawn)
        printer_say(&p->cli->err, "\r\x1b[K");
    p->drawn = false;
}
