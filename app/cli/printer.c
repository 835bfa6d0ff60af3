#include "app/cli/printer.h"
#include "core/display.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void printer_init(struct printer *p, int fd)
{
    *p = (struct printer){.fd = fd, .terminal = isatty(fd)};
}

void printer_release(struct printer *p)
{
    printer_flush(p);
    str_release(&p->held);
}

/* A cluster that nothing can join any more: what most text is made of must not wait for what follows it. */
static bool stands_alone(const struct glyph *g)
{
    return g->kind == GLYPH_NEWLINE || (g->bytes == 1 && g->base >= ' ') || (g->base >= 0x2E80 && g->base <= 0x9FFF);
}

size_t printer_text(struct printer *p, struct span text, bool last)
{
    struct glyph g;
    size_t at = 0;
    if (!p->terminal) {
        str_add(&p->held, text);
        return text.len;
    }
    for (; at < text.len; at += (size_t)g.bytes) {
        display_glyph(text, at, 0, &g);
        if (!last && at + (size_t)g.bytes >= text.len && !stands_alone(&g))
            break;
        if (g.kind == GLYPH_NEWLINE)
            str_add_byte(&p->held, '\n');
        else
            str_add(&p->held, (struct span){g.text, (size_t)g.text_len});
    }
    return at;
}

void printer_line(struct printer *p, struct span text)
{
    if (p->terminal)
        display_line(&p->held, text, -1);
    else
        str_add(&p->held, text);
}

void printer_say(struct printer *p, const char *text)
{
    str_add_text(&p->held, text);
}

void printer_format(struct printer *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_vprintf(&p->held, format, args);
    va_end(args);
}

void printer_style(struct printer *p, int sgr)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool plain = (no_color && *no_color) || !term || !strcmp(term, "dumb");
    if (p->terminal && !plain)
        str_printf(&p->held, "\x1b[%dm", sgr);
}

bool printer_flush(struct printer *p)
{
    size_t done = 0;
    while (done < p->held.len && !p->broken) {
        ssize_t n = write(p->fd, p->held.s + done, p->held.len - done);
        if (n < 0 && errno == EINTR)
            break;
        if (n < 0 && errno == EAGAIN) { /* someone else made the terminal non-blocking */
            if (poll(&(struct pollfd){.fd = p->fd, .events = POLLOUT}, 1, -1) < 0)
                break;
            continue;
        }
        p->broken = n < 0;
        p->why = n < 0 ? errno : 0;
        done += n < 0 ? 0 : (size_t)n;
    }
    str_splice(&p->held, 0, p->broken ? p->held.len : done, SPAN(""));
    return p->held.len == 0 && !p->broken;
}

int printer_columns(const struct printer *p)
{
    struct winsize size = {0};
    if (!p->terminal)
        return 0;
    return ioctl(p->fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}
