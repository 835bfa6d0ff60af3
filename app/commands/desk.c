#include "app/commands/command.h"
#include "app/engine/compose.h"
#include "app/desk/desk.h"
#include "app/views/view.h"
#include "app/menu.h"
#include "app/desk/offer.h"
#include "app/servers.h"
#include "app/desk/text_target.h"
#include "core/i18n.h"

#include <string.h>

static void generate(struct app *app, int arg)
{
    (void)arg;
    desk_take_typing(app);
    if (app->view != VIEW_DESK)
        return;
    offer_take(app);
    desk_generate(app);
}

static void again(struct app *app, int arg)
{
    (void)arg;
    if (app->view == VIEW_DESK)
        desk_again(app);
}

/* Esc: the nearest thing that can end. It never destroys. */
static void stop(struct app *app, int arg)
{
    (void)arg;
    view_back(app);
}

static void new_piece(struct app *app, int arg)
{
    (void)arg;
    if (desk_open_piece(app, 0)) {
        desk_focus(app, FOCUS_PROMPT);
        app_say(app, STYLE_DIM, "%s", _("A new piece; the old one is in the library."));
    }
}

/* -- focus ------------------------------------------------------------------------------------------------------------------------------- */

static void focus_on(struct app *app, int to)
{
    desk_focus(app, (enum focus)to);
}

static void focus_step(struct app *app, int step)
{
    static const enum focus order[] = {FOCUS_PROMPT, FOCUS_PAGE, FOCUS_DIALS, FOCUS_TAKES};
    int at = 0;
    if (app->view != VIEW_DESK)
        return;
    desk_find_takes(app);
    while (order[at] != app->desk.focus)
        at++;
    int to = (at + step + FOCUS_COUNT) % FOCUS_COUNT;
    if (order[to] == FOCUS_TAKES && app->take_row_count == 0)
        to = (to + step + FOCUS_COUNT) % FOCUS_COUNT;
    desk_focus(app, order[to]);
}

static void dials(struct app *app, int arg)
{
    (void)arg;
    desk_focus(app, app->desk.focus == FOCUS_DIALS ? FOCUS_PROMPT : FOCUS_DIALS);
}

/* -- fields of the desk --------------------------------------------------------------------------------------------------------------- */

static void toggle_context(struct app *app, int arg)
{
    (void)arg;
    app->context = !app->context;
    app_say(app, STYLE_DIM, "%s",
            app->context ? _("The page goes along with every prompt.") : _("Prompts go out alone, without the page."));
    desk_changed(app);
}

static void title_submitted(struct app *app)
{
    str_set(&app->piece.title, span_trim(fields_text(&app->form, 0)));
    app->form.open = false;
    desk_edited(app);
}

static void title(struct app *app, int arg)
{
    (void)arg;
    menu_form(app, _("Title"), title_submitted);
    fields_add_text(&app->form, _("title"), _("What the piece is called; empty: its first line."), str_span(&app->piece.title));
}

static void system_submitted(struct app *app)
{
    str_set(&app->system, fields_text(&app->form, 0));
    app->form.open = false;
    desk_changed(app);
}

static void system_text(struct app *app, int arg)
{
    (void)arg;
    menu_form(app, _("System text"), system_submitted);
    fields_add_text(&app->form, _("system text"), _("Who the model is to be; sent before everything else. Empty: the project's, else the server's own."),
                  str_span(&app->system));
}

static void stops_submitted(struct app *app)
{
    struct request req;
    struct span rest = fields_text(&app->form, 0), one = {0};
    bool fits = true;
    request_init(&req);
    while (rest.len) {
        ptrdiff_t bar = span_find(rest, SPAN("|"), 0);
        one = span_cut(rest, 0, bar < 0 ? rest.len : (size_t)bar);
        rest = span_cut(rest, one.len + 1, rest.len);
        fits = (one.len == 0 || request_add_stop(&req, one)) && fits;
    }
    str_clear(&app->stops);
    stops_to_json(&req, &app->stops);
    request_release(&req);
    app->form.open = false;
    desk_changed(app);
    if (!fits)
        app_say(app, STYLE_WARNING, _("At most %d stop strings are sent; the rest was left out."), REQUEST_STOPS_MAX);
}

static void stops(struct app *app, int arg)
{
    struct request req;
    struct str shown = {0};
    (void)arg;
    request_init(&req);
    if (!stops_from_json(&req, str_span(&app->stops), NULL))
        req.stop_count = 0;
    for (int i = 0; i < req.stop_count; i++)
        str_printf(&shown, "%s%s", i ? "|" : "", str_text(&req.stops[i]));
    menu_form(app, _("Stop strings"), stops_submitted);
    fields_add_text(&app->form, _("stop at"), _("A take ends before any of these; | stands between them."), str_span(&shown));
    request_release(&req);
    str_release(&shown);
}

const struct command commands_desk[] = {
    {"generate", N_("ask from the prompt, go on from the page"), generate, 0, false},
    {"stop", N_("stop writing; close; go back"), stop, 0, false},
    {"again", N_("ask the same again with the dials as they stand"), again, 0, false},
    {"new-piece", N_("begin a new piece"), new_piece, 0, false},
    {"focus-next", N_("the next area"), focus_step, 1, false},
    {"focus-previous", N_("the area before"), focus_step, -1, false},
    {"focus-prompt", N_("to the prompt"), focus_on, FOCUS_PROMPT, false},
    {"focus-page", N_("to the page"), focus_on, FOCUS_PAGE, false},
    {"focus-takes", N_("to the takes"), focus_on, FOCUS_TAKES, false},
    {"dials", N_("to the dials and back"), dials, 0, false},
    {"context", N_("send the page along when asking, or not"), toggle_context, 0, false},
    {"title", N_("name this piece"), title, 0, false},
    {"system", N_("system text: who the model is to be"), system_text, 0, false},
    {"stops", N_("stop strings: where takes end"), stops, 0, false},
    {0},
};
