#include "ui/editor.h"

#include "core/mem.h"
#include "ui/editor_parts.h"

#include <stdlib.h>
#include <string.h>

/* Before the first draw an editor is as wide as this. A single line is one row however long. What is longer
 * than TYPED_AT_ONCE was not typed and undoes by itself. */
enum { WIDTH_UNKNOWN = 80, WIDTH_SIDEWAYS = 1 << 24, TYPED_AT_ONCE = 64 };

void editor_init(struct editor *ed, struct buffer *buf)
{
    *ed = (struct editor){.buf = buf, .goal = -1, .grown = SIZE_MAX};
    str_init(&ed->needle, 0);
}

void editor_release(struct editor *ed)
{
    layout_free(ed->layout);
    str_release(&ed->needle);
    ed->layout = NULL;
    ed->buf = NULL;
}

/* Columns to wrap at. */
static int text_width(const struct editor *ed)
{
    if (ed->single_line && ed->h <= 1)
        return WIDTH_SIDEWAYS;
    if (ed->w == 0)
        return WIDTH_UNKNOWN;
    return ed->w > ed->gutter ? ed->w - ed->gutter : 1;
}

static size_t at_most(size_t at, size_t limit)
{
    return at < limit ? at : limit;
}

bool editor_ready(struct editor *ed)
{
    if (!ed->buf)
        return false;
    if (!ed->layout)
        ed->layout = layout_new();
    layout_sync(ed->layout, ed->buf, text_width(ed));
    size_t length = buffer_length(ed->buf);
    ed->caret = at_most(ed->caret, length);
    ed->anchor = at_most(ed->anchor, length);
    ed->top = at_most(ed->top, length);
    return true;
}

/* -- clusters and columns ------------------------------------------------------------------------------- */

static struct span row_text(struct editor *ed, const struct row *row)
{
    return buffer_slice(ed->buf, row->start, row->end);
}

size_t editor_next(struct editor *ed, size_t at)
{
    if (at >= buffer_length(ed->buf))
        return buffer_length(ed->buf);
    struct row row = layout_row(ed->layout, at);
    if (at >= row.end)
        return at + 1;
    return row.start + display_next(row_text(ed, &row), at - row.start);
}

size_t editor_prev(struct editor *ed, size_t at)
{
    if (at == 0)
        return 0;
    struct row row = layout_row(ed->layout, at);
    if (at == row.start) {
        if (row.index == 0)
            return at - 1;
        layout_prev(ed->layout, &row);
    }
    return row.start + display_prev(row_text(ed, &row), at - row.start);
}

size_t editor_snap(struct editor *ed, size_t at)
{
    struct row row = layout_row(ed->layout, at);
    if (at == row.start || at >= row.end)
        return at;
    struct span text = row_text(ed, &row);
    size_t inside = at - row.start, border = display_prev(text, inside);
    return display_next(text, border) == inside ? at : row.start + border;
}

void editor_glyph(struct editor *ed, size_t at, struct glyph *g)
{
    *g = (struct glyph){.base = -1};
    if (at >= buffer_length(ed->buf))
        return;
    struct row row = layout_row(ed->layout, at);
    if (at >= row.end)
        *g = (struct glyph){.kind = GLYPH_NEWLINE, .bytes = 1, .base = '\n'};
    else
        display_glyph(row_text(ed, &row), at - row.start, 0, g);
}

int editor_column(struct editor *ed, const struct row *row, size_t at)
{
    struct span text = row_text(ed, row);
    int column = 0;
    for (size_t i = 0; i < text.len && row->start + i < at;) {
        struct glyph g;
        display_glyph(text, i, column, &g);
        i += (size_t)g.bytes;
        if (row->start + i <= at)
            column += g.width;
    }
    return column;
}

size_t editor_at_column(struct editor *ed, const struct row *row, int column)
{
    struct span text = row_text(ed, row);
    size_t cluster = 0;
    int x = 0;
    for (size_t i = 0; i < text.len;) {
        struct glyph g;
        display_glyph(text, i, x, &g);
        cluster = i;
        i += (size_t)g.bytes;
        x += g.width;
        if (column < x)
            return row->start + cluster;
    }
    return row->last ? row->end : row->start + cluster;
}

/* -- caret and selection -------------------------------------------------------------------------------- */

bool editor_selection(const struct editor *ed, size_t *from, size_t *to)
{
    *from = at_most(ed->caret, ed->anchor);
    *to = *from == ed->caret ? ed->anchor : ed->caret;
    return *from != *to;
}

void editor_put(struct editor *ed, size_t anchor, size_t caret)
{
    if (caret != ed->caret)
        buffer_seal(ed->buf);
    ed->anchor = anchor;
    ed->caret = caret;
    ed->goal = -1;
    ed->scrolled = false;
    if (caret != buffer_length(ed->buf) && caret != ed->grown)
        ed->follow = false;
}

void editor_move(struct editor *ed, enum motion m, bool extend)
{
    if (!editor_ready(ed))
        return;
    bool vertical = m == MOVE_UP || m == MOVE_DOWN || m == MOVE_PAGE_UP || m == MOVE_PAGE_DOWN;
    if (vertical && ed->goal < 0) {
        struct row row = layout_row(ed->layout, ed->caret);
        ed->goal = editor_column(ed, &row, ed->caret);
    }
    extend = extend || ed->marking;
    size_t from = 0, to = 0, caret = 0;
    int goal = vertical ? ed->goal : -1;
    if (!extend && (m == MOVE_LEFT || m == MOVE_RIGHT) && editor_selection(ed, &from, &to))
        caret = m == MOVE_LEFT ? from : to;
    else
        caret = editor_target(ed, m);
    editor_put(ed, extend ? ed->anchor : caret, caret);
    ed->goal = goal;
    if (m == MOVE_TEXT_END)
        ed->follow = true;
}

void editor_move_to(struct editor *ed, size_t at, bool extend)
{
    if (!editor_ready(ed))
        return;
    size_t caret = editor_snap(ed, at_most(at, buffer_length(ed->buf)));
    editor_put(ed, extend || ed->marking ? ed->anchor : caret, caret);
}

void editor_select_all(struct editor *ed)
{
    if (editor_ready(ed))
        editor_put(ed, 0, buffer_length(ed->buf));
}

void editor_toggle_mark(struct editor *ed)
{
    ed->marking = !ed->marking;
    ed->anchor = ed->caret;
}

void editor_go_to_line(struct editor *ed, int64_t line)
{
    if (!editor_ready(ed))
        return;
    size_t at = 0, length = buffer_length(ed->buf);
    while (line-- > 1) {
        size_t end = buffer_line_end(ed->buf, at);
        if (end == length)
            break;
        at = end + 1;
    }
    ed->marking = false;
    editor_put(ed, at, at);
}

int64_t editor_line(struct editor *ed)
{
    return editor_ready(ed) ? layout_line_number(ed->layout, ed->caret) + 1 : 1;
}

/* -- changes -------------------------------------------------------------------------------------------- */

/* Where an offset lies after a change; one right at an insertion moves only when asked. */
static size_t shifted(size_t offset, size_t at, size_t removed, size_t added, bool moves)
{
    if (offset < at || (offset == at && !moves))
        return offset;
    if (offset < at + removed)
        return at;
    return offset - removed + added;
}

void editor_shifted(struct editor *ed, size_t at, size_t removed, size_t added)
{
    bool selected = ed->caret != ed->anchor;
    ed->caret = shifted(ed->caret, at, removed, added, ed->follow && !selected);
    ed->anchor = selected ? shifted(ed->anchor, at, removed, added, false) : ed->caret;
    ed->top = shifted(ed->top, at, removed, added, false);
    if (added > 0)
        ed->grown = at + added;
    editor_ready(ed);
}

void editor_after_change(struct editor *ed, size_t caret)
{
    if (!editor_ready(ed))
        return;
    ed->marking = false;
    ed->grown = SIZE_MAX;
    caret = editor_snap(ed, at_most(caret, buffer_length(ed->buf)));
    editor_put(ed, caret, caret);
}

void editor_replace(struct editor *ed, size_t from, size_t to, struct span text)
{
    struct ink ink = ed->choose_ink ? ed->choose_ink(ed->ctx, from) : ed->ink;
    buffer_replace(ed->buf, from, to, text, ink);
    ed->top = shifted(ed->top, from, to - from, text.len, false);
    ed->caret = ed->anchor = from + text.len;
    ed->goal = -1;
    ed->marking = false;
    ed->scrolled = false;
    ed->grown = SIZE_MAX;
    ed->follow = ed->follow && ed->caret == buffer_length(ed->buf);
    editor_ready(ed);
}

static void spaces_for_newlines(struct str *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->s[i] == '\n' || text->s[i] == '\r')
            text->s[i] = ' ';
    }
}

void editor_type(struct editor *ed, struct span text)
{
    if (ed->readonly || text.len == 0 || !editor_ready(ed))
        return;
    struct str flat = {0};
    if (ed->single_line) {
        str_add(&flat, text);
        spaces_for_newlines(&flat);
        text = str_span(&flat);
    }
    size_t from = 0, to = 0;
    editor_selection(ed, &from, &to);
    bool pasted = text.len > TYPED_AT_ONCE || (text.len > 1 && memchr(text.s, '\n', text.len));
    if (pasted)
        buffer_seal(ed->buf);
    editor_replace(ed, from, to, text);
    if (pasted)
        buffer_seal(ed->buf);
    str_release(&flat);
}

/* How far a deletion towards `m` reaches. */
static size_t deletion_end(struct editor *ed, enum motion m)
{
    if (m == MOVE_ROW_START)
        return buffer_line_start(ed->buf, ed->caret);
    if (m != MOVE_ROW_END)
        return editor_target(ed, m);
    size_t end = buffer_line_end(ed->buf, ed->caret);
    return end > ed->caret ? end : editor_next(ed, end);
}

void editor_delete(struct editor *ed, enum motion m)
{
    if (ed->readonly || !editor_ready(ed))
        return;
    size_t from = 0, to = 0;
    if (!editor_selection(ed, &from, &to)) {
        size_t end = deletion_end(ed, m);
        from = at_most(ed->caret, end);
        to = from == end ? ed->caret : end;
    }
    if (from < to)
        editor_replace(ed, from, to, SPAN(""));
}

void editor_copy(const struct editor *ed, struct str *out)
{
    if (!ed->buf)
        return;
    size_t length = buffer_length(ed->buf), from = 0, to = 0;
    if (!editor_selection(ed, &from, &to)) {
        from = buffer_line_start(ed->buf, at_most(ed->caret, length));
        to = buffer_line_end(ed->buf, from);
        to += to < length;
    }
    str_add(out, buffer_slice(ed->buf, at_most(from, length), at_most(to, length)));
}
