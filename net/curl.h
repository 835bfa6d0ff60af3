/* libcurl, loaded when it is first needed: a table of its functions. Knows no transfer. */
#ifndef RENGA_NET_CURL_H
#define RENGA_NET_CURL_H

#define CURL_DISABLE_TYPECHECK
#include "core/err.h"
#include <curl/curl.h>

struct curl_api {
    CURLcode (*global_init)(long flags);
    const char *(*version)(void);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *easy);
    CURLcode (*easy_set)(CURL *easy, CURLoption option, ...);
    CURLcode (*easy_get)(CURL *easy, CURLINFO info, ...);
    const char *(*easy_error)(CURLcode code);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *multi);
    CURLMcode (*multi_add)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_remove)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_perform)(CURLM *multi, int *running);
    CURLMcode (*multi_poll)(CURLM *multi, struct curl_waitfd *extra, unsigned int count, int timeout_ms, int *ready);
    CURLMsg *(*multi_next)(CURLM *multi, int *left);
    struct curl_slist *(*list_add)(struct curl_slist *list, const char *text);
    void (*list_free)(struct curl_slist *list);
};

/* Loads the library at the first call. NULL when it is missing or too old: `e` says which package to install. */
const struct curl_api *curl_load(struct err *e);

#endif
