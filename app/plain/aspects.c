#include "app/plain/parts.h"
#include "app/desk/text_target.h"
#include "app/desk/rewrite.h"
#include "app/loop.h"
#include "core/i18n.h"

#include <string.h>

#define LINES_AT_ONCE 60 /* of the page, when much of it became another */

/* -- what there is, in words ---------------------------------------------------------------------------------------------------------------- */

static void tell_where(struct app *app, struct str *out)
{
    str_add(out, str_span(&app->where));
}

static void tell_server(struct app *app, struct str *out)
{
    str_add(out, str_span(&app->server_label));
}

static void tell_dials(struct app *app, struct str *out)
{
    for (int i = 0; i < DIAL_COUNT; i++) {
        str_printf(out, "%s ", _(dial_table[i].label));
        if (app->dials.on[i])
            dial_format(&app->dials, (enum dial_id)i, out);
        else
            str_add_text(out, _("off"));
        str_add_byte(out, '\n');
    }
}

static void tell_prompt(struct app *app, struct str *out)
{
    str_add(out, buffer_text(app->prompt));
}

static void tell_take(struct app *app, struct str *out)
{
    if (rewrite_shown(app))
        str_add_text(out, _("A rewriting lies over the page: /rewrite-accept takes it, /stop leaves it. "));
    if (app->desk.siblings > 1)
        str_printf(out, _("take %d of %d"), app->desk.sibling, app->desk.siblings);
    if (app->desk.leaf_rating)
        str_printf(out, _(" · rated %d of 5"), app->desk.leaf_rating);
}

/* The page as it is seen: a rewriting lies over it. */
static void tell_page(struct app *app, struct str *out)
{
    struct editor *over = rewrite_shown(app) ? rewrite_editor(app) : NULL;
    str_add(out, buffer_text(over ? over->buf : app->page.buf));
}

static void tell_selection(struct app *app, struct str *out)
{
    struct editor *ed = text_target(app);
    size_t from = 0, to = 0;
    if (ed && ed->buf && editor_selection(ed, &from, &to))
        str_add(out, buffer_slice(ed->buf, from, to));
}

static void tell_caret(struct app *app, struct str *out)
{
    struct editor *ed = text_target(app);
    if (!ed || !ed->buf || ed->single_line)
        return;
    size_t start = buffer_line_start(ed->buf, ed->caret), end = buffer_line_end(ed->buf, ed->caret);
    str_printf(out, _("line %lld of %zu: "), (long long)editor_line(ed), buffer_newlines(ed->buf, 0, buffer_length(ed->buf)) + 1);
    str_add(out, buffer_slice(ed->buf, start, ed->caret));
    if (ed->caret > start && ed->caret < end)
        str_add_text(out, " | "); /* the caret */
    str_add(out, buffer_slice(ed->buf, ed->caret, end));
}

static void tell_focus(struct app *app, struct str *out)
{
    static const char *const names[FOCUS_COUNT] = {N_("In the prompt: what you type is what you will ask; /go asks it, /page goes back."),
                                                   N_("On the page: what you type is yours."), N_("On the dials: a number chooses one."),
                                                   N_("On the takes: a number lays one on the page.")};
    if (app->view == VIEW_DESK)
        str_add_text(out, _(names[app->desk.focus]));
}

static void tell_rows(struct app *app, struct str *out)
{
    place_rows(app, out);
}

static void tell_detail(struct app *app, struct str *out)
{
    const struct spot *place = place_now(app);
    if (place && place->detail)
        place->detail(app, out);
}

static void (*const tellers[ASPECT_COUNT])(struct app *app, struct str *out) = {
    [ASPECT_WHERE] = tell_where, [ASPECT_SERVER] = tell_server, [ASPECT_DIALS] = tell_dials, [ASPECT_PROMPT] = tell_prompt,
    [ASPECT_TAKE] = tell_take,   [ASPECT_PAGE] = tell_page,     [ASPECT_SELECTION] = tell_selection, [ASPECT_CARET] = tell_caret,
    [ASPECT_FOCUS] = tell_focus, [ASPECT_ROWS] = tell_rows,     [ASPECT_DETAIL] = tell_detail,
};

void told_take(struct app *app, struct told *t)
{
    app->whole_frame = true;
    loop_paint(app); /* fills what the views show */
    t->view = app->view;
    t->piece = app->piece.id;
    for (int i = 0; i < ASPECT_COUNT; i++) {
        str_clear(&t->text[i]);
        tellers[i](app, &t->text[i]);
    }
}

void told_release(struct told *t)
{
    for (int i = 0; i < ASPECT_COUNT; i++)
        str_release(&t->text[i]);
}

/* -- what became another ---------------------------------------------------------------------------------------------------------------------- */

static bool same(const struct told *a, const struct told *b, enum aspect which)
{
    return span_equal(str_span(&a->text[which]), str_span(&b->text[which]));
}

/* The lines of `now` that `before` has not in the same place. */
static void say_new_lines(struct app *app, struct span before, struct span now)
{
    struct span old = SPAN(""), line;
    while (span_line(&now, &line)) {
        bool had = span_line(&before, &old);
        if (!had || !span_equal(old, line))
            plain_lines(app, line);
    }
}

/* What of the page is new, by whole lines; else what is gone. */
static void say_page(struct app *app, struct span old, struct span now)
{
    size_t front = 0, back = 0, shorter = old.len < now.len ? old.len : now.len;
    while (front < shorter && old.s[front] == now.s[front])
        front++;
    while (back < shorter - front && old.s[old.len - 1 - back] == now.s[now.len - 1 - back])
        back++;
    while (front && now.s[front - 1] != '\n')
        front--;
    while (back && now.s[now.len - back - 1] != '\n')
        back--;
    struct span added = span_trim(span_cut(now, front, now.len - back)), gone = span_trim(span_cut(old, front, old.len - back)), line;
    if (added.len == 0) {
        if (gone.len)
            plain_say(app, _("Gone: %.*s"), SPAN_ARG(gone));
        else
            plain_say(app, "%s", now.len < old.len ? _("An empty line is gone.") : _("An empty line is there."));
        return;
    }
    plain_say(app, "%s", _("Now there:"));
    for (int i = 0; i < LINES_AT_ONCE && span_line(&added, &line); i++)
        plain_lines(app, line);
    if (added.len)
        plain_say(app, "%s", _("… /read reads all of it."));
}

void plain_say_desk(struct app *app)
{
    struct str out = {0};
    const struct desk_view *v = &app->desk;
    str_printf(&out, "%s · ", str_text(&app->where));
    size_t lines = buffer_length(app->page.buf) ? buffer_newlines(app->page.buf, 0, buffer_length(app->page.buf)) + 1 : 0;
    str_printf(&out, ngettext("%zu line", "%zu lines", lines), lines);
    if (v->siblings > 1)
        str_add_text(&out, " · "), tell_take(app, &out);
    str_printf(&out, " · %s", str_text(&app->server_label));
    plain_lines(app, str_span(&out));
    str_clear(&out);
    tell_focus(app, &out);
    plain_lines(app, str_span(&out));
    str_clear(&out);
    tell_caret(app, &out);
    if (out.len)
        plain_lines(app, str_span(&out));
    str_release(&out);
}

static void say_desk_changes(struct app *app, const struct told *before, const struct told *now)
{
    struct span prompt = str_span(&now->text[ASPECT_PROMPT]);
    bool page = !same(before, now, ASPECT_PAGE);
    for (int i = ASPECT_WHERE; i <= ASPECT_SERVER; i++)
        if (!same(before, now, (enum aspect)i) && now->text[i].len && !page)
            plain_lines(app, str_span(&now->text[i]));
    if (!same(before, now, ASPECT_DIALS))
        say_new_lines(app, str_span(&before->text[ASPECT_DIALS]), str_span(&now->text[ASPECT_DIALS]));
    if (!same(before, now, ASPECT_PROMPT) && prompt.len)
        plain_say(app, _("In the prompt: %.*s"), SPAN_ARG(prompt));
    else if (!same(before, now, ASPECT_PROMPT))
        plain_say(app, "%s", _("The prompt is empty."));
    if (!same(before, now, ASPECT_TAKE))
        plain_say(app, "%s", now->text[ASPECT_TAKE].len ? str_text(&now->text[ASPECT_TAKE]) : _("There is no other take here."));
    if (page && !now->piece && before->piece) /* a new piece: nothing is gone */
        plain_say(app, "%s", _("The page is empty."));
    else if (page && !follow_busy(app))
        say_page(app, str_span(&before->text[ASPECT_PAGE]), str_span(&now->text[ASPECT_PAGE]));
    if (!same(before, now, ASPECT_FOCUS) && !app->plain->to_page)
        plain_lines(app, str_span(&now->text[ASPECT_FOCUS]));
    if (!same(before, now, ASPECT_SELECTION) && now->text[ASPECT_SELECTION].len)
        plain_say(app, _("Selected: %s"), str_text(&now->text[ASPECT_SELECTION]));
    else if (!same(before, now, ASPECT_SELECTION))
        plain_say(app, "%s", _("Nothing is selected."));
    else if (!page && !same(before, now, ASPECT_CARET) && now->text[ASPECT_CARET].len)
        plain_lines(app, str_span(&now->text[ASPECT_CARET]));
}

static int count_lines(struct span text)
{
    int count = 0;
    for (struct span line; span_line(&text, &line);)
        count++;
    return count;
}

/* Rows that read otherwise; where rows came or went, the list. */
static void say_place_changes(struct app *app, const struct told *before, const struct told *now)
{
    struct span old = str_span(&before->text[ASPECT_ROWS]), rows = str_span(&now->text[ASPECT_ROWS]);
    if (count_lines(old) == count_lines(rows))
        say_new_lines(app, old, rows);
    else
        place_say(app);
    if (!same(before, now, ASPECT_DETAIL) && now->text[ASPECT_DETAIL].len)
        plain_lines(app, str_span(&now->text[ASPECT_DETAIL]));
}

void told_report(struct app *app, const struct told *before, const struct told *now)
{
    if (app->picker.open || app->form.open)
        return;
    if (now->view != before->view && now->view != VIEW_DESK) {
        place_say(app);
    } else if (now->view != before->view) {
        plain_say_desk(app);
    } else {
        if (now->view == VIEW_DESK || !same(before, now, ASPECT_SERVER))
            say_desk_changes(app, before, now);
        if (place_now(app))
            say_place_changes(app, before, now);
    }
}
