#include "ui/canvas.h"
#include "core/mem.h"
#include "core/utf8.h"
#include <stdlib.h>
#include <string.h>

/* Frames are compared by memcmp: a cell has no padding, and what lies behind its text is zero. */
_Static_assert(sizeof(struct cell) == DISPLAY_TEXT_MAX + 2 + 9, "struct cell has padding");

static int min_int(int a, int b) { return a < b ? a : b; }
static int max_int(int a, int b) { return a > b ? a : b; }

/* In 64 bits, so that any rect is welcome, however far off it lies. */
static struct rect rect_overlap(struct rect a, struct rect b)
{
    int x = max_int(a.x, b.x), y = max_int(a.y, b.y);
    int64_t right = (int64_t)a.x + a.w < (int64_t)b.x + b.w ? (int64_t)a.x + a.w : (int64_t)b.x + b.w;
    int64_t bottom = (int64_t)a.y + a.h < (int64_t)b.y + b.h ? (int64_t)a.y + a.h : (int64_t)b.y + b.h;
    if (right <= x || bottom <= y)
        return (struct rect){x, y, 0, 0};
    return (struct rect){x, y, (int)(right - x), (int)(bottom - y)};
}

static bool clip_has(const struct canvas *c, int x, int y)
{
    return x >= c->clip.x && y >= c->clip.y && x < c->clip.x + c->clip.w && y < c->clip.y + c->clip.h;
}

static struct cell *cell_at(struct canvas *c, int x, int y)
{
    return &c->cells[(size_t)y * (size_t)c->w + (size_t)x];
}

static bool colour_equal(struct colour a, struct colour b)
{
    return a.kind == b.kind && a.r == b.r && a.g == b.g && a.b == b.b;
}

static struct style style_of(const struct canvas *c, enum role_id role)
{
    return c->styles ? c->styles[role] : (struct style){.attrs = 0};
}

/* What a role has of its own lies over what is there: colours that are the plain text's are not its own. */
static struct style style_over(const struct canvas *c, struct style under, enum role_id role)
{
    struct style plain = style_of(c, STYLE_TEXT), over = style_of(c, role);
    if (!colour_equal(over.fg, plain.fg))
        under.fg = over.fg;
    if (!colour_equal(over.bg, plain.bg))
        under.bg = over.bg;
    under.attrs |= over.attrs;
    return under;
}

/* A text keeps the ground that was filled in before it, unless its role has a ground of its own. */
static struct style style_on(const struct canvas *c, struct style ground, enum role_id role)
{
    struct style plain = style_of(c, STYLE_TEXT), look = style_of(c, role);
    if (colour_equal(look.bg, plain.bg))
        look.bg = ground.bg;
    look.attrs |= ground.attrs & ATTR_REVERSE;
    return look;
}

static struct cell cell_make(struct span text, int width, struct style style)
{
    struct cell cell = {.len = (uint8_t)text.len, .width = (uint8_t)width, .style = style};
    CHECK(text.len < sizeof cell.text);
    if (text.len)
        memcpy(cell.text, text.s, text.len);
    return cell;
}

static struct cell cell_blank(struct style style) { return cell_make(SPAN(" "), 1, style); }

/* Blanks the other half of wide glyphs that a change of the cells [x, x + w) of row y will cut. */
static void mend_edges(struct canvas *c, int x, int y, int w)
{
    struct cell *cell = cell_at(c, x, y);
    if (cell->width == 0 && x > 0)
        cell[-1] = cell_blank(cell[-1].style);
    if (x + w < c->w && cell[w].width == 0)
        cell[w] = cell_blank(cell[w].style);
}

/* The one place that writes a glyph; the cells lie inside the canvas. */
static void put(struct canvas *c, int x, int y, struct span text, int width, struct style style)
{
    struct cell *cell = cell_at(c, x, y);
    mend_edges(c, x, y, width);
    cell[0] = cell_make(text, width, style);
    if (width == 2)
        cell[1] = cell_make(SPAN(""), 0, style);
}

void canvas_init(struct canvas *c) { *c = (struct canvas){.cursor_x = -1, .cursor_y = -1}; }

void canvas_release(struct canvas *c)
{
    free(c->cells);
    canvas_init(c);
}

void canvas_resize(struct canvas *c, int w, int h)
{
    w = max_int(w, 1);
    h = max_int(h, 1);
    if (!c->cells || w != c->w || h != c->h)
        c->cells = mem_grow(c->cells, (size_t)w * (size_t)h, sizeof *c->cells);
    c->w = w;
    c->h = h;
    canvas_clear(c);
}

void canvas_clear(struct canvas *c)
{
    size_t count = (size_t)c->w * (size_t)c->h, done = 1;
    c->cells[0] = cell_blank(style_of(c, STYLE_TEXT));
    for (; done < count; done *= 2) /* what is blank is copied: each time twice as much */
        memcpy(c->cells + done, c->cells, (done < count - done ? done : count - done) * sizeof *c->cells);
    c->clip = (struct rect){0, 0, c->w, c->h};
    c->cursor_x = c->cursor_y = -1;
}

struct rect canvas_clip(struct canvas *c, struct rect r)
{
    struct rect old = c->clip;
    c->clip = rect_overlap(old, r);
    return old;
}

void canvas_fill(struct canvas *c, struct rect r, enum role_id role)
{
    struct cell blank = cell_blank(style_of(c, role));
    r = rect_overlap(c->clip, r);
    for (int y = r.y; r.w > 0 && y < r.y + r.h; y++) {
        mend_edges(c, r.x, y, r.w);
        for (int x = r.x; x < r.x + r.w; x++)
            *cell_at(c, x, y) = blank;
    }
}

static void put_clipped(struct canvas *c, int x, int y, struct span text, int width, enum role_id role, bool marker)
{
    bool left = clip_has(c, x, y), right = width < 2 || clip_has(c, x + 1, y);
    if (!left && (width < 2 || !right))
        return;
    int visible = left ? x : x + 1;
    struct style style = style_on(c, cell_at(c, visible, y)->style, role);
    if (marker)
        style = style_over(c, style, STYLE_MARKER);
    if (left && right)
        put(c, x, y, text, width, style);
    else
        put(c, visible, y, SPAN(" "), 1, style);
}

/* Markers like ‹RLO› and tabs: a cell of width 1 for each character; columns that are left over become spaces. */
static void put_spread(struct canvas *c, int x, int y, const struct glyph *g, enum role_id role)
{
    struct span rest = {g->text, (size_t)g->text_len};
    for (int i = 0; i < g->width; i++) {
        int32_t cp = 0;
        size_t used = (size_t)utf8_decode(rest, &cp);
        put_clipped(c, x + i, y, used ? span_cut(rest, 0, used) : SPAN(" "), 1, role, g->kind == GLYPH_MARKER);
        rest = span_cut(rest, used, rest.len);
    }
}

void canvas_glyph(struct canvas *c, int x, int y, const struct glyph *g, enum role_id role)
{
    struct span text = {g->text, (size_t)g->text_len};
    if (g->width > 2 || g->kind == GLYPH_TAB || (g->kind == GLYPH_MARKER && utf8_length(text) > 1))
        put_spread(c, x, y, g, role);
    else if (g->width > 0 && g->text_len > 0)
        put_clipped(c, x, y, text, g->width, role, g->kind == GLYPH_MARKER);
}

/* On a single line a newline is shown, not obeyed. */
static void newline_to_marker(struct glyph *g)
{
    static const char sign[] = "␊";
    g->kind = GLYPH_MARKER;
    g->width = 1;
    g->text_len = (int)sizeof sign - 1;
    memcpy(g->text, sign, sizeof sign);
}

int canvas_text(struct canvas *c, int x, int y, int columns, struct span text, enum role_id role)
{
    int64_t room = (int64_t)c->clip.x + c->clip.w - x;
    if (columns < 0 || columns > room)
        columns = room < 0 ? 0 : room > INT32_MAX ? INT32_MAX : (int)room;
    int used = 0;
    for (size_t at = 0; at < text.len && used < columns;) {
        struct glyph g = {.bytes = 0};
        display_glyph(text, at, used, &g);
        if (g.kind == GLYPH_NEWLINE)
            newline_to_marker(&g);
        if (g.bytes <= 0 || g.width > columns - used)
            break;
        canvas_glyph(c, x + used, y, &g, role);
        used += g.width;
        at += (size_t)g.bytes;
    }
    return used;
}

int canvas_print(struct canvas *c, int x, int y, int columns, enum role_id role, const char *format, ...)
{
    struct str text = {.max = 0};
    va_list args;
    va_start(args, format);
    str_vprintf(&text, format, args);
    va_end(args);
    int used = canvas_text(c, x, y, columns, str_span(&text), role);
    str_release(&text);
    return used;
}

int canvas_text_right(struct canvas *c, int x, int y, int columns, struct span text, enum role_id role)
{
    int width = display_width(text);
    if (columns >= 0)
        width = min_int(width, columns);
    return canvas_text(c, x - width, y, width, text, role);
}

void canvas_tint(struct canvas *c, struct rect r, enum role_id role)
{
    r = rect_overlap(c->clip, r);
    for (int y = r.y; r.w > 0 && y < r.y + r.h; y++) {
        for (int x = r.x; x < r.x + r.w; x++) {
            struct cell *cell = cell_at(c, x, y);
            if (cell->width > 0)
                cell->style = style_over(c, cell->style, role);
            if (cell->width == 2)
                cell[1].style = cell->style;
        }
    }
}

void canvas_cursor(struct canvas *c, int x, int y)
{
    bool inside = x >= 0 && y >= 0 && x < c->w && y < c->h;
    c->cursor_x = inside ? x : -1;
    c->cursor_y = inside ? y : -1;
}

/* Box-drawing signs by their arms, so that lines which meet are joined. */
enum { ARM_UP = 1, ARM_DOWN = 2, ARM_LEFT = 4, ARM_RIGHT = 8 };
static const char *const lines[16] = {
    " ", "╵", "╷", "│", "╴", "┘", "┐", "┤", "╶", "└", "┌", "├", "─", "┴", "┬", "┼",
};
static const char ascii_lines[16][2] = {" ", "|", "|", "|", "-", "+", "+", "+", "-", "+", "+", "+", "-", "+", "+", "+"};

static unsigned line_arms(const struct cell *cell)
{
    for (unsigned arms = 1; arms < 16; arms++)
        if (strcmp(cell->text, lines[arms]) == 0)
            return arms;
    return 0;
}

/* `arms` is the line's own sign here; over another line only `inward`, where this line comes from, is added to it. */
static void put_line(struct canvas *c, int x, int y, unsigned arms, unsigned inward, enum role_id role)
{
    if (!clip_has(c, x, y))
        return;
    unsigned old = line_arms(cell_at(c, x, y));
    if (old)
        arms = old | inward;
    /* Where ambiguous characters take two columns, so do these signs. */
    struct span sign = span_of(display_ambiguous() == 2 ? ascii_lines[arms] : lines[arms]);
    put(c, x, y, sign, 1, style_on(c, cell_at(c, x, y)->style, role));
}

void canvas_hline(struct canvas *c, int x, int y, int w, enum role_id role)
{
    struct rect r = rect_overlap(c->clip, (struct rect){x, y, w, 1});
    for (int i = r.x; r.w > 0 && i < r.x + r.w; i++)
        put_line(c, i, y, ARM_LEFT | ARM_RIGHT, (i > x ? ARM_LEFT : 0u) | (i < x + w - 1 ? ARM_RIGHT : 0u), role);
}

void canvas_vline(struct canvas *c, int x, int y, int h, enum role_id role)
{
    struct rect r = rect_overlap(c->clip, (struct rect){x, y, 1, h});
    for (int i = r.y; r.h > 0 && i < r.y + r.h; i++)
        put_line(c, x, i, ARM_UP | ARM_DOWN, (i > y ? ARM_UP : 0u) | (i < y + h - 1 ? ARM_DOWN : 0u), role);
}

static void put_corner(struct canvas *c, int x, int y, unsigned arms, enum role_id role)
{
    put_line(c, x, y, arms, arms, role);
}

void canvas_box(struct canvas *c, struct rect r, enum role_id role, struct span title)
{
    if (r.w < 2 || r.h < 2)
        return;
    int right = r.x + r.w - 1, bottom = r.y + r.h - 1;
    canvas_hline(c, r.x + 1, r.y, r.w - 2, role);
    canvas_hline(c, r.x + 1, bottom, r.w - 2, role);
    canvas_vline(c, r.x, r.y + 1, r.h - 2, role);
    canvas_vline(c, right, r.y + 1, r.h - 2, role);
    put_corner(c, r.x, r.y, ARM_RIGHT | ARM_DOWN, role);
    put_corner(c, right, r.y, ARM_LEFT | ARM_DOWN, role);
    put_corner(c, r.x, bottom, ARM_RIGHT | ARM_UP, role);
    put_corner(c, right, bottom, ARM_LEFT | ARM_UP, role);
    if (title.len == 0 || r.w < 6)
        return;
    int used = canvas_text(c, r.x + 2, r.y, r.w - 4, title, STYLE_TITLE);
    canvas_text(c, r.x + 1, r.y, 1, SPAN(" "), STYLE_TITLE);
    canvas_text(c, r.x + 2 + used, r.y, 1, SPAN(" "), STYLE_TITLE);
}

void canvas_dump(const struct canvas *c, struct str *out)
{
    for (int y = 0; y < c->h; y++) {
        const struct cell *row = &c->cells[(size_t)y * (size_t)c->w];
        int end = c->w;
        while (end > 0 && row[end - 1].width == 1 && strcmp(row[end - 1].text, " ") == 0)
            end--;
        for (int x = 0; x < end; x++)
            str_add(out, (struct span){row[x].text, row[x].len});
        str_add_byte(out, '\n');
    }
}
