#include "net/dialect.h"

#include <string.h>

const struct dialect *dialect_of(enum dialect_id id)
{
    static const struct dialect *const dialects[DIALECT_COUNT] = {
        [DIALECT_OPENAI_COMPLETIONS] = &dialect_openai_completions,
        [DIALECT_OPENAI_CHAT] = &dialect_openai_chat,
        [DIALECT_OPENAI_RESPONSES] = &dialect_openai_responses,
        [DIALECT_ANTHROPIC] = &dialect_anthropic,
        [DIALECT_GEMINI] = &dialect_gemini,
        [DIALECT_OLLAMA] = &dialect_ollama,
        [DIALECT_LLAMACPP] = &dialect_llamacpp,
        [DIALECT_KOBOLDCPP] = &dialect_koboldcpp,
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
    if (span_is(name, "max_tokens") && (id == DIALECT_OPENAI_CHAT || id == DIALECT_OPENAI_COMPLETIONS))
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

void write_name(struct str *body, const char *name)
{
    if (body->len && !strchr("{[", body->s[body->len - 1]))
        str_add_byte(body, ',');
    str_printf(body, "\"%s\":", name);
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
        write_name(body, i == DIAL_MAX_TOKENS && w->manners->completion_tokens ? "max_completion_tokens" : row->wire[id]);
        json_write_number(body, value, row->decimals);
    }
}

void write_stops(struct str *body, const struct request *r, const char *name)
{
    if (r->stop_count == 0)
        return;
    write_name(body, name);
    str_add_byte(body, '[');
    for (int i = 0; i < r->stop_count; i++) {
        if (i > 0)
            str_add_byte(body, ',');
        json_write_text(body, str_span(&r->stops[i]));
    }
    str_add_byte(body, ']');
}

void write_text_field(struct str *body, const char *name, struct span text)
{
    write_name(body, name);
    json_write_text(body, text);
}

static void write_message(struct str *body, const char *role, struct span text, bool first)
{
    str_add_text(body, first ? "{" : ",{");
    write_text_field(body, "role", span_of(role));
    write_text_field(body, "content", text);
    str_add_byte(body, '}');
}

void write_messages(struct str *body, const struct request *r, const char *name, bool system)
{
    system = system && r->system.len;
    write_name(body, name);
    str_add_byte(body, '[');
    if (system)
        write_message(body, role_name(ROLE_SYSTEM), str_span(&r->system), true);
    for (int i = 0; i < r->turn_count; i++)
        write_message(body, role_name(r->turns[i].role), str_span(&r->turns[i].text), i == 0 && !system);
    str_add_byte(body, ']');
}
