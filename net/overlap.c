#include "net/overlap.h"

#include <string.h>

#define TAIL_MAX 1024 /* bytes of the text that are remembered */

void overlap_begin(struct overlap *o, struct span text)
{
    text = span_trim(text);
    size_t from = text.len > TAIL_MAX ? text.len - TAIL_MAX : 0;
    while (from < text.len && ((unsigned char)text.s[from] & 0xC0) == 0x80)
        from++;
    str_set(&o->tail, span_cut(text, from, text.len));
    str_clear(&o->held);
}

void overlap_begin_blank(struct overlap *o, struct span blank)
{
    str_set(&o->tail, span_cut(blank, blank.len > TAIL_MAX ? blank.len - TAIL_MAX : 0, blank.len));
    str_clear(&o->held);
    o->blank = true;
}

void overlap_release(struct overlap *o)
{
    str_release(&o->tail);
    str_release(&o->held);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether `held` may yet become the end of the tail, and how much of it is that end already (the longest, 0: nothing). */
static bool compare(struct span tail, struct span held, size_t least, size_t *repeated)
{
    bool open = false;
    *repeated = 0;
    for (size_t at = 0; at < tail.len; at++) {
        struct span end = span_cut(tail, at, tail.len);
        size_t len = end.len < held.len ? end.len : held.len;
        if (end.len < least || memcmp(end.s, held.s, len) != 0)
            continue;
        open = open || held.len < end.len;
        if (held.len >= end.len && !*repeated)
            *repeated = end.len;
    }
    return open;
}

void overlap_add(struct overlap *o, struct span piece, bool last, struct str *out)
{
    if (o->tail.len == 0) {
        str_add(out, piece);
        return;
    }
    str_add(&o->held, piece);
    struct span held = str_span(&o->held), text = held;
    while (!o->blank && text.len && is_blank(text.s[0])) /* a repetition may stand behind white space */
        text = span_cut(text, 1, text.len);
    size_t repeated = 0;
    bool open = text.len ? compare(str_span(&o->tail), text, o->blank ? 1 : OVERLAP_MIN, &repeated) : held.len < TAIL_MAX;
    if (open && !last)
        return;
    str_add(out, repeated ? span_cut(text, repeated, text.len) : held);
    str_clear(&o->tail);
    str_clear(&o->held);
}
