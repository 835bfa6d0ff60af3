/* One HTTP request and its answer's bytes, within bounds of size and time. Knows no dialect; what the bytes mean is its
 * owner's. */
#ifndef RENGA_NET_TRANSFER_H
#define RENGA_NET_TRANSFER_H

#include "net/fault.h"
#include "net/heads.h"
#include "net/multi.h"
#include "net/secret.h"

/* What to send. Borrowed for transfer_start(), but for `place`, which lives as long as the transfer. */
struct transfer_plan {
    const char *url;
    const struct server *server; /* time-outs and CA file */
    struct fault_place place;
    struct span key;  /* empty: none is sent */
    const char *key_head, *extra_head; /* the head line that carries the key, up to it; one more line, NULL: none */
    struct span body; /* s NULL: a GET */
    const char *accept;
    int limit_ms; /* for all of it, 0: none */
    /* Bytes of the answer, decoded; t->heads is complete. False ends the transfer. Only appends, frees nothing. */
    bool (*data)(void *ctx, struct span bytes);
    /* Called from net_step() after data() has set t->nudged: what must not be done while libcurl is at work. May be NULL. */
    void (*nudge)(void *ctx);
    /* The transfer is over, t->err says why if it went wrong. Called from net_step() once; may free the transfer. */
    void (*over)(void *ctx, struct transfer *t);
    void (*drop)(void *ctx); /* the whole network ends first; may be NULL */
    void *ctx;
};

struct transfer {
    struct net *net; /* NULL once the network has ended */
    const struct curl_api *api;
    CURL *easy;
    struct curl_slist *lines;
    struct str body;
    struct transfer_plan plan;
    struct heads heads;
    struct err err;
    CURLcode code;
    int connect_ms, first_ms, idle_ms;
    int64_t begun_us;
    int64_t last_us; /* when the last bytes came, 0: none have */
    int64_t in_line_us; /* when it last stood in line, 0: it has not */
    bool by_socket, by_proxy; /* the way there that the config names */
    bool joined;     /* the multi handle has it */
    bool over, told;
    bool nudged;
    char detail[CURL_ERROR_SIZE];
};

struct transfer *transfer_start(struct net *n, const struct transfer_plan *plan, struct err *e);
void transfer_free(struct transfer *t);
/* Ends it now and closes its connection; `over` is told at the next step. */
void transfer_stop(struct transfer *t, const struct err *why);
void transfer_close(struct transfer *t); /* only the connection */
/* From the loop: what libcurl says of its end. */
void transfer_finish(struct transfer *t, CURLcode code);
/* It stands in line behind another that the server is answering now: it has as much time again. */
void transfer_in_line(struct transfer *t);
/* When it must be over or have moved on, clock_now_us(); INT64_MAX: never. */
int64_t transfer_deadline_us(const struct transfer *t);
void transfer_time_out(struct transfer *t);
/* Milliseconds from the start to a moment that libcurl keeps (CURLINFO_…_TIME_T), -1 while it has not come. */
int transfer_ms(const struct transfer *t, CURLINFO moment);
bool transfer_connected(const struct transfer *t); /* a socket stands, whether or not TLS does */

bool fault_head(struct err *e, const char *server) __attribute__((cold)); /* the head of the answer is too long */
/* Why libcurl gave up, as a sentence. */
bool fault_transfer(struct err *e, CURLcode code, const char *detail, const struct transfer *t) __attribute__((cold));

#endif
