/* From the config through what a server tells to the body of a request: forms, grammars and the room that is asked for. */
#include "app/config/config.h"
#include "app/engine/compose.h"
#include "core/file.h"
#include "core/instruct.h"
#include "core/mem.h"
#include "net/net.h"
#include "tests/net/tiny_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define OK "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"

static const char *props; /* what the server answers there */

static bool asks(const struct visit *v, const char *line)
{
    return strstr(str_text(&v->head), line) != NULL;
}

static void serve(struct visit *v)
{
    visit_send_text(v, OK);
    if (asks(v, "GET /v1/models "))
        visit_send_text(v, "{\"data\":[{\"id\":\"moss\"}]}");
    else if (asks(v, "GET /props "))
        visit_send_text(v, props);
    else
        visit_send_text(v, "data: {\"content\":\"好\",\"stop\":true,\"stop_type\":\"eos\"}\n\n");
}

/* -- the whole way ------------------------------------------------------------------------------------------------------------------- */

static void load(struct config *c, int port, const char *lines)
{
    char folder[] = "renga-told-XXXXXX", path[64], verse[64];
    struct str text = {0};
    struct err e = {0};
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/config", folder);
    snprintf(verse, sizeof verse, "%s/verse.gbnf", folder);
    assert_true(file_write(verse, SPAN("root ::= [^\\n]+ \"\\n\"\n"), &e));
    setenv("HOME", folder, 1);
    str_printf(&text, "[server desk]\nurl = http://127.0.0.1:%d\ndialect = llamacpp\n%s", port, lines);
    assert_true(file_write(path, str_span(&text), &e));
    config_init(c);
    if (!config_load(c, path, &e))
        fail_msg("%s", e.text);
    unlink(verse);
    unlink(path);
    rmdir(folder);
    str_release(&text);
}

static void ask(struct net *net, struct server *s)
{
    struct answer a = {0};
    assert_true(net_ask(net, s, 1, 0, NULL));
    while (!net_next_answer(net, &a)) {
        net_wait(net, NULL, 0, 10000);
        net_step(net);
    }
    assert_true(a.ok);
    server_set_text(&s->model, span_trim(str_span(&a.models)));
    s->told = answer_told(&a, span_of(s->model));
    answer_release(&a);
}

/* Sends it; the body that came to the server is the one that was told before. */
static void send_request(struct net *net, const struct server *s, const struct request *req, struct tiny_server *tiny, struct str *body)
{
    struct source_queue queue = {0};
    struct source_event ev = {0};
    struct str before = {0};
    struct source *source = net_source_new(net, s);
    bool over = false;
    assert_true(source->ops->preview(source, req, &before, NULL));
    assert_true(source->ops->start(source, 1, req, &queue, body, NULL));
    while (!over) {
        net_wait(net, NULL, 0, 10000);
        net_step(net);
        while (source_queue_pop(&queue, &ev)) {
            over = over || ev.kind == SOURCE_DONE;
            source_event_release(&ev);
        }
    }
    assert_string_equal(str_text(&before), str_text(body));
    assert_string_equal(str_text(&tiny->last_body), str_text(body));
    str_release(&before);
    source->ops->free(source);
    source_queue_release(&queue);
}

enum way { ASK, CONTINUE, REWRITE };

static void fill(struct request *req, const struct server *s, enum way way)
{
    struct piece p;
    struct generation what = {0};
    const struct rewriting rewriting = {SPAN("秋"), SPAN("风"), SPAN("冬")};
    piece_init(&p);
    int at = piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
    passage_set_text(&p, at, SPAN("旧"));
    req->dials = (struct dials){0};
    compose_toward(req, s);
    if (way == ASK)
        compose_ask(req, &what, &p, at, SPAN("写。"), true);
    else if (way == CONTINUE)
        compose_continue(req, &what, &p, at);
    else
        compose_rewrite(req, &what, &p, at, WHOLE_LEAF, &rewriting);
    compose_for_server(req, s);
    generation_release(&what);
    piece_release(&p);
}

static void from_the_config_to_the_body(void **state)
{
    static const char chatml[] = "{\"chat_template\":\"{{ '<|im_start|>' }}\"}", odd[] = "{\"chat_template\":\"<|turn>\"}";
    static const struct {
        const char *lines, *props;
        enum way way;
        const char *body;
    } rows[] = {
        {"instruct = auto\n", chatml, ASK, "{\"model\":\"moss\",\"prompt\":\"<|im_start|>user\\n旧\\n\\n写。<|im_end|>\\n<|im_start|>assistant\\n\","},
        {"instruct = auto\nsystem = 诗\n", chatml, ASK,
         "{\"model\":\"moss\",\"prompt\":\"<|im_start|>system\\n诗<|im_end|>\\n<|im_start|>user\\n旧\\n\\n写。<|im_end|>\\n<|im_start|>assistant\\n\","},
        {"instruct = auto\n", odd, ASK, "{\"model\":\"moss\",\"prompt\":\"旧\\n\\n写。\","},
        {"instruct = auto\n", "{}", ASK, "{\"model\":\"moss\",\"prompt\":\"旧\\n\\n写。\","},
        {"", chatml, ASK, "{\"model\":\"moss\",\"prompt\":\"旧\\n\\n写。\","},
        {"instruct = mistral\n", chatml, ASK, "{\"model\":\"moss\",\"prompt\":\"[INST] 旧\\n\\n写。 [/INST]\","},
        {"instruct = auto\n", chatml, CONTINUE, "{\"model\":\"moss\",\"prompt\":\"旧\","}, /* a page stays as it is */
        {"instruct = auto\n", chatml, REWRITE, "{\"model\":\"moss\",\"prompt\":\"<|im_start|>user\\n旧<<<秋>>>风\\n\\nOf this text,"},
        {"", chatml, REWRITE, "{\"model\":\"moss\",\"prompt\":\"### Input:\\n旧<<<秋>>>风\\n\\n### Instruction:\\nRewrite"},
        {"grammar = ~/verse.gbnf\n", chatml, CONTINUE,
         "{\"model\":\"moss\",\"prompt\":\"旧\",\"grammar\":\"root ::= [^\\\\n]+ \\\"\\\\n\\\"\\n\",\"cache_prompt\":true,\"stream\":true}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tiny_server tiny;
        struct config c;
        struct request req;
        struct str body = {0};
        struct net *net = net_new();
        props = rows[i].props;
        tiny_start(&tiny, serve);
        load(&c, tiny.port, rows[i].lines);
        struct server *s = config_server(&c, "desk");
        ask(net, s);
        request_init(&req);
        fill(&req, s, rows[i].way);
        send_request(net, s, &req, &tiny, &body);
        if (!span_starts(str_span(&body), rows[i].body))
            fail_msg("%s%s\n%s", rows[i].lines, rows[i].body, str_text(&body));
        str_release(&body);
        request_release(&req);
        net_free(net);
        tiny_stop(&tiny);
        config_release(&c);
    }
}

/* What was asked once is asked in today's form, also when the page is another by now. */
static void again_in_the_same_form(void **state)
{
    struct server s;
    struct request req;
    struct piece p;
    struct generation then = {.kind = KIND_ASK, .passage = 0}, what = {0};
    (void)state;
    server_init(&s);
    s.dialect = DIALECT_LLAMACPP;
    s.instruct = mem_copy_text(SERVER_INSTRUCT_AUTO);
    s.told = (struct model_told){.context = 700, .has_template = true, .form = instruct_find(SPAN("gemma"))};
    s.grammar = mem_copy_text("root ::= \"春\"");
    piece_init(&p);
    str_set(&then.prompt, SPAN("写。"));
    str_set(&then.context, SPAN("那时的页"));
    request_init(&req);
    compose_toward(&req, &s);
    assert_true(compose_again(&req, &what, &p, &then, NULL));
    assert_ptr_equal(req.form, s.told.form);
    assert_string_equal(str_text(&req.grammar), "root ::= \"春\"");
    assert_int_equal(req.room, 700);
    assert_string_equal(str_text(&req.prompt), "那时的页\n\n写。");
    request_release(&req);
    generation_release(&then);
    generation_release(&what);
    piece_release(&p);
    server_release(&s);
}

/* What the config lets through is what is sent, and nothing else is. */
static void only_some_take_a_grammar(void **state)
{
    (void)state;
    for (int i = 0; i < DIALECT_SPOKEN; i++) {
        struct net *net = net_new();
        struct server s;
        struct request req;
        struct str body = {0};
        server_init(&s);
        server_set_text(&s.url, SPAN("http://127.0.0.1:1"));
        s.dialect = (enum dialect_id)i;
        s.grammar = mem_copy_text("root ::= line");
        s.instruct = mem_copy_text("chatml");
        struct source *source = net_source_new(net, &s);
        request_init(&req);
        fill(&req, &s, ASK);
        assert_true(source->ops->preview(source, &req, &body, NULL));
        assert_int_equal(strstr(str_text(&body), "\"grammar\":\"root ::= line\"") != NULL, dialect_takes_grammar(s.dialect));
        assert_int_equal(strstr(str_text(&body), "<|im_start|>") != NULL, dialect_takes_form(s.dialect));
        source->ops->free(source);
        str_release(&body);
        request_release(&req);
        net_free(net);
        server_release(&s);
    }
}

/* A rewriting is a question: who takes turns is asked in turns. */
static void a_rewriting_is_asked_in_turns(void **state)
{
    struct net *net = net_new();
    struct server s;
    struct request req;
    struct str body = {0};
    (void)state;
    server_init(&s);
    server_set_text(&s.url, SPAN("http://127.0.0.1:1"));
    server_set_text(&s.model, SPAN("moss"));
    s.dialect = DIALECT_OLLAMA;
    struct source *source = net_source_new(net, &s);
    request_init(&req);
    fill(&req, &s, REWRITE);
    assert_true(source->ops->preview(source, &req, &body, NULL));
    assert_true(span_starts(str_span(&body), "{\"model\":\"moss\",\"messages\":[{\"role\":\"user\",\"content\":\"旧<<<秋>>>风\\n\\nOf this text,"));
    source->ops->free(source);
    str_release(&body);
    request_release(&req);
    net_free(net);
    server_release(&s);
}

/* -- room ---------------------------------------------------------------------------------------------------------------------------- */

static int64_t room_asked(struct source *source, const struct request *req)
{
    struct str body = {0};
    int64_t room = 0;
    assert_true(source->ops->preview(source, req, &body, NULL));
    const char *at = strstr(str_text(&body), "\"num_ctx\":");
    assert_non_null(at);
    room = strtol(at + strlen("\"num_ctx\":"), NULL, 10);
    str_release(&body);
    return room;
}

/* The page grows by a line of verse at a time, up to what the model holds: what is asked for always holds it, and changes a few times only. */
static void room_grows_with_the_page(void **state)
{
    static const int contexts[] = {0, 2048, 40960, 131072};
    (void)state;
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
        struct net *net = net_new();
        struct server s;
        struct str page = {0};
        int64_t before = 0;
        int changes = 0;
        server_init(&s);
        server_set_text(&s.url, SPAN("http://127.0.0.1:1"));
        server_set_text(&s.model, SPAN("moss"));
        s.dialect = DIALECT_OLLAMA;
        s.told.context = contexts[i];
        struct source *source = net_source_new(net, &s);
        while (page.len < 200000) {
            struct request req;
            struct piece p;
            struct generation what = {0};
            for (int lines = 0; lines < 16; lines++)
                str_add_text(&page, "床前明月光，疑是地上霜。a lamp, and no one\n");
            piece_init(&p);
            int at = piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
            passage_set_text(&p, at, str_span(&page));
            request_init(&req);
            compose_toward(&req, &s);
            if (page.len / 64 % 2)
                compose_ask(&req, &what, &p, at, SPAN("写。"), true);
            else
                compose_continue(&req, &what, &p, at);
            int64_t room = room_asked(source, &req), need = tokens_of(str_span(&req.prompt)) + request_answer(&req);
            assert_true(room >= before && (room >= 4096 || room == contexts[i]));
            assert_true(room >= need && room < 4096 + 4 * need);
            assert_true(!contexts[i] || room <= contexts[i]);
            assert_true((room & (room - 1)) == 0 || room == contexts[i]);
            changes += room != before;
            before = room;
            request_release(&req);
            generation_release(&what);
            piece_release(&p);
        }
        assert_true(changes <= 6);
        source->ops->free(source);
        net_free(net);
        server_release(&s);
        str_release(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_the_config_to_the_body),
        cmocka_unit_test(again_in_the_same_form),
        cmocka_unit_test(only_some_take_a_grammar),
        cmocka_unit_test(a_rewriting_is_asked_in_turns),
        cmocka_unit_test(room_grows_with_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
