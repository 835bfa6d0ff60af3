#include "tiny_server.h"
#include "core/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int listen_at_any(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 64) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&at, &len) == 0);
    *port = ntohs(at.sin_port);
    return fd;
}

int tiny_free_port(void)
{
    int port = 0;
    close(listen_at_any(&port));
    return port;
}

static size_t content_length(const struct str *head)
{
    const char *found = strcasestr(str_text(head), "\r\nContent-Length:");
    return found ? strtoul(found + 17, NULL, 10) : 0;
}

static bool read_request(struct visit *v)
{
    char bytes[65536];
    ptrdiff_t end = -1;
    while (end < 0 || v->head.len < (size_t)end + 4 + content_length(&v->head)) {
        ssize_t got = recv(v->fd, bytes, sizeof bytes, 0);
        if (got <= 0)
            return false;
        str_add(&v->head, (struct span){bytes, (size_t)got});
        end = span_find(str_span(&v->head), SPAN("\r\n\r\n"), 0);
    }
    str_set(&v->body, span_cut(str_span(&v->head), (size_t)end + 4, v->head.len));
    str_cut(&v->head, (size_t)end + 2);
    return true;
}

static void change(struct tiny_server *s, int *counter, int by)
{
    pthread_mutex_lock(&s->lock);
    *counter += by;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static void *serve_visit(void *arg)
{
    struct visit *v = arg;
    struct tiny_server *s = v->server;
    if (read_request(v)) {
        pthread_mutex_lock(&s->lock);
        str_add(&s->heads, str_span(&v->head));
        str_set(&s->last_body, str_span(&v->body));
        s->visits++;
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
        s->serve(v);
    }
    close(v->fd);
    str_release(&v->head);
    str_release(&v->body);
    free(v);
    change(s, &s->open, -1);
    return NULL;
}

static void *accept_all(void *arg)
{
    struct tiny_server *s = arg;
    for (;;) {
        pthread_t thread;
        int fd = accept(s->fd, NULL, NULL);
        if (fd < 0)
            return NULL;
        struct visit *v = mem_new(1, sizeof *v);
        *v = (struct visit){.server = s, .fd = fd};
        change(s, &s->open, 1);
        CHECK(pthread_create(&thread, NULL, serve_visit, v) == 0);
        pthread_detach(thread);
    }
}

void tiny_start(struct tiny_server *s, void (*serve)(struct visit *))
{
    *s = (struct tiny_server){.serve = serve};
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->fd = listen_at_any(&s->port);
    CHECK(pthread_create(&s->thread, NULL, accept_all, s) == 0);
}

/* Waits until *counter reaches `least`, at most 10 s. */
static bool wait_at_least(struct tiny_server *s, const int *counter, int least)
{
    struct timespec until;
    bool reached = true;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    pthread_mutex_lock(&s->lock);
    while (reached && *counter < least)
        reached = pthread_cond_timedwait(&s->changed, &s->lock, &until) == 0;
    pthread_mutex_unlock(&s->lock);
    return reached;
}

void tiny_stop(struct tiny_server *s)
{
    shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->fd);
    pthread_mutex_lock(&s->lock);
    while (s->open > 0)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    str_release(&s->heads);
    str_release(&s->last_body);
}

void visit_send(struct visit *v, struct span bytes)
{
    while (bytes.len) {
        ssize_t sent = send(v->fd, bytes.s, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes = span_cut(bytes, (size_t)sent, bytes.len);
    }
}

void visit_send_text(struct visit *v, const char *text)
{
    visit_send(v, span_of(text));
}

void visit_wait_gone(struct visit *v)
{
    char byte;
    while (recv(v->fd, &byte, 1, 0) > 0)
        ;
    change(v->server, &v->server->gone, 1);
}

void visit_wait_open(struct visit *v, int count)
{
    wait_at_least(v->server, &v->server->visits, count);
}

void visit_reset(struct visit *v)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(v->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool tiny_wait_gone(struct tiny_server *s, int count)
{
    return wait_at_least(s, &s->gone, count);
}
