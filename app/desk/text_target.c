#include "app/desk/text_target.h"
#include "app/desk/desk.h"
#include "app/views/library.h"
#include "core/clock.h"

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
    if (app->view == VIEW_LIBRARY)
        return app->library.view.focus_list ? NULL : &app->library.view.query;
    if (app->desk.focus == FOCUS_PAGE)
        return &app->desk.page;
    return app->desk.focus == FOCUS_PROMPT ? &app->desk.prompt : NULL;
}

void text_edited(struct app *app, struct editor *ed)
{
    if (ed == &app->desk.page || ed == &app->desk.prompt)
        desk_edited(app);
    else if (ed == &app->picker.filter)
        picker_filter(&app->picker);
    else if (ed == &app->library.view.query)
        library_search(app);
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
