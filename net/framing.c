#include "net/framing.h"

#include <string.h>

void framing_init(struct framing *f, enum framing_kind kind, bool (*event)(void *, struct span, struct span), void *ctx)
{
    *f = (struct framing){.kind = kind, .event = event, .ctx = ctx};
    str_init(&f->line, EVENT_MAX);
    str_init(&f->data, EVENT_MAX);
    str_init(&f->name, EVENT_MAX);
}

void framing_release(struct framing *f)
{
    str_release(&f->line);
    str_release(&f->data);
    str_release(&f->name);
}

static bool deliver(struct framing *f)
{
    bool ok = !f->has_data || f->event(f->ctx, str_span(&f->name), str_span(&f->data));
    str_clear(&f->name);
    str_clear(&f->data);
    f->has_data = false;
    return ok;
}

static bool add_data(struct framing *f, struct span value)
{
    if (f->has_data && !str_try_add(&f->data, SPAN("\n")))
        return false;
    f->has_data = true;
    return str_try_add(&f->data, value);
}

/* "field: value". Comments and fields that mean nothing here (id, retry) are passed over. An "error" field, which old
 * llama.cpp servers write instead of "data", is an event of that name. */
static bool take_field(struct framing *f, struct span line)
{
    const char *colon = memchr(line.s, ':', line.len);
    struct span field = span_cut(line, 0, colon ? (size_t)(colon - line.s) : line.len);
    struct span value = span_cut(line, field.len + 1, line.len);
    if (value.len && value.s[0] == ' ')
        value = span_cut(value, 1, value.len);
    if (span_is(field, "data"))
        return add_data(f, value);
    if (span_is(field, "event") || span_is(field, "error"))
        str_set(&f->name, span_is(field, "event") ? value : field);
    return !span_is(field, "error") || add_data(f, value);
}

static bool take_line(struct framing *f, struct span line)
{
    if (!f->begun && span_starts(line, "\xEF\xBB\xBF"))
        line = span_cut(line, 3, line.len);
    f->begun = true;
    if (f->kind == FRAMING_LINES)
        return span_trim(line).len == 0 || f->event(f->ctx, SPAN(""), line);
    return line.len ? take_field(f, line) : deliver(f);
}

/* The end of a line is at `end`; what was kept of the line comes before. */
static bool end_line(struct framing *f, struct span bytes, size_t from, size_t end)
{
    struct span piece = span_cut(bytes, from, end);
    if (f->line.len == 0)
        return take_line(f, piece);
    bool ok = str_try_add(&f->line, piece) && take_line(f, str_span(&f->line));
    str_clear(&f->line);
    return ok;
}

/* Where the next `c` is at or after `from`; `known` remembers it, so that the bytes are searched once only. */
static size_t next_byte(struct span bytes, char c, size_t from, size_t *known)
{
    if (*known != SIZE_MAX && *known >= from)
        return *known;
    const char *found = memchr(bytes.s + from, c, bytes.len - from);
    *known = found ? (size_t)(found - bytes.s) : bytes.len;
    return *known;
}

bool framing_add(struct framing *f, struct span bytes)
{
    size_t from = 0, lf = SIZE_MAX, cr = SIZE_MAX;
    while (from < bytes.len) {
        if (f->after_cr && bytes.s[from] == '\n') {
            f->after_cr = false;
            from++;
            continue;
        }
        f->after_cr = false;
        size_t next_lf = next_byte(bytes, '\n', from, &lf), next_cr = next_byte(bytes, '\r', from, &cr);
        size_t end = next_lf < next_cr ? next_lf : next_cr;
        if (end == bytes.len)
            return str_try_add(&f->line, span_cut(bytes, from, end));
        if (!end_line(f, bytes, from, end))
            return false;
        f->after_cr = end == next_cr;
        from = end + 1;
    }
    return true;
}

bool framing_end(struct framing *f)
{
    if (f->line.len && !end_line(f, SPAN(""), 0, 0))
        return false;
    return deliver(f);
}
