#include "net/json.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum json_kind { JSON_NULL, JSON_TRUE, JSON_FALSE, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_kind kind;
    struct span key;    /* in an object */
    struct json *next;  /* in the same list */
    union {
        struct json *first; /* of a list */
        struct span text;
        double number;
    };
};

/* -- memory ------------------------------------------------------------------------------------- */

/* Taken from blocks front to back, and given back all at once when the last document is freed: a stream is thousands of small
 * documents, and a malloc for each of their values would cost more than reading them. */
#define BLOCK_SIZE ((size_t)64 << 10)

struct block {
    struct block *next;
    size_t size, used;
    max_align_t bytes[];
};

static struct block *blocks; /* the newest first; the oldest is kept for the next document */
static int documents;

static void *take_memory(size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!blocks || size > blocks->size - blocks->used) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        struct block *b = mem_grow(NULL, sizeof *b + room, 1);
        b->next = blocks;
        b->size = room;
        b->used = 0;
        blocks = b;
    }
    char *taken = (char *)blocks->bytes + blocks->used;
    blocks->used += size;
    return taken;
}

static void give_back_memory(void)
{
    while (blocks && (blocks->next || blocks->size > BLOCK_SIZE)) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
    if (blocks)
        blocks->used = 0;
}

/* -- parsing: each of these stands at its value's first byte and leaves the reader behind its last; false: it is none --- */

struct reader {
    char *at, *end; /* a copy of the text, in which strings are decoded where they stand; *end is a NUL, and no other byte is */
    int values;
};

static void skip_space(struct reader *r)
{
    while ((unsigned char)(*r->at - 1) < ' ')
        r->at++;
}

/* The four digits at `at`, or -1. */
static int hex4(const char *at)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* The three-byte form that UTF-8 has not; half a pair has no other. */
static size_t write_half(int code, char *to)
{
    to[0] = (char)0xED;
    to[1] = (char)(0x80 | (code >> 6 & 0x3F));
    to[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

/* What "\uXXXX" stands for, with the other half of its pair where that follows. Moves *at behind it. */
static size_t write_code(char **at, char *to)
{
    int code = hex4(*at + 2), low = -1;
    if (code < 0)
        return 0;
    *at += 6;
    if (code == 0) {
        to[0] = (char)0xC0;
        to[1] = (char)0x80;
        return 2;
    }
    if (code >= 0xD800 && code < 0xDC00 && (*at)[0] == '\\' && (*at)[1] == 'u')
        low = hex4(*at + 2);
    if (low >= 0xDC00 && low <= 0xDFFF) {
        *at += 6;
        return (size_t)utf8_encode(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), to);
    }
    return code >= 0xD800 && code <= 0xDFFF ? write_half(code, to) : (size_t)utf8_encode(code, to);
}

/* What the escape at *at stands for, which is never longer than it; 0: it is none. */
static size_t write_unescaped(char **at, char *to)
{
    static const char from[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = (*at)[1];
    const char *found = c ? strchr(from, c) : NULL;
    if (c == 'u')
        return write_code(at, to);
    if (!found)
        return 0;
    *to = meant[found - from];
    *at += 2;
    return 1;
}

/* Decodes a text from its first escape on, where *to stands; moves *to to the decoded text's end and returns where its closing quote is.
 * NULL: there is none, or an escape that means nothing. */
static char *decode(char **to)
{
    char *at = *to, *out = *to;
    while (*at && *at != '"') {
        size_t len = 1;
        if (*at == '\\')
            len = write_unescaped(&at, out);
        else
            *out = *at++;
        if (len == 0)
            return NULL;
        out += len;
    }
    *to = out;
    return *at ? at : NULL;
}

static bool read_text(struct reader *r, struct span *out)
{
    char *from = r->at + 1;
    char *quote = *r->at == '"' ? memchr(from, '"', (size_t)(r->end - from)) : NULL;
    char *end = quote ? memchr(from, '\\', (size_t)(quote - from)) : NULL;
    if (end)
        quote = decode(&end);
    else
        end = quote;
    if (!quote)
        return false;
    *out = (struct span){from, (size_t)(end - from)};
    r->at = quote + 1;
    return true;
}

static const char *skip_digits(const char *at)
{
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

/* Where a number that begins at `at` ends, NULL: it is none. Leading zeros are let pass. */
static const char *number_end(const char *at)
{
    const char *from = at + (*at == '-'), *end = skip_digits(from);
    if (end == from)
        return NULL;
    if (*end == '.') {
        from = end + 1;
        end = skip_digits(from);
    }
    if (end > from && (*end == 'e' || *end == 'E')) {
        from = end + 1 + (end[1] == '+' || end[1] == '-');
        end = skip_digits(from);
    }
    return end > from ? end : NULL;
}

#define EXACT_DIGITS 15 /* a whole number of so many fits a double */

static bool read_number(struct reader *r, struct json *v)
{
    const char *end = number_end(r->at), *digits = r->at + (*r->at == '-');
    int64_t whole = 0;
    if (!end)
        return false;
    v->kind = JSON_NUMBER;
    if (end - digits <= EXACT_DIGITS && skip_digits(digits) == end) {
        for (const char *at = digits; at < end; at++)
            whole = whole * 10 + (*at - '0');
        v->number = digits > r->at ? -(double)whole : (double)whole;
    } else {
        v->number = strtod(r->at, NULL);
    }
    r->at += end - r->at;
    return true;
}

static bool read_word(struct reader *r, struct json *v, const char *word, enum json_kind kind)
{
    size_t len = strlen(word);
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return false;
    r->at += len;
    v->kind = kind;
    return true;
}

static bool read_value(struct reader *r, struct json *v, int depth);

static bool read_member(struct reader *r, struct json *v, bool named, int depth)
{
    if (++r->values > JSON_VALUES_MAX)
        return false;
    skip_space(r);
    if (named) {
        if (!read_text(r, &v->key))
            return false;
        skip_space(r);
        if (*r->at++ != ':')
            return false;
    }
    return read_value(r, v, depth);
}

static bool read_list(struct reader *r, struct json *v, int depth)
{
    bool named = *r->at++ == '{';
    char close = named ? '}' : ']';
    struct json **next = &v->first;
    v->kind = named ? JSON_OBJECT : JSON_ARRAY;
    v->first = NULL;
    if (depth >= JSON_DEPTH_MAX)
        return false;
    skip_space(r);
    if (*r->at == close) {
        r->at++;
        return true;
    }
    for (char c = ','; c == ','; c = *r->at++) {
        struct json *member = take_memory(sizeof *member);
        member->next = NULL;
        *next = member;
        next = &member->next;
        if (!read_member(r, member, named, depth + 1))
            return false;
        skip_space(r);
        if (*r->at == close) {
            r->at++;
            return true;
        }
    }
    return false;
}

static bool read_value(struct reader *r, struct json *v, int depth)
{
    skip_space(r);
    switch (*r->at) {
    case '{':
    case '[':
        return read_list(r, v, depth);
    case '"':
        v->kind = JSON_TEXT;
        return read_text(r, &v->text);
    case 't':
        return read_word(r, v, "true", JSON_TRUE);
    case 'f':
        return read_word(r, v, "false", JSON_FALSE);
    case 'n':
        return read_word(r, v, "null", JSON_NULL);
    default:
        return read_number(r, v);
    }
}

struct json *json_parse(struct span text)
{
    if (span_starts(text, "\xEF\xBB\xBF"))
        text = span_cut(text, 3, text.len);
    if (text.len == 0 || memchr(text.s, 0, text.len))
        return NULL;
    struct json *root = take_memory(sizeof *root);
    char *copy = take_memory(text.len + 1);
    memcpy(copy, text.s, text.len);
    copy[text.len] = '\0';
    struct reader r = {.at = copy, .end = copy + text.len};
    *root = (struct json){0};
    bool ok = read_value(&r, root, 0);
    if (ok)
        skip_space(&r);
    documents++;
    if (ok && r.at == r.end)
        return root;
    json_free(root);
    return NULL;
}

void json_free(struct json *root)
{
    if (root && --documents == 0)
        give_back_memory();
}

/* -- reading ----------------------------------------------------------------------------------- */

const struct json *json_get(const struct json *object, const char *key)
{
    if (!json_is_object(object))
        return NULL;
    const struct json *member = object->first;
    while (member && !(member->key.s[0] == key[0] && span_is(member->key, key)))
        member = member->next;
    return member;
}

const struct json *json_first(const struct json *list)
{
    return json_is_object(list) || json_is_array(list) ? list->first : NULL;
}

const struct json *json_next(const struct json *value)
{
    return value ? value->next : NULL;
}

struct span json_key(const struct json *member)
{
    return member->key;
}

bool json_is_object(const struct json *value)
{
    return value && value->kind == JSON_OBJECT;
}

bool json_is_array(const struct json *value)
{
    return value && value->kind == JSON_ARRAY;
}

bool json_is_true(const struct json *value)
{
    return value && value->kind == JSON_TRUE;
}

bool json_text(const struct json *value, struct span *out)
{
    if (!value || value->kind != JSON_TEXT)
        return false;
    *out = value->text;
    return true;
}

bool json_number(const struct json *value, double *out)
{
    if (!value || value->kind != JSON_NUMBER || !isfinite(value->number))
        return false;
    *out = value->number;
    return true;
}

bool json_integer(const struct json *value, int64_t *out)
{
    const double exact = 9007199254740992.0; /* 2^53 */
    struct span text;
    double number = 0;
    if (json_text(value, &text))
        return span_integer(text, out);
    if (!json_number(value, &number) || number < -exact || number > exact || number != floor(number))
        return false;
    *out = (int64_t)number;
    return true;
}

bool json_get_text(const struct json *object, const char *key, struct span *out)
{
    return json_text(json_get(object, key), out);
}

bool json_get_number(const struct json *object, const char *key, double *out)
{
    return json_number(json_get(object, key), out);
}

bool json_get_integer(const struct json *object, const char *key, int64_t *out)
{
    return json_integer(json_get(object, key), out);
}

/* -- writing ----------------------------------------------------------------------------------- */

void json_write_text(struct str *out, struct span text)
{
    struct str clean = {0};
    if (!utf8_valid(text)) {
        utf8_add_clean(&clean, text);
        text = str_span(&clean);
    }
    str_add_quoted(out, text);
    str_release(&clean);
}

void json_write_number(struct str *out, double value, int decimals)
{
    size_t start = out->len;
    str_printf(out, "%.*f", decimals, value);
    if (decimals == 0 || !memchr(out->s + start, '.', out->len - start))
        return;
    while (out->s[out->len - 1] == '0')
        str_cut(out, out->len - 1);
    if (out->s[out->len - 1] == '.')
        str_cut(out, out->len - 1);
}
