#include "app/doctor/ping.h"
#include "core/clock.h"
#include "core/i18n.h"

#define ASK_MS   8000
#define WAIT_MS  200

/* A server with every step, or in one line when it is well. */
static void tell(struct doctor *d, const struct server *s, const struct ping *p, int64_t took_ms)
{
    struct str text = {0};
    str_printf(&text, _("%s has a fault. Step by step:"), s->name);
    if (ping_failed(p) < PING_STEPS)
        doctor_tell(d, &(struct finding){.check = d->check, .server = s->name, .verdict = VERDICT_NOTE, .ms = -1, .text = str_text(&text)});
    for (int i = 0; ping_failed(p) < PING_STEPS && i < PING_TOKEN; i++)
        doctor_tell(d, &(struct finding){.check = ping_step_names[i], .server = s->name, .verdict = p->verdicts[i], .ms = p->ms[i],
                                         .text = str_text(&p->texts[i])});
    if (ping_failed(p) == PING_STEPS) {
        str_clear(&text);
        str_printf(&text, _("%s answers. %s"), s->name, str_text(&p->texts[PING_MODEL]));
        doctor_tell(d, &(struct finding){.check = d->check, .server = s->name, .verdict = VERDICT_WELL, .ms = (int)took_ms,
                                         .text = str_text(&text)});
    }
    str_release(&text);
}

static void ask(struct doctor *d, struct net *net, const struct server *s)
{
    struct answer answer = {0};
    struct ping ping = {0};
    struct err err = {0};
    int64_t start = clock_now_us();
    if (net_ask(net, s, 1, ASK_MS, &err)) {
        while (!net_next_answer(net, &answer)) {
            net_wait(net, NULL, 0, WAIT_MS);
            net_step(net);
        }
        ping_read(&ping, s, &answer);
    } else {
        ping_refused(&ping, s, &err);
    }
    tell(d, s, &ping, (clock_now_us() - start) / 1000);
    ping_release(&ping);
    answer_release(&answer);
}

void check_servers(struct doctor *d)
{
    const struct config *c = d->config;
    struct net *net = net_new();
    if (c->server_count == 1)
        doctor_say(d, VERDICT_WELL, _("None is set up; the muse writes. renga servers and F2 tell more."));
    for (int i = 1; i < c->server_count && !d->enough; i++)
        if (server_is_exposed(&c->servers[i]))
            doctor_say(d, VERDICT_NOTE, _("%s is reached by plain http and is not asked before you say so: put “insecure = yes” below "
                                          "[server %s] in the config, or use https://."), c->servers[i].name, c->servers[i].name);
        else
            ask(d, net, &c->servers[i]);
    net_free(net);
}
