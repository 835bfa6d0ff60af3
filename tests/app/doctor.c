/* The machines of ping and doctor, with servers of the test: what they do when a token comes, when nothing comes, when the server vanishes and
 * when nobody wants to know any more; and that no step of them waits. */
#include "app/doctor/doctor.h"
#include "app/doctor/ping.h"
#include "core/clock.h"
#include "core/mem.h"
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

#define NOW_US  1000000000
#define WALL_MS 1800000000000

/* -- servers -------------------------------------------------------------------------------------------------------------------------- */

static void write_a_token(struct visit *v)
{
    visit_send_text(v, SSE_HEAD DELTA("well"));
    visit_wait_gone(v); /* it goes on for ever: whoever wanted a token hangs up */
}

static void think_aloud(struct visit *v)
{
    visit_send_text(v, SSE_HEAD "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n");
    visit_wait_gone(v);
}

static void say_nothing(struct visit *v)
{
    visit_wait_gone(v);
}

static void vanish(struct visit *v)
{
    visit_send_text(v, SSE_HEAD);
    visit_reset(v);
}

static void write_no_word(struct visit *v)
{
    visit_send_text(v, SSE_HEAD FINISH);
}

static void refuse(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 402 Payment Required\r\nContent-Type: application/json\r\nContent-Length: 44\r\n\r\n"
                       "{\"error\":{\"message\":\"Your balance is empty.\"}}");
}

static void list_models(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{\"data\":[{\"id\":\"qwen3\"}]}\n");
}

static void describe(struct server *s, const char *name, int port, const char *model)
{
    struct str url = {0};
    str_printf(&url, "http://127.0.0.1:%d", port);
    server_init(s);
    server_set_text(&s->name, span_of(name));
    server_set_text(&s->url, str_span(&url));
    server_set_text(&s->model, span_of(model));
    str_release(&url);
}

/* -- the first token ------------------------------------------------------------------------------------------------------------------ */

/* A trial at a server that does `serve`. */
struct stage {
    struct tiny_server tiny;
    struct server server;
    struct net *net;
    struct trial *trial;
};

static void stage_open(struct stage *g, void (*serve)(struct visit *), const char *model, const char *first)
{
    tiny_start(&g->tiny, serve);
    describe(&g->server, "desk", g->tiny.port, model);
    g->net = net_new();
    g->trial = trial_new(g->net, &g->server, span_of(first));
    assert_false(trial_wants_terminal(g->trial));
    trial_start(g->trial);
}

static void stage_close(struct stage *g)
{
    trial_free(g->trial);
    net_free(g->net);
    server_release(&g->server);
    tiny_stop(&g->tiny);
}

static void run_to_the_end(struct stage *g)
{
    for (int i = 0; i < 1000 && !trial_step(g->trial); i++) {
        net_wait(g->net, NULL, 0, trial_wait_ms(g->trial) < 20 ? trial_wait_ms(g->trial) : 20);
        net_step(g->net);
    }
    assert_true(trial_step(g->trial));
    assert_int_equal(trial_wait_ms(g->trial), 0);
}

static void read_trial(const struct stage *g, enum verdict verdict, const char *part)
{
    struct ping p = {0};
    ping_tried(&p, &g->server, g->trial);
    assert_true(p.tried);
    assert_int_equal(p.verdicts[PING_TOKEN], verdict);
    assert_int_equal(p.err.kind != ERR_NONE, verdict == VERDICT_WRONG);
    if (!strstr(str_text(&p.texts[PING_TOKEN]), part))
        fail_msg("“%s” is not in “%s”", part, str_text(&p.texts[PING_TOKEN]));
    ping_release(&p);
}

static void the_first_token_ends_it(void **state)
{
    static void (*const serve[])(struct visit *) = {write_a_token, think_aloud};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(serve); i++) {
        struct stage g;
        stage_open(&g, serve[i], "", "qwen3");
        run_to_the_end(&g);
        read_trial(&g, VERDICT_WELL, "qwen3 writes.");
        assert_true(trial_ms(g.trial) >= 0);
        assert_non_null(strstr(str_text(&g.tiny.last_body), "\"qwen3\"")); /* the first of its list, as it names none */
        trial_free(g.trial);
        g.trial = NULL;
        assert_true(tiny_wait_gone(&g.tiny, 1)); /* hung up: the model writes no further */
        stage_close(&g);
    }
}

static void what_fails_is_told(void **state)
{
    static const struct {
        void (*serve)(struct visit *);
        const char *part;
    } rows[] = {{vanish, "127.0.0.1"}, {refuse, "Your balance is empty."}, {write_no_word, "No token came."}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage g;
        stage_open(&g, rows[i].serve, "qwen3", "");
        run_to_the_end(&g);
        read_trial(&g, VERDICT_WRONG, rows[i].part);
        stage_close(&g);
    }
}

static void a_server_that_is_off_is_told(void **state)
{
    struct stage g;
    (void)state;
    stage_open(&g, say_nothing, "qwen3", "");
    trial_free(g.trial);
    server_release(&g.server);
    describe(&g.server, "off", tiny_free_port(), "qwen3");
    g.trial = trial_new(g.net, &g.server, SPAN(""));
    trial_start(g.trial);
    run_to_the_end(&g);
    read_trial(&g, VERDICT_WRONG, "Nothing answers");
    stage_close(&g);
}

/* The clock stands still, and then a minute is over. */
static void patience_ends(void **state)
{
    struct stage g;
    (void)state;
    clock_freeze(NOW_US, WALL_MS);
    stage_open(&g, say_nothing, "qwen3", "");
    visit_wait_open(&(struct visit){.server = &g.tiny}, 0);
    for (int i = 0; i < 50; i++) {
        net_wait(g.net, NULL, 0, 1);
        net_step(g.net);
        assert_false(trial_step(g.trial));
    }
    assert_int_equal(trial_wait_ms(g.trial), 60000);
    clock_freeze(NOW_US + 59999000, WALL_MS + 59999);
    assert_false(trial_step(g.trial));
    assert_int_equal(trial_wait_ms(g.trial), 1);
    clock_freeze(NOW_US + 60000000, WALL_MS + 60000);
    assert_true(trial_step(g.trial));
    read_trial(&g, VERDICT_WRONG, "No token came.");
    stage_close(&g);
    clock_freeze(-1, -1);
}

/* At every moment: before anything was sent, while it is waited for, and after it is over. Nothing leaks, and the server sees the end. */
static void it_can_be_left_at_any_moment(void **state)
{
    (void)state;
    for (int steps = 0; steps < 12; steps++) {
        struct stage g;
        stage_open(&g, steps % 2 ? say_nothing : write_a_token, "qwen3", "");
        for (int i = 0; i < steps; i++) {
            net_wait(g.net, NULL, 0, 2);
            net_step(g.net);
            trial_step(g.trial);
        }
        stage_close(&g); /* waits until every connection is gone */
    }
    trial_free(NULL);
}

static void a_step_before_it_failed(void **state)
{
    struct ping p = {0};
    (void)state;
    struct server s;
    server_init(&s);
    ping_tried(&p, &s, NULL);
    server_release(&s);
    assert_int_equal(p.verdicts[PING_TOKEN], VERDICT_PASSED);
    assert_int_equal(p.ms[PING_TOKEN], -1);
    ping_release(&p);
}

/* -- the doctor ----------------------------------------------------------------------------------------------------------------------- */

/* A patient: a folder of its own, some servers, and what the doctor said of them, a line each. */
struct patient {
    char home[64];
    struct paths paths;
    struct config config;
    struct net *net;
    struct doctor doctor;
    struct str said;
    int findings, enough_at; /* 0: never enough */
    int64_t tickets;
};

static bool on_finding(void *ctx, const struct finding *f)
{
    struct patient *p = ctx;
    str_printf(&p->said, "%s %s%s%s %s\n", verdict_name(f->verdict), f->server ? f->server : "", f->server ? " " : "", f->check, f->text);
    return ++p->findings != p->enough_at;
}

static bool on_question(void *ctx, const struct server *s, int limit_ms, int64_t *ticket, struct err *e)
{
    struct patient *p = ctx;
    *ticket = ++p->tickets;
    return net_ask(p->net, s, *ticket, limit_ms, e);
}

static void patient_open(struct patient *p)
{
    *p = (struct patient){.home = P_tmpdir "/renga-doctor-XXXXXX", .net = net_new()};
    assert_non_null(mkdtemp(p->home));
    setenv("HOME", p->home, 1);
    paths_init(&p->paths);
    config_init(&p->config);
    p->doctor = (struct doctor){.paths = &p->paths, .library = p->paths.library, .config = &p->config, .at_desk = true, .ask = on_question,
                                .tell = on_finding, .ctx = p};
}

static void patient_close(struct patient *p)
{
    doctor_end(&p->doctor);
    doctor_end(&p->doctor); /* twice does no harm */
    net_free(p->net);
    config_release(&p->config);
    paths_release(&p->paths);
    str_release(&p->said);
    rmdir(p->home);
}

static void add_server(struct patient *p, const char *name, int port)
{
    struct server s;
    describe(&s, name, port, "qwen3");
    config_put_server(&p->config, &s);
    server_release(&s);
}

static void turn(struct patient *p)
{
    struct answer a = {0};
    int wait = doctor_wait_ms(&p->doctor);
    net_wait(p->net, NULL, 0, wait < 0 ? 0 : wait);
    net_step(p->net);
    for (; net_next_answer(p->net, &a); answer_release(&a))
        doctor_answer(&p->doctor, &a);
}

static bool said(const struct patient *p, const char *text)
{
    return strstr(str_text(&p->said), text) != NULL;
}

static void run_doctor(struct patient *p)
{
    for (int i = 0; i < 1000 && doctor_step(&p->doctor); i++)
        turn(p);
    assert_true(doctor_over(&p->doctor));
    assert_int_equal(doctor_wait_ms(&p->doctor), -1);
    assert_string_equal(doctor_at(&p->doctor), "");
}

/* All are asked at once; whichever answers first, they are told of in the order of the config. */
static void servers_are_told_of_in_order(void **state)
{
    struct patient p;
    struct tiny_server well, gone;
    (void)state;
    patient_open(&p);
    tiny_start(&well, list_models);
    tiny_start(&gone, vanish);
    add_server(&p, "gone", gone.port);
    add_server(&p, "off", tiny_free_port());
    add_server(&p, "well", well.port);
    run_doctor(&p);
    const char *first = strstr(str_text(&p.said), "note gone servers gone has a fault."), *second = strstr(str_text(&p.said), "note off servers"),
               *third = strstr(str_text(&p.said), "well well servers well answers. “qwen3”");
    assert_true(first && second && third && first < second && second < third);
    assert_true(said(&p, "wrong off connect Nothing answers"));
    assert_true(said(&p, "passed off model not reached"));
    assert_true(said(&p, "There is no library yet"));
    assert_true(p.doctor.wrong >= 2);
    patient_close(&p);
    tiny_stop(&well);
    tiny_stop(&gone);
}

/* Whoever writes meanwhile goes on: while a server keeps silent each step returns at once. */
static void no_step_waits(void **state)
{
    struct patient p;
    struct tiny_server silent;
    int64_t longest = 0;
    const char *at = "";
    (void)state;
    patient_open(&p);
    tiny_start(&silent, say_nothing);
    add_server(&p, "silent", silent.port);
    for (int i = 0; i < 200; i++) {
        const char *check = doctor_at(&p.doctor);
        int64_t start = clock_now_us();
        bool more = doctor_step(&p.doctor);
        int64_t took = clock_now_us() - start;
        if (took > longest) {
            longest = took;
            at = check;
        }
        assert_true(more);
        if (!strcmp(check, "servers"))
            usleep(1000);
        turn(&p);
    }
    assert_string_equal(doctor_at(&p.doctor), "servers");
    print_message("the longest step took %lld us: %s\n", (long long)longest, at);
    assert_true(longest < 2000000); /* nothing here waits for eight seconds; how quick it is depends on the machine */
    patient_close(&p);              /* in the middle of a question */
    tiny_stop(&silent);
}

static void it_can_be_broken_off_after_any_step(void **state)
{
    struct tiny_server silent;
    (void)state;
    tiny_start(&silent, say_nothing);
    for (int steps = 0; steps < 16; steps++) {
        struct patient p;
        patient_open(&p);
        add_server(&p, "silent", silent.port);
        for (int i = 0; i < steps && doctor_step(&p.doctor); i++)
            turn(&p);
        patient_close(&p);
        assert_false(doctor_step(&p.doctor));
    }
    tiny_stop(&silent);
}

static void it_stops_when_nobody_listens(void **state)
{
    (void)state;
    for (int enough = 1; enough < 6; enough++) {
        struct patient p;
        patient_open(&p);
        p.enough_at = enough;
        run_doctor(&p);
        assert_true(p.findings >= enough && p.findings < enough + 3); /* a check may say some things more */
        patient_close(&p);
    }
}

static void answers_to_others_are_left_alone(void **state)
{
    struct patient p;
    struct answer a = {.ticket = 77};
    (void)state;
    patient_open(&p);
    assert_false(doctor_answer(&p.doctor, &a));
    add_server(&p, "off", tiny_free_port());
    while (strcmp(doctor_at(&p.doctor), "servers"))
        doctor_step(&p.doctor), turn(&p);
    doctor_step(&p.doctor);
    assert_false(doctor_answer(&p.doctor, &a));
    a.ticket = 0;
    assert_false(doctor_answer(&p.doctor, &a));
    patient_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_token_ends_it),
        cmocka_unit_test(what_fails_is_told),
        cmocka_unit_test(a_server_that_is_off_is_told),
        cmocka_unit_test(patience_ends),
        cmocka_unit_test(it_can_be_left_at_any_moment),
        cmocka_unit_test(a_step_before_it_failed),
        cmocka_unit_test(servers_are_told_of_in_order),
        cmocka_unit_test(no_step_waits),
        cmocka_unit_test(it_can_be_broken_off_after_any_step),
        cmocka_unit_test(it_stops_when_nobody_listens),
        cmocka_unit_test(answers_to_others_are_left_alone),
    };
    static const char *const unwanted[] = {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < COUNT_OF(unwanted); i++)
        unsetenv(unwanted[i]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
