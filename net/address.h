/* Where a server's pages are, from the base URL that the writer gave: with or without /v1, or a full endpoint. Knows no
 * dialect but by its paths. */
#ifndef RENGA_NET_ADDRESS_H
#define RENGA_NET_ADDRESS_H

#include "core/str.h"

/* Appends the URL of `path` ("/chat/completions", "/models"), in which "{model}" stands for the model's name. A base that already names
 * an endpoint is cut back to what is before it; one without a version ("/v1", "/v1beta") gets `version`; where that is "" the paths stand
 * beside the versions, and one at the end is cut off. A query stays, before the path's own. */
void address_add(struct str *out, const char *base, const char *version, const char *path, struct span model);

#endif
