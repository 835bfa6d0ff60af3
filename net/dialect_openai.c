#include "net/dialect_openai.h"
#include "core/mem.h"

void openai_write_tail(struct str *body, const struct wire *w)
{
    if (!w->request->stream)
        return;
    str_add_text(body, ",\"stream\":true");
    if (!w->manners->no_stream_options)
        str_add_text(body, ",\"stream_options\":{\"include_usage\":true}");
}

/* A list of parts: {"type":"text","text":…} or {"type":"thinking","thinking":[{"text":…}]}. */
static void read_parts(struct reply *r, int64_t index, const struct json *parts)
{
    struct span text;
    for (const struct json *part = json_first(parts); part; part = json_next(part)) {
        const struct json *thinking = json_get(part, "thinking");
        if (json_text(thinking, &text))
            reply_text(r, index, SOURCE_REASONING, text);
        for (const struct json *thought = json_is_array(thinking) ? json_first(thinking) : NULL; thought;
             thought = json_next(thought))
            if (json_get_text(thought, "text", &text))
                reply_text(r, index, SOURCE_REASONING, text);
        if (!thinking && json_get_text(part, "text", &text))
            reply_text(r, index, SOURCE_TEXT, text);
    }
}

static void read_reasoning(struct reply *r, int64_t index, const struct json *delta)
{
    struct span text;
    if ((json_get_text(delta, "reasoning_content", &text) && text.len) || json_get_text(delta, "reasoning", &text))
        reply_text(r, index, SOURCE_REASONING, text);
}

/* Some servers send a completion's text and a chat's delta in the same choice: the delta counts. A refusal is what the
 * model says. */
static void read_texts(struct reply *r, int64_t index, const struct json *choice)
{
    const struct json *delta = json_get(choice, "delta");
    struct span text = {"", 0};
    if (!json_is_object(delta))
        delta = json_get(choice, "message");
    read_reasoning(r, index, delta);
    if (json_is_array(json_get(delta, "content")))
        read_parts(r, index, json_get(delta, "content"));
    else if ((json_get_text(delta, "content", &text) && text.len) || json_get_text(choice, "text", &text))
        reply_text(r, index, SOURCE_TEXT, text);
    if (json_get_text(delta, "refusal", &text))
        reply_text(r, index, SOURCE_TEXT, text);
}

static void read_choice(struct reply *r, const struct json *choice)
{
    int64_t index = 0;
    struct span finish;
    if (!json_is_object(choice))
        return;
    json_get_integer(choice, "index", &index);
    reply_touch(r, index);
    openai_read_odds(r, index, choice);
    read_texts(r, index, choice);
    /* KoboldCpp writes the word "null" until the end. */
    if (json_get_text(choice, "finish_reason", &finish) && finish.len && !span_is(finish, "null"))
        reply_finish(r, index, finish);
}

static void read_usage(struct reply *r, const struct json *usage)
{
    reply_usage(r, usage, "prompt_tokens", "completion_tokens");
}

void openai_read(struct reply *r, const struct json *root, struct span name)
{
    struct span model;
    (void)name;
    if (json_get_text(root, "model", &model))
        reply_model(r, model);
    const struct json *choices = json_get(root, "choices");
    if (json_is_array(choices))
        for (const struct json *choice = json_first(choices); choice; choice = json_next(choice))
            read_choice(r, choice);
    read_usage(r, json_get(json_get(root, "x_groq"), "usage"));
    read_usage(r, json_get(root, "usage"));
}

/* Prompt and answer together, by the names that servers have for it; llama.cpp tells what the model was trained for. */
static int64_t context_of(const struct json *model)
{
    static const char *const names[] = {"loaded_context_length", "context_length", "max_model_len", "context_window", "max_context_length",
                                        "max_input_tokens"};
    int64_t tokens = 0;
    for (size_t i = 0; i < COUNT_OF(names) && tokens <= 0; i++)
        json_get_integer(model, names[i], &tokens);
    const struct json *meta = json_get(model, "meta");
    if (tokens <= 0 && !json_get_integer(meta, "n_ctx", &tokens))
        json_get_integer(meta, "n_ctx_train", &tokens);
    return tokens;
}

/* {"data":[{"id":…}]}, or the bare array that some servers send. */
bool openai_models(const struct json *root, struct str *out)
{
    const struct json *list = json_is_array(root) ? root : json_get(root, "data");
    struct span id;
    if (!json_is_array(list))
        return false;
    for (const struct json *model = json_first(list); model; model = json_next(model))
        if (json_get_text(model, "id", &id))
            add_model(out, id, context_of(model));
    return true;
}
