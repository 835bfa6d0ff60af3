#include "net/source_http.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "net/prefill.h"
#include "net/reply.h"
#include "net/transfer.h"

#include <stdlib.h>
#include <string.h>

#define SERVED_US   1000000 /* how often those that wait are told that others are served */
#define LINGER_MS   500   /* a server that keeps the connection open after its last word is not waited for */

/* One HTTP request of a run. */
struct part {
    struct run *run;
    struct transfer *transfer;  /* NULL: over */
    struct reply reply;
    struct manners sent;        /* what was known of the model when it was */
    bool told;                  /* its failure is in the queue, or does not matter */
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

static struct http_source *http(struct source *s)
{
    return (struct http_source *)s;
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

/* A machine that serves one at a time answers the others when their turn comes, however long that takes. */
static void tell_waiting(struct http_source *s, int64_t now_us)
{
    if (now_us - s->served_us < SERVED_US)
        return;
    s->served_us = now_us;
    for (int i = 0; i < s->run_count; i++)
        for (int k = 0; k < s->runs[i]->part_count; k++) {
            struct part *p = s->runs[i]->parts[k];
            if (p->transfer && !p->reply.any)
                transfer_in_line(p->transfer);
        }
}

static bool on_data(void *ctx, struct span bytes)
{
    struct part *p = ctx;
    bool more = reply_add(&p->reply, bytes);
    if (p->reply.any)
        tell_waiting(p->run->source, p->transfer->last_us);
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
    p->sent = *lessons_of(&s->lessons, source_model(s, &r->request));
    struct request begun = {0};
    bool is_begun = source_begins_answer(s, &r->request, &begun);
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
        .server = str_text(&s->label), .model = source_model(s, &r->request).s, .has_key = s->key.key.len,
        .pulls = server_is_ollama(&s->server)};
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
    source_body(s, &r->request, first, takes, &body);
    source_address(s, &r->request, &url);
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
    lessons_learn_takes(&r->source->lessons, source_model(r->source, &r->request));
    for (int i = 0; i < p->reply.takes; i++)
        if (reply_missing(&p->reply, i))
            part_start(r, p->reply.first + i, 1);
}

/* A server that passes over n: the other takes are asked for now, so that all of them stream side by side. Should it write them after all,
 * one after another, they are passed over. */
static void on_nudge(void *ctx)
{
    struct part *p = ctx;
    struct run *r = p->run;
    int first = p->reply.first, takes = p->reply.takes;
    if (r->cancelled || !reply_alone(&p->reply))
        return;
    reply_keep(&p->reply, 1);
    lessons_learn_takes(&r->source->lessons, source_model(r->source, &r->request));
    for (int i = 1; i < takes; i++)
        part_start(r, first + i, 1);
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
        if (i != DIAL_TAKES && now->refused[i] && !before->refused[i] && r->request.dials.on[i])
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
    struct span model = source_model(s, &r->request);
    struct manners sent = p->sent;
    if (p->reply.takes > 1 && refusal_is_of_takes(refused)) {
        ask_singly(p);
        return true;
    }
    if (manners_take_back(&sent, s->server.dialect, refused)) {
        lessons_take_back(&s->lessons, model, s->server.dialect, refused);
        return false;
    }
    const struct manners before = *lessons_of(&s->lessons, model);
    if (lessons_learn(&s->lessons, model, s->server.dialect, refused))
        tell_lesson(r, &before, lessons_of(&s->lessons, model));
    /* Another request may have learnt something since this one was sent. */
    if (!memcmp(&p->sent, lessons_of(&s->lessons, model), sizeof p->sent))
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

/* What has been learnt goes to whoever keeps it between sessions. */
static void push_lessons(struct run *r)
{
    struct source_event ev = {.kind = SOURCE_LESSONS, .run = r->id, .take = -1};
    struct http_source *s = r->source;
    if (!s->lessons.untold)
        return;
    net_lessons_name(&s->server, &ev.text);
    str_add_byte(&ev.text, '\n');
    lessons_tell(&s->lessons, &ev.text);
    source_queue_push(r->out, &ev);
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
    push_lessons(r);
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
    if (!fault_refuses(&t->heads, str_span(&p->reply.body), &refused)) {
        str_move(&refused.param, &p->reply.refused.param);
        str_move(&refused.words, &p->reply.refused.words);
    }
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
    int takes = dials_takes(&req->dials), each = source_takes_each(s, req);
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
        source_body(s, req, 0, each, body);
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
    source_body(s, req, 0, source_takes_each(s, req), body);
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
    lessons_release(&s->lessons);
    free(s);
}

struct source *net_source_new(struct net *n, const struct server *server)
{
    static const struct source_ops ops = {.start = start, .cancel = cancel, .preview = preview, .free = source_free};
    struct http_source *s = mem_new(1, sizeof *s);
    s->base.ops = &ops;
    s->net = n;
    server_copy(&s->server, server);
    s->prefill = prefill_of(&s->server);
    url_label(server->url, &s->label);
    s->singly = server_is_ollama(server);
    return &s->base;
}

bool net_source_wants_terminal(const struct source *s)
{
    return !secret_is_at_hand(&((const struct http_source *)s)->server);
}

bool net_source_refuses(const struct source *base, struct span model, enum dial_id dial)
{
    const struct http_source *s = (const struct http_source *)base;
    return lessons_of(&s->lessons, model.len ? model : span_of(s->server.model))->refused[dial];
}

bool net_source_forget(struct source *base)
{
    return lessons_forget(&http(base)->lessons);
}

void net_source_teach(struct source *base, struct span lessons)
{
    lessons_recall(&http(base)->lessons, lessons);
}

void net_lessons_name(const struct server *server, struct str *out)
{
    struct url_parts url = {0};
    if (!url_split(server->url, &url, NULL))
        return;
    str_printf(out, "refused %s://%.*s:%d %s", url.https ? "https" : "http", SPAN_ARG(url.host), url.port, dialect_name(server->dialect));
}
