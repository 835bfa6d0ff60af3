#include "net/transfer.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

/* -- callbacks: they only append --------------------------------------------------------------- */

static size_t on_head(char *bytes, size_t size, size_t count, void *ctx)
{
    struct transfer *t = ctx;
    size_t len = size * count;
    if (heads_line(&t->heads, (struct span){bytes, len}, clock_wall_ms()))
        return len;
    (void)fault_head(&t->err, t->plan.place.server);
    return 0;
}

static size_t on_data(char *bytes, size_t size, size_t count, void *ctx)
{
    struct transfer *t = ctx;
    size_t len = size * count;
    t->last_us = clock_now_us();
    return t->plan.data(t->plan.ctx, (struct span){bytes, len}) ? len : 0;
}

/* -- setting up -------------------------------------------------------------------------------- */

/* libcurl copies each line, so the key's copy is wiped in transfer_free(). */
static bool add_line(struct transfer *t, const char *line)
{
    struct curl_slist *more = t->api->list_add(t->lines, line);
    if (more)
        t->lines = more;
    return more;
}

static bool add_lines(struct transfer *t)
{
    struct str line = {0};
    str_printf(&line, "Accept: %s", t->plan.accept);
    bool ok = add_line(t, str_text(&line)) && add_line(t, "Expect:");
    if (ok && t->plan.body.s)
        ok = add_line(t, "Content-Type: application/json");
    if (ok && t->plan.extra_head)
        ok = add_line(t, t->plan.extra_head);
    if (ok && t->plan.key.len) {
        str_clear(&line);
        const char *header = t->plan.server->key_header;
        str_printf(&line, "%s%s%.*s", header ? header : t->plan.key_head, header ? ": " : "", SPAN_ARG(t->plan.key));
        ok = add_line(t, str_text(&line));
    }
    secret_wipe(line.s, line.len);
    str_release(&line);
    return ok;
}

static bool set_text(struct transfer *t, CURLoption option, const char *value)
{
    return t->api->easy_set(t->easy, option, value) == CURLE_OK;
}

static bool set_number(struct transfer *t, CURLoption option, long value)
{
    return t->api->easy_set(t->easy, option, value) == CURLE_OK;
}

static bool set_pointer(struct transfer *t, CURLoption option, void *value)
{
    return t->api->easy_set(t->easy, option, value) == CURLE_OK;
}

static bool set_callbacks(struct transfer *t)
{
    const struct curl_api *api = t->api;
    return set_pointer(t, CURLOPT_PRIVATE, t) && set_pointer(t, CURLOPT_ERRORBUFFER, t->detail) &&
           set_pointer(t, CURLOPT_HEADERDATA, t) && set_pointer(t, CURLOPT_WRITEDATA, t) &&
           api->easy_set(t->easy, CURLOPT_HEADERFUNCTION, on_head) == CURLE_OK &&
           api->easy_set(t->easy, CURLOPT_WRITEFUNCTION, on_data) == CURLE_OK;
}

/* A redirect would carry the prompt to a stranger, and a proxy must not see what goes to this machine. */
static bool set_safety(struct transfer *t, bool loopback)
{
    const struct server *server = t->plan.server;
    const char *proxy = server->proxy ? server->proxy : loopback || server->unix_socket ? "" : NULL;
    set_number(t, CURLOPT_QUICK_EXIT, 1); /* since 7.87: a name that resolves slowly does not hold up cancelling */
    return set_text(t, CURLOPT_PROTOCOLS_STR, "http,https") && set_number(t, CURLOPT_FOLLOWLOCATION, 0) &&
           set_number(t, CURLOPT_NOSIGNAL, 1) && set_number(t, CURLOPT_SSL_VERIFYPEER, 1) &&
           set_number(t, CURLOPT_SSL_VERIFYHOST, 2) && set_number(t, CURLOPT_NETRC, CURL_NETRC_IGNORED) &&
           set_number(t, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1) && (!proxy || set_text(t, CURLOPT_PROXY, proxy)) &&
           (!server->unix_socket || set_text(t, CURLOPT_UNIX_SOCKET_PATH, server->unix_socket)) &&
           (!server->ca_file || set_text(t, CURLOPT_CAINFO, server->ca_file));
}

static bool set_request(struct transfer *t)
{
    bool ok = set_text(t, CURLOPT_URL, t->plan.url) && set_text(t, CURLOPT_USERAGENT, "renga/" RENGA_VERSION) &&
              set_text(t, CURLOPT_ACCEPT_ENCODING, "") && set_number(t, CURLOPT_BUFFERSIZE, 65536) &&
              set_number(t, CURLOPT_CONNECTTIMEOUT_MS, t->connect_ms) && add_lines(t) &&
              set_pointer(t, CURLOPT_HTTPHEADER, t->lines);
    if (!ok || !t->plan.body.s)
        return ok;
    str_add(&t->body, t->plan.body);
    return t->api->easy_set(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.len) == CURLE_OK &&
           set_text(t, CURLOPT_POSTFIELDS, str_text(&t->body));
}

static void enlist(struct transfer *t)
{
    struct net *n = t->net;
    ARRAY_ROOM(n->transfers, n->transfer_count, n->transfer_cap);
    n->transfers[n->transfer_count++] = t;
}

struct transfer *transfer_start(struct net *n, const struct transfer_plan *plan, struct err *e)
{
    struct url_parts parts = {0};
    if (!url_split(plan->url, &parts, e) || !net_open(n, e))
        return NULL;
    struct transfer *t = mem_new(1, sizeof *t);
    t->net = n;
    t->api = n->api;
    t->plan = *plan;
    t->connect_ms = plan->server->connect_ms;
    t->first_ms = plan->server->first_ms;
    t->idle_ms = plan->server->idle_ms;
    t->by_socket = plan->server->unix_socket;
    t->by_proxy = plan->server->proxy;
    t->begun_us = clock_now_us();
    t->easy = n->api->easy_init();
    heads_init(&t->heads);
    enlist(t);
    t->joined = t->easy && set_callbacks(t) && set_safety(t, parts.loopback) && set_request(t) &&
                n->api->multi_add(n->multi, t->easy) == CURLM_OK;
    if (!t->joined) {
        err_set(e, ERR_NETWORK, _("libcurl does not take the request for %s. Check the server's address and CA file."),
                plan->place.server);
        transfer_free(t);
        return NULL;
    }
    t->plan.url = NULL;
    t->plan.body = t->plan.key = (struct span){0};
    t->plan.server = NULL;
    return t;
}

/* -- the end ----------------------------------------------------------------------------------- */

static void leave(struct transfer *t)
{
    struct net *n = t->net;
    for (int i = 0; n && i < n->transfer_count; i++)
        if (n->transfers[i] == t) {
            memmove(n->transfers + i, n->transfers + i + 1, (size_t)(n->transfer_count - i - 1) * sizeof *n->transfers);
            n->transfer_count--;
            return;
        }
}

static void wipe_lines(struct curl_slist *lines)
{
    for (struct curl_slist *line = lines; line; line = line->next)
        secret_wipe(line->data, strlen(line->data));
}

void transfer_close(struct transfer *t)
{
    if (t->joined)
        t->api->multi_remove(t->net->multi, t->easy);
    t->joined = false;
}

void transfer_free(struct transfer *t)
{
    const struct curl_api *api = t ? t->api : NULL;
    if (!t)
        return;
    transfer_close(t);
    if (t->easy)
        api->easy_cleanup(t->easy);
    wipe_lines(t->lines);
    api->list_free(t->lines);
    leave(t);
    heads_release(&t->heads);
    str_release(&t->body);
    free(t);
}

void transfer_stop(struct transfer *t, const struct err *why)
{
    if (t->over)
        return;
    t->over = true;
    t->err = *why;
    transfer_close(t);
}

void transfer_finish(struct transfer *t, CURLcode code)
{
    if (t->over)
        return;
    t->over = true;
    t->code = code;
    if (code != CURLE_OK && t->err.kind == ERR_NONE)
        fault_transfer(&t->err, code, t->detail, t);
}

/* -- time -------------------------------------------------------------------------------------- */

int transfer_ms(const struct transfer *t, CURLINFO moment)
{
    curl_off_t us = 0;
    if (!t->easy || t->api->easy_get(t->easy, moment, &us) != CURLE_OK || us <= 0)
        return -1;
    return (int)(us / 1000);
}

/* The moment of connecting is told only once TLS stands, too: the socket's own port tells of it sooner. */
bool transfer_connected(const struct transfer *t)
{
    long port = 0;
    return t->easy && t->api->easy_get(t->easy, CURLINFO_LOCAL_PORT, &port) == CURLE_OK && port > 0;
}

void transfer_in_line(struct transfer *t)
{
    t->in_line_us = clock_now_us();
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t transfer_deadline_us(const struct transfer *t)
{
    int64_t due = INT64_MAX;
    int sent_ms = t->last_us ? 0 : transfer_ms(t, CURLINFO_PRETRANSFER_TIME_T);
    if (t->last_us)
        due = later(t->last_us, t->in_line_us) + (int64_t)t->idle_ms * 1000;
    else if (sent_ms >= 0)
        due = later(t->begun_us + (int64_t)sent_ms * 1000, t->in_line_us) + (int64_t)t->first_ms * 1000;
    int64_t limit = t->begun_us + (int64_t)t->plan.limit_ms * 1000;
    return t->plan.limit_ms > 0 && limit < due ? limit : due;
}

void transfer_time_out(struct transfer *t)
{
    const char *server = t->plan.place.server;
    struct err err = {0};
    if (t->plan.limit_ms > 0 && clock_now_us() >= t->begun_us + (int64_t)t->plan.limit_ms * 1000)
        err_set(&err, ERR_NETWORK, _("%s did not answer within %d ms."), server, t->plan.limit_ms);
    else if (t->last_us)
        err_set(&err, ERR_NETWORK,
                _("%s has sent nothing for %d s, so the stream was closed. What came is kept; raise idle_timeout if "
                  "the model pauses."),
                server, t->idle_ms / 1000);
    else
        err_set(&err, ERR_NETWORK,
                _("%s took the request but sent nothing for %d s. The model may be loading: try again, or raise "
                  "first_timeout."),
                server, t->first_ms / 1000);
    transfer_stop(t, &err);
}
