/* What is known of a server's models, and its way through the library. */
#include "core/clock.h"
#include "core/mem.h"
#include "net/lessons.h"
#include "net/net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)
#define TODAY  20000

static void learn(struct lessons *l, const char *model, const char *param)
{
    struct refusal r = {0};
    str_add_text(&r.param, param);
    str_add_text(&r.words, "Unsupported parameter");
    lessons_learn(l, span_of(model), DIALECT_OPENAI_CHAT, &r);
    refusal_release(&r);
}

static bool refuses(const struct lessons *l, const char *model, enum dial_id dial)
{
    return lessons_of(l, span_of(model))->refused[dial];
}

static void every_fact_goes_through_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(struct manners); i++) {
        struct manners m = {0}, back = {0};
        struct str words = {0};
        memset((char *)&m + i, 1, 1);
        manners_words(&m, &words);
        assert_true(manners_from_words(&back, str_span(&words)));
        assert_memory_equal(&m, &back, sizeof m);
        assert_null(strchr(str_text(&words), ' '));
        str_release(&words);
    }
    struct manners none = {0};
    assert_false(manners_from_words(&none, SPAN("")));
    assert_false(manners_from_words(&none, SPAN("  nonsense  temperatures ")));
}

static void what_is_told_is_known_again(void **state)
{
    struct lessons l = {0}, later = {0};
    struct str told = {0};
    (void)state;
    clock_freeze(0, TODAY * DAY_MS + 5);
    learn(&l, "深思", "temperature");
    learn(&l, "深思", "max_tokens");
    lessons_learn_takes(&l, SPAN(""));
    assert_true(l.untold);
    lessons_tell(&l, &told);
    assert_false(l.untold);
    assert_string_equal(str_text(&told), "深思\t20000\ttemperature max_completion_tokens\n\t20000\ttakes\n");
    lessons_recall(&later, str_span(&told));
    assert_true(refuses(&later, "深思", DIAL_TEMPERATURE));
    assert_false(refuses(&later, "深思", DIAL_TOP_P));
    assert_true(lessons_of(&later, SPAN("深思"))->completion_tokens);
    assert_true(refuses(&later, "", DIAL_TAKES));
    assert_false(later.untold);
    assert_true(lessons_forget(&later));
    assert_false(lessons_forget(&later));
    assert_false(refuses(&later, "深思", DIAL_TEMPERATURE));
    str_release(&told);
    lessons_release(&l);
    lessons_release(&later);
    clock_freeze(-1, -1);
}

static void old_lessons_are_tried_again(void **state)
{
    struct lessons l = {0};
    (void)state;
    clock_freeze(0, TODAY * DAY_MS);
    lessons_recall(&l, SPAN("recent\t19910\tseed\nold\t19909\tseed\ntomorrow\t20001\tseed\n"
                            "no day\tx\tseed\nno words\t20000\t\nunknown\t20000\tmagic\nnothing\n\n\t\t\n"));
    assert_int_equal(l.count, 1);
    assert_true(refuses(&l, "recent", DIAL_SEED));
    lessons_recall(&l, SPAN("recent\t20000\ttop_k"));
    assert_int_equal(l.count, 1);
    assert_true(refuses(&l, "recent", DIAL_TOP_K));
    lessons_release(&l);
    clock_freeze(-1, -1);
}

static void models_without_end_are_not_remembered(void **state)
{
    struct lessons l = {0};
    struct str name = {0};
    (void)state;
    for (int i = 0; i < 3000; i++) {
        str_clear(&name);
        str_printf(&name, "m%d", i);
        lessons_learn_takes(&l, str_span(&name));
    }
    assert_int_equal(l.count, 1000);
    assert_true(refuses(&l, "m2999", DIAL_TAKES));
    assert_false(refuses(&l, "m1999", DIAL_TAKES));
    lessons_learn_takes(&l, SPAN("a\nb"));
    str_clear(&name);
    lessons_tell(&l, &name);
    assert_null(strstr(str_text(&name), "a\nb"));
    str_release(&name);
    lessons_release(&l);
}

static void each_server_has_a_name_of_its_own(void **state)
{
    static const struct {
        const char *url, *name;
        enum dialect_id dialect;
    } cases[] = {
        {"https://api.example/v1?x=1", "refused https://api.example:443 openai-chat", DIALECT_OPENAI_CHAT},
        {"http://127.0.0.1:8080", "refused http://127.0.0.1:8080 llamacpp", DIALECT_LLAMACPP},
        {"muse:", "", DIALECT_MUSE},
    };
    struct server s;
    (void)state;
    server_init(&s);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str name = {0};
        server_set_text(&s.url, span_of(cases[i].url));
        s.dialect = cases[i].dialect;
        net_lessons_name(&s, &name);
        assert_string_equal(str_text(&name), cases[i].name);
        str_release(&name);
    }
    server_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_goes_through_words),
        cmocka_unit_test(what_is_told_is_known_again),
        cmocka_unit_test(old_lessons_are_tried_again),
        cmocka_unit_test(models_without_end_are_not_remembered),
        cmocka_unit_test(each_server_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
