#include "terminal.h"
#include "core/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

#define PATIENCE_S 10

/* -- the shell: tells 's' when the program stops and 'e' with its status when it ends, and brings it back when told to  */

static void give_terminal_to(pid_t group)
{
    tcsetpgrp(STDIN_FILENO, group);
}

static _Noreturn void run_program(char *const *argv, char *const *environment)
{
    setpgid(0, 0);
    give_terminal_to(getpgrp());
    signal(SIGTTOU, SIG_DFL);
    execve(argv[0], argv, environment);
    _exit(127);
}

static void say(int fd, char what, int status)
{
    unsigned char words[2] = {(unsigned char)what, (unsigned char)status};
    if (write(fd, words, sizeof words) != sizeof words)
        _exit(1);
}

static _Noreturn void run_shell(int slave, int tell, int told, char *const *argv, char *const *environment)
{
    int status = 0;
    char byte = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    login_tty(slave);
    signal(SIGTTOU, SIG_IGN); /* it takes the terminal back from behind */
    pid_t program = fork();
    if (program == 0)
        run_program(argv, environment);
    setpgid(program, program);
    if (write(tell, &program, sizeof program) != sizeof program)
        _exit(1);
    while (waitpid(program, &status, WUNTRACED) == program && WIFSTOPPED(status)) {
        give_terminal_to(getpgrp());
        say(tell, 's', 0);
        if (read(told, &byte, 1) != 1)
            break;
        give_terminal_to(program);
        kill(-program, SIGCONT);
    }
    say(tell, 'e', WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    _exit(0);
}

/* -- the emulator -------------------------------------------------------------------------------------------------- */

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    if (prop == VTERM_PROP_ALTSCREEN)
        ((struct terminal *)user)->alternate = value->boolean;
    if (prop == VTERM_PROP_CURSORVISIBLE)
        ((struct terminal *)user)->cursor_shown = value->boolean;
    if (prop == VTERM_PROP_TITLE || prop == VTERM_PROP_ICONNAME)
        ((struct terminal *)user)->titles++;
    return 1;
}

static void on_answer(const char *bytes, size_t len, void *user)
{
    (void)bytes;
    ((struct terminal *)user)->answers += len;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void open_emulator(struct terminal *t)
{
    t->vt = vterm_new(t->h, t->w);
    vterm_set_utf8(t->vt, 1);
    vterm_output_set_callback(t->vt, on_answer, t);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_set_callbacks(t->screen, &callbacks, t);
    vterm_screen_reset(t->screen, 1);
}

static void add_row(const struct terminal *t, int y, struct str *out)
{
    for (int x = 0; x < t->w;) {
        VTermScreenCell cell;
        char bytes[4];
        vterm_screen_get_cell(t->screen, (VTermPos){.row = y, .col = x}, &cell);
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
            str_add(out, (struct span){bytes, (size_t)utf8_encode((int32_t)cell.chars[i], bytes)});
        if (!cell.chars[0])
            str_add_byte(out, ' ');
        x += cell.width > 1 ? cell.width : 1;
    }
    str_add_byte(out, '\n');
}

void terminal_screen(const struct terminal *t, struct str *out)
{
    for (int y = 0; y < t->h; y++)
        add_row(t, y, out);
}

bool terminal_shows(const struct terminal *t, const char *text)
{
    struct str screen = {0};
    terminal_screen(t, &screen);
    bool found = span_find(str_span(&screen), span_of(text), 0) >= 0;
    str_release(&screen);
    return found;
}

const char *terminal_cell(const struct terminal *t, int x, int y)
{
    static char text[VTERM_MAX_CHARS_PER_CELL * 4 + 1];
    VTermScreenCell cell;
    size_t len = 0;
    vterm_screen_get_cell(t->screen, (VTermPos){.row = y, .col = x}, &cell);
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] != UINT32_MAX; i++)
        len += (size_t)utf8_encode((int32_t)cell.chars[i], text + len);
    text[len] = 0;
    return len || cell.chars[0] ? text : " ";
}

void terminal_cursor(const struct terminal *t, int *x, int *y)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &at);
    *x = at.col;
    *y = at.row;
}

/* -- life ---------------------------------------------------------------------------------------------------------- */

void terminal_open(struct terminal *t, int w, int h, char *const *argv, char *const *environment)
{
    struct winsize size = {.ws_col = (unsigned short)w, .ws_row = (unsigned short)h};
    int up[2] = {-1, -1}, down[2] = {-1, -1};
    *t = (struct terminal){.w = w, .h = h, .ended = -1};
    assert_int_equal(openpty(&t->master, &t->slave, NULL, NULL, &size), 0);
    assert_int_equal(pipe2(up, O_CLOEXEC), 0);
    assert_int_equal(pipe2(down, O_CLOEXEC), 0);
    fcntl(t->master, F_SETFD, FD_CLOEXEC);
    tcgetattr(t->slave, &t->before);
    open_emulator(t);
    t->shell = fork();
    assert_true(t->shell >= 0);
    if (t->shell == 0) {
        close(t->master);
        run_shell(t->slave, up[1], down[0], argv, environment);
    }
    close(up[1]);
    close(down[0]);
    t->told = up[0];
    t->tell = down[1];
    assert_int_equal(read(t->told, &t->program, sizeof t->program), sizeof t->program);
}

void terminal_close(struct terminal *t)
{
    if (t->ended < 0)
        kill(t->program, SIGKILL);
    kill(t->shell, SIGKILL);
    waitpid(t->shell, NULL, 0);
    close(t->master);
    close(t->slave);
    close(t->told);
    close(t->tell);
    vterm_free(t->vt);
    str_release(&t->bytes);
}

void terminal_type(struct terminal *t, const char *bytes)
{
    assert_int_equal(write(t->master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

void terminal_resize(struct terminal *t, int w, int h)
{
    struct winsize size = {.ws_col = (unsigned short)w, .ws_row = (unsigned short)h};
    t->w = w;
    t->h = h;
    vterm_set_size(t->vt, h, w);
    assert_int_equal(ioctl(t->master, TIOCSWINSZ, &size), 0); /* the kernel signals it */
}

void terminal_continue(struct terminal *t)
{
    t->stopped = false;
    assert_int_equal(write(t->tell, "c", 1), 1);
}

/* -- waiting ------------------------------------------------------------------------------------------------------- */

/* Shows the bytes, pausing at each frame's end. */
static void show(struct terminal *t, struct span bytes)
{
    static const struct span frame_end = {"\x1b[?2026l", 8};
    size_t shown = t->bytes.len, end = 0;
    str_add(&t->bytes, bytes);
    for (ptrdiff_t at; t->on_frame; shown = end) { /* an end may be cut by the read */
        size_t from = shown > frame_end.len ? shown - frame_end.len + 1 : 0;
        at = span_find(str_span(&t->bytes), frame_end, from);
        end = at < 0 ? 0 : (size_t)at + frame_end.len;
        if (end <= shown)
            break;
        vterm_input_write(t->vt, t->bytes.s + shown, end - shown);
        t->on_frame(t, t->ctx);
    }
    vterm_input_write(t->vt, t->bytes.s + shown, t->bytes.len - shown);
}

static void take_output(struct terminal *t)
{
    static char bytes[65536];
    ssize_t count = read(t->master, bytes, sizeof bytes);
    if (count <= 0)
        return;
    show(t, (struct span){bytes, (size_t)count});
}

static void take_news(struct terminal *t)
{
    unsigned char words[2] = {0};
    if (read(t->told, words, sizeof words) != sizeof words)
        return;
    t->stopped = words[0] == 's';
    if (words[0] == 'e')
        t->ended = words[1];
}

/* Waits for output or news and takes it. */
static void take(struct terminal *t, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = t->master, .events = POLLIN}, {.fd = t->told, .events = POLLIN}};
    if (poll(fds, 2, timeout_ms) <= 0)
        return;
    if (fds[0].revents & POLLIN)
        take_output(t);
    else if (fds[1].revents & POLLIN)
        take_news(t);
}

void terminal_take(struct terminal *t)
{
    take(t, 100);
    assert_int_equal(t->ended, -1);
}

static time_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void give_up(struct terminal *t, const char *what)
{
    struct str screen = {0};
    terminal_screen(t, &screen);
    print_error("%s (end %d, stopped %d)\n", what, t->ended, t->stopped);
    fprintf(stderr, "%s", str_text(&screen)); /* more than print_error has room for */
    str_release(&screen);
    fail_msg("waited in vain for: %s", what);
}

void terminal_wait_text(struct terminal *t, const char *text)
{
    for (time_t end = now_s() + PATIENCE_S; !terminal_shows(t, text); take(t, 100))
        if (now_s() > end || t->ended >= 0)
            give_up(t, text);
}

void terminal_wait_no_text(struct terminal *t, const char *text)
{
    for (time_t end = now_s() + PATIENCE_S; terminal_shows(t, text); take(t, 100))
        if (now_s() > end || t->ended >= 0)
            give_up(t, text);
}

/* The place behind the last one of them, 0: there is none. */
static size_t behind_last(struct span bytes, struct span mark)
{
    size_t behind = 0;
    for (ptrdiff_t at; (at = span_find(bytes, mark, behind)) >= 0;)
        behind = (size_t)at + mark.len;
    return behind;
}

void terminal_wait_frame(struct terminal *t)
{
    for (time_t end = now_s() + PATIENCE_S;; take(t, 100)) {
        if (behind_last(str_span(&t->bytes), SPAN("\x1b[?2026h")) <= behind_last(str_span(&t->bytes), SPAN("\x1b[?2026l")))
            return;
        if (now_s() > end || t->ended >= 0)
            give_up(t, "a whole frame");
    }
}

/* News overtake output: what was written before them has come once what is written now comes back. */
static void catch_up(struct terminal *t)
{
    static const struct span mark = {"~here~", 6};
    assert_int_equal(write(t->slave, mark.s, mark.len), mark.len);
    for (time_t end = now_s() + PATIENCE_S; span_find(str_span(&t->bytes), mark, 0) < 0; take(t, 100))
        if (now_s() > end)
            give_up(t, "the last output");
    str_cut(&t->bytes, t->bytes.len - mark.len);
}

void terminal_wait_stopped(struct terminal *t)
{
    for (time_t end = now_s() + PATIENCE_S; !t->stopped; take(t, 100))
        if (now_s() > end || t->ended >= 0)
            give_up(t, "a stop");
    catch_up(t);
}

int terminal_wait_end(struct terminal *t)
{
    for (time_t end = now_s() + PATIENCE_S; t->ended < 0; take(t, 100))
        if (now_s() > end)
            give_up(t, "the end");
    catch_up(t);
    return t->ended;
}

/* -- how it is left ------------------------------------------------------------------------------------------------ */

/* ESC [ ? N h, with no l after it. A terminal begins with its cursor shown (25), and text wraps at its edge (7). */
static bool modes_are_first_ones(const struct terminal *t)
{
    bool on[3000] = {[7] = true, [25] = true}, same = true;
    struct span bytes = str_span(&t->bytes);
    ptrdiff_t at = 0;
    while ((at = span_find(bytes, SPAN("\x1b[?"), (size_t)at)) >= 0) {
        char *end = NULL;
        long mode = strtol(bytes.s + at + 3, &end, 10);
        if (mode > 0 && mode < 3000 && (*end == 'h' || *end == 'l'))
            on[mode] = *end == 'h';
        at += 3;
    }
    for (int mode = 0; mode < 3000; mode++) {
        if (on[mode] == (mode == 7 || mode == 25))
            continue;
        print_error("mode %d is left %s\n", mode, on[mode] ? "on" : "off");
        same = false;
    }
    return same;
}

static bool settings_are_first_ones(const struct terminal *t)
{
    struct termios after;
    bool same = tcgetattr(t->slave, &after) == 0 && after.c_iflag == t->before.c_iflag && after.c_oflag == t->before.c_oflag &&
                after.c_cflag == t->before.c_cflag && after.c_lflag == t->before.c_lflag &&
                !memcmp(after.c_cc, t->before.c_cc, sizeof after.c_cc);
    if (!same)
        print_error("the settings are not those of before\n");
    return same;
}

bool terminal_is_restored(const struct terminal *t)
{
    bool modes = modes_are_first_ones(t), settings = settings_are_first_ones(t);
    if (t->alternate)
        print_error("the alternate screen is still shown\n");
    return modes && settings && !t->alternate;
}

void terminal_check_restored(const struct terminal *t)
{
    assert_true(terminal_is_restored(t));
}
