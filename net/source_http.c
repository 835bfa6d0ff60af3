#include "core/i18n.h"
#include "core/instruct.h"
#include "core/mem.h"
#include "net/address.h"
#include "net/prefill.h"
#include "net/reply.h"
#include "net/transfer.h"

#include <stdlib.h>
#include <string.h>

#define OLLAMA_PORT 11434 /* known not to take n */
#define LINGER_MS   500   /* a server that keeps the connection open after its last word is not waited for */

struct run;

/* One HTTP request of a run. */
struct part {
    struct run *run;
    struct transfer *transfer; /* NULL: over */
    struct reply reply;
    int lessons; /* the source's when it was sent */
    bool told;   /* its failure is in the queue, or does not matter */
};

struct run {
    int64_t id;
    struct http_source *source;
    struct source_queue *out;
    struct request request; /* kept for takes that must be asked for again */
    struct part **parts;
    int part_count, part_cap;
    bool cancelled;
};

struct lesson {
    struct str model;
    struct manners manners;
};

struct http_source {
    struct source base;
    struct net *net;
    struct server server;
    struct secret key;
    struct str label; /* host and port, for sentences */
    bool singly;      /* this server does not take n: one request for each take */
    struct lesson *learnt;  /* a row for each model that has refused something */
    int learnt_count, learnt_cap;
    int lessons;            /* how often something was learnt */
    const char *mark;       /* prefill_mark() */
    struct run **runs;
    int run_count, run_cap;
};

static struct http_source *http(struct source *s)
{
    return (struct http_source *)s;
}

/* -- writing ----------------------------------------------------------------------------------- */

static struct span model_of(const struct http_source *s, const struct request *req)
{
    return req->model.len ? str_span(&req->model) : span_of(s->server.model);
}

/* What is asked of a model behind a plain text may be put into the form it was trained on; a page that is gone on with stays as it is. */
static const struct instruct *form_of(const struct http_source *s, const struct request *req)
{
    return s->server.instruct && req->asked < req->prompt.len ? instruct_find(span_of(s->server.instruct)) : NULL;
}

static const struct manners *manners_of(const struct http_source *s, struct span model)
{
    static const struct manners none;
    for (int i = 0; i < s->learnt_count; i++)
        if (span_equal(str_span(&s->learnt[i].model), model))
            return &s->learnt[i].manners;
    return &none;
}

/* `begun` becomes the request with the answer begun, where this server and model take that. */
static bool begin_answer(const struct http_source *s, const struct request *req, struct request *begun)
{
    if (!s->mark || manners_of(s, model_of(s, req))->no_prefill)
        return false;
    request_copy(begun, req);
    return prefill_turn(begun);
}

static void write_body(const struct http_source *s, const struct request *req, int first, int takes, struct str *out)
{
    struct request begun = {0};
    bool is_begun = begin_answer(s, req, &begun);
    const struct instruct *form = form_of(s, req);
    struct str formed = {0};
    if (form)
        instruct_write(form, req, &formed);
    const struct wire wire = {.request = is_begun ? &begun : req,
                              .model = model_of(s, req),
                              .prompt = str_span(form ? &formed : &req->prompt),
                              .takes = takes,
                              .index = first,
                              .manners = manners_of(s, model_of(s, req)),
                              .mark = is_begun ? s->mark : NULL};
    dialect_of(s->server.dialect)->write(&wire, out);
    str_release(&formed);
    request_release(&begun);
}

static void add_address(const struct http_source *s, const struct request *req, struct str *out)
{
    const struct dialect *d = dialect_of(s->server.dialect);
    address_add(out, s->server.url, d->version, d->endpoint(req), model_of(s, req));
}

/* How many takes one request asks for. */
static int takes_each(const struct http_source *s, const struct request *req)
{
    bool takes_n = dial_table[DIAL_TAKES].wire[s->server.dialect] && !s->singly;
    return takes_n ? dials_takes(&req->dials) : 1;
}

/* -- runs and their parts ---------------------------------------------------------------------- */

static void part_free(struct part *p)
{
    transfer_free(p->transfer);
    reply_release(&p->reply);
    free(p);
}

static void run_free(struct run *r)
{
    for (int i = 0; i < r->part_count; i++)
        part_free(r->parts[i]);
    free(r->parts);
    request_release(&r->request);
    free(r);
}

static bool on_data(void *ctx, struct span bytes)
{
    struct part *p = ctx;
    bool more = reply_add(&p->reply, bytes);
    if (p->reply.complete && p->transfer->idle_ms > LINGER_MS)
        p->transfer->idle_ms = LINGER_MS;
    p->transfer->nudged = reply_alone(&p->reply);
    return more && !p->reply.enough;
}

static void on_nudge(void *ctx);
static void on_over(void *ctx, struct transfer *t);

static struct part *part_new(struct run *r, int first, int takes)
{
    struct http_source *s = r->source;
    struct part *p = mem_new(1, sizeof *p);
    p->run = r;
    p->lessons = s->lessons;
    struct request begun = {0};
    bool is_begun = begin_answer(s, &r->request, &begun);
    bool goes_on = dialect_of(s->server.dialect)->chats && r->request.asked == r->request.prompt.len;
    p->reply = (struct reply){.dialect = dialect_of(s->server.dialect),
                              .out = r->out,
                              .run = r->id,
                              .first = first,
                              .takes = takes,
                              .odds = r->request.logprobs > 0,
                              .stops = r->request.stops,
                              .stop_count = r->request.stop_count,
                              .part = true,
                              .page = goes_on && !is_begun ? str_span(&r->request.prompt) : SPAN(""),
                              .blank = is_begun ? prefill_blank(&r->request) : SPAN("")};
    p->reply.place = (struct fault_place){
        .server = str_text(&s->label), .model = model_of(s, &r->request).s, .has_key = s->key.key.len};
    reply_begin(&p->reply);
    request_release(&begun);
    ARRAY_ROOM(r->parts, r->part_count, r->part_cap);
    r->parts[r->part_count++] = p;
    return p;
}

/* Sends one request for `takes` takes from `first` on. What fails here is the part's error. */
static void part_start(struct run *r, int first, int takes)
{
    struct http_source *s = r->source;
    struct part *p = part_new(r, first, takes);
    struct str url = {0}, body = {0};
    write_body(s, &r->request, first, takes, &body);
    add_address(s, &r->request, &url);
    struct transfer_plan plan = {.url = str_text(&url),
                                 .server = &s->server,
                                 .place = p->reply.place,
                                 .key = s->key.key,
                                 .key_head = p->reply.dialect->key_head,
                                 .extra_head = p->reply.dialect->extra_head,
                                 .body = str_span(&body),
                                 .data = on_data,
                                 .nudge = on_nudge,
                                 .over = on_over,
                                 .ctx = p};
    plan.accept = r->request.stream ? "text/event-stream, application/json" : "application/json";
    p->transfer = transfer_start(s->net, &plan, &p->reply.err);
    if (p->transfer)
        p->reply.heads = &p->transfer->heads;
    str_release(&url);
    str_release(&body);
}

/* -- the end of a part ------------------------------------------------------------------------- */

static void push_failure(struct run *r, int take, const struct err *err)
{
    struct source_event ev = {.kind = SOURCE_FAILED, .run = r->id, .take = take, .err = *err};
    source_queue_push(r->out, &ev);
}

static bool run_any(const struct run *r)
{
    for (int i = 0; i < r->part_count; i++)
        if (r->parts[i]->reply.any)
            return true;
    return false;
}

static bool run_busy(const struct run *r)
{
    for (int i = 0; i < r->part_count; i++)
        if (r->parts[i]->transfer)
            return true;
    return false;
}

/* Each take of a failed part that is not over fails. */
static void tell_failure(struct part *p)
{
    const struct reply *reply = &p->reply;
    if (p->told || reply->err.kind == ERR_NONE)
        return;
    p->told = true;
    for (int i = 0; i < reply->takes; i++)
        if (!reply->take[i].over)
            push_failure(p->run, reply->first + i, &reply->err);
}

static int count_missing(const struct reply *reply)
{
    int count = 0;
    for (int i = 0; i < reply->takes; i++)
        count += reply_missing(reply, i);
    return count;
}

/* Asks for every missing take of a part on its own, now and in every later run. */
static void ask_singly(struct part *p)
{
    struct run *r = p->run;
    p->told = true;
    r->source->singly = true;
    for (int i = 0; i < p->reply.takes; i++)
        if (reply_missing(&p->reply, i))
            part_start(r, p->reply.first + i, 1);
}

/* A server that passes over n: the other takes are asked for now, so that all of them stream side by side. Should it write them after all,
 * one after another, they are passed over. */
static void on_nudge(void *ctx)
{
    struct part *p = ctx;
    int first = p->reply.first, takes = p->reply.takes;
    if (p->run->cancelled || !reply_alone(&p->reply))
        return;
    reply_keep(&p->reply, 1);
    p->run->source->singly = true;
    for (int i = 1; i < takes; i++)
        part_start(p->run, first + i, 1);
}

/* The row of a model; a new one where there is none. */
static struct manners *manners_for(struct http_source *s, struct span model)
{
    for (int i = 0; i < s->learnt_count; i++)
        if (span_equal(str_span(&s->learnt[i].model), model))
            return &s->learnt[i].manners;
    ARRAY_ROOM(s->learnt, s->learnt_count, s->learnt_cap);
    struct lesson *new = &s->learnt[s->learnt_count++];
    *new = (struct lesson){0};
    str_set(&new->model, model);
    return &new->manners;
}

static void push_note(struct run *r, const char *what)
{
    struct source_event ev = {.kind = SOURCE_NOTE, .run = r->id, .take = -1};
    str_printf(&ev.text, _("%s does not take “%s” for this model: it is left out from now on."), str_text(&r->source->label), what);
    source_queue_push(r->out, &ev);
}

static void push_stops_note(struct run *r)
{
    struct source_event ev = {.kind = SOURCE_NOTE, .run = r->id, .take = -1};
    str_printf(&ev.text, _("%s takes no stop words for this model: the text is cut at them here."), str_text(&r->source->label));
    source_queue_push(r->out, &ev);
}

/* What the writer asked for and does not get is not left out in silence. */
static void tell_lesson(struct run *r, const struct manners *before, const struct manners *now)
{
    for (int i = 0; i < DIAL_COUNT; i++)
        if (now->refused[i] && !before->refused[i] && r->request.dials.on[i])
            push_note(r, _(dial_table[i].label));
    if (now->no_stops && !before->no_stops && r->request.stop_count)
        push_stops_note(r);
}

/* A server that does not take a parameter is asked again without it, or by its other name. False: there was nothing to
 * learn. */
static bool ask_politely(struct part *p, const struct refusal *refused)
{
    struct run *r = p->run;
    struct http_source *s = r->source;
    struct span model = model_of(s, &r->request);
    if (p->reply.takes > 1 && refusal_is_of_takes(refused)) {
        ask_singly(p);
        return true;
    }
    struct manners *m = manners_for(s, model), before = *m;
    if (manners_learn(m, s->server.dialect, refused))
        s->lessons++;
    tell_lesson(r, &before, m);
    if (p->lessons == s->lessons) /* nor has another request learnt anything since this one was sent */
        return false;
    p->told = true;
    part_start(r, p->reply.first, p->reply.takes);
    return true;
}

/* What is to be done about takes that the server left out, or parameters that it refused. */
static void judge_part(struct part *p, const struct refusal *refused)
{
    struct reply *reply = &p->reply;
    int missing = count_missing(reply);
    if (refused->words.len && ask_politely(p, refused))
        return;
    if (reply->err.kind == ERR_NONE && missing > 0 && missing < reply->takes) {
        ask_singly(p);
        return;
    }
    if (reply->err.kind == ERR_NONE && missing > 0)
        fault_empty(&reply->err, &reply->place);
    if (run_any(p->run))
        tell_failure(p);
}

static void add_usage(struct usage *sum, const struct usage *one)
{
    if (one->prompt_tokens >= 0)
        sum->prompt_tokens = one->prompt_tokens + (sum->prompt_tokens > 0 ? sum->prompt_tokens : 0);
    if (one->completion_tokens >= 0)
        sum->completion_tokens = one->completion_tokens + (sum->completion_tokens > 0 ? sum->completion_tokens : 0);
}

static const struct err *first_failure(const struct run *r)
{
    for (int i = 0; i < r->part_count; i++)
        if (r->parts[i]->reply.err.kind && !r->parts[i]->told)
            return &r->parts[i]->reply.err;
    return NULL;
}

/* The last events of a run. When nothing came for any take it failed as one, so that it can be tried again as one. */
static void run_end(struct run *r)
{
    struct source_event done = {.kind = SOURCE_DONE, .run = r->id, .take = -1, .usage = {-1, -1}};
    struct http_source *s = r->source;
    const struct err *failure = r->cancelled ? NULL : first_failure(r);
    bool any = run_any(r);
    if (failure && !any)
        push_failure(r, -1, failure);
    for (int i = 0; i < r->part_count; i++) {
        add_usage(&done.usage, &r->parts[i]->reply.usage);
        if (failure && any)
            tell_failure(r->parts[i]);
    }
    source_queue_push(r->out, &done);
    for (int i = 0; i < s->run_count; i++)
        if (s->runs[i] == r) {
            s->runs[i] = s->runs[--s->run_count];
            break;
        }
    run_free(r);
}

static void on_over(void *ctx, struct transfer *t)
{
    struct part *p = ctx;
    struct run *r = p->run;
    struct refusal refused = {0};
    reply_end(&p->reply, t->err.kind ? &t->err : NULL);
    fault_refuses(&t->heads, str_span(&p->reply.body), &refused);
    p->reply.heads = NULL;
    p->transfer = NULL;
    transfer_free(t);
    if (!r->cancelled)
        judge_part(p, &refused);
    refusal_release(&refused);
    if (!run_busy(r))
        run_end(r);
}

/* -- the source -------------------------------------------------------------------------------- */

static struct run *run_new(struct http_source *s, int64_t id, const struct request *req, struct source_queue *out)
{
    struct run *r = mem_new(1, sizeof *r);
    r->id = id;
    r->source = s;
    r->out = out;
    request_copy(&r->request, req);
    ARRAY_ROOM(s->runs, s->run_count, s->run_cap);
    s->runs[s->run_count++] = r;
    return r;
}

static bool start(struct source *base, int64_t id, const struct request *req, struct source_queue *out,
                  struct str *body, struct err *e)
{
    struct http_source *s = http(base);
    int takes = dials_takes(&req->dials), each = takes_each(s, req);
    if (!url_split(s->server.url, &(struct url_parts){0}, e) || !net_open(s->net, e) ||
        !secret_fetch(&s->server, &s->key, e))
        return false;
    struct run *r = run_new(s, id, req, out);
    for (int first = 0; first < takes; first += each)
        part_start(r, first, each);
    if (!run_busy(r)) {
        *e = *first_failure(r);
        s->run_count--;
        run_free(r);
        return false;
    }
    if (body)
        write_body(s, req, 0, each, body);
    return true;
}

static void cancel(struct source *base, int64_t id)
{
    const struct err stopped = {.kind = ERR_STOPPED};
    struct http_source *s = http(base);
    for (int i = 0; i < s->run_count; i++) {
        struct run *r = s->runs[i];
        if (r->id != id)
            continue;
        r->cancelled = true;
        for (int k = 0; k < r->part_count; k++)
            if (r->parts[k]->transfer)
                transfer_stop(r->parts[k]->transfer, &stopped);
    }
}

static bool preview(struct source *base, const struct request *req, struct str *body, struct err *e)
{
    struct http_source *s = http(base);
    if (!url_split(s->server.url, &(struct url_parts){0}, e))
        return false;
    write_body(s, req, 0, takes_each(s, req), body);
    return true;
}

static void source_free(struct source *base)
{
    struct http_source *s = http(base);
    while (s->run_count)
        run_free(s->runs[--s->run_count]);
    free(s->runs);
    server_release(&s->server);
    str_release(&s->label);
    for (int i = 0; i < s->learnt_count; i++)
        str_release(&s->learnt[i].model);
    free(s->learnt);
    free(s);
}

struct source *net_source_new(struct net *n, const struct server *server)
{
    static const struct source_ops ops = {.start = start, .cancel = cancel, .preview = preview, .free = source_free};
    struct url_parts parts = {0};
    struct http_source *s = mem_new(1, sizeof *s);
    s->base.ops = &ops;
    s->net = n;
    server_copy(&s->server, server);
    s->mark = prefill_mark(&s->server);
    url_label(server->url, &s->label);
    s->singly = url_split(server->url, &parts, NULL) && parts.port == OLLAMA_PORT;
    return &s->base;
}

bool net_source_wants_terminal(const struct source *s)
{
    return !secret_is_at_hand(&((const struct http_source *)s)->server);
}

bool net_source_refuses(const struct source *base, struct span model, enum dial_id dial)
{
    const struct http_source *s = (const struct http_source *)base;
    return manners_of(s, model.len ? model : span_of(s->server.model))->refused[dial];
}

bool net_source_forget(struct source *base)
{
    struct http_source *s = http(base);
    bool known = s->learnt_count > 0;
    while (s->learnt_count)
        str_release(&s->learnt[--s->learnt_count].model);
    return known;
}

/* -- as a curl command ------------------------------------------------------------------------- */

/* In single quotes, for a shell. */
static void quote(struct str *out, struct span text)
{
    str_add_byte(out, '\'');
    for (size_t i = 0; i < text.len; i++)
        str_add(out, text.s[i] == '\'' ? SPAN("'\\''") : span_cut(text, i, i + 1));
    str_add_byte(out, '\'');
}

bool net_source_curl(struct source *base, const struct request *req, struct str *out, struct err *e)
{
    struct http_source *s = http(base);
    const struct server *server = &s->server;
    struct url_parts parts = {0};
    struct str url = {0}, body = {0};
    if (!url_split(server->url, &parts, e))
        return false;
    add_address(s, req, &url);
    write_body(s, req, 0, takes_each(s, req), &body);
    str_add_text(out, parts.loopback ? "curl -N --noproxy '*' " : "curl -N ");
    quote(out, str_span(&url));
    str_add_text(out, " \\\n  -H 'Content-Type: application/json'");
    if (server->key_env || server->key_file || server->key_command)
        str_printf(out, " \\\n  -H \"%s%s$%s\"", server->key_header ? server->key_header : dialect_of(server->dialect)->key_head,
                   server->key_header ? ": " : "", server->key_env ? server->key_env : "API_KEY");
    if (dialect_of(server->dialect)->extra_head)
        str_printf(out, " \\\n  -H '%s'", dialect_of(server->dialect)->extra_head);
    if (server->ca_file) {
        str_add_text(out, " \\\n  --cacert ");
        quote(out, span_of(server->ca_file));
    }
    if (server->proxy) {
        str_add_text(out, " \\\n  --proxy ");
        quote(out, span_of(server->proxy));
    }
    if (server->unix_socket) {
        str_add_text(out, " \\\n  --unix-socket ");
        quote(out, span_of(server->unix_socket));
    }
    str_add_text(out, " \\\n  --data-raw ");
    quote(out, str_span(&body));
    str_add_byte(out, '\n');
    secret_redact(out);
    str_release(&url);
    str_release(&body);
    return true;
}
