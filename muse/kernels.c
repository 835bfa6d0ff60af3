#include "muse/kernels.h"
#include "core/mem.h"
#include "muse/kernels_sets.h"

#include <math.h>
#include <string.h>

/* Compiled once for each instruction set (meson.build says with which flags): KERNELS is the name of the table this one makes. Vectors are
 * GCC's, so the same text serves every width. */

#if defined(__AVX512F__)
#define LANES 16
#define TILE_ROWS 8
#elif defined(__AVX2__)
#define LANES 8
#define TILE_ROWS 6
#else
#define LANES 4
#define TILE_ROWS 4
#endif
#define TILE_COLUMNS (2 * LANES)

typedef float vector __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

/* -- products ---------------------------------------------------------------------------------------------------------------------------
 *
 * C is made tile by tile. A tile of TILE_ROWS × TILE_COLUMNS sums stays in registers while a strip of A and a strip of B pass by once. B is
 * first copied ("packed") into the order in which it will be read, in strips of TILE_COLUMNS columns; of A the same is done only where its
 * rows do not lie contiguous. Blocks of PANEL_DEPTH × PANEL_WIDTH of B stay in the second-level cache, strips of A in the first. After
 * Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008. */

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* Copies rows [0, rows) × depth of `from` into strips `strip` rows wide; missing rows of the last strip are zero. */
static inline __attribute__((always_inline)) void pack_strips(float *to, struct matrix from, int rows, int depth, int strip)
{
    for (int i = 0; i < rows; i += strip, to += (ptrdiff_t)strip * depth) {
        int full = smaller(strip, rows - i);
        const float *at = from.at + i * from.row;
        if (full < strip)
            memset(to, 0, (size_t)strip * (size_t)depth * sizeof *to);
        if (full == strip && from.row == 1) {
            for (int k = 0; k < depth; k++)
                for (int r = 0; r < strip; r++)
                    to[k * strip + r] = at[k * from.column + r];
        } else {
            for (int r = 0; r < full; r++)
                for (int k = 0; k < depth; k++)
                    to[k * strip + r] = at[r * from.row + k * from.column];
        }
    }
}

/* c[TILE_ROWS, TILE_COLUMNS] (+)= a · strip of B, where a(i, k) is a[i · row + k · column]. */
static inline __attribute__((always_inline)) void tile(struct matrix c, const float *a, ptrdiff_t row, ptrdiff_t column, const float *b,
                                                       int depth, int add)
{
    vector sum[TILE_ROWS][2];
#pragma GCC unroll 16
    for (int i = 0; i < TILE_ROWS; i++) {
        sum[i][0] = add ? *(const vector *)(c.at + i * c.row) : (vector){0};
        sum[i][1] = add ? *(const vector *)(c.at + i * c.row + LANES) : (vector){0};
    }
    for (int k = 0; k < depth; k++, a += column, b += TILE_COLUMNS) {
        vector left = *(const vector *)b, right = *(const vector *)(b + LANES);
#pragma GCC unroll 16
        for (int i = 0; i < TILE_ROWS; i++) {
            sum[i][0] += left * a[i * row];
            sum[i][1] += right * a[i * row];
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < TILE_ROWS; i++) {
        *(vector *)(c.at + i * c.row) = sum[i][0];
        *(vector *)(c.at + i * c.row + LANES) = sum[i][1];
    }
}

/* The two ways a strip of A may lie, each with its own code. */
static void tile_of_packed(struct matrix c, const float *a, const float *b, int depth, int add)
{
    tile(c, a, 1, TILE_ROWS, b, depth, add);
}

static void tile_of_rows(struct matrix c, const float *a, ptrdiff_t row, const float *b, int depth, int add)
{
    tile(c, a, row, 1, b, depth, add);
}

/* A tile that hangs over the edge of C is made beside it. */
static void edge_tile(struct matrix c, const float *a, const float *b, int depth, int rows, int columns, int add)
{
    float beside[TILE_ROWS * TILE_COLUMNS] = {0};
    for (int i = 0; add && i < rows; i++)
        memcpy(beside + (ptrdiff_t)i * TILE_COLUMNS, c.at + i * c.row, (size_t)columns * sizeof *c.at);
    tile_of_packed(matrix_of(beside, TILE_COLUMNS), a, b, depth, add);
    for (int i = 0; i < rows; i++)
        memcpy(c.at + i * c.row, beside + (ptrdiff_t)i * TILE_COLUMNS, (size_t)columns * sizeof *c.at);
}

/* `rows` rows of C, at most one strip: the packed strip of A times a packed block of B. */
static void strip_of_packed(struct matrix c, const float *a, const float *b, int rows, int n, int depth, int add)
{
    for (int j = 0; j < n; j += TILE_COLUMNS, c.at += TILE_COLUMNS, b += (ptrdiff_t)TILE_COLUMNS * depth)
        if (rows == TILE_ROWS && n - j >= TILE_COLUMNS)
            tile_of_packed(c, a, b, depth, add);
        else
            edge_tile(c, a, b, depth, rows, smaller(TILE_COLUMNS, n - j), add);
}

static void strip_of_rows(struct matrix c, struct matrix a, const float *b, int n, int depth, int add)
{
    for (int j = 0; j < n; j += TILE_COLUMNS, c.at += TILE_COLUMNS, b += (ptrdiff_t)TILE_COLUMNS * depth)
        tile_of_rows(c, a.at, a.row, b, depth, add);
}

static struct matrix part(struct matrix m, int i, int j)
{
    return (struct matrix){m.at + i * m.row + j * m.column, m.row, m.column};
}

/* m rows of C from as many of A and one packed block of B. Whole strips of A are read where they lie if its rows are contiguous and B has no
 * edge. */
static void block(struct panels *p, struct matrix c, struct matrix a, int m, int n, int depth, int add)
{
    for (int i = 0; i < m; i += TILE_ROWS) {
        int rows = smaller(TILE_ROWS, m - i);
        if (rows == TILE_ROWS && a.column == 1 && n % TILE_COLUMNS == 0) {
            strip_of_rows(part(c, i, 0), part(a, i, 0), p->b, n, depth, add);
        } else {
            pack_strips(p->a, part(a, i, 0), rows, depth, TILE_ROWS);
            strip_of_packed(part(c, i, 0), p->a, p->b, rows, n, depth, add);
        }
    }
}

static void product(struct panels *p, struct matrix c, struct matrix a, struct matrix b, int m, int n, int k, int add)
{
    for (int j = 0; j < n; j += PANEL_WIDTH)
        for (int l = 0; l < k; l += PANEL_DEPTH) {
            int width = smaller(PANEL_WIDTH, n - j), depth = smaller(PANEL_DEPTH, k - l);
            pack_strips(p->b, matrix_transposed(part(b, l, j)), width, depth, TILE_COLUMNS);
            block(p, part(c, 0, j), part(a, 0, l), m, width, depth, add || l > 0);
        }
}

/* -- norms -------------------------------------------------------------------------------------------------------------------------------- */

static inline float sum_products(const float *a, const float *b, int count)
{
    float sum = 0;
    for (int i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static inline float inverse_rms(const float *x, int width)
{
    return 1.0F / sqrtf(sum_products(x, x, width) / (float)width + RMS_EPSILON);
}

static void norm(float *out, float *inverse, const float *x, const float *gain, int rows, int width)
{
    for (int r = 0; r < rows; r++, out += width, x += width) {
        float scale = inverse_rms(x, width);
        if (inverse)
            inverse[r] = scale;
        if (gain)
            for (int i = 0; i < width; i++)
                out[i] = x[i] * scale * gain[i];
        else
            for (int i = 0; i < width; i++)
                out[i] = x[i] * scale;
    }
}

/* With y = g x s and s = 1 / rms(x): dx = s (g dy) − x s³ Σ(g dy x) / width. */
static void norm_back(float *d_x, float *d_gain, const float *d_out, const float *x, const float *inverse, const float *gain, int rows,
                      int width)
{
    for (int r = 0; r < rows; r++, d_x += width, d_out += width, x += width) {
        float s = inverse[r], sum = 0;
        if (gain)
            for (int i = 0; i < width; i++)
                sum += d_out[i] * gain[i] * x[i];
        else
            sum = sum_products(d_out, x, width);
        float along = s * s * s * sum / (float)width;
        if (!gain) {
            for (int i = 0; i < width; i++)
                d_x[i] += s * d_out[i] - along * x[i];
            continue;
        }
        for (int i = 0; i < width; i++) {
            d_x[i] += s * gain[i] * d_out[i] - along * x[i];
            d_gain[i] += d_out[i] * x[i] * s;
        }
    }
}

/* -- heads -------------------------------------------------------------------------------------------------------------------------------- */

#define HALF (HEAD_WIDTH / 2)

static float head_turn(float *x, const float *cosine, const float *sine)
{
    float scale = inverse_rms(x, HEAD_WIDTH);
    for (int i = 0; i < HALF; i++) {
        float a = x[i] * scale, b = x[i + HALF] * scale;
        x[i] = a * cosine[i] - b * sine[i];
        x[i + HALF] = a * sine[i] + b * cosine[i];
    }
    return scale;
}

/* Turned back, both the gradient and the vector are those of the norm; there x s is the normed vector n, so dx = s (dn − n Σ(dn n) / width).
 * The turn keeps dot products, so the sum can be taken before it. */
static void head_turn_back(float *d, const float *turned, float inverse, const float *cosine, const float *sine)
{
    float along = sum_products(d, turned, HEAD_WIDTH) / HEAD_WIDTH;
    for (int i = 0; i < HALF; i++) {
        float a = d[i] - along * turned[i], b = d[i + HALF] - along * turned[i + HALF];
        d[i] = inverse * (a * cosine[i] + b * sine[i]);
        d[i + HALF] = inverse * (b * cosine[i] - a * sine[i]);
    }
}

/* eˣ for x ≤ 0 (anything below −87 is as good as 0), relative error below 1e-6: 2ⁿ by the exponent's bits, the rest by a polynomial. Plain
 * arithmetic, so that a loop of it becomes vectors; n comes by way of an integer, since the compiler may reorder sums here. */
static inline float exponential(float x)
{
    float clamped = x < -87.0F ? -87.0F : x;
    int32_t n = (int32_t)(clamped * 1.44269504F - 0.5F);
    float r = clamped - (float)n * 0.693147181F;
    float p = 1.0F + r * (1.0F + r * (0.5F + r * (0.166666667F + r * (0.0416666418F + r * (0.00833345F + r * 0.00138888F)))));
    union {
        int32_t i;
        float f;
    } power = {.i = (n + 127) * (1 << 23)};
    return p * power.f;
}

/* Turns `count` scores into their softmax. */
static inline void softmax(float *x, int count)
{
    float top = x[0], sum = 0;
    for (int i = 1; i < count; i++)
        top = x[i] > top ? x[i] : top;
    for (int i = 0; i < count; i++) {
        x[i] = exponential(x[i] - top);
        sum += x[i];
    }
    float scale = 1.0F / sum;
    for (int i = 0; i < count; i++)
        x[i] *= scale;
}

/* -- attention ---------------------------------------------------------------------------------------------------------------------------
 *
 * Keys are first turned on their side ([HEAD_WIDTH, count]), so that one row of scores is a sum of HEAD_WIDTH scaled rows: loops over
 * neighbours in memory, without sums across a vector. The way back makes the softmax again instead of keeping it. */

#define HEAD_VECTORS (HEAD_WIDTH / LANES)
#define BLOCK (2 * LANES) /* scores made at once */

static int padded(int count)
{
    return (count + BLOCK - 1) / BLOCK * BLOCK;
}

static void transpose(float *to, const float *from, int count, ptrdiff_t step)
{
    int wide = padded(count);
    for (int d = 0; d < HEAD_WIDTH; d++) {
        for (int j = 0; j < count; j++)
            to[d * wide + j] = from[j * step + d];
        for (int j = count; j < wide; j++)
            to[d * wide + j] = 0;
    }
}

/* row[j] = scale · x · y_j for j < count (rounded up to whole blocks), the y lying on their side. Four sums at a time keep the processor
 * from waiting for one. */
static inline void dots(float *row, const float *x, const float *sideways, int count, int wide, float scale)
{
    for (int j = 0; j < count; j += BLOCK) {
        vector sum[4] = {0};
        const float *at = sideways + j;
        for (int d = 0; d < HEAD_WIDTH; d += 2, at += 2 * (ptrdiff_t)wide) {
            sum[0] += x[d] * *(const vector *)at;
            sum[1] += x[d] * *(const vector *)(at + LANES);
            sum[2] += x[d + 1] * *(const vector *)(at + wide);
            sum[3] += x[d + 1] * *(const vector *)(at + wide + LANES);
        }
        *(vector *)(row + j) = (sum[0] + sum[2]) * scale;
        *(vector *)(row + j + LANES) = (sum[1] + sum[3]) * scale;
    }
}

/* out = Σ row[j] · x_j */
static inline void blend(float *out, const float *row, const float *x, int count, ptrdiff_t step)
{
    vector even[HEAD_VECTORS] = {0}, odd[HEAD_VECTORS] = {0};
    int j = 0;
    for (; j + 1 < count; j += 2, x += 2 * step)
#pragma GCC unroll 8
        for (int i = 0; i < HEAD_VECTORS; i++) {
            even[i] += row[j] * *(const vector *)(x + i * LANES);
            odd[i] += row[j + 1] * *(const vector *)(x + step + i * LANES);
        }
    for (int i = 0; i < HEAD_VECTORS; i++) {
        if (j < count)
            even[i] += row[j] * *(const vector *)(x + i * LANES);
        *(vector *)(out + i * LANES) = even[i] + odd[i];
    }
}

/* to_j += row[j] · x */
static inline void spread(float *to, const float *row, const float *x, int count, ptrdiff_t step)
{
    vector part[HEAD_VECTORS];
    for (int i = 0; i < HEAD_VECTORS; i++)
        part[i] = *(const vector *)(x + i * LANES);
    for (int j = 0; j < count; j++, to += step)
#pragma GCC unroll 8
        for (int i = 0; i < HEAD_VECTORS; i++)
            *(vector *)(to + i * LANES) += row[j] * part[i];
}

static void attend(const struct attention *a)
{
    int wide = padded(a->count);
    float *keys = a->scratch, *row = keys + (ptrdiff_t)HEAD_WIDTH * wide;
    transpose(keys, a->k, a->count, a->step);
    for (int i = 0; i < a->count; i++) {
        dots(row, a->q + i * a->step, keys, i + 1, wide, a->scale);
        softmax(row, i + 1);
        blend(a->out + i * a->out_step, row, a->v, i + 1, a->step);
    }
}

static void attend_back(const struct attention *a)
{
    int wide = padded(a->count);
    float *keys = a->scratch, *values = keys + (ptrdiff_t)HEAD_WIDTH * wide;
    float *row = values + (ptrdiff_t)HEAD_WIDTH * wide, *d_row = row + wide;
    transpose(keys, a->k, a->count, a->step);
    transpose(values, a->v, a->count, a->step);
    for (int i = 0; i < a->count; i++) {
        memset(a->d_k + i * a->step, 0, HEAD_WIDTH * sizeof(float));
        memset(a->d_v + i * a->step, 0, HEAD_WIDTH * sizeof(float));
    }
    for (int i = 0; i < a->count; i++) {
        const float *q = a->q + i * a->step, *d_out = a->d_out + i * a->out_step;
        dots(row, q, keys, i + 1, wide, a->scale);
        softmax(row, i + 1);
        dots(d_row, d_out, values, i + 1, wide, 1.0F);
        spread(a->d_v, row, d_out, i + 1, a->step);
        float along = sum_products(row, d_row, i + 1);
        for (int j = 0; j <= i; j++)
            d_row[j] = row[j] * (d_row[j] - along) * a->scale;
        blend(a->d_q + i * a->step, d_row, a->k, i + 1, a->step);
        spread(a->d_k, d_row, q, i + 1, a->step);
    }
}

/* -- the rest ----------------------------------------------------------------------------------------------------------------------------- */

static void square_relu(float *out, const float *x, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        float positive = x[i] > 0 ? x[i] : 0;
        out[i] = positive * positive;
    }
}

static void square_relu_back(float *d, const float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        d[i] *= x[i] > 0 ? 2 * x[i] : 0;
}

static float cross_entropy(float *logits, int count, int target, float scale)
{
    float top = logits[0], sum = 0, wanted = logits[target];
    for (int i = 1; i < count; i++)
        top = logits[i] > top ? logits[i] : top;
    for (int i = 0; i < count; i++) {
        logits[i] = exponential(logits[i] - top);
        sum += logits[i];
    }
    if (scale != 0) {
        float factor = scale / sum;
        for (int i = 0; i < count; i++)
            logits[i] *= factor;
        logits[target] -= scale;
    }
    return logf(sum) + top - wanted;
}

static void add_floats(float *to, const float *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

static void adam(float *w, const float *g, float *m, float *v, size_t count, float rate, float beta1, float beta2, float c1, float c2,
                 float decay)
{
    float step = rate / c1, spread_scale = 1.0F / c2;
    for (size_t i = 0; i < count; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        w[i] -= step * m[i] / (sqrtf(v[i] * spread_scale) + 1e-8F) + rate * decay * w[i];
    }
}

static double sum_of_squares(const float *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i] * (double)x[i];
    return sum;
}

const struct kernels KERNELS = {
    .name = KERNELS_NAME,
    .product = product,
    .norm = norm,
    .norm_back = norm_back,
    .head_turn = head_turn,
    .head_turn_back = head_turn_back,
    .attend = attend,
    .attend_back = attend_back,
    .square_relu = square_relu,
    .square_relu_back = square_relu_back,
    .cross_entropy = cross_entropy,
    .add = add_floats,
    .adam = adam,
    .sum_of_squares = sum_of_squares,
};
