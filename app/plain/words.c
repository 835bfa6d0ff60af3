#include "app/plain/parts.h"
#include "app/commands/keymap.h"
#include "app/desk/desk.h"
#include "app/desk/text_target.h"
#include "app/input.h"
#include "app/loop.h"
#include "app/menu.h"
#include "app/views/library.h"
#include "app/views/odds.h"
#include "core/i18n.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define CLOSE_ENOUGH 12 /* names that are offered for one that is not known */

/* -- text ------------------------------------------------------------------------------------------------------------------------------------ */

/* A line of its own: on the page it is ended, elsewhere the next one begins a new line. */
static void type_line(struct app *app, struct span line)
{
    struct editor *ed = text_target(app);
    struct str text = {0};
    if (!ed || ed->readonly || !ed->buf) {
        plain_say(app, "%s", _("Nothing is written here. /stop goes back to the page."));
        return;
    }
    if (ed->single_line)
        editor_select_all(ed);
    else if (ed->caret > 0 && buffer_byte(ed->buf, ed->caret - 1) != '\n')
        str_add_byte(&text, '\n');
    str_add(&text, line);
    if (ed == &app->desk.page)
        str_add_byte(&text, '\n');
    buffer_seal(ed->buf);
    text_type(app, str_span(&text));
    buffer_seal(ed->buf);
    str_release(&text);
}

/* -- words of this room ---------------------------------------------------------------------------------------------------------------------- */

/* Whoever does something else has done with a list or a form. */
static void leave_menu(struct app *app)
{
    if (!app->form.open && !app->picker.open)
        return;
    str_clear(&app->plain->lines);
    menu_dismiss(app);
}

static void go(struct app *app, struct span rest)
{
    (void)rest;
    leave_menu(app);
    if (app->desk.focus == FOCUS_PAGE)
        app->desk.page.follow = app->plain->to_page = app->desk.page.caret == buffer_length(app->page.buf);
    command_run_named(app, "generate");
}

static void ask(struct app *app, struct span rest)
{
    bool from_page = app->desk.focus != FOCUS_PROMPT;
    leave_menu(app);
    if (app->view != VIEW_DESK)
        app->view = VIEW_DESK;
    desk_focus(app, FOCUS_PROMPT);
    if (rest.len) {
        editor_select_all(&app->desk.prompt);
        text_type(app, rest);
    }
    app->plain->to_page = from_page;
    app->desk.page.follow = true;
    command_run_named(app, "generate");
}

static void type(struct app *app, struct span rest)
{
    text_type(app, rest);
}

static void read_page(struct app *app, struct span rest)
{
    struct span text = buffer_text(app->page.buf), line;
    int64_t from = 1, to = INT64_MAX, at = 1;
    size_t gap = 0;
    while (gap < rest.len && rest.s[gap] != ' ')
        gap++;
    if (rest.len && span_integer(span_cut(rest, 0, gap), &from) && !span_integer(span_trim(span_cut(rest, gap, rest.len)), &to))
        to = from;
    if (text.len == 0)
        plain_say(app, "%s", _("The page is empty."));
    for (size_t start = 0; span_line(&text, &line); at++) {
        bool asked = buffer_length(app->page.buf) > start && line.len && buffer_ink_at(app->page.buf, start).author == AUTHOR_PROMPT;
        if (at >= from && at <= to)
            plain_say(app, "%s%.*s", asked ? _("asked: ") : "", SPAN_ARG(line));
        start += line.len + 1;
    }
}

static void where(struct app *app, struct span rest)
{
    (void)rest;
    if (app->form.open || app->picker.open)
        app->plain->asked = -1; /* is said behind every line anyway */
    else
        place_say(app);
}

static void more(struct app *app, struct span rest)
{
    (void)rest;
    plain_more(app);
}

static void say_dials(struct app *app, struct span rest)
{
    struct str rows = {0};
    (void)rest;
    plain_dials.rows(app, &rows);
    plain_lines(app, str_span(&rows));
    plain_say(app, "%s", _("/temperature 0.8 sets one, /temperature off turns it off, /presets lists settings."));
    str_release(&rows);
}

static void set_dial(struct app *app, enum dial_id dial, struct span value)
{
    struct err err = {0};
    struct str now = {0};
    if (value.len && !dial_parse(&app->dials, dial, value, &err)) {
        app_fail(app, &err);
    } else if (value.len) {
        app->preset[0] = '\0';
        desk_changed(app);
    }
    if (app->dials.on[dial])
        dial_format(&app->dials, dial, &now);
    plain_say(app, _("%s %s · %s from %g to %g, or off."), _(dial_table[dial].label), now.len ? str_text(&now) : _("off"),
              _(dial_table[dial].help), dial_table[dial].min, dial_table[dial].max);
    if (value.len)
        told_take(app, &app->plain->before); /* it is said already */
    str_release(&now);
}

static void takes(struct app *app, struct span rest)
{
    struct str rows = {0};
    struct span line;
    int number = 0;
    if (rest.len) {
        set_dial(app, DIAL_TAKES, rest);
        return;
    }
    plain_takes.rows(app, &rows);
    for (struct span list = str_span(&rows); span_line(&list, &line);)
        plain_say(app, "%d. %.*s", ++number, SPAN_ARG(line));
    if (number == 0)
        plain_say(app, "%s", _("There is no take here yet; /go and /ask bring some."));
    str_release(&rows);
}

static void take(struct app *app, struct span rest)
{
    int64_t number = 0;
    desk_find_takes(app);
    if (!span_integer(rest, &number) || number < 1 || number > app->take_row_count)
        takes(app, SPAN(""));
    else
        plain_takes.choose(app, (int)number - 1);
}

static void other(struct app *app, struct span rest)
{
    int64_t number = 0;
    if (app->view != VIEW_ODDS)
        plain_say(app, "%s", _("That is done among the odds; /odds leads there."));
    else if (span_integer(rest, &number) && number >= 1 && number < 1000)
        odds_choose(app, (int)number - 1 - odds_seen(app)->picture.selected);
}

static void ready(struct app *app, struct span rest)
{
    (void)rest;
    str_clear(&app->plain->lines);
    if (app->form.open || app->picker.open)
        menu_enter(app);
    else
        plain_say(app, "%s", _("Nothing is being asked here."));
}

static void suspend(struct app *app, struct span rest)
{
    (void)rest;
    desk_save(app);
    if (app->plain->terminal)
        raise(SIGTSTP);
    else
        plain_say(app, "%s", _("There is no shell here to go back to."));
}

static void to_page(struct app *app, struct span rest)
{
    (void)rest;
    while (app->view != VIEW_DESK && app->view < VIEW_COUNT) {
        enum view view = app->view;
        command_run_named(app, "stop");
        if (app->view == view)
            app->view = VIEW_DESK;
    }
    desk_focus(app, FOCUS_PAGE);
}

static void to_end(struct app *app, struct span rest)
{
    (void)rest;
    command_run_named(app, "text-end");
}

static void help(struct app *app, struct span word);

/* They come before commands of the same name. */
static const struct word {
    const char *name, *takes, *help;
    void (*run)(struct app *app, struct span rest);
} words[] = {
    {"ask", N_("TEXT"), N_("ask a model; without words, what stands in the prompt"), ask},
    {"go", "", N_("let the model go on with the page, or ask what stands in the prompt"), go},
    {"read", N_("FROM TO"), N_("read the page, or these lines of it"), read_page},
    {"where", "", N_("say again where you are and what there is"), where},
    {"more", "", N_("the next rows of a list"), more},
    {"take", N_("NUMBER"), N_("lay that take on the page"), take},
    {"takes", "", N_("list the takes here; with a number, how many are asked for"), takes},
    {"dials", "", N_("all dials with their values"), say_dials},
    {"page", "", N_("back to the page"), to_page},
    {"end", "", N_("to the end of the text"), to_end},
    {"type", N_("TEXT"), N_("write where the caret is, without a line's end"), type},
    {"other", N_("NUMBER"), N_("choose another word among the odds"), other},
    {"ready", "", N_("take all answers of a form as they stand"), ready},
    {"suspend", "", N_("to the shell for a while; fg returns"), suspend},
    {"redraw", "", N_("say it again"), where},
    {"help", N_("WORD"), N_("list everything, or what a word occurs in"), help},
    {0},
};

/* -- help ------------------------------------------------------------------------------------------------------------------------------------ */

static bool occurs(struct span word, const char *name, const char *text)
{
    return word.len == 0 || span_find(span_of(name), word, 0) >= 0 || span_find(span_of(text), word, 0) >= 0;
}

static bool is_own(struct span name)
{
    for (const struct word *w = words; w->name; w++)
        if (span_is(name, w->name))
            return true;
    return false;
}

static void help(struct app *app, struct span word)
{
    int before = 0;
    for (const struct word *w = words; w->name; w++)
        if (occurs(word, w->name, _(w->help)) && ++before)
            plain_say(app, "/%s%s%s · %s", w->name, *w->takes ? " " : "", *w->takes ? _(w->takes) : "", _(w->help));
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++)
            if ((word.len || !c->hidden) && !is_own(span_of(c->name)) && occurs(word, c->name, _(c->help)) && ++before)
                plain_say(app, "/%s · %s", c->name, _(c->help));
    for (int i = 0; i < DIAL_COUNT; i++)
        if (occurs(word, dial_table[i].name, _(dial_table[i].help)) && ++before)
            plain_say(app, "/%s · %s", dial_table[i].name, _(dial_table[i].help));
    if (!before)
        plain_say(app, _("Nothing is called “%.*s”."), SPAN_ARG(word));
}

/* -- a line with a sign ----------------------------------------------------------------------------------------------------------------------- */

/* What a name means: a word of this room, a dial or a command; whole, or as far as no other begins like it. */
struct meaning {
    const struct word *word;
    const struct command *command;
    int dial;
    int count;
    struct str names;
};

static void consider(struct meaning *m, const char *name)
{
    if (++m->count <= CLOSE_ENOUGH)
        str_printf(&m->names, "%s/%s", m->count > 1 ? " " : "", name);
}

static void find_beginning(struct meaning *m, const char *name)
{
    for (const struct word *w = words; w->name; w++)
        if (span_starts(span_of(w->name), name))
            m->word = w, consider(m, w->name);
    for (int i = 0; i < DIAL_COUNT; i++)
        if (span_starts(span_of(dial_table[i].name), name) && !is_own(span_of(dial_table[i].name)))
            m->dial = i, consider(m, dial_table[i].name);
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++)
            if (span_starts(span_of(c->name), name) && !is_own(span_of(c->name)))
                m->command = c, consider(m, c->name);
}

static void find_meaning(struct meaning *m, struct span name)
{
    char *text = span_copy(name);
    enum dial_id dial = DIAL_COUNT;
    m->dial = -1;
    for (const struct word *w = words; w->name && !m->count; w++)
        if (span_is(name, w->name))
            m->word = w, m->count = 1;
    if (!m->count && (m->command = command_find(name)))
        m->count = 1;
    if (!m->count && dial_find(name, &dial))
        m->dial = (int)dial, m->count = 1;
    if (!m->count && name.len)
        find_beginning(m, text);
    free(text);
}

/* What a list or a form has keys for is done in it; before anything else it is closed. */
static bool belongs_to_menu(struct app *app, const struct command *c)
{
    enum map maps[3];
    int count = input_places(app, maps);
    bool found = false;
    for (int i = 0; i < default_key_count && !found; i++)
        for (int m = 0; m < count; m++)
            found = found || (default_keys[i].map == maps[m] && !strcmp(default_keys[i].command, c->name));
    return found;
}

static bool split_number(struct span *rest, int64_t *number)
{
    size_t end = 0;
    while (end < rest->len && rest->s[end] != ' ')
        end++;
    if (!span_integer(span_cut(*rest, 0, end), number))
        return false;
    *rest = span_trim(span_cut(*rest, end, rest->len));
    return true;
}

/* A number behind a command says which row is meant. */
static bool stand_on_row(struct app *app, struct span *rest)
{
    int64_t number = 0;
    struct span left = *rest;
    if (!split_number(&left, &number))
        return true;
    if (app->picker.open && !app->form.open) {
        *rest = left;
        if (!plain_stand_on(app, number))
            plain_say(app, _("There is no %lld in this list."), (long long)number);
        return app->picker.open;
    }
    if (app->form.open || !place_takes_numbers(app))
        return true;
    *rest = left;
    return place_choose(app, number);
}

/* What is left of the line answers what the command asks. */
static void use_rest(struct app *app, struct span rest)
{
    if (rest.len == 0)
        return;
    if (app->form.open || app->picker.open) {
        plain_answer(app, rest);
    } else if (app->view == VIEW_LIBRARY) {
        app->library.view.focus_list = false;
        type_line(app, rest);
    } else {
        plain_say(app, _("“%.*s” was not needed."), SPAN_ARG(rest));
    }
}

static void run(struct app *app, const struct command *c, struct span rest)
{
    bool menu = app->form.open || app->picker.open;
    if (menu && !strcmp(c->name, "stop")) {
        str_clear(&app->plain->lines);
        menu_dismiss(app);
        return;
    }
    if (menu && !belongs_to_menu(app, c))
        leave_menu(app);
    if (!stand_on_row(app, &rest))
        return;
    bool quiet = !app->form.open && !app->picker.open;
    command_run(app, c);
    if (!strcmp(c->name, "new-piece") && app->view == VIEW_DESK) /* by lines one begins on the page */
        desk_focus(app, FOCUS_PAGE);
    if (quiet || rest.len)
        use_rest(app, rest);
}

static void run_line(struct app *app, struct span line)
{
    struct meaning m = {0};
    size_t end = 0;
    while (end < line.len && line.s[end] != ' ')
        end++;
    struct span name = span_cut(line, 0, end), rest = span_trim(span_cut(line, end, line.len));
    find_meaning(&m, name);
    if (m.count == 0)
        plain_say(app, _("There is no “/%.*s”; /help lists what there is. A line that begins with / is typed with two."), SPAN_ARG(name));
    else if (m.count > 1)
        plain_say(app, _("Which one? %s"), str_text(&m.names));
    else if (m.word)
        m.word->run(app, rest);
    else if (m.command)
        run(app, m.command, rest);
    else
        set_dial(app, (enum dial_id)m.dial, rest);
    str_release(&m.names);
}

/* -- a line ------------------------------------------------------------------------------------------------------------------------------------ */

/* Where no text has the keys, a line that is a key's name is that key. */
static bool press(struct app *app, struct span line)
{
    enum map maps[3];
    struct key key = {0};
    if (text_target(app) || !key_parse(line, &key))
        return false;
    int count = input_places(app, maps);
    const struct command *c = NULL;
    for (int i = 0; !c && i < count; i++)
        c = keymap_lookup(&app->keymap, maps[i], key);
    if (c)
        run(app, c, SPAN(""));
    return c != NULL;
}

static void hear_text(struct app *app, struct span line)
{
    int64_t number = 0;
    if (app->form.open || app->picker.open) {
        plain_answer(app, line);
    } else if (place_takes_numbers(app) && span_integer(span_trim(line), &number)) {
        place_choose(app, number);
    } else if (text_target(app)) {
        type_line(app, line);
    } else if (!press(app, line)) {
        if (app->view == VIEW_DESK) {
            desk_focus(app, FOCUS_PAGE);
            type_line(app, line);
        } else {
            plain_say(app, "%s", _("A number chooses here; /where says what can be done, /page goes back."));
        }
    }
}

/* The sign of a command, however an input method writes it; 0: there is none. */
static size_t sign_of(struct span line)
{
    if (span_starts(line, "/"))
        return span_starts(line, "//") ? 0 : 1;
    return span_starts(line, "／") || span_starts(line, "、") ? strlen("／") : 0;
}

/* Searches go on in slices; what is said is said once they are through. */
static void settle(struct app *app)
{
    for (int i = 0; i < 400 && app->view == VIEW_LIBRARY && app->library.view.searching && !app->plain->interrupted; i++)
        loop_turn(app, 5);
}

static void say_overlays(struct app *app)
{
    if (app->pager.open) {
        plain_say(app, "%s", str_text(&app->pager.title));
        plain_lines(app, buffer_text(app->pager.text));
        app->pager.open = false;
    }
    if (app->study.shown) {
        plain_say(app, "%s %s", str_text(&app->study.name), str_text(&app->study.label));
        plain_lines(app, str_span(&app->study.plan));
        if (app->study.result.len)
            plain_sentence(app, str_span(&app->study.result));
        plain_say(app, "%s", _("It is learnt behind the desk; /learn tells how it goes, /learn-stop stops it."));
        app->study.shown = false;
    }
}

void plain_hear(struct app *app, struct span line)
{
    struct plain *p = app->plain;
    struct told now = {0};
    bool asked = app->quit_asked;
    size_t sign = sign_of(line);
    str_clear(&app->message);
    told_take(app, &p->before);
    p->said = false;
    if (sign && line.len > sign)
        run_line(app, span_cut(line, sign, line.len));
    else
        hear_text(app, span_starts(line, "//") ? span_cut(line, 1, line.len) : line);
    if (asked) /* a second /quit counts only right after the first */
        app->quit_asked = false;
    library_rest(app);
    settle(app);
    if (app->quit)
        return;
    say_overlays(app);
    if (app->message.len)
        plain_sentence(app, str_span(&app->message));
    str_clear(&app->message);
    follow_look(app);
    told_take(app, &now);
    if (sign || app->view != VIEW_DESK || now.view != p->before.view)
        told_report(app, &p->before, &now);
    plain_ask(app);
    if (sign && !p->said)
        plain_say(app, "%s", _("Nothing has changed."));
    told_release(&now);
}
