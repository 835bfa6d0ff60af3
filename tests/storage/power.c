/* The power goes in the middle of an hour at the desk, at any write: what comes back is a moment of that hour, and none that is too early. */
#include "faulty_disk.h"
#include "hour.h"
#include "library.h"
#include "tests/promise.h"

#define STEPS_MAX  128
#define LOSS_US    2000000 /* that a power cut may take of a stream */
#define CHANGES_AT_OPENING 40

static struct str told[STEPS_MAX + 1]; /* what the library holds when so many steps are done, and the program opens it anew */
static int64_t times[STEPS_MAX];
static int changes[STEPS_MAX + 1];     /* that the hour has made to the disk before each step */

static uint64_t dice(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* -- the hour as it should be -------------------------------------------------------------------------------------- */

static void copy_file(const char *from, const char *to, const char *suffix)
{
    char command[512];
    snprintf(command, sizeof command, "rm -f '%s%s'; if [ -e '%s%s' ]; then cp '%s%s' '%s%s'; fi", to, suffix, from, suffix, from, suffix,
             to, suffix);
    assert_int_equal(system(command), 0);
}

/* As if the program had been shot at this moment. */
static void tell_copy(const char *path, const char *copy, struct str *out)
{
    copy_file(path, copy, "");
    copy_file(path, copy, "-wal");
    must(hour_tell(copy, out, &e));
}

static int rehearse(void **state)
{
    char *path = library_path(), *copy = library_path();
    struct hour h;
    (void)state;
    assert_true(hour_steps() <= STEPS_MAX);
    must(hour_tell(copy, &told[0], &e));
    hour_begin(&h, path);
    faulty_disk_cut(INT32_MAX);
    for (int i = 0; i < hour_steps(); i++) {
        int before = faulty_disk_changes();
        must(hour_step(&h, i, &e));
        times[i] = h.now_us;
        if (faulty_disk_changes() == before)
            str_set(&told[i + 1], str_span(&told[i]));
        else
            tell_copy(path, copy, &told[i + 1]);
        changes[i + 1] = changes[i] + faulty_disk_changes() - before;
    }
    hour_end(&h);
    faulty_disk_heal();
    library_remove(path);
    library_remove(copy);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    for (int i = 0; i <= STEPS_MAX; i++)
        str_release(&told[i]);
    return 0;
}

/* -- the hour with its end ----------------------------------------------------------------------------------------- */

/* How many steps must have survived, when so many were done: everything that was kept, and a stream but for its last two seconds. */
static int survivors(int done)
{
    int least = 0;
    for (int i = 0; i < done; i++)
        if (hour_kind(i) == HOUR_KEPT || (hour_kind(i) == HOUR_STREAM && times[i] <= times[done - 1] - LOSS_US))
            least = i + 1;
    return least;
}

static void forget_shared_memory(const char *path)
{
    struct str shm = {0};
    str_printf(&shm, "%s-shm", path);
    unlink(str_text(&shm));
    str_release(&shm);
}

static int live_until_cut(const char *path, int cut)
{
    struct hour h;
    struct err why = {0};
    int done = 0;
    hour_begin(&h, path);
    faulty_disk_cut(cut);
    while (done < hour_steps() && hour_step(&h, done, &why) && !faulty_disk_is_cut())
        done++;
    hour_end(&h);
    return done;
}

static void settle(const char *path, uint64_t seed)
{
    faulty_disk_settle(seed);
    faulty_disk_heal();
    forget_shared_memory(path);
}

/* Every parent and every page is of the same piece; every take has its generation, and no journal is left. */
static void check_order(const char *path)
{
    library_sound(path);
    raw_expect(path, "SELECT count(*) FROM passages c JOIN passages p ON c.parent = p.id WHERE c.piece <> p.piece", "0");
    raw_expect(path, "SELECT count(*) FROM pieces p JOIN passages l ON l.id IN (p.leaf, p.root_chosen) WHERE l.piece <> p.id", "0");
    raw_expect(path, "SELECT count(*) FROM takes WHERE state IN ('waiting', 'writing')", "0");
    raw_expect(path, "SELECT count(*) FROM chunks", "0");
}

/* Once more while it is being put right, and then as it stays. */
static void open_after_cut(const char *path, uint64_t *seed, struct str *found)
{
    struct store *s = NULL;
    faulty_disk_cut((int)(dice(seed) % CHANGES_AT_OPENING) + 1);
    (void)!store_open(&s, path, NULL);
    store_close(s);
    settle(path, dice(seed));
    must(hour_tell(path, found, &e));
    check_order(path);
}

/* False when what came back is no moment of the hour, or one too early. */
static bool survives(int cut, uint64_t *seed, int *kept)
{
    char *path = library_path();
    struct str found = {0};
    int done = live_until_cut(path, cut);
    settle(path, dice(seed));
    open_after_cut(path, seed, &found);
    int least = survivors(done), last = done + 1 < hour_steps() ? done + 1 : hour_steps(), at = last;
    while (at >= least && !span_equal(str_span(&told[at]), str_span(&found)))
        at--;
    if (at < least)
        print_error("cut %d, in “%s”: what came back is no moment between “%s” and it\n", cut, hour_name(last - 1), hour_name(least ? least - 1 : 0));
    *kept += done;
    str_release(&found);
    library_remove(path);
    return at >= least;
}

/* Some change of the step; 0: it makes none. */
static int change_of(int step, uint64_t *seed)
{
    int count = changes[step + 1] - changes[step];
    return count ? changes[step] + 1 + (int)(dice(seed) % (uint64_t)count) : 0;
}

static void no_power_cut_loses_what_was_kept(void **state)
{
    unsigned long cuts = promise_tries(100);
    uint64_t seed = promise_seed();
    size_t lost = 0;
    int kept = 0, step = 0;
    (void)state;
    for (unsigned long i = 0; i < cuts; step = (step + 1) % hour_steps()) {
        int cut = change_of(step, &seed);
        if (!cut)
            continue;
        lost += !survives(cut, &seed, &kept);
        i++;
    }
    promise(7, "lost", lost, "%lu power cuts at %d writes, syncs and deletions of an hour's work, each with another while it was put right "
            "(seed %lu); %d steps acknowledged", cuts, changes[hour_steps()], (unsigned long)promise_seed(), kept);
    assert_int_equal(lost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_power_cut_loses_what_was_kept),
    };
    faulty_disk_install();
    return cmocka_run_group_tests(tests, rehearse, forget);
}
