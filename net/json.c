#include "net/json.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* struct json is never defined: a pointer to it is a pointer to cJSON's node. */
static const cJSON *node(const struct json *value)
{
    return (const cJSON *)value;
}

static const struct json *value_of(const cJSON *item)
{
    return (const struct json *)item;
}

/* -- cJSON's memory ----------------------------------------------------------------------------- */

/* Taken from blocks front to back, and given back all at once when the last document is freed: a stream is thousands of small
 * documents, and a malloc for each of their nodes would cost more than reading them. */
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
        *b = (struct block){.next = blocks, .size = room};
        blocks = b;
    }
    char *taken = (char *)blocks->bytes + blocks->used;
    blocks->used += size;
    return taken;
}

static void keep_memory(void *taken)
{
    (void)taken;
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

static cJSON *parse(struct span text, const char **end)
{
    static bool hooked;
    if (!hooked)
        cJSON_InitHooks(&(cJSON_Hooks){take_memory, keep_memory});
    hooked = true;
    cJSON *root = cJSON_ParseWithLengthOpts(text.s, text.len, end, false);
    if (root)
        documents++;
    else if (documents == 0)
        give_back_memory();
    return root;
}

/* -- before parsing ---------------------------------------------------------------------------- */

/* The four digits after "\u", or -1. */
static int hex4(struct span text, size_t at)
{
    int value = 0;
    if (at + 4 > text.len)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        char c = text.s[i];
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

static bool is_low_half(struct span text, size_t at)
{
    int code = at + 6 <= text.len && text.s[at] == '\\' && text.s[at + 1] == 'u' ? hex4(text, at + 2) : -1;
    return code >= 0xDC00 && code <= 0xDFFF;
}

/* cJSON cuts strings at \u0000 and fails at half surrogate pairs. Writes the bytes that stand for such an escape at
 * `at` (a backslash) and returns how many, 0 when cJSON reads the escape well. `used` is the length of the escape. */
static size_t replace_escape(struct span text, size_t at, char out[3], size_t *used)
{
    *used = 2;
    if (at + 1 >= text.len || text.s[at + 1] != 'u')
        return 0;
    int code = hex4(text, at + 2);
    if (code < 0)
        return 0;
    *used = 6;
    if (code == 0) {
        memcpy(out, "\xC0\x80", 2);
        return 2;
    }
    if (code < 0xD800 || code > 0xDFFF)
        return 0;
    if (code < 0xDC00 && is_low_half(text, at + 6)) {
        *used = 12;
        return 0;
    }
    out[0] = (char)0xED;
    out[1] = (char)(0x80 | (code >> 6 & 0x3F));
    out[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

/* Copies `text` from `from` on with every escape replaced that cJSON cannot read. */
static void rewrite(struct span text, size_t from, struct str *out)
{
    size_t at = from;
    str_set(out, span_cut(text, 0, from));
    while (at < text.len) {
        const char *slash = memchr(text.s + at, '\\', text.len - at);
        size_t end = slash ? (size_t)(slash - text.s) : text.len, used = 0;
        char bytes[3];
        str_add(out, span_cut(text, at, end));
        if (!slash)
            break;
        size_t count = replace_escape(text, end, bytes, &used);
        str_add(out, count ? (struct span){bytes, count} : span_cut(text, end, end + used));
        at = end + used;
    }
}

struct survey {
    int depth, values;
    ptrdiff_t rewrite; /* where the first escape is that must be replaced, -1: nowhere */
};

/* Steps over a string whose opening quote is before `at`; returns the offset after its closing quote. */
static size_t survey_string(struct span text, size_t at, struct survey *s)
{
    while (at < text.len && text.s[at] != '"') {
        size_t used = 1;
        char bytes[3];
        if (text.s[at] == '\\' && replace_escape(text, at, bytes, &used) && s->rewrite < 0)
            s->rewrite = (ptrdiff_t)at;
        at += used;
    }
    return at + 1;
}

/* Counts depth and values before cJSON spends stack and memory on them, and refuses raw NUL bytes, which would end its
 * strings. */
static bool survey(struct span text, struct survey *s)
{
    *s = (struct survey){.rewrite = -1};
    if (memchr(text.s, 0, text.len))
        return false;
    for (size_t at = 0; at < text.len;) {
        char c = text.s[at++];
        if (c == '"')
            at = survey_string(text, at, s);
        else if (c == '{' || c == '[')
            s->depth++, s->values++;
        else if (c == '}' || c == ']')
            s->depth--;
        else if (c == ',')
            s->values++;
        if (s->depth > JSON_DEPTH_MAX || s->values > JSON_VALUES_MAX)
            return false;
    }
    return true;
}

static bool only_space(const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '\t' || *from == '\r' || *from == '\n'))
        from++;
    return from >= to;
}

struct json *json_parse(struct span text, struct str *scratch)
{
    struct survey s;
    const char *end = NULL;
    if (text.len == 0 || !survey(text, &s))
        return NULL;
    if (s.rewrite >= 0) {
        rewrite(text, (size_t)s.rewrite, scratch);
        text = str_span(scratch);
    }
    struct json *root = (struct json *)parse(text, &end);
    if (root && !only_space(end, text.s + text.len)) {
        json_free(root);
        root = NULL;
    }
    return root;
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
    const cJSON *member = node(object)->child;
    while (member && (member->string[0] != key[0] || strcmp(member->string, key)))
        member = member->next;
    return value_of(member);
}

const struct json *json_first(const struct json *list)
{
    return json_is_object(list) || json_is_array(list) ? value_of(node(list)->child) : NULL;
}

const struct json *json_next(const struct json *value)
{
    return value_of(node(value)->next);
}

struct span json_key(const struct json *member)
{
    return span_of(node(member)->string);
}

bool json_is_object(const struct json *value)
{
    return cJSON_IsObject(node(value));
}

bool json_is_array(const struct json *value)
{
    return cJSON_IsArray(node(value));
}

bool json_is_true(const struct json *value)
{
    return cJSON_IsTrue(node(value));
}

bool json_text(const struct json *value, struct span *out)
{
    if (!cJSON_IsString(node(value)) || !node(value)->valuestring)
        return false;
    *out = span_of(node(value)->valuestring);
    return true;
}

bool json_number(const struct json *value, double *out)
{
    if (!cJSON_IsNumber(node(value)) || !isfinite(node(value)->valuedouble))
        return false;
    *out = node(value)->valuedouble;
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

static void write_escape(struct str *out, char c)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c == '"' || c == '\\')
        str_printf(out, "\\%c", c);
    else if ((size_t)c < sizeof letters && letters[(size_t)c])
        str_printf(out, "\\%c", letters[(size_t)c]);
    else
        str_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

void json_write_text(struct str *out, struct span text)
{
    struct str clean = {0};
    if (!utf8_valid(text)) {
        utf8_add_clean(&clean, text);
        text = str_span(&clean);
    }
    size_t from = 0;
    str_add_byte(out, '"');
    for (size_t at = 0; at < text.len; at++) {
        unsigned char c = (unsigned char)text.s[at];
        if (c >= ' ' && c != '"' && c != '\\' && c != 0x7F)
            continue;
        str_add(out, span_cut(text, from, at));
        write_escape(out, text.s[at]);
        from = at + 1;
    }
    str_add(out, span_cut(text, from, text.len));
    str_add_byte(out, '"');
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
