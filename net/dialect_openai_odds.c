#include "core/mem.h"
#include "core/odds.h"
#include "net/dialect_openai.h"
#include "net/flow.h"
#include "net/secret.h"

#include <math.h>
#include <stdlib.h>

#define TOKENS_MAX 8192 /* of one event */
#define BYTES_MAX  256  /* of one token */

/* -- a token's bytes ---------------------------------------------------------------------------- */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One byte written between `before` and `after`: \xE6, <0xE6>. Returns the length of its spelling, 0: it is none. */
static size_t spelled_byte(struct span text, const char *before, struct span after, unsigned char *out)
{
    size_t at = span_of(before).len, len = at + 2 + after.len;
    if (len > text.len || !span_starts(text, before) || hex(text.s[at]) < 0 || hex(text.s[at + 1]) < 0 ||
        !span_equal(span_cut(text, at + 2, len), after))
        return 0;
    *out = (unsigned char)(hex(text.s[at]) * 16 + hex(text.s[at + 1]));
    return len;
}

/* Bytes that are no character by themselves are spelled \xE6\x98 or <0xE6>, by some behind "bytes:". A text that only looks so is
 * not: it would spell letters that need no spelling. */
static bool spelled(struct str *out, struct span text)
{
    unsigned char byte = 0;
    bool high = false;
    if (span_starts(text, "bytes:"))
        text = span_cut(text, 6, text.len);
    str_clear(out);
    while (text.len) {
        size_t len = spelled_byte(text, "\\x", SPAN(""), &byte);
        len = len ? len : spelled_byte(text, "<0x", SPAN(">"), &byte);
        if (len == 0)
            return false;
        high = high || byte >= 0x80;
        str_add_byte(out, (char)byte);
        text = span_cut(text, len, text.len);
    }
    return high;
}

/* The "bytes" beside a token. */
static bool listed(struct str *out, const struct json *bytes)
{
    int64_t byte = 0;
    str_clear(out);
    for (const struct json *one = json_is_array(bytes) ? json_first(bytes) : NULL; one; one = json_next(one)) {
        if (!json_integer(one, &byte) || byte < 0 || byte > 255 || out->len == BYTES_MAX)
            return false;
        str_add_byte(out, (char)byte);
    }
    return out->len > 0;
}

/* What a token says, byte for byte where the server tells its bytes. Where the token is a text by itself that text counts: servers
 * have been seen to list other bytes beside it. */
static void token_bytes(struct str *out, struct span token, const struct json *bytes)
{
    struct str text = {0}, told = {0};
    flow_whole(&text, token);
    bool is_spelled = spelled(&told, str_span(&text));
    if ((is_spelled || !odds_has_face(str_span(&text))) && listed(out, bytes)) {
        /* they are the truth */
    } else if (is_spelled) {
        str_set(out, str_span(&told));
    } else {
        str_set(out, str_span(&text));
    }
    secret_redact(out);
    str_release(&text);
    str_release(&told);
}

/* -- the shapes --------------------------------------------------------------------------------- */

/* Puts an alternative where it belongs: most likely first. */
static void add_alternative(struct odds *o, struct span token, const struct json *bytes, double logprob)
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
    token_bytes(&o->token[at], token, bytes);
}

/* Alternatives as a list of {"token":…,"logprob":…} or as a map of token to logprob. */
static void add_alternatives(struct odds *o, const struct json *top)
{
    double logprob = 0;
    struct span token;
    for (const struct json *one = json_first(top); one; one = json_next(one)) {
        if (json_is_array(top) && json_get_text(one, "token", &token) && json_get_number(one, "logprob", &logprob))
            add_alternative(o, token, json_get(one, "bytes"), logprob);
        else if (json_is_object(top) && json_number(one, &logprob))
            add_alternative(o, json_key(one), NULL, logprob);
    }
}

static void tell(struct reply *r, int64_t index, struct span token, const struct json *bytes, double logprob, const struct json *top)
{
    struct odds *o = mem_new(1, sizeof *o);
    struct str text = {0};
    o->logprob = logprob;
    add_alternatives(o, top);
    token_bytes(&text, token, bytes);
    reply_odds(r, index, str_span(&text), o);
    str_release(&text);
}

/* {"content":[{"token":…,"logprob":…,"top_logprobs":[…]}]} */
static void read_chat_shape(struct reply *r, int64_t index, const struct json *content)
{
    double logprob = 0;
    struct span token;
    int left = TOKENS_MAX;
    for (const struct json *one = json_first(content); one && left > 0; one = json_next(one), left--)
        if (json_get_text(one, "token", &token) && json_get_number(one, "logprob", &logprob))
            tell(r, index, token, json_get(one, "bytes"), logprob, json_get(one, "top_logprobs"));
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
            tell(r, index, text, NULL, logprob, top);
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
            tell(r, index, text, NULL, logprob, top);
            return;
        }
}

/* {"content":" there","probs":[{"tok_str":" there","prob":0.91},…]} */
static void read_old_llamacpp(struct reply *r, int64_t index, const struct json *one)
{
    struct odds *o = mem_new(1, sizeof *o);
    struct span token = SPAN(""), text;
    struct str bytes = {0};
    double probability = 0;
    json_get_text(one, "content", &token);
    o->logprob = log(1e-9);
    for (const struct json *top = json_first(json_get(one, "probs")); top; top = json_next(top))
        if (json_get_text(top, "tok_str", &text) && json_get_number(top, "prob", &probability)) {
            double logprob = log(probability > 1e-9 ? probability : 1e-9);
            if (span_equal(text, token))
                o->logprob = logprob;
            add_alternative(o, text, NULL, logprob);
        }
    token_bytes(&bytes, token, NULL);
    reply_odds(r, index, str_span(&bytes), o);
    str_release(&bytes);
}

void openai_read_odds_list(struct reply *r, int64_t index, const struct json *list)
{
    if (!r->odds || !json_is_array(list))
        return;
    if (json_is_array(json_get(json_first(list), "probs")))
        for (const struct json *one = json_first(list); one; one = json_next(one))
            read_old_llamacpp(r, index, one);
    else
        read_chat_shape(r, index, list);
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

/* -- asking ------------------------------------------------------------------------------------- */

int openai_alternatives(const struct wire *w, int most)
{
    int wanted = w->manners->no_logprobs ? 0 : w->request->logprobs;
    return wanted < most ? wanted : most;
}
