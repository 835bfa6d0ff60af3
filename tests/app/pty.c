/* The desk in a real terminal, from the first frame to the shell's prompt: pty RENGA FAKE_SERVER. */
#include "core/file.h"
#include "escapes.h"
#include "stage.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* -- what a writer does -------------------------------------------------------------------------------------------- */

static void writes_asks_stops_and_leaves(void **state)
{
    (void)state;
    struct terminal t;
    stage_furnish("smoke", "count-2000-100");
    stage_start(&t, "smoke", 80, 24);
    assert_true(t.alternate);
    terminal_type(&t, "写一首 poem");
    terminal_wait_text(&t, "写一首 poem");
    terminal_type(&t, KEY_CTRL('G'));
    terminal_wait_text(&t, "› 写一首 poem");
    terminal_wait_text(&t, "w9 w10 ");
    terminal_wait_text(&t, "tok/s");
    terminal_resize(&t, 120, 40);
    terminal_wait_text(&t, "─ Dials ─");
    terminal_wait_text(&t, "◐ writing");
    terminal_type(&t, ESC);
    terminal_wait_text(&t, "Stopped; what came is kept.");
    terminal_wait_no_text(&t, "tok/s");
    terminal_resize(&t, 40, 12);
    terminal_wait_no_text(&t, "─ Dials ─");
    stage_leave(&t);
}

static void keys_of_one_read_reach_their_places(void **state)
{
    (void)state;
    struct terminal t;
    stage_furnish("keys", "echo");
    stage_start(&t, "keys", 80, 24);
    terminal_type(&t, ESC "[200~秋\r夜" ESC "[201~");
    terminal_wait_text(&t, "夜");
    terminal_type(&t, "雨" "\x7f" "\t" "page" "\x12");
    terminal_wait_text(&t, "─ Library ─");
    terminal_type(&t, ESC);
    terminal_wait_no_text(&t, "─ Library ─");
    assert_true(terminal_shows(&t, "秋") && terminal_shows(&t, "夜") && !terminal_shows(&t, "雨") && terminal_shows(&t, "page"));
    stage_leave(&t);
}

static void goes_to_the_shell_and_comes_back(void **state)
{
    (void)state;
    struct terminal t;
    stage_furnish("suspend", "count-2000-100");
    stage_start(&t, "suspend", 80, 24);
    terminal_type(&t, "x" "\x07");
    terminal_wait_text(&t, "w5 ");
    terminal_type(&t, ESC "z");
    terminal_wait_stopped(&t);
    terminal_check_restored(&t);
    terminal_resize(&t, 100, 30);
    terminal_continue(&t);
    terminal_wait_text(&t, "─ Prompt ─");
    terminal_wait_text(&t, "w5 ");
    assert_true(t.alternate);
    terminal_type(&t, ESC);
    terminal_wait_text(&t, "Stopped; what came is kept.");
    stage_leave(&t);
}

/* The terminal sends ^C and ^\ to every program of the group. */
static void keys_that_interrupt_are_the_editors(void **state)
{
    static const char editor[] = "trap 'echo heard; printf \" heard\" >>\"$1\"; exit 0' INT QUIT\necho \"editing $(cat \"$1\")\"\n"
                                 "while :; do sleep 0.05; done\n";
    const char *const interrupts[] = {KEY_CTRL('C'), KEY_CTRL('\\')};
    struct terminal t;
    struct str path = {0};
    struct err e = {.kind = ERR_NONE};
    (void)state;
    stage_furnish("editor", "poem");
    str_printf(&path, "%s/editor/editor", stage_folder());
    assert_true(file_write(str_text(&path), span_of(editor), &e));
    stage_start(&t, "editor", 80, 24);
    terminal_type(&t, "sea");
    terminal_wait_text(&t, "sea");
    for (int i = 0; i < 2; i++) {
        terminal_type(&t, KEY_CTRL('O'));
        terminal_wait_text(&t, i ? "editing sea heard" : "editing sea");
        terminal_type(&t, interrupts[i]);
        terminal_wait_text(&t, i ? "sea heard heard" : "sea heard");
    }
    stage_leave(&t);
    str_release(&path);
}

static void quits_in_mid_stream_when_asked_twice(void **state)
{
    (void)state;
    struct terminal t;
    stage_furnish("quit", "stall");
    stage_start(&t, "quit", 80, 24);
    terminal_type(&t, "x" "\x07");
    terminal_wait_text(&t, "some more more");
    terminal_type(&t, KEY_CTRL('Q'));
    terminal_wait_text(&t, "^Q again");
    stage_leave(&t);
    stage_start(&t, "quit", 80, 24);
    terminal_wait_text(&t, "some more more");
    stage_leave(&t);
}

/* -- when it is ended ---------------------------------------------------------------------------------------------- */

/* Asked to end, it keeps all that came, and the draft of the prompt. */
static void a_signal_keeps_everything(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP};
    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct terminal t;
        char name[16];
        snprintf(name, sizeof name, "signal-%zu", i);
        stage_furnish(name, "stall");
        stage_start(&t, name, 80, 24);
        terminal_type(&t, "x" "\x07");
        terminal_wait_text(&t, "some more more");
        terminal_type(&t, "草稿");
        terminal_wait_text(&t, "草稿");
        assert_int_equal(kill(t.program, signals[i]), 0);
        terminal_wait_end(&t);
        terminal_check_restored(&t);
        terminal_close(&t);
        stage_start(&t, name, 120, 40);
        terminal_wait_text(&t, "some more more");
        terminal_wait_text(&t, "草稿");
        terminal_wait_text(&t, "stopped");
        stage_leave(&t);
    }
}

/* Shot dead, it loses a quarter of a second at most; here a whole one is forgiven. */
static void a_kill_loses_a_moment_at_most(void **state)
{
    (void)state;
    struct terminal t;
    stage_furnish("kill", "count-4000-100");
    stage_start(&t, "kill", 120, 40);
    terminal_type(&t, "x" "\x07");
    terminal_wait_text(&t, " w150 ");
    assert_int_equal(kill(t.program, SIGKILL), 0);
    assert_int_equal(terminal_wait_end(&t), 128 + SIGKILL);
    terminal_close(&t);
    stage_start(&t, "kill", 120, 40);
    terminal_wait_text(&t, "w1 w2 w3 ");
    terminal_wait_text(&t, " w50 ");
    terminal_wait_text(&t, "interrupted");
    stage_leave(&t);
}

/* -- what reaches the terminal ------------------------------------------------------------------------------------- */

/* Text that would like to own the terminal, in every place that shows text. */
static void nothing_hostile_reaches_the_terminal(void **state)
{
    static const char paste[] = ESC "[200~" "t" ESC "]0;owned\x07" ESC "[2J\xc2\x9b" "31m\xe2\x80\xae" "e\r\x01\xff" ESC "[201~";
    (void)state;
    struct terminal t;
    stage_furnish("hostile", "hostile");
    stage_start(&t, "hostile", 80, 24);
    terminal_type(&t, paste);
    terminal_wait_text(&t, "t␛]0;owned␇");
    terminal_type(&t, KEY_CTRL('G'));
    terminal_wait_text(&t, "a‹RLO›b");
    terminal_type(&t, KEY_CTRL('I'));   /* the page */
    terminal_type(&t, paste);
    terminal_wait_text(&t, "d␀et␛]0;owned␇");
    terminal_type(&t, KEY_CTRL('R'));   /* the library, and a search in it */
    terminal_wait_text(&t, "─ Library ─");
    terminal_type(&t, paste);
    terminal_wait_text(&t, "› t␛]0;owned␇");
    terminal_type(&t, ESC);
    terminal_wait_no_text(&t, "─ Library ─");
    terminal_type(&t, KEY_CTRL('F'));   /* a form, and a sentence that repeats it */
    terminal_wait_text(&t, "─ Find ─");
    terminal_type(&t, paste);
    terminal_wait_text(&t, "find  t␛]0;owned␇");
    terminal_type(&t, "no such\r");
    terminal_wait_text(&t, "is not in this text.");
    terminal_type(&t, KEY_CTRL('P'));   /* a picker */
    terminal_wait_text(&t, "─ Commands ─");
    terminal_type(&t, paste);
    terminal_wait_text(&t, "nothing like that");
    terminal_type(&t, ESC);
    terminal_wait_no_text(&t, "─ Commands ─");
    terminal_type(&t, ESC "OS");    /* F4: what would be sent */
    terminal_wait_text(&t, "What ^G would send");
    terminal_type(&t, ESC);
    terminal_wait_no_text(&t, "What ^G would send");
    terminal_type(&t, KEY_CTRL('C'));   /* the line goes to the clipboard as base64 */
    stage_leave(&t);
    stage_furnish("hostile", "refuse");   /* a refusal in the server's words */
    stage_start(&t, "hostile", 80, 24);
    terminal_type(&t, KEY_CTRL('N'));
    terminal_type(&t, "x" "\x07");
    terminal_wait_text(&t, "refused the request (400)");
    stage_leave(&t);
}

static void the_audit_knows_what_is_odd(void **state)
{
    static const char *const odd[] = {
        ESC, ESC "[31", ESC "]0;owned\x07", ESC "]52;c;abc", ESC "P1", ESC "[6n", ESC "[?1049", ESC "[5i", ESC "c", "\x07", "\x0e",
        "\t", "\x7f",
        "\xc2\x9b" "31m", "\xe2\x80\xae", "\xff", ESC "[?1000h", ESC "[!p", ESC "[>c", "\xe2\x80\x8b", "\xef\xbb\xbf",
    };
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct str bytes = {0};
        str_printf(&bytes, "\r\n秋" ESC "[1;2H%s", odd[i]);
        assert_int_equal(escapes_first_odd(str_span(&bytes)), 11);
        str_release(&bytes);
    }
    assert_int_equal(escapes_first_odd(SPAN("a\0b")), 1);
    assert_int_equal(escapes_first_odd(SPAN("秋␛" ESC "[38;5;1m" ESC "(B" ESC "]52;c;YWI=" ESC "\\\r\n")), -1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_audit_knows_what_is_odd),
        cmocka_unit_test(writes_asks_stops_and_leaves),
        cmocka_unit_test(keys_of_one_read_reach_their_places),
        cmocka_unit_test(goes_to_the_shell_and_comes_back),
        cmocka_unit_test(keys_that_interrupt_are_the_editors),
        cmocka_unit_test(quits_in_mid_stream_when_asked_twice),
        cmocka_unit_test(a_signal_keeps_everything),
        cmocka_unit_test(a_kill_loses_a_moment_at_most),
        cmocka_unit_test(nothing_hostile_reaches_the_terminal),
    };
    if (argc < 3)
        return 2;
    stage_programs(argv[1], argv[2]);
    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
