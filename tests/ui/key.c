#include "ui/key.h"
#include "core/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *name;
    struct key key;
} written[] = {
    {"^G", {'g', MOD_CTRL}},
    {"M-Left", {KEYCODE_LEFT, MOD_ALT}},
    {"S-PgDn", {KEYCODE_PAGE_DOWN, MOD_SHIFT}},
    {"F1", {KEYCODE_F1, 0}},
    {"F24", {KEYCODE_F24, 0}},
    {"Esc", {KEYCODE_ESCAPE, 0}},
    {"Enter", {KEYCODE_ENTER, 0}},
    {"S-Tab", {KEYCODE_TAB, MOD_SHIFT}},
    {"M-1", {'1', MOD_ALT}},
    {"^_", {'_', MOD_CTRL}},
    {"^^", {'^', MOD_CTRL}},
    {"^", {'^', 0}},
    {"-", {'-', 0}},
    {"M--", {'-', MOD_ALT}},
    {"^Space", {' ', MOD_CTRL}},
    {"M-^G", {'g', MOD_ALT | MOD_CTRL}},
    {"C-Right", {KEYCODE_RIGHT, MOD_CTRL}},
    {"M-C-S-Home", {KEYCODE_HOME, MOD_ALT | MOD_CTRL | MOD_SHIFT}},
    {"G", {'G', 0}},
    {"M-G", {'G', MOD_ALT}},
    {"S-^G", {'g', MOD_SHIFT | MOD_CTRL}},
    {"M-诗", {0x8BD7, MOD_ALT}},
};

static void names_go_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(written); i++) {
        struct str name = {.max = 0};
        struct key key = {.code = 0};
        key_format(written[i].key, &name);
        assert_string_equal(str_text(&name), written[i].name);
        assert_true(key_parse(span_of(written[i].name), &key));
        assert_true(key_equal(key, written[i].key));
        str_release(&name);
    }
}

static void every_named_key_comes_back(void **state)
{
    (void)state;
    for (int32_t code = KEYCODE_UP; code <= KEYCODE_F24; code++) {
        for (int mods = 0; mods < 8; mods++) {
            struct str name = {.max = 0};
            struct key key = {.code = 0};
            key_format((struct key){code, mods}, &name);
            assert_true(key_parse(str_span(&name), &key));
            assert_true(key_equal(key, (struct key){code, mods}));
            str_release(&name);
        }
    }
}

static void other_spellings_are_read(void **state)
{
    static const struct {
        const char *spelled, *name;
    } rows[] = {
        {"ctrl-g", "^G"},    {"C-g", "^G"},       {"^g", "^G"},     {"Alt-Left", "M-Left"}, {"shift-TAB", "S-Tab"},
        {"pageup", "PgUp"},  {"escape", "Esc"},   {"f12", "F12"},   {"Return", "Enter"},    {"Backspace", "Bksp"},
        {"S-a", "A"},        {"M-S-a", "M-A"},    {"^PgUp", "C-PgUp"}, {"Ctrl-Alt-x", "M-^X"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str name = {.max = 0};
        struct key key = {.code = 0};
        assert_true(key_parse(span_of(rows[i].spelled), &key));
        key_format(key, &name);
        assert_string_equal(str_text(&name), rows[i].name);
        str_release(&name);
    }
}

static void what_is_no_key_is_refused(void **state)
{
    static const char *const wrong[] = {"", "F0", "F25", "F1x", "Foo", "ab", "\x1b", "\x7f", "M-\xff", "诗歌", "Upp"};
    (void)state;
    struct key key = {.code = 42};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(key_parse(span_of(wrong[i]), &key));
    assert_int_equal(key.code, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(every_named_key_comes_back),
        cmocka_unit_test(other_spellings_are_read),
        cmocka_unit_test(what_is_no_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
