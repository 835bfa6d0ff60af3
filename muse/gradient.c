#include "muse/gradient.h"
#include "core/mem.h"
#include "muse/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOGIT_ROWS 512 /* rows of logits at a time: a whole batch of them would be most of the memory */

/* What one layer leaves behind; N is the number of tokens. */
struct layer_tape {
    float *in;                  /* [N, d] */
    float *normed1, *inverse1;  /* [N, d], [N] */
    float *qkv;                 /* [N, 3d], queries and keys normed and turned */
    float *inverse_heads;       /* [N, 2H] of the queries' and keys' norms */
    float *attended;            /* [N, d] */
    float *middle;              /* [N, d] */
    float *normed2, *inverse2;
    float *raised, *squared;    /* [N, F] before and after the activation */
};

struct tape {
    struct shape shape;
    int capacity;
    const struct kernels *kernels;
    struct panels *panels;
    struct layer_tape layer[LAYERS_MAX];
    float *embedded, *inverse_embedded; /* [N, d] rows of the embedding, [N] */
    float *last, *normed, *inverse;     /* [N, d] the stream's end, normed; [N] */
    float *logits;                      /* [LOGIT_ROWS, V] */
    float *d_stream, *d_normed, *d_wide; /* [N, d], [N, d], [N, max(F, 3d)] */
    float *d_part;                      /* [N, d] */
    float *cosine, *sine;               /* [N, HEAD_WIDTH / 2] by position in a document */
    float *scratch;
    float *memory;                      /* all of the above in one block */
};

/* -- memory ------------------------------------------------------------------------------------------------------------------------------- */

/* Hands out parts of the block; a NULL block only counts. */
static float *carve(float *block, size_t *used, int rows, int columns)
{
    float *at = block ? block + *used : NULL;
    *used += ((size_t)rows * (size_t)columns + 15) / 16 * 16;
    return at;
}

static size_t lay_out(struct tape *t, float *block)
{
    const struct shape *s = &t->shape;
    int n = t->capacity, d = s->dim, wide = s->hidden > 3 * d ? s->hidden : 3 * d;
    size_t used = 0;
    for (int i = 0; i < s->layers; i++) {
        struct layer_tape *l = &t->layer[i];
        l->in = carve(block, &used, n, d);
        l->normed1 = carve(block, &used, n, d);
        l->inverse1 = carve(block, &used, n, 1);
        l->qkv = carve(block, &used, n, 3 * d);
        l->inverse_heads = carve(block, &used, n, 2 * s->heads);
        l->attended = carve(block, &used, n, d);
        l->middle = carve(block, &used, n, d);
        l->normed2 = carve(block, &used, n, d);
        l->inverse2 = carve(block, &used, n, 1);
        l->raised = carve(block, &used, n, s->hidden);
        l->squared = carve(block, &used, n, s->hidden);
    }
    t->embedded = carve(block, &used, n, d);
    t->inverse_embedded = carve(block, &used, n, 1);
    t->last = carve(block, &used, n, d);
    t->normed = carve(block, &used, n, d);
    t->inverse = carve(block, &used, n, 1);
    t->logits = carve(block, &used, LOGIT_ROWS, s->vocab);
    t->d_stream = carve(block, &used, n, d);
    t->d_normed = carve(block, &used, n, d);
    t->d_wide = carve(block, &used, n, wide);
    t->d_part = carve(block, &used, n, d);
    t->cosine = carve(block, &used, n, HEAD_WIDTH / 2);
    t->sine = carve(block, &used, n, HEAD_WIDTH / 2);
    t->scratch = carve(block, &used, 1, (int)attention_scratch(n));
    return used;
}

static void make_turns(struct tape *t)
{
    for (int at = 0; at < t->capacity; at++)
        for (int i = 0; i < HEAD_WIDTH / 2; i++) {
            double angle = at * pow(10000.0, -2.0 * i / HEAD_WIDTH);
            t->cosine[at * HEAD_WIDTH / 2 + i] = (float)cos(angle);
            t->sine[at * HEAD_WIDTH / 2 + i] = (float)sin(angle);
        }
}

struct tape *tape_new(const struct shape *s, int capacity)
{
    struct tape *t = mem_new(1, sizeof *t);
    CHECK(shape_valid(s) && s->dim == s->heads * HEAD_WIDTH);
    t->shape = *s;
    t->capacity = capacity;
    t->kernels = kernels_best();
    t->panels = panels_new();
    t->memory = mem_new(lay_out(t, NULL), sizeof(float));
    lay_out(t, t->memory);
    make_turns(t);
    return t;
}

void tape_free(struct tape *t)
{
    if (!t)
        return;
    panels_free(t->panels);
    free(t->memory);
    free(t);
}

int batch_predictions(const struct batch *b)
{
    return b->starts[b->documents] - b->documents;
}

/* -- products as layers use them ------------------------------------------------------------------------------------------------------------ */

/* y[n, rows] (+)= x[n, columns] Wᵀ, with W[rows, columns] */
static void apply(struct tape *t, float *y, const float *x, const float *w, int n, int rows, int columns, int add)
{
    struct matrix weights = matrix_of((float *)w, columns);
    t->kernels->product(t->panels, matrix_of(y, rows), matrix_of((float *)x, columns), matrix_transposed(weights), n, rows, columns, add);
}

/* The way back: d_x[n, columns] = d_y W, and d_w += d_yᵀ x. */
static void apply_back(struct tape *t, float *d_x, float *d_w, const float *d_y, const float *x, const float *w, int n, int rows, int columns)
{
    struct matrix out = matrix_of((float *)d_y, rows);
    t->kernels->product(t->panels, matrix_of(d_x, columns), out, matrix_of((float *)w, columns), n, columns, rows, 0);
    t->kernels->product(t->panels, matrix_of(d_w, columns), matrix_transposed(out), matrix_of((float *)x, columns), rows, columns, n, 1);
}

/* -- attention ------------------------------------------------------------------------------------------------------------------------------ */

static float attention_scale(void)
{
    return 0.12F * sqrtf(64.0F / HEAD_WIDTH);
}

static const float *turn_of(const float *table, int position)
{
    return table + (ptrdiff_t)position * HEAD_WIDTH / 2;
}

/* Norms and turns every query and key of a document. */
static void turn_heads(struct tape *t, struct layer_tape *l, int start, int count)
{
    int d = t->shape.dim, heads = 2 * t->shape.heads;
    for (int i = 0; i < count; i++)
        for (int h = 0; h < heads; h++) {
            float *x = l->qkv + (ptrdiff_t)(start + i) * 3 * d + (ptrdiff_t)h * HEAD_WIDTH;
            l->inverse_heads[(start + i) * heads + h] = t->kernels->head_turn(x, turn_of(t->cosine, i), turn_of(t->sine, i));
        }
}

static void turn_heads_back(struct tape *t, struct layer_tape *l, float *d_qkv, int start, int count)
{
    int d = t->shape.dim, heads = 2 * t->shape.heads;
    for (int i = 0; i < count; i++)
        for (int h = 0; h < heads; h++) {
            ptrdiff_t at = (ptrdiff_t)(start + i) * 3 * d + (ptrdiff_t)h * HEAD_WIDTH;
            t->kernels->head_turn_back(d_qkv + at, l->qkv + at, l->inverse_heads[(start + i) * heads + h], turn_of(t->cosine, i),
                                       turn_of(t->sine, i));
        }
}

/* The attention of one head over one document; `d_qkv` and `d_attended` are NULL on the way forward. */
static struct attention head_of(struct tape *t, struct layer_tape *l, float *d_qkv, const float *d_attended, int head, int start, int count)
{
    int d = t->shape.dim;
    ptrdiff_t at = (ptrdiff_t)start * 3 * d + (ptrdiff_t)head * HEAD_WIDTH, out = (ptrdiff_t)start * d + (ptrdiff_t)head * HEAD_WIDTH;
    struct attention a = {.count = count, .step = 3 * d, .out_step = d, .scale = attention_scale(), .scratch = t->scratch};
    a.q = l->qkv + at, a.k = a.q + d, a.v = a.k + d;
    a.out = l->attended + out;
    if (d_qkv) {
        a.d_q = d_qkv + at, a.d_k = a.d_q + d, a.d_v = a.d_k + d;
        a.d_out = d_attended + out;
    }
    return a;
}

static void attend(struct tape *t, struct layer_tape *l, const struct batch *b)
{
    for (int i = 0; i < b->documents; i++) {
        int start = b->starts[i], count = b->starts[i + 1] - start;
        turn_heads(t, l, start, count);
        for (int h = 0; h < t->shape.heads; h++) {
            struct attention a = head_of(t, l, NULL, NULL, h, start, count);
            t->kernels->attend(&a);
        }
    }
}

static void attend_back(struct tape *t, struct layer_tape *l, float *d_qkv, const float *d_attended, const struct batch *b)
{
    for (int i = 0; i < b->documents; i++) {
        int start = b->starts[i], count = b->starts[i + 1] - start;
        for (int h = 0; h < t->shape.heads; h++) {
            struct attention a = head_of(t, l, d_qkv, d_attended, h, start, count);
            t->kernels->attend_back(&a);
        }
        turn_heads_back(t, l, d_qkv, start, count);
    }
}

/* -- a layer ---------------------------------------------------------------------------------------------------------------------------------- */

/* out = in + attention(norm(in)) + mlp(norm(…)); `out` may be the next layer's `in`. */
static void layer_forward(struct tape *t, int index, const struct weights *w, const struct batch *b, float *out)
{
    const struct kernels *k = t->kernels;
    const struct layer_weights *lw = &w->layer[index];
    struct layer_tape *l = &t->layer[index];
    int n = b->starts[b->documents], d = t->shape.dim, f = t->shape.hidden;
    size_t stream = (size_t)n * (size_t)d;
    k->norm(l->normed1, l->inverse1, l->in, lw->norm1, n, d);
    apply(t, l->qkv, l->normed1, lw->qkv, n, 3 * d, d, 0);
    attend(t, l, b);
    memcpy(l->middle, l->in, stream * sizeof(float));
    apply(t, l->middle, l->attended, lw->out, n, d, d, 1);
    k->norm(l->normed2, l->inverse2, l->middle, lw->norm2, n, d);
    apply(t, l->raised, l->normed2, lw->up, n, f, d, 0);
    k->square_relu(l->squared, l->raised, (size_t)n * (size_t)f);
    memcpy(out, l->middle, stream * sizeof(float));
    apply(t, out, l->squared, lw->down, n, d, f, 1);
}

/* t->d_stream: the gradient at the layer's end on the way in, at its beginning on the way out. */
static void layer_backward(struct tape *t, int index, const struct weights *w, const struct batch *b, struct weights *g)
{
    const struct kernels *k = t->kernels;
    const struct layer_weights *lw = &w->layer[index];
    struct layer_weights *lg = &g->layer[index];
    struct layer_tape *l = &t->layer[index];
    int n = b->starts[b->documents], d = t->shape.dim, f = t->shape.hidden;
    apply_back(t, t->d_wide, lg->down, t->d_stream, l->squared, lw->down, n, d, f);
    k->square_relu_back(t->d_wide, l->raised, (size_t)n * (size_t)f);
    apply_back(t, t->d_normed, lg->up, t->d_wide, l->normed2, lw->up, n, f, d);
    k->norm_back(t->d_stream, lg->norm2, t->d_normed, l->middle, l->inverse2, lw->norm2, n, d);
    apply_back(t, t->d_part, lg->out, t->d_stream, l->attended, lw->out, n, d, d);
    attend_back(t, l, t->d_wide, t->d_part, b);
    apply_back(t, t->d_normed, lg->qkv, t->d_wide, l->normed1, lw->qkv, n, 3 * d, d);
    k->norm_back(t->d_stream, lg->norm1, t->d_normed, l->in, l->inverse1, lw->norm1, n, d);
}

/* -- the two ends ----------------------------------------------------------------------------------------------------------------------------- */

static void embed(struct tape *t, const struct weights *w, const struct batch *b)
{
    int n = b->starts[b->documents], d = t->shape.dim;
    for (int i = 0; i < n; i++)
        memcpy(t->embedded + (ptrdiff_t)i * d, w->embedding + (ptrdiff_t)b->tokens[i] * d, (size_t)d * sizeof(float));
    t->kernels->norm(t->layer[0].in, t->inverse_embedded, t->embedded, NULL, n, d);
}

static void embed_back(struct tape *t, const struct batch *b, struct weights *g)
{
    int n = b->starts[b->documents], d = t->shape.dim;
    memset(t->d_part, 0, (size_t)n * (size_t)d * sizeof(float));
    t->kernels->norm_back(t->d_part, NULL, t->d_stream, t->embedded, t->inverse_embedded, NULL, n, d);
    for (int i = 0; i < n; i++)
        t->kernels->add(g->embedding + (ptrdiff_t)b->tokens[i] * d, t->d_part + (ptrdiff_t)i * d, (size_t)d);
}

/* targets[i]: what token i should be followed by, -1: nothing is predicted there. */
static int *make_targets(const struct batch *b)
{
    int *targets = mem_new((size_t)b->starts[b->documents] + 1, sizeof *targets);
    for (int i = 0; i < b->documents; i++)
        for (int at = b->starts[i]; at < b->starts[i + 1]; at++)
            targets[at] = at + 1 < b->starts[i + 1] ? b->tokens[at + 1] : -1;
    return targets;
}

/* Loss over all rows, LOGIT_ROWS at a time. With a gradient, t->d_normed becomes the gradient at the last norm's output. */
static double logits_loss(struct tape *t, const struct weights *w, const struct batch *b, const int *targets, struct weights *g)
{
    int n = b->starts[b->documents], d = t->shape.dim, vocab = t->shape.vocab;
    float scale = g ? 1.0F / (float)batch_predictions(b) : 0;
    double loss = 0;
    for (int from = 0; from < n; from += LOGIT_ROWS) {
        int rows = n - from < LOGIT_ROWS ? n - from : LOGIT_ROWS;
        const float *x = t->normed + (ptrdiff_t)from * d;
        apply(t, t->logits, x, w->embedding, rows, vocab, d, 0);
        for (int i = 0; i < rows; i++) {
            float *row = t->logits + (ptrdiff_t)i * vocab;
            if (targets[from + i] >= 0)
                loss += (double)t->kernels->cross_entropy(row, vocab, targets[from + i], scale);
            else
                memset(row, 0, (size_t)vocab * sizeof *row);
        }
        if (g)
            apply_back(t, t->d_normed + (ptrdiff_t)from * d, g->embedding, t->logits, x, w->embedding, rows, vocab, d);
    }
    return loss;
}

static double forward(struct tape *t, const struct weights *w, const struct batch *b, struct weights *g)
{
    int n = b->starts[b->documents], layers = t->shape.layers;
    CHECK(n <= t->capacity);
    int *targets = make_targets(b);
    embed(t, w, b);
    for (int i = 0; i < layers; i++)
        layer_forward(t, i, w, b, i + 1 < layers ? t->layer[i + 1].in : t->last);
    t->kernels->norm(t->normed, t->inverse, t->last, w->final_norm, n, t->shape.dim);
    double loss = logits_loss(t, w, b, targets, g);
    free(targets);
    return loss;
}

double tape_loss(struct tape *t, const struct weights *w, const struct batch *b)
{
    return forward(t, w, b, NULL);
}

double tape_gradient(struct tape *t, const struct weights *w, const struct batch *b, struct weights *gradient)
{
    int n = b->starts[b->documents], d = t->shape.dim;
    double loss = forward(t, w, b, gradient);
    memset(t->d_stream, 0, (size_t)n * (size_t)d * sizeof(float));
    t->kernels->norm_back(t->d_stream, gradient->final_norm, t->d_normed, t->last, t->inverse, w->final_norm, n, d);
    for (int i = t->shape.layers - 1; i >= 0; i--)
        layer_backward(t, i, w, b, gradient);
    embed_back(t, b, gradient);
    return loss;
}
