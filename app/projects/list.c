#include "app/desk/desk.h"
#include "app/menu.h"
#include "app/projects/parts.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/library_preview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECES_STEP 100

struct projects *projects_state(struct app *app)
{
    if (!app->projects)
        app->projects = mem_new(1, sizeof *app->projects);
    return app->projects;
}

static void forget_seen(struct projects *p)
{
    shelf_free(p->seen, p->seen_count);
    p->seen = NULL;
    p->seen_count = p->seen_cap = 0;
}

void projects_release(struct app *app)
{
    project_release(&app->project);
    if (app->projects) {
        projects_free(app->projects->list, app->projects->count);
        forget_seen(app->projects);
    }
    free(app->projects);
    app->projects = NULL;
}

/* -- rows ------------------------------------------------------------------------------------------------------------------------------ */

static const struct project *listed(const struct projects *p, int64_t id)
{
    for (int i = 0; i < p->count; i++)
        if (p->list[i].id == id)
            return &p->list[i];
    return NULL;
}

static void add_row(struct app *app, const char *label, const char *detail, const char *note, char kind, int64_t id)
{
    char name[32];
    snprintf(name, sizeof name, "%c%lld", kind, (long long)id);
    picker_add(&app->picker, label, detail, note, name);
}

const char *projects_name(const struct project *j)
{
    return j->name.len ? str_text(&j->name) : _("in no project");
}

/* "12 pieces · 34 asked · 10-25 14:03" */
void projects_add_counts(struct str *out, const struct project *j)
{
    const char *more = j->pieces >= PROJECT_COUNT_MAX ? "+" : "";
    str_printf(out, ngettext("%lld%s piece", "%lld%s pieces", (unsigned long)j->pieces), (long long)j->pieces, more);
    if (j->generations)
        str_printf(out, _(" · %lld%s asked"), (long long)j->generations, more);
    str_add_text(out, " · ");
    library_date(out, j->changed_ms);
}

static void add_project(struct app *app, const struct project *j, bool unfolded)
{
    struct str label = {0}, detail = {0}, cover = {0}, notes = {0};
    str_add_text(&label, unfolded ? "▾ " : "▸ ");
    display_line(&label, span_of(projects_name(j)), 36);
    projects_add_counts(&detail, j);
    display_line(&notes, str_span(&j->notes), -1);
    add_row(app, str_text(&label), str_text(&detail),
            app->projects->trash ? _("Enter takes it back, with its pieces.") : str_text(&notes), 'j', j->id);
    if (j->cover.len) {
        str_printf(&cover, "   %s", str_text(&j->cover));
        picker_add_heading(&app->picker, str_text(&cover));
    }
    str_release(&label);
    str_release(&detail);
    str_release(&cover);
    str_release(&notes);
}

static void see(struct projects *p, const struct shelf_piece *piece)
{
    ARRAY_ROOM(p->seen, p->seen_count, p->seen_cap);
    struct shelf_piece *seen = &p->seen[p->seen_count++];
    *seen = *piece;
    seen->label = (struct str){0};
    str_set(&seen->label, str_span(&piece->label));
}

static void add_piece(struct app *app, const struct shelf_piece *p)
{
    struct str label = {0}, detail = {0};
    see(app->projects, p);
    str_add_text(&label, p->id == app->piece.id ? "   ● " : "     ");
    display_line(&label, p->label.len ? str_span(&p->label) : span_of(_("untitled")), 40);
    if (p->generations)
        str_printf(&detail, _("%lld asked · "), (long long)p->generations);
    library_date(&detail, p->changed_ms);
    add_row(app, str_text(&label), str_text(&detail), app->projects->trash ? _("Enter takes it back.") : "", 'p', p->id);
    str_release(&label);
    str_release(&detail);
}

/* -- filling --------------------------------------------------------------------------------------------------------------------------- */

static void add_unfolded(struct app *app, const struct project *j)
{
    struct projects *p = app->projects;
    struct shelf_piece *pieces = NULL;
    struct err err = {0};
    int count = 0;
    struct shelf q = {.project = j->id, .limit = p->limit};
    if (!store_shelf(app->store, &q, &pieces, &count, &err))
        app_fail(app, &err);
    add_row(app, _("     + a new piece here"), NULL, "", '+', j->id);
    for (int i = 0; i < count; i++)
        add_piece(app, &pieces[i]);
    if (count == p->limit)
        add_row(app, _("     … older ones"), NULL, "", '>', j->id);
    shelf_free(pieces, count);
}

void projects_load(struct app *app, const struct shelf *q)
{
    struct projects *p = app->projects;
    struct err err = {0};
    projects_free(p->list, p->count);
    if (!store_projects(app->store, q, &p->list, &p->count, &err))
        app_fail(app, &err);
}

static bool trash_holds_something(struct app *app)
{
    struct project *projects = NULL;
    struct shelf_piece *pieces = NULL;
    int project_count = 0, piece_count = 0;
    struct shelf q = {.trash = true, .limit = 1};
    bool some = store_projects(app->store, &q, &projects, &project_count, NULL) &&
                store_shelf(app->store, &q, &pieces, &piece_count, NULL) && project_count + piece_count > 0;
    projects_free(projects, project_count);
    shelf_free(pieces, piece_count);
    return some;
}

/* Nothing is typed: all projects, one of them with its pieces. */
static void fill_all(struct app *app)
{
    struct projects *p = app->projects;
    projects_load(app, &(struct shelf){.limit = PROJECTS_MAX});
    for (int i = 0; i < p->count; i++) {
        bool unfolded = p->list[i].id == p->unfolded;
        add_project(app, &p->list[i], unfolded);
        if (unfolded)
            add_unfolded(app, &p->list[i]);
    }
    add_row(app, _("+ a new project"), NULL, "", 'n', 0);
    if (trash_holds_something(app))
        add_row(app, _("… what lies in the trash"), NULL, "", 't', 0);
}

/* A project that only its pieces brought into the list. */
static void add_project_of(struct app *app, int64_t id)
{
    struct project other = {0};
    struct err err = {0};
    const struct project *j = listed(app->projects, id);
    if (!j && store_project_load(app->store, id, &other, &err))
        j = &other;
    if (j)
        add_project(app, j, true);
    project_release(&other);
}

static bool stands_before(const struct shelf_piece *pieces, int at)
{
    for (int i = 0; i < at; i++)
        if (pieces[i].project == pieces[at].project)
            return true;
    return false;
}

static bool has_pieces(const struct shelf_piece *pieces, int count, int64_t project)
{
    for (int i = 0; i < count; i++)
        if (pieces[i].project == project)
            return true;
    return false;
}

/* What fits: each project with those of its pieces that do, the newest first. */
static void fill_found(struct app *app, struct shelf q)
{
    struct projects *p = app->projects;
    struct shelf_piece *pieces = NULL;
    struct err err = {0};
    int count = 0;
    q.limit = PIECES_STEP;
    projects_load(app, &q);
    if (!store_shelf(app->store, &q, &pieces, &count, &err))
        app_fail(app, &err);
    for (int i = 0; i < count; i++) {
        if (stands_before(pieces, i))
            continue;
        add_project_of(app, pieces[i].project);
        for (int j = i; j < count; j++)
            if (pieces[j].project == pieces[i].project)
                add_piece(app, &pieces[j]);
    }
    for (int i = 0; i < p->count; i++)
        if (!has_pieces(pieces, count, p->list[i].id))
            add_project(app, &p->list[i], false);
    shelf_free(pieces, count);
}

static void fill_trash(struct app *app, struct shelf q)
{
    struct projects *p = app->projects;
    struct shelf_piece *pieces = NULL;
    struct err err = {0};
    int count = 0;
    q.trash = true;
    q.limit = PIECES_STEP;
    projects_load(app, &q);
    if (!store_shelf(app->store, &q, &pieces, &count, &err))
        app_fail(app, &err);
    add_row(app, _("… back to the projects"), NULL, "", '<', 0);
    for (int i = 0; i < p->count; i++)
        add_project(app, &p->list[i], false);
    for (int i = 0; i < count; i++)
        add_piece(app, &pieces[i]);
    shelf_free(pieces, count);
}

const struct shelf_piece *projects_seen(const struct app *app, int64_t piece)
{
    const struct projects *p = app->projects;
    for (int i = 0; i < p->seen_count; i++)
        if (p->seen[i].id == piece)
            return &p->seen[i];
    return NULL;
}

struct project_row projects_selected(const struct app *app)
{
    const struct picker_row *row = picker_selected(&app->picker);
    struct project_row r = {0};
    if (row && span_integer(span_of(row->id + 1), &r.id))
        r.kind = row->id[0];
    return r;
}

/* The row that was selected, or the one that has come into its place. */
static void select_again(struct picker *p, const char *kept, int place)
{
    picker_select(p, kept);
    const struct picker_row *row = picker_selected(p);
    if (!row || strcmp(row->id, kept))
        picker_move(p, place - p->selected);
}

void projects_fill(struct app *app)
{
    const struct picker_row *row = picker_selected(&app->picker);
    int place = app->picker.selected;
    bool typed = buffer_version(app->picker.filter_text) != app->projects->filled;
    char *kept = row ? span_copy(span_of(row->id)) : NULL;
    struct shelf q = {.words = span_trim(buffer_text(app->picker.filter_text))};
    forget_seen(app->projects);
    picker_refill(&app->picker);
    str_set(&app->picker.title, span_of(app->projects->trash ? _("In the trash") : _("Projects")));
    if (app->projects->trash)
        fill_trash(app, q);
    else if (q.words.len)
        fill_found(app, q);
    else
        fill_all(app);
    picker_filter(&app->picker);
    if (kept && typed)
        picker_select(&app->picker, kept);
    else if (kept)
        select_again(&app->picker, kept, place);
    app->projects->filled = buffer_version(app->picker.filter_text);
    free(kept);
}

void projects_select(struct app *app, char kind, int64_t id)
{
    char name[32];
    snprintf(name, sizeof name, "%c%lld", kind, (long long)id);
    picker_select(&app->picker, name);
}

/* -- the list -------------------------------------------------------------------------------------------------------------------------- */

void projects_list_again(struct app *app)
{
    app->picker.open = true;
    projects_fill(app);
}

static void open_new(struct app *app, int64_t project)
{
    struct err err = {0};
    struct project j = {0};
    if (!desk_open_piece(app, 0))
        return;
    if (!store_project_load(app->store, project, &j, &err)) {
        app_fail(app, &err);
    } else {
        app->piece.project = j.name.len ? j.id : 0;
        str_set(&app->piece.project_name, str_span(&j.name));
        projects_follow(app, true);
        desk_focus(app, FOCUS_PROMPT);
    }
    project_release(&j);
}

static void picked(struct app *app, const char *id)
{
    struct projects *p = app->projects;
    struct project_row r = {.kind = id[0]};
    (void)span_integer(span_of(id + 1), &r.id);
    if (p->trash && (r.kind == 'j' || r.kind == 'p')) {
        projects_bring_back(app, r.kind, r.id);
        projects_list_again(app);
    } else if (r.kind == 'p') {
        if (r.id == app->piece.id || desk_open_piece(app, r.id))
            desk_focus(app, app->desk.focus);
    } else if (r.kind == '+') {
        open_new(app, r.id);
    } else if (r.kind == 'n') {
        projects_new(app);
    } else {
        p->limit = r.kind == '>' ? p->limit + PIECES_STEP : PIECES_STEP;
        p->trash = r.kind == 't';
        if (r.kind == 'j')
            p->unfolded = p->unfolded == r.id ? 0 : r.id;
        if (r.kind == 'j' && buffer_length(app->picker.filter_text)) { /* what was found is opened among all */
            p->unfolded = r.id;
            buffer_clear(app->picker.filter_text);
            editor_after_change(&app->picker.filter, 0);
        }
        projects_list_again(app);
    }
}

bool projects_shown(const struct app *app)
{
    return app->picker.open && !app->form.open && app->picked == picked;
}

void projects_list(struct app *app)
{
    struct projects *p = projects_state(app);
    menu_picker(app, _("Projects"), _("part of a name, or of a first line"), picked);
    app->refill = projects_fill;
    p->limit = PIECES_STEP;
    p->trash = false;
    projects_fill(app);
}

void projects_open(struct app *app)
{
    if (!desk_save(app)) {
        app_fail(app, &app->save_err);
        return;
    }
    projects_state(app)->unfolded = app->piece.project;
    projects_list(app);
    projects_select(app, 'p', app->piece.id);
}

