#include "library.h"

#include <signal.h>

static void the_journal_keeps_its_cadence(void **state)
{
    (void)state;
    clock_freeze(1000000, 1);
    struct store *s = library_open(NULL);
    struct piece p;
    piece_init(&p);
    must(store_generation_begin(s, &p, library_ask(&p, -1, "q", 1), &e));
    int64_t take = p.takes[0].id;
    assert_int_equal(store_tick_ms(s, 1000000), -1);
    store_take_text(s, take, SPAN("a"), false);
    assert_int_equal(store_tick_ms(s, 1000000), 200);
    assert_int_equal(store_tick_ms(s, 1100000), 100);
    assert_int_equal(store_tick_ms(s, 9000000), 0);
    must(store_tick(s, 1199999, &e));
    assert_int_equal(store_tick_ms(s, 1200000), 0);
    must(store_tick(s, 1200000, &e));
    assert_int_equal(store_tick_ms(s, 1200000), 1600); /* until it is durable */
    must(store_tick(s, 3000000, &e));
    assert_int_equal(store_tick_ms(s, 3000000), -1);
    char big[4096];
    memset(big, 'x', sizeof big);
    store_take_text(s, take, (struct span){big, sizeof big}, false);
    assert_int_equal(store_tick_ms(s, 1000000), 0);
    library_end(s, &p.takes[0], "done", TAKE_DONE);
    assert_int_equal(store_tick_ms(s, 3000000), -1);
    piece_release(&p);
    store_close(s);
    clock_freeze(-1, -1);
}

/* -- kill -9 ----------------------------------------------------------------------------------------------------------
 */

/* What the child has been told is kept. */
struct acknowledged {
    int64_t take;
    int length; /* of its text */
    int over;   /* the take has ended */
};

static void acknowledge(int out, int64_t take, size_t length, int over)
{
    struct acknowledged ack = {take, (int)length, over};
    if (write(out, &ack, sizeof ack) != (ssize_t)sizeof ack)
        _exit(3);
}

/* Streams takes without end; every text is a run of one letter, so that any prefix can be checked. */
static void stream(const char *path, int out)
{
    struct store *s = NULL;
    if (!store_open(&s, path, NULL))
        _exit(2);
    for (int64_t now = 0;;) {
        struct piece p;
        piece_init(&p);
        struct err e = {0};
        if (!store_generation_begin(s, &p, library_ask(&p, -1, "prompt", 1), &e))
            _exit(2);
        struct take *t = &p.takes[0];
        acknowledge(out, t->id, 0, 0);
        for (int i = 0; i < 12; i++) {
            struct span piece = SPAN("风雨");
            str_add(&t->text, piece);
            store_take_text(s, t->id, piece, false);
            now = clock_now_us() + 300000;
            if (!store_tick(s, now, &e))
                _exit(2);
            acknowledge(out, t->id, t->text.len, 0);
        }
        t->state = TAKE_DONE;
        if (!store_take_end(s, t, &e))
            _exit(2);
        acknowledge(out, t->id, t->text.len, 1);
        piece_release(&p);
    }
}

static void check_take(struct store *s, const struct acknowledged *ack)
{
    struct generation g = {0};
    struct take *takes = NULL;
    int count = 0;
    must(store_generation_load(s, ack->take, &g, &takes, &count, &e)); /* one take each: the same number */
    assert_int_equal(count, 1);
    assert_true(take_state_over(takes[0].state));
    assert_in_range(takes[0].text.len, ack->length, 12 * 6);
    for (size_t i = 0; i < takes[0].text.len; i += 6)
        assert_memory_equal(str_text(&takes[0].text) + i, "风雨", 6);
    if (ack->over)
        assert_int_equal(takes[0].state, TAKE_DONE);
    assert_string_equal(str_text(&g.prompt), "prompt");
    take_release(&takes[0]);
    free(takes);
    generation_release(&g);
}

static int kill_once(const char *path, unsigned microseconds)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        stream(path, ends[1]);
    close(ends[1]);
    usleep(microseconds);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));

    struct store *s = library_open(path);
    struct acknowledged ack, last = {0};
    int seen = 0;
    while (read(ends[0], &ack, sizeof ack) == (ssize_t)sizeof ack) {
        if (last.take && ack.take != last.take)
            check_take(s, &last);
        last = ack;
        seen++;
    }
    if (last.take)
        check_take(s, &last);
    close(ends[0]);
    store_close(s);
    return seen;
}

static void no_kill_loses_what_was_acknowledged(void **state)
{
    (void)state;
    char *path = library_path();
    int seen = 0;
    store_close(library_open(path));
    for (unsigned i = 0; i < 60; i++)
        seen += kill_once(path, 2000 + i * 7919 % 29000);
    assert_true(seen > 60);
    library_sound(path);
    raw_expect(path, "SELECT count(*) FROM chunks", "0");
    raw_expect(path, "SELECT count(*) FROM takes WHERE state IN ('waiting', 'writing')", "0");
    library_remove(path);
}

/* -- the end of an instance that was not told ---------------------------------------------------------------------- */

static void what_was_streaming_is_joined_and_found(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct piece p, back;
    struct hit *hits;
    piece_init(&p);
    piece_init(&back);
    must(store_generation_begin(s, &p, library_ask(&p, -1, "q", 2), &e));
    store_take_text(s, p.takes[0].id, SPAN("窗前"), false);
    store_take_text(s, p.takes[0].id, SPAN("明月光"), false);
    store_take_text(s, p.takes[0].id, SPAN("hm"), true);
    store_close(s); /* commits what waits, ends nothing */
    s = library_open(path);
    must(store_piece_load(s, p.id, &back, &e));
    assert_int_equal(back.takes[0].state, TAKE_INTERRUPTED);
    assert_string_equal(str_text(&back.takes[0].text), "窗前明月光");
    assert_string_equal(str_text(&back.takes[0].reasoning), "hm");
    assert_int_equal(back.takes[1].state, TAKE_INTERRUPTED);
    int count = library_find(s, "前明 state:interrupted", 0, 5, &hits);
    assert_int_equal(count, 1);
    hits_free(hits, count);
    piece_release(&p);
    piece_release(&back);
    store_close(s);
    library_sound(path);
    library_remove(path);
}

/* The beginning failed, the piece was saved meanwhile, and the beginning is tried again with all that came: nothing
 * stands twice. */
static void a_late_beginning_journals_its_text_once(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct piece p, back;
    piece_init(&p);
    piece_init(&back);
    int g = library_ask(&p, -1, "q", 1);
    p.takes[0].state = TAKE_WRITING;
    str_set(&p.takes[0].text, SPAN("床前"));
    must(store_piece_save(s, &p, &e));
    store_take_text(s, p.takes[0].id, SPAN("明月"), false);
    must(store_tick(s, clock_now_us() + 300000, &e));
    str_add_text(&p.takes[0].text, "明月光");
    store_take_text(s, p.takes[0].id, SPAN("光"), false);
    must(store_generation_begin(s, &p, g, &e));
    store_take_text(s, p.takes[0].id, str_span(&p.takes[0].text), false);
    store_close(s);
    s = library_open(path);
    must(store_piece_load(s, p.id, &back, &e));
    assert_string_equal(str_text(&back.takes[0].text), "床前明月光");
    piece_release(&p);
    piece_release(&back);
    store_close(s);
    library_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_journal_keeps_its_cadence),
        cmocka_unit_test(what_was_streaming_is_joined_and_found),
        cmocka_unit_test(a_late_beginning_journals_its_text_once),
        cmocka_unit_test(no_kill_loses_what_was_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
