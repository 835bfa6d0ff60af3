#include "ui/editor_parts.h"
#include "ui/search.h"

enum { ROWS_COUNTED = 1000 };

/* -- the view ------------------------------------------------------------------------------------------- */

static size_t view_aim(const struct editor *ed)
{
    size_t length = buffer_length(ed->buf);
    if (!ed->follow)
        return ed->caret;
    return ed->grown < length ? ed->grown : length;
}

#define RESTING 9 /* rows from which a view may rest above its bottom */

/* True when `row` is among the `rows` that begin at `top`. */
static bool rows_hold(struct editor *ed, struct row top, int rows, const struct row *row)
{
    for (int i = 0; i < rows; i++) {
        if (row_same(&top, row))
            return true;
        if (!layout_next(ed->layout, &top))
            return false;
    }
    return false;
}

/* A stream that reaches the bottom goes on this many rows above it: the page stands still for a while, which is calmer to read and
 * cheaper to send than a page that moves with every line. */
static int view_rest(const struct editor *ed)
{
    return ed->follow && ed->grown != SIZE_MAX ? ed->h / 3 : 0;
}

/* Moves the view as little as it takes to show the row; what lies more than a screen away comes to the
 * middle. */
static struct row view_reach(struct editor *ed, struct row top, const struct row *row)
{
    int h = ed->h;
    if (row->start >= top.start) {
        if (rows_hold(ed, top, h, row))
            return top;
        bool near = rows_hold(ed, top, 2 * h, row);
        return editor_rows_up(ed, *row, near ? h - 1 - view_rest(ed) : h / 2);
    }
    bool near = rows_hold(ed, *row, h, &top);
    return near ? *row : editor_rows_up(ed, *row, h / 2);
}

/* No more empty rows at the bottom than a stream leaves, while there is text above. Those that one left stay for what is laid in its place
 * after it: the next take stands where the eye rests. */
static struct row view_fill(struct editor *ed, struct row top)
{
    struct row row = top;
    int rows = 1;
    while (rows < ed->h && layout_next(ed->layout, &row))
        rows++;
    int missing = ed->h - (ed->h < RESTING ? 0 : ed->h / 3) - rows;
    return missing > 0 ? editor_rows_up(ed, top, missing) : top;
}

static bool view_shows_end(struct editor *ed, struct row top)
{
    struct row last = layout_row(ed->layout, buffer_length(ed->buf));
    return rows_hold(ed, top, ed->h, &last);
}

/* A single line scrolls sideways and keeps a column for the caret behind its end. */
static int view_left(struct editor *ed)
{
    if (!ed->single_line || ed->h > 1)
        return 0;
    int columns = ed->w > ed->gutter ? ed->w - ed->gutter : 1;
    struct row row = layout_row(ed->layout, ed->caret);
    int column = editor_column(ed, &row, ed->caret);
    if (column < columns)
        return 0;
    int least = column - columns + 1;
    return ed->left < least ? least : ed->left < column ? ed->left : column;
}

static void view_place(struct editor *ed)
{
    struct row top = layout_row(ed->layout, ed->top);
    if (ed->scrolled && ed->follow && view_shows_end(ed, top))
        ed->scrolled = false;
    if (!ed->scrolled) {
        struct row row = layout_row(ed->layout, view_aim(ed));
        top = view_reach(ed, top, &row);
    }
    top = view_fill(ed, top);
    ed->top = top.start;
    ed->left = view_left(ed);
}

/* -- drawing -------------------------------------------------------------------------------------------- */

/* A walk over the text in view, row by row. */
struct painter {
    struct editor *ed;
    struct canvas *canvas;
    struct rect area;
    bool focused;
    const struct run *runs; /* the one at the walk's place, and where it ends */
    size_t run_count, run_end;
    size_t from, to;         /* selection */
    struct search search;    /* over the text in view and a little around it */
    size_t window;           /* where that begins */
    size_t match, match_end; /* the next match, SIZE_MAX: no more */
};

static void painter_next_match(struct painter *p, size_t from)
{
    size_t at = 0;
    bool found = search_next(&p->search, from - p->window, &at);
    p->match = found ? p->window + at : SIZE_MAX;
    p->match_end = found ? p->match + p->ed->needle.len : SIZE_MAX;
}

static void painter_start(struct painter *p, const struct row *top)
{
    struct editor *ed = p->ed;
    editor_selection(ed, &p->from, &p->to);
    struct row last = *top;
    for (int i = 1; i < p->area.h && layout_next(ed->layout, &last); i++)
        continue;
    size_t margin = ed->needle_shown ? ed->needle.len : 0, length = buffer_length(ed->buf);
    size_t before = margin < top->start ? margin : top->start;
    size_t behind = margin < length - last.end ? margin : length - last.end;
    p->window = top->start - before;
    if (margin > 0)
        search_start(&p->search, buffer_slice(ed->buf, p->window, last.end + behind), str_span(&ed->needle));
    painter_next_match(p, p->window);
    p->runs = buffer_runs(ed->buf, &p->run_count);
    p->run_end = p->run_count > 0 ? p->runs->len : 0;
}

static enum role_id painter_role(struct painter *p, size_t at)
{
    while (at >= p->run_end && p->run_count > 1) {
        p->run_count--;
        p->runs++;
        p->run_end += p->runs->len;
    }
    if (!p->ed->role_of || p->run_count == 0)
        return STYLE_TEXT;
    return p->ed->role_of(p->runs->ink.author);
}

static void painter_tint(struct painter *p, size_t at, struct rect cells)
{
    while (at >= p->match_end)
        painter_next_match(p, p->match_end);
    if (at >= p->match)
        canvas_tint(p->canvas, cells, STYLE_MATCH);
    if (at >= p->from && at < p->to)
        canvas_tint(p->canvas, cells, STYLE_SELECTION);
}

static void painter_mark(struct painter *p, const struct row *row, int y)
{
    struct editor *ed = p->ed;
    if (ed->gutter == 0 || row->index > 0 || !ed->mark_of)
        return;
    const char *mark = ed->mark_of(ed->ctx, row->line);
    if (mark)
        canvas_text(p->canvas, p->area.x, y, ed->gutter, span_of(mark), STYLE_DIM);
}

static void painter_note(struct painter *p, const struct row *row, int y)
{
    struct editor *ed = p->ed;
    struct str note = {0};
    if (ed->notes == 0 || !ed->note_of)
        return;
    enum role_id role = ed->note_of(ed->ctx, row->start, row->last ? row->line_end + 1 : row->end, &note);
    canvas_text(p->canvas, p->area.x + p->area.w + 1, y, ed->notes - 1, str_span(&note), role);
    str_release(&note);
}

/* Draws the row's glyphs and returns the column of the caret, should it stand in this row. */
static int painter_row(struct painter *p, const struct row *row, int y)
{
    struct editor *ed = p->ed;
    int left = p->area.x + ed->gutter - ed->left, right = p->area.x + p->area.w, column = 0, caret = -1;
    for (size_t at = row->start; at < row->end && left + column < right;) {
        struct glyph g;
        display_glyph(buffer_slice(ed->buf, row->start, row->end), at - row->start, column, &g);
        size_t next = at + (size_t)g.bytes;
        if (ed->caret >= at && ed->caret < next)
            caret = column;
        struct rect cells = {left + column, y, g.width, 1};
        canvas_glyph(p->canvas, cells.x, y, &g, g.kind == GLYPH_MARKER ? STYLE_MARKER : painter_role(p, at));
        painter_tint(p, at, cells);
        column += g.width;
        at = next;
    }
    if (row->last && row->line_end >= p->from && row->line_end < p->to)
        canvas_tint(p->canvas, (struct rect){left + column, y, 1, 1}, STYLE_SELECTION); /* the newline */
    return caret < 0 ? column : caret;
}

static void painter_draw(struct painter *p)
{
    struct editor *ed = p->ed;
    struct row row = layout_row(ed->layout, ed->top);
    struct rect text = p->area;
    text.x += ed->gutter;
    text.w -= ed->gutter;
    painter_start(p, &row);
    if (p->focused) /* should the caret be out of view, the cursor waits at the edge towards it */
        canvas_cursor(p->canvas, text.x, ed->caret < row.start ? text.y : text.y + text.h - 1);
    for (int i = 0; i < p->area.h; i++) {
        int y = p->area.y + i;
        painter_mark(p, &row, y);
        painter_note(p, &row, y);
        struct rect old = canvas_clip(p->canvas, text);
        int column = painter_row(p, &row, y) - ed->left;
        p->canvas->clip = old;
        if (p->focused && row_holds(&row, ed->caret))
            canvas_cursor(p->canvas, text.x + (column < text.w ? column : text.w - 1), y);
        if (!layout_next(ed->layout, &row))
            break;
    }
}

void editor_draw(struct editor *ed, struct canvas *c, struct rect r, bool focused)
{
    if (r.w <= ed->gutter || r.h <= 0)
        return;
    ed->w = r.w;
    ed->h = r.h;
    if (!editor_ready(ed)) {
        if (focused)
            canvas_cursor(c, r.x + ed->gutter, r.y);
        return;
    }
    view_place(ed);
    struct painter p = {.ed = ed, .canvas = c, .area = r, .focused = focused};
    struct rect old = canvas_clip(c, (struct rect){r.x, r.y, r.w + ed->notes, r.h});
    painter_draw(&p);
    search_end(&p.search);
    c->clip = old;
}

/* -- the mouse ------------------------------------------------------------------------------------------ */

void editor_scroll(struct editor *ed, int rows)
{
    if (!editor_ready(ed))
        return;
    struct row top = editor_rows_up(ed, layout_row(ed->layout, ed->top), -rows);
    while (rows-- > 0 && layout_next(ed->layout, &top))
        continue;
    ed->top = top.start;
    ed->scrolled = true;
}

size_t editor_at(struct editor *ed, int x, int y)
{
    if (!editor_ready(ed))
        return 0;
    struct row row = layout_row(ed->layout, ed->top);
    while (y-- > 0) {
        if (!layout_next(ed->layout, &row))
            return buffer_length(ed->buf);
    }
    return editor_at_column(ed, &row, x - ed->gutter + ed->left);
}

int editor_rows(struct editor *ed, int width)
{
    if (!editor_ready(ed))
        return 1;
    layout_sync(ed->layout, ed->buf, width - ed->gutter);
    struct row row = layout_row(ed->layout, 0);
    int rows = 1;
    while (rows < ROWS_COUNTED && layout_next(ed->layout, &row))
        rows++;
    return rows;
}
