/* Streams three takes from a server that others wrote and lists its models: against URL [DIALECT [MODEL]]. Exit status
 * 0 when all came. */
#include "core/clock.h"
#include "net/net.h"

#include <stdio.h>
#include <string.h>

#define TAKES 3

struct seen {
    size_t bytes[TAKES];
    int over, texts;
    bool done, failed;
};

static void see(struct seen *s, const struct source_event *ev)
{
    if (ev->kind == SOURCE_TEXT) {
        s->bytes[ev->take] += ev->text.len;
        s->texts++;
        printf("take %d: %.*s\n", ev->take, SPAN_ARG(str_span(&ev->text)));
    }
    if (ev->kind == SOURCE_TAKE_DONE)
        s->over++;
    if (ev->kind == SOURCE_FAILED) {
        printf("take %d failed: %s\n", ev->take, ev->err.text);
        s->failed = true;
    }
    if (ev->kind == SOURCE_DONE) {
        printf("usage: %lld %lld\n", (long long)ev->usage.prompt_tokens, (long long)ev->usage.completion_tokens);
        s->done = true;
    }
}

static bool stream(struct net *net, const struct server *server)
{
    struct source *source = net_source_new(net, server);
    struct source_queue queue = {0};
    struct source_event ev = {0};
    struct request req;
    struct seen seen = {0};
    struct err err = {0};
    int64_t until = clock_now_us() + 30000000;
    request_init(&req);
    str_set(&req.prompt, SPAN("Write one line about rain."));
    request_add_turn(&req, ROLE_USER, SPAN("Write one line about rain."));
    dial_set(&req.dials, DIAL_TAKES, TAKES);
    req.stream = true;
    if (!source->ops->start(source, 1, &req, &queue, NULL, &err)) {
        printf("%s\n", err.text);
        seen.failed = true;
    }
    while (!seen.done && !seen.failed && clock_now_us() < until) {
        net_wait(net, NULL, 0, 1000);
        net_step(net);
        while (source_queue_pop(&queue, &ev)) {
            see(&seen, &ev);
            source_event_release(&ev);
        }
    }
    source->ops->free(source);
    source_queue_release(&queue);
    request_release(&req);
    return seen.done && !seen.failed && seen.over == TAKES && seen.bytes[0] && seen.bytes[1] && seen.bytes[2];
}

static bool list(struct net *net, const struct server *server)
{
    struct answer a = {0};
    struct err err = {0};
    if (!net_ask(net, server, 1, 10000, &err)) {
        printf("%s\n", err.text);
        return false;
    }
    while (!net_next_answer(net, &a)) {
        net_wait(net, NULL, 0, 1000);
        net_step(net);
    }
    printf("%s%s\n", a.ok ? "models:\n" : "", a.ok ? str_text(&a.models) : a.err.text);
    bool ok = a.ok && a.models.len > 0;
    answer_release(&a);
    return ok;
}

int main(int argc, char **argv)
{
    struct server server;
    int failed = 1;
    if (argc < 2) {
        fprintf(stderr, "usage: against URL [DIALECT [MODEL]]\n");
        return 2;
    }
    server_init(&server);
    server_set_text(&server.url, span_of(argv[1]));
    server_set_text(&server.model, span_of(argc > 3 ? argv[3] : ""));
    if (argc > 2 && !dialect_parse(span_of(argv[2]), &server.dialect))
        return 2;
    struct net *net = net_new();
    bool streamed = stream(net, &server), listed = list(net, &server);
    failed = streamed && listed ? 0 : 1;
    net_free(net);
    server_release(&server);
    return failed;
}
