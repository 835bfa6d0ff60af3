/* Promise 8, seen by the writer: the disk has no room, or the library may not be written, while a text streams: full RENGA FAKE_SERVER. */
#include "storage/store.h"
#include "tests/app/stage.h"
#include "tests/promise.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static char room[256], ballast[300];
static size_t lost;

/* -- two ways in which there is no room ---------------------------------------------------------------------------- */

static void set_limit(const struct terminal *t, rlim_t bytes)
{
    struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    assert_int_equal(prlimit(t->program, RLIMIT_FSIZE, &limit, NULL), 0);
}
static void forbid_growth(struct terminal *t) { set_limit(t, 100000); /* a frame fits, the library's log does not */ }
static void allow_growth(struct terminal *t) { set_limit(t, RLIM_INFINITY); }

static void fill_disk(struct terminal *t)
{
    static const char block[4096];
    int fd = open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    (void)t;
    assert_true(fd >= 0);
    for (size_t size = sizeof block; size > 0; size /= 2)
        while (write(fd, block, size) == (ssize_t)size)
            continue;
    close(fd);
}
static void make_room(struct terminal *t)
{
    (void)t;
    assert_int_equal(unlink(ballast), 0);
}

/* A disk of its own in the home of that name; false where none may be mounted. */
static bool mount_disk(const char *name, const char *options)
{
    snprintf(room, sizeof room, "%s/%s", stage_folder(), name);
    snprintf(ballast, sizeof ballast, "%s/ballast", room);
    stage_furnish(name, "poem"); /* makes the folder */
    return mount("tmpfs", room, "tmpfs", 0, options) == 0;
}

static int unmount_disk(void **state)
{
    (void)state;
    (void)!umount2(room, MNT_DETACH);
    return 0;
}

/* -- the writer is told, the stream goes on, and all of it is kept in the end -------------------------------------- */

/* Tokens from 1 on without a gap, and as many as were seen. */
static bool is_whole(const char *name, int least)
{
    struct str path = {0}, expected = {0};
    struct store *s = NULL;
    struct piece p;
    struct err e = {.kind = ERR_NONE};
    piece_init(&p);
    str_printf(&path, "%s/%s/renga/renga.db", stage_folder(), name);
    if (!store_open(&s, str_text(&path), &e) || !store_piece_load(s, store_newest_piece(s), &p, &e))
        fail_msg("%s", e.text);
    const struct str *text = &p.takes[0].text;
    for (int i = 1; expected.len < text->len; i++)
        str_printf(&expected, "w%d ", i);
    char last[16];
    snprintf(last, sizeof last, " w%d ", least);
    bool whole = span_equal(str_span(&expected), str_span(text)) && span_find(str_span(text), span_of(last), 0) >= 0;
    piece_release(&p);
    store_close(s);
    str_release(&path);
    str_release(&expected);
    return whole;
}

static void goes_on(const char *name, void (*begin)(struct terminal *t), void (*end)(struct terminal *t))
{
    struct terminal t;
    stage_furnish(name, "count-100000-200");
    stage_start(&t, name, 120, 40);
    terminal_type(&t, "write\x07");
    terminal_wait_text(&t, " w20 ");
    begin(&t);
    terminal_type(&t, "雨停了");
    terminal_wait_text(&t, "not saved");
    lost += !terminal_shows(&t, "雨停了") || !terminal_shows(&t, " w20 ");
    terminal_wait_text(&t, " w300 "); /* it streams on */
    end(&t);
    terminal_wait_no_text(&t, "not saved");
    terminal_type(&t, ESC);
    terminal_wait_text(&t, "Stopped; what came is kept.");
    terminal_wait_text(&t, "● saved");
    kill(t.program, SIGKILL);
    terminal_wait_end(&t);
    terminal_close(&t);
    lost += !is_whole(name, 300);
    stage_start(&t, name, 120, 40);
    terminal_wait_text(&t, "雨停了");
    stage_leave(&t);
}

static void a_limit_is_told_and_waited_for(void **state)
{
    (void)state;
    lost = 0;
    goes_on("limit", forbid_growth, allow_growth);
    promise(8, "lost", lost, "the desk under a limit of its files' size, told, streaming on, kept in the end");
    assert_int_equal(lost, 0);
}

static void a_full_disk_is_told_and_waited_for(void **state)
{
    (void)state;
    lost = 0;
    if (!mount_disk("tiny", "size=2m"))
        skip();
    goes_on("tiny", fill_disk, make_room);
    promise(8, "lost", lost, "the desk on a disk of 2 MB that is filled to its last byte, told, streaming on, kept in the end");
    assert_int_equal(lost, 0);
}

/* Nothing can be kept there; the writer is told, can write and ask, and is not let go without a question. */
static void a_read_only_library_is_told(void **state)
{
    struct terminal t;
    (void)state;
    lost = 0;
    if (!mount_disk("fixed", "size=4m"))
        skip();
    stage_furnish("fixed", "count-100000-200");
    assert_int_equal(mount("tmpfs", room, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), 0);
    stage_start(&t, "fixed", 120, 40);
    terminal_wait_text(&t, "in memory only");
    terminal_type(&t, "write\x07");
    terminal_wait_text(&t, " w100 ");
    terminal_type(&t, ESC);
    terminal_wait_text(&t, "Stopped; what came is kept.");
    terminal_type(&t, "\x11");
    terminal_wait_text(&t, "^Q again leaves and loses it");
    lost += !terminal_shows(&t, " w100 ");
    stage_leave(&t);
    promise(8, "lost", lost, "the desk on a read-only disk, told, streaming, asking before it leaves");
    assert_int_equal(lost, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_told_and_waited_for),
        cmocka_unit_test_teardown(a_full_disk_is_told_and_waited_for, unmount_disk),
        cmocka_unit_test_teardown(a_read_only_library_is_told, unmount_disk),
    };
    if (argc < 3)
        return 2;
    stage_programs(argv[1], argv[2]);
    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
