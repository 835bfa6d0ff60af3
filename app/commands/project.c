#include "app/commands/command.h"
#include "app/projects/projects.h"
#include "core/i18n.h"

static void open_projects(struct app *app, int arg)
{
    (void)arg;
    projects_open(app);
}

static void new_project(struct app *app, int arg)
{
    (void)arg;
    projects_new(app);
}

static void edit(struct app *app, int arg)
{
    (void)arg;
    projects_edit(app);
}

static void move(struct app *app, int arg)
{
    (void)arg;
    projects_move(app);
}

static void defaults(struct app *app, int take)
{
    if (take)
        projects_take_defaults(app);
    else
        projects_forget_defaults(app);
}

static void trash(struct app *app, int arg)
{
    (void)arg;
    projects_trash(app);
}

static void undo(struct app *app, int arg)
{
    (void)arg;
    projects_undo(app);
}

const struct command commands_project[] = {
    {"projects", N_("projects and their pieces: open one"), open_projects, 0, false},
    {"project-new", N_("begin a new project"), new_project, 0, false},
    {"project-edit", N_("name, cover line and notes of the project; the title of a piece"), edit, 0, false},
    {"project-move", N_("move the piece to another project"), move, 0, false},
    {"project-take-defaults", N_("let the project's pieces begin with server, dials and system text as they stand"), defaults, 1, false},
    {"project-forget-defaults", N_("forget what the project's pieces begin with"), defaults, 0, false},
    {"project-trash", N_("put the piece, or the project with its pieces, into the trash"), trash, 0, false},
    {"project-undo", N_("take the last piece or project back from the trash"), undo, 0, false},
    {0},
};
