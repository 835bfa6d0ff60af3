#include "net/dialect_openai.h"

#include <string.h>

/* Ollama's own: a JSON value a line. Prompts go to its chat; a page that is gone on with goes to its model as plain text. */

static bool goes_on(const struct request *r)
{
    return r->asked == r->prompt.len;
}

static const char *endpoint(const struct request *r)
{
    return goes_on(r) ? "/api/generate" : "/api/chat";
}

/* A model that knows no template for a suffix is given the text before it alone, past its template. */
static void write_text(struct str *body, const struct wire *w)
{
    const struct request *r = w->request;
    bool suffix = r->suffix.len && !w->manners->no_suffix;
    write_text_field(body, "prompt", w->prompt);
    if (suffix)
        write_text_field(body, "suffix", str_span(&r->suffix));
    else
        str_add_text(body, ",\"raw\":true");
}

#define LEAST_HELD 4096
#define TEMPLATE_TOKENS 256 /* for the marks around turns */

/* How many tokens the model is to hold. Without a word it holds a few thousand, and forgets the beginning of a longer text in silence; what it
 * holds takes memory from the start, and another number loads it anew. So it is what the request needs, estimated with a quarter on top, in
 * steps of powers of two, and no more than the writer or the model allows. */
static int64_t num_ctx(const struct wire *w)
{
    const struct request *r = w->request;
    int64_t text = goes_on(r) ? tokens_of(w->prompt) + tokens_of(str_span(&r->suffix)) : tokens_of(str_span(&r->system));
    for (int i = 0; i < r->turn_count && !goes_on(r); i++)
        text += tokens_of(str_span(&r->turns[i].text));
    int64_t need = text + text / 4 + request_answer(r) + TEMPLATE_TOKENS, held = LEAST_HELD;
    while (held < need && held < SERVER_CONTEXT_MAX)
        held *= 2;
    return r->room > 0 && r->room < held ? r->room : held;
}

static void write_body(const struct wire *w, struct str *body)
{
    const struct request *r = w->request;
    int odds = openai_alternatives(w, 20);
    str_add_byte(body, '{');
    write_text_field(body, "model", w->model);
    if (goes_on(r))
        write_text(body, w);
    else
        write_messages(body, w, "messages", true);
    write_name(body, "options");
    str_add_byte(body, '{');
    write_dials(body, w, DIALECT_OLLAMA);
    write_name(body, "num_ctx");
    str_printf(body, "%lld", (long long)num_ctx(w));
    write_stops(body, w, "stop");
    str_add_byte(body, '}');
    if (odds > 0)
        str_printf(body, ",\"logprobs\":true,\"top_logprobs\":%d", odds);
    str_printf(body, ",\"stream\":%s}", r->stream ? "true" : "false");
}

/* -- reading --------------------------------------------------------------------------------------- */

static void read(struct reply *r, const struct json *root, struct span name)
{
    struct span text;
    const struct json *message = json_get(root, "message"), *from = json_is_object(message) ? message : root;
    (void)name;
    if (!json_get(root, "done") && from == root && !json_get(root, "response"))
        return;
    reply_touch(r, 0);
    if (json_get_text(root, "model", &text))
        reply_model(r, text);
    openai_read_odds_list(r, 0, json_get(root, "logprobs"));
    if (json_get_text(from, "thinking", &text) || json_get_text(from, "reasoning_content", &text)) /* so others say it who speak this too */
        reply_text(r, 0, SOURCE_REASONING, text);
    if (json_get_text(from, from == root ? "response" : "content", &text))
        reply_text(r, 0, SOURCE_TEXT, text);
    if (!json_is_true(json_get(root, "done")))
        return;
    reply_usage(r, root, "prompt_eval_count", "eval_count");
    reply_finish(r, 0, json_get_text(root, "done_reason", &text) ? text : SPAN("stop"));
}

/* {"models":[{"name":"llama3.2:latest",…}]} */
static bool models(const struct json *root, struct str *out)
{
    const struct json *list = json_get(root, "models");
    struct span name;
    if (!json_is_array(list))
        return false;
    for (const struct json *model = json_first(list); model; model = json_next(model))
        if (json_get_text(model, "name", &name))
            add_model(out, name, 0);
    return true;
}

/* What its maker set stands in "parameters", a line each: "num_ctx                        8192". */
static int64_t set_context(struct span parameters)
{
    struct span line;
    int64_t tokens = 0;
    while (span_line(&parameters, &line))
        if (span_starts(line, "num_ctx ") && span_integer(span_trim(span_cut(line, strlen("num_ctx "), line.len)), &tokens))
            return tokens;
    return 0;
}

/* {"parameters":"…","template":"…","model_info":{"general.architecture":"llama","llama.context_length":8192,…},…} */
static void tells(const struct json *root, struct model_told *out)
{
    const struct json *info = json_get(root, "model_info");
    struct span architecture = SPAN(""), parameters = SPAN("");
    struct str name = {0};
    int64_t tokens = 0;
    json_get_text(info, "general.architecture", &architecture);
    str_printf(&name, "%.*s.context_length", SPAN_ARG(architecture));
    json_get_integer(info, str_text(&name), &tokens);
    tell_context(out, tokens);
    json_get_text(root, "parameters", &parameters);
    tell_context(out, set_context(parameters));
    tell_template(out, root, "template");
    str_release(&name);
}

const struct dialect dialect_ollama = {
    .version = "",
    .endpoint = endpoint,
    .list = "/api/tags",
    .key_head = KEY_AS_BEARER,
    .lines = true,
    .write = write_body,
    .read = read,
    .models = models,
    .tells_at = {"/api/show"},
    .tells_by_name = true,
    .tells = tells,
    .pull = "/api/pull",
};
