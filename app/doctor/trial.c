#include "app/doctor/trial.h"
#include "app/engine/compose.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>

#define TRY_TOKENS 16 /* some models think before they write, and some refuse fewer */
#define TRY_US     60000000

struct trial {
    struct source *source;
    struct source_queue queue;
    struct request request;
    struct str name; /* of the server */
    struct err err;
    int64_t start_us;
    int ms;
    bool begun, came, over;
};

static void build(struct request *req, const struct server *s, struct span first)
{
    struct generation what = {0};
    struct piece piece;
    piece_init(&piece);
    request_init(req);
    dials_default(&req->dials);
    dial_set(&req->dials, DIAL_MAX_TOKENS, TRY_TOKENS);
    dial_off(&req->dials, DIAL_TEMPERATURE);
    req->stream = true;
    compose_toward(req, s);
    compose_ask(req, &what, &piece, -1, SPAN("Say: well."), false);
    compose_for_server(req, s);
    if (!req->model.len)
        str_set(&req->model, first);
    generation_release(&what);
    piece_release(&piece);
}

struct trial *trial_new(struct net *net, const struct server *s, struct span first)
{
    struct trial *t = mem_new(1, sizeof *t);
    build(&t->request, s, first);
    str_add_text(&t->name, s->name);
    t->source = net_source_new(net, s);
    return t;
}

void trial_free(struct trial *t)
{
    if (!t)
        return;
    t->source->ops->free(t->source);
    source_queue_release(&t->queue);
    request_release(&t->request);
    str_release(&t->name);
    free(t);
}

bool trial_wants_terminal(const struct trial *t)
{
    return net_source_wants_terminal(t->source);
}

void trial_start(struct trial *t)
{
    CHECK(!t->begun);
    t->begun = true;
    t->start_us = clock_now_us();
    t->over = !t->source->ops->start(t->source, 1, &t->request, &t->queue, NULL, &t->err);
}

static int64_t left_us(const struct trial *t)
{
    return t->start_us + TRY_US - clock_now_us();
}

/* A thought is a token as well. */
static void read_event(struct trial *t, const struct source_event *ev)
{
    if (ev->kind == SOURCE_TEXT || ev->kind == SOURCE_REASONING) {
        t->ms = (int)((clock_now_us() - t->start_us) / 1000);
        t->came = t->over = true;
    } else if (ev->kind == SOURCE_FAILED && !t->err.kind) {
        t->err = ev->err;
    }
    t->over = t->over || ev->kind == SOURCE_DONE;
}

bool trial_step(struct trial *t)
{
    struct source_event ev;
    while (!t->over && source_queue_pop(&t->queue, &ev)) {
        read_event(t, &ev);
        source_event_release(&ev);
    }
    t->over = t->over || left_us(t) <= 0;
    if (t->over && !t->came && !t->err.kind)
        err_set(&t->err, ERR_NETWORK, "%s", _("No token came. Try again, or choose another model."));
    return t->over;
}

int trial_wait_ms(const struct trial *t)
{
    int64_t left = t->over ? 0 : left_us(t);
    return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

const struct err *trial_err(const struct trial *t)
{
    static const struct err none;
    return t->came ? &none : &t->err;
}

int trial_ms(const struct trial *t)
{
    return t->ms;
}

const char *trial_model(const struct trial *t)
{
    return t->request.model.len ? str_text(&t->request.model) : str_text(&t->name);
}
