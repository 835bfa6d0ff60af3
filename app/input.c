#include "app/input.h"
#include "app/desk/desk.h"
#include "app/commands/keymap.h"
#include "app/views/library.h"
#include "app/views/view.h"
#include "app/menu.h"
#include "app/models.h"
#include "app/mouse.h"
#include "app/projects/projects.h"
#include "app/desk/text_target.h"
#include "core/i18n.h"
#include "core/utf8.h"

#include <string.h>

int input_places(struct app *app, enum map out[3])
{
    int count = 0;
    bool text = true, global = false;
    if (app->form.open) {
        out[count++] = MAP_FORM;
    } else if (app->picker.open) {
        if (projects_shown(app))
            out[count++] = MAP_PROJECTS;
        if (models_shown(app))
            out[count++] = MAP_MODELS;
        out[count++] = MAP_PICKER;
    } else if (app->pager.open) {
        out[count++] = MAP_PAGER;
    } else if (app->study.shown) {
        out[count++] = MAP_LEARNING;
        text = false;
    } else {
        out[count++] = view_current(app)->map(app);
        text = text_target(app) != NULL;
        global = true;
    }
    if (text)
        out[count++] = MAP_TEXT;
    if (global)
        out[count++] = MAP_GLOBAL;
    return count;
}

static bool run_key(struct app *app, struct key key)
{
    enum map maps[3];
    int count = input_places(app, maps);
    for (int i = 0; i < count; i++) {
        const struct command *c = keymap_lookup(&app->keymap, maps[i], key);
        if (c) {
            command_run(app, c);
            return true;
        }
    }
    return false;
}

static bool dials_have_keys(const struct app *app)
{
    return !app->form.open && !app->picker.open && !app->pager.open && !app->study.shown && app->view == VIEW_DESK && app->desk.focus == FOCUS_DIALS;
}

/* Digits type a value into the dial; it counts once Enter is pressed or another dial is chosen. */
static bool type_digit(struct app *app, int32_t c)
{
    if (!dials_have_keys(app) || c > 0x7F || !strchr("0123456789.-", (int)c) || app->desk.typing.len >= 16)
        return false;
    str_add_byte(&app->desk.typing, (char)c);
    return true;
}

/* Characters where no text has the keys are keys of their own. */
static void run_characters(struct app *app, struct span text)
{
    while (text.len) {
        int32_t c = 0;
        int len = utf8_decode(text, &c);
        text = span_cut(text, (size_t)len, text.len);
        if (c > 0 && !type_digit(app, c))
            run_key(app, (struct key){c, 0});
    }
}

static void paste(struct app *app, struct span text)
{
    struct str clean = {0};
    struct editor *ed = text_target(app);
    if (!ed)
        return;
    utf8_add_clean(&clean, text);
    buffer_seal(ed->buf);
    text_type(app, str_span(&clean));
    buffer_seal(ed->buf);
    str_release(&clean);
    if (parser_paste_cut(app->parser))
        app_say(app, STYLE_WARNING, _("More than %u MB were pasted; the rest was left out."), PARSER_PASTE_MAX >> 20);
}

/* What the writer does takes the last message away. A button let go only ends what its press began. */
static bool is_deed(const struct input *in)
{
    return in->kind != INPUT_FOCUS_IN && in->kind != INPUT_FOCUS_OUT && !(in->kind == INPUT_MOUSE && in->mouse.kind == MOUSE_RELEASE);
}

void input_handle(struct app *app, const struct input *in)
{
    bool asked = app->quit_asked;
    if (!is_deed(in))
        return;
    str_clear(&app->message);
    switch (in->kind) {
    case INPUT_KEY:
        run_key(app, in->key);
        break;
    case INPUT_TEXT:
        if (!text_type(app, in->text))
            run_characters(app, in->text);
        break;
    case INPUT_PASTE:
        paste(app, in->text);
        break;
    case INPUT_MOUSE:
        mouse_handle(app, &in->mouse);
        break;
    case INPUT_FOCUS_IN:
    case INPUT_FOCUS_OUT:
        break;
    }
    if (asked) /* a second ^Q counts only right after the first */
        app->quit_asked = false;
    menu_moved(app);
    library_rest(app);
    app_touch(app, true);
}
