/* Questions to servers: their models, and which step fails. */
#include "core/instruct.h"
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void wait_answer(struct stage *g, struct answer *a)
{
    while (!net_next_answer(g->net, a)) {
        net_wait(g->net, NULL, 0, 10000);
        net_step(g->net);
    }
}

static void ask(struct stage *g, int limit_ms, struct answer *a)
{
    struct err err = {0};
    if (!net_ask(g->net, &g->server, 5, limit_ms, &err))
        fail_msg("%s", err.text);
    wait_answer(g, a);
    assert_int_equal(a->ticket, 5);
    assert_int_equal(a->ok, a->reached == ASK_STEPS);
    assert_int_equal(a->ok, a->err.kind == ERR_NONE);
}

static void serve_models(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: "
                       "close\r\n\r\n{\"object\":\"list\",\"data\":[{\"id\":\"poet-2\"},{\"id\":\"诗人\"},"
                       "{\"id\":7},{},{\"id\":\"\"},{\"id\":\"bad\\u001b[31m\"},{\"id\":\"last/one\",\"context_length\":131072},"
                       "{\"id\":\"vllm\",\"max_model_len\":\"32768\"},{\"id\":\"groq\",\"context_window\":8192},"
                       "{\"id\":\"llama\",\"meta\":{\"n_ctx_train\":4096}},{\"id\":\"odd\",\"context_length\":-5},"
                       "{\"id\":\"tab\\t77\",\"context_length\":1e300}]}");
}

static void lists_models(void **state)
{
    struct stage g;
    struct answer a;
    (void)state;
    stage_open(&g, serve_models);
    ask(&g, 0, &a);
    assert_true(a.ok);
    assert_string_equal(str_text(&a.models), "poet-2\n诗人\nlast/one\nvllm\ngroq\nllama\nodd\ntab\n");
    assert_string_equal(str_text(&a.contexts), "last/one\t131072\nvllm\t32768\ngroq\t8192\nllama\t4096\ntab\t77\n");
    assert_int_equal(models_context(str_span(&a.contexts), SPAN("groq")), 8192);
    assert_int_equal(models_context(str_span(&a.contexts), SPAN("gro")), 0);
    assert_int_equal(models_context(str_span(&a.contexts), SPAN("poet-2")), 0);
    assert_true(a.ms[ASK_NAME] >= 0 && a.ms[ASK_CONNECT] >= a.ms[ASK_NAME] && a.ms[ASK_MODELS] >= a.ms[ASK_ANSWER]);
    assert_int_equal(a.ms[ASK_TLS], -1);
    ASSERT_HOLDS(str_text(&g.tiny.heads), "GET /v1/models HTTP/1.1\r\n");
    answer_release(&a);
    stage_close(&g);
}

static void serve_llamacpp(struct visit *v)
{
    const char *head = str_text(&v->head);
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    visit_send_text(v, holds(head, "GET /v1/models ") ? "{\"data\":[{\"id\":\"local.gguf\",\"meta\":{\"n_ctx_train\":131072}}]}"
                       : holds(head, "GET /props ")   ? "{\"default_generation_settings\":{\"n_ctx\":4096},\"total_slots\":1}"
                                                      : "{}");
}

/* An old one, which has no /props: and it says no at the other place. */
static void serve_old_koboldcpp(struct visit *v)
{
    bool list = holds(str_text(&v->head), "GET /api/v1/model ");
    visit_send_text(v, list ? "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"result\":\"koboldcpp/x\"}"
                            : "HTTP/1.1 404 No\r\nConnection: close\r\n\r\n{\"value\":8192}");
}

static void serve_koboldcpp(struct visit *v)
{
    const char *head = str_text(&v->head);
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    visit_send_text(v, holds(head, "GET /api/v1/model ")                           ? "{\"result\":\"koboldcpp/x\"}"
                       : holds(head, "GET /v1/models ") ? "{\"data\":[{\"id\":\"koboldcpp/x\",\"owned_by\":\"koboldcpp\",\"root\":\"koboldcpp\"}]}"
                       : holds(head, "GET /api/extra/true_max_context_length ") ? "{\"value\":8192}"
                       : holds(head, "GET /props ") ? "{\"chat_template\":\"{{'[INST] '+m.content+' [/INST]'}}\",\"total_slots\":1}"
                                                    : "{}");
}

/* Two models; it tells of the one that it is asked about. */
static void serve_ollama(struct visit *v)
{
    const char *head = str_text(&v->head), *body = str_text(&v->body);
    bool list = holds(head, "GET /api/tags "), show = holds(head, "POST /api/show ");
    bool qwen = show && !strcmp(body, "{\"model\":\"qwen3:8b\"}"), set = show && !strcmp(body, "{\"model\":\"set:1b\"}");
    visit_send_text(v, list || qwen || set ? "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" : "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
    visit_send_text(v, list ? "{\"models\":[{\"name\":\"qwen3:8b\"},{\"name\":\"set:1b\"},{\"name\":\"gone:1b\"}]}"
                       : qwen
                           ? "{\"modelfile\":\"# …\",\"parameters\":\"stop                           \\\"<|im_end|>\\\"\\ntemperature 0.6\","
                             "\"template\":\"{{ range .Messages }}<|im_start|>{{ .Role }}\\n{{ .Content }}<|im_end|>\\n{{ end }}\","
                             "\"model_info\":{\"general.architecture\":\"qwen3\",\"qwen3.context_length\":40960,\"llama.context_length\":7}}"
                       : set ? "{\"parameters\":\"num_ctx                        8192\\nstop \\\"x\\\"\",\"template\":\"{{ .Prompt }}\","
                               "\"model_info\":{\"general.architecture\":\"llama\",\"llama.context_length\":131072}}"
                             : "{\"error\":\"model 'gone:1b' not found\"}");
}

static void serve_very_old_ollama(struct visit *v)
{
    bool list = holds(str_text(&v->head), "GET /api/tags ");
    visit_send_text(v, list ? "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"models\":[{\"name\":\"qwen3:8b\"}]}"
                            : "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n404 page not found");
}

static void serve_llamacpp_with_template(struct visit *v)
{
    const char *head = str_text(&v->head);
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    visit_send_text(v, holds(head, "GET /v1/models ") ? "{\"data\":[{\"id\":\"local.gguf\",\"meta\":{\"n_ctx_train\":131072}}]}"
                       : holds(head, "GET /props ")
                           ? "{\"default_generation_settings\":{\"n_ctx\":4096,\"params\":{}},\"total_slots\":1,\"model_path\":\"/m/local.gguf\","
                             "\"chat_template\":\"{% for m in messages %}{{'<start_of_turn>' + m['role'] + '\\n' + m['content'] | trim}}{% endfor %}\"}"
                           : "{}");
}

/* As it says of itself to whoever speaks OpenAI's dialect with it. */
static void serve_llamacpp_by_its_owner(struct visit *v)
{
    const char *head = str_text(&v->head);
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    visit_send_text(v, holds(head, "GET /v1/models ")
                           ? "{\"object\":\"list\",\"data\":[{\"id\":\"local.gguf\",\"owned_by\":\"llamacpp\",\"meta\":{\"n_ctx_train\":131072}}]}"
                       : holds(head, "GET /props ") ? "{\"default_generation_settings\":{\"n_ctx\":1024},\"total_slots\":2}"
                                                    : "{}");
}

/* The template is of no known form; sizes are out of all bounds. */
static void serve_strange_props(struct visit *v)
{
    const char *head = str_text(&v->head);
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    visit_send_text(v, holds(head, "GET /v1/models ") ? "{\"data\":[{\"id\":\"local.gguf\",\"meta\":{\"n_ctx_train\":131072}}]}"
                                                      : "{\"default_generation_settings\":{\"n_ctx\":1e15},\"chat_template\":\"<|turn>user\"}");
}

static void serve_broken_props(struct visit *v)
{
    const char *head = str_text(&v->head);
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    visit_send_text(v, holds(head, "GET /v1/models ") ? "{\"data\":[{\"id\":\"local.gguf\"}]}" : "<html>no</html>");
}

static void tells_what_it_knows_of_the_model_in_use(void **state)
{
    static const struct {
        enum dialect_id dialect;
        void (*serve)(struct visit *);
        const char *model, *contexts, *told_of;
        int context;
        bool has_template;
        const char *form;
    } rows[] = {
        {DIALECT_LLAMACPP, serve_llamacpp, "", "local.gguf\t4096\n", "local.gguf", 4096, false, NULL},
        {DIALECT_LLAMACPP, serve_llamacpp_with_template, "", "local.gguf\t4096\n", "local.gguf", 4096, true, "gemma"},
        {DIALECT_LLAMACPP, serve_llamacpp_with_template, "mine", "local.gguf\t4096\n", "mine", 4096, true, "gemma"}, /* it has one, whatever its name */
        {DIALECT_LLAMACPP, serve_strange_props, "", "local.gguf\t131072\n", "local.gguf", 131072, true, NULL},
        {DIALECT_LLAMACPP, serve_broken_props, "", "", "local.gguf", 0, false, NULL},
        {DIALECT_OPENAI_CHAT, serve_llamacpp_with_template, "local.gguf", "local.gguf\t131072\n", "", 131072, false, NULL},
        {DIALECT_OPENAI_CHAT, serve_llamacpp_by_its_owner, "local.gguf", "local.gguf\t1024\n", "local.gguf", 1024, false, NULL},
        {DIALECT_OPENAI_COMPLETIONS, serve_llamacpp_by_its_owner, "", "local.gguf\t1024\n", "local.gguf", 1024, false, NULL},
        {DIALECT_OPENAI_CHAT, serve_koboldcpp, "", "koboldcpp/x\t8192\n", "koboldcpp/x", 8192, true, "mistral"},
        {DIALECT_KOBOLDCPP, serve_koboldcpp, "", "koboldcpp/x\t8192\n", "koboldcpp/x", 8192, true, "mistral"},
        {DIALECT_KOBOLDCPP, serve_old_koboldcpp, "", "", "koboldcpp/x", 0, false, NULL},
        {DIALECT_OLLAMA, serve_ollama, "", "qwen3:8b\t40960\n", "qwen3:8b", 40960, true, "chatml"},
        {DIALECT_OLLAMA, serve_ollama, "qwen3:8b", "qwen3:8b\t40960\n", "qwen3:8b", 40960, true, "chatml"},
        {DIALECT_OLLAMA, serve_ollama, "set:1b", "set:1b\t8192\n", "set:1b", 8192, true, NULL}, /* its maker's word goes before what it could hold */
        {DIALECT_OLLAMA, serve_ollama, "gone:1b", "", "gone:1b", 0, false, NULL},
        {DIALECT_OLLAMA, serve_very_old_ollama, "qwen3:8b", "", "qwen3:8b", 0, false, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage g;
        struct answer a;
        stage_open(&g, rows[i].serve);
        g.server.dialect = rows[i].dialect;
        server_set_text(&g.server.model, span_of(rows[i].model));
        ask(&g, 0, &a);
        struct span model = span_of(*rows[i].told_of ? rows[i].told_of : rows[i].model);
        struct model_told told = answer_told(&a, model), other = answer_told(&a, SPAN("another"));
        assert_true(a.ok);
        assert_string_equal(str_text(&a.contexts), rows[i].contexts);
        assert_string_equal(str_text(&a.told_of), rows[i].told_of);
        assert_int_equal(told.context, rows[i].context);
        assert_int_equal(told.has_template, rows[i].has_template);
        assert_ptr_equal(told.form, rows[i].form ? instruct_find(span_of(rows[i].form)) : NULL);
        assert_true(!other.context && !other.has_template && !other.form);
        answer_release(&a);
        stage_close(&g);
    }
}

static void serve_flood(struct visit *v)
{
    static char block[1 << 16];
    memset(block, 'x', sizeof block);
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 160; i++)
        visit_send(v, (struct span){block, sizeof block});
}

static void serve_list_then(struct visit *v, void (*then)(struct visit *))
{
    if (holds(str_text(&v->head), "GET /v1/models "))
        visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":[{\"id\":\"local.gguf\"}]}");
    else
        then(v);
}

static void serve_flood_of_props(struct visit *v)
{
    serve_list_then(v, serve_flood);
}

static void serve_silent_props(struct visit *v)
{
    serve_list_then(v, visit_wait_gone);
}

static void serve_deep_props(struct visit *v)
{
    if (holds(str_text(&v->head), "GET /v1/models ")) {
        serve_list_then(v, visit_wait_gone);
        return;
    }
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"chat_template\":");
    for (int i = 0; i < 100000; i++)
        visit_send_text(v, "[");
}

/* Whatever is wrong with what a server tells of its model, its list stands. */
static void a_list_is_none_the_worse_for_it(void **state)
{
    static void (*const rows[])(struct visit *) = {serve_flood_of_props, serve_silent_props, serve_deep_props};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage g;
        struct answer a;
        stage_open(&g, rows[i]);
        g.server.dialect = DIALECT_LLAMACPP;
        ask(&g, rows[i] == serve_silent_props ? 200 : 0, &a);
        assert_true(a.ok);
        assert_string_equal(str_text(&a.models), "local.gguf\n");
        assert_true(!a.told.context && !a.told.has_template && a.contexts.len == 0);
        answer_release(&a);
        stage_close(&g);
    }
}

/* Nothing is asked about a model where there is none. */
static void serve_no_models(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"models\":[]}");
}

static void asks_of_no_model_without_one(void **state)
{
    struct stage g;
    struct answer a;
    (void)state;
    stage_open(&g, serve_no_models);
    g.server.dialect = DIALECT_OLLAMA;
    server_set_text(&g.server.model, SPAN(""));
    ask(&g, 0, &a);
    assert_true(a.ok && a.told_of.len == 0);
    assert_int_equal(g.tiny.visits, 1);
    answer_release(&a);
    stage_close(&g);
}

static void serve_key_wanted(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n{\"detail\":\"Unauthorized\"}");
}

static void serve_page(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html><title>Login</title></html>");
}

static void serve_nothing(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

static void serve_silence(struct visit *v)
{
    visit_wait_gone(v);
}

static void serve_failure(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
}

static void tells_the_step_that_fails(void **state)
{
    static const struct {
        void (*serve)(struct visit *);
        enum ask_step step;
        const char *words;
    } rows[] = {
        {serve_key_wanted, ASK_KEY, "wants a key (401)"}, {serve_page, ASK_MODELS, "a web page (“Login”)"},
        {serve_nothing, ASK_MODELS, "empty answer"},      {serve_silence, ASK_ANSWER, "did not answer within 50 ms"},
        {serve_failure, ASK_ANSWER, "failed (500)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage g;
        struct answer a;
        stage_open(&g, rows[i].serve);
        ask(&g, rows[i].serve == serve_silence ? 50 : 0, &a);
        assert_int_equal(a.reached, rows[i].step);
        ASSERT_HOLDS(a.err.text, rows[i].words);
        assert_int_equal(a.ms[rows[i].step], -1);
        answer_release(&a);
        stage_close(&g);
    }
}

static void takes_no_endless_list(void **state)
{
    struct stage g;
    struct answer a;
    (void)state;
    stage_open(&g, serve_flood);
    ask(&g, 0, &a);
    assert_int_equal(a.err.kind, ERR_LIMIT);
    ASSERT_HOLDS(a.err.text, "more than 8 MB");
    answer_release(&a);
    stage_close(&g);
}

static void tells_that_nothing_answers(void **state)
{
    struct stage g;
    struct answer a;
    (void)state;
    stage_open(&g, serve_models);
    stage_set_url(&g, tiny_free_port(), "");
    ask(&g, 300, &a);
    assert_int_equal(a.reached, ASK_CONNECT);
    ASSERT_HOLDS(a.err.text, "Nothing answers at");
    answer_release(&a);
    stage_close(&g);
}

static void tells_that_the_proxy_does_not_answer(void **state)
{
    struct stage g;
    struct answer a;
    char proxy[64];
    (void)state;
    stage_open(&g, serve_models);
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", tiny_free_port());
    setenv("http_proxy", proxy, 1);
    server_set_text(&g.server.url, SPAN("http://192.0.2.1:8080"));
    ask(&g, 300, &a);
    unsetenv("http_proxy");
    ASSERT_HOLDS(a.err.text, "The proxy on the way to 192.0.2.1:8080 does not work");
    answer_release(&a);
    stage_close(&g);
}

static void may_end_while_asking(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_silence);
    assert_true(net_ask(g.net, &g.server, 1, 0, NULL));
    net_step(g.net);
    stage_close(&g);
}

static void waits_before_libcurl_is_there(void **state)
{
    int fds[2];
    struct net *net = net_new();
    (void)state;
    assert_int_equal(pipe(fds), 0);
    struct pollfd wait = {.fd = fds[0], .events = POLLIN};
    assert_int_equal(net_wait(net, &wait, 1, 0), 0);
    assert_int_equal(net_deadline_ms(net), -1);
    assert_false(net_step(net));
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_int_equal(net_wait(net, &wait, 1, -1), 1);
    assert_true(wait.revents & POLLIN);
    close(fds[0]);
    close(fds[1]);
    net_free(net);
}

static void tells_of_files_during_a_transfer(void **state)
{
    struct stage g;
    int fds[2];
    (void)state;
    stage_open(&g, serve_silence);
    assert_int_equal(pipe(fds), 0);
    assert_true(net_ask(g.net, &g.server, 1, 0, NULL));
    close(fds[1]);
    struct pollfd wait = {.fd = fds[0], .events = POLLIN};
    while (net_wait(g.net, &wait, 1, 1000) == 0)
        net_step(g.net);
    assert_true(wait.revents & POLLHUP);
    close(fds[0]);
    stage_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_before_libcurl_is_there), /* before any other loads it */
        cmocka_unit_test(lists_models),
        cmocka_unit_test(tells_what_it_knows_of_the_model_in_use),
        cmocka_unit_test(a_list_is_none_the_worse_for_it),
        cmocka_unit_test(asks_of_no_model_without_one),
        cmocka_unit_test(tells_the_step_that_fails),
        cmocka_unit_test(takes_no_endless_list),
        cmocka_unit_test(tells_that_nothing_answers),
        cmocka_unit_test(tells_that_the_proxy_does_not_answer),
        cmocka_unit_test(may_end_while_asking),
        cmocka_unit_test(tells_of_files_during_a_transfer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
