#include "net/dialect_openai.h"

static void write_message(struct str *body, const char *role, struct span text, bool first)
{
    str_add_text(body, first ? "{" : ",{");
    write_text_field(body, "role", span_of(role));
    write_text_field(body, "content", text);
    str_add_byte(body, '}');
}

static void write_messages(struct str *body, const struct request *r)
{
    str_add_text(body, body->s[body->len - 1] == '{' ? "\"messages\":[" : ",\"messages\":[");
    if (r->system.len)
        write_message(body, role_name(ROLE_SYSTEM), str_span(&r->system), true);
    for (int i = 0; i < r->turn_count; i++)
        write_message(body, role_name(r->turns[i].role), str_span(&r->turns[i].text), i == 0 && !r->system.len);
    str_add_byte(body, ']');
}

static void write_body(const struct wire *w, struct str *body)
{
    const struct request *r = w->request;
    str_add_byte(body, '{');
    if (w->model.len)
        write_text_field(body, "model", w->model);
    write_messages(body, r);
    write_dials(body, w, DIALECT_OPENAI_CHAT);
    write_stops(body, r, "stop");
    int odds = openai_alternatives(w, 20);
    if (odds > 0)
        str_printf(body, ",\"logprobs\":true,\"top_logprobs\":%d", odds);
    openai_write_tail(body, w);
    str_add_byte(body, '}');
}

const struct dialect dialect_openai_chat = {
    .endpoint = "/chat/completions",
    .list = "/models",
    .write = write_body,
    .read = openai_read,
    .models = openai_models,
};
