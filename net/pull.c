#include "net/pull.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "net/address.h"
#include "net/dialect.h"
#include "net/framing.h"
#include "net/transfer.h"

#include <stdlib.h>
#include <string.h>

#define HELD_MAX   (64u << 10)
#define BODY_MAX   (64u << 10) /* of an answer that says no */
#define PARTS_MAX  256
#define DIGEST_MAX 200
#define WORDS_MAX  120
#define MODEL_MAX  256
#define BYTES_MAX  (INT64_C(1) << 46)
#define PATIENCE   10 /* times the server's idle_ms */

/* -- what is told -------------------------------------------------------------------------------------------------------------------- */

void pull_told_release(struct pull_told *t)
{
    for (int i = 0; i < t->count; i++)
        str_release(&t->parts[i].digest);
    free(t->parts);
    str_release(&t->words);
    *t = (struct pull_told){0};
}

/* NULL: there are too many of them. */
static struct pull_part *part_of(struct pull_told *t, struct span digest)
{
    for (int i = t->count - 1; i >= 0; i--)
        if (span_equal(str_span(&t->parts[i].digest), digest))
            return &t->parts[i];
    if (t->count == PARTS_MAX)
        return NULL;
    ARRAY_ROOM(t->parts, t->count, t->cap);
    struct pull_part *part = &t->parts[t->count++];
    *part = (struct pull_part){0};
    str_set(&part->digest, digest);
    return part;
}

static int64_t size_in(const struct json *root, const char *name)
{
    int64_t bytes = 0;
    return json_get_integer(root, name, &bytes) && bytes > 0 && bytes <= BYTES_MAX ? bytes : 0;
}

static void sum_up(struct pull_told *t)
{
    bool sized = true;
    t->done = t->total = 0;
    for (int i = 0; i < t->count; i++) {
        t->done += t->parts[i].done;
        t->total += t->parts[i].total;
        sized = sized && t->parts[i].total;
    }
    t->total = sized ? t->total : 0;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* {"digest":"sha256:…","total":4661211808,"completed":1234}: what counts more than it should, or less than before, moves nothing back. */
static bool take_part(struct pull_told *t, const struct json *root, const struct fault_place *place, struct err *e)
{
    struct span digest = SPAN("");
    int count = t->count;
    if (!json_get_text(root, "digest", &digest))
        return true;
    struct pull_part *part = digest.len <= DIGEST_MAX ? part_of(t, digest) : NULL;
    if (!part)
        return err_set(e, ERR_LIMIT, _("%s tells of a model in more than %d parts, which none has. Check the server's address."),
                       place->server, PARTS_MAX);
    part->total = larger(part->total, size_in(root, "total"));
    part->done = larger(part->done, size_in(root, "completed"));
    if (part->total)
        part->total = larger(part->total, part->done);
    if (t->count > count)
        t->had += part->done;
    if (!t->begun_us)
        t->begun_us = clock_now_us();
    sum_up(t);
    return true;
}

static void take_words(struct pull_told *t, struct span status)
{
    struct str line = {0};
    fault_add_words(&line, status);
    secret_redact_pieces(&line);
    size_t end = line.len < WORDS_MAX ? line.len : WORDS_MAX;
    while (end > 0 && end < line.len && ((unsigned char)line.s[end] & 0xC0) == 0x80)
        end--;
    str_set(&t->words, span_cut(str_span(&line), 0, end));
    str_release(&line);
}

static enum pull_phase phase_of(struct span status, bool part)
{
    if (span_is(status, "success"))
        return PULL_DONE;
    return part ? PULL_FETCHING : span_is(status, "pulling manifest") ? PULL_ASKING : PULL_CHECKING;
}

static bool refused(const struct pull_told *t, const struct fault_report *f, const struct fault_place *place, struct err *e)
{
    if (strstr(str_text(&f->message), "file does not exist")) /* so it calls a name that its library has not */
        return err_set(e, ERR_REFUSED, _("%s finds no model of this name. Check it; ollama.com/library lists what there is."),
                       place->server);
    return fault_inside(e, f, place, t->done > t->had);
}

bool pull_told_line(struct pull_told *t, struct span line, const struct fault_place *place, struct err *e)
{
    struct fault_report report = {0};
    struct json *root = json_parse(line);
    struct span status = SPAN("");
    bool ok = false;
    if (fault_read(root, &report)) {
        refused(t, &report, place, e);
    } else if (!json_get_text(root, "status", &status)) {
        if (span_starts(span_trim(line), "<"))
            fault_page(e, line, place);
        else
            fault_strange(e, line, place);
    } else {
        t->phase = phase_of(status, json_get(root, "digest"));
        take_words(t, status);
        ok = take_part(t, root, place, e);
    }
    fault_report_release(&report);
    json_free(root);
    return ok;
}

/* -- the request --------------------------------------------------------------------------------------------------------------------- */

struct pull {
    struct transfer *transfer; /* NULL once it is over */
    struct str label, model, body;
    struct fault_place place;
    struct framing framing;
    struct pull_told told;
    struct err err;
    bool over;
};

const struct pull_told *pull_told(const struct pull *p)
{
    return &p->told;
}

const char *pull_model(const struct pull *p)
{
    return str_text(&p->model);
}

bool pull_over(const struct pull *p)
{
    return p->over;
}

const struct err *pull_err(const struct pull *p)
{
    return &p->err;
}

void pull_free(struct pull *p)
{
    if (!p)
        return;
    transfer_free(p->transfer);
    framing_release(&p->framing);
    pull_told_release(&p->told);
    str_release(&p->label);
    str_release(&p->model);
    str_release(&p->body);
    free(p);
}

static bool on_line(void *ctx, struct span name, struct span line)
{
    struct pull *p = ctx;
    (void)name;
    return pull_told_line(&p->told, line, &p->place, &p->err) && p->told.phase != PULL_DONE;
}

static bool says_no(const struct transfer *t)
{
    return t->heads.status < 200 || t->heads.status >= 300;
}

static bool on_data(void *ctx, struct span bytes)
{
    struct pull *p = ctx;
    if (says_no(p->transfer))
        return str_try_add(&p->body, bytes);
    if (framing_add(&p->framing, bytes))
        return true;
    if (!p->err.kind && p->told.phase != PULL_DONE)
        err_set(&p->err, ERR_LIMIT, _("%s sent a line of more than 64 kB instead of how far it is. Check the server's address."),
                p->place.server);
    return false;
}

static void judge(struct pull *p, const struct transfer *t)
{
    bool no = says_no(t);
    if (!no && !p->err.kind && p->told.phase != PULL_DONE)
        (void)!framing_end(&p->framing); /* what comes of it stands in told and err */
    if (p->told.phase == PULL_DONE || p->err.kind)
        return;
    if (t->err.kind && (!no || !t->heads.status || !p->body.len))
        p->err = t->err;
    else if (no)
        fault_http(&p->err, &t->heads, str_span(&p->body), &p->place);
    else if (!p->told.words.len)
        fault_empty(&p->err, &p->place);
    else
        fault_cut(&p->err, &p->place);
}

static void on_over(void *ctx, struct transfer *t)
{
    struct pull *p = ctx;
    judge(p, t);
    p->over = true;
    p->transfer = NULL;
    transfer_free(t);
}

/* Ollama does it, in whatever dialect its texts are asked for. */
static const struct dialect *puller_of(const struct server *server)
{
    if (server_is_muse(server))
        return NULL;
    const struct dialect *d = server_is_ollama(server) ? &dialect_ollama : dialect_of(server->dialect);
    return d->pull ? d : NULL;
}

bool net_pulls(const struct server *server)
{
    return puller_of(server);
}

static bool is_name(struct span model)
{
    bool ok = model.len > 0 && model.len <= MODEL_MAX;
    for (size_t i = 0; i < model.len; i++)
        ok = ok && (unsigned char)model.s[i] > ' ' && model.s[i] != 0x7F;
    return ok;
}

static bool ask_for(struct pull *p, struct net *n, const struct server *server, const struct dialect *d, struct err *e)
{
    struct server patient = *server;
    struct secret key = {0};
    struct str url = {0}, body = {0};
    if (!secret_fetch(server, &key, e))
        return false;
    patient.idle_ms = server->idle_ms < INT32_MAX / PATIENCE ? server->idle_ms * PATIENCE : INT32_MAX;
    p->place = (struct fault_place){.server = str_text(&p->label), .model = "", .has_key = key.key.len};
    address_add(&url, server->url, d->version, d->pull, SPAN(""));
    str_add_byte(&body, '{');
    write_text_field(&body, "model", str_span(&p->model));
    str_add_text(&body, ",\"stream\":true}");
    struct transfer_plan plan = {.url = str_text(&url),
                                 .server = &patient,
                                 .place = p->place,
                                 .key = key.key,
                                 .key_head = d->key_head,
                                 .extra_head = d->extra_head,
                                 .body = str_span(&body),
                                 .accept = "application/x-ndjson, application/json",
                                 .data = on_data,
                                 .over = on_over,
                                 .ctx = p};
    p->transfer = transfer_start(n, &plan, e);
    str_release(&url);
    str_release(&body);
    return p->transfer;
}

struct pull *pull_start(struct net *n, const struct server *server, struct span model, struct err *e)
{
    const struct dialect *d = puller_of(server);
    model = span_trim(model);
    if (!d) {
        err_set(e, ERR_USAGE, _("“%s” does not fetch models; only an Ollama server does (dialect = ollama)."), server->name);
        return NULL;
    }
    if (!is_name(model)) {
        err_set(e, ERR_USAGE, "%s", _("That is no name of a model; such names look like qwen3:8b, without blanks."));
        return NULL;
    }
    struct pull *p = mem_new(1, sizeof *p);
    framing_init(&p->framing, FRAMING_LINES, on_line, p);
    str_init(&p->framing.line, HELD_MAX);
    str_init(&p->body, BODY_MAX);
    url_label(server->url, &p->label);
    str_set(&p->model, model);
    if (ask_for(p, n, server, d, e))
        return p;
    pull_free(p);
    return NULL;
}
