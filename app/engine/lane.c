#include "app/engine/lane.h"

#define CALM_US 1000000 /* refusals that come together make the room smaller once */
#define ROUNDS  20      /* of good answers, before it is tried again with more than it has borne */

bool lane_free(const struct lane *l, int64_t now_us)
{
    return l->open < l->room && now_us >= l->until_us;
}

void lane_limit(struct lane *l, int limit)
{
    if (l->limit == limit)
        return;
    l->room = l->room < l->limit && l->room < limit ? l->room : limit;
    l->borne = limit;
    l->limit = limit;
}

/* A whole round of good answers makes room for one more. */
void lane_answered(struct lane *l, bool well)
{
    l->open--;
    int rounds = l->room < l->borne ? 1 : ROUNDS;
    if (!well || l->room >= l->limit || ++l->well < rounds * l->room)
        return;
    l->room++;
    l->well = 0;
}

void lane_busy(struct lane *l, int64_t now_us, int64_t wait_us)
{
    if (now_us + wait_us > l->until_us && wait_us > 0)
        l->until_us = now_us + wait_us;
    if (l->slowed_us && now_us - l->slowed_us < CALM_US)
        return;
    l->slowed_us = now_us;
    l->borne = l->room > 1 ? l->room - 1 : 1;
    l->room = l->room > 1 ? l->room / 2 : 1;
    l->well = 0;
}
