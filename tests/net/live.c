/* Sources and questions against a real socket: streaming, stopping, time-outs, refusals and servers that mean harm. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* -- streaming and stopping -------------------------------------------------------------------- */

static void serve_stream(struct visit *v)
{
    visit_send_text(v, SSE_HEAD DELTA("风") DELTA("雨") FINISH);
}

static void streams(void **state)
{
    struct stage g;
    struct str body = {0}, preview = {0};
    (void)state;
    stage_open(&g, serve_stream);
    stage_start(&g, 7, &body);
    stage_finish(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "风雨");
    assert_string_equal(str_text(&g.outcome.finish[0]), "stop");
    assert_string_equal(str_text(&body), str_text(&g.tiny.last_body));
    assert_true(g.source->ops->preview(g.source, &g.request, &preview, NULL));
    assert_string_equal(str_text(&body), str_text(&preview));
    ASSERT_HOLDS(str_text(&g.tiny.heads), "POST /v1/chat/completions HTTP/1.1\r\n");
    ASSERT_HOLDS(str_text(&g.tiny.heads), "User-Agent: renga/");
    ASSERT_HOLDS(str_text(&g.tiny.heads), "Content-Type: application/json\r\n");
    assert_false(holds(str_text(&g.tiny.heads), "Authorization"));
    assert_false(holds(str_text(&g.tiny.heads), "Cookie"));
    str_release(&body);
    str_release(&preview);
    stage_close(&g);
}

static void serve_endless(struct visit *v)
{
    visit_send_text(v, SSE_HEAD DELTA("first"));
    visit_wait_gone(v);
}

static void cancels(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_endless);
    stage_start(&g, 1, NULL);
    while (!g.outcome.text[0].len)
        stage_step(&g);
    g.source->ops->cancel(g.source, 1);
    assert_int_equal(net_deadline_ms(g.net), 0);
    stage_step(&g);
    assert_true(g.outcome.done);
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    assert_string_equal(str_text(&g.outcome.text[0]), "first");
    assert_true(tiny_wait_gone(&g.tiny, 1));
    stage_close(&g);
}

static void serve_past_a_stop_word(struct visit *v)
{
    struct pollfd gone = {.fd = v->fd, .events = POLLIN};
    visit_send_text(v, SSE_HEAD DELTA("one two E") DELTA("ND three"));
    while (poll(&gone, 1, 20) == 0) /* it never falls silent */
        visit_send_text(v, DELTA(" more"));
    visit_wait_gone(v);
}

/* The server takes no stop words and would write on: its stream is closed at the first. */
static void ends_at_a_stop_word(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_past_a_stop_word);
    assert_true(request_add_stop(&g.request, SPAN("END")));
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "one two ");
    assert_string_equal(str_text(&g.outcome.finish[0]), "stop");
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    assert_true(tiny_wait_gone(&g.tiny, 1));
    stage_close(&g);
}

static void frees_while_streaming(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_endless);
    stage_start(&g, 1, NULL);
    while (!g.outcome.text[0].len)
        stage_step(&g);
    g.source->ops->free(g.source);
    g.source = NULL;
    assert_false(net_step(g.net));
    assert_true(tiny_wait_gone(&g.tiny, 1));
    stage_close(&g);
}

static void serve_lingering(struct visit *v)
{
    visit_send_text(v, SSE_HEAD DELTA("all") FINISH);
    visit_wait_gone(v);
}

static void does_not_wait_after_the_end(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_lingering);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.finish[0]), "stop");
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    assert_int_equal(g.outcome.failure[0].len, 0);
    stage_close(&g);
}

/* -- time-outs --------------------------------------------------------------------------------- */

static void serve_silence(struct visit *v)
{
    visit_wait_gone(v);
}

static void times_out_before_the_first_byte(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_silence);
    g.server.first_ms = 60;
    stage_run(&g);
    assert_int_equal(g.outcome.err.kind, ERR_NETWORK);
    ASSERT_HOLDS(g.outcome.err.text, "took the request but sent nothing");
    assert_true(tiny_wait_gone(&g.tiny, 1));
    stage_close(&g);
}

static void times_out_between_bytes(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_endless);
    g.server.idle_ms = 60;
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "first");
    ASSERT_HOLDS(str_text(&g.outcome.failure[0]), "What came is kept");
    stage_close(&g);
}

/* -- refusals ---------------------------------------------------------------------------------- */

static void tells_that_nothing_answers(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_stream);
    stage_set_url(&g, tiny_free_port(), "/v1");
    stage_run(&g);
    assert_int_equal(g.outcome.err.kind, ERR_NETWORK);
    ASSERT_HOLDS(g.outcome.err.text, "Nothing answers at 127.0.0.1:");
    stage_close(&g);
}

static void serve_redirect(struct visit *v)
{
    struct str head = {0};
    str_printf(&head,
               "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:%d/v1/trap\r\nContent-Length: 0\r\n\r\n",
               *(int *)v->server->ctx);
    visit_send(v, str_span(&head));
    str_release(&head);
}

static void does_not_follow_redirects(void **state)
{
    struct stage g;
    struct tiny_server trap;
    char host[32];
    (void)state;
    tiny_start(&trap, serve_stream);
    stage_open(&g, serve_redirect);
    g.tiny.ctx = &trap.port;
    stage_run(&g);
    snprintf(host, sizeof host, "127.0.0.1:%d", trap.port);
    ASSERT_HOLDS(g.outcome.err.text, host);
    assert_int_equal(g.outcome.err.status, 307);
    assert_int_equal(trap.visits, 0);
    stage_close(&g);
    tiny_stop(&trap);
}

static void never_proxies_loopback(void **state)
{
    struct stage g;
    struct tiny_server trap;
    char proxy[64];
    (void)state;
    tiny_start(&trap, serve_stream);
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", trap.port);
    setenv("http_proxy", proxy, 1);
    setenv("all_proxy", proxy, 1);
    stage_open(&g, serve_stream);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "风雨");
    assert_int_equal(trap.visits, 0);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    stage_close(&g);
    tiny_stop(&trap);
}

static void a_proxy_that_is_named_is_used(void **state)
{
    struct stage g;
    struct tiny_server proxy;
    char address[64];
    (void)state;
    tiny_start(&proxy, serve_stream);
    snprintf(address, sizeof address, "http://127.0.0.1:%d", proxy.port);
    stage_open(&g, serve_stream);
    server_set_text(&g.server.proxy, span_of(address));
    stage_set_url(&g, g.tiny.port, "");
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "风雨");
    assert_int_equal(proxy.visits, 1);
    assert_int_equal(g.tiny.visits, 0);
    ASSERT_HOLDS(str_text(&proxy.heads), "POST http://127.0.0.1:");
    stage_close(&g);
    tiny_stop(&proxy);
}

/* Each dialect has its own place and its own head line for the key. */
static void dialects_speak_their_own_way(void **state)
{
    static const struct {
        enum dialect_id dialect;
        const char *header, *path, *line;
    } ways[] = {
        {DIALECT_OPENAI_CHAT, NULL, "POST /v1/chat/completions HTTP", "\r\nAuthorization: Bearer canary-key\r\n"},
        {DIALECT_OPENAI_RESPONSES, NULL, "POST /v1/responses HTTP", "\r\nAuthorization: Bearer canary-key\r\n"},
        {DIALECT_ANTHROPIC, NULL, "POST /v1/messages HTTP", "\r\nx-api-key: canary-key\r\n"},
        {DIALECT_GEMINI, NULL, "POST /v1beta/models/poet:streamGenerateContent?alt=sse HTTP", "\r\nx-goog-api-key: canary-key\r\n"},
        {DIALECT_OLLAMA, NULL, "POST /api/chat HTTP", "\r\nAuthorization: Bearer canary-key\r\n"},
        {DIALECT_LLAMACPP, NULL, "POST /completion HTTP", "\r\nAuthorization: Bearer canary-key\r\n"},
        {DIALECT_KOBOLDCPP, NULL, "POST /api/extra/generate/stream HTTP", "\r\nAuthorization: Bearer canary-key\r\n"},
        {DIALECT_OPENAI_CHAT, "api-key", "POST /v1/chat/completions HTTP", "\r\napi-key: canary-key\r\n"},
    };
    (void)state;
    setenv("RENGA_TEST_KEY", "canary-key", 1);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct stage g;
        stage_open(&g, serve_stream);
        g.server.dialect = ways[i].dialect;
        server_set_text(&g.server.model, SPAN("poet"));
        server_set_text(&g.server.key_env, SPAN("RENGA_TEST_KEY"));
        if (ways[i].header)
            server_set_text(&g.server.key_header, span_of(ways[i].header));
        stage_set_url(&g, g.tiny.port, "");
        str_set(&g.request.prompt, SPAN("写"));
        request_add_turn(&g.request, ROLE_USER, SPAN("写"));
        stage_run(&g);
        ASSERT_HOLDS(str_text(&g.tiny.heads), ways[i].path);
        ASSERT_HOLDS(str_text(&g.tiny.heads), ways[i].line);
        assert_int_equal(holds(str_text(&g.tiny.heads), "anthropic-version: "), ways[i].dialect == DIALECT_ANTHROPIC);
        assert_false(holds(str_text(&g.tiny.last_body), "canary"));
        stage_close(&g);
    }
    unsetenv("RENGA_TEST_KEY");
}

static void serve_broken(struct visit *v)
{
    visit_send_text(v,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5000\r\n\r\n" DELTA("kept"));
}

static void keeps_what_came_before_a_break(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_broken);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "kept");
    ASSERT_HOLDS(str_text(&g.outcome.failure[0]), "broke off in the middle. What came is kept");
    stage_close(&g);
}

/* The first request is reset once a second one has come, which the test sends when it has seen the text. */
static void serve_reset(struct visit *v)
{
    if (holds(str_text(&v->head), "/models"))
        return;
    visit_send_text(v, SSE_HEAD DELTA("kept"));
    visit_wait_open(v, 2);
    visit_reset(v);
}

static void keeps_what_came_before_a_reset(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_reset);
    stage_start(&g, 1, NULL);
    while (!g.outcome.text[0].len)
        stage_step(&g);
    assert_true(net_ask(g.net, &g.server, 1, 0, NULL));
    while (!g.outcome.done)
        stage_step(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "kept");
    ASSERT_HOLDS(str_text(&g.outcome.failure[0]), "broke off in the middle. What came is kept");
    stage_close(&g);
}

static void serve_noise(struct visit *v)
{
    visit_send_text(v, "SSH-2.0-OpenSSH_9.2\r\n");
}

static void tells_what_is_no_http(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_noise);
    stage_run(&g);
    assert_int_equal(g.outcome.err.kind, ERR_FORMAT);
    ASSERT_HOLDS(g.outcome.err.text, "does not speak HTTP");
    stage_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams),
        cmocka_unit_test(cancels), cmocka_unit_test(ends_at_a_stop_word),
        cmocka_unit_test(frees_while_streaming),
        cmocka_unit_test(does_not_wait_after_the_end),
        cmocka_unit_test(times_out_before_the_first_byte),
        cmocka_unit_test(times_out_between_bytes),
        cmocka_unit_test(tells_that_nothing_answers),
        cmocka_unit_test(does_not_follow_redirects),
        cmocka_unit_test(never_proxies_loopback),
        cmocka_unit_test(a_proxy_that_is_named_is_used),
        cmocka_unit_test(dialects_speak_their_own_way),
        cmocka_unit_test(keeps_what_came_before_a_break),
        cmocka_unit_test(keeps_what_came_before_a_reset),
        cmocka_unit_test(tells_what_is_no_http),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
