/* For tests: an HTTP server on 127.0.0.1 that does what a function of the test says, one thread for each connection. */
#ifndef RENGA_TESTS_NET_TINY_SERVER_H
#define RENGA_TESTS_NET_TINY_SERVER_H

#include "core/str.h"
#include <pthread.h>

struct visit {
    struct tiny_server *server;
    int fd;
    struct str head, body; /* of the request */
};

struct tiny_server {
    int fd, port;
    void (*serve)(struct visit *v);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int visits;                  /* requests read so far */
    int open;                    /* being served now */
    int gone;                    /* clients that went away while visit_wait_gone() looked */
    struct str heads, last_body; /* of all requests; of the last one */
};

void tiny_start(struct tiny_server *s, void (*serve)(struct visit *));
void tiny_stop(struct tiny_server *s);
int tiny_free_port(void); /* where nothing listens */
void visit_send(struct visit *v, struct span bytes);
void visit_send_text(struct visit *v, const char *text);
void visit_wait_gone(struct visit *v);                 /* until the client closes */
void visit_wait_open(struct visit *v, int count);      /* until so many requests have been read in all */
void visit_reset(struct visit *v);                     /* the next close sends a reset */
bool tiny_wait_gone(struct tiny_server *s, int count); /* from the test: false after 10 s */

#define SSE_HEAD    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
#define DELTA(text) "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define FINISH      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"

#endif
