#include "ui/layout.h"

#include "core/display.h"
#include "core/mem.h"
#include "core/wrap.h"

#include <stdlib.h>
#include <string.h>

/* LINES_KEPT bounds the cache; lines of LONG_LINE rows and more outlive the others, since they cost the most.
 * RESYNC_ROWS is how far an edit looks for rows that begin where they did before. A row breaks by what
 * follows its hanging spaces, and so may the one that it leaves to, once for each fitness of a break:
 * ROWS_BEFORE go back. */
enum { LINES_KEPT = 1024, LONG_LINE = 64, RESYNC_ROWS = 256, ROWS_BEFORE = 5 };

struct line {
    size_t start, len; /* without its newline */
    size_t *rows;      /* where rows begin, relative to start; rows[0] is 0 */
    int count, cap;
    bool whole; /* all rows are known */
};

struct layout {
    struct buffer *buf;
    uint64_t version;
    int width;
    struct line *lines; /* some of the text's, sorted */
    int count, cap;
    size_t *fresh; /* rows being wrapped again */
    int fresh_cap;
    size_t known_line; /* a line's start and its number, to count from */
    int64_t known_number;
};

struct layout *layout_new(void)
{
    return mem_new(1, sizeof(struct layout));
}

static void layout_forget(struct layout *l)
{
    for (int i = 0; i < l->count; i++)
        free(l->lines[i].rows);
    l->count = 0;
}

void layout_free(struct layout *l)
{
    if (!l)
        return;
    layout_forget(l);
    free(l->lines);
    free(l->fresh);
    free(l);
}

/* -- one line ------------------------------------------------------------------------------------------- */

static void line_push(struct line *line, size_t row)
{
    ARRAY_ROOM(line->rows, line->count, line->cap);
    line->rows[line->count++] = row;
}

/* Where the row after the one at `row` begins. */
static size_t line_wrap(struct layout *l, const struct line *line, size_t row)
{
    if (row >= line->len)
        return line->len;
    return row + wrap_row(buffer_slice(l->buf, line->start + row, line->start + line->len), l->width);
}

/* Whether a caret behind the last row's text would stand outside. */
static bool line_is_full(struct layout *l, const struct line *line, size_t row)
{
    struct span text = buffer_slice(l->buf, line->start + row, line->start + line->len);
    int column = 0;
    for (size_t at = 0; at < text.len && column < l->width;) {
        struct glyph g;
        display_glyph(text, at, column, &g);
        at += (size_t)g.bytes;
        column += g.width;
    }
    return column >= l->width;
}

/* Finds one more row, or finds that there is none. */
static void line_extend(struct layout *l, struct line *line)
{
    size_t row = line->rows[line->count - 1], next = line_wrap(l, line, row);
    if (next < line->len) {
        line_push(line, next);
        return;
    }
    line->whole = true;
    if (line->start + line->len == buffer_length(l->buf) && line_is_full(l, line, row))
        line_push(line, line->len);
}

/* Index of the known row that holds the relative offset `at`. */
static int line_find(const struct line *line, size_t at)
{
    int low = 0, high = line->count;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (line->rows[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Puts `fresh` in the place of the rows [from, to) and moves those behind by what the line has grown. */
static void line_splice(struct line *line, int from, int to, const size_t *fresh, int count, size_t removed,
                        size_t added)
{
    int tail = line->count - to;
    if (from + count + tail > line->cap) {
        line->cap = from + count + tail + line->count / 4 + 4;
        line->rows = mem_grow(line->rows, (size_t)line->cap, sizeof *line->rows);
    }
    memmove(line->rows + from + count, line->rows + to, (size_t)tail * sizeof *line->rows);
    if (count)
        memcpy(line->rows + from, fresh, (size_t)count * sizeof *fresh);
    line->count = from + count + tail;
    for (int i = from + count; i < line->count; i++)
        line->rows[i] = line->rows[i] - removed + added;
}

/* Wraps again from row `from` on until a row begins where one began before the edit, the line's end comes, or
 * it has gone on for so long that the rest had better wait until it is asked for. */
static void line_rewrap(struct layout *l, struct line *line, int from, const struct change *change)
{
    size_t edit = change->at - line->start, row = line->rows[from];
    int fresh = 0, old = from + 1;
    while (old < line->count && line->rows[old] < edit + change->removed)
        old++;
    while (fresh < RESYNC_ROWS) {
        row = line_wrap(l, line, row);
        if (row >= line->len)
            break;
        while (old < line->count && line->rows[old] - change->removed + change->added < row)
            old++;
        if (old < line->count && line->rows[old] - change->removed + change->added == row) {
            line_splice(line, from + 1, old, l->fresh, fresh, change->removed, change->added);
            return;
        }
        ARRAY_ROOM(l->fresh, fresh, l->fresh_cap);
        l->fresh[fresh++] = row;
    }
    line_splice(line, from + 1, line->count, l->fresh, fresh, 0, 0);
}

/* The edit begins in this line. */
static void line_edit(struct layout *l, struct line *line, const struct change *change)
{
    size_t edit = change->at - line->start, len = line->len;
    if (line->count > 1 && line->rows[line->count - 1] == len)
        line->count--; /* the row that stood there for the caret only */
    line->len = buffer_line_end(l->buf, change->at) - line->start;
    line->whole = false;
    int from = line_find(line, edit) - ROWS_BEFORE;
    if (from < 0)
        from = 0;
    bool inside = edit + change->removed <= len && line->len == len - change->removed + change->added;
    if (inside)
        line_rewrap(l, line, from, change);
    else
        line->count = from + 1;
}

/* -- the lines ------------------------------------------------------------------------------------------ */

static void layout_apply(struct layout *l, const struct change *change)
{
    int kept = 0;
    for (int i = 0; i < l->count; i++) {
        struct line line = l->lines[i];
        if (line.start > change->at + change->removed) {
            line.start = line.start - change->removed + change->added;
        } else if (line.start + line.len >= change->at) {
            if (line.start > change->at) {
                free(line.rows); /* the newline before it is gone */
                continue;
            }
            line_edit(l, &line, change);
        }
        l->lines[kept++] = line;
    }
    l->count = kept;
    if (change->at < l->known_line) {
        l->known_line = 0;
        l->known_number = 0;
    }
}

void layout_sync(struct layout *l, struct buffer *buf, int width)
{
    struct change change = {0};
    if (width < 2)
        width = 2;
    if (l->buf != buf || !buffer_changed_since(buf, l->version, &change)) {
        layout_forget(l);
        l->known_line = 0;
        l->known_number = 0;
        l->buf = buf;
    } else if (width != l->width) {
        layout_forget(l);
    }
    l->width = width;
    if (change.removed + change.added > 0)
        layout_apply(l, &change);
    l->version = buffer_version(buf);
}

/* Makes room by letting the short lines go, or all of them. */
static void layout_thin(struct layout *l)
{
    if (l->count < LINES_KEPT)
        return;
    int kept = 0;
    for (int i = 0; i < l->count; i++) {
        if (l->lines[i].count >= LONG_LINE)
            l->lines[kept++] = l->lines[i];
        else
            free(l->lines[i].rows);
    }
    l->count = kept;
    if (l->count >= LINES_KEPT / 2)
        layout_forget(l);
}

/* Index of the first line that begins behind `at`. */
static int layout_search(const struct layout *l, size_t at)
{
    int low = 0, high = l->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (l->lines[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct line *layout_line(struct layout *l, size_t at)
{
    int i = layout_search(l, at);
    if (i > 0 && at <= l->lines[i - 1].start + l->lines[i - 1].len)
        return &l->lines[i - 1];
    layout_thin(l);
    i = layout_search(l, at);
    ARRAY_ROOM(l->lines, l->count, l->cap);
    memmove(l->lines + i + 1, l->lines + i, (size_t)(l->count - i) * sizeof *l->lines);
    l->count++;
    size_t start = buffer_line_start(l->buf, at);
    l->lines[i] = (struct line){.start = start, .len = buffer_line_end(l->buf, at) - start};
    line_push(&l->lines[i], 0);
    return &l->lines[i];
}

/* -- rows ----------------------------------------------------------------------------------------------- */

static struct row line_row(struct layout *l, struct line *line, int index)
{
    while (!line->whole && index + 1 >= line->count)
        line_extend(l, line);
    bool last = index + 1 >= line->count;
    return (struct row){
        .start = line->start + line->rows[index],
        .end = line->start + (last ? line->len : line->rows[index + 1]),
        .line = line->start,
        .line_end = line->start + line->len,
        .index = index,
        .last = last,
    };
}

struct row layout_row(struct layout *l, size_t at)
{
    struct line *line = layout_line(l, at);
    while (!line->whole && line->rows[line->count - 1] <= at - line->start)
        line_extend(l, line);
    return line_row(l, line, line_find(line, at - line->start));
}

bool layout_next(struct layout *l, struct row *row)
{
    if (!row->last)
        *row = line_row(l, layout_line(l, row->line), row->index + 1);
    else if (row->line_end < buffer_length(l->buf))
        *row = line_row(l, layout_line(l, row->line_end + 1), 0);
    else
        return false;
    return true;
}

bool layout_prev(struct layout *l, struct row *row)
{
    if (row->index > 0) {
        *row = line_row(l, layout_line(l, row->line), row->index - 1);
        return true;
    }
    if (row->line == 0)
        return false;
    struct line *line = layout_line(l, row->line - 1);
    while (!line->whole)
        line_extend(l, line);
    *row = line_row(l, line, line->count - 1);
    return true;
}

bool row_same(const struct row *a, const struct row *b)
{
    return a->line == b->line && a->index == b->index;
}

bool row_holds(const struct row *row, size_t at)
{
    return at >= row->start && (at < row->end || (row->last && at == row->end));
}

int64_t layout_line_number(struct layout *l, size_t at)
{
    size_t line = buffer_line_start(l->buf, at);
    int64_t number = l->known_number;
    if (line >= l->known_line)
        number += (int64_t)buffer_newlines(l->buf, l->known_line, line);
    else if (line > l->known_line / 2)
        number -= (int64_t)buffer_newlines(l->buf, line, l->known_line);
    else
        number = (int64_t)buffer_newlines(l->buf, 0, line);
    l->known_line = line;
    l->known_number = number;
    return number;
}
