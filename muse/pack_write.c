#include "muse/pack_write.h"
#include "core/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static float largest(const float *row, int count)
{
    float most = 0;
    for (int i = 0; i < count; i++)
        most = fmaxf(most, fabsf(row[i]));
    return most;
}

static float rounded(float value)
{
    return fminf(fmaxf(rintf(value), -127.0F), 127.0F);
}

static double error_of(const float *row, int count, float scale)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        double off = (double)(row[i] - scale * rounded(row[i] / scale));
        sum += off * off;
    }
    return sum;
}

/* Cutting a row's few largest weights a little makes the steps of all others finer: the scale is searched from that of the largest weight
 * downwards. */
float quantise_row(const float *row, int count, int8_t *out)
{
    float whole = largest(row, count) / 127.0F, best = whole;
    if (!(whole > 0) || !isfinite(whole)) {
        memset(out, 0, (size_t)count);
        return 0;
    }
    double least = error_of(row, count, whole);
    for (int percent = 99; percent >= 75; percent -= 2) {
        float scale = whole * (float)percent / 100.0F;
        double error = error_of(row, count, scale);
        if (error < least) {
            least = error;
            best = scale;
        }
    }
    for (int i = 0; i < count; i++)
        out[i] = (int8_t)rounded(row[i] / best);
    return best;
}

/* The sections are const to all but their maker. */
static void put_matrix(const struct quantised *q, const float *from)
{
    int8_t *weights = (int8_t *)(uintptr_t)q->weights, *row = mem_new((size_t)q->columns, 1);
    float *scale = (float *)(uintptr_t)q->scale;
    for (int i = 0; i < q->rows; i++) {
        scale[i] = quantise_row(from + (size_t)i * (size_t)q->columns, q->columns, row);
        size_t panel = (size_t)(i / PANEL) * (size_t)q->columns * PANEL;
        for (int j = 0; j < q->columns; j++)
            weights[panel + (size_t)(j / 2 * 2 * PANEL + i % PANEL * 2 + j % 2)] = row[j];
    }
    free(row);
}

static void put_gains(const float *section, const float *from, int count)
{
    memcpy((float *)(uintptr_t)section, from, (size_t)count * sizeof *from);
}

static void put_layer(const struct pack_layer *l, const struct layer_weights *from, int dim)
{
    put_gains(l->norm1, from->norm1, dim);
    put_gains(l->norm2, from->norm2, dim);
    put_matrix(&l->qkv, from->qkv);
    put_matrix(&l->out, from->out);
    put_matrix(&l->up, from->up);
    put_matrix(&l->down, from->down);
}

void pack_write(struct str *out, enum pack_language language, const struct weights *w, struct span vocab)
{
    const struct shape *s = &w->shape;
    struct pack p = {.shape = *s, .vocab.len = vocab.len};
    CHECK(out->len == 0 && shape_valid(s) && vocab.len <= PACK_VOCAB_MAX);
    size_t size = pack_lay_out(&p, NULL);
    char *file = NULL;
    if (posix_memalign((void **)&file, PACK_ALIGNMENT, size) != 0)
        check_fail(__FILE__, __LINE__, "memory");
    memset(file, 0, size);
    pack_lay_out(&p, file);
    memcpy((char *)(uintptr_t)p.vocab.s, vocab.s, vocab.len);
    put_matrix(&p.embedding, w->embedding);
    for (int i = 0; i < s->layers; i++)
        put_layer(&p.layer[i], &w->layer[i], s->dim);
    put_gains(p.final_norm, w->final_norm, s->dim);
    struct pack_head h = {.version = PACK_VERSION,
                          .language = (uint32_t)language,
                          .vocab = (uint32_t)s->vocab,
                          .dim = (uint32_t)s->dim,
                          .layers = (uint32_t)s->layers,
                          .heads = (uint32_t)s->heads,
                          .hidden = (uint32_t)s->hidden,
                          .context = (uint32_t)s->context,
                          .vocab_bytes = (uint32_t)vocab.len,
                          .size = size};
    memcpy(h.magic, PACK_MAGIC, sizeof h.magic);
    memcpy(file, &h, sizeof h);
    h.checksum = pack_checksum(file, size);
    memcpy(file, &h, sizeof h);
    str_add(out, (struct span){file, size});
    free(file);
}
