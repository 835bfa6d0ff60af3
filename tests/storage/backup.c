#include "storage/backup.h"
#include "library.h"
#include "storage/health.h"
#include "tests/promise.h"

#define DAY_MS 86400000ll
#define BEGIN_MS 1760000000000ll

static int count_files(const char *path)
{
    char *folder = mem_copy_text(path);
    *strrchr(folder, '/') = '\0';
    DIR *dir = opendir(folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));)
        count += strstr(entry->d_name, ".weekly-") != NULL;
    closedir(dir);
    free(folder);
    return count;
}

static void a_copy_a_week_and_four_are_kept(void **state)
{
    char *path = library_path();
    struct store *s = library_open(path);
    struct library_health health;
    struct stat st;
    bool made = false;
    size_t wrong = 0, weeks = 6;
    (void)state;
    for (size_t week = 0; week < weeks; week++) {
        struct str copy = {0};
        clock_freeze(0, BEGIN_MS + (int64_t)week * 7 * DAY_MS);
        library_add(s, "秋夜", "江上");
        must(library_backup(path, &made, &e));
        wrong += !made;
        must(library_backup(path, &made, &e)); /* the same day */
        wrong += made;
        clock_freeze(0, BEGIN_MS + (int64_t)week * 7 * DAY_MS + 6 * DAY_MS);
        must(library_backup(path, &made, &e)); /* not yet a week */
        wrong += made;
        if (week == 0) {
            str_printf(&copy, "%s.weekly-2025-10-09", path);
            must(library_examine(str_text(&copy), &health, &e));
            assert_int_equal(health.generations, 1);
            assert_int_equal(stat(str_text(&copy), &st), 0);
            assert_int_equal(st.st_mode & 0777, 0600);
        }
        str_release(&copy);
    }
    assert_int_equal(count_files(path), 4);
    promise(9, "wrong", wrong, "copies of %zu weeks, the last 4 kept", weeks);
    assert_int_equal(wrong, 0);
    clock_freeze(-1, -1);
    store_close(s);
    library_remove(path);
}

static void a_clock_that_went_wrong_stops_no_copies(void **state)
{
    char *path = library_path();
    struct store *s = library_open(path);
    bool made = false;
    (void)state;
    clock_freeze(0, BEGIN_MS + 3650 * DAY_MS);
    must(library_backup(path, &made, &e));
    assert_true(made);
    clock_freeze(0, BEGIN_MS);
    must(library_backup(path, &made, &e));
    assert_true(made);
    must(library_backup(path, &made, &e)); /* the right day has its copy now */
    assert_false(made);
    assert_int_equal(count_files(path), 2);
    clock_freeze(-1, -1);
    store_close(s);
    library_remove(path);
}

static void ending_waits_for_nothing(void **state)
{
    char *path = library_path();
    struct store *s = library_open(path);
    (void)state;
    backup_end(NULL);
    struct backup *b = backup_begin(path);
    assert_non_null(b);
    backup_end(b); /* before it began: no copy, and no part of one */
    assert_int_equal(count_files(path), 0);
    store_close(s);
    library_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_a_week_and_four_are_kept),
        cmocka_unit_test(a_clock_that_went_wrong_stops_no_copies),
        cmocka_unit_test(ending_waits_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
