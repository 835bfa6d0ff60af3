/* Picker, form, pager and slider: what they keep, show and say of a click. */
#include "tests/ui/sound.h"

#include "core/mem.h"
#include "ui/fields.h"
#include "ui/pager.h"
#include "ui/picker.h"
#include "ui/slider.h"
#include "ui/theme.h"

#include <locale.h>
#include <math.h>

static struct theme theme;
static struct canvas canvas;

static int set_up(void **state)
{
    (void)state;
    struct err e = {0};
    canvas_init(&canvas);
    canvas.styles = theme.styles;
    return theme_load(&theme, "paper", NULL, &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    canvas_release(&canvas);
    return 0;
}

static const int widths[] = {1, 2, 3, 5, 8, 11, 12, 13, 19, 30, 40, 79, 80, 120, 500};
static const int heights[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 24, 60, 200};

static void for_sizes(void (*draw)(void *ctx, int w, int h), void *ctx)
{
    for (size_t i = 0; i < COUNT_OF(widths); i++)
        for (size_t j = 0; j < COUNT_OF(heights); j++) {
            canvas_resize(&canvas, widths[i], heights[j]);
            for (int y = 0; y < heights[j]; y++)
                canvas_text(&canvas, 1, y, -1, SPAN("秋夜写一首五绝秋夜写一首五绝秋夜写一首五绝"), STYLE_MODEL);
            draw(ctx, widths[i], heights[j]);
            assert_sound(&canvas, "popup");
        }
}

/* -- slider -------------------------------------------------------------------------------------------------------------- */

static void test_slider_gives_back_what_it_shows(void **state)
{
    (void)state;
    canvas_resize(&canvas, 60, 1);
    for (int w = 5; w < 40; w++)
        for (int x = 4; x <= 1 + w; x++) {
            double fraction = slider_fraction(3, w, x);
            assert_int_equal(slider_draw(&canvas, 3, 0, w, SLIDER_ON, fraction, false), x);
        }
    assert_float_equal(slider_fraction(3, 20, 0), 0, 0);
    assert_float_equal(slider_fraction(3, 20, 50), 1, 0);
    assert_int_equal(slider_draw(&canvas, 0, 0, 4, SLIDER_ON, 0.5, false), -1);
    assert_int_equal(slider_draw(&canvas, 0, 0, 20, SLIDER_DEAD, 0.5, false), -1);
    assert_int_equal(slider_draw(&canvas, 0, 0, 20, SLIDER_OFF, 0.2, false), 18);
    assert_int_equal(slider_draw(&canvas, 0, 0, 20, SLIDER_ON, -7, false), 1);
    assert_int_equal(slider_draw(&canvas, 0, 0, 20, SLIDER_ON, 1e300, false), 18);
    assert_int_equal(slider_draw(&canvas, 0, 0, 20, SLIDER_ON, (double)NAN, false), 1);
    assert_int_equal(find_in_row(&canvas, 0, "├●"), 0);
}

/* -- picker -------------------------------------------------------------------------------------------------------------- */

static void fill_picker(struct picker *p)
{
    picker_init(p);
    picker_open(p, "Commands", "type to find a command");
    picker_add_heading(p, "Writing");
    picker_add(p, "generate", "^G", "Asks, continues or rewrites.", "generate");
    picker_add(p, "restart the take", NULL, NULL, "take-again");
    picker_add(p, "take, next 下一稿", "M-Right", "Flips to the next take.", "take-next");
    picker_add_heading(p, "Views");
    picker_add(p, "Library", "^R", NULL, "library");
}

static void type_filter(struct picker *p, const char *text)
{
    buffer_clear(p->filter_text);
    buffer_insert_foreign(p->filter_text, 0, span_of(text), (struct ink){.owner = 0});
    picker_filter(p);
}

static void check_selected(const struct picker *p, const char *id)
{
    const struct picker_row *row = picker_selected(p);
    assert_string_equal(row ? row->id : "nothing", id);
}

static void test_picker_moves_over_headings(void **state)
{
    (void)state;
    struct picker p;
    fill_picker(&p);
    check_selected(&p, "generate");
    picker_move(&p, 3);
    check_selected(&p, "take-next");
    picker_move(&p, 1);
    check_selected(&p, "library");
    picker_move(&p, 1000000);
    check_selected(&p, "library");
    picker_move(&p, -1);
    check_selected(&p, "take-next");
    picker_move(&p, INT32_MIN);
    check_selected(&p, "generate");
    picker_select(&p, "library");
    check_selected(&p, "library");
    picker_select(&p, "no such");
    check_selected(&p, "library");
    picker_release(&p);
}

static void test_picker_filters(void **state)
{
    (void)state;
    struct picker p;
    fill_picker(&p);
    type_filter(&p, "TAKE");
    assert_int_equal(p.shown_count, 2);
    assert_string_equal(p.rows[p.shown[0]].id, "take-next"); /* its label starts with the word */
    check_selected(&p, "take-next");
    picker_move(&p, 1);
    check_selected(&p, "take-again");
    type_filter(&p, "take re");
    check_selected(&p, "take-again");
    type_filter(&p, "m-right　下一"); /* words stand between ideographic spaces too */
    check_selected(&p, "take-next");
    picker_add(&p, "gpt-4o-mini", NULL, NULL, "mini");
    picker_add(&p, "not gpt-4o", NULL, NULL, "other");
    picker_add(&p, "● GPT-4o", NULL, NULL, "it");
    type_filter(&p, "gpt");
    check_selected(&p, "mini");
    type_filter(&p, "gpt-4o"); /* called by its whole name, it is meant */
    check_selected(&p, "it");
    assert_int_equal(p.shown_count, 3);
    type_filter(&p, "zzz");
    assert_int_equal(p.shown_count, 0);
    check_selected(&p, "nothing");
    picker_move(&p, 1);
    picker_move(&p, -1);
    canvas_resize(&canvas, 80, 24);
    picker_draw(&p, &canvas);
    assert_shows(&canvas, "nothing like that");
    type_filter(&p, "");
    assert_int_equal(p.shown_count, 9);
    picker_release(&p);
}

/* One that app fills itself shows all that it is given, and keeps what was typed. */
static void test_picker_that_is_filled_from_outside(void **state)
{
    (void)state;
    struct picker p;
    fill_picker(&p);
    type_filter(&p, "library");
    assert_int_equal(p.shown_count, 1);
    picker_refill(&p);
    assert_int_equal(p.count, 0);
    picker_add_heading(&p, "twelve letters");
    picker_add(&p, "夜雨寄北", NULL, NULL, "p1");
    picker_add(&p, "River", NULL, NULL, "p2");
    picker_filter(&p);
    assert_int_equal(p.shown_count, 3);
    assert_true(span_is(buffer_text(p.filter_text), "library"));
    check_selected(&p, "p1");
    picker_select(&p, "p2");
    check_selected(&p, "p2");
    picker_open(&p, "Commands", "");
    picker_add(&p, "River", NULL, NULL, "p2");
    type_filter(&p, "library");
    assert_int_equal(p.shown_count, 0); /* the next one filters itself again */
    picker_release(&p);
}

static void test_picker_is_hit_where_it_is_seen(void **state)
{
    (void)state;
    struct picker p;
    int x = 0, y = 0;
    fill_picker(&p);
    canvas_resize(&canvas, 80, 24);
    picker_draw(&p, &canvas);
    assert_shows(&canvas, "type to find a command");
    assert_shows(&canvas, "Asks, continues or rewrites.");
    assert_true(canvas.cursor_x > 0);
    assert_true(find_text(&canvas, "Library", &x, &y));
    assert_string_equal(p.rows[p.shown[picker_at(&p, x, y)]].id, "library");
    assert_true(find_text(&canvas, "Views", &x, &y));
    assert_int_equal(picker_at(&p, x, y), -1);
    assert_int_equal(picker_at(&p, 0, 0), -2);
    canvas_resize(&canvas, 30, 8);
    picker_move(&p, 100);
    picker_draw(&p, &canvas);
    assert_true(find_text(&canvas, "Library", &x, &y)); /* what is selected is scrolled into view */
    assert_string_equal(p.rows[p.shown[picker_at(&p, x, y)]].id, "library");
    picker_release(&p);
}

static void test_picker_tells_the_place_when_rows_are_hidden(void **state)
{
    (void)state;
    struct picker p;
    int x = 0, y = 0;
    fill_picker(&p);
    canvas_resize(&canvas, 80, 24);
    picker_draw(&p, &canvas);
    assert_false(find_text(&canvas, "1/4", &x, &y)); /* all are seen */
    canvas_resize(&canvas, 40, 9);
    picker_draw(&p, &canvas);
    assert_true(find_text(&canvas, " 1/4 ", &x, &y)); /* headings do not count */
    assert_int_equal(y, p.area.y);
    assert_int_equal(x + 5, p.area.x + p.area.w - 2);
    picker_select(&p, "library");
    picker_draw(&p, &canvas);
    assert_shows(&canvas, " 4/4 ");
    type_filter(&p, "take");
    picker_draw(&p, &canvas);
    assert_false(find_text(&canvas, "/2 ", &x, &y)); /* what is left fits */
    type_filter(&p, "");
    str_set(&p.title, SPAN("a title as wide as the sheet"));
    picker_draw(&p, &canvas);
    assert_shows(&canvas, "a title as wide as the sheet");
    assert_false(find_text(&canvas, "/4 ", &x, &y));
    picker_release(&p);
}

static void draw_picker(void *ctx, int w, int h)
{
    struct picker *p = ctx;
    picker_move(p, (w + h) % 3 - 1);
    picker_draw(p, &canvas);
    picker_at(p, w / 2, h / 2);
}

static void test_picker_at_every_size(void **state)
{
    (void)state;
    struct picker p;
    fill_picker(&p);
    picker_add(&p, "very long label 很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长",
               "and a detail that is as long as anything can reasonably be expected to be", "\x1b[2J", "long");
    for_sizes(draw_picker, &p);
    type_filter(&p, "long");
    for_sizes(draw_picker, &p);
    picker_release(&p);
}

/* -- form ---------------------------------------------------------------------------------------------------------------- */

static const char *const dialects[] = {"openai-chat", "openai-completions", "补全", NULL};

static void fill_form(struct fields *f)
{
    fields_init(f);
    fields_open(f, "Add a server");
    assert_int_equal(fields_add_text(f, "name", "What you call it.", SPAN("书桌")), 0);
    assert_int_equal(fields_add_text(f, "address", "With or without /v1.", SPAN("http://desk-pc:8080")), 1);
    assert_int_equal(fields_add_choice(f, "dialect", "How it speaks.", dialects, 1), 2);
}

static void test_form_keeps_its_fields(void **state)
{
    (void)state;
    struct fields f;
    fill_form(&f);
    assert_true(span_is(fields_text(&f, 0), "书桌"));
    assert_true(span_is(fields_text(&f, 2), "openai-completions"));
    assert_ptr_equal(fields_editor(&f), &f.fields[0].editor);
    editor_type(fields_editor(&f), SPAN("一号"));
    assert_true(span_is(fields_text(&f, 0), "书桌一号"));
    fields_choose(&f, 1); /* a text field has no choices */
    assert_true(span_is(fields_text(&f, 0), "书桌一号"));
    fields_move(&f, 5);
    assert_null(fields_editor(&f));
    fields_choose(&f, 1);
    assert_true(span_is(fields_text(&f, 2), "补全"));
    fields_choose(&f, 1);
    assert_true(span_is(fields_text(&f, 2), "openai-chat"));
    fields_choose(&f, -4);
    assert_true(span_is(fields_text(&f, 2), "补全"));
    fields_move(&f, -9);
    assert_int_equal(f.selected, 0);
    fields_open(&f, "Another");
    assert_int_equal(f.count, 0);
    assert_null(fields_editor(&f));
    fields_release(&f);
    fields_release(&f);
}

/* Up and down walk through the lines of a text before they leave it. */
static void test_form_with_several_lines(void **state)
{
    (void)state;
    struct fields f;
    int x = 0, y = 0;
    fields_init(&f);
    fields_open(&f, "Project");
    fields_add_text(&f, "name", "", SPAN("River"));
    fields_add_lines(&f, "notes", "", SPAN("一\n二\n三"), 3);
    fields_add_text(&f, "last", "", SPAN("end"));
    canvas_resize(&canvas, 80, 24);
    fields_draw(&f, &canvas);
    assert_true(find_text(&canvas, "二", &x, &y));
    assert_int_equal(fields_at(&f, x, y), 1);
    assert_true(find_text(&canvas, "end", &x, &y));
    assert_int_equal(fields_at(&f, x, y), 2);
    fields_step(&f, 1);
    assert_int_equal(f.selected, 1);
    fields_draw(&f, &canvas); /* the caret stands in the last line */
    fields_step(&f, -1);
    fields_step(&f, -1);
    assert_int_equal(f.selected, 1);
    fields_step(&f, -1);
    for (int i = 0; i < 8 && f.selected < 2; i++) {
        fields_draw(&f, &canvas);
        fields_step(&f, 1);
    }
    assert_int_equal(f.selected, 2);
    assert_true(span_is(fields_text(&f, 1), "一\n二\n三"));
    fields_release(&f);
}

static void test_form_is_hit_where_it_is_seen(void **state)
{
    (void)state;
    struct fields f;
    int x = 0, y = 0;
    fill_form(&f);
    fields_move(&f, 2);
    str_set(&f.message, SPAN("The name desk-pc is not known here; check the spelling or your network, then try again."));
    canvas_resize(&canvas, 80, 24);
    fields_draw(&f, &canvas);
    assert_shows(&canvas, "‹ openai-completions ›");
    assert_shows(&canvas, "How it speaks.");
    assert_shows(&canvas, "then try again.");
    assert_true(find_text(&canvas, "address", &x, &y));
    assert_int_equal(fields_at(&f, x, y), 1);
    assert_true(find_text(&canvas, "How it speaks.", &x, &y));
    assert_int_equal(fields_at(&f, x, y), -1);
    assert_int_equal(fields_at(&f, 0, 0), -2);
    fields_release(&f);
}

/* What has no room says that there is more: no sentence seems to end where it does not. */
static void test_form_says_that_there_is_more(void **state)
{
    (void)state;
    struct fields f;
    fill_form(&f);
    fields_move(&f, 2);
    str_set(&f.message, SPAN("First.\nSecond.\nThird.\nFourth.\n"
                            "The fifth line goes on for much longer than a form is wide, and even a sixth would not hold it."));
    canvas_resize(&canvas, 80, 24);
    fields_draw(&f, &canvas);
    assert_shows(&canvas, "and eve… │");
    str_set(&f.message, SPAN("一\n二\n三\n四\n五\n六"));
    canvas_resize(&canvas, 80, 24);
    fields_draw(&f, &canvas);
    assert_shows(&canvas, "五…");
    str_set(&f.message, SPAN("一\n二\n三\n四\n五\n"));
    canvas_resize(&canvas, 80, 24);
    fields_draw(&f, &canvas);
    assert_hides(&canvas, "五…");
    fields_release(&f);
}

static void draw_form(void *ctx, int w, int h)
{
    struct fields *f = ctx;
    fields_move(f, h % 2 ? 1 : -2);
    fields_draw(f, &canvas);
    fields_at(f, w / 2, h / 2);
}

static void test_form_at_every_size(void **state)
{
    (void)state;
    struct fields f;
    fill_form(&f);
    for_sizes(draw_form, &f);
    str_set(&f.message, SPAN("没有这个服务器。\nNo such server; \x1b[31m check it. 一二三四五六七八九十一二三四五六七八九十"));
    for (int i = 0; i < 6; i++)
        fields_add_text(&f, "环境变量名（不是密钥本身）", "", SPAN(""));
    for_sizes(draw_form, &f);
    fields_release(&f);
    fields_init(&f);
    fields_open(&f, "");
    for_sizes(draw_form, &f);
    fields_release(&f);
}

/* -- pager --------------------------------------------------------------------------------------------------------------- */

static void draw_pager(void *ctx, int w, int h)
{
    pager_draw(ctx, &canvas);
    pager_at(ctx, w / 2, h - 1);
}

static void test_pager(void **state)
{
    (void)state;
    static const struct footer_key keys[] = {{"Esc", "back", "back"}};
    struct pager p;
    int x = 0, y = 0;
    pager_init(&p);
    pager_open(&p, "What would be sent", SPAN("系统\n你是一位诗人。\n\nprompt\n写一首五绝\n"));
    p.footer = keys;
    p.footer_count = 1;
    for_sizes(draw_pager, &p);
    canvas_resize(&canvas, 80, 24);
    pager_draw(&p, &canvas);
    assert_shows(&canvas, "What would be sent");
    assert_shows(&canvas, "你是一位诗人。");
    assert_shows(&canvas, "1/6");
    assert_true(find_text(&canvas, "back", &x, &y));
    assert_string_equal(pager_at(&p, x, y), "back");
    assert_null(pager_at(&p, 40, 10));
    pager_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slider_gives_back_what_it_shows),
        cmocka_unit_test(test_picker_moves_over_headings),
        cmocka_unit_test(test_picker_filters),
        cmocka_unit_test(test_picker_that_is_filled_from_outside),
        cmocka_unit_test(test_picker_is_hit_where_it_is_seen),
        cmocka_unit_test(test_picker_tells_the_place_when_rows_are_hidden),
        cmocka_unit_test(test_picker_at_every_size),
        cmocka_unit_test(test_form_keeps_its_fields),
        cmocka_unit_test(test_form_with_several_lines),
        cmocka_unit_test(test_form_is_hit_where_it_is_seen),
        cmocka_unit_test(test_form_says_that_there_is_more),
        cmocka_unit_test(test_form_at_every_size),
        cmocka_unit_test(test_pager),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
