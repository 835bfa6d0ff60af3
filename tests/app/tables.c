/* The tables prove themselves: every command has a name of its own and help, every key is a key and names a command, footer and help too. */
#include "app/footer.h"
#include "app/help.h"
#include "app/commands/keymap.h"
#include "core/i18n.h"
#include "tests/promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void every_command_has_a_name_and_help(void **state)
{
    int count = 0;
    (void)state;
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++, count++) {
            assert_non_null(c->run);
            assert_true(c->help && strlen(c->help) > 3);
            assert_ptr_equal(command_find(span_of(c->name)), c); /* no two of one name */
            for (const char *ch = c->name; *ch; ch++)
                assert_true(*ch == '-' || (*ch >= 'a' && *ch <= 'z') || (*ch >= '0' && *ch <= '9'));
        }
    assert_true(count > 100);
}

static void every_key_is_a_key_and_runs_a_command(void **state)
{
    (void)state;
    for (int i = 0; i < default_key_count; i++) {
        struct key key = {0}, other = {0};
        struct str name = {0};
        assert_true(key_parse(span_of(default_keys[i].key), &key));
        assert_non_null(command_find(span_of(default_keys[i].command)));
        key_format(key, &name);
        assert_true(key_parse(str_span(&name), &other) && key_equal(key, other));
        for (int j = 0; j < i; j++)
            if (default_keys[j].map == default_keys[i].map && key_parse(span_of(default_keys[j].key), &other))
                assert_false(key_equal(key, other));
        str_release(&name);
    }
}

static void every_command_of_the_desk_can_be_reached(void **state)
{
    struct keymap k;
    (void)state;
    keymap_init(&k);
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++) {
            struct str key = {0};
            bool small = !strncmp(c->name, "select-", 7) || !strcmp(c->name, "take-row-here");
            assert_true(!c->hidden || keymap_key_of(&k, MAP_GLOBAL, c, &key) || small); /* a key, or the palette */
            str_release(&key);
        }
    keymap_release(&k);
}

/* Keys that a vt220 and the Linux console send by themselves: no Alt, no Shift or Ctrl with a key that has no letter. */
static bool is_sent_everywhere(const char *key)
{
    static const char *const never[] = {"M-", "S-", "^S-", "^Left", "^Right", "^Up", "^Down", "^Home", "^End", "^Delete"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (!strncmp(key, never[i], strlen(never[i])))
            return false;
    return true;
}

static bool has_plain_key(const struct command *c)
{
    for (int i = 0; i < default_key_count; i++)
        if (!strcmp(default_keys[i].command, c->name) && is_sent_everywhere(default_keys[i].key))
            return true;
    return false;
}

/* Promise 15: in the palette, by a key that every terminal sends, or by other commands that have one (a word by characters, a selection with the
 * mark, a take by the rows beside it, the field before by the row above). */
static void nothing_needs_a_modifier(void **state)
{
    static const char *const by_others[] = {"select-", "word-", "paragraph-", "text-", "take-", "delete-word-right", "odds-take-",
                                            "tree-sibling-", "form-previous"};
    size_t tried = 0, lost = 0;
    (void)state;
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++, tried++) {
            bool reached = !c->hidden || has_plain_key(c);
            for (size_t i = 0; !reached && i < sizeof by_others / sizeof *by_others; i++)
                reached = !strncmp(c->name, by_others[i], strlen(by_others[i]));
            if (!reached)
                print_error("only with a modifier: %s\n", c->name);
            lost += !reached;
        }
    promise(15, "lost", lost, "%zu commands looked up among keys without modifiers and in the palette", tried);
    assert_int_equal(lost, 0);
}

static const char *write_keys(const char *text)
{
    static char path[] = "renga-keys-test";
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static void a_keymap_file_lies_on_top(void **state)
{
    struct keymap k;
    struct err e = {0};
    struct key key = {0};
    (void)state;
    keymap_init(&k);
    assert_true(keymap_load(&k, "no-such-file", &e));
    const char *path = write_keys("^G = library\n[page]\nF9 = find\n[text]\n^F = none\n");
    assert_true(keymap_load(&k, path, &e));
    key_parse(SPAN("^G"), &key);
    assert_string_equal(keymap_lookup(&k, MAP_GLOBAL, key)->name, "library");
    key_parse(SPAN("F9"), &key);
    assert_string_equal(keymap_lookup(&k, MAP_PAGE, key)->name, "find");
    key_parse(SPAN("^F"), &key);
    assert_null(keymap_lookup(&k, MAP_TEXT, key));
    unlink(path);
    keymap_release(&k);
}

static void a_fault_in_the_keymap_is_told_by_line(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"^G = nonsense\nF9 = find\n", "renga-keys-test:1: There is no command"},
        {"F9 = find\n\nHyper-Q = quit\n", "renga-keys-test:3: “Hyper-Q” is not a key"},
        {"[nowhere]\n^G = find\nF9 = find\n", "renga-keys-test:2: There is no part of the desk"},
        {"F9 = find\nnonsense\n", "renga-keys-test:2: A line is"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct keymap k;
        struct err e = {0};
        struct key key = {0};
        keymap_init(&k);
        assert_false(keymap_load(&k, write_keys(cases[i].text), &e));
        assert_int_equal(strncmp(e.text, cases[i].said, strlen(cases[i].said)), 0);
        key_parse(SPAN("^Q"), &key);
        assert_string_equal(keymap_lookup(&k, MAP_GLOBAL, key)->name, "quit"); /* all else stands */
        keymap_release(&k);
    }
    unlink("renga-keys-test");
}

static void footers_and_help_are_full(void **state)
{
    struct app *app = calloc(1, sizeof *app);
    struct str text = {0};
    (void)state;
    keymap_init(&app->keymap);
    paths_init(&app->paths);
    config_init(&app->config);
    for (int place = 0; place < FOOTER_COUNT; place++) {
        const struct footer_key *keys = NULL;
        int count = footer_fill(app, (enum footer_place)place, &keys);
        int least = place < FOOTER_LIST ? 7 : place == FOOTER_LIST ? 2 : 3; /* a place of the desk, a list with nothing in it, the rest */
        if (count < least)
            fail_msg("place %d has %d keys", place, count);
        for (int i = 0; i < count; i++)
            assert_true(*keys[i].key && *keys[i].label && keys[i].command);
    }
    help_text(app, &text);
    for (int i = 0; i < default_key_count; i++)
        assert_true(span_find(str_span(&text), span_of(_(command_find(span_of(default_keys[i].command))->help)), 0) >= 0);
    for (int i = 0; i < DIAL_COUNT; i++)
        assert_true(span_find(str_span(&text), span_of(_(dial_table[i].help)), 0) >= 0);
    str_release(&text);
    paths_release(&app->paths);
    config_release(&app->config);
    keymap_release(&app->keymap);
    free(app);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_a_name_and_help),
        cmocka_unit_test(every_key_is_a_key_and_runs_a_command),
        cmocka_unit_test(every_command_of_the_desk_can_be_reached),
        cmocka_unit_test(nothing_needs_a_modifier),
        cmocka_unit_test(a_keymap_file_lies_on_top),
        cmocka_unit_test(a_fault_in_the_keymap_is_told_by_line),
        cmocka_unit_test(footers_and_help_are_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
