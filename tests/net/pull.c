/* Fetching a model: what is told of it, what breaks it off, and that it may be stopped. */
#include "net/pull.h"
#include "core/clock.h"
#include "core/utf8.h"
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#define CANARY "sk-canary-0123456789abcdef"
#define NDJSON "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"
#define PART(digest, rest) "{\"status\":\"pulling " digest "\",\"digest\":\"sha256:" digest "\"" rest "}\n"

/* What a test's server sends, after which it closes. */
static struct span answer;

static void serve_answer(struct visit *v)
{
    visit_send(v, answer);
}

static struct pull *start(struct stage *g, const char *model)
{
    struct err err = {0};
    struct pull *p = pull_start(g->net, &g->server, span_of(model), &err);
    if (!p)
        fail_msg("%s", err.text);
    return p;
}

static void open_stage(struct stage *g, void (*serve)(struct visit *))
{
    stage_open(g, serve);
    g->server.dialect = DIALECT_OLLAMA;
}

/* Steps until it is over; done must never fall. */
static void finish(struct stage *g, struct pull *p)
{
    int64_t done = 0, until = clock_now_us() + 20000000;
    while (!pull_over(p)) {
        assert_true(clock_now_us() < until);
        net_wait(g->net, NULL, 0, 10000);
        net_step(g->net);
        assert_true(pull_told(p)->done >= done);
        done = pull_told(p)->done;
    }
    assert_false(net_step(g->net)); /* nothing is under way any more */
}

/* Fetches from a server that answers so; the caller frees it. */
static struct pull *fetch(struct stage *g, const char *text)
{
    answer = span_of(text);
    open_stage(g, serve_answer);
    struct pull *p = start(g, "qwen3:8b");
    finish(g, p);
    return p;
}

static void leave(struct stage *g, struct pull *p)
{
    pull_free(p);
    stage_close(g);
}

/* Fetches, and expects a sentence with these words in it. */
static void fails(const char *text, enum err_kind kind, const char *words)
{
    struct stage g;
    struct pull *p = fetch(&g, text);
    assert_int_equal(pull_err(p)->kind, kind);
    ASSERT_HOLDS(pull_err(p)->text, words);
    leave(&g, p);
}

/* -- it goes well ------------------------------------------------------------------------------ */

static const char whole[] = NDJSON "{\"status\":\"pulling manifest\"}\n" PART("aa", ",\"total\":1000")
    PART("aa", ",\"total\":1000,\"completed\":400") PART("aa", ",\"total\":1000,\"completed\":300")
    PART("aa", ",\"total\":1000,\"completed\":1000") PART("bb", ",\"total\":20,\"completed\":20")
    "{\"status\":\"verifying sha256 digest\"}\n{\"status\":\"writing manifest\"}\n{\"status\":\"success\"}\n";

static void adds_up_its_parts(void **state)
{
    struct stage g;
    (void)state;
    struct pull *p = fetch(&g, whole);
    const struct pull_told *t = pull_told(p);
    assert_int_equal(pull_err(p)->kind, ERR_NONE);
    assert_int_equal(t->phase, PULL_DONE);
    assert_int_equal(t->count, 2);
    assert_int_equal(t->done, 1020);
    assert_int_equal(t->total, 1020);
    assert_int_equal(t->had, 20); /* the second part was there at once */
    ASSERT_HOLDS(str_text(&g.tiny.heads), "POST /api/pull HTTP/1.1\r\n");
    assert_string_equal(str_text(&g.tiny.last_body), "{\"model\":\"qwen3:8b\",\"stream\":true}");
    leave(&g, p);
}

/* The last line may lack its end, and nothing need close behind it. */
static void serve_and_stay(struct visit *v)
{
    visit_send_text(v, NDJSON PART("aa", ",\"total\":7,\"completed\":7") "{\"status\":\"success\"}\n");
    visit_wait_gone(v);
}

static void is_over_with_its_last_word(void **state)
{
    struct stage g;
    (void)state;
    struct pull *p = fetch(&g, NDJSON "{\"status\":\"success\"}");
    assert_int_equal(pull_err(p)->kind, ERR_NONE);
    leave(&g, p);
    open_stage(&g, serve_and_stay);
    p = start(&g, "qwen3:8b");
    finish(&g, p);
    assert_int_equal(pull_err(p)->kind, ERR_NONE);
    assert_true(tiny_wait_gone(&g.tiny, 1));
    leave(&g, p);
}

static void goes_beside_an_openai_address(void **state)
{
    struct stage g;
    (void)state;
    answer = span_of(whole);
    open_stage(&g, serve_answer);
    stage_set_url(&g, g.tiny.port, "/v1/");
    struct pull *p = start(&g, "  hf.co/a/b:Q4  ");
    finish(&g, p);
    ASSERT_HOLDS(str_text(&g.tiny.heads), "POST /api/pull HTTP/1.1\r\n");
    ASSERT_HOLDS(str_text(&g.tiny.last_body), "\"model\":\"hf.co/a/b:Q4\"");
    leave(&g, p);
}

/* -- what is told ------------------------------------------------------------------------------ */

static bool tell(struct pull_told *t, const char *line)
{
    struct err err = {0};
    return pull_told_line(t, span_of(line), &(struct fault_place){.server = "server", .model = ""}, &err);
}

static void owns_up_to_what_it_does_not_know(void **state)
{
    struct pull_told t = {0};
    (void)state;
    assert_true(tell(&t, PART("aa", ",\"total\":100,\"completed\":60"))); /* an earlier fetching came so far */
    assert_int_equal(t.had, 60);
    assert_true(tell(&t, PART("bb", ",\"completed\":5"))); /* of this one it is not told how large it is */
    assert_int_equal(t.done, 65);
    assert_int_equal(t.total, 0);
    assert_true(tell(&t, PART("bb", ",\"total\":50")));
    assert_int_equal(t.total, 150);
    assert_true(tell(&t, PART("bb", ",\"total\":50,\"completed\":70"))); /* more than all of it */
    assert_int_equal(t.done, 130);
    assert_int_equal(t.total, 170);
    assert_true(tell(&t, PART("aa", ",\"total\":-1,\"completed\":-9223372036854775808")));
    assert_true(tell(&t, PART("aa", ",\"total\":9223372036854775807,\"completed\":1e300")));
    assert_true(tell(&t, PART("aa", ",\"total\":\"many\",\"completed\":{}")));
    assert_true(tell(&t, PART("aa", ",\"total\":\"9223372036854775807\",\"completed\":4503599627370496")));
    assert_int_equal(t.done, 130);
    assert_int_equal(t.total, 170);
    pull_told_release(&t);
}

static void shows_only_clean_words(void **state)
{
    struct pull_told t = {0};
    struct str line = {0};
    (void)state;
    assert_true(tell(&t, "{\"status\":\"\\u001b]0;owned\\u0007\\u001b[2J\\u0000\\ud800 a\\n  b\"}"));
    for (size_t i = 0; i < t.words.len; i++)
        assert_true((unsigned char)t.words.s[i] >= ' ');
    assert_true(utf8_valid(str_span(&t.words)));
    ASSERT_HOLDS(str_text(&t.words), "owned");
    str_add_text(&line, "{\"status\":\"a");
    for (int i = 0; i < 1000; i++)
        str_add_text(&line, "秋");
    str_add_text(&line, "\"}");
    assert_true(tell(&t, str_text(&line)));
    assert_true(t.words.len <= 120 && utf8_valid(str_span(&t.words)));
    str_release(&line);
    pull_told_release(&t);
}

static void keeps_keys_out_of_words(void **state)
{
    struct stage g;
    (void)state;
    setenv("RENGA_TEST_KEY", CANARY, 1);
    answer = SPAN(NDJSON "{\"status\":\"with " CANARY "\"}\n{\"error\":\"not with " CANARY "\"}\n");
    open_stage(&g, serve_answer);
    server_set_text(&g.server.key_env, SPAN("RENGA_TEST_KEY"));
    struct pull *p = start(&g, "qwen3:8b");
    finish(&g, p);
    ASSERT_HOLDS(str_text(&g.tiny.heads), "\r\nAuthorization: Bearer " CANARY "\r\n");
    ASSERT_HOLDS(str_text(&pull_told(p)->words), "with [key]");
    ASSERT_HOLDS(pull_err(p)->text, "not with [key]");
    leave(&g, p);
}

static void has_bounds(void **state)
{
    struct pull_told t = {0};
    struct str line = {0};
    int parts = 0;
    bool more = true;
    (void)state;
    while (more && parts < 1000) {
        str_clear(&line);
        str_printf(&line, "{\"status\":\"pulling\",\"digest\":\"%d\",\"total\":9}", parts);
        more = tell(&t, str_text(&line));
        parts += more;
    }
    assert_int_equal(parts, 256);
    assert_int_equal(t.total, 256 * 9);
    assert_true(tell(&t, "{\"status\":\"pulling\",\"digest\":\"7\",\"completed\":9}")); /* those known still count */
    str_release(&line);
    pull_told_release(&t);
}

/* -- it goes wrong ----------------------------------------------------------------------------- */

static void says_why_it_failed(void **state)
{
    (void)state;
    fails(NDJSON "{\"status\":\"pulling manifest\"}\n{\"error\":\"pull model manifest: file does not exist\"}\n", ERR_REFUSED,
          "finds no model of this name");
    fails(NDJSON PART("aa", ",\"total\":9") PART("aa", ",\"total\":9,\"completed\":5") "{\"error\":\"no space left on device\"}\n", ERR_REFUSED,
          "broke off with an error. Try again; what came is kept. It says: “no space left on device.”");
    fails(NDJSON PART("aa", ",\"total\":9") PART("aa", ",\"total\":9,\"completed\":5"), ERR_NETWORK, "before it was complete. What came is kept.");
    fails(NDJSON "<html><title>Log in</title>", ERR_FORMAT, "web page (“Log in”)");
    fails(NDJSON "{\"status\":\"pulling manifest\"}\nnonsense\n", ERR_FORMAT, "is no answer in this dialect (“nonsense”)");
    fails(NDJSON "{\"status\":7}\n", ERR_FORMAT, "is no answer in this dialect");
    fails(NDJSON, ERR_FORMAT, "sent an empty answer");
    fails("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n404 page not found", ERR_REFUSED, "has nothing at this address (404)");
    fails("HTTP/1.1 401 No\r\nConnection: close\r\n\r\n{\"error\":\"unauthorized\"}", ERR_REFUSED, "wants a key (401)");
    fails("HTTP/1.1 307 No\r\nLocation: http://elsewhere.example/\r\nConnection: close\r\n\r\n", ERR_REFUSED, "A redirect is not followed");
    fails("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" PART("aa", ",\"total\":9,\"completed\":5"), ERR_NETWORK, "broke off in the middle");
}

static void serve_silence(struct visit *v)
{
    visit_send_text(v, NDJSON "{\"status\":\"verifying sha256 digest\"}\n");
    visit_wait_gone(v);
}

/* Ten times as long as a stream of words may pause. */
static void waits_long_but_not_for_ever(void **state)
{
    struct stage g;
    int64_t begun = clock_now_us();
    (void)state;
    open_stage(&g, serve_silence);
    g.server.idle_ms = 30;
    struct pull *p = start(&g, "qwen3:8b");
    finish(&g, p);
    assert_true(clock_now_us() - begun >= 290000);
    assert_int_equal(pull_err(p)->kind, ERR_NETWORK);
    ASSERT_HOLDS(pull_err(p)->text, "has sent nothing for");
    leave(&g, p);
}

static void stops_at_once(void **state)
{
    struct stage g;
    (void)state;
    open_stage(&g, serve_silence);
    struct pull *p = start(&g, "qwen3:8b");
    while (!pull_told(p)->words.len) {
        net_wait(g.net, NULL, 0, 10000);
        net_step(g.net);
    }
    pull_free(p);
    assert_true(tiny_wait_gone(&g.tiny, 1));
    assert_false(net_step(g.net));
    p = start(&g, "qwen3:8b"); /* and where the network ends first */
    net_free(g.net);
    g.net = net_new();
    pull_free(p);
    pull_free(NULL);
    stage_close(&g);
}

/* Other parts, other words, and no end; then a line without one. */
static void serve_flood(struct visit *v)
{
    struct str lines = {0};
    for (int i = 0; i < 1000; i++)
        str_printf(&lines, PART("aa", ",\"total\":1000,\"completed\":%d") "{\"status\":\"checking %d\"}\n", i, i);
    visit_send_text(v, NDJSON);
    for (int i = 0; i < 300; i++)
        visit_send(v, str_span(&lines));
    str_clear(&lines);
    for (int i = 0; i < 100000; i++)
        str_add_text(&lines, "no end ");
    visit_send(v, str_span(&lines));
    str_release(&lines);
    visit_wait_gone(v);
}

static void takes_no_more_room_the_longer_it_is(void **state)
{
    struct stage g;
    struct rusage before, after;
    (void)state;
    open_stage(&g, serve_flood);
    getrusage(RUSAGE_SELF, &before);
    struct pull *p = start(&g, "qwen3:8b");
    finish(&g, p);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(pull_err(p)->kind, ERR_LIMIT);
    ASSERT_HOLDS(pull_err(p)->text, "a line of more than 64 kB");
    assert_int_equal(pull_told(p)->count, 1);
    assert_int_equal(pull_told(p)->done, 999);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
    assert_true(after.ru_maxrss - before.ru_maxrss < 24 * 1024); /* kB, of some 35 MB that came; libcurl is loaded in between */
#endif
    leave(&g, p);
}

/* -- it does not begin ------------------------------------------------------------------------- */

static void begins_only_where_it_can(void **state)
{
    static const char *const no_names[] = {"", "  ", "two words", "a\nb", "\x7f"};
    struct stage g;
    struct err err = {0};
    (void)state;
    open_stage(&g, serve_answer);
    for (size_t i = 0; i < sizeof no_names / sizeof *no_names; i++) {
        assert_null(pull_start(g.net, &g.server, span_of(no_names[i]), &err));
        assert_int_equal(err.kind, ERR_USAGE);
    }
    for (int i = 0; i < DIALECT_SPOKEN; i++) {
        g.server.dialect = (enum dialect_id)i;
        assert_int_equal(net_pulls(&g.server), i == DIALECT_OLLAMA);
        if (i != DIALECT_OLLAMA) {
            assert_null(pull_start(g.net, &g.server, SPAN("qwen3:8b"), &err));
            ASSERT_HOLDS(err.text, "only an Ollama server does");
        }
    }
    server_set_text(&g.server.url, SPAN("http://gpu-box:11434/v1")); /* at its usual port, whatever is spoken */
    g.server.dialect = DIALECT_OPENAI_CHAT;
    assert_true(net_pulls(&g.server));
    assert_int_equal(g.tiny.visits, 0);
    stage_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_up_its_parts),
        cmocka_unit_test(is_over_with_its_last_word),
        cmocka_unit_test(goes_beside_an_openai_address),
        cmocka_unit_test(owns_up_to_what_it_does_not_know),
        cmocka_unit_test(shows_only_clean_words),
        cmocka_unit_test(keeps_keys_out_of_words),
        cmocka_unit_test(has_bounds),
        cmocka_unit_test(says_why_it_failed),
        cmocka_unit_test(waits_long_but_not_for_ever),
        cmocka_unit_test(stops_at_once),
        cmocka_unit_test(takes_no_more_room_the_longer_it_is),
        cmocka_unit_test(begins_only_where_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
