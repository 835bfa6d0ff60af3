/* Lines of a batch: what they may hold, what is refused and why, and what names them. */
#include "app/batch/line.h"
#include "core/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void all_members(void **state)
{
    struct batch_line l = {0};
    struct request req;
    struct err e = {0};
    (void)state;
    request_init(&req);
    dial_set(&req.dials, DIAL_TOP_P, 0.5);
    request_add_stop(&req, SPAN("old"));
    const char *text = "{\"prompt\":\"写\\u4e00首\",\"id\":7,\"system\":\"s\",\"context\":\"c\",\"model\":\"m\",\"title\":\"t\",\"stop\":[\"a\",\"b\"],"
                       "\"n\":3,\"temperature\":0.9,\"top-p\":\"off\",\"seed\":9007199254740991}";
    if (!batch_line_read(&l, span_of(text), &e))
        fail_msg("%s", e.text);
    assert_string_equal(str_text(&l.prompt), "写一首");
    assert_string_equal(str_text(&l.id), "7");
    assert_string_equal(str_text(&l.context), "c");
    assert_string_equal(str_text(&l.title), "t");
    batch_line_apply(&l, &req);
    assert_string_equal(str_text(&req.system), "s");
    assert_string_equal(str_text(&req.model), "m");
    assert_int_equal(req.stop_count, 2);
    assert_string_equal(str_text(&req.stops[1]), "b");
    assert_int_equal(dials_takes(&req.dials), 3);
    assert_true(req.dials.value[DIAL_TEMPERATURE] == 0.9);
    assert_true(req.dials.value[DIAL_SEED] == 9007199254740991.0);
    assert_false(req.dials.on[DIAL_TOP_P]);
    /* nothing of it is left over for the next line */
    assert_true(batch_line_read(&l, SPAN("{\"prompt\":\"x\"}"), &e));
    assert_int_equal(l.id.len + l.system.len + l.model.len + l.title.len, 0);
    assert_int_equal(l.stop_count, -1);
    assert_false(l.given[DIAL_TEMPERATURE]);
    request_release(&req);
    batch_line_release(&l);
}

static void faults(void **state)
{
    static const char *const bad[][2] = {
        {"", "no JSON object"},        {"[1]", "not a JSON object"},        {"{\"prompt\":\"\"}", "prompt"},
        {"{\"id\":1}", "prompt"},      {"{\"prompt\":1}", "“prompt”"},      {"{\"prompt\":\"a\"", "not a JSON object"},
        {"{\"prompt\":\"a\",\"warmth\":1}", "“warmth”"},                   {"{\"prompt\":\"a\",\"temperature\":9}", "temperature"},
        {"{\"prompt\":\"a\",\"n\":1.5}", "takes"},                         {"{\"prompt\":\"a\",\"stop\":[\"\"]}", "empty"},
        {"{\"prompt\":\"a\",\"stop\":[1]}", "“stop”"},                     {"{\"prompt\":\"a\",\"seed\":[]}", "“seed”"},
        {"{\"prompt\":\"a\",\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}", "at most 8"},
    };
    struct batch_line l = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        if (batch_line_read(&l, span_of(bad[i][0]), &e))
            fail_msg("“%s” was taken", bad[i][0]);
        if (i && !strstr(e.text, bad[i][1]))
            fail_msg("“%s” says: %s", bad[i][0], e.text);
    }
    batch_line_release(&l);
}

static int by_name(const void *a, const void *b)
{
    return memcmp(a, b, BATCH_NAME_LEN);
}

/* A hundred thousand lines that differ by one character have as many names. */
static void names(void **state)
{
    enum { COUNT = 100000 };
    char *all = malloc((size_t)COUNT * BATCH_NAME_LEN);
    struct str name = {0};
    (void)state;
    assert_non_null(all);
    for (int i = 0; i < COUNT; i++) {
        char text[64];
        snprintf(text, sizeof text, "{\"prompt\":\"line %d\"}", i);
        str_clear(&name);
        batch_line_name(span_of(text), &name);
        assert_int_equal(name.len, BATCH_NAME_LEN);
        memcpy(all + (size_t)i * BATCH_NAME_LEN, name.s, BATCH_NAME_LEN);
    }
    qsort(all, COUNT, BATCH_NAME_LEN, by_name);
    for (size_t i = 1; i < COUNT; i++)
        assert_true(memcmp(all + (i - 1) * BATCH_NAME_LEN, all + i * BATCH_NAME_LEN, BATCH_NAME_LEN) < 0);
    str_release(&name);
    free(all);
}

static void lines_are_counted(void **state)
{
    struct batch_seen seen = {0};
    (void)state;
    for (int round = 1; round <= 3; round++)
        for (int i = 0; i < 5000; i++) {
            char text[32];
            snprintf(text, sizeof text, "{\"prompt\":\"%d\"}", i);
            assert_int_equal(batch_seen_again(&seen, span_of(text)), round);
        }
    batch_seen_release(&seen);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_members),
        cmocka_unit_test(faults),
        cmocka_unit_test(names),
        cmocka_unit_test(lines_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
