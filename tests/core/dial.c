#include "core/dial.h"
#include "core/display.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_name(const char *name)
{
    return name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name);
}

static void table_is_sound(void **state)
{
    (void)state;
    for (int i = 0; i < DIAL_COUNT; i++) {
        const struct dial *d = &dial_table[i];
        assert_true(is_name(d->name));
        assert_true(d->label && d->label[0] && display_width(span_of(d->label)) <= 20);
        assert_true(d->help && strlen(d->help) > 10 && !strchr(d->help, '\n'));
        assert_true(d->min < d->max && d->start >= d->min && d->start <= d->max);
        assert_true(d->step > 0 && d->big_step > d->step && d->big_step <= d->max - d->min);
        assert_true(d->decimals == 0 || d->decimals == 2);
        assert_true(d->decimals == 2 || (floor(d->min) == d->min && floor(d->max) == d->max && floor(d->step) == d->step));
        int taken = 0;
        for (int k = 0; k < DIALECT_COUNT; k++)
            taken += d->wire[k] && d->wire[k][0];
        assert_true(taken > 0);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(d->name, dial_table[j].name);
            assert_string_not_equal(d->label, dial_table[j].label);
            for (int k = 0; k < DIALECT_COUNT; k++)
                if (d->wire[k] && dial_table[j].wire[k])
                    assert_string_not_equal(d->wire[k], dial_table[j].wire[k]);
        }
    }
}

static void names_are_found_in_both_spellings(void **state)
{
    (void)state;
    for (int i = 0; i < DIAL_COUNT; i++) {
        char flag[64] = "";
        enum dial_id id = DIAL_COUNT;
        for (size_t at = 0; dial_table[i].name[at]; at++)
            flag[at] = (char)(dial_table[i].name[at] == '_' ? '-' : dial_table[i].name[at]);
        assert_true(dial_find(span_of(flag), &id));
        assert_int_equal(id, i);
        assert_true(dial_find(span_of(dial_table[i].name), &id));
        assert_int_equal(id, i);
    }
    enum dial_id id = DIAL_COUNT;
    assert_false(dial_find(SPAN(""), &id) || dial_find(SPAN("top"), &id) || dial_find(SPAN("top_pp"), &id));
    for (int k = 0; k < DIALECT_SPOKEN; k++) {
        enum dialect_id dialect = DIALECT_COUNT;
        assert_true(dialect_parse(span_of(dialect_name((enum dialect_id)k)), &dialect));
        assert_int_equal(dialect, k);
    }
    enum dialect_id dialect = DIALECT_COUNT;
    assert_string_equal(dialect_name(DIALECT_MUSE), "muse");
    assert_false(dialect_parse(SPAN("muse"), &dialect)); /* no server speaks it */
}

static void default_is_the_classic_call(void **state)
{
    (void)state;
    struct dials d;
    struct str text = {.max = 0};
    dials_default(&d);
    dials_format(&d, &text);
    assert_string_equal(str_text(&text), "temperature=0.70 max_tokens=256 takes=1");
    assert_int_equal(dials_takes(&d), 1);
    str_release(&text);
}

static void values_stay_in_range(void **state)
{
    (void)state;
    static const double values[] = {-1e18, -2, 0, 0.005, 0.333333, 1, 7.5, 1e18, NAN, INFINITY, -INFINITY};
    for (int i = 0; i < DIAL_COUNT; i++) {
        struct dials d = {.value = {0}};
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            dial_set(&d, (enum dial_id)i, values[v]);
            assert_true(d.on[i] && d.value[i] >= dial_table[i].min && d.value[i] <= dial_table[i].max);
        }
        for (int steps = 0; steps < 100; steps++)
            dial_step(&d, (enum dial_id)i, 7, true);
        assert_true(d.value[i] <= dial_table[i].max);
        dial_set(&d, (enum dial_id)i, dial_table[i].min);
        dial_step(&d, (enum dial_id)i, -1, false);
        assert_true(d.value[i] == dial_table[i].min);
    }
}

static void steps_turn_a_dial_on_at_its_start(void **state)
{
    (void)state;
    struct dials d = {.value = {0}};
    dial_step(&d, DIAL_TOP_P, 3, true);
    assert_true(d.on[DIAL_TOP_P] && d.value[DIAL_TOP_P] == dial_table[DIAL_TOP_P].start);
    dial_step(&d, DIAL_TOP_P, -1, true);
    assert_true(fabs(d.value[DIAL_TOP_P] - 0.85) < 1e-9);
    dial_off(&d, DIAL_TOP_P);
    assert_false(d.on[DIAL_TOP_P]);
}

static void sliders_reach_both_ends(void **state)
{
    (void)state;
    for (int i = 0; i < DIAL_COUNT; i++) {
        struct dials d = {.value = {0}};
        dial_set_fraction(&d, (enum dial_id)i, 0);
        assert_true(d.value[i] == dial_table[i].min && dial_fraction(&d, (enum dial_id)i) == 0);
        dial_set_fraction(&d, (enum dial_id)i, 1);
        assert_true(fabs(d.value[i] - dial_table[i].max) <= dial_table[i].max * 1e-9);
        double before = dial_table[i].min;
        for (double f = 0; f <= 1; f += 0.01) {
            dial_set_fraction(&d, (enum dial_id)i, f);
            assert_true(d.value[i] >= before);
            before = d.value[i];
        }
    }
}

static void texts_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < DIAL_COUNT; i++) {
        struct dials d = {.value = {0}}, back = {.value = {0}};
        struct str text = {.max = 0};
        struct err e = {.kind = ERR_NONE};
        dial_format(&d, (enum dial_id)i, &text);
        assert_string_equal(str_text(&text), "");
        for (double f = 0; f <= 1; f += 0.07) {
            dial_set_fraction(&d, (enum dial_id)i, f);
            str_clear(&text);
            dials_format(&d, &text);
            assert_true(dials_parse(&back, str_span(&text), &e));
            assert_true(dials_equal(&d, &back));
        }
        assert_true(dial_parse(&back, (enum dial_id)i, SPAN(" off "), &e));
        assert_false(dials_equal(&d, &back));
        str_release(&text);
    }
}

static void refuses_what_is_out_of_range(void **state)
{
    (void)state;
    static const char *const bad[] = {"temperature=3", "temperature=-0.1", "temperature=", "temperature=x", "top_k=1.5", "warmth=1",
                                      "temperature",   "takes=0",          "takes=17",     "=1",            "top_p=0.5 top_p=7"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct dials d, before;
        struct err e = {.kind = ERR_NONE};
        dials_default(&d);
        before = d;
        assert_false(dials_parse(&d, span_of(bad[i]), &e));
        assert_int_equal(e.kind, ERR_USAGE);
        assert_true(strlen(e.text) > 10);
        assert_true(dials_equal(&d, &before));
    }
}

static void presets_apply(void **state)
{
    (void)state;
    for (int i = 0; i < preset_count; i++) {
        const struct preset *p = &preset_table[i];
        struct err e = {.kind = ERR_NONE};
        struct dials d;
        dials_default(&d);
        dial_set(&d, DIAL_MAX_TOKENS, 99);
        dial_set(&d, DIAL_SEED, 5);
        dial_set(&d, DIAL_FREQUENCY_PENALTY, 1);
        assert_true(p->name[0] && p->help[0]);
        assert_true(preset_apply(&d, p, 42, &e));
        assert_true(d.value[DIAL_MAX_TOKENS] == 99 && d.value[DIAL_SEED] == 5 && dials_takes(&d) == 1);
        assert_true(d.on[DIAL_TEMPERATURE] && !d.on[DIAL_FREQUENCY_PENALTY]);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(p->name, preset_table[j].name);
    }
}

static void dice_differ_by_roll_alone(void **state)
{
    (void)state;
    const struct preset *dice = &preset_table[preset_count - 1];
    struct err e = {.kind = ERR_NONE};
    struct dials a, b, c;
    dials_default(&a);
    b = c = a;
    assert_null(dice->settings);
    assert_true(preset_apply(&a, dice, 1, &e) && preset_apply(&b, dice, 1, &e) && preset_apply(&c, dice, 2, &e));
    assert_true(dials_equal(&a, &b));
    assert_false(dials_equal(&a, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sound),
        cmocka_unit_test(names_are_found_in_both_spellings),
        cmocka_unit_test(default_is_the_classic_call),
        cmocka_unit_test(values_stay_in_range),
        cmocka_unit_test(steps_turn_a_dial_on_at_its_start),
        cmocka_unit_test(sliders_reach_both_ends),
        cmocka_unit_test(texts_come_back),
        cmocka_unit_test(refuses_what_is_out_of_range),
        cmocka_unit_test(presets_apply),
        cmocka_unit_test(dice_differ_by_roll_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
