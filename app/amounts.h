/* Amounts as a sentence shows them: how large, and how long it will take. Knows not of what. */
#ifndef RENGA_APP_AMOUNTS_H
#define RENGA_APP_AMOUNTS_H

#include "core/str.h"

void amount_bytes(struct str *out, int64_t bytes);    /* "1.2 MB" */
void amount_left(struct str *out, int64_t seconds);   /* "12 s left", "4 min left", "1 h 20 min left" */

#endif
