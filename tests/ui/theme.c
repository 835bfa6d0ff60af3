#include "ui/theme.h"

#include "core/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Lines, the slider's track and the empty parts of the screen carry no words: they need not be as strong as text. */
#define DECORATION_MIN 2.0
#define TRACK_MIN 2.9

static char folder[] = "renga-theme-XXXXXX"; /* in the build folder, where tests run */

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void write_theme(const char *name, const char *text)
{
    struct str path = {0};
    struct err e = {0};
    str_printf(&path, "%s/%s.theme", folder, name);
    assert_true(file_write(str_text(&path), span_of(text), &e));
    str_release(&path);
}

static void remove_theme(const char *name)
{
    struct str path = {0};
    str_printf(&path, "%s/%s.theme", folder, name);
    assert_int_equal(unlink(str_text(&path)), 0);
    str_release(&path);
}

static struct theme shipped(const char *name)
{
    struct theme t = {.name = ""};
    struct err e = {0};
    if (!theme_load(&t, name, NULL, &e))
        fail_msg("%s", e.text);
    assert_string_equal(t.name, name);
    return t;
}

static struct colour rgb(unsigned value)
{
    return (struct colour){COLOUR_RGB, (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
}

static void test_contrast_formula(void **state)
{
    (void)state;
    struct colour grey = {.kind = COLOUR_INDEX, .r = 231}, own = {.kind = COLOUR_INDEX, .r = 7};
    assert_float_equal(colour_contrast(rgb(0), rgb(0xFFFFFF)), 21, 0.001);
    assert_float_equal(colour_contrast(rgb(0x777777), rgb(0xFFFFFF)), 4.478, 0.001);
    assert_float_equal(colour_contrast(grey, rgb(0)), 21, 0.001);
    assert_float_equal(colour_contrast(own, rgb(0)), 0, 0);
    assert_float_equal(colour_contrast((struct colour){.kind = COLOUR_DEFAULT}, rgb(0)), 0, 0);
}

static double least_for(enum role_id role, double text)
{
    return role == STYLE_BORDER ? DECORATION_MIN : role == STYLE_SLIDER ? TRACK_MIN : text;
}

/* Text without a ground of its own stands on the plain ground, on popups and on selected rows. */
static void check_contrast(const char *name, double text_min)
{
    static const enum role_id grounds[] = {STYLE_TEXT, STYLE_POPUP, STYLE_ROW};
    struct theme t = shipped(name);
    struct colour plain = t.styles[STYLE_TEXT].bg;
    for (int role = 0; role < STYLE_COUNT; role++) {
        struct style s = t.styles[role];
        bool own = memcmp(&s.bg, &plain, sizeof plain) != 0;
        for (int g = 0; g < (own ? 1 : role == STYLE_BORDER || role == STYLE_SLIDER ? 2 : 3); g++) {
            double ratio = colour_contrast(s.fg, own ? s.bg : t.styles[grounds[g]].bg);
            if (ratio < least_for((enum role_id)role, text_min))
                fail_msg("%s: %s has %.2f on ground %d", name, style_role_name((enum role_id)role), ratio, g);
        }
    }
}

static void test_shipped_themes_are_readable(void **state)
{
    (void)state;
    check_contrast("ink", 4.5);
    check_contrast("paper", 4.5);
    check_contrast("high-contrast", 7);
}

static void test_every_shipped_theme_is_whole(void **state)
{
    (void)state;
    static const enum role_id authors[] = {STYLE_WRITER, STYLE_MODEL, STYLE_EDIT, STYLE_PROMPT};
    int count = 0;
    for (const struct shipped_theme *s = shipped_themes; s->name; s++, count++) {
        struct theme t = shipped(s->name);
        for (size_t i = 0; i < 4; i++)
            for (size_t j = 0; j < i; j++)
                assert_memory_not_equal(&t.styles[authors[i]], &t.styles[authors[j]], sizeof(struct style));
        for (int i = STYLE_ODDS_SURE; i <= STYLE_ODDS_RARE; i++)
            for (int j = STYLE_ODDS_SURE; j < i; j++)
                assert_memory_not_equal(&t.styles[i], &t.styles[j], sizeof(struct style));
        assert_memory_not_equal(&t.styles[STYLE_ROW], &t.styles[STYLE_TEXT], sizeof(struct style));
        assert_memory_not_equal(&t.styles[STYLE_BORDER_FOCUS], &t.styles[STYLE_TITLE], sizeof(struct style));
    }
    assert_int_equal(count, 5);
}

static void test_mono_has_no_colour(void **state)
{
    (void)state;
    static const enum role_id authors[] = {STYLE_WRITER, STYLE_MODEL, STYLE_EDIT, STYLE_PROMPT};
    struct theme t = shipped("mono");
    for (int i = 0; i < STYLE_COUNT; i++) {
        assert_int_equal(t.styles[i].fg.kind, COLOUR_DEFAULT);
        assert_int_equal(t.styles[i].bg.kind, COLOUR_DEFAULT);
    }
    /* Bold and underline are what the oldest terminals have too. */
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(t.styles[authors[i]].attrs & (ATTR_BOLD | ATTR_UNDERLINE),
                                 t.styles[authors[j]].attrs & (ATTR_BOLD | ATTR_UNDERLINE));
}

static void test_terminal_keeps_to_sixteen(void **state)
{
    (void)state;
    struct theme t = shipped("terminal");
    for (int i = 0; i < STYLE_COUNT; i++) {
        assert_int_not_equal(t.styles[i].fg.kind, COLOUR_RGB);
        assert_int_equal(t.styles[i].bg.kind, COLOUR_DEFAULT);
        assert_true(t.styles[i].fg.kind == COLOUR_DEFAULT || t.styles[i].fg.r < 16);
    }
}

static void test_roles_inherit(void **state)
{
    (void)state;
    struct theme t = {.name = ""};
    struct err e = {0};
    write_theme("mine", "\xEF\xBB\xBFname = mine\r\ninherit = \"paper\"\r\n[roles]\r\n"
                        "dim = bold # a comment\nwriter = \"#010203 on 17 italic\"\n");
    if (!theme_load(&t, "mine", folder, &e))
        fail_msg("%s", e.text);
    struct theme paper = shipped("paper");
    assert_int_equal(t.styles[STYLE_DIM].attrs, ATTR_BOLD);
    assert_memory_equal(&t.styles[STYLE_DIM].fg, &paper.styles[STYLE_TEXT].fg, sizeof(struct colour));
    assert_memory_equal(&t.styles[STYLE_KEY], &paper.styles[STYLE_KEY], sizeof(struct style));
    assert_int_equal(t.styles[STYLE_WRITER].fg.b, 3);
    assert_int_equal(t.styles[STYLE_WRITER].bg.kind, COLOUR_INDEX);
    assert_int_equal(t.styles[STYLE_WRITER].bg.r, 17);
    remove_theme("mine");
}

static void test_own_ink_lies_over_shipped_ink(void **state)
{
    (void)state;
    struct theme t = {.name = ""}, ink = shipped("ink");
    struct err e = {0};
    struct str names = {0};
    write_theme("ink", "inherit = ink\n[roles]\naccent = cyan\n");
    write_theme("墨", "[roles]\ntext = 16 on 231\n");
    if (!theme_load(&t, "ink", folder, &e))
        fail_msg("%s", e.text);
    assert_int_equal(t.styles[STYLE_ACCENT].fg.r, 6);
    assert_memory_equal(&t.styles[STYLE_MODEL], &ink.styles[STYLE_MODEL], sizeof(struct style));
    theme_list(&names, folder);
    assert_string_equal(str_text(&names), "terminal\nink\npaper\nmono\nhigh-contrast\n墨\n");
    str_release(&names);
    remove_theme("ink");
    remove_theme("墨");
}

/* The theme `bad` must fail with a sentence that ends its place with `place` and holds `word`; the look is the terminal's. */
static void check_fault(const char *text, const char *place, const char *word)
{
    struct theme t = {.name = ""}, plain = shipped("terminal");
    struct err e = {0};
    write_theme("bad", text);
    assert_false(theme_load(&t, "bad", folder, &e));
    assert_int_equal(e.kind, ERR_CONFIG);
    if (!strstr(e.text, place) || !strstr(e.text, word))
        fail_msg("“%s” lacks “%s” or “%s”", e.text, place, word);
    assert_memory_equal(&t.styles, &plain.styles, sizeof plain.styles);
    remove_theme("bad");
}

static void test_faults_name_their_line(void **state)
{
    (void)state;
    check_fault("[roles]\ntext = blu\n", "bad.theme:2:", "blu");
    check_fault("[roles]\n\n# x\ntext = \"#12345\"\n", "bad.theme:4:", "#12345");
    check_fault("[roles]\ntext = \"#12345g\"\n", ":2:", "#12345g");
    check_fault("[roles]\ntext = 256\n", ":2:", "256");
    check_fault("[roles]\ntext = -1\n", ":2:", "-1");
    check_fault("[roles]\ntext = red blue\n", ":2:", "blue");
    check_fault("[roles]\ntext = red on\n", ":2:", "colour is missing");
    check_fault("[roles]\nglow = red\n", ":2:", "glow");
    check_fault("[roles]\ndim = red\ndim = blue\n", ":3:", "dim");
    check_fault("[colours]\ntext = red\n", ":2:", "colours");
    check_fault("colour = red\n", ":1:", "colour");
    check_fault("name = good\n", ":1:", "bad");
    check_fault("name = ../../x\n", ":1:", "name");
    check_fault("inherit = /etc/passwd\n", ":1:", "name");
    check_fault("[roles]\n\x1b]0;x = red\n", ":2:", "UTF-8");
}

static void test_inheritance_faults(void **state)
{
    (void)state;
    check_fault("\ninherit = nowhere\n", "bad.theme:2:", "nowhere");
    check_fault("inherit = bad\n", "bad.theme:1:", "circle");
    write_theme("other", "inherit = bad\n");
    check_fault("inherit = other\n", "other.theme:1:", "circle");
    write_theme("other", "[roles]\ntext = mud\n");
    check_fault("inherit = other\n", "other.theme:2:", "mud");
    remove_theme("other");
}

static void test_long_chains_end(void **state)
{
    (void)state;
    char name[] = "a", text[] = "inherit = b\n";
    struct theme t = {.name = ""};
    struct err e = {0};
    for (; name[0] < 'm'; name[0]++, text[10]++)
        write_theme(name, text);
    assert_false(theme_load(&t, "a", folder, &e));
    assert_non_null(strstr(e.text, "8 themes"));
    for (name[0] = 'a'; name[0] < 'm'; name[0]++)
        remove_theme(name);
}

static void test_names_are_no_paths(void **state)
{
    (void)state;
    static const char *const names[] = {"", ".", "..", "../x", "a/b", "a\nb", "\xFF", ".hidden", "a\\b",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct theme t = {.name = ""};
        struct err e = {0};
        assert_false(theme_load(&t, names[i], folder, &e));
        assert_string_equal(t.name, "terminal");
    }
}

static void test_hostile_file(void **state)
{
    (void)state;
    struct str text = {0};
    str_add_text(&text, "[theme]\nfg = #zzzzzz\nbg = 99999\n");
    for (int i = 0; i < 40000; i++)
        str_add_byte(&text, 'a');
    str_add_text(&text, " = 1\n[unclosed\nkey without value\nfg = \"\x1b]0;pwned\x07\"\ninclude = /dev/zero\n= nokey\n");
    check_fault(str_text(&text), "bad.theme:2:", "theme");
    str_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contrast_formula),
        cmocka_unit_test(test_shipped_themes_are_readable),
        cmocka_unit_test(test_every_shipped_theme_is_whole),
        cmocka_unit_test(test_mono_has_no_colour),
        cmocka_unit_test(test_terminal_keeps_to_sixteen),
        cmocka_unit_test(test_roles_inherit),
        cmocka_unit_test(test_own_ink_lies_over_shipped_ink),
        cmocka_unit_test(test_faults_name_their_line),
        cmocka_unit_test(test_inheritance_faults),
        cmocka_unit_test(test_long_chains_end),
        cmocka_unit_test(test_names_are_no_paths),
        cmocka_unit_test(test_hostile_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
