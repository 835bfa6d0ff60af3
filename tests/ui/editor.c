#include "ui/editor.h"
#include "ui/theme.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct ink WRITER = {1, 0, 0}, MODEL = {2, 1, 0};

/* One editor on a canvas of its own. */
struct desk {
    struct theme theme;
    struct canvas canvas;
    struct buffer *buf;
    struct editor ed;
};

static enum role_id role_of(int author)
{
    return author == MODEL.author ? STYLE_MODEL : STYLE_WRITER;
}

static void desk_open(struct desk *d, int w, int h, const char *text)
{
    *d = (struct desk){0};
    for (int i = 0; i < STYLE_COUNT; i++) /* each role is told by its colour */
        d->theme.styles[i].fg = (struct colour){COLOUR_INDEX, (uint8_t)i, 0, 0};
    d->theme.styles[STYLE_SELECTION] = d->theme.styles[STYLE_TEXT];
    d->theme.styles[STYLE_SELECTION].attrs = ATTR_REVERSE;
    d->theme.styles[STYLE_MATCH] = d->theme.styles[STYLE_TEXT];
    d->theme.styles[STYLE_MATCH].attrs = ATTR_UNDERLINE;
    canvas_init(&d->canvas);
    d->canvas.styles = d->theme.styles;
    canvas_resize(&d->canvas, w, h);
    d->buf = buffer_new();
    buffer_insert_foreign(d->buf, 0, span_of(text), WRITER);
    editor_init(&d->ed, d->buf);
    d->ed.ink = WRITER;
    d->ed.role_of = role_of;
}

static void desk_close(struct desk *d)
{
    editor_release(&d->ed);
    buffer_free(d->buf);
    canvas_release(&d->canvas);
}

static void draw(struct desk *d)
{
    canvas_clear(&d->canvas);
    editor_draw(&d->ed, &d->canvas, (struct rect){0, 0, d->canvas.w, d->canvas.h}, true);
}

/* The screen, its rows parted by '|', without those that are empty at the end; "^" where the cursor stands.
 */
static void expect_screen(struct desk *d, const char *screen, int x, int y)
{
    struct str out = {0};
    draw(d);
    canvas_dump(&d->canvas, &out);
    while (out.len > 0 && out.s[out.len - 1] == '\n')
        str_cut(&out, out.len - 1);
    for (size_t i = 0; i < out.len; i++) {
        if (out.s[i] == '\n')
            out.s[i] = '|';
    }
    assert_string_equal(str_text(&out), screen);
    assert_int_equal(d->canvas.cursor_x, x);
    assert_int_equal(d->canvas.cursor_y, y);
    str_release(&out);
}

static void expect_text(struct desk *d, const char *text)
{
    char *have = span_copy(buffer_text(d->buf));
    assert_string_equal(have, text);
    free(have);
}

static void type(struct desk *d, const char *text)
{
    editor_type(&d->ed, span_of(text));
}

static void move(struct desk *d, enum motion m)
{
    editor_move(&d->ed, m, false);
}

static struct style style_at(struct desk *d, int x, int y)
{
    return d->canvas.cells[y * d->canvas.w + x].style;
}

static void an_editor_without_text_is_harmless(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 10, 2, "");
    expect_screen(&d, "", 0, 0);
    struct editor none;
    editor_init(&none, NULL);
    editor_type(&none, SPAN("x"));
    editor_delete(&none, MOVE_LEFT);
    for (int m = MOVE_LEFT; m <= MOVE_TEXT_END; m++)
        editor_move(&none, (enum motion)m, true);
    assert_false(editor_find(&none, SPAN("x"), false));
    assert_int_equal(editor_at(&none, 3, 3), 0);
    assert_int_equal(editor_rows(&none, 10), 1);
    editor_draw(&none, &d.canvas, (struct rect){0, 0, 10, 2}, true);
    editor_release(&none);
    editor_release(&none);
    for (int m = MOVE_LEFT; m <= MOVE_TEXT_END; m++)
        move(&d, (enum motion)m);
    assert_int_equal(d.ed.caret, 0);
    editor_draw(&d.ed, &d.canvas, (struct rect){9, 1, 0, 0}, true);
    editor_draw(&d.ed, &d.canvas, (struct rect){9, 1, 1, 1}, true);
    desk_close(&d);
}

static void text_wraps_and_the_cursor_stays_in_view(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 6, 3, "");
    type(&d, "春眠不");
    expect_screen(&d, "春眠不", 0, 1); /* full: the caret waits in the next row */
    type(&d, "觉晓");
    expect_screen(&d, "春眠不|觉晓", 4, 1);
    d.ed.caret = d.ed.anchor = 9;
    expect_screen(&d, "春眠不|觉晓", 0, 1);
    move(&d, MOVE_TEXT_END);
    type(&d, "\nab cd ef\nx");
    expect_screen(&d, "ab cd|ef|x", 1, 2);
    move(&d, MOVE_TEXT_START);
    expect_screen(&d, "春眠不|觉晓|ab cd", 0, 0);
    desk_close(&d);
}

static void a_full_row_within_the_text_keeps_the_cursor_inside(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 4, 3, "abcd\nef");
    editor_move_to(&d.ed, 4, false);
    expect_screen(&d, "abcd|ef", 3, 0);
    desk_close(&d);
}

static void clusters_are_never_cut(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 20, 2,
              "e\xCC\x81"
              "夜\xC3\x28");
    move(&d, MOVE_RIGHT);
    assert_int_equal(d.ed.caret, 3);
    move(&d, MOVE_RIGHT);
    assert_int_equal(d.ed.caret, 6);
    move(&d, MOVE_RIGHT);
    assert_int_equal(d.ed.caret, 7);
    move(&d, MOVE_LEFT);
    editor_delete(&d.ed, MOVE_LEFT);
    editor_delete(&d.ed, MOVE_LEFT);
    expect_text(&d, "\xC3\x28");
    editor_move_to(&d.ed, 99, false);
    assert_int_equal(d.ed.caret, 2);
    desk_close(&d);
    desk_open(&d, 20, 2, "e\xCC\x81");
    editor_move_to(&d.ed, 2, false);
    assert_int_equal(d.ed.caret, 0);
    desk_close(&d);
}

static void controls_show_as_markers(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 20, 2, "a\x1b[2Jb\tc");
    expect_screen(&d, "a␛[2Jb  c", 0, 0);
    assert_int_equal(style_at(&d, 1, 0).fg.r, STYLE_MARKER);
    assert_int_equal(style_at(&d, 0, 0).fg.r, STYLE_WRITER);
    desk_close(&d);
}

static void words_are_latin_or_single_characters(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 40, 4, "Hello, don't\n床前,“明\n ok.\nz2");
    static const size_t on[] = {7,  12, 13, 16, 23, 26,
                                27, 28, 31, 32, 34, 34}; /* 前 takes the marks behind it */
    for (size_t i = 0; i < sizeof on / sizeof *on; i++) {
        move(&d, MOVE_WORD_RIGHT);
        assert_int_equal(d.ed.caret, on[i]);
    }
    static const size_t back[] = {32, 31, 28, 27, 26, 23, 16, 13, 12, 7, 0, 0};
    for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
        move(&d, MOVE_WORD_LEFT);
        assert_int_equal(d.ed.caret, back[i]);
    }
    desk_close(&d);
}

static void rows_keep_the_goal_column(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 20, 6, "abcdef\nx\n秋夜长河\nend");
    editor_move_to(&d.ed, 5, false);
    move(&d, MOVE_DOWN);
    assert_int_equal(d.ed.caret, 8);
    move(&d, MOVE_DOWN);
    assert_int_equal(d.ed.caret, 9 + 6); /* column 5 lies in the third character */
    move(&d, MOVE_UP);
    move(&d, MOVE_UP);
    assert_int_equal(d.ed.caret, 5);
    move(&d, MOVE_UP);
    assert_int_equal(d.ed.caret, 0);
    move(&d, MOVE_TEXT_END);
    move(&d, MOVE_DOWN);
    assert_int_equal(d.ed.caret, buffer_length(d.buf));
    desk_close(&d);
}

static void home_and_end_go_further_the_second_time(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 6, 6, "one two three");
    draw(&d);
    editor_move_to(&d.ed, 6, false);
    move(&d, MOVE_ROW_START);
    assert_int_equal(d.ed.caret, 4);
    move(&d, MOVE_ROW_START);
    assert_int_equal(d.ed.caret, 0);
    move(&d, MOVE_ROW_END);
    assert_int_equal(d.ed.caret, 3);
    move(&d, MOVE_ROW_END);
    assert_int_equal(d.ed.caret, 13);
    desk_close(&d);
}

static void paragraphs_skip_empty_lines(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 20, 6, "ab\n\n\ncd\nef");
    move(&d, MOVE_PARAGRAPH_DOWN);
    assert_int_equal(d.ed.caret, 5);
    move(&d, MOVE_PARAGRAPH_DOWN);
    assert_int_equal(d.ed.caret, 8);
    move(&d, MOVE_PARAGRAPH_DOWN);
    assert_int_equal(d.ed.caret, 10);
    move(&d, MOVE_PARAGRAPH_UP);
    assert_int_equal(d.ed.caret, 8);
    move(&d, MOVE_PARAGRAPH_UP);
    move(&d, MOVE_PARAGRAPH_UP);
    assert_int_equal(d.ed.caret, 0);
    desk_close(&d);
}

static void selections_are_tinted_typed_over_and_copied(void **state)
{
    (void)state;
    struct desk d;
    struct str copy = {0};
    desk_open(&d, 20, 3, "one\ntwo");
    editor_move(&d.ed, MOVE_RIGHT, false);
    editor_copy(&d.ed, &copy);
    assert_string_equal(str_text(&copy), "one\n");
    editor_toggle_mark(&d.ed);
    move(&d, MOVE_DOWN);
    expect_screen(&d, "one|two", 1, 1);
    assert_false(style_at(&d, 0, 0).attrs & ATTR_REVERSE);
    assert_true(style_at(&d, 1, 0).attrs & ATTR_REVERSE);
    assert_true(style_at(&d, 3, 0).attrs & ATTR_REVERSE); /* the newline */
    assert_true(style_at(&d, 0, 1).attrs & ATTR_REVERSE);
    assert_false(style_at(&d, 1, 1).attrs & ATTR_REVERSE);
    str_clear(&copy);
    editor_copy(&d.ed, &copy);
    assert_string_equal(str_text(&copy), "ne\nt");
    type(&d, "X");
    expect_text(&d, "oXwo");
    assert_false(d.ed.marking);
    editor_select_all(&d.ed);
    move(&d, MOVE_RIGHT);
    assert_int_equal(d.ed.caret, 4);
    editor_select_all(&d.ed);
    move(&d, MOVE_LEFT);
    assert_int_equal(d.ed.caret, 0);
    assert_int_equal(d.ed.anchor, 0);
    str_release(&copy);
    desk_close(&d);
}

static void deletions_reach_where_motions_go(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 6, 4, "one two three\nfour");
    editor_move_to(&d.ed, 4, false);
    editor_delete(&d.ed, MOVE_WORD_RIGHT);
    expect_text(&d, "one three\nfour");
    editor_delete(&d.ed, MOVE_ROW_END);
    expect_text(&d, "one \nfour");
    editor_delete(&d.ed, MOVE_ROW_END);
    expect_text(&d, "one four");
    editor_delete(&d.ed, MOVE_ROW_START);
    expect_text(&d, "four");
    d.ed.readonly = true;
    type(&d, "x");
    editor_delete(&d.ed, MOVE_RIGHT);
    assert_int_equal(editor_replace_all(&d.ed, SPAN("f"), SPAN("g")), 0);
    expect_text(&d, "four");
    desk_close(&d);
}

static struct ink model_ink(void *ctx, size_t at)
{
    *(size_t *)ctx = at;
    return MODEL;
}

static void ink_is_chosen_and_shown(void **state)
{
    (void)state;
    struct desk d;
    size_t asked = 99;
    desk_open(&d, 20, 2, "ab");
    d.ed.choose_ink = model_ink;
    d.ed.ctx = &asked;
    editor_move_to(&d.ed, 1, false);
    type(&d, "m");
    assert_int_equal(asked, 1);
    draw(&d);
    assert_int_equal(style_at(&d, 0, 0).fg.r, STYLE_WRITER);
    assert_int_equal(style_at(&d, 1, 0).fg.r, STYLE_MODEL);
    assert_int_equal(style_at(&d, 2, 0).fg.r, STYLE_WRITER);
    desk_close(&d);
}

static void a_single_line_scrolls_sideways(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 5, 1, "");
    d.ed.single_line = true;
    type(&d, "ab\ncdefg");
    expect_text(&d, "ab cdefg");
    expect_screen(&d, "defg", 4, 0);
    assert_int_equal(editor_at(&d.ed, 1, 0), 5);
    move(&d, MOVE_LEFT);
    expect_screen(&d, "defg", 3, 0);
    move(&d, MOVE_TEXT_START);
    expect_screen(&d, "ab cd", 0, 0);
    desk_close(&d);
}

static const char *mark_of(void *ctx, size_t line_start)
{
    (void)ctx;
    return line_start > 0 ? "›" : NULL;
}

static void the_gutter_marks_lines(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 6, 4, "one\ntwo four");
    d.ed.gutter = 2;
    d.ed.mark_of = mark_of;
    expect_screen(&d, "  one|› two|  four", 2, 0);
    assert_int_equal(editor_at(&d.ed, 3, 2), 9);
    assert_int_equal(editor_at(&d.ed, 0, 1), 4);
    assert_int_equal(editor_at(&d.ed, 99, 0), 3);
    assert_int_equal(editor_at(&d.ed, 0, 99), 12);
    assert_int_equal(editor_at(&d.ed, 0, -9), 0);
    desk_close(&d);
}

static void find_goes_around_and_knows_clusters(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 20, 3, "River e\xCC\x81 RIVER e");
    assert_true(editor_find(&d.ed, SPAN("r"), false));
    assert_int_equal(d.ed.anchor, 0);
    assert_true(editor_find(&d.ed, SPAN("riv"), false));
    assert_int_equal(d.ed.anchor, 0);
    assert_int_equal(d.ed.caret, 3);
    assert_true(editor_find(&d.ed, SPAN("riv"), false));
    assert_int_equal(d.ed.anchor, 10);
    draw(&d);
    assert_true(style_at(&d, 2, 0).attrs & ATTR_UNDERLINE);
    assert_false(style_at(&d, 3, 0).attrs & ATTR_UNDERLINE);
    assert_true(editor_find(&d.ed, SPAN("riv"), false));
    assert_int_equal(d.ed.anchor, 0);
    assert_true(editor_find(&d.ed, SPAN("riv"), true));
    assert_int_equal(d.ed.anchor, 10);
    assert_true(editor_find(&d.ed, SPAN(" e"), true));
    assert_int_equal(d.ed.anchor, 15);
    assert_true(editor_find(&d.ed, SPAN(" e"), true));
    assert_int_equal(d.ed.anchor, 15); /* not the e of é */
    assert_false(editor_find(&d.ed, SPAN("sea"), false));
    assert_false(editor_find(&d.ed, SPAN(""), false));
    desk_close(&d);
}

static void replace_all_is_one_undo(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 20, 3, "aXaxa");
    move(&d, MOVE_TEXT_END);
    assert_int_equal(editor_replace_all(&d.ed, SPAN("x"), SPAN("--")), 2);
    expect_text(&d, "a--a--a");
    assert_int_equal(d.ed.caret, 7);
    struct undo undo = buffer_undo(d.buf);
    editor_after_change(&d.ed, undo.caret);
    expect_text(&d, "aXaxa");
    desk_close(&d);
}

static void lines_are_counted_and_reached(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 20, 3, "a\nb\nc\nd");
    editor_go_to_line(&d.ed, 3);
    assert_int_equal(d.ed.caret, 4);
    assert_int_equal(editor_line(&d.ed), 3);
    type(&d, "\n\n");
    assert_int_equal(editor_line(&d.ed), 5);
    editor_delete(&d.ed, MOVE_LEFT);
    assert_int_equal(editor_line(&d.ed), 4);
    editor_go_to_line(&d.ed, 99);
    assert_int_equal(editor_line(&d.ed), 5);
    editor_go_to_line(&d.ed, -1);
    assert_int_equal(editor_line(&d.ed), 1);
    desk_close(&d);
}

static void stream(struct desk *d, size_t at, const char *text)
{
    buffer_insert_foreign(d->buf, at, span_of(text), MODEL);
    editor_shifted(&d->ed, at, 0, strlen(text));
}

static void a_stream_is_followed_until_the_writer_moves(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 6, 2, "a");
    d.ed.follow = true;
    move(&d, MOVE_TEXT_END);
    stream(&d, 1, "\nb");
    stream(&d, 3, "\nc");
    expect_screen(&d, "b|c", 1, 1);
    move(&d, MOVE_UP);
    assert_false(d.ed.follow);
    stream(&d, 5, "\nd\ne");
    expect_screen(&d, "b|c", 1, 0);
    stream(&d, 0, "\n\n"); /* above the view: nothing moves */
    expect_screen(&d, "b|c", 1, 0);
    move(&d, MOVE_TEXT_END);
    stream(&d, buffer_length(d.buf), "\nf");
    expect_screen(&d, "e|f", 1, 1);
    desk_close(&d);
}

static void a_stream_in_the_middle_leaves_the_caret(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 20, 3, "ab");
    editor_move_to(&d.ed, 1, false);
    stream(&d, 1, "XY");
    assert_int_equal(d.ed.caret, 1);
    stream(&d, 0, "Z");
    assert_int_equal(d.ed.caret, 2);
    d.ed.follow = true;
    stream(&d, 2, "W");
    assert_int_equal(d.ed.caret, 3);
    buffer_reset_tail(d.buf, 1, SPAN(""), NULL, 0);
    editor_shifted(&d.ed, 1, 5, 0);
    assert_int_equal(d.ed.caret, 1);
    desk_close(&d);
}

static void the_wheel_leaves_the_caret_until_the_next_key(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 6, 2, "1\n2\n3\n4\n5");
    expect_screen(&d, "1|2", 0, 0);
    editor_scroll(&d.ed, 2);
    expect_screen(&d, "3|4", 0, 0);
    editor_scroll(&d.ed, 99);
    expect_screen(&d, "4|5", 0, 0);
    editor_scroll(&d.ed, -1);
    expect_screen(&d, "3|4", 0, 0);
    move(&d, MOVE_RIGHT);
    expect_screen(&d, "1|2", 1, 0);
    desk_close(&d);
}

static void pages_move_view_and_caret(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 6, 3, "1\n2\n3\n4\n5\n6\n7");
    draw(&d);
    move(&d, MOVE_DOWN);
    move(&d, MOVE_PAGE_DOWN);
    expect_screen(&d, "3|4|5", 0, 1);
    move(&d, MOVE_PAGE_DOWN);
    move(&d, MOVE_PAGE_DOWN);
    expect_screen(&d, "5|6|7", 0, 2);
    move(&d, MOVE_PAGE_UP);
    expect_screen(&d, "3|4|5", 0, 2);
    desk_close(&d);
}

static void rows_are_counted_up_to_a_bound(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d, 6, 3, "春眠不觉晓\n\nab");
    assert_int_equal(editor_rows(&d.ed, 6), 4);
    assert_int_equal(editor_rows(&d.ed, 80), 3);
    for (int i = 0; i < 2000; i++)
        type(&d, "\n");
    assert_int_equal(editor_rows(&d.ed, 80), 1000);
    desk_close(&d);
}

int main(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_editor_without_text_is_harmless),
        cmocka_unit_test(text_wraps_and_the_cursor_stays_in_view),
        cmocka_unit_test(a_full_row_within_the_text_keeps_the_cursor_inside),
        cmocka_unit_test(clusters_are_never_cut),
        cmocka_unit_test(controls_show_as_markers),
        cmocka_unit_test(words_are_latin_or_single_characters),
        cmocka_unit_test(rows_keep_the_goal_column),
        cmocka_unit_test(home_and_end_go_further_the_second_time),
        cmocka_unit_test(paragraphs_skip_empty_lines),
        cmocka_unit_test(selections_are_tinted_typed_over_and_copied),
        cmocka_unit_test(deletions_reach_where_motions_go),
        cmocka_unit_test(ink_is_chosen_and_shown),
        cmocka_unit_test(a_single_line_scrolls_sideways),
        cmocka_unit_test(the_gutter_marks_lines),
        cmocka_unit_test(find_goes_around_and_knows_clusters),
        cmocka_unit_test(replace_all_is_one_undo),
        cmocka_unit_test(lines_are_counted_and_reached),
        cmocka_unit_test(a_stream_is_followed_until_the_writer_moves),
        cmocka_unit_test(a_stream_in_the_middle_leaves_the_caret),
        cmocka_unit_test(the_wheel_leaves_the_caret_until_the_next_key),
        cmocka_unit_test(pages_move_view_and_caret),
        cmocka_unit_test(rows_are_counted_up_to_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
