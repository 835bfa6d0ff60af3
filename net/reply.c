#include "net/reply.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

#define ALONE_EVENTS 8 /* servers that take n speak of every take within their first few events */

#define HEAD_KEPT 4096 /* of an answer that is streamed: to show when it turns out to be none */

static bool read_event(void *ctx, struct span name, struct span data);

static void begin_overlap(struct reply *r, int take)
{
    if (r->blank.len)
        overlap_begin_blank(&r->take[take].overlap, r->blank);
    else
        overlap_begin(&r->take[take].overlap, r->page);
}

void reply_begin(struct reply *r)
{
    r->take = mem_new((size_t)r->takes, sizeof *r->take);
    r->usage = (struct usage){-1, -1};
    for (int i = 0; i < r->takes; i++) {
        begin_overlap(r, i);
        r->take[i].stops = (struct stops){.words = r->stops, .count = r->stop_count};
    }
    str_init(&r->body, RESPONSE_MAX);
    framing_init(&r->framing, FRAMING_SSE, read_event, r);
}

void reply_keep(struct reply *r, int takes)
{
    for (int i = takes; r->take && i < r->takes; i++) {
        secret_filter_release(&r->take[i].text.filter);
        secret_filter_release(&r->take[i].reasoning.filter);
        think_release(&r->take[i].think);
        overlap_release(&r->take[i].overlap);
        stops_release(&r->take[i].stops);
        str_release(&r->take[i].finish);
    }
    r->takes = takes;
}

void reply_release(struct reply *r)
{
    reply_keep(r, 0);
    free(r->take);
    r->take = NULL;
    framing_release(&r->framing);
    str_release(&r->body);
    str_release(&r->model);
    refusal_release(&r->refused);
}

/* -- what dialects tell ------------------------------------------------------------------------ */

static struct reply_take *take_at(struct reply *r, int64_t index)
{
    if (index < 0 || index >= r->takes || r->take[index].over)
        return NULL;
    r->understood = true;
    r->take[index].seen = r->events;
    return &r->take[index];
}

void reply_touch(struct reply *r, int64_t index)
{
    if (index >= 0 && index < r->takes)
        r->understood = true;
}

static void push_text(struct reply *r, int64_t index, enum source_event_kind kind, struct span text)
{
    struct reply_take *take = &r->take[index];
    if (text.len == 0)
        return;
    source_queue_text(r->out, kind, r->run, r->first + (int)index, text);
    (kind == SOURCE_TEXT ? &take->text : &take->reasoning)->any = r->any = true;
}

/* What passed as the answer was thinking; what was held back of it goes before `thoughts`, and the answer begins anew. */
static void rethink(struct reply *r, int64_t index, struct str *thoughts)
{
    struct reply_take *take = &r->take[index];
    struct source_event ev = {.kind = SOURCE_RETHINK, .run = r->run, .take = r->first + (int)index};
    if (take->text.any) {
        source_queue_push(r->out, &ev);
        take->text.any = false;
        take->reasoning.any = true;
    }
    str_splice(thoughts, 0, 0, str_span(&take->overlap.held));
    str_splice(thoughts, 0, 0, str_span(&take->stops.held));
    str_clear(&take->stops.held);
    begin_overlap(r, (int)index);
}

/* Text of the answer, up to a stop word. */
static void push_up_to_stop(struct reply *r, int64_t index, struct span text, bool last)
{
    struct str upto = {0};
    stops_add(&r->take[index].stops, text, last, &upto);
    push_text(r, index, SOURCE_TEXT, str_span(&upto));
    str_release(&upto);
}

/* An answer that begins with its thoughts between tags is parted; the end of the page is not said twice. */
static void push_answer(struct reply *r, int64_t index, struct span text, bool last)
{
    struct str answer = {0}, thoughts = {0}, fresh = {0};
    if (think_add(&r->take[index].think, text, last, &answer, &thoughts))
        rethink(r, index, &thoughts);
    overlap_add(&r->take[index].overlap, str_span(&answer), last, &fresh);
    push_text(r, index, SOURCE_REASONING, str_span(&thoughts));
    push_up_to_stop(r, index, str_span(&fresh), last);
    str_release(&answer);
    str_release(&thoughts);
    str_release(&fresh);
}

/* Most text needs nothing of what follows: then it goes to the queue as it stands. */
static bool passes(struct reply *r, struct reply_take *take, enum source_event_kind kind, struct span text)
{
    struct reply_text *way = kind == SOURCE_TEXT ? &take->text : &take->reasoning;
    if (way->flow.tail_len || (kind == SOURCE_TEXT && r->stop_count) || !secret_filter_idle(&way->filter) || !utf8_valid(text))
        return false;
    return kind != SOURCE_TEXT || !r->part || (take->overlap.tail.len == 0 && think_passes(&take->think, text));
}

/* Sends text on its way: characters made whole, keys taken out. `last` lets go of what was held back. */
static void pass_text(struct reply *r, int64_t index, enum source_event_kind kind, struct span text, bool last)
{
    struct reply_take *take = &r->take[index];
    struct reply_text *way = kind == SOURCE_TEXT ? &take->text : &take->reasoning;
    struct str clean = {0}, safe = {0};
    if (!last && passes(r, take, kind, text)) {
        push_text(r, index, kind, text);
        return;
    }
    flow_add(&way->flow, &clean, text);
    if (last)
        flow_end(&way->flow, &clean);
    secret_filter_add(&way->filter, &safe, str_span(&clean), last);
    if (kind == SOURCE_TEXT && r->part)
        push_answer(r, index, str_span(&safe), last);
    else if (kind == SOURCE_TEXT)
        push_up_to_stop(r, index, str_span(&safe), last);
    else
        push_text(r, index, kind, str_span(&safe));
    str_release(&clean);
    str_release(&safe);
}

void reply_finish(struct reply *r, int64_t index, struct span reason)
{
    struct reply_take *take = take_at(r, index);
    if (!take)
        return;
    take->finished = true;
    str_clear(&take->finish);
    flow_whole(&take->finish, span_cut(reason, 0, 200));
    secret_redact(&take->finish);
}

void reply_odds(struct reply *r, int64_t index, struct span token, struct odds *odds)
{
    struct source_event ev = {.kind = SOURCE_ODDS, .run = r->run, .odds = odds};
    if (!take_at(r, index)) {
        source_event_release(&ev);
        return;
    }
    ev.take = r->first + (int)index;
    str_set(&ev.text, token);
    source_queue_push(r->out, &ev);
}

void reply_model(struct reply *r, struct span model)
{
    struct source_event ev = {.kind = SOURCE_MODEL, .run = r->run, .take = -1};
    if (model.len == 0 || r->model.len)
        return;
    flow_whole(&r->model, span_cut(model, 0, 256));
    secret_redact(&r->model);
    str_add(&ev.text, str_span(&r->model));
    source_queue_push(r->out, &ev);
}

void reply_usage(struct reply *r, const struct json *usage, const char *prompt, const char *completion)
{
    int64_t count = 0;
    if (json_get_integer(usage, prompt, &count) && count >= 0)
        r->usage.prompt_tokens = count;
    if (json_get_integer(usage, completion, &count) && count >= 0)
        r->usage.completion_tokens = count;
}

/* -- ends of takes ----------------------------------------------------------------------------- */

static void end_take(struct reply *r, int index)
{
    struct reply_take *take = &r->take[index];
    struct source_event ev = {.kind = SOURCE_TAKE_DONE, .run = r->run, .take = r->first + index};
    pass_text(r, index, SOURCE_REASONING, SPAN(""), true);
    pass_text(r, index, SOURCE_TEXT, SPAN(""), true);
    if (take->stops.met)
        str_set(&take->finish, SPAN("stop"));
    bool wordless = !take->text.any && !finish_is_stop(str_span(&take->finish));
    if (wordless) {
        ev.kind = SOURCE_FAILED;
        fault_no_text(&ev.err, str_span(&take->finish), take->reasoning.any);
    }
    str_move(&ev.text, &take->finish);
    source_queue_push(r->out, &ev);
    take->over = true;
    r->any = true;
}

/* A stop word came: the take is over, whatever the server still writes. */
static void end_stopped(struct reply *r, int index)
{
    bool open = false;
    end_take(r, index);
    for (int i = 0; i < r->takes; i++)
        open = open || !r->take[i].over;
    r->enough = !open;
    r->complete = r->complete || r->enough;
}

void reply_text(struct reply *r, int64_t index, enum source_event_kind kind, struct span text)
{
    if (!text.len || !take_at(r, index))
        return;
    pass_text(r, index, kind, text, false);
    if (r->take[index].stops.met)
        end_stopped(r, (int)index);
}

/* A take whose finish came is over once another event does not speak of it: some servers tell the finish twice, or an
 * error after it. */
static void end_settled(struct reply *r)
{
    for (int i = 0; i < r->takes; i++)
        if (r->take[i].finished && !r->take[i].over && r->take[i].seen != r->events)
            end_take(r, i);
}

bool reply_missing(const struct reply *r, int take)
{
    return !r->take[take].over && !r->take[take].seen;
}

bool reply_alone(const struct reply *r)
{
    if (r->takes < 2 || r->events < ALONE_EVENTS || !r->take[0].text.any)
        return false;
    for (int i = 1; i < r->takes; i++)
        if (!reply_missing(r, i))
            return false;
    return true;
}

/* -- events ------------------------------------------------------------------------------------ */

static bool said_anything(const struct reply *r)
{
    for (int i = 0; i < r->takes; i++)
        if (r->take[i].text.any || r->take[i].reasoning.any)
            return true;
    return false;
}

/* Some servers answer well before they look at what was asked: an error that comes first is their refusal. */
static void read_fault(struct reply *r, struct fault_report *fault)
{
    bool said = said_anything(r);
    fault_inside(&r->err, fault, &r->place, said);
    if (!said)
        fault_report_refuses(fault, &r->refused);
}

static bool read_root(struct reply *r, const struct json *root, struct span name)
{
    struct fault_report fault = {0};
    r->events++;
    r->dialect->read(r, root, name);
    if (fault_read(root, &fault)) {
        read_fault(r, &fault);
        fault_report_release(&fault);
        return false;
    }
    end_settled(r);
    return true;
}

/* One event. What cannot be read is passed over; if nothing at all could be, reply_end() says so. */
static bool read_event(void *ctx, struct span name, struct span data)
{
    struct reply *r = ctx;
    if (r->complete || r->err.kind)
        return !r->err.kind;
    if (span_starts(span_trim(data), "[DONE]")) {
        r->complete = true;
        r->understood = r->understood || r->events == 0; /* the end of an answer in another dialect says nothing in this one */
        r->events++;
        end_settled(r);
        return true;
    }
    struct json *root = json_parse(data);
    bool ok = !root || read_root(r, root, name);
    json_free(root);
    return ok;
}

/* -- bytes ------------------------------------------------------------------------------------- */

static bool is_success(const struct reply *r)
{
    return r->heads->status >= 200 && r->heads->status < 300;
}

/* What the first byte that counts says about the whole; servers' own words (Content-Type) are wrong too often. */
static void recognise(struct reply *r, char first)
{
    bool value = first == '{' || first == '[';
    r->form = value && !r->dialect->lines ? REPLY_WHOLE : first == '<' ? REPLY_PAGE : REPLY_EVENTS;
    if (value && r->dialect->lines)
        r->framing.kind = FRAMING_LINES;
    if (!is_success(r))
        r->form = REPLY_FAULT;
}

/* White space and a byte order mark before everything else mean nothing. */
static struct span skip_nothing(struct span bytes)
{
    size_t at = 0;
    while (at < bytes.len && strchr(" \t\r\n\xEF\xBB\xBF", bytes.s[at]) && bytes.s[at])
        at++;
    return span_cut(bytes, at, bytes.len);
}

static bool too_much(struct reply *r)
{
    return err_set(&r->err, ERR_LIMIT,
                   _("%s sent more than renga takes in at once (an event of 16 MB, an answer of 64 MB). What came is "
                     "kept; ask for less at a time."),
                   r->place.server);
}

static void keep_head(struct reply *r, struct span bytes, size_t max)
{
    if (r->body.len < max)
        str_add(&r->body, span_cut(bytes, 0, max - r->body.len));
}

bool reply_add(struct reply *r, struct span bytes)
{
    r->bytes += bytes.len;
    if (r->bytes > RESPONSE_MAX)
        return too_much(r);
    if (r->form == REPLY_UNSURE) {
        bytes = skip_nothing(bytes);
        if (bytes.len)
            recognise(r, bytes.s[0]);
    }
    switch (r->form) {
    case REPLY_EVENTS:
        if (!r->understood)
            keep_head(r, bytes, HEAD_KEPT);
        if (framing_add(&r->framing, bytes))
            break;
        return r->err.kind ? false : too_much(r);
    case REPLY_WHOLE:
        return str_try_add(&r->body, bytes) || too_much(r);
    case REPLY_PAGE:
    case REPLY_FAULT:
        keep_head(r, bytes, FAULT_BODY_MAX);
        break;
    case REPLY_UNSURE:
        break;
    }
    return true;
}

/* -- the end ----------------------------------------------------------------------------------- */

static void read_whole(struct reply *r)
{
    struct json *root = json_parse(str_span(&r->body));
    if (root) {
        r->complete = true;
        read_root(r, root, SPAN(""));
    }
    json_free(root);
}

/* What is left in the buffers when the bytes end. */
static void read_rest(struct reply *r)
{
    if (r->err.kind)
        return;
    if (r->form == REPLY_WHOLE)
        read_whole(r);
    if (r->form == REPLY_EVENTS && !framing_end(&r->framing) && !r->err.kind)
        too_much(r);
}

static bool all_spoke(const struct reply *r)
{
    bool open = false, finished = false;
    for (int i = 0; i < r->takes; i++) {
        open = open || (r->take[i].seen && !r->take[i].finished);
        finished = finished || r->take[i].finished;
    }
    return finished && !open;
}

static void judge(struct reply *r, const struct err *broken)
{
    bool ended = r->complete || all_spoke(r) || (r->dialect->ends_by_closing && !broken && !r->err.kind);
    if (r->err.kind || (ended && r->understood && is_success(r)))
        return;
    if (r->heads->status >= 200 && !is_success(r)) /* what comes before is no answer yet */
        fault_http(&r->err, r->heads, str_span(&r->body), &r->place);
    else if (broken)
        r->err = *broken;
    else if (r->form == REPLY_UNSURE)
        fault_empty(&r->err, &r->place);
    else if (r->form == REPLY_PAGE)
        fault_page(&r->err, str_span(&r->body), &r->place);
    else if (!r->understood)
        fault_strange(&r->err, str_span(&r->body), &r->place);
    else
        fault_cut(&r->err, &r->place);
}

void reply_end(struct reply *r, const struct err *broken)
{
    read_rest(r);
    judge(r, broken);
    for (int i = 0; i < r->takes; i++) {
        struct reply_take *take = &r->take[i];
        if (take->over || !take->seen)
            continue;
        if (!r->err.kind && (take->finished || r->complete)) {
            end_take(r, i);
            continue;
        }
        pass_text(r, i, SOURCE_REASONING, SPAN(""), true);
        pass_text(r, i, SOURCE_TEXT, SPAN(""), true);
    }
}
