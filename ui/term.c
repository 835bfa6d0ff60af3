#include "ui/term.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/painter.h"
#include "ui/restore.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum {
    WIDTH_MAX = 2000, /* beyond these a size is a mistake of the terminal's */
    HEIGHT_MAX = 1000,
    GIVE_BACK_MS = 500, /* how long the last bytes may take */
};

/* Our own modes; the order and the numbers are those of the byte audit in the tests. */
static const char modes_on[] = "\x1b[?2004h";
static const char modes_off[] = "\x1b[?2026l\x1b[?1002l\x1b[?1006l\x1b[?2004l";
static const char mouse_on[] = "\x1b[?1002h\x1b[?1006h";
static const char mouse_off[] = "\x1b[?1002l\x1b[?1006l";
static const char frame_begin[] = "\x1b[?2026h";
static const char frame_end[] = "\x1b[?2026l";

struct term {
    int fd;                  /* -1: null terminal */
    bool may_block;          /* fd is shared with the shell: asked before every read and write */
    bool entered;
    bool mouse;
    bool has_clipboard;      /* its kind skips OSC strings that it does not know */
    int w, h;
    struct painter *painter;
    struct termios original; /* the shell's settings */
    struct str leave;        /* what gives the screen back */
    struct str out;          /* bytes for the terminal, sent up to `sent` */
    size_t sent;
    bool lent;               /* to a child: its ^C and ^\ are not ours */
    struct sigaction on_interrupt, on_quit; /* as they were before */
};

static int clamp(int value, int max) { return value < 1 ? 1 : value > max ? max : value; }

static void ask_size(struct term *t)
{
    struct winsize size = {.ws_col = 0};
    if (ioctl(t->fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        size = (struct winsize){.ws_col = 80, .ws_row = 24};
    t->w = clamp(size.ws_col, WIDTH_MAX);
    t->h = clamp(size.ws_row, HEIGHT_MAX);
}

/* Opened anew, so that O_NONBLOCK does not reach the shell's description; failing that, a copy of standard input. */
static int open_terminal(bool *may_block)
{
    const char *const names[] = {"/dev/tty", ttyname(STDIN_FILENO), ttyname(STDOUT_FILENO)};
    *may_block = false;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        int fd = names[i] ? open(names[i], O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
        if (fd >= 0)
            return fd;
    }
    *may_block = true;
    return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
}

/* Every key reaches us as it is, ^C, ^Z, ^S and ^Q too; output is left alone, as ncurses expects here. */
static bool set_raw(struct term *t)
{
    struct termios raw = t->original;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON | IXOFF);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(t->fd, TCSANOW, &raw) == 0;
}

static bool enter(struct term *t, struct err *e)
{
    if (tcgetattr(t->fd, &t->original) != 0 || !set_raw(t))
        return err_set(e, ERR_IO, _("The terminal refuses its settings (%s). Try another one, or use `renga write`."),
                       strerror(errno));
    restore_arm(t->fd, &t->original, str_span(&t->leave));
    painter_enter(t->painter, &t->out);
    str_add_text(&t->out, modes_on);
    if (t->mouse)
        str_add_text(&t->out, mouse_on);
    t->entered = true;
    return true;
}

static bool wait_for(struct term *t, short events, int ms)
{
    struct pollfd p = {.fd = t->fd, .events = events};
    return poll(&p, 1, ms) > 0;
}

/* Gives the screen and the settings back, in this order, so that nothing of ours is echoed. */
static void leave(struct term *t)
{
    if (!t->entered)
        return;
    t->entered = false;
    str_add(&t->out, str_span(&t->leave));
    for (int tries = 0; term_pending(t) && tries < GIVE_BACK_MS / 10; tries++) {
        (void)wait_for(t, POLLOUT, 10);
        term_flush(t);
    }
    restore_disarm();
    tcsetattr(t->fd, TCSANOW, &t->original);
    str_clear(&t->out);
    t->sent = 0;
}

/* The kinds of terminal that are known to print an OSC string instead of skipping it. */
static bool knows_strings(const char *terminal)
{
    return strncmp(terminal, "linux", 5) != 0 && strncmp(terminal, "vt", 2) != 0 && !getenv("STY");
}

static bool make_painter(struct term *t, struct str *notice, struct err *e)
{
    static const char fallback[] = "xterm-256color";
    const char *terminal = getenv("TERM");
    terminal = terminal ? terminal : "";
    if (!strcmp(terminal, "dumb"))
        return err_set(e, ERR_IO, _("This terminal cannot place text (TERM=dumb). Use `renga write` instead."));
    t->has_clipboard = knows_strings(terminal);
    t->painter = *terminal ? painter_new(terminal, t->w, t->h) : NULL;
    if (t->painter)
        return true;
    t->painter = painter_new(fallback, t->w, t->h);
    if (!t->painter)
        return err_set(e, ERR_IO, _("The terminal “%s” is not known here. Install ncurses-base, or use `renga write`."),
                       *terminal ? terminal : fallback);
    if (notice)
        str_printf(notice, _("The terminal “%s” is not known here; it is taken as %s."), terminal, fallback);
    return true;
}

bool term_open(struct term **out, struct str *notice, struct err *e)
{
    struct term *t = mem_new(1, sizeof *t);
    t->fd = -1;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(e, ERR_IO, _("The desk needs a terminal. In a pipe use `renga write`."));
        goto fail;
    }
    t->fd = open_terminal(&t->may_block);
    if (t->fd < 0) {
        err_set(e, ERR_IO, _("The terminal cannot be opened (%s). Try another one, or use `renga write`."),
                strerror(errno));
        goto fail;
    }
    ask_size(t);
    if (!make_painter(t, notice, e))
        goto fail;
    str_add_text(&t->leave, modes_off);
    painter_leave(t->painter, &t->leave);
    if (!enter(t, e))
        goto fail;
    *out = t;
    return true;
fail:
    term_close(t);
    return false;
}

struct term *term_open_null(int w, int h)
{
    struct term *t = mem_new(1, sizeof *t);
    t->fd = -1;
    t->w = clamp(w, WIDTH_MAX);
    t->h = clamp(h, HEIGHT_MAX);
    return t;
}

void term_close(struct term *t)
{
    if (!t)
        return;
    leave(t);
    painter_free(t->painter);
    if (t->fd >= 0)
        close(t->fd);
    str_release(&t->out);
    str_release(&t->leave);
    free(t);
}

int term_fd(const struct term *t) { return t->fd; }

void term_size(const struct term *t, int *w, int *h)
{
    *w = t->w;
    *h = t->h;
}

bool term_update_size(struct term *t)
{
    int w = t->w, h = t->h;
    if (t->fd >= 0)
        ask_size(t);
    return t->w != w || t->h != h;
}

enum term_colours term_colours(const struct term *t) { return t->painter ? painter_colours(t->painter) : TERM_MONO; }

ptrdiff_t term_read(struct term *t, char *buf, size_t size)
{
    if (t->fd < 0 || (t->may_block && !wait_for(t, POLLIN, 0)))
        return 0;
    ssize_t n = read(t->fd, buf, size);
    if (n > 0)
        return n;
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

bool term_pending(const struct term *t) { return t->sent < t->out.len; }

void term_flush(struct term *t)
{
    while (term_pending(t) && !(t->may_block && !wait_for(t, POLLOUT, 0))) {
        ssize_t n = write(t->fd, t->out.s + t->sent, t->out.len - t->sent);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        /* A terminal that is gone takes no more; term_read() tells. */
        t->sent = n < 0 ? t->out.len : t->sent + (size_t)n;
    }
    if (term_pending(t))
        return;
    str_clear(&t->out);
    t->sent = 0;
}

bool term_present(struct term *t, const struct canvas *c)
{
    if (!t->painter || !t->entered)
        return true;
    term_flush(t);
    if (term_pending(t))
        return false;
    size_t begin = t->out.len;
    str_add_text(&t->out, frame_begin);
    size_t first = t->out.len;
    painter_frame(t->painter, c, &t->out);
    if (t->out.len == first)
        str_cut(&t->out, begin);
    else
        str_add_text(&t->out, frame_end);
    term_flush(t);
    return true;
}

void term_redraw(struct term *t)
{
    if (t->painter)
        painter_redraw(t->painter);
}

static void send_text(struct term *t, const char *text)
{
    if (!t->entered)
        return;
    str_add_text(&t->out, text);
    term_flush(t);
}

void term_mouse(struct term *t, bool on)
{
    if (t->mouse != on)
        send_text(t, on ? mouse_on : mouse_off);
    t->mouse = on;
}

static void add_base64(struct str *out, struct span data)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *byte = (const unsigned char *)data.s;
    for (size_t i = 0; i < data.len; i += 3) {
        size_t have = data.len - i;
        unsigned bits = (unsigned)byte[i] << 16;
        bits |= have > 1 ? (unsigned)byte[i + 1] << 8 : 0;
        bits |= have > 2 ? byte[i + 2] : 0;
        str_add_byte(out, digits[bits >> 18]);
        str_add_byte(out, digits[bits >> 12 & 63]);
        str_add_byte(out, have > 1 ? digits[bits >> 6 & 63] : '=');
        str_add_byte(out, have > 2 ? digits[bits & 63] : '=');
    }
}

void term_copy(struct term *t, struct span text)
{
    if (!t->entered || !t->has_clipboard || text.len > TERM_COPY_MAX)
        return;
    str_add_text(&t->out, "\x1b]52;c;");
    add_base64(&t->out, text);
    send_text(t, "\x1b\\");
}

static void stay(int number) { (void)number; }

/* Keys that interrupt go to the whole group. They are caught, not ignored: a child would inherit that. */
static void lend_signals(struct term *t)
{
    struct sigaction ours = {.sa_handler = stay, .sa_flags = SA_RESTART};
    if (t->lent)
        return;
    t->lent = true;
    sigaction(SIGINT, &ours, &t->on_interrupt);
    sigaction(SIGQUIT, &ours, &t->on_quit);
}

static void take_signals_back(struct term *t)
{
    if (!t->lent)
        return;
    t->lent = false;
    sigaction(SIGINT, &t->on_interrupt, NULL);
    sigaction(SIGQUIT, &t->on_quit, NULL);
}

void term_leave(struct term *t)
{
    leave(t);
    if (t->fd >= 0)
        lend_signals(t);
}

bool term_return(struct term *t, struct err *e)
{
    take_signals_back(t);
    if (t->fd < 0 || t->entered)
        return true;
    ask_size(t);
    return enter(t, e);
}

void term_suspend(struct term *t)
{
    struct sigaction old, usual = {.sa_handler = SIG_DFL};
    sigset_t stop, mask;
    if (t->fd < 0)
        return;
    leave(t);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &usual, &old);
    pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
    kill(0, SIGTSTP); /* the whole group, as the shell's own ^Z does */
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &old, NULL);
    if (!term_return(t, NULL))
        str_clear(&t->out); /* the terminal is gone: term_read() tells */
}
