#include "core/err.h"
#include "core/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void reports_and_fails_in_one_line(void **state)
{
    (void)state;
    struct err e = {.kind = ERR_BUSY, .retry_ms = 5, .status = 503};
    assert_false(err_set(&e, ERR_CONFIG, "%s:%d: 不认识。", "desk.ini", 3));
    assert_int_equal(e.kind, ERR_CONFIG);
    assert_int_equal(e.retry_ms, 0);
    assert_int_equal(e.status, 0);
    assert_string_equal(e.text, "desk.ini:3: 不认识。");
    err_clear(&e);
    assert_int_equal(e.kind, ERR_NONE);
    assert_string_equal(e.text, "");
}

static void may_be_told_to_nobody(void **state)
{
    (void)state;
    assert_false(err_set(NULL, ERR_IO, "%d", 1));
    err_clear(NULL);
}

static void cuts_at_a_whole_character(void **state)
{
    (void)state;
    static const char *const units[] = {"x", "é", "月", "😀"};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        for (int pad = 0; pad < 4; pad++) {
            struct err e = {.kind = ERR_NONE};
            struct str text = {.max = 0};
            str_printf(&text, "%*s", pad, "");
            while (text.len < 2 * sizeof e.text)
                str_add_text(&text, units[u]);
            assert_false(err_set(&e, ERR_LIMIT, "%s", str_text(&text)));
            assert_true(utf8_valid(span_of(e.text)));
            assert_true(strlen(e.text) < sizeof e.text && strlen(e.text) + 4 >= sizeof e.text);
            str_release(&text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_and_fails_in_one_line),
        cmocka_unit_test(may_be_told_to_nobody),
        cmocka_unit_test(cuts_at_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
