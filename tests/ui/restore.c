/* A child on a pseudo-terminal dies in every way there is; its terminal must be as it was. */
#include "ui/restore.h"
#include "core/err.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/term.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

struct stage {
    int master, slave;
    pid_t child;
    struct termios before;
    struct str seen; /* what the terminal received */
};

static struct term *term;

static void show_words(void)
{
    struct canvas c;
    canvas_init(&c);
    canvas_resize(&c, 40, 10);
    canvas_text(&c, 3, 2, -1, SPAN("秋夜 ready"), STYLE_TEXT);
    canvas_cursor(&c, 5, 5);
    if (!term_present(term, &c))
        _exit(97);
    canvas_release(&c);
}

/* Never returns; `act` does the damage. */
static void live(const struct stage *s, void (*act)(void))
{
    struct err e = {.kind = ERR_NONE};
    setsid();
    ioctl(s->slave, TIOCSCTTY, 0);
    for (int fd = 0; fd < 3; fd++)
        dup2(s->slave, fd);
    close(s->master);
    setenv("TERM", "xterm-256color", 1);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL); /* cmocka catches faults itself */
    if (!term_open(&term, NULL, &e))
        _exit(98);
    term_mouse(term, true);
    show_words();
    act();
    pause();
    _exit(99);
}

static void stage_open(struct stage *s, void (*act)(void))
{
    struct winsize size = {.ws_row = 10, .ws_col = 40};
    *s = (struct stage){.master = -1};
    assert_int_equal(openpty(&s->master, &s->slave, NULL, NULL, &size), 0);
    assert_int_equal(tcgetattr(s->slave, &s->before), 0);
    fflush(stdout);
    s->child = fork();
    assert_true(s->child >= 0);
    if (s->child == 0)
        live(s, act);
}

/* Collects what the child writes until `word` was seen, or for `ms`. */
static bool watch(struct stage *s, const char *word, int ms)
{
    struct pollfd p = {.fd = s->master, .events = POLLIN};
    while (span_find(str_span(&s->seen), span_of(word), 0) < 0) {
        char bytes[4096];
        if (poll(&p, 1, ms) <= 0)
            return false;
        ssize_t n = read(s->master, bytes, sizeof bytes);
        if (n <= 0)
            return false;
        str_add(&s->seen, (struct span){bytes, (size_t)n});
    }
    return true;
}

static bool seen(const struct stage *s, const char *bytes)
{
    return span_find(str_span(&s->seen), span_of(bytes), 0) >= 0;
}

static void same_settings(const struct stage *s)
{
    struct termios now;
    assert_int_equal(tcgetattr(s->slave, &now), 0);
    assert_int_equal(now.c_iflag, s->before.c_iflag);
    assert_int_equal(now.c_oflag, s->before.c_oflag);
    assert_int_equal(now.c_lflag, s->before.c_lflag);
    assert_int_equal(now.c_cflag, s->before.c_cflag);
    assert_memory_equal(now.c_cc, s->before.c_cc, sizeof now.c_cc);
}

static void screen_given_back(const struct stage *s)
{
    static const char *const needed[] = {"\x1b[?2026l", "\x1b[?1002l", "\x1b[?1006l", "\x1b[?2004l",
                                         "\x1b[?1049l", "\x1b[?25h",   "\x1b[?1l"};
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        assert_true(seen(s, needed[i]));
}

static int stage_end(struct stage *s)
{
    int status = 0;
    assert_int_equal(waitpid(s->child, &status, 0), s->child);
    watch(s, "\x1b[no such bytes", 20);
    same_settings(s);
    screen_given_back(s);
    close(s->master);
    close(s->slave);
    str_release(&s->seen);
    return status;
}

static void segfault(void) { raise(SIGSEGV); }
static void bus_error(void) { raise(SIGBUS); }
static void illegal(void) { raise(SIGILL); }
static void arithmetic(void) { raise(SIGFPE); }
static void leave_quietly(void) { exit(7); }
static void close_and_leave(void)
{
    term_close(term);
    exit(8);
}
static void our_mistake(void) { CHECK(term == NULL); }

static int overflow(int depth)
{
    volatile char here[4096];
    here[0] = (char)depth;
    return depth < INT_MAX ? overflow(depth + 1) + here[0] : 0;
}
static void stack_overflow(void) { exit(overflow(0)); }

static void faults_give_the_terminal_back(void **state)
{
    static const struct {
        void (*act)(void);
        int signal;
    } rows[] = {
        {segfault, SIGSEGV},   {abort, SIGABRT},       {bus_error, SIGBUS},        {illegal, SIGILL},
        {arithmetic, SIGFPE},  {our_mistake, SIGABRT}, {stack_overflow, SIGSEGV},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage s;
        stage_open(&s, rows[i].act);
        watch(&s, "\x1b[?1049l", 2000);
        int status = stage_end(&s);
        if (!SANITIZED) { /* a sanitizer takes over and ends the program in its own way */
            assert_true(WIFSIGNALED(status));
            assert_int_equal(WTERMSIG(status), rows[i].signal);
        }
    }
}

static void exits_give_the_terminal_back(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, leave_quietly);
    watch(&s, "\x1b[?1049l", 2000);
    int status = stage_end(&s);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    stage_open(&s, close_and_leave);
    watch(&s, "\x1b[?1049l", 2000);
    status = stage_end(&s);
    assert_int_equal(WEXITSTATUS(status), 8);
}

static void nothing(void) {}

static void signals_give_the_terminal_back(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        struct stage s;
        stage_open(&s, nothing);
        assert_true(watch(&s, "ready", 2000));
        kill(s.child, signals[i]);
        watch(&s, "\x1b[?1049l", 2000);
        int status = stage_end(&s);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
    }
}

static void own_handler(int number)
{
    (void)number;
    term_close(term);
    _exit(5);
}
static void handle_term(void) { signal(SIGTERM, own_handler); }

static void handlers_of_the_program_are_left_alone(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, handle_term);
    assert_true(watch(&s, "ready", 2000));
    usleep(20000);
    kill(s.child, SIGTERM);
    watch(&s, "\x1b[?1049l", 2000);
    int status = stage_end(&s);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 5);
}

static void suspend_and_go_on(void)
{
    term_suspend(term);
    show_words();
    exit(9);
}

static int go_on[2]; /* a pipe that tells the one in the middle to continue the stopped one */

/* A group that no one in its session looks after is never stopped by the kernel: the middle process plays the shell. */
static void suspend_in_a_group(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        signal(SIGTTOU, SIG_IGN);
        tcsetpgrp(STDIN_FILENO, getpgrp());
        signal(SIGTTOU, SIG_DFL);
        suspend_and_go_on();
    }
    int status = 0;
    waitpid(pid, &status, WUNTRACED);
    bool stopped = WIFSTOPPED(status);
    printf("stopped %d.", stopped);
    fflush(stdout);
    char byte = 0;
    if (read(go_on[0], &byte, 1) != 1)
        _exit(96);
    kill(pid, SIGCONT);
    waitpid(pid, &status, 0);
    _exit(stopped && WIFEXITED(status) ? WEXITSTATUS(status) : 95);
}

static void suspend_gives_the_terminal_back_and_returns(void **state)
{
    (void)state;
    struct stage s;
    assert_int_equal(pipe(go_on), 0);
    stage_open(&s, suspend_in_a_group);
    assert_true(watch(&s, "stopped 1.", 3000));
    same_settings(&s);
    screen_given_back(&s);
    str_clear(&s.seen);
    assert_int_equal(write(go_on[1], "c", 1), 1);
    assert_true(watch(&s, "ready", 3000)); /* drawn whole again */
    assert_true(seen(&s, "\x1b[?1049h"));
    assert_true(seen(&s, "\x1b[?2004h"));
    assert_true(seen(&s, "\x1b[?1002h"));
    watch(&s, "\x1b[?1049l", 2000);
    int status = stage_end(&s);
    assert_int_equal(WEXITSTATUS(status), 9);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_give_the_terminal_back),
        cmocka_unit_test(exits_give_the_terminal_back),
        cmocka_unit_test(signals_give_the_terminal_back),
        cmocka_unit_test(handlers_of_the_program_are_left_alone),
        cmocka_unit_test(suspend_gives_the_terminal_back_and_returns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
