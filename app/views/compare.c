#include "app/views/compare.h"
#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/footer.h"
#include "app/mouse.h"
#include "app/views/compare_sides.h"
#include "app/views/splice.h"
#include "app/views/splice_kept.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/view_compare.h"

#include <stdlib.h>
#include <string.h>

struct compare {
    struct compare_view view;
    struct side *sides;
    int count;
    int64_t piece;               /* that was open when passages were given; their indices are of it */
    int shown[COMPARE_COLUMNS];  /* which side stands in which column */
    struct diff_rows rows;
    struct facts facts;
    struct compare_fact *fact_spans;
    bool *taken[COMPARE_COLUMNS];
    uint64_t taken_version;      /* of the splice, as `taken` says; 0: of none */
    uint64_t kept_version;       /* of the splice, as the library has it */
    enum view from;              /* where Esc leads */
};

static struct ink choose_ink(void *ctx, size_t at)
{
    const struct compare *cm = ctx;
    return splice_ink(cm->view.splice_text, at);
}

static enum role_id role_of(int author)
{
    static const enum role_id looks[AUTHOR_COUNT] = {STYLE_WRITER, STYLE_MODEL, STYLE_EDIT, STYLE_PROMPT};
    return looks[author];
}

/* Which of the sides a line of the splice was cut from, by its number. */
static const char *mark_of_line(void *ctx, size_t line_start)
{
    static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    struct compare *cm = ctx;
    struct buffer *b = cm->view.splice_text;
    if (line_start >= buffer_length(b) || buffer_byte(b, line_start) == '\n')
        return NULL;
    int64_t source = buffer_ink_at(b, line_start).source;
    for (int i = 0; i < cm->count && source; i++)
        if (cm->sides[i].take == source)
            return cm->sides[i].number <= 9 ? digits[cm->sides[i].number - 1] : "+";
    return source ? "·" : NULL;
}

static struct compare *compare_new(struct store *store)
{
    struct compare *cm = mem_new(1, sizeof *cm);
    compare_view_init(&cm->view);
    cm->view.splice.ctx = cm;
    cm->view.splice.choose_ink = choose_ink;
    cm->view.splice.role_of = role_of;
    cm->view.splice.mark_of = mark_of_line;
    splice_bring_back(store, cm->view.splice_text, &cm->kept_version);
    return cm;
}

static void forget_sides(struct compare *cm)
{
    compare_view_changed(&cm->view);
    for (int i = 0; i < cm->count; i++)
        side_release(&cm->sides[i]);
    free(cm->sides);
    for (int i = 0; i < COMPARE_COLUMNS; i++) {
        free(cm->taken[i]);
        cm->taken[i] = NULL;
    }
    diff_rows_release(&cm->rows);
    facts_release(&cm->facts);
    free(cm->fact_spans);
    cm->fact_spans = NULL;
    cm->sides = NULL;
    cm->count = 0;
}

void compare_release(struct app *app)
{
    if (!app->compare)
        return;
    forget_sides(app->compare);
    compare_view_release(&app->compare->view);
    free(app->compare);
    app->compare = NULL;
}

/* -- what stands beside what --------------------------------------------------------------------------------------------------------------- */

static struct side *side_in(const struct compare *cm, int column)
{
    return &cm->sides[cm->shown[column]];
}

static void show_facts(struct compare *cm)
{
    struct side *shown[COMPARE_COLUMNS];
    int count = cm->view.column_count;
    for (int i = 0; i < count; i++)
        shown[i] = side_in(cm, i);
    facts_make(&cm->facts, shown, count);
    free(cm->fact_spans);
    cm->fact_spans = mem_new((size_t)cm->facts.count + 1, sizeof *cm->fact_spans);
    for (int i = 0; i < cm->facts.count; i++)
        for (int k = 0; k < count; k++)
            cm->fact_spans[i].value[k] = str_span(&cm->facts.list[i].value[k]);
    cm->view.facts = cm->fact_spans;
    cm->view.fact_count = cm->facts.count;
    cm->view.facts_note = span_of(cm->facts.asked == count  ? _("same prompt, same dials")
                                  : cm->facts.asked == 0 ? _("not asked for: no prompt, no dials")
                                                         : _("not all of these were asked for"));
}

/* The line of the caret's side that is in the caret's row or nearest above it. */
static int caret_line(const struct compare *cm)
{
    int line = -1;
    for (int r = cm->view.row < cm->rows.count ? cm->view.row : cm->rows.count - 1; r >= 0 && line < 0; r--)
        line = cm->rows.rows[r].line[cm->view.focus];
    return line < 0 ? 0 : line;
}

static int row_of_line(const struct compare *cm, int column, int line)
{
    for (int r = 0; r < cm->rows.count; r++)
        if (cm->rows.rows[r].line[column] == line)
            return r;
    return 0;
}

/* Lays the shown sides beside one another; the caret stays on its line when its side is still there. */
static void align(struct compare *cm, int line)
{
    struct span texts[COMPARE_COLUMNS];
    struct compare_view *v = &cm->view;
    compare_view_changed(v);
    for (int i = 0; i < v->column_count; i++) {
        struct side *s = side_in(cm, i);
        texts[i] = str_span(&s->text);
        free(cm->taken[i]);
        cm->taken[i] = mem_new((size_t)s->line_count + 1, sizeof **cm->taken);
        v->columns[i] = (struct compare_column){.title = str_span(&s->title),
                                                .rating = s->rating,
                                                .role = s->own ? STYLE_WRITER : STYLE_MODEL,
                                                .lines = s->lines,
                                                .line_count = s->line_count,
                                                .taken = cm->taken[i]};
    }
    diff_align(&cm->rows, texts, v->column_count);
    v->rows = &cm->rows;
    v->row = row_of_line(cm, v->focus, line);
    cm->taken_version = 0;
    show_facts(cm);
}

static bool is_shown(const struct compare *cm, int side)
{
    for (int i = 0; i < cm->view.column_count; i++)
        if (cm->shown[i] == side)
            return true;
    return false;
}

/* The next side in a direction that no column shows, -1: all are shown. */
static int hidden_from(const struct compare *cm, int side, int step)
{
    for (int i = 0; i < cm->count; i++) {
        side = (side + step + cm->count) % cm->count;
        if (!is_shown(cm, side))
            return side;
    }
    return -1;
}

/* As many columns as the screen has room for. */
static void fit_columns(struct compare *cm, int width)
{
    struct compare_view *v = &cm->view;
    int wanted = compare_view_columns(width), line = 0;
    wanted = wanted < cm->count ? wanted : cm->count;
    if (wanted == v->column_count)
        return;
    if (v->column_count)
        line = caret_line(cm);
    if (v->column_count == 0 && wanted == cm->count) { /* all fit: in their order */
        v->focus = cm->shown[0];
        cm->shown[0] = 0;
    }
    for (; v->column_count < wanted; v->column_count++)
        cm->shown[v->column_count] =
            v->column_count ? hidden_from(cm, cm->shown[v->column_count - 1], 1) : cm->shown[0];
    while (v->column_count > wanted) {
        int last = --v->column_count;
        if (v->focus == last) { /* the caret's column stays */
            cm->shown[last - 1] = cm->shown[last];
            v->focus = last - 1;
        }
    }
    align(cm, line);
}

/* -- opening ------------------------------------------------------------------------------------------------------------------------------- */

/* Takes over the sides. */
static void open_sides(struct app *app, struct side *sides, int count, int first)
{
    if (!app->compare)
        app->compare = compare_new(app->store);
    struct compare *cm = app->compare;
    forget_sides(cm);
    cm->sides = sides;
    cm->count = count;
    cm->piece = app->piece.id;
    cm->shown[0] = first;
    cm->view.column_count = cm->view.focus = cm->view.row = cm->view.top = 0;
    cm->view.in_splice = false;
    if (app->view != VIEW_COMPARE)
        cm->from = app->view;
    for (int i = 0; i < count; i++)
        side_entitle(&cm->sides[i]);
    fit_columns(cm, app->canvas.w);
    app->view = VIEW_COMPARE;
    app_touch(app, true);
}

static bool too_few(int count, struct err *e)
{
    return count < 2 && !err_set(e, ERR_USAGE, "%s", _("There is nothing to compare: two takes or more are needed."));
}

static void number_sides(struct side *sides, int count)
{
    for (int i = 0; i < count; i++)
        sides[i].number = i + 1;
}

bool compare_open_passages(struct app *app, const int *passages, int count, int first, struct err *e)
{
    count = count < COMPARE_SIDES ? count : COMPARE_SIDES;
    if (too_few(count, e))
        return false;
    page_sync(&app->page);
    struct side *sides = mem_new((size_t)count, sizeof *sides);
    for (int i = 0; i < count; i++)
        side_from_passage(&sides[i], &app->piece, passages[i]);
    number_sides(sides, count);
    open_sides(app, sides, count, first < count ? first : 0);
    return true;
}

/* A take of the open piece shows as it stands on the desk, any other as the library has it. */
static bool side_of_take(struct app *app, struct side *s, int64_t take, struct err *e)
{
    int index = piece_find_take(&app->piece, take), passage = index < 0 ? -1 : page_passage_of_take(&app->piece, index);
    if (passage < 0)
        return side_from_library(s, app->store, take, e);
    side_from_passage(s, &app->piece, passage);
    return true;
}

bool compare_open(struct app *app, const int64_t *takes, int count, struct err *e)
{
    count = count < COMPARE_SIDES ? count : COMPARE_SIDES;
    if (too_few(count, e))
        return false;
    page_sync(&app->page);
    struct side *sides = mem_new((size_t)count, sizeof *sides);
    bool ok = true;
    for (int i = 0; i < count && ok; i++)
        ok = side_of_take(app, &sides[i], takes[i], e);
    number_sides(sides, count);
    if (ok) {
        open_sides(app, sides, count, 0);
        return true;
    }
    for (int i = 0; i < count; i++)
        side_release(&sides[i]);
    free(sides);
    return false;
}

bool compare_reopen(struct app *app)
{
    struct compare *cm = app->compare;
    int64_t takes[COMPARE_SIDES];
    struct err err = {0};
    int count = 0;
    if (!cm || buffer_length(cm->view.splice_text) == 0)
        return false;
    for (int i = 0; i < cm->count; i++)
        if (cm->sides[i].take)
            takes[count++] = cm->sides[i].take;
    return compare_open(app, takes, count, &err);
}

/* -- moving -------------------------------------------------------------------------------------------------------------------------------- */

static void go_to_row(struct compare *cm, int row)
{
    int last = cm->rows.count - 1;
    cm->view.row = row > last ? last : row;
    cm->view.row = cm->view.row < 0 ? 0 : cm->view.row;
    cm->view.follow = true;
}

const struct compare_view *compare_seen(const struct app *app)
{
    return &app->compare->view;
}

void compare_go(struct app *app, int row)
{
    go_to_row(app->compare, row);
}

void compare_move(struct app *app, int rows)
{
    struct compare *cm = app->compare;
    if (!compare_view_read_on(&cm->view, rows))
        go_to_row(cm, cm->view.row + rows);
}

void compare_page(struct app *app, int pages)
{
    go_to_row(app->compare, compare_view_page(&app->compare->view, pages));
}

void compare_side(struct app *app, int step)
{
    struct compare *cm = app->compare;
    int to = cm->view.focus + step, count = cm->view.column_count;
    if (to >= 0 && to < count) {
        cm->view.focus = to;
        return;
    }
    int edge = cm->shown[step < 0 ? 0 : count - 1], beyond = edge + step;
    if (beyond < 0 || beyond >= cm->count || is_shown(cm, beyond))
        return;
    int line = caret_line(cm);
    if (step > 0)
        memmove(cm->shown, cm->shown + 1, (size_t)(count - 1) * sizeof *cm->shown);
    else
        memmove(cm->shown + 1, cm->shown, (size_t)(count - 1) * sizeof *cm->shown);
    cm->shown[step < 0 ? 0 : count - 1] = beyond;
    align(cm, line);
}

void compare_flip(struct app *app, int step)
{
    struct compare *cm = app->compare;
    int other = hidden_from(cm, cm->shown[cm->view.focus], step), line = caret_line(cm);
    if (other < 0) {
        app_say(app, STYLE_DIM, "%s", _("All takes of this set stand here already."));
        return;
    }
    cm->shown[cm->view.focus] = other;
    align(cm, line);
}

void compare_to_splice(struct app *app, bool in)
{
    app->compare->view.in_splice = in;
}

/* -- cutting and splicing ------------------------------------------------------------------------------------------------------------------ */

static void take_lines(struct compare *cm, const struct side *s, size_t from, size_t to)
{
    struct runs inks = {0};
    runs_copy(&s->inks, from, to, &inks);
    splice_add(&cm->view.splice, span_cut(str_span(&s->text), from, to), inks.items, inks.count);
    runs_release(&inks);
}

void compare_take_line(struct app *app)
{
    struct compare *cm = app->compare;
    const struct side *s = side_in(cm, cm->view.focus);
    int line = cm->rows.count ? cm->rows.rows[cm->view.row].line[cm->view.focus] : -1;
    if (line < 0) {
        app_say(app, STYLE_DIM, "%s", _("There is no line here; the arrows lead to one."));
        return;
    }
    size_t from = side_line_start(s, line);
    take_lines(cm, s, from, from + s->lines[line].len);
    if (line + 1 < s->line_count)
        go_to_row(cm, row_of_line(cm, cm->view.focus, line + 1));
}

void compare_take_all(struct app *app)
{
    struct compare *cm = app->compare;
    const struct side *s = side_in(cm, cm->view.focus);
    if (s->text.len)
        take_lines(cm, s, 0, s->text.len);
    else
        app_say(app, STYLE_DIM, "%s", _("This take is empty."));
}

static void say_nothing_spliced(struct app *app)
{
    app_say(app, STYLE_DIM, "%s", _("Nothing is spliced yet; Space takes the line at the caret."));
}

void compare_drop(struct app *app)
{
    if (!splice_drop(&app->compare->view.splice))
        say_nothing_spliced(app);
}

void compare_shift(struct app *app, int step)
{
    if (!splice_shift(&app->compare->view.splice, step))
        app_say(app, STYLE_DIM, "%s", step < 0 ? _("This line of the splice is the first.") : _("This line of the splice is the last."));
}

void compare_walk(struct app *app, bool back)
{
    if (!splice_walk(&app->compare->view.splice, back))
        app_say(app, STYLE_DIM, "%s", back ? _("There is nothing to undo.") : _("There is nothing to redo."));
}

/* -- laying it on the page ----------------------------------------------------------------------------------------------------------------- */

/* The passage of the open piece beside which the splice is laid: the first of those shown, or of all; -1: none is of this piece. */
static int find_anchor(const struct app *app)
{
    const struct compare *cm = app->compare;
    for (int i = 0; i < cm->view.column_count; i++)
        if (side_in(cm, i)->passage >= 0)
            return side_in(cm, i)->passage;
    for (int i = 0; i < cm->count; i++)
        if (cm->sides[i].passage >= 0)
            return cm->sides[i].passage;
    return -1;
}

static bool begins_a_side(const struct compare *cm, struct span line)
{
    for (int i = 0; i < cm->count; i++)
        if (cm->sides[i].line_count && span_equal(cm->sides[i].lines[0], line))
            return true;
    return false;
}

/* What must stand between the text above and the splice. */
static struct span lead_in(struct app *app, int anchor, int parent, struct span text)
{
    struct piece *p = &app->piece;
    struct span beside = anchor >= 0 ? passage_text(p, anchor) : SPAN(""), before = SPAN(""), line = SPAN("");
    size_t breaks = 0;
    while (breaks < beside.len && beside.s[breaks] == '\n')
        breaks++;
    if (breaks)
        return span_cut(SPAN("\n\n"), 0, breaks < 2 ? breaks : 2);
    for (int i = parent; i >= 0 && before.len == 0; i = p->passages[i].parent)
        before = passage_text(p, i);
    bool ended = before.len == 0 || before.s[before.len - 1] == '\n';
    if (anchor >= 0)
        return ended || (span_line(&text, &line) && begins_a_side(app->compare, line)) ? SPAN("") : SPAN("\n");
    bool below_prompt = parent >= 0 && p->passages[parent].author == AUTHOR_PROMPT;
    return before.len == 0 || below_prompt ? SPAN("") : ended ? SPAN("\n") : SPAN("\n\n");
}

static int add_spliced(struct app *app, int parent, struct span lead, struct buffer *b)
{
    struct str text = {0}, runs = {0};
    struct run head = {lead.len, {0, AUTHOR_WRITER, 0}};
    str_add(&text, lead);
    str_add(&text, buffer_text(b));
    run_write(&runs, &head);
    splice_runs(b, &runs);
    int added = piece_add_passage(&app->piece, parent, AUTHOR_EDIT, -1);
    passage_set_text(&app->piece, added, str_span(&text));
    str_set(&app->piece.passages[added].runs, str_span(&runs));
    str_release(&text);
    str_release(&runs);
    return added;
}

void compare_lay(struct app *app)
{
    struct compare *cm = app->compare;
    struct buffer *b = cm->view.splice_text;
    int lines = splice_lines(b);
    if (lines == 0) {
        say_nothing_spliced(app);
        return;
    }
    int anchor = cm->piece == app->piece.id ? find_anchor(app) : -1;
    int parent = anchor >= 0 ? app->piece.passages[anchor].parent : page_tip(&app->page);
    int added = add_spliced(app, parent, lead_in(app, anchor, parent, buffer_text(b)), b);
    buffer_clear(b);
    editor_after_change(&cm->view.splice, 0);
    app->view = VIEW_DESK;
    page_go(&app->page, added);
    editor_after_change(&app->desk.page, buffer_length(app->page.buf));
    desk_edited(app);
    desk_focus(app, FOCUS_PAGE);
    app_say(app, STYLE_DIM, "%s",
            anchor >= 0 ? _("The splice lies on the page; what it was cut from stays beside it.")
                        : _("The splice lies at the page's end; what it was cut from stays where it was."));
}

/* -- drawing, keys and mouse --------------------------------------------------------------------------------------------------------------- */

/* Marks the lines that stand in the splice. */
static void find_taken(struct compare *cm)
{
    struct side *shown[COMPARE_COLUMNS];
    struct buffer *b = cm->view.splice_text;
    if (cm->taken_version == buffer_version(b))
        return;
    cm->taken_version = buffer_version(b);
    for (int i = 0; i < cm->view.column_count; i++)
        shown[i] = side_in(cm, i);
    sides_find_taken(shown, cm->view.column_count, b, cm->taken);
}

bool compare_keep(struct app *app, struct err *e)
{
    struct compare *cm = app->compare;
    return !cm || splice_keep(app->store, cm->view.splice_text, &cm->kept_version, e);
}

void compare_draw(struct app *app)
{
    struct compare *cm = app->compare;
    if (buffer_version(cm->view.splice_text) != cm->kept_version && !app->save_us)
        desk_changed(app); /* kept soon, like all that is typed */
    struct compare_view *v = &cm->view;
    fit_columns(cm, app->canvas.w);
    find_taken(cm);
    v->total = cm->count;
    v->splice_lines = splice_lines(v->splice_text);
    v->message = str_span(&app->message);
    v->message_role = app->message_role;
    v->footer_count = footer_fill(app, v->in_splice ? FOOTER_SPLICE : FOOTER_COMPARE, &v->footer);
    compare_view_draw(v, &app->canvas);
}

enum map compare_map(const struct app *app)
{
    return app->compare->view.in_splice ? MAP_SPLICE : MAP_COMPARE;
}

struct editor *compare_text(struct app *app)
{
    return app->compare->view.in_splice ? &app->compare->view.splice : NULL;
}

void compare_back(struct app *app)
{
    struct compare *cm = app->compare;
    if (cm->view.in_splice) {
        cm->view.in_splice = false;
        return;
    }
    app->view = cm->from;
    if (buffer_length(cm->view.splice_text))
        app_say(app, STYLE_DIM, "%s", _("The splice is not on the page yet; it waits where takes are compared."));
}

void compare_mouse(struct app *app, const struct mouse *m)
{
    struct compare *cm = app->compare;
    struct compare_view *v = &cm->view;
    int row = 0, column = 0;
    size_t offset = 0;
    const char *command = NULL;
    enum compare_target target = compare_view_at(v, m->x, m->y, &row, &column, &offset, &command);
    if (mouse_wheel(m) && target == COMPARE_SPLICE) {
        editor_scroll(&v->splice, mouse_wheel(m));
    } else if (mouse_wheel(m)) {
        compare_view_scroll(v, mouse_wheel(m));
    } else if (target == COMPARE_SPLICE && m->kind != MOUSE_RELEASE) {
        v->in_splice = true;
        editor_move_to(&v->splice, offset, m->kind == MOUSE_DRAG || (m->mods & MOD_SHIFT));
    } else if (m->kind == MOUSE_PRESS && target == COMPARE_CELL) {
        bool again = !v->in_splice && row == v->row && column == v->focus;
        v->in_splice = false;
        v->focus = column;
        v->row = row;
        if (again)
            command_run_named(app, "splice-take");
    } else if (m->kind == MOUSE_PRESS && target == COMPARE_COMMAND) {
        command_run_named(app, command);
    }
}
