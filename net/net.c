#include "net/net.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "net/transfer.h"

#include <stdlib.h>
#include <string.h>

struct net *net_new(void)
{
    return mem_new(1, sizeof(struct net));
}

bool net_open(struct net *n, struct err *e)
{
    if (n->multi)
        return true;
    n->api = curl_load(e);
    if (!n->api)
        return false;
    n->multi = n->api->multi_init();
    return n->multi || err_set(e, ERR_NETWORK, _("libcurl could not begin. Start renga again."));
}

bool net_versions(struct str *out, struct err *e)
{
    const struct curl_api *api = curl_load(e);
    if (api)
        str_add_text(out, api->version());
    return api;
}

static void part_from(struct transfer *t)
{
    transfer_close(t);
    t->net = NULL;
    if (t->plan.drop)
        t->plan.drop(t->plan.ctx);
}

void net_free(struct net *n)
{
    if (!n)
        return;
    while (n->transfer_count)
        part_from(n->transfers[--n->transfer_count]);
    for (int i = 0; i < n->answer_count; i++)
        answer_release(&n->answers[i]);
    if (n->multi)
        n->api->multi_cleanup(n->multi);
    free(n->transfers);
    free(n->answers);
    free(n);
}

/* -- waiting ----------------------------------------------------------------------------------- */

int net_deadline_ms(const struct net *n)
{
    int64_t due = INT64_MAX, now = clock_now_us();
    for (int i = 0; i < n->transfer_count; i++) {
        const struct transfer *t = n->transfers[i];
        int64_t at = !t->over ? transfer_deadline_us(t) : t->told ? INT64_MAX : now;
        due = at < due ? at : due;
    }
    if (due == INT64_MAX)
        return -1;
    int64_t ms = due <= now ? 0 : (due - now + 999) / 1000;
    return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

static short curl_events(short events)
{
    return (short)((events & POLLIN ? CURL_WAIT_POLLIN : 0) | (events & POLLPRI ? CURL_WAIT_POLLPRI : 0) |
                   (events & POLLOUT ? CURL_WAIT_POLLOUT : 0));
}

#define FDS_MAX 16

/* True when nothing came for the caller's own descriptors: the usual case while text streams in. One that is watched for nothing but a
 * hang-up always has to be asked. */
static bool only_transfers(struct pollfd *fds, const struct curl_waitfd *extra, int count)
{
    for (int i = 0; i < count; i++) {
        if (extra[i].revents || !fds[i].events)
            return false;
        fds[i].revents = 0;
    }
    return true;
}

int net_wait(struct net *n, struct pollfd *fds, int count, int timeout_ms)
{
    struct curl_waitfd extra[FDS_MAX];
    int deadline_ms = net_deadline_ms(n);
    CHECK(count <= FDS_MAX);
    if (n->transfer_count == 0)
        return poll(fds, (nfds_t)count, timeout_ms);
    for (int i = 0; i < count; i++)
        extra[i] = (struct curl_waitfd){.fd = fds[i].fd, .events = curl_events(fds[i].events)};
    int wait_ms = timeout_ms < 0 || (deadline_ms >= 0 && deadline_ms < timeout_ms) ? deadline_ms : timeout_ms;
    /* Without a limit curl still wakes for its own timers and whatever comes; a second more or less does not matter
     * then. */
    n->api->multi_poll(n->multi, extra, (unsigned)count, wait_ms < 0 ? 1000 : wait_ms, NULL);
    if (only_transfers(fds, extra, count))
        return 0;
    /* libcurl does not tell of hang-ups and errors: ask the kernel itself. */
    return poll(fds, (nfds_t)count, 0);
}

/* -- moving on --------------------------------------------------------------------------------- */

static void read_messages(struct net *n)
{
    int left = 0;
    for (CURLMsg *msg = n->api->multi_next(n->multi, &left); msg; msg = n->api->multi_next(n->multi, &left)) {
        struct transfer *t = NULL;
        if (msg->msg == CURLMSG_DONE && n->api->easy_get(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t) == CURLE_OK &&
            t)
            transfer_finish(t, msg->data.result);
    }
}

static void end_late(struct net *n)
{
    int64_t now = clock_now_us();
    for (int i = 0; i < n->transfer_count; i++)
        if (!n->transfers[i]->over && transfer_deadline_us(n->transfers[i]) <= now)
            transfer_time_out(n->transfers[i]);
}

static struct transfer *next_over(struct net *n)
{
    for (int i = 0; i < n->transfer_count; i++)
        if (n->transfers[i]->over && !n->transfers[i]->told)
            return n->transfers[i];
    return NULL;
}

/* An owner may start other transfers here. */
static void nudge_owners(struct net *n)
{
    for (int i = 0; i < n->transfer_count; i++) {
        struct transfer *t = n->transfers[i];
        if (!t->nudged)
            continue;
        t->nudged = false;
        t->plan.nudge(t->plan.ctx);
    }
}

bool net_step(struct net *n)
{
    int running = 0;
    if (n->transfer_count == 0)
        return false;
    n->api->multi_perform(n->multi, &running);
    read_messages(n);
    nudge_owners(n);
    end_late(n);
    /* An owner may free its transfer and start others: look anew each time. */
    for (struct transfer *t = next_over(n); t; t = next_over(n)) {
        t->told = true;
        t->plan.over(t->plan.ctx, t);
    }
    return n->transfer_count > 0;
}

/* -- answers ----------------------------------------------------------------------------------- */

void answer_release(struct answer *a)
{
    str_release(&a->models);
    str_release(&a->contexts);
    str_release(&a->told_of);
    memset(a, 0, sizeof *a);
}

void net_add_answer(struct net *n, struct answer *a)
{
    ARRAY_ROOM(n->answers, n->answer_count, n->answer_cap);
    n->answers[n->answer_count++] = *a;
    memset(a, 0, sizeof *a);
}

bool net_next_answer(struct net *n, struct answer *out)
{
    if (n->answer_count == 0)
        return false;
    *out = n->answers[0];
    memmove(n->answers, n->answers + 1, (size_t)--n->answer_count * sizeof *n->answers);
    return true;
}
