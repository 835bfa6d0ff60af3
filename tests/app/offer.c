/* Where a prompt names a form. */
#include "app/desk/offer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_form_is_found_where_it_is_named(void **state)
{
    static const struct {
        const char *prompt, *form, *name; /* NULL: it is not there */
    } cases[] = {
        {"写一首七绝，秋夜", "qijue", "七绝"},
        {"寫一首七言絕句，秋夜", "qijue", "七言絕句"}, /* the longest, not 絕句 */
        {"a Sonnet about the sea", "sonnet", "Sonnet"},
        {"write blank verse on rain", "blank", "blank verse"},
        {"a sonneteer", "sonnet", NULL},
        {"秋夜", "qijue", NULL},
        {"", "qijue", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t from = 0, to = 0;
        struct span prompt = span_of(cases[i].prompt);
        bool found = offer_find_form(prompt, form_named(span_of(cases[i].form)), &from, &to);
        assert_int_equal(found, cases[i].name != NULL);
        if (found)
            assert_true(span_is(span_cut(prompt, from, to), cases[i].name));
    }
}

/* The name that the picker writes is one that the table of forms knows. */
static void every_form_is_found_by_its_usual_name(void **state)
{
    (void)state;
    for (int i = 0; i < form_count(); i++) {
        const struct form *form = form_at(i);
        char name[64] = "";
        size_t len = strcspn(form->words, " "), from = 1, to = 0;
        assert_in_range(len, 1, sizeof name - 1);
        for (size_t at = 0; at < len; at++)
            name[at] = form->words[at] == '_' ? ' ' : form->words[at];
        assert_true(offer_find_form(span_of(name), form, &from, &to));
        assert_true(from == 0 && to == len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_found_where_it_is_named),
        cmocka_unit_test(every_form_is_found_by_its_usual_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
