#include "app/desk/tally.h"

#include <string.h>

void tally_reset(struct tally *t)
{
    memset(t, 0, sizeof *t);
}

void tally_grow(struct tally *t, struct span text)
{
    if (text.len < t->length)
        tally_reset(t);
    counter_add(&t->counter, span_cut(text, t->length, text.len));
    t->length = text.len;
}
