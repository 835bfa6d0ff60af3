#include "core/str.h"
#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- spans ---------------------------------------------------------------------------------------------------------------- */

struct span span_of(const char *text)
{
    return (struct span){text ? text : "", text ? strlen(text) : 0};
}

struct span span_cut(struct span sp, size_t from, size_t to)
{
    if (to > sp.len)
        to = sp.len;
    if (from > to)
        from = to;
    return (struct span){sp.len ? sp.s + from : "", to - from};
}

/* Length of the white space at the front (or, from behind, at the end): ASCII or U+3000. */
static size_t space_before(struct span sp)
{
    if (sp.len && (sp.s[0] == ' ' || (sp.s[0] >= '\t' && sp.s[0] <= '\r')))
        return 1;
    return sp.len >= 3 && !memcmp(sp.s, "\xE3\x80\x80", 3) ? 3 : 0;
}

static size_t space_behind(struct span sp)
{
    if (sp.len && (sp.s[sp.len - 1] == ' ' || (sp.s[sp.len - 1] >= '\t' && sp.s[sp.len - 1] <= '\r')))
        return 1;
    return sp.len >= 3 && !memcmp(sp.s + sp.len - 3, "\xE3\x80\x80", 3) ? 3 : 0;
}

struct span span_trim(struct span sp)
{
    for (size_t n = space_before(sp); n; n = space_before(sp))
        sp = span_cut(sp, n, sp.len);
    for (size_t n = space_behind(sp); n; n = space_behind(sp))
        sp.len -= n;
    return sp;
}

bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || !memcmp(a.s, b.s, a.len));
}

bool span_is(struct span a, const char *text)
{
    return span_equal(a, span_of(text));
}

bool span_starts(struct span sp, const char *prefix)
{
    size_t len = strlen(prefix);
    return sp.len >= len && !memcmp(sp.s, prefix, len);
}

ptrdiff_t span_find(struct span sp, struct span needle, size_t from)
{
    if (from > sp.len || needle.len > sp.len - from)
        return -1;
    if (needle.len == 0)
        return (ptrdiff_t)from;
    const char *at = memmem(sp.s + from, sp.len - from, needle.s, needle.len);
    return at ? at - sp.s : -1;
}

bool span_line(struct span *rest, struct span *line)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->s, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->s) : rest->len;
    *line = span_cut(*rest, 0, len);
    *rest = span_cut(*rest, len + (end != NULL), rest->len);
    if (line->len && line->s[line->len - 1] == '\r')
        line->len--;
    return true;
}

bool span_number(struct span sp, double *out)
{
    char text[64];
    if (sp.len == 0 || sp.len >= sizeof text)
        return false;
    for (size_t i = 0; i < sp.len; i++)
        if (!strchr("0123456789+-.eE", sp.s[i]) || !sp.s[i])
            return false;
    memcpy(text, sp.s, sp.len);
    text[sp.len] = '\0';
    char *end = NULL;
    double value = strtod(text, &end);
    if (end != text + sp.len || !(value > -1e300 && value < 1e300))
        return false;
    *out = value;
    return true;
}

bool span_integer(struct span sp, int64_t *out)
{
    bool minus = sp.len && sp.s[0] == '-';
    int64_t value = 0;
    if (sp.len == (size_t)minus)
        return false;
    for (size_t i = minus; i < sp.len; i++) {
        if (sp.s[i] < '0' || sp.s[i] > '9')
            return false;
        int digit = sp.s[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, minus ? -digit : digit, &value))
            return false;
    }
    *out = value;
    return true;
}

char *span_copy(struct span sp)
{
    char *copy = mem_new(sp.len + 1, 1);
    if (sp.len)
        memcpy(copy, sp.s, sp.len);
    return copy;
}

/* -- owned strings --------------------------------------------------------------------------------------------------------- */

static char empty[1] = ""; /* what an empty str points at; never written */

void str_init(struct str *b, size_t max)
{
    *b = (struct str){.s = empty, .max = max};
}

void str_release(struct str *b)
{
    if (b->cap)
        free(b->s);
    str_init(b, b->max);
}

void str_clear(struct str *b)
{
    b->len = 0;
    if (b->cap)
        b->s[0] = '\0';
    else
        b->s = empty;
}

/* Room for `more` bytes and the NUL; false when the limit forbids it. */
static bool make_room(struct str *b, size_t more)
{
    size_t need = 0;
    CHECK(!__builtin_add_overflow(b->len, more, &need) && need < SIZE_MAX / 2);
    if (b->max && need > b->max)
        return false;
    if (need + 1 > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 32;
        if (cap < need + 1)
            cap = need + 1;
        b->s = mem_grow(b->cap ? b->s : NULL, cap, 1);
        b->cap = cap;
    }
    return true;
}

bool str_try_add(struct str *b, struct span sp)
{
    if (sp.len == 0) {
        if (!b->s)
            b->s = empty;
        return true;
    }
    /* A text may be added to itself: find it again after the memory has moved. */
    bool own = b->cap && sp.s >= b->s && sp.s < b->s + b->cap;
    size_t at = own ? (size_t)(sp.s - b->s) : 0;
    if (!make_room(b, sp.len))
        return false;
    memmove(b->s + b->len, own ? b->s + at : sp.s, sp.len);
    b->len += sp.len;
    b->s[b->len] = '\0';
    return true;
}

void str_add(struct str *b, struct span sp)
{
    CHECK(str_try_add(b, sp));
}

void str_add_text(struct str *b, const char *text)
{
    str_add(b, span_of(text));
}

void str_add_byte(struct str *b, char byte)
{
    str_add(b, (struct span){&byte, 1});
}

static void add_escape(struct str *b, unsigned char c)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\'};
    if (c < sizeof letters && letters[c])
        str_printf(b, "\\%c", letters[c]);
    else
        str_printf(b, "\\u%04x", c);
}

void str_add_quoted(struct str *b, struct span text)
{
    size_t from = 0;
    str_add_byte(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
            continue;
        str_add(b, span_cut(text, from, i));
        add_escape(b, c);
        from = i + 1;
    }
    str_add(b, span_cut(text, from, text.len));
    str_add_byte(b, '"');
}

void str_vprintf(struct str *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    CHECK(len >= 0 && make_room(b, (size_t)len));
    vsnprintf(b->s + b->len, (size_t)len + 1, format, args);
    b->len += (size_t)len;
}

void str_printf(struct str *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_vprintf(b, format, args);
    va_end(args);
}

void str_set(struct str *b, struct span sp)
{
    str_splice(b, 0, b->len, sp);
}

void str_splice(struct str *b, size_t from, size_t removed, struct span sp)
{
    CHECK(from <= b->len && removed <= b->len - from);
    struct str copy = {0};
    if (b->cap && sp.len && sp.s >= b->s && sp.s < b->s + b->cap) {
        str_add(&copy, sp);
        sp = str_span(&copy);
    }
    CHECK(make_room(b, sp.len > removed ? sp.len - removed : 0));
    size_t tail = b->len - from - removed;
    memmove(b->s + from + sp.len, b->s + from + removed, tail);
    if (sp.len)
        memcpy(b->s + from, sp.s, sp.len);
    b->len = from + sp.len + tail;
    b->s[b->len] = '\0';
    str_release(&copy);
}

void str_cut(struct str *b, size_t len)
{
    if (len < b->len) {
        b->len = len;
        b->s[len] = '\0';
    }
}

void str_move(struct str *to, struct str *from)
{
    if (to == from)
        return;
    str_release(to);
    *to = *from;
    if (!to->s)
        to->s = empty;
    str_init(from, from->max);
}

char *str_take(struct str *b)
{
    char *bytes = b->cap ? b->s : mem_new(1, 1);
    str_init(b, b->max);
    return bytes;
}

struct span str_span(const struct str *b)
{
    return (struct span){str_text(b), b->len};
}

const char *str_text(const struct str *b)
{
    return b->s ? b->s : "";
}
