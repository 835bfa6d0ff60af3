#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/desk/external.h"
#include "app/views/library.h"
#include "core/i18n.h"

static void save(struct app *app, int arg)
{
    (void)arg;
    if (desk_save(app))
        app_say(app, STYLE_OK, "%s", store_in_memory(app->store) ? _("Held in memory only: the library cannot be written.")
                                                                  : _("Everything is kept, as it always is."));
    else
        app_fail(app, &app->save_err);
}

static void redraw(struct app *app, int arg)
{
    (void)arg;
    term_redraw(app->term);
}

static void mouse(struct app *app, int arg)
{
    (void)arg;
    app->mouse = !app->mouse;
    term_mouse(app->term, app->mouse);
    app_say(app, STYLE_DIM, "%s",
            app->mouse ? _("Mouse on: click, drag and wheel. Hold Shift to select as in the terminal.")
                       : _("Mouse off: the terminal selects."));
}

static void suspend(struct app *app, int arg)
{
    (void)arg;
    desk_save(app);
    term_suspend(app->term);
}

static void editor(struct app *app, int arg)
{
    (void)arg;
    external_edit(app);
}

/* Nothing has to be saved by hand; only a running stream is worth a second press. */
static void quit(struct app *app, int arg)
{
    (void)arg;
    if (engine_busy(&app->engine, NULL) && !app->quit_asked) {
        app->quit_asked = true;
        app_say(app, STYLE_WARNING, "%s", _("The model is still writing. ^Q again stops it, keeps what came, and leaves."));
        return;
    }
    if (!desk_save(app) && !app->quit_asked) {
        app->quit_asked = true;
        app_say(app, STYLE_ERROR, _("%s ^Q again leaves without it; ^C copies the text elsewhere first."), app->save_err.text);
        return;
    }
    if (store_in_memory(app->store) && desk_has_text(app) && !app->quit_asked) {
        app->quit_asked = true;
        app_say(app, STYLE_ERROR, "%s", _("This text is held in memory only. ^Q again leaves and loses it; ^C copies it elsewhere first."));
        return;
    }
    app->quit = true;
}

const struct command commands_app[] = {
    {"save", N_("keep everything now (it is kept anyway)"), save, 0, false},
    {"editor", N_("edit this text in $EDITOR"), editor, 0, false},
    {"mouse", N_("mouse on or off"), mouse, 0, false},
    {"redraw", N_("draw the screen anew"), redraw, 0, false},
    {"suspend", N_("leave to the shell for a while; fg returns"), suspend, 0, false},
    {"quit", N_("leave; everything is kept"), quit, 0, false},
    {0},
};
