#include "core/mem.h"
#include "net/dialect_openai.h"
#include "net/flow.h"

#include <stdlib.h>

#define TOKENS_MAX 8192 /* of one event */

/* Puts an alternative where it belongs: most likely first. */
static void add_alternative(struct odds *o, struct span token, double logprob)
{
    int at = o->count;
    while (at > 0 && o->alternative[at - 1] < logprob)
        at--;
    if (at == ODDS_MAX)
        return;
    if (o->count == ODDS_MAX)
        str_release(&o->token[--o->count]);
    for (int i = o->count++; i > at; i--) {
        o->token[i] = o->token[i - 1];
        o->alternative[i] = o->alternative[i - 1];
    }
    o->token[at] = (struct str){0};
    o->alternative[at] = logprob;
    flow_whole(&o->token[at], token);
}

/* Alternatives as a list of {"token":…,"logprob":…} or as a map of token to logprob. */
static void add_alternatives(struct odds *o, const struct json *top)
{
    double logprob = 0;
    struct span token;
    for (const struct json *one = json_first(top); one; one = json_next(one)) {
        if (json_is_array(top) && json_get_text(one, "token", &token) && json_get_number(one, "logprob", &logprob))
            add_alternative(o, token, logprob);
        else if (json_is_object(top) && json_number(one, &logprob))
            add_alternative(o, json_key(one), logprob);
    }
}

static void tell(struct reply *r, int64_t index, struct span token, double logprob, const struct json *top)
{
    struct odds *o = mem_new(1, sizeof *o);
    o->logprob = logprob;
    add_alternatives(o, top);
    reply_odds(r, index, token, o);
}

/* {"content":[{"token":…,"logprob":…,"top_logprobs":[…]}]} */
static void read_chat_shape(struct reply *r, int64_t index, const struct json *content)
{
    double logprob = 0;
    struct span token;
    int left = TOKENS_MAX;
    for (const struct json *one = json_first(content); one && left > 0; one = json_next(one), left--)
        if (json_get_text(one, "token", &token) && json_get_number(one, "logprob", &logprob))
            tell(r, index, token, logprob, json_get(one, "top_logprobs"));
}

/* {"tokens":[…],"token_logprobs":[…],"top_logprobs":[{token:logprob,…}]}: arrays side by side. */
static void read_classic_shape(struct reply *r, int64_t index, const struct json *logprobs)
{
    const struct json *token = json_first(json_get(logprobs, "tokens"));
    const struct json *number = json_first(json_get(logprobs, "token_logprobs"));
    const struct json *top = json_first(json_get(logprobs, "top_logprobs"));
    for (int left = TOKENS_MAX; token && number && left > 0; left--) {
        double logprob = 0;
        struct span text;
        if (json_text(token, &text) && json_number(number, &logprob))
            tell(r, index, text, logprob, top);
        token = json_next(token);
        number = json_next(number);
        top = top ? json_next(top) : NULL;
    }
}

/* text-generation-webui tells alternatives only; the token is then the choice's text. */
static void read_bare_shape(struct reply *r, int64_t index, const struct json *choice, const struct json *top)
{
    struct span text;
    double logprob = 0;
    if (!json_get_text(choice, "text", &text) || !top || json_next(top))
        return;
    for (const struct json *one = json_first(top); one; one = json_next(one))
        if (span_equal(json_key(one), text) && json_number(one, &logprob)) {
            tell(r, index, text, logprob, top);
            return;
        }
}

void openai_read_odds(struct reply *r, int64_t index, const struct json *choice)
{
    const struct json *logprobs = json_get(choice, "logprobs");
    if (!r->odds || !json_is_object(logprobs))
        return;
    if (json_is_array(json_get(logprobs, "content")))
        read_chat_shape(r, index, json_get(logprobs, "content"));
    else if (json_is_array(json_get(logprobs, "tokens")))
        read_classic_shape(r, index, logprobs);
    else if (json_is_array(json_get(logprobs, "top_logprobs")))
        read_bare_shape(r, index, choice, json_first(json_get(logprobs, "top_logprobs")));
}
