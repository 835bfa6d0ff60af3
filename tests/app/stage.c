#include "stage.h"
#include "core/file.h"
#include "escapes.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ARGS_MAX 16

static char *renga, *fake_server;
static char home[] = "/tmp/renga-stage-XXXXXX";
static pid_t serving;
static int port;
static char kind[64] = "TERM=xterm-256color";
static char no_colour[] = "NO_COLOR=1";
static bool colourless;

void stage_programs(char *r, char *s)
{
    renga = r;
    fake_server = s;
}

void stage_terminal(const char *name, bool colour)
{
    snprintf(kind, sizeof kind, "TERM=%s", name);
    colourless = !colour;
}

const char *stage_folder(void) { return home; }
int stage_port(void) { return port; }

static int serve(void)
{
    int out[2] = {-1, -1};
    char line[16] = "";
    if (pipe(out))
        return -1;
    serving = fork();
    if (serving == 0) {
        dup2(out[1], STDOUT_FILENO);
        execl(fake_server, fake_server, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    if (read(out[0], line, sizeof line - 1) <= 0)
        return -1;
    close(out[0]);
    port = (int)strtol(line, NULL, 10);
    return port > 0 ? 0 : -1;
}

int stage_set_up(void **state)
{
    (void)state;
    return mkdtemp(home) ? serve() : -1;
}

int stage_tear_down(void **state)
{
    char command[128];
    (void)state;
    kill(serving, SIGKILL);
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    return system(command);
}

void stage_furnish_with(const char *name, struct span config)
{
    struct str path = {0};
    struct err e = {.kind = ERR_NONE};
    str_printf(&path, "%s/%s/renga", home, name);
    assert_true(folder_make(str_text(&path), &e));
    str_add_text(&path, "/config");
    assert_true(file_write(str_text(&path), config, &e));
    str_release(&path);
}

void stage_furnish(const char *name, const char *model)
{
    struct str config = {0};
    str_printf(&config, "[server fake]\nurl = http://127.0.0.1:%d\nmodel = %s\n", port, model);
    stage_furnish_with(name, str_span(&config));
    str_release(&config);
}

void stage_command(struct terminal *t, const char *name, int w, int h, const char *const *args)
{
    static const char *const folders[] = {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"};
    char places[5][256], visual[256];
    char *environment[16] = {kind, (char[]){"LC_ALL=C.UTF-8"}, (char[]){"TZ=UTC"}};
    const char *argv[ARGS_MAX] = {renga};
    int count = 3;
    for (int i = 0; i < 5; i++) {
        snprintf(places[i], sizeof places[i], "%s=%s/%s", folders[i], home, name);
        environment[count++] = places[i];
    }
    snprintf(visual, sizeof visual, "VISUAL=sh %s/%s/editor", home, name);
    environment[count++] = visual;
    if (colourless)
        environment[count++] = no_colour;
    for (int i = 0; args[i]; i++) {
        assert_true(i + 2 < ARGS_MAX);
        argv[i + 1] = args[i];
    }
    terminal_open(t, w, h, (char *const *)(uintptr_t)argv, environment);
}

void stage_start(struct terminal *t, const char *name, int w, int h)
{
    stage_command(t, name, w, h, (const char *const[]){NULL});
    terminal_wait_text(t, "Prompt");
}

void stage_check_bytes(const struct terminal *t)
{
    ptrdiff_t odd = escapes_first_odd(str_span(&t->bytes));
    for (size_t i = 0; odd >= 0 && i < 16 && (size_t)odd + i < t->bytes.len; i++)
        print_error("%02x ", (unsigned char)t->bytes.s[(size_t)odd + i]);
    assert_int_equal(odd, -1);
}

void stage_leave(struct terminal *t)
{
    terminal_type(t, KEY_CTRL('Q'));
    assert_int_equal(terminal_wait_end(t), 0);
    terminal_check_restored(t);
    stage_check_bytes(t);
    terminal_close(t);
}
