/* How many requests one server has at a time, and from when on it may be asked again. A server that asks for patience gets fewer at once
 * for a while, then slowly more. Knows no request. */
#ifndef RENGA_APP_LANE_H
#define RENGA_APP_LANE_H

#include <stdbool.h>
#include <stdint.h>

struct lane {
    char *url;         /* owned; whose lane it is */
    int limit;         /* requests at once as the writer allows them */
    int room;          /* as the server bears them now: 1…limit */
    int borne;         /* more than so many it has refused; at the limit: never */
    int open;          /* on their way */
    int well;          /* answered well since `room` last changed */
    int64_t until_us;  /* nothing is sent before; 0: no wait */
    int64_t slowed_us; /* when `room` was last made smaller */
};

bool lane_free(const struct lane *l, int64_t now_us);
void lane_limit(struct lane *l, int limit);     /* the writer's word, which may change */
/* One request less is on its way. Well: it was answered, and sent since the room was made smaller. */
void lane_answered(struct lane *l, bool well);
/* The server was too busy; it said how long to wait (0: it did not). */
void lane_busy(struct lane *l, int64_t now_us, int64_t wait_us);

#endif
