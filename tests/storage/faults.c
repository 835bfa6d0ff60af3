#include "faulty_disk.h"
#include "library.h"

#define PIECES 12

/* What a session was told is kept, and what it still holds in memory. */
struct session {
    struct store *store;
    struct piece piece;
    int begun, ended; /* told so by the library */
    size_t durable;   /* bytes of the take that a durable commit acknowledged */
    int64_t now;
    bool failed;
    struct err why;
};

/* One sitting at the desk: a prompt, a stream, its end, an edit, a draft. It does not stop at a failure. */
static void sit(struct session *z)
{
    struct err *e = &z->why;
    struct piece *p = &z->piece;
    int g = library_ask(p, -1, "写一首诗", 1);
    if (store_generation_begin(z->store, p, g, e))
        z->begun++;
    else
        z->failed = true;
    struct take *t = &p->takes[0];
    t->state = TAKE_WRITING;
    for (int i = 0; i < PIECES; i++) {
        z->now += 300000;
        str_add_text(&t->text, "风雨");
        store_take_text(z->store, t->id, SPAN("风雨"), false);
        z->failed = !store_tick(z->store, z->now, e) || z->failed;
        if (i == PIECES / 2) {
            z->now += 2500000; /* the next commit is a durable one */
            bool kept = store_tick(z->store, z->now, e);
            z->durable = kept ? t->text.len : 0;
            z->failed = !kept || z->failed;
        }
    }
    t->state = TAKE_DONE;
    if (store_take_end(z->store, t, e))
        z->ended++;
    else
        z->failed = true;
    passage_set_text(p, 0, SPAN("写一首好诗"));
    z->failed = !store_piece_save(z->store, p, e) || z->failed;
    z->failed = !store_draft_save(z->store, p->id, SPAN("draft"), e) || z->failed;
    z->failed = !store_rate(z->store, t->id, 3, e) || z->failed;
}

static void open_session(struct session *z, const char *path)
{
    *z = (struct session){.now = 1000000};
    clock_freeze(z->now, 1790000000000);
    piece_init(&z->piece);
    z->failed = !store_open(&z->store, path, &z->why);
    if (!z->failed)
        sit(z);
}

static void close_session(struct session *z)
{
    store_close(z->store);
    piece_release(&z->piece);
    clock_freeze(-1, -1);
}

/* -- the Nth call fails
 * --------------------------------------------------------------------------------------------------- */

/* After the disk is well again, everything the session still has goes in, and is there after reopening. */
static void save_when_it_can(struct session *z)
{
    struct piece *p = &z->piece;
    struct take *t = &p->takes[0];
    must(store_piece_save(z->store, p, &e));
    z->now += 3000000;
    must(store_tick(z->store, z->now, &e));
    must(store_take_end(z->store, t, &e));
}

static void expect_whole(const char *path, int64_t piece)
{
    struct store *s = library_open(path);
    struct piece back;
    piece_init(&back);
    must(store_piece_load(s, piece, &back, &e));
    assert_int_equal(back.take_count, 1);
    assert_int_equal(back.takes[0].text.len, PIECES * 6);
    assert_int_equal(back.takes[0].state, TAKE_DONE);
    assert_true(span_is(passage_text(&back, 1), str_text(&back.takes[0].text)));
    piece_release(&back);
    store_close(s);
}

/* Fails call after call until a whole session passes without meeting the failure. */
static void fail_each_call(int code, bool stays)
{
    char *path = library_path();
    store_close(library_open(path));
    bool met = true;
    for (int call = 1; met; call += 1 + call / 24) {
        struct session z;
        faulty_disk_fail(call, code, stays);
        open_session(&z, path);
        met = faulty_disk_failed();
        faulty_disk_heal();
        if (z.failed)
            assert_true(z.why.text[0] != '\0');
        if (!z.store) { /* it said so, and opens when the disk is well */
            close_session(&z);
            continue;
        }
        if (z.begun || z.failed)
            save_when_it_can(&z);
        int64_t piece = z.piece.id;
        close_session(&z);
        expect_whole(path, piece);
    }
    library_sound(path);
    library_remove(path);
}

static void a_failing_call_loses_nothing(void **state)
{
    (void)state;
    fail_each_call(SQLITE_IOERR, false);
}

static void a_disk_that_stays_full_loses_nothing(void **state)
{
    (void)state;
    fail_each_call(SQLITE_FULL, true);
}

static void a_disk_that_dies_loses_nothing_in_memory(void **state)
{
    (void)state;
    fail_each_call(SQLITE_IOERR, true);
}

/* The writer is told, the stream goes on in memory, and the ticks alone bring it in when there is room again. */
static void a_full_disk_is_told_and_waited_for(void **state)
{
    (void)state;
    char *path = library_path();
    struct session z;
    store_close(library_open(path));
    open_session(&z, path);
    assert_false(z.failed);
    struct piece p;
    piece_init(&p);
    must(store_generation_begin(z.store, &p, library_ask(&p, -1, "q", 1), &e));
    faulty_disk_fail(1, SQLITE_FULL, true);
    store_take_text(z.store, p.takes[0].id, SPAN("kept"), false);
    must_fail(store_tick(z.store, z.now + 3000000, &e));
    assert_in_range(store_tick_ms(z.store, z.now + 3000000), 1, 250);
    str_set(&p.takes[0].text, SPAN("kept to the end"));
    p.takes[0].state = TAKE_STOPPED;
    must_fail(store_take_end(z.store, &p.takes[0], &e));
    must_fail(store_tick(z.store, z.now + 9000000, &e));
    faulty_disk_heal();
    must(store_tick(z.store, z.now + 12000000, &e));
    raw_expect(path, "SELECT text FROM takes ORDER BY id DESC LIMIT 1", "kept to the end");
    raw_expect(path, "SELECT state FROM takes ORDER BY id DESC LIMIT 1", "stopped");
    piece_release(&p);
    close_session(&z);
    library_sound(path);
    library_remove(path);
}

/* -- the power goes
 * -------------------------------------------------------------------------------------------------------- */

static void remove_shared_memory(const char *path)
{
    struct str shm = {0};
    str_printf(&shm, "%s-shm", path);
    unlink(str_text(&shm));
    str_release(&shm);
}

static void expect_acknowledged(const char *path, const struct session *z)
{
    struct store *s = library_open(path);
    struct piece back;
    piece_init(&back);
    if (z->begun) {
        must(store_piece_load(s, z->piece.id, &back, &e));
        const struct take *t = &back.takes[0];
        assert_true(take_state_over(t->state));
        assert_true(t->text.len >= z->durable);
        assert_int_equal(t->text.len % 6, 0);
        if (z->ended)
            assert_int_equal(t->state, TAKE_DONE);
    }
    piece_release(&back);
    store_close(s);
}

static void no_power_cut_loses_what_was_durable(void **state)
{
    (void)state;
    int cuts = 0;
    for (int call = 1; call <= 160; call++) {
        char *path = library_path();
        struct session z;
        store_close(library_open(path));
        faulty_disk_cut(call);
        open_session(&z, path);
        cuts += z.failed;
        close_session(&z);
        faulty_disk_settle((uint64_t)call);
        faulty_disk_heal();
        remove_shared_memory(path);
        z.piece.id = z.begun ? 1 : 0;
        expect_acknowledged(path, &z);
        library_sound(path);
        library_remove(path);
    }
    assert_true(cuts >= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_call_loses_nothing),
        cmocka_unit_test(a_disk_that_stays_full_loses_nothing),
        cmocka_unit_test(a_disk_that_dies_loses_nothing_in_memory),
        cmocka_unit_test(a_full_disk_is_told_and_waited_for),
        cmocka_unit_test(no_power_cut_loses_what_was_durable),
    };
    faulty_disk_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
