#include "app/config/config.h"
#include "net/net.h"

#include <stdlib.h>
#include <string.h>

/* Hosts and the variable their users have. The model is one that the host keeps under that name for
 * long; without one, the first of hundreds would be taken. */
struct host {
    const char *key_env, *name, *url, *model;
    enum dialect_id dialect;
};

#define CHAT DIALECT_OPENAI_CHAT

static const struct host hosts[] = {
    {"OPENROUTER_API_KEY", "openrouter", "https://openrouter.ai/api/v1", "openrouter/auto", CHAT},
    {"DEEPSEEK_API_KEY", "deepseek", "https://api.deepseek.com/v1", "deepseek-chat", CHAT},
    {"MISTRAL_API_KEY", "mistral", "https://api.mistral.ai/v1", "mistral-small-latest", CHAT},
    {"GROQ_API_KEY", "groq", "https://api.groq.com/openai/v1", "llama-3.3-70b-versatile", CHAT},
    {"MOONSHOT_API_KEY", "moonshot", "https://api.moonshot.cn/v1", "kimi-latest", CHAT},
    {"DASHSCOPE_API_KEY", "dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen-plus", CHAT},
    {"ZHIPUAI_API_KEY", "zhipu", "https://open.bigmodel.cn/api/paas/v4/chat/completions", "glm-4-flash", CHAT},
    {"ZHIPU_API_KEY", "zhipu", "https://open.bigmodel.cn/api/paas/v4/chat/completions", "glm-4-flash", CHAT},
    {"BIGMODEL_API_KEY", "zhipu", "https://open.bigmodel.cn/api/paas/v4/chat/completions", "glm-4-flash", CHAT},
    {"SILICONFLOW_API_KEY", "siliconflow", "https://api.siliconflow.cn/v1", "Qwen/Qwen2.5-7B-Instruct", CHAT},
    {"TOGETHER_API_KEY", "together", "https://api.together.xyz/v1", "meta-llama/Llama-3.3-70B-Instruct-Turbo", CHAT},
    {"XAI_API_KEY", "xai", "https://api.x.ai/v1", "grok-3-mini", CHAT},
    {"ANTHROPIC_API_KEY", "anthropic", "https://api.anthropic.com", "claude-sonnet-4-5", DIALECT_ANTHROPIC},
    {"GEMINI_API_KEY", "gemini", "https://generativelanguage.googleapis.com", "gemini-2.5-flash", DIALECT_GEMINI},
};

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

/* What the config says under the same name stands. */
static void add_found(struct config *c, const struct host *host)
{
    for (int i = 0; i < c->server_count; i++)
        if (!strcmp(c->servers[i].name, host->name))
            return;
    if (!url_split(host->url, &(struct url_parts){0}, NULL))
        return;
    struct server s = {0};
    server_init(&s);
    server_set_text(&s.name, span_of(host->name));
    server_set_text(&s.url, span_of(host->url));
    server_set_text(&s.model, span_of(host->model));
    s.dialect = host->dialect;
    if (host->key_env)
        server_set_text(&s.key_env, span_of(host->key_env));
    s.found = true;
    config_put_server(c, &s);
    server_release(&s);
}

/* Another address than OpenAI's own is often a server at home: no key is needed there, and its model is asked for. */
static void add_openai(struct config *c)
{
    const char *key_env = is_set("OPENAI_API_KEY") ? "OPENAI_API_KEY" : NULL;
    const char *model = is_set("OPENAI_MODEL") ? getenv("OPENAI_MODEL") : NULL;
    const char *base = getenv("OPENAI_BASE_URL");
    struct str url = {0};
    if (base && *base) {
        str_printf(&url, "%s%s", strstr(base, "://") ? "" : "http://", base);
        add_found(c, &(struct host){key_env, "openai", str_text(&url), model ? model : "", CHAT});
    } else if (key_env) {
        add_found(c, &(struct host){key_env, "openai", "https://api.openai.com/v1", model ? model : "gpt-4o-mini", CHAT});
    }
    str_release(&url);
}

void config_add_environment(struct config *c)
{
    add_openai(c);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (is_set(hosts[i].key_env))
            add_found(c, &hosts[i]);
}

void config_take_keys(const struct config *c)
{
    for (int i = 0; i < c->server_count; i++)
        net_take_key(&c->servers[i]);
}
