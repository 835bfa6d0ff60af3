#include "core/odds.h"

#include <math.h>

static double dial_or(const struct dials *d, enum dial_id id, double neutral)
{
    return d->on[id] ? d->value[id] : neutral;
}

/* The choices while they are reshaped: weights, the likeliest 1 at first; the rest as `count` tokens of one weight. */
struct weights {
    double *known, one;    /* one: of each token of the rest */
    double count;
};

static double sum_of(const struct weights *w, int known)
{
    double sum = w->one * w->count;
    for (int i = 0; i < known; i++)
        sum += w->known[i];
    return sum;
}

static void weigh(struct weights *w, const struct odds_choices *c, double temperature)
{
    double most = c->list[0].odds;
    for (int i = 0; i < c->count; i++)
        w->known[i] = pow(c->list[i].odds / most, 1 / temperature);
    double each = fmin(c->each, most);
    w->count = c->rest > 0 && each > 0 ? ceil(c->rest / each - 1e-9) : 0;
    w->one = w->count > 0 ? pow(c->rest / w->count / most, 1 / temperature) : 0;
}

static void drop_unlikely(struct weights *w, int known, double least)
{
    for (int i = 0; i < known; i++)
        if (w->known[i] < least)
            w->known[i] = 0;
    if (w->one < least)
        w->count = 0;
}

/* At most `most` tokens stay, and no more than are needed for a sum of `mass`: the known ones first, which are the likeliest. */
static void cut(struct weights *w, int known, double most, double mass)
{
    double sum = 0;
    for (int i = 0; i < known; i++) {
        if (most < 1 || sum >= mass)
            w->known[i] = 0;
        sum += w->known[i];
        most -= w->known[i] > 0 ? 1 : 0;
    }
    double room = w->one > 0 ? ceil(fmax(mass - sum, 0) / w->one - 1e-9) : 0;
    w->count = fmin(w->count, fmin(fmax(most, 0), room));
}

void odds_reshape(const struct odds_choices *c, const struct dials *d, double *after, double *rest)
{
    struct weights w = {.known = after};
    double temperature = dial_or(d, DIAL_TEMPERATURE, 1), top_k = dial_or(d, DIAL_TOP_K, 0), top_p = dial_or(d, DIAL_TOP_P, 1);
    *rest = 0;
    for (int i = 0; i < c->count; i++)
        after[i] = i == 0;
    if (c->count == 0 || temperature < 1e-3 || !(c->list[0].odds > 0))
        return;
    weigh(&w, c, temperature);
    drop_unlikely(&w, c->count, fmin(dial_or(d, DIAL_MIN_P, 0), 1));
    if (top_k > 0)
        cut(&w, c->count, top_k, INFINITY);
    if (top_p < 1)
        cut(&w, c->count, INFINITY, fmax(top_p, 1e-9) * sum_of(&w, c->count));
    double sum = sum_of(&w, c->count);
    for (int i = 0; i < c->count; i++)
        after[i] /= sum;
    *rest = w.one * w.count / sum;
}
