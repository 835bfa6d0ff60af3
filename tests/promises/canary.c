/* Promises 11 and 17: a key and a prompt go to one server, whatever redirects, proxies and servers that repeat the key make of it; and the key
 * is then looked for in everything that the program wrote, showed or passed on: canary RENGA FAKE_SERVER. */
#include "core/file.h"
#include "core/mem.h"
#include "tests/app/stage.h"
#include "tests/net/tiny_server.h"
#include "tests/promise.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define CANARY "sk-Canary7f3a9c0b+Zq81x5be0d2VV/k46wmTtJ08hLrQy="
#define PIECE  12 /* so much of it is a leak */
#define PROMPT "what-nobody-else-may-read"

static struct tiny_server origin, stranger, proxy, tunnel;
static char *renga;
static char home[] = "/tmp/renga-canary-XXXXXX", source[] = "/tmp/renga-canary-key-XXXXXX";

static size_t strayed; /* requests that a stranger got */
static struct {
    int fd, port;
    pthread_t thread;
    char asked[512];
    size_t asked_len;
} socks;
static struct {
    size_t runs, files, bytes, leaked;
} figures;

/* -- looking ------------------------------------------------------------------------------------------------------------------------------- */

static size_t count_of(struct span text, struct span part)
{
    size_t count = 0;
    for (ptrdiff_t at = span_find(text, part, 0); at >= 0; at = span_find(text, part, (size_t)at + 1))
        count++;
    return count;
}

/* As base64 spells it that begins `skip` bytes before it, without the ends, which its neighbours share. */
static void add_base64(struct str *out, size_t skip)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const unsigned char key[] = CANARY;
    for (size_t i = (3 - skip) % 3; i + 3 < sizeof key; i += 3) {
        unsigned bits = (unsigned)(key[i] << 16 | key[i + 1] << 8 | key[i + 2]);
        for (int shift = 18; shift >= 0; shift -= 6)
            str_add_byte(out, digits[bits >> shift & 63]);
    }
}

/* Any piece of the key; that also finds it where its odd characters are spelt as URLs, JSON or HTML do. */
static bool holds_key(struct span text, ptrdiff_t *at)
{
    static const char key[] = CANARY;
    bool found = false;
    for (size_t i = 0; i + PIECE < sizeof key && !found; i++)
        found = (*at = span_find(text, (struct span){key + i, PIECE}, 0)) >= 0;
    for (size_t skip = 0; skip < 3 && !found; skip++) {
        struct str spelt = {0};
        add_base64(&spelt, skip);
        found = (*at = span_find(text, span_cut(str_span(&spelt), 0, 24), 0)) >= 0;
        str_release(&spelt);
    }
    return found;
}

static void look(const char *where, struct span text)
{
    ptrdiff_t at = -1;
    figures.bytes += text.len;
    if (!holds_key(text, &at))
        return;
    figures.leaked++;
    size_t from = (size_t)at < 60 ? 0 : (size_t)at - 60;
    fprintf(stderr, "the key is in %s: …%.*s…\n", where, SPAN_ARG(span_cut(text, from, (size_t)at + 60)));
}

static int look_into(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    struct str text = {0};
    (void)ftw;
    if (kind != FTW_F)
        return 0;
    assert_true(file_read(path, &text, (size_t)st->st_size + 1, NULL));
    figures.files++;
    look(path, span_of(path));
    look(path, str_span(&text));
    str_release(&text);
    return 0;
}

/* -- servers ------------------------------------------------------------------------------------------------------------------------------- */

#define PLAIN_HEAD "Connection: close\r\nX-Echo: Bearer " CANARY "\r\nSet-Cookie: key=" CANARY "\r\n"

static bool asks_for(const struct visit *v, const char *model)
{
    struct str field = {0};
    str_printf(&field, "\"model\":\"%s\"", model);
    bool found = span_find(str_span(&v->body), str_span(&field), 0) >= 0;
    str_release(&field);
    return found;
}

/* The key as text, whole and cut everywhere, escaped, as a thought, as the model's name and as the reason of the end. */
static void serve_echo(struct visit *v)
{
    static const char key[] = CANARY;
    struct str out = {0};
    str_add_text(&out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" PLAIN_HEAD "\r\ndata: {\"model\":\"" CANARY "\",\"choices\":[]}\n\n"
                       DELTA("echoed " CANARY " \\u0073k-Canary7f3a9c0b\\u002bZq81x5be0d2VV\\/k46wmTtJ08hLrQy="));
    for (size_t cut = 1; cut + 1 < sizeof key; cut++)
        str_printf(&out, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" %.*s\"}}]}\n\n"
                         "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n", (int)cut, key, key + cut);
    str_add_text(&out, "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"" CANARY "\"}}]}\n\n"
                       "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" CANARY "\"}]}\n\ndata: [DONE]\n\n");
    visit_send(v, str_span(&out));
    str_release(&out);
}

static void serve_refusal(struct visit *v, const char *type, const char *before, size_t blanks, const char *after)
{
    struct str out = {0};
    str_printf(&out, "HTTP/1.1 401 Unauthorized\r\nContent-Type: %s\r\nWWW-Authenticate: Bearer " CANARY "\r\n" PLAIN_HEAD "\r\n%s", type, before);
    while (blanks--)
        str_add_byte(&out, ' ');
    str_add_text(&out, after);
    visit_send(v, str_span(&out));
    str_release(&out);
}

static void serve_redirect(struct visit *v, const char *status)
{
    struct str out = {0};
    str_printf(&out, "HTTP/1.1 %s Go\r\nLocation: http://127.0.0.1:%d/%s/v1?key=%s\r\n" PLAIN_HEAD "\r\n", status, stranger.port, CANARY, CANARY);
    visit_send(v, str_span(&out));
    str_release(&out);
}

static void serve_stall(struct visit *v)
{
    visit_send_text(v, SSE_HEAD DELTA("before the crash " CANARY) DELTA(" waiting"));
    visit_wait_gone(v);
}

static void serve_by_model(struct visit *v)
{
    static const char *const redirects[] = {"301", "302", "303", "307", "308"};
    for (size_t i = 0; i < COUNT_OF(redirects); i++)
        if (asks_for(v, redirects[i]))
            serve_redirect(v, redirects[i]);
    if (!strncmp(str_text(&v->head), "GET ", 4))
        visit_send_text(v, "HTTP/1.1 200 OK\r\n" PLAIN_HEAD "\r\n{\"data\":[{\"id\":\"" CANARY "\"},{\"id\":\"poem\"}]}");
    else if (asks_for(v, "echo"))
        serve_echo(v);
    else if (asks_for(v, "error"))
        serve_refusal(v, "application/json", "{\"error\":{\"message\":\"Wrong key " CANARY "\",\"code\":\"", 0, CANARY "\",\"param\":\"" CANARY "\"}}");
    else if (asks_for(v, "page"))
        serve_refusal(v, "text/html", "<html><title>401 for " CANARY "</title>", 0, "<h1>" CANARY "</h1></html>");
    else if (asks_for(v, "masked"))
        serve_refusal(v, "application/json", "{\"error\":\"Incorrect key: sk-Canary7f3a9c0b+Z…0d2VV/k46wmTtJ08hLrQy=", 0, "\"}");
    else if (asks_for(v, "blanks"))
        serve_refusal(v, "text/plain", "Wrong key:", 4096 - 30, CANARY);
    else if (asks_for(v, "head"))
        serve_refusal(v, "text/plain", str_text(&v->head), 0, "");
    else if (asks_for(v, "late"))
        visit_send_text(v, SSE_HEAD DELTA("some") "data: {\"error\":{\"message\":\"" CANARY " is spent\"}}\n\n");
    else if (asks_for(v, "strange"))
        visit_send_text(v, "HTTP/1.1 200 OK\r\n" PLAIN_HEAD "\r\n" CANARY " is no answer");
    else if (asks_for(v, "stall"))
        serve_stall(v);
}

static void serve_tunnel(struct visit *v)
{
    visit_send_text(v, "HTTP/1.1 407 No\r\nConnection: close\r\nX-Echo: " CANARY "\r\n\r\n" CANARY);
}

/* A SOCKS5 proxy for one visitor, which is led to the origin, whatever it asks for. */
static void *serve_socks(void *arg)
{
    static const char yes[] = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)origin.port)};
    char bytes[4096];
    int in = accept(socks.fd, NULL, NULL), out = socket(AF_INET, SOCK_STREAM, 0);
    (void)arg;
    if (in < 0 || recv(in, bytes, sizeof bytes, 0) < 3 || send(in, yes, 2, MSG_NOSIGNAL) != 2)
        return NULL;
    ssize_t len = recv(in, socks.asked, sizeof socks.asked, 0);
    socks.asked_len = len > 0 ? (size_t)len : 0;
    if (connect(out, (struct sockaddr *)&at, sizeof at) || send(in, yes, sizeof yes, MSG_NOSIGNAL) != sizeof yes)
        return NULL;
    struct pollfd both[] = {{.fd = in, .events = POLLIN}, {.fd = out, .events = POLLIN}};
    for (bool open = true; open && poll(both, 2, 10000) > 0;)
        for (int i = 0; i < 2 && open; i++)
            if (both[i].revents) {
                ssize_t got = recv(both[i].fd, bytes, sizeof bytes, 0);
                open = got > 0 && send(both[!i].fd, bytes, (size_t)got, MSG_NOSIGNAL) == got;
            }
    close(in);
    close(out);
    return NULL;
}

/* -- the program --------------------------------------------------------------------------------------------------------------------------- */

static void furnish(void)
{
    struct str path = {0}, text = {0};
    struct err e = {.kind = ERR_NONE};
    str_printf(&path, "%s/key", source);
    assert_true(file_write(str_text(&path), SPAN(CANARY "\n"), &e));
    str_clear(&path);
    str_printf(&path, "%s/print", source);
    str_printf(&text, "env >>%s/children; tr '\\0' '\\n' </proc/$PPID/environ >>%s/children; cat %s/key\n", home, home, source);
    assert_true(file_write(str_text(&path), str_span(&text), &e));
    str_clear(&path);
    str_clear(&text);
    str_printf(&path, "%s/editor", home);
    str_printf(&text, "env >>%s/children; up=$(sed -n 's/^PPid:.//p' /proc/$PPID/status)\n"
                      "cat /proc/$PPID/environ /proc/$PPID/cmdline /proc/$up/environ /proc/$up/cmdline >>%s/children\n"
                      "echo edited >\"$1\"\n", home, home);
    assert_true(file_write(str_text(&path), str_span(&text), &e));
    str_clear(&path);
    str_clear(&text);
    str_printf(&path, "%s/renga", home);
    assert_true(folder_make(str_text(&path), &e));
    str_add_text(&path, "/config");
    str_printf(&text, "[server env]\nurl = http://127.0.0.1:%d\nkey_env = CANARY_KEY\n", origin.port);
    str_printf(&text, "[server file]\nurl = http://localhost:%d\nkey_file = %s/key\n", origin.port, source);
    str_printf(&text, "[server command]\nurl = http://127.0.0.1:%d/v1\nkey_command = sh %s/print\n", origin.port, source);
    str_printf(&text, "[server relay]\nurl = http://10.1.2.3\nproxy = http://127.0.0.1:%d\nkey_env = CANARY_KEY\nmodel = echo\n", proxy.port);
    str_printf(&text, "[server tunnel]\nurl = https://poem.example\nproxy = http://127.0.0.1:%d\nkey_env = CANARY_KEY\nmodel = echo\n", tunnel.port);
    str_printf(&text, "[server wideworld]\nurl = http://poem.example\nproxy = http://127.0.0.1:%d\nmodel = echo\n", proxy.port);
    str_printf(&text, "[server socks]\nurl = http://poem-pc\nproxy = socks5h://127.0.0.1:%d\nkey_env = CANARY_KEY\nmodel = echo\n", socks.port);
    str_add_text(&text, "[server spare]\nurl = https://poem.example\nkey_env = SPARE_KEY\n");
    assert_true(file_write(str_text(&path), str_span(&text), &e));
    str_release(&path);
    str_release(&text);
}

/* Every proxy that the environment can name is the stranger. */
static void open_program(struct terminal *t, const char *const *args)
{
    char *environment[24], *argv[16] = {renga};
    struct str text[24] = {0};
    static const char *const folders[] = {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"};
    static const char *const proxies[] = {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"};
    static const char *const others[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8", "TZ=UTC", "PATH=/usr/bin:/bin", "CANARY_KEY=" CANARY,
                                         "SPARE_KEY=" CANARY, "MISTRAL_API_KEY=" CANARY};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        str_printf(&text[count++], "%s=%s", folders[i], home);
    for (size_t i = 0; i < COUNT_OF(proxies); i++)
        str_printf(&text[count++], "%s=http://127.0.0.1:%d", proxies[i], stranger.port);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        str_add_text(&text[count++], others[i]);
    str_printf(&text[count++], "VISUAL=sh %s/editor", home);
    for (size_t i = 0; i < count; i++)
        environment[i] = text[i].s;
    environment[count] = NULL;
    for (size_t i = 0; args[i]; i++)
        argv[i + 1] = (char *)(uintptr_t)args[i];
    terminal_open(t, 120, 40, argv, environment);
    for (size_t i = 0; i < count; i++)
        str_release(&text[i]);
}

static void close_program(struct terminal *t, const char *what)
{
    look(what, str_span(&t->bytes));
    figures.runs++;
    terminal_close(t);
}

static void run(const char *const *args)
{
    struct terminal t;
    open_program(&t, args);
    assert_true(terminal_wait_end(&t) < 126);
    struct str what = {0};
    for (size_t i = 0; args[i]; i++)
        str_printf(&what, "%s ", args[i]);
    close_program(&t, str_text(&what));
    str_release(&what);
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

/* -- what is tried ------------------------------------------------------------------------------------------------------------------------- */

static void asks_every_server_in_every_way(void)
{
    static const char *const servers[] = {"env", "file", "command"};
    static const char *const models[] = {"echo", "error", "page", "masked", "blanks", "head", "late", "strange", "301", "302", "303", "307", "308"};
    for (size_t s = 0; s < COUNT_OF(servers); s++) {
        for (size_t m = 0; m < COUNT_OF(models); m++) {
            RUN("write", "-s", servers[s], "-m", models[m], "-p", PROMPT);
            if (s == 0)
                RUN("write", "-s", servers[s], "-m", models[m], "-p", PROMPT, "-j", "--no-stream");
        }
        RUN("models", "-s", servers[s]);
        RUN("ping", servers[s]);
    }
    RUN("write", "-s", "relay", "-p", PROMPT);
    RUN("write", "-s", "tunnel", "-p", PROMPT);
    RUN("write", "-s", "socks", "-p", PROMPT);
    pthread_join(socks.thread, NULL);
    close(socks.fd);
    struct span asked = {socks.asked, socks.asked_len};
    assert_true(span_find(asked, SPAN("poem-pc"), 0) > 0); /* the proxy looks the name up */
    look("what a SOCKS proxy is asked", asked);
}

static void looks_back_in_every_way(void)
{
    struct str file = {0}, into = {0};
    str_printf(&file, "%s/prompts.jsonl", home);
    assert_true(file_write(str_text(&file), SPAN("{\"prompt\":\"" PROMPT "\",\"model\":\"echo\"}\n{\"prompt\":\"x\",\"model\":\"error\"}\n"), NULL));
    RUN("batch", "-s", "env", str_text(&file));
    static const char *const formats[] = {"md", "txt", "html", "jsonl"};
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        str_clear(&into);
        str_printf(&into, "%s/export.%s", home, formats[i]);
        RUN("export", "--all", "-f", formats[i], "-o", str_text(&into));
        RUN("export", "--all", "-f", formats[i], "-o", "-");
    }
    RUN("history", "--json", "--limit", "1000");
    RUN("show", "--json", "1");
    RUN("show", "1");
    RUN("servers");
    RUN("servers", "--json");
    RUN("paths", "--json");
    RUN("write", "--url", "http://127.0.0.1:1", "--key-env", CANARY, "-p", "the key instead of its name");
    str_release(&file);
    str_release(&into);
}

static void writes_at_the_desk(void)
{
    struct terminal t;
    open_program(&t, (const char *const[]){"--server", "command", NULL});
    terminal_wait_text(&t, "Prompt");
    terminal_type(&t, "first " PROMPT);
    terminal_wait_text(&t, PROMPT);
    terminal_type(&t, KEY_CTRL('O')); /* an editor, before any key was needed */
    terminal_wait_text(&t, "edited");
    terminal_type(&t, ESC "OS"); /* F4: what would be sent */
    terminal_wait_text(&t, "What ^G would send");
    terminal_type(&t, KEY_CTRL('C'));
    terminal_type(&t, ESC);
    terminal_wait_no_text(&t, "What ^G would send");
    terminal_type(&t, ESC "OQ"); /* F2: the servers */
    terminal_wait_text(&t, "spare");
    terminal_type(&t, ESC);
    terminal_wait_no_text(&t, "spare");
    terminal_type(&t, ESC "o"); /* the mouse: it is kept in the config */
    terminal_type(&t, KEY_CTRL('Q'));
    assert_int_equal(terminal_wait_end(&t), 0);
    close_program(&t, "the desk");
}

static void streams_at_the_desk(int how_it_ends)
{
    struct terminal t;
    open_program(&t, (const char *const[]){"--server", "env", "--model", "stall", NULL});
    terminal_wait_text(&t, "Prompt");
    terminal_type(&t, KEY_CTRL('N'));
    terminal_type(&t, PROMPT "\x07");
    terminal_wait_text(&t, "waiting");
    assert_int_equal(kill(t.program, how_it_ends), 0);
    assert_true(terminal_wait_end(&t) >= 128);
    close_program(&t, "a desk that crashed");
}

/* Can a core file be written here at all? Then none by the program means something. */
static bool cores_are_possible(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        abort();
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WCOREDUMP(status);
}

static void requests_hold_the_key_once(void)
{
    size_t visits = (size_t)origin.visits, heads = count_of(str_span(&origin.heads), SPAN("Authorization: Bearer " CANARY "\r\n"));
    assert_true(visits > 50);
    assert_int_equal(heads, visits);
    assert_int_equal(count_of(str_span(&origin.heads), SPAN(CANARY)), visits);
    look("a body", str_span(&origin.last_body));
    assert_true(proxy.visits == 1 && count_of(str_span(&proxy.heads), SPAN(CANARY)) == 1);
    assert_true(tunnel.visits == 1 && span_starts(str_span(&tunnel.heads), "CONNECT poem.example:443"));
    look("what a tunnel is told", str_span(&tunnel.heads));
}

/* It asks at every server, through the proxies that are set up for them; the one on the open network wants the writer's word first. */
static void asks_a_doctor(void)
{
    RUN("doctor");
    look("what proxies were told", str_span(&stranger.heads));
    look("what a tunnel was told", str_span(&tunnel.heads));
    assert_int_equal(count_of(str_span(&proxy.heads), SPAN("poem.example")), 0);
}

static void the_key_is_nowhere_else(void **state)
{
    struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    (void)state;
    assert_int_equal(chdir(source), 0);
    bool cores = setrlimit(RLIMIT_CORE, &all) == 0 && cores_are_possible();
    assert_int_equal(chdir(home), 0);
    asks_every_server_in_every_way();
    looks_back_in_every_way();
    writes_at_the_desk();
    streams_at_the_desk(SIGSEGV);
    streams_at_the_desk(SIGABRT);
    streams_at_the_desk(SIGKILL);
    requests_hold_the_key_once();
    strayed = (size_t)stranger.visits;
    asks_a_doctor();
    assert_int_equal(nftw(home, look_into, 16, FTW_PHYS), 0);
    promise(11, "leaked", figures.leaked, "%zu runs with a key from a variable, a file and a command, straight and by 3 kinds of proxies; looked for in %zu files and %zu bytes: library, exports, "
            "screens, children, %s", figures.runs, figures.files, figures.bytes, cores ? "core files" : "core files (none can be made here)");
    assert_int_equal(figures.leaked, 0);
}

static void nothing_goes_to_strangers(void **state)
{
    (void)state;
    promise(17, "followed", strayed, "5 kinds of redirects by 3 ways to give a key, %d requests to this machine with 5 proxies in the environment", origin.visits);
    assert_int_equal(strayed, 0);
}

static void plain_http_is_asked_about_once(void **state)
{
    struct terminal t;
    int before = proxy.visits;
    size_t unasked = 0;
    (void)state;
    RUN("write", "-s", "wideworld", "-p", PROMPT);
    RUN("models", "-s", "wideworld");
    RUN("ping", "wideworld");
    RUN("write", "--url", "http://poem.example", "-p", PROMPT);
    open_program(&t, (const char *const[]){"--server", "spare", NULL});
    terminal_wait_text(&t, "Prompt");
    terminal_type(&t, ESC "OQ"); /* F2: only the desk can ask, and only about a server that it was not told of in the command */
    terminal_wait_text(&t, "add a server");
    terminal_type(&t, "wideworld\r");
    terminal_wait_no_text(&t, "add a server");
    terminal_type(&t, KEY_CTRL('N'));
    terminal_type(&t, PROMPT "\x07");
    terminal_wait_text(&t, "Plain http to poem.example");
    terminal_type(&t, "\r");
    terminal_wait_text(&t, "Nothing was sent.");
    unasked += (size_t)(proxy.visits - before);
    terminal_type(&t, KEY_CTRL('G'));
    terminal_wait_text(&t, "Plain http to poem.example");
    terminal_type(&t, "always\r");
    terminal_wait_text(&t, "echoed");
    assert_int_equal(proxy.visits, before + 1);
    terminal_type(&t, KEY_CTRL('N'));
    terminal_wait_no_text(&t, "echoed");
    terminal_type(&t, PROMPT "\x07");
    terminal_wait_text(&t, "echoed");
    assert_true(terminal_shows(&t, "poem.example http"));
    assert_int_equal(proxy.visits, before + 2);
    terminal_type(&t, KEY_CTRL('Q'));
    terminal_type(&t, KEY_CTRL('Q'));
    terminal_wait_end(&t);
    close_program(&t, "a desk that asked");
    promise(17, "unasked", unasked, "plain http over the open network asked for in 5 ways: refused, then allowed once and marked");
    assert_int_equal(unasked, 0);
}

/* -- before and after ---------------------------------------------------------------------------------------------------------------------- */

static bool listen_for_socks(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    socks.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = socks.fd >= 0 && !bind(socks.fd, (struct sockaddr *)&at, sizeof at) && !listen(socks.fd, 8) &&
              !getsockname(socks.fd, (struct sockaddr *)&at, &len);
    socks.port = ntohs(at.sin_port);
    return ok && !pthread_create(&socks.thread, NULL, serve_socks, NULL);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(home) || !mkdtemp(source))
        return -1;
    tiny_start(&origin, serve_by_model);
    tiny_start(&stranger, serve_by_model);
    tiny_start(&proxy, serve_by_model);
    tiny_start(&tunnel, serve_tunnel);
    if (!listen_for_socks())
        return -1;
    furnish();
    return 0;
}

static int tear_down(void **state)
{
    char command[256];
    (void)state;
    tiny_stop(&origin);
    tiny_stop(&stranger);
    tiny_stop(&proxy);
    tiny_stop(&tunnel);
    snprintf(command, sizeof command, "rm -rf '%s' '%s'", home, source);
    return chdir("/") || system(command);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_nowhere_else),
        cmocka_unit_test(nothing_goes_to_strangers),
        cmocka_unit_test(plain_http_is_asked_about_once),
    };
    if (argc < 2)
        return 2;
    renga = realpath(argv[1], NULL);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
