/* Promise 10: a damaged library gives its text back, and stays where it can be found. */
#include "storage/salvage.h"
#include "core/file.h"
#include "library.h"
#include "tests/promise.h"

#define TEXTS      240
#define TEXT_BYTES 1200 /* six rows and more on a page of 8192 bytes */
#define PAGE       8192
#define ON_A_PAGE  8

static uint64_t random_state;

static uint64_t random_below(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % n;
}

static void spell_text(struct str *out, int n, const char *who)
{
    str_printf(out, "%s%d秋水长天一色 ", who, n);
    while (out->len < TEXT_BYTES - 40)
        str_printf(out, "第%d夜雨。", n);
    str_printf(out, "end of %s%d", who, n);
}

/* Half of the texts are takes, half a writer's own pages. */
static void write_library(const char *path)
{
    struct store *s = library_open(path);
    must(store_together(s, &e));
    for (int i = 0; i < TEXTS / 2; i++) {
        struct str take = {0}, own = {0};
        struct piece p;
        piece_init(&p);
        spell_text(&take, i, "take");
        spell_text(&own, i, "own");
        library_add(s, "写一首", str_text(&take));
        passage_set_text(&p, piece_add_passage(&p, -1, AUTHOR_WRITER, -1), str_span(&own));
        must(store_piece_save(s, &p, &e));
        piece_release(&p);
        str_release(&take);
        str_release(&own);
    }
    must(store_together_end(s, true, &e));
    store_close(s);
}

/* How many of the texts are there, whole, under whatever row. */
static int count_texts(const char *path)
{
    char *takes = raw_text(path, "SELECT count(DISTINCT text) FROM takes WHERE text GLOB 'take*end of take*'");
    char *own = raw_text(path, "SELECT count(DISTINCT text) FROM passages WHERE text GLOB 'own*end of own*'");
    int count = atoi(takes) + atoi(own);
    free(takes);
    free(own);
    return count;
}

enum damage { ZERO_PAGES, FLIP_BYTES, NOISE_PAGES, CUT_TAIL, LOSE_HEADER, DAMAGES };

static void damage_page(struct str *bytes, enum damage how, size_t page)
{
    size_t from = page * PAGE, len = bytes->len - from < PAGE ? bytes->len - from : PAGE;
    for (size_t i = 0; i < (how == FLIP_BYTES ? 40 : len); i++) {
        size_t at = how == FLIP_BYTES ? from + random_below(len) : from + i;
        bytes->s[at] = how == ZERO_PAGES ? '\0' : (char)random_below(256);
    }
}

/* Returns how many pages are touched. */
static size_t do_damage(struct str *bytes, enum damage how)
{
    size_t pages = bytes->len / PAGE, count = 1 + random_below(4);
    if (how == CUT_TAIL) {
        str_cut(bytes, bytes->len - count * PAGE - random_below(PAGE));
        return count + 1;
    }
    if (how == LOSE_HEADER) {
        damage_page(bytes, random_below(2) ? ZERO_PAGES : NOISE_PAGES, 0);
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        damage_page(bytes, how, random_below(pages));
    return count;
}

static bool same_file(const char *path, struct span bytes)
{
    struct str now = {0};
    must(file_read(path, &now, (size_t)1 << 28, &e));
    bool same = span_equal(str_span(&now), bytes);
    str_release(&now);
    return same;
}

static size_t try_damage(const char *path, const struct str *whole, int i, size_t *given, size_t *asked)
{
    struct str bytes = {0};
    struct salvage result = {0};
    struct err why = {0};
    str_set(&bytes, str_span(whole));
    size_t touched = do_damage(&bytes, (enum damage)(i % DAMAGES));
    must(file_write(path, str_span(&bytes), &e));
    size_t broken = 0;
    if (!salvage(path, &result, &why)) {
        printf("try %d: %s\n", i, why.text);
        broken++;
    } else {
        size_t there = (size_t)count_texts(path);
        *given += there;
        *asked += TEXTS;
        library_sound(path);
        if (there + touched * ON_A_PAGE < TEXTS || !same_file(str_text(&result.aside), str_span(&bytes))) {
            printf("try %d: %zu of %d texts, %zu pages damaged\n", i, there, TEXTS, touched);
            broken++;
        }
        unlink(str_text(&result.aside));
    }
    salvage_release(&result);
    str_release(&bytes);
    return broken;
}

static void random_damage_takes_no_more_than_its_pages(void **state)
{
    (void)state;
    char *path = library_path();
    struct str whole = {0};
    size_t lost = 0, given = 0, asked = 0;
    int tries = (int)promise_tries(50);
    random_state = promise_seed() * 0x9E3779B97F4A7C15u | 1;
    write_library(path);
    assert_int_equal(count_texts(path), TEXTS);
    must(file_read(path, &whole, (size_t)1 << 28, &e));
    for (int i = 0; i < tries; i++)
        lost += try_damage(path, &whole, i, &given, &asked);
    promise(10, "lost beyond the damaged pages", lost, "%d libraries damaged at random, seed %llu, %zu of %zu texts came back, every damaged file kept",
            tries, (unsigned long long)promise_seed(), given, asked);
    str_release(&whole);
    library_remove(path);
    assert_int_equal(lost, 0);
    assert_true(given * 10 >= asked * 9);
}

static void a_library_in_use_is_left_alone(void **state)
{
    (void)state;
    char *path = library_path();
    struct salvage result = {0};
    struct store *s = library_open(path);
    library_add(s, "a", "b");
    must_fail(salvage(path, &result, &e));
    store_close(s);
    must(salvage_sound(path, &e));
    must(salvage(path, &result, &e)); /* and then nothing keeps it from its work */
    assert_int_equal(result.takes, 1);
    raw_expect(path, "SELECT text FROM takes", "b");
    library_sound(path);
    unlink(str_text(&result.aside));
    salvage_release(&result);
    library_remove(path);
}

static void what_only_the_log_holds_comes_back(void **state)
{
    (void)state;
    char *path = library_path();
    struct salvage result = {0};
    store_close(library_open(path));
    pid_t child = fork();
    if (child == 0) {
        struct store *s = library_open(path);
        struct piece p;
        piece_init(&p);
        library_add(s, "log", "of the log");
        must(store_generation_begin(s, &p, library_ask(&p, -1, "q", 1), &e));
        store_take_text(s, p.takes[0].id, SPAN("half a line"), false);
        must(store_tick(s, clock_now_us() + 300000, &e));
        _exit(0);
    }
    waitpid(child, NULL, 0);
    must(salvage(path, &result, &e));
    raw_expect(path, "SELECT text FROM takes WHERE state = 'done'", "of the log");
    raw_expect(path, "SELECT text FROM takes WHERE state = 'interrupted'", "half a line");
    library_sound(path);
    salvage_release(&result);
    library_remove(path);
}

/* SQLite would delete the log of an empty file. */
static void an_empty_file_keeps_its_log(void **state)
{
    (void)state;
    char *path = library_path();
    struct salvage result = {0};
    struct store *s = NULL;
    store_close(library_open(path));
    pid_t child = fork();
    if (child == 0) {
        s = library_open(path);
        library_add(s, "log", "of the log");
        _exit(0);
    }
    waitpid(child, NULL, 0);
    assert_int_equal(truncate(path, 0), 0);
    must_fail(store_open(&s, path, &e));
    must(salvage(path, &result, &e));
    raw_expect(path, "SELECT text FROM takes", "of the log");
    salvage_release(&result);
    library_remove(path);
}

static void what_is_no_library_stays(void **state)
{
    (void)state;
    char *path = library_path();
    struct salvage result = {0};
    store_close(library_open(path));
    must(file_write(path, SPAN("My dear diary, this is no library at all.\n"), &e));
    must_fail(salvage(path, &result, &e));
    assert_true(same_file(path, SPAN("My dear diary, this is no library at all.\n")));
    salvage_release(&result);
    library_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_damage_takes_no_more_than_its_pages),
        cmocka_unit_test(a_library_in_use_is_left_alone),
        cmocka_unit_test(what_only_the_log_holds_comes_back),
        cmocka_unit_test(an_empty_file_keeps_its_log),
        cmocka_unit_test(what_is_no_library_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
