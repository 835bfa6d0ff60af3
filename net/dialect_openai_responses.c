#include "net/dialect_openai.h"

/* OpenAI's Responses: events with names of their own, and no [DONE]. It takes few dials; what is kept on the server's side is switched
 * off. */

static const char *endpoint(const struct request *r)
{
    (void)r;
    return "/responses";
}

static void write_body(const struct wire *w, struct str *body)
{
    const struct request *r = w->request;
    int odds = openai_alternatives(w, 20);
    str_add_byte(body, '{');
    if (w->model.len)
        write_text_field(body, "model", w->model);
    if (system_apart(w))
        write_text_field(body, "instructions", str_span(&r->system));
    write_messages(body, w, "input", false);
    write_dials(body, w, DIALECT_OPENAI_RESPONSES);
    if (odds > 0)
        str_printf(body, ",\"include\":[\"message.output_text.logprobs\"],\"top_logprobs\":%d", odds);
    str_add_text(body, ",\"store\":false");
    if (r->stream)
        str_add_text(body, ",\"stream\":true");
    str_add_byte(body, '}');
}

/* -- reading --------------------------------------------------------------------------------------- */

static void read_usage(struct reply *r, const struct json *usage)
{
    reply_usage(r, usage, "input_tokens", "output_tokens");
}

/* The end of a response: its status, and for one that is cut the reason behind a colon. */
static void read_end(struct reply *r, const struct json *response)
{
    struct span status, reason;
    struct str finish = {0};
    read_usage(r, json_get(response, "usage"));
    if (json_get_text(response, "status", &status) && !span_is(status, "in_progress") && !span_is(status, "failed")) {
        str_add(&finish, status);
        if (json_get_text(json_get(response, "incomplete_details"), "reason", &reason)) {
            str_add_byte(&finish, ':');
            str_add(&finish, reason);
        }
        reply_finish(r, 0, str_span(&finish));
        r->complete = true;
    }
    str_release(&finish);
}

static void read_part(struct reply *r, const struct json *part, enum source_event_kind kind)
{
    struct span text;
    if (json_get_text(part, "text", &text) || json_get_text(part, "refusal", &text))
        reply_text(r, 0, kind, text);
}

/* An item of an answer that was not streamed: a message or the model's thoughts. */
static void read_item(struct reply *r, const struct json *item)
{
    struct span type = SPAN("");
    json_get_text(item, "type", &type);
    bool thoughts = span_is(type, "reasoning");
    const struct json *lists[] = {json_get(item, "content"), thoughts ? json_get(item, "summary") : NULL};
    for (int i = 0; i < 2; i++)
        for (const struct json *part = json_is_array(lists[i]) ? json_first(lists[i]) : NULL; part; part = json_next(part))
            read_part(r, part, thoughts ? SOURCE_REASONING : SOURCE_TEXT);
}

static void read_whole(struct reply *r, const struct json *response)
{
    const struct json *output = json_get(response, "output");
    reply_touch(r, 0);
    for (const struct json *item = json_is_array(output) ? json_first(output) : NULL; item; item = json_next(item))
        read_item(r, item);
    read_end(r, response);
}

static void read_delta(struct reply *r, const struct json *root, struct span type)
{
    struct span text;
    if (!json_get_text(root, "delta", &text))
        return;
    if (span_is(type, "response.output_text.delta")) {
        openai_read_odds_list(r, 0, json_get(root, "logprobs"));
        reply_text(r, 0, SOURCE_TEXT, text);
    } else if (span_is(type, "response.refusal.delta")) {
        reply_text(r, 0, SOURCE_TEXT, text);
    } else if (span_starts(type, "response.reasoning")) {
        reply_text(r, 0, SOURCE_REASONING, text);
    }
}

static void read(struct reply *r, const struct json *root, struct span name)
{
    struct span type = name, object, model;
    const struct json *response = json_get(root, "response");
    json_get_text(root, "type", &type);
    if (json_get_text(response, "model", &model) || json_get_text(root, "model", &model))
        reply_model(r, model);
    if (json_get_text(root, "object", &object) && span_is(object, "response"))
        read_whole(r, root);
    else if (json_is_object(response)) {
        reply_touch(r, 0);
        read_end(r, response);
    } else {
        read_delta(r, root, type);
    }
}

const struct dialect dialect_openai_responses = {
    .version = "/v1",
    .endpoint = endpoint,
    .list = "/models",
    .key_head = KEY_AS_BEARER,
    .chats = true,
    .write = write_body,
    .read = read,
    .models = openai_models,
};
