#include "ui/view_compare.h"

#include "core/i18n.h"
#include "core/mem.h"
#include "ui/compare_marks.h"
#include "ui/footer.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#include <stdlib.h>

enum { GUTTER = 2, MARGIN = 1, FACT_ROWS = 3, MESSAGE_ROWS = 3, THREE_COLUMNS = 120 };

/* Where everything stands. */
struct compare_layout {
    bool framed;
    struct rect frame, facts, columns, splice, message;
    int titles, rule; /* rows of the lines above the columns and above the splice */
    int width;        /* of a column, its gutter included */
};

void compare_view_init(struct compare_view *v)
{
    *v = (struct compare_view){.splice_text = buffer_new(), .message_role = STYLE_TEXT};
    editor_init(&v->splice, v->splice_text);
    v->splice.gutter = 2;
}

void compare_view_changed(struct compare_view *v)
{
    for (int i = 0; i < v->marked; i++)
        compare_marks_release(&v->marks[i]);
    free(v->marks);
    free(v->starts);
    v->marks = NULL;
    v->starts = NULL;
    v->marked = 0;
    v->follow = true;
}

void compare_view_release(struct compare_view *v)
{
    compare_view_changed(v);
    editor_release(&v->splice);
    buffer_free(v->splice_text);
    *v = (struct compare_view){.splice_text = NULL};
}

int compare_view_columns(int w)
{
    return w >= THREE_COLUMNS ? 3 : 2;
}

/* -- rows ------------------------------------------------------------------------------------------------------------------ */

static int rows_of(struct span line, int width)
{
    int rows = 1;
    for (size_t at = 0; line.len > at;) {
        at += wrap_row(span_cut(line, at, line.len), width);
        rows += at < line.len;
    }
    return rows;
}

static struct span line_at(const struct compare_view *v, int row, int column)
{
    int line = v->rows->rows[row].line[column];
    return line >= 0 && line < v->columns[column].line_count ? v->columns[column].lines[line] : (struct span){NULL, 0};
}

static void reckon_heights(struct compare_view *v, int width)
{
    if (v->starts && v->width == width)
        return;
    int count = v->rows->count, at = 0;
    v->starts = mem_grow(v->starts, (size_t)count + 1, sizeof *v->starts);
    v->width = width;
    for (int r = 0; r < count; r++) {
        int height = 1;
        v->starts[r] = at;
        for (int column = 0; column < v->column_count; column++) {
            int rows = rows_of(line_at(v, r, column), width - GUTTER - MARGIN);
            height = rows > height ? rows : height;
        }
        at += height;
    }
    v->starts[count] = at;
}

static const struct compare_marks *marks_of(struct compare_view *v, int row)
{
    struct span lines[COMPARE_COLUMNS] = {0};
    if (!v->marks) {
        v->marks = mem_new((size_t)v->rows->count + 1, sizeof *v->marks);
        v->marked = v->rows->count;
    }
    if (!v->marks[row].known) {
        for (int column = 0; column < v->column_count; column++)
            lines[column] = line_at(v, row, column);
        compare_marks_make(&v->marks[row], lines, v->column_count);
    }
    return &v->marks[row];
}

/* Draws the bytes [from, to) of a line, the marked ones in their own look. */
static void draw_marked(struct canvas *c, int x, int y, int columns, struct span line, size_t from, size_t to,
                        const struct compare_marks *m, int column, enum role_id role)
{
    int used = 0;
    for (int i = 0; from < to && used < columns; i++) {
        bool more = i < m->count[column];
        size_t mark = more ? m->marks[column][i].from : to, mark_end = more ? m->marks[column][i].to : to;
        if (mark_end <= from && more)
            continue;
        mark = mark < from ? from : mark < to ? mark : to;
        mark_end = mark_end < to ? mark_end : to;
        used += canvas_text(c, x + used, y, columns - used, span_cut(line, from, mark), role);
        used += canvas_text(c, x + used, y, columns - used, span_cut(line, mark, mark_end), STYLE_CHANGED);
        from = mark_end > mark ? mark_end : mark;
    }
}

/* A line in at most r.h rows below one another. */
static void draw_line(struct canvas *c, struct rect r, struct span line, const struct compare_marks *m, int column, enum role_id role)
{
    size_t at = 0;
    for (int y = 0; y < r.h && at < line.len; y++) {
        size_t end = at + wrap_row(span_cut(line, at, line.len), r.w), shown = end;
        while (shown > at && end < line.len && line.s[shown - 1] == ' ')
            shown--;
        draw_marked(c, r.x, r.y + y, r.w, line, at, shown, m, column, role);
        at = end;
    }
}

static void draw_cell(struct compare_view *v, struct canvas *c, struct rect r, int row, int column)
{
    const struct compare_column *col = &v->columns[column];
    const struct compare_marks *m = marks_of(v, row);
    int line = v->rows->rows[row].line[column];
    bool caret = !v->in_splice && column == v->focus && row == v->row, taken = line >= 0 && col->taken && col->taken[line];
    draw_line(c, (struct rect){r.x + GUTTER, r.y, r.w - GUTTER - MARGIN, r.h}, line_at(v, row, column), m, column,
              m->same ? STYLE_DIM : col->role);
    if (caret) { /* a whole paragraph in another colour is hard to read: its edge is enough */
        canvas_tint(c, (struct rect){r.x, r.y, r.h > 1 ? GUTTER - 1 : r.w, r.h}, STYLE_ROW);
        canvas_cursor(c, r.x, r.y);
    }
    if (taken || caret)
        canvas_text(c, r.x, r.y, 1, sign_text(taken ? SIGN_DONE : SIGN_MARK), caret ? STYLE_ROW : STYLE_ACCENT);
    places_add(&v->places, r, TARGET_TAKE, row * COMPARE_COLUMNS + column);
}

static void follow_caret(struct compare_view *v, int height)
{
    int total = v->starts[v->rows->count], most = total > height ? total - height : 0;
    if (v->follow && v->row < v->rows->count) {
        if (v->starts[v->row + 1] > v->top + height)
            v->top = v->starts[v->row + 1] - height;
        if (v->starts[v->row] < v->top)
            v->top = v->starts[v->row];
    }
    v->follow = false;
    v->top = v->top > most ? most : v->top < 0 ? 0 : v->top;
}

static int column_x(const struct compare_layout *l, int column)
{
    return l->columns.x + column * (l->width + 1);
}

static void draw_columns(struct compare_view *v, struct canvas *c, const struct compare_layout *l)
{
    struct rect area = l->columns;
    reckon_heights(v, l->width);
    follow_caret(v, area.h);
    struct rect clip = canvas_clip(c, area);
    for (int row = 0; row < v->rows->count && v->starts[row] < v->top + area.h; row++) {
        if (v->starts[row + 1] <= v->top)
            continue;
        for (int column = 0; column < v->column_count; column++) {
            struct rect r = {column_x(l, column), area.y + v->starts[row] - v->top, l->width, v->starts[row + 1] - v->starts[row]};
            draw_cell(v, c, r, row, column);
        }
    }
    c->clip = clip;
    v->column_area = area;
}

/* -- what stands around them ----------------------------------------------------------------------------------------------- */

static int fact_height(const struct compare_view *v, const struct compare_fact *fact, int width)
{
    int height = 1;
    for (int column = 0; column < v->column_count; column++) {
        int rows = rows_of(fact->value[column], width - GUTTER - MARGIN);
        height = rows > height ? rows : height;
    }
    return height < FACT_ROWS ? height : FACT_ROWS;
}

static int facts_height(const struct compare_view *v, int width, int most)
{
    int height = v->fact_count ? 0 : v->facts_note.len > 0;
    for (int i = 0; i < v->fact_count; i++)
        height += fact_height(v, &v->facts[i], width);
    return height < most ? height : most;
}

static void draw_facts(const struct compare_view *v, struct canvas *c, const struct compare_layout *l)
{
    struct rect clip = canvas_clip(c, l->facts);
    int y = l->facts.y;
    if (!v->fact_count)
        canvas_text(c, l->facts.x + GUTTER, y, l->facts.w - GUTTER, v->facts_note, STYLE_DIM);
    for (int i = 0; i < v->fact_count && y < l->facts.y + l->facts.h; i++) {
        struct compare_marks m = {.known = false};
        int height = fact_height(v, &v->facts[i], l->width);
        compare_marks_make(&m, v->facts[i].value, v->column_count);
        for (int column = 0; column < v->column_count; column++)
            draw_line(c, (struct rect){column_x(l, column) + GUTTER, y, l->width - GUTTER - MARGIN, height},
                      v->facts[i].value[column], &m, column, STYLE_DIM);
        compare_marks_release(&m);
        y += height;
    }
    c->clip = clip;
}

static void place_all(struct compare_layout *l, const struct compare_view *v, int w, int h)
{
    int message = v->message.len && h >= 6 ? text_rows(v->message, w - 2, h >= 16 ? MESSAGE_ROWS : 1) : h >= 16;
    l->frame = (struct rect){0, 0, w, h - message - (h >= 5)};
    l->message = (struct rect){1, l->frame.h, w - 2, message};
    l->framed = l->frame.h >= 9 && w >= 20;
    int edge = l->framed ? 1 : 0, inside = l->frame.h - 2 * edge, count = v->column_count > 0 ? v->column_count : 1;
    l->columns.x = edge;
    l->columns.w = w - 2 * edge;
    l->width = (l->columns.w - (count - 1)) / count;
    int splice = l->framed ? inside * 3 / 10 : 0, facts = l->framed ? facts_height(v, l->width, inside / 4) : 0;
    l->facts = (struct rect){l->columns.x, edge, l->columns.w, facts};
    l->titles = edge + facts - (facts == 0 && l->framed);
    l->columns.y = l->titles + 1;
    l->rule = l->framed ? l->frame.h - edge - splice - 1 : l->frame.h;
    l->columns.h = l->rule - l->columns.y > 0 ? l->rule - l->columns.y : 0;
    l->splice = (struct rect){edge, l->rule + 1, l->columns.w, splice};
}

/* A name within a line, with a space at each side. Returns where it ends. */
static int draw_title(struct canvas *c, int x, int y, int columns, struct span title, enum role_id role)
{
    if (columns < 3)
        return x;
    int used = canvas_text(c, x + 1, y, columns - 2, title, role);
    canvas_text(c, x, y, 1, SPAN(" "), STYLE_TEXT);
    canvas_text(c, x + 1 + used, y, 1, SPAN(" "), STYLE_TEXT);
    return x + used + 2;
}

static void draw_titles(const struct compare_view *v, struct canvas *c, const struct compare_layout *l)
{
    for (int column = 0; column < v->column_count; column++) {
        int x = column_x(l, column) + (l->framed ? 1 : 0), columns = l->width - 2;
        struct str title = {0}, stars = {0};
        sign_stars(&stars, v->columns[column].rating);
        int room = columns - 2 - (stars.len ? display_width(str_span(&stars)) + 1 : 0);
        display_line(&title, v->columns[column].title, room > 0 ? room : 0);
        bool focus = !v->in_splice && column == v->focus;
        int end = draw_title(c, x, l->titles, columns, str_span(&title), focus ? STYLE_BORDER_FOCUS : STYLE_TITLE);
        if (stars.len)
            draw_title(c, end - 1, l->titles, columns, str_span(&stars), STYLE_ACCENT);
        str_release(&title);
        str_release(&stars);
    }
}

static void draw_lines(const struct compare_view *v, struct canvas *c, const struct compare_layout *l)
{
    if (!l->framed) {
        canvas_hline(c, 0, l->titles, c->w, STYLE_BORDER);
        draw_titles(v, c, l);
        return;
    }
    canvas_box(c, l->frame, STYLE_BORDER, SPAN(""));
    if (l->titles > 0)
        canvas_hline(c, 0, l->titles, c->w, STYLE_BORDER);
    canvas_hline(c, 0, l->rule, c->w, STYLE_BORDER);
    for (int column = 1; column < v->column_count; column++)
        canvas_vline(c, column_x(l, column) - 1, l->titles, l->rule - l->titles + 1, STYLE_BORDER);
    if (l->titles > 0)
        draw_title(c, 2, 0, c->w - 4, span_of(_("Compare")), STYLE_TITLE);
    draw_titles(v, c, l);
    struct str splice = {0};
    str_add_text(&splice, _("Splice"));
    if (v->splice_lines)
        str_printf(&splice, ngettext(" %.*s %d line", " %.*s %d lines", (unsigned long)v->splice_lines), SPAN_ARG(sign_text(SIGN_DOT)),
                   v->splice_lines);
    draw_title(c, 2, l->rule, c->w - 4, str_span(&splice), v->in_splice ? STYLE_BORDER_FOCUS : STYLE_TITLE);
    str_release(&splice);
    if (v->total > v->column_count && c->w >= 40) {
        struct str total = {0};
        str_printf(&total, ngettext(" %d take ", " %d takes ", (unsigned long)v->total), v->total);
        canvas_text_right(c, c->w - 2, 0, c->w / 2, str_span(&total), STYLE_DIM);
        str_release(&total);
    }
}

static void draw_splice(struct compare_view *v, struct canvas *c, const struct compare_layout *l)
{
    struct rect r = {l->splice.x, l->splice.y, l->splice.w, l->splice.h};
    v->splice_area = r;
    if (r.h <= 0)
        return;
    editor_draw(&v->splice, c, r, v->in_splice);
    if (buffer_length(v->splice_text) == 0 && !v->in_splice)
        text_draw(c, (struct rect){r.x + GUTTER, r.y, r.w - GUTTER, r.h},
                  span_of(_("Space takes the line at the caret into a new passage, which grows here.")), STYLE_DIM, false);
    places_add(&v->places, r, TARGET_PROMPT, 0);
}

/* -- the whole ------------------------------------------------------------------------------------------------------------- */

void compare_view_draw(struct compare_view *v, struct canvas *c)
{
    struct compare_layout l = {.framed = false};
    canvas_clear(c);
    places_clear(&v->places);
    place_all(&l, v, c->w, c->h);
    draw_lines(v, c, &l);
    if (l.facts.h > 0)
        draw_facts(v, c, &l);
    draw_columns(v, c, &l);
    draw_splice(v, c, &l);
    if (l.message.h > 0)
        text_draw(c, l.message, v->message, v->message_role, false);
    if (c->h >= 5)
        footer_draw(c, c->h - 1, v->footer, v->footer_count, &v->places);
}

bool compare_view_read_on(struct compare_view *v, int step)
{
    int height = v->column_area.h;
    if (!v->starts || v->row >= v->rows->count || height < 2)
        return false;
    int start = v->starts[v->row], end = v->starts[v->row + 1], most = step > 0 ? end - (v->top + height) : v->top - start;
    if (end - start <= height || most <= 0)
        return false;
    int by = most < height - 1 ? most : height - 1;
    v->top += step > 0 ? by : -by;
    return true;
}

void compare_view_scroll(struct compare_view *v, int rows)
{
    v->top += rows;
}

int compare_view_page(struct compare_view *v, int pages)
{
    int height = v->column_area.h > 1 ? v->column_area.h - 1 : 1, row = v->row;
    if (!v->starts || row >= v->rows->count)
        return row;
    int aim = v->starts[row] + pages * height;
    while (row + 1 < v->rows->count && v->starts[row + 1] <= aim)
        row++;
    while (row > 0 && v->starts[row] > aim)
        row--;
    return row;
}

enum compare_target compare_view_at(const struct compare_view *v, int x, int y, int *row, int *column, size_t *offset,
                                    const char **command)
{
    const struct place *p = places_at(&v->places, x, y);
    *row = *column = -1;
    *offset = 0;
    *command = NULL;
    if (!p)
        return COMPARE_NONE;
    if (p->kind == TARGET_COMMAND) {
        *command = p->command;
        return COMPARE_COMMAND;
    }
    if (p->kind == TARGET_TAKE) {
        *row = p->index / COMPARE_COLUMNS;
        *column = p->index % COMPARE_COLUMNS;
        return COMPARE_CELL;
    }
    /* Asking where a cell's text is may fill the editor's wrap cache; what the view shows stays as it is. */
    *offset = editor_at((struct editor *)&v->splice, x - v->splice_area.x, y - v->splice_area.y);
    return COMPARE_SPLICE;
}
