/* The disk or the memory beneath the library fails at any call of an hour at the desk: each failure is told in a sentence, and once all is
 * well again the same steps lead to the same library. */
#include "faulty_disk.h"
#include "hour.h"
#include "library.h"
#include "tests/promise.h"

static struct str told;              /* what the library holds after an hour in which nothing fails */
static int disk_calls, memory_calls; /* that such an hour makes */

static uint64_t dice(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* -- memory that fails once ---------------------------------------------------------------------------------------- */

static struct {
    sqlite3_mem_methods real;
    int calls, fail_at; /* 0: never */
    bool failed;
} memory;

static bool out_of_memory(void)
{
    bool out = ++memory.calls == memory.fail_at;
    memory.failed = memory.failed || out;
    return out;
}

static void *allocate(int size) { return out_of_memory() ? NULL : memory.real.xMalloc(size); }
static void *reallocate(void *old, int size) { return out_of_memory() ? NULL : memory.real.xRealloc(old, size); }

static void memory_install(void)
{
    sqlite3_mem_methods ours;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real);
    ours = memory.real;
    ours.xMalloc = allocate;
    ours.xRealloc = reallocate;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

static void memory_fail(int call)
{
    memory.calls = 0;
    memory.fail_at = call;
    memory.failed = false;
}

/* -- an hour with trouble ------------------------------------------------------------------------------------------ */

struct trouble {
    int failures; /* steps that failed and were told */
    int silent;   /* that failed without a sentence */
    int stuck;    /* that failed although all was well again */
};

static void heal(void)
{
    faulty_disk_heal();
    memory_fail(0);
}

static void live(const char *path, struct trouble *t)
{
    struct hour h;
    hour_begin(&h, path);
    for (int i = 0; i < hour_steps(); i++) {
        struct err why = {0};
        if (hour_step(&h, i, &why))
            continue;
        t->failures++;
        t->silent += why.kind == ERR_NONE || !why.text[0];
        heal();
        h.later_us = 250000;
        bool well = hour_step(&h, i, &why);
        h.later_us = 0;
        if (well)
            continue;
        print_error("“%s” still fails: %s\n", hour_name(i), why.text);
        t->stuck++;
        break;
    }
    hour_end(&h);
    heal();
}

/* True when the library holds afterwards what it holds after an hour without trouble. */
static bool comes_to_the_same(const char *what, int call, struct trouble *t)
{
    char *path = library_path();
    struct str found = {0};
    live(path, t);
    must(hour_tell(path, &found, &e));
    bool same = span_equal(str_span(&found), str_span(&told));
    if (!same)
        print_error("%s %d: the library holds something else\n", what, call);
    library_sound(path);
    str_release(&found);
    library_remove(path);
    return same;
}

static int rehearse(void **state)
{
    char *path = library_path();
    struct hour h;
    (void)state;
    hour_begin(&h, path);
    faulty_disk_fail(INT32_MAX, SQLITE_IOERR, false);
    memory_fail(0);
    for (int i = 0; i < hour_steps(); i++)
        must(hour_step(&h, i, &e));
    disk_calls = faulty_disk_calls();
    memory_calls = memory.calls;
    hour_end(&h);
    heal();
    must(hour_tell(path, &told, &e));
    library_remove(path);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    str_release(&told);
    return 0;
}

/* -- which call ---------------------------------------------------------------------------------------------------- */

/* Every call when as many are asked for, else some of each stretch. */
static int next_call(unsigned long i, unsigned long tries, int calls, uint64_t *seed)
{
    unsigned long stretch = (unsigned long)calls / tries;
    return (int)((unsigned long)calls * i / tries) + 1 + (stretch ? (int)(dice(seed) % stretch) : 0);
}

static void a_failing_disk_loses_nothing(void **state)
{
    static const int codes[] = {SQLITE_IOERR, SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ};
    unsigned long tries = promise_tries(100);
    uint64_t seed = promise_seed();
    struct trouble t = {0};
    size_t lost = 0;
    (void)state;
    for (unsigned long i = 0; i < tries; i++) {
        int call = next_call(i, tries, disk_calls, &seed);
        faulty_disk_fail(call, codes[i % COUNT_OF(codes)], i / COUNT_OF(codes) % 2);
        lost += !comes_to_the_same("call", call, &t);
    }
    lost += (size_t)(t.silent + t.stuck);
    promise(8, "lost", lost, "%lu of the %d calls to the disk of an hour's work failed, once or until it was healed; %d failures told and "
            "made good", tries, disk_calls, t.failures);
    assert_int_equal(lost, 0);
}

static void failing_memory_loses_nothing(void **state)
{
    unsigned long tries = promise_tries(100);
    uint64_t seed = promise_seed();
    struct trouble t = {0};
    size_t lost = 0;
    (void)state;
    for (unsigned long i = 0; i < tries; i++) {
        int call = next_call(i, tries, memory_calls, &seed);
        memory_fail(call);
        lost += !comes_to_the_same("allocation", call, &t);
    }
    lost += (size_t)(t.silent + t.stuck);
    promise(8, "lost", lost, "%lu of the %d allocations of SQLite in an hour's work failed; %d failures told and made good", tries,
            memory_calls, t.failures);
    assert_int_equal(lost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_disk_loses_nothing),
        cmocka_unit_test(failing_memory_loses_nothing),
    };
    memory_install();
    faulty_disk_install();
    return cmocka_run_group_tests(tests, rehearse, forget);
}
