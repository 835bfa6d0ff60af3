/* What an answer says of each step of a ping, made-up answers in place of servers. */
#include "app/doctor/ping.h"
#include "core/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *url, *model, *models;
    enum ask_step reached; /* ASK_STEPS: all went well */
    enum ping_step failed; /* PING_STEPS: none */
};

static void read_row(const struct row *row, struct ping *p)
{
    struct server s;
    struct answer a = {.ok = row->reached == ASK_STEPS, .reached = row->reached};
    server_init(&s);
    server_set_text(&s.name, SPAN("desk"));
    server_set_text(&s.url, span_of(row->url));
    server_set_text(&s.model, span_of(row->model));
    str_add_text(&a.models, row->models);
    for (int i = 0; i < ASK_STEPS; i++)
        a.ms[i] = i < (int)row->reached ? 10 + i : -1;
    if (!a.ok)
        err_set(&a.err, ERR_NETWORK, "A fault.");
    ping_read(p, &s, &a);
    server_release(&s);
    answer_release(&a);
}

static void the_step_that_failed_is_the_one_told(void **state)
{
    static const struct row rows[] = {
        {"https://host.example/v1", "qwen", "qwen\nother\n", ASK_STEPS, PING_STEPS},
        {"https://host.example/v1", "", "qwen\nother\n", ASK_STEPS, PING_STEPS},
        {"https://host.example/v1", "qwen", "qwen:latest\n", ASK_STEPS, PING_STEPS},
        {"https://host.example/v1", "gemini", "models/gemini\n", ASK_STEPS, PING_STEPS},
        {"https://host.example/v1", "qwen", "", ASK_STEPS, PING_STEPS},      /* no list: nothing against it */
        {"https://host.example/v1", "", "", ASK_STEPS, PING_MODEL},
        {"https://host.example/v1", "qwen", "qwen2\n", ASK_STEPS, PING_MODEL},
        {"https://host.example/v1", "q", "", ASK_NAME, PING_NAME},
        {"https://host.example/v1", "q", "", ASK_CONNECT, PING_CONNECT},
        {"https://host.example/v1", "q", "", ASK_TLS, PING_TLS},
        {"https://host.example/v1", "q", "", ASK_ANSWER, PING_PATH},
        {"https://host.example/v1", "q", "", ASK_KEY, PING_KEY},             /* 401: the path is right */
        {"https://host.example/v1", "q", "", ASK_MODELS, PING_PATH},         /* 404, a web page, strange bytes */
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ping p = {0};
        read_row(&rows[i], &p);
        assert_int_equal(ping_failed(&p), rows[i].failed);
        assert_int_equal(p.err.kind != ERR_NONE, rows[i].failed != PING_STEPS);
        for (int step = 0; step < PING_TOKEN; step++) {
            assert_true(p.texts[step].len > 0);
            assert_int_equal(p.verdicts[step] == VERDICT_PASSED, step > (int)rows[i].failed);
            if (step >= (int)rows[i].failed)
                assert_int_equal(p.ms[step], -1);
        }
        ping_release(&p);
    }
}

static void plain_http_is_told(void **state)
{
    static const struct row rows[] = {{"http://127.0.0.1:8080", "q", "q\n", ASK_STEPS, PING_STEPS},
                                      {"http://host.example", "q", "q\n", ASK_STEPS, PING_STEPS}};
    static const enum verdict verdicts[] = {VERDICT_WELL, VERDICT_NOTE};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ping p = {0};
        read_row(&rows[i], &p);
        assert_int_equal(p.verdicts[PING_TLS], verdicts[i]);
        ping_release(&p);
    }
}

static void a_key_that_cannot_be_had_stops_before_the_server(void **state)
{
    struct ping p = {0};
    struct server s;
    struct err err = {0};
    (void)state;
    server_init(&s);
    server_set_text(&s.url, SPAN("https://host.example"));
    err_set(&err, ERR_CONFIG, "No key.");
    ping_refused(&p, &s, &err);
    assert_int_equal(ping_failed(&p), PING_KEY);
    ping_release(&p);
    server_release(&s);
}

/* How much the model holds, and in which form it is asked. */
static void what_is_told_of_the_model_is_passed_on(void **state)
{
    static const struct {
        enum dialect_id dialect;
        const char *instruct, *contexts;
        struct model_told told;
        const char *says;
    } rows[] = {
        {DIALECT_LLAMACPP, "auto", "", {.context = 4096, .has_template = true}, "It holds 4096 tokens. Its own template is in no form"},
        {DIALECT_LLAMACPP, "auto", "", {0}, "is the one in its list. It has told no template, so prompts go out as they are"},
        {DIALECT_LLAMACPP, "gemma", "", {0}, "Prompts go out in the form gemma, as the config says."},
        {DIALECT_LLAMACPP, NULL, "", {0}, "Prompts go out as they are; instruct = auto would"},
        {DIALECT_OPENAI_COMPLETIONS, NULL, "", {0}, "Prompts go out as they are; instruct = chatml would"},
        {DIALECT_OPENAI_CHAT, NULL, "q\t32768\n", {0}, "is the one in its list. It holds 32768 tokens."},
        {DIALECT_OLLAMA, "auto", "", {.context = 8192, .has_template = true}, "form itself: instruct = auto changes nothing there."},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ping p = {0};
        struct server s;
        struct answer a = {.ok = true, .reached = ASK_STEPS, .told = rows[i].told};
        server_init(&s);
        server_set_text(&s.url, SPAN("http://127.0.0.1:8080"));
        server_set_text(&s.model, SPAN("q"));
        s.dialect = rows[i].dialect;
        s.instruct = mem_copy_text(rows[i].instruct);
        str_set(&a.models, SPAN("q\n"));
        str_set(&a.contexts, span_of(rows[i].contexts));
        str_set(&a.told_of, SPAN("q"));
        ping_read(&p, &s, &a);
        assert_int_equal(ping_failed(&p), PING_STEPS);
        if (!strstr(str_text(&p.texts[PING_MODEL]), rows[i].says))
            fail_msg("%s", str_text(&p.texts[PING_MODEL]));
        ping_release(&p);
        server_release(&s);
        answer_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_step_that_failed_is_the_one_told),
        cmocka_unit_test(plain_http_is_told),
        cmocka_unit_test(what_is_told_of_the_model_is_passed_on),
        cmocka_unit_test(a_key_that_cannot_be_had_stops_before_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
