/* Frames go through the real painter into a terminal emulator, and its cells must be the canvas's cells. */
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "ui/painter.h"
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include <cmocka.h>

struct stage {
    struct painter *painter;
    struct canvas canvas;
    VTerm *vt;
    VTermScreen *screen;
    struct str bytes; /* of the last frame */
    int props[VTERM_N_PROPS];
    int replies;
};

static struct style looks[STYLE_COUNT];

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    (void)value;
    ((struct stage *)user)->props[prop]++;
    return 1;
}

static void on_reply(const char *bytes, size_t len, void *user)
{
    (void)bytes;
    ((struct stage *)user)->replies += (int)len;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static struct colour rgb(uint8_t r, uint8_t g, uint8_t b) { return (struct colour){COLOUR_RGB, r, g, b}; }
static struct colour indexed(uint8_t index) { return (struct colour){COLOUR_INDEX, index, 0, 0}; }

static void set_looks(void)
{
    memset(looks, 0, sizeof looks);
    looks[STYLE_ACCENT] = (struct style){.fg = rgb(215, 135, 95), .attrs = ATTR_BOLD};
    looks[STYLE_MODEL] = (struct style){.fg = indexed(4)};
    looks[STYLE_EDIT] = (struct style){.fg = indexed(99), .attrs = ATTR_UNDERLINE};
    looks[STYLE_MARKER] = (struct style){.fg = indexed(1), .attrs = ATTR_REVERSE};
    looks[STYLE_POPUP] = (struct style){.fg = rgb(1, 2, 3), .bg = rgb(40, 41, 42)};
    looks[STYLE_SELECTION] = (struct style){.attrs = ATTR_REVERSE};
    looks[STYLE_ROW] = (struct style){.bg = indexed(236), .attrs = ATTR_ITALIC};
}

static void stage_open(struct stage *s, const char *terminal, int w, int h)
{
    *s = (struct stage){.replies = 0};
    set_looks();
    s->vt = vterm_new(h, w);
    vterm_set_utf8(s->vt, 1);
    vterm_output_set_callback(s->vt, on_reply, s);
    s->screen = vterm_obtain_screen(s->vt);
    vterm_screen_enable_altscreen(s->screen, 1);
    vterm_screen_reset(s->screen, 1);
    vterm_screen_set_callbacks(s->screen, &callbacks, s);
    s->painter = painter_new(terminal, w, h);
    assert_non_null(s->painter);
    canvas_init(&s->canvas);
    s->canvas.styles = looks;
    canvas_resize(&s->canvas, w, h);
    painter_enter(s->painter, &s->bytes);
    vterm_input_write(s->vt, str_text(&s->bytes), s->bytes.len);
}

static void stage_close(struct stage *s)
{
    painter_free(s->painter);
    canvas_release(&s->canvas);
    vterm_free(s->vt);
    str_release(&s->bytes);
}

static size_t show(struct stage *s)
{
    str_clear(&s->bytes);
    painter_frame(s->painter, &s->canvas, &s->bytes);
    vterm_input_write(s->vt, str_text(&s->bytes), s->bytes.len);
    return s->bytes.len;
}

static void cell_text(const VTermScreenCell *cell, struct str *out)
{
    str_clear(out);
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++) {
        char bytes[4];
        int len = utf8_encode((int32_t)cell->chars[i], bytes);
        str_add(out, (struct span){bytes, (size_t)len});
    }
    if (out->len == 0)
        str_add_text(out, " ");
}

static void same_colour(VTermColor got, struct colour want)
{
    bool is_default = VTERM_COLOR_IS_DEFAULT_FG(&got) || VTERM_COLOR_IS_DEFAULT_BG(&got);
    assert_int_equal(is_default, want.kind == COLOUR_DEFAULT);
    if (want.kind == COLOUR_INDEX) {
        assert_true(VTERM_COLOR_IS_INDEXED(&got));
        assert_int_equal(got.indexed.idx, want.r);
    } else if (want.kind == COLOUR_RGB) {
        assert_true(VTERM_COLOR_IS_RGB(&got));
        assert_int_equal(got.rgb.red, want.r);
        assert_int_equal(got.rgb.green, want.g);
        assert_int_equal(got.rgb.blue, want.b);
    }
}

static void same_cell(struct stage *s, int x, int y, struct str *text)
{
    const struct cell *want = &s->canvas.cells[y * s->canvas.w + x];
    VTermScreenCell got;
    vterm_screen_get_cell(s->screen, (VTermPos){y, x}, &got);
    if (want->width == 0)
        return;
    cell_text(&got, text);
    assert_string_equal(str_text(text), want->text);
    assert_int_equal(got.width, want->width);
    assert_int_equal(got.attrs.bold, (want->style.attrs & ATTR_BOLD) != 0);
    assert_int_equal(got.attrs.italic, (want->style.attrs & ATTR_ITALIC) != 0);
    assert_int_equal(got.attrs.underline, (want->style.attrs & ATTR_UNDERLINE) != 0);
    assert_int_equal(got.attrs.reverse, (want->style.attrs & ATTR_REVERSE) != 0);
    same_colour(got.fg, want->style.fg);
    same_colour(got.bg, want->style.bg);
}

static void same_screen(struct stage *s)
{
    struct str text = {.max = 0};
    for (int y = 0; y < s->canvas.h; y++)
        for (int x = 0; x < s->canvas.w; x++)
            same_cell(s, x, y, &text);
    str_release(&text);
    VTermPos cursor;
    vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &cursor);
    if (s->canvas.cursor_x >= 0) {
        assert_int_equal(cursor.col, s->canvas.cursor_x);
        assert_int_equal(cursor.row, s->canvas.cursor_y);
    }
}

static int below(int n) { return (int)((unsigned)random() % (unsigned)n); }

/* Rows move up or down, as when text scrolls. */
static void scroll(struct canvas *c)
{
    size_t rows = (size_t)below(c->h), from = (size_t)below(c->h - (int)rows), to = (size_t)below(c->h - (int)rows);
    size_t w = (size_t)c->w;
    memmove(c->cells + to * w, c->cells + from * w, rows * w * sizeof *c->cells);
}

static void scribble(struct canvas *c)
{
    static const char *const words[] = {"秋夜", "a", "the autumn night ", "汉字一二三四五六七八九十", "                ", "é", "x诗y",
                                        "----------", "\x1b[31m", "ॐ", "\u202e"};
    static const enum role_id roles[] = {STYLE_TEXT, STYLE_ACCENT, STYLE_MODEL, STYLE_EDIT, STYLE_POPUP, STYLE_ROW};
    for (int i = below(6); i >= 0; i--) {
        enum role_id role = roles[below((int)COUNT_OF(roles))];
        struct rect r = {below(c->w + 4) - 2, below(c->h + 2) - 1, below(c->w), below(c->h)};
        switch (below(8)) {
        case 0:
            canvas_fill(c, r, role);
            break;
        case 1:
            canvas_tint(c, r, STYLE_SELECTION);
            break;
        case 2:
            scroll(c);
            break;
        case 3:
            canvas_box(c, r, role, SPAN("诗"));
            break;
        default:
            canvas_text(c, r.x, r.y, below(30), span_of(words[below((int)COUNT_OF(words))]), role);
        }
    }
    canvas_cursor(c, below(c->w), below(c->h));
}

static void random_frames(const char *terminal, int w, int h, int frames)
{
    struct stage s;
    stage_open(&s, terminal, w, h);
    srandom((unsigned)(w * 1000 + h));
    for (int i = 0; i < frames; i++) {
        if (below(40) == 0)
            canvas_clear(&s.canvas);
        if (below(60) == 0)
            painter_redraw(s.painter);
        scribble(&s.canvas);
        show(&s);
        same_screen(&s);
        assert_int_equal(show(&s), 0); /* nothing changed: nothing is sent */
    }
    assert_int_equal(s.replies, 0);
    stage_close(&s);
}

static void screen_is_the_canvas(void **state)
{
    (void)state;
    setenv("COLORTERM", "truecolor", 1);
    static const int sizes[][2] = {{1, 1}, {2, 1}, {3, 2}, {7, 3}, {20, 6}, {40, 12}, {80, 24}, {133, 5}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        random_frames("xterm-256color", sizes[i][0], sizes[i][1], 400);
}

/* Texts that would like to be obeyed. */
static const char *const hostile[] = {
    "\x1b[31mRED\x1b[0m", "\x1b[2J\x1b[H", "\x1b]0;pwned\x07", "\x1b]2;x\x1b\\\x1b[21t", "\x1bP$qm\x1b\\",
    "\x1b[?1049l\x1b[?25l\x1b[?1000h", "\x1b]52;c;cm0=\x07", "\x1b_Gf=100;AAAA\x1b\\", "\x1b" "c", "\x1b(0qqq", "\x1b#8",
    "\xc2\x9b" "31m", "\x9b" "31m", "rm -rf\x08\x08\x08\x08\x08\x08ls", "safe\rspoof", "\x7f\x01\x02\x0e\x0f\x18\x1a",
    "a\x0b\x0c\x85\xc2\x85\xe2\x80\xa8" "b", "\xe2\x80\xae" "fdp.exe", "\xe2\x81\xa6x\xe2\x81\xa9",
    "\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf", "\xf3\xa0\x81\xa1\xf3\xa0\x81\xa2", "\xef\xbf\xbe\xef\xbf\xbf",
    "\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf", "\xf0\xaf\xa0\x80 stand-in", "38;5;20m", "👩‍👩‍👧‍👦👍🏽❤️",
    "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86", "\xcc\x81 alone",
};

/* Length of the sequence at `s` if it is one that a frame may hold; 0: it is not. */
static size_t allowed(const char *s)
{
    static const char finals[] = "mHdGABCDKJXrTSLMP";
    if (s[1] == '(' && s[2] == 'B')
        return 3;
    if (s[1] == 'M' || s[1] == '7' || s[1] == '8')
        return 2;
    if (s[1] != '[')
        return 0;
    size_t i = 2;
    bool private = s[i] == '?';
    i += private;
    while ((s[i] >= '0' && s[i] <= '9') || s[i] == ';')
        i++;
    if (private) /* the cursor, and wrapping around the last cell */
        return (s[i] == 'h' || s[i] == 'l') && (!strncmp(s + 3, "25", 2) || !strncmp(s + 3, "7", 1)) ? i + 1 : 0;
    return s[i] && strchr(finals, s[i]) ? i + 1 : 0;
}

static void audit(const struct stage *s)
{
    const char *bytes = str_text(&s->bytes);
    assert_true(utf8_valid(str_span(&s->bytes)));
    for (size_t i = 0; i < s->bytes.len;) {
        unsigned char byte = (unsigned char)bytes[i];
        size_t len = byte == 0x1B ? allowed(bytes + i) : 1;
        assert_true(len > 0);
        assert_true(byte >= ' ' || byte == 0x1B || byte == '\r' || byte == '\n' || byte == '\b');
        assert_true(byte != 0x7F);
        int32_t cp = -1;
        utf8_decode(span_cut(str_span(&s->bytes), i, s->bytes.len), &cp);
        assert_false((cp >= 0x80 && cp < 0xA0) || (cp >= 0x200B && cp < 0x2010) || (cp >= 0x2028 && cp < 0x202F));
        i += len;
        while (i < s->bytes.len && (bytes[i] & 0xC0) == 0x80)
            i++;
    }
}

static void texts_control_nothing(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "xterm-256color", 60, 4);
    memset(s.props, 0, sizeof s.props);
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        canvas_clear(&s.canvas);
        canvas_text(&s.canvas, 0, 1, -1, span_of(hostile[i]), STYLE_TEXT);
        canvas_box(&s.canvas, (struct rect){0, 2, 60, 2}, STYLE_BORDER, span_of(hostile[i]));
        canvas_cursor(&s.canvas, 3, 3);
        assert_true(show(&s) > 0);
        audit(&s);
        VTermScreenCell corner;
        vterm_screen_get_cell(s.screen, (VTermPos){2, 59}, &corner);
        assert_int_equal(corner.chars[0], 0x2510); /* nothing was moved */
    }
    for (int i = 0; i < VTERM_N_PROPS; i++)
        assert_int_equal(s.props[i], 0);
    assert_int_equal(s.replies, 0);
    stage_close(&s);
}

static void marks_stay_with_their_base(void **state)
{
    (void)state;
    struct stage s;
    struct str text = {.max = 0};
    stage_open(&s, "xterm-256color", 20, 2);
    canvas_text(&s.canvas, 2, 0, -1, SPAN("e\xcc\x81|\xe6\xb1\x89\xcc\x81|a\xcc\x82\xcc\xa3|"), STYLE_TEXT);
    show(&s);
    for (int x = 2; x < 10; x++)
        same_cell(&s, x, 0, &text);
    canvas_text(&s.canvas, 2, 0, -1, SPAN("e"), STYLE_TEXT);
    show(&s);
    same_cell(&s, 2, 0, &text);
    str_release(&text);
    stage_close(&s);
}

static void sizes_are_followed(void **state)
{
    static const int sizes[][2] = {{40, 12}, {1, 1}, {2, 1}, {500, 200}, {10, 3}, {80, 24}};
    (void)state;
    struct stage s;
    stage_open(&s, "xterm-256color", 30, 8);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        vterm_set_size(s.vt, sizes[i][1], sizes[i][0]);
        canvas_resize(&s.canvas, sizes[i][0], sizes[i][1]);
        canvas_box(&s.canvas, (struct rect){0, 0, sizes[i][0], sizes[i][1]}, STYLE_ACCENT, SPAN("秋夜秋夜秋夜"));
        scribble(&s.canvas);
        show(&s);
        same_screen(&s);
    }
    stage_close(&s);
}

static void same_texts(struct stage *s)
{
    struct str got = {.max = 0};
    for (int at = 0; at < s->canvas.w * s->canvas.h; at++) {
        const struct cell *cell = &s->canvas.cells[at];
        VTermScreenCell shown;
        vterm_screen_get_cell(s->screen, (VTermPos){at / s->canvas.w, at % s->canvas.w}, &shown);
        cell_text(&shown, &got);
        if (cell->width > 0)
            assert_string_equal(str_text(&got), cell->text);
    }
    str_release(&got);
}

/* Also where the painter keeps a row more than is seen: what stood there before is not drawn over the last one. */
static void a_smaller_screen_keeps_nothing_of_the_larger(void **state)
{
    static const char *const names[] = {"xterm-256color", "tmux-256color", "screen", "linux", "vt220"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct stage s;
        stage_open(&s, names[i], 80, 24);
        for (int h = 24; h > 2; h -= 3) {
            vterm_set_size(s.vt, h, 80);
            canvas_resize(&s.canvas, 80, h);
            canvas_clear(&s.canvas);
            canvas_box(&s.canvas, (struct rect){0, 0, 80, h - 1}, STYLE_BORDER, SPAN("秋夜"));
            canvas_text(&s.canvas, 1, h - 1, -1, SPAN("Esc back"), STYLE_KEY);
            show(&s);
            same_texts(&s);
        }
        stage_close(&s);
    }
}

/* Fewer colours and other descriptions: the characters are the same. */
static void every_terminal_shows_the_text(void **state)
{
    static const struct {
        const char *name;
        enum term_colours colours;
    } rows[] = {
        {"xterm", TERM_8},          {"xterm-256color", TERM_256}, {"linux", TERM_8},  {"vt220", TERM_MONO},
        {"screen-256color", TERM_256}, {"tmux-256color", TERM_256}, {"rxvt", TERM_8}, {"screen", TERM_8},
    };
    (void)state;
    unsetenv("COLORTERM");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage s;
        stage_open(&s, rows[i].name, 40, 10);
        assert_int_equal(painter_colours(s.painter), rows[i].colours);
        for (int n = 0; n < 200; n++) {
            scribble(&s.canvas);
            show(&s);
            same_texts(&s);
        }
        stage_close(&s);
    }
}

/* Linux's console and the VT terminals keep the last frame: the shell goes on in an empty last row, whatever its number. */
static void screens_without_another_end_on_a_clean_row(void **state)
{
    static const char *const names[] = {"linux", "vt220", "vt100"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct stage s;
        struct str got = {.max = 0};
        VTermPos cursor;
        int rows = i ? 10 : 14;
        stage_open(&s, names[i], 40, 10);
        for (int y = 0; y < 10; y++)
            canvas_text(&s.canvas, 0, y, -1, SPAN("the autumn night"), STYLE_POPUP);
        canvas_cursor(&s.canvas, 5, 4);
        show(&s);
        vterm_set_size(s.vt, rows, 40);
        str_clear(&s.bytes);
        painter_leave(s.painter, &s.bytes);
        assert_true(span_find(str_span(&s.bytes), SPAN("$<"), 0) < 0);
        vterm_input_write(s.vt, str_text(&s.bytes), s.bytes.len);
        vterm_state_get_cursorpos(vterm_obtain_state(s.vt), &cursor);
        assert_int_equal(cursor.row, rows - 1);
        assert_int_equal(cursor.col, 0);
        for (int x = 0; x < 40; x++) {
            VTermScreenCell cell;
            vterm_screen_get_cell(s.screen, (VTermPos){rows - 1, x}, &cell);
            cell_text(&cell, &got);
            assert_string_equal(str_text(&got), " ");
            assert_true(VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
        }
        str_release(&got);
        stage_close(&s);
    }
}

static void no_color_means_attributes_only(void **state)
{
    (void)state;
    setenv("NO_COLOR", "1", 1);
    struct stage s;
    stage_open(&s, "xterm-256color", 20, 3);
    assert_int_equal(painter_colours(s.painter), TERM_MONO);
    canvas_text(&s.canvas, 0, 0, -1, SPAN("accent"), STYLE_ACCENT);
    canvas_text(&s.canvas, 0, 1, -1, SPAN("popup"), STYLE_POPUP);
    show(&s);
    assert_true(span_find(str_span(&s.bytes), SPAN("8;5;"), 0) < 0);
    assert_true(span_find(str_span(&s.bytes), SPAN("8;2;"), 0) < 0);
    VTermScreenCell cell;
    vterm_screen_get_cell(s.screen, (VTermPos){0, 0}, &cell);
    assert_int_equal(cell.attrs.bold, 1);
    stage_close(&s);
    setenv("NO_COLOR", "", 1); /* set but empty does not count */
    stage_open(&s, "xterm-256color", 20, 3);
    assert_int_equal(painter_colours(s.painter), TERM_256);
    stage_close(&s);
    unsetenv("NO_COLOR");
}

/* More colours over time than there are slots. */
static void colours_never_run_out(void **state)
{
    (void)state;
    setenv("COLORTERM", "truecolor", 1);
    struct stage s;
    stage_open(&s, "xterm-256color", 20, 3);
    for (int i = 0; i < 1000; i++) {
        looks[STYLE_ACCENT].fg = rgb((uint8_t)i, (uint8_t)(i / 4), 77);
        canvas_text(&s.canvas, 0, 0, -1, SPAN("自在"), STYLE_ACCENT);
        canvas_text(&s.canvas, 6, 1, -1, SPAN("auto"), STYLE_POPUP);
        show(&s);
        same_screen(&s);
    }
    stage_close(&s);
}

/* Where ambiguous characters take two columns the painter must count as the canvas does. The emulator counts one, so
 * bytes are looked at: what follows the wide dash is placed by its true column. */
static void ambiguous_width_is_carried(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "xterm-256color", 20, 3);
    display_set_ambiguous(2);
    canvas_text(&s.canvas, 0, 0, -1, SPAN("——“诗”x"), STYLE_TEXT);
    canvas_box(&s.canvas, (struct rect){0, 1, 20, 2}, STYLE_BORDER, SPAN(""));
    show(&s);
    assert_true(span_find(str_span(&s.bytes), SPAN("——“诗”x"), 0) >= 0);
    assert_true(span_find(str_span(&s.bytes), SPAN("┌"), 0) < 0);
    canvas_text(&s.canvas, 10, 0, -1, SPAN("y"), STYLE_TEXT);
    canvas_cursor(&s.canvas, 10, 0);
    show(&s);
    assert_string_equal(s.canvas.cells[10].text, "y");
    assert_true(span_find(str_span(&s.bytes), SPAN("[1;11Hy"), 0) >= 0 ||
                span_find(str_span(&s.bytes), SPAN("11Gy"), 0) >= 0);
    display_set_ambiguous(1);
    stage_close(&s);
}

static void cursor_is_hidden_only_when_unwanted(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "xterm-256color", 20, 3);
    canvas_cursor(&s.canvas, 4, 1);
    show(&s);
    assert_true(span_find(str_span(&s.bytes), SPAN("?25"), 0) < 0);
    canvas_cursor(&s.canvas, -1, -1);
    show(&s);
    assert_true(span_find(str_span(&s.bytes), SPAN("?25l"), 0) >= 0);
    assert_int_equal(show(&s), 0);
    canvas_cursor(&s.canvas, 5, 2);
    show(&s);
    assert_true(span_find(str_span(&s.bytes), SPAN("?25h"), 0) >= 0);
    same_screen(&s);
    stage_close(&s);
}

/* Not a bound, since machines differ: a figure to look at. A character more on a page of Chinese, many times. */
static void small_changes_are_small(void **state)
{
    (void)state;
    enum { FRAMES = 2000 };
    struct stage s;
    size_t sent = 0;
    int64_t took = 0;
    stage_open(&s, "xterm-256color", 120, 40);
    for (int y = 0; y < 39; y++)
        canvas_text(&s.canvas, 0, y, -1, SPAN("山高月小,水落石出。曾日月之几何,而江山不可复识矣。"), STYLE_MODEL);
    show(&s);
    for (int i = 0; i < FRAMES; i++) {
        int x = i % 55 * 2;
        canvas_text(&s.canvas, x, 39, -1, i / 55 % 2 ? SPAN("一") : SPAN("二"), STYLE_MODEL);
        canvas_cursor(&s.canvas, x + 2, 39);
        int64_t start = clock_now_us();
        str_clear(&s.bytes);
        painter_frame(s.painter, &s.canvas, &s.bytes);
        took += clock_now_us() - start;
        sent += s.bytes.len;
    }
    print_message("one character more: %zu bytes, %.1f us a frame\n", sent / FRAMES, (double)took / FRAMES);
    assert_true(sent / FRAMES < 60);
    stage_close(&s);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screen_is_the_canvas),
        cmocka_unit_test(texts_control_nothing),
        cmocka_unit_test(marks_stay_with_their_base),
        cmocka_unit_test(sizes_are_followed),
        cmocka_unit_test(colours_never_run_out),
        cmocka_unit_test(every_terminal_shows_the_text),
        cmocka_unit_test(a_smaller_screen_keeps_nothing_of_the_larger),
        cmocka_unit_test(screens_without_another_end_on_a_clean_row),
        cmocka_unit_test(no_color_means_attributes_only),
        cmocka_unit_test(ambiguous_width_is_carried),
        cmocka_unit_test(cursor_is_hidden_only_when_unwanted),
        cmocka_unit_test(small_changes_are_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
