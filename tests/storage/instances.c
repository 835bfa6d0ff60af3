#include "library.h"
#include "tests/promise.h"

#define INSTANCES 4

static unsigned long each; /* generations that every instance makes */

static void write_many(const char *path, int who)
{
    struct store *s = NULL;
    struct err e = {0};
    if (!store_open(&s, path, &e))
        _exit(2);
    for (int i = 0; (unsigned long)i < each; i++) {
        struct piece p;
        piece_init(&p);
        bool ok = store_generation_begin(s, &p, library_ask(&p, -1, who ? "甲" : "乙", 1), &e);
        struct take *t = &p.takes[0];
        store_take_text(s, t->id, SPAN("half"), false);
        ok = ok && store_tick(s, clock_now_us() + 300000, &e);
        str_set(&t->text, SPAN("whole"));
        t->state = TAKE_DONE;
        ok = ok && store_take_end(s, t, &e) && store_set_setting(s, "who", who ? SPAN("a") : SPAN("b"), &e);
        piece_release(&p);
        if (!ok)
            _exit(3);
    }
    store_close(s);
    _exit(0);
}

static void instances_that_write_at_once_lose_nothing(void **state)
{
    (void)state;
    char *path = library_path();
    pid_t children[INSTANCES];
    for (int i = 0; i < INSTANCES; i++) { /* the library does not exist yet: they make it together */
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            write_many(path, i);
    }
    for (int i = 0; i < INSTANCES; i++) {
        int status = 0;
        waitpid(children[i], &status, 0);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    library_sound(path);
    long long made = INSTANCES * (long long)each, kept = raw_number(path, "SELECT count(*) FROM takes WHERE state = 'done' AND text = 'whole'");
    promise(9, "lost", (size_t)(made - kept), "%d instances that write one library at once, %lld takes", INSTANCES, made);
    assert_int_equal(kept, made);
    assert_int_equal(raw_number(path, "SELECT value FROM counters WHERE name = 'generations'"), made);
    library_remove(path);
}

static void a_living_instance_keeps_its_streams(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *one = library_open(path), *two = library_open(path);
    struct piece p, seen;
    piece_init(&p);
    piece_init(&seen);
    assert_false(store_changed(two));
    must(store_generation_begin(one, &p, library_ask(&p, -1, "q", 1), &e));
    store_take_text(one, p.takes[0].id, SPAN("so far"), false);
    must(store_tick(one, clock_now_us() + 300000, &e));
    assert_true(store_changed(two));
    assert_false(store_changed(two));
    store_close(two);
    two = library_open(path); /* a start while another instance streams */
    must(store_piece_load(two, p.id, &seen, &e));
    assert_int_equal(seen.takes[0].state, TAKE_WRITING);
    assert_string_equal(str_text(&seen.takes[0].text), "so far");
    library_end(one, &p.takes[0], "so far and on", TAKE_DONE);
    must(store_piece_load(two, p.id, &seen, &e));
    assert_int_equal(seen.takes[0].state, TAKE_DONE);
    assert_string_equal(str_text(&seen.takes[0].text), "so far and on");
    piece_release(&p);
    piece_release(&seen);
    store_close(one);
    store_close(two);
    library_remove(path);
}

static void words_of_both_instances_are_kept(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *one = library_open(path), *two = library_open(path);
    struct piece p, same;
    struct str text = {0}, runs = {0};
    int64_t revision = 0;
    piece_init(&p);
    piece_init(&same);
    passage_set_text(&p, piece_add_passage(&p, -1, AUTHOR_WRITER, -1), SPAN("base"));
    must(store_piece_save(one, &p, &e));
    must(store_piece_load(two, p.id, &same, &e));
    passage_set_text(&p, 0, SPAN("base, by one"));
    must(store_piece_save(one, &p, &e));
    passage_set_text(&same, 0, SPAN("base, by two"));
    must(store_piece_save(two, &same, &e));
    assert_true(store_revision(one, p.passages[0].id, &revision, &text, &runs));
    assert_string_equal(str_text(&text), "base, by one");
    str_release(&text);
    str_release(&runs);
    piece_release(&p);
    piece_release(&same);
    store_close(one);
    store_close(two);
    library_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_that_write_at_once_lose_nothing),
        cmocka_unit_test(a_living_instance_keeps_its_streams),
        cmocka_unit_test(words_of_both_instances_are_kept),
    };
    each = promise_tries(60);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
