/* Pages that are gone on with by beginning the answer. */
#include "net/net.h"
#include "net/prefill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void add(struct piece *p, enum author author, const char *text)
{
    int passage = piece_add_passage(p, p->leaf, author, -1);
    passage_set_text(p, passage, span_of(text));
    piece_choose_leaf(p, passage);
}

/* "user: … / assistant: …" */
static void show(const struct request *r, struct str *out)
{
    str_clear(out);
    for (int i = 0; i < r->turn_count; i++)
        str_printf(out, "%s%s: %s", i ? " / " : "", role_name(r->turns[i].role), str_text(&r->turns[i].text));
}

static void expect(struct piece *p, const char *turns, const char *blank)
{
    struct request r, copy = {0};
    struct str out = {0};
    request_init(&r);
    request_continue(&r, p, p->leaf, NULL);
    const char *question = "Go on with this text from exactly where it stops. Write only the continuation, and repeat nothing.";
    request_copy(&copy, &r);
    assert_true(prefill_turn(&copy));
    show(&copy, &out);
    ptrdiff_t at = span_find(str_span(&out), span_of(question), 0);
    if (at >= 0)
        str_splice(&out, (size_t)at, strlen(question), SPAN("Q"));
    assert_string_equal(str_text(&out), turns);
    assert_true(span_is(prefill_blank(&r), blank));
    str_release(&out);
    request_release(&copy);
    request_release(&r);
}

static void the_page_becomes_the_answers_beginning(void **state)
{
    struct piece p;
    (void)state;
    piece_init(&p);
    add(&p, AUTHOR_WRITER, "春江潮水");
    expect(&p, "user: Q / assistant: 春江潮水", "");
    add(&p, AUTHOR_WRITER, "连海平，\n\n");
    expect(&p, "user: Q / assistant: 春江潮水连海平，", "\n\n");
    add(&p, AUTHOR_EDIT, "海上明月");
    expect(&p, "user: 春江潮水连海平， / assistant: 海上明月", "");
    add(&p, AUTHOR_WRITER, "共潮生。 ");
    expect(&p, "user: 春江潮水连海平， / assistant: 海上明月 / user: Q / assistant: 共潮生。", " ");
    piece_release(&p);
    piece_init(&p);
    add(&p, AUTHOR_MODEL, "");
    passage_set_text(&p, p.leaf, SPAN("The tide"));
    expect(&p, "user: Q / assistant: The tide", "");
    piece_release(&p);
}

static void nothing_else_is_turned(void **state)
{
    struct piece p;
    struct request r;
    (void)state;
    piece_init(&p);
    add(&p, AUTHOR_WRITER, "The tide");
    request_init(&r);
    request_ask(&r, &p, p.leaf, SPAN("What comes next?"), NULL);
    assert_false(prefill_turn(&r));
    request_release(&r);
    request_init(&r);
    request_insert(&r, &p, p.leaf, 3, SPAN(" is high"), NULL);
    assert_false(prefill_turn(&r));
    request_release(&r);
    request_init(&r);
    request_rewrite(&r, &p, p.leaf, 0, &(struct rewriting){SPAN("The"), SPAN(" tide"), SPAN("louder")}, NULL);
    assert_false(prefill_turn(&r));
    request_release(&r);
    request_init(&r);
    request_continue(&r, &p, -1, NULL);
    assert_false(prefill_turn(&r));
    request_release(&r);
    piece_release(&p);
}

static void servers_say_so_in_their_own_way(void **state)
{
    static const struct {
        enum dialect_id dialect;
        const char *url, *way, *said;
    } rows[] = {
        {DIALECT_ANTHROPIC, "https://api.anthropic.com", "yes", NULL},
        {DIALECT_ANTHROPIC, "https://api.anthropic.com", NULL, "no"},
        {DIALECT_OPENAI_CHAT, "http://127.0.0.1:8080", NULL, NULL},
        {DIALECT_OPENAI_CHAT, "http://127.0.0.1:8080", "yes", "yes"},
        {DIALECT_OPENAI_CHAT, "http://127.0.0.1:8000", "continue_final_message", "continue_final_message"},
        {DIALECT_OPENAI_CHAT, "https://api.moonshot.cn/v1", NULL, "no"},
        {DIALECT_GEMINI, "http://127.0.0.1:8080", NULL, "yes"},
        {DIALECT_OPENAI_CHAT, "https://api.openai.com/v1", NULL, NULL},
        {DIALECT_OPENAI_CHAT, "https://api.deepseek.com/v1", NULL, NULL},
        {DIALECT_OPENAI_CHAT, "https://api.deepseek.com/beta", "prefix", NULL},
        {DIALECT_OPENAI_CHAT, "https://api.moonshot.cn/v1", "partial", NULL},
        {DIALECT_GEMINI, "https://api.moonshot.cn/v1", NULL, NULL},
        {DIALECT_OPENAI_CHAT, "no address", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server s;
        server_init(&s);
        s.dialect = rows[i].dialect;
        server_set_text(&s.url, span_of(rows[i].url));
        if (rows[i].said)
            server_set_text(&s.prefill, span_of(rows[i].said));
        const struct prefill *way = prefill_of(&s);
        assert_int_equal(way == NULL, rows[i].way == NULL);
        if (way)
            assert_string_equal(way->name, rows[i].way);
        server_release(&s);
    }
}

/* The body of a page that is gone on with, at a chat server that begins answers that way. */
static void expect_body(const char *way, const char *body)
{
    struct server server;
    struct request r;
    struct piece p;
    struct str out = {0};
    struct net *net = net_new();
    piece_init(&p);
    add(&p, AUTHOR_WRITER, "春江潮水");
    server_init(&server);
    server_set_text(&server.url, SPAN("http://127.0.0.1:8000"));
    server_set_text(&server.prefill, span_of(way));
    request_init(&r);
    str_set(&r.model, SPAN("m"));
    request_continue(&r, &p, p.leaf, NULL);
    struct source *source = net_source_new(net, &server);
    assert_true(source->ops->preview(source, &r, &out, NULL));
    ptrdiff_t turn = span_find(str_span(&out), SPAN("{\"role\":\"assistant\""), 0);
    assert_true(turn >= 0);
    assert_true(span_starts(span_cut(str_span(&out), (size_t)turn, out.len), body));
    source->ops->free(source);
    net_free(net);
    str_release(&out);
    request_release(&r);
    server_release(&server);
    piece_release(&p);
}

static void the_request_says_so(void **state)
{
    (void)state;
    expect_body("yes", "{\"role\":\"assistant\",\"content\":\"春江潮水\"}],\"");
    expect_body("prefix", "{\"role\":\"assistant\",\"content\":\"春江潮水\",\"prefix\":true}],\"");
    expect_body("continue_final_message",
                "{\"role\":\"assistant\",\"content\":\"春江潮水\"}],\"add_generation_prompt\":false,\"continue_final_message\":true,\"");
}

static void the_config_knows_every_way(void **state)
{
    struct str names = {0};
    (void)state;
    prefill_names(&names);
    assert_string_equal(str_text(&names), "yes, prefix, partial, continue_final_message");
    assert_true(prefill_known(SPAN("no")) && prefill_known(SPAN("prefix")));
    assert_false(prefill_known(SPAN("")) || prefill_known(SPAN("pre")));
    str_release(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_becomes_the_answers_beginning),
        cmocka_unit_test(nothing_else_is_turned),
        cmocka_unit_test(servers_say_so_in_their_own_way),
        cmocka_unit_test(the_request_says_so),
        cmocka_unit_test(the_config_knows_every_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
