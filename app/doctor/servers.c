#include "app/doctor/ping.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>

#define ASK_MS 8000

/* A server that is asked. All wait for their answers at once; they are told of in the order of the config. */
struct question_of {
    struct server server;
    int64_t ticket;      /* 0: it was not asked */
    int took_ms;
    bool answered;
    struct ping ping;
};

struct questions {
    struct question_of *list;
    int count, asked, told;
};

void questions_free(struct questions *q)
{
    if (!q)
        return;
    for (int i = 0; i < q->count; i++) {
        server_release(&q->list[i].server);
        ping_release(&q->list[i].ping);
    }
    free(q->list);
    free(q);
}

/* -- telling -------------------------------------------------------------------------------------------------------------------------- */

static void tell_steps(struct doctor *d, const struct server *s, const struct ping *p)
{
    struct str text = {0};
    str_printf(&text, _("%s has a fault. Step by step:"), s->name);
    doctor_tell(d, &(struct finding){.check = d->check, .server = s->name, .verdict = VERDICT_NOTE, .ms = -1, .text = str_text(&text)});
    for (int i = 0; i < PING_TOKEN; i++)
        doctor_tell(d, &(struct finding){.check = ping_step_names[i], .server = s->name, .verdict = p->verdicts[i], .ms = p->ms[i],
                                         .text = str_text(&p->texts[i])});
    str_release(&text);
}

static void tell_well(struct doctor *d, const struct question_of *q)
{
    struct str text = {0};
    str_printf(&text, _("%s answers. %s"), q->server.name, str_text(&q->ping.texts[PING_MODEL]));
    doctor_tell(d, &(struct finding){.check = d->check, .server = q->server.name, .verdict = VERDICT_WELL, .ms = q->took_ms,
                                     .text = str_text(&text)});
    str_release(&text);
}

/* With every step, or in one line when it is well. */
static void tell(struct doctor *d, const struct question_of *q)
{
    if (server_is_exposed(&q->server))
        doctor_say(d, VERDICT_NOTE, _("%s is reached by plain http and is not asked before you say so: put “insecure = yes” below "
                                      "[server %s] in the config, or use https://."), q->server.name, q->server.name);
    else if (ping_failed(&q->ping) < PING_STEPS)
        tell_steps(d, &q->server, &q->ping);
    else
        tell_well(d, q);
}

/* -- asking --------------------------------------------------------------------------------------------------------------------------- */

void check_servers(struct doctor *d)
{
    const struct config *c = d->config;
    struct questions *q = d->questions = mem_new(1, sizeof *q);
    q->count = c->server_count - 1; /* the first is the muse */
    q->list = mem_new((size_t)q->count + 1, sizeof *q->list);
    for (int i = 0; i < q->count; i++)
        server_copy(&q->list[i].server, &c->servers[i + 1]);
    if (!q->count)
        doctor_say(d, VERDICT_WELL, _("None is set up; the muse writes. renga servers and F2 tell more."));
}

static void ask(struct doctor *d, struct question_of *q)
{
    struct err err = {0};
    q->answered = server_is_exposed(&q->server);
    if (!q->answered && !d->ask(d->ctx, &q->server, ASK_MS, &q->ticket, &err)) {
        ping_refused(&q->ping, &q->server, &err);
        q->answered = true;
    }
}

/* One is asked at each look: a key's command may take its time. */
bool check_servers_answered(struct doctor *d)
{
    struct questions *q = d->questions;
    if (q->asked < q->count)
        ask(d, &q->list[q->asked++]);
    for (; q->told < q->asked && q->list[q->told].answered && !d->enough; q->told++)
        tell(d, &q->list[q->told]);
    return q->told == q->count;
}

bool questions_answer(struct doctor *d, const struct answer *a)
{
    for (int i = 0; i < d->questions->asked; i++) {
        struct question_of *q = &d->questions->list[i];
        if (!q->ticket || q->ticket != a->ticket || q->answered)
            continue;
        q->took_ms = a->ms[ASK_MODELS] >= 0 ? a->ms[ASK_MODELS] : a->ms[ASK_ANSWER];
        ping_read(&q->ping, &q->server, a);
        q->answered = true;
        return true;
    }
    return false;
}
