#include "pty_child.h"
#include "core/clock.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define MINUTE_MS   60000
#define LONGEST_MARK 64

bool pty_child_open(struct pty_child *c, char *const *argv, char *const *environment)
{
    struct winsize size = {.ws_row = 40, .ws_col = 120};
    c->written = 0;
    c->held = 0;
    c->started_us = clock_now_us();
    c->pid = forkpty(&c->fd, NULL, NULL, &size);
    if (c->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execve(argv[0], argv, environment);
        _exit(127);
    }
    return c->pid > 0 && fcntl(c->fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(c->fd, F_SETFL, O_RDWR | O_NONBLOCK) == 0;
}

void pty_child_close(struct pty_child *c)
{
    kill(c->pid, SIGKILL);
    waitpid(c->pid, NULL, 0);
    close(c->fd);
}

/* Reads once what comes within that time; 0: nothing came, -1: its terminal is closed. */
static int read_some(struct pty_child *c, int64_t ms)
{
    struct pollfd waits = {c->fd, POLLIN, 0};
    if (poll(&waits, 1, ms > 0 ? (int)ms : 0) <= 0)
        return 0;
    if (c->held > LONGEST_MARK) {
        memmove(c->recent, c->recent + c->held - LONGEST_MARK, LONGEST_MARK);
        c->held = LONGEST_MARK;
    }
    ssize_t count = read(c->fd, c->recent + c->held, sizeof c->recent - c->held);
    if (count <= 0)
        return -1;
    c->held += (size_t)count;
    c->written += (size_t)count;
    return 1;
}

void pty_child_quit(struct pty_child *c, const char *keys)
{
    int64_t end_us = clock_now_us() + PATIENCE_MS * 1000;
    pty_child_type(c, keys);
    while (read_some(c, PATIENCE_MS) > 0 && clock_now_us() < end_us)
        ;
    pty_child_close(c);
}

void pty_child_type(struct pty_child *c, const char *keys)
{
    c->held = 0;
    if (write(c->fd, keys, strlen(keys)) != (ssize_t)strlen(keys))
        perror("pty_child_type");
}

bool pty_child_wait(struct pty_child *c, const char *mark)
{
    int64_t end_us = clock_now_us() + PATIENCE_MS * 1000;
    while (clock_now_us() < end_us && read_some(c, PATIENCE_MS) > 0)
        if (memmem(c->recent, c->held, mark, strlen(mark)))
            return true;
    return false;
}

void pty_child_read_for(struct pty_child *c, int ms)
{
    int64_t end_us = clock_now_us() + ms * 1000;
    while (clock_now_us() < end_us && read_some(c, (end_us - clock_now_us() + 999) / 1000) >= 0)
        ;
}

bool pty_child_wait_quiet(struct pty_child *c, int ms)
{
    int64_t end_us = clock_now_us() + MINUTE_MS * 1000;
    while (clock_now_us() < end_us) {
        int came = read_some(c, ms);
        if (came <= 0)
            return came == 0;
    }
    return false;
}

int64_t pty_child_cpu_us(const struct pty_child *c)
{
    clockid_t clock = 0;
    struct timespec t = {0};
    if (clock_getcpuclockid(c->pid, &clock) || clock_gettime(clock, &t))
        return 0;
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

long pty_child_peak_kb(const struct pty_child *c)
{
    char path[64], line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)c->pid);
    FILE *status = fopen(path, "r");
    while (status && fgets(line, sizeof line, status) && sscanf(line, "VmHWM: %ld", &kb) != 1)
        ;
    if (status)
        fclose(status);
    return kb;
}
