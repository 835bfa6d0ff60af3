#include "app/views/tree.h"
#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/footer.h"
#include "app/mouse.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/panel_takes.h"
#include "ui/view_tree.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_AT_ONCE (256u << 10)

/* What is kept between two looks at the tree. */
struct tree {
    struct tree_view view;
    struct outline outline;
    int selected;               /* passage, -1: none */
    int hoisted;                /* -1: the whole piece */
    int shown_leaf;             /* the page's when the rows were made */
    int *marked;
    int marked_count, marked_cap;
    struct tree_change *changes; /* the latest last */
    int change_count, change_cap;
    struct tally *lengths;      /* of the first length_count passages */
    int length_count;
    struct str title, facts;
};

static void drop_changes(struct tree *t)
{
    for (int i = 0; i < t->change_count; i++)
        tree_change_release(&t->changes[i]);
    t->change_count = 0;
}

void tree_init(struct app *app)
{
    app->tree = mem_new(1, sizeof *app->tree);
    app->tree->selected = app->tree->hoisted = -1;
}

void tree_release(struct app *app)
{
    struct tree *t = app->tree;
    if (!t)
        return;
    drop_changes(t);
    outline_release(&t->outline);
    str_release(&t->title);
    str_release(&t->facts);
    free(t->changes);
    free(t->marked);
    free(t->lengths);
    free(t);
    app->tree = NULL;
}

void tree_forget(struct app *app)
{
    struct tree *t = app->tree;
    drop_changes(t);
    t->marked_count = t->outline.count = 0;
    t->selected = t->hoisted = -1;
}

int tree_marked(const struct app *app, int *passages, int max)
{
    const struct tree *t = app->tree;
    for (int i = 0; i < t->marked_count && i < max; i++)
        passages[i] = t->marked[i];
    return t->marked_count;
}

int tree_selected(const struct app *app)
{
    return app->tree->outline.count ? app->tree->selected : -1;
}

int tree_hoisted(const struct app *app)
{
    return app->tree->hoisted;
}

int tree_rows(const struct app *app)
{
    return app->tree->view.rows;
}

const struct tree_view *tree_seen(const struct app *app)
{
    return &app->tree->view;
}

/* -- rows ------------------------------------------------------------------------------------------------------------------------------ */

/* Once it stands in the preview, it has been looked at. */
static void look_at(struct app *app, int passage)
{
    const struct passage *ps = &app->piece.passages[passage];
    if (!app->tree->view.preview_shown || !(ps->marks & PASSAGE_UNREAD) || ps->take < 0 ||
        !take_state_over(app->piece.takes[ps->take].state))
        return;
    passage_mark(&app->piece, passage, PASSAGE_UNREAD, false);
    desk_changed(app);
}

static void select_row(struct app *app, int row)
{
    struct tree *t = app->tree;
    if (t->outline.count == 0)
        return;
    row = row < 0 ? 0 : row >= t->outline.count ? t->outline.count - 1 : row;
    if (t->outline.rows[row].passage != t->selected)
        t->view.preview_scroll = 0;
    t->view.selected = row;
    t->selected = t->outline.rows[row].passage;
    look_at(app, t->selected);
}

/* The row of a passage, or of the nearest one above it that is shown; 0 when there is none. */
static int row_of(const struct app *app, int passage)
{
    const struct tree *t = app->tree;
    while (passage >= 0 && (passage >= t->outline.passages || t->outline.row_of[passage] < 0))
        passage = app->piece.passages[passage].parent;
    return passage < 0 ? 0 : t->outline.row_of[passage];
}

static void make_rows(struct app *app)
{
    struct tree *t = app->tree;
    if (t->hoisted >= 0 && app->piece.passages[t->hoisted].trashed)
        t->hoisted = -1;
    outline_make(&t->outline, &app->piece, t->hoisted);
    t->shown_leaf = app->piece.leaf;
    select_row(app, row_of(app, t->selected));
}

void tree_open(struct app *app)
{
    struct tree *t = app->tree;
    app->view = VIEW_TREE;
    drop_changes(t);
    t->view.preview_shown = false;
    t->length_count = 0;
    t->selected = points_here(app);
    if (t->hoisted >= 0 && !tree_is_below(&app->piece, t->selected, t->hoisted))
        t->hoisted = -1;
    make_rows(app);
    tree_select(app, t->selected);
}

void tree_leave(struct app *app)
{
    drop_changes(app->tree);
    app->view = VIEW_DESK;
}

void tree_select(struct app *app, int passage)
{
    bool folded = false;
    if (passage < 0)
        return;
    for (int i = app->piece.passages[passage].parent; i >= 0; i = app->piece.passages[i].parent)
        if (app->piece.passages[i].marks & PASSAGE_FOLDED) {
            passage_mark(&app->piece, i, PASSAGE_FOLDED, false);
            folded = true;
        }
    if (app->tree->hoisted >= 0 && !tree_is_below(&app->piece, passage, app->tree->hoisted))
        app->tree->hoisted = -1;
    app->tree->selected = passage;
    make_rows(app);
    if (folded)
        desk_changed(app);
}

void tree_move_rows(struct app *app, int rows)
{
    select_row(app, app->tree->view.selected + rows);
}

void tree_scroll(struct app *app, int rows)
{
    int to = app->tree->view.preview_scroll + rows;
    app->tree->view.preview_scroll = to < 0 ? 0 : to;
}

void tree_hoist(struct app *app, int passage)
{
    app->tree->hoisted = passage;
    make_rows(app);
}

void tree_toggle_mark(struct app *app, int passage)
{
    struct tree *t = app->tree;
    for (int i = 0; i < t->marked_count; i++)
        if (t->marked[i] == passage) {
            memmove(&t->marked[i], &t->marked[i + 1], (size_t)(t->marked_count - i - 1) * sizeof *t->marked);
            t->marked_count--;
            return;
        }
    ARRAY_ROOM(t->marked, t->marked_count, t->marked_cap);
    t->marked[t->marked_count++] = passage;
}

/* -- changes --------------------------------------------------------------------------------------------------------------------------- */

/* Marks stay on what is still there. */
static void drop_marks_in_trash(struct app *app)
{
    struct tree *t = app->tree;
    int kept = 0;
    for (int i = 0; i < t->marked_count; i++)
        if (!app->piece.passages[t->marked[i]].trashed)
            t->marked[kept++] = t->marked[i];
    t->marked_count = kept;
}

static void lay_out_again(struct app *app)
{
    page_open(&app->page, &app->piece);
    editor_after_change(&app->desk.page, buffer_length(app->page.buf));
    app->points.held = -1;
}

void tree_changed(struct app *app, struct tree_change *c)
{
    struct tree *t = app->tree;
    if (c->text)
        lay_out_again(app);
    if (c->text)
        t->length_count = 0;
    ARRAY_ROOM(t->changes, t->change_count, t->change_cap);
    t->changes[t->change_count++] = *c;
    memset(c, 0, sizeof *c);
    drop_marks_in_trash(app);
    make_rows(app);
    desk_edited(app);
}

bool tree_undo(struct app *app)
{
    struct tree *t = app->tree;
    if (t->change_count == 0)
        return false;
    struct tree_change *c = &t->changes[--t->change_count];
    int at = c->passage;
    bool text = c->text || c->leaf != app->piece.leaf;
    tree_take_back(&app->piece, c);
    if (text)
        lay_out_again(app);
    t->length_count = 0;
    drop_marks_in_trash(app);
    tree_select(app, at);
    desk_edited(app);
    return true;
}

/* -- drawing --------------------------------------------------------------------------------------------------------------------------- */

/* How long a passage is; texts grow only at their end while the tree is looked at. */
static struct count count_passage(struct app *app, int passage)
{
    struct tree *t = app->tree;
    struct span text = passage_text(&app->piece, passage);
    struct count nothing = {.han = 0};
    if (t->length_count < app->piece.passage_count) {
        t->lengths = mem_grow(t->lengths, (size_t)app->piece.passage_count, sizeof *t->lengths);
        memset(t->lengths + t->length_count, 0, (size_t)(app->piece.passage_count - t->length_count) * sizeof *t->lengths);
        t->length_count = app->piece.passage_count;
    }
    if (text.len > t->lengths[passage].length + COUNT_AT_ONCE)
        return nothing;
    tally_grow(&t->lengths[passage], text);
    return t->lengths[passage].counter.count;
}

static bool is_marked(const struct tree *t, int passage)
{
    for (int i = 0; i < t->marked_count; i++)
        if (t->marked[i] == passage)
            return true;
    return false;
}

static void fill_row(void *ctx, int index, struct tree_row *out)
{
    struct app *app = ctx;
    int passage = app->tree->outline.rows[index].passage;
    const struct passage *ps = &app->piece.passages[passage];
    struct count count = count_passage(app, passage);
    *out = (struct tree_row){
        .author = ps->author,
        .state = ps->take >= 0 ? app->piece.takes[ps->take].state : TAKE_DONE,
        .text = passage_text(&app->piece, passage),
        .name = str_span(&ps->name),
        .length = count.han ? count.han : count.words,
        .han = count.han > 0,
        .rating = ps->take >= 0 ? app->piece.takes[ps->take].rating : 0,
        .bookmark = ps->marks & PASSAGE_BOOKMARK,
        .unread = ps->marks & PASSAGE_UNREAD,
        .marked = is_marked(app->tree, passage),
    };
}

/* "qwen3 · temperature 0.70 · seed 7": what a model was asked with. */
static void add_model(const struct app *app, const struct take *t, struct str *out)
{
    const struct piece *p = &app->piece;
    int g = t->generation < 0 ? (int)(-1 - t->generation) : piece_find_generation(p, t->generation);
    if (g < 0)
        return;
    const struct generation *what = &p->generations[g];
    str_printf(out, "%s · ", str_text(what->resolved.len ? &what->resolved : what->model.len ? &what->model : &what->server));
    if (what->dials.on[DIAL_TEMPERATURE])
        str_printf(out, _("temperature %.2f · "), what->dials.value[DIAL_TEMPERATURE]);
    str_printf(out, "%s", take_word(t->state));
}

static void fill_facts(struct app *app, int passage)
{
    static const char *const authors[AUTHOR_COUNT] = {N_("yours"), "", N_("a take, edited by you"), N_("prompt")};
    const struct passage *ps = &app->piece.passages[passage];
    struct str *facts = &app->tree->facts;
    str_clear(facts);
    bool spliced = ps->author == AUTHOR_EDIT && ps->take < 0;
    if (ps->author != AUTHOR_MODEL)
        str_add_text(facts, spliced ? _("spliced from takes") : _(authors[ps->author]));
    if (ps->author != AUTHOR_MODEL && ps->take >= 0)
        str_add_text(facts, " · ");
    if (ps->take >= 0)
        add_model(app, &app->piece.takes[ps->take], facts);
}

static int count_living(const struct piece *p)
{
    int count = 0;
    for (int i = tree_next(p, -1, -1); i >= 0; i = tree_next(p, i, -1))
        count++;
    return count;
}

void tree_draw(struct app *app)
{
    struct tree *t = app->tree;
    struct tree_view *v = &t->view;
    if (t->outline.passages != app->piece.passage_count || t->shown_leaf != app->piece.leaf)
        make_rows(app);
    int selected = tree_selected(app);
    str_clear(&t->title);
    piece_label(&app->piece, &t->title, 60);
    v->outline = &t->outline;
    v->row = fill_row;
    v->ctx = app;
    v->title = str_span(&t->title);
    v->where = t->hoisted >= 0 ? span_of(_("one branch")) : SPAN("");
    v->passages = count_living(&app->piece);
    v->preview = SPAN("");
    if (selected >= 0) {
        fill_facts(app, selected);
        v->preview = span_trim(passage_text(&app->piece, selected));
        v->preview_author = app->piece.passages[selected].author;
    }
    v->preview_facts = str_span(&t->facts);
    v->message = str_span(&app->message);
    v->message_role = app->message_role;
    v->footer_count = footer_fill(app, FOOTER_TREE, &v->footer);
    tree_view_draw(v, &app->canvas);
}

/* -- keys and mouse -------------------------------------------------------------------------------------------------------------------- */

enum map tree_map(const struct app *app)
{
    (void)app;
    return MAP_TREE;
}

struct editor *tree_text(struct app *app)
{
    (void)app;
    return NULL;
}

void tree_mouse(struct app *app, const struct mouse *m)
{
    struct tree *t = app->tree;
    int row = 0;
    const char *command = NULL;
    enum tree_target target = tree_view_at(&t->view, m->x, m->y, &row, &command);
    if (mouse_wheel(m) && target == TREE_PREVIEW) {
        tree_scroll(app, mouse_wheel(m));
    } else if (mouse_wheel(m)) {
        tree_move_rows(app, mouse_wheel(m));
    } else if (m->kind == MOUSE_PRESS && target == TREE_ROW) {
        bool again = row == t->view.selected;
        select_row(app, row);
        if (again)
            command_run_named(app, "tree-enter");
    } else if (m->kind == MOUSE_PRESS && target == TREE_COMMAND) {
        command_run_named(app, command);
    }
}
