/* JSON: what is one value and what is none, what its texts and numbers say, and that nothing grows past its bounds. */
#include "core/mem.h"
#include "net/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Parses a copy that ends where the text does, so that a read past it is seen. */
static struct json *parse(struct span text)
{
    char *copy = mem_new(text.len ? text.len : 1, 1);
    memcpy(copy, text.s, text.len);
    struct json *root = json_parse((struct span){copy, text.len});
    free(copy); /* the document keeps one of its own */
    return root;
}

static void takes_what_is_a_value(void **state)
{
    static const char *const values[] = {
        "{}", "[]", "null", " true ", "\xEF\xBB\xBF[1]", "\t[\r\n1 , 2]\n", "-0", "0", "12", "-1.5e+10", "1E5", "0.25", "\"\"", "\"a\tb\n\"",
        "{\"a\":{\"b\":[[],{}]},\"a\":2}", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "\"\xFF\xC3\"", "007", "[1e999]",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct json *root = parse(span_of(values[i]));
        if (!root)
            fail_msg("%s is a value", values[i]);
        json_free(root);
        for (size_t cut = 0; cut < strlen(values[i]); cut++) /* nothing is read past the end */
            json_free(parse((struct span){values[i], cut}));
    }
}

static void refuses_what_is_none(void **state)
{
    static const char *const others[] = {
        "", " ", "{", "[", "\"", "\"\\", "\"\\u12", "\"\\u12g4\"", "\"\\x\"", "[1,]", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{1:2}", "[1 2]",
        "nul", "nulls", "tru", "+1", "-", ".5", "1.", "1e", "1e+", "--1", "0x10", "NaN", "Infinity", "'a'", "[1]]", "{}{}", "1 2", "[\"a]",
        "{\"a\":1]", "[1}", "<html>", "data: {}", "\"a\"b", ",", ":",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (parse(span_of(others[i])))
            fail_msg("%s is no value", others[i]);
    assert_null(parse(SPAN("\"a\0b\"")));
    assert_null(parse(SPAN("[]\0")));
}

static void expect_text(const char *json, struct span meant)
{
    struct span text = {0};
    struct json *root = parse(span_of(json));
    if (!json_text(root, &text) || !span_equal(text, meant))
        fail_msg("%s says “%.*s”", json, SPAN_ARG(text));
    json_free(root);
}

static void texts_say_what_was_meant(void **state)
{
    (void)state;
    expect_text("\"秋夜\"", SPAN("秋夜"));
    expect_text("\"\\u79cb\\u591C\"", SPAN("秋夜"));
    expect_text("\"\\ud83c\\udf27x\"", SPAN("🌧x"));
    expect_text("\"a\\u0000b\"", SPAN("a\xC0\x80"
                                      "b"));
    expect_text("\"\\ud83c\"", SPAN("\xED\xA0\xBC"));
    expect_text("\"\\udf27\\ud83c\"", SPAN("\xED\xBC\xA7\xED\xA0\xBC"));
    expect_text("\"\\ud83c\\ud83c\\udf27\"", SPAN("\xED\xA0\xBC🌧"));
    expect_text("\"\\ud83c\\n\"", SPAN("\xED\xA0\xBC\n"));
    expect_text("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", SPAN("\"\\/\b\f\n\r\t"));
    expect_text("\"plain \\\\\\\" end\"", SPAN("plain \\\" end"));
}

static void values_are_found(void **state)
{
    double number = 0;
    int64_t integer = 0;
    struct span text = {0};
    struct json *root = parse(SPAN("{\"a\":1,\"ab\":[true,false,null,2.5],\"a\":3,\"\\u0063\":\"12\",\"big\":9007199254740993,\"huge\":1e999,"
                                   "\"half\":0.5}"));
    (void)state;
    assert_true(json_get_integer(root, "a", &integer) && integer == 1); /* of two the first */
    const struct json *list = json_get(root, "ab");
    assert_true(json_is_array(list) && json_is_true(json_first(list)) && !json_is_true(json_next(json_first(list))));
    assert_true(json_number(json_next(json_next(json_next(json_first(list)))), &number) && number == 2.5);
    assert_true(json_get_integer(root, "c", &integer) && integer == 12);
    assert_true(json_get_text(root, "c", &text) && span_is(text, "12"));
    assert_false(json_get_integer(root, "big", &integer) && integer == 9007199254740993);
    assert_false(json_get_number(root, "huge", &number));
    assert_false(json_get_integer(root, "half", &integer));
    assert_null(json_get(root, "abc"));
    assert_null(json_get(list, "a"));
    assert_null(json_get(NULL, "a"));
    assert_null(json_first(NULL));
    assert_null(json_next(NULL));
    assert_true(span_is(json_key(json_next(json_first(root))), "ab"));
    struct json *other = parse(SPAN("[1]")); /* one document may end before another */
    json_free(other);
    assert_true(json_get_text(root, "c", &text) && span_is(text, "12"));
    json_free(root);
}

static struct str nested(int depth)
{
    struct str text = {0};
    for (int i = 0; i < depth; i++)
        str_add_byte(&text, '[');
    for (int i = 0; i < depth; i++)
        str_add_byte(&text, ']');
    return text;
}

static void depth_and_number_are_bounded(void **state)
{
    static const int depths[] = {JSON_DEPTH_MAX, JSON_DEPTH_MAX + 1, 100000};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(depths); i++) {
        struct str text = nested(depths[i]);
        struct json *root = parse(str_span(&text));
        assert_int_equal(root != NULL, depths[i] == JSON_DEPTH_MAX);
        json_free(root);
        str_release(&text);
    }
    struct str many = {0};
    str_add_byte(&many, '[');
    for (int i = 0; i < JSON_VALUES_MAX; i++)
        str_add_text(&many, "1,");
    str_add_text(&many, "1]");
    assert_null(parse(str_span(&many)));
    str_release(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_is_a_value), cmocka_unit_test(refuses_what_is_none),        cmocka_unit_test(texts_say_what_was_meant),
        cmocka_unit_test(values_are_found),      cmocka_unit_test(depth_and_number_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
