#include "app/views/odds.h"
#include "app/commands/command.h"
#include "app/engine/compose.h"
#include "app/desk/desk.h"
#include "app/desk/generate.h"
#include "app/desk/rewrite.h"
#include "app/footer.h"
#include "app/engine/job_odds.h"
#include "app/mouse.h"
#include "app/servers.h"
#include "app/known.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/view_odds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOOKED_THROUGH 2000 /* words */

struct odds_look {
    struct odds_view view;
    struct buffer *text;          /* the take, each unit in the ink of its step */
    int passage;                  /* that shows it; its take */
    int take;
    struct odds_record record;
    struct odds_units units;
    struct odds_choices choices;
    double after[ODDS_CHOICES];
    int unit;
    double uncertain;             /* a word not likelier than this is worth a look */
    size_t seen;                  /* bytes of the take that are shown */
    bool waiting;                 /* for the take's end */
    bool refused;                 /* its server was asked for them and gave none */
    struct str name, place, state;
    int most;                     /* choices of any word */
};

static struct odds_look *new_look(struct app *app)
{
    if (!app->odds) {
        app->odds = mem_new(1, sizeof *app->odds);
        app->odds->text = buffer_new();
        odds_view_init(&app->odds->view, app->odds->text);
    }
    return app->odds;
}

void odds_release(struct app *app)
{
    struct odds_look *l = app->odds;
    if (!l)
        return;
    odds_record_release(&l->record);
    odds_units_release(&l->units);
    odds_choices_release(&l->choices);
    odds_view_release(&l->view);
    buffer_free(l->text);
    str_release(&l->name);
    str_release(&l->place);
    str_release(&l->state);
    free(l);
    app->odds = NULL;
}

void odds_forget(struct app *app)
{
    if (app->view == VIEW_ODDS)
        app->view = VIEW_DESK;
    odds_release(app);
}

int odds_asked(const struct app *app, const struct server *server)
{
    if (server_is_muse(server))
        return ODDS_ASKED_MUSE; /* it costs a twentieth of its time */
    return app->keep_odds ? ODDS_ASKED : 0;
}

bool odds_known(const struct app *app)
{
    return app->odds && app->odds->record.count > 0;
}

bool odds_lacking(const struct app *app)
{
    return !app->odds || (app->odds->record.count == 0 && !app->odds->waiting);
}

bool odds_refused(const struct app *app)
{
    const struct odds_look *l = app->odds;
    if (!l || !l->refused)
        return false;
    int generation = piece_find_generation(&app->piece, app->piece.takes[l->take].generation);
    return generation >= 0 && span_is(str_span(&app->piece.generations[generation].server), app->config.servers[app->servers.current].name);
}

static struct span take_text(const struct app *app)
{
    return str_span(&app->piece.takes[app->odds->take].text);
}

const struct odds_view *odds_seen(const struct app *app)
{
    return &app->odds->view;
}

const struct odds_units *odds_words(const struct app *app, int *at)
{
    *at = app->odds->unit;
    return &app->odds->units;
}

/* -- opening ------------------------------------------------------------------------------------------------------------------------------- */

/* The passage whose take is meant: the caret's, else the last one above the page's end. */
static int meant(struct app *app)
{
    const struct piece *p = &app->piece;
    page_sync(&app->page);
    int at = app->desk.focus == FOCUS_PAGE ? page_passage_at(&app->page, app->desk.page.caret) : -1;
    if (at < 0 || at >= p->passage_count || p->passages[at].take < 0)
        at = p->leaf;
    while (at >= 0 && p->passages[at].take < 0)
        at = p->passages[at].parent;
    return at;
}

static int by_odds(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The fifth of the words that were least likely, and none of the sure ones. */
static double find_uncertain(const struct odds_units *u)
{
    double *all = mem_new((size_t)u->count + 1, sizeof *all), limit = -0.5;
    int count = 0;
    for (int i = 0; i < u->count; i++)
        if (u->list[i].count)
            all[count++] = u->list[i].logprob;
    qsort(all, (size_t)count, sizeof *all, by_odds);
    if (count && all[(count - 1) / 5] < limit)
        limit = all[(count - 1) / 5];
    free(all);
    return limit;
}

static bool is_uncertain(const struct odds_look *l, int unit)
{
    return l->units.list[unit].count && l->units.list[unit].logprob <= l->uncertain;
}

/* Of the words at the beginning: one like another. */
static int most_choices(struct app *app)
{
    struct odds_look *l = app->odds;
    int most = 0;
    for (int i = 0; i < l->units.count && i < LOOKED_THROUGH; i++) {
        odds_choices_make(&l->choices, &l->record, &l->units.list[i], take_text(app));
        most = l->choices.count > most ? l->choices.count : most;
    }
    return most;
}

static void fill_text(struct app *app)
{
    struct odds_look *l = app->odds;
    struct span text = take_text(app);
    struct run *runs = mem_new((size_t)l->units.count + 1, sizeof *runs);
    for (int i = 0; i < l->units.count; i++) {
        const struct odds_unit *unit = &l->units.list[i];
        int step = unit->count ? (int)odds_step(exp(unit->logprob)) : ODDS_STEPS;
        runs[i] = (struct run){unit->to - unit->from, {1, step, 0}};
    }
    buffer_clear(l->text);
    buffer_reset_tail(l->text, 0, text, runs, (size_t)l->units.count);
    editor_after_change(&l->view.text, 0);
    l->seen = text.len;
    free(runs);
}

static void fill_name(struct app *app)
{
    struct odds_look *l = app->odds;
    const struct take *t = &app->piece.takes[l->take];
    int g = piece_find_generation(&app->piece, t->generation);
    const struct generation *made = g >= 0 ? &app->piece.generations[g] : NULL;
    str_clear(&l->name);
    str_printf(&l->name, _("take %d"), t->index + 1);
    if (made) {
        str_add_text(&l->name, " · ");
        display_line(&l->name, str_span(made->resolved.len ? &made->resolved : &made->model), 28);
    }
}

/* Why there are none, or what is to be known of them. */
static void fill_state(struct app *app, bool found, const struct err *e)
{
    struct odds_look *l = app->odds;
    const struct take *t = &app->piece.takes[l->take];
    str_clear(&l->state);
    if (!take_state_over(t->state))
        str_add_text(&l->state, _("It is still being written; its odds are kept at its end."));
    else if (e->kind)
        str_add_text(&l->state, e->text);
    else if (t->text.len == 0)
        str_add_text(&l->state, _("Nothing came into this take."));
    else if (!found)
        str_add_text(&l->state, _("This take was kept without odds. o asks again with odds on."));
    else if (l->record.count == 0)
        str_add_text(&l->state, _("This server gives no odds."));
    else if (app->piece.passages[l->passage].own_text)
        str_add_text(&l->state, _("These are the model's own words, before your changes."));
}

static void load(struct app *app)
{
    struct odds_look *l = app->odds;
    struct str form = {0};
    struct err err = {0};
    bool found = false;
    odds_record_release(&l->record);
    l->waiting = !take_state_over(app->piece.takes[l->take].state);
    if (store_odds_load(app->store, app->piece.takes[l->take].id, &form, &found, &err) && found)
        (void)!odds_record_read(&l->record, str_span(&form), &err);
    l->refused = found && !err.kind && l->record.count == 0;
    odds_units_make(&l->units, &l->record, take_text(app));
    l->uncertain = find_uncertain(&l->units);
    l->most = most_choices(app);
    fill_text(app);
    fill_name(app);
    fill_state(app, found, &err);
    str_release(&form);
}

static void look_at(struct app *app, int unit)
{
    struct odds_look *l = app->odds;
    if (l->units.count == 0)
        return;
    unit = unit < 0 ? 0 : unit >= l->units.count ? l->units.count - 1 : unit;
    const struct odds_unit *u = &l->units.list[unit];
    l->unit = unit;
    odds_choices_make(&l->choices, &l->record, u, take_text(app));
    l->view.picture.selected = 0;
    for (int i = 0; i < l->choices.count; i++)
        if (l->choices.list[i].taken)
            l->view.picture.selected = i;
    editor_move_to(&l->view.text, odds_known(app) ? u->to : u->from, false);
    editor_move_to(&l->view.text, u->from, true);
    app_touch(app, true);
}

/* Where the page's caret stands in the take; behind its end the least likely word is looked at first. */
static int first_unit(struct app *app)
{
    struct odds_look *l = app->odds;
    size_t from = 0, to = 0, caret = app->desk.page.caret;
    int least = 0;
    if (app->desk.focus == FOCUS_PAGE && page_passage_range(&app->page, l->passage, &from, &to) && caret >= from && caret < to)
        return odds_units_at(&l->units, caret - from + passage_left_out(&app->piece, l->passage));
    for (int i = 0; i < l->units.count; i++)
        if (l->units.list[i].count && l->units.list[i].logprob < l->units.list[least].logprob)
            least = i;
    return least;
}

void odds_open(struct app *app)
{
    if (rewrite_shown(app)) {
        app_say(app, STYLE_DIM, "%s", _("First take the rewriting or leave it."));
        return;
    }
    int passage = meant(app);
    if (passage < 0) {
        app_say(app, STYLE_DIM, "%s", _("There is no take here yet whose odds could be seen."));
        return;
    }
    struct odds_look *l = new_look(app);
    l->passage = passage;
    l->take = app->piece.passages[passage].take;
    load(app);
    app->view = VIEW_ODDS;
    look_at(app, first_unit(app));
    app_touch(app, true);
}

/* What is still being written is shown as it grows, and its odds at its end. */
static void follow_stream(struct app *app)
{
    struct odds_look *l = app->odds;
    const struct take *t = &app->piece.takes[l->take];
    if (!l->waiting || (!take_state_over(t->state) && t->text.len == l->seen))
        return;
    load(app);
    look_at(app, l->waiting ? 0 : first_unit(app));
}

/* -- looking around ------------------------------------------------------------------------------------------------------------------------- */

void odds_move(struct app *app, int words)
{
    look_at(app, app->odds->unit + words);
}

void odds_move_rows(struct app *app, enum motion m)
{
    struct odds_look *l = app->odds;
    editor_move(&l->view.text, m, false);
    look_at(app, odds_units_at(&l->units, l->view.text.caret));
}

void odds_jump(struct app *app, int step)
{
    struct odds_look *l = app->odds;
    int count = l->units.count;
    for (int i = 1; i <= count; i++) {
        int unit = ((l->unit + step * i) % count + count) % count;
        if (is_uncertain(l, unit)) {
            look_at(app, unit);
            return;
        }
    }
    app_say(app, STYLE_DIM, "%s", odds_known(app) ? _("Every word here was the likely one.") : str_text(&l->state));
}

void odds_choose(struct app *app, int rows)
{
    struct odds_look *l = app->odds;
    int to = l->view.picture.selected + rows, last = l->choices.count - 1;
    l->view.picture.selected = to < 0 || last < 0 ? 0 : to > last ? last : to;
}

/* -- another word --------------------------------------------------------------------------------------------------------------------------- */

/* An answer shows without white space before it, and so does a word that now begins one. */
static struct span beginning(const struct piece *p, int passage, struct span word)
{
    int parent = p->passages[passage].parent;
    bool answers = parent < 0 || p->passages[parent].author == AUTHOR_PROMPT;
    struct span rest = word;
    while (answers && rest.len && memchr(" \t\r\n", rest.s[0], 4))
        rest = span_cut(rest, 1, rest.len);
    return rest.len ? rest : word;
}

/* The take as its passage shows it up to the word, then the chosen one, with an author for each. */
static int add_branch(struct app *app, struct span word)
{
    const struct odds_look *l = app->odds;
    struct piece *p = &app->piece;
    struct str text = {0}, runs = {0};
    size_t skip = passage_left_out(p, l->passage), from = l->units.list[l->unit].from;
    str_add(&text, span_cut(take_text(app), skip, from > skip ? from : skip));
    if (text.len == 0)
        word = beginning(p, l->passage, word);
    else
        str_printf(&runs, "%zu:%d,%zu:%d", text.len, AUTHOR_MODEL, word.len, AUTHOR_EDIT);
    str_add(&text, word);
    int added = piece_add_passage(p, p->passages[l->passage].parent, AUTHOR_EDIT, l->take);
    passage_set_text(p, added, str_span(&text));
    str_set(&p->passages[added].runs, str_span(&runs));
    str_release(&text);
    str_release(&runs);
    return added;
}

/* The server of that name, -1: there is none any more. */
static int server_named(const struct app *app, const struct str *name)
{
    for (int i = 0; i < app->config.server_count; i++)
        if (span_is(str_span(name), app->config.servers[i].name))
            return i;
    return -1;
}

/* Goes on with the page with the dials as they stand: the model that wrote the take, where it still can be had. */
static void go_on(struct app *app, int tip, int generation)
{
    const struct generation *g = generation < 0 ? NULL : &app->piece.generations[generation];
    struct request req;
    struct generation what = {0};
    struct err err = {0};
    int named = g ? server_named(app, &g->server) : -1, server = named < 0 ? app->servers.current : named;
    request_init(&req);
    if (!generate_prepare(app, &req, &err)) {
        app_fail(app, &err);
    } else {
        if (named >= 0) {
            str_set(&req.model, str_span(&g->model));
            str_set(&req.system, str_span(&app->system));
            known_toward(app, &req, server, str_span(&g->model));
            compose_for_server(&req, &app->config.servers[server]);
        }
        req.logprobs = server_is_muse(&app->config.servers[server]) ? ODDS_ASKED_MUSE : ODDS_ASKED;
        compose_continue(&req, &what, &app->piece, tip);
        struct job *job = generate_send(app, tip, &req, &what, server);
        if (job)
            generate_show(app, page_passage_of_take(&app->piece, job->first_take), SIZE_MAX);
    }
    desk_save(app);
    request_release(&req);
    generation_release(&what);
}

void odds_take(struct app *app)
{
    struct odds_look *l = app->odds;
    int selected = l->view.picture.selected;
    if (l->choices.count == 0 || engine_busy(&app->engine, &app->piece)) {
        app_say(app, STYLE_DIM, "%s", l->choices.count ? _("The model is still writing here; Esc on the desk stops it.")
                                                       : _("There is nothing to choose here."));
        return;
    }
    if (l->choices.list[selected].taken) {
        app_say(app, STYLE_DIM, "%s", _("That is what the take says; ↑ ↓ choose another."));
        return;
    }
    int generation = piece_find_generation(&app->piece, app->piece.takes[l->take].generation);
    int branch = add_branch(app, str_span(&l->choices.list[selected].text));
    page_go(&app->page, branch);
    desk_focus(app, FOCUS_PAGE);
    editor_after_change(&app->desk.page, buffer_length(app->page.buf));
    desk_edited(app);
    go_on(app, branch, generation);
}

/* -- drawing --------------------------------------------------------------------------------------------------------------------------------- */

void odds_draw(struct app *app)
{
    struct odds_look *l = app->odds;
    struct odds_view *v = &l->view;
    const struct dials *d = &app->dials;
    follow_stream(app);
    str_clear(&l->place);
    if (odds_known(app))
        str_printf(&l->place, _("%d of %d"), l->unit + 1, l->units.count);
    v->name = str_span(&l->name);
    v->place = str_span(&l->place);
    v->most = l->most;
    v->state = odds_known(app) && l->choices.count == 0 ? span_of(_("Nothing is known of this stretch.")) : str_span(&l->state);
    v->picture.choices = l->choices.count ? &l->choices : NULL;
    v->picture.after = l->after;
    v->picture.guessed = true;
    v->picture.temperature = d->on[DIAL_TEMPERATURE] ? d->value[DIAL_TEMPERATURE] : 1;
    v->picture.cuts = d->on[DIAL_TOP_P] || d->on[DIAL_TOP_K] || d->on[DIAL_MIN_P];
    odds_reshape(&l->choices, d, l->after, &v->picture.rest);
    bool said = app->message.len > 0;
    v->message = said ? str_span(&app->message) : v->picture.choices ? v->state : SPAN("");
    v->message_role = said ? app->message_role : STYLE_DIM;
    v->footer_count = footer_fill(app, FOOTER_ODDS, &v->footer);
    odds_view_draw(v, &app->canvas);
}

/* -- keys and mouse -------------------------------------------------------------------------------------------------------------------------- */

enum map odds_map(const struct app *app)
{
    (void)app;
    return MAP_ODDS;
}

struct editor *odds_text(struct app *app)
{
    (void)app;
    return NULL;
}

void odds_mouse(struct app *app, const struct mouse *m)
{
    struct odds_look *l = app->odds;
    struct target t = odds_view_at(&l->view, m->x, m->y);
    if (mouse_wheel(m) && t.kind == TARGET_TAKE) {
        odds_choose(app, mouse_wheel(m) < 0 ? -1 : 1);
    } else if (mouse_wheel(m)) {
        editor_scroll(&l->view.text, mouse_wheel(m));
    } else if (m->kind == MOUSE_PRESS && t.kind == TARGET_PAGE) {
        look_at(app, odds_units_at(&l->units, t.offset));
    } else if (m->kind == MOUSE_PRESS && t.kind == TARGET_TAKE) {
        bool again = t.index == l->view.picture.selected;
        l->view.picture.selected = t.index;
        if (again)
            odds_take(app);
    } else if (m->kind == MOUSE_PRESS && t.kind == TARGET_COMMAND) {
        command_run_named(app, t.command);
    }
}
