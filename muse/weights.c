#include "muse/weights.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FLOATS_MAGIC 0x4d555345
#define FLOATS_MAX   ((size_t)1 << 29) /* bytes of a file of floats */

bool shape_valid(const struct shape *s)
{
    if (s->vocab < 16 || s->vocab > VOCAB_MAX || s->layers < 1 || s->layers > LAYERS_MAX)
        return false;
    if (s->dim < 16 || s->dim > DIM_MAX || s->dim % 16 || s->hidden < 16 || s->hidden > HIDDEN_MAX || s->hidden % 16)
        return false;
    if (s->heads < 1 || s->dim % s->heads || s->dim / s->heads % 16)
        return false;
    return s->context >= 16 && s->context <= CONTEXT_MAX;
}

/* Hands out the block's floats in the order of the file; returns how many a model of this shape takes. */
static size_t lay_out(struct weights *w, float *all)
{
    size_t d = (size_t)w->shape.dim, hidden = (size_t)w->shape.hidden;
    float *next = all;
    w->embedding = next;
    next += (size_t)w->shape.vocab * d;
    for (int i = 0; i < w->shape.layers; i++) {
        struct layer_weights *l = &w->layer[i];
        l->norm1 = next;
        l->qkv = l->norm1 + d;
        l->out = l->qkv + 3 * d * d;
        l->norm2 = l->out + d * d;
        l->up = l->norm2 + d;
        l->down = l->up + hidden * d;
        next = l->down + d * hidden;
    }
    w->final_norm = next;
    return (size_t)(next + d - all);
}

size_t shape_weights(const struct shape *s)
{
    size_t d = (size_t)s->dim, layer = 2 * d + 4 * d * d + 2 * (size_t)s->hidden * d;
    return (size_t)s->vocab * d + (size_t)s->layers * layer + d;
}

void weights_init(struct weights *w, const struct shape *s)
{
    CHECK(shape_valid(s));
    *w = (struct weights){.shape = *s, .count = shape_weights(s)};
    w->all = mem_new(w->count, sizeof *w->all);
    CHECK(lay_out(w, w->all) == w->count);
}

void weights_release(struct weights *w)
{
    free(w->all);
    *w = (struct weights){0};
}

static void expand(float *to, const struct quantised *from)
{
    for (int row = 0; row < from->rows; row++)
        quantised_row(from, row, to + (size_t)row * (size_t)from->columns);
}

void weights_from_pack(struct weights *w, const struct pack *p)
{
    size_t gains = (size_t)p->shape.dim * sizeof(float);
    weights_init(w, &p->shape);
    expand(w->embedding, &p->embedding);
    for (int i = 0; i < p->shape.layers; i++) {
        const struct pack_layer *from = &p->layer[i];
        struct layer_weights *to = &w->layer[i];
        memcpy(to->norm1, from->norm1, gains);
        memcpy(to->norm2, from->norm2, gains);
        expand(to->qkv, &from->qkv);
        expand(to->out, &from->out);
        expand(to->up, &from->up);
        expand(to->down, &from->down);
    }
    memcpy(w->final_norm, p->final_norm, gains);
}

static bool take_floats(struct weights *w, struct span bytes)
{
    int32_t head[8];
    if (bytes.len < sizeof head)
        return false;
    memcpy(head, bytes.s, sizeof head);
    struct shape s = {head[1], head[2], head[3], head[4], head[5], head[6]};
    if (head[0] != FLOATS_MAGIC || head[7] != 0 || !shape_valid(&s))
        return false;
    if (bytes.len - sizeof head != shape_weights(&s) * sizeof(float))
        return false;
    weights_init(w, &s);
    memcpy(w->all, bytes.s + sizeof head, w->count * sizeof *w->all);
    return true;
}

bool weights_read(struct weights *w, const char *path, struct err *e)
{
    struct str bytes = {0};
    *w = (struct weights){0};
    bool ok = file_read(path, &bytes, FLOATS_MAX, e);
    if (ok && !take_floats(w, str_span(&bytes)))
        ok = err_set(e, ERR_FORMAT, _("%s is not a file of the muse's weights, or not a whole one."), path);
    str_release(&bytes);
    return ok;
}

bool weights_write(const struct weights *w, const char *path, struct err *e)
{
    const struct shape *s = &w->shape;
    int32_t head[8] = {FLOATS_MAGIC, s->vocab, s->dim, s->layers, s->heads, s->hidden, s->context, 0};
    struct str bytes = {0};
    str_add(&bytes, (struct span){(const char *)head, sizeof head});
    str_add(&bytes, (struct span){(const char *)w->all, w->count * sizeof *w->all});
    bool ok = file_write(path, str_span(&bytes), e);
    str_release(&bytes);
    return ok;
}
