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
    const struct dialect *teller; /* in which it tells more of its model; NULL: in none */
    struct fault_place place;
    struct str label, body;
    bool https;
    struct server server; /* to ask it a second time */
    int limit_ms;
    int telling; /* which of the questions about its model is under way */
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

struct model_told answer_told(const struct answer *a, struct span model)
{
    struct model_told told = {0};
    struct span list = str_span(&a->models);
    if (!model.len && !span_line(&list, &model))
        return told;
    if (span_equal(str_span(&a->told_of), model))
        told = a->told;
    if (!told.context)
        told.context = models_context(str_span(&a->contexts), model);
    return told;
}

/* What speaks OpenAI's dialect may be a server that has one of its own, says so in its list, and tells in that. */
static const struct dialect *teller_of(const struct dialect *d, const struct json *list)
{
    static const struct {
        const char *owner;
        const struct dialect *dialect;
    } owners[] = {{"llamacpp", &dialect_llamacpp}, {"koboldcpp", &dialect_koboldcpp}};
    struct span owner = SPAN("");
    if (d->tells)
        return d;
    json_get_text(json_first(json_get(list, "data")), "owned_by", &owner);
    for (size_t i = 0; i < COUNT_OF(owners); i++)
        if (span_is(owner, owners[i].owner))
            return owners[i].dialect;
    return NULL;
}

static bool read_models(struct ask *a)
{
    struct str raw = {0};
    struct json *root = json_parse(str_span(&a->body));
    bool ok = root && a->dialect->models(root, &raw);
    a->teller = ok ? teller_of(a->dialect, root) : NULL;
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

static bool put(struct ask *a, const struct dialect *d, const char *path, struct span body, void (*over)(void *, struct transfer *), struct err *e)
{
    struct secret key = {0};
    struct str url = {0};
    if (!secret_fetch(&a->server, &key, e))
        return false;
    address_add(&url, a->server.url, d->version, path, SPAN(""));
    a->place = (struct fault_place){.server = str_text(&a->label), .model = "", .has_key = key.key.len};
    struct transfer_plan plan = {.url = str_text(&url),
                                 .server = &a->server,
                                 .place = a->place,
                                 .key = key.key,
                                 .key_head = a->dialect->key_head,
                                 .extra_head = a->dialect->extra_head,
                                 .body = body,
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

/* -- more of the model in use ---------------------------------------------------------------------- */

static void on_told(void *ctx, struct transfer *t);

/* The next question about the model; false when there is none left. */
static bool ask_more(struct ask *a)
{
    const struct dialect *d = a->teller;
    struct str body = {0};
    if (!d || a->telling == (int)COUNT_OF(d->tells_at) || !d->tells_at[a->telling] || a->answer.told_of.len == 0)
        return false;
    if (d->tells_by_name) {
        str_add_byte(&body, '{');
        write_text_field(&body, "model", str_span(&a->answer.told_of));
        str_add_byte(&body, '}');
    }
    transfer_free(a->transfer);
    a->transfer = NULL;
    str_clear(&a->body);
    bool sent = put(a, d, d->tells_at[a->telling++], d->tells_by_name ? str_span(&body) : (struct span){NULL, 0}, on_told, NULL);
    str_release(&body);
    return sent;
}

/* The list may know what a model could hold; of its only one, whatever its names, the server tells what it really does. */
static void keep_context(struct answer *a, bool only_one)
{
    struct span rest = only_one ? str_span(&a->models) : str_span(&a->told_of), line = {0};
    if (only_one)
        str_clear(&a->contexts);
    while (span_line(&rest, &line))
        str_printf(&a->contexts, "%.*s\t%d\n", SPAN_ARG(line), a->told.context);
}

static void on_told(void *ctx, struct transfer *t)
{
    struct ask *a = ctx;
    struct json *root = t->heads.status == 200 && !t->err.kind ? json_parse(str_span(&a->body)) : NULL;
    if (root)
        a->teller->tells(root, &a->answer.told);
    json_free(root);
    if (ask_more(a))
        return;
    if (a->answer.told.context)
        keep_context(&a->answer, !a->teller->tells_by_name);
    finish(a);
}

static void choose_model(struct ask *a)
{
    struct span rest = str_span(&a->answer.models), first = SPAN("");
    span_line(&rest, &first);
    str_set(&a->answer.told_of, *a->server.model ? span_of(a->server.model) : first);
}

bool net_tells(const struct server *server)
{
    return !server_is_muse(server) && dialect_of(server->dialect)->tells;
}

static void on_over(void *ctx, struct transfer *t)
{
    struct ask *a = ctx;
    read_times(a, t);
    bool ok = judge(a, t);
    if (ok && a->teller)
        choose_model(a);
    if (!ok || !ask_more(a))
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
    bool ok = put(a, a->dialect, a->dialect->list, (struct span){NULL, 0}, on_over, e);
    if (!ok)
        ask_free(a);
    return ok;
}
