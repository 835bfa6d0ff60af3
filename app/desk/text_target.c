#include "app/desk/text_target.h"
#include "app/views/view.h"

struct editor *text_target(struct app *app)
{
    if (app->form.open)
        return fields_editor(&app->form);
    if (app->picker.open)
        return &app->picker.filter;
    if (app->pager.open)
        return &app->pager.editor;
    if (app->study.shown)
        return NULL;
    return view_current(app)->text(app);
}

void text_edited(struct app *app, struct editor *ed)
{
    if (ed == &app->picker.filter && app->refill)
        app->refill(app);
    else if (ed == &app->picker.filter)
        picker_filter(&app->picker);
    else if (!app->form.open && !app->pager.open && view_current(app)->edited)
        view_current(app)->edited(app, ed);
    app_touch(app, true);
}

bool text_type(struct app *app, struct span text)
{
    struct editor *ed = text_target(app);
    if (!ed || ed->readonly)
        return false;
    editor_type(ed, text);
    text_edited(app, ed);
    return true;
}
