/* Promise 13: what a key costs until it is echoed, while a text streams: echo RENGA FAKE_SERVER. It is told in the program's own CPU time, which
 * does not grow when the machine is busy with something else; tests/bench measures what a writer feels. */
#include "tests/app/stage.h"
#include "tests/promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define KEYS_MAX 20000
#define FRAME_US 16000

static long costs[KEYS_MAX]; /* microseconds */

static long cpu_us(clockid_t clock)
{
    struct timespec used;
    clock_gettime(clock, &used);
    return (long)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

/* Types a letter and waits until the caret has moved behind it. */
static long cost_of_a_key(struct terminal *t, clockid_t clock, const char *key)
{
    int x, y, now_x, now_y;
    long before = cpu_us(clock);
    terminal_cursor(t, &x, &y);
    terminal_type(t, key);
    do {
        terminal_take(t);
        terminal_cursor(t, &now_x, &now_y);
    } while (now_x == x && now_y == y);
    return cpu_us(clock) - before;
}

static int by_size(const void *a, const void *b)
{
    long one = *(const long *)a, other = *(const long *)b;
    return (one > other) - (one < other);
}

static void keys_are_echoed_within_a_frame(void **state)
{
    static const int sizes[][2] = {{80, 24}, {200, 50}};
    static const char *const keys[] = {"秋", "a", "夜", " "};
    unsigned long tries = promise_tries(400);
    size_t count = tries < KEYS_MAX / 2 ? tries : KEYS_MAX / 2, slow = 0, all = 0;
    (void)state;
    stage_furnish("echo", "count-1000000-2000");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct terminal t;
        clockid_t clock;
        stage_start(&t, "echo", sizes[i][0], sizes[i][1]);
        assert_int_equal(clock_getcpuclockid(t.program, &clock), 0);
        terminal_type(&t, KEY_CTRL('N'));
        terminal_type(&t, "x\x07");
        terminal_wait_text(&t, "w999 ");
        for (size_t k = 0; k < count; k++)
            costs[all++] = cost_of_a_key(&t, clock, keys[k % 4]);
        terminal_type(&t, ESC);
        terminal_wait_no_text(&t, "tok/s");
        stage_leave(&t);
    }
    qsort(costs, all, sizeof *costs, by_size);
    for (size_t k = 0; k < all; k++)
        slow += costs[k] >= FRAME_US;
    size_t stalled = slow > all / 100 ? slow : 0; /* one in a hundred may be */
    promise(13, "stalled", stalled, "%zu keys at 2,000 tokens a second; CPU until the echo %.1f ms at the median, %.1f at the 99th of 100, %.1f at most", all,
            (double)costs[all / 2] / 1000, (double)costs[all * 99 / 100] / 1000, (double)costs[all - 1] / 1000);
    assert_int_equal(stalled, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys_are_echoed_within_a_frame)};
    if (argc < 3)
        return 2;
    stage_programs(argv[1], argv[2]);
    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
