#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char room[] = "/tmp/renga-file-XXXXXX";

static const char *in_room(const char *name)
{
    static char paths[4][256];
    static int turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof *paths, "%s/%s", room, name);
    return path;
}

static unsigned mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static int files_in_room(void)
{
    int count = 0;
    DIR *dir = opendir(room);
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2;
}

static bool write_text(const char *name, const char *text)
{
    struct err e = {.kind = ERR_NONE};
    return file_write(in_room(name), span_of(text), &e);
}

static void bytes_come_back(void **state)
{
    (void)state;
    struct str out = {.max = 0};
    struct err e = {.kind = ERR_NONE};
    assert_true(file_write(in_room("bytes"), SPAN("a\0\xff\n秋"), &e));
    str_add_text(&out, "before ");
    assert_true(file_read(in_room("bytes"), &out, 100, &e));
    assert_true(span_equal(str_span(&out), SPAN("before a\0\xff\n秋")));
    str_clear(&out);
    assert_true(write_text("bytes", ""));
    assert_true(file_read(in_room("bytes"), &out, 0, &e));
    assert_int_equal(out.len, 0);
    str_release(&out);
    unlink(in_room("bytes"));
}

static void a_bound_holds(void **state)
{
    (void)state;
    struct str out = {.max = 0}, big = {.max = 0};
    struct err e = {.kind = ERR_NONE};
    for (int i = 0; i < 50000; i++)
        str_add_byte(&big, (char)('a' + i % 26));
    assert_true(file_write(in_room("big"), str_span(&big), &e));
    assert_false(file_read(in_room("big"), &out, 49999, &e));
    assert_true(e.kind == ERR_LIMIT && out.len == 0 && strstr(e.text, "big"));
    assert_true(file_read(in_room("big"), &out, 50000, &e));
    assert_true(span_equal(str_span(&out), str_span(&big)));
    str_clear(&out);
    assert_false(file_read("/dev/zero", &out, 100000, &e)); /* no size to be asked for, and no end */
    assert_true(e.kind == ERR_LIMIT && out.len == 0);
    str_release(&out);
    str_release(&big);
    unlink(in_room("big"));
}

static void what_is_missing_is_told(void **state)
{
    (void)state;
    struct str out = {.max = 0};
    struct err e = {.kind = ERR_NONE};
    errno = 0;
    assert_false(file_read(in_room("missing"), &out, 10, &e));
    assert_int_equal(errno, ENOENT);
    assert_true(e.kind == ERR_IO && strstr(e.text, "missing"));
    assert_false(file_read(room, &out, 10, &e));
    assert_true(e.kind == ERR_IO && strstr(e.text, room));
    assert_false(file_read(in_room("missing"), &out, 10, NULL));
    assert_false(file_write(in_room("no/such/folder"), SPAN("x"), &e));
    assert_true(e.kind == ERR_IO && strstr(e.text, "no/such/folder"));
    assert_int_equal(out.len, 0);
    str_release(&out);
}

static void a_new_file_replaces_the_old_whole(void **state)
{
    (void)state;
    struct str out = {.max = 0};
    struct err e = {.kind = ERR_NONE};
    assert_true(write_text("config", "old, and longer than the new"));
    assert_int_equal(mode_of(in_room("config")), 0600);
    assert_int_equal(chmod(in_room("config"), 0644), 0);
    int reader = open(in_room("config"), O_RDONLY);
    assert_true(write_text("config", "new"));
    assert_int_equal(mode_of(in_room("config")), 0600);
    assert_true(file_read(in_room("config"), &out, 100, &e));
    assert_string_equal(str_text(&out), "new");
    char old[64] = "";
    assert_int_equal(read(reader, old, sizeof old), 28); /* who has the old one open reads all of it */
    close(reader);
    assert_int_equal(files_in_room(), 1);                /* nothing is left beside it */
    str_release(&out);
    unlink(in_room("config"));
}

static void a_failed_write_leaves_the_old_one(void **state)
{
    (void)state;
    struct err e = {.kind = ERR_NONE};
    assert_int_equal(mkdir(in_room("taken"), 0700), 0);
    assert_int_equal(mkdir(in_room("taken/inside"), 0700), 0);
    assert_false(file_write(in_room("taken"), SPAN("x"), &e)); /* a folder stands where the file should */
    assert_true(e.kind == ERR_IO && strstr(e.text, "taken"));
    assert_int_equal(files_in_room(), 1);
    assert_int_equal(rmdir(in_room("taken/inside")), 0);
    assert_int_equal(rmdir(in_room("taken")), 0);
}

static void folders_are_made_with_parents(void **state)
{
    (void)state;
    struct err e = {.kind = ERR_NONE};
    mode_t before = umask(0);
    assert_true(folder_make(in_room("a/b//c"), &e));
    assert_true(folder_make(in_room("a/b/c"), &e));
    assert_true(folder_make(in_room("a/b/c/"), &e));
    umask(before);
    assert_int_equal(mode_of(in_room("a")), 0700);
    assert_int_equal(mode_of(in_room("a/b/c")), 0700);
    assert_true(write_text("a/file", "x"));
    assert_false(folder_make(in_room("a/file/d"), &e));
    assert_true(e.kind == ERR_IO && strstr(e.text, "a/file/d"));
    unlink(in_room("a/file"));
    rmdir(in_room("a/b/c"));
    rmdir(in_room("a/b"));
    rmdir(in_room("a"));
}

static void a_file_is_no_folder(void **state)
{
    (void)state;
    struct err e = {.kind = ERR_NONE};
    assert_true(write_text("file", "x"));
    assert_false(folder_make(in_room("file"), &e));
    assert_int_equal(e.kind, ERR_IO);
    unlink(in_room("file"));
}

static int make_room(void **state)
{
    (void)state;
    return mkdtemp(room) ? 0 : -1;
}

static int leave_room(void **state)
{
    (void)state;
    return rmdir(room); /* fails when a test left something */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_back),
        cmocka_unit_test(a_bound_holds),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(a_new_file_replaces_the_old_whole),
        cmocka_unit_test(a_failed_write_leaves_the_old_one),
        cmocka_unit_test(folders_are_made_with_parents),
        cmocka_unit_test(a_file_is_no_folder),
    };
    return cmocka_run_group_tests(tests, make_room, leave_room);
}
