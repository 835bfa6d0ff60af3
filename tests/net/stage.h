/* For tests: one server of our own, one source that speaks with it, one run. */
#ifndef RENGA_TESTS_NET_STAGE_H
#define RENGA_TESTS_NET_STAGE_H

#include "net/net.h"
#include "outcome.h"
#include "tiny_server.h"

struct stage {
    struct tiny_server tiny;
    struct server server;
    struct net *net;
    struct source *source;
    struct source_queue queue;
    struct request request;
    struct outcome outcome;
};

void stage_open(struct stage *g, void (*serve)(struct visit *));
void stage_close(struct stage *g);
void stage_set_url(struct stage *g, int port, const char *path);
void stage_start(struct stage *g, int64_t run, struct str *body);
void stage_step(struct stage *g);
void stage_finish(struct stage *g); /* steps until the run is over; fails the test after 20 s */
void stage_run(struct stage *g);
void stage_again(struct stage *g); /* another run with a fresh outcome */
bool holds(const char *text, const char *part);

#define ASSERT_HOLDS(text, part)                                                                                       \
    do {                                                                                                               \
        if (!holds((text), (part)))                                                                                    \
            fail_msg("“%s” is not in “%s”", (part), (text));                                                           \
    } while (0)

#endif
