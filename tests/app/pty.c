/* The desk in a real terminal, from the first frame to the shell's prompt: pty RENGA FAKE_SERVER. */
#include "core/file.h"
#include "escapes.h"
#include "terminal.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define KEY_CTRL(letter) ((char[]){(letter) & 0x1F, 0})
#define ESC "\x1b"

static char *renga, *fake_server;
static char home[] = "/tmp/renga-pty-XXXXXX";
static pid_t serving;
static int port;

/* -- the stage ----------------------------------------------------------------------------------------------------- */

static int serve(void)
{
    int out[2] = {-1, -1};
    char line[16] = "";
    if (pipe(out))
        return -1;
    serving = fork();
    if (serving == 0) {
        dup2(out[1], STDOUT_FILENO);
        execl(fake_server, fake_server, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    if (read(out[0], line, sizeof line - 1) <= 0)
        return -1;
    close(out[0]);
    port = (int)strtol(line, NULL, 10);
    return port > 0 ? 0 : -1;
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(home) ? serve() : -1;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    kill(serving, SIGKILL);
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    return system(command);
}

/* A home of that name, whose only server answers as that model. */
static void furnish(const char *name, const char *model)
{
    struct str path = {0}, config = {0};
    struct err e = {.kind = ERR_NONE};
    str_printf(&path, "%s/%s/renga", home, name);
    assert_true(folder_make(str_text(&path), &e));
    str_add_text(&path, "/config");
    str_printf(&config, "[server fake]\nurl = http://127.0.0.1:%d\nmodel = %s\n", port, model);
    assert_true(file_write(str_text(&path), str_span(&config), &e));
    str_release(&path);
    str_release(&config);
}

/* Starts the program in the home of that name. */
static void start(struct terminal *t, const char *name, int w, int h)
{
    static const char *const folders[] = {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"};
    char places[5][256], visual[256];
    char *environment[16] = {(char[]){"TERM=xterm-256color"}, (char[]){"LC_ALL=C.UTF-8"}, (char[]){"TZ=UTC"}};
    char *argv[] = {renga, NULL};
    int count = 3;
    for (int i = 0; i < 5; i++) {
        snprintf(places[i], sizeof places[i], "%s=%s/%s", folders[i], home, name);
        environment[count++] = places[i];
    }
    snprintf(visual, sizeof visual, "VISUAL=sh %s/%s/editor", home, name);
    environment[count++] = visual;
    terminal_open(t, w, h, argv, environment);
    terminal_wait_text(t, "Prompt");
}

static void check_bytes(const struct terminal *t)
{
    ptrdiff_t odd = escapes_first_odd(str_span(&t->bytes));
    for (size_t i = 0; odd >= 0 && i < 16 && (size_t)odd + i < t->bytes.len; i++)
        print_error("%02x ", (unsigned char)t->bytes.s[(size_t)odd + i]);
    assert_int_equal(odd, -1);
}

static void leave(struct terminal *t)
{
    terminal_type(t, KEY_CTRL('Q'));
    assert_int_equal(terminal_wait_end(t), 0);
    terminal_check_restored(t);
    check_bytes(t);
    terminal_close(t);
}

/* -- what a writer does -------------------------------------------------------------------------------------------- */

static void writes_asks_stops_and_leaves(void **state)
{
    (void)state;
    struct terminal t;
    furnish("smoke", "count-2000-100");
    start(&t, "smoke", 80, 24);
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
    leave(&t);
}

static void keys_of_one_read_reach_their_places(void **state)
{
    (void)state;
    struct terminal t;
    furnish("keys", "echo");
    start(&t, "keys", 80, 24);
    terminal_type(&t, ESC "[200~秋\r夜" ESC "[201~");
    terminal_wait_text(&t, "夜");
    terminal_type(&t, "雨" "\x7f" "\t" "page" "\x12");
    terminal_wait_text(&t, "─ Library ─");
    terminal_type(&t, ESC);
    terminal_wait_no_text(&t, "─ Library ─");
    assert_true(terminal_shows(&t, "秋") && terminal_shows(&t, "夜") && !terminal_shows(&t, "雨") && terminal_shows(&t, "page"));
    leave(&t);
}

static void goes_to_the_shell_and_comes_back(void **state)
{
    (void)state;
    struct terminal t;
    furnish("suspend", "count-2000-100");
    start(&t, "suspend", 80, 24);
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
    leave(&t);
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
    furnish("editor", "poem");
    str_printf(&path, "%s/editor/editor", home);
    assert_true(file_write(str_text(&path), span_of(editor), &e));
    start(&t, "editor", 80, 24);
    terminal_type(&t, "sea");
    terminal_wait_text(&t, "sea");
    for (int i = 0; i < 2; i++) {
        terminal_type(&t, KEY_CTRL('O'));
        terminal_wait_text(&t, i ? "editing sea heard" : "editing sea");
        terminal_type(&t, interrupts[i]);
        terminal_wait_text(&t, i ? "sea heard heard" : "sea heard");
    }
    leave(&t);
    str_release(&path);
}

static void quits_in_mid_stream_when_asked_twice(void **state)
{
    (void)state;
    struct terminal t;
    furnish("quit", "stall");
    start(&t, "quit", 80, 24);
    terminal_type(&t, "x" "\x07");
    terminal_wait_text(&t, "some more more");
    terminal_type(&t, KEY_CTRL('Q'));
    terminal_wait_text(&t, "^Q again");
    leave(&t);
    start(&t, "quit", 80, 24);
    terminal_wait_text(&t, "some more more");
    leave(&t);
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
        furnish(name, "stall");
        start(&t, name, 80, 24);
        terminal_type(&t, "x" "\x07");
        terminal_wait_text(&t, "some more more");
        terminal_type(&t, "草稿");
        terminal_wait_text(&t, "草稿");
        assert_int_equal(kill(t.program, signals[i]), 0);
        terminal_wait_end(&t);
        terminal_check_restored(&t);
        terminal_close(&t);
        start(&t, name, 120, 40);
        terminal_wait_text(&t, "some more more");
        terminal_wait_text(&t, "草稿");
        terminal_wait_text(&t, "stopped");
        leave(&t);
    }
}

/* Shot dead, it loses a quarter of a second at most; here a whole one is forgiven. */
static void a_kill_loses_a_moment_at_most(void **state)
{
    (void)state;
    struct terminal t;
    furnish("kill", "count-4000-100");
    start(&t, "kill", 120, 40);
    terminal_type(&t, "x" "\x07");
    terminal_wait_text(&t, " w150 ");
    assert_int_equal(kill(t.program, SIGKILL), 0);
    assert_int_equal(terminal_wait_end(&t), 128 + SIGKILL);
    terminal_close(&t);
    start(&t, "kill", 120, 40);
    terminal_wait_text(&t, "w1 w2 w3 ");
    terminal_wait_text(&t, " w50 ");
    terminal_wait_text(&t, "interrupted");
    leave(&t);
}

/* -- what reaches the terminal ------------------------------------------------------------------------------------- */

/* Text that would like to own the terminal, in every place that shows text. */
static void nothing_hostile_reaches_the_terminal(void **state)
{
    static const char paste[] = ESC "[200~" "t" ESC "]0;owned\x07" ESC "[2J\xc2\x9b" "31m\xe2\x80\xae" "e\r\x01\xff" ESC "[201~";
    (void)state;
    struct terminal t;
    furnish("hostile", "hostile");
    start(&t, "hostile", 80, 24);
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
    leave(&t);
    furnish("hostile", "refuse");   /* a refusal in the server's words */
    start(&t, "hostile", 80, 24);
    terminal_type(&t, KEY_CTRL('N'));
    terminal_type(&t, "x" "\x07");
    terminal_wait_text(&t, "refused the request (400)");
    leave(&t);
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
    renga = argv[1];
    fake_server = argv[2];
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
