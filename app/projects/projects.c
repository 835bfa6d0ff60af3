#include "app/projects/projects.h"
#include "app/desk/desk.h"
#include "app/menu.h"
#include "app/projects/parts.h"
#include "core/i18n.h"

#include <stdio.h>
#include <string.h>

#define NOTE_ROWS 4

/* -- what it is about ------------------------------------------------------------------------------------------------------------------ */

/* The piece meant; 0, with a sentence: there is none. */
static int64_t meant_piece(struct app *app)
{
    struct project_row r = projects_shown(app) ? projects_selected(app) : (struct project_row){'p', app->piece.id};
    if (r.kind == 'p' && r.id)
        return r.id;
    app_say(app, STYLE_DIM, "%s", projects_shown(app) ? _("Select a piece for this.") : _("This piece is still empty."));
    return 0;
}

/* 0: it stands in none. */
static int64_t project_of_row(struct app *app, struct project_row r)
{
    const struct shelf_piece *seen = r.kind == 'p' && projects_shown(app) ? projects_seen(app, r.id) : NULL;
    if (r.kind == 'j' || r.kind == '+' || r.kind == '>')
        return r.id;
    if (seen)
        return seen->project;
    return r.kind == 'p' && app->piece.project_name.len ? app->piece.project : 0;
}

bool projects_meant(struct app *app, struct project *out)
{
    int64_t id = project_of_row(app, projects_shown(app) ? projects_selected(app) : (struct project_row){'p', app->piece.id});
    struct err err = {0};
    if (id && !store_project_load(app->store, id, out, &err))
        app_fail(app, &err);
    else if (id && out->name.len)
        return true;
    else
        app_say(app, STYLE_DIM, "%s", _("This piece stands in no project; M-m in the list of projects (M-j) moves it into one."));
    return false;
}

static void form_from_here(struct app *app, const char *title, void (*submitted)(struct app *app))
{
    projects_state(app)->back = projects_shown(app);
    menu_form(app, title, submitted);
}

/* Back to where the form came from, which shows what it changed. */
static void form_done(struct app *app)
{
    app->form.open = false;
    if (app->projects->back)
        projects_list_again(app);
}

/* -- new, renamed, moved --------------------------------------------------------------------------------------------------------------- */

static void add_project_fields(struct app *app, const struct project *j)
{
    fields_add_text(&app->form, _("name"), _("What the project is called."), str_span(&j->name));
    fields_add_text(&app->form, _("cover line"), _("One line that stands below its name in the list."), str_span(&j->cover));
    fields_add_lines(&app->form, _("notes"), _("What you want to remember about it; no model reads it. ^J begins a new line."), str_span(&j->notes),
                     NOTE_ROWS);
}

static bool save_fields(struct app *app, struct project *j)
{
    struct err err = {0};
    str_set(&j->name, fields_text(&app->form, 0));
    str_set(&j->cover, span_trim(fields_text(&app->form, 1)));
    str_set(&j->notes, span_trim(fields_text(&app->form, 2)));
    if (store_project_save(app->store, j, &err))
        return true;
    menu_refuse(app, &err);
    return false;
}

static void move_piece(struct app *app, int64_t piece, int64_t project)
{
    struct err err = {0};
    struct project j = {0};
    if (!store_piece_move(app->store, piece, project, &err) || !store_project_load(app->store, project, &j, &err)) {
        app_fail(app, &err);
    } else {
        app_say(app, STYLE_OK, _("The piece stands in “%s” now."), projects_name(&j));
        app->projects->unfolded = j.id;
    }
    if (!err.kind && piece == app->piece.id) {
        app->piece.project = j.id;
        str_set(&app->piece.project_name, str_span(&j.name));
        projects_follow(app, true);
    }
    project_release(&j);
}

static void new_submitted(struct app *app)
{
    struct projects *p = app->projects;
    struct project j = {0};
    if (save_fields(app, &j)) {
        if (p->subject)
            move_piece(app, p->subject, j.id);
        else
            app_say(app, STYLE_OK, _("“%s” is there; a new piece or M-m puts something into it."), str_text(&j.name));
        p->unfolded = j.id;
        app->form.open = false;
        if (p->back || !p->subject) {
            projects_list(app);
            projects_select(app, p->subject ? 'p' : '+', p->subject ? p->subject : j.id);
        }
    }
    project_release(&j);
}

static void open_new_form(struct app *app, int64_t piece)
{
    projects_state(app)->subject = piece;
    menu_form(app, _("New project"), new_submitted);
    add_project_fields(app, &(struct project){0});
}

void projects_new(struct app *app)
{
    projects_state(app)->back = projects_shown(app);
    open_new_form(app, 0);
}

static void edit_submitted(struct app *app)
{
    struct project j = {0};
    struct err err = {0};
    if (!store_project_load(app->store, app->projects->subject, &j, &err)) {
        menu_refuse(app, &err);
    } else if (save_fields(app, &j)) {
        if (app->piece.project == j.id) {
            str_set(&app->piece.project_name, str_span(&j.name));
            projects_follow(app, false);
        }
        form_done(app);
    }
    project_release(&j);
}

static void title_submitted(struct app *app)
{
    struct err err = {0};
    struct span title = span_trim(fields_text(&app->form, 0));
    if (!store_piece_rename(app->store, app->projects->subject, title, &err)) {
        menu_refuse(app, &err);
        return;
    }
    if (app->projects->subject == app->piece.id) {
        str_set(&app->piece.title, title);
        desk_edited(app);
    }
    form_done(app);
}

static void edit_title(struct app *app, int64_t id)
{
    const struct shelf_piece *seen = projects_seen(app, id);
    form_from_here(app, _("Title"), title_submitted);
    app->projects->subject = id;
    fields_add_text(&app->form, _("title"), _("What the piece is called; empty: its first line."),
                    seen && seen->titled ? str_span(&seen->label) : SPAN(""));
}

void projects_edit(struct app *app)
{
    struct project j = {0};
    struct project_row r = projects_shown(app) ? projects_selected(app) : (struct project_row){0};
    if (r.kind == 'p') {
        edit_title(app, r.id);
    } else if (projects_meant(app, &j)) {
        form_from_here(app, _("Project"), edit_submitted);
        app->projects->subject = j.id;
        add_project_fields(app, &j);
    }
    project_release(&j);
}

static void target_picked(struct app *app, const char *id)
{
    struct projects *p = app->projects;
    int64_t project = 0, piece = p->subject;
    struct err err = {0};
    if (!strcmp(id, "new")) {
        open_new_form(app, piece);
        return;
    }
    if (strcmp(id, "none") ? span_integer(span_of(id), &project) : store_project_find(app->store, SPAN(""), true, &project, &err))
        move_piece(app, piece, project);
    else
        app_fail(app, &err);
    if (p->back) {
        projects_list(app);
        projects_select(app, 'p', piece);
    }
}

void projects_move(struct app *app)
{
    struct projects *p = projects_state(app);
    int64_t piece = meant_piece(app);
    if (!piece || !desk_save(app))
        return;
    p->back = projects_shown(app);
    p->subject = piece;
    projects_load(app, &(struct shelf){.limit = PROJECTS_MAX});
    menu_picker(app, _("Move it to"), _("part of a name"), target_picked);
    picker_add(&app->picker, _("+ a new project"), NULL, NULL, "new");
    for (int i = 0; i < p->count; i++) {
        const struct project *j = &p->list[i];
        struct str detail = {0};
        char id[32];
        snprintf(id, sizeof id, "%lld", (long long)j->id);
        projects_add_counts(&detail, j);
        if (j->name.len)
            picker_add(&app->picker, str_text(&j->name), str_text(&detail), NULL, id);
        str_release(&detail);
    }
    picker_add(&app->picker, _("out of its project"), NULL, NULL, "none");
    picker_filter(&app->picker);
}

/* -- the trash ------------------------------------------------------------------------------------------------------------------------- */

/* What lies on the desk makes way before it goes. */
static bool leave_desk(struct app *app, bool concerned)
{
    return !concerned || desk_open_piece(app, 0);
}

void projects_trash(struct app *app)
{
    struct projects *p = projects_state(app);
    struct project_row r = projects_shown(app) ? projects_selected(app) : (struct project_row){'p', app->piece.id};
    struct err err = {0};
    if ((r.kind != 'j' && r.kind != 'p') || r.id == 0 || p->trash)
        return;
    bool project = r.kind == 'j', here = project ? app->piece.project == r.id : app->piece.id == r.id;
    if (!leave_desk(app, here))
        return;
    if (!(project ? store_project_trash(app->store, r.id, true, &err) : store_piece_trash(app->store, r.id, true, &err))) {
        app_fail(app, &err);
        return;
    }
    p->trashed_kind = r.kind;
    p->trashed = r.id;
    if (project && here) { /* the new piece on the desk does not begin in the trash */
        app->piece.project = 0;
        str_clear(&app->piece.project_name);
        projects_follow(app, false);
    }
    bool shown = projects_shown(app);
    app_say(app, STYLE_DIM, "%s",
            shown ? _("In the trash; ^Z takes it back.")
                  : _("In the trash; “project-undo” in ^P takes it back, and M-j lists what lies there."));
    if (shown)
        projects_fill(app);
}

void projects_undo(struct app *app)
{
    struct projects *p = projects_state(app);
    if (!p->trashed_kind) {
        app_say(app, STYLE_DIM, "%s", _("Nothing was put into the trash just now."));
        return;
    }
    projects_bring_back(app, p->trashed_kind, p->trashed);
    if (projects_shown(app))
        projects_fill(app);
}

void projects_bring_back(struct app *app, char kind, int64_t id)
{
    struct err err = {0};
    bool ok = kind == 'j' ? store_project_trash(app->store, id, false, &err) : store_piece_trash(app->store, id, false, &err);
    if (!ok)
        app_fail(app, &err);
    else
        app_say(app, STYLE_OK, "%s", kind == 'j' ? _("The project is back, with its pieces.") : _("The piece is back where it stood."));
    if (app->projects->trashed == id && app->projects->trashed_kind == kind)
        app->projects->trashed_kind = 0;
}
