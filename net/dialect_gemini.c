#include "net/dialect_openai.h"

/* Google's Gemini: contents made of parts, and candidates of the same; the model stands in the address. */

static const char *endpoint(const struct request *r)
{
    return r->stream ? "/models/{model}:streamGenerateContent?alt=sse" : "/models/{model}:generateContent";
}

static void write_parts(struct str *body, struct span text)
{
    write_name(body, "parts");
    str_add_text(body, "[{");
    write_text_field(body, "text", text);
    str_add_text(body, "}]}");
}

static void write_contents(struct str *body, const struct wire *w)
{
    const struct request *r = w->request;
    write_name(body, "contents");
    str_add_byte(body, '[');
    for (int i = 0; i < r->turn_count; i++) {
        str_add_text(body, i ? ",{" : "{");
        write_text_field(body, "role", r->turns[i].role == ROLE_ASSISTANT ? SPAN("model") : SPAN("user"));
        write_name(body, "parts");
        str_add_text(body, "[{");
        write_turn(body, w, i, "text");
        str_add_text(body, "}]}");
    }
    str_add_byte(body, ']');
}

static void write_body(const struct wire *w, struct str *body)
{
    const struct request *r = w->request;
    int odds = openai_alternatives(w, 20);
    str_add_byte(body, '{');
    if (system_apart(w)) {
        write_name(body, "systemInstruction");
        str_add_byte(body, '{');
        write_parts(body, str_span(&r->system));
    }
    write_contents(body, w);
    write_name(body, "generationConfig");
    str_add_byte(body, '{');
    write_dials(body, w, DIALECT_GEMINI);
    write_stops(body, w, "stopSequences");
    if (odds > 0) {
        write_name(body, "responseLogprobs");
        str_printf(body, "true,\"logprobs\":%d", odds);
    }
    str_add_text(body, "}}");
}

/* -- reading --------------------------------------------------------------------------------------- */

static void read_parts(struct reply *r, int64_t index, const struct json *parts)
{
    struct span text;
    for (const struct json *part = json_is_array(parts) ? json_first(parts) : NULL; part; part = json_next(part))
        if (json_get_text(part, "text", &text))
            reply_text(r, index, json_is_true(json_get(part, "thought")) ? SOURCE_REASONING : SOURCE_TEXT, text);
}

static void read_candidate(struct reply *r, const struct json *candidate)
{
    int64_t index = 0;
    struct span finish;
    json_get_integer(candidate, "index", &index);
    reply_touch(r, index);
    read_parts(r, index, json_get(json_get(candidate, "content"), "parts"));
    if (json_get_text(candidate, "finishReason", &finish))
        reply_finish(r, index, finish);
}

/* A prompt that is not answered at all. */
static void read_block(struct reply *r, const struct json *feedback)
{
    struct span reason;
    struct str finish = {0};
    if (!json_get_text(feedback, "blockReason", &reason))
        return;
    str_printf(&finish, "blocked:%.*s", SPAN_ARG(reason));
    reply_finish(r, 0, str_span(&finish));
    str_release(&finish);
}

static void read_one(struct reply *r, const struct json *root)
{
    struct span model;
    const struct json *list = json_get(root, "candidates");
    if (json_get_text(root, "modelVersion", &model))
        reply_model(r, model);
    for (const struct json *one = json_is_array(list) ? json_first(list) : NULL; one; one = json_next(one))
        read_candidate(r, one);
    read_block(r, json_get(root, "promptFeedback"));
    reply_usage(r, json_get(root, "usageMetadata"), "promptTokenCount", "candidatesTokenCount");
}

/* Where the address does not ask for events, the pieces come as one array. */
static void read(struct reply *r, const struct json *root, struct span name)
{
    (void)name;
    if (!json_is_array(root))
        read_one(r, root);
    else
        for (const struct json *one = json_first(root); one; one = json_next(one))
            read_one(r, one);
}

/* {"models":[{"name":"models/gemini-2.5-flash",…}]} */
static bool models(const struct json *root, struct str *out)
{
    const struct json *list = json_get(root, "models");
    struct span name;
    if (!json_is_array(list))
        return false;
    for (const struct json *model = json_first(list); model; model = json_next(model)) {
        int64_t holds = 0;
        json_get_integer(model, "inputTokenLimit", &holds);
        if (json_get_text(model, "name", &name))
            add_model(out, span_starts(name, "models/") ? span_cut(name, 7, name.len) : name, holds);
    }
    return true;
}

const struct dialect dialect_gemini = {
    .version = "/v1beta",
    .endpoint = endpoint,
    .list = "/models?pageSize=1000",
    .key_head = "x-goog-api-key: ",
    .chats = true,
    .write = write_body,
    .read = read,
    .models = models,
};
