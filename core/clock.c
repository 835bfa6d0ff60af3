#include "core/clock.h"

#include <time.h>

static int64_t frozen_now = -1, frozen_wall = -1;

int64_t clock_now_us(void)
{
    if (frozen_now >= 0)
        return frozen_now;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_wall_ms(void)
{
    if (frozen_wall >= 0)
        return frozen_wall;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_freeze(int64_t now_us, int64_t wall_ms)
{
    frozen_now = now_us;
    frozen_wall = wall_ms;
}
