#include "net/dialect.h"

const struct dialect *dialect_of(enum dialect_id id)
{
    static const struct dialect *const dialects[DIALECT_COUNT] = {
        [DIALECT_OPENAI_COMPLETIONS] = &dialect_openai_completions,
        [DIALECT_OPENAI_CHAT] = &dialect_openai_chat,
    };
    return dialects[id];
}

static bool learn(bool *fact)
{
    bool is_new = !*fact;
    *fact = true;
    return is_new;
}

bool manners_learn(struct manners *m, enum dialect_id id, struct span name)
{
    if (span_is(name, "stream_options"))
        return learn(&m->no_stream_options);
    if (span_is(name, "suffix") && dialect_takes_suffix(id))
        return learn(&m->no_suffix);
    if (span_is(name, "logprobs") || span_is(name, "top_logprobs"))
        return learn(&m->no_logprobs);
    if (span_is(name, "max_tokens") && dial_table[DIAL_MAX_TOKENS].wire[id])
        return learn(&m->completion_tokens);
    for (int i = 0; i < DIAL_COUNT; i++)
        if (dial_table[i].wire[id] && span_is(name, dial_table[i].wire[id]))
            return learn(&m->refused[i]);
    return false;
}

static bool is_sent(const struct wire *w, int dial)
{
    if (dial == DIAL_TAKES)
        return w->takes > 1;
    return w->request->dials.on[dial] && !w->manners->refused[dial];
}

void write_dials(struct str *body, const struct wire *w, enum dialect_id id)
{
    const struct dials *dials = &w->request->dials;
    for (int i = 0; i < DIAL_COUNT; i++) {
        const struct dial *row = &dial_table[i];
        double value = dials->value[i];
        if (i == DIAL_TAKES)
            value = w->takes;
        if (i == DIAL_SEED)
            value += w->index;
        if (!row->wire[id] || !is_sent(w, i))
            continue;
        str_printf(body, ",\"%s\":",
                   i == DIAL_MAX_TOKENS && w->manners->completion_tokens ? "max_completion_tokens" : row->wire[id]);
        json_write_number(body, value, row->decimals);
    }
}

void write_stops(struct str *body, const struct request *r, const char *name)
{
    if (r->stop_count == 0)
        return;
    str_printf(body, ",\"%s\":[", name);
    for (int i = 0; i < r->stop_count; i++) {
        if (i > 0)
            str_add_byte(body, ',');
        json_write_text(body, str_span(&r->stops[i]));
    }
    str_add_byte(body, ']');
}

void write_text_field(struct str *body, const char *name, struct span text)
{
    if (body->len && body->s[body->len - 1] != '{')
        str_add_byte(body, ',');
    str_printf(body, "\"%s\":", name);
    json_write_text(body, text);
}
