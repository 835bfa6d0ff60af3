#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/odds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One token with its odds and up to four alternatives; NULL ends them. */
struct said {
    const char *token;
    double odds;
    struct {
        const char *text;
        double odds;
    } other[4];
};

static void add(struct odds_record *r, const struct said *s)
{
    struct odds o = {.logprob = log(s->odds)};
    for (int i = 0; i < 4 && s->other[i].text; i++) {
        str_add_text(&o.token[o.count], s->other[i].text);
        o.alternative[o.count++] = log(s->other[i].odds);
    }
    odds_record_add(r, span_of(s->token), &o);
    for (int i = 0; i < ODDS_MAX; i++)
        str_release(&o.token[i]);
}

static void add_all(struct odds_record *r, const struct said *said, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(r, &said[i]);
}
#define ADD_ALL(r, said) add_all(r, said, sizeof(said) / sizeof *(said))

/* "[你|好]?x|": units between bars, one of which nothing is known after a question mark. */
static void print_units(const struct odds_units *u, struct span text, struct str *out)
{
    size_t at = 0;
    for (int i = 0; i < u->count; i++) {
        assert_int_equal(u->list[i].from, at);
        assert_true(u->list[i].to > at);
        at = u->list[i].to;
        str_add_text(out, u->list[i].count ? "" : "?");
        str_add(out, span_cut(text, u->list[i].from, at));
        str_add_byte(out, '|');
    }
    assert_int_equal(at, text.len);
}

static void expect_units(const struct odds_record *r, const char *text, const char *want)
{
    struct odds_units units = {0};
    struct str have = {0};
    odds_units_make(&units, r, span_of(text));
    print_units(&units, span_of(text), &have);
    assert_string_equal(str_text(&have), want);
    str_release(&have);
    odds_units_release(&units);
}

/* "text 50* text 20 rest 30" */
static void expect_choices(const struct odds_record *r, const char *text, size_t at, const char *want)
{
    struct odds_units units = {0};
    struct odds_choices c = {0};
    struct str have = {0};
    odds_units_make(&units, r, span_of(text));
    odds_choices_make(&c, r, &units.list[odds_units_at(&units, at)], span_of(text));
    for (int i = 0; i < c.count; i++)
        str_printf(&have, "%s %.0f%s ", str_text(&c.list[i].text), c.list[i].odds * 100, c.list[i].taken ? "*" : "");
    str_printf(&have, "rest %.0f", c.rest * 100);
    assert_string_equal(str_text(&have), want);
    str_release(&have);
    odds_choices_release(&c);
    odds_units_release(&units);
}

/* -- units --------------------------------------------------------------------------------------------------------------------------- */

/* 霜 is E9 9C 9C, 雪 E9 9B AA, 露 E9 9C B2. */
static const struct said byte_tokens[] = {
    {"秋夜", 0.5, {{"秋夜", 0.5}, {"夜", 0.25}}},
    {"\xE9", 0.8, {{"\xE9", 0.8}, {"月", 0.1}, {"\xE6", 0.05}}},
    {"\x9C", 0.5, {{"\x9C", 0.5}, {"\x9B\xAA", 0.25}, {"\x9B", 0.125}}},
    {"\x9C", 0.5, {{"\x9C", 0.5}, {"\xB2", 0.5}}},
    {"。\n", 0.25, {{"，", 0.5}, {"。\n", 0.25}}},
};

static void groups_the_bytes_of_a_character(void **state)
{
    struct odds_record r = {0};
    (void)state;
    ADD_ALL(&r, byte_tokens);
    expect_units(&r, "秋夜霜。\n", "秋夜|霜|。\n|");
    expect_choices(&r, "秋夜霜。\n", 0, "秋夜 50* 夜 25 rest 25");
    /* 霜 0.8·0.5·0.5, 露 as likely, 雪 0.8·0.25, 月 0.1; what only begins a character counts to the rest */
    for (size_t at = 6; at < 9; at++)
        expect_choices(&r, "秋夜霜。\n", at, "霜 20* 雪 20 露 20 月 10 rest 30");
    expect_choices(&r, "秋夜霜。\n", 9, "， 50 。\n 25* rest 25");
    odds_record_release(&r);
}

static void joins_tokens_that_meet_inside_a_character(void **state)
{
    static const struct said said[] = {{"a\xE6", 0.8, {{NULL}}}, {"\x98\xA5" "b\xE9", 0.5, {{NULL}}}, {"\x9B\xAA", 0.5, {{NULL}}}, {"c", 1, {{NULL}}}};
    struct odds_record r = {0};
    (void)state;
    ADD_ALL(&r, said);
    expect_units(&r, "a春b雪c", "a春b雪|c|");
    expect_choices(&r, "a春b雪c", 4, "a春b雪 20* rest 80");
    odds_record_release(&r);
}

static void finds_its_place_again(void **state)
{
    static const struct said lost[] = {{"你", 0.5, {{NULL}}},       {"\xEF\xBF\xBD", 0.5, {{"们", 0.25}}}, {"\xEF\xBF\xBD", 0.5, {{NULL}}},
                                       {"，", 0.5, {{NULL}}},       {"a", 0.5, {{NULL}}},      {"b", 0.5, {{NULL}}},
                                       {"<|end|>", 0.9, {{NULL}}}};
    static const struct said thought[] = {{"So", 0.5, {{NULL}}}, {" I", 0.5, {{NULL}}}, {" think", 0.5, {{NULL}}}, {"x", 0.5, {{NULL}}}, {"y", 0.5, {{NULL}}}};
    struct odds_record r = {0};
    (void)state;
    ADD_ALL(&r, lost); /* the server tells U+FFFD for both halves of 好 */
    expect_units(&r, "你好，ab", "你|好|，|a|b|");
    expect_choices(&r, "你好，ab", 3, "好 25* 们 25 rest 50");
    expect_units(&r, "你好，", "你|好|，|");
    expect_units(&r, "something else", "?something else|");
    expect_units(&r, "", "");
    odds_record_release(&r);
    ADD_ALL(&r, thought);
    expect_units(&r, "xy", "x|y|");
    odds_record_settle(&r, SPAN("xy"));
    assert_int_equal(r.count, 2);
    expect_units(&r, "xy", "x|y|");
    odds_record_release(&r);
    expect_units(&r, "nothing was told", "?nothing was told|");
}

static void keeps_offsets_where_the_text_begins_with_white_space(void **state)
{
    static const struct said said[] = {{"\n\n", 0.5, {{NULL}}}, {" \xE3", 0.5, {{NULL}}}, {"\x80\x80", 0.5, {{NULL}}}, {"秋", 0.5, {{NULL}}}, {"", 1, {{NULL}}}};
    struct odds_record r = {0};
    struct odds_units units = {0};
    (void)state;
    ADD_ALL(&r, said);
    expect_units(&r, "\n\n \u3000秋", "\n\n| \u3000|秋|");
    odds_units_make(&units, &r, SPAN("\n\n \u3000秋"));
    assert_int_equal(odds_units_at(&units, 0), 0);
    assert_int_equal(odds_units_at(&units, 5), 1);
    assert_int_equal(odds_units_at(&units, 6), 2);
    assert_int_equal(odds_units_at(&units, 9), 2);
    odds_units_release(&units);
    odds_record_release(&r);
}

/* -- the kept form --------------------------------------------------------------------------------------------------------------------- */

static void keeps_every_byte(void **state)
{
    struct odds_record r = {0}, again = {0};
    struct str form = {0}, second = {0}, all = {0};
    (void)state;
    for (int c = 0; c < 256; c++)
        str_add_byte(&all, (char)c);
    ADD_ALL(&r, byte_tokens);
    struct odds o = {.logprob = -1e9, .count = 3, .alternative = {-0.0005, -2, -HUGE_VAL}};
    str_add(&o.token[0], str_span(&all));
    str_add_text(&o.token[1], "=");
    odds_record_add(&r, str_span(&all), &o);
    odds_record_add(&r, SPAN("="), &o);
    odds_record_add(&r, SPAN(""), &(struct odds){.logprob = NAN});
    odds_record_write(&r, &form);
    assert_true(span_starts(str_span(&form), "renga odds 1\n693\t秋夜\t693\t=\t1386\t夜\n223\t\\xE9\t223\t=\t2303\t月\t2996\t\\xE6\n"));
    assert_true(odds_record_read(&again, str_span(&form), NULL));
    odds_record_write(&again, &second);
    assert_string_equal(str_text(&form), str_text(&second));
    assert_int_equal(again.count, r.count);
    for (int i = 0; i < r.count; i++) {
        assert_int_equal(again.tokens[i].len, r.tokens[i].len);
        assert_memory_equal(again.bytes.s + again.tokens[i].at, r.bytes.s + r.tokens[i].at, r.tokens[i].len);
        assert_true(fabs(again.tokens[i].logprob - r.tokens[i].logprob) <= 0.0005001);
    }
    for (int i = 0; i < 2; i++)
        str_release(&o.token[i]);
    odds_record_release(&r);
    odds_record_release(&again);
    str_release(&form);
    str_release(&second);
    str_release(&all);
}

static void refuses_what_is_no_record(void **state)
{
    static const struct {
        const char *form;
        enum err_kind kind;
        const char *says;
    } bad[] = {
        {"", ERR_FORMAT, "not in a form"},
        {"renga odds", ERR_FORMAT, "not in a form"},
        {"renga odds 1x\n", ERR_FORMAT, "not in a form"},
        {"renga odds -1\n", ERR_FORMAT, "not in a form"},
        {"renga odds 2\nwhatever", ERR_LIMIT, "newer renga"},
        {"renga odds 1\n\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\ta\nb\tc\n", ERR_FORMAT, "Line 3"},
        {"renga odds 1\n-12\ta\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n123456\ta\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\ta\t\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\ta\t5\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\ta\\\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\ta\\q\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\ta\\xE\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\ta\\xe9\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n12\t\xE9\n", ERR_FORMAT, "Line 2"},
        {"renga odds 1\n1\ta\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb\t1\tb"
         "\t1\tb\n", ERR_FORMAT, "Line 2"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct odds_record r = {0};
        struct err e = {0};
        assert_false(odds_record_read(&r, span_of(bad[i].form), &e));
        assert_int_equal(e.kind, bad[i].kind);
        assert_non_null(strstr(e.text, bad[i].says));
        assert_int_equal(r.count, 0);
    }
    struct odds_record none = {0};
    assert_true(odds_record_read(&none, SPAN("renga odds 1\n"), NULL)); /* asked for, and none were given */
    assert_int_equal(none.count, 0);
}

/* Whatever the bytes and the text, units tile the text and nothing is read outside. */
static void lays_anything_over_anything(void **state)
{
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < 4000; round++) {
        static const char *const parts[] = {"秋", "\xE7", "\xA7", "\x8B", "a", "b", " ", "\n", "", "\xEF\xBF\xBD", "霜\xE9"};
        struct odds_record r = {0};
        struct odds_units units = {0};
        struct odds_choices choices = {0};
        struct str text = {0}, clean = {0}, seen = {0};
        for (int i = 0; i < 20; i++) {
            seed = seed * 1664525 + 1013904223;
            const char *part = parts[(seed >> 16) % 11];
            add(&r, &(struct said){part, 0.5, {{"a", 0.3}, {"\xE7", 0.1}}});
            if (seed >> 28)
                str_add_text(&text, part);
        }
        for (size_t i = 0; i < text.len; i++) /* a text is whole characters */
            if ((unsigned char)text.s[i] < 0x80)
                str_add_byte(&clean, text.s[i]);
            else if (i + 2 < text.len && !memcmp(text.s + i, "秋", 3))
                str_add_text(&clean, "秋"), i += 2;
        odds_units_make(&units, &r, str_span(&clean));
        print_units(&units, str_span(&clean), &seen);
        for (int i = 0; i < units.count; i++) {
            double sum = 0;
            odds_choices_make(&choices, &r, &units.list[i], str_span(&clean));
            for (int k = 0; k < choices.count; k++)
                sum += choices.list[k].odds;
            assert_true(choices.count == 0 || fabs(fmax(sum, 1) - sum - choices.rest) < 1e-9);
        }
        odds_choices_release(&choices);
        odds_units_release(&units);
        odds_record_release(&r);
        str_release(&text);
        str_release(&clean);
        str_release(&seen);
    }
}

/* -- dials ------------------------------------------------------------------------------------------------------------------------------ */

static void fill(struct odds_choices *c, const double *odds, int count)
{
    double sum = 0;
    c->count = count;
    c->each = 1;
    for (int i = 0; i < count; i++) {
        c->list[i].odds = odds[i];
        c->each = odds[i];
        sum += odds[i];
    }
    c->rest = sum < 1 - 1e-12 ? 1 - sum : 0;
}

/* By logits, as a sampler does it. */
static void softmax(const double *odds, int count, double temperature, double *out)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += out[i] = exp(log(odds[i]) / temperature);
    for (int i = 0; i < count; i++)
        out[i] /= sum;
}

static void reshapes_as_a_softmax_does(void **state)
{
    static const double odds[] = {0.4, 0.25, 0.15, 0.1, 0.06, 0.04}, temperatures[] = {0.1, 0.5, 0.7, 1, 1.3, 2, 5};
    struct odds_choices c = {0};
    double after[ODDS_CHOICES], want[6], rest = 0;
    (void)state;
    fill(&c, odds, 6);
    for (size_t t = 0; t < sizeof temperatures / sizeof *temperatures; t++) {
        struct dials d = {0};
        dial_set(&d, DIAL_TEMPERATURE, temperatures[t]);
        odds_reshape(&c, &d, after, &rest);
        softmax(odds, 6, d.value[DIAL_TEMPERATURE], want);
        for (int i = 0; i < 6; i++)
            assert_true(fabs(after[i] - want[i]) < 1e-9);
        assert_true(rest == 0);
    }
}

/* The rest as so many tokens: 0.3 of at most 0.1 each are three of 0.1. */
static void counts_the_rest_as_tokens(void **state)
{
    static const double odds[] = {0.4, 0.2, 0.1}, whole[] = {0.4, 0.2, 0.1, 0.1, 0.1, 0.1};
    struct odds_choices c = {0};
    struct dials d = {0};
    double after[ODDS_CHOICES], want[6], rest = 0;
    (void)state;
    fill(&c, odds, 3);
    for (double t = 0.25; t < 3; t += 0.25) {
        dial_set(&d, DIAL_TEMPERATURE, t);
        odds_reshape(&c, &d, after, &rest);
        softmax(whole, 6, d.value[DIAL_TEMPERATURE], want);
        assert_true(fabs(after[0] - want[0]) < 1e-6 && fabs(after[2] - want[2]) < 1e-6);
        assert_true(fabs(rest - 3 * want[3]) < 1e-6);
    }
    dial_set(&d, DIAL_TEMPERATURE, 0);
    odds_reshape(&c, &d, after, &rest);
    assert_true(after[0] == 1 && after[1] == 0 && after[2] == 0 && rest == 0);
}

static void expect_cut(enum dial_id dial, double value, int known, double rest_odds)
{
    static const double odds[] = {0.4, 0.2, 0.1};
    struct odds_choices c = {0};
    struct dials d = {0};
    double after[ODDS_CHOICES], rest = 0, sum = 0;
    fill(&c, odds, 3);
    dial_set(&d, dial, value);
    odds_reshape(&c, &d, after, &rest);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(after[i] > 0, i < known);
        sum += after[i];
    }
    assert_true(fabs(rest - rest_odds) < 1e-6);
    assert_true(fabs(sum + rest - 1) < 1e-9);
}

static void cuts_as_the_dials_say(void **state)
{
    (void)state;
    expect_cut(DIAL_TOP_K, 2, 2, 0);
    expect_cut(DIAL_TOP_K, 3, 3, 0);
    expect_cut(DIAL_TOP_K, 4, 3, 0.125);
    expect_cut(DIAL_TOP_K, 40, 3, 0.3);
    expect_cut(DIAL_TOP_P, 0.3, 1, 0);
    expect_cut(DIAL_TOP_P, 0.6, 2, 0);
    expect_cut(DIAL_TOP_P, 0.65, 3, 0);
    expect_cut(DIAL_TOP_P, 0.75, 3, 0.125);
    expect_cut(DIAL_TOP_P, 1, 3, 0.3);
    expect_cut(DIAL_MIN_P, 0.6, 1, 0);
    expect_cut(DIAL_MIN_P, 0.4, 2, 0);
    expect_cut(DIAL_MIN_P, 0.2, 3, 0.3);
}

static void has_five_steps(void **state)
{
    (void)state;
    assert_int_equal(odds_step(1), ODDS_SURE);
    assert_int_equal(odds_step(0.8), ODDS_SURE);
    assert_int_equal(odds_step(0.5), ODDS_LIKELY);
    assert_int_equal(odds_step(0.2), ODDS_EVEN);
    assert_int_equal(odds_step(0.1), ODDS_UNLIKELY);
    assert_int_equal(odds_step(0.001), ODDS_RARE);
    assert_int_equal(odds_step(0), ODDS_RARE);
    assert_int_equal(odds_step(NAN), ODDS_RARE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_the_bytes_of_a_character),
        cmocka_unit_test(joins_tokens_that_meet_inside_a_character),
        cmocka_unit_test(finds_its_place_again),
        cmocka_unit_test(keeps_offsets_where_the_text_begins_with_white_space),
        cmocka_unit_test(keeps_every_byte),
        cmocka_unit_test(refuses_what_is_no_record),
        cmocka_unit_test(lays_anything_over_anything),
        cmocka_unit_test(reshapes_as_a_softmax_does),
        cmocka_unit_test(counts_the_rest_as_tokens),
        cmocka_unit_test(cuts_as_the_dials_say),
        cmocka_unit_test(has_five_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
