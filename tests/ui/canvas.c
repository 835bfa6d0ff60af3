#include "ui/canvas.h"
#include "core/i18n.h"
#include "core/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct style looks[STYLE_COUNT];

static void open_canvas(struct canvas *c, int w, int h)
{
    canvas_init(c);
    c->styles = looks;
    canvas_resize(c, w, h);
}

static void dump_is(struct canvas *c, const char *want)
{
    struct str text = {.max = 0};
    canvas_dump(c, &text);
    assert_string_equal(str_text(&text), want);
    str_release(&text);
}

/* A wide glyph has its continuation, a continuation has its glyph, and every text fits its cell. */
static void is_sound(const struct canvas *c)
{
    for (int y = 0; y < c->h; y++) {
        for (int x = 0; x < c->w; x++) {
            const struct cell *cell = &c->cells[y * c->w + x];
            assert_int_equal(strlen(cell->text), cell->len);
            if (cell->width == 0)
                assert_true(x > 0 && cell[-1].width == 2 && cell->len == 0);
            else
                assert_true(cell->len > 0);
            if (cell->width == 2)
                assert_true(x + 1 < c->w && cell[1].width == 0);
        }
    }
}

static void draws_texts(void **state)
{
    (void)state;
    struct canvas c;
    open_canvas(&c, 12, 4);
    assert_int_equal(canvas_text(&c, 0, 0, -1, SPAN("秋夜 ok"), STYLE_TEXT), 7);
    assert_int_equal(canvas_text(&c, 0, 1, 5, SPAN("汉汉汉"), STYLE_TEXT), 4);
    assert_int_equal(canvas_text_right(&c, 12, 1, 4, SPAN("x"), STYLE_TEXT), 1);
    assert_int_equal(canvas_print(&c, 0, 2, -1, STYLE_TEXT, "%d%s", 7, "字"), 3);
    canvas_text_right(&c, 12, 2, 4, SPAN("abcdef"), STYLE_TEXT);
    canvas_text(&c, 8, 3, -1, SPAN("past the edge"), STYLE_TEXT);
    dump_is(&c, "秋夜 ok\n汉汉       x\n7字     abcd\n        past\n");
    canvas_release(&c);
}

static void controls_become_markers(void **state)
{
    (void)state;
    struct canvas c;
    open_canvas(&c, 20, 2);
    canvas_text(&c, 0, 0, -1, SPAN("a\x1b[31m\r\nb"), STYLE_TEXT);
    assert_non_null(strstr(c.cells[1].text, "␛"));
    canvas_text(&c, 0, 1, -1, SPAN("x\xe2\x80\xaey\tz"), STYLE_TEXT);
    assert_string_equal(c.cells[20].text, "x");
    for (int x = 0; x < 20; x++)
        assert_int_equal(c.cells[20 + x].width, 1);
    is_sound(&c);
    canvas_release(&c);
}

static void halves_are_blanked(void **state)
{
    (void)state;
    struct canvas c;
    open_canvas(&c, 6, 1);
    canvas_text(&c, 0, 0, -1, SPAN("一二三"), STYLE_TEXT);
    canvas_text(&c, 1, 0, -1, SPAN("x"), STYLE_TEXT);
    dump_is(&c, " x二三\n");
    canvas_text(&c, 4, 0, -1, SPAN("y"), STYLE_TEXT);
    dump_is(&c, " x二y\n");
    canvas_text(&c, 1, 0, -1, SPAN("四"), STYLE_TEXT);
    dump_is(&c, " 四 y\n");
    canvas_fill(&c, (struct rect){2, 0, 1, 1}, STYLE_TEXT);
    dump_is(&c, "    y\n");
    is_sound(&c);
    canvas_release(&c);
}

static void clips_wide_glyphs_to_spaces(void **state)
{
    (void)state;
    struct canvas c;
    open_canvas(&c, 8, 2);
    canvas_text(&c, 0, 0, -1, SPAN("........"), STYLE_TEXT);
    canvas_text(&c, 0, 1, -1, SPAN("........"), STYLE_TEXT);
    struct rect old = canvas_clip(&c, (struct rect){2, 0, 3, 1});
    struct glyph g;
    display_glyph(SPAN("汉"), 0, 0, &g);
    canvas_glyph(&c, 1, 0, &g, STYLE_TEXT); /* its right half shows */
    canvas_glyph(&c, 4, 0, &g, STYLE_TEXT); /* its left half shows */
    canvas_glyph(&c, 3, 1, &g, STYLE_TEXT); /* nothing of it does */
    c.clip = old;
    dump_is(&c, ".. . ...\n........\n");
    canvas_release(&c);
}

static void boxes_and_lines_join(void **state)
{
    (void)state;
    struct canvas c;
    open_canvas(&c, 14, 5);
    canvas_box(&c, (struct rect){0, 0, 14, 5}, STYLE_BORDER, SPAN("诗"));
    canvas_hline(&c, 0, 2, 14, STYLE_BORDER);
    canvas_vline(&c, 9, 0, 5, STYLE_BORDER);
    dump_is(&c, "┌ 诗 ────┬───┐\n│        │   │\n├────────┼───┤\n│        │   │\n└────────┴───┘\n");
    display_set_ambiguous(2);
    canvas_clear(&c);
    canvas_box(&c, (struct rect){0, 0, 4, 3}, STYLE_BORDER, SPAN(""));
    display_set_ambiguous(1);
    dump_is(&c, "+--+\n|  |\n+--+\n\n\n");
    canvas_release(&c);
}

static void looks_lie_on_the_ground(void **state)
{
    (void)state;
    struct colour grey = {COLOUR_INDEX, 236, 0, 0}, red = {COLOUR_INDEX, 1, 0, 0};
    memset(looks, 0, sizeof looks);
    looks[STYLE_POPUP].bg = grey;
    looks[STYLE_ACCENT] = (struct style){.fg = red, .attrs = ATTR_BOLD};
    looks[STYLE_SELECTION].attrs = ATTR_REVERSE;
    struct canvas c;
    open_canvas(&c, 6, 1);
    canvas_fill(&c, (struct rect){0, 0, 6, 1}, STYLE_POPUP);
    canvas_text(&c, 0, 0, -1, SPAN("汉a"), STYLE_ACCENT);
    assert_memory_equal(&c.cells[0].style.bg, &grey, sizeof grey);
    assert_memory_equal(&c.cells[0].style.fg, &red, sizeof red);
    canvas_tint(&c, (struct rect){0, 0, 1, 1}, STYLE_SELECTION);
    assert_int_equal(c.cells[0].style.attrs, ATTR_BOLD | ATTR_REVERSE);
    assert_int_equal(c.cells[1].style.attrs, ATTR_BOLD | ATTR_REVERSE); /* never half a glyph */
    assert_int_equal(c.cells[2].style.attrs, ATTR_BOLD);
    assert_memory_equal(&c.cells[0].style.fg, &red, sizeof red);
    canvas_release(&c);
}

static void cursor_outside_is_none(void **state)
{
    (void)state;
    struct canvas c;
    open_canvas(&c, 3, 3);
    canvas_cursor(&c, 2, 2);
    assert_int_equal(c.cursor_x, 2);
    canvas_cursor(&c, 3, 0);
    assert_int_equal(c.cursor_x, -1);
    assert_int_equal(c.cursor_y, -1);
    canvas_release(&c);
}

static int any(void)
{
    static const int odd[] = {1000000, -1000000, 999999, -1, 0, 1};
    return random() % 12 ? (int)(random() % 24) - 6 : odd[random() % (long)COUNT_OF(odd)];
}

/* Whatever is drawn wherever, rows stay sound. */
static void any_rect_is_welcome(void **state)
{
    (void)state;
    srandom(3);
    struct canvas c;
    open_canvas(&c, 9, 4);
    for (int i = 0; i < 30000; i++) {
        struct rect r = {any(), any(), any(), any()};
        struct rect old = canvas_clip(&c, random() % 3 ? c.clip : r);
        canvas_text(&c, r.x, r.y, r.w, SPAN("a汉b字\xe2\x80\xae\xff\t诗"), STYLE_ACCENT);
        if (i % 2)
            canvas_fill(&c, (struct rect){any(), any(), any(), any()}, STYLE_POPUP);
        canvas_tint(&c, r, STYLE_SELECTION);
        if (r.w < 100 && r.h < 100)
            canvas_box(&c, r, STYLE_BORDER, SPAN("题"));
        canvas_text_right(&c, r.x, r.y, r.w, SPAN("右x"), STYLE_TEXT);
        c.clip = old;
        is_sound(&c);
        if (i % 100 == 0)
            canvas_resize(&c, 1 + i / 100 % 12, 1 + i / 100 % 5);
    }
    canvas_release(&c);
    canvas_release(&c);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_texts),
        cmocka_unit_test(controls_become_markers),
        cmocka_unit_test(halves_are_blanked),
        cmocka_unit_test(clips_wide_glyphs_to_spaces),
        cmocka_unit_test(boxes_and_lines_join),
        cmocka_unit_test(looks_lie_on_the_ground),
        cmocka_unit_test(cursor_outside_is_none),
        cmocka_unit_test(any_rect_is_welcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
