#include "ui/restore.h"
#include "core/mem.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BYTES_MAX = 512, STACK_SIZE = 32768 };

/* All that a handler needs, ready before anything goes wrong. */
static volatile sig_atomic_t armed;
static int terminal = -1;
static struct termios original;
static char bytes[BYTES_MAX];
static size_t bytes_len;
static char stack[STACK_SIZE]; /* a handler for stack overflow needs a stack of its own */

struct deadly {
    int number;
    bool fault; /* caught whatever the action was */
    bool taken;
    struct sigaction old;
};
static struct deadly signals[] = {
    {.number = SIGSEGV, .fault = true}, {.number = SIGABRT, .fault = true}, {.number = SIGBUS, .fault = true},
    {.number = SIGFPE, .fault = true},  {.number = SIGILL, .fault = true},  {.number = SIGTRAP, .fault = true},
    {.number = SIGSYS, .fault = true},  {.number = SIGTERM},                {.number = SIGHUP},
    {.number = SIGINT},                 {.number = SIGQUIT},
};

/* A full terminal takes a moment; a stuck one must not keep us from dying. */
static void write_out(void)
{
    size_t sent = 0;
    for (int tries = 0; sent < bytes_len && tries < 20; tries++) {
        ssize_t n = write(terminal, bytes + sent, bytes_len - sent);
        if (n > 0)
            sent += (size_t)n;
        else if (n < 0 && errno != EAGAIN && errno != EINTR)
            return;
        else
            (void)usleep(5000);
    }
}

/* In the background the terminal belongs to another program: the bytes would spoil its screen, and tcsetattr() would
 * stop us. */
void restore_now(void)
{
    if (!armed)
        return;
    armed = 0;
    int saved_errno = errno;
    if (tcgetpgrp(terminal) == getpgrp()) {
        write_out();
        tcsetattr(terminal, TCSANOW, &original);
    }
    errno = saved_errno;
}

static void on_deadly(int number)
{
    restore_now();
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        if (signals[i].number == number)
            sigaction(number, &signals[i].old, NULL);
    raise(number); /* dies by the same signal once this handler returns, so that the shell learns why */
}

static void take_signal(struct deadly *d)
{
    struct sigaction now, ours = {.sa_handler = on_deadly, .sa_flags = SA_ONSTACK};
    sigfillset(&ours.sa_mask);
    if (d->taken || sigaction(d->number, NULL, &now) != 0)
        return;
    if (!d->fault && ((now.sa_flags & SA_SIGINFO) || now.sa_handler != SIG_DFL))
        return;
    d->taken = sigaction(d->number, &ours, &d->old) == 0;
}

static void give_signal(struct deadly *d)
{
    struct sigaction now;
    if (!d->taken || sigaction(d->number, NULL, &now) != 0)
        return;
    if (!(now.sa_flags & SA_SIGINFO) && now.sa_handler == on_deadly)
        sigaction(d->number, &d->old, NULL);
    d->taken = false;
}

void restore_arm(int fd, const struct termios *settings, struct span sequence)
{
    static bool at_exit;
    CHECK(sequence.len <= BYTES_MAX);
    restore_disarm();
    terminal = fd;
    original = *settings;
    memcpy(bytes, sequence.s, sequence.len);
    bytes_len = sequence.len;
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        take_signal(&signals[i]);
    if (!at_exit)
        at_exit = atexit(restore_now) == 0;
    check_hook = restore_now;
    armed = 1;
}

void restore_disarm(void)
{
    armed = 0;
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        give_signal(&signals[i]);
    check_hook = NULL;
}
