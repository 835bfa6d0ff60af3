/* A server as a source, from inside: what its requests are written from. Knows no transfer; the runs are source_http.c's own. */
#ifndef RENGA_NET_SOURCE_HTTP_H
#define RENGA_NET_SOURCE_HTTP_H

#include "core/server.h"
#include "core/source.h"
#include "net/lessons.h"
#include "net/secret.h"

struct net;
struct run;

struct http_source {
    struct source base;
    struct net *net;
    struct server server;
    struct secret key;
    struct str label;       /* host and port, for sentences */
    bool singly;            /* known not to take n, whatever the model: one request for each take */
    struct lessons lessons;
    const struct prefill *prefill; /* prefill_of() */
    int64_t served_us;      /* when those that wait were last told so */
    struct run **runs;
    int run_count, run_cap;
};

struct span source_model(const struct http_source *s, const struct request *req);
/* How many takes one request asks for. */
int source_takes_each(const struct http_source *s, const struct request *req);
/* `begun` becomes the request with the answer begun, where this server and model take that. */
bool source_begins_answer(const struct http_source *s, const struct request *req, struct request *begun);
/* Appends the body of the request for `takes` takes from `first` on, and where it goes. */
void source_body(const struct http_source *s, const struct request *req, int first, int takes, struct str *out);
void source_address(const struct http_source *s, const struct request *req, struct str *out);

#endif
