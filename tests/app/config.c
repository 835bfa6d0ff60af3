/* The config: what is read, what a fault says, what the environment adds, and that saving keeps every other line. */
#include "app/config/config.h"
#include "core/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static char path[96];

static void write_config(const char *text)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void expect_config(const char *text)
{
    struct str got = {0};
    assert_true(file_read(path, &got, 1 << 20, NULL));
    assert_string_equal(str_text(&got), text);
    str_release(&got);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s", "renga-config-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/config", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    rmdir(folder);
    return 0;
}

static void a_missing_file_is_fine(void **state)
{
    (void)state;
    struct config c;
    struct err e = {0};
    config_init(&c);
    assert_true(config_load(&c, path, &e));
    assert_string_equal(c.theme, "terminal");
    assert_ptr_equal(config_server(&c, NULL), &c.servers[0]); /* the muse is always there */
    assert_true(server_is_muse(&c.servers[0]));
    assert_int_equal(c.dials.value[DIAL_MAX_TOKENS], 256);
    config_release(&c);
    config_release(&c);
}

static void everything_is_read(void **state)
{
    (void)state;
    struct config c;
    struct err e = {0};
    write_config("theme = ink\nserver = far # the good one\nlanguage = zh\nambiguous = 2\nmouse = no\ncontext = no\n"
                 "[server desk]\nurl = http://desk-pc:8080\ndialect = openai-completions\nmodel = qwen3\n"
                 "key_command = pass show \"my desk\" it\\'s\nidle_timeout = 5\nparallel = 16\n"
                 "[server far]\nurl = https://example.org/v1\nsystem = \"a\\nb\"\nkey_env = FAR_KEY\n"
                 "[dials]\ntemperature = 0.8\ntop-p = 0.5\nmax_tokens = off\n"
                 "[preset mine]\nhelp = how I like it\ndials = temperature=0.9 top_p=0.95\n");
    config_init(&c);
    assert_true(config_load(&c, path, &e));
    assert_string_equal(c.theme, "ink");
    assert_string_equal(c.language, "zh");
    assert_int_equal(c.ambiguous, 2);
    assert_false(c.mouse);
    assert_false(c.context);
    assert_int_equal(c.server_count, 3);
    assert_string_equal(config_server(&c, NULL)->name, "far");
    assert_string_equal(config_server(&c, NULL)->system, "a\nb");
    const struct server *desk = config_server(&c, "desk");
    assert_int_equal(desk->dialect, DIALECT_OPENAI_COMPLETIONS);
    assert_int_equal(desk->idle_ms, 5000);
    assert_int_equal(server_parallel(desk), 16);
    assert_string_equal(desk->key_command[2], "my desk");
    assert_string_equal(desk->key_command[3], "it's");
    assert_null(desk->key_command[4]);
    assert_true(c.dials.on[DIAL_TOP_P]);
    assert_false(c.dials.on[DIAL_MAX_TOKENS]);
    assert_string_equal(c.presets[0].settings, "temperature=0.9 top_p=0.95");
    config_release(&c);
}

static void write_grammar(const char *name, struct span text)
{
    char place[128];
    snprintf(place, sizeof place, "%s/%s", folder, name);
    FILE *f = fopen(place, "we");
    assert_non_null(f);
    fwrite(text.s, 1, text.len, f);
    fclose(f);
}

static void remove_grammars(void)
{
    static const char *const names[] = {"verse.gbnf", "long.gbnf", "empty.gbnf", "bytes.gbnf"};
    char place[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(place, sizeof place, "%s/%s", folder, names[i]);
        unlink(place);
    }
}

static void a_form_and_a_grammar_are_read(void **state)
{
    (void)state;
    struct config c;
    struct err e = {0};
    write_grammar("verse.gbnf", SPAN("root ::= \"春\"\n"));
    setenv("HOME", folder, 1);
    write_config("[server a]\nurl = http://a\ngrammar = ~/verse.gbnf\ninstruct = auto\ndialect = llamacpp\nprefill = yes\n"
                 "[server b]\nurl = http://b\ndialect = koboldcpp\ninstruct = alpaca\n");
    config_init(&c);
    if (!config_load(&c, path, &e))
        fail_msg("%s", e.text);
    const struct server *a = config_server(&c, "a"), *b = config_server(&c, "b");
    assert_string_equal(a->grammar, "root ::= \"春\"\n");
    assert_true(server_form_is_auto(a));
    assert_null(server_form(a)); /* the server has told none yet */
    assert_null(b->grammar);
    assert_false(server_form_is_auto(b));
    assert_non_null(server_form(b));
    assert_true(config_save_server(path, a, &e));
    config_release(&c);
    config_init(&c);
    assert_true(config_load(&c, path, &e));
    assert_string_equal(config_server(&c, "a")->grammar, "root ::= \"春\"\n");
    assert_string_equal(config_server(&c, "a")->instruct, "auto");
    assert_string_equal(config_server(&c, "a")->prefill, "yes");
    config_release(&c);
    remove_grammars();
}

static void grammars_that_cannot_be_used_are_told(void **state)
{
    (void)state;
    static char text[(64 << 10) + 1];
    static const struct {
        const char *lines, *place, *says;
    } rows[] = {
        {"dialect = llamacpp\ngrammar = ~/none.gbnf\n", ":5:", "cannot be read"},
        {"dialect = llamacpp\ngrammar = ~/long.gbnf\n", ":5:", "larger than 64 kB"},
        {"dialect = llamacpp\ngrammar = ~/empty.gbnf\n", ":5:", "is empty"},
        {"dialect = llamacpp\ngrammar = ~/bytes.gbnf\n", ":5:", "not UTF-8"},
        {"dialect = llamacpp\ngrammar = ~\n", ":5:", "cannot be read"},
        {"grammar = ~/verse.gbnf\n", "config:", "speaks openai-chat, which takes no grammar"},
        {"grammar = ~/verse.gbnf\ndialect = ollama\n", "config:", "speaks ollama, which takes no grammar"},
        {"prefill = maybe\n", ":4:", "yes, prefix, partial, continue_final_message and no"},
        {"instruct = vicuna\n", ":4:", "chatml, llama3, mistral, gemma, alpaca, plain, and auto"},
    };
    memset(text, 'x', sizeof text);
    setenv("HOME", folder, 1);
    write_grammar("verse.gbnf", SPAN("root ::= \"春\"\n"));
    write_grammar("long.gbnf", (struct span){text, sizeof text});
    write_grammar("empty.gbnf", SPAN(" \n"));
    write_grammar("bytes.gbnf", SPAN("root ::= \"\xff\""));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config c;
        struct err e = {0};
        struct str all = {0};
        str_printf(&all, "theme = ink\n[server a]\nurl = http://a\n%s", rows[i].lines);
        write_config(str_text(&all));
        config_init(&c);
        assert_false(config_load(&c, path, &e));
        assert_int_equal(e.kind, ERR_CONFIG);
        if (!strstr(e.text, rows[i].place) || !strstr(e.text, rows[i].says))
            fail_msg("%s", e.text);
        assert_null(config_server(&c, "a")->grammar); /* the server is there all the same */
        assert_null(config_server(&c, "a")->grammar_file);
        config_release(&c);
        str_release(&all);
    }
    write_grammar("long.gbnf", (struct span){text, sizeof text - 1});
    struct server s = {0};
    server_init(&s);
    assert_true(config_read_grammar(&s, SPAN("~/long.gbnf"), NULL)); /* just as long as may be */
    assert_int_equal(strlen(s.grammar), sizeof text - 1);
    assert_true(config_read_grammar(&s, SPAN(""), NULL));
    assert_null(s.grammar);
    server_release(&s);
    remove_grammars();
}

static void faults_name_their_line_and_good_lines_count(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line, *says;
    } cases[] = {
        {"theme = ink\ncolour = red\nmouse = no\n", ":2:", "colour"},
        {"mouse = no\nambiguous = 3\ntheme = ink\n", ":2:", "1 or 2"},
        {"theme = ink\nmouse = no\ncontext = perhaps\n", ":3:", "yes or no"},
        {"theme = ink\nmouse = no\n[server a]\nurl = ftp://x\n[server b]\nurl = http://b\n", ":4:", "http"},
        {"theme = ink\nmouse = no\n[server a]\nurl = http://a\nkey = sk-secret\n", ":5:", "key_env"},
        {"theme = ink\nmouse = no\n[server a]\nurl = http://a\nkey_env = A\nkey_file = b\n", ":6:", "already"},
        {"theme = ink\nmouse = no\n[server a]\nurl = http://a\nkey_command = pass 'x\n", ":5:", "quotes"},
        {"theme = ink\nmouse = no\n[server a]\nurl = http://a\nidle_timeout = 0\n", ":5:", "seconds"},
        {"theme = ink\nmouse = no\n[server a]\nurl = http://a\nparallel = 0\n", ":5:", "at once"},
        {"theme = ink\nmouse = no\n[server muse]\nparallel = many\n", ":4:", "at once"},
        {"theme = ink\nmouse = no\n[dials]\ntemperature = 9\n", ":4:", "temperature"},
        {"theme = ink\nmouse = no\n[preset p]\ndials = heat=1\n", ":4:", "heat"},
        {"theme = ink\nmouse = no\n[elsewhere]\na = b\n", ":4:", "elsewhere"},
        {"theme = ink\nmouse = no\nnonsense\n", ":3:", "name = value"},
        {"theme = ink\nmouse = no\n[server a]\nmodel = x\n", "config:", "no url"},
        {"theme = ink\nmouse = no\n[server a]\nurl = http://a\ndialect = muse\n", ":5:", "dialect"},
        {"theme = ink\nmouse = no\n[server muse]\nurl = http://a\n", ":4:", "built in"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct config c;
        struct err e = {0};
        write_config(cases[i].text);
        config_init(&c);
        assert_false(config_load(&c, path, &e));
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_non_null(strstr(e.text, cases[i].line));
        assert_non_null(strstr(e.text, cases[i].says));
        assert_null(strstr(e.text, "sk-secret"));
        assert_string_equal(c.theme, "ink");
        assert_false(c.mouse);
        for (int s = 0; s < c.server_count; s++)
            assert_true(*c.servers[s].url);
        config_release(&c);
    }
}

static void the_muse_is_the_last_choice(void **state)
{
    (void)state;
    struct config c;
    struct err e = {0};
    struct server s = {0};
    write_config("[server muse]\nmodel = Han Shan\n[server desk]\nurl = http://desk-pc:8080\n");
    config_init(&c);
    assert_true(config_load(&c, path, &e));
    assert_string_equal(config_server(&c, NULL)->name, "desk");
    assert_string_equal(config_server(&c, "muse")->model, "Han Shan");
    config_release(&c);
    write_config("server = muse\n[server desk]\nurl = http://desk-pc:8080\n");
    config_init(&c);
    assert_true(config_load(&c, path, &e));
    assert_string_equal(config_server(&c, NULL)->name, "muse");
    config_release(&c);
    server_init(&s);
    server_set_text(&s.name, SPAN("muse"));
    server_set_text(&s.url, SPAN("http://desk-pc:8080"));
    assert_false(config_save_server(path, &s, &e)); /* its name is taken */
    assert_int_equal(e.kind, ERR_CONFIG);
    server_release(&s);
}

static void the_environment_adds_servers(void **state)
{
    (void)state;
    struct config c;
    config_init(&c);
    write_config("[server deepseek]\nurl = http://my-proxy:1\n");
    assert_true(config_load(&c, path, NULL));
    setenv("OPENAI_BASE_URL", "localhost:8080/v1", 1);
    setenv("DEEPSEEK_API_KEY", "canary", 1);
    setenv("ZHIPU_API_KEY", "canary", 1);
    setenv("GROQ_API_KEY", "", 1);
    config_add_environment(&c);
    assert_string_equal(config_server(&c, "openai")->url, "http://localhost:8080/v1");
    assert_null(config_server(&c, "openai")->key_env);
    assert_true(config_server(&c, "openai")->found);
    assert_string_equal(config_server(&c, "deepseek")->url, "http://my-proxy:1");
    assert_string_equal(config_server(&c, "zhipu")->key_env, "ZHIPU_API_KEY");
    assert_null(config_server(&c, "groq"));
    assert_string_equal(config_server(&c, NULL)->name, "deepseek");
    config_release(&c);
    unsetenv("OPENAI_BASE_URL");
    unsetenv("DEEPSEEK_API_KEY");
    unsetenv("ZHIPU_API_KEY");
}

static void saving_keeps_every_other_line(void **state)
{
    (void)state;
    write_config("# my desk\ntheme   =   ink   # dark\n\n[server desk] # mine\n# the old one\nurl = http://a\nodd = line\n\n\n"
                 "[dials]\ntop_p = 0.9");
    assert_true(config_save_setting(path, "theme", "paper", NULL));
    assert_true(config_save_setting(path, "language", "zh", NULL));
    assert_true(config_save_setting(path, "mouse", NULL, NULL));
    struct server s = {0};
    server_init(&s);
    server_set_text(&s.name, SPAN("desk"));
    server_set_text(&s.url, SPAN("http://b"));
    assert_true(config_save_server(path, &s, NULL));
    assert_true(config_save_preset(path, &(struct own_preset){(char *)"mine", (char *)"a # b", (char *)"top_p=0.50"}, NULL));
    expect_config("# my desk\ntheme   =   paper   # dark\nlanguage = zh\n\n[server desk] # mine\n# the old one\nurl = http://b\n"
                  "odd = line\ndialect = openai-chat\n\n\n[dials]\ntop_p = 0.9\n\n[preset mine]\nhelp = \"a # b\"\n"
                  "dials = top_p=0.50\n");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    server_release(&s);
}

static void comments_and_hashes_are_told_apart(void **state)
{
    (void)state;
    write_config("theme = a #b # c\nserver =# none\n");
    assert_true(config_save_setting(path, "theme", "ink", NULL));
    assert_true(config_save_setting(path, "server", "desk", NULL));
    expect_config("theme = ink # c\nserver =desk # none\n");
}

static void a_saved_server_is_read_back_the_same(void **state)
{
    (void)state;
    struct config c;
    struct server s = {0};
    char *command[] = {(char *)"my pass", (char *)"it's \"so\" \\n", (char *)"", NULL};
    server_init(&s);
    server_set_text(&s.name, SPAN("远方 one"));
    server_set_text(&s.url, SPAN("https://example.org:8443/v1"));
    server_set_text(&s.system, SPAN("  You are\n\ta poet # 1\n"));
    s.dialect = DIALECT_OPENAI_COMPLETIONS;
    s.first_ms = 300000;
    s.key_command = command;
    assert_true(config_save_server(path, &s, NULL));
    s.key_command = NULL;
    config_init(&c);
    assert_true(config_load(&c, path, NULL));
    const struct server *read = config_server(&c, "远方 one");
    assert_non_null(read);
    assert_string_equal(read->url, s.url);
    assert_string_equal(read->system, s.system);
    assert_int_equal(read->dialect, s.dialect);
    assert_int_equal(read->first_ms, 300000);
    for (int i = 0; i < 4; i++)
        assert_int_equal(!read->key_command[i], !command[i]);
    for (int i = 0; i < 3; i++)
        assert_string_equal(read->key_command[i], command[i]);
    config_release(&c);
    server_release(&s);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    char real[128];
    snprintf(real, sizeof real, "%s/behind", folder);
    FILE *f = fopen(real, "we");
    assert_non_null(f);
    fputs("theme = ink\n", f);
    fclose(f);
    assert_int_equal(symlink("behind", path), 0);
    assert_true(config_save_setting(path, "theme", "mono", NULL));
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    expect_config("theme = mono\n");
    unlink(real);
}

static void what_cannot_be_read_back_is_not_saved(void **state)
{
    (void)state;
    struct err e = {0};
    static char long_value[5000];
    memset(long_value, 'a', sizeof long_value - 1);
    write_config("theme = ink\n");
    assert_false(config_save_setting(path, "theme", "in\x1bk", &e));
    assert_int_equal(e.kind, ERR_CONFIG);
    assert_false(config_save_setting(path, "theme", long_value, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_false(config_save_preset(path, &(struct own_preset){(char *)"a]b", (char *)"", (char *)""}, &e));
    assert_int_equal(e.kind, ERR_CONFIG);
    expect_config("theme = ink\n");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_missing_file_is_fine),
        CASE(everything_is_read),
        CASE(faults_name_their_line_and_good_lines_count),
        CASE(a_form_and_a_grammar_are_read),
        CASE(grammars_that_cannot_be_used_are_told),
        CASE(the_muse_is_the_last_choice),
        CASE(the_environment_adds_servers),
        CASE(saving_keeps_every_other_line),
        CASE(comments_and_hashes_are_told_apart),
        CASE(a_saved_server_is_read_back_the_same),
        CASE(a_link_stays_a_link),
        CASE(what_cannot_be_read_back_is_not_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
