#include "app/pulling.h"
#include "app/amounts.h"
#include "core/clock.h"
#include "core/i18n.h"

#define RATE_US 2000000 /* before that a rate says nothing */

int pulling_percent(const struct pull_told *t)
{
    int percent = t->total > 0 ? (int)(t->done * 100 / t->total) : -1;
    return percent > 99 ? 99 : percent;
}

void pulling_tell_bytes(const struct pull_told *t, struct str *out)
{
    struct str done = {0}, total = {0};
    amount_bytes(&done, t->done);
    amount_bytes(&total, t->total);
    if (t->total > 0)
        str_printf(out, _("%s of %s"), str_text(&done), str_text(&total));
    else
        str_add(out, str_span(&done));
    str_release(&done);
    str_release(&total);
}

/* What was there before says nothing of how quickly the rest comes. */
static void add_rate(const struct pull_told *t, struct str *out)
{
    int64_t spent = clock_now_us() - t->begun_us, came = t->done - t->had;
    if (spent < RATE_US || came <= 0)
        return;
    double rate = (double)came / ((double)spent / 1e6);
    str_add_text(out, " · ");
    amount_bytes(out, (int64_t)rate);
    str_add_text(out, "/s");
    if (t->total <= t->done)
        return;
    str_add_text(out, " · ");
    amount_left(out, (int64_t)((double)(t->total - t->done) / rate));
}

void pulling_tell(const struct pull_told *t, struct str *out)
{
    if (t->phase == PULL_ASKING)
        str_add_text(out, _("asking what it is made of…"));
    else if (t->phase == PULL_CHECKING)
        str_add_text(out, _("checking what came…"));
    if (t->phase != PULL_FETCHING)
        return;
    pulling_tell_bytes(t, out);
    if (t->total > 0)
        str_printf(out, " · %d %%", pulling_percent(t));
    add_rate(t, out);
}
