/* Where a server's pages are, from the base URL that the writer gave: with or without /v1, or a full endpoint. Knows no
 * dialect but by its paths. */
#ifndef RENGA_NET_ADDRESS_H
#define RENGA_NET_ADDRESS_H

#include "core/str.h"

/* Appends the URL of `path` ("/chat/completions", "/models"). A base that already names an endpoint is cut back to what
 * is before it; one without a version ("/v1", "/v1beta") gets /v1. A query stays. */
void address_add(struct str *out, const char *base, const char *path);

#endif
