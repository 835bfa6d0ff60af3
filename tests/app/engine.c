/* The engine: rows before sending, events to takes, retries while nothing came, and a full disk that loses nothing. */
#include "app/engine/compose.h"
#include "app/engine/engine.h"
#include "app/engine/remember.h"
#include "core/clock.h"
#include "core/i18n.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A source whose events the test pushes itself. */
struct puppet {
    struct source source;
    struct source_queue *queue;
    int64_t run;         /* the last that was started */
    int64_t runs[16];    /* all, in order */
    int starts, cancels;
    bool refuses;
    bool taught;         /* its requests are written otherwise now */
    struct store *store; /* to see what is kept at the moment of sending */
    bool kept_before_sending;
};

static bool puppet_start(struct source *s, int64_t run, const struct request *req, struct source_queue *out, struct str *body,
                         struct err *e)
{
    struct puppet *p = (struct puppet *)s;
    (void)req;
    (void)body;
    p->runs[p->starts++ % 16] = run;
    p->run = run;
    p->queue = out;
    p->kept_before_sending = store_generation_count(p->store) > 0;
    return p->refuses ? err_set(e, ERR_NETWORK, "no wire") : true;
}

static void puppet_cancel(struct source *s, int64_t run)
{
    struct puppet *p = (struct puppet *)s;
    struct source_event ev = {.kind = SOURCE_DONE, .run = run, .take = -1, .usage = {-1, -1}};
    p->cancels++;
    source_queue_push(p->queue, &ev);
}

static bool puppet_preview(struct source *s, const struct request *req, struct str *body, struct err *e)
{
    (void)e;
    str_printf(body, "{\"%s\":\"%s\"}", ((struct puppet *)s)->taught ? "text" : "prompt", str_text(&req->prompt));
    return true;
}

static void puppet_free(struct source *s)
{
    (void)s;
}

static const struct source_ops puppet_ops = {puppet_start, puppet_cancel, puppet_preview, puppet_free};

struct fixture {
    struct net *net;
    struct engine engine;
    struct piece piece;
    struct puppet puppet;
    struct server server;
    int texts, takes_over, runs_over, waits, rethoughts;
    struct err last;
};

static void on_text(void *ctx, struct job *job, int take, struct span text)
{
    (void)job, (void)take, (void)text;
    ((struct fixture *)ctx)->texts++;
}

static void on_take(void *ctx, struct job *job, int take)
{
    (void)job, (void)take;
    ((struct fixture *)ctx)->takes_over++;
}

static void on_run(void *ctx, struct job *job)
{
    ((struct fixture *)ctx)->runs_over++;
    ((struct fixture *)ctx)->last = job->err;
}

static void on_wait(void *ctx, struct job *job)
{
    (void)job;
    ((struct fixture *)ctx)->waits++;
}

static void open_fixture(struct fixture *f, const char *path)
{
    struct store *store = NULL;
    struct err e = {0};
    memset(f, 0, sizeof *f);
    assert_true(store_open(&store, path, &e));
    f->net = net_new();
    engine_init(&f->engine, f->net, store);
    f->engine.watch = (struct engine_watch){on_text, on_take, on_run, on_wait, NULL, NULL, f};
    f->puppet = (struct puppet){.source = {&puppet_ops}, .store = store};
    piece_init(&f->piece);
    server_init(&f->server);
    server_set_text(&f->server.name, SPAN("puppet"));
    server_set_text(&f->server.url, SPAN("http://127.0.0.1:1"));
    clock_freeze(1000000, 1760000000000);
}

static void close_fixture(struct fixture *f)
{
    struct store *store = f->engine.store;
    engine_release(&f->engine);
    piece_release(&f->piece);
    server_release(&f->server);
    store_close(store);
    net_free(f->net);
    clock_freeze(-1, -1);
}

static bool ask(struct fixture *f, int takes, struct err *e)
{
    struct request req;
    struct generation what = {0};
    struct job *job = NULL;
    request_init(&req);
    dial_set(&req.dials, DIAL_TAKES, takes);
    compose_ask(&req, &what, &f->piece, -1, SPAN("秋夜"), true);
    int prompt = piece_add_prompt(&f->piece, -1, SPAN("秋夜"));
    bool ok = engine_start(&f->engine, &f->piece, prompt, &req, &f->puppet.source, &f->server, &what, &job, e);
    request_release(&req);
    generation_release(&what);
    return ok;
}

static void push(struct fixture *f, enum source_event_kind kind, int take, const char *text)
{
    struct source_event ev = {.kind = kind, .run = f->puppet.run, .take = take, .usage = {7, 3}, .pieces = 1};
    str_add_text(&ev.text, text);
    source_queue_push(f->puppet.queue, &ev);
    engine_step(&f->engine);
}

static void push_failure(struct fixture *f, int take, enum err_kind kind, int retry_ms)
{
    struct source_event ev = {.kind = SOURCE_FAILED, .run = f->puppet.run, .take = take};
    err_set(&ev.err, kind, "it broke");
    ev.err.retry_ms = retry_ms;
    source_queue_push(f->puppet.queue, &ev);
}

static struct take *stored_takes(struct fixture *f, struct generation *g, int *count)
{
    struct take *takes = NULL;
    struct err e = {0};
    assert_true(store_generation_load(f->engine.store, f->piece.generations[0].id, g, &takes, count, &e));
    return takes;
}

static void release_takes(struct take *takes, int count, struct generation *g)
{
    for (int i = 0; i < count; i++)
        take_release(&takes[i]);
    free(takes);
    generation_release(g);
}

static void three_takes_stream_and_are_kept(void **state)
{
    struct fixture f;
    struct err e = {0};
    struct generation g = {0};
    struct str lessons = {0};
    int count = 0;
    (void)state;
    open_fixture(&f, NULL);
    assert_true(ask(&f, 3, &e));
    assert_true(f.puppet.kept_before_sending);
    push(&f, SOURCE_TEXT, 0, "秋");
    push(&f, SOURCE_TEXT, 2, "雨");
    push(&f, SOURCE_REASONING, 1, "thinking");
    push(&f, SOURCE_TEXT, 1, "月");
    push(&f, SOURCE_TEXT, 0, "夜");
    assert_int_equal(f.piece.takes[0].tokens, 2);
    push(&f, SOURCE_TEXT, 2, "打窗声里不成眠"); /* many tokens in one piece */
    assert_int_equal(f.piece.takes[2].tokens, 8);
    push(&f, SOURCE_MODEL, -1, "puppet-1");
    f.puppet.taught = true;
    push(&f, SOURCE_LESSONS, -1, "refused here\npuppet\t20000\tseed\n");
    push(&f, SOURCE_TAKE_DONE, 0, "stop");
    push(&f, SOURCE_TAKE_DONE, 1, "length");
    assert_true(engine_busy(&f.engine, &f.piece));
    push(&f, SOURCE_DONE, -1, "");
    assert_false(engine_busy(&f.engine, NULL));
    assert_int_equal(f.texts, 5);
    assert_int_equal(f.takes_over, 3);
    assert_int_equal(f.runs_over, 1);
    struct take *takes = stored_takes(&f, &g, &count);
    assert_int_equal(count, 3);
    assert_string_equal(str_text(&takes[0].text), "秋夜");
    assert_string_equal(str_text(&takes[1].text), "月");
    assert_string_equal(str_text(&takes[1].reasoning), "thinking");
    assert_string_equal(str_text(&takes[1].finish), "length");
    assert_int_equal(takes[2].state, TAKE_DONE);
    assert_string_equal(str_text(&g.resolved), "puppet-1");
    assert_true(store_setting(f.engine.store, "refused here", &lessons));
    assert_string_equal(str_text(&lessons), "puppet\t20000\tseed\n");
    str_release(&lessons);
    assert_string_equal(str_text(&g.request), "{\"text\":\"秋夜\"}"); /* as it was answered, not as it was refused */
    assert_int_equal(g.usage.prompt_tokens, 7);
    release_takes(takes, count, &g);
    close_fixture(&f);
}

static void on_rethought(void *ctx, struct job *job, int take)
{
    struct fixture *f = ctx;
    f->rethoughts++;
    assert_int_equal(job->piece->takes[take].text.len, 0);
}

/* Text that turns out to have been thinking is kept as that, also when the program ends before the take does. */
static void thoughts_that_came_as_text_are_kept_apart(void **state)
{
    struct fixture f;
    struct err e = {0};
    struct generation g = {0};
    int count = 0;
    (void)state;
    open_fixture(&f, NULL);
    f.engine.watch.rethought = on_rethought;
    assert_true(ask(&f, 2, &e));
    push(&f, SOURCE_TEXT, 0, "let me ");
    assert_true(store_tick(f.engine.store, INT64_MAX / 2, &e));
    push(&f, SOURCE_TEXT, 0, "see");
    push(&f, SOURCE_RETHINK, 1, "");
    push(&f, SOURCE_RETHINK, 0, "");
    push(&f, SOURCE_REASONING, 0, "…");
    push(&f, SOURCE_TEXT, 0, "秋夜");
    assert_int_equal(f.rethoughts, 1); /* the other had said nothing yet */
    assert_true(store_tick(f.engine.store, INT64_MAX / 2, &e));
    struct take *takes = stored_takes(&f, &g, &count);
    assert_string_equal(str_text(&takes[0].text), "秋夜");
    assert_string_equal(str_text(&takes[0].reasoning), "let me see…");
    release_takes(takes, count, &g);
    push(&f, SOURCE_TAKE_DONE, 0, "stop");
    push(&f, SOURCE_RETHINK, 0, ""); /* a take that is over does not change */
    push(&f, SOURCE_DONE, -1, "");
    g = (struct generation){0};
    takes = stored_takes(&f, &g, &count);
    assert_string_equal(str_text(&takes[0].text), "秋夜");
    assert_string_equal(str_text(&takes[0].reasoning), "let me see…");
    release_takes(takes, count, &g);
    close_fixture(&f);
}

static void stopping_keeps_what_came(void **state)
{
    struct fixture f;
    struct err e = {0};
    struct generation g = {0};
    int count = 0;
    (void)state;
    open_fixture(&f, NULL);
    assert_true(ask(&f, 1, &e));
    push(&f, SOURCE_TEXT, 0, "秋夜");
    engine_cancel_all(&f.engine, &f.piece);
    engine_step(&f.engine);
    struct take *takes = stored_takes(&f, &g, &count);
    assert_int_equal(takes[0].state, TAKE_STOPPED);
    assert_string_equal(str_text(&takes[0].text), "秋夜");
    release_takes(takes, count, &g);
    close_fixture(&f);
}

static void a_busy_server_is_asked_again_only_while_nothing_came(void **state)
{
    struct fixture f;
    struct err e = {0};
    (void)state;
    open_fixture(&f, NULL);
    assert_true(ask(&f, 1, &e));
    push_failure(&f, -1, ERR_BUSY, 3000);
    push(&f, SOURCE_DONE, -1, "");
    assert_int_equal(f.waits, 1);
    assert_true(engine_busy(&f.engine, NULL));
    assert_int_equal(engine_wait_ms(&f.engine), 3000);
    clock_freeze(1000000 + 2999000, 1760000000000);
    engine_step(&f.engine);
    assert_int_equal(f.puppet.starts, 1);
    clock_freeze(1000000 + 3000000, 1760000000000);
    engine_step(&f.engine);
    assert_int_equal(f.puppet.starts, 2);
    push(&f, SOURCE_TEXT, 0, "来了");
    push_failure(&f, -1, ERR_BUSY, 1000);
    push(&f, SOURCE_DONE, -1, "");
    assert_int_equal(f.puppet.starts, 2); /* a second answer would double what came */
    assert_int_equal(f.piece.takes[0].state, TAKE_FAILED);
    assert_string_equal(str_text(&f.piece.takes[0].text), "来了");
    close_fixture(&f);
}

static void giving_up_a_countdown_ends_it(void **state)
{
    struct fixture f;
    struct err e = {0};
    (void)state;
    open_fixture(&f, NULL);
    assert_true(ask(&f, 1, &e));
    push_failure(&f, -1, ERR_BUSY, 3000);
    push(&f, SOURCE_DONE, -1, "");
    engine_cancel_all(&f.engine, NULL);
    assert_false(engine_busy(&f.engine, NULL));
    assert_int_equal(f.piece.takes[0].state, TAKE_STOPPED);
    close_fixture(&f);
}

static void one_take_may_fail_alone(void **state)
{
    struct fixture f;
    struct err e = {0};
    (void)state;
    open_fixture(&f, NULL);
    assert_true(ask(&f, 2, &e));
    push(&f, SOURCE_TEXT, 0, "好");
    push_failure(&f, 1, ERR_NETWORK, 0);
    push(&f, SOURCE_TAKE_DONE, 0, "stop");
    push(&f, SOURCE_DONE, -1, "");
    assert_int_equal(f.piece.takes[0].state, TAKE_DONE);
    assert_int_equal(f.piece.takes[1].state, TAKE_FAILED);
    assert_string_equal(str_text(&f.piece.takes[1].error), "it broke");
    close_fixture(&f);
}

static void what_cannot_be_sent_says_why_and_is_kept(void **state)
{
    struct fixture f;
    struct err e = {0};
    (void)state;
    open_fixture(&f, NULL);
    f.puppet.refuses = true;
    assert_false(ask(&f, 1, &e));
    assert_string_equal(e.text, "no wire");
    assert_int_equal(f.piece.takes[0].state, TAKE_FAILED);
    assert_int_equal(store_generation_count(f.engine.store), 1);
    close_fixture(&f);
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {0};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void a_full_disk_loses_nothing(void **state)
{
    struct fixture f;
    struct err e = {0};
    struct generation g = {0};
    int count = 0;
    char path[] = "renga-engine-XXXXXX", library[64] = "";
    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(library, sizeof library, "%s/renga.db", path);
    signal(SIGXFSZ, SIG_IGN);
    open_fixture(&f, library);
    limit_files(1); /* from here on nothing can be written */
    assert_true(ask(&f, 1, &e));
    push(&f, SOURCE_TEXT, 0, "写在满盘上的");
    assert_int_not_equal(f.engine.storage_err.kind, ERR_NONE);
    push(&f, SOURCE_TAKE_DONE, 0, "stop");
    push(&f, SOURCE_DONE, -1, "");
    assert_true(engine_holds(&f.engine, &f.piece));
    assert_string_equal(str_text(&f.piece.takes[0].text), "写在满盘上的");
    limit_files(RLIM_INFINITY); /* there is room again */
    clock_freeze(9000000, 1760000000000);
    engine_step(&f.engine);
    assert_int_equal(f.engine.storage_err.kind, ERR_NONE);
    assert_false(engine_holds(&f.engine, &f.piece));
    struct take *takes = stored_takes(&f, &g, &count);
    assert_string_equal(str_text(&takes[0].text), "写在满盘上的");
    assert_int_equal(takes[0].state, TAKE_DONE);
    release_takes(takes, count, &g);
    close_fixture(&f);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", path);
    assert_int_equal(system(command), 0);
}

static void a_disk_that_was_full_for_a_moment_is_forgotten(void **state)
{
    struct fixture f;
    struct err e = {0};
    char path[] = "renga-engine-XXXXXX", library[64] = "", command[128];
    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(library, sizeof library, "%s/renga.db", path);
    signal(SIGXFSZ, SIG_IGN);
    clock_freeze(1000000, 1760000000000);
    open_fixture(&f, library);
    assert_true(ask(&f, 1, &e));
    push(&f, SOURCE_TEXT, 0, "一行");
    limit_files(1);
    clock_freeze(2000000, 1760000000000);
    engine_step(&f.engine);
    assert_int_not_equal(f.engine.storage_err.kind, ERR_NONE);
    limit_files(RLIM_INFINITY);
    clock_freeze(3000000, 1760000000000);
    engine_step(&f.engine);
    assert_int_equal(f.engine.storage_err.kind, ERR_NONE);
    close_fixture(&f);
    snprintf(command, sizeof command, "rm -r %s", path);
    assert_int_equal(system(command), 0);
}

/* -- several at once ----------------------------------------------------------------------------------------------------------- */

static struct job *ask_one(struct fixture *f)
{
    struct err e = {0};
    assert_true(ask(f, 1, &e));
    return f->engine.runs[f->engine.run_count - 1];
}

static void end_one(struct fixture *f, int64_t run)
{
    f->puppet.run = run;
    push(f, SOURCE_TAKE_DONE, 0, "stop");
    push(f, SOURCE_DONE, -1, "");
}

static void a_server_has_only_so_many_at_once(void **state)
{
    struct fixture f;
    (void)state;
    open_fixture(&f, NULL);
    f.server.parallel = 2;
    int64_t ids[5];
    for (int i = 0; i < 5; i++)
        ids[i] = ask_one(&f)->id;
    assert_int_equal(f.puppet.starts, 2);
    assert_int_equal(store_generation_count(f.engine.store), 5); /* those that wait are in the library too */
    assert_int_equal(f.piece.takes[4].state, TAKE_WAITING);
    assert_int_equal(engine_wait_ms(&f.engine), -1); /* time alone gives no turn */
    assert_false(engine_job(&f.engine, &f.piece, 2)->sent);
    end_one(&f, ids[1]);
    assert_int_equal(f.puppet.starts, 3);
    end_one(&f, ids[0]);
    end_one(&f, ids[2]);
    assert_int_equal(f.puppet.starts, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(f.puppet.runs[i], ids[i]); /* in order of asking */
    end_one(&f, ids[3]);
    end_one(&f, ids[4]);
    assert_false(engine_busy(&f.engine, NULL));
    assert_int_equal(f.runs_over, 5);
    close_fixture(&f);
}

static void another_server_has_its_own_turn(void **state)
{
    struct fixture f;
    (void)state;
    open_fixture(&f, NULL);
    f.server.parallel = 1;
    ask_one(&f);
    ask_one(&f);
    assert_int_equal(f.puppet.starts, 1);
    server_set_text(&f.server.url, SPAN("http://127.0.0.1:2"));
    ask_one(&f);
    assert_int_equal(f.puppet.starts, 2);
    close_fixture(&f);
}

static void what_waits_for_its_turn_can_be_stopped(void **state)
{
    struct fixture f;
    struct generation g = {0};
    struct take *takes = NULL;
    struct err e = {0};
    int count = 0;
    (void)state;
    open_fixture(&f, NULL);
    f.server.parallel = 1;
    struct job *first = ask_one(&f), *second = ask_one(&f), *third = ask_one(&f);
    int64_t id = f.piece.generations[second->generation].id, last = third->id;
    engine_cancel(&f.engine, second);
    engine_step(&f.engine);
    assert_int_equal(f.puppet.cancels, 0); /* the server never heard of it */
    assert_int_equal(f.piece.takes[1].state, TAKE_STOPPED);
    assert_true(store_generation_load(f.engine.store, id, &g, &takes, &count, &e));
    assert_int_equal(takes[0].state, TAKE_STOPPED);
    release_takes(takes, count, &g);
    end_one(&f, first->id);
    assert_int_equal(f.puppet.starts, 2);
    assert_int_equal(f.puppet.run, last);
    close_fixture(&f);
}

static void one_that_backs_off_does_not_hold_up_others(void **state)
{
    struct fixture f;
    (void)state;
    open_fixture(&f, NULL);
    f.server.parallel = 1;
    int64_t first = ask_one(&f)->id, second = ask_one(&f)->id;
    f.puppet.run = first;
    push_failure(&f, -1, ERR_BUSY, 0); /* it does not say for how long */
    push(&f, SOURCE_DONE, -1, "");
    assert_int_equal(f.puppet.starts, 2);
    assert_int_equal(f.puppet.run, second);
    end_one(&f, second);
    clock_freeze(1000000 + 2000000, 1760000000000);
    engine_step(&f.engine);
    assert_int_equal(f.puppet.starts, 3);
    assert_int_equal(f.puppet.run, first);
    close_fixture(&f);
}

static void a_server_that_wants_to_be_left_alone_is(void **state)
{
    struct fixture f;
    (void)state;
    open_fixture(&f, NULL);
    f.server.parallel = 2;
    int64_t ids[4];
    for (int i = 0; i < 4; i++)
        ids[i] = ask_one(&f)->id;
    f.puppet.run = ids[0];
    push_failure(&f, -1, ERR_BUSY, 5000);
    push(&f, SOURCE_DONE, -1, "");
    end_one(&f, ids[1]);
    assert_int_equal(f.puppet.starts, 2); /* the whole server waits, not only the one that was refused */
    assert_int_equal(engine_wait_ms(&f.engine), 5000);
    ask_one(&f);
    assert_int_equal(f.puppet.starts, 2);
    clock_freeze(1000000 + 5000000, 1760000000000);
    engine_step(&f.engine);
    assert_int_equal(f.puppet.starts, 3); /* one at a time now, and the one that was refused comes first */
    assert_int_equal(f.puppet.run, ids[0]);
    end_one(&f, ids[0]);
    assert_int_equal(f.puppet.starts, 4); /* two it has refused: one at a time for a good while */
    for (int i = 0; i < 20; i++) {
        ask_one(&f);
        end_one(&f, f.puppet.run);
    }
    assert_int_equal(f.engine.lanes[0].room, 2); /* it has answered well: two are tried again */
    assert_int_equal(f.engine.lanes[0].open, 2);
    close_fixture(&f);
}

static void a_turn_that_fails_ends_alone(void **state)
{
    struct fixture f;
    (void)state;
    open_fixture(&f, NULL);
    f.server.parallel = 1;
    int64_t first = ask_one(&f)->id;
    ask_one(&f);
    f.puppet.refuses = true;
    end_one(&f, first);
    assert_int_equal(f.runs_over, 2);
    assert_int_equal(f.piece.takes[1].state, TAKE_FAILED);
    assert_string_equal(str_text(&f.piece.takes[1].error), "no wire");
    assert_false(engine_busy(&f.engine, NULL));
    close_fixture(&f);
}

static void what_is_held_is_kept_before_it_is_sent(void **state)
{
    struct fixture f;
    struct err e = {0};
    (void)state;
    open_fixture(&f, NULL);
    f.engine.together_ms = 200;
    engine_hold(&f.engine);
    int64_t first = ask_one(&f)->id;
    ask_one(&f);
    engine_step(&f.engine);
    assert_int_equal(f.puppet.starts, 0);
    assert_int_equal(store_generation_count(f.engine.store), 0);
    assert_true(engine_let_go(&f.engine, NULL, NULL, &e));
    engine_step(&f.engine);
    assert_int_equal(f.puppet.starts, 2);
    assert_true(f.puppet.kept_before_sending);
    end_one(&f, first);
    assert_true(engine_holds(&f.engine, &f.piece)); /* its end is kept together with others */
    int count = 0;
    struct generation g = {0};
    struct take *takes = stored_takes(&f, &g, &count);
    assert_int_equal(takes[0].state, TAKE_WAITING);
    release_takes(takes, count, &g);
    assert_int_equal(engine_wait_ms(&f.engine), 200);
    assert_true(engine_keep_together(&f.engine, NULL, NULL, &e));
    takes = stored_takes(&f, &g, &count);
    assert_int_equal(takes[0].state, TAKE_DONE);
    release_takes(takes, count, &g);
    close_fixture(&f);
}

static void expect_setting(struct store *store, const char *text)
{
    struct str value = {0};
    assert_true(store_setting(store, "refused here", &value));
    assert_string_equal(str_text(&value), text);
    str_release(&value);
}

/* Two sources of one server, or two instances: each keeps what it has learnt of its own models. */
static void lessons_of_other_models_stay(void **state)
{
    struct store *store = NULL;
    struct err e = {0};
    (void)state;
    assert_true(store_open(&store, NULL, &e));
    assert_true(remember_lessons(store, SPAN("refused here\na\t20000\tseed\nab\t20000\tstop\n"), &e));
    assert_true(remember_lessons(store, SPAN("refused here\nb\t20001\ttop_k\n"), &e));
    expect_setting(store, "b\t20001\ttop_k\na\t20000\tseed\nab\t20000\tstop\n");
    assert_true(remember_lessons(store, SPAN("refused here\na\t20002\t\n"), &e)); /* what was taken back */
    expect_setting(store, "a\t20002\t\nb\t20001\ttop_k\nab\t20000\tstop\n");
    store_close(store);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lessons_of_other_models_stay),
        cmocka_unit_test(three_takes_stream_and_are_kept),
        cmocka_unit_test(thoughts_that_came_as_text_are_kept_apart),
        cmocka_unit_test(stopping_keeps_what_came),
        cmocka_unit_test(a_busy_server_is_asked_again_only_while_nothing_came),
        cmocka_unit_test(giving_up_a_countdown_ends_it),
        cmocka_unit_test(one_take_may_fail_alone),
        cmocka_unit_test(what_cannot_be_sent_says_why_and_is_kept),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(a_disk_that_was_full_for_a_moment_is_forgotten),
        cmocka_unit_test(a_server_has_only_so_many_at_once),
        cmocka_unit_test(another_server_has_its_own_turn),
        cmocka_unit_test(what_waits_for_its_turn_can_be_stopped),
        cmocka_unit_test(one_that_backs_off_does_not_hold_up_others),
        cmocka_unit_test(a_server_that_wants_to_be_left_alone_is),
        cmocka_unit_test(a_turn_that_fails_ends_alone),
        cmocka_unit_test(what_is_held_is_kept_before_it_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
