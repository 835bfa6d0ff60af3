#include "core/gap.h"

#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

enum { GAP_ROOM = 4096 };

void gap_release(struct gap *g)
{
    free(g->bytes);
    *g = (struct gap){0};
}

size_t gap_length(const struct gap *g)
{
    return g->size - (g->end - g->start);
}

int gap_byte(const struct gap *g, size_t at)
{
    if (at >= gap_length(g))
        return -1;
    return (unsigned char)g->bytes[at < g->start ? at : at + (g->end - g->start)];
}

static void gap_move(struct gap *g, size_t at)
{
    if (at < g->start) {
        size_t moved = g->start - at;
        memmove(g->bytes + g->end - moved, g->bytes + at, moved);
        g->start -= moved;
        g->end -= moved;
    } else if (at > g->start) {
        size_t moved = at - g->start;
        memmove(g->bytes + g->start, g->bytes + g->end, moved);
        g->start += moved;
        g->end += moved;
    }
}

struct span gap_slice(struct gap *g, size_t from, size_t to)
{
    CHECK(from <= to && to <= gap_length(g));
    if (from == to)
        return SPAN("");
    if (from < g->start && to > g->start)
        gap_move(g, g->start - from < to - g->start ? from : to);
    size_t skip = from >= g->start ? g->end - g->start : 0;
    return (struct span){g->bytes + from + skip, to - from};
}

static void gap_make_room(struct gap *g, size_t need)
{
    if (g->end - g->start >= need)
        return;
    size_t tail = g->size - g->end;
    size_t size = g->start + need + tail;
    size += size / 2 + GAP_ROOM;
    g->bytes = mem_grow(g->bytes, size, 1);
    memmove(g->bytes + size - tail, g->bytes + g->end, tail);
    g->size = size;
    g->end = size - tail;
}

static bool gap_holds(const struct gap *g, struct span text)
{
    return text.len && g->bytes && text.s >= g->bytes && text.s < g->bytes + g->size;
}

void gap_replace(struct gap *g, size_t from, size_t to, struct span text)
{
    CHECK(from <= to && to <= gap_length(g));
    CHECK(!gap_holds(g, text));
    /* What goes away may lie on both sides of the gap: nothing of it needs to be moved first. */
    if (g->start < from || g->start > to)
        gap_move(g, g->start < from ? from : to);
    g->end += to - g->start;
    g->start = from;
    gap_make_room(g, text.len);
    if (text.len)
        memcpy(g->bytes + g->start, text.s, text.len);
    g->start += text.len;
}

/* The part of the text before the gap, or behind it, that lies in [from, to); *at tells where it begins. */
static struct span gap_part(const struct gap *g, bool behind, size_t from, size_t to, size_t *at)
{
    size_t low = behind ? g->start : 0, high = behind ? gap_length(g) : g->start;
    *at = from > low ? from : low;
    size_t end = to < high ? to : high;
    if (*at >= end)
        return SPAN("");
    return (struct span){g->bytes + *at + (behind ? g->end - g->start : 0), end - *at};
}

size_t gap_line_start(const struct gap *g, size_t at)
{
    for (int behind = 1; behind >= 0; behind--) {
        size_t begin = 0;
        struct span part = gap_part(g, behind, 0, at, &begin);
        const char *newline = part.len ? memrchr(part.s, '\n', part.len) : NULL;
        if (newline)
            return begin + (size_t)(newline - part.s) + 1;
    }
    return 0;
}

size_t gap_line_end(const struct gap *g, size_t at)
{
    for (int behind = 0; behind <= 1; behind++) {
        size_t begin = 0;
        struct span part = gap_part(g, behind, at, gap_length(g), &begin);
        const char *newline = part.len ? memchr(part.s, '\n', part.len) : NULL;
        if (newline)
            return begin + (size_t)(newline - part.s);
    }
    return gap_length(g);
}

size_t gap_newlines(const struct gap *g, size_t from, size_t to)
{
    size_t count = 0;
    for (int behind = 0; behind <= 1; behind++) {
        size_t begin = 0;
        struct span part = gap_part(g, behind, from, to, &begin);
        for (size_t i = 0; i < part.len; i++)
            count += part.s[i] == '\n';
    }
    return count;
}
