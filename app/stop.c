#include "app/stop.h"
#include "core/mem.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t came;
static int wake[2] = {-1, -1};

static void on_signal(int number)
{
    if (came)
        _exit(128 + number);
    came = number;
    ssize_t n = write(wake[1], "", 1);
    (void)n; /* a full pipe wakes as well */
}

void stop_listen(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    /* Without SA_RESTART, so that a write to a stalled pipe ends too. */
    struct sigaction action = {.sa_handler = on_signal}, before;
    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK))
        wake[0] = wake[1] = -1;
    sigemptyset(&action.sa_mask);
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away must not take the text with it */
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
}

int stop_fd(void)
{
    return wake[0];
}

int stop_signal(void)
{
    return came;
}
