#include "app/plain/parts.h"
#include "app/desk/text_target.h"
#include "app/menu.h"
#include "core/i18n.h"

#include <stdlib.h>
#include <string.h>

/* -- lists to pick from -------------------------------------------------------------------------------------------------------------------------- */

static const struct picker_row *row_at(const struct picker *p, int shown)
{
    return &p->rows[p->shown[shown]];
}

/* Rows that begin with their own digit are called by it: "3  ★★★". */
static bool numbers_itself(const struct picker *p)
{
    bool all = p->shown_count > 0;
    for (int i = 0; i < p->shown_count && all; i++) {
        const struct picker_row *r = row_at(p, i);
        all = r->id && r->id[0] >= '0' && r->id[0] <= '9' && !r->id[1] && r->label[0] == r->id[0];
    }
    return all;
}

/* Where the row of that number stands in `shown`, -1: there is none. */
static int find_number(const struct picker *p, int64_t number)
{
    bool own = numbers_itself(p);
    int64_t count = 0;
    for (int i = 0; i < p->shown_count; i++) {
        if (row_at(p, i)->heading)
            continue;
        count++;
        if (own ? row_at(p, i)->id[0] - '0' == number : count == number)
            return i;
    }
    return -1;
}

static uint64_t hash(const struct picker *p)
{
    uint64_t h = 1469598103934665603u;
    for (int i = 0; i < p->shown_count; i++)
        for (const char *c = row_at(p, i)->label; *c; c++)
            h = (h ^ (unsigned char)*c) * 1099511628211u;
    return h ? h : 1;
}

static void say_row(struct app *app, const struct picker_row *r, int number, bool with_note)
{
    struct str line = {0};
    if (number >= 0)
        str_printf(&line, "%d. ", number);
    plain_quote(&line, span_of(r->label), -1);
    if (r->detail && *r->detail)
        str_add_text(&line, " · "), plain_quote(&line, span_of(r->detail), -1);
    if (with_note && r->note && *r->note)
        str_add_text(&line, " · "), plain_quote(&line, span_of(r->note), -1);
    plain_sentence(app, str_span(&line));
    str_release(&line);
}

static void say_rows(struct app *app, int from)
{
    struct picker *p = &app->picker;
    bool own = numbers_itself(p), notes = p->shown_count <= PLAIN_AT_ONCE;
    int number = 0, last = from + PLAIN_AT_ONCE;
    for (int i = 0; i < p->shown_count && i < last; i++) {
        const struct picker_row *r = row_at(p, i);
        number += !r->heading;
        if (i >= from)
            say_row(app, r, r->heading || own ? -1 : number, notes);
    }
    app->plain->from = last;
    if (from >= p->shown_count)
        plain_say(app, "%s", p->shown_count ? _("That is all.") : _("There is nothing here."));
    else if (last < p->shown_count)
        plain_say(app, _("%d more: /more"), p->shown_count - last);
}

static void say_list(struct app *app)
{
    struct picker *p = &app->picker;
    plain_say(app, "%s", str_text(&p->title));
    say_rows(app, 0);
    plain_say(app, "%s", _("number? (Words narrow the list, an empty line closes it.)"));
    plain_say_ways(app, FOOTER_PICKER);
    app->plain->listed = hash(p);
}

static void pick(struct app *app, int shown)
{
    app->picker.selected = shown;
    menu_enter(app);
}

/* The only row whose label or id is that word, -1: none or several. */
static int find_exactly(const struct picker *p, struct span word)
{
    int found = -1;
    for (int i = 0; i < p->shown_count; i++)
        if (!row_at(p, i)->heading && (span_is(word, row_at(p, i)->label) || span_is(word, row_at(p, i)->id))) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

static void narrow(struct app *app, struct span words)
{
    struct picker *p = &app->picker;
    editor_select_all(&p->filter);
    editor_type(&p->filter, words);
    text_edited(app, &p->filter);
    menu_moved(app);
    if (!p->open)
        return;
    int exactly = find_exactly(p, words);
    if (exactly >= 0 || (p->shown_count == 1 && !row_at(p, 0)->heading))
        pick(app, exactly >= 0 ? exactly : 0);
}

static void answer_list(struct app *app, struct span line)
{
    int64_t number = 0;
    struct span word = span_trim(line);
    bool is_number = span_integer(word, &number);
    int row = is_number ? find_number(&app->picker, number) : -1;
    if (word.len == 0)
        menu_dismiss(app);
    else if (row >= 0)
        pick(app, row);
    else if (is_number)
        plain_say(app, _("There is no %lld in this list."), (long long)number);
    else
        narrow(app, word);
    if (word.len == 0)
        plain_say(app, "%s", _("Closed."));
}

bool plain_stand_on(struct app *app, int64_t number)
{
    int row = find_number(&app->picker, number);
    if (row >= 0)
        app->picker.selected = row;
    return row >= 0;
}

/* -- forms ---------------------------------------------------------------------------------------------------------------------------------------- */

static void say_choices(struct app *app, const struct field *f)
{
    for (int i = 0; f->choices[i]; i++)
        plain_say(app, "%d. %s%s", i + 1, f->choices[i], i == f->choice ? _(" (as it is)") : "");
}

static void say_field(struct app *app)
{
    struct fields *form = &app->form;
    struct field *f = &form->fields[form->selected];
    struct str line = {0};
    struct span now = fields_text(form, form->selected);
    str_printf(&line, "%s [%.*s]? ", f->label, SPAN_ARG(now));
    if (f->help)
        str_add_text(&line, f->help);
    plain_sentence(app, str_span(&line));
    if (f->choices)
        say_choices(app, f);
    if (f->rows > 1)
        plain_say(app, "%s", _("Lines; a single . ends them."));
    str_release(&line);
}

static void say_form_message(struct app *app)
{
    struct plain *p = app->plain;
    if (app->form.message.len && !span_equal(str_span(&app->form.message), str_span(&p->form_said)))
        plain_sentence(app, str_span(&app->form.message));
    str_set(&p->form_said, str_span(&app->form.message));
}

static void ask_field(struct app *app)
{
    struct plain *p = app->plain;
    if (p->asked < 0) {
        plain_say(app, _("%s. An empty line keeps what stands in [ ], - empties it, /ready takes all as it is, /stop leaves it."),
                  str_text(&app->form.title));
        str_clear(&p->form_said);
    }
    say_form_message(app);
    p->asked = app->form.selected;
    say_field(app);
}

static void choose(struct app *app, struct field *f, struct span word)
{
    int64_t number = 0;
    int count = 0, found = -1;
    for (; f->choices[count]; count++)
        if (span_is(word, f->choices[count]))
            found = count;
    if (found < 0 && span_integer(word, &number) && number >= 1 && number <= count)
        found = (int)number - 1;
    if (found < 0)
        plain_say(app, _("That is none of them; the numbers go from 1 to %d."), count);
    else
        f->choice = found;
}

static void set_text(struct field *f, struct span text)
{
    bool empty = span_is(text, "-");
    buffer_clear(f->text);
    editor_after_change(&f->editor, 0);
    if (!empty)
        editor_type(&f->editor, text);
}

static void next_field(struct app *app)
{
    int field = app->form.selected;
    menu_moved(app);
    if (field + 1 < app->form.count) {
        app->form.selected = field + 1;
        return;
    }
    menu_enter(app);
    if (app->form.open) /* refused: once more, from the first */
        app->form.selected = 0;
}

/* True when a field of several lines waits for more. */
static bool gather(struct plain *p, struct span line)
{
    if (span_is(span_trim(line), ".") || (p->lines.len == 0 && line.len == 0))
        return false;
    str_add(&p->lines, line);
    str_add_byte(&p->lines, '\n');
    return true;
}

static void answer_form(struct app *app, struct span line)
{
    struct plain *p = app->plain;
    struct field *f = &app->form.fields[app->form.selected];
    if (f->rows > 1 && gather(p, line))
        return;
    if (f->rows > 1 && p->lines.len)
        set_text(f, span_cut(str_span(&p->lines), 0, p->lines.len - 1));
    else if (f->choices && span_trim(line).len)
        choose(app, f, span_trim(line));
    else if (f->rows <= 1 && line.len)
        set_text(f, line);
    str_clear(&p->lines);
    next_field(app);
}

/* -- both ------------------------------------------------------------------------------------------------------------------------------------------ */

void plain_ask(struct app *app)
{
    if (app->form.open && app->plain->lines.len == 0)
        ask_field(app);
    else if (!app->form.open)
        app->plain->asked = -1;
    if (app->form.open)
        return;
    if (app->picker.open)
        say_list(app);
    else
        app->plain->listed = 0;
}

/* An answer came that the open list or form waited for. */
void plain_ask_again(struct app *app)
{
    if (app->form.open && app->plain->asked >= 0)
        say_form_message(app);
    else if (app->form.open)
        ask_field(app);
    else if (app->picker.open && hash(&app->picker) != app->plain->listed)
        say_list(app);
}

void plain_answer(struct app *app, struct span line)
{
    if (app->form.open)
        answer_form(app, line);
    else
        answer_list(app, line);
}

void plain_more(struct app *app)
{
    if (app->picker.open)
        say_rows(app, app->plain->from);
    else if (place_now(app))
        place_say_rows(app, app->plain->from);
    else
        plain_say(app, "%s", _("There is no list here. /read reads the page."));
}
