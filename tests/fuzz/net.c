/* Targets of net: what servers send. An input of a reply begins with two bytes that are no part of it: what else the reader is told,
 * and where the random splits begin. */
#include "targets.h"
#include "core/clock.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "net/lessons.h"
#include "net/pull.h"
#include "net/reply.h"

#include <stdlib.h>


/* -- framing ----------------------------------------------------------------------------------- */

static bool write_event(void *ctx, struct span name, struct span data)
{
    str_add_quoted(ctx, name);
    str_add_quoted(ctx, data);
    return true;
}

static void read_frames(const struct fuzz_target *t, struct span bytes, struct fuzz_cut cut, struct str *out)
{
    struct framing f;
    framing_init(&f, (enum framing_kind)t->which, write_event, out);
    for (bool more = true; more && bytes.len;) {
        struct span piece = fuzz_piece(&cut, &bytes);
        more = framing_add(&f, piece);
        fuzz_piece_free(piece);
    }
    framing_end(&f);
    framing_release(&f);
}

void fuzz_framing(const struct fuzz_target *t, struct span input)
{
    if (input.len)
        fuzz_splits(t, span_cut(input, 1, input.len), (uint8_t)input.s[0], read_frames);
}

/* -- replies ----------------------------------------------------------------------------------- */

enum { TOLD_TAKES = 1, TOLD_FAULT = 2, TOLD_ODDS = 4, TOLD_PART = 8, TOLD_PAGE = 16 };

static void write_odds(struct str *out, const struct source_event *ev)
{
    str_printf(out, " %.6g", ev->odds->logprob);
    for (int i = 0; i < ev->odds->count; i++) {
        str_printf(out, " %.6g ", ev->odds->alternative[i]);
        str_add_quoted(out, str_span(&ev->odds->token[i]));
    }
}

static void write_source_event(struct str *out, const struct source_event *ev, int takes)
{
    FUZZ_EXPECT(ev->kind == SOURCE_ODDS || utf8_valid(str_span(&ev->text))); /* a token may be part of a character */
    FUZZ_EXPECT(ev->take < takes);
    FUZZ_EXPECT(ev->kind != SOURCE_TEXT || ev->text.len > 0);
    str_printf(out, "\n%d %d ", (int)ev->kind, ev->take);
    str_add_quoted(out, str_span(&ev->text));
    if (ev->odds)
        write_odds(out, ev);
    str_printf(out, " %d %s", (int)ev->err.kind, ev->err.text);
}

static void read_reply(const struct fuzz_target *t, struct span input, struct fuzz_cut cut, struct str *out)
{
    struct source_queue queue = {0};
    struct source_event ev = {0};
    struct heads heads;
    int told = input.s[0];
    struct span bytes = span_cut(input, 1, input.len);
    heads_init(&heads);
    heads.status = told & TOLD_FAULT ? 400 : 200;
    struct reply r = {.dialect = dialect_of((enum dialect_id)t->which),
                      .heads = &heads,
                      .out = &queue,
                      .takes = told & TOLD_TAKES ? 3 : 1,
                      .odds = told & TOLD_ODDS,
                      .part = told & TOLD_PART,
                      .page = told & TOLD_PAGE ? SPAN("The lamp is low, and no one comes") : SPAN(""),
                      .place = {.server = "server", .model = "m"}};
    reply_begin(&r);
    for (bool more = true; more && bytes.len;) {
        struct span piece = fuzz_piece(&cut, &bytes);
        more = reply_add(&r, piece);
        fuzz_piece_free(piece);
    }
    reply_end(&r, NULL);
    while (source_queue_pop(&queue, &ev)) {
        write_source_event(out, &ev, r.takes);
        source_event_release(&ev);
    }
    str_printf(out, "\nerror %d %d %d %s", (int)r.err.kind, r.err.retry_ms, r.err.status, r.err.text);
    str_printf(out, "\nusage %lld %lld", (long long)r.usage.prompt_tokens, (long long)r.usage.completion_tokens);
    reply_release(&r);
    heads_release(&heads);
    source_queue_release(&queue);
}


void fuzz_reply(const struct fuzz_target *t, struct span input)
{
    if (input.len < 2)
        return;
    char *own = span_copy(span_cut(input, 1, input.len));
    own[0] = input.s[0];
    fuzz_splits(t, (struct span){own, input.len - 1}, (uint8_t)input.s[1], read_reply);
    free(own);
}

/* -- what replies are made of ------------------------------------------------------------------ */

static int visit(const struct json *value)
{
    struct span text;
    double number;
    int64_t integer;
    int count = 1;
    json_text(value, &text);
    json_number(value, &number);
    json_integer(value, &integer);
    for (const struct json *one = json_first(value); one; one = json_next(one))
        count += visit(one);
    return count;
}

void fuzz_json(const struct fuzz_target *t, struct span input)
{
    struct json *root = json_parse(input);
    struct fault_report report = {0};
    struct str models = {0}, text = {0};
    (void)t;
    json_write_text(&text, input);
    struct json *again = json_parse(str_span(&text));
    FUZZ_EXPECT(again != NULL); /* what is written can be read */
    if (root)
        visit(root);
    fault_read(root, &report);
    for (int i = 0; i < DIALECT_SPOKEN; i++) {
        const struct dialect *d = dialect_of((enum dialect_id)i);
        if (d->models)
            d->models(root, &models);
        if (d->tells)
            d->tells(root, &(struct model_told){0});
    }
    fault_report_release(&report);
    json_free(root);
    json_free(again);
    str_release(&models);
    str_release(&text);
}

void fuzz_heads(const struct fuzz_target *t, struct span input)
{
    struct heads h;
    struct span line;
    struct err e = {0};
    struct span body = input;
    (void)t;
    heads_init(&h);
    while (span_line(&input, &line) && heads_line(&h, line, 1000000000000))
        body = input;
    FUZZ_EXPECT(heads_wait_ms(&h) >= 0 && heads_wait_ms(&h) <= 86400000);
    fault_http(&e, &h, body, &(struct fault_place){.server = "server", .model = "m"});
    FUZZ_EXPECT(e.kind != ERR_NONE && utf8_valid(span_of(e.text)));
    heads_release(&h);
}

/* What was remembered says the same once it has been told again. */
void fuzz_lessons(const struct fuzz_target *t, struct span input)
{
    struct lessons first = {0}, second = {0};
    struct str told = {0}, again = {0};
    (void)t;
    clock_freeze(0, INT64_C(20000) * 86400000);
    lessons_recall(&first, input);
    lessons_tell(&first, &told);
    lessons_recall(&second, str_span(&told));
    lessons_tell(&second, &again);
    FUZZ_EXPECT(span_equal(str_span(&told), str_span(&again)));
    clock_freeze(-1, -1);
    lessons_release(&first);
    lessons_release(&second);
    str_release(&told);
    str_release(&again);
}

/* However it is told: nothing goes backwards, nothing is more than all of it, and the words are one clean line. */
void fuzz_pull(const struct fuzz_target *t, struct span input)
{
    struct pull_told told = {0};
    struct err e = {0};
    struct span line;
    (void)t;
    for (bool more = true; more && span_line(&input, &line);) {
        int64_t done = told.done;
        more = pull_told_line(&told, line, &(struct fault_place){.server = "server", .model = ""}, &e);
        FUZZ_EXPECT(more == (e.kind == ERR_NONE) && utf8_valid(span_of(e.text)));
        FUZZ_EXPECT(told.done >= done && told.had >= 0 && told.had <= told.done);
        FUZZ_EXPECT(told.total == 0 || told.total >= told.done);
        FUZZ_EXPECT(told.words.len <= 120 && utf8_valid(str_span(&told.words)));
        for (size_t i = 0; i < told.words.len; i++)
            FUZZ_EXPECT((unsigned char)told.words.s[i] >= ' ');
    }
    pull_told_release(&told);
}
