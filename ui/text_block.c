#include "ui/text_block.h"

#include "core/wrap.h"

/* Takes the next row off the front of `rest`, `width` columns wide; false when nothing is left. */
static bool next_row(struct span *rest, struct span *paragraph, bool *inside, int width, struct span *row)
{
    if (!*inside && !span_line(rest, paragraph))
        return false;
    size_t len = paragraph->len ? wrap_row(*paragraph, width) : 0;
    *row = span_cut(*paragraph, 0, len);
    *paragraph = span_cut(*paragraph, len, paragraph->len);
    *inside = paragraph->len > 0;
    return true;
}

int text_rows(struct span text, int width, int max)
{
    struct span paragraph = SPAN(""), row = SPAN("");
    bool inside = false;
    int rows = 0;
    while (rows < max && next_row(&text, &paragraph, &inside, width, &row))
        rows++;
    return rows;
}

/* Spaces at a wrapped row's end hang and would push a centred row aside. */
static struct span without_tail(struct span row)
{
    while (row.len && row.s[row.len - 1] == ' ')
        row.len--;
    return row;
}

/* The last row that fits, where its paragraph or the text goes on: an ellipsis stands at its end. */
static struct span cut_row(struct str *cut, struct span row, struct span paragraph, int width)
{
    struct str whole = {0};
    str_add(&whole, paragraph.len ? row : without_tail(row));
    str_add(&whole, paragraph.len ? paragraph : SPAN("…"));
    display_line(cut, str_span(&whole), width);
    str_release(&whole);
    return str_span(cut);
}

int text_draw(struct canvas *c, struct rect r, struct span text, enum role_id role, bool centred)
{
    struct span paragraph = SPAN(""), row = SPAN("");
    struct str cut = {0};
    bool inside = false;
    int rows = 0;
    while (rows < r.h && next_row(&text, &paragraph, &inside, r.w, &row)) {
        bool more = paragraph.len || span_trim(text).len;
        row = rows == r.h - 1 && more ? cut_row(&cut, row, paragraph, r.w) : without_tail(row);
        int width = centred ? display_width(row) : 0;
        int indent = centred && width < r.w ? (r.w - width) / 2 : 0;
        canvas_text(c, r.x + indent, r.y + rows++, r.w - indent, row, role);
    }
    str_release(&cut);
    return rows;
}

bool flow_full(const struct flow *f)
{
    return f->row >= f->skip + f->area.h;
}

int flow_row(struct flow *f)
{
    int y = f->row - f->skip;
    bool seen = y >= 0 && y < f->area.h;
    f->row++;
    return seen ? f->area.y + y : -1;
}

void flow_gap(struct flow *f)
{
    f->row++;
}

void flow_text(struct flow *f, struct span text, enum role_id role)
{
    struct span paragraph = SPAN(""), row = SPAN("");
    bool inside = false;
    while (!flow_full(f) && next_row(&text, &paragraph, &inside, f->area.w, &row)) {
        int y = flow_row(f);
        if (y >= 0)
            canvas_text(f->c, f->area.x, y, f->area.w, without_tail(row), role);
    }
}
