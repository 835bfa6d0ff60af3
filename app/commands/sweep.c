#include "app/views/sweep.h"
#include "app/commands/command.h"
#include "core/i18n.h"

#include <limits.h>

static void begin(struct app *app, int arg)
{
    (void)arg;
    sweep_ask(app);
}

/* In the sweep's form, or by name; other forms have no such key. */
static void last(struct app *app, int arg)
{
    (void)arg;
    if (app->form.open && !sweep_form_open(app))
        return;
    app->form.open = false;
    if (!sweep_open_last(app))
        app_say(app, STYLE_DIM, "%s", _("There is no sweep in this piece yet; M-s begins one."));
}

static void move(struct app *app, int takes)
{
    sweep_move(app, takes);
}

static void end(struct app *app, int sign)
{
    sweep_move(app, sign * (INT_MAX / 2));
}

static void scroll(struct app *app, int pages)
{
    sweep_scroll(app, pages);
}

static void rate(struct app *app, int rating)
{
    sweep_rate(app, rating);
}

static void lay(struct app *app, int arg)
{
    (void)arg;
    sweep_lay(app);
}

static void mark(struct app *app, int arg)
{
    (void)arg;
    sweep_mark(app);
}

static void compare(struct app *app, int arg)
{
    (void)arg;
    sweep_compare(app);
}

static void again(struct app *app, int arg)
{
    (void)arg;
    sweep_again(app);
}

static void stop(struct app *app, int arg)
{
    (void)arg;
    sweep_stop(app);
}

const struct command commands_sweep[] = {
    {"sweep", N_("sweep: the same prompt over values of a dial, the seed or the model"), begin, 0, false},
    {"sweep-last", N_("the last sweep of this piece"), last, 0, false},
    {"sweep-next", N_("the next take of the sweep"), move, 1, true},
    {"sweep-previous", N_("the take before it"), move, -1, true},
    {"sweep-first", N_("the first take"), end, -1, true},
    {"sweep-end", N_("the last take"), end, 1, true},
    {"sweep-scroll-down", N_("scroll the texts down"), scroll, 1, true},
    {"sweep-scroll-up", N_("scroll the texts up"), scroll, -1, true},
    {"sweep-lay", N_("lay the take on the page"), lay, 0, true},
    {"sweep-mark", N_("mark the take, or take the mark off"), mark, 0, true},
    {"sweep-compare", N_("compare the marked takes"), compare, 0, true},
    {"sweep-again", N_("this value again, with as many takes as the dial says"), again, 0, true},
    {"sweep-stop", N_("stop the takes of the sweep"), stop, 0, true},
    {"sweep-rate-0", N_("no rating"), rate, 0, true},
    {"sweep-rate-1", N_("rate ★"), rate, 1, true},
    {"sweep-rate-2", N_("rate ★★"), rate, 2, true},
    {"sweep-rate-3", N_("rate ★★★"), rate, 3, true},
    {"sweep-rate-4", N_("rate ★★★★"), rate, 4, true},
    {"sweep-rate-5", N_("rate ★★★★★"), rate, 5, true},
    {0},
};
