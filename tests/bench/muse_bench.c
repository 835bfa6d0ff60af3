/* How fast the muse's model is, beside the least that the same work could take on this processor: muse_bench FOLDER-OF-PACKS. Times are
 * of this thread's own work, the best of several rounds, so that neighbours hardly disturb them. */
#include "core/mem.h"
#include "muse/arithmetic.h"
#include "muse/decoder.h"
#include "muse/sampler.h"
#include "muse/vocab.h"
#include "muse/weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LANES = 16, STEPS = 32, ROUNDS = 20 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* Milliseconds of one of `times` calls, in the best round. */
#define BEST_OF(result, times, call)                                                                                                       \
    do {                                                                                                                                   \
        (result) = 1e9;                                                                                                                    \
        for (int round_ = 0; round_ < ROUNDS; round_++) {                                                                                  \
            double start_ = now_ms();                                                                                                      \
            for (int time_ = 0; time_ < (times); time_++)                                                                                  \
                call;                                                                                                                      \
            double spent_ = (now_ms() - start_) / (times);                                                                                 \
            (result) = spent_ < (result) ? spent_ : (result);                                                                              \
        }                                                                                                                                  \
    } while (0)

static double resident_mb(void)
{
    long whole = 0, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%ld %ld", &whole, &pages) != 2)
        pages = 0;
    if (f)
        fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void run_lanes(struct decoder *d, int lanes)
{
    int lane[LANES], token[LANES];
    for (int i = 0; i < lanes; i++) {
        lane[i] = i;
        decoder_rewind(d, i, 0);
    }
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < lanes; i++)
            token[i] = 100 + (step * 37 + i * 11) % 3000;
        decoder_step(d, lane, token, lanes);
    }
}

/* The least: every weight is read once, from wherever the pack lies by now. */
typedef uint64_t words __attribute__((vector_size(16)));

static uint64_t read_all(const struct pack *p)
{
    words sum[4] = {{0}};
    const words *at = p->map;
    for (size_t i = 0; i + 4 <= p->map_size / sizeof *at; i += 4) {
        sum[0] += at[i];
        sum[1] += at[i + 1];
        sum[2] += at[i + 2];
        sum[3] += at[i + 3];
    }
    sum[0] += sum[1] + sum[2] + sum[3];
    return sum[0][0] ^ sum[0][1];
}

/* Milliseconds of all multiplications of a step at the speed of a matrix that lies in the nearest cache. */
static double multiplying(const struct pack *p, const struct arithmetic *a, int lanes)
{
    const struct quantised *q = &p->layer[0].out;
    struct vectors x = {mem_new((size_t)(lanes * q->columns), sizeof(int16_t)), mem_new((size_t)lanes, sizeof(float)), lanes};
    float *out = mem_new((size_t)(lanes * q->rows), sizeof *out), *rows[LANES];
    double ms;
    for (int i = 0; i < lanes; i++)
        rows[i] = out + i * q->rows;
    BEST_OF(ms, 200, a->product(q, &x, rows, false));
    free(x.values);
    free(x.scale);
    free(out);
    return ms * (double)shape_weights(&p->shape) / (q->rows * q->columns);
}

static void show_decoder(const struct pack *p, const char *set, double reading)
{
    const struct arithmetic *a = arithmetic_named(set);
    if (!a)
        return;
    struct decoder *d = decoder_new(p, LANES, p->shape.context);
    decoder_use(d, a);
    for (int lanes = 1; lanes <= LANES; lanes *= 4) {
        double ms, least = multiplying(p, a, lanes);
        BEST_OF(ms, 1, run_lanes(d, lanes));
        ms /= STEPS;
        least = least > reading ? least : reading;
        printf("  %-7s %2d lanes  %6.3f ms  %6.0f tokens/s  %.2f × the least (%.3f ms)\n", set, lanes, ms, lanes / ms * 1e3, ms / least,
               least);
    }
    decoder_free(d);
}

static void show_sampler(const struct pack *p)
{
    static const struct {
        const char *what;
        struct sampler s;
        bool few;
    } rows[] = {
        {"any token", {1, 1, 0, 0, 1, 0, 0}, false},
        {"all dials on", {0.8, 0.95, 100, 0.02, 1.1, 0.1, 0.1}, false},
        {"of 4 % by a mask", {0.8, 1, 0, 0, 1, 0, 0}, true},
    };
    struct decoder *d = decoder_new(p, 1, 16);
    uint64_t *mask = mem_new((size_t)p->shape.vocab / 64 + 1, sizeof *mask);
    int head[] = {TOKEN_BOS, 7, 17, TOKEN_SEP};
    struct random r;
    float logprob;
    random_seed(&r, 1);
    decoder_feed(d, 0, head, 4);
    for (int i = 24; i < p->shape.vocab; i += 25)
        mask[i / 64] |= UINT64_C(1) << i % 64;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double ms;
        BEST_OF(ms, 100, sampler_pick(&rows[i].s, decoder_logits(d, 0), p->shape.vocab, rows[i].few ? mask : NULL, head, 4, &r, &logprob));
        printf("  a choice, %-17s %5.1f µs\n", rows[i].what, ms * 1e3);
    }
    free(mask);
    decoder_free(d);
}

static void show_pack(const char *folder, const char *name)
{
    char path[1024];
    struct pack p;
    struct err e = {0};
    snprintf(path, sizeof path, "%s/%s.muse", folder, name);
    double before = resident_mb(), start = now_ms();
    if (!pack_open(&p, path, &e)) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    double mapped = now_ms();
    struct vocab *v = vocab_new(&p);
    double known = now_ms(), reading;
    double after = resident_mb();
    volatile uint64_t kept = 0;
    BEST_OF(reading, 5, kept += read_all(&p));
    printf("%s: %.2f M parameters; mapped and checked in %.2f ms, words in %.2f ms, %.1f MB resident; read once in %.3f ms\n", name,
           (double)shape_weights(&p.shape) / 1e6, mapped - start, known - mapped, after - before, reading);
    const char *sets[] = {"plain", "avx2", "avx512", "vnni"};
    for (size_t i = 0; i < COUNT_OF(sets); i++)
        show_decoder(&p, sets[i], reading);
    show_sampler(&p);
    vocab_free(v);
    pack_close(&p);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "muse/packs";
    show_pack(folder, "zh");
    show_pack(folder, "en");
    return 0;
}
