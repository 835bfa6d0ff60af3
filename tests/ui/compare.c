/* The comparison: what is marked in lines that stand beside one another, and that any text fits any screen. */
#include "ui/view_compare.h"
#include "core/mem.h"
#include "ui/compare_marks.h"
#include "ui/theme.h"

#include "tests/ui/sound.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* -- marks --------------------------------------------------------------------------------------------------------------------- */

/* The marked line: what differs in brackets. */
static void expect_marked(const char *a, const char *b, const char *c, int line, const char *shown)
{
    struct span lines[3] = {span_of(a), span_of(b), span_of(c)};
    struct compare_marks m = {.known = false};
    struct str out = {0};
    size_t at = 0;
    lines[2].s = c; /* NULL: no third line */
    compare_marks_make(&m, lines, 3);
    for (int i = 0; i < m.count[line]; i++) {
        struct compare_mark mark = m.marks[line][i];
        str_add(&out, span_cut(lines[line], at, mark.from));
        str_printf(&out, "[%.*s]", SPAN_ARG(span_cut(lines[line], mark.from, mark.to)));
        at = mark.to;
    }
    str_add(&out, span_cut(lines[line], at, lines[line].len));
    assert_string_equal(str_text(&out), shown);
    str_release(&out);
    compare_marks_release(&m);
}

static void marks_what_not_every_line_has(void **state)
{
    (void)state;
    expect_marked("床前明月光", "窗前明月光", NULL, 0, "[床]前明月光");
    expect_marked("床前明月光", "窗前明月光", NULL, 1, "[窗]前明月光");
    expect_marked("the cold river", "the cold river", "the slow river", 0, "the [cold] river");
    expect_marked("the cold river", "the cold river", "the slow river", 2, "the [slow] river");
    expect_marked("床前明月光", "窗前明月光", "床前明月辉", 0, "[床]前明月[光]");
    expect_marked("nothing is alike", "秋夜江上", NULL, 0, "nothing is alike");
}

static void knows_equal_lines(void **state)
{
    (void)state;
    struct compare_marks m = {.known = false};
    compare_marks_make(&m, (struct span[]){SPAN("秋夜"), SPAN("秋夜 ")}, 2);
    assert_true(m.same && m.known);
    assert_int_equal(m.count[1], 0);
    compare_marks_make(&m, (struct span[]){SPAN("秋夜"), SPAN("秋夜"), {NULL, 0}}, 3);
    assert_false(m.same); /* one has no such line */
    compare_marks_release(&m);
}

/* -- the view ------------------------------------------------------------------------------------------------------------------ */

struct columns {
    struct span texts[3], *lines[3];
    int counts[3], caps[3];
    struct diff_rows rows;
};

static void split(struct columns *cols, int i, const char *text)
{
    struct span rest = cols->texts[i] = span_of(text), line;
    while (span_line(&rest, &line)) {
        ARRAY_ROOM(cols->lines[i], cols->counts[i], cols->caps[i]);
        cols->lines[i][cols->counts[i]++] = line;
    }
}

static void fill(struct compare_view *v, struct columns *cols, int count)
{
    diff_align(&cols->rows, cols->texts, count);
    v->rows = &cols->rows;
    v->column_count = count;
    v->total = 5;
    for (int i = 0; i < count; i++)
        v->columns[i] = (struct compare_column){
            .title = SPAN("1 · a model with a long name\x1b[31m"), .rating = i, .role = STYLE_MODEL, .lines = cols->lines[i], .line_count = cols->counts[i]};
}

static void release(struct columns *cols)
{
    for (int i = 0; i < 3; i++)
        free(cols->lines[i]);
    diff_rows_release(&cols->rows);
}

static const char *const hostile[] = {
    "一\x1b[2J二\n\n\n\t宽　字 and a very long line that has to be wrapped several times over in a narrow column, 也有很多很多的汉字在里面\n👩‍👩‍👧\xff\xfe\r\n",
    "", "一二\nand a very long line that has to be wrapped a few times over in a narrow column\n\xe4\xb8"};

static void fits_any_screen(void **state)
{
    static const struct compare_fact facts[] = {{{SPAN("prompt a\nb"), SPAN("prompt 写一首很长很长很长很长很长的诗"), SPAN("")}},
                                                {{SPAN("temperature 0.70"), SPAN(""), SPAN("temperature 0.90")}}};
    struct columns cols = {0};
    struct compare_view v;
    struct canvas c;
    struct theme theme;
    (void)state;
    assert_true(theme_load(&theme, "mono", NULL, NULL));
    compare_view_init(&v);
    canvas_init(&c);
    c.styles = theme.styles;
    for (int i = 0; i < 3; i++)
        split(&cols, i, hostile[i]);
    v.facts = facts;
    for (int count = 2; count <= 3; count++) {
        fill(&v, &cols, count);
        compare_view_changed(&v);
        for (int w = 1; w < 140; w += w < 50 ? 1 : 29) {
            for (int h = 1; h < 50; h += h < 26 ? 1 : 7) {
                v.fact_count = (w + h) % 3;
                v.row = (w * h) % cols.rows.count;
                v.focus = w % count;
                v.in_splice = h % 5 == 0;
                v.follow = true;
                canvas_resize(&c, w, h);
                compare_view_draw(&v, &c);
                assert_sound(&c, "compare");
            }
        }
    }
    canvas_release(&c);
    compare_view_release(&v);
    release(&cols);
}

static void reads_a_tall_line_to_its_end(void **state)
{
    struct columns cols = {0};
    struct compare_view v;
    struct canvas c;
    struct theme theme;
    struct str tall = {0};
    (void)state;
    for (int i = 0; i < 200; i++)
        str_add_text(&tall, "长长长长长长长长长长");
    str_add_text(&tall, "\nend");
    assert_true(theme_load(&theme, "mono", NULL, NULL));
    compare_view_init(&v);
    canvas_init(&c);
    c.styles = theme.styles;
    split(&cols, 0, str_text(&tall));
    split(&cols, 1, "short\nend");
    fill(&v, &cols, 2);
    canvas_resize(&c, 80, 24);
    compare_view_draw(&v, &c);
    int steps = 0;
    while (compare_view_read_on(&v, 1)) {
        compare_view_draw(&v, &c);
        assert_true(++steps < 100);
    }
    assert_true(steps > 5);
    while (compare_view_read_on(&v, -1)) {
        compare_view_draw(&v, &c);
        assert_true(--steps >= 0);
    }
    assert_int_equal(steps, 0);
    canvas_release(&c);
    compare_view_release(&v);
    release(&cols);
    str_release(&tall);
}

static void a_click_meets_its_cell(void **state)
{
    struct columns cols = {0};
    struct compare_view v;
    struct canvas c;
    struct theme theme;
    int row = 0, column = 0;
    size_t offset = 0;
    const char *command = NULL;
    (void)state;
    assert_true(theme_load(&theme, "mono", NULL, NULL));
    compare_view_init(&v);
    canvas_init(&c);
    c.styles = theme.styles;
    split(&cols, 0, "one\ntwo\nthree");
    split(&cols, 1, "one\nthree");
    fill(&v, &cols, 2);
    canvas_resize(&c, 80, 24);
    compare_view_draw(&v, &c);
    assert_int_equal(compare_view_at(&v, 45, 3, &row, &column, &offset, &command), COMPARE_CELL);
    assert_int_equal(row, 2);
    assert_int_equal(column, 1);
    assert_int_equal(compare_view_at(&v, 45, 18, &row, &column, &offset, &command), COMPARE_SPLICE);
    assert_int_equal(compare_view_at(&v, 0, 0, &row, &column, &offset, &command), COMPARE_NONE);
    canvas_release(&c);
    compare_view_release(&v);
    release(&cols);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_what_not_every_line_has), cmocka_unit_test(knows_equal_lines),           cmocka_unit_test(fits_any_screen),
        cmocka_unit_test(reads_a_tall_line_to_its_end),  cmocka_unit_test(a_click_meets_its_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
