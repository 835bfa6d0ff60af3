#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/menu.h"
#include "app/views/tree.h"
#include "core/i18n.h"

/* What these commands work on is seen only there. */
static int selected(struct app *app)
{
    int passage = app->view == VIEW_TREE ? tree_selected(app) : -1;
    if (app->view != VIEW_TREE)
        app_say(app, STYLE_DIM, "%s", _("That is done in the tree; ^T opens it."));
    else
        page_sync(&app->page);
    return passage;
}

static void open_tree(struct app *app, int arg)
{
    (void)arg;
    if (app->view == VIEW_TREE)
        tree_leave(app);
    else if (desk_save(app))
        tree_open(app);
    else
        app_fail(app, &app->save_err);
}

/* -- moving ------------------------------------------------------------------------------------------------------------------------------ */

static void move(struct app *app, int rows)
{
    if (selected(app) >= 0)
        tree_move_rows(app, rows);
}

static void page(struct app *app, int pages)
{
    int rows = tree_rows(app);
    move(app, pages * (rows > 1 ? rows - 1 : 1));
}

static void end(struct app *app, int sign)
{
    move(app, sign * app->piece.passage_count);
}

static void parent(struct app *app, int arg)
{
    int passage = selected(app);
    (void)arg;
    if (passage >= 0 && passage != tree_hoisted(app))
        tree_select(app, app->piece.passages[passage].parent);
}

/* Unfolds, or goes to the passage that the line goes on with, else to the first one below. */
static void child(struct app *app, int arg)
{
    const struct piece *p = &app->piece;
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    int first = piece_first_child(p, passage), chosen = p->passages[passage].chosen;
    if (p->passages[passage].marks & PASSAGE_FOLDED)
        command_run_named(app, "tree-fold");
    else
        tree_select(app, chosen >= 0 && !p->passages[chosen].trashed ? chosen : first);
}

static void sibling(struct app *app, int step)
{
    const struct piece *p = &app->piece;
    int passage = selected(app);
    if (passage < 0)
        return;
    int to = step > 0 ? piece_next_sibling(p, passage) : p->passages[passage].before;
    while (step < 0 && to >= 0 && p->passages[to].trashed)
        to = p->passages[to].before;
    tree_select(app, to);
}

static void scroll(struct app *app, int rows)
{
    if (selected(app) >= 0)
        tree_scroll(app, rows);
}

/* -- the page ---------------------------------------------------------------------------------------------------------------------------- */

static void enter(struct app *app, int arg)
{
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    tree_leave(app);
    desk_focus(app, FOCUS_PAGE);
    points_choose(app, passage);
}

/* The page ends here; what the writer types or asks next begins a branch. */
static void end_page(struct app *app, int passage)
{
    page_go(&app->page, passage);
    desk_focus(app, FOCUS_PAGE);
    editor_after_change(&app->desk.page, buffer_length(app->page.buf));
    app->points.held = -1;
    desk_edited(app);
    if (piece_first_child(&app->piece, passage) >= 0)
        app_say(app, STYLE_DIM, "%s", _("The page ends here; what you add is a new branch. M-Right returns."));
}

static void branch(struct app *app, int arg)
{
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    tree_leave(app);
    end_page(app, passage);
}

/* From the desk: the page is cut at the caret, also within a passage. */
static void branch_here(struct app *app, int arg)
{
    struct tree_change change = {0};
    struct err err = {0};
    size_t from = 0, to = 0, caret = app->desk.page.caret;
    (void)arg;
    if (app->view == VIEW_TREE) {
        branch(app, arg);
        return;
    }
    page_sync(&app->page);
    int passage = page_passage_at(&app->page, caret);
    if (caret >= buffer_length(app->page.buf) || !page_passage_range(&app->page, passage, &from, &to)) {
        app_say(app, STYLE_DIM, "%s", _("The page ends here already: write on, or ask."));
    } else if (caret == from) {
        if (app->piece.passages[passage].parent < 0)
            app_say(app, STYLE_DIM, "%s", _("This is the page's beginning; ^N begins a new piece."));
        else
            end_page(app, app->piece.passages[passage].parent);
    } else {
        int upper = tree_split(&app->piece, passage, caret - from, &change, &err);
        if (upper < 0) {
            app_fail(app, &err);
            return;
        }
        tree_change_release(&change);
        page_open(&app->page, &app->piece);
        end_page(app, upper);
    }
}

/* -- changing ------------------------------------------------------------------------------------------------------------------------------ */

static void fold(struct app *app, int arg)
{
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    bool folded = app->piece.passages[passage].marks & PASSAGE_FOLDED;
    if (!folded && piece_first_child(&app->piece, passage) < 0) {
        app_say(app, STYLE_DIM, "%s", _("Nothing stands below this passage."));
        return;
    }
    passage_mark(&app->piece, passage, PASSAGE_FOLDED, !folded);
    tree_select(app, passage);
    desk_changed(app);
}

static void hoist(struct app *app, int arg)
{
    int passage = selected(app);
    (void)arg;
    if (tree_hoisted(app) >= 0)
        tree_hoist(app, -1);
    else if (passage >= 0)
        tree_hoist(app, passage);
}

static void bookmark(struct app *app, int arg)
{
    struct tree_change change = {0};
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    tree_mark(&app->piece, passage, PASSAGE_BOOKMARK, !(app->piece.passages[passage].marks & PASSAGE_BOOKMARK), &change);
    tree_changed(app, &change);
}

/* Round and round through the piece, from the selected passage on. */
static void next_bookmark(struct app *app, int arg)
{
    const struct piece *p = &app->piece;
    int passage = selected(app), top = tree_hoisted(app);
    (void)arg;
    if (passage < 0)
        return;
    for (int i = tree_next(p, passage, top);; i = tree_next(p, i, top)) {
        if (i < 0)
            i = top >= 0 ? top : piece_first_child(p, -1);
        if (p->passages[i].marks & PASSAGE_BOOKMARK) {
            tree_select(app, i);
            return;
        }
        if (i == passage)
            break;
    }
    app_say(app, STYLE_DIM, "%s", _("There is no bookmark here; b sets one."));
}

static void name_submitted(struct app *app)
{
    struct tree_change change = {0};
    int passage = selected(app);
    struct span name = span_trim(fields_text(&app->form, 0));
    app->form.open = false;
    if (passage < 0 || span_equal(name, str_span(&app->piece.passages[passage].name)))
        return;
    tree_name(&app->piece, passage, name, &change);
    tree_changed(app, &change);
}

static void name(struct app *app, int arg)
{
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    menu_form(app, _("Name this passage"), name_submitted);
    fields_add_text(&app->form, _("name"), _("A word or a few; empty takes the name away."), str_span(&app->piece.passages[passage].name));
}

static void join(struct app *app, int arg)
{
    struct tree_change change = {0};
    struct err err = {0};
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    int joined = tree_join(&app->piece, passage, &change, &err);
    if (joined < 0) {
        app_fail(app, &err);
        return;
    }
    tree_changed(app, &change);
    tree_select(app, joined);
    app_say(app, STYLE_DIM, "%s", _("One passage now; ^Z takes it back."));
}

static void move_among(struct app *app, int step)
{
    struct tree_change change = {0};
    int passage = selected(app);
    if (passage < 0)
        return;
    if (tree_move(&app->piece, passage, step, &change))
        tree_changed(app, &change);
    else if (!piece_has_siblings(&app->piece, passage))
        app_say(app, STYLE_DIM, "%s", _("Nothing stands beside this passage."));
}

static void rate(struct app *app, int rating)
{
    struct err err = {0};
    int passage = selected(app);
    if (passage < 0)
        return;
    if (app->piece.passages[passage].take < 0) {
        app_say(app, STYLE_DIM, "%s", _("There is no take here to rate."));
        return;
    }
    struct take *t = &app->piece.takes[app->piece.passages[passage].take];
    t->rating = rating;
    if (!store_rate(app->store, t->id, rating, &err))
        app_fail(app, &err);
}

/* Where the selection goes when a passage does: to the one behind it, before it, or above. */
static int nearest(const struct piece *p, int passage)
{
    int behind = piece_next_sibling(p, passage), before = p->passages[passage].before;
    while (before >= 0 && p->passages[before].trashed)
        before = p->passages[before].before;
    return behind >= 0 ? behind : before >= 0 ? before : p->passages[passage].parent;
}

static void trash(struct app *app, int arg)
{
    struct tree_change change = {0};
    struct err err = {0};
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    int neighbour = tree_neighbour(&app->piece, passage), near = nearest(&app->piece, passage);
    if (!tree_trash(&app->piece, passage, &change, &err)) {
        app_fail(app, &err);
        return;
    }
    if (tree_is_below(&app->piece, app->piece.leaf, passage)) {
        page_go(&app->page, neighbour);
        editor_after_change(&app->desk.page, buffer_length(app->page.buf));
    }
    app->last_trashed = passage;
    tree_changed(app, &change);
    tree_select(app, near);
    app_say(app, STYLE_DIM, "%s", _("The branch lies in the trash; ^Z takes it back."));
}

static void undo(struct app *app, int arg)
{
    (void)arg;
    if (app->view == VIEW_TREE && !tree_undo(app))
        app_say(app, STYLE_DIM, "%s", _("Nothing was changed in the tree since it was opened."));
}

static void mark(struct app *app, int arg)
{
    int passage = selected(app);
    (void)arg;
    if (passage < 0)
        return;
    tree_toggle_mark(app, passage);
    tree_move_rows(app, 1);
}

const struct command commands_tree[] = {
    {"tree", N_("the tree of the piece's passages"), open_tree, 0, false},
    {"branch-here", N_("begin a new branch at the caret; what stands below is kept"), branch_here, 0, false},
    {"tree-down", N_("the passage below"), move, 1, true},
    {"tree-up", N_("the passage above"), move, -1, true},
    {"tree-page-down", N_("a screen down"), page, 1, true},
    {"tree-page-up", N_("a screen up"), page, -1, true},
    {"tree-first", N_("the first passage"), end, -1, true},
    {"tree-last", N_("the last passage"), end, 1, true},
    {"tree-parent", N_("what it goes on from"), parent, 0, true},
    {"tree-child", N_("what goes on from it; unfolds"), child, 0, true},
    {"tree-sibling-next", N_("the next one beside it"), sibling, 1, true},
    {"tree-sibling-previous", N_("the one before beside it"), sibling, -1, true},
    {"tree-scroll-down", N_("scroll the preview down"), scroll, 5, true},
    {"tree-scroll-up", N_("scroll the preview up"), scroll, -5, true},
    {"tree-enter", N_("bring this branch onto the page"), enter, 0, true},
    {"tree-branch", N_("a new branch below this passage"), branch, 0, true},
    {"tree-fold", N_("hide or show what stands below"), fold, 0, true},
    {"tree-hoist", N_("show this branch alone, or all again"), hoist, 0, true},
    {"tree-bookmark", N_("set or take away a bookmark"), bookmark, 0, true},
    {"tree-next-bookmark", N_("the next bookmark"), next_bookmark, 0, true},
    {"tree-name", N_("give this passage a name"), name, 0, true},
    {"tree-join", N_("join it with the only passage below"), join, 0, true},
    {"tree-earlier", N_("move it up among those beside it"), move_among, -1, true},
    {"tree-later", N_("move it down among those beside it"), move_among, 1, true},
    {"tree-mark", N_("mark it, to compare"), mark, 0, true},
    {"tree-rate-0", N_("no rating"), rate, 0, true},
    {"tree-rate-1", N_("rate ★"), rate, 1, true},
    {"tree-rate-2", N_("rate ★★"), rate, 2, true},
    {"tree-rate-3", N_("rate ★★★"), rate, 3, true},
    {"tree-rate-4", N_("rate ★★★★"), rate, 4, true},
    {"tree-rate-5", N_("rate ★★★★★"), rate, 5, true},
    {"tree-trash", N_("put this branch into the trash"), trash, 0, true},
    {"tree-undo", N_("take back the last change of the tree"), undo, 0, true},
    {0},
};
