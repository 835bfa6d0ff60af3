/* A model that repeats the end of the page before it goes on, in pieces of every size. */
#include "net/overlap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *page, *came, *fresh;
} rows[] = {
    {"The river runs under the bridge", "under the bridge and out to sea.", " and out to sea."},
    {"The river runs under the bridge\n", "\n\nThe river runs under the bridge,\nand out.", ",\nand out."},
    {"床前明月光，疑是地上霜。", "疑是地上霜。举头望明月，", "举头望明月，"},
    {"床前明月光，疑是地上霜。", "举头望明月，", "举头望明月，"},
    {"知否？知否？", "知否？应是绿肥红瘦。", "知否？应是绿肥红瘦。"}, /* too short to be an echo */
    {"The river runs under the bridge", "under the br", "under the br"},     /* it ended before it was one */
    {"The river runs under the bridge", " under the table", " under the table"},
    {"", "Once upon a time", "Once upon a time"},
    {"aaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaab", "aaaab"},
    {"The river runs under the bridge", "\n  ", "\n  "},
};

static void leaves_out_what_is_repeated(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t step = 1; step < 40; step++) {
            struct overlap o = {0};
            struct str out = {0};
            struct span rest = span_of(rows[i].came);
            overlap_begin(&o, span_of(rows[i].page));
            for (; rest.len; rest = span_cut(rest, step, rest.len))
                overlap_add(&o, span_cut(rest, 0, step), false, &out);
            overlap_add(&o, SPAN(""), true, &out);
            assert_string_equal(str_text(&out), rows[i].fresh);
            overlap_release(&o);
            str_release(&out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(leaves_out_what_is_repeated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
