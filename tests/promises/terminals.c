/* Promise 15: the desk in six kinds of terminal, with colour and without: it starts, is typed into, asks, shows the take and leaves
 * the terminal as it was. */
#include "tests/app/stage.h"
#include "tests/promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const kinds[] = {"xterm-256color", "tmux-256color", "screen-256color", "linux", "vt220", "dumb"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* SGR sequences that set a colour: 30 to 49 and 90 to 107, the usual colour (39, 49) aside. */
static size_t count_colours(struct span bytes)
{
    size_t count = 0;
    for (size_t i = 0; i + 2 < bytes.len; i++) {
        size_t at = i + 2;
        if (bytes.s[i] != '\x1b' || bytes.s[i + 1] != '[')
            continue;
        for (int number = 0; at < bytes.len; at++) {
            char c = bytes.s[at];
            if (c >= '0' && c <= '9') {
                number = number * 10 + c - '0';
                continue;
            }
            bool colour = (number >= 30 && number < 49 && number != 39) || (number >= 90 && number <= 107);
            count += (c == 'm' || c == ';') && colour && memchr(bytes.s + at, 'm', bytes.len - at < 16 ? bytes.len - at : 16);
            number = 0;
            if (c != ';')
                break;
        }
    }
    return count;
}

static void ask(struct terminal *t, bool by_lines)
{
    terminal_type(t, by_lines ? "/ask autumn moon\r" : "autumn moon\a");
    terminal_wait_text(t, "a lamp");
    terminal_wait_text(t, "and no one");
    if (by_lines)
        terminal_wait_text(t, "3 lines");
    else
        terminal_wait_no_text(t, "Esc stop");
    terminal_type(t, by_lines ? "/quit\r" : KEY_CTRL('Q'));
}

static size_t try_kind(const char *kind, bool colour, size_t *bytes)
{
    struct terminal t;
    char home[40];
    bool by_lines = !strcmp(kind, "dumb");
    stage_terminal(kind, colour);
    snprintf(home, sizeof home, "%s-%d", kind, colour);
    stage_furnish(home, "poem");
    stage_command(&t, home, 80, 24, (const char *const[]){NULL});
    terminal_wait_text(&t, by_lines ? "renga by lines" : "Prompt");
    ask(&t, by_lines);
    assert_int_equal(terminal_wait_end(&t), 0);
    size_t wrong = !terminal_is_restored(&t);
    if (!colour || by_lines)
        wrong += count_colours(str_span(&t.bytes));
    if (by_lines)
        wrong += memchr(t.bytes.s, '\x1b', t.bytes.len) != NULL;
    *bytes += t.bytes.len;
    if (wrong)
        print_error("%s, %s: %zu colours, restored %d\n", kind, colour ? "colour" : "NO_COLOR", count_colours(str_span(&t.bytes)),
                    terminal_is_restored(&t));
    terminal_close(&t);
    return wrong;
}

static void the_desk_works_in_every_terminal_with_and_without_colour(void **state)
{
    size_t wrong = 0, bytes = 0;
    (void)state;
    for (int i = 0; i < KINDS; i++)
        for (int colour = 0; colour < 2; colour++)
            wrong += try_kind(kinds[i], colour, &bytes);
    promise(15, "wrong", wrong, "%d kinds of terminal with colour and NO_COLOR, %zu bytes read for colours", (int)KINDS, bytes);
    assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_desk_works_in_every_terminal_with_and_without_colour),
    };
    assert_int_equal(argc, 3);
    stage_programs(argv[1], argv[2]);
    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
