#include "stage.h"
#include "core/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void stage_open(struct stage *g, void (*serve)(struct visit *))
{
    memset(g, 0, sizeof *g);
    tiny_start(&g->tiny, serve);
    server_init(&g->server);
    stage_set_url(g, g->tiny.port, "");
    server_set_text(&g->server.model, SPAN("poet-2"));
    g->net = net_new();
    request_init(&g->request);
    request_add_turn(&g->request, ROLE_USER, SPAN("Write."));
    g->request.stream = true;
    outcome_init(&g->outcome);
}

void stage_set_url(struct stage *g, int port, const char *path)
{
    struct str url = {0};
    str_printf(&url, "http://127.0.0.1:%d%s", port, path);
    server_set_text(&g->server.url, str_span(&url));
    str_release(&url);
}

void stage_start(struct stage *g, int64_t run, struct str *body)
{
    struct err err = {0};
    if (!g->source)
        g->source = net_source_new(g->net, &g->server);
    if (!g->source->ops->start(g->source, run, &g->request, &g->queue, body, &err))
        fail_msg("start: %s", err.text);
}

void stage_step(struct stage *g)
{
    net_wait(g->net, NULL, 0, 10000);
    net_step(g->net);
    outcome_take(&g->outcome, &g->queue);
}

void stage_finish(struct stage *g)
{
    int64_t until = clock_now_us() + 20000000;
    while (!g->outcome.done) {
        if (clock_now_us() > until)
            fail_msg("the run does not end");
        stage_step(g);
    }
    assert_false(net_step(g->net));
}

void stage_run(struct stage *g)
{
    stage_start(g, 1, NULL);
    stage_finish(g);
}

void stage_again(struct stage *g)
{
    outcome_release(&g->outcome);
    outcome_init(&g->outcome);
    stage_run(g);
}

void stage_close(struct stage *g)
{
    if (g->source)
        g->source->ops->free(g->source);
    net_free(g->net);
    tiny_stop(&g->tiny);
    source_queue_release(&g->queue);
    request_release(&g->request);
    server_release(&g->server);
    outcome_release(&g->outcome);
}

bool holds(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}
