#include "core/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char classic[] = "请用中文描述人工智能大模型的艺术应用：";

static int add_text(struct piece *p, int parent, enum author author, const char *text)
{
    int added = piece_add_passage(p, parent, author, -1);
    passage_set_text(p, added, span_of(text));
    return added;
}

/* The turns as "role:text" joined by '|'. */
static bool turns_are(const struct request *r, const char *want)
{
    struct str all = {.max = 0};
    for (int i = 0; i < r->turn_count; i++)
        str_printf(&all, "%s%s:%s", i ? "|" : "", role_name(r->turns[i].role), str_text(&r->turns[i].text));
    bool are = span_is(str_span(&all), want);
    if (!are)
        print_error("%s\n", str_text(&all));
    str_release(&all);
    return are;
}

static void begins_with_the_classic_call(void **state)
{
    (void)state;
    struct request r;
    request_init(&r);
    struct dials dials;
    dials_default(&dials);
    assert_true(dials_equal(&r.dials, &dials));
    assert_true(r.stream && r.turn_count == 0 && r.stop_count == 0 && r.prompt.len == 0 && r.model.len == 0);
    request_release(&r);
    request_release(&r);
}

/* On an empty page the prompt is all there is, byte for byte. */
static void the_classic_prompt_goes_out_as_it_is(void **state)
{
    (void)state;
    static const char *const prompts[] = {classic, "  spaces \n\n", "\xff\x1b[31m", " "};
    struct piece p;
    piece_init(&p);
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        struct request r;
        struct str context = {.max = 0};
        request_init(&r);
        request_ask(&r, &p, -1, span_of(prompts[i]), &context);
        assert_string_equal(str_text(&r.prompt), prompts[i]);
        assert_true(r.turn_count == 1 && r.turns[0].role == ROLE_USER);
        assert_string_equal(str_text(&r.turns[0].text), prompts[i]);
        assert_int_equal(context.len, 0);
        str_release(&context);
        request_release(&r);
    }
    struct request r;
    request_init(&r);
    request_ask(&r, &p, -1, SPAN("a\0b"), NULL);
    assert_true(span_equal(str_span(&r.prompt), SPAN("a\0b")) && span_equal(str_span(&r.turns[0].text), SPAN("a\0b")));
    request_release(&r);
    piece_release(&p);
}

static void the_page_goes_along(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    struct str context = {.max = 0};
    piece_init(&p);
    request_init(&r);
    int at = piece_add_prompt(&p, -1, SPAN("写一首诗"));
    int take = piece_add_take(&p, 1, 0);
    str_add_text(&p.takes[take].text, "\n秋夜\n");
    at = piece_add_passage(&p, at, AUTHOR_MODEL, take);
    at = add_text(&p, at, AUTHOR_WRITER, "mine\n");
    request_ask(&r, &p, at, SPAN(" 再来 "), &context);
    assert_string_equal(str_text(&context), "写一首诗\n秋夜\nmine\n");
    assert_string_equal(str_text(&r.prompt), "写一首诗\n秋夜\nmine\n\n 再来 ");
    assert_string_equal(str_text(&r.prompt) + r.asked, " 再来 ");
    assert_true(turns_are(&r, "user:写一首诗|assistant:秋夜|user:mine\n\n 再来 "));
    request_release(&r);
    request_init(&r);
    request_ask(&r, &p, -1, SPAN("alone"), &context); /* without the page */
    assert_string_equal(str_text(&r.prompt), "alone");
    assert_int_equal(r.asked, 0);
    assert_true(context.len == 0 && turns_are(&r, "user:alone"));
    request_release(&r);
    piece_release(&p);
    str_release(&context);
}

static void one_empty_line_parts_page_and_prompt(void **state)
{
    (void)state;
    static const char *const pages[] = {"a", "a\n", "a\n\n", "a\n\n\n\n"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct piece p;
        struct request r;
        struct str context = {.max = 0};
        piece_init(&p);
        request_init(&r);
        request_ask(&r, &p, add_text(&p, -1, AUTHOR_WRITER, pages[i]), SPAN("b"), &context);
        assert_string_equal(str_text(&r.prompt), "a\n\nb");
        assert_string_equal(str_text(&context), pages[i]);
        assert_true(turns_are(&r, "user:a\n\nb"));
        str_release(&context);
        request_release(&r);
        piece_release(&p);
    }
}

/* The writer's edit of a model's text stays the model's voice; passages of one voice are one turn. */
static void voices_alternate(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    piece_init(&p);
    request_init(&r);
    int at = add_text(&p, -1, AUTHOR_WRITER, "one ");
    at = add_text(&p, at, AUTHOR_PROMPT, "two\n");
    at = add_text(&p, at, AUTHOR_MODEL, "three ");
    at = add_text(&p, at, AUTHOR_WRITER, "");
    at = add_text(&p, at, AUTHOR_EDIT, "four");
    request_ask(&r, &p, at, SPAN("five"), NULL);
    assert_true(turns_are(&r, "user:one two|assistant:three four|user:five"));
    request_release(&r);
    piece_release(&p);
}

static void a_blank_page_sends_just_the_prompt(void **state)
{
    (void)state;
    static const char *const pages[] = {"\n", " \n\t\n", "　"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        for (enum author author = AUTHOR_WRITER; author <= AUTHOR_MODEL; author++) {
            struct piece p;
            struct request r;
            struct str context = {.max = 0};
            piece_init(&p);
            request_init(&r);
            int at = add_text(&p, -1, author, pages[i]);
            request_ask(&r, &p, at, SPAN(" b\n"), &context);
            assert_string_equal(str_text(&r.prompt), " b\n");
            assert_true(context.len == 0 && turns_are(&r, "user: b\n"));
            request_release(&r);
            request_init(&r);
            request_continue(&r, &p, at, &context);
            assert_string_equal(str_text(&r.prompt), pages[i]); /* to be gone on with as it is */
            assert_int_equal(r.asked, r.prompt.len);
            assert_true(r.turn_count == 1 && r.turns[0].role == ROLE_USER);
            str_release(&context);
            request_release(&r);
            piece_release(&p);
        }
    }
}

/* A take of nothing but white space makes no turn, and what stands around it is not run together. */
static void white_space_has_no_voice(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    piece_init(&p);
    request_init(&r);
    int at = add_text(&p, -1, AUTHOR_MODEL, "\n\n");
    at = add_text(&p, at, AUTHOR_WRITER, "one");
    at = add_text(&p, at, AUTHOR_MODEL, " \n");
    at = add_text(&p, at, AUTHOR_WRITER, "two");
    at = add_text(&p, at, AUTHOR_MODEL, "\n");
    request_ask(&r, &p, at, SPAN("three"), NULL);
    assert_string_equal(str_text(&r.prompt), "\n\none \ntwo\n\nthree");
    assert_true(turns_are(&r, "user:one \ntwo\n\nthree"));
    request_release(&r);
    request_init(&r);
    at = add_text(&p, at, AUTHOR_MODEL, "four");
    at = add_text(&p, at, AUTHOR_WRITER, "  ");
    request_ask(&r, &p, at, SPAN("five"), NULL);
    assert_true(turns_are(&r, "user:one \ntwo|assistant:four|user:five"));
    request_release(&r);
    piece_release(&p);
}

static void only_the_chosen_line_is_sent(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    piece_init(&p);
    request_init(&r);
    int root = add_text(&p, -1, AUTHOR_WRITER, "root ");
    int left = add_text(&p, root, AUTHOR_MODEL, "left");
    add_text(&p, root, AUTHOR_MODEL, "right");
    request_continue(&r, &p, left, NULL);
    assert_string_equal(str_text(&r.prompt), "root left");
    request_release(&r);
    piece_release(&p);
}

static void a_continuation_is_the_page_as_it_is(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    struct str context = {.max = 0};
    piece_init(&p);
    request_init(&r);
    int at = add_text(&p, -1, AUTHOR_WRITER, classic);
    request_continue(&r, &p, at, &context);
    assert_string_equal(str_text(&r.prompt), classic);
    assert_string_equal(str_text(&context), classic);
    assert_true(turns_are(&r, "user:请用中文描述人工智能大模型的艺术应用：\n\n"
                              "Go on with this text from exactly where it stops. Write only the continuation, and repeat nothing."));
    request_release(&r);
    request_init(&r);
    at = add_text(&p, at, AUTHOR_MODEL, " 画。\n ");
    request_continue(&r, &p, at, &context);
    assert_string_equal(str_text(&r.prompt), "请用中文描述人工智能大模型的艺术应用： 画。\n ");
    assert_true(turns_are(&r, "user:请用中文描述人工智能大模型的艺术应用：|assistant:画。|"
                              "user:Go on with this text from exactly where it stops. Write only the continuation, and repeat nothing."));
    request_release(&r);
    str_release(&context);
    piece_release(&p);
}

static void turns_of_one_role_join(void **state)
{
    (void)state;
    struct request r;
    request_init(&r);
    for (int i = 0; i < 40; i++)
        request_add_turn(&r, i / 2 % 2 ? ROLE_ASSISTANT : ROLE_USER, SPAN("x"));
    assert_int_equal(r.turn_count, 20);
    assert_string_equal(str_text(&r.turns[19].text), "xx");
    request_release(&r);
    assert_string_equal(role_name(ROLE_SYSTEM), "system");
}

/* -- stop strings ---------------------------------------------------------------------------------------------------------- */

static void stops_come_back(void **state)
{
    (void)state;
    static const char *const stops[REQUEST_STOPS_MAX] = {"\n\n", "“完”", "a\"b\\c", "\x01\x1f\t", "]", ",", "\\u0041", "/"};
    struct request r, back;
    struct str json = {.max = 0}, again = {.max = 0};
    struct err e = {.kind = ERR_NONE};
    request_init(&r);
    request_init(&back);
    stops_to_json(&r, &json);
    assert_string_equal(str_text(&json), "");
    assert_true(stops_from_json(&back, str_span(&json), &e));
    for (int i = 0; i < REQUEST_STOPS_MAX; i++)
        assert_true(request_add_stop(&r, span_of(stops[i])));
    assert_false(request_add_stop(&r, SPAN("one too many")));
    stops_to_json(&r, &json);
    assert_true(stops_from_json(&back, str_span(&json), &e));
    assert_int_equal(back.stop_count, REQUEST_STOPS_MAX);
    for (int i = 0; i < REQUEST_STOPS_MAX; i++)
        assert_string_equal(str_text(&back.stops[i]), stops[i]);
    stops_to_json(&back, &again);
    assert_string_equal(str_text(&again), str_text(&json));
    str_release(&json);
    str_release(&again);
    request_release(&r);
    request_release(&back);
}

static void stops_of_other_writers_are_read(void **state)
{
    (void)state;
    struct request r;
    struct err e = {.kind = ERR_NONE};
    request_init(&r);
    assert_true(stops_from_json(&r, SPAN(" [ ] "), &e));
    assert_int_equal(r.stop_count, 0);
    assert_true(stops_from_json(&r, SPAN(" [ \"\\u79cb\\n\" , \"\\/\" ] "), &e));
    assert_int_equal(r.stop_count, 2);
    assert_string_equal(str_text(&r.stops[0]), "秋\n");
    assert_string_equal(str_text(&r.stops[1]), "/");
    assert_true(stops_from_json(&r, SPAN("[\"\"]"), &e));
    assert_int_equal(r.stop_count, 1);
    assert_int_equal(r.stops[0].len, 0);
    request_release(&r);
}

static void broken_stops_are_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "[",          "[\"a\"",        "[\"a\",",      "[\"a\",]",       "[,]",       "\"a\"",  "{}",        "[1]",
        "[\"a]",      "[\"a\\\"]",     "[\"\\x\"]",    "[\"\\u12\"]",    "[\"\\u-001\"]", "[\"\\u 041\"]", "[\"a\"]]",
        "[\"a\" \"b\"]", "[\"a\"] x",  "[\"\\\n\"]",   "[\"\\",          "[null]",    "]",      "[[\"a\"]]",
        "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct request r;
        struct err e = {.kind = ERR_NONE};
        request_init(&r);
        if (stops_from_json(&r, span_of(broken[i]), &e))
            fail_msg("taken for a list: %s", broken[i]);
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_true(r.stop_count <= REQUEST_STOPS_MAX);
        request_release(&r);
    }
}

/* Any bytes at all: no crash, and what is read can be written and read again. */
static void any_bytes_are_stood(void **state)
{
    (void)state;
    static const char alphabet[] = "[[]]\"\"\"\\\\u0041,, na\n\x01";
    uint32_t dice = 7;
    for (int i = 0; i < 20000; i++) {
        char bytes[24];
        struct request r, back;
        struct str json = {.max = 0};
        size_t len = 0;
        for (; len < 4u + (dice >> 28); len++) {
            dice = dice * 1664525u + 1013904223u;
            bytes[len] = len ? alphabet[(dice >> 16) % (sizeof alphabet - 1)] : '[';
        }
        request_init(&r);
        request_init(&back);
        if (stops_from_json(&r, (struct span){bytes, len}, NULL)) {
            stops_to_json(&r, &json);
            assert_true(stops_from_json(&back, str_span(&json), NULL));
            assert_int_equal(back.stop_count, r.stop_count);
        }
        str_release(&json);
        request_release(&r);
        request_release(&back);
        dice = dice * 1664525u + 1013904223u;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_with_the_classic_call),
        cmocka_unit_test(the_classic_prompt_goes_out_as_it_is),
        cmocka_unit_test(the_page_goes_along),
        cmocka_unit_test(one_empty_line_parts_page_and_prompt),
        cmocka_unit_test(voices_alternate),
        cmocka_unit_test(a_blank_page_sends_just_the_prompt),
        cmocka_unit_test(white_space_has_no_voice),
        cmocka_unit_test(only_the_chosen_line_is_sent),
        cmocka_unit_test(a_continuation_is_the_page_as_it_is),
        cmocka_unit_test(turns_of_one_role_join),
        cmocka_unit_test(stops_come_back),
        cmocka_unit_test(stops_of_other_writers_are_read),
        cmocka_unit_test(broken_stops_are_refused),
        cmocka_unit_test(any_bytes_are_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
