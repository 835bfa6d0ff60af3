#include "core/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void says(int64_t tokens, const char *label)
{
    struct str out = {0};
    tokens_label(tokens, &out);
    assert_string_equal(str_text(&out), label);
    str_release(&out);
}

static void tokens_are_told_as_makers_tell_them(void **state)
{
    (void)state;
    says(512, "512");
    says(4096, "4k");
    says(32768, "32k");
    says(128000, "128k");
    says(131072, "128k");
    says(200000, "200k");
    says(1000000, "1M");
    says(1048576, "1M");
    says(2097152, "2M");
}

static void prices_are_read(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "1", "1 x", "x 1", "-1 2", "1e400 2", "1 2 a-unit-that-is-too-long", "0.1.5 2", "nan 1"};
    struct price p;
    assert_true(price_read(SPAN("0.15 0.60"), &p));
    assert_true(p.known && p.in > 0.149 && p.in < 0.151 && p.out > 0.599 && !*p.unit);
    assert_true(price_read(SPAN(" 1\t2  ¥ "), &p));
    assert_string_equal(p.unit, "¥");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(price_read(span_of(bad[i]), &p));
}

static void a_models_own_price_goes_first(void **state)
{
    (void)state;
    struct price p;
    prices_find(SPAN("a\t3 4\n\t1 2\nb\t5 6\n"), SPAN("b"), &p);
    assert_true(p.known && p.in > 4.9);
    prices_find(SPAN("a\t3 4\n\t1 2\nb\t5 6\n"), SPAN("c"), &p);
    assert_true(p.known && p.in < 1.1);
    prices_find(SPAN("a\t3 4\n"), SPAN("c"), &p);
    assert_false(p.known);
    prices_find(SPAN(""), SPAN(""), &p);
    assert_false(p.known);
}

static void tells(struct usage u, const char *prices, const char *line)
{
    struct str out = {0};
    struct price p;
    prices_find(span_of(prices), SPAN("m"), &p);
    assert_int_equal(usage_tell(&u, &p, &out), *line != 0);
    assert_string_equal(str_text(&out), line);
    str_release(&out);
}

static void nothing_is_guessed(void **state)
{
    (void)state;
    struct usage sum = {-1, -1};
    tells(sum, "\t1 2\n", "");
    tells((struct usage){812, 256}, "", "tokens: 812 in · 256 out");
    tells((struct usage){-1, 256}, "\t1 2\n", "tokens: 256 out");
    tells((struct usage){1000, 500}, "\t1 2 $\n", "tokens: 1000 in · 500 out · 0.0020 $");
    tells((struct usage){3000000, 0}, "\t1.5 2\n", "tokens: 3000000 in · 0 out · 4.50");
    usage_add(&sum, &(struct usage){-1, 7});
    usage_add(&sum, &(struct usage){5, 7});
    assert_int_equal(sum.prompt_tokens, 5);
    assert_int_equal(sum.completion_tokens, 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_told_as_makers_tell_them),
        cmocka_unit_test(prices_are_read),
        cmocka_unit_test(a_models_own_price_goes_first),
        cmocka_unit_test(nothing_is_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
