#include "net/dialect_openai.h"

#include <math.h>

/* llama.cpp's own completion: the plain text goes on; it knows every dial and tells the odds of every token. */

static const char *endpoint(const struct request *r)
{
    (void)r;
    return "/completion";
}

static void write_body(const struct wire *w, struct str *body)
{
    const struct request *r = w->request;
    int odds = openai_alternatives(w, 20);
    str_add_byte(body, '{');
    if (w->model.len)
        write_text_field(body, "model", w->model);
    write_text_field(body, "prompt", w->prompt);
    write_dials(body, w, DIALECT_LLAMACPP);
    write_stops(body, w, "stop");
    if (r->grammar.len)
        write_text_field(body, "grammar", str_span(&r->grammar));
    if (odds > 0)
        str_printf(body, ",\"n_probs\":%d", odds);
    str_add_text(body, ",\"cache_prompt\":true");
    if (r->stream)
        str_add_text(body, ",\"stream\":true");
    str_add_byte(body, '}');
}

/* -- reading --------------------------------------------------------------------------------------- */

/* "stop_type" says why it stopped; older servers had a switch for each reason. */
static struct span stop_reason(const struct json *root)
{
    struct span type;
    if (json_get_text(root, "stop_type", &type) && type.len && !span_is(type, "none"))
        return type;
    return json_is_true(json_get(root, "stopped_limit"))  ? SPAN("limit")
           : json_is_true(json_get(root, "stopped_word")) ? SPAN("word")
                                                          : SPAN("eos");
}

static void read_one(struct reply *r, const struct json *root)
{
    int64_t index = 0;
    struct span text;
    if (!json_get(root, "content"))
        return;
    json_get_integer(root, "index", &index);
    reply_touch(r, index);
    if (json_get_text(root, "model", &text))
        reply_model(r, text);
    openai_read_odds_list(r, index, json_get(root, "completion_probabilities"));
    if (json_get_text(root, "content", &text))
        reply_text(r, index, SOURCE_TEXT, text);
    reply_usage(r, root, "tokens_evaluated", "tokens_predicted");
    if (json_is_true(json_get(root, "stop")))
        reply_finish(r, index, stop_reason(root));
}

/* Several takes that are not streamed come as an array. */
static void read(struct reply *r, const struct json *root, struct span name)
{
    (void)name;
    if (!json_is_array(root))
        read_one(r, root);
    else
        for (const struct json *one = json_first(root); one; one = json_next(one))
            read_one(r, one);
}

/* {"default_generation_settings":{"n_ctx":4096,…},"chat_template":"…",…} */
static void tells(const struct json *root, struct model_told *out)
{
    int64_t tokens = 0;
    json_get_integer(json_get(root, "default_generation_settings"), "n_ctx", &tokens);
    tell_context(out, tokens);
    tell_template(out, root, "chat_template");
}

const struct dialect dialect_llamacpp = {
    .version = "",
    .endpoint = endpoint,
    .list = "/v1/models",
    .key_head = KEY_AS_BEARER,
    .write = write_body,
    .read = read,
    .models = openai_models,
    .tells_at = {"/props"},
    .tells = tells,
};
