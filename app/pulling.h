/* How far the fetching of a model is, in words. Knows no screen. */
#ifndef RENGA_APP_PULLING_H
#define RENGA_APP_PULLING_H

#include "net/pull.h"

/* What is being done, where it is not fetching, else "1.2 GB of 4.7 GB · 26 % · 35 MB/s · 4 min left", as far as it can be told. */
void pulling_tell(const struct pull_told *t, struct str *out);
/* "1.2 GB of 4.7 GB", or "1.2 GB" */
void pulling_tell_bytes(const struct pull_told *t, struct str *out);
/* All of it is fetched only once the server says so: at most 99. -1: not to be told. */
int pulling_percent(const struct pull_told *t);

#endif
