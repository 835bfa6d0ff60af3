#include "app/desk/desk.h"
#include "app/views/library.h"
#include "app/views/library_work.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define UNDO_MAX 50

/* -- which ones ----------------------------------------------------------------------------------------------------------------------------- */

int64_t *library_meant(struct app *app, int *count)
{
    const struct hit *hit = library_selected(app);
    *count = library_marked(app, NULL, 0);
    int64_t *ids = mem_new((size_t)*count + 1, sizeof *ids);
    library_marked(app, ids, *count);
    if (*count)
        return ids;
    if (hit && hit->generation) {
        ids[(*count)++] = hit->generation;
    } else {
        app_say(app, STYLE_DIM, "%s", hit ? _("This is your own page: Enter opens it.") : _("There is nothing here to do that to."));
    }
    return ids;
}

/* -- doing and taking back -------------------------------------------------------------------------------------------------------------------- */

static void keep(struct library_work *w, const struct bulk *b)
{
    if (w->undo_count == UNDO_MAX) {
        bulk_release(&w->undo[0]);
        memmove(w->undo, w->undo + 1, (size_t)--w->undo_count * sizeof *w->undo);
    }
    ARRAY_ROOM(w->undo, w->undo_count, w->undo_cap);
    w->undo[w->undo_count++] = *b;
}

/* The piece on the desk must not bring back what was changed below it. */
static void tell_desk(struct app *app, const struct bulk *b, bool undone)
{
    struct project project = {0};
    struct err err = {0};
    for (int i = 0; b->kind == BULK_MOVE && i < b->count; i++)
        if (b->changed[i] == app->piece.id) {
            app->piece.project = undone ? b->was[i] : b->project;
            if (store_project_load(app->store, app->piece.project, &project, &err))
                str_set(&app->piece.project_name, str_span(&project.name));
        }
    project_release(&project);
}

static void say_done(struct app *app, const struct bulk *b)
{
    int n = b->count;
    unsigned long many = (unsigned long)n;
    switch (b->kind) {
    case BULK_TRASH:
        app_say(app, STYLE_DIM, ngettext("In the trash: %d. ^Z takes it back; “is:trash” shows what lies there.",
                                         "In the trash: %d. ^Z takes them back; “is:trash” shows what lies there.", many), n);
        break;
    case BULK_UNTRASH:
        app_say(app, STYLE_OK, ngettext("Back from the trash: %d.", "Back from the trash: %d.", many), n);
        break;
    case BULK_TAG:
        app_say(app, STYLE_OK, ngettext("%d has the tag “%s” now.", "%d have the tag “%s” now.", many), n, str_text(&b->tag));
        break;
    case BULK_UNTAG:
        app_say(app, STYLE_OK, ngettext("%d has the tag “%s” no more.", "%d have the tag “%s” no more.", many), n, str_text(&b->tag));
        break;
    case BULK_MOVE:
        app_say(app, STYLE_OK, ngettext("%d piece lies in another project now; ^Z takes it back.",
                                        "%d pieces lie in another project now; ^Z takes them back.", many), n);
        break;
    }
}

static void show(struct app *app, const struct bulk *b)
{
    bool listed_trash = app->library.view.total < 0;
    if ((b->kind == BULK_TRASH && !listed_trash) || (b->kind == BULK_UNTRASH && listed_trash))
        library_drop(app, b->changed, b->count);
    else
        library_refresh(app);
}

bool library_act(struct app *app, struct bulk *b)
{
    struct err err = {0};
    int count = 0;
    int64_t *ids = library_meant(app, &count);
    bool ok = count > 0 && store_bulk(app->store, b, ids, count, &err);
    if (count && !ok)
        app_fail(app, &err);
    if (ok && b->count) {
        tell_desk(app, b, false);
        for (int i = 0; b->kind == BULK_TRASH && i < b->count; i++)
            library_mark(app, b->changed[i], false);
        show(app, b);
        say_done(app, b);
        keep(app->library.work, b);
    } else {
        if (ok)
            app_say(app, STYLE_DIM, "%s", b->kind == BULK_TRASH ? _("This is still being written; Esc on the desk stops it first.")
                                                                : _("It is so already: nothing was changed."));
        bulk_release(b);
    }
    free(ids);
    return ok;
}

void library_take_back(struct app *app)
{
    struct library_work *w = app->library.work;
    struct err err = {0};
    if (!w->undo_count) {
        app_say(app, STYLE_DIM, "%s", _("There is nothing to take back here."));
        return;
    }
    struct bulk *b = &w->undo[w->undo_count - 1];
    if (!store_bulk_undo(app->store, b, &err)) {
        app_fail(app, &err);
        return;
    }
    tell_desk(app, b, true);
    w->undo_count--;
    library_refresh(app);
    app_say(app, STYLE_OK, ngettext("Taken back for %d.", "Taken back for %d.", (unsigned long)b->count), b->count);
    bulk_release(b);
}

void library_acts_release(struct app *app)
{
    struct library_work *w = app->library.work;
    for (int i = 0; i < w->undo_count; i++)
        bulk_release(&w->undo[i]);
    free(w->undo);
    w->undo = NULL;
    w->undo_count = w->undo_cap = 0;
}

/* -- the trash -------------------------------------------------------------------------------------------------------------------------------- */

/* What is deleted cannot be taken back, so nothing is offered that would. */
static void end_emptying(struct app *app)
{
    struct library_work *w = app->library.work;
    int64_t gone = w->trash.gone, kept = w->trash.kept;
    w->emptying = false;
    library_acts_release(app);
    library_refresh(app);
    if (kept)
        app_say(app, STYLE_DIM, ngettext("Deleted for good: %lld. %lld generation stays, since a page outside the trash still has its take.",
                                         "Deleted for good: %lld. %lld generations stay, since pages outside the trash still have their takes.",
                                         (unsigned long)kept),
                (long long)gone, (long long)kept);
    else
        app_say(app, STYLE_OK, _("The trash is empty. Deleted for good: %lld."), (long long)gone);
}

void library_empty_trash(struct app *app)
{
    struct library_work *w = app->library.work;
    struct err err = {0};
    if (!w->emptying)
        w->trash = (struct trash_emptying){.open = app->piece.id};
    w->emptying = true;
    if (!store_trash_empty(app->store, &w->trash, LIBRARY_SLICE_US / 2, &err)) {
        w->emptying = false;
        app_fail(app, &err);
    } else if (w->trash.over) {
        end_emptying(app);
    } else {
        app_say(app, STYLE_DIM, _("Emptying the trash: %lld are gone…"), (long long)w->trash.gone);
    }
    app_touch(app, false);
}
