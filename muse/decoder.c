#include "muse/decoder.h"
#include "core/mem.h"
#include "muse/arithmetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX  16 /* tokens that are computed together; more come in turns */
#define ROPE_BASE 10000.0

/* A token on its way through the layers. */
struct row {
    int lane, position, token;
    bool last; /* its logits are wanted */
};

struct decoder {
    const struct pack *pack;
    const struct arithmetic *with;
    int lanes, capacity;
    int room;               /* capacity, up to a multiple of 16 */
    int width;              /* of a head */
    int *length;            /* [lanes] */
    int16_t *keys, *values; /* [lanes, layers, heads] of what struct past tells */
    float *scales;          /* [lanes, layers, heads, room] */
    float *logits;          /* [lanes, logits_step] */
    size_t logits_step;
    float *cosine, *sine; /* [capacity, width / 2] */

    float *stream;     /* [ROWS_MAX, dim]: what each layer adds to */
    float *wide;       /* [ROWS_MAX, 3 · dim or hidden] */
    float *small;      /* [ROWS_MAX, dim] */
    float *scratch;    /* for attention */
    struct vectors in; /* of a product: at most ROWS_MAX, of dim or hidden */
};

static void *aligned_new(size_t count, size_t size)
{
    void *memory;
    CHECK(count < SIZE_MAX / 2 / size);
    if (posix_memalign(&memory, 64, count * size + 64) != 0)
        check_fail(__FILE__, __LINE__, "memory");
    memset(memory, 0, count * size);
    return memory;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void make_turns(struct decoder *d)
{
    size_t half = (size_t)d->width / 2, count = (size_t)d->capacity;
    d->cosine = aligned_new(count * half, sizeof *d->cosine);
    d->sine = aligned_new(count * half, sizeof *d->sine);
    for (size_t i = 0; i < half; i++) {
        double frequency = pow(ROPE_BASE, -(double)i / (double)half);
        for (size_t position = 0; position < count; position++) {
            d->cosine[position * half + i] = (float)cos((double)position * frequency);
            d->sine[position * half + i] = (float)sin((double)position * frequency);
        }
    }
}

struct decoder *decoder_new(const struct pack *p, int lanes, int capacity)
{
    CHECK(lanes > 0 && capacity > 0 && capacity <= CONTEXT_MAX);
    struct decoder *d = mem_new(1, sizeof *d);
    size_t dim = (size_t)p->shape.dim, hidden = (size_t)p->shape.hidden, rows = ROWS_MAX;
    d->pack = p;
    d->with = arithmetic_best();
    d->lanes = lanes;
    d->capacity = capacity;
    d->room = (capacity + 15) / 16 * 16;
    d->width = p->shape.dim / p->shape.heads;
    d->length = mem_new((size_t)lanes, sizeof *d->length);
    size_t memory = (size_t)lanes * (size_t)p->shape.layers * dim * (size_t)d->room;
    d->keys = aligned_new(memory, sizeof *d->keys);
    d->values = aligned_new(memory, sizeof *d->values);
    d->scales = aligned_new(memory / (size_t)d->width, sizeof *d->scales);
    d->logits_step = (size_t)quantised_panels(&p->embedding) * PANEL;
    d->logits = aligned_new((size_t)lanes * d->logits_step, sizeof *d->logits);
    make_turns(d);
    d->stream = aligned_new(rows * dim, sizeof *d->stream);
    d->wide = aligned_new(rows * larger(3 * dim, hidden), sizeof *d->wide);
    d->small = aligned_new(rows * dim, sizeof *d->small);
    d->scratch = aligned_new(attention_room(capacity), sizeof *d->scratch);
    d->in.values = aligned_new(rows * larger(dim, hidden), sizeof *d->in.values);
    d->in.scale = aligned_new(rows, sizeof *d->in.scale);
    return d;
}

void decoder_free(struct decoder *d)
{
    if (!d)
        return;
    void *parts[] = {d->length, d->keys, d->values, d->scales,  d->logits,    d->cosine,   d->sine,
                     d->stream, d->wide, d->small,  d->scratch, d->in.values, d->in.scale, d};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        free(parts[i]);
}

const struct pack *decoder_pack(const struct decoder *d)
{
    return d->pack;
}

void decoder_use(struct decoder *d, const struct arithmetic *a)
{
    d->with = a;
}

static int checked(const struct decoder *d, int lane)
{
    CHECK(lane >= 0 && lane < d->lanes);
    return lane;
}

int decoder_length(const struct decoder *d, int lane)
{
    return d->length[checked(d, lane)];
}

int decoder_capacity(const struct decoder *d)
{
    return d->capacity;
}

void decoder_rewind(struct decoder *d, int lane, int length)
{
    CHECK(length >= 0 && length <= decoder_length(d, lane));
    d->length[lane] = length;
}

const float *decoder_logits(const struct decoder *d, int lane)
{
    return d->logits + (size_t)checked(d, lane) * d->logits_step;
}

static struct past past_of(const struct decoder *d, int lane, int layer, int head)
{
    const struct shape *s = &d->pack->shape;
    size_t heads = ((size_t)lane * (size_t)s->layers + (size_t)layer) * (size_t)s->heads + (size_t)head;
    size_t at = heads * (size_t)d->room, width = (size_t)d->width;
    return (struct past){d->keys + at * width, d->values + at * width, d->scales + at, d->width};
}

void decoder_copy(struct decoder *d, int to, int from)
{
    const struct shape *s = &d->pack->shape;
    size_t used = ((size_t)decoder_length(d, from) + 15) / 16 * 16, bytes = used * (size_t)d->width * sizeof *d->keys;
    if (checked(d, to) == from)
        return;
    for (int layer = 0; layer < s->layers; layer++)
        for (int head = 0; head < s->heads; head++) {
            struct past there = past_of(d, to, layer, head), here = past_of(d, from, layer, head);
            memcpy(there.keys, here.keys, bytes);
            memcpy(there.values, here.values, bytes);
            memcpy(there.scale, here.scale, used * sizeof *here.scale);
        }
    memcpy(d->logits + (size_t)to * d->logits_step, d->logits + (size_t)from * d->logits_step, d->logits_step * sizeof *d->logits);
    d->length[to] = d->length[from];
}

/* y (+)= W x for all rows, where x are `from`'s rows of q->columns floats and `to` the rows of y. */
static void apply(struct decoder *d, const struct quantised *q, const float *from, int count, float *const *to, bool add)
{
    d->in.count = count;
    for (int r = 0; r < count; r++)
        d->with->set(&d->in, r, from + (size_t)r * (size_t)q->columns, q->columns);
    d->with->product(q, &d->in, to, add);
}

static void point(float **rows, float *to, int count, size_t step)
{
    for (int r = 0; r < count; r++)
        rows[r] = to + (size_t)r * step;
}

static void norm_rows(struct decoder *d, const float *gain, int count)
{
    size_t dim = (size_t)d->pack->shape.dim;
    for (int r = 0; r < count; r++)
        d->with->norm(d->small + (size_t)r * dim, d->stream + (size_t)r * dim, gain, (int)dim);
}

/* Turns a row's query, and its key on the way into memory, where its value goes too. */
static void remember(struct decoder *d, int layer, const struct row *row, float *qkv)
{
    ptrdiff_t dim = d->pack->shape.dim, width = d->width;
    const float *cosine = d->cosine + row->position * (width / 2), *sine = d->sine + row->position * (width / 2);
    for (int head = 0; head < d->pack->shape.heads; head++) {
        float *query = qkv + head * width, *key = query + dim, *value = key + dim;
        struct past past = past_of(d, row->lane, layer, head);
        d->with->turn(query, cosine, sine, d->width);
        d->with->turn(key, cosine, sine, d->width);
        d->with->keep(&past, row->position, key, value);
    }
}

static void attend(struct decoder *d, int layer, const struct row *row, const float *qkv, float *out)
{
    ptrdiff_t width = d->width;
    float scale = 0.12F * sqrtf(64.0F / (float)width);
    for (int head = 0; head < d->pack->shape.heads; head++) {
        struct past past = past_of(d, row->lane, layer, head);
        d->with->attend(out + head * width, qkv + head * width, &past, row->position + 1, scale, d->scratch);
    }
}

static void pass_layer(struct decoder *d, int layer, const struct row *rows, int count)
{
    const struct pack_layer *l = &d->pack->layer[layer];
    size_t dim = (size_t)d->pack->shape.dim, hidden = (size_t)d->pack->shape.hidden;
    float *stream[ROWS_MAX] = {0}, *wide[ROWS_MAX] = {0};
    point(stream, d->stream, count, dim);
    point(wide, d->wide, count, 3 * dim);
    norm_rows(d, l->norm1, count);
    apply(d, &l->qkv, d->small, count, wide, false);
    for (int r = 0; r < count; r++)
        remember(d, layer, &rows[r], wide[r]);
    for (int r = 0; r < count; r++)
        attend(d, layer, &rows[r], wide[r], d->small + (size_t)r * dim);
    apply(d, &l->out, d->small, count, stream, true);
    norm_rows(d, l->norm2, count);
    point(wide, d->wide, count, hidden);
    apply(d, &l->up, d->small, count, wide, false);
    d->with->square_relu(d->wide, count * (int)hidden);
    apply(d, &l->down, d->wide, count, stream, true);
}

/* The logits of those rows that want them. */
static void finish(struct decoder *d, const struct row *rows, int count)
{
    size_t dim = (size_t)d->pack->shape.dim;
    float *logits[ROWS_MAX] = {0};
    int wanted = 0;
    for (int r = 0; r < count; r++) {
        if (!rows[r].last)
            continue;
        d->with->norm(d->small + (size_t)wanted * dim, d->stream + (size_t)r * dim, d->pack->final_norm, (int)dim);
        logits[wanted++] = d->logits + (size_t)rows[r].lane * d->logits_step;
    }
    if (wanted)
        apply(d, &d->pack->embedding, d->small, wanted, logits, false);
}

static void pass(struct decoder *d, const struct row *rows, int count)
{
    int dim = d->pack->shape.dim;
    for (int r = 0; r < count; r++) {
        float *x = d->stream + (ptrdiff_t)r * dim;
        CHECK(rows[r].token >= 0 && rows[r].token < d->pack->shape.vocab && rows[r].position < d->capacity);
        quantised_row(&d->pack->embedding, rows[r].token, x);
        d->with->norm(x, x, NULL, dim);
    }
    for (int layer = 0; layer < d->pack->shape.layers; layer++)
        pass_layer(d, layer, rows, count);
    finish(d, rows, count);
}

void decoder_step(struct decoder *d, const int *lanes, const int *tokens, int count)
{
    for (int from = 0; from < count; from += ROWS_MAX) {
        struct row rows[ROWS_MAX];
        int part = count - from < ROWS_MAX ? count - from : ROWS_MAX;
        for (int i = 0; i < part; i++) {
            int lane = checked(d, lanes[from + i]);
            rows[i] = (struct row){lane, d->length[lane]++, tokens[from + i], true};
        }
        pass(d, rows, part);
    }
}

void decoder_feed(struct decoder *d, int lane, const int *tokens, int count)
{
    CHECK(checked(d, lane) == lane && count >= 0);
    for (int from = 0; from < count; from += ROWS_MAX) {
        struct row rows[ROWS_MAX];
        int part = count - from < ROWS_MAX ? count - from : ROWS_MAX;
        for (int i = 0; i < part; i++)
            rows[i] = (struct row){lane, d->length[lane]++, tokens[from + i], from + i == count - 1};
        pass(d, rows, part);
    }
}
