/* The terminal as a whole, on a pseudo-terminal: what it sends, what it takes, what it refuses. */
#include "ui/term.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include <fcntl.h>
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
#include <unistd.h>

#include <cmocka.h>

struct stage {
    int master;
    pid_t child;
    struct str seen;
};

static struct canvas canvas;

/* A claim of the child's; the number of the line that failed is what the parent gets to see. */
#define CLAIM(cond) ((cond) ? (void)0 : (void)(dprintf(2, "claim of line %d fails: %s\n", __LINE__, #cond), _exit(1)))

static struct term *open_term(struct str *notice)
{
    struct term *t = NULL;
    struct err e = {.kind = ERR_NONE};
    CLAIM(term_open(&t, notice, &e));
    int w = 0, h = 0;
    term_size(t, &w, &h);
    canvas_resize(&canvas, w, h);
    return t;
}

static void stage_open(struct stage *s, const char *terminal, void (*act)(void))
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    *s = (struct stage){.master = -1};
    fflush(stdout);
    s->child = forkpty(&s->master, NULL, NULL, &size);
    assert_true(s->child >= 0);
    if (s->child > 0)
        return;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    setenv("TERM", terminal, 1);
    alarm(20);
    act();
    _exit(0);
}

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

static void stage_end(struct stage *s)
{
    int status = 0;
    watch(s, "\x1b[nothing like this", 3000);
    assert_int_equal(waitpid(s->child, &status, 0), s->child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        print_message("%s\n", str_text(&s->seen));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    close(s->master);
    str_release(&s->seen);
}

static void show_and_copy(void)
{
    struct term *t = open_term(NULL);
    canvas_text(&canvas, 2, 1, -1, SPAN("秋夜"), STYLE_TEXT);
    canvas_cursor(&canvas, 6, 1);
    CLAIM(term_present(t, &canvas));
    term_copy(t, SPAN("秋夜!"));
    CLAIM(term_read(t, (char[8]){0}, 8) == 0);
    term_close(t);
}

static void frames_are_framed(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "xterm-256color", show_and_copy);
    assert_true(watch(&s, "\x1b[?1049l", 3000));
    assert_true(seen(&s, "\x1b[?2004h\x1b[?2026h"));
    assert_true(seen(&s, "秋夜"));
    assert_true(seen(&s, "\x1b[?2026l\x1b]52;c;56eL5aScIQ==\x1b\\"));
    stage_end(&s);
}

static void fill_until_full(void)
{
    struct term *t = open_term(NULL);
    int shown = 0;
    for (int i = 0; i < 10000; i++) {
        for (int y = 0; y < canvas.h; y++)
            canvas_text(&canvas, 0, y, -1, i % 2 ? SPAN("一二三四五六七八九十") : SPAN("abcdefghijklmnopqrst"), STYLE_TEXT);
        if (!term_present(t, &canvas))
            break;
        shown++;
    }
    CLAIM(shown > 0 && shown < 10000);
    CLAIM(term_pending(t));
    CLAIM(!term_present(t, &canvas));
    canvas_text(&canvas, 0, 0, -1, SPAN("the end"), STYLE_TEXT);
    struct pollfd p = {.fd = term_fd(t), .events = POLLOUT};
    while (term_pending(t)) {
        CLAIM(poll(&p, 1, 5000) == 1);
        term_flush(t);
    }
    CLAIM(term_present(t, &canvas));
    term_close(t);
}

static void full_terminals_are_waited_for(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "xterm-256color", fill_until_full);
    usleep(200000); /* nobody reads */
    assert_true(watch(&s, "the end", 5000));
    stage_end(&s);
}

static void follow_size(void)
{
    struct term *t = open_term(NULL);
    int w = 0, h = 0;
    CLAIM(canvas.w == 80 && canvas.h == 24);
    CLAIM(!term_update_size(t));
    struct winsize size = {.ws_row = 1, .ws_col = 1};
    ioctl(term_fd(t), TIOCSWINSZ, &size);
    CLAIM(term_update_size(t));
    term_size(t, &w, &h);
    CLAIM(w == 1 && h == 1);
    size = (struct winsize){.ws_row = 65535, .ws_col = 65535};
    ioctl(term_fd(t), TIOCSWINSZ, &size);
    CLAIM(term_update_size(t));
    term_size(t, &w, &h);
    CLAIM(w == 2000 && h == 1000);
    canvas_resize(&canvas, 10, 3);
    CLAIM(term_present(t, &canvas));
    term_close(t);
}

static void sizes_are_asked(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "xterm-256color", follow_size);
    stage_end(&s);
}

static void open_unknown(void)
{
    struct str notice = {.max = 0};
    struct term *t = open_term(&notice);
    CLAIM(span_find(str_span(&notice), SPAN("no-such-terminal"), 0) >= 0);
    CLAIM(span_find(str_span(&notice), SPAN("xterm-256color"), 0) >= 0);
    term_close(t);
    str_release(&notice);
}

static void open_dumb(void)
{
    struct term *t = NULL;
    struct err e = {.kind = ERR_NONE};
    CLAIM(!term_open(&t, NULL, &e));
    CLAIM(strstr(e.text, "renga write") && t == NULL);
}

static void open_piped(void)
{
    int ends[2];
    CLAIM(pipe(ends) == 0);
    dup2(ends[1], STDOUT_FILENO);
    open_dumb();
}

static void unfit_terminals_are_told(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "no-such-terminal", open_unknown);
    stage_end(&s);
    stage_open(&s, "dumb", open_dumb);
    stage_end(&s);
    stage_open(&s, "xterm", open_piped);
    stage_end(&s);
}

static void read_until_gone(void)
{
    struct term *t = open_term(NULL);
    char bytes[16];
    struct pollfd p = {.fd = term_fd(t), .events = POLLIN};
    ptrdiff_t got = 0;
    signal(SIGHUP, SIG_IGN);
    CLAIM(term_present(t, &canvas));
    for (int total = 0; total < 3; total += (int)got) {
        CLAIM(poll(&p, 1, 5000) == 1);
        got = term_read(t, bytes, sizeof bytes);
        CLAIM(got > 0 && memcmp(bytes, "\x03\x1a\x13", (size_t)got) == 0); /* ^C ^Z ^S are keys */
    }
    CLAIM(poll(&p, 1, 5000) == 1);
    CLAIM(term_read(t, bytes, sizeof bytes) == -1);
    term_close(t);
}

static void keys_come_raw_until_the_end(void **state)
{
    (void)state;
    struct stage s;
    int status = 0;
    stage_open(&s, "xterm-256color", read_until_gone);
    assert_true(watch(&s, "\x1b[?2026l", 3000));
    assert_int_equal(write(s.master, "\x03\x1a\x13", 3), 3);
    usleep(100000);
    close(s.master);
    assert_int_equal(waitpid(s.child, &status, 0), s.child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    str_release(&s.seen);
}

static void start_quickly(void)
{
    enum { ROUNDS = 50 };
    int64_t took = 0;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t start = clock_now_us();
        struct term *t = open_term(NULL);
        canvas_text(&canvas, 2, 1, -1, SPAN("秋夜"), STYLE_TEXT);
        CLAIM(term_present(t, &canvas));
        took += clock_now_us() - start;
        term_close(t);
    }
    dprintf(1, "start and first frame: %.0f us", (double)took / ROUNDS);
}

static void starting_is_quick(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, "xterm-256color", start_quickly);
    assert_true(watch(&s, " us", 10000));
    ptrdiff_t at = span_find(str_span(&s.seen), SPAN("start and first"), 0);
    print_message("%s\n", str_text(&s.seen) + at);
    stage_end(&s);
}

static void null_terminal_is_quiet(void **state)
{
    (void)state;
    struct term *t = term_open_null(40, 12);
    int w = 0, h = 0;
    term_size(t, &w, &h);
    assert_int_equal(w, 40);
    assert_int_equal(h, 12);
    canvas_resize(&canvas, w, h);
    assert_int_equal(term_fd(t), -1);
    assert_true(term_present(t, &canvas));
    assert_false(term_pending(t));
    assert_false(term_update_size(t));
    assert_int_equal(term_colours(t), TERM_MONO);
    assert_int_equal(term_read(t, (char[4]){0}, 4), 0);
    term_mouse(t, true);
    term_copy(t, SPAN("x"));
    term_redraw(t);
    term_leave(t);
    assert_true(term_return(t, NULL));
    term_suspend(t);
    term_close(t);
    term_close(NULL);
    canvas_release(&canvas);
}

int main(void)
{
    i18n_start("en");
    canvas_init(&canvas);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_framed),
        cmocka_unit_test(full_terminals_are_waited_for),
        cmocka_unit_test(sizes_are_asked),
        cmocka_unit_test(unfit_terminals_are_told),
        cmocka_unit_test(keys_come_raw_until_the_end),
        cmocka_unit_test(starting_is_quick),
        cmocka_unit_test(null_terminal_is_quiet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
