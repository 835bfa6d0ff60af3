/* Keys: from a command, the environment and a file, and taken out of every text. */
#include "net/secret.h"
#include "core/clock.h"
#include "net/net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* An argv of literals, which nobody writes to. */
#define WORDS(...) ((char **)(const char *[]){__VA_ARGS__, NULL})

static void expect_failure(const struct server *server, const char *words)
{
    struct secret secret = {0};
    struct err err = {0};
    assert_false(secret_fetch(server, &secret, &err));
    if (!strstr(err.text, words))
        fail_msg("“%s” is not in “%s”", words, err.text);
}

static void expect_key(const struct server *server, const char *key)
{
    struct secret secret = {0};
    struct err err = {0};
    if (!secret_fetch(server, &secret, &err))
        fail_msg("%s", err.text);
    assert_string_equal(secret.key.s, key);
}

static void needs_none(void **state)
{
    struct server server = {0};
    (void)state;
    assert_true(secret_is_at_hand(&server));
    expect_key(&server, "");
}

static void reads_the_environment_once(void **state)
{
    char name[] = "RENGA_TEST_ENV_KEY";
    struct server server = {.key_env = name};
    (void)state;
    unsetenv(name);
    expect_failure(&server, "RENGA_TEST_ENV_KEY");
    setenv(name, "sk-from-environment", 1);
    expect_key(&server, "sk-from-environment");
    assert_null(getenv(name));
    expect_key(&server, "sk-from-environment");
}

static void refuses_what_would_break_a_header(void **state)
{
    char name[] = "RENGA_TEST_BAD_KEY";
    struct server server = {.key_env = name};
    (void)state;
    setenv(name, "sk-one\tX-Other: header", 1);
    expect_failure(&server, "characters that no key holds");
    setenv(name, "  \n", 1);
    expect_failure(&server, "is empty");
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void reads_only_private_files(void **state)
{
    char folder[] = "/tmp/renga-secret-XXXXXX", path[64], link[64];
    struct server server = {.key_file = path};
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/key", folder);
    snprintf(link, sizeof link, "%s/link", folder);
    expect_failure(&server, "cannot be read");
    write_file(path, "sk-from-file\nsecond line\n", 0640);
    expect_failure(&server, "chmod 600");
    assert_int_equal(symlink(path, link), 0);
    server.key_file = link;
    expect_failure(&server, "cannot be read");
    server.key_file = folder;
    expect_failure(&server, "not an ordinary file");
    server.key_file = path;
    assert_int_equal(chmod(path, 0600), 0);
    expect_key(&server, "sk-from-file");
    unlink(link);
    unlink(path);
    rmdir(folder);
}

static void runs_a_command_without_a_shell(void **state)
{
    struct server server = {.key_command = WORDS("printf", "sk-from-command\\nmore\\n")};
    (void)state;
    assert_false(secret_is_at_hand(&server));
    expect_key(&server, "sk-from-command");
    assert_true(secret_is_at_hand(&server));
    server.key_command = WORDS("printf", "%s\\nmore", "sk-$HOME;from command");
    expect_failure(&server, "characters that no key holds"); /* the shell's signs came through untouched */
}

static void tells_how_a_command_fails(void **state)
{
    struct server server = {.key_command = WORDS("/nonexistent/program")};
    (void)state;
    expect_failure(&server, "cannot be run");
    server.key_command = WORDS("false");
    expect_failure(&server, "failed");
    secret_command_ms = 50;
    int64_t begun = clock_now_us();
    server.key_command = WORDS("sleep", "100");
    expect_failure(&server, "took longer");
    server.key_command = WORDS("sh", "-c", "exec >&-; exec sleep 100");
    expect_failure(&server, "took longer");
    assert_true(clock_now_us() - begun < 20000000);
    secret_command_ms = 30000;
}

static void takes_keys_out_of_texts(void **state)
{
    struct str text = {0};
    (void)state;
    secret_keep("test long", SPAN("sk-very-secret-and-longer"));
    secret_keep("test", SPAN("sk-very-secret"));
    secret_keep("test short", SPAN("ollama"));
    str_add_text(&text, "a sk-very-secret-and-longer b sk-very-secret c ollama sk-very-secre");
    secret_redact(&text);
    assert_string_equal(str_text(&text), "a [key] b [key] c ollama sk-very-secre");
    str_release(&text);
}

static void takes_pieces_out_of_the_words_of_servers(void **state)
{
    struct str text = {0};
    (void)state;
    secret_keep("test long", SPAN("sk-very-secret-and-longer"));
    str_add_text(&text, "wrong: sk-very-secr…t-and-longer, sk-very-sec, ery-secret-and-l");
    secret_redact_pieces(&text);
    assert_string_equal(str_text(&text), "wrong: [key]…[key], sk-very-sec, [key]");
    str_release(&text);
}

static void takes_keys_out_before_a_child_comes(void **state)
{
    char name[] = "RENGA_TEST_CHILD_KEY", odd[] = "RENGA_TEST_ODD_KEY";
    struct server server = {.key_env = name};
    (void)state;
    setenv(name, "sk-not-for-children", 1);
    const char *value = getenv(name);
    net_take_key(&server);
    assert_null(getenv(name));
    assert_int_equal(*value, 0); /* nor does /proc show it */
    expect_key(&server, "sk-not-for-children");
    server.key_env = odd;
    net_take_key(&server);
    setenv(odd, "no key\tat all", 1);
    net_take_key(&server);
    expect_failure(&server, "characters that no key holds");
}

static void takes_keys_out_of_streams(void **state)
{
    static const char text[] =
        "s sk sk-very sk-very-secret! sk-vsk-very-secretsk-very-secret-and-longer, ssk-very-secre";
    (void)state;
    for (size_t cut = 0; cut < sizeof text; cut++)
        for (size_t second = cut; second < sizeof text; second++) {
            struct secret_filter f = {0};
            struct str out = {0};
            secret_filter_add(&f, &out, span_cut(span_of(text), 0, cut), false);
            secret_filter_add(&f, &out, span_cut(span_of(text), cut, second), false);
            secret_filter_add(&f, &out, span_cut(span_of(text), second, sizeof text), true);
            assert_null(strstr(str_text(&out), "sk-very-secret"));
            assert_null(strstr(str_text(&out), "very-secret-and"));
            assert_non_null(strstr(str_text(&out), "[key]!"));
            assert_non_null(strstr(str_text(&out), ", ssk-very-secre"));
            str_release(&out);
            secret_filter_release(&f);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needs_none),
        cmocka_unit_test(reads_the_environment_once),
        cmocka_unit_test(refuses_what_would_break_a_header),
        cmocka_unit_test(reads_only_private_files),
        cmocka_unit_test(runs_a_command_without_a_shell),
        cmocka_unit_test(tells_how_a_command_fails),
        cmocka_unit_test(takes_keys_out_of_texts),
        cmocka_unit_test(takes_pieces_out_of_the_words_of_servers),
        cmocka_unit_test(takes_keys_out_before_a_child_comes),
        cmocka_unit_test(takes_keys_out_of_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
