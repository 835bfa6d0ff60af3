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
typedef float float_loose __attribute__((vector_size(WIDTH), aligned(4), may_alias)); /* as it lies in memory */
struct wide {
    float_part part[PARTS];
};

INLINE struct wide wide_load(const float *x)
{
    struct wide w;
    for (int i = 0; i < PARTS; i++)
        w.part[i] = ((const float_loose *)x)[i];
    return w;
}

INLINE void wide_store(float *x, struct wide w)
{
    for (int i = 0; i < PARTS; i++)
        ((float_loose *)x)[i] = w.part[i];
}

INLINE struct wide wide_of(float x)
{
    struct wide w;
    for (int i = 0; i < PARTS; i++)
        w.part[i] = (float_part){0} + x;
    return w;
}

INLINE struct wide wide_add(struct wide a, struct wide b)
{
    for (int i = 0; i < PARTS; i++)
        a.part[i] += b.part[i];
    return a;
}

INLINE struct wide wide_less(struct wide a, struct wide b)
{
    for (int i = 0; i < PARTS; i++)
        a.part[i] -= b.part[i];
    return a;
}

INLINE struct wide wide_times(struct wide a, struct wide b)
{
    for (int i = 0; i < PARTS; i++)
        a.part[i] *= b.part[i];
    return a;
}

INLINE struct wide wide_max(struct wide a, struct wide b)
{
    for (int i = 0; i < PARTS; i++) {
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
#define ROUNDER      12582912.0F
#define ROUNDER_BITS 0x4B400000

/* e^x for x between −87 and 88, what lies beyond is taken as that: 2^n · e^r with the polynomial of Cephes' expf (Moshier) for e^r; the
 * relative error is below 2·10⁻⁷. */
INLINE struct wide wide_exp(struct wide x)
{
    x = wide_max(x, wide_of(-87.0F));
    for (int i = 0; i < PARTS; i++) {
        float_part v = x.part[i];
        int_part less = v < 88.0F;
        v = (float_part)(((int_part)v & less) | ((int_part)((float_part){0} + 88.0F) & ~less));
        float_part rounded = v * 1.44269504F + ROUNDER;
        float_part n = rounded - ROUNDER;
        float_part r = v - n * 0.693359375F - n * -2.12194440e-4F;
        float_part p =
            ((((r * 1.9875691500e-4F + 1.3981999507e-3F) * r + 8.3334519073e-3F) * r + 4.1665795894e-2F) * r + 1.6666665459e-1F) * r +
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
    int half = width / 2, i = 0;
    float inverse = inverse_rms(x, width);
    for (; i + 16 <= half; i += 16) {
        struct wide a = wide_times(wide_load(x + i), wide_of(inverse)), b = wide_times(wide_load(x + i + half), wide_of(inverse));
        struct wide c = wide_load(cosine + i), s = wide_load(sine + i);
        wide_store(x + i, wide_less(wide_times(a, c), wide_times(b, s)));
        wide_store(x + i + half, wide_add(wide_times(a, s), wide_times(b, c)));
    }
    for (; i < half; i++) {
        float a = x[i] * inverse, b = x[i + half] * inverse;
        x[i] = a * cosine[i] - b * sine[i];
        x[i + half] = a * sine[i] + b * cosine[i];
    }
}

/* Sixteen integers that fit into 16 bits. */
INLINE void narrow(int16_t *out, const int_part whole[PARTS])
{
#if defined(__AVX512BW__)
    _mm256_storeu_si256((void *)out, _mm512_cvtepi32_epi16((__m512i)whole[0]));
#elif defined(__AVX2__)
    __m256i pairs = _mm256_packs_epi32((__m256i)whole[0], (__m256i)whole[1]);
    _mm256_storeu_si256((void *)out, _mm256_permute4x64_epi64(pairs, 0xD8));
#elif defined(__SSE2__)
    _mm_storeu_si128((void *)out, _mm_packs_epi32((__m128i)whole[0], (__m128i)whole[1]));
    _mm_storeu_si128((void *)(out + 8), _mm_packs_epi32((__m128i)whole[2], (__m128i)whole[3]));
#else
    int32_t all[16];
    memcpy(all, whole, sizeof all);
    for (int i = 0; i < 16; i++)
        out[i] = (int16_t)all[i];
#endif
}

/* out = x · factor, rounded. */
INLINE void make_whole(int16_t *out, const float *x, int count, float factor)
{
    struct wide times = wide_of(factor);
    for (int i = 0; i < count; i += 16) {
        int_part whole[PARTS];
        struct wide rounded = wide_add(wide_times(wide_load(x + i), times), wide_of(ROUNDER));
        for (int j = 0; j < PARTS; j++)
            whole[j] = (int_part)rounded.part[j] - ROUNDER_BITS;
        narrow(out + i, whole);
    }
}

/* The same with the factor that uses all 16 bits; returns what makes it undone. */
INLINE float make_whole_scaled(int16_t *out, const float *x, int count)
{
    struct wide most = wide_of(0);
    for (int i = 0; i < count; i += 16)
        most = wide_max(most, wide_max(wide_load(x + i), wide_times(wide_load(x + i), wide_of(-1.0F))));
    float peak = wide_largest(most);
    make_whole(out, x, count, peak > 0 ? 32767.0F / peak : 0);
    return peak / 32767.0F;
}

static void set(struct vectors *to, int r, const float *x, int count)
{
    to->scale[r] = make_whole_scaled(to->values + (size_t)r * (size_t)count, x, count);
}

/* Products. A register of weights holds pairs of columns, one pair for each of its rows; a vector's pair of columns is repeated all over
 * another register; one instruction multiplies both and adds the products pairwise. */

#if defined(__AVX512BW__)
typedef __m512i sums;
#define PIECES 1 /* registers for a panel's rows */
INLINE sums weights_at(const int8_t *w)
{
    return _mm512_cvtepi8_epi16(_mm256_loadu_si256((const void *)w));
}
INLINE sums pairs_at(const int16_t *w)
{
    return _mm512_loadu_si512(w);
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
INLINE sums pairs_at(const int16_t *w)
{
    return _mm256_loadu_si256((const void *)w);
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
INLINE sums pairs_at(const int16_t *w)
{
    return _mm_loadu_si128((const void *)w);
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
INLINE struct pairs pairs_at(const int16_t *w)
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

/* A panel's sums as floats. */
INLINE struct wide wide_from(const sums *acc)
{
    struct wide w;
    for (int i = 0; i < PARTS; i++) {
        int_part whole;
        memcpy(&whole, (const char *)acc + (ptrdiff_t)i * WIDTH, sizeof whole);
        w.part[i] = __builtin_convertvector(whole, float_part);
    }
    return w;
}

/* Registers are few: this many sums are kept at once. */
#define SUMS_MAX (WIDTH == 64 ? 16 : 8)
#define PIECE    ((ptrdiff_t)2 * PANEL / PIECES) /* weights in a register */

struct job {
    const struct quantised *q;
    const struct vectors *x;
    float *const *out;
    bool add;
};

INLINE void put(const struct job *j, int panel, int r, const sums *acc)
{
    ptrdiff_t row = (ptrdiff_t)panel * PANEL;
    float *out = j->out[r] + row;
    struct wide scale = wide_load(j->q->scale + row), factor = wide_of(j->x->scale[r]);
    struct wide value = wide_times(wide_from(acc), wide_times(scale, factor));
    wide_store(out, j->add ? wide_add(wide_load(out), value) : value);
}

/* `panels` panels times `count` vectors, both known when this is compiled. */
INLINE void block(const struct job *j, int panel, int panels, int r, int count)
{
    ptrdiff_t columns = j->q->columns;
    const int8_t *w = j->q->weights + panel * columns * PANEL;
    const int16_t *x = j->x->values + r * columns;
    sums acc[SUMS_MAX];
    for (int i = 0; i < panels * count * PIECES; i++)
        acc[i] = (sums){0};
    for (ptrdiff_t column = 0; column < columns; column += 2)
        for (int k = 0; k < panels; k++)
            for (int i = 0; i < PIECES; i++)
                for (int v = 0; v < count; v++) {
                    sums *a = &acc[(k * count + v) * PIECES + i];
                    const int8_t *piece = w + (k * columns + column) * PANEL + i * PIECE;
                    *a = gather(*a, weights_at(piece), pair_of(x + v * columns + column));
                }
    for (int k = 0; k < panels; k++)
        for (int v = 0; v < count; v++)
            put(j, panel + k, r + v, acc + (ptrdiff_t)(k * count + v) * PIECES);
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

static void product(const struct quantised *q, const struct vectors *x, float *const *out, bool add)
{
    struct job j = {q, x, out, add};
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

static void keep(const struct past *past, int position, const float *key, const float *value)
{
    ptrdiff_t width = past->width, place = position;
    int16_t whole[DIM_MAX], *at = past->keys + place / 16 * 16 * width + place % 16 * 2;
    make_whole(whole, key, past->width, 32766.0F / sqrtf((float)width));
    for (ptrdiff_t i = 0; i < width; i += 2)
        memcpy(at + i * 16, whole + i, 2 * sizeof *at);
    past->scale[position] = make_whole_scaled(whole, value, past->width);
    at = past->values + place / 2 * 2 * width + place % 2;
    for (ptrdiff_t i = 0; i < width; i++)
        at[2 * i] = whole[i];
}

/* What the positions are worth before they are divided by their sum, which is returned. */
INLINE float worth(float *out, const float *query, const struct past *past, int count, float scale)
{
    int16_t whole[DIM_MAX];
    ptrdiff_t width = past->width;
    float factor = 32766.0F / sqrtf((float)width);
    struct wide sum = wide_of(0), times = wide_of(scale / (factor * factor));
    make_whole(whole, query, past->width, factor);
    for (int at = 0; at < count; at += 16) {
        sums acc[2 * PIECES];
        const int16_t *keys = past->keys + at * width;
        for (int i = 0; i < 2 * PIECES; i++)
            acc[i] = (sums){0};
        for (ptrdiff_t i = 0; i < width; i += 4)
            for (ptrdiff_t j = 0; j < (ptrdiff_t)2 * PIECES; j++) {
                ptrdiff_t column = i + j / PIECES * 2;
                acc[j] = gather(acc[j], pairs_at(keys + column * 16 + j % PIECES * PIECE), pair_of(whole + column));
            }
        struct wide dot = wide_add(wide_from(acc), wide_from(acc + PIECES));
        wide_store(out + at, wide_exp(wide_times(dot, times)));
        for (int i = count - at; i < 16; i++)
            out[at + i] = 0;
        sum = wide_add(sum, wide_load(out + at));
    }
    return wide_sum(sum);
}

/* The values are added up as integers, too: their weights, with their scales in them, are made whole so that they come to 32767
 * together. */
static void attend(float *out, const float *query, const struct past *past, int count, float scale, float *scratch)
{
    int room = (count + 15) / 16 * 16;
    int16_t *weights = (int16_t *)(scratch + room);
    float all = worth(scratch, query, past, count, scale);
    struct wide sum = wide_of(0);
    for (int at = 0; at < room; at += 16) {
        struct wide scaled = wide_times(wide_load(scratch + at), wide_load(past->scale + at));
        wide_store(scratch + at, scaled);
        sum = wide_add(sum, scaled);
    }
    float together = wide_sum(sum);
    make_whole(weights, scratch, room, together > 0 ? 32767.0F / together : 0);
    for (ptrdiff_t at = 0; at < past->width; at += 16) {
        sums acc[PIECES];
        for (int i = 0; i < PIECES; i++)
            acc[i] = (sums){0};
        for (ptrdiff_t i = 0; i < count; i += 2)
            for (ptrdiff_t j = 0; j < PIECES; j++)
                acc[j] = gather(acc[j], pairs_at(past->values + i * past->width + 2 * at + j * PIECE), pair_of(weights + i));
        wide_store(out + at, wide_times(wide_from(acc), wide_of(together / (32767.0F * all))));
    }
}

extern const struct arithmetic ARITHMETIC;
const struct arithmetic ARITHMETIC = {
    .name = ARITHMETIC_NAME,
    .product = product,
    .set = set,
    .norm = norm,
    .square_relu = square_relu,
    .turn = turn,
    .keep = keep,
    .attend = attend,
    .largest = largest,
    .exponents = exponents,
};
