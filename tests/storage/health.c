/* Reading a library whole on a thread: what it tells, that nobody is kept from writing, and that it can be broken off at any moment. */
#include "tests/storage/library.h"

#include "storage/health.h"

#include <time.h>

#define TAKES 80
#define LONG  200000 /* bytes of a take: enough to be read for some while */

static void fill(struct store *s)
{
    struct str text = {0};
    while (text.len < LONG)
        str_printf(&text, "%zu 秋夜读书，灯下无人。A line of the page that is long.\n", text.len);
    must(store_together(s, &e));
    for (int i = 0; i < TAKES; i++)
        library_add(s, "写一首五绝，秋夜", str_text(&text));
    must(store_together_end(s, true, &e));
    str_release(&text);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void wait_until_over(const struct library_reading *r)
{
    for (int i = 0; i < 20000 && !library_reading_over(r); i++)
        usleep(1000);
    assert_true(library_reading_over(r));
}

static void the_thread_tells_what_reading_tells(void **state)
{
    char *path = library_path();
    struct library_health here, there;
    (void)state;
    struct library_reading *r = library_reading_begin(path);
    wait_until_over(r);
    must(library_reading_end(r, &there, &e)); /* there is none yet */
    assert_false(there.there);
    struct store *s = library_open(path);
    fill(s);
    store_close(s);
    must(library_examine(path, &here, &e));
    r = library_reading_begin(path);
    wait_until_over(r);
    must(library_reading_end(r, &there, &e));
    assert_int_equal(there.generations, TAKES);
    assert_int_equal(there.generations, here.generations);
    assert_int_equal(there.bytes, here.bytes);
    assert_int_equal(there.version, here.version);
    library_remove(path);
}

static void damage_is_told(void **state)
{
    char *path = library_path(), noise[40000];
    struct library_health h;
    (void)state;
    struct store *s = library_open(path);
    fill(s);
    store_close(s);
    memset(noise, 0x5A, sizeof noise);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, 65536, SEEK_SET), 0);
    assert_int_equal(fwrite(noise, 1, sizeof noise, f), sizeof noise);
    assert_int_equal(fclose(f), 0);
    struct library_reading *r = library_reading_begin(path);
    wait_until_over(r);
    must_fail(library_reading_end(r, &h, &e));
    library_remove(path);
}

static void writing_goes_on_beside_it(void **state)
{
    char *path = library_path();
    struct library_health h;
    int written = 0;
    (void)state;
    struct store *s = library_open(path);
    fill(s);
    struct library_reading *r = library_reading_begin(path);
    do {
        library_add(s, "go on", "a word"); /* fails the test when it is locked out */
        written++;
    } while (!library_reading_over(r) && written < 2000);
    wait_until_over(r);
    must(library_reading_end(r, &h, &e));
    assert_true(h.generations >= TAKES);
    assert_int_equal(store_generation_count(s), TAKES + written);
    store_close(s);
    must(library_examine(path, &h, &e));
    assert_int_equal(h.generations, TAKES + written);
    library_remove(path);
}

/* At its begin, at its end and at many moments between. */
static void it_is_broken_off_at_any_moment(void **state)
{
    char *path = library_path();
    struct library_health h;
    int64_t longest = 0;
    (void)state;
    struct store *s = library_open(path);
    fill(s);
    store_close(s);
    int64_t begun = now_us();
    must(library_examine(path, &h, &e));
    int64_t whole = now_us() - begun;
    for (int i = 0; i <= 20; i++) {
        struct library_reading *r = library_reading_begin(path);
        usleep((useconds_t)(whole * i / 18));
        int64_t asked = now_us();
        library_reading_stop(r);
        int64_t took = now_us() - asked;
        longest = took > longest ? took : longest;
    }
    library_reading_stop(NULL);
    print_message("read whole in %lld ms, broken off within %lld us\n", (long long)whole / 1000, (long long)longest);
    assert_true(longest < 1000000); /* nobody waits for the thread; how quick that is depends on the machine */
    must(library_examine(path, &h, &e));
    assert_int_equal(h.generations, TAKES);
    library_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_thread_tells_what_reading_tells),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(writing_goes_on_beside_it),
        cmocka_unit_test(it_is_broken_off_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
