#include "core/i18n.h"
#include "core/mem.h"
#include "net/address.h"
#include "net/dialect.h"
#include "net/flow.h"
#include "net/transfer.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX       (8u << 20)
#define MODELS_MAX     5000
#define MODEL_NAME_MAX 256

/* One question under way. */
struct ask {
    struct net *net;
    struct transfer *transfer;
    const struct dialect *dialect;
    struct fault_place place;
    struct str label, body;
    bool https;
    struct server server; /* to ask it a second time */
    int limit_ms;
    struct answer answer;
};

static void ask_free(struct ask *a)
{
    transfer_free(a->transfer);
    str_release(&a->label);
    str_release(&a->body);
    server_release(&a->server);
    answer_release(&a->answer);
    free(a);
}

static void on_drop(void *ctx)
{
    ask_free(ctx);
}

static bool on_data(void *ctx, struct span bytes)
{
    struct ask *a = ctx;
    return str_try_add(&a->body, bytes) ||
           err_set(&a->transfer->err, ERR_LIMIT,
                   _("%s sent more than 8 MB instead of a list of models. Check the server's address."),
                   a->place.server);
}

/* A line of add_model(), its name cleaned; what is no name is left out. */
static bool take_model(struct answer *a, struct span line)
{
    struct str name = {0};
    const char *tab = memchr(line.s, '\t', line.len);
    struct span raw = span_cut(line, 0, tab ? (size_t)(tab - line.s) : line.len);
    int64_t holds = 0;
    flow_whole(&name, raw);
    secret_redact(&name);
    bool ok = name.len > 0 && name.len <= MODEL_NAME_MAX;
    for (size_t i = 0; i < name.len; i++)
        ok = ok && (unsigned char)name.s[i] >= ' ';
    if (ok)
        str_printf(&a->models, "%s\n", str_text(&name));
    if (ok && tab && span_integer(span_cut(line, raw.len + 1, line.len), &holds) && holds <= SERVER_CONTEXT_MAX)
        str_printf(&a->contexts, "%s\t%lld\n", str_text(&name), (long long)holds);
    str_release(&name);
    return ok;
}

int models_context(struct span contexts, struct span model)
{
    struct span line;
    while (span_line(&contexts, &line)) {
        int64_t holds = 0;
        if (line.len > model.len && span_equal(span_cut(line, 0, model.len), model) && line.s[model.len] == '\t' &&
            span_integer(span_cut(line, model.len + 1, line.len), &holds))
            return (int)holds;
    }
    return 0;
}

static bool read_models(struct ask *a)
{
    struct str raw = {0};
    struct json *root = json_parse(str_span(&a->body));
    bool ok = root && a->dialect->models(root, &raw);
    struct span rest = str_span(&raw), line = {"", 0};
    for (int count = 0; ok && count < MODELS_MAX && span_line(&rest, &line);)
        count += take_model(&a->answer, line);
    json_free(root);
    str_release(&raw);
    return ok;
}

static void read_times(struct ask *a, const struct transfer *t)
{
    int *ms = a->answer.ms;
    ms[ASK_NAME] = transfer_ms(t, CURLINFO_NAMELOOKUP_TIME_T);
    ms[ASK_CONNECT] = transfer_ms(t, CURLINFO_CONNECT_TIME_T);
    ms[ASK_TLS] = a->https ? transfer_ms(t, CURLINFO_APPCONNECT_TIME_T) : -1;
    ms[ASK_ANSWER] = transfer_ms(t, CURLINFO_STARTTRANSFER_TIME_T);
}

/* The step at which a transfer without an answer stood still. */
static enum ask_step step_of(const struct ask *a, const struct transfer *t)
{
    if (a->answer.ms[ASK_NAME] < 0)
        return ASK_NAME;
    if (t->code == CURLE_COULDNT_CONNECT || (a->answer.ms[ASK_CONNECT] < 0 && !transfer_connected(t)))
        return ASK_CONNECT;
    return a->https && a->answer.ms[ASK_TLS] < 0 ? ASK_TLS : ASK_ANSWER;
}

static bool fail(struct ask *a, enum ask_step step)
{
    a->answer.reached = step;
    a->answer.ok = false;
    for (int i = (int)step; i < ASK_STEPS; i++)
        a->answer.ms[i] = -1;
    return false;
}

static bool judge(struct ask *a, const struct transfer *t)
{
    struct err *e = &a->answer.err;
    int status = t->heads.status;
    if (t->err.kind == ERR_NONE && status >= 200 && status < 300 && a->body.len == 0) {
        fault_empty(e, &a->place);
        return fail(a, ASK_MODELS);
    }
    if (t->err.kind && (status < 300 || !a->body.len)) {
        *e = t->err;
        return fail(a, step_of(a, t));
    }
    if (status < 200 || status >= 300) {
        fault_http(e, &t->heads, str_span(&a->body), &a->place);
        return fail(a, status == 401 || status == 403 ? ASK_KEY : status == 404 ? ASK_MODELS : ASK_ANSWER);
    }
    a->answer.ms[ASK_KEY] = a->answer.ms[ASK_ANSWER];
    if (!read_models(a)) {
        if (span_trim(str_span(&a->body)).s[0] == '<')
            fault_page(e, str_span(&a->body), &a->place);
        else
            fault_strange(e, str_span(&a->body), &a->place);
        return fail(a, ASK_MODELS);
    }
    a->answer.ms[ASK_MODELS] = transfer_ms(t, CURLINFO_TOTAL_TIME_T);
    a->answer.reached = ASK_STEPS;
    a->answer.ok = true;
    return true;
}

static void finish(struct ask *a)
{
    net_add_answer(a->net, &a->answer);
    ask_free(a);
}

/* What a server of one model tells of it; where it tells nothing the answer is none the worse. */
static void on_props(void *ctx, struct transfer *t)
{
    struct ask *a = ctx;
    struct json *root = t->heads.status == 200 ? json_parse(str_span(&a->body)) : NULL;
    struct span rest = str_span(&a->answer.models), line = {0};
    int64_t holds = a->dialect->holds(root);
    if (holds > 0 && holds <= SERVER_CONTEXT_MAX) {
        str_clear(&a->answer.contexts);
        while (span_line(&rest, &line))
            str_printf(&a->answer.contexts, "%.*s\t%lld\n", SPAN_ARG(line), (long long)holds);
    }
    json_free(root);
    finish(a);
}

static bool get(struct ask *a, const char *path, void (*over)(void *, struct transfer *), struct err *e)
{
    struct secret key = {0};
    struct str url = {0};
    if (!secret_fetch(&a->server, &key, e))
        return false;
    address_add(&url, a->server.url, a->dialect->version, path, SPAN(""));
    a->place = (struct fault_place){.server = str_text(&a->label), .model = "", .has_key = key.key.len};
    struct transfer_plan plan = {.url = str_text(&url),
                                 .server = &a->server,
                                 .place = a->place,
                                 .key = key.key,
                                 .key_head = a->dialect->key_head,
                                 .extra_head = a->dialect->extra_head,
                                 .accept = "application/json",
                                 .limit_ms = a->limit_ms,
                                 .data = on_data,
                                 .over = over,
                                 .drop = on_drop,
                                 .ctx = a};
    a->transfer = transfer_start(a->net, &plan, e);
    str_release(&url);
    return a->transfer;
}

static void on_over(void *ctx, struct transfer *t)
{
    struct ask *a = ctx;
    read_times(a, t);
    bool more = judge(a, t) && a->dialect->props;
    if (more) {
        transfer_free(t);
        a->transfer = NULL;
        str_clear(&a->body);
    }
    if (!more || !get(a, a->dialect->props, on_props, NULL))
        finish(a);
}

bool net_ask(struct net *n, const struct server *server, int64_t ticket, int limit_ms, struct err *e)
{
    struct url_parts parts = {0};
    if (!url_split(server->url, &parts, e) || !net_open(n, e))
        return false;
    struct ask *a = mem_new(1, sizeof *a);
    a->net = n;
    a->dialect = dialect_of(server->dialect);
    a->https = parts.https;
    a->limit_ms = limit_ms;
    a->answer.ticket = ticket;
    server_copy(&a->server, server);
    str_init(&a->body, LIST_MAX);
    url_label(server->url, &a->label);
    bool ok = get(a, a->dialect->list, on_over, e);
    if (!ok)
        ask_free(a);
    return ok;
}
