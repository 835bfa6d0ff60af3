#include "ui/layout.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A layout that has seen every edit must agree with one that sees the text for the first time. */
enum { EDITS = 3000 };

static uint32_t pick(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % below;
}

static void compare_layouts(struct layout *kept, struct buffer *buf, int width)
{
    struct layout *fresh = layout_new();
    layout_sync(kept, buf, width);
    layout_sync(fresh, buf, width);
    struct row a = layout_row(kept, 0), b = layout_row(fresh, 0);
    for (bool more = true; more;) {
        assert_int_equal(a.start, b.start);
        assert_int_equal(a.end, b.end);
        assert_int_equal(a.line, b.line);
        assert_int_equal(a.line_end, b.line_end);
        assert_int_equal(a.last, b.last);
        more = layout_next(kept, &a);
        assert_int_equal(more, layout_next(fresh, &b));
    }
    assert_int_equal(a.end, buffer_length(buf));
    while (layout_prev(kept, &a)) {
        assert_true(layout_prev(fresh, &b));
        assert_true(row_same(&a, &b));
    }
    assert_int_equal(layout_line_number(kept, buffer_length(buf)),
                     buffer_newlines(buf, 0, buffer_length(buf)));
    layout_free(fresh);
}

static void rows_stay_right_after_any_edit(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",
                                         "word ",
                                         " ",
                                         "   ",
                                         "\n",
                                         "夜",
                                         "，",
                                         "……",
                                         "（",
                                         "\t",
                                         "e\xCC\x81",
                                         "\xFF",
                                         "」",
                                         "longwordwithoutend",
                                         "👨‍👩‍👧",
                                         "\n\n"};
    for (uint32_t round = 0; round < 6; round++) {
        uint32_t seed = round;
        int width = (int[]){2, 5, 8, 13, 20, 40}[round];
        const struct ink ink = {1, 0, 0};
        struct buffer *buf = buffer_new();
        struct layout *kept = layout_new();
        for (int i = 0; i < EDITS; i++) {
            size_t length = buffer_length(buf), at = pick(&seed, (uint32_t)length + 1);
            size_t to = at + pick(&seed, length > 300 ? 60 : 6);
            const char *text = pieces[pick(&seed, sizeof pieces / sizeof *pieces)];
            buffer_replace(buf, at, to < length ? to : at, span_of(text), ink);
            if (pick(&seed, 3) > 0)
                compare_layouts(kept, buf, width);
        }
        layout_free(kept);
        buffer_free(buf);
    }
}

static void a_long_line_keeps_its_rows(void **state)
{
    (void)state;
    struct buffer *buf = buffer_new();
    struct layout *layout = layout_new();
    for (int i = 0; i < 2000; i++)
        buffer_insert_foreign(buf, 0, SPAN("some words of a long line, "), (struct ink){1, 0, 0});
    for (int i = 0; i < 1500; i++)
        buffer_insert_foreign(buf, 0, SPAN("short\n"), (struct ink){1, 0, 0});
    compare_layouts(layout, buf, 40);
    buffer_replace(buf, 30000, 30000, SPAN("a much longer insertion that moves all that follows"),
                   (struct ink){1, 0, 0});
    compare_layouts(layout, buf, 40);
    buffer_replace(buf, 20000, 40000, SPAN("\n"), (struct ink){1, 0, 0});
    compare_layouts(layout, buf, 40);
    compare_layouts(layout, buf, 41);
    layout_free(layout);
    buffer_free(buf);
}

int main(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_stay_right_after_any_edit),
        cmocka_unit_test(a_long_line_keeps_its_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
