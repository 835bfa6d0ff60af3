#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/menu.h"
#include "app/desk/text_target.h"
#include "app/views/view.h"
#include "core/i18n.h"

#include <stdlib.h>

/* -- moving ------------------------------------------------------------------------------------------------------------------------ */

static void move(struct app *app, int motion)
{
    struct editor *ed = text_target(app);
    if (ed)
        editor_move(ed, (enum motion)motion, ed->marking);
}

static void select_to(struct app *app, int motion)
{
    struct editor *ed = text_target(app);
    if (ed)
        editor_move(ed, (enum motion)motion, true);
}

static void select_all(struct app *app, int arg)
{
    (void)arg;
    struct editor *ed = text_target(app);
    if (ed)
        editor_select_all(ed);
}

static void mark(struct app *app, int arg)
{
    (void)arg;
    struct editor *ed = text_target(app);
    if (!ed)
        return;
    editor_toggle_mark(ed);
    app_say(app, STYLE_DIM, "%s", ed->marking ? _("Mark set: move to select.") : _("Mark off."));
}

/* -- changing ------------------------------------------------------------------------------------------------------------------------ */

static void erase(struct app *app, int motion)
{
    struct editor *ed = text_target(app);
    if (!ed || ed->readonly)
        return;
    editor_delete(ed, (enum motion)motion);
    text_edited(app, ed);
}

static void newline(struct app *app, int arg)
{
    (void)arg;
    text_type(app, SPAN("\n"));
}

static void copy(struct app *app, int arg)
{
    (void)arg;
    struct editor *ed = text_target(app);
    if (!ed)
        return;
    str_clear(&app->clipboard);
    editor_copy(ed, &app->clipboard);
    term_copy(app->term, str_span(&app->clipboard));
    app_say(app, STYLE_DIM, "%s",
            app->clipboard.len <= TERM_COPY_MAX ? _("Copied.") : _("Copied for ^V here; it is too long for the terminal's clipboard."));
}

static void cut(struct app *app, int arg)
{
    struct editor *ed = text_target(app);
    size_t from = 0, to = 0;
    if (!ed || ed->readonly || !editor_selection(ed, &from, &to))
        return;
    copy(app, arg);
    editor_delete(ed, MOVE_LEFT);
    text_edited(app, ed);
    app_say(app, STYLE_DIM, "%s", _("Cut; ^V pastes it."));
}

static void paste(struct app *app, int arg)
{
    (void)arg;
    text_type(app, str_span(&app->clipboard));
}

/* -- history --------------------------------------------------------------------------------------------------------------------------- */

/* One step back or on in the text that has the keys; from dials and takes, in the page. */
static void walk(struct app *app, int back)
{
    struct editor *ed = text_target(app);
    size_t caret = 0;
    bool done = false;
    if (!ed && app->view == VIEW_DESK)
        ed = &app->desk.page;
    if (!ed)
        return;
    if (ed == &app->desk.page) {
        done = back ? page_undo(&app->page, &caret) : page_redo(&app->page, &caret);
    } else {
        struct undo step = back ? buffer_undo(ed->buf) : buffer_redo(ed->buf);
        done = step.kind == UNDO_EDIT;
        caret = step.caret;
    }
    if (done) {
        editor_after_change(ed, caret);
        text_edited(app, ed);
    } else {
        app_say(app, STYLE_DIM, "%s", back ? _("There is nothing to undo.") : _("There is nothing to redo."));
    }
}

/* -- finding ------------------------------------------------------------------------------------------------------------------------------ */

/* The text that find works in: the one that had the keys before the form opened. */
static struct editor *find_target(struct app *app)
{
    if (app->pager.open)
        return &app->pager.editor;
    if (app->view == VIEW_LIBRARY)
        return &app->library.view.query;
    if (app->view != VIEW_DESK && view_current(app)->text(app))
        return view_current(app)->text(app);
    return app->desk.focus == FOCUS_PROMPT ? &app->desk.prompt : &app->desk.page;
}

static void find_again(struct app *app, int backwards)
{
    if (app->needle.len == 0)
        app_say(app, STYLE_DIM, "%s", _("Nothing has been looked for yet; ^F finds."));
    else if (!editor_find(find_target(app), str_span(&app->needle), backwards))
        app_say(app, STYLE_WARNING, _("“%s” is not in this text."), str_text(&app->needle));
}

static void find_submitted(struct app *app)
{
    str_set(&app->needle, fields_text(&app->form, 0));
    app->form.open = false;
    if (app->needle.len)
        find_again(app, false);
}

static void find(struct app *app, int arg)
{
    (void)arg;
    menu_form(app, _("Find"), find_submitted);
    fields_add_text(&app->form, _("find"), _("Enter finds the next; M-n goes on, M-b goes back."), str_span(&app->needle));
}

static void replace_submitted(struct app *app)
{
    struct editor *ed = find_target(app);
    str_set(&app->needle, fields_text(&app->form, 0));
    app->form.open = false;
    if (app->needle.len == 0 || ed->readonly)
        return;
    int count = editor_replace_all(ed, str_span(&app->needle), fields_text(&app->form, 1));
    text_edited(app, ed);
    app_say(app, STYLE_DIM, ngettext("%d place changed; ^Z takes it back.", "%d places changed; ^Z takes them back.", (unsigned)count),
            count);
}

static void replace(struct app *app, int arg)
{
    (void)arg;
    menu_form(app, _("Replace everywhere"), replace_submitted);
    fields_add_text(&app->form, _("find"), _("What is to be replaced."), str_span(&app->needle));
    fields_add_text(&app->form, _("replace by"), _("Enter replaces every place; one ^Z takes all of it back."), SPAN(""));
}

static void line_submitted(struct app *app)
{
    int64_t line = 0;
    app->form.open = false;
    if (span_integer(span_trim(fields_text(&app->form, 0)), &line))
        editor_go_to_line(find_target(app), line);
    else
        app_say(app, STYLE_WARNING, "%s", _("The line must be a number."));
}

static void go_to_line(struct app *app, int arg)
{
    (void)arg;
    struct str now = {0};
    str_printf(&now, "%lld", (long long)editor_line(find_target(app)));
    menu_form(app, _("Go to line"), line_submitted);
    fields_add_text(&app->form, _("line"), _("Its number, from 1."), str_span(&now));
    str_release(&now);
}

#define MOTION(name, help, motion) {name, help, move, motion, true}, {"select-" name, help, select_to, motion, true}

const struct command commands_text[] = {
    MOTION("left", N_("one character left"), MOVE_LEFT),
    MOTION("right", N_("one character right"), MOVE_RIGHT),
    MOTION("word-left", N_("one word left; in Chinese one character"), MOVE_WORD_LEFT),
    MOTION("word-right", N_("one word right; in Chinese one character"), MOVE_WORD_RIGHT),
    MOTION("up", N_("one row up"), MOVE_UP),
    MOTION("down", N_("one row down"), MOVE_DOWN),
    MOTION("row-start", N_("start of the row, then of the line"), MOVE_ROW_START),
    MOTION("row-end", N_("end of the row, then of the line"), MOVE_ROW_END),
    MOTION("paragraph-up", N_("one paragraph up"), MOVE_PARAGRAPH_UP),
    MOTION("paragraph-down", N_("one paragraph down"), MOVE_PARAGRAPH_DOWN),
    MOTION("page-up", N_("one screen up"), MOVE_PAGE_UP),
    MOTION("page-down", N_("one screen down"), MOVE_PAGE_DOWN),
    MOTION("text-start", N_("start of the text"), MOVE_TEXT_START),
    MOTION("text-end", N_("end of the text"), MOVE_TEXT_END),
    {"backspace", N_("delete the character before"), erase, MOVE_LEFT, true},
    {"delete", N_("delete the character after"), erase, MOVE_RIGHT, true},
    {"delete-word-left", N_("delete the word before"), erase, MOVE_WORD_LEFT, true},
    {"delete-word-right", N_("delete the word after"), erase, MOVE_WORD_RIGHT, true},
    {"delete-to-row-start", N_("delete to the start of the row"), erase, MOVE_ROW_START, true},
    {"delete-to-row-end", N_("delete to the end of the row"), erase, MOVE_ROW_END, true},
    {"newline", N_("new line"), newline, 0, true},
    {"select-all", N_("select all"), select_all, 0, false},
    {"mark", N_("set the mark: moving then selects"), mark, 0, false},
    {"copy", N_("copy the selection, or the line"), copy, 0, false},
    {"cut", N_("cut the selection"), cut, 0, false},
    {"paste", N_("paste"), paste, 0, false},
    {"undo", N_("undo: edits and takes alike"), walk, true, false},
    {"redo", N_("redo"), walk, false, false},
    {"find", N_("find in this text"), find, 0, false},
    {"find-next", N_("find the next"), find_again, false, false},
    {"find-previous", N_("find the one before"), find_again, true, false},
    {"replace", N_("find and replace everywhere"), replace, 0, false},
    {"go-to-line", N_("go to a line"), go_to_line, 0, false},
    {0},
};
