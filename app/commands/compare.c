#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/views/compare.h"
#include "app/views/library.h"
#include "app/views/tree.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/library_preview.h"
#include "ui/sign.h"

#include <stdlib.h>

/* -- opening ------------------------------------------------------------------------------------------------------------------------------- */

/* The take on the page beside those that stand where it stands; without any, what was compared last while its splice waits. */
static bool compare_on_desk(struct app *app, struct err *e)
{
    desk_find_takes(app);
    if (app->take_row_count < 2 && compare_reopen(app))
        return true;
    if (app->take_row_count < 2)
        return err_set(e, ERR_USAGE, "%s", _("There is only one take here; F5 asks for more."));
    int first = app->desk.sibling > 0 ? app->desk.sibling - 1 : 0;
    return compare_open_passages(app, app->take_passages, app->take_row_count, first, e);
}

static bool compare_in_tree(struct app *app, struct err *e)
{
    int passages[COMPARE_SIDES], count = tree_marked(app, passages, COMPARE_SIDES);
    if (count < 2)
        return err_set(e, ERR_USAGE, "%s", _("Mark two passages or more first; they are then compared."));
    return compare_open_passages(app, passages, count, 0, e);
}

/* Adds the takes of a generation: all of them, or the one that the writer likes best, the first of them otherwise. */
static bool add_takes(struct app *app, int64_t generation, bool all, int64_t *takes, int *count, struct err *e)
{
    struct generation g = {0};
    struct take *found = NULL;
    int found_count = 0, best = 0;
    if (!store_generation_load(app->store, generation, &g, &found, &found_count, e))
        return false;
    for (int i = 0; i < found_count; i++) {
        best = found[i].rating > found[best].rating ? i : best;
        if (all && found[i].text.len && *count < COMPARE_SIDES)
            takes[(*count)++] = found[i].id;
    }
    if (!all && found_count && *count < COMPARE_SIDES)
        takes[(*count)++] = found[best].id;
    for (int i = 0; i < found_count; i++)
        take_release(&found[i]);
    free(found);
    generation_release(&g);
    return true;
}

/* The takes of the marked generations, one of each; of a single one, marked or selected, all its takes. */
static bool compare_in_library(struct app *app, struct err *e)
{
    int64_t generations[COMPARE_SIDES], takes[COMPARE_SIDES];
    int marked = library_marked(app, generations, COMPARE_SIDES), count = 0;
    const struct hit *hit = library_selected(app);
    bool ok = true;
    if (marked == 0 && hit && hit->generation) {
        generations[0] = hit->generation;
        marked = 1;
    }
    marked = marked < COMPARE_SIDES ? marked : COMPARE_SIDES;
    for (int i = 0; i < marked && ok; i++)
        ok = add_takes(app, generations[i], marked == 1, takes, &count, e);
    if (ok && count < 2)
        return err_set(e, ERR_USAGE, "%s", _("Mark two generations or more first; Space marks the one that is selected."));
    return ok && compare_open(app, takes, count, e);
}

static void open_compare(struct app *app, int arg)
{
    struct err err = {0};
    (void)arg;
    bool ok = true;
    if (app->view == VIEW_COMPARE)
        compare_back(app);
    else if (app->view == VIEW_TREE)
        ok = compare_in_tree(app, &err);
    else if (app->view == VIEW_LIBRARY)
        ok = compare_in_library(app, &err);
    else
        ok = compare_on_desk(app, &err);
    if (!ok)
        app_say(app, err.kind == ERR_USAGE ? STYLE_DIM : STYLE_ERROR, "%s", err.text);
}

/* -- in the view --------------------------------------------------------------------------------------------------------------------------- */

static bool is_open(struct app *app)
{
    if (app->view == VIEW_COMPARE)
        return true;
    app_say(app, STYLE_DIM, "%s", _("That is done where takes are compared; “compare” in ^P leads there."));
    return false;
}

/* One function for all of them, so that none runs elsewhere. */
enum deed { MOVE_ROWS, MOVE_PAGES, MOVE_SIDE, FLIP, TO_SPLICE, TO_SIDES, TAKE_LINE, TAKE_ALL, DROP, SHIFT_UP, SHIFT_DOWN, UNDO, REDO, LAY };
#define STEP(deed, by) ((deed) * 1000 + (by) + 500) /* a deed and a step from -499 to 499 in one argument */
#define FAR 499

static void act(struct app *app, int arg)
{
    int step = arg % 1000 - 500;
    if (!is_open(app))
        return;
    switch ((enum deed)(arg / 1000)) {
    case MOVE_ROWS:
        compare_move(app, step == FAR ? INT16_MAX : step == -FAR ? -INT16_MAX : step);
        break;
    case MOVE_PAGES:
        compare_page(app, step);
        break;
    case MOVE_SIDE:
        compare_side(app, step);
        break;
    case FLIP:
        compare_flip(app, step);
        break;
    case TO_SPLICE:
    case TO_SIDES:
        compare_to_splice(app, arg / 1000 == TO_SPLICE);
        break;
    case TAKE_LINE:
        compare_take_line(app);
        break;
    case TAKE_ALL:
        compare_take_all(app);
        break;
    case DROP:
        compare_drop(app);
        break;
    case SHIFT_UP:
    case SHIFT_DOWN:
        compare_shift(app, arg / 1000 == SHIFT_UP ? -1 : 1);
        break;
    case UNDO:
    case REDO:
        compare_walk(app, arg / 1000 == UNDO);
        break;
    case LAY:
        compare_lay(app);
        break;
    }
}

/* -- where a line came from ---------------------------------------------------------------------------------------------------------------- */

/* "take 2 of generation 41 · qwen3 · temperature 0.70 · 11-25 14:03" */
static void describe_take(struct str *out, int number, const struct generation *g)
{
    struct str date = {0}, temperature = {0};
    struct span dot = sign_text(SIGN_DOT), model = str_span(g->resolved.len ? &g->resolved : g->model.len ? &g->model : &g->server);
    library_date(&date, g->sent_ms);
    dial_format(&g->dials, DIAL_TEMPERATURE, &temperature);
    str_printf(out, _("take %d of generation %lld"), number, (long long)g->id);
    str_printf(out, " %.*s ", SPAN_ARG(dot));
    display_line(out, model, 40);
    if (temperature.len)
        str_printf(out, " %.*s %s %s", SPAN_ARG(dot), _(dial_table[DIAL_TEMPERATURE].label), str_text(&temperature));
    str_printf(out, " %.*s %s", SPAN_ARG(dot), str_text(&date));
    str_release(&date);
    str_release(&temperature);
}

/* A take of the open piece as the desk knows it, any other as the library does. */
static bool describe_source(struct app *app, int64_t take, struct str *out, struct err *e)
{
    const struct piece *p = &app->piece;
    int index = piece_find_take(p, take), g = index < 0 ? -1 : piece_find_generation(p, p->takes[index].generation);
    if (g >= 0) {
        describe_take(out, p->takes[index].index + 1, &p->generations[g]);
        return true;
    }
    struct generation generation = {0};
    struct take *takes = NULL;
    int64_t id = 0;
    int count = 0;
    bool ok = store_take_generation(app->store, take, &id, e) && store_generation_load(app->store, id, &generation, &takes, &count, e);
    for (int i = 0; i < count; i++) {
        if (takes[i].id == take)
            describe_take(out, takes[i].index + 1, &generation);
        take_release(&takes[i]);
    }
    free(takes);
    generation_release(&generation);
    return ok;
}

/* The take that text of this ink was cut from, or that its passage shows; 0: none. */
static int64_t source_of(const struct app *app, struct ink ink)
{
    int passage = (int)ink.owner - 1;
    bool of_take = ink.author == AUTHOR_MODEL || ink.author == AUTHOR_EDIT;
    if (ink.source || !of_take || passage < 0 || app->piece.passages[passage].take < 0)
        return ink.source;
    return app->piece.takes[app->piece.passages[passage].take].id;
}

static void origin(struct app *app, int arg)
{
    struct buffer *b = app->page.buf;
    size_t at = app->desk.page.caret;
    struct str told = {0};
    struct err err = {0};
    (void)arg;
    if (app->view != VIEW_DESK || buffer_length(b) == 0) {
        app_say(app, STYLE_DIM, "%s", _("There is no line here that could have come from anywhere."));
        return;
    }
    if (at > 0 && (at == buffer_length(b) || buffer_byte(b, at) == '\n'))
        at--; /* at a line's end its last character is meant */
    struct ink ink = buffer_ink_at(b, at);
    int64_t take = source_of(app, ink);
    if (take && !describe_source(app, take, &told, &err))
        app_fail(app, &err);
    else if (take && ink.author == AUTHOR_EDIT)
        app_say(app, STYLE_DIM, _("Your edit of %s."), str_text(&told));
    else if (take)
        app_say(app, STYLE_DIM, _("From %s."), str_text(&told));
    else if (ink.author == AUTHOR_PROMPT)
        app_say(app, STYLE_DIM, "%s", _("This is what you asked."));
    else if (ink.author == AUTHOR_MODEL)
        app_say(app, STYLE_DIM, "%s", _("From a take that is not in the library yet."));
    else
        app_say(app, STYLE_DIM, "%s", _("You wrote this yourself."));
    str_release(&told);
}

const struct command commands_compare[] = {
    {"compare", N_("compare takes side by side, and splice them"), open_compare, 0, false},
    {"compare-up", N_("the line above"), act, STEP(MOVE_ROWS, -1), true},
    {"compare-down", N_("the line below"), act, STEP(MOVE_ROWS, 1), true},
    {"compare-page-up", N_("a screen up"), act, STEP(MOVE_PAGES, -1), true},
    {"compare-page-down", N_("a screen down"), act, STEP(MOVE_PAGES, 1), true},
    {"compare-first", N_("the first line"), act, STEP(MOVE_ROWS, -FAR), true},
    {"compare-last", N_("the last line"), act, STEP(MOVE_ROWS, FAR), true},
    {"compare-left", N_("the take to the left"), act, STEP(MOVE_SIDE, -1), true},
    {"compare-right", N_("the take to the right"), act, STEP(MOVE_SIDE, 1), true},
    {"compare-next", N_("compare: another take into this column"), act, STEP(FLIP, 1), false},
    {"compare-previous", N_("compare: the take before into this column"), act, STEP(FLIP, -1), false},
    {"splice-focus", N_("compare: to the splice, to write in it"), act, STEP(TO_SPLICE, 0), false},
    {"splice-leave", N_("compare: back to the takes"), act, STEP(TO_SIDES, 0), false},
    {"splice-take", N_("splice: take this line"), act, STEP(TAKE_LINE, 0), false},
    {"splice-take-all", N_("splice: take all lines of this side"), act, STEP(TAKE_ALL, 0), false},
    {"splice-drop", N_("splice: take the last line out again"), act, STEP(DROP, 0), false},
    {"splice-up", N_("splice: the line one up"), act, STEP(SHIFT_UP, 0), false},
    {"splice-down", N_("splice: the line one down"), act, STEP(SHIFT_DOWN, 0), false},
    {"splice-undo", N_("splice: undo"), act, STEP(UNDO, 0), false},
    {"splice-redo", N_("splice: redo"), act, STEP(REDO, 0), false},
    {"splice-lay", N_("splice: lay it on the page"), act, STEP(LAY, 0), false},
    {"origin", N_("tell where the line at the caret came from"), origin, 0, false},
    {0},
};
