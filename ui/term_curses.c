#include "ui/painter.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "ui/palette.h"
#include "ui/slots.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>

enum { GLYPH_POINTS = CCHARW_MAX };
#define ROW_BEYOND 9998L /* four digits are read by every terminal */

struct painter {
    SCREEN *screen;
    FILE *file; /* what ncurses writes to: memory */
    int fd;
    enum term_colours colours;
    struct cell *shown; /* what ncurses was told, row by row */
    int w, h, cursor_x, cursor_y;
    bool whole;         /* the next frame says everything */
    bool cursor_hidden;
    bool slots_full;
    struct slots slots;
    char *bytes; /* the frame as ncurses wrote it */
    size_t bytes_cap;
};

/* newterm() takes these signals for itself; they are the loop's. */
static const int taken_signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

static void set_variable(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void set_size_variable(const char *name, int value)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    setenv(name, text, 1);
}

/* LINES and COLUMNS are the one way to tell newterm() a size that it cannot ask for: some descriptions name none. */
static SCREEN *start_sized(const char *terminal, FILE *file, int w, int h)
{
    char *lines_before = mem_copy_text(getenv("LINES")), *columns_before = mem_copy_text(getenv("COLUMNS"));
    set_size_variable("LINES", h);
    set_size_variable("COLUMNS", w);
    use_tioctl(FALSE);
    SCREEN *screen = newterm(terminal, file, stdin);
    set_variable("LINES", lines_before);
    set_variable("COLUMNS", columns_before);
    free(lines_before);
    free(columns_before);
    return screen;
}

static SCREEN *start_curses(const char *terminal, FILE *file, int w, int h)
{
    struct sigaction old[COUNT_OF(taken_signals)];
    for (size_t i = 0; i < COUNT_OF(taken_signals); i++)
        sigaction(taken_signals[i], NULL, &old[i]);
    SCREEN *screen = start_sized(terminal, file, w, h);
    for (size_t i = 0; i < COUNT_OF(taken_signals); i++)
        sigaction(taken_signals[i], &old[i], NULL);
    return screen;
}

/* NULL when the terminal lacks the capability. */
static const char *capability(const char *name)
{
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text;
}

/* Pauses, written as $<ms> in a description, were for terminals on slow lines: they are left out. */
static void add_sequence(struct str *out, struct span text)
{
    while (text.len) {
        ptrdiff_t pause = span_find(text, SPAN("$<"), 0);
        ptrdiff_t end = pause < 0 ? -1 : span_find(text, SPAN(">"), (size_t)pause);
        str_add(out, end < 0 ? text : span_cut(text, 0, (size_t)pause));
        text = end < 0 ? SPAN("") : span_cut(text, (size_t)end + 1, text.len);
    }
}

static void add_capability(struct str *out, const char *name) { add_sequence(out, span_of(capability(name))); }

/* The environment and the terminal's description decide; a question to the terminal could end up in the shell. */
static enum term_colours find_colours(void)
{
    const char *no_color = getenv("NO_COLOR"), *true_colour = getenv("COLORTERM");
    const char *set = capability("setaf"), *example = set && COLORS >= 256 ? tparm(set, 200L) : NULL;
    if ((no_color && *no_color) || !has_colors() || COLORS < 8)
        return TERM_MONO;
    if (COLORS < 16)
        return TERM_8;
    if (COLORS < 256)
        return TERM_16;
    bool wanted = true_colour && (!strcmp(true_colour, "truecolor") || !strcmp(true_colour, "24bit"));
    /* GNU screen hands the variable on and drops the colours. */
    if (!wanted || getenv("STY") || !example || strcmp(example, "\x1b[38;5;200m") != 0)
        return TERM_256;
    return TERM_TRUE;
}

/* Takes what ncurses wrote since the last call. */
static struct span take_bytes(struct painter *p)
{
    off_t size = lseek(p->fd, 0, SEEK_CUR);
    if (size <= 0)
        return (struct span){"", 0};
    if ((size_t)size > p->bytes_cap) {
        p->bytes_cap = (size_t)size * 2;
        p->bytes = mem_grow(p->bytes, p->bytes_cap, 1);
    }
    ssize_t got = pread(p->fd, p->bytes, (size_t)size, 0);
    lseek(p->fd, 0, SEEK_SET);
    return (struct span){p->bytes, got > 0 ? (size_t)got : 0};
}

/* Where wrapping cannot be switched off, ncurses writes the last cell of the last row by inserting its neighbour, and
 * that breaks wide glyphs. There it is told of a row more, which stays empty: then our last cell is nothing special. */
static int spare_rows(void) { return capability("rmam") ? 0 : 1; }

static void resize(struct painter *p, int w, int h)
{
    resize_term(h + spare_rows(), w);
    werase(stdscr); /* the row more as well, which nobody fills: it has what stood there while the screen was larger */
    p->shown = mem_grow(p->shown, (size_t)w * (size_t)h, sizeof *p->shown);
    p->w = w;
    p->h = h;
    p->whole = true;
}

static void set_up(struct painter *p)
{
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    p->colours = find_colours();
    typeahead(-1);
    leaveok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    idcok(stdscr, FALSE); /* shifting half a row of wide glyphs is where terminals differ */
}

struct painter *painter_new(const char *terminal, int w, int h)
{
    struct painter *p = mem_new(1, sizeof *p);
    p->fd = memfd_create("renga frame", MFD_CLOEXEC);
    p->file = p->fd >= 0 ? fdopen(p->fd, "w") : NULL;
    p->screen = p->file ? start_curses(terminal, p->file, w, h) : NULL;
    if (!p->screen || !capability("cup")) {
        painter_free(p);
        return NULL;
    }
    set_up(p);
    refresh(); /* takes the screen in ncurses' own way: thrown away, ours is painter_enter() */
    take_bytes(p);
    resize(p, w, h);
    return p;
}

void painter_free(struct painter *p)
{
    if (!p)
        return;
    if (p->screen)
        delscreen(p->screen);
    if (p->file)
        fclose(p->file);
    else if (p->fd >= 0)
        close(p->fd);
    free(p->shown);
    free(p->bytes);
    free(p);
}

enum term_colours painter_colours(const struct painter *p) { return p->colours; }

void painter_enter(struct painter *p, struct str *out)
{
    add_capability(out, "smcup");
    add_capability(out, "smkx");
    p->cursor_hidden = false;
    p->whole = true;
}

/* Where there is no other screen to go back to, the last frame stays, and the shell goes on in an empty last row. A row
 * beyond every screen is the last one, whatever size the screen has by then. */
static void add_last_row(struct str *out)
{
    add_sequence(out, span_of(tparm(capability("cup"), ROW_BEYOND, 0L)));
    add_capability(out, "el");
}

void painter_leave(struct painter *p, struct str *out)
{
    (void)p;
    add_capability(out, "sgr0");
    add_capability(out, "op");
    add_capability(out, "rmkx");
    if (capability("rmcup"))
        add_capability(out, "rmcup");
    else
        add_last_row(out);
    add_capability(out, "cnorm");
}

void painter_redraw(struct painter *p) { p->whole = true; }

static int colour_index(struct painter *p, struct colour colour)
{
    static const int counts[] = {[TERM_8] = 8, [TERM_16] = 16, [TERM_256] = 256};
    if (p->colours != TERM_TRUE)
        return palette_nearest(colour, counts[p->colours]);
    if (colour.kind == COLOUR_DEFAULT || (colour.kind == COLOUR_INDEX && colour.r < SLOT_COLOUR_FIRST))
        return palette_nearest(colour, SLOT_COLOUR_FIRST);
    int slot = slots_colour(&p->slots, colour);
    if (slot >= 0)
        return slot;
    p->slots_full = true;
    return palette_nearest(colour, SLOT_COLOUR_FIRST);
}

static attr_t attributes(struct style style, enum term_colours colours)
{
    attr_t attrs = 0;
    attrs |= style.attrs & ATTR_BOLD ? A_BOLD : 0;
    attrs |= style.attrs & ATTR_DIM ? A_DIM : 0;
    attrs |= style.attrs & ATTR_ITALIC ? A_ITALIC : 0;
    attrs |= style.attrs & ATTR_UNDERLINE ? A_UNDERLINE : 0;
    attrs |= style.attrs & ATTR_REVERSE ? A_REVERSE : 0;
    if (colours == TERM_8 && style.fg.kind == COLOUR_INDEX && style.fg.r >= 8 && style.fg.r < 16)
        attrs |= A_BOLD; /* bright colours of old terminals */
    return attrs;
}

static int colour_pair(struct painter *p, struct style style)
{
    if (p->colours == TERM_MONO)
        return 0;
    int fg = colour_index(p, style.fg), bg = colour_index(p, style.bg);
    int pair = fg < 0 && bg < 0 ? 0 : alloc_pair(fg, bg);
    return pair < 0 ? 0 : pair;
}

/* The cell's text as libc sees it: a base of the cell's width and marks of none. False when libc sees it otherwise. */
static bool cell_points(const struct cell *cell, wchar_t points[GLYPH_POINTS + 1])
{
    struct span rest = {cell->text, cell->len};
    int count = 0;
    while (rest.len) {
        int32_t cp = -1;
        size_t used = (size_t)utf8_decode(rest, &cp);
        if (cp < ' ' || count == GLYPH_POINTS || slots_owns(cp))
            return false;
        if (wcwidth((wchar_t)cp) != (count == 0 ? cell->width : 0))
            return false;
        points[count++] = (wchar_t)cp;
        rest = span_cut(rest, used, rest.len);
    }
    points[count] = L'\0';
    return count > 0;
}

static cchar_t curses_cell(struct painter *p, const struct cell *cell, attr_t attrs, int pair)
{
    wchar_t points[GLYPH_POINTS + 1] = {0};
    cchar_t out;
    if (!cell_points(cell, points)) {
        int32_t slot = cell->width == 2 ? slots_glyph(&p->slots, (struct span){cell->text, cell->len}) : -1;
        p->slots_full |= cell->width == 2 && slot < 0;
        points[0] = slot >= 0 ? (wchar_t)slot : cell->width == 2 ? L'〓' : L'?';
        points[1] = L'\0';
    }
    memset(&out, 0, sizeof out);
    setcchar(&out, points, attrs, 0, &pair);
    return out;
}

/* Hands the cells [from, to) of a row to ncurses, a run at a time. */
static void tell_cells(struct painter *p, int y, int from, int to, const struct cell *row)
{
    enum { RUN = 128 };
    cchar_t run[RUN];
    const struct style *style = NULL;
    attr_t attrs = 0;
    int pair = 0;
    while (from < to) {
        int count = 0, x = from;
        for (; x < to && count < RUN; x++) {
            if (row[x].width == 0)
                continue;
            if (!style || memcmp(style, &row[x].style, sizeof *style) != 0) {
                style = &row[x].style;
                attrs = attributes(*style, p->colours);
                pair = colour_pair(p, *style);
            }
            run[count++] = curses_cell(p, &row[x], attrs, pair);
        }
        mvwadd_wchnstr(stdscr, y, from, run, count);
        from = x < to && row[x].width == 0 ? x + 1 : x;
    }
}

/* Tells ncurses what changed in a row. No wide glyph, old or new, is cut at the ends of what it is told. */
static void tell_row(struct painter *p, int y, const struct cell *row)
{
    struct cell *old = &p->shown[(size_t)y * (size_t)p->w];
    int from = 0, to = p->w;
    if (!p->whole) {
        while (from < to && memcmp(&old[from], &row[from], sizeof *row) == 0)
            from++;
        while (to > from && memcmp(&old[to - 1], &row[to - 1], sizeof *row) == 0)
            to--;
        while (from > 0 && (old[from].width == 0 || row[from].width == 0))
            from--;
        while (to < p->w && (old[to].width == 0 || row[to].width == 0))
            to++;
    }
    tell_cells(p, y, from, to, row);
    memcpy(old, row, (size_t)p->w * sizeof *row);
}

static bool tell_rows(struct painter *p, const struct canvas *c)
{
    bool changed = p->whole;
    size_t row_size = (size_t)p->w * sizeof *p->shown;
    for (int y = 0; y < p->h; y++) {
        const struct cell *row = &c->cells[(size_t)y * (size_t)p->w];
        if (!p->whole && memcmp(&p->shown[(size_t)y * (size_t)p->w], row, row_size) == 0)
            continue;
        tell_row(p, y, row);
        changed = true;
    }
    return changed;
}

static void tell_canvas(struct painter *p, const struct canvas *c)
{
    if (p->whole) {
        slots_clear(&p->slots);
        clearok(curscr, TRUE);
    }
    p->slots_full = false;
    bool changed = tell_rows(p, c);
    if (p->slots_full && !p->whole) { /* used up over many frames: start afresh with what this one needs */
        p->whole = true;
        tell_canvas(p, c);
        return;
    }
    if (c->cursor_x >= 0 && (c->cursor_x != p->cursor_x || c->cursor_y != p->cursor_y)) {
        p->cursor_x = c->cursor_x;
        p->cursor_y = c->cursor_y;
        changed = true;
    }
    p->whole = false;
    if (!changed)
        return;
    wmove(stdscr, p->cursor_y, p->cursor_x);
    wnoutrefresh(stdscr);
    doupdate();
}

void painter_frame(struct painter *p, const struct canvas *c, struct str *out)
{
    if (c->w != p->w || c->h != p->h) {
        p->cursor_x = p->cursor_y = 0;
        resize(p, c->w, c->h);
    }
    tell_canvas(p, c);
    slots_restore(&p->slots, take_bytes(p), p->colours == TERM_TRUE, out);
    bool hidden = c->cursor_x < 0;
    if (hidden != p->cursor_hidden)
        str_add_text(out, hidden ? "\x1b[?25l" : "\x1b[?25h");
    p->cursor_hidden = hidden;
}
