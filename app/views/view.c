#include "app/views/view.h"
#include "app/desk/desk.h"
#include "app/mouse.h"
#include "app/views/compare.h"
#include "app/views/doctor.h"
#include "app/views/library.h"
#include "app/views/notes.h"
#include "app/views/sweep.h"
#include "app/views/tree.h"
#include "app/views/odds.h"

const struct view_row view_table[VIEW_COUNT] = {
    [VIEW_DESK] = {desk_map, desk_text, desk_text_edited, desk_draw, mouse_on_desk, desk_back},
    [VIEW_COMPARE] = {compare_map, compare_text, NULL, compare_draw, compare_mouse, compare_back},
    [VIEW_DOCTOR] = {doctor_map, doctor_text, NULL, doctor_draw, doctor_mouse, NULL},
    [VIEW_LIBRARY] = {library_map, library_text, library_text_edited, library_draw, library_mouse, library_back},
    [VIEW_NOTES] = {notes_map, notes_text, notes_text_edited, notes_draw, notes_mouse, notes_back},
    [VIEW_SWEEP] = {sweep_map, sweep_text, NULL, sweep_draw, sweep_mouse, NULL},
    [VIEW_TREE] = {tree_map, tree_text, NULL, tree_draw, tree_mouse, tree_leave},
    [VIEW_ODDS] = {odds_map, odds_text, NULL, odds_draw, odds_mouse, NULL},
};

const struct view_row *view_current(const struct app *app)
{
    return &view_table[app->view];
}

void view_back(struct app *app)
{
    if (view_current(app)->back)
        view_current(app)->back(app);
    else
        app->view = VIEW_DESK;
}
