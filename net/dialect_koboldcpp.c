#include "net/dialect_openai.h"

/* KoboldCpp's own: the plain text goes on, a token an event, and the end of the connection is the end. */

static const char *endpoint(const struct request *r)
{
    return r->stream ? "/api/extra/generate/stream" : "/api/v1/generate";
}

static void write_body(const struct wire *w, struct str *body)
{
    str_add_byte(body, '{');
    write_text_field(body, "prompt", w->prompt);
    write_dials(body, w, DIALECT_KOBOLDCPP);
    write_stops(body, w, "stop_sequence");
    if (w->request->grammar.len)
        write_text_field(body, "grammar", str_span(&w->request->grammar));
    str_add_byte(body, '}');
}

/* -- reading --------------------------------------------------------------------------------------- */

static void read_finish(struct reply *r, const struct json *from)
{
    struct span finish;
    if (json_get_text(from, "finish_reason", &finish) && finish.len && !span_is(finish, "null"))
        reply_finish(r, 0, finish);
}

static void read(struct reply *r, const struct json *root, struct span name)
{
    struct span text;
    const struct json *results = json_get(root, "results");
    (void)name;
    if (json_get_text(root, "token", &text)) {
        reply_touch(r, 0);
        reply_text(r, 0, SOURCE_TEXT, text);
        read_finish(r, root);
    }
    for (const struct json *one = json_is_array(results) ? json_first(results) : NULL; one; one = json_next(one)) {
        reply_touch(r, 0);
        if (json_get_text(one, "text", &text))
            reply_text(r, 0, SOURCE_TEXT, text);
        read_finish(r, one);
    }
}

/* {"result":"koboldcpp/llama-3"}: it has one model. */
static bool models(const struct json *root, struct str *out)
{
    struct span name;
    if (!json_get_text(root, "result", &name) || !name.len)
        return false;
    add_model(out, name, 0);
    return true;
}

/* {"value":8192}; and newer ones tell their template where llama.cpp does. */
static void tells(const struct json *root, struct model_told *out)
{
    int64_t tokens = 0;
    json_get_integer(root, "value", &tokens);
    tell_context(out, tokens);
    tell_template(out, root, "chat_template");
}

const struct dialect dialect_koboldcpp = {
    .version = "",
    .endpoint = endpoint,
    .list = "/api/v1/model",
    .key_head = KEY_AS_BEARER,
    .ends_by_closing = true,
    .write = write_body,
    .read = read,
    .models = models,
    .tells_at = {"/api/extra/true_max_context_length", "/props"},
    .tells = tells,
};
