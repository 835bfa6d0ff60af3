#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/views/odds.h"
#include "core/i18n.h"

static void open_odds(struct app *app, int arg)
{
    (void)arg;
    if (app->view == VIEW_ODDS)
        app->view = VIEW_DESK;
    else if (app->view == VIEW_DESK)
        odds_open(app);
    else
        app_say(app, STYLE_DIM, "%s", _("That is done on the desk; Esc goes back there."));
}

/* What follows is done while a take is looked at; anywhere else it does nothing. */
static bool looking(const struct app *app)
{
    return app->view == VIEW_ODDS && app->odds;
}

static void move(struct app *app, int words)
{
    if (looking(app))
        odds_move(app, words);
}

static void page(struct app *app, int step)
{
    if (looking(app))
        odds_move_rows(app, step < 0 ? MOVE_PAGE_UP : MOVE_PAGE_DOWN);
}

static void end(struct app *app, int last)
{
    if (looking(app))
        odds_move_rows(app, last ? MOVE_TEXT_END : MOVE_TEXT_START);
}

static void jump(struct app *app, int step)
{
    if (looking(app))
        odds_jump(app, step);
}

static void choose(struct app *app, int rows)
{
    if (looking(app))
        odds_choose(app, rows);
}

static void take(struct app *app, int arg)
{
    (void)arg;
    if (looking(app))
        odds_take(app);
}

/* Flips the page's takes, as on the desk, and looks at the one that came. */
static void flip(struct app *app, int step)
{
    if (!looking(app))
        return;
    app->view = VIEW_DESK;
    command_run_named(app, step > 0 ? "take-next" : "take-previous");
    odds_open(app);
}

static void warm(struct app *app, int steps)
{
    if (!looking(app))
        return;
    dial_step(&app->dials, DIAL_TEMPERATURE, steps, false);
    app->preset[0] = '\0';
    desk_changed(app);
}

static void keep(struct app *app, int arg)
{
    (void)arg;
    app->keep_odds = !app->keep_odds;
    if (app->keep_odds)
        app_say(app, STYLE_DIM, "%s", _("Every server is asked for odds from now on; they are kept with the takes."));
    else
        app_say(app, STYLE_DIM, "%s", _("Servers are no longer asked for odds; the muse gives them all the same."));
    desk_changed(app);
}

/* The take that is looked at has none: it is asked for again, with them. */
static void again(struct app *app, int arg)
{
    (void)arg;
    if (!looking(app))
        return;
    if (odds_refused(app) || !odds_lacking(app)) {
        app_say(app, STYLE_DIM, "%s", odds_refused(app) ? _("This server gives no odds; F2 chooses another, and the muse always has some.")
                                                        : _("This take has its odds, or they are still to come."));
        return;
    }
    app->keep_odds = true;
    desk_focus(app, FOCUS_PAGE);
    desk_again(app);
    desk_changed(app);
    if (!app->message.len)
        app_say(app, STYLE_DIM, "%s", _("M-k shows the odds of the new take once it is written."));
}

const struct command commands_odds[] = {
    {"odds", N_("how likely each word of a take was, and what else might have stood there"), open_odds, 0, false},
    {"odds-keep", N_("ask every server for odds, or stop asking"), keep, 0, false},
    {"odds-next", N_("the next word"), move, 1, true},
    {"odds-previous", N_("the word before"), move, -1, true},
    {"odds-page-down", N_("a screen down"), page, 1, true},
    {"odds-page-up", N_("a screen up"), page, -1, true},
    {"odds-first", N_("the first word"), end, false, true},
    {"odds-last", N_("the last word"), end, true, true},
    {"odds-doubt-next", N_("the next word that was hardly likely"), jump, 1, true},
    {"odds-doubt-previous", N_("the one before that was hardly likely"), jump, -1, true},
    {"odds-down", N_("the next likely word for this place"), choose, 1, true},
    {"odds-up", N_("a likelier word for this place"), choose, -1, true},
    {"odds-take", N_("put this word there and go on from it"), take, 0, true},
    {"odds-warmer", N_("a higher temperature"), warm, 1, true},
    {"odds-cooler", N_("a lower temperature"), warm, -1, true},
    {"odds-take-next", N_("the odds of the next take"), flip, 1, true},
    {"odds-take-previous", N_("the odds of the take before"), flip, -1, true},
    {"odds-again", N_("ask again with odds on"), again, 0, true},
    {0},
};
