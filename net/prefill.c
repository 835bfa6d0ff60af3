#include "net/prefill.h"
#include "core/mem.h"

#include <string.h>

/* "yes": the turn is there, and that is all: Anthropic, llama.cpp, LM Studio, OpenRouter. The others are called as the field that they want. */
static const struct prefill ways[] = {
    {"yes", "", ""},
    {"prefix", "prefix", ""},   /* DeepSeek, Mistral */
    {"partial", "partial", ""}, /* Moonshot, DashScope */
    {"continue_final_message", "", "\"add_generation_prompt\":false,\"continue_final_message\":true"}, /* vLLM, SGLang */
};

static const struct prefill *find(struct span name)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (span_is(name, ways[i].name))
            return &ways[i];
    return NULL;
}

bool prefill_known(struct span name)
{
    return span_is(name, "no") || find(name);
}

void prefill_names(struct str *out)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        str_printf(out, "%s%s", i ? ", " : "", ways[i].name);
}

/* As their makers describe it; where the mark is refused it is learnt. */
static const struct {
    const char *host, *path, *way;
} places[] = {
    {"api.deepseek.com", "/beta", "prefix"},
    {"api.moonshot.cn", "", "partial"},
    {"api.moonshot.ai", "", "partial"},
    {"dashscope.aliyuncs.com", "", "partial"},
    {"dashscope-intl.aliyuncs.com", "", "partial"},
};

const struct prefill *prefill_of(const struct server *server)
{
    struct url_parts url = {0};
    if (server->prefill && (server->dialect == DIALECT_ANTHROPIC || server->dialect == DIALECT_OPENAI_CHAT))
        return find(span_of(server->prefill));
    if (server->dialect == DIALECT_ANTHROPIC)
        return find(SPAN("yes"));
    if (server->dialect != DIALECT_OPENAI_CHAT || !url_split(server->url, &url, NULL))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(places); i++)
        if (span_is(url.host, places[i].host) && strstr(server->url, places[i].path))
            return find(span_of(places[i].way));
    return NULL;
}

bool prefill_turn(struct request *r)
{
    struct str page = {0};
    if (r->asked < r->prompt.len || r->suffix.len || r->turn_count == 0)
        return false;
    struct turn *last = &r->turns[r->turn_count - 1];
    if (last->role != ROLE_USER || r->question > last->text.len)
        return false;
    if (r->question == 0 && r->turn_count == 2 && r->turns[0].role == ROLE_ASSISTANT) { /* the model alone has spoken: it still wants to be asked */
        struct turn question = *last;
        *last = r->turns[0];
        r->turns[0] = question;
        return true;
    }
    if (r->question == 0 && r->turn_count > 1) { /* the model spoke last: it goes on speaking */
        str_release(&last->text);
        r->turn_count--;
        return true;
    }
    str_set(&page, span_trim(span_cut(str_span(&last->text), 0, r->question)));
    if (page.len) {
        str_splice(&last->text, 0, r->question, SPAN(""));
        request_add_turn(r, ROLE_ASSISTANT, str_span(&page));
    }
    bool begun = page.len > 0;
    str_release(&page);
    return begun;
}

struct span prefill_blank(const struct request *r)
{
    struct span page = str_span(&r->prompt), begun = page;
    while (begun.len && strchr(" \t\r\n", begun.s[begun.len - 1]) && begun.s[begun.len - 1])
        begun.len--;
    return span_cut(page, begun.len, page.len);
}
