/* The network from inside: all transfers on one multi handle. Knows no dialect. */
#ifndef RENGA_NET_MULTI_H
#define RENGA_NET_MULTI_H

#include "net/curl.h"
#include "net/net.h"

struct transfer;

struct net {
    const struct curl_api *api; /* NULL until the first transfer */
    CURLM *multi;
    struct transfer **transfers;
    int transfer_count, transfer_cap;
    struct answer *answers; /* that wait for net_next_answer() */
    int answer_count, answer_cap;
};

/* Loads libcurl when it has not been loaded. */
bool net_open(struct net *n, struct err *e) MUST_USE;
void net_add_answer(struct net *n, struct answer *a); /* takes over its contents */

#endif
