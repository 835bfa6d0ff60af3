/* Templates: every form of a variable, every fault by its line, and nothing that a hostile file could upset. */
#include "core/mem.h"
#include "core/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct span in_brackets(void *ctx, struct span name)
{
    static struct str shown;
    (void)ctx;
    str_clear(&shown);
    str_printf(&shown, "[%.*s]", SPAN_ARG(name));
    return str_span(&shown);
}

static void check_filled(const char *text, const char *filled)
{
    struct template t = {0};
    struct err e = {0};
    struct str out = {0};
    if (!template_parse(&t, "f", SPAN("x"), span_of(text), &e))
        fail_msg("%s: %s", text, e.text);
    template_fill(&t, in_brackets, NULL, &out);
    assert_string_equal(str_text(&out), filled);
    str_release(&out);
    template_release(&t);
}

static void texts_are_filled(void **state)
{
    (void)state;
    check_filled("plain", "plain");
    check_filled("a {b} c", "a [b] c");
    check_filled("{b}{c}", "[b][c]");
    check_filled("{ b = 3 } {b}", "[b] [b]");
    check_filled("{mood:calm|wild}!", "[mood]!");
    check_filled("写一首{诗体：五绝｜七绝}，题目《{题目＝秋夜}》", "写一首[诗体]，题目《[题目]》");
    check_filled("{{not a variable}} {{{b}}}", "{not a variable} {[b]}");
    check_filled("f(x) = }x}", "f(x) = }x}");
    check_filled("{a=x:y|z} {b:x=1|y=2}", "[a] [b]");
    check_filled("{selection}\n---\n{page}/{title}", "[selection]\n---\n[page]/[title]");
    check_filled("\xEF\xBB\xBF\r\n\r\none\r\ntwo {b}\r\n\r\n", "one\ntwo [b]");
    check_filled("\nname = a text that begins so\n", "name = a text that begins so");
    check_filled("x + y = {b}", "x + y = [b]");
    check_filled("# A heading\n\n{b}", "# A heading\n\n[b]");
}

static void a_head_is_read(void **state)
{
    struct template t = {0};
    struct err e = {0};
    (void)state;
    assert_true(template_parse(&t, "f", SPAN("file"),
                               SPAN("name = 七绝\n# a comment\nhelp = four lines = twenty-eight\nlanguage = zh\ngroup = verse\n"
                                    "dials = temperature=0.90 takes=3\nfocus = page\n\n\n  {题目}\n"),
                               &e));
    assert_string_equal(str_text(&t.name), "七绝");
    assert_string_equal(str_text(&t.help), "four lines = twenty-eight");
    assert_string_equal(str_text(&t.language), "zh");
    assert_string_equal(str_text(&t.dials), "temperature=0.90 takes=3");
    assert_string_equal(str_text(&t.text), "  {题目}");
    assert_int_equal(t.group, TEMPLATE_VERSE);
    assert_true(t.focus_page);
    assert_false(t.wants_page || t.wants_selection);
    assert_true(template_parse(&t, "f", SPAN("file"), SPAN("say {selection} of {page}"), &e));
    assert_string_equal(str_text(&t.name), "file");
    assert_int_equal(t.group, TEMPLATE_OTHER);
    assert_true(t.wants_page && t.wants_selection && t.count == 0);
    template_release(&t);
    template_release(&t);
}

static void variables_come_in_order_and_once(void **state)
{
    struct template t = {0};
    struct err e = {0};
    (void)state;
    assert_true(template_parse(&t, "f", SPAN("x"), SPAN("{题目} {mood: calm | wild |静} {题目=秋 夜} {mood} {mood:calm|wild|静} {n=}"), &e));
    assert_int_equal(t.count, 3);
    assert_string_equal(str_text(&t.variables[0].name), "题目");
    assert_string_equal(str_text(&t.variables[0].value), "秋 夜");
    assert_string_equal(str_text(&t.variables[1].choices), "calm\nwild\n静");
    assert_string_equal(str_text(&t.variables[2].value), "");
    assert_int_equal(template_find_variable(&t, SPAN("mood")), 1);
    assert_int_equal(template_find_variable(&t, SPAN("moo")), -1);
    template_release(&t);
}

static void every_fault_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "f:1: A template needs a text"},
        {"\n \n", "f:3: A template needs a text"},
        {"name = x\n", "f:2: A template needs a text"},
        {"name =\n\nx", "f:1: A name has"},
        {"name = x\nnmae = y\n\nx", "f:2: “nmae” is no key"},
        {"nmae = y\n\nx", "f:1: “nmae” is no key"},
        {"name = x\nno entry\n\nx", "f:2: The head's lines"},
        {"language = fr\n\nx", "f:1: A language is"},
        {"group = song\n\nx", "f:1: A group is"},
        {"focus = dials\n\nx", "f:1: The focus is"},
        {"needs = money\n\nx", "f:1: What a template may need"},
        {"dials = warmth=3\n\nx", "f:1: "},
        {"dials = temperature=99\n\nx", "f:1: "},
        {"name = x\n\none\ntwo {\nthree", "f:4: A { is not closed"},
        {"{a\nb}", "f:1: A { is not closed"},
        {"one {a}\n{b{c}}", "f:2: A { stands within"},
        {"{}", "f:1: Between { and }"},
        {"{=x}", "f:1: Between { and }"},
        {"{:a|b}", "f:1: Between { and }"},
        {"{　}", "f:1: Between { and }"},
        {"{a|b}", "f:1: Between { and }"},
        {"{a:}", "f:1: A choice is empty"},
        {"{a:b||c}", "f:1: A choice is empty"},
        {"{a:b|}", "f:1: A choice is empty"},
        {"{a=1}\n\n{a=2}", "f:3: {a} was said"},
        {"{a=1}\n{a:1|2}", "f:2: {a} was said"},
        {"{a:1|2}{a:2|1}", "f:1: {a} was said"},
        {"{title=x}", "f:1: {title} is filled"},
        {"a\nb\xFF", "f:2: This line is no"},
        {"a\nb\x1B[2J", "f:2: This line is no"},
        {"{1}{2}{3}{4}{5}{6}{7}{8}{9}{10}{11}{12}\n{13}", "f:2: A template has at most 12"},
        {"{a23456789 123456789 123456789 123456789 123456789 123456789 1}", "f:1: Between { and }"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct template t = {0};
        struct err e = {0};
        if (template_parse(&t, "f", SPAN("x"), span_of(cases[i].text), &e))
            fail_msg("no fault in: %s", cases[i].text);
        if (strncmp(e.text, cases[i].said, strlen(cases[i].said)) != 0)
            fail_msg("%s\nsays: %s", cases[i].text, e.text);
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_int_equal(t.text.len + t.name.len, 0);
    }
}

static void a_null_byte_is_no_text(void **state)
{
    struct template t = {0};
    struct err e = {0};
    (void)state;
    assert_false(template_parse(&t, "f", SPAN("x"), (struct span){"a\0b", 3}, &e));
}

static void big_files_are_refused_and_nearly_as_big_ones_read(void **state)
{
    struct template t = {0};
    struct err e = {0};
    struct str text = {0}, out = {0};
    (void)state;
    while (text.len + 4 <= TEMPLATE_FILE_MAX)
        str_add_text(&text, "{a}\n");
    assert_true(template_parse(&t, "f", SPAN("x"), str_span(&text), &e));
    assert_int_equal(t.count, 1);
    template_fill(&t, in_brackets, NULL, &out);
    assert_int_equal(out.len, text.len - 1);
    str_add_text(&text, "more");
    assert_false(template_parse(&t, "f", SPAN("x"), str_span(&text), &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    str_clear(&text);
    while (text.len < TEMPLATE_FILE_MAX)
        str_add_text(&text, "{");
    assert_true(template_parse(&t, "f", SPAN("x"), str_span(&text), &e)); /* all doubled */
    assert_int_equal(t.count, 0);
    str_release(&text);
    str_release(&out);
    template_release(&t);
}

/* Any bytes: read or refused, and what is read can be filled. */
static void noise_does_no_harm(void **state)
{
    static const char *const bits[] = {"{", "}", "{{", "}}", "=", ":", "|", "a", "题", "：", "＝", "｜", "\n",
                                       " ", "\xE9", "name = ", "#", "\r\n"};
    uint64_t dice = 88172645463325252u;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct template t = {0};
        struct err e = {0};
        struct str text = {0}, out = {0};
        for (int i = 0; i < 12; i++) {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            str_add_text(&text, bits[dice % COUNT_OF(bits)]);
        }
        if (template_parse(&t, "f", SPAN("x"), str_span(&text), &e)) {
            template_fill(&t, in_brackets, NULL, &out);
            assert_true(t.count <= TEMPLATE_VARIABLES_MAX && out.len > 0);
        } else {
            assert_true(e.text[0] != '\0');
        }
        str_release(&text);
        str_release(&out);
        template_release(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_filled),
        cmocka_unit_test(a_head_is_read),
        cmocka_unit_test(variables_come_in_order_and_once),
        cmocka_unit_test(every_fault_is_told_with_its_line),
        cmocka_unit_test(a_null_byte_is_no_text),
        cmocka_unit_test(big_files_are_refused_and_nearly_as_big_ones_read),
        cmocka_unit_test(noise_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
