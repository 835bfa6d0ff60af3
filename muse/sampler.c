#include "muse/sampler.h"
#include "core/mem.h"
#include "muse/arithmetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t rotated(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

void random_seed(struct random *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = seed;
        z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
        r->state[i] = z ^ z >> 31;
    }
}

uint64_t random_next(struct random *r)
{
    uint64_t *s = r->state, result = rotated(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
}

double random_unit(struct random *r)
{
    return (double)(random_next(r) >> 11) * 0x1p-53;
}

int random_below(struct random *r, int limit)
{
    CHECK(limit > 0);
    return (int)(random_unit(r) * limit);
}

static double value_or(const struct dials *d, enum dial_id id, double neutral)
{
    return d->on[id] ? d->value[id] : neutral;
}

void sampler_from_dials(struct sampler *s, const struct dials *d)
{
    *s = (struct sampler){
        .temperature = value_or(d, DIAL_TEMPERATURE, 1),
        .top_p = value_or(d, DIAL_TOP_P, 1),
        .top_k = (int)value_or(d, DIAL_TOP_K, 0),
        .min_p = value_or(d, DIAL_MIN_P, 0),
        .repetition_penalty = value_or(d, DIAL_REPETITION_PENALTY, 1),
        .presence_penalty = value_or(d, DIAL_PRESENCE_PENALTY, 0),
        .frequency_penalty = value_or(d, DIAL_FREQUENCY_PENALTY, 0),
    };
}

float logits_normaliser(const float *logits, int count)
{
    const struct arithmetic *a = arithmetic_best();
    float most = a->largest(logits, count);
    return most + logf(a->exponents(NULL, logits, count, most, 1));
}

/* What may be picked: tokens with their logits, which become their weights. Sorted by token until a cut moves the likeliest to the
 * front. */
struct choice {
    int *token;
    float *weight;
    int count;
    double sum; /* of the weights */
};

#define SMALL 512 /* choices that need no memory of their own: masks leave few */

struct room {
    int token[SMALL];
    float weight[SMALL];
    void *large;
};

static int allowed_count(const uint64_t *allowed, int count)
{
    int sum = 0;
    for (int word = 0; word < (count + 63) / 64; word++)
        sum += __builtin_popcountll(allowed[word]);
    return sum;
}

static void choice_room(struct choice *c, struct room *r, int count)
{
    r->large = NULL;
    c->token = r->token;
    c->weight = r->weight;
    if (count <= SMALL)
        return;
    r->large = mem_grow(NULL, (size_t)count, sizeof *c->token + sizeof *c->weight);
    c->token = r->large;
    c->weight = (float *)(c->token + count);
}

static void gather(struct choice *c, const float *logits, int count, const uint64_t *allowed)
{
    if (!allowed) {
        for (int i = 0; i < count; i++)
            c->token[i] = i;
        memcpy(c->weight, logits, (size_t)count * sizeof *logits);
        c->count = count;
        return;
    }
    for (int word = 0; word < (count + 63) / 64; word++)
        for (uint64_t bits = allowed[word]; bits; bits &= bits - 1) {
            int token = word * 64 + __builtin_ctzll(bits);
            if (token >= count)
                break;
            c->token[c->count] = token;
            c->weight[c->count++] = logits[token];
        }
}

/* How often each token of the history was said. */
#define HISTORY_MAX 1024
struct said {
    int token[2 * HISTORY_MAX]; /* by hash; token + 1, 0: free */
    int times[2 * HISTORY_MAX];
};

static void count_said(struct said *said, const int *history, int count)
{
    memset(said, 0, sizeof *said);
    for (int i = count > HISTORY_MAX ? count - HISTORY_MAX : 0; i < count; i++) {
        uint32_t at = (uint32_t)history[i] * 2654435769U % (2 * HISTORY_MAX);
        while (said->token[at] && said->token[at] != history[i] + 1)
            at = (at + 1) % (2 * HISTORY_MAX);
        said->token[at] = history[i] + 1;
        said->times[at]++;
    }
}

static float penalised(const struct sampler *s, float logit, int times)
{
    if (s->repetition_penalty > 0)
        logit = (float)(logit > 0 ? logit / s->repetition_penalty : logit * s->repetition_penalty);
    return (float)(logit - s->presence_penalty - s->frequency_penalty * times);
}

/* Where a token stands among the choices, which are sorted by token; -1: nowhere. */
static int place_of(const struct choice *c, int token)
{
    int from = 0, to = c->count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        if (c->token[middle] == token)
            return middle;
        if (c->token[middle] < token)
            from = middle + 1;
        else
            to = middle;
    }
    return -1;
}

static void punish(struct choice *c, const struct sampler *s, const int *history, int count)
{
    struct said said;
    if (count <= 0 || (s->repetition_penalty == 1 && s->presence_penalty == 0 && s->frequency_penalty == 0))
        return;
    count_said(&said, history, count);
    for (int i = 0; i < 2 * HISTORY_MAX; i++) {
        int at = said.token[i] ? place_of(c, said.token[i] - 1) : -1;
        if (at >= 0)
            c->weight[at] = penalised(s, c->weight[at], said.times[i]);
    }
}

static void keep_one(struct choice *c)
{
    int best = 0;
    for (int i = 1; i < c->count; i++)
        if (c->weight[i] > c->weight[best])
            best = i;
    *c = (struct choice){.token = c->token, .weight = c->weight, .count = 1, .sum = 1};
    c->token[0] = c->token[best];
    c->weight[0] = 1;
}

static void swap(struct choice *c, int a, int b)
{
    int token = c->token[a];
    float weight = c->weight[a];
    c->token[a] = c->token[b];
    c->weight[a] = c->weight[b];
    c->token[b] = token;
    c->weight[b] = weight;
}

/* Of equally likely tokens the lower ones come first, so that a cut is the same however the choices lie. */
static bool before(const struct choice *c, int a, float weight, int token)
{
    return c->weight[a] > weight || (c->weight[a] == weight && c->token[a] < token);
}

/* Moves those of [from, to) that come before one of them to the front; returns where that one then stands. */
static int split(struct choice *c, int from, int to)
{
    swap(c, from + (to - from) / 2, to - 1);
    float weight = c->weight[to - 1];
    int token = c->token[to - 1], front = from;
    for (int i = from; i < to - 1; i++)
        if (before(c, i, weight, token))
            swap(c, i, front++);
    swap(c, front, to - 1);
    return front;
}

static double sum_of(const struct choice *c, int from, int to)
{
    double sum = 0;
    for (int i = from; i < to; i++)
        sum += (double)c->weight[i];
    return sum;
}

/* Cuts to the likeliest: at most `most` of them, and no more than are needed for a sum of `mass`. The place of the cut is searched by
 * halves as in quickselect; nothing is sorted. */
static void cut(struct choice *c, int most, double mass)
{
    int from = 0, to = c->count;
    double sum = 0; /* of what comes before `from`, which stays */
    while (from < to) {
        int at = split(c, from, to);
        double front = sum_of(c, from, at);
        if (at >= most || sum + front >= mass) {
            to = at;
            continue;
        }
        sum += front + (double)c->weight[at];
        from = at + 1;
        if (sum >= mass || from >= most)
            break;
    }
    c->count = from;
    c->sum = sum;
}

static void drop_unlikely(struct choice *c, float least)
{
    int kept = 0;
    for (int i = 0; i < c->count; i++)
        if (c->weight[i] >= least)
            swap(c, i, kept++);
    c->count = kept;
    c->sum = sum_of(c, 0, kept);
}

/* Logits become weights, the likeliest 1, and what the dials exclude goes. */
static void weigh(struct choice *c, const struct sampler *s)
{
    const struct arithmetic *a = arithmetic_best();
    float most = a->largest(c->weight, c->count);
    c->sum = (double)a->exponents(c->weight, c->weight, c->count, most, (float)(1 / s->temperature));
    if (s->min_p > 0)
        drop_unlikely(c, (float)fmin(s->min_p, 1));
    bool some = s->top_k > 0 && s->top_k < c->count;
    if (some)
        cut(c, s->top_k, INFINITY);
    if (s->top_p < 1)
        cut(c, c->count, fmax(s->top_p, 0) * c->sum);
}

/* All that can be picked, with weights; false when there is nothing. */
static bool choose(struct choice *c, struct room *room, const struct sampler *s, const float *logits, int count, const uint64_t *allowed,
                   const int *history, int history_count)
{
    *c = (struct choice){0};
    choice_room(c, room, allowed ? allowed_count(allowed, count) : count);
    gather(c, logits, count, allowed);
    if (c->count <= 0)
        return false;
    punish(c, s, history, history_count);
    if (s->temperature < 1e-3)
        keep_one(c);
    else
        weigh(c, s);
    return true;
}

static int pick(const struct choice *c, double at)
{
    for (int i = 0; i < c->count; i++) {
        at -= (double)c->weight[i];
        if (at < 0)
            return c->token[i];
    }
    return c->token[c->count - 1];
}

int sampler_pick(const struct sampler *s, const float *logits, int count, const uint64_t *allowed, const int *history, int history_count,
                 struct random *r, float *logprob)
{
    struct choice c;
    struct room room;
    int token = -1;
    if (choose(&c, &room, s, logits, count, allowed, history, history_count))
        token = c.count == 1 ? c.token[0] : pick(&c, random_unit(r) * c.sum);
    if (token >= 0 && logprob)
        *logprob = logits[token] - logits_normaliser(logits, count);
    free(room.large);
    return token;
}

bool sampler_odds(const struct sampler *s, const float *logits, int count, const uint64_t *allowed, const int *history, int history_count,
                  float *odds)
{
    struct choice c;
    struct room room;
    memset(odds, 0, (size_t)count * sizeof *odds);
    bool some = choose(&c, &room, s, logits, count, allowed, history, history_count);
    for (int i = 0; some && i < c.count; i++)
        odds[c.token[i]] = (float)((double)c.weight[i] / c.sum);
    free(room.large);
    return some;
}
