/* Compiled once for each instruction set: ARITHMETIC is the table's name, ARITHMETIC_NAME how it is called. Neither fused multiplications
 * nor reordered sums: the build says -ffp-contract=off and no -ffast-math, so that every set gives the same bits. */
#include "muse/arithmetic.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

#if defined(__AVX512BW__)
#include <immintrin.h>
#define WIDTH 64
#elif defined(__AVX2__)
#include <immintrin.h>
#define WIDTH 32
#else
#define WIDTH 16
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#endif

/* Sixteen floats or integers, in as many registers as that takes. */
#define PARTS (64 / WIDTH)
typedef float float_part __attribute__((vector_size(WIDTH)));
typedef int32_t int_part __attribute__((vector_size(WIDTH)));
struct wide {
    float_part part[PARTS];
};

#define FOR_PARTS(i) for (int i = 0; i < PARTS; i++)

INLINE struct wide wide_load(const float *x)
{
    struct wide w;
    memcpy(&w, x, sizeof w);
    return w;
}

INLINE void wide_store(float *x, struct wide w)
{
    memcpy(x, &w, sizeof w);
}

INLINE struct wide wide_of(float x)
{
    struct wide w;
    FOR_PARTS(i) w.part[i] = (float_part){0} + x;
    return w;
}

INLINE struct wide wide_add(struct wide a, struct wide b)
{
    FOR_PARTS(i) a.part[i] += b.part[i];
    return a;
}

INLINE struct wide wide_times(struct wide a, struct wide b)
{
    FOR_PARTS(i) a.part[i] *= b.part[i];
    return a;
}

INLINE struct wide wide_max(struct wide a, struct wide b)
{
    FOR_PARTS(i)
    {
        int_part more = a.part[i] > b.part[i];
        a.part[i] = (float_part)(((int_part)a.part[i] & more) | ((int_part)b.part[i] & ~more));
    }
    return a;
}

INLINE float wide_sum(struct wide w)
{
    float x[16];
    wide_store(x, w);
    for (int step = 8; step; step /= 2)
        for (int i = 0; i < step; i++)
            x[i] += x[i + step];
    return x[0];
}

INLINE float wide_largest(struct wide w)
{
    float x[16];
    wide_store(x, w);
    for (int step = 8; step; step /= 2)
        for (int i = 0; i < step; i++)
            x[i] = x[i] > x[i + step] ? x[i] : x[i + step];
    return x[0];
}

/* 1.5 · 2²³: a small float added to it is rounded to an integer, which then stands in its lowest bits. */
#define ROUNDER 12582912.0F
#define ROUNDER_BITS 0x4B400000

/* e^x for x between −87 and 88, what lies beyond is taken as that: 2^n · e^r with the polynomial of Cephes' expf (Moshier) for e^r; the
 * relative error is below 2·10⁻⁷. */
INLINE struct wide wide_exp(struct wide x)
{
    x = wide_max(x, wide_of(-87.0F));
    FOR_PARTS(i)
    {
        float_part v = x.part[i];
        int_part less = v < 88.0F;
        v = (float_part)(((int_part)v & less) | ((int_part)((float_part){0} + 88.0F) & ~less));
        float_part rounded = v * 1.44269504F + ROUNDER;
        float_part n = rounded - ROUNDER;
        float_part r = v - n * 0.693359375F - n * -2.12194440e-4F;
        float_part p = ((((r * 1.9875691500e-4F + 1.3981999507e-3F) * r + 8.3334519073e-3F) * r + 4.1665795894e-2F) * r + 1.6666665459e-1F) * r +
                       5.0000001201e-1F;
        int_part power = ((int_part)rounded - ROUNDER_BITS + 127) << 23;
        x.part[i] = (p * r * r + r + 1.0F) * (float_part)power;
    }
    return x;
}

static float largest(const float *x, int count)
{
    struct wide most = wide_of(-INFINITY);
    int i = 0;
    for (; i + 16 <= count; i += 16)
        most = wide_max(wide_load(x + i), most);
    float result = wide_largest(most);
    for (; i < count; i++)
        result = x[i] > result ? x[i] : result;
    return result;
}

static float exponents(float *out, const float *x, int count, float from, float times)
{
    struct wide sum = wide_of(0), minus = wide_of(-from), factor = wide_of(times);
    for (int i = 0; i < count; i += 16) {
        float rest[16], made[16];
        bool whole = i + 16 <= count;
        if (!whole) {
            for (int j = 0; j < 16; j++)
                rest[j] = i + j < count ? x[i + j] : -INFINITY;
        }
        struct wide e = wide_exp(wide_times(wide_add(wide_load(whole ? x + i : rest), minus), factor));
        if (whole && out) {
            wide_store(out + i, e);
        } else if (!whole) {
            wide_store(made, e);
            for (int j = 0; j < 16; j++)
                made[j] = i + j < count ? made[j] : 0;
            if (out)
                memcpy(out + i, made, (size_t)(count - i) * sizeof *made);
            e = wide_load(made);
        }
        sum = wide_add(sum, e);
    }
    return wide_sum(sum);
}

INLINE float inverse_rms(const float *x, int count)
{
    struct wide sum = wide_of(0);
    for (int i = 0; i < count; i += 16)
        sum = wide_add(sum, wide_times(wide_load(x + i), wide_load(x + i)));
    return 1.0F / sqrtf(wide_sum(sum) / (float)count + 1e-6F);
}

static void norm(float *out, const float *x, const float *gain, int count)
{
    struct wide inverse = wide_of(inverse_rms(x, count));
    for (int i = 0; i < count; i += 16) {
        struct wide normed = wide_times(wide_load(x + i), inverse);
        wide_store(out + i, gain ? wide_times(normed, wide_load(gain + i)) : normed);
    }
}

static void square_relu(float *x, int count)
{
    for (int i = 0; i < count; i += 16) {
        struct wide positive = wide_max(wide_load(x + i), wide_of(0));
        wide_store(x + i, wide_times(positive, positive));
    }
}

static void turn(float *x, const float *cosine, const float *sine, int width)
{
    int half = width / 2;
    float inverse = inverse_rms(x, width);
    for (int i = 0; i < half; i++) {
        float a = x[i] * inverse, b = x[i + half] * inverse;
        x[i] = a * cosine[i] - b * sine[i];
        x[i + half] = a * sine[i] + b * cosine[i];
    }
}

/* Sums run in four strands, since each addition has to wait for the one before it in its own strand. */
static float odds(float *out, const float *query, const struct past *past, float scale)
{
    struct wide sum = wide_of(0);
    for (int at = 0; at < past->count; at += 16) {
        struct wide dot[4] = {wide_of(0), wide_of(0), wide_of(0), wide_of(0)};
        for (int i = 0; i < past->width; i += 4)
            for (int j = 0; j < 4; j++)
                dot[j] = wide_add(dot[j], wide_times(wide_of(query[i + j]), wide_load(past->keys + (i + j) * past->room + at)));
        dot[0] = wide_add(wide_add(dot[0], dot[1]), wide_add(dot[2], dot[3]));
        struct wide e = wide_exp(wide_times(dot[0], wide_of(scale)));
        wide_store(out + at, e);
        for (int i = past->count - at; i < 16; i++)
            out[at + i] = 0;
        sum = wide_add(sum, wide_load(out + at));
    }
    return wide_sum(sum);
}

static void attend(float *out, const float *query, const struct past *past, float scale, float *scratch)
{
    float inverse = 1.0F / odds(scratch, query, past, scale);
    for (int at = 0; at < past->width; at += 16) {
        struct wide sum[2] = {wide_of(0), wide_of(0)};
        const float *value = past->values + at;
        int i = 0;
        for (; i + 2 <= past->count; i += 2, value += 2 * past->width) {
            sum[0] = wide_add(sum[0], wide_times(wide_of(scratch[i]), wide_load(value)));
            sum[1] = wide_add(sum[1], wide_times(wide_of(scratch[i + 1]), wide_load(value + past->width)));
        }
        if (i < past->count)
            sum[0] = wide_add(sum[0], wide_times(wide_of(scratch[i]), wide_load(value)));
        wide_store(out + at, wide_times(wide_add(sum[0], sum[1]), wide_of(inverse)));
    }
}

static void set(struct vectors *to, int r, const float *x, int count)
{
    struct wide most = wide_of(0);
    int16_t *values = to->values + (size_t)r * (size_t)count;
    for (int i = 0; i < count; i += 16)
        most = wide_max(most, wide_max(wide_load(x + i), wide_times(wide_load(x + i), wide_of(-1.0F))));
    float peak = wide_largest(most);
    to->scale[r] = peak / 32767.0F;
    struct wide times = wide_of(peak > 0 ? 32767.0F / peak : 0);
    for (int i = 0; i < count; i += 16) {
        int32_t whole[16];
        struct wide rounded = wide_add(wide_times(wide_load(x + i), times), wide_of(ROUNDER));
        memcpy(whole, &rounded, sizeof whole);
        for (int j = 0; j < 16; j++)
            values[i + j] = (int16_t)(whole[j] - ROUNDER_BITS);
    }
}

/* Products. A register of weights holds pairs of columns, one pair for each of its rows; a vector's pair of that columns is repeated all over
 * another register; one instruction multiplies both and adds the products pairwise. */

#if defined(__AVX512BW__)
typedef __m512i sums;
#define PIECES 1 /* registers for a panel's rows */
INLINE sums weights_at(const int8_t *w)
{
    return _mm512_cvtepi8_epi16(_mm256_loadu_si256((const void *)w));
}
INLINE sums pair_of(const int16_t *x)
{
    int32_t pair;
    memcpy(&pair, x, sizeof pair);
    return _mm512_set1_epi32(pair);
}
INLINE sums gather(sums acc, sums w, sums x)
{
#ifdef __AVX512VNNI__
    return _mm512_dpwssd_epi32(acc, w, x);
#else
    return _mm512_add_epi32(acc, _mm512_madd_epi16(w, x));
#endif
}
#elif defined(__AVX2__)
typedef __m256i sums;
#define PIECES 2
INLINE sums weights_at(const int8_t *w)
{
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const void *)w));
}
INLINE sums pair_of(const int16_t *x)
{
    int32_t pair;
    memcpy(&pair, x, sizeof pair);
    return _mm256_set1_epi32(pair);
}
INLINE sums gather(sums acc, sums w, sums x)
{
    return _mm256_add_epi32(acc, _mm256_madd_epi16(w, x));
}
#elif defined(__SSE2__)
typedef __m128i sums;
#define PIECES 4
INLINE sums weights_at(const int8_t *w)
{
    __m128i bytes = _mm_loadl_epi64((const void *)w);
    return _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
}
INLINE sums pair_of(const int16_t *x)
{
    int32_t pair;
    memcpy(&pair, x, sizeof pair);
    return _mm_set1_epi32(pair);
}
INLINE sums gather(sums acc, sums w, sums x)
{
    return _mm_add_epi32(acc, _mm_madd_epi16(w, x));
}
#else
/* For compilers to make the best of: sixteen rows of pairs at once. */
typedef struct {
    int32_t of[PANEL];
} sums;
struct pairs {
    int32_t left[PANEL], right[PANEL];
};
#define PIECES 1
INLINE struct pairs weights_at(const int8_t *w)
{
    struct pairs p;
    for (int i = 0; i < PANEL; i++) {
        p.left[i] = w[2 * i];
        p.right[i] = w[2 * i + 1];
    }
    return p;
}
INLINE const int16_t *pair_of(const int16_t *x)
{
    return x;
}
INLINE sums gather(sums acc, struct pairs w, const int16_t *x)
{
    for (int i = 0; i < PANEL; i++)
        acc.of[i] += w.left[i] * x[0] + w.right[i] * x[1];
    return acc;
}
#endif

/* Registers are few: this many sums are kept at once. */
#define SUMS_MAX (WIDTH == 64 ? 16 : 8)
#define PIECE (2 * PANEL / PIECES) /* weights in a register */

struct job {
    const struct quantised *q;
    const struct vectors *x;
    float *out;
    size_t stride;
    bool add;
};

INLINE void put(const struct job *j, int panel, int r, const sums *acc)
{
    int32_t whole[PANEL];
    float *out = j->out + (size_t)r * j->stride + (size_t)panel * PANEL;
    const float *scale = j->q->scale + (size_t)panel * PANEL;
    float factor = j->x->scale[r];
    memcpy(whole, acc, sizeof whole);
    for (int i = 0; i < PANEL; i++) {
        float value = (float)whole[i] * (scale[i] * factor);
        out[i] = j->add ? out[i] + value : value;
    }
}

/* `panels` panels times `count` vectors, both known when this is compiled. */
INLINE void block(const struct job *j, int panel, int panels, int r, int count)
{
    size_t columns = (size_t)j->q->columns;
    const int8_t *w = j->q->weights + (size_t)panel * columns * PANEL;
    const int16_t *x = j->x->values + (size_t)r * columns;
    sums acc[SUMS_MAX];
    for (int i = 0; i < panels * count * PIECES; i++)
        acc[i] = (sums){0};
    for (size_t column = 0; column < columns; column += 2)
        for (int k = 0; k < panels; k++)
            for (int i = 0; i < PIECES; i++)
                for (int v = 0; v < count; v++) {
                    sums *a = &acc[(k * count + v) * PIECES + i];
                    *a = gather(*a, weights_at(w + ((size_t)k * columns + column) * PANEL + i * PIECE), pair_of(x + (size_t)v * columns + column));
                }
    for (int k = 0; k < panels; k++)
        for (int v = 0; v < count; v++)
            put(j, panel + k, r + v, acc + (k * count + v) * PIECES);
}

/* All panels times `count` vectors, as many panels together as there are registers for, since they share the vectors' pairs. */
INLINE void strip(const struct job *j, int r, int count)
{
    enum { MOST = 4 };
    int fit = SUMS_MAX / PIECES / count, panels = quantised_panels(j->q), panel = 0;
    int together = fit < 1 ? 1 : fit > MOST ? MOST : fit;
    for (; panel + together <= panels; panel += together)
        block(j, panel, together, r, count);
    for (; panel < panels; panel++)
        block(j, panel, 1, r, count);
}

static void product(const struct quantised *q, const struct vectors *x, float *out, size_t stride, bool add)
{
    struct job j = {q, x, out, stride, add};
    int r = 0;
#if WIDTH == 64
    for (; r + 8 <= x->count; r += 8)
        strip(&j, r, 8);
#endif
#if WIDTH >= 32
    for (; r + 4 <= x->count; r += 4)
        strip(&j, r, 4);
#endif
    for (; r + 2 <= x->count; r += 2)
        strip(&j, r, 2);
    for (; r < x->count; r++)
        strip(&j, r, 1);
}

extern const struct arithmetic ARITHMETIC;
const struct arithmetic ARITHMETIC = {
    .name = ARITHMETIC_NAME,
    .product = product,
    .set = set,
    .norm = norm,
    .square_relu = square_relu,
    .turn = turn,
    .attend = attend,
    .largest = largest,
    .exponents = exponents,
};
