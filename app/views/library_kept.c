#include "app/tastes.h"
#include "app/views/library.h"
#include "app/views/library_work.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>

#define SHOW_EACH_US 300000

/* The sheet of "what I keep" while it is counted. */
struct kept_sheet {
    struct tastes tastes;
    int64_t shown_us;
};

static void show(struct app *app)
{
    struct kept_sheet *k = app->library.work->kept;
    struct str text = {0};
    tastes_tell(&k->tastes, app->canvas.w > 40 ? app->canvas.w - 4 : 40, &text);
    pager_open(&app->pager, _("What I keep"), str_span(&text));
    k->shown_us = clock_now_us();
    str_release(&text);
    app_touch(app, false);
}

void library_kept_release(struct app *app)
{
    struct library_work *w = app->library.work;
    if (w->kept)
        tastes_release(&w->kept->tastes);
    free(w->kept);
    w->kept = NULL;
}

static bool is_read(const struct app *app)
{
    return app->pager.open && span_is(str_span(&app->pager.title), _("What I keep"));
}

/* Read further only as long as somebody reads it. */
void library_kept_slice(struct app *app)
{
    struct kept_sheet *k = app->library.work->kept;
    struct err err = {0};
    if (!is_read(app)) {
        library_kept_release(app);
        return;
    }
    if (!tastes_step(&k->tastes, LIBRARY_SLICE_US, &err)) {
        app_fail(app, &err);
        library_kept_release(app);
    } else if (k->tastes.walk.over) {
        show(app);
        library_kept_release(app);
    } else if (clock_now_us() - k->shown_us > SHOW_EACH_US && app->pager.editor.top == 0) {
        show(app);
    }
}

void library_kept_open(struct app *app)
{
    library_kept_release(app);
    app->library.work->kept = mem_new(1, sizeof *app->library.work->kept);
    tastes_open(&app->library.work->kept->tastes, app->store, &app->config);
    pager_open(&app->pager, _("What I keep"), SPAN(""));
    library_kept_slice(app);
}
