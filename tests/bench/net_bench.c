/* How fast answers are read: streams as they come from servers through framing, JSON, dialect and queue, in MB/s of processor time, beside
 * what only copies the same bytes (write() to /dev/null) and what only parses the JSON of the same events: net_bench [PART OF A NAME]. */
#include "core/mem.h"
#include "net/json.h"
#include "net/reply.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 7, PIECE = 16384 /* what libcurl hands over at a time, or less */ };

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* -- streams ------------------------------------------------------------------------------------------ */

static const char *const words[] = {"春", "江", " the", "潮", "水", " tide", "，", " and", "\\n", "连", " moon", "海"};

static void add_chat(struct str *out, const char *text)
{
    str_printf(out,
               "data: {\"id\":\"chatcmpl-9x2Kq81\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"poet-2\","
               "\"system_fingerprint\":\"fp_44709d6fcb\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"logprobs\":null,"
               "\"finish_reason\":null}]}\n\n",
               text);
}

static void add_classic(struct str *out, const char *text)
{
    str_printf(out,
               "data: {\"id\":\"cmpl-9x2Kq81\",\"object\":\"text_completion\",\"created\":1760000000,\"model\":\"poet-2\",\"choices\":"
               "[{\"index\":0,\"text\":\"%s\",\"logprobs\":null,\"finish_reason\":null}]}\n\n",
               text);
}

static void add_anthropic(struct str *out, const char *text)
{
    str_printf(out,
               "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
               "\"text\":\"%s\"}}\n\n",
               text);
}

static void add_ollama(struct str *out, const char *text)
{
    str_printf(out,
               "{\"model\":\"poet-2\",\"created_at\":\"2026-01-01T00:00:00.000000Z\",\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},"
               "\"done\":false}\n",
               text);
}

static void write_small(struct str *out, void (*add)(struct str *, const char *), size_t size)
{
    for (size_t i = 0; out->len < size; i++)
        add(out, words[i * 7 % COUNT_OF(words)]);
}

static void write_large(struct str *out, void (*add)(struct str *, const char *), size_t size)
{
    struct str text = {0};
    for (size_t i = 0; text.len < size; i++)
        str_add_text(&text, words[i * 7 % COUNT_OF(words)]);
    add(out, str_text(&text));
    str_release(&text);
}

/* -- ways of reading ---------------------------------------------------------------------------------- */

static void read_all(struct span bytes, enum dialect_id id)
{
    const struct heads heads = {.status = 200};
    struct source_queue queue = {0};
    struct source_event ev = {0};
    struct reply r = {.dialect = dialect_of(id), .heads = &heads, .out = &queue, .takes = 1, .part = true, .place = {.server = "s", .model = ""}};
    size_t got = 0;
    reply_begin(&r);
    for (size_t at = 0; at < bytes.len; at += PIECE) {
        if (!reply_add(&r, span_cut(bytes, at, at + PIECE)))
            exit(1);
        while (source_queue_pop(&queue, &ev)) {
            got += ev.kind == SOURCE_TEXT ? ev.text.len : 0;
            source_event_release(&ev);
        }
    }
    reply_release(&r);
    source_queue_release(&queue);
    if (got == 0)
        exit(1);
}

static void copy_all(struct span bytes, enum dialect_id id)
{
    static int fd = -1;
    static char piece[PIECE];
    (void)id;
    if (fd < 0)
        fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (size_t at = 0; at < bytes.len; at += PIECE) {
        struct span part = span_cut(bytes, at, at + PIECE);
        memcpy(piece, part.s, part.len);
        if (write(fd, piece, part.len) < 0)
            exit(1);
    }
}

/* Each line's JSON and nothing else, as cJSON does it by itself. */
static void parse_all(struct span bytes, enum dialect_id id)
{
    struct span line;
    (void)id;
    while (span_line(&bytes, &line)) {
        if (span_starts(line, "data: "))
            line = span_cut(line, 6, line.len);
        else if (!span_starts(line, "{"))
            continue;
        cJSON *root = cJSON_ParseWithLength(line.s, line.len);
        if (!root)
            exit(1);
        cJSON_Delete(root);
    }
}

static double speed(void (*way)(struct span, enum dialect_id), struct span bytes, enum dialect_id id)
{
    double best = 1e9;
    for (int i = 0; i < RUNS; i++) {
        double from = cpu_s();
        way(bytes, id);
        double took = cpu_s() - from;
        best = took < best ? took : best;
    }
    return (double)bytes.len / best / 1e6;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        enum dialect_id dialect;
        void (*add)(struct str *, const char *);
        void (*write)(struct str *, void (*)(struct str *, const char *), size_t);
        size_t size;
    } rows[] = {
        {"chat, small deltas, 8 MB", DIALECT_OPENAI_CHAT, add_chat, write_small, 8 << 20},
        {"classic, small deltas, 8 MB", DIALECT_OPENAI_COMPLETIONS, add_classic, write_small, 8 << 20},
        {"Anthropic, small deltas, 8 MB", DIALECT_ANTHROPIC, add_anthropic, write_small, 8 << 20},
        {"Ollama, small deltas, 8 MB", DIALECT_OLLAMA, add_ollama, write_small, 8 << 20},
        {"chat, one delta of 1 MB", DIALECT_OPENAI_CHAT, add_chat, write_large, 1 << 20},
        {"chat, one delta of 4 MB", DIALECT_OPENAI_CHAT, add_chat, write_large, 4 << 20},
    };
    struct str streams[COUNT_OF(rows)] = {0};
    double parse[COUNT_OF(rows)];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (argc > 1 && !strstr(rows[i].name, argv[1]))
            continue;
        rows[i].write(&streams[i], rows[i].add, rows[i].size);
        parse[i] = speed(parse_all, str_span(&streams[i]), rows[i].dialect); /* before renga gives cJSON memory of its own */
    }
    printf("%-32s %10s %10s %10s   %s\n", "MB/s of processor time, best", "copy", "cJSON", "renga", "renga to cJSON");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (streams[i].len == 0)
            continue;
        double copy = speed(copy_all, str_span(&streams[i]), rows[i].dialect);
        double read = speed(read_all, str_span(&streams[i]), rows[i].dialect);
        printf("%-32s %10.0f %10.0f %10.0f   %.2f×\n", rows[i].name, copy, parse[i], read, read / parse[i]);
        str_release(&streams[i]);
    }
    return 0;
}
