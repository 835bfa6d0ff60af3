/* Promise 5: however the desk ends, and whatever it was doing, the terminal is as it was: ways_out RENGA FAKE_SERVER. */
#include "tests/app/stage.h"
#include "tests/promise.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* What the desk is doing: how it comes to that, how one sees it, and what Esc ends, if anything. */
static const struct {
    const char *keys, *seen, *ends;
} doings[] = {
    {"", "Prompt", NULL},
    {"x\x07", "w9 ", "◐ writing"},
    {"\x10", "─ Commands ─", "─ Commands ─"},
    {ESC "o", "M-o mouse off", NULL},
    {ESC "OP", "─ Help ─", "─ Help ─"},
    {"\x12", "─ Library ─", "─ Library ─"},
};

static const struct {
    const char *name;
    int number; /* of a signal */
} endings[] = {
    {"a fault of memory", SIGSEGV}, {"a bus error", SIGBUS},     {"an abort", SIGABRT},      {"an illegal instruction", SIGILL},
    {"a division", SIGFPE},         {"a request", SIGTERM},      {"a hang-up", SIGHUP},      {"an interrupt", SIGINT},
    {"a broken pipe", SIGPIPE},     {"a stop and a go", SIGTSTP}, {"a quit", 0},
};

static void bring_about(struct terminal *t, size_t doing)
{
    stage_start(t, "ways", 110, 24);
    terminal_type(t, doings[doing].keys);
    terminal_wait_text(t, doings[doing].seen);
}

static void leave_by_keys(struct terminal *t, const char *ends)
{
    if (ends) {
        terminal_wait_text(t, ends);
        terminal_type(t, ESC);
        terminal_wait_no_text(t, ends);
    }
    terminal_type(t, "\x11");
}

static void end(struct terminal *t, int number, const char *ends)
{
    if (number)
        kill(t->program, number);
    if (number == SIGTSTP) {
        terminal_wait_stopped(t);
        assert_true(terminal_is_restored(t));
        terminal_continue(t);
        terminal_wait_text(t, "─"); /* it has the terminal again */
    }
    if (number == 0 || number == SIGTSTP || number == SIGPIPE)
        leave_by_keys(t, ends);
    terminal_wait_end(t);
}

static void every_way_out_is_tidy(void **state)
{
    size_t tried = 0, untidy = 0;
    (void)state;
    stage_furnish("ways", "count-100000-300");
    for (size_t d = 0; d < sizeof doings / sizeof *doings; d++)
        for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
            struct terminal t;
            bring_about(&t, d);
            end(&t, endings[e].number, doings[d].ends);
            tried++;
            if (!terminal_is_restored(&t)) {
                print_error("after %s, while it showed %s\n", endings[e].name, doings[d].seen);
                untidy++;
            }
            terminal_close(&t);
        }
    promise(5, "left untidy", untidy, "%zu endings: faults, signals, a stop and a quit, while idle, streaming, in popups and views", tried);
    assert_int_equal(untidy, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_way_out_is_tidy)};
    if (argc < 3)
        return 2;
    stage_programs(argv[1], argv[2]);
    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
