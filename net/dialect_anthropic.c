#include "net/dialect_openai.h"

/* Anthropic's Messages: an answer is a list of blocks (text, thinking, …), streamed a block after the other. */

#define MAX_TOKENS_WHEN_OFF 4096 /* it must be told one */

static const char *endpoint(const struct request *r)
{
    (void)r;
    return "/messages";
}

/* A conversation begins with the user; turns of one side in a row are joined on the other side. */
static void write_turns(struct str *body, const struct wire *w)
{
    const struct request *r = w->request;
    write_name(body, "messages");
    str_add_byte(body, '[');
    for (int i = 0; i < r->turn_count; i++) {
        str_add_text(body, i ? ",{" : "{");
        write_text_field(body, "role", span_of(role_name(i ? r->turns[i].role : ROLE_USER)));
        write_turn(body, w, i, "content");
        str_add_byte(body, '}');
    }
    str_add_byte(body, ']');
}

static void write_body(const struct wire *w, struct str *body)
{
    const struct request *r = w->request;
    str_add_byte(body, '{');
    if (w->model.len)
        write_text_field(body, "model", w->model);
    if (system_apart(w))
        write_text_field(body, "system", str_span(&r->system));
    write_turns(body, w);
    write_dials(body, w, DIALECT_ANTHROPIC);
    if (!r->dials.on[DIAL_MAX_TOKENS])
        str_printf(body, ",\"max_tokens\":%d", MAX_TOKENS_WHEN_OFF);
    write_stops(body, w, "stop_sequences");
    if (r->stream)
        str_add_text(body, ",\"stream\":true");
    str_add_byte(body, '}');
}

/* -- reading --------------------------------------------------------------------------------------- */

/* A block, or what is added to one: other kinds (tools, summaries, signatures) are none of the writer's text. */
static void read_block(struct reply *r, const struct json *block)
{
    struct span type = SPAN(""), text;
    json_get_text(block, "type", &type);
    if ((span_is(type, "text") || span_is(type, "text_delta")) && json_get_text(block, "text", &text))
        reply_text(r, 0, SOURCE_TEXT, text);
    if ((span_is(type, "thinking") || span_is(type, "thinking_delta")) && json_get_text(block, "thinking", &text))
        reply_text(r, 0, SOURCE_REASONING, text);
}

/* A whole message, or the empty one that a stream begins with. */
static void read_message(struct reply *r, const struct json *message)
{
    const struct json *content = json_get(message, "content");
    struct span text;
    reply_touch(r, 0);
    if (json_get_text(message, "model", &text))
        reply_model(r, text);
    for (const struct json *block = json_is_array(content) ? json_first(content) : NULL; block; block = json_next(block))
        read_block(r, block);
    reply_usage(r, json_get(message, "usage"), "input_tokens", "output_tokens");
    if (json_get_text(message, "stop_reason", &text))
        reply_finish(r, 0, text);
}

static void read(struct reply *r, const struct json *root, struct span name)
{
    struct span type = name, finish;
    json_get_text(root, "type", &type);
    if (span_is(type, "message")) {
        read_message(r, root);
    } else if (span_is(type, "message_start")) {
        read_message(r, json_get(root, "message"));
    } else if (span_is(type, "content_block_start")) {
        read_block(r, json_get(root, "content_block"));
    } else if (span_is(type, "content_block_delta")) {
        read_block(r, json_get(root, "delta"));
    } else if (span_is(type, "message_delta")) {
        reply_usage(r, json_get(root, "usage"), "input_tokens", "output_tokens");
        if (json_get_text(json_get(root, "delta"), "stop_reason", &finish))
            reply_finish(r, 0, finish);
    } else if (span_is(type, "message_stop")) {
        r->complete = true;
    }
}

const struct dialect dialect_anthropic = {
    .version = "/v1",
    .endpoint = endpoint,
    .list = "/models",
    .key_head = "x-api-key: ",
    .extra_head = "anthropic-version: 2023-06-01",
    .chats = true,
    .write = write_body,
    .read = read,
    .models = openai_models,
};
