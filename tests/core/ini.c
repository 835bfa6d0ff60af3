#include "core/ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Writes every entry as "line[section]key=value;". The key "refuse" is refused. */
static bool note(void *ctx, const struct ini_entry *en, struct err *e)
{
    if (span_is(en->key, "refuse"))
        return ini_fail(en, e, "“%.*s” is refused.", SPAN_ARG(en->key));
    str_printf(ctx, "%d[%.*s]%.*s=%.*s;", en->line, SPAN_ARG(en->section), SPAN_ARG(en->key), SPAN_ARG(en->value));
    return true;
}

static void expect_read(const char *text, const char *entries)
{
    struct str have = {.max = 0};
    struct err e = {.kind = ERR_NONE};
    bool ok = ini_read("f.ini", span_of(text), note, &have, &e);
    assert_string_equal(e.text, "");
    assert_true(ok);
    assert_string_equal(str_text(&have), entries);
    str_release(&have);
}

static void expect_fault(struct span text, const char *where, const char *entries)
{
    struct str have = {.max = 0};
    struct err e = {.kind = ERR_NONE};
    assert_false(ini_read("f.ini", text, note, &have, &e));
    assert_int_equal(e.kind, ERR_CONFIG);
    assert_memory_equal(e.text, where, strlen(where));
    assert_string_equal(str_text(&have), entries);
    str_release(&have);
}

static void reads_entries(void **state)
{
    (void)state;
    expect_read("", "");
    expect_read("a=1", "1[]a=1;");
    expect_read("# note\n\n  a b = 1 2 \n[server desk]\nurl=http://h/#x\n",
                "3[]a b=1 2;5[server desk]url=http://h/#x;");
    expect_read("[ a ] # note\nk = v # note\nq = # nothing\n", "2[a]k=v;3[a]q=;");
    expect_read("\xEF\xBB\xBF" "a = 一\r\nb = 二\r\n", "1[]a=一;2[]b=二;");
    expect_read("eq = a=b=c\n", "1[]eq=a=b=c;");
}

static void reads_quoted_values(void **state)
{
    (void)state;
    expect_read("a = \"  two  \" # note", "1[]a=  two  ;");
    expect_read("a = \"q\\\" b\\\\ n\\n t\\t #\"", "1[]a=q\" b\\ n\n t\t #;");
    expect_read("a = \"\"", "1[]a=;");
}

static void names_the_line_of_the_first_fault(void **state)
{
    (void)state;
    expect_fault(SPAN("a=1\nnonsense\nb=2\nworse\n"), "f.ini:2: ", "1[]a=1;3[]b=2;");
    expect_fault(SPAN("= 1\n"), "f.ini:1: ", "");
    expect_fault(SPAN("[open\nx=1\n"), "f.ini:1: ", "2[]x=1;");
    expect_fault(SPAN("[]\n"), "f.ini:1: ", "");
    expect_fault(SPAN("[\n"), "f.ini:1: ", "");
    expect_fault(SPAN("a = \"open\n"), "f.ini:1: ", "");
    expect_fault(SPAN("a = \"x\" y\n"), "f.ini:1: ", "");
    expect_fault(SPAN("a = \"\\q\"\n"), "f.ini:1: ", "");
    expect_fault(SPAN("a = \xFF\n"), "f.ini:1: ", "");
    expect_fault(SPAN("a = \x1B[31m\nb=2"), "f.ini:1: ", "2[]b=2;");
    expect_fault((struct span){"a = \0\n", 6}, "f.ini:1: ", "");
    expect_fault(SPAN("refuse = 1\nb=2\nrefuse = 2"), "f.ini:1: “refuse” is refused.", "2[]b=2;");
}

static void has_bounds(void **state)
{
    (void)state;
    struct str text = {.max = 0};
    str_printf(&text, "a = %04100d\nb = 2\n", 1);
    expect_fault(str_span(&text), "f.ini:1: ", "2[]b=2;");
    str_clear(&text);
    str_printf(&text, "a = %04000d\n", 1);
    struct str have = {.max = 0};
    assert_true(ini_read("f.ini", str_span(&text), note, &have, NULL));
    assert_int_equal(have.len, 4000 + strlen("1[]a=;"));
    while (text.len <= 1 << 20)
        str_add_text(&text, "# note\n");
    assert_false(ini_read("f.ini", str_span(&text), note, &have, NULL));
    str_release(&have);
    str_release(&text);
}

static void quotes_what_would_not_come_back(void **state)
{
    (void)state;
    static const char *const values[] = {"",     "plain",   " edge ", "a # b", "tab\tbed", "line\nline", "\"quoted\"",
                                         "a\"b", "back\\n", "一 二", "　全角　", "#", "x#y", "="};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct str line = {.max = 0}, want = {.max = 0};
        str_add_text(&line, "key = ");
        ini_quote(&line, span_of(values[i]));
        str_printf(&want, "1[]key=%s;", values[i]);
        expect_read(str_text(&line), str_text(&want));
        str_release(&line);
        str_release(&want);
    }
}

/* What the reader refuses in a line is not written: a value may lose it, but the file is never lost by it. */
static void leaves_out_what_would_be_refused(void **state)
{
    (void)state;
    struct str line = {.max = 0};
    str_add_text(&line, "key = ");
    ini_quote(&line, SPAN("a\r\nb\x1b[31m\x7f\0秋\xE8\xAF夜\xFF\t\"c\\"));
    str_add_text(&line, "\nbare = ");
    ini_quote(&line, SPAN("x\xFFy"));
    expect_read(str_text(&line), "1[]key=a\nb[31m秋夜\t\"c\\;2[]bare=xy;");
    str_release(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_entries),
        cmocka_unit_test(reads_quoted_values),
        cmocka_unit_test(names_the_line_of_the_first_fault),
        cmocka_unit_test(has_bounds),
        cmocka_unit_test(quotes_what_would_not_come_back),
        cmocka_unit_test(leaves_out_what_would_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
