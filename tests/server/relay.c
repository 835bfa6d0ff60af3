/* Ways to a server, for tests: passes every connection on to 127.0.0.1:PORT, whoever it was meant for.
 *
 *     relay socks PORT        prints its own port; speaks SOCKS5, and tells on standard error whom it was asked for
 *     relay proxy PORT        prints its own port; a proxy for plain http, and tells the line of each request
 *     relay unix PORT PATH    listens at a socket
 *
 * Each connection is a process of its own. The relay ends with its parent. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool take(int fd, void *bytes, size_t len)
{
    return recv(fd, bytes, len, MSG_WAITALL) == (ssize_t)len;
}

static bool give(int fd, const void *bytes, size_t len)
{
    return send(fd, bytes, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static int go_to(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at))
        _exit(1);
    return fd;
}

static void pass_on(int from, int to)
{
    struct pollfd ends[] = {{.fd = from, .events = POLLIN}, {.fd = to, .events = POLLIN}};
    static char bytes[1 << 16];
    while (poll(ends, 2, -1) > 0)
        for (int i = 0; i < 2; i++) {
            ssize_t n = ends[i].revents ? recv(ends[i].fd, bytes, sizeof bytes, 0) : 0;
            if (ends[i].revents && (n <= 0 || !give(ends[1 - i].fd, bytes, (size_t)n)))
                return;
        }
}

/* Greeting without a password, CONNECT to a name (type 3) or an address (type 1). */
static void shake_hands(int fd)
{
    static const char agreed[] = {5, 0}, connected[] = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    unsigned char head[4], len = 4, port[2];
    char name[256] = "";
    if (!take(fd, head, 2) || !take(fd, name, head[1]) || !give(fd, agreed, sizeof agreed) || !take(fd, head, 4))
        _exit(1);
    if ((head[3] == 3 && !take(fd, &len, 1)) || !take(fd, name, len) || !take(fd, port, 2))
        _exit(1);
    name[len] = '\0';
    fprintf(stderr, "%s %s:%d\n", head[3] == 3 ? "name" : "address", head[3] == 3 ? name : inet_ntoa(*(struct in_addr *)name),
            port[0] << 8 | port[1]);
    if (!give(fd, connected, sizeof connected))
        _exit(1);
}

static void tell_request(int fd)
{
    char line[1000];
    ssize_t n = recv(fd, line, sizeof line - 1, MSG_PEEK);
    line[n > 0 ? n : 0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    fprintf(stderr, "%s\n", line);
}

static int listen_at(const char *path)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un named = {.sun_family = AF_UNIX};
    socklen_t len = sizeof any;
    int fd = socket(path ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
    if (path)
        snprintf(named.sun_path, sizeof named.sun_path, "%s", path);
    const struct sockaddr *at = path ? (const struct sockaddr *)&named : (const struct sockaddr *)&any;
    if (fd < 0 || bind(fd, at, path ? (socklen_t)sizeof named : len) || listen(fd, 16))
        exit(1);
    if (!path && getsockname(fd, (struct sockaddr *)&any, &len) == 0)
        printf("%d\n", ntohs(any.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    int server = (int)strtol(argv[2], NULL, 10), door = listen_at(argc > 3 ? argv[3] : NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGCHLD, SIG_IGN);
    for (int fd = accept(door, NULL, NULL); fd >= 0; fd = accept(door, NULL, NULL)) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            if (!strcmp(argv[1], "socks"))
                shake_hands(fd);
            if (!strcmp(argv[1], "proxy"))
                tell_request(fd);
            pass_on(fd, go_to(server));
            _exit(0);
        }
        close(fd);
    }
    return 1;
}
