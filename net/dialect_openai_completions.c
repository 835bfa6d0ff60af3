#include "net/dialect_openai.h"

static const char *endpoint(const struct request *r)
{
    (void)r;
    return "/completions";
}

/* The classic call: {"model":…,"prompt":…,"max_tokens":…,"n":…,"stop":…,"temperature":…}. */
static void write_body(const struct wire *w, struct str *body)
{
    const struct request *r = w->request;
    str_add_byte(body, '{');
    if (w->model.len)
        write_text_field(body, "model", w->model);
    write_text_field(body, "prompt", w->prompt);
    if (r->suffix.len && !w->manners->no_suffix)
        write_text_field(body, "suffix", str_span(&r->suffix));
    write_dials(body, w, DIALECT_OPENAI_COMPLETIONS);
    write_stops(body, w, "stop");
    int odds = openai_alternatives(w, 5);
    if (odds > 0)
        str_printf(body, ",\"logprobs\":%d", odds);
    openai_write_tail(body, w);
    str_add_byte(body, '}');
}

const struct dialect dialect_openai_completions = {
    .version = "/v1",
    .endpoint = endpoint,
    .list = "/models",
    .key_head = KEY_AS_BEARER,
    .write = write_body,
    .read = openai_read,
    .models = openai_models,
};
