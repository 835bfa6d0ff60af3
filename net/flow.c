#include "net/flow.h"
#include "core/utf8.h"

#include <string.h>

static unsigned char byte_at(struct span sp, size_t at)
{
    return (unsigned char)sp.s[at];
}

static bool is_tail_byte(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The code of a surrogate half in its three-byte form at the start of sp, or 0. */
static int surrogate(struct span sp)
{
    if (sp.len < 3 || byte_at(sp, 0) != 0xED || (byte_at(sp, 1) & 0xE0) != 0xA0 || !is_tail_byte(byte_at(sp, 2)))
        return 0;
    return 0xD000 | (byte_at(sp, 1) & 0x3F) << 6 | (byte_at(sp, 2) & 0x3F);
}

/* True when more bytes could make sp, all that is there, one character. */
static bool unfinished(struct span sp)
{
    unsigned char lead = byte_at(sp, 0);
    size_t need = lead == 0xC0 || (lead >= 0xC2 && lead <= 0xDF) ? 2
                  : lead >= 0xE0 && lead <= 0xEF                 ? 3
                  : lead >= 0xF0 && lead <= 0xF4                 ? 4
                                                                 : 0;
    if (sp.len >= need)
        return false;
    for (size_t i = 1; i < sp.len; i++)
        if (!is_tail_byte(byte_at(sp, i)))
            return false;
    if (sp.len < 2)
        return true;
    unsigned char second = byte_at(sp, 1);
    return !(lead == 0xE0 && second < 0xA0) && !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second > 0x8F);
}

static void add_code(struct str *out, int32_t code)
{
    char bytes[4];
    int len = utf8_encode(code, bytes);
    str_add(out, (struct span){bytes, (size_t)len});
}

/* A surrogate half at the start of sp. Returns the bytes used, 0 when its other half may still come. */
static size_t add_half(struct str *out, struct span sp, int code, bool last)
{
    struct span rest = span_cut(sp, 3, sp.len);
    int low = surrogate(rest);
    if (code < 0xDC00 && low >= 0xDC00) {
        add_code(out, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
        return 6;
    }
    bool waits =
        rest.len == 0 || (rest.len < 3 && byte_at(rest, 0) == 0xED && (rest.len == 1 || byte_at(rest, 1) >= 0xB0));
    if (code < 0xDC00 && waits && !last)
        return 0;
    add_code(out, UTF8_REPLACEMENT);
    return 3;
}

/* One character at the start of sp. Returns the bytes used, 0 when more are needed. */
static size_t add_one(struct str *out, struct span sp, bool last)
{
    int32_t code = -1;
    int len = utf8_decode(sp, &code), half = surrogate(sp);
    if (code >= 0) {
        str_add(out, span_cut(sp, 0, (size_t)len));
        return (size_t)len;
    }
    if (half)
        return add_half(out, sp, half, last);
    if (sp.len >= 2 && byte_at(sp, 0) == 0xC0 && byte_at(sp, 1) == 0x80) {
        str_add_byte(out, 0);
        return 2;
    }
    bool open = unfinished(sp);
    if (open && !last)
        return 0;
    add_code(out, UTF8_REPLACEMENT);
    return open ? sp.len : (size_t)len;
}

static size_t add_all(struct str *out, struct span sp, bool last)
{
    size_t at = 0;
    while (at < sp.len) {
        size_t used = add_one(out, span_cut(sp, at, sp.len), last);
        if (used == 0)
            break;
        at += used;
    }
    return at;
}

void flow_add(struct flow *f, struct str *out, struct span text)
{
    struct str joined = {0};
    if (f->tail_len == 0 && utf8_valid(text)) {
        str_add(out, text);
        return;
    }
    str_add(&joined, (struct span){f->tail, f->tail_len});
    str_add(&joined, text);
    size_t used = add_all(out, str_span(&joined), false);
    f->tail_len = joined.len - used;
    memcpy(f->tail, joined.s + used, f->tail_len);
    str_release(&joined);
}

void flow_end(struct flow *f, struct str *out)
{
    add_all(out, (struct span){f->tail, f->tail_len}, true);
    f->tail_len = 0;
}

void flow_whole(struct str *out, struct span text)
{
    struct flow f = {0};
    flow_add(&f, out, text);
    flow_end(&f, out);
}
