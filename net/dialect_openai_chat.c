#include "net/dialect_openai.h"

static const char *endpoint(const struct request *r)
{
    (void)r;
    return "/chat/completions";
}

static void write_body(const struct wire *w, struct str *body)
{
    str_add_byte(body, '{');
    if (w->model.len)
        write_text_field(body, "model", w->model);
    write_messages(body, w, "messages", true);
    if (w->prefill && *w->prefill->in_request)
        str_printf(body, ",%s", w->prefill->in_request);
    write_dials(body, w, DIALECT_OPENAI_CHAT);
    write_stops(body, w, "stop");
    int odds = openai_alternatives(w, 20);
    if (odds > 0)
        str_printf(body, ",\"logprobs\":true,\"top_logprobs\":%d", odds);
    openai_write_tail(body, w);
    str_add_byte(body, '}');
}

const struct dialect dialect_openai_chat = {
    .version = "/v1",
    .endpoint = endpoint,
    .list = "/models",
    .key_head = KEY_AS_BEARER,
    .chats = true,
    .write = write_body,
    .read = openai_read,
    .models = openai_models,
};
