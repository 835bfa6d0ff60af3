/* A server for tests that tells of its models, on 127.0.0.1: prints its port and answers every prompt with the body of the request.
 *
 *     /v1/models, /props, /completion, …     as llama.cpp, of one model: 4,096 tokens, ChatML
 *     /plain/…                               the same, and its template is of no form
 *     /mute/…                                the same, without /props
 *     /deaf/…                                without a list either
 *     /api/tags, /api/show, /api/chat, …     as Ollama: qwen3:8b holds 40,960 tokens; unknown:1b is listed, but not there
 *
 * It ends with its parent. */
#include "tests/net/tiny_server.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define OK      "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#define MISSING "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n"
#define LIST    "{\"data\":[{\"id\":\"moss.gguf\",\"owned_by\":\"llamacpp\",\"meta\":{\"n_ctx_train\":131072}}]}"
#define TAGS    "{\"models\":[{\"name\":\"qwen3:8b\"},{\"name\":\"unknown:1b\"}]}"
#define SHOW                                                                                                                           \
    "{\"template\":\"{{ range .Messages }}<|im_start|>{{ .Role }}{{ end }}\","                                                          \
    "\"model_info\":{\"general.architecture\":\"qwen3\",\"qwen3.context_length\":40960}}"

static bool asks(const struct visit *v, const char *line)
{
    return strstr(str_text(&v->head), line) != NULL;
}

static void tell_props(struct visit *v)
{
    visit_send_text(v, asks(v, "GET /mute") ? MISSING : OK);
    visit_send_text(v, "{\"default_generation_settings\":{\"n_ctx\":4096},\"chat_template\":\"");
    visit_send_text(v, asks(v, "GET /plain") ? "{{ content }}\"}" : "{% for m in messages %}<|im_start|>{{ m.role }}{% endfor %}\"}");
}

static void echo(struct visit *v, const char *before, const char *after)
{
    struct str said = {0};
    str_add_quoted(&said, str_span(&v->body));
    visit_send_text(v, OK);
    visit_send_text(v, before);
    visit_send(v, str_span(&said));
    visit_send_text(v, after);
    str_release(&said);
}

static void serve(struct visit *v)
{
    bool unknown = strstr(str_text(&v->body), "unknown:1b") != NULL;
    if (asks(v, "/v1/models "))
        visit_send_text(v, asks(v, "GET /deaf") ? MISSING : OK LIST);
    else if (asks(v, "/props "))
        tell_props(v);
    else if (asks(v, "/completion "))
        echo(v, "data: {\"content\":", ",\"stop\":true,\"stop_type\":\"eos\"}\n\n");
    else if (asks(v, "/v1/completions "))
        echo(v, "data: {\"choices\":[{\"index\":0,\"text\":", ",\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    else if (asks(v, "/api/tags "))
        visit_send_text(v, OK TAGS);
    else if (unknown)
        visit_send_text(v, MISSING "{\"error\":\"model 'unknown:1b' not found\"}");
    else if (asks(v, "/api/show "))
        visit_send_text(v, OK SHOW);
    else if (asks(v, "/api/chat "))
        echo(v, "{\"message\":{\"role\":\"assistant\",\"content\":", "},\"done\":true,\"done_reason\":\"stop\"}\n");
    else if (asks(v, "/api/generate "))
        echo(v, "{\"response\":", ",\"done\":true,\"done_reason\":\"stop\"}\n");
    else
        visit_send_text(v, MISSING);
}

int main(void)
{
    struct tiny_server server;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    tiny_start(&server, serve);
    printf("%d\n", server.port);
    fflush(stdout);
    pause();
    return 0;
}
