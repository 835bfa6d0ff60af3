#include "app/mouse.h"
#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/desk/rewrite.h"
#include "app/menu.h"
#include "app/views/view.h"

#define WHEEL_ROWS 3


int mouse_wheel(const struct mouse *m)
{
    return m->kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : m->kind == MOUSE_WHEEL_DOWN ? WHEEL_ROWS : 0;
}

/* -- popups ------------------------------------------------------------------------------------------------------------------------------ */

static void on_picker(struct app *app, const struct mouse *m)
{
    int row = picker_at(&app->picker, m->x, m->y);
    if (mouse_wheel(m)) {
        picker_move(&app->picker, mouse_wheel(m));
    } else if (m->kind == MOUSE_PRESS && row == -2) {
        menu_dismiss(app);
    } else if (m->kind == MOUSE_PRESS && row >= 0) {
        picker_move(&app->picker, row - app->picker.selected);
        menu_enter(app);
    }
}

static void on_form(struct app *app, const struct mouse *m)
{
    int field = fields_at(&app->form, m->x, m->y);
    if (m->kind != MOUSE_PRESS)
        return;
    if (field == -2)
        menu_dismiss(app);
    else if (field >= 0)
        fields_move(&app->form, field - app->form.selected);
}

static void on_pager(struct app *app, const struct mouse *m)
{
    if (mouse_wheel(m))
        editor_scroll(&app->pager.editor, mouse_wheel(m));
    else if (m->kind == MOUSE_PRESS)
        command_run_named(app, pager_at(&app->pager, m->x, m->y));
}

/* The sheet of a voice that is being learnt. */
static void on_sheet(struct app *app, const struct mouse *m)
{
    if (m->kind == MOUSE_PRESS && !rect_has(app->study.area, m->x, m->y))
        menu_dismiss(app);
}

/* -- desk ----------------------------------------------------------------------------------------------------------------------------------- */

static void on_text(struct app *app, struct editor *ed, enum focus focus, const struct mouse *m, size_t offset)
{
    if (mouse_wheel(m)) {
        editor_scroll(ed, mouse_wheel(m));
        return;
    }
    desk_focus(app, focus);
    editor_move_to(ed, offset, m->kind == MOUSE_DRAG || (m->mods & MOD_SHIFT));
}

static void on_dial(struct app *app, const struct mouse *m, const struct target *t)
{
    desk_focus(app, FOCUS_DIALS);
    app->desk.dial = t->index;
    if (mouse_wheel(m))
        dial_step(&app->dials, (enum dial_id)t->index, m->kind == MOUSE_WHEEL_UP ? 1 : -1, false);
    else if (t->fraction >= 0)
        dial_set_fraction(&app->dials, (enum dial_id)t->index, t->fraction);
    else
        return;
    app->preset[0] = '\0';
    desk_changed(app);
}

/* A drag belongs to where it began, which has the focus since then. A slanted one stays with its dial. */
static bool drag_strays(const struct app *app, struct target *t)
{
    static const enum target_kind homes[FOCUS_COUNT] = {
        [FOCUS_PROMPT] = TARGET_PROMPT, [FOCUS_PAGE] = TARGET_PAGE, [FOCUS_DIALS] = TARGET_DIAL, [FOCUS_TAKES] = TARGET_TAKE};
    if (t->kind == TARGET_DIAL)
        t->index = app->desk.dial;
    return t->kind != homes[app->desk.focus];
}

void mouse_on_desk(struct app *app, const struct mouse *m)
{
    struct target t = desk_view_at(&app->desk, m->x, m->y);
    if (m->kind == MOUSE_DRAG && drag_strays(app, &t))
        return;
    switch (t.kind) {
    case TARGET_PAGE:
        on_text(app, rewrite_shown(app) ? rewrite_editor(app) : &app->desk.page, FOCUS_PAGE, m, t.offset);
        break;
    case TARGET_PROMPT:
        on_text(app, &app->desk.prompt, FOCUS_PROMPT, m, t.offset);
        break;
    case TARGET_DIAL:
        on_dial(app, m, &t);
        break;
    case TARGET_TAKE:
        if (m->kind == MOUSE_PRESS) {
            command_run_named(app, "focus-takes");
            app->desk.take = t.index;
            command_run_named(app, "take-row-here");
        }
        break;
    case TARGET_PRESET:
        if (m->kind == MOUSE_PRESS)
            command_run_named(app, "presets");
        break;
    case TARGET_COMMAND:
        if (m->kind == MOUSE_PRESS)
            command_run_named(app, t.command);
        break;
    case TARGET_OUTSIDE:
        if (m->kind == MOUSE_PRESS)
            command_run_named(app, "focus-prompt");
        break;
    case TARGET_NONE:
        break;
    }
}

void mouse_handle(struct app *app, const struct mouse *m)
{
    if (app->form.open)
        on_form(app, m);
    else if (app->picker.open)
        on_picker(app, m);
    else if (app->pager.open)
        on_pager(app, m);
    else if (app->study.shown)
        on_sheet(app, m);
    else
        view_current(app)->mouse(app, m);
}
