/* Sweeps: ranges and lists as writers type them, laid out once each, and sentences that say where one goes wrong. */
#include "core/i18n.h"
#include "core/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The values with a space between. */
static void laid_out(const char *typed, const char *expected)
{
    struct sweep s = {0};
    struct str out = {0};
    struct err e = {0};
    if (!sweep_parse(&s, span_of(typed), &e))
        fail_msg("%s: %s", typed, e.text);
    str_printf(&out, "%s", sweep_name(&s));
    for (int i = 0; i < s.count; i++) {
        str_add_byte(&out, ' ');
        sweep_value(&s, i, &out);
    }
    assert_string_equal(str_text(&out), expected);
    str_release(&out);
    sweep_release(&s);
}

static void ranges_and_lists(void **state)
{
    (void)state;
    laid_out("temperature 0.3:1.3:0.2", "temperature 0.30 0.50 0.70 0.90 1.10 1.30");
    laid_out("temperature=0.3:1.3:0.3", "temperature 0.30 0.60 0.90 1.20");
    laid_out("temperature = 1.1, 0.3 ,0.7", "temperature 1.10 0.30 0.70");
    laid_out("temperature 1.3:0.3:0.5", "temperature 1.30 0.80 0.30");
    laid_out("temperature 1:0:-0.5", "temperature 1.00 0.50 0.00");
    laid_out("temperature 0.5:1", "temperature 0.50 0.75 1.00");
    laid_out("seed=1..8", "seed 1 2 3 4 5 6 7 8");
    laid_out("seed 1:3", "seed 1 2 3");
    laid_out("seed=1..9..4", "seed 1 5 9");
    laid_out("top-p 0.9", "top_p 0.90");
    laid_out("top_k=10:50:20,40,5", "top_k 10 30 50 40 5");
    laid_out("presence_penalty -1:1:1", "presence_penalty -1.00 0.00 1.00");
    laid_out("temperature 0.3,0.30,0.3:0.5:0.1", "temperature 0.30 0.40 0.50"); /* each once */
    laid_out("max_tokens 1:131072:65536", "max_tokens 1 65537");
    laid_out("seed 9007199254740990:9007199254740991", "seed 9007199254740990 9007199254740991");
    laid_out("temperature .1...3", "temperature 0.10"); /* the first two dots that stand together */
}

static void models(void **state)
{
    (void)state;
    laid_out("model=qwen3:8b, llama3 ,诗/绝句,llama3", "model qwen3:8b llama3 诗/绝句");
}

static void sixty_four_and_no_more(void **state)
{
    struct sweep s = {0};
    struct err e = {0};
    (void)state;
    assert_true(sweep_parse(&s, SPAN("seed 1:64"), &e));
    assert_int_equal(s.count, SWEEP_MAX);
    assert_false(sweep_parse(&s, SPAN("seed 1:65"), &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.text, "64"));
    assert_false(sweep_parse(&s, SPAN("seed 1:40,41:80"), &e));
    assert_false(sweep_parse(&s, SPAN("max_tokens 1:131072"), &e));
    sweep_release(&s);
}

static void refused(const char *typed, const char *part)
{
    struct sweep s = {0};
    struct err e = {0};
    if (sweep_parse(&s, span_of(typed), &e))
        fail_msg("“%s” was taken", typed);
    if (!strstr(e.text, part))
        fail_msg("“%s” says: %s", typed, e.text);
    sweep_release(&s);
}

static void faults_say_where(void **state)
{
    (void)state;
    refused("temperature 0.3:x:0.2", "character 5");
    refused("temperature 0.3:1.3:0", "character 9");
    refused("temperature 0.3:1.3:0.001", "0.01");
    refused("temperature 0.3,,0.7", "character 5");
    refused("temperature 0.3,3", "character 5");
    refused("temperature 0.3:9", "character 5");
    refused("temperature 0.3,off", "off");
    refused("temperature", "wants values");
    refused("temperature=", "wants values");
    refused("seed 1:2:0.5", "least");
    refused("seed 1:5:1.5", "whole");
    refused("seed 1:2:", "character 5");
    refused("model", "model");
    refused("model=a,,b", "character 3");
    refused("model=诗,,b", "character 3");
    refused("warmth 1:2", "warmth");
    refused("takes 1:3", "takes");
    refused("", "neither");
}

static void a_value_lands_in_the_request(void **state)
{
    struct sweep s = {0};
    struct request req;
    struct err e = {0};
    (void)state;
    request_init(&req);
    dial_set(&req.dials, DIAL_SEED, 7);
    assert_true(sweep_parse(&s, SPAN("temperature 0.3,0.9"), &e));
    sweep_apply(&s, 1, &req);
    assert_true(req.dials.on[DIAL_TEMPERATURE] && req.dials.value[DIAL_TEMPERATURE] == 0.9);
    assert_true(req.dials.value[DIAL_SEED] == 7);
    assert_true(sweep_parse(&s, SPAN("model=a,b"), &e));
    sweep_apply(&s, 1, &req);
    assert_string_equal(str_text(&req.model), "b");
    request_release(&req);
    sweep_release(&s);
}

/* What is suggested can be typed, for every dial wherever it stands. */
static void suggestions_parse(void **state)
{
    (void)state;
    for (int id = 0; id < DIAL_COUNT; id++)
        for (int step = 0; id != DIAL_TAKES && step <= 10; step++) {
            struct dials d = {0};
            struct sweep s = {0};
            struct str typed = {0};
            struct err e = {0};
            double from = 0, to = 0, by = 0;
            if (step)
                dial_set_fraction(&d, (enum dial_id)id, (step - 1) / 9.0);
            sweep_suggest(&d, (enum dial_id)id, &from, &to, &by);
            str_printf(&typed, "%.10g:%.10g:%.10g", from, to, by);
            if (id == DIAL_SEED) {
                str_clear(&typed);
                str_printf(&typed, "%.0f:%.0f:%.0f", from, to, by);
            }
            if (!sweep_parse_dial(&s, (enum dial_id)id, str_span(&typed), &e) || s.count < 2 || s.count > 8)
                fail_msg("%s %s: %d values, %s", dial_table[id].name, str_text(&typed), s.count, e.text);
            sweep_release(&s);
            str_release(&typed);
        }
}

static void a_sweep_is_known_again(void **state)
{
    struct generation a = {0}, b = {0};
    const struct generation *list[] = {&a, &b};
    struct sweep s = {0};
    struct str out = {0};
    (void)state;
    dial_set(&a.dials, DIAL_TOP_P, 0.5);
    dial_set(&b.dials, DIAL_TOP_P, 0.9);
    sweep_guess(&s, list, 2);
    assert_string_equal(sweep_name(&s), "top_p");
    sweep_value_of(&s, &b, &out);
    assert_string_equal(str_text(&out), "0.90");
    str_set(&b.model, SPAN("llama3"));
    sweep_guess(&s, list, 2);
    assert_string_equal(sweep_name(&s), "model");
    generation_release(&a);
    generation_release(&b);
    str_release(&out);
    sweep_release(&s);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_and_lists),
        cmocka_unit_test(models),
        cmocka_unit_test(sixty_four_and_no_more),
        cmocka_unit_test(faults_say_where),
        cmocka_unit_test(a_value_lands_in_the_request),
        cmocka_unit_test(suggestions_parse),
        cmocka_unit_test(a_sweep_is_known_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
