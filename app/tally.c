#include "app/tally.h"

#include <string.h>

void tally_reset(struct tally *t)
{
    memset(t, 0, sizeof *t);
}

void tally_grow(struct tally *t, struct span text)
{
    if (text.len < t->length)
        tally_reset(t);
    if (text.len == t->length)
        return;
    const char *newline = memrchr(text.s + t->at, '\n', text.len - t->at);
    size_t line = newline ? (size_t)(newline - text.s) + 1 : t->at;
    if (line > t->at) {
        count_add(&t->before, span_cut(text, t->at, line));
        t->at = line;
    }
    t->all = t->before;
    count_add(&t->all, span_cut(text, t->at, text.len));
    t->length = text.len;
}
