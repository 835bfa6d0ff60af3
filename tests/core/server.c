#include "core/server.h"
#include "core/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void good_addresses_are_split(void **state)
{
    (void)state;
    static const struct {
        const char *url, *host;
        int port;
        bool https, loopback;
        const char *label;
    } good[] = {
        {"http://127.0.0.1:11434", "127.0.0.1", 11434, false, true, "127.0.0.1:11434"},
        {"http://localhost/v1", "localhost", 80, false, true, "localhost"},
        {"https://api.openai.com/v1", "api.openai.com", 443, true, false, "api.openai.com"},
        {"https://api.openai.com:443/v1", "api.openai.com", 443, true, false, "api.openai.com"},
        {"http://desk-pc:8080/v1/chat/completions", "desk-pc", 8080, false, false, "desk-pc:8080"},
        {"http://host:80", "host", 80, false, false, "host"},
        {"https://host:80", "host", 80, true, false, "host:80"},
        {"http://[::1]:8080/", "::1", 8080, false, true, NULL},
        {"https://[2001:db8::1]/v1", "2001:db8::1", 443, true, false, NULL},
        {"https://host?api-version=1:2", "host", 443, true, false, "host"},
        {"https://host#frag@ment", "host", 443, true, false, "host"},
        {"https://host/path@with:signs", "host", 443, true, false, "host"},
        {"http://host:/v1", "host", 80, false, false, "host"},
        {"http://host:65535", "host", 65535, false, false, "host:65535"},
        {"http://127.5.4.3", "127.5.4.3", 80, false, true, "127.5.4.3"},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct url_parts parts = {.port = -1};
        struct err e = {.kind = ERR_NONE};
        struct str label = {.max = 0};
        assert_true(url_split(good[i].url, &parts, &e));
        assert_true(span_is(parts.host, good[i].host));
        assert_int_equal(parts.port, good[i].port);
        assert_int_equal(parts.https, good[i].https);
        assert_int_equal(parts.loopback, good[i].loopback);
        url_label(good[i].url, &label);
        if (good[i].label)
            assert_string_equal(str_text(&label), good[i].label);
        str_release(&label);
    }
}

static void bad_addresses_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "x", "host:8080", "ftp://host", "file:///etc/passwd", "HTTP//host", "http:/host", "http://", "https:///v1",
        "http://user:key@host", "http://key@host/", "http://:8080", "http://[::1", "http://[]:80", "http://host:0",
        "http://host:65536", "http://host:80x", "http://host:-1", "http://host:99999999999999999999", "http://ho st",
        "http://host\n", "http://host\r\nX-Evil: 1", "http://host\x7f", "http://host/\x1b[31m", " http://host",
        "http://[::1]x", "http://a:b:c",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct url_parts parts = {.port = -1};
        struct err e = {.kind = ERR_NONE};
        if (url_split(bad[i], &parts, &e))
            fail_msg("taken for an address: %s", bad[i]);
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_true(e.text[0] != '\0' && parts.port == -1);
    }
}

/* Loopback decides what may go out unencrypted: what only looks like it is not. */
static void strangers_are_not_loopback(void **state)
{
    (void)state;
    static const char *const strangers[] = {
        "http://127.evil.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://1270.0.0.1",
        "http://evil.example/127.0.0.1", "http://[::2]", "http://127.0.0.1x", "http://10.0.0.1",
    };
    for (size_t i = 0; i < COUNT_OF(strangers); i++) {
        struct url_parts parts = {.loopback = true};
        if (url_split(strangers[i], &parts, NULL) && parts.loopback)
            fail_msg("taken for this machine: %s", strangers[i]);
    }
}

static void a_label_of_nonsense_is_itself(void **state)
{
    (void)state;
    struct str label = {.max = 0};
    url_label("no address", &label);
    assert_string_equal(str_text(&label), "no address");
    str_release(&label);
}

static void a_copy_shares_nothing(void **state)
{
    (void)state;
    struct server a, b;
    char *command[] = {(char[]){"pass"}, (char[]){"show key"}, NULL};
    server_init(&a);
    server_init(&b);
    assert_true(a.dialect == DIALECT_OPENAI_CHAT && a.connect_ms > 0 && a.first_ms > 0 && a.idle_ms > 0 && !a.found);
    assert_true(!*a.name && !*a.url && !*a.model && !*a.system && !a.key_command && !a.key_env && !a.key_file && !a.ca_file);
    server_set_text(&a.name, SPAN("desk"));
    server_set_text(&a.key_env, SPAN("KEY"));
    server_set_text(&b.name, SPAN("was here"));
    a.key_command = mem_new(3, sizeof *a.key_command);
    for (int i = 0; i < 2; i++)
        a.key_command[i] = mem_copy_text(command[i]);
    server_copy(&b, &a);
    server_release(&a);
    server_release(&a);
    assert_string_equal(b.name, "desk");
    assert_string_equal(b.key_env, "KEY");
    assert_string_equal(b.key_command[1], "show key");
    assert_null(b.key_command[2]);
    server_copy(&b, &a); /* of an empty one: empty strings, not NULL */
    assert_true(b.name && !*b.name && b.url && b.model && b.system && !b.key_command);
    server_release(&b);
}

static void only_strangers_are_exposed(void **state)
{
    (void)state;
    static const char *const near[] = {"http://127.0.0.1:8080", "http://localhost", "http://[::1]", "http://10.1.2.3", "http://172.16.0.1",
                                       "http://172.31.9.9",     "http://192.168.1.5:8080", "http://169.254.1.1", "http://[fe80::1%25eth0]",
                                       "http://[fd00::1]",      "http://desk-pc:8080", "http://desk.local", "http://DESK.LOCAL",
                                       "https://example.com",   "https://8.8.8.8"};
    static const char *const far[] = {"http://example.com", "http://8.8.8.8", "http://172.32.0.1", "http://172.15.0.1", "http://192.169.0.1",
                                      "http://11.0.0.1",    "http://[2001:db8::1]", "http://.local", "http://local.example",
                                      "http://127.0.0.1.example.com", "http://10.0.0.1.nip.io"};
    struct server s;
    server_init(&s);
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        server_set_text(&s.url, span_of(near[i]));
        assert_false(server_is_exposed(&s));
    }
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        server_set_text(&s.url, span_of(far[i]));
        assert_true(server_is_exposed(&s));
    }
    s.insecure = true;
    assert_false(server_is_exposed(&s));
    server_release(&s);
}

static void a_key_is_no_name(void **state)
{
    static const char *const bad[] = {"", "sk-one-two", "9LIVES", "A B", "KEY=x", "钥"};
    struct server s;
    struct err e = {0};
    (void)state;
    server_init(&s);
    server_set_text(&s.key_file, SPAN("kept"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(server_set_key_env(&s, span_of(bad[i]), &e));
        assert_true(!*bad[i] || !strstr(e.text, bad[i]));
        assert_string_equal(s.key_file, "kept");
    }
    assert_true(server_set_key_env(&s, SPAN("MY_KEY_2"), &e));
    assert_string_equal(s.key_env, "MY_KEY_2");
    assert_null(s.key_file);
    server_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_addresses_are_split),
        cmocka_unit_test(bad_addresses_are_refused),
        cmocka_unit_test(strangers_are_not_loopback),
        cmocka_unit_test(a_label_of_nonsense_is_itself),
        cmocka_unit_test(a_copy_shares_nothing),
        cmocka_unit_test(only_strangers_are_exposed),
        cmocka_unit_test(a_key_is_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
