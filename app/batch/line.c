#include "app/batch/line.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "net/json.h"

#include <stdlib.h>
#include <string.h>

void batch_line_release(struct batch_line *l)
{
    struct str *texts[] = {&l->id, &l->prompt, &l->system, &l->context, &l->model, &l->title};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        str_release(texts[i]);
    for (int i = 0; i < REQUEST_STOPS_MAX; i++)
        str_release(&l->stops[i]);
    memset(l, 0, sizeof *l);
}

static void empty(struct batch_line *l)
{
    struct str *texts[] = {&l->id, &l->prompt, &l->system, &l->context, &l->model, &l->title};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        str_clear(texts[i]);
    l->stop_count = -1;
    l->dials = (struct dials){0};
    memset(l->given, 0, sizeof l->given);
}

/* -- members ---------------------------------------------------------------------------------------------------------------------- */

/* Text as the line has it, in UTF-8 whatever its escapes spelled. */
static bool read_text(const struct json *value, const char *name, struct str *out, struct err *e)
{
    struct span text;
    if (!json_text(value, &text))
        return err_set(e, ERR_FORMAT, _("“%s” wants a text."), name);
    str_clear(out);
    utf8_add_clean(out, text);
    return true;
}

static bool read_id(const struct json *value, struct str *out, struct err *e)
{
    int64_t number = 0;
    if (!json_integer(value, &number))
        return read_text(value, "id", out, e);
    str_clear(out);
    str_printf(out, "%lld", (long long)number);
    return true;
}

static bool add_stop(struct batch_line *l, const struct json *value, struct err *e)
{
    if (l->stop_count == REQUEST_STOPS_MAX)
        return err_set(e, ERR_FORMAT, _("There may be at most %d stop strings."), REQUEST_STOPS_MAX);
    if (!read_text(value, "stop", &l->stops[l->stop_count], e))
        return false;
    return l->stops[l->stop_count++].len > 0 || err_set(e, ERR_FORMAT, _("A stop string must not be empty."));
}

static bool read_stops(struct batch_line *l, const struct json *value, struct err *e)
{
    l->stop_count = 0;
    if (!json_is_array(value))
        return add_stop(l, value, e);
    for (const struct json *item = json_first(value); item; item = json_next(item))
        if (!add_stop(l, item, e))
            return false;
    return true;
}

static bool read_dial(struct batch_line *l, enum dial_id id, const struct json *value, struct err *e)
{
    struct str number = {0};
    struct span text;
    double x = 0;
    bool ok = true;
    if (json_number(value, &x)) {
        str_printf(&number, "%.*f", dial_table[id].decimals || x != (double)(int64_t)x ? 9 : 0, x);
        ok = dial_parse(&l->dials, id, str_span(&number), e);
    } else if (json_text(value, &text)) {
        ok = dial_parse(&l->dials, id, text, e);
    } else {
        ok = err_set(e, ERR_FORMAT, _("“%s” wants a number."), dial_table[id].name);
    }
    l->given[id] = true;
    str_release(&number);
    return ok;
}

static bool read_member(struct batch_line *l, struct span key, const struct json *value, struct err *e)
{
    const struct {
        const char *name;
        struct str *text;
    } texts[] = {{"prompt", &l->prompt}, {"system", &l->system}, {"context", &l->context}, {"model", &l->model}, {"title", &l->title}};
    enum dial_id dial = DIAL_COUNT;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (span_is(key, texts[i].name))
            return read_text(value, texts[i].name, texts[i].text, e);
    if (span_is(key, "id"))
        return read_id(value, &l->id, e);
    if (span_is(key, "stop"))
        return read_stops(l, value, e);
    if (span_is(key, "n"))
        return read_dial(l, DIAL_TAKES, value, e);
    if (dial_find(key, &dial))
        return read_dial(l, dial, value, e);
    return err_set(e, ERR_FORMAT, _("“%.*s” is neither prompt, system, context, id, model, stop, n, title nor a dial."), SPAN_ARG(key));
}

bool batch_line_read(struct batch_line *out, struct span text, struct err *e)
{
    empty(out);
    struct json *root = json_parse(text);
    bool ok = json_is_object(root) || err_set(e, ERR_FORMAT, _("This is not a JSON object."));
    for (const struct json *m = ok ? json_first(root) : NULL; ok && m; m = json_next(m))
        ok = read_member(out, json_key(m), m, e);
    if (ok && span_trim(str_span(&out->prompt)).len == 0)
        ok = err_set(e, ERR_FORMAT, _("There is no “prompt”."));
    json_free(root);
    return ok;
}

void batch_line_apply(const struct batch_line *l, struct request *req)
{
    if (l->system.len)
        str_set(&req->system, str_span(&l->system));
    if (l->model.len)
        str_set(&req->model, str_span(&l->model));
    if (l->stop_count >= 0)
        req->stop_count = 0;
    for (int i = 0; i < l->stop_count; i++)
        (void)request_add_stop(req, str_span(&l->stops[i]));
    for (int i = 0; i < DIAL_COUNT; i++)
        if (l->given[i] && l->dials.on[i])
            dial_set(&req->dials, (enum dial_id)i, l->dials.value[i]);
        else if (l->given[i])
            dial_off(&req->dials, (enum dial_id)i);
}

/* -- names ------------------------------------------------------------------------------------------------------------------------ */

/* The last step of SplitMix64: every bit of the input moves every bit of the output. */
static uint64_t mixed(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static uint64_t hashed(struct span text, uint64_t seed)
{
    uint64_t h = seed;
    for (size_t i = 0; i < text.len; i += 8) {
        uint64_t word = 0;
        memcpy(&word, text.s + i, text.len - i < 8 ? text.len - i : 8);
        h = mixed(h ^ word) + UINT64_C(0x9E3779B97F4A7C15);
    }
    return mixed(h ^ text.len);
}

uint64_t batch_line_hash(struct span text)
{
    return hashed(text, UINT64_C(0x9E3779B97F4A7C15));
}

void batch_line_name(struct span text, struct str *out)
{
    str_printf(out, "%016llx%08llx", (unsigned long long)batch_line_hash(text),
               (unsigned long long)(hashed(text, UINT64_C(0xD1B54A32D192ED03)) >> 32));
}

/* -- lines that say the same ------------------------------------------------------------------------------------------------------- */

#define TIMES_BITS 20 /* of a slot: how often; the others are of the hash. An empty slot is 0. */

static uint64_t *slot_of(uint64_t *slots, size_t cap, uint64_t hash)
{
    size_t at = (size_t)(hash >> TIMES_BITS) & (cap - 1);
    while (slots[at] && slots[at] >> TIMES_BITS != hash >> TIMES_BITS)
        at = (at + 1) & (cap - 1);
    return &slots[at];
}

static void grow(struct batch_seen *s)
{
    size_t cap = s->cap ? s->cap * 2 : 1024;
    uint64_t *slots = mem_new(cap, sizeof *slots);
    for (size_t i = 0; i < s->cap; i++)
        if (s->slots[i])
            *slot_of(slots, cap, s->slots[i]) = s->slots[i];
    free(s->slots);
    s->slots = slots;
    s->cap = cap;
}

int batch_seen_again(struct batch_seen *s, struct span text)
{
    uint64_t hash = batch_line_hash(text), times_mask = (UINT64_C(1) << TIMES_BITS) - 1;
    if (s->count * 4 >= s->cap * 3)
        grow(s);
    uint64_t *slot = slot_of(s->slots, s->cap, hash);
    s->count += *slot == 0;
    *slot = (hash & ~times_mask) | (((*slot & times_mask) + 1) & times_mask);
    return (int)(*slot & times_mask);
}

void batch_seen_release(struct batch_seen *s)
{
    free(s->slots);
    *s = (struct batch_seen){0};
}
