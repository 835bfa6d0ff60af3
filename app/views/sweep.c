#include "app/views/sweep.h"
#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/footer.h"
#include "app/mouse.h"
#include "app/desk/sweep.h"
#include "app/views/compare.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/view_sweep.h"

#include <stdlib.h>

/* One take of the sweep, in the order in which they are shown. */
struct shown {
    int take, generation, passage; /* indices in the piece */
    bool marked;
    struct str value;
    struct tally tally;
};

struct sweep_look {
    int first;                     /* generation of the first value */
    struct sweep axis;
    struct shown *list;
    int count, cap;
    struct sweep_take *rows;       /* beside list, for the view */
    struct str what;
    struct sweep_view view;
};

static void forget(struct sweep_look *l)
{
    for (int i = 0; i < l->count; i++)
        str_release(&l->list[i].value);
    l->count = 0;
}

void sweep_release_look(struct app *app)
{
    struct sweep_look *l = app->sweep;
    if (!l)
        return;
    forget(l);
    free(l->list);
    free(l->rows);
    sweep_release(&l->axis);
    str_release(&l->what);
    free(l);
    app->sweep = NULL;
}

const struct sweep_view *sweep_seen(const struct app *app)
{
    return &app->sweep->view;
}

/* -- what belongs to it ------------------------------------------------------------------------------------------------------------- */

static bool is_of_sweep(const struct piece *p, int first, int generation)
{
    int64_t id = generation_sweep(&p->generations[first]);
    return generation == first || (id && generation_sweep(&p->generations[generation]) == id);
}

static int generation_of(const struct piece *p, const struct take *t)
{
    return t->generation < 0 ? (int)(-1 - t->generation) : piece_find_generation(p, t->generation);
}

static int known(const struct sweep_look *l, int take)
{
    for (int i = 0; i < l->count; i++)
        if (l->list[i].take == take)
            return i;
    return -1;
}

/* Takes of one value stand together, in the order in which the values were asked first. */
static int place_of(const struct sweep_look *l, struct span value)
{
    for (int i = l->count; i > 0; i--)
        if (span_equal(str_span(&l->list[i - 1].value), value))
            return i;
    return l->count;
}

static void add_take(struct sweep_look *l, const struct piece *p, int take, int generation, int passage)
{
    struct shown s = {.take = take, .generation = generation, .passage = passage};
    sweep_value_of(&l->axis, &p->generations[generation], &s.value);
    int at = place_of(l, str_span(&s.value));
    ARRAY_ROOM(l->list, l->count, l->cap);
    for (int i = l->count++; i > at; i--)
        l->list[i] = l->list[i - 1];
    l->list[at] = s;
    if (l->count > 1 && at <= l->view.selected)
        l->view.selected++;
}

/* New takes have come, others lie in the trash by now. */
static void follow_piece(struct app *app)
{
    struct sweep_look *l = app->sweep;
    const struct piece *p = &app->piece;
    int left = 0;
    for (int i = 0; i < l->count; i++) {
        if (p->passages[l->list[i].passage].trashed)
            str_release(&l->list[i].value);
        else
            l->list[left++] = l->list[i];
    }
    l->count = left;
    for (int i = p->generations[l->first].id ? 0 : l->first; i < p->take_count; i++) {
        int generation = generation_of(p, &p->takes[i]), passage = -1;
        if (generation < 0 || !is_of_sweep(p, l->first, generation) || known(l, i) >= 0)
            continue;
        passage = page_passage_of_take(p, i);
        if (passage >= 0 && !p->passages[passage].trashed)
            add_take(l, p, i, generation, passage);
    }
    if (l->view.selected >= l->count)
        l->view.selected = l->count ? l->count - 1 : 0;
}

/* What differs among its generations. */
static void find_axis(struct app *app)
{
    struct sweep_look *l = app->sweep;
    const struct piece *p = &app->piece;
    const struct generation **list = mem_new((size_t)p->generation_count + 1, sizeof *list);
    int count = 0;
    for (int i = 0; i < p->generation_count; i++)
        if (is_of_sweep(p, l->first, i))
            list[count++] = &p->generations[i];
    sweep_guess(&l->axis, list, count);
    str_clear(&l->what);
    str_add_text(&l->what, l->axis.models ? _("model") : _(dial_table[l->axis.dial].label));
    free(list);
}

static void open_view(struct app *app, int first)
{
    if (!app->sweep)
        app->sweep = mem_new(1, sizeof *app->sweep);
    struct sweep_look *l = app->sweep;
    forget(l);
    l->first = first;
    l->view.selected = l->view.scroll = l->view.first = 0;
    find_axis(app);
    follow_piece(app);
    l->view.selected = 0;
    app->view = VIEW_SWEEP;
    app_touch(app, true);
}

/* In a sweep the same is asked over something else. */
void sweep_ask(struct app *app)
{
    bool within = app->view == VIEW_SWEEP && app->sweep;
    if (!within && app->view != VIEW_DESK) {
        app_say(app, STYLE_DIM, "%s", _("That is done on the desk; Esc goes back there."));
        return;
    }
    page_sync(&app->page);
    sweep_form(app, within ? app->sweep->first : -1, open_view);
}

bool sweep_form_open(const struct app *app)
{
    return sweep_form_is_open(app);
}

bool sweep_open_last(struct app *app)
{
    const struct piece *p = &app->piece;
    for (int i = p->generation_count - 1; i >= 0; i--) {
        int64_t id = generation_sweep(&p->generations[i]);
        int first = id ? piece_find_generation(p, id) : -1;
        if (first < 0)
            continue;
        open_view(app, first);
        return true;
    }
    return false;
}

/* -- what the keys do --------------------------------------------------------------------------------------------------------------- */

static struct shown *selected(struct app *app)
{
    struct sweep_look *l = app->sweep;
    if (app->view != VIEW_SWEEP || !l || !l->count) {
        app_say(app, STYLE_DIM, "%s", _("That is done in a sweep; M-s begins one."));
        return NULL;
    }
    return &l->list[l->view.selected];
}

void sweep_move(struct app *app, int takes)
{
    struct sweep_look *l = app->sweep;
    if (!selected(app))
        return;
    int to = l->view.selected + takes;
    l->view.selected = to < 0 ? 0 : to >= l->count ? l->count - 1 : to;
    if (app->canvas.w > 0 && !desk_view_wide(app->canvas.w))
        l->view.scroll = 0;
}

void sweep_scroll(struct app *app, int pages)
{
    if (!selected(app))
        return;
    int rows = app->sweep->view.rows, to = app->sweep->view.scroll + pages * (rows > 1 ? rows - 1 : 1);
    app->sweep->view.scroll = to < 0 ? 0 : to;
}

void sweep_lay(struct app *app)
{
    const struct shown *s = selected(app);
    if (!s)
        return;
    desk_show_take(app, app->piece.takes[s->take].id);
    app->view = VIEW_DESK;
    desk_focus(app, FOCUS_PAGE);
}

void sweep_mark(struct app *app)
{
    struct shown *s = selected(app);
    if (!s)
        return;
    s->marked = !s->marked;
    sweep_move(app, 1);
}

/* The marked ones; of one alone and the selected take both. */
void sweep_compare(struct app *app)
{
    struct sweep_look *l = app->sweep;
    struct err err = {0};
    int count = 0;
    if (!selected(app))
        return;
    int64_t *takes = mem_new((size_t)l->count + 1, sizeof *takes);
    for (int i = 0; i < l->count; i++)
        if (l->list[i].marked)
            takes[count++] = app->piece.takes[l->list[i].take].id;
    if (count == 1 && !l->list[l->view.selected].marked)
        takes[count++] = app->piece.takes[l->list[l->view.selected].take].id;
    if (count < 2)
        app_say(app, STYLE_DIM, "%s", _("Space marks takes; two or three marked ones are compared."));
    else if (!compare_open(app, takes, count, &err))
        app_fail(app, &err);
    free(takes);
}

void sweep_rate(struct app *app, int rating)
{
    const struct shown *s = selected(app);
    struct err err = {0};
    if (!s)
        return;
    if (store_rate(app->store, app->piece.takes[s->take].id, rating, &err))
        app->piece.takes[s->take].rating = rating;
    else
        app_fail(app, &err);
}

void sweep_again(struct app *app)
{
    const struct shown *s = selected(app);
    struct sweep_look *l = app->sweep;
    int before = 0;
    if (!s)
        return;
    for (int i = 0; i < l->count; i++)
        before += span_equal(str_span(&l->list[i].value), str_span(&s->value));
    int at = s->generation;
    if (sweep_start_again(app, at, !l->axis.models && l->axis.dial == DIAL_SEED, before))
        follow_piece(app);
}

void sweep_stop(struct app *app)
{
    if (!selected(app))
        return;
    for (int i = 0; i < app->engine.run_count; i++) {
        struct job *r = app->engine.runs[i];
        if (r->piece == &app->piece && is_of_sweep(&app->piece, app->sweep->first, r->generation))
            engine_cancel(&app->engine, r);
    }
}

/* -- for the table of views --------------------------------------------------------------------------------------------------------- */

enum map sweep_map(const struct app *app)
{
    (void)app;
    return MAP_SWEEP;
}

struct editor *sweep_text(struct app *app)
{
    (void)app;
    return NULL;
}

static bool on_page(const struct piece *p, int passage)
{
    for (int i = p->leaf; i >= 0; i = p->passages[i].parent)
        if (i == passage)
            return true;
    return false;
}

static void fill_row(struct app *app, int index)
{
    struct sweep_look *l = app->sweep;
    struct shown *s = &l->list[index];
    const struct take *t = &app->piece.takes[s->take];
    const struct job *job = engine_job(&app->engine, &app->piece, s->generation);
    tally_grow(&s->tally, str_span(&t->text));
    const struct count *count = &s->tally.counter.count;
    l->rows[index] = (struct sweep_take){
        .value = str_span(&s->value),
        .text = span_trim(str_span(&t->text)),
        .error = str_span(&t->error),
        .state = t->state,
        .queued = t->state == TAKE_WAITING && job && !job->sent && !job->retry_us,
        .length = count->han ? count->han : count->words,
        .han = count->han > 0,
        .rating = t->rating,
        .marked = s->marked,
        .on_page = on_page(&app->piece, s->passage),
    };
}

void sweep_draw(struct app *app)
{
    struct sweep_look *l = app->sweep;
    follow_piece(app);
    l->rows = mem_grow(l->rows, (size_t)l->count + 1, sizeof *l->rows);
    for (int i = 0; i < l->count; i++)
        fill_row(app, i);
    l->view.what = str_span(&l->what);
    l->view.asked = str_span(&app->piece.generations[l->first].prompt);
    l->view.takes = l->rows;
    l->view.count = l->count;
    l->view.message = str_span(&app->message);
    l->view.message_role = app->message_role;
    l->view.footer_count = footer_fill(app, FOOTER_SWEEP, &l->view.footer);
    sweep_view_draw(&l->view, &app->canvas);
}

void sweep_mouse(struct app *app, const struct mouse *m)
{
    struct sweep_look *l = app->sweep;
    const char *command = NULL;
    int take = -1;
    enum sweep_target target = sweep_view_at(&l->view, m->x, m->y, &take, &command);
    if (mouse_wheel(m) && target != SWEEP_COMMAND) {
        int to = l->view.scroll + mouse_wheel(m);
        l->view.scroll = to < 0 ? 0 : to;
    } else if (m->kind == MOUSE_PRESS && target == SWEEP_TAKE) {
        bool again = take == l->view.selected;
        sweep_move(app, take - l->view.selected);
        if (again)
            sweep_lay(app);
    } else if (m->kind == MOUSE_PRESS && target == SWEEP_COMMAND) {
        command_run_named(app, command);
    }
}
