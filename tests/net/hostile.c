/* Servers that mean harm, and keys that must reach nobody else. */
#include "core/mem.h"
#include "net/reply.h"
#include "stage.h"
#include "tests/promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#define CANARY "sk-canary-0123456789abcdef"

/* -- keys -------------------------------------------------------------------------------------- */

static int count_of(struct span text, const char *part)
{
    int count = 0;
    for (ptrdiff_t at = span_find(text, span_of(part), 0); at >= 0; at = span_find(text, span_of(part), (size_t)at + 1))
        count++;
    return count;
}

/* Sends the key back as text, whole and cut in every way, as the model's name, as odds and as a finish reason. */
static void serve_echo(struct visit *v)
{
    static const char key[] = CANARY;
    struct str out = {0};
    str_add_text(&out, SSE_HEAD "data: {\"model\":\"" CANARY "\",\"choices\":[]}\n\n");
    for (size_t cut = 0; cut < sizeof key; cut++)
        str_printf(&out,
                   "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"<%.*s\"}}]}\n\n"
                   "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s>s\"}}]}\n\n",
                   (int)cut, key, key + cut);
    for (size_t i = 0; i + 1 < sizeof key; i++)
        str_printf(&out, "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"%c\"}}]}\n\n", key[i]);
    str_add_text(&out, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" CANARY
                       "\"}]}\n\ndata: [DONE]\n\n");
    visit_send(v, str_span(&out));
    str_release(&out);
}

static void serve_echoing_error(struct visit *v)
{
    visit_send_text(
        v, "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"Wrong key: " CANARY "\"}}");
}

static void open_with_key(struct stage *g, void (*serve)(struct visit *))
{
    stage_open(g, serve);
    setenv("RENGA_TEST_KEY", CANARY, 0);
    server_set_text(&g->server.key_env, SPAN("RENGA_TEST_KEY"));
}

static void sends_the_key_in_one_header_only(void **state)
{
    struct stage g;
    struct str all = {0}, command = {0};
    (void)state;
    open_with_key(&g, serve_echo);
    stage_start(&g, 1, &all);
    assert_null(getenv("RENGA_TEST_KEY"));
    stage_finish(&g);
    assert_int_equal(count_of(str_span(&g.tiny.heads), CANARY), 1);
    ASSERT_HOLDS(str_text(&g.tiny.heads), "\r\nAuthorization: Bearer " CANARY "\r\n");
    assert_int_equal(count_of(str_span(&g.tiny.last_body), CANARY), 0);
    outcome_print(&g.outcome, &all);
    assert_int_equal(count_of(str_span(&all), "canary-0123"), 0);
    assert_int_equal(count_of(str_span(&g.outcome.text[0]), "[key]>s"), (int)sizeof CANARY);
    assert_string_equal(str_text(&g.outcome.model), "[key]");
    assert_string_equal(str_text(&g.outcome.finish[0]), "[key]");
    assert_true(net_source_curl(g.source, &g.request, &command, NULL));
    ASSERT_HOLDS(str_text(&command), "\"Authorization: Bearer $RENGA_TEST_KEY\"");
    assert_int_equal(count_of(str_span(&command), CANARY), 0);
    str_release(&all);
    str_release(&command);
    stage_close(&g);
}

static void shows_no_key_in_errors(void **state)
{
    struct stage g;
    (void)state;
    open_with_key(&g, serve_echoing_error);
    stage_run(&g);
    ASSERT_HOLDS(g.outcome.err.text, "does not take the key (401)");
    ASSERT_HOLDS(g.outcome.err.text, "Wrong key: [key].");
    stage_close(&g);
}

/* -- floods ------------------------------------------------------------------------------------ */

struct bits {
    struct str bytes;
    unsigned held;
    int count;
};

static void put(struct bits *b, unsigned value, int count)
{
    for (int i = 0; i < count; i++) {
        b->held |= (value >> i & 1u) << b->count;
        if (++b->count == 8) {
            str_add_byte(&b->bytes, (char)b->held);
            b->held = 0;
            b->count = 0;
        }
    }
}

/* A gzip file of `size` times 'a', written by hand: one literal, then "258 bytes from 1 back" in 13 bits each. The end
 * does not matter. */
static void write_bomb(struct bits *b, size_t size)
{
    str_add(&b->bytes, SPAN("\x1f\x8b\x08\0\0\0\0\0\0\x03"));
    put(b, 1, 1);    /* last block */
    put(b, 1, 2);    /* fixed codes */
    put(b, 0x89, 8); /* 'a' is 10010001, first bit first */
    for (size_t done = 0; done < size; done += 258) {
        put(b, 0xA3, 8); /* length 258 is 11000101 */
        put(b, 0, 5);    /* distance 1 */
    }
    put(b, 0, 16);
}

static void serve_bomb(struct visit *v)
{
    struct bits b = {0};
    write_bomb(&b, 300u << 20);
    visit_send_text(
        v, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
    visit_send(v, str_span(&b.bytes));
    str_release(&b.bytes);
}

static long memory_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void bounds_a_gzip_bomb(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_bomb);
    long before = memory_kb();
    stage_run(&g);
    assert_int_equal(g.outcome.err.kind, ERR_LIMIT);
    assert_true(memory_kb() - before < 120 * 1024);
    stage_close(&g);
}

static void serve_flood(struct visit *v)
{
    struct str lines = {0};
    for (int i = 0; i < 1000; i++)
        str_add_text(&lines, DELTA("more and more of it"));
    visit_send_text(v, SSE_HEAD);
    for (int i = 0; i < 1200; i++)
        visit_send(v, str_span(&lines));
    str_release(&lines);
}

static void bounds_an_endless_stream(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_flood);
    stage_run(&g);
    assert_true(g.outcome.text[0].len > 1 << 20);
    ASSERT_HOLDS(str_text(&g.outcome.failure[0]), "more than renga takes in");
    stage_close(&g);
}

static void serve_long_head(struct visit *v)
{
    struct str line = {0};
    str_add_text(&line, "X-Filler: ");
    for (int i = 0; i < 1000; i++)
        str_add_byte(&line, 'x');
    str_add_text(&line, "\r\n");
    visit_send_text(v, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 200; i++)
        visit_send(v, str_span(&line));
    visit_send_text(v, "\r\nhello");
    str_release(&line);
}

static void bounds_the_head(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_long_head);
    stage_run(&g);
    assert_int_equal(g.outcome.err.kind, ERR_LIMIT);
    stage_close(&g);
}

static void serve_deep(struct visit *v)
{
    struct str deep = {0};
    str_add_text(&deep, SSE_HEAD "data: {\"choices\":[],\"x\":");
    for (int i = 0; i < 100000; i++)
        str_add_byte(&deep, '[');
    str_add_text(&deep, "\n\n" DELTA("fine") FINISH);
    visit_send(v, str_span(&deep));
    str_release(&deep);
}

static void passes_over_deep_values(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_deep);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "fine");
    stage_close(&g);
}

static void serve_long_delta(struct visit *v)
{
    struct str out = {0};
    str_add_text(&out, SSE_HEAD "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"");
    for (int i = 0; i < 1 << 18; i++)
        str_add_text(&out, "\\u6708");
    str_add_text(&out, "\"}}]}\n\n" FINISH);
    visit_send(v, str_span(&out));
    str_release(&out);
}

static void takes_a_very_long_delta(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_long_delta);
    stage_run(&g);
    assert_int_equal(g.outcome.text[0].len, 3u << 18);
    assert_string_equal(str_text(&g.outcome.finish[0]), "stop");
    stage_close(&g);
}

/* A megabyte on one line that means nothing, in a field that nobody knows. */
static void serve_long_lines(struct visit *v)
{
    struct str out = {0};
    str_add_text(&out, SSE_HEAD);
    for (int field = 0; field < 3; field++) {
        str_add_text(&out, field == 0 ? ": " : field == 1 ? "retry: " : "data: {\"choices\":[],\"pad\":\"");
        for (int i = 0; i < 1 << 18; i++)
            str_add_text(&out, "pad ");
        str_add_text(&out, field == 2 ? "\"}\n\n" : "\n");
    }
    str_add_text(&out, DELTA("fine") FINISH);
    visit_send(v, str_span(&out));
    str_release(&out);
}

static void passes_over_long_lines(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_long_lines);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "fine");
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    stage_close(&g);
}

static void serve_endless_line(struct visit *v)
{
    struct str out = {0};
    str_add_text(&out, SSE_HEAD DELTA("kept") "data: \"");
    for (int i = 0; i < 1 << 18; i++)
        str_add_text(&out, "and on and on and on and on and on ");
    for (int i = 0; i < 4; i++)
        visit_send(v, i ? span_cut(str_span(&out), 200, out.len) : str_span(&out));
    str_release(&out);
}

static void bounds_an_endless_line(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, serve_endless_line);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "kept");
    ASSERT_HOLDS(str_text(&g.outcome.failure[0]), "more than renga takes in");
    stage_close(&g);
}

/* -- broken off anywhere ----------------------------------------------------------------------- */

/* What came of a stream that breaks off after `len` bytes. */
static void break_off(enum dialect_id id, struct span stream, size_t len, struct outcome *o)
{
    const struct err broken = {.kind = ERR_NETWORK, .text = "It broke off."};
    const struct heads heads = {.status = 200};
    struct source_queue queue = {0};
    struct reply r = {.dialect = dialect_of(id), .heads = &heads, .out = &queue, .takes = 1, .part = true, .place = {.server = "s", .model = "m"}};
    char *own = span_copy(span_cut(stream, 0, len));
    outcome_init(o);
    reply_begin(&r);
    (void)reply_add(&r, (struct span){own, len});
    reply_end(&r, &broken);
    outcome_take(o, &queue);
    o->err = r.err;
    reply_release(&r);
    source_queue_release(&queue);
    free(own);
}

static void keeps_what_came_wherever_it_breaks_off(void **state)
{
    static const struct {
        enum dialect_id dialect;
        const char *stream;
    } rows[] = {
        {DIALECT_OPENAI_CHAT, DELTA("床前") DELTA("\\u660e\\u6708") DELTA("光🌧") FINISH},
        {DIALECT_OPENAI_COMPLETIONS, "data: {\"choices\":[{\"text\":\"床前明月光🌧\",\"finish_reason\":\"stop\"}]}\r\n\r\ndata: [DONE]"},
        {DIALECT_ANTHROPIC, "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":"
                            "\"床前明月光🌧\"}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"},
        {DIALECT_OPENAI_RESPONSES, "data: {\"type\":\"response.output_text.delta\",\"delta\":\"床前明月光🌧\"}\n\n"
                                   "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n"},
        {DIALECT_GEMINI, "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"床前明月光🌧\"}]},\"finishReason\":\"STOP\"}]}\r\n\r\n"},
        {DIALECT_OLLAMA, "{\"response\":\"床前明月\",\"done\":false}\n{\"response\":\"光🌧\",\"done\":true,\"done_reason\":\"stop\"}\n"},
        {DIALECT_LLAMACPP, "data: {\"content\":\"床前明月光🌧\",\"stop\":false}\n\ndata: {\"content\":\"\",\"stop\":true,\"stop_type\":\"eos\"}\n\n"},
        {DIALECT_KOBOLDCPP, "event: message\ndata: {\"token\":\"床前明月\",\"finish_reason\":\"null\"}\n\n"
                            "event: message\ndata: {\"token\":\"光🌧\",\"finish_reason\":\"stop\"}\n\n"},
    };
    const struct span whole = SPAN("床前明月光🌧");
    size_t cuts = 0, lost = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct span stream = span_of(rows[i].stream);
        for (size_t len = 0; len <= stream.len; len++, cuts++) {
            struct outcome o;
            break_off(rows[i].dialect, stream, len, &o);
            struct span text = str_span(&o.text[0]);
            bool kept = text.len <= whole.len && memcmp(text.s, whole.s, text.len) == 0;
            if (o.err.kind == ERR_NONE)
                kept = span_equal(text, whole) && o.over[0];
            if (!kept)
                print_error("%s at %zu: “%.*s”\n", dialect_name(rows[i].dialect), len, SPAN_ARG(text));
            lost += !kept;
            outcome_release(&o);
        }
    }
    promise(12, "lost", lost, "%zu places in answers of %zu dialects where the connection breaks off, with what had come kept", cuts, COUNT_OF(rows));
    assert_int_equal(lost, 0);
}

/* -- lengths that are not true ------------------------------------------------------------------- */

#define LENGTH_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\nContent-Length: "

/* It ends before as much came as was promised. */
static void serve_too_little(struct visit *v)
{
    visit_send_text(v, LENGTH_HEAD "9000\r\n\r\n" DELTA("床前") DELTA("明月"));
}

/* What comes after the length is no part of the answer. */
static void serve_too_much(struct visit *v)
{
    struct str out = {0};
    str_printf(&out, LENGTH_HEAD "%zu\r\n\r\n" DELTA("床前") DELTA("明月") FINISH, strlen(DELTA("床前")));
    visit_send(v, str_span(&out));
    str_release(&out);
}

/* The answer is whole, the length is not. */
static void serve_whole_but_longer(struct visit *v)
{
    visit_send_text(v, LENGTH_HEAD "9000\r\n\r\n" DELTA("床前") DELTA("明月") FINISH);
}

static void keeps_what_came_when_the_length_is_wrong(void **state)
{
    static const struct {
        void (*serve)(struct visit *v);
        const char *text, *says;
    } rows[] = {
        {serve_too_little, "床前明月", "broke off in the middle. What came is kept"},
        {serve_too_much, "床前", "ended the answer before it was complete. What came is kept"},
        {serve_whole_but_longer, "床前明月", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage g;
        stage_open(&g, rows[i].serve);
        stage_run(&g);
        assert_string_equal(str_text(&g.outcome.text[0]), rows[i].text);
        const char *said = g.outcome.err.kind ? g.outcome.err.text : str_text(&g.outcome.failure[0]);
        ASSERT_HOLDS(said, rows[i].says);
        if (!*rows[i].says)
            assert_string_equal(said, "");
        stage_close(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_a_gzip_bomb), /* first: it measures the most memory ever used */
        cmocka_unit_test(sends_the_key_in_one_header_only),
        cmocka_unit_test(shows_no_key_in_errors),
        cmocka_unit_test(bounds_an_endless_stream),
        cmocka_unit_test(bounds_the_head),
        cmocka_unit_test(passes_over_deep_values),
        cmocka_unit_test(takes_a_very_long_delta),
        cmocka_unit_test(passes_over_long_lines),
        cmocka_unit_test(bounds_an_endless_line),
        cmocka_unit_test(keeps_what_came_wherever_it_breaks_off),
        cmocka_unit_test(keeps_what_came_when_the_length_is_wrong),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    promise(12, "without bounds", (size_t)failed, "%zu kinds of hostile replies: bombs, floods, heads, depths, lines, and an end at every byte", COUNT_OF(tests));
    return failed;
}
