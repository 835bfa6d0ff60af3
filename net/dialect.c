#include "net/dialect.h"
#include "core/instruct.h"

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

void write_stops(struct str *body, const struct wire *w, const char *name)
{
    const struct request *r = w->request;
    if (r->stop_count == 0 || w->manners->no_stops)
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

bool system_apart(const struct wire *w)
{
    return w->request->system.len && !w->manners->no_system;
}

void write_turn(struct str *body, const struct wire *w, int turn, const char *name)
{
    const struct request *r = w->request;
    struct str joined = {0};
    if (turn == 0 && r->system.len && w->manners->no_system)
        str_printf(&joined, "%s\n\n", str_text(&r->system));
    str_add(&joined, str_span(&r->turns[turn].text));
    write_text_field(body, name, str_span(&joined));
    str_release(&joined);
}

void write_messages(struct str *body, const struct wire *w, const char *name, bool system)
{
    const struct request *r = w->request;
    system = system && system_apart(w);
    write_name(body, name);
    str_add_byte(body, '[');
    if (system) {
        str_add_text(body, "{\"role\":\"system\"");
        write_text_field(body, "content", str_span(&r->system));
        str_add_byte(body, '}');
    }
    for (int i = 0; i < r->turn_count; i++) {
        str_add_text(body, i || system ? ",{" : "{");
        write_text_field(body, "role", span_of(role_name(r->turns[i].role)));
        write_turn(body, w, i, "content");
        if (i == r->turn_count - 1 && w->prefill && *w->prefill->in_turn)
            str_printf(body, ",\"%s\":true", w->prefill->in_turn);
        str_add_byte(body, '}');
    }
    str_add_byte(body, ']');
}

void add_model(struct str *out, struct span id, int64_t holds)
{
    if (id.len == 0)
        return;
    str_add(out, id);
    if (holds > 0)
        str_printf(out, "\t%lld", (long long)holds);
    str_add_byte(out, '\n');
}

void tell_context(struct model_told *out, int64_t tokens)
{
    if (tokens > 0 && tokens <= SERVER_CONTEXT_MAX)
        out->context = (int)tokens;
}

void tell_template(struct model_told *out, const struct json *root, const char *name)
{
    struct span text;
    if (!json_get_text(root, name, &text) || span_trim(text).len == 0)
        return;
    out->has_template = true;
    out->form = instruct_guess(text);
}
