#include "net/fault.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "net/flow.h"

#include <string.h>

#define MESSAGE_MAX 2048

void fault_report_release(struct fault_report *f)
{
    str_release(&f->message);
    str_release(&f->code);
    str_release(&f->param);
    f->status = f->wait_ms = 0;
}

/* What stands for a character in a sentence: a control one is seen as its symbol, or as U+FFFD where it has none. */
static int32_t visible(int32_t cp)
{
    if (cp == '\t' || cp == '\n' || cp == '\r')
        return ' ';
    if (cp < ' ')
        return 0x2400 + cp;
    return cp == 0x7F ? 0x2421 : cp >= 0x80 && cp < 0xA0 ? UTF8_REPLACEMENT : cp;
}

void fault_add_words(struct str *out, struct span words)
{
    struct str clean = {0}, line = {0};
    flow_whole(&clean, span_cut(span_trim(words), 0, MESSAGE_MAX * 2));
    for (size_t at = 0; at < clean.len && line.len < MESSAGE_MAX;) {
        char bytes[4];
        int32_t cp = -1;
        at += (size_t)utf8_decode(span_cut(str_span(&clean), at, clean.len), &cp);
        cp = visible(cp);
        if (cp != ' ' || !line.len || line.s[line.len - 1] != ' ')
            str_add(&line, (struct span){bytes, (size_t)utf8_encode(cp, bytes)});
    }
    str_add(out, span_trim(str_span(&line)));
    str_release(&clean);
    str_release(&line);
}

/* A field that may be a text or a number. */
static void add_field(struct str *out, const struct json *object, const char *key)
{
    struct span text;
    int64_t number = 0;
    if (json_get_text(object, key, &text))
        fault_add_words(out, text);
    else if (json_get_integer(object, key, &number))
        str_printf(out, "%lld", (long long)number);
}

static void read_status(struct fault_report *f)
{
    int64_t status = 0;
    if (span_integer(str_span(&f->code), &status) && status >= 400 && status < 600)
        f->status = status;
}

/* FastAPI's list of {"msg":…,"loc":["body","prompt"]}: the first one counts. */
static void read_complaint(struct fault_report *f, const struct json *first)
{
    struct span where;
    const struct json *last = json_first(json_get(first, "loc"));
    while (last && json_next(last))
        last = json_next(last);
    add_field(&f->message, first, "msg");
    if (json_text(last, &where)) {
        fault_add_words(&f->param, where);
        str_printf(&f->message, " (%s)", str_text(&f->param));
    }
}

/* A gateway quotes what the server behind it said: {"metadata":{"raw":"{\"error\":{…}}"}}. */
static void read_quoted(struct fault_report *f, const struct json *error)
{
    struct span raw;
    struct fault_report inner = {0};
    if (!json_get_text(json_get(error, "metadata"), "raw", &raw))
        return;
    struct json *root = json_parse(raw);
    if (!fault_read(root, &inner))
        fault_add_words(&inner.message, raw);
    str_printf(&f->message, "%s%s", f->message.len ? ": " : "", str_text(&inner.message));
    if (inner.param.len)
        str_set(&f->param, str_span(&inner.param));
    json_free(root);
    fault_report_release(&inner);
}

/* Google's list beside the message: {"@type":"…RetryInfo","retryDelay":"34s"} and others. */
static void read_details(struct fault_report *f, const struct json *details)
{
    struct span wait;
    for (const struct json *one = json_is_array(details) ? json_first(details) : NULL; one; one = json_next(one))
        if (json_get_text(one, "retryDelay", &wait))
            heads_duration(wait, &f->wait_ms);
}

/* "Please try again in 7.66s.", "retry after 26 seconds". */
static void read_wait(struct fault_report *f)
{
    static const char *const ways[] = {"again in ", "retry in ", "retry after "};
    struct span words = str_span(&f->message);
    for (size_t i = 0; i < COUNT_OF(ways) && !f->wait_ms; i++) {
        const char *found = strcasestr(str_text(&f->message), ways[i]);
        if (!found)
            continue;
        struct span rest = span_cut(words, (size_t)(found - words.s) + strlen(ways[i]), words.len);
        struct str wait = {0};
        str_add(&wait, span_cut(rest, 0, strspn(rest.s, "0123456789.")));
        const char *unit = rest.s + wait.len + strspn(rest.s + wait.len, " ");
        str_add(&wait, *unit == ' ' ? SPAN("") : (struct span){unit, strspn(unit, "hms0123456789.")});
        while (wait.len && wait.s[wait.len - 1] == '.')
            str_cut(&wait, wait.len - 1);
        heads_duration(str_span(&wait), &f->wait_ms);
        str_release(&wait);
    }
}

static bool read_any(struct fault_report *f, const struct json *error);

static void read_object(struct fault_report *f, const struct json *error)
{
    add_field(&f->message, error, "message");
    if (!f->message.len)
        add_field(&f->message, error, "msg");
    if (!f->message.len)
        read_any(f, json_get(json_get(error, "message"), "detail")); /* Mistral */
    add_field(&f->code, error, "code");
    if (!f->code.len)
        add_field(&f->code, error, "type");
    if (!f->param.len)
        add_field(&f->param, error, "param");
    if (!f->message.len)
        str_add(&f->message, str_span(&f->code));
    read_quoted(f, error);
    read_details(f, json_get(error, "details"));
    read_status(f);
}

static bool read_any(struct fault_report *f, const struct json *error)
{
    struct span text;
    if (json_text(error, &text)) {
        fault_add_words(&f->message, text);
        return true;
    }
    if (json_is_array(error) && json_first(error))
        read_complaint(f, json_first(error));
    else if (json_is_object(error) && json_first(error))
        read_object(f, error);
    else
        return false;
    return true;
}

static bool reads_as_message(const struct json *root)
{
    struct span text;
    return json_get_text(root, "object", &text) ? span_is(text, "error") : json_get_text(root, "message", &text);
}

static bool read_root(const struct json *root, struct fault_report *f)
{
    if (json_is_array(root))
        root = json_first(root);
    if (!json_is_object(root))
        return false;
    if (read_any(f, json_get(root, "error")))
        return true;
    if (read_any(f, json_get(json_get(root, "response"), "error")))
        return true;
    const struct json *choices = json_get(root, "choices");
    if (choices)
        return read_any(f, json_get(json_first(choices), "error"));
    if (read_any(f, json_get(root, "detail")) || read_any(f, json_get(json_get(root, "x_groq"), "error")))
        return true;
    if (!reads_as_message(root))
        return false;
    read_object(f, root);
    return true;
}

bool fault_read(const struct json *root, struct fault_report *f)
{
    bool found = read_root(root, f);
    if (found && !f->wait_ms)
        read_wait(f);
    return found;
}

static bool is_about_support(const struct fault_report *f)
{
    static const char *const words[] = {"not support",   "unsupported",   "unrecognized", "unknown",     "not permitted",       "not allowed",
                                        "not enabled",   "not available", "deprecated",   "cannot both", "unexpected keyword",  "prefill",
                                        "not currently", "user message",  "last role",    "argument not", "only one completion"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasestr(str_text(&f->message), words[i]) || strcasestr(str_text(&f->code), words[i]))
            return true;
    return false;
}

bool fault_report_refuses(struct fault_report *f, struct refusal *out)
{
    if (!is_about_support(f))
        return false;
    str_move(&out->param, &f->param);
    str_move(&out->words, &f->message);
    return true;
}

bool fault_refuses(const struct heads *h, struct span body, struct refusal *out)
{
    struct fault_report f = {0};
    struct json *root = h->status == 400 || h->status == 422 || h->status == 501 ? json_parse(body) : NULL;
    bool found = fault_read(root, &f) && fault_report_refuses(&f, out);
    json_free(root);
    fault_report_release(&f);
    return found;
}
