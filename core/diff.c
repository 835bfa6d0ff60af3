#include "core/diff.h"

#include "core/lcs.h"
#include "core/mem.h"
#include "core/tokens.h"

#include <stdlib.h>
#include <string.h>

/* A small equal stretch between two changes is given up when it weighs at most GIVE_UP and at most half of the lighter change (a single
 * character: as much as it). */
enum { GIVE_UP = 12, ONE_CHARACTER = 2, PASSES = 8 };

/* A hunk in tokens. */
struct stretch {
    size_t a, a_end, b, b_end;
    bool same;
};

struct work {
    struct tokens a, b;
    struct stretch *list;
    size_t count, cap;
};

void diff_release(struct diff *d)
{
    free(d->hunks);
    *d = (struct diff){0};
}

/* -- from matches to stretches ---------------------------------------------------------------------------------------------------- */

/* Appends, joined to the last stretch when that is of the same sort. */
static void add_stretch(struct work *w, struct stretch s)
{
    if (s.a == s.a_end && s.b == s.b_end)
        return;
    struct stretch *last = w->count ? &w->list[w->count - 1] : NULL;
    if (last && last->same == s.same) {
        last->a_end = s.a_end;
        last->b_end = s.b_end;
        return;
    }
    ARRAY_ROOM(w->list, w->count, w->cap);
    w->list[w->count++] = s;
}

static uint32_t *new_ids(const struct tokens *t)
{
    uint32_t *ids = mem_new(t->count + 1, sizeof *ids);
    for (size_t i = 0; i < t->count; i++)
        ids[i] = t->items[i].id;
    return ids;
}

static void match_tokens(struct work *w, struct diff *d)
{
    uint32_t *a = new_ids(&w->a), *b = new_ids(&w->b);
    int32_t *match = mem_new(w->a.count + 1, sizeof *match);
    d->coarse = !lcs_match(a, w->a.count, b, w->b.count, LCS_BUDGET, match);
    size_t i = 0, j = 0;
    for (size_t k = 0; k < w->a.count; k++) {
        if (match[k] < 0)
            continue;
        size_t at = (size_t)match[k];
        add_stretch(w, (struct stretch){i, k, j, at, false});
        add_stretch(w, (struct stretch){k, k + 1, at, at + 1, true});
        i = k + 1;
        j = at + 1;
        d->common++;
    }
    add_stretch(w, (struct stretch){i, w->a.count, j, w->b.count, false});
    free(a);
    free(b);
    free(match);
}

/* -- what a reader does not want to see ------------------------------------------------------------------------------------------- */

static int weigh(const struct tokens *t, size_t from, size_t to)
{
    int weight = 0;
    for (size_t i = from; i < to && weight < 1000; i++)
        weight += token_weight(&t->items[i]);
    return weight;
}

static int weigh_change(const struct work *w, const struct stretch *s)
{
    int a = weigh(&w->a, s->a, s->a_end), b = weigh(&w->b, s->b, s->b_end);
    return a > b ? a : b;
}

/* The equal stretch at `i` lies between two changes and is not worth being told apart. Ends of lines always are. */
static bool is_confetti(const struct work *w, size_t i)
{
    const struct stretch *s = &w->list[i];
    if (!s->same || i == 0 || i + 1 == w->count)
        return false;
    for (size_t k = s->a; k < s->a_end; k++)
        if (w->a.items[k].kind == TOKEN_BREAK)
            return false;
    int weight = weigh(&w->a, s->a, s->a_end);
    int before = weigh_change(w, s - 1), after = weigh_change(w, s + 1), lighter = before < after ? before : after;
    return weight <= GIVE_UP && (weight <= ONE_CHARACTER ? weight <= lighter : 2 * weight <= lighter);
}

/* True when anything was given up. */
static bool drop_confetti(struct work *w)
{
    struct work out = {.a = w->a, .b = w->b};
    bool dropped = false;
    for (size_t i = 0; i < w->count; i++) {
        struct stretch s = w->list[i];
        if (is_confetti(w, i)) {
            s.same = false;
            dropped = true;
        }
        add_stretch(&out, s);
    }
    free(w->list);
    *w = out;
    return dropped;
}

/* How well a change may begin or end between token at - 1 and token at. */
static int border_score(const struct tokens *t, size_t at)
{
    if (at == 0 || at == t->count)
        return 5;
    enum token_kind before = t->items[at - 1].kind, after = t->items[at].kind;
    if (before == TOKEN_BREAK)
        return 5;
    if (after == TOKEN_BREAK)
        return 4;
    if (before == TOKEN_MARK && after != TOKEN_MARK)
        return 3;
    return before == TOKEN_SPACE ? 2 : after == TOKEN_MARK;
}

static int place_score(const struct tokens *t, size_t from, size_t to)
{
    return border_score(t, from) + border_score(t, to);
}

/* A stretch of one text alone could as well stand a little to the left or right, where the same tokens come round: moves it to the best
 * of these places. Returns by how much. */
static ptrdiff_t best_shift(const struct tokens *t, size_t from, size_t to, size_t left, size_t right)
{
    ptrdiff_t best = 0;
    int score = place_score(t, from, to);
    for (size_t k = 1; k <= left && t->items[from - k].id == t->items[to - k].id; k++)
        if (place_score(t, from - k, to - k) > score) {
            score = place_score(t, from - k, to - k);
            best = -(ptrdiff_t)k;
        }
    for (size_t k = 1; k <= right && t->items[from + k - 1].id == t->items[to + k - 1].id; k++)
        if (place_score(t, from + k, to + k) > score) {
            score = place_score(t, from + k, to + k);
            best = (ptrdiff_t)k;
        }
    return best;
}

static void shift(size_t *place, ptrdiff_t by)
{
    *place = (size_t)((ptrdiff_t)*place + by);
}

/* Equal stretches at the texts' ends may vanish, those between two changes may not. */
static void shift_changes(struct work *w)
{
    for (size_t i = 1; i + 1 < w->count; i++) {
        struct stretch *s = &w->list[i], *before = s - 1, *after = s + 1;
        bool gone = s->b == s->b_end, come = s->a == s->a_end;
        if (s->same || gone == come)
            continue;
        size_t left = before->a_end - before->a - (i > 1), right = after->a_end - after->a - (i + 2 < w->count);
        ptrdiff_t by = gone ? best_shift(&w->a, s->a, s->a_end, left, right) : best_shift(&w->b, s->b, s->b_end, left, right);
        size_t *places[] = {&before->a_end, &before->b_end, &s->a, &s->a_end, &s->b, &s->b_end, &after->a, &after->b};
        for (size_t k = 0; k < COUNT_OF(places); k++)
            shift(places[k], by);
    }
}

/* -- the whole -------------------------------------------------------------------------------------------------------------------- */

static size_t byte_of(const struct tokens *t, size_t token)
{
    if (token < t->count)
        return t->items[token].start;
    return t->count ? t->items[t->count - 1].end : 0;
}

static void add_hunk(struct diff *d, const struct work *w, const struct stretch *s)
{
    if (s->a == s->a_end && s->b == s->b_end)
        return;
    enum diff_kind kind = s->same             ? DIFF_SAME
                          : s->a == s->a_end ? DIFF_ADDED
                          : s->b == s->b_end ? DIFF_REMOVED
                                             : DIFF_CHANGED;
    ARRAY_ROOM(d->hunks, d->count, d->cap);
    d->hunks[d->count++] = (struct diff_hunk){kind, byte_of(&w->a, s->a), byte_of(&w->a, s->a_end), byte_of(&w->b, s->b),
                                              byte_of(&w->b, s->b_end)};
}

void diff_make(struct diff *d, struct span a, struct span b)
{
    struct vocabulary words = {0};
    struct work w = {.count = 0};
    diff_release(d);
    tokens_read(&w.a, a, &words);
    tokens_read(&w.b, b, &words);
    d->a_size = w.a.count;
    d->b_size = w.b.count;
    match_tokens(&w, d);
    for (int pass = 0; pass < PASSES && drop_confetti(&w); pass++)
        ;
    shift_changes(&w);
    for (size_t i = 0; i < w.count; i++)
        add_hunk(d, &w, &w.list[i]);
    vocabulary_release(&words);
    tokens_release(&w.a);
    tokens_release(&w.b);
    free(w.list);
}

int diff_changes(const struct diff *d)
{
    int changes = 0;
    for (int i = 0; i < d->count; i++)
        changes += d->hunks[i].kind != DIFF_SAME;
    return changes;
}

void diff_apply(const struct diff *d, struct span a, struct span b, const bool *taken, struct str *out)
{
    for (int i = 0; i < d->count; i++) {
        const struct diff_hunk *h = &d->hunks[i];
        bool change = h->kind != DIFF_SAME && (!taken || taken[i]);
        str_add(out, change ? span_cut(b, h->b, h->b_end) : span_cut(a, h->a, h->a_end));
    }
}

/* -- likeness --------------------------------------------------------------------------------------------------------------------- */

double diff_likeness(struct span a, struct span b)
{
    struct vocabulary words = {0};
    struct tokens ta = {0}, tb = {0};
    int64_t common = 0, total = 0;
    tokens_read(&ta, a, &words);
    tokens_read(&tb, b, &words);
    int64_t *left = mem_new((size_t)words.count + 1, sizeof *left); /* how often each is still to be met in b */
    for (size_t i = 0; i < ta.count; i++) {
        left[ta.items[i].id]++;
        total += token_weight(&ta.items[i]);
    }
    for (size_t i = 0; i < tb.count; i++) {
        int weight = token_weight(&tb.items[i]);
        total += weight;
        common += left[tb.items[i].id]-- > 0 ? 2 * weight : 0;
    }
    free(left);
    vocabulary_release(&words);
    tokens_release(&ta);
    tokens_release(&tb);
    return total ? (double)common / (double)total : span_equal(span_trim(a), span_trim(b));
}
