/* Several takes against a real socket: from one request, from several at once, and from servers that do not know n. */
#include "stage.h"
#include "core/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CHOICE(index, text, finish)                                                                                    \
    "data: {\"choices\":[{\"index\":" index ",\"delta\":{\"content\":\"" text "\"},\"finish_reason\":" finish "}]}"    \
                                                                                                              "\n\n"
#define DONE "data: [DONE]\n\n"

static void open_takes(struct stage *g, void (*serve)(struct visit *), int takes)
{
    stage_open(g, serve);
    dial_set(&g->request.dials, DIAL_TAKES, takes);
    dial_set(&g->request.dials, DIAL_SEED, 40);
}

static void serve_three(struct visit *v)
{
    visit_send_text(
        v, SSE_HEAD CHOICE("1", "b", "null") CHOICE("0", "a", "\"stop\"") CHOICE("2", "c", "\"length\"") CHOICE(
               "1", "B",
               "\"stop\"") "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":9}}\n\n" DONE);
}

static void takes_all_from_one_request(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_three, 3);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "a");
    assert_string_equal(str_text(&g.outcome.text[1]), "bB");
    assert_string_equal(str_text(&g.outcome.finish[2]), "length");
    assert_int_equal(g.tiny.visits, 1);
    assert_int_equal(g.outcome.usage.completion_tokens, 9);
    ASSERT_HOLDS(str_text(&g.tiny.last_body), "\"n\":3,\"seed\":40");
    stage_close(&g);
}

/* Answers with its own seed; all three must have been asked before the first is answered. */
static void serve_seed(struct visit *v)
{
    const char *seed = strstr(str_text(&v->body), "\"seed\":");
    struct str out = {0};
    visit_wait_open(v, v->server->ctx ? *(int *)v->server->ctx : 0);
    str_printf(&out,
               SSE_HEAD
               "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"seed %.2s\"},\"finish_reason\":\"stop\"}],",
               seed + 7);
    str_add_text(&out, "\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}\n\n" DONE);
    visit_send(v, str_span(&out));
    str_release(&out);
}

static void asks_again_for_takes_left_out(void **state)
{
    struct stage g;
    int all = 4;
    (void)state;
    open_takes(&g, serve_seed, 3);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "seed 40");
    assert_string_equal(str_text(&g.outcome.text[1]), "seed 41");
    assert_string_equal(str_text(&g.outcome.text[2]), "seed 42");
    assert_int_equal(g.tiny.visits, 3);
    assert_false(holds(str_text(&g.tiny.last_body), "\"n\":"));
    /* It is remembered: the next run asks singly, two requests at the same time. */
    all = 5;
    g.tiny.ctx = &all;
    dial_set(&g.request.dials, DIAL_TAKES, 2);
    stage_again(&g);
    assert_string_equal(str_text(&g.outcome.text[1]), "seed 41");
    assert_int_equal(g.tiny.visits, 5);
    assert_int_equal(g.outcome.usage.prompt_tokens, 8);
    stage_close(&g);
}

/* Passes over n: writes one take, and does not end it before the other two have been asked for; then writes the second after all. */
static void serve_alone(struct visit *v)
{
    if (!holds(str_text(&v->body), "\"n\":")) {
        serve_seed(v);
        return;
    }
    visit_send_text(v, SSE_HEAD);
    for (int i = 0; i < 10; i++)
        visit_send_text(v, CHOICE("0", "x", "null"));
    visit_wait_open(v, 3);
    visit_send_text(v, CHOICE("0", ".", "\"stop\"") CHOICE("1", "late", "\"stop\"") DONE);
}

static void does_not_wait_for_a_take_that_is_written_alone(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_alone, 3);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "xxxxxxxxxx.");
    assert_string_equal(str_text(&g.outcome.text[1]), "seed 41");
    assert_string_equal(str_text(&g.outcome.text[2]), "seed 42");
    assert_int_equal(g.tiny.visits, 3);
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    stage_close(&g);
}

static void serve_no_n(struct visit *v)
{
    if (holds(str_text(&v->body), "\"n\":"))
        visit_send_text(v, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
                           "{\"error\":{\"message\":\"n > 1 is not supported with streaming.\",\"param\":\"n\"}}");
    else
        serve_seed(v);
}

static void asks_singly_where_n_is_refused(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_no_n, 2);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "seed 40");
    assert_string_equal(str_text(&g.outcome.text[1]), "seed 41");
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    assert_int_equal(g.tiny.visits, 3);
    stage_close(&g);
}

static void serve_busy(struct visit *v)
{
    visit_send_text(
        v, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

/* Singly, and all refused: one failure of the run, so that it is tried again as one. */
static void fails_as_one_when_nothing_came(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_seed, 2);
    stage_run(&g);
    g.tiny.serve = serve_busy;
    stage_again(&g);
    assert_int_equal(g.outcome.err.kind, ERR_BUSY);
    assert_int_equal(g.outcome.err.retry_ms, 3000);
    assert_int_equal(g.outcome.failure[0].len + g.outcome.failure[1].len, 0);
    stage_close(&g);
}

static void serve_second_badly(struct visit *v)
{
    if (holds(str_text(&v->body), "\"n\":"))
        visit_send_text(v, SSE_HEAD CHOICE("0", "good", "\"stop\"") DONE);
    else
        visit_send_text(v, "HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\nout of memory");
}

static void one_take_may_fail_alone(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_second_badly, 2);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "good");
    ASSERT_HOLDS(str_text(&g.outcome.failure[1]), "out of memory");
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    stage_close(&g);
}

static void serve_first_and_wait(struct visit *v)
{
    visit_send_text(v, SSE_HEAD CHOICE("0", "x", "null"));
    visit_wait_gone(v);
}

static void cancels_every_request_of_a_run(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_seed, 2);
    stage_run(&g);
    g.tiny.serve = serve_first_and_wait;
    outcome_release(&g.outcome);
    outcome_init(&g.outcome);
    stage_start(&g, 2, NULL);
    while (!g.outcome.text[0].len || !g.outcome.text[1].len)
        stage_step(&g);
    g.source->ops->cancel(g.source, 2);
    stage_finish(&g);
    assert_true(tiny_wait_gone(&g.tiny, 2));
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    stage_close(&g);
}

/* A model that wants max_tokens under another name and no temperature at all. */
static void serve_choosy(struct visit *v)
{
    const char *body = str_text(&v->body);
    visit_send_text(v, holds(body, "\"max_tokens\"") || holds(body, "\"temperature\"")
                           ? "HTTP/1.1 400 No\r\nConnection: close\r\n\r\n"
                           : "");
    if (holds(body, "\"max_tokens\""))
        visit_send_text(
            v, "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is not supported with this model.\"}}");
    else if (holds(body, "\"temperature\""))
        visit_send_text(v, "{\"error\":{\"message\":\"It does not support 0.7.\",\"param\":\"temperature\"}}");
    else
        serve_seed(v);
}

static void learns_what_a_model_refuses(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_choosy, 1);
    dial_set(&g.request.dials, DIAL_TEMPERATURE, 0.7);
    dial_set(&g.request.dials, DIAL_MAX_TOKENS, 64);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "seed 40");
    assert_int_equal(g.tiny.visits, 3);
    ASSERT_HOLDS(str_text(&g.tiny.last_body), "\"max_completion_tokens\":64");
    ASSERT_HOLDS(str_text(&g.outcome.notes), "does not take “temperature” for this model");
    assert_false(holds(str_text(&g.outcome.notes), "max")); /* renamed, and so taken */
    assert_true(net_source_refuses(g.source, SPAN(""), DIAL_TEMPERATURE));
    ASSERT_HOLDS(str_text(&g.outcome.lessons), "refused http://127.0.0.1:");
    ASSERT_HOLDS(str_text(&g.outcome.lessons), "temperature max_completion_tokens\n");
    assert_false(net_source_refuses(g.source, SPAN("another"), DIAL_TEMPERATURE));
    assert_true(net_source_forget(g.source));
    assert_false(net_source_forget(g.source));
    assert_false(net_source_refuses(g.source, SPAN(""), DIAL_TEMPERATURE));
    stage_again(&g); /* and learnt again */
    assert_int_equal(g.tiny.visits, 6);
    dial_set(&g.request.dials, DIAL_TAKES, 2);
    stage_again(&g); /* remembered, then asked again for the take left out */
    assert_int_equal(g.tiny.visits, 8);
    str_set(&g.request.model, SPAN("another"));
    stage_again(&g); /* nothing is known of it: two takes learn side by side */
    assert_string_equal(str_text(&g.outcome.text[0]), "seed 40");
    assert_string_equal(str_text(&g.outcome.text[1]), "seed 41");
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    stage_close(&g);
}

/* Some servers begin to answer before they look at what was asked, and refuse within the stream. */
static void serve_choosy_inside(struct visit *v)
{
    visit_send_text(v, SSE_HEAD);
    if (holds(str_text(&v->body), "\"temperature\""))
        visit_send_text(v, "data: {\"error\":{\"message\":\"Unsupported parameter: 'temperature'\",\"param\":\"temperature\"}}\n\n");
    else
        visit_send_text(v, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"风\"},\"finish_reason\":\"stop\"}]}\n\n"
                           "data: [DONE]\n\n");
}

static void learns_from_refusals_inside_a_stream(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_choosy_inside, 1);
    dial_set(&g.request.dials, DIAL_TEMPERATURE, 0.7);
    stage_run(&g);
    assert_string_equal(str_text(&g.outcome.text[0]), "风");
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    assert_int_equal(g.tiny.visits, 2);
    ASSERT_HOLDS(str_text(&g.outcome.notes), "does not take “temperature” for this model");
    stage_close(&g);
}

/* A source that is told what one before it has learnt asks rightly at once, and learns nothing new. */
static void knows_what_was_refused_before(void **state)
{
    struct stage g;
    struct str lessons = {0};
    (void)state;
    open_takes(&g, serve_choosy, 1);
    dial_set(&g.request.dials, DIAL_TEMPERATURE, 0.7);
    stage_run(&g);
    assert_int_equal(g.tiny.visits, 3);
    str_set(&lessons, str_span(&g.outcome.lessons));
    struct span told = str_span(&lessons), name = SPAN("");
    span_line(&told, &name);
    g.source->ops->free(g.source);
    g.source = net_source_new(g.net, &g.server);
    net_source_teach(g.source, told);
    stage_again(&g);
    assert_int_equal(g.tiny.visits, 4);
    assert_string_equal(str_text(&g.outcome.text[0]), "seed 40");
    assert_int_equal(g.outcome.notes.len, 0);
    assert_int_equal(g.outcome.lessons.len, 0);
    str_release(&lessons);
    stage_close(&g);
}

/* One that does not let an answer be begun for it. */
static void serve_no_prefill(struct visit *v)
{
    const char *body = str_text(&v->body);
    if (holds(body, "{\"role\":\"assistant\",\"content\":\"The tide\"}]"))
        visit_send_text(v, "HTTP/1.1 400 No\r\nConnection: close\r\n\r\n{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                           "\"message\":\"This model does not support assistant message prefill.\"}}");
    else
        visit_send_text(v, SSE_HEAD "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"\\n\\nrises.\"}}\n\n"
                                    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
                                    "data: {\"type\":\"message_stop\"}\n\n");
}

static void begins_answers_where_that_is_taken(void **state)
{
    struct stage g;
    struct piece p;
    (void)state;
    for (int takes_it = 0; takes_it < 2; takes_it++) {
        stage_open(&g, serve_no_prefill);
        piece_init(&p);
        int passage = piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
        passage_set_text(&p, passage, takes_it ? SPAN("The tides\n") : SPAN("The tide"));
        piece_choose_leaf(&p, passage);
        g.server.dialect = DIALECT_ANTHROPIC;
        while (g.request.turn_count)
            str_release(&g.request.turns[--g.request.turn_count].text);
        request_continue(&g.request, &p, p.leaf, NULL);
        stage_run(&g);
        assert_int_equal(g.outcome.err.kind, ERR_NONE);
        assert_int_equal(g.tiny.visits, takes_it ? 1 : 2);
        assert_int_equal(holds(str_text(&g.tiny.last_body), "\"content\":\"The tides\"}]"), takes_it);
        assert_string_equal(str_text(&g.outcome.text[0]), takes_it ? "\nrises." : "\n\nrises."); /* what stands on the page is not said twice */
        assert_int_equal(g.outcome.notes.len, 0);
        piece_release(&p);
        stage_close(&g);
    }
}

static void serve_refusal(struct visit *v)
{
    visit_send_text(
        v, "HTTP/1.1 400 No\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"Unsupported parameter: 'seed'\"}}");
}

/* It refuses the seed whether or not it is sent one: that is not to stand on the dial. */
static void does_not_ask_for_ever(void **state)
{
    struct stage g;
    (void)state;
    open_takes(&g, serve_refusal, 3);
    stage_run(&g);
    ASSERT_HOLDS(g.outcome.err.text, "Unsupported parameter: 'seed'");
    assert_in_range(g.tiny.visits, 2, 8);
    assert_false(net_source_refuses(g.source, SPAN(""), DIAL_SEED));
    assert_false(holds(str_text(&g.outcome.lessons), "seed"));
    stage_close(&g);
}

/* A machine that serves one at a time, and goes on when the test says so: ctx counts how far it may. */
static void wait_for_step(struct visit *v, int step)
{
    struct tiny_server *s = v->server;
    pthread_mutex_lock(&s->lock);
    while (*(int *)s->ctx < step)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

static void let_step(struct stage *g, int step)
{
    pthread_mutex_lock(&g->tiny.lock);
    *(int *)g->tiny.ctx = step;
    pthread_cond_broadcast(&g->tiny.changed);
    pthread_mutex_unlock(&g->tiny.lock);
}

#define WORDS(text) "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"" text "\"}}\n\n"
#define END         "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n"

static void serve_in_line(struct visit *v)
{
    static int came;
    bool first = __atomic_add_fetch(&came, 1, __ATOMIC_SEQ_CST) % 2;
    if (first) {
        visit_send_text(v, SSE_HEAD WORDS("slow"));
        wait_for_step(v, 1);
        visit_send_text(v, WORDS("ly"));
        wait_for_step(v, 2);
        visit_send_text(v, END);
    } else {
        wait_for_step(v, 3);
        visit_send_text(v, SSE_HEAD WORDS("at last") END);
    }
}

static size_t text_of(const struct stage *g)
{
    return g->outcome.text[0].len + g->outcome.text[1].len;
}

/* What is waited for may also come to the server alone, which wakes nobody here. */
static void look(struct stage *g)
{
    net_wait(g->net, NULL, 0, 10);
    net_step(g->net);
    outcome_take(&g->outcome, &g->queue);
}

static void open_line(struct stage *g, int *step)
{
    stage_open(g, serve_in_line);
    g->server.dialect = DIALECT_ANTHROPIC; /* which knows no n */
    g->server.idle_ms = 1000000;
    g->tiny.ctx = step;
    dial_set(&g->request.dials, DIAL_TAKES, 2);
    clock_freeze(1000000000, -1);
    stage_start(g, 1, NULL);
    while (text_of(g) < 4 || g->tiny.visits < 2)
        look(g);
    clock_freeze(1000000000 + 100 * INT64_C(1000000), -1);
    let_step(g, 1);
    while (text_of(g) < 6)
        look(g);
    clock_freeze(1000000000 + 200 * INT64_C(1000000), -1); /* beyond the two minutes that a server has for its first word */
    look(g);
    assert_false(g->outcome.over[0] || g->outcome.over[1]);
}

static void stands_in_line_while_others_are_served(void **state)
{
    struct stage g;
    int step = 0;
    (void)state;
    open_line(&g, &step);
    let_step(&g, 2);
    while (!g.outcome.over[0] && !g.outcome.over[1])
        look(&g);
    clock_freeze(1000000000 + 310 * INT64_C(1000000), -1);
    let_step(&g, 3);
    while (!g.outcome.done)
        look(&g);
    assert_int_equal(text_of(&g), strlen("slowly") + strlen("at last"));
    assert_int_equal(g.outcome.err.kind, ERR_NONE);
    clock_freeze(-1, -1);
    stage_close(&g);
}

/* Nobody is served any more, and the one in line has waited as long as it would alone. */
static void does_not_stand_in_line_for_ever(void **state)
{
    struct stage g;
    int step = 0;
    (void)state;
    open_line(&g, &step);
    let_step(&g, 2);
    while (!g.outcome.over[0] && !g.outcome.over[1])
        look(&g);
    clock_freeze(1000000000 + 321 * INT64_C(1000000), -1);
    look(&g);
    ASSERT_HOLDS(str_text(&g.outcome.failure[g.outcome.text[0].len ? 1 : 0]), "sent nothing for 120 s");
    let_step(&g, 3);
    clock_freeze(-1, -1);
    stage_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_all_from_one_request),     cmocka_unit_test(asks_again_for_takes_left_out),
        cmocka_unit_test(does_not_wait_for_a_take_that_is_written_alone),
        cmocka_unit_test(asks_singly_where_n_is_refused), cmocka_unit_test(fails_as_one_when_nothing_came),
        cmocka_unit_test(one_take_may_fail_alone),        cmocka_unit_test(cancels_every_request_of_a_run),
        cmocka_unit_test(learns_what_a_model_refuses),    cmocka_unit_test(does_not_ask_for_ever),
        cmocka_unit_test(knows_what_was_refused_before),  cmocka_unit_test(learns_from_refusals_inside_a_stream),
        cmocka_unit_test(stands_in_line_while_others_are_served), cmocka_unit_test(does_not_stand_in_line_for_ever),
        cmocka_unit_test(begins_answers_where_that_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
