#include "core/lcs.h"

#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

enum { SHINGLE = 8, BLOCK = 64 };

/* -- one stretch, exactly --------------------------------------------------------------------------------------------------------- */

/* Where the numbers of `a` stand. Those that occur often have a ready bit vector, the others a list of places. */
struct places {
    const uint32_t *a;
    size_t n, words;
    uint32_t *sorted;   /* places of `a`, by number and then by place */
    uint32_t *first;    /* by number: where its places begin in `sorted`; NULL: the numbers are too great for a table */
    uint32_t numbers;   /* that `first` has entries for */
    uint64_t *vectors;  /* of the frequent numbers */
    int32_t *vector_of; /* beside the first of its places in `sorted`: index of its vector, -1: none */
};

static int compare_places(const void *x, const void *y, void *ctx)
{
    const uint32_t *a = ctx;
    uint32_t p = *(const uint32_t *)x, q = *(const uint32_t *)y;
    if (a[p] != a[q])
        return a[p] < a[q] ? -1 : 1;
    return p < q ? -1 : p > q;
}

/* By counting where the numbers are small, as those of words are. */
static void sort_places(struct places *pl)
{
    uint32_t most = 0;
    for (size_t i = 0; i < pl->n; i++)
        most = pl->a[i] > most ? pl->a[i] : most;
    if (most / 8 > pl->n) {
        for (size_t i = 0; i < pl->n; i++)
            pl->sorted[i] = (uint32_t)i;
        qsort_r(pl->sorted, pl->n, sizeof *pl->sorted, compare_places, (void *)pl->a);
        return;
    }
    pl->numbers = most + 1;
    pl->first = mem_new((size_t)most + 2, sizeof *pl->first);
    for (size_t i = 0; i < pl->n; i++)
        pl->first[pl->a[i] + 1]++;
    for (uint32_t k = 0; k < most; k++)
        pl->first[k + 1] += pl->first[k];
    for (size_t i = 0; i < pl->n; i++)
        pl->sorted[pl->first[pl->a[i]]++] = (uint32_t)i;
    memmove(pl->first + 1, pl->first, ((size_t)most + 1) * sizeof *pl->first); /* each has moved to the next one's beginning */
    pl->first[0] = 0;
}

static size_t group_end(const struct places *pl, size_t from)
{
    size_t to = from;
    while (to < pl->n && pl->a[pl->sorted[to]] == pl->a[pl->sorted[from]])
        to++;
    return to;
}

static void set_bits(const struct places *pl, size_t from, size_t to, uint64_t *vector)
{
    for (size_t i = from; i < to; i++)
        vector[pl->sorted[i] / 64] |= (uint64_t)1 << pl->sorted[i] % 64;
}

static void places_init(struct places *pl, const uint32_t *a, size_t n)
{
    size_t frequent = 0;
    *pl = (struct places){.a = a, .n = n, .words = (n + 63) / 64};
    pl->sorted = mem_new(n, sizeof *pl->sorted);
    pl->vector_of = mem_new(n, sizeof *pl->vector_of);
    sort_places(pl);
    for (size_t from = 0, to; from < n; from = to) {
        to = group_end(pl, from);
        pl->vector_of[from] = to - from >= pl->words ? (int32_t)frequent++ : -1;
    }
    pl->vectors = mem_new(frequent * pl->words + 1, sizeof *pl->vectors);
    for (size_t from = 0, to; from < n; from = to) {
        to = group_end(pl, from);
        if (pl->vector_of[from] >= 0)
            set_bits(pl, from, to, pl->vectors + (size_t)pl->vector_of[from] * pl->words);
    }
}

static void places_release(struct places *pl)
{
    free(pl->sorted);
    free(pl->first);
    free(pl->vectors);
    free(pl->vector_of);
}

/* The first of a number's places in `sorted`, n when there is none. */
static size_t places_find(const struct places *pl, uint32_t number)
{
    size_t low = 0, high = pl->n;
    if (pl->first)
        return number < pl->numbers && pl->first[number] < pl->first[number + 1] ? pl->first[number] : pl->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pl->a[pl->sorted[middle]] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pl->n && pl->a[pl->sorted[low]] == number ? low : pl->n;
}

/* One row of the table: a bit of `v` is 0 where the row's lengths grow by one. V' = (V + (V & M)) | (V & ~M). */
static void next_row(uint64_t *v, const uint64_t *matches, size_t words)
{
    unsigned carry = 0;
    for (size_t w = 0; w < words; w++) {
        uint64_t hit = v[w] & matches[w], sum = v[w] + hit;
        unsigned over = sum < hit;
        sum += carry;
        over |= sum < carry;
        carry = over;
        v[w] = sum | (v[w] & ~matches[w]);
    }
}

struct table {
    struct places places;
    uint32_t *groups;      /* of every number of `b`: its first place in `sorted` */
    uint64_t *checkpoints; /* the row before each block */
    uint64_t *rows;        /* those of the block at hand, one more than its numbers */
    uint64_t *scratch;     /* the matches of a rare number; zero between uses */
};

static void step(struct table *t, size_t row, uint64_t *v)
{
    const struct places *pl = &t->places;
    size_t from = t->groups[row];
    if (from == pl->n)
        return;
    if (pl->vector_of[from] >= 0) {
        next_row(v, pl->vectors + (size_t)pl->vector_of[from] * pl->words, pl->words);
        return;
    }
    size_t to = group_end(pl, from);
    set_bits(pl, from, to, t->scratch);
    next_row(v, t->scratch, pl->words);
    for (size_t i = from; i < to; i++)
        t->scratch[pl->sorted[i] / 64] = 0;
}

static bool bit_of(const uint64_t *v, size_t bit)
{
    return v[bit / 64] >> bit % 64 & 1;
}

/* Walks back through the rows [first, *row] of the block at hand. */
static void walk_back(const struct table *t, size_t first, size_t *row, size_t *column, int32_t *match, int32_t offset)
{
    size_t words = t->places.words;
    while (*row > first && *column > 0) {
        const uint64_t *v = t->rows + (*row - first) * words;
        if (bit_of(v, *column - 1)) {
            --*column;
        } else if (bit_of(v - words, *column - 1)) {
            match[--*column] = (int32_t)--*row + offset;
        } else {
            --*row;
        }
    }
}

/* Matches a[0, n) with b[0, m); `offset` is added to the places in b. */
static void match_exactly(const uint32_t *a, size_t n, const uint32_t *b, size_t m, int32_t *match, int32_t offset)
{
    struct table t = {.groups = mem_new(m, sizeof *t.groups)};
    places_init(&t.places, a, n);
    size_t words = t.places.words, blocks = (m + BLOCK - 1) / BLOCK, row = m, column = n;
    t.checkpoints = mem_new(blocks * words, sizeof *t.checkpoints);
    t.rows = mem_new((BLOCK + 1) * words, sizeof *t.rows);
    t.scratch = mem_new(words, sizeof *t.scratch);
    uint64_t *v = t.rows;
    memset(v, 0xff, words * sizeof *v);
    for (size_t i = 0; i < m; i++) {
        t.groups[i] = (uint32_t)places_find(&t.places, b[i]);
        if (i % BLOCK == 0)
            memcpy(t.checkpoints + i / BLOCK * words, v, words * sizeof *v);
        step(&t, i, v);
    }
    for (size_t k = blocks; k-- > 0 && column > 0;) {
        size_t first = k * BLOCK;
        memcpy(t.rows, t.checkpoints + k * words, words * sizeof *v);
        for (size_t i = first; i < row; i++) {
            uint64_t *here = t.rows + (i - first + 1) * words;
            memcpy(here, here - words, words * sizeof *v);
            step(&t, i, here);
        }
        walk_back(&t, first, &row, &column, match, offset);
        row = first;
    }
    places_release(&t.places);
    free(t.groups);
    free(t.checkpoints);
    free(t.rows);
    free(t.scratch);
}

/* -- anchors, for what is too long ------------------------------------------------------------------------------------------------ */

/* Where a run of SHINGLE numbers stands, by its hash. */
struct shingle {
    uint64_t hash;
    uint32_t at;
    bool in_b;
};

static int compare_shingles(const void *x, const void *y)
{
    const struct shingle *p = x, *q = y;
    if (p->hash != q->hash)
        return p->hash < q->hash ? -1 : 1;
    return p->in_b != q->in_b ? p->in_b - q->in_b : (p->at > q->at) - (p->at < q->at);
}

static size_t add_shingles(struct shingle *out, const uint32_t *ids, size_t count, bool in_b)
{
    size_t added = 0;
    for (size_t i = 0; i + SHINGLE <= count; i++) {
        uint64_t hash = 1469598103934665603u;
        for (size_t k = 0; k < SHINGLE; k++)
            hash = (hash ^ ids[i + k]) * 1099511628211u;
        out[added++] = (struct shingle){hash, (uint32_t)i, in_b};
    }
    return added;
}

struct anchor {
    uint32_t a, b;
    int32_t before; /* the anchor that precedes it in the longest ascending line, -1: none */
};

static int compare_anchors(const void *x, const void *y)
{
    const struct anchor *p = x, *q = y;
    return (p->a > q->a) - (p->a < q->a);
}

/* The runs that stand once in each, by their place in `a`. The caller frees. */
static struct anchor *find_anchors(const uint32_t *a, size_t n, const uint32_t *b, size_t m, size_t *count)
{
    struct shingle *all = mem_new(n + m, sizeof *all);
    size_t total = add_shingles(all, a, n, false);
    total += add_shingles(all + total, b, m, true);
    qsort(all, total, sizeof *all, compare_shingles);
    struct anchor *anchors = mem_new(total + 1, sizeof *anchors);
    *count = 0;
    for (size_t i = 0, to; i < total; i = to) {
        for (to = i; to < total && all[to].hash == all[i].hash; to++)
            ;
        if (to - i == 2 && !all[i].in_b && all[i + 1].in_b &&
            memcmp(a + all[i].at, b + all[i + 1].at, SHINGLE * sizeof *a) == 0)
            anchors[(*count)++] = (struct anchor){all[i].at, all[i + 1].at, -1};
    }
    free(all);
    qsort(anchors, *count, sizeof *anchors, compare_anchors);
    return anchors;
}

/* The longest line of anchors that ascends in both; its last one, -1: there is none. */
static int32_t longest_line(struct anchor *anchors, size_t count)
{
    int32_t *ends = mem_new(count + 1, sizeof *ends); /* of the lines of each length: the one that ends first in b */
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        size_t low = 0, high = length;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (anchors[ends[middle]].b < anchors[i].b)
                low = middle + 1;
            else
                high = middle;
        }
        anchors[i].before = low ? ends[low - 1] : -1;
        ends[low] = (int32_t)i;
        length = low == length ? length + 1 : length;
    }
    int32_t last = length ? ends[length - 1] : -1;
    free(ends);
    return last;
}

static void match_anchors(const uint32_t *a, size_t n, const uint32_t *b, size_t m, int32_t *match)
{
    size_t count = 0;
    struct anchor *anchors = find_anchors(a, n, b, m, &count);
    uint32_t a_end = (uint32_t)n, b_end = (uint32_t)m; /* where what is matched already begins: runs may overlap */
    for (int32_t i = longest_line(anchors, count); i >= 0; i = anchors[i].before) {
        uint32_t at = anchors[i].a, b_at = anchors[i].b;
        for (uint32_t k = 0; k < SHINGLE && at + k < a_end && b_at + k < b_end; k++)
            match[at + k] = (int32_t)(b_at + k);
        a_end = at;
        b_end = b_at;
    }
    free(anchors);
}

/* -- the whole -------------------------------------------------------------------------------------------------------------------- */

/* The stretch between two matches: equal ends first, then the rest exactly if the budget allows. */
static bool match_gap(const uint32_t *a, size_t from, size_t to, const uint32_t *b, size_t b_from, size_t b_to, uint64_t *budget,
                      int32_t *match)
{
    while (from < to && b_from < b_to && a[from] == b[b_from])
        match[from++] = (int32_t)b_from++;
    while (from < to && b_from < b_to && a[to - 1] == b[b_to - 1])
        match[--to] = (int32_t)--b_to;
    if (from == to || b_from == b_to)
        return true;
    uint64_t cells = (uint64_t)(to - from + BLOCK) * (uint64_t)(b_to - b_from + BLOCK);
    if (cells > *budget)
        return false;
    *budget -= cells;
    match_exactly(a + from, to - from, b + b_from, b_to - b_from, match + from, (int32_t)b_from);
    return true;
}

bool lcs_match(const uint32_t *a, size_t n, const uint32_t *b, size_t m, uint64_t budget, int32_t *match)
{
    CHECK(n < INT32_MAX && m < INT32_MAX);
    if (n)
        memset(match, 0xff, n * sizeof *match);
    if (match_gap(a, 0, n, b, 0, m, &budget, match))
        return true;
    if (n)
        memset(match, 0xff, n * sizeof *match);
    match_anchors(a, n, b, m, match);
    for (size_t from = 0, b_from = 0; from <= n;) {
        size_t to = from;
        while (to < n && match[to] < 0)
            to++;
        size_t b_to = to < n ? (size_t)match[to] : m;
        (void)match_gap(a, from, to, b, b_from, b_to, &budget, match);
        b_from = b_to + 1;
        from = to + 1;
    }
    return false;
}
