/* A server for tests: speaks the OpenAI shapes on 127.0.0.1, prints its port and answers as the model's name says, the same every time.
 *
 *     poem            a short answer with white space at both ends
 *     echo            the prompt, byte for byte
 *     count-N[-R]     N tokens, R of them a second (at once without R)
 *     stamps-N-R      the same, each token with the moment when it was sent: "#7@123456 ", monotonic milliseconds
 *     hostile         text that would like to own the terminal
 *     odds            a verse with the odds of its tokens where they are asked for, some of which are parts of a character
 *     rewrite         what stands between the first <<< and >>> in the prompt, with 冬 for 秋 and winter for autumn
 *     no-odds         the poem; but 400 with the parameter's name where odds are asked for
 *     choosy          the poem; but 400 with the parameter's name where a temperature is sent
 *     think           reasoning, then no text and finish reason "length"
 *     ponder          reasoning, then nothing more comes
 *     rethink         thoughts as text up to a closing tag, then a verse
 *     empty           no text
 *     tally           the poem, and what was used as an afterthought
 *     key             wants the key "canary"
 *     busy            says 429 once, then writes the poem
 *     refuse, html    400 with a JSON error, 502 with a page
 *     cut, stall      three tokens, then the connection ends, or nothing more comes
 *     down            no answer at all
 *     silent          none either, but the connection stays
 *
 * Under http://127.0.0.1:PORT/PATH/OF/A/FILE the beginning of that file is what it has to say: as a take (model "text"), as the reason of a refusal
 * ("error"), as a page ("page"), as an error after some words ("late"); and its lines are the names of its models.
 * Under http://127.0.0.1:PORT/unlisted it lists no models, under …/listless it says 404 where they should be.
 *
 * As Ollama it lists models and fetches some: tiny:1b at once (and lists it from then on), large:70b a third and then nothing more, broken:1b
 * until an error, hostile:1b with words that would like to own the terminal; of others it knows nothing. There tiny:1b writes a verse, once it is
 * fetched.
 *
 * Each connection is a process of its own. The server ends with its parent. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MAX (32u << 20)
#define FILE_MAX 4000

static int *busy_count, *fetched_count; /* shared between the processes */

struct client {
    int fd;
    char out[1 << 16];
    size_t held;
    bool streams, chat, tallies;
    int takes;
    int sent; /* tokens of the stream */
};

/* -- writing ------------------------------------------------------------------------------------------------------------------------ */

static void flush_out(struct client *c)
{
    for (size_t done = 0; done < c->held;) {
        ssize_t n = send(c->fd, c->out + done, c->held - done, MSG_NOSIGNAL);
        if (n <= 0)
            _exit(0); /* the client has gone */
        done += (size_t)n;
    }
    c->held = 0;
}

static void put(struct client *c, const char *bytes, size_t len)
{
    if (len > sizeof c->out - c->held)
        flush_out(c);
    if (len > sizeof c->out)
        _exit(1);
    memcpy(c->out + c->held, bytes, len);
    c->held += len;
}

static void put_text(struct client *c, const char *text)
{
    put(c, text, strlen(text));
}

static void reply_bytes(struct client *c, const char *status, const char *type, const char *extra, const char *body, size_t len)
{
    char head[512];
    snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%sConnection: close\r\n\r\n", status, type, len, extra);
    put_text(c, head);
    put(c, body, len);
    flush_out(c);
}

static void reply(struct client *c, const char *status, const char *type, const char *extra, const char *body)
{
    reply_bytes(c, status, type, extra, body, strlen(body));
}

static void open_stream(struct client *c)
{
    put_text(c, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
}

static void put_event(struct client *c, const char *json)
{
    char size[32];
    snprintf(size, sizeof size, "%zx\r\ndata: ", strlen(json) + 8);
    put_text(c, size);
    put_text(c, json);
    put_text(c, "\n\n\r\n");
}

static void nap(double seconds)
{
    struct timespec t = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
}

/* -- answers ------------------------------------------------------------------------------------------------------------------------ */

/* One piece of text, JSON-escaped already, for one take. */
static void put_token(struct client *c, int take, const char *escaped, const char *field)
{
    static char json[1 << 15];
    if (c->chat)
        snprintf(json, sizeof json, "{\"model\":\"fake-1\",\"choices\":[{\"index\":%d,\"delta\":{\"%s\":\"%s\"},\"finish_reason\":null}]}",
                 take, field, escaped);
    else
        snprintf(json, sizeof json, "{\"model\":\"fake-1\",\"choices\":[{\"index\":%d,\"text\":\"%s\",\"finish_reason\":null}]}", take,
                 escaped);
    put_event(c, json);
    c->sent++;
}

static void end_stream(struct client *c, const char *reason)
{
    char json[256];
    for (int i = 0; i < c->takes; i++) {
        snprintf(json, sizeof json, "{\"choices\":[{\"index\":%d,\"%s,\"finish_reason\":\"%s\"}]}", i,
                 c->chat ? "delta\":{}" : "text\":\"\"", reason);
        put_event(c, json);
    }
    if (c->tallies) {
        put_event(c, "{\"choices\":[]}");
        flush_out(c);
        nap(0.1);
    }
    snprintf(json, sizeof json, "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":%d}}", c->sent);
    put_event(c, json);
    put_event(c, "[DONE]");
    put_text(c, "0\r\n\r\n");
    flush_out(c);
}

/* The same text for every take: token by token, or whole. */
static void answer(struct client *c, const char *const *tokens, int count, const char *reason)
{
    static char body[1 << 15];
    int at = 0;
    if (c->streams) {
        open_stream(c);
        for (int i = 0; i < count; i++)
            for (int take = 0; take < c->takes; take++)
                put_token(c, take, tokens[i], "content");
        end_stream(c, reason);
        return;
    }
    at = snprintf(body, sizeof body, "{\"model\":\"fake-1\",\"choices\":[");
    for (int take = 0; take < c->takes; take++) {
        at += snprintf(body + at, sizeof body - (size_t)at, "%s{\"index\":%d,%s", take ? "," : "", take,
                       c->chat ? "\"message\":{\"role\":\"assistant\",\"content\":\"" : "\"text\":\"");
        for (int i = 0; i < count; i++)
            at += snprintf(body + at, sizeof body - (size_t)at, "%s", tokens[i]);
        at += snprintf(body + at, sizeof body - (size_t)at, "\"%s,\"finish_reason\":\"%s\"}", c->chat ? "}" : "", reason);
    }
    snprintf(body + at, sizeof body - (size_t)at, "],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":%d}}", count);
    reply(c, "200 OK", "application/json", "", body);
}

static void answer_poem(struct client *c)
{
    static const char *const tokens[] = {"\\n", " \\u3000", "秋夜", "，", "雨落", "空阶\\n", "  a lamp, ", "\\n\\nand no one", " \\n", "\\n"};
    answer(c, tokens, sizeof tokens / sizeof *tokens, "stop");
}

/* -- odds --------------------------------------------------------------------------------------------------------------------------- */

struct likely {
    const char *bytes;
    double logprob;
};

struct odd_token {
    const char *text; /* what comes into the answer with it */
    struct likely is, others[4];
};

/* As servers spell it: a token that is no text by itself by its bytes. */
static size_t spell(char *out, size_t size, const char *bytes)
{
    size_t at = 0;
    bool whole = (unsigned char)bytes[0] < 0x80 || ((unsigned char)bytes[0] >= 0xE0 && strlen(bytes) % 3 == 0);
    for (const char *b = bytes; *b; b++)
        if (!whole)
            at += (size_t)snprintf(out + at, size - at, "\\\\x%02x", (unsigned char)*b);
        else if (*b == '\n')
            at += (size_t)snprintf(out + at, size - at, "\\n");
        else
            at += (size_t)snprintf(out + at, size - at, "%c", *b);
    return at;
}

static size_t add_chat_token(char *out, size_t size, const struct likely *l)
{
    size_t at = (size_t)snprintf(out, size, "{\"token\":\"");
    at += spell(out + at, size - at, l->bytes);
    at += (size_t)snprintf(out + at, size - at, "\",\"logprob\":%g,\"bytes\":[", l->logprob);
    for (const char *b = l->bytes; *b; b++)
        at += (size_t)snprintf(out + at, size - at, "%s%d", b > l->bytes ? "," : "", (unsigned char)*b);
    return at + (size_t)snprintf(out + at, size - at, "]");
}

static size_t add_chat_odds(char *out, size_t size, const struct odd_token *t)
{
    size_t at = (size_t)snprintf(out, size, "{\"content\":[");
    at += add_chat_token(out + at, size - at, &t->is);
    at += (size_t)snprintf(out + at, size - at, ",\"top_logprobs\":[");
    for (int i = 0; i < 4 && t->others[i].bytes; i++) {
        at += (size_t)snprintf(out + at, size - at, i ? "," : "");
        at += add_chat_token(out + at, size - at, &t->others[i]);
        at += (size_t)snprintf(out + at, size - at, "}");
    }
    return at + (size_t)snprintf(out + at, size - at, "]}]}");
}

static size_t add_classic_odds(char *out, size_t size, const struct odd_token *t)
{
    size_t at = (size_t)snprintf(out, size, "{\"tokens\":[\"");
    at += spell(out + at, size - at, t->is.bytes);
    at += (size_t)snprintf(out + at, size - at, "\"],\"token_logprobs\":[%g],\"top_logprobs\":[{", t->is.logprob);
    for (int i = 0; i < 4 && t->others[i].bytes; i++) {
        at += (size_t)snprintf(out + at, size - at, "%s\"", i ? "," : "");
        at += spell(out + at, size - at, t->others[i].bytes);
        at += (size_t)snprintf(out + at, size - at, "\":%g", t->others[i].logprob);
    }
    return at + (size_t)snprintf(out + at, size - at, "}]}");
}

static void put_odd_token(struct client *c, int take, const struct odd_token *t)
{
    static char json[1 << 14];
    char text[64];
    text[spell(text, sizeof text - 1, t->text)] = '\0';
    size_t at = (size_t)snprintf(json, sizeof json, "{\"model\":\"fake-1\",\"choices\":[{\"index\":%d,\"finish_reason\":null,", take);
    at += (size_t)snprintf(json + at, sizeof json - at, c->chat ? "\"delta\":{\"content\":\"%s\"},\"logprobs\":" : "\"text\":\"%s\",\"logprobs\":",
                           text);
    at += c->chat ? add_chat_odds(json + at, sizeof json - at, t) : add_classic_odds(json + at, sizeof json - at, t);
    snprintf(json + at, sizeof json - at, "}]}");
    put_event(c, json);
    c->sent++;
}

static void answer_odds(struct client *c, bool asked)
{
    static const struct odd_token tokens[] = {
        {"\n", {"\n", -0.1}, {{"\n", -0.1}, {"\n\n", -2.6}}},
        {"秋夜", {"秋夜", -0.7}, {{"秋夜", -0.7}, {"秋", -1.4}, {"夜", -2}, {"月", -3}}},
        {"", {"\xe9", -0.2}, {{"\xe9", -0.2}, {"月", -2.3}, {"\xe6", -3.2}}},
        {"", {"\x9c", -0.7}, {{"\x9c", -0.7}, {"\x9b\xaa", -1.4}, {"\x9b", -2.1}}},
        {"霜", {"\x9c", -0.7}, {{"\x9c", -0.7}, {"\xb2", -0.7}}},
        {"，", {"，", -0.2}, {{"，", -0.2}, {"\n", -2.1}, {"。", -3.5}}},
        {"\n", {"\n", -1.5}, {{"风", -1.1}, {"\n", -1.5}, {"雨", -2.2}, {"雁", -2.6}}},
        {"a lamp", {"a lamp", -4.2}, {{"落叶", -0.8}, {"the", -1.6}, {"一灯", -2.4}, {"a", -3.1}}},
        {" burns", {" burns", -1.2}, {{" is", -0.9}, {" burns", -1.2}, {" goes", -2.4}}},
        {" low", {" low", -0.4}, {{" low", -0.4}, {" on", -1.8}, {" out", -2.5}, {" late", -3}}},
        {"。", {"。", -0.05}, {{"。", -0.05}, {".", -3.4}}},
    };
    open_stream(c);
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        for (int take = 0; take < c->takes; take++)
            if (asked)
                put_odd_token(c, take, &tokens[i]);
            else if (*tokens[i].text)
                put_token(c, take, strcmp(tokens[i].text, "\n") ? tokens[i].text : "\\n", "content");
    end_stream(c, "stop");
}

static void answer_hostile(struct client *c)
{
    static const char *const tokens[] = {"\\u001b]0;owned\\u0007", "\\u001b[2J", "a\\u202eb", "\\u009b31m", "c\\r\\b", "d\\u0000e"};
    answer(c, tokens, sizeof tokens / sizeof *tokens, "stop");
}

static void answer_count(struct client *c, const char *how, bool stamped)
{
    char *rest = NULL, token[64];
    struct timespec now;
    long count = strtol(how, &rest, 10);
    double rate = *rest == '-' ? strtod(rest + 1, NULL) : 0;
    open_stream(c);
    for (long i = 1; i <= count; i++) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (stamped)
            snprintf(token, sizeof token, "#%ld@%lld ", i, (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
        else
            snprintf(token, sizeof token, "w%ld ", i);
        for (int take = 0; take < c->takes; take++)
            put_token(c, take, token, "content");
        if (rate > 0) {
            flush_out(c);
            nap(1 / rate);
        }
    }
    end_stream(c, "length");
}

static void answer_three(struct client *c, bool stall)
{
    open_stream(c);
    for (int i = 0; i < 3; i++)
        put_token(c, 0, i ? "more " : "some ", "content");
    flush_out(c);
    if (stall)
        nap(600);
}

static void answer_think(struct client *c)
{
    open_stream(c);
    put_token(c, 0, "let me see", "reasoning_content");
    end_stream(c, "length");
}

static void answer_ponder(struct client *c)
{
    open_stream(c);
    put_token(c, 0, "秋夜，从哪里写起", "reasoning_content");
    flush_out(c);
    nap(600);
}

static void answer_rethink(struct client *c)
{
    static const char *const tokens[] = {"A lamp", ", or a ", "moon?", "\\n</thi", "nk>\\n\\n", "举头望", "明月"};
    answer(c, tokens, sizeof tokens / sizeof *tokens, "stop");
}

/* -- requests ----------------------------------------------------------------------------------------------------------------------- */

/* The string after the last `"name":"` of the body, still escaped. */
static const char *last_string(const char *body, const char *name, char *out, size_t size)
{
    char needle[64];
    const char *found = NULL;
    size_t len = 0;
    snprintf(needle, sizeof needle, "\"%s\":\"", name);
    for (const char *at = strstr(body, needle); at; at = strstr(at + 1, needle))
        found = at + strlen(needle);
    for (; found && found[len] && found[len] != '"' && len + 2 < size; len++) {
        out[len] = found[len];
        if (found[len] == '\\') {
            len++;
            out[len] = found[len];
        }
    }
    out[len] = '\0';
    return out;
}

/* What is to be written anew, between the first "<<<" of the escaped prompt and the ">>>" behind it; winter comes into it. */
static void answer_rewrite(struct client *c, const char *prompt)
{
    static const char *const changes[][2] = {{"秋", "冬"}, {"autumn", "winter"}};
    static char token[1 << 14];
    const char *open = strstr(prompt, "<<<"), *tokens[] = {token};
    size_t len = 0;
    for (const char *at = open ? open + 3 : NULL; at && *at && strncmp(at, ">>>", 3) && len + 16 < sizeof token;) {
        const char *put = NULL;
        for (size_t i = 0; i < sizeof changes / sizeof *changes && !put; i++)
            if (!strncmp(at, changes[i][0], strlen(changes[i][0]))) {
                put = changes[i][1];
                at += strlen(changes[i][0]);
            }
        if (put)
            len += (size_t)snprintf(token + len, sizeof token - len, "%s", put);
        else
            token[len++] = *at++;
    }
    token[len] = '\0';
    answer(c, tokens, 1, "stop");
}

static void answer_model(struct client *c, const char *model, const char *head, const char *body)
{
    static char prompt[1 << 14];
    const char *tokens[] = {last_string(body, c->chat ? "content" : "prompt", prompt, sizeof prompt)};
    c->tallies = !strcmp(model, "tally");
    if (!strcmp(model, "echo"))
        answer(c, tokens, 1, "stop");
    else if (!strncmp(model, "count-", 6))
        answer_count(c, model + 6, false);
    else if (!strncmp(model, "stamps-", 7))
        answer_count(c, model + 7, true);
    else if (!strcmp(model, "hostile"))
        answer_hostile(c);
    else if (!strcmp(model, "odds"))
        answer_odds(c, strstr(body, "\"logprobs\":"));
    else if (!strcmp(model, "rewrite"))
        answer_rewrite(c, prompt);
    else if (!strcmp(model, "no-odds") && strstr(body, "logprobs\":"))
        reply(c, "400 Bad Request", "application/json", "",
              "{\"error\":{\"message\":\"Unknown parameter: 'logprobs'.\",\"type\":\"invalid_request_error\",\"param\":\"logprobs\"}}");
    else if (!strcmp(model, "choosy") && strstr(body, "\"temperature\":"))
        reply(c, "400 Bad Request", "application/json", "",
              "{\"error\":{\"message\":\"Unsupported parameter: 'temperature'.\",\"type\":\"invalid_request_error\",\"param\":\"temperature\"}}");
    else if (!strcmp(model, "think"))
        answer_think(c);
    else if (!strcmp(model, "ponder"))
        answer_ponder(c);
    else if (!strcmp(model, "rethink"))
        answer_rethink(c);
    else if (!strcmp(model, "empty"))
        answer(c, NULL, 0, "stop");
    else if (!strcmp(model, "key") && !strstr(head, "Authorization: Bearer canary\r\n"))
        reply(c, "401 Unauthorized", "application/json", "", "{\"error\":{\"message\":\"no such key\",\"type\":\"auth\"}}");
    else if (!strcmp(model, "busy") && (*busy_count)++ == 0)
        reply(c, "429 Too Many Requests", "application/json", "Retry-After: 1\r\n", "{\"error\":{\"message\":\"slow down\"}}");
    else if (!strcmp(model, "refuse"))
        reply(c, "400 Bad Request", "application/json", "", "{\"error\":{\"message\":\"not \\u001b[31mthis\",\"type\":\"x\"}}");
    else if (!strcmp(model, "html"))
        reply(c, "502 Bad Gateway", "text/html", "", "<html><h1>\x1b[31mBad gateway</h1></html>");
    else if (!strcmp(model, "cut") || !strcmp(model, "stall"))
        answer_three(c, *model == 's');
    else if (!strcmp(model, "silent"))
        nap(600);
    else if (strcmp(model, "down"))
        answer_poem(c);
}

/* -- as Ollama ---------------------------------------------------------------------------------------------------------------------- */

static void put_line(struct client *c, const char *json)
{
    put_text(c, json);
    put_text(c, "\n");
    flush_out(c);
}

static void put_part(struct client *c, const char *digest, long total, long completed)
{
    char json[256];
    int at = snprintf(json, sizeof json, "{\"status\":\"pulling %s\",\"digest\":\"sha256:%s\",\"total\":%ld", digest, digest, total);
    if (completed)
        at += snprintf(json + at, sizeof json - (size_t)at, ",\"completed\":%ld", completed);
    snprintf(json + at, sizeof json - (size_t)at, "}");
    put_line(c, json);
}

static void fetch(struct client *c, const char *model)
{
    bool known = strstr("tiny:1b large:70b broken:1b hostile:1b", model);
    put_text(c, "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n");
    put_line(c, "{\"status\":\"pulling manifest\"}");
    if (!strcmp(model, "hostile:1b"))
        put_line(c, "{\"status\":\"\\u001b]0;owned\\u0007\\u001b[2J\\u202e\"}");
    for (long part = 0; known && part <= 15; part++) {
        put_part(c, "6a0746a1ec1a", 4500000000, part * 300000000);
        if (part == 5 && !strcmp(model, "large:70b"))
            nap(600);
        if (part == 5 && !strcmp(model, "broken:1b"))
            put_line(c, "{\"error\":\"write: no space left on device\"}");
    }
    if (!known) {
        put_line(c, "{\"error\":\"pull model manifest: file does not exist\"}");
        return;
    }
    put_part(c, "4fa551d4f938", 12000, 0);
    put_part(c, "4fa551d4f938", 12000, 12000);
    put_line(c, "{\"status\":\"verifying sha256 digest\"}");
    put_line(c, "{\"status\":\"writing manifest\"}");
    *fetched_count += 1;
    put_line(c, "{\"status\":\"success\"}");
}

static void answer_as_ollama(struct client *c, const char *model)
{
    char error[320];
    if (!strcmp(model, "tiny:1b") && *fetched_count) {
        reply(c, "200 OK", "application/x-ndjson", "",
              "{\"message\":{\"content\":\"空山新雨后，\"},\"done\":false}\n{\"message\":{\"content\":\"天气晚来秋。\"},\"done\":true,\"done_reason\":\"stop\"}\n");
        return;
    }
    snprintf(error, sizeof error, "{\"error\":\"model '%s' not found\"}", model);
    reply(c, "404 Not Found", "application/json", "", error);
}

static void list_as_ollama(struct client *c)
{
    char json[256];
    snprintf(json, sizeof json, "{\"models\":[{\"name\":\"poem\"},{\"name\":\"echo\"}%s]}", *fetched_count ? ",{\"name\":\"tiny:1b\"}" : "");
    reply(c, "200 OK", "application/json", "", json);
}

/* -- what a file says --------------------------------------------------------------------------------------------------------------- */

/* The beginning of the file that the request's path names before /v1/; 0: it names none. */
static size_t read_named_file(const char *request, char *bytes)
{
    char path[1024];
    const char *from = strchr(request, '/'), *to = from ? strstr(from, "/v1/") : NULL;
    if (!to || to == from || (size_t)(to - from) >= sizeof path)
        return 0;
    snprintf(path, sizeof path, "%.*s", (int)(to - from), from);
    FILE *f = fopen(path, "rb");
    size_t len = f ? fread(bytes, 1, FILE_MAX, f) : 0;
    if (f)
        fclose(f);
    return len;
}

/* As it may stand in a JSON string, but for what is no UTF-8. */
static char *escape_bytes(const char *bytes, size_t len, char *out)
{
    char *at = out;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)bytes[i] < ' ' || strchr("\"\\", bytes[i]))
            at += snprintf(at, 7, "\\u%04x", (unsigned char)bytes[i]);
        else
            *at++ = bytes[i];
    *at = '\0';
    return out;
}

static void list_lines(struct client *c, const char *bytes, size_t len)
{
    static char body[8 * FILE_MAX], escaped[6 * FILE_MAX + 1];
    size_t at = (size_t)snprintf(body, sizeof body, "{\"data\":[{\"id\":\"text\"}");
    for (size_t from = 0, end; from < len && at + 6 * FILE_MAX / 4 < sizeof body; from = end + 1) {
        const char *stop = memchr(bytes + from, '\n', len - from);
        end = stop ? (size_t)(stop - bytes) : len;
        escape_bytes(bytes + from, end - from < 200 ? end - from : 200, escaped);
        at += (size_t)snprintf(body + at, sizeof body - at, ",{\"id\":\"%s\"}", escaped);
    }
    snprintf(body + at, sizeof body - at, "]}");
    reply(c, "200 OK", "application/json", "", body);
}

static void answer_file(struct client *c, const char *model, const char *bytes, size_t len)
{
    static char escaped[6 * FILE_MAX + 1], json[6 * FILE_MAX + 64];
    const char *tokens[] = {escape_bytes(bytes, len, escaped)};
    snprintf(json, sizeof json, "{\"error\":{\"message\":\"%s\",\"type\":\"x\"}}", escaped);
    if (!strcmp(model, "error"))
        reply(c, "400 Bad Request", "application/json", "", json);
    else if (!strcmp(model, "page"))
        reply_bytes(c, "502 Bad Gateway", "text/html", "", bytes, len);
    else if (!strcmp(model, "late")) {
        open_stream(c);
        put_token(c, 0, "some ", "content");
        put_event(c, json);
        flush_out(c);
    } else
        answer(c, tokens, 1, "stop");
}

/* -- serving ------------------------------------------------------------------------------------------------------------------------ */

/* Reads head and body into `request`; returns the body. */
static char *read_request(int fd, char *request)
{
    size_t len = 0, want = 0;
    char *body = NULL;
    while (!body || len < want) {
        ssize_t n = recv(fd, request + len, REQUEST_MAX - 1 - len, 0);
        if (n <= 0)
            _exit(0);
        len += (size_t)n;
        request[len] = '\0';
        if (!body && (body = strstr(request, "\r\n\r\n"))) {
            const char *length = strcasestr(request, "\r\nContent-Length:");
            body += 4;
            want = (size_t)(body - request) + (length && length < body ? strtoul(length + 17, NULL, 10) : 0);
            if (strcasestr(request, "\r\nExpect: 100-continue"))
                send(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL);
        }
    }
    body[-1] = '\0'; /* the head ends here */
    return body;
}

/* Appends what was asked to the file that HEARD names. */
static void note_heard(const char *body)
{
    const char *path = getenv("HEARD");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (fd < 0)
        return;
    if (write(fd, body, strlen(body)) < 0)
        perror(path);
    close(fd);
}

static void serve(int fd)
{
    static struct client c;
    static char file[FILE_MAX];
    char model[256];
    char *request = malloc(REQUEST_MAX);
    c.fd = fd;
    if (!request)
        _exit(1);
    char *body = read_request(fd, request);
    size_t said = read_named_file(request, file);
    if (!strncmp(request, "GET ", 4) && said) {
        list_lines(&c, file, said);
        return;
    }
    if (!strncmp(request, "GET /unlisted/", 14)) {
        reply(&c, "200 OK", "application/json", "", "{\"data\":[]}");
        return;
    }
    if (!strncmp(request, "GET /listless/", 14)) {
        reply(&c, "404 Not Found", "application/json", "", "{\"error\":{\"message\":\"no such page\"}}");
        return;
    }
    if (!strncmp(request, "GET /api/tags ", 14)) {
        list_as_ollama(&c);
        return;
    }
    if (!strncmp(request, "GET ", 4)) {
        reply(&c, "200 OK", "application/json", "",
              "{\"object\":\"list\",\"data\":[{\"id\":\"poem\"},{\"id\":\"echo\"},{\"id\":\"evil\\u001b[31m\"}]}");
        return;
    }
    note_heard(body);
    const char *takes = strstr(body, "\"n\":");
    c.takes = takes ? (int)strtol(takes + 4, NULL, 10) : 1;
    c.chat = strstr(request, "/chat/completions");
    c.streams = strstr(body, "\"stream\":true");
    last_string(body, "model", model, sizeof model);
    if (!strncmp(request, "POST /api/pull ", 15))
        fetch(&c, model);
    else if (!strncmp(request, "POST /api/", 10))
        answer_as_ollama(&c, model);
    else if (said)
        answer_file(&c, model, file, said);
    else
        answer_model(&c, model, request, body);
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGCHLD, SIG_IGN);
    busy_count = mmap(NULL, 2 * sizeof *busy_count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (listener < 0 || busy_count == MAP_FAILED || bind(listener, (struct sockaddr *)&address, size) || listen(listener, 64) ||
        getsockname(listener, (struct sockaddr *)&address, &size)) {
        perror("fake_server");
        return 1;
    }
    fetched_count = busy_count + 1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            close(listener);
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            serve(fd);
            shutdown(fd, SHUT_RDWR);
            _exit(0);
        }
        close(fd);
    }
}
