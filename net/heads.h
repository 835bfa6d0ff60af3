/* What the head of an HTTP answer tells: status, type, where a redirect points and when to come back. Knows no
 * transfer. */
#ifndef RENGA_NET_HEADS_H
#define RENGA_NET_HEADS_H

#include "core/str.h"

#define HEADS_MAX 65536

enum { LIMIT_ALL, LIMIT_REQUESTS, LIMIT_TOKENS, LIMIT_INPUT, LIMIT_OUTPUT, LIMIT_KINDS };

struct heads {
    int status;
    struct str type, location;
    int64_t retry_ms;              /* from Retry-After or retry-after-ms; -1: not told */
    int64_t reset_ms[LIMIT_KINDS]; /* x-ratelimit-reset-…, anthropic-ratelimit-…-reset; -1: not told */
    bool spent[LIMIT_KINDS];       /* the same with remaining: 0 */
    size_t bytes;
};

void heads_init(struct heads *h);
void heads_release(struct heads *h);
/* One line of the head with its line end; a status line begins anew. `now_ms` is the wall clock. False when the head is
 * too long. */
bool heads_line(struct heads *h, struct span line, int64_t now_ms);
/* How long the server asks to wait, at most a day; 0: it does not say. */
int heads_wait_ms(const struct heads *h);
/* "2", "1.5", "6m0s", "120ms" → milliseconds, at most a day; false leaves `ms` alone. */
bool heads_duration(struct span value, int64_t *ms);

#endif
