/* Promise 12: whatever a server sends, the whole program stays within little memory and ends in time, keeps what had come and says what
 * happened: bounds RENGA FAKE_SERVER. */
#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "tests/app/stage.h"
#include "tests/net/tiny_server.h"
#include "tests/promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define MEMORY_KB 250000 /* of address space: what the program and its libraries take is about a half */
#ifdef __SANITIZE_ADDRESS__
#define LIMITS ": %d; " /* the sanitizer itself takes terabytes of it */
#else
#define LIMITS "ulimit -v %d; "
#endif
#define PATIENCE_S 30
#define FLOOD_MB  80

static struct tiny_server server;
static char *renga;
static char home[] = "/tmp/renga-bounds-XXXXXX";
static struct {
    size_t runs, unbounded;
    int64_t longest_ms;
} figures;

/* -- what servers send --------------------------------------------------------------------------------------------------------------------- */

/* The same again and again, some megabytes of it. */
static void flood(struct visit *v, const char *part, size_t megabytes)
{
    struct str block = {0};
    while (block.len < 1 << 20)
        str_add_text(&block, part);
    for (size_t i = 0; i < megabytes; i++)
        visit_send(v, str_span(&block));
    str_release(&block);
}

#define KEPT DELTA("kept words ")

static void flood_events(struct visit *v) { visit_send_text(v, SSE_HEAD KEPT); flood(v, DELTA("more and more of it "), FLOOD_MB); }
static void flood_blanks(struct visit *v) { visit_send_text(v, SSE_HEAD KEPT); flood(v, DELTA("  \\n \\t "), FLOOD_MB); }
static void flood_thoughts(struct visit *v)
{
    visit_send_text(v, SSE_HEAD KEPT);
    flood(v, "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm, \"}}]}\n\n", FLOOD_MB);
}
static void flood_newlines(struct visit *v) { visit_send_text(v, SSE_HEAD KEPT); flood(v, "\n\r\n\r", FLOOD_MB); }
static void flood_comments(struct visit *v) { visit_send_text(v, SSE_HEAD KEPT); flood(v, ": keep-alive\n\n", FLOOD_MB); }
static void flood_line(struct visit *v) { visit_send_text(v, SSE_HEAD KEPT "data: \""); flood(v, "on and on and ", FLOOD_MB); }
static void flood_name(struct visit *v) { visit_send_text(v, SSE_HEAD KEPT "event: "); flood(v, "on and on and ", FLOOD_MB); }
static void flood_data_lines(struct visit *v) { visit_send_text(v, SSE_HEAD KEPT); flood(v, "data: [\n", FLOOD_MB); }
static void flood_refusal(struct visit *v) { visit_send_text(v, "HTTP/1.1 500 No\r\nConnection: close\r\n\r\n"); flood(v, "no and no ", FLOOD_MB); }
static void flood_json(struct visit *v) { visit_send_text(v, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n["); flood(v, "[1,", FLOOD_MB); }
static void flood_heads(struct visit *v) { visit_send_text(v, "HTTP/1.1 200 OK\r\n"); flood(v, "X-Filler: on and on and on and on\r\n", 2); }
static void flood_head_line(struct visit *v) { visit_send_text(v, "HTTP/1.1 200 OK\r\nX-Filler: "); flood(v, "on and on ", 2); }
static void flood_continues(struct visit *v) { flood(v, "HTTP/1.1 103 Hints\r\nLink: </on>\r\n\r\n", 8); }
static void flood_trailers(struct visit *v)
{
    struct str out = {0};
    str_printf(&out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n", strlen(KEPT), KEPT);
    visit_send(v, str_span(&out));
    flood(v, "X-Filler: on and on\r\n", 8);
    str_release(&out);
}
static void flood_takes(struct visit *v)
{
    struct str out = {0};
    visit_send_text(v, SSE_HEAD KEPT);
    for (int i = 1; i < 300000; i++)
        str_printf(&out, "data: {\"choices\":[{\"index\":%d,\"delta\":{\"content\":\"x\"}}]}\n\n", i * 7001);
    visit_send(v, str_span(&out));
    visit_send_text(v, FINISH);
    str_release(&out);
}

static void send_million(struct visit *v)
{
    visit_send_text(v, SSE_HEAD KEPT);
    struct str block = {0};
    for (int i = 0; i < 1000; i++)
        str_add_text(&block, DELTA("a"));
    for (int i = 0; i < 1000; i++)
        visit_send(v, str_span(&block));
    visit_send_text(v, DELTA(" the end") FINISH);
    str_release(&block);
}

static void send_long_delta(struct visit *v)
{
    visit_send_text(v, SSE_HEAD KEPT "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"");
    flood(v, "\\u6708", 2);
    visit_send_text(v, " the end\"}}]}\n\n" FINISH);
}

static void send_long_lines(struct visit *v)
{
    visit_send_text(v, SSE_HEAD KEPT ": ");
    flood(v, "pad ", 1);
    visit_send_text(v, "\ndata: {\"choices\":[],\"pad\":\"");
    flood(v, "pad ", 1);
    visit_send_text(v, "\"}\n\n" DELTA(" the end") FINISH);
}

static void send_deep(struct visit *v)
{
    struct str deep = {0};
    str_add_text(&deep, SSE_HEAD KEPT "data: {\"choices\":[],\"x\":");
    for (int i = 0; i < 100000; i++)
        str_add_text(&deep, i % 2 ? "[" : "{\"a\":");
    str_add_text(&deep, "\n\n" DELTA(" the end") FINISH);
    visit_send(v, str_span(&deep));
    str_release(&deep);
}

/* gzip by hand: what is said first as it is, then a block of fixed codes that makes 258 bytes of every 13 bits. */
static void send_bomb(struct visit *v)
{
    struct str out = {0};
    unsigned held = 0;
    int count = 0;
    const struct span first = SPAN(KEPT "data: a");
    visit_send_text(v, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
    str_add(&out, SPAN("\x1f\x8b\x08\0\0\0\0\0\0\x03\0"));
    for (int i = 0; i < 2; i++) {
        unsigned len = i ? (unsigned)~first.len : (unsigned)first.len;
        str_add_byte(&out, (char)(len & 0xFF));
        str_add_byte(&out, (char)(len >> 8 & 0xFF));
    }
    str_add(&out, first);
    held = 3; /* the last block, fixed codes */
    count = 3;
    for (size_t done = 0; done < (size_t)1 << 30; done += 258) {
        held |= 0xA3u << count; /* 258 bytes; from one back: five zeros */
        for (count += 13; count >= 8; count -= 8, held >>= 8)
            str_add_byte(&out, (char)(held & 0xFF));
    }
    visit_send(v, str_span(&out));
    str_release(&out);
}

static void send_too_little(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99999\r\n\r\n" KEPT);
}

static void send_and_reset(struct visit *v)
{
    visit_send_text(v, SSE_HEAD KEPT);
    usleep(200000);
    visit_reset(v);
}

static void send_nothing_more(struct visit *v) { visit_send_text(v, SSE_HEAD KEPT); visit_wait_gone(v); }
static void send_nothing(struct visit *v) { visit_wait_gone(v); }

static void drip_head(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 100; i++) {
        visit_send_text(v, "X: y\r\n");
        usleep(100000);
    }
}

struct harm {
    const char *model;
    void (*serve)(struct visit *v);
    const char *kept, *said; /* of the text; of the sentence, NULL: all is well */
    bool tall;               /* the beginning of the text is far above the screen */
};

#define LIMIT "more than renga takes in"
static const struct harm harms[] = {
    {"endless-text", flood_events, "kept words more and more", LIMIT, true},
    {"endless-blanks", flood_blanks, "kept words", LIMIT, true},
    {"endless-thoughts", flood_thoughts, "kept words", LIMIT, false},
    {"endless-newlines", flood_newlines, "kept words", LIMIT, false},
    {"endless-comments", flood_comments, "kept words", LIMIT, false},
    {"endless-line", flood_line, "kept words", LIMIT, false},
    {"endless-name", flood_name, "kept words", LIMIT, false},
    {"endless-event", flood_data_lines, "kept words", LIMIT, false},
    {"endless-refusal", flood_refusal, "", LIMIT, false},
    {"endless-answer", flood_json, "", LIMIT, false},
    {"endless-heads", flood_heads, "", "sent a head of more than 64 kB", false},
    {"endless-head", flood_head_line, "", "sent a head of more than 64 kB", false},
    {"endless-hints", flood_continues, "", "sent a head of more than 64 kB", false},
    {"endless-trailers", flood_trailers, "kept words", "sent a head of more than 64 kB", false},
    {"countless-takes", flood_takes, "kept words", NULL, false},
    {"million", send_million, " the end", NULL, false},
    {"long-delta", send_long_delta, " the end", NULL, false},
    {"long-lines", send_long_lines, " the end", NULL, false},
    {"deep", send_deep, " the end", NULL, false},
    {"bomb", send_bomb, "kept words", LIMIT, false},
    {"too-little", send_too_little, "kept words", "broke off", false},
    {"reset", send_and_reset, "kept words", "broke off", false},
    {"silence", send_nothing_more, "kept words", "has sent nothing for 1 s", false},
    {"nothing", send_nothing, "", "sent nothing for 1 s", false},
    {"dripping-head", drip_head, "", "sent nothing for 1 s", false},
};

static void serve_by_model(struct visit *v)
{
    for (size_t i = 0; i < COUNT_OF(harms); i++) {
        struct str field = {0};
        str_printf(&field, "\"model\":\"%s\"", harms[i].model);
        if (span_find(str_span(&v->body), str_span(&field), 0) >= 0)
            harms[i].serve(v);
        str_release(&field);
    }
    if (!strncmp(str_text(&v->head), "GET ", 4)) {
        visit_send_text(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":[");
        flood(v, "{\"id\":\"a-model-among-very-many\"},", FLOOD_MB);
    }
}

/* -- the program, with little memory ------------------------------------------------------------------------------------------------------- */

static void open_program(struct terminal *t, const char *const *args)
{
    static const char *const folders[] = {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"};
    char places[COUNT_OF(folders)][256], limit[64];
    char *environment[] = {(char[]){"TERM=xterm-256color"}, (char[]){"LC_ALL=C.UTF-8"}, places[0], places[1], places[2], places[3], places[4], NULL};
    const char *argv[16] = {"/bin/sh", "-c", limit, renga};
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        snprintf(places[i], sizeof places[i], "%s=%s", folders[i], home);
    snprintf(limit, sizeof limit, LIMITS "exec \"$0\" \"$@\"", MEMORY_KB);
    for (size_t i = 0; args[i]; i++)
        argv[i + 4] = args[i];
    terminal_open(t, 160, 40, (char *const *)(uintptr_t)argv, environment);
}

static void check(const struct harm *h, bool good, int64_t begun_us, const char *where)
{
    int64_t ms = (clock_now_us() - begun_us) / 1000;
    figures.runs++;
    figures.longest_ms = ms > figures.longest_ms ? ms : figures.longest_ms;
    if (good && ms < PATIENCE_S * 1000)
        return;
    figures.unbounded++;
    fprintf(stderr, "%s, %s: not as promised, after %lld ms\n", h->model, where, (long long)ms);
}

static void writes_on_the_command_line(const struct harm *h)
{
    struct terminal t;
    int64_t begun = clock_now_us();
    open_program(&t, (const char *const[]){"write", "-s", "harm", "-m", h->model, "-p", "x", NULL});
    int code = terminal_wait_end(&t);
    struct str shown = {0};
    for (size_t i = 0; i < t.bytes.len; i++) /* lines are cut by the terminal only */
        if (t.bytes.s[i] != '\r' && t.bytes.s[i] != '\n')
            str_add_byte(&shown, t.bytes.s[i]);
    bool good = code < 126 && (code == 0) == !h->said && strstr(str_text(&shown), h->kept) && (!h->said || strstr(str_text(&shown), h->said));
    if (!good)
        fprintf(stderr, "exit %d: …%s\n", code, shown.len > 400 ? shown.s + shown.len - 400 : str_text(&shown));
    check(h, good, begun, "write");
    str_release(&shown);
    terminal_close(&t);
}

/* The sentence, the text where it is short enough to be seen, and a desk that answers. */
static void writes_at_the_desk(const struct harm *h)
{
    struct terminal t;
    int64_t begun = clock_now_us();
    open_program(&t, (const char *const[]){"--server", "harm", "--model", h->model, NULL});
    terminal_wait_text(&t, "Prompt");
    terminal_type(&t, KEY_CTRL('N'));
    terminal_type(&t, "x\x07");
    terminal_wait_text(&t, h->said ? h->said : h->kept);
    bool shown = h->tall || terminal_shows(&t, h->kept);
    terminal_wait_no_text(&t, "◐ writing");
    terminal_type(&t, "雨");
    terminal_wait_text(&t, "雨");
    terminal_type(&t, KEY_CTRL('Q'));
    terminal_type(&t, KEY_CTRL('Q')); /* where the take is not over yet */
    check(h, terminal_wait_end(&t) == 0 && shown, begun, "the desk");
    stage_check_bytes(&t);
    terminal_close(&t);
}

static void all_at_the_desk(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(harms); i++)
        writes_at_the_desk(&harms[i]);
}

static void lists_of_models(void **state)
{
    const struct harm h = {.model = "models"};
    struct terminal t;
    int64_t begun = clock_now_us();
    (void)state;
    open_program(&t, (const char *const[]){"models", "-s", "harm", NULL});
    bool good = terminal_wait_end(&t) < 126;
    check(&h, good && span_find(str_span(&t.bytes), SPAN("more than 8 MB instead of a list"), 0) >= 0, begun, "models");
    terminal_close(&t);
}

static void all_on_the_command_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(harms); i++)
        writes_on_the_command_line(&harms[i]);
}

static void tell(void **state)
{
    struct rusage used;
    (void)state;
    getrusage(RUSAGE_CHILDREN, &used);
    promise(12, "unbounded", figures.unbounded, "%zu floods, bombs, silences and depths with %d MB of address space; at most %ld MB in memory, %.1f s for one",
            figures.runs, MEMORY_KB / 1000, used.ru_maxrss / 1000, (double)figures.longest_ms / 1000);
    assert_int_equal(figures.unbounded, 0);
}

static int set_up(void **state)
{
    struct str path = {0}, text = {0};
    struct err e = {.kind = ERR_NONE};
    (void)state;
    if (!mkdtemp(home))
        return -1;
    tiny_start(&server, serve_by_model);
    str_printf(&path, "%s/renga", home);
    bool ok = folder_make(str_text(&path), &e);
    str_add_text(&path, "/config");
    str_printf(&text, "[server harm]\nurl = http://127.0.0.1:%d\nfirst_timeout = 1\nidle_timeout = 1\n", server.port);
    ok = ok && file_write(str_text(&path), str_span(&text), &e);
    str_release(&path);
    str_release(&text);
    return ok ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    tiny_stop(&server);
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    return system(command);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_on_the_command_line),
        cmocka_unit_test(all_at_the_desk),
        cmocka_unit_test(lists_of_models),
        cmocka_unit_test(tell),
    };
    if (argc < 2)
        return 2;
    renga = realpath(argv[1], NULL);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
