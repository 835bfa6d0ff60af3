#include "tests/muse/reference.h"
#include "core/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reference {
    const struct weights *w;
    int capacity, length;
    float *x, *h, *qkv, *mixed, *hidden, *odds, *logits;
    float *keys, *values; /* [layers, capacity, dim] */
};

static float *floats(int count)
{
    return mem_new((size_t)count, sizeof(float));
}

struct reference *reference_new(const struct weights *w, int capacity)
{
    struct reference *r = mem_new(1, sizeof *r);
    const struct shape *s = &w->shape;
    r->w = w;
    r->capacity = capacity;
    r->x = floats(s->dim);
    r->h = floats(s->dim);
    r->qkv = floats(3 * s->dim);
    r->mixed = floats(s->dim);
    r->hidden = floats(s->hidden);
    r->odds = floats(capacity);
    r->logits = floats(s->vocab);
    r->keys = floats(s->layers * capacity * s->dim);
    r->values = floats(s->layers * capacity * s->dim);
    return r;
}

void reference_free(struct reference *r)
{
    float *parts[] = {r->x, r->h, r->qkv, r->mixed, r->hidden, r->odds, r->logits, r->keys, r->values};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        free(parts[i]);
    free(r);
}

void reference_reset(struct reference *r)
{
    r->length = 0;
}

static void rms(float *out, const float *x, const float *gain, int count)
{
    float sum = 0;
    for (int i = 0; i < count; i++)
        sum += x[i] * x[i];
    float inverse = 1.0F / sqrtf(sum / (float)count + 1e-6F);
    for (int i = 0; i < count; i++)
        out[i] = x[i] * inverse * (gain ? gain[i] : 1.0F);
}

static void times(float *out, const float *matrix, const float *x, int rows, int columns)
{
    for (int i = 0; i < rows; i++) {
        float sum = 0;
        for (int j = 0; j < columns; j++)
            sum += matrix[(size_t)i * (size_t)columns + (size_t)j] * x[j];
        out[i] = sum;
    }
}

static void rotate(float *x, int width, int position)
{
    for (int i = 0; i < width / 2; i++) {
        double angle = position * pow(10000.0, -2.0 * i / width);
        float a = x[i], b = x[i + width / 2], c = (float)cos(angle), s = (float)sin(angle);
        x[i] = a * c - b * s;
        x[i + width / 2] = a * s + b * c;
    }
}

static void attend(struct reference *r, int layer, int head)
{
    int dim = r->w->shape.dim, width = dim / r->w->shape.heads;
    float *query = r->qkv + head * width, *out = r->mixed + head * width;
    const float *keys = r->keys + layer * r->capacity * dim + head * width, *values = r->values + layer * r->capacity * dim + head * width;
    float scale = 0.12F * sqrtf(64.0F / (float)width), sum = 0;
    for (int t = 0; t <= r->length; t++) {
        float dot = 0;
        for (int i = 0; i < width; i++)
            dot += query[i] * keys[t * dim + i];
        sum += r->odds[t] = expf(dot * scale);
    }
    memset(out, 0, (size_t)width * sizeof *out);
    for (int t = 0; t <= r->length; t++)
        for (int i = 0; i < width; i++)
            out[i] += r->odds[t] / sum * values[t * dim + i];
}

static void pass(struct reference *r, int layer)
{
    const struct layer_weights *l = &r->w->layer[layer];
    int dim = r->w->shape.dim, hidden = r->w->shape.hidden, heads = r->w->shape.heads, width = dim / heads;
    rms(r->h, r->x, l->norm1, dim);
    times(r->qkv, l->qkv, r->h, 3 * dim, dim);
    for (int part = 0; part < 2 * heads; part++) {
        rms(r->qkv + part * width, r->qkv + part * width, NULL, width);
        rotate(r->qkv + part * width, width, r->length);
    }
    memcpy(r->keys + (layer * r->capacity + r->length) * dim, r->qkv + dim, (size_t)dim * sizeof *r->qkv);
    memcpy(r->values + (layer * r->capacity + r->length) * dim, r->qkv + 2 * dim, (size_t)dim * sizeof *r->qkv);
    for (int head = 0; head < heads; head++)
        attend(r, layer, head);
    times(r->h, l->out, r->mixed, dim, dim);
    for (int i = 0; i < dim; i++)
        r->x[i] += r->h[i];
    rms(r->h, r->x, l->norm2, dim);
    times(r->hidden, l->up, r->h, hidden, dim);
    for (int i = 0; i < hidden; i++)
        r->hidden[i] = r->hidden[i] > 0 ? r->hidden[i] * r->hidden[i] : 0;
    times(r->h, l->down, r->hidden, dim, hidden);
    for (int i = 0; i < dim; i++)
        r->x[i] += r->h[i];
}

const float *reference_step(struct reference *r, int token)
{
    int dim = r->w->shape.dim;
    CHECK(r->length < r->capacity);
    rms(r->x, r->w->embedding + (size_t)token * (size_t)dim, NULL, dim);
    for (int layer = 0; layer < r->w->shape.layers; layer++)
        pass(r, layer);
    rms(r->h, r->x, r->w->final_norm, dim);
    times(r->logits, r->w->embedding, r->h, r->w->shape.vocab, dim);
    r->length++;
    return r->logits;
}

double reference_loss(const struct reference *r, int next)
{
    double sum = 0;
    for (int i = 0; i < r->w->shape.vocab; i++)
        sum += exp((double)r->logits[i]);
    return log(sum) - (double)r->logits[next];
}
