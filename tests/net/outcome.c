#include "outcome.h"
#include "core/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void outcome_init(struct outcome *o)
{
    memset(o, 0, sizeof *o);
    o->usage = (struct usage){-1, -1};
}

void outcome_release(struct outcome *o)
{
    for (int i = 0; i < OUTCOME_TAKES; i++) {
        str_release(&o->text[i]);
        str_release(&o->reasoning[i]);
        str_release(&o->finish[i]);
        str_release(&o->failure[i]);
        str_release(&o->odds[i]);
    }
    str_release(&o->model);
    str_release(&o->notes);
    str_release(&o->lessons);
}

/* Bytes that are no character are shown as controls are. */
static void add_token(struct str *out, struct span token)
{
    while (token.len) {
        int32_t cp = -1;
        size_t len = (size_t)utf8_decode(token, &cp);
        for (size_t i = 0; cp < 0 && i < len; i++)
            str_printf(out, "«%02X»", (unsigned char)token.s[i]);
        if (cp >= 0)
            outcome_add_visible(out, span_cut(token, 0, len));
        token = span_cut(token, len, token.len);
    }
}

static void take_odds(struct outcome *o, const struct source_event *ev)
{
    struct str *out = &o->odds[ev->take];
    str_printf(out, "odds %d: [", ev->take);
    add_token(out, str_span(&ev->text));
    str_printf(out, "] %.3g", ev->odds->logprob);
    for (int i = 0; i < ev->odds->count; i++) {
        str_add_text(out, " [");
        add_token(out, str_span(&ev->odds->token[i]));
        str_printf(out, "] %.3g", ev->odds->alternative[i]);
    }
    str_add_byte(out, '\n');
    o->odds_count[ev->take]++;
}

static void take_event(struct outcome *o, const struct source_event *ev)
{
    bool whole = ev->kind == SOURCE_MODEL || ev->kind == SOURCE_NOTE || ev->kind == SOURCE_LESSONS || ev->kind == SOURCE_DONE ||
                 (ev->kind == SOURCE_FAILED && ev->take < 0);
    assert_false(o->done);
    assert_true(ev->kind == SOURCE_ODDS || utf8_valid(str_span(&ev->text))); /* a token may be a part of a character */
    o->events++;
    if (!whole) {
        assert_in_range(ev->take, 0, OUTCOME_TAKES - 1);
        assert_false(o->over[ev->take]);
    }
    switch (ev->kind) {
    case SOURCE_TEXT:
        assert_true(ev->text.len > 0);
        str_add(&o->text[ev->take], str_span(&ev->text));
        break;
    case SOURCE_REASONING:
        str_add(&o->reasoning[ev->take], str_span(&ev->text));
        break;
    case SOURCE_RETHINK:
        assert_true(o->text[ev->take].len > 0);
        str_add(&o->reasoning[ev->take], str_span(&o->text[ev->take]));
        str_clear(&o->text[ev->take]);
        break;
    case SOURCE_ODDS:
        take_odds(o, ev);
        break;
    case SOURCE_NOTE:
        assert_true(ev->take == -1 && ev->text.len > 0);
        str_printf(&o->notes, "%s\n", str_text(&ev->text));
        break;
    case SOURCE_LESSONS:
        assert_true(ev->take == -1);
        str_set(&o->lessons, str_span(&ev->text));
        break;
    case SOURCE_MODEL:
        str_set(&o->model, str_span(&ev->text));
        break;
    case SOURCE_TAKE_DONE:
        str_set(&o->finish[ev->take], str_span(&ev->text));
        o->over[ev->take] = true;
        break;
    case SOURCE_FAILED:
        assert_int_not_equal(ev->err.kind, ERR_NONE);
        assert_true(ev->err.text[0] != '\0');
        if (whole) {
            o->err = ev->err;
        } else {
            str_add_text(&o->failure[ev->take], ev->err.text);
            o->over[ev->take] = true;
        }
        break;
    case SOURCE_DONE:
        o->usage = ev->usage;
        o->done = true;
        break;
    }
}

void outcome_take(struct outcome *o, struct source_queue *q)
{
    struct source_event ev = {0};
    while (source_queue_pop(q, &ev)) {
        take_event(o, &ev);
        source_event_release(&ev);
    }
}

void outcome_add_visible(struct str *out, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.s[i];
        if (c < ' ' || c == 0x7F)
            str_printf(out, "«%02X»", c);
        else
            str_add_byte(out, (char)c);
    }
}

static void print_line(struct str *out, const char *what, int take, const struct str *text)
{
    str_printf(out, "%s %d: ", what, take);
    outcome_add_visible(out, str_span(text));
    str_add_byte(out, '\n');
}

void outcome_print(const struct outcome *o, struct str *out)
{
    static const char *const kinds[] = {"none",  "usage",   "config",  "io",   "storage", "format",
                                        "limit", "network", "refused", "busy", "stopped"};
    for (int i = 0; i < OUTCOME_TAKES; i++) {
        if (o->reasoning[i].len)
            print_line(out, "reasoning", i, &o->reasoning[i]);
        if (o->text[i].len)
            print_line(out, "text", i, &o->text[i]);
        str_add(out, str_span(&o->odds[i]));
        if (o->failure[i].len)
            print_line(out, "failed", i, &o->failure[i]);
        else if (o->over[i])
            print_line(out, "finish", i, &o->finish[i]);
    }
    if (o->model.len)
        str_printf(out, "model: %s\n", str_text(&o->model));
    if (o->usage.prompt_tokens >= 0 || o->usage.completion_tokens >= 0)
        str_printf(out, "usage: %lld %lld\n", (long long)o->usage.prompt_tokens, (long long)o->usage.completion_tokens);
    if (o->err.kind)
        str_printf(out, "error: %s %s\n", kinds[o->err.kind], o->err.text);
    if (o->err.retry_ms)
        str_printf(out, "retry: %d ms\n", o->err.retry_ms);
}
