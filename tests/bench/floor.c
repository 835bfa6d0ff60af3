/* The floor to measure the desk against, the least that streams into ncurses: floor PORT MODEL TAKES.
 *
 * A pane for what comes, a line to type in; ^G sends it, q quits. It keeps nothing, breaks lines where the row ends,
 * shows the first take alone and believes every word of tests/server/fake_server. */
#include <arpa/inet.h>
#include <curses.h>
#include <locale.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_US 16667 /* at most 60 frames a second */

static const char *port, *model, *takes;

struct reply {
    int fd; /* -1: none is under way */
    size_t held;
    char bytes[1 << 16]; /* what is not a whole line yet */
};

struct screen {
    WINDOW *pane, *input;
    char prompt[256];
    size_t len;
    bool changed;
    int64_t painted_us;
};

static int64_t now_us(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* -- the server ---------------------------------------------------------------------------------------------------- */

static void ask(struct reply *r, const char *prompt)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char body[1024], request[2048];
    address.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    snprintf(body, sizeof body,
             "{\"model\":\"%s\",\"n\":%s,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}", model,
             takes, prompt);
    int len = snprintf(request, sizeof request,
                       "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       strlen(body), body);
    r->held = 0;
    r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (r->fd < 0 || connect(r->fd, (struct sockaddr *)&address, sizeof address) ||
        write(r->fd, request, (size_t)len) != len)
        exit(1);
}

/* The text of one event, its escapes as they are but for newlines. */
static void show_event(struct screen *s, const char *line)
{
    static const char field[] = "\"content\":\"";
    const char *at = strstr(line, "\"index\":0,") ? strstr(line, field) : NULL;
    for (at = at ? at + sizeof field - 1 : ""; *at && *at != '"';) {
        bool newline = !strncmp(at, "\\n", 2);
        size_t len = newline ? 2 : *at == '\\' && at[1] ? 2 : 1 + strcspn(at + 1, "\\\"");
        waddnstr(s->pane, newline ? "\n" : at, newline ? 1 : (int)len);
        at += len;
        s->changed = true;
    }
}

static void read_reply(struct reply *r, struct screen *s)
{
    char *line = r->bytes, *end = NULL;
    ssize_t count = read(r->fd, r->bytes + r->held, sizeof r->bytes - r->held);
    if (count <= 0) {
        close(r->fd);
        r->fd = -1;
        return;
    }
    r->held += (size_t)count;
    for (; (end = memchr(line, '\n', r->held)); line = end + 1) {
        *end = '\0';
        r->held -= (size_t)(end + 1 - line);
        if (!strncmp(line, "data: ", 6))
            show_event(s, line);
    }
    memmove(r->bytes, line, r->held);
}

/* -- the screen ---------------------------------------------------------------------------------------------------- */

static void paint(struct screen *s)
{
    wnoutrefresh(s->pane);
    wnoutrefresh(s->input);
    doupdate();
    s->changed = false;
    s->painted_us = now_us();
}

static void open_screen(struct screen *s)
{
    setlocale(LC_CTYPE, "");
    initscr();
    raw();
    noecho();
    mvaddstr(LINES - 1, 0, "q quit");
    s->pane = newwin(LINES - 2, COLS, 0, 0);
    s->input = newwin(1, COLS, LINES - 2, 0);
    scrollok(s->pane, TRUE);
    idlok(s->pane, TRUE);
    nodelay(s->input, TRUE);
    waddstr(s->input, "> ");
    wnoutrefresh(stdscr);
    paint(s);
}

/* False: quit. */
static bool take_key(struct screen *s, struct reply *r, int key)
{
    bool clear = key == ('G' & 0x1F);
    if (clear && r->fd < 0)
        ask(r, s->prompt);
    if (clear)
        s->len = 0;
    else if (key == 0x7F && s->len)
        s->len--;
    else if (key >= ' ' && key < 0x7F && s->len + 1 < sizeof s->prompt)
        s->prompt[s->len++] = (char)key;
    s->prompt[s->len] = '\0';
    mvwaddstr(s->input, 0, 2, s->prompt);
    wclrtoeol(s->input);
    return key != 'q';
}

int main(int argc, char **argv)
{
    static struct screen s;
    static struct reply r = {.fd = -1};
    if (argc < 4)
        return 2;
    port = argv[1];
    model = argv[2];
    takes = argv[3];
    open_screen(&s);
    for (bool stays = true; stays;) {
        struct pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {r.fd, POLLIN, 0}};
        int64_t due_us = s.painted_us + FRAME_US - now_us();
        poll(waits, 2, !s.changed ? -1 : due_us > 0 ? (int)((due_us + 999) / 1000) : 0);
        if (waits[1].revents)
            read_reply(&r, &s);
        for (int key; waits[0].revents && (key = wgetch(s.input)) != ERR; paint(&s))
            stays = stays && take_key(&s, &r, key);
        if (waits[0].revents & POLLHUP)
            break;
        if (s.changed && now_us() >= s.painted_us + FRAME_US)
            paint(&s);
    }
    endwin();
    return 0;
}
