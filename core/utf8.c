#include "core/utf8.h"
#include <string.h>

static const struct span replacement = {"\xEF\xBF\xBD", 3};

/* What a lead byte promises: how many bytes, and the range of the second one (which is where overlong forms,
 * surrogates and code points above U+10FFFF are ruled out; Unicode table 3-7). */
struct lead {
    int len; /* 0: can begin nothing */
    unsigned char low, high;
};

static struct lead lead_of(unsigned char byte)
{
    if (byte < 0x80)
        return (struct lead){1, 0, 0};
    if (byte < 0xC2)
        return (struct lead){0, 0, 0};
    if (byte < 0xE0)
        return (struct lead){2, 0x80, 0xBF};
    if (byte < 0xF0)
        return (struct lead){3, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF};
    if (byte < 0xF5)
        return (struct lead){4, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF};
    return (struct lead){0, 0, 0};
}

int utf8_decode(struct span sp, int32_t *cp)
{
    if (sp.len == 0) {
        *cp = -1;
        return 0;
    }
    const unsigned char *byte = (const unsigned char *)sp.s;
    struct lead lead = lead_of(byte[0]);
    *cp = lead.len == 1 ? byte[0] : -1;
    if (lead.len <= 1)
        return 1;

    int32_t value = byte[0] & (0x7F >> lead.len);
    for (int i = 1; i < lead.len; i++) {
        unsigned char low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
        if ((size_t)i >= sp.len || byte[i] < low || byte[i] > high)
            return i;
        value = value << 6 | (byte[i] & 0x3F);
    }
    *cp = value;
    return lead.len;
}

int utf8_decode_before(struct span sp, size_t at, int32_t *cp)
{
    at = at < sp.len ? at : sp.len;
    for (size_t n = 1; n <= 4 && n <= at; n++) {
        int used = utf8_decode((struct span){sp.s + at - n, n}, cp);
        if (*cp >= 0 && (size_t)used == n)
            return used;
    }
    *cp = -1;
    return at > 0;
}

int utf8_encode(int32_t cp, char out[4])
{
    bool surrogate = cp >= 0xD800 && cp <= 0xDFFF;
    if (cp < 0 || cp > 0x10FFFF || surrogate)
        cp = UTF8_REPLACEMENT;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    int len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (int i = len - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3F));
    static const int marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(marks[len] | cp);
    return len;
}

/* How many bytes at the start are ASCII, eight at a time: most of the bytes of most texts. */
static size_t ascii_run(struct span sp)
{
    size_t at = 0;
    for (uint64_t word = 0; at + sizeof word <= sp.len; at += sizeof word) {
        memcpy(&word, sp.s + at, sizeof word);
        if (word & 0x8080808080808080u)
            break;
    }
    while (at < sp.len && !(sp.s[at] & 0x80))
        at++;
    return at;
}

/* How many bytes at the start are characters of three bytes as most writing but the Latin has them: those whose first byte alone says that
 * the other two need only be continuations. */
static size_t wide_run(struct span sp)
{
    size_t at = 0;
    while (at + 3 <= sp.len) {
        unsigned char lead = (unsigned char)sp.s[at];
        bool plain = lead >= 0xE1 && lead <= 0xEF && lead != 0xED;
        if (!plain || ((unsigned char)sp.s[at + 1] & 0xC0) != 0x80 || ((unsigned char)sp.s[at + 2] & 0xC0) != 0x80)
            break;
        at += 3;
    }
    return at;
}

/* How many bytes at the start are well-formed; *bad is the length of the ill-formed subpart after them, 0 at
 * the end. */
static size_t well_formed(struct span sp, size_t *bad)
{
    size_t at = 0;
    int32_t cp = 0;
    *bad = 0;
    while (at < sp.len) {
        at += ascii_run((struct span){sp.s + at, sp.len - at});
        size_t wide = wide_run((struct span){sp.s + at, sp.len - at});
        at += wide;
        if (wide)
            continue;
        int used = utf8_decode((struct span){sp.s + at, sp.len - at}, &cp);
        if (used > 0 && cp < 0) {
            *bad = (size_t)used;
            break;
        }
        at += (size_t)used;
    }
    return at;
}

bool utf8_valid(struct span sp)
{
    size_t bad = 0;
    well_formed(sp, &bad);
    return bad == 0;
}

size_t utf8_length(struct span sp)
{
    size_t length = 0;
    for (size_t at = 0; at < sp.len; length++) {
        int32_t cp = 0;
        at += (size_t)utf8_decode((struct span){sp.s + at, sp.len - at}, &cp);
    }
    return length;
}

/* True when the ill-formed subpart at the very end of the bytes is a character that the next bytes may
 * complete. */
static bool cut_off(struct span sp, size_t at, size_t bad)
{
    return bad > 0 && at + bad == sp.len && lead_of((unsigned char)sp.s[at]).len > (int)bad;
}

/* Adds the bytes cleaned; returns how many bytes at the end wait for more (0 when `whole`: then they are
 * ill-formed). */
static size_t add_clean(struct str *out, struct span sp, bool whole)
{
    while (sp.len > 0) {
        size_t bad = 0, good = well_formed(sp, &bad);
        str_add(out, (struct span){sp.s, good});
        if (bad == 0)
            return 0;
        if (!whole && cut_off(sp, good, bad))
            return bad;
        str_add(out, replacement);
        sp = (struct span){sp.s + good + bad, sp.len - good - bad};
    }
    return 0;
}

void utf8_add_clean(struct str *out, struct span sp)
{
    add_clean(out, sp, true);
}

/* Completes the waiting tail with the next bytes; returns how many of them it took. */
static size_t finish_tail(struct utf8_stream *st, struct str *out, struct span bytes)
{
    size_t taken = 0;
    while (st->tail_len > 0 && taken < bytes.len) {
        int32_t cp = 0;
        st->tail[st->tail_len] = bytes.s[taken];
        struct span tail = {st->tail, (size_t)st->tail_len + 1};
        size_t used = (size_t)utf8_decode(tail, &cp);
        if (cp < 0 && cut_off(tail, 0, used)) {
            st->tail_len++;
            taken++;
            continue;
        }
        str_add(out, cp < 0 ? replacement : tail);
        st->tail_len = 0;
        taken += cp >= 0; /* a byte that did not fit begins anew */
    }
    return taken;
}

void utf8_stream_add(struct utf8_stream *st, struct str *out, struct span bytes)
{
    size_t taken = finish_tail(st, out, bytes);
    bytes = span_cut(bytes, taken, bytes.len);
    size_t waiting = add_clean(out, bytes, false);
    if (waiting == 0)
        return;
    memcpy(st->tail, bytes.s + bytes.len - waiting, waiting);
    st->tail_len = (int)waiting;
}

void utf8_stream_end(struct utf8_stream *st, struct str *out)
{
    if (st->tail_len > 0)
        str_add(out, replacement);
    st->tail_len = 0;
}
