#include "app/cli/asking.h"
#include "app/engine/remember.h"
#include "app/stop.h"
#include "core/clock.h"
#include "core/i18n.h"

#define MUSE_US 20000 /* that the muse computes between two looks at signals */

void asking_begin(struct asking *a, struct cli *cli, const struct server *server, struct store *store)
{
    *a = (struct asking){.net = net_new(), .muse = muse_new(cli->paths.muse, cli->paths.voices)};
    a->source = remember_source(store, a->net, a->muse, server);
    engine_init(&a->engine, a->net, store);
    stop_listen();
}

void asking_end(struct asking *a)
{
    engine_release(&a->engine);
    a->source->ops->free(a->source);
    muse_free(a->muse);
    net_free(a->net);
}

static int sooner(int a, int b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

void asking_turn(struct asking *a, int limit_ms)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
    bool stopping = stop_signal() != 0;
    int wait = muse_busy(a->muse) ? 0 : stopping ? 1 : sooner(limit_ms, sooner(engine_wait_ms(&a->engine), net_deadline_ms(a->net)));
    net_wait(a->net, &stop, stopping ? 0 : 1, wait);
    net_step(a->net);
    muse_step(a->muse, MUSE_US);
    engine_step(&a->engine);
}

void asking_note(void *ctx, struct job *r, struct span text)
{
    (void)r;
    cli_note(ctx, "renga: %.*s", SPAN_ARG(text));
}

void asking_waiting(void *ctx, struct job *r)
{
    int64_t seconds = (r->retry_us - clock_now_us() + 999999) / 1000000;
    cli_note(ctx, _("%s It is asked again in %lld s; Ctrl-C ends it."), r->err.text, (long long)seconds);
}
