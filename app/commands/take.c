#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/desk/rewrite.h"
#include "app/menu.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/tree.h"

#include <stdlib.h>

/* Flips among the siblings at the nearest place at or above the caret where there are several; from the prompt, at the last place of the
 * page. What stood below keeps its own branch. */
static void flip(struct app *app, int step)
{
    struct piece *p = &app->piece;
    if (rewrite_shown(app)) {
        rewrite_flip(app, step);
        return;
    }
    page_sync(&app->page);
    int point = points_current(app), below = points_below(app);
    int count = piece_siblings(p, point, NULL, 0), at = 0;
    if (below >= 0) {
        points_choose(app, below);
        return;
    }
    if (point < 0) {
        app_say(app, STYLE_DIM, "%s", _("There is only one take here; F5 asks for more."));
        return;
    }
    int *siblings = mem_new((size_t)count, sizeof *siblings);
    piece_siblings(p, point, siblings, count);
    while (siblings[at] != point)
        at++;
    points_choose(app, siblings[(at + step + count) % count]);
    free(siblings);
}

static void jump(struct app *app, int number)
{
    desk_find_takes(app);
    if (number > app->take_row_count)
        app_say(app, STYLE_DIM, _("There is no take %d here."), number);
    else
        points_choose(app, app->take_passages[number - 1]);
}

static void row(struct app *app, int step)
{
    desk_find_takes(app);
    int to = app->desk.take + step;
    if (app->take_row_count == 0)
        return;
    app->desk.take = to < 0 ? 0 : to >= app->take_row_count ? app->take_row_count - 1 : to;
    points_choose(app, app->take_passages[app->desk.take]);
}

/* The take the writer looks at: the selected row, else the one on the page. */
static int looked_at(struct app *app)
{
    desk_find_takes(app);
    if (app->desk.focus == FOCUS_TAKES && app->desk.take < app->take_row_count)
        return app->take_passages[app->desk.take];
    return app->desk.sibling ? app->take_passages[app->desk.sibling - 1] : -1;
}

/* The same for what only a model's text can have: below it, on a line of the writer's own, the nearest one above is meant. */
static int take_looked_at(struct app *app)
{
    int passage = looked_at(app);
    if (passage < 0)
        passage = app->piece.leaf;
    while (passage >= 0 && app->piece.passages[passage].take < 0)
        passage = app->piece.passages[passage].parent;
    return passage;
}

static void rate(struct app *app, int rating)
{
    struct err err = {0};
    int passage = take_looked_at(app);
    if (passage < 0) {
        app_say(app, STYLE_DIM, "%s", _("There is no take here to rate."));
        return;
    }
    struct take *t = &app->piece.takes[app->piece.passages[passage].take];
    t->rating = rating;
    if (!store_rate(app->store, t->id, rating, &err))
        app_fail(app, &err);
}

static void rate_picked(struct app *app, const char *id)
{
    rate(app, id[0] - '0');
}

/* A digit says all there is to say. */
static void rate_typed(struct app *app, const char *id)
{
    if (buffer_length(app->picker.filter_text) == 1)
        menu_enter(app);
    (void)id;
}

static void rate_menu(struct app *app, int arg)
{
    (void)arg;
    if (take_looked_at(app) < 0) {
        app_say(app, STYLE_DIM, "%s", _("There is no take here to rate."));
        return;
    }
    menu_picker(app, _("Rate this take"), _("1 to 5, 0 for none"), rate_picked);
    picker_add(&app->picker, _("5  ★★★★★"), NULL, NULL, "5");
    picker_add(&app->picker, _("4  ★★★★"), NULL, NULL, "4");
    picker_add(&app->picker, _("3  ★★★"), NULL, NULL, "3");
    picker_add(&app->picker, _("2  ★★"), NULL, NULL, "2");
    picker_add(&app->picker, _("1  ★"), NULL, NULL, "1");
    picker_add(&app->picker, _("0  no rating"), NULL, NULL, "0");
    picker_filter(&app->picker);
    app->moved = rate_typed;
}

static void trash(struct app *app, int arg)
{
    struct tree_change change = {0};
    struct err err = {0};
    int passage = looked_at(app);
    (void)arg;
    if (passage < 0)
        return;
    page_sync(&app->page);
    if (!tree_trash(&app->piece, passage, &change, &err)) {
        app_fail(app, &err);
        return;
    }
    tree_change_release(&change);
    app->last_trashed = passage;
    if (tree_is_below(&app->piece, app->piece.leaf, passage))
        page_go(&app->page, tree_neighbour(&app->piece, passage));
    desk_edited(app);
    app_say(app, STYLE_DIM, "%s", _("The take lies in the trash; “take back from the trash” in ^P returns it."));
}

/* What a cut left behind when it was taken back holds nothing. */
static int newest_trashed(const struct piece *p)
{
    int i = p->passage_count - 1;
    while (i >= 0 && (!p->passages[i].trashed || (p->passages[i].take < 0 && p->passages[i].text.len == 0)))
        i--;
    return i;
}

/* The last one put there in this session, else the newest of the piece; once more brings the next. */
static void untrash(struct app *app, int arg)
{
    const struct piece *p = &app->piece;
    int passage = app->last_trashed;
    (void)arg;
    if (passage < 0 || passage >= p->passage_count || !p->passages[passage].trashed)
        passage = newest_trashed(p);
    if (passage < 0) {
        app_say(app, STYLE_DIM, "%s", _("Nothing of this piece lies in the trash."));
        return;
    }
    points_choose(app, passage); /* what is on the page lies in no trash */
    app_say(app, STYLE_DIM, "%s", _("The take is back on the page."));
}

/* The text of the passage at the caret as it was before the last change that lost characters. */
static void earlier(struct app *app, int arg)
{
    (void)arg;
    size_t from = 0, to = 0;
    int passage = page_passage_at(&app->page, app->desk.page.caret);
    struct str text = {0}, runs = {0};
    desk_save(app);
    if (passage != app->earlier_passage)
        app->earlier_revision = 0;
    app->earlier_passage = passage;
    if (passage < 0 || !page_passage_range(&app->page, passage, &from, &to) ||
        !store_revision(app->store, app->piece.passages[passage].id, &app->earlier_revision, &text, &runs)) {
        app_say(app, STYLE_DIM, "%s", _("No earlier form of this passage is kept."));
    } else {
        (void)page_rewrite(&app->page, passage, str_span(&text), str_span(&runs));
        editor_after_change(&app->desk.page, from);
        desk_edited(app);
        app_say(app, STYLE_DIM, "%s", _("An earlier form; once more goes further back, ^Z returns."));
    }
    str_release(&text);
    str_release(&runs);
}

/* What the model thought before the take that the writer looks at; it is kept apart from every text. */
static void thoughts(struct app *app, int arg)
{
    const struct piece *p = &app->piece;
    int passage = looked_at(app), take = passage < 0 ? -1 : p->passages[passage].take;
    (void)arg;
    if (take < 0 || p->takes[take].reasoning.len == 0)
        app_say(app, STYLE_DIM, "%s", _("There are no thoughts with this take."));
    else
        pager_open(&app->pager, _("What the model thought"), span_trim(str_span(&p->takes[take].reasoning)));
}

const struct command commands_take[] = {
    {"take-next", N_("the next take"), flip, 1, false},
    {"take-previous", N_("the take before"), flip, -1, false},
    {"take-1", N_("take 1"), jump, 1, true},
    {"take-2", N_("take 2"), jump, 2, true},
    {"take-3", N_("take 3"), jump, 3, true},
    {"take-4", N_("take 4"), jump, 4, true},
    {"take-5", N_("take 5"), jump, 5, true},
    {"take-6", N_("take 6"), jump, 6, true},
    {"take-7", N_("take 7"), jump, 7, true},
    {"take-8", N_("take 8"), jump, 8, true},
    {"take-9", N_("take 9"), jump, 9, true},
    {"take-row-down", N_("the take below"), row, 1, true},
    {"take-row-up", N_("the take above"), row, -1, true},
    {"take-row-here", N_("the selected take"), row, 0, true},
    {"rate", N_("rate this take"), rate_menu, 0, false},
    {"rate-0", N_("no rating"), rate, 0, true},
    {"rate-1", N_("rate ★"), rate, 1, true},
    {"rate-2", N_("rate ★★"), rate, 2, true},
    {"rate-3", N_("rate ★★★"), rate, 3, true},
    {"rate-4", N_("rate ★★★★"), rate, 4, true},
    {"rate-5", N_("rate ★★★★★"), rate, 5, true},
    {"take-trash", N_("put this take into the trash"), trash, 0, false},
    {"take-untrash", N_("take back from the trash"), untrash, 0, false},
    {"earlier", N_("bring back an earlier form of this passage"), earlier, 0, false},
    {"thoughts", N_("read what the model thought before this take"), thoughts, 0, false},
    {0},
};
