#include "core/runs.h"

#include "core/mem.h"
#include "core/story.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void runs_release(struct runs *r)
{
    free(r->items);
    *r = (struct runs){0};
}

bool ink_equal(struct ink a, struct ink b)
{
    return a.owner == b.owner && a.author == b.author && a.source == b.source;
}

/* Index of the run that holds the byte `at` (the count at the end) and where it starts. Looks from the nearer
 * end, since most edits happen there. */
static size_t runs_find(const struct runs *r, size_t at, size_t *start)
{
    size_t i = 0;
    if (at <= r->total / 2) {
        *start = 0;
        while (i < r->count && *start + r->items[i].len <= at)
            *start += r->items[i++].len;
        return i;
    }
    *start = r->total;
    for (i = r->count; *start > at; i--)
        *start -= r->items[i - 1].len;
    return i;
}

struct ink runs_at(const struct runs *r, size_t at)
{
    if (r->count == 0)
        return (struct ink){0, 0, 0};
    size_t start = 0, i = runs_find(r, at, &start);
    return r->items[i < r->count ? i : r->count - 1].ink;
}

static void runs_make_room(struct runs *r, size_t more)
{
    if (r->cap - r->count >= more)
        return;
    r->cap = r->count + more + r->count / 2 + 4;
    r->items = mem_grow(r->items, r->cap, sizeof *r->items);
}

/* Opens `count` places at index `i`. */
static void runs_open(struct runs *r, size_t i, size_t count)
{
    runs_make_room(r, count);
    memmove(r->items + i + count, r->items + i, (r->count - i) * sizeof *r->items);
    r->count += count;
}

static void runs_close(struct runs *r, size_t i, size_t count)
{
    memmove(r->items + i, r->items + i + count, (r->count - i - count) * sizeof *r->items);
    r->count -= count;
}

/* Makes a border at `at` and returns the index of the run that begins there. */
static size_t runs_split(struct runs *r, size_t at)
{
    size_t start = 0, i = runs_find(r, at, &start);
    if (start == at)
        return i;
    runs_open(r, i, 1);
    r->items[i] = (struct run){at - start, r->items[i + 1].ink};
    r->items[i + 1].len -= at - start;
    return i + 1;
}

/* Joins equal neighbours and drops empty runs among those at [low, high). */
static void runs_tidy(struct runs *r, size_t low, size_t high)
{
    if (high > r->count)
        high = r->count;
    size_t kept = low;
    for (size_t i = low; i < high; i++) {
        struct run run = r->items[i];
        if (run.len == 0)
            continue;
        if (kept > low && ink_equal(r->items[kept - 1].ink, run.ink))
            r->items[kept - 1].len += run.len;
        else
            r->items[kept++] = run;
    }
    if (kept < high)
        runs_close(r, kept, high - kept);
}

void runs_replace(struct runs *r, size_t from, size_t to, const struct run *in, size_t count)
{
    CHECK(from <= to && to <= r->total);
    size_t added = 0;
    for (size_t i = 0; i < count; i++)
        added += in[i].len;
    if (from == to && added == 0)
        return;
    size_t first = runs_split(r, from), last = runs_split(r, to);
    if (last - first < count)
        runs_open(r, last, count - (last - first));
    else if (last - first > count)
        runs_close(r, first + count, last - first - count);
    if (count)
        memcpy(r->items + first, in, count * sizeof *in);
    r->total += added - (to - from);
    runs_tidy(r, first > 0 ? first - 1 : 0, first + count + 1);
}

void runs_pass_on(struct runs *r, size_t to, int64_t owner, int64_t heir)
{
    struct runs given = {0};
    runs_copy(r, 0, to < r->total ? to : r->total, &given);
    for (size_t i = 0; i < given.count; i++)
        if (given.items[i].ink.owner == owner)
            given.items[i].ink.owner = heir;
    runs_replace(r, 0, given.total, given.items, given.count);
    runs_release(&given);
}

void runs_copy(const struct runs *r, size_t from, size_t to, struct runs *out)
{
    size_t start = 0;
    for (size_t i = runs_find(r, from, &start); i < r->count && start < to; i++) {
        size_t end = start + r->items[i].len;
        size_t low = start > from ? start : from, high = end < to ? end : to;
        struct run run = {high - low, r->items[i].ink};
        runs_replace(out, out->total, out->total, &run, 1);
        start = end;
    }
}

/* -- as the library keeps them --------------------------------------------------------------------------- */

/* Takes the number before the next `end` (or the span's end) off the front. */
static bool next_number(struct span *sp, const char *end, int64_t *out)
{
    ptrdiff_t at = span_find(*sp, span_of(end), 0);
    struct span number = span_cut(*sp, 0, at < 0 ? sp->len : (size_t)at);
    *sp = span_cut(*sp, number.len + 1, sp->len);
    return span_integer(number, out) && *out >= 0;
}

bool run_read(struct span *rest, struct run *out)
{
    ptrdiff_t comma = span_find(*rest, SPAN(","), 0);
    struct span one = span_cut(*rest, 0, comma < 0 ? rest->len : (size_t)comma);
    int64_t bytes = 0, author = 0, source = 0;
    if (!next_number(&one, ":", &bytes) || !next_number(&one, ":", &author) || author > INT_MAX ||
        (one.len && !next_number(&one, ":", &source)) || one.len)
        return false;
    *rest = comma < 0 ? SPAN("") : span_cut(*rest, (size_t)comma + 1, rest->len);
    *out = (struct run){(size_t)bytes, {0, (int)author, source}};
    return true;
}

void run_write(struct str *out, const struct run *run)
{
    if (run->len == 0)
        return;
    str_printf(out, "%s%zu:%d", out->len ? "," : "", run->len, run->ink.author);
    if (run->ink.source)
        str_printf(out, ":%lld", (long long)run->ink.source);
}

void run_cut(struct span runs, size_t at, struct str *upper, struct str *lower)
{
    struct run run;
    while (runs.len && run_read(&runs, &run)) {
        size_t above = run.len < at ? run.len : at;
        if (upper)
            run_write(upper, &(struct run){above, run.ink});
        if (lower)
            run_write(lower, &(struct run){run.len - above, run.ink});
        at -= above;
    }
}

struct ink ink_of_take(struct ink ink, int64_t take)
{
    bool of_take = ink.author == AUTHOR_MODEL || ink.author == AUTHOR_EDIT;
    return (struct ink){ink.owner, ink.author, ink.source || !of_take ? ink.source : take};
}
