#include "app/desk/fill.h"
#include "app/desk/desk.h"
#include "app/menu.h"
#include "app/servers.h"
#include "app/templates.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

/* What the list was filled with, and the template whose form is open. */
struct fill {
    struct templates all;
    const struct template *chosen;
    struct str selection, page, title; /* of the desk, as they were when it was chosen */
};

static struct fill *fill_of(struct app *app)
{
    if (!app->fill)
        app->fill = mem_new(1, sizeof *app->fill);
    return app->fill;
}

void fill_release(struct app *app)
{
    if (!app->fill)
        return;
    templates_release(&app->fill->all);
    str_release(&app->fill->selection);
    str_release(&app->fill->page);
    str_release(&app->fill->title);
    free(app->fill);
    app->fill = NULL;
}

/* -- from the desk --------------------------------------------------------------------------------------------------------------------- */

/* What stands on the page between two offsets, without what was asked there. */
static void add_page(struct app *app, size_t from, size_t to, struct str *out)
{
    size_t count = 0, at = 0;
    const struct run *runs = buffer_runs(app->page.buf, &count);
    for (size_t i = 0; i < count; at += runs[i++].len) {
        size_t start = at > from ? at : from, end = at + runs[i].len < to ? at + runs[i].len : to;
        if (start < end && runs[i].ink.author != AUTHOR_PROMPT)
            str_add(out, buffer_slice(app->page.buf, start, end));
    }
    struct span trimmed = span_trim(str_span(out));
    size_t front = (size_t)(trimmed.s - out->s);
    str_cut(out, front + trimmed.len);
    str_splice(out, 0, front, SPAN(""));
}

static void look_at_desk(struct app *app, struct fill *f)
{
    size_t from = 0, to = 0;
    str_clear(&f->page);
    str_clear(&f->selection);
    str_clear(&f->title);
    add_page(app, 0, buffer_length(app->page.buf), &f->page);
    if (editor_selection(&app->desk.page, &from, &to))
        add_page(app, from, to, &f->selection);
    else
        str_set(&f->selection, str_span(&f->page));
    if (app->piece.title.len)
        str_set(&f->title, str_span(&app->piece.title));
    else
        piece_label(&app->piece, &f->title, -1);
}

/* -- filling --------------------------------------------------------------------------------------------------------------------------- */

/* Last values lie among the settings, a line each. */
static void add_setting_name(struct str *out, const struct template *t)
{
    str_printf(out, "template %s", str_text(&t->name));
}

static struct span last_value(struct span remembered, struct span name)
{
    struct span line = {0};
    while (span_line(&remembered, &line))
        if (line.len > name.len && span_equal(span_cut(line, 0, name.len), name) && line.s[name.len] == '=')
            return span_cut(line, name.len + 1, line.len);
    return SPAN("");
}

static void remember(struct app *app, const struct template *t)
{
    struct str name = {0}, values = {0};
    struct err err = {0};
    add_setting_name(&name, t);
    for (int i = 0; i < t->count; i++)
        str_printf(&values, "%s=%.*s\n", str_text(&t->variables[i].name), SPAN_ARG(fields_text(&app->form, i)));
    if (!store_set_setting(app->store, str_text(&name), str_span(&values), &err))
        app_fail(app, &err);
    str_release(&name);
    str_release(&values);
}

static struct span value_of(void *ctx, struct span name)
{
    struct app *app = ctx;
    struct fill *f = app->fill;
    if (span_is(name, "selection"))
        return str_span(&f->selection);
    if (span_is(name, "page"))
        return str_span(&f->page);
    if (span_is(name, "title"))
        return str_span(&f->title);
    return fields_text(&app->form, template_find_variable(f->chosen, name));
}

static void write_prompt(struct app *app, struct span text)
{
    struct editor *ed = &app->desk.prompt;
    buffer_seal(app->prompt);
    editor_select_all(ed);
    editor_type(ed, text);
    buffer_seal(app->prompt);
    desk_edited(app);
}

/* The dials that the template names; false when there are none. */
static bool turn_dials(struct app *app, const struct template *t)
{
    struct err err = {0};
    if (t->dials.len == 0)
        return false;
    if (!dials_parse(&app->dials, str_span(&t->dials), &err))
        app_fail(app, &err);
    app->preset[0] = '\0';
    desk_changed(app);
    return true;
}

static void say_filled(struct app *app, const struct template *t, bool dials, bool rewrites, bool replaced)
{
    const char *name = str_text(&t->name);
    if (t->needs_server && server_is_muse(servers_current(app)))
        app_say(app, STYLE_WARNING, _("“%s” stands in the prompt, but asks for more than the muse can; F2 chooses a server."), name);
    else if (dials)
        app_say(app, STYLE_DIM, _("“%s” stands in the prompt and has set %s."), name, str_text(&t->dials));
    else if (rewrites)
        app_say(app, STYLE_DIM, _("“%s” stands in the prompt; ^G rewrites what is selected."), name);
    else if (replaced)
        app_say(app, STYLE_DIM, _("“%s” stands in the prompt; ^Z brings back what stood there."), name);
    else
        app_say(app, STYLE_DIM, _("“%s” stands in the prompt; ^G asks."), name);
}

static void lay_down(struct app *app)
{
    const struct template *t = app->fill->chosen;
    struct str text = {0};
    size_t from = 0, to = 0;
    bool replaced = buffer_length(app->prompt) > 0, rewrites = t->focus_page && editor_selection(&app->desk.page, &from, &to);
    template_fill(t, value_of, app, &text);
    write_prompt(app, str_span(&text));
    bool dials = turn_dials(app, t);
    desk_focus(app, rewrites ? FOCUS_PAGE : FOCUS_PROMPT);
    say_filled(app, t, dials, rewrites, replaced);
    str_release(&text);
}

static void filled(struct app *app)
{
    app->form.open = false;
    lay_down(app);
    remember(app, app->fill->chosen);
}

/* -- the form -------------------------------------------------------------------------------------------------------------------------- */

static void add_choice(struct app *app, const struct template *t, const struct template_variable *v, struct span last)
{
    const char **choices = NULL;
    int count = 0, cap = 0, chosen = 0;
    struct span line = {0};
    for (struct span rest = str_span(&v->choices); span_line(&rest, &line);) {
        ARRAY_ROOM(choices, count + 1, cap);
        chosen = span_equal(line, last) ? count : chosen;
        choices[count++] = span_copy(line);
    }
    choices[count] = NULL;
    fields_add_choice(&app->form, str_text(&v->name), str_text(&t->help), choices, chosen);
    for (int i = 0; i < count; i++)
        free((char *)choices[i]);
    free(choices);
}

static void open_form(struct app *app, const struct template *t)
{
    struct str name = {0}, remembered = {0};
    add_setting_name(&name, t);
    (void)store_setting(app->store, str_text(&name), &remembered);
    menu_form(app, str_text(&t->name), filled);
    for (int i = 0; i < t->count; i++) {
        const struct template_variable *v = &t->variables[i];
        struct span last = last_value(str_span(&remembered), str_span(&v->name));
        if (v->choices.len)
            add_choice(app, t, v, last);
        else
            fields_add_text(&app->form, str_text(&v->name), str_text(&t->help), last.len ? last : str_span(&v->value));
    }
    str_set(&app->form.message, span_of(_("Enter writes it into the prompt, Esc leaves it.")));
    str_release(&name);
    str_release(&remembered);
}

static void picked(struct app *app, const char *id)
{
    struct fill *f = app->fill;
    f->chosen = templates_find(&f->all, span_of(id));
    if (!f->chosen)
        return;
    look_at_desk(app, f);
    if ((f->chosen->wants_page || f->chosen->wants_selection) && f->page.len == 0)
        app_say(app, STYLE_WARNING, _("“%s” works on a page, and this one is empty."), id);
    else if (f->chosen->count)
        open_form(app, f->chosen);
    else
        lay_down(app);
}

/* -- the list -------------------------------------------------------------------------------------------------------------------------- */

static const char *const headings[TEMPLATE_GROUP_COUNT] = {N_("Verse"), N_("Prose"), N_("Editing"), N_("Others")};
static const char *const headings_zh[TEMPLATE_GROUP_COUNT] = {N_("Verse in Chinese"), N_("Prose in Chinese"), N_("Editing in Chinese"),
                                                              N_("Others in Chinese")};
static const char *const headings_en[TEMPLATE_GROUP_COUNT] = {N_("Verse in English"), N_("Prose in English"), N_("Editing in English"),
                                                              N_("Others in English")};

/* As the form would have it when nothing is changed. */
static struct span first_value(void *ctx, struct span name)
{
    const struct template *t = ctx;
    int at = template_find_variable(t, name);
    if (at < 0)
        return SPAN("…");
    struct span rest = str_span(&t->variables[at].choices), line = str_span(&t->variables[at].value);
    span_line(&rest, &line);
    return line;
}

/* The first sentence of the help stands in the list, the others before the text in the line below it. */
static size_t sentence_end(struct span help)
{
    ptrdiff_t dot = span_find(help, SPAN(". "), 0), ring = span_find(help, SPAN("。"), 0);
    return dot >= 0 ? (size_t)dot : ring >= 0 ? (size_t)ring : help.len;
}

static void add_preview(struct str *out, const struct template *t)
{
    struct span help = str_span(&t->help), more = span_cut(help, sentence_end(help), help.len), rest, line = SPAN("");
    struct str text = {0};
    more = span_trim(span_cut(more, span_starts(more, "。") ? strlen("。") : 1, more.len));
    template_fill(t, first_value, (void *)t, &text);
    rest = str_span(&text);
    span_line(&rest, &line);
    str_printf(out, "%.*s%s%.*s%s", SPAN_ARG(more), more.len ? " · " : "", SPAN_ARG(line), rest.len ? " …" : "");
    str_release(&text);
}

static void add_template(struct app *app, const struct template *t)
{
    struct str preview = {0}, detail = {0};
    struct span help = str_span(&t->help);
    str_add(&detail, span_cut(help, 0, sentence_end(help)));
    add_preview(&preview, t);
    picker_add(&app->picker, str_text(&t->name), str_text(&detail), str_text(&preview), str_text(&t->name));
    str_release(&preview);
    str_release(&detail);
}

static void add_group(struct app *app, const char *language, enum template_group group, const char *heading)
{
    const struct templates *all = &app->fill->all;
    bool first = true;
    for (int i = 0; i < all->count; i++) {
        const struct template *t = &all->list[i];
        if (t->group != group || !span_is(str_span(&t->language), language))
            continue;
        if (first)
            picker_add_heading(&app->picker, heading);
        first = false;
        add_template(app, t);
    }
}

/* What says no language is the writer's own and stands first; then the writer's language, then the other one. */
static void add_rows(struct app *app)
{
    bool zh = i18n_chinese();
    for (int g = 0; g < TEMPLATE_GROUP_COUNT; g++)
        add_group(app, "", (enum template_group)g, g == TEMPLATE_OTHER ? _("Yours") : _(headings[g]));
    for (int g = 0; g < TEMPLATE_GROUP_COUNT; g++)
        add_group(app, zh ? "zh" : "en", (enum template_group)g, _(headings[g]));
    for (int g = 0; g < TEMPLATE_GROUP_COUNT; g++)
        add_group(app, zh ? "en" : "zh", (enum template_group)g, _(zh ? headings_en[g] : headings_zh[g]));
}

void fill_choose(struct app *app)
{
    struct fill *f = fill_of(app);
    struct err err = {0};
    f->chosen = NULL;
    if (!templates_load(&f->all, app->paths.templates, &err))
        app_fail(app, &err);
    menu_picker(app, _("Templates"), _("part of a name"), picked);
    add_rows(app);
    picker_filter(&app->picker);
}

/* -- saving ---------------------------------------------------------------------------------------------------------------------------- */

static void save_submitted(struct app *app)
{
    struct span name = span_trim(fields_text(&app->form, 0)), help = span_trim(fields_text(&app->form, 1));
    struct str path = {0};
    struct err err = {0};
    if (templates_save(app->paths.templates, name, help, buffer_text(app->prompt), &path, &err)) {
        app->form.open = false;
        app_say(app, STYLE_OK, _("The template is kept in %s; M-i lists it."), str_text(&path));
    } else {
        menu_refuse(app, &err);
    }
    str_release(&path);
}

void fill_save(struct app *app)
{
    if (span_trim(buffer_text(app->prompt)).len == 0) {
        app_say(app, STYLE_DIM, "%s", _("Write the prompt first; {name} in it becomes a field to fill."));
        return;
    }
    menu_form(app, _("Template"), save_submitted);
    fields_add_text(&app->form, _("name"), _("What you call it; its file gets this name too."), SPAN(""));
    fields_add_text(&app->form, _("help"), _("One line for the list."), SPAN(""));
    str_set(&app->form.message, span_of(_("{name} in the prompt becomes a field, {name=rain} begins with a word, {name:sun|rain} is a "
                                          "choice; a brace itself is {{.")));
}
