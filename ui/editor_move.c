#include "core/count.h"
#include "ui/editor_parts.h"

/* -- rows ----------------------------------------------------------------------------------------------- */

struct row editor_rows_up(struct editor *ed, struct row row, int rows)
{
    while (rows-- > 0 && layout_prev(ed->layout, &row))
        continue;
    return row;
}

static struct row rows_down(struct editor *ed, struct row row, int rows)
{
    while (rows-- > 0 && layout_next(ed->layout, &row))
        continue;
    return row;
}

/* By `rows` up (negative) or down; from the outermost row on to the text's very start or end. */
static size_t vertical_target(struct editor *ed, int rows)
{
    struct row from = layout_row(ed->layout, ed->caret), to = from;
    to = rows < 0 ? editor_rows_up(ed, from, -rows) : rows_down(ed, from, rows);
    if (row_same(&from, &to))
        return rows < 0 ? 0 : buffer_length(ed->buf);
    return editor_at_column(ed, &to, ed->goal);
}

/* The view goes along, so that the caret keeps its place on the screen. */
static size_t page_target(struct editor *ed, int direction)
{
    int rows = ed->h > 2 ? ed->h - 1 : 1;
    struct row top = layout_row(ed->layout, ed->top);
    top = direction < 0 ? editor_rows_up(ed, top, rows) : rows_down(ed, top, rows);
    ed->top = top.start;
    return vertical_target(ed, direction * rows);
}

static size_t row_start_target(struct editor *ed)
{
    struct row row = layout_row(ed->layout, ed->caret);
    return ed->caret == row.start ? row.line : row.start;
}

static size_t row_end_target(struct editor *ed)
{
    struct row row = layout_row(ed->layout, ed->caret);
    size_t end = row.last ? row.end : editor_prev(ed, row.end);
    return ed->caret == end ? row.line_end : end;
}

/* -- words ---------------------------------------------------------------------------------------------- */

enum word_part { PART_END, PART_NEWLINE, PART_SPACE, PART_MARK, PART_JOINER, PART_LETTER, PART_HAN };

static bool is_kana(int32_t cp)
{
    return (cp >= 0x3041 && cp <= 0x30FF && cp != 0x30FB) || (cp >= 0xFF66 && cp <= 0xFF9F);
}

static enum word_part ascii_part(int32_t cp)
{
    if (cp == ' ' || cp == '\t')
        return PART_SPACE;
    if (cp == '\'' || cp == '_')
        return PART_JOINER;
    bool letter = (cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z');
    return letter ? PART_LETTER : PART_MARK;
}

static enum word_part part_at(struct editor *ed, size_t at)
{
    struct glyph g;
    editor_glyph(ed, at, &g);
    if (g.bytes == 0)
        return PART_END;
    if (g.kind == GLYPH_NEWLINE)
        return PART_NEWLINE;
    if (g.base < 0)
        return PART_MARK;
    if (g.base < 0x80)
        return ascii_part(g.base);
    if (g.base == 0xA0 || g.base == 0x3000)
        return PART_SPACE;
    if (is_han(g.base) || is_kana(g.base))
        return PART_HAN;
    if (g.base == 0x2019)
        return PART_JOINER;
    bool mark = is_cjk_mark(g.base) || g.base < 0xC0 || (g.base >= 0x2000 && g.base <= 0x206F);
    return mark ? PART_MARK : PART_LETTER;
}

/* A joiner (the apostrophe of don't) belongs to the word when letters stand on both sides. */
static bool word_goes_on(struct editor *ed, size_t at)
{
    enum word_part part = part_at(ed, at);
    return part == PART_LETTER || (part == PART_JOINER && part_at(ed, editor_next(ed, at)) == PART_LETTER);
}

static bool word_came_before(struct editor *ed, size_t at)
{
    if (at == 0)
        return false;
    size_t prev = editor_prev(ed, at);
    enum word_part part = part_at(ed, prev);
    if (part != PART_JOINER || prev == 0)
        return part == PART_LETTER;
    return part_at(ed, editor_prev(ed, prev)) == PART_LETTER;
}

static bool is_between_words(enum word_part part)
{
    return part == PART_SPACE || part == PART_MARK || part == PART_JOINER;
}

static size_t word_right(struct editor *ed, size_t at)
{
    switch (part_at(ed, at)) {
    case PART_NEWLINE:
        return at + 1;
    case PART_HAN:
        at = editor_next(ed, at);
        break;
    case PART_LETTER:
        while (word_goes_on(ed, at))
            at = editor_next(ed, at);
        break;
    default:
        break;
    }
    while (is_between_words(part_at(ed, at)))
        at = editor_next(ed, at);
    return at;
}

static size_t word_left(struct editor *ed, size_t at)
{
    size_t prev = editor_prev(ed, at);
    if (part_at(ed, prev) == PART_NEWLINE)
        return prev;
    while (at > 0 && is_between_words(part_at(ed, prev))) {
        at = prev;
        prev = editor_prev(ed, at);
    }
    if (at > 0 && part_at(ed, prev) == PART_HAN)
        return prev;
    while (word_came_before(ed, at))
        at = editor_prev(ed, at);
    return at;
}

/* -- paragraphs ----------------------------------------------------------------------------------------- */

static size_t paragraph_up(struct editor *ed, size_t at)
{
    size_t start = buffer_line_start(ed->buf, at);
    if (start < at)
        return start;
    while (start > 0 && buffer_byte(ed->buf, start - 1) == '\n')
        start--;
    return buffer_line_start(ed->buf, start);
}

static size_t paragraph_down(struct editor *ed, size_t at)
{
    at = buffer_line_end(ed->buf, at);
    while (buffer_byte(ed->buf, at) == '\n')
        at++;
    return at;
}

size_t editor_target(struct editor *ed, enum motion m)
{
    switch (m) {
    case MOVE_LEFT:
        return editor_prev(ed, ed->caret);
    case MOVE_RIGHT:
        return editor_next(ed, ed->caret);
    case MOVE_WORD_LEFT:
        return word_left(ed, ed->caret);
    case MOVE_WORD_RIGHT:
        return word_right(ed, ed->caret);
    case MOVE_UP:
        return vertical_target(ed, -1);
    case MOVE_DOWN:
        return vertical_target(ed, 1);
    case MOVE_ROW_START:
        return row_start_target(ed);
    case MOVE_ROW_END:
        return row_end_target(ed);
    case MOVE_PARAGRAPH_UP:
        return paragraph_up(ed, ed->caret);
    case MOVE_PARAGRAPH_DOWN:
        return paragraph_down(ed, ed->caret);
    case MOVE_PAGE_UP:
        return page_target(ed, -1);
    case MOVE_PAGE_DOWN:
        return page_target(ed, 1);
    case MOVE_TEXT_START:
        return 0;
    case MOVE_TEXT_END:
        return buffer_length(ed->buf);
    }
    return ed->caret;
}
