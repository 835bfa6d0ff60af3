/* muse-train: trains a model from nothing or further from given weights, and keeps where it is so that it can be resumed.
 *
 *   muse-train STATE TRAIN.tok TRAIN.off HELDOUT.tok HELDOUT.off --minutes 80 [--from WEIGHTS] [--shape V,d,L,H,F,T] [--layers L]
 *              [--rate 1] [--seed 1]
 *
 * STATE.f32 are the weights so far, STATE.state what a resumed run needs besides. Run again with the same STATE, it goes on; the learning
 * rate falls linearly with the time spent, so --minutes is the training's whole length. --layers deeper than the given weights adds layers
 * that say nothing at first: the model grows without forgetting. */
#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "muse/corpus.h"
#include "muse/optimiser.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_TOKENS 2048
#define MATRIX_RATE  0.02F
#define RATE         0.012F
#define LAST_RATE    0.02  /* of the first */
#define CONSTANT     0.3   /* of the time at full rate; then it falls */
#define WARM_STEPS   60
#define SAVE_SECONDS 240
#define STATE_MAGIC  0x53555345

struct training {
    const char *name;       /* STATE */
    struct weights weights, gradient;
    struct optimiser *optimiser;
    struct tape *tape;
    struct corpus corpus, held_out;
    struct sheaf sheaf;
    double minutes, rate, constant;
    double seconds;         /* spent, all runs together */
    int64_t steps;          /* of all runs */
    int64_t warm_from;      /* step at which this run's warming began */
};

static void fail(const struct err *e)
{
    fprintf(stderr, "muse-train: %s\n", e->text);
    exit(1);
}

/* -- the state ------------------------------------------------------------------------------------------------------------------------------- */

static void name_file(struct str *out, const char *name, const char *ending)
{
    str_clear(out);
    str_printf(out, "%s%s", name, ending);
}

static void save(struct training *t)
{
    struct str path = {0}, state = {0};
    struct err err = {0};
    struct optimiser_memory memory = optimiser_memory(t->optimiser);
    int64_t numbers[4] = {STATE_MAGIC, t->steps, (int64_t)(t->seconds * 1000), *memory.steps};
    str_add(&state, (struct span){(const char *)numbers, sizeof numbers});
    str_add(&state, (struct span){(const char *)memory.floats, memory.count * sizeof(float)});
    name_file(&path, t->name, ".f32");
    if (!weights_write(&t->weights, str_text(&path), &err))
        fail(&err);
    name_file(&path, t->name, ".state");
    if (!file_write(str_text(&path), str_span(&state), &err))
        fail(&err);
    str_release(&path);
    str_release(&state);
}

/* True when there was a state to go on from. */
static bool resume(struct training *t)
{
    struct str path = {0}, state = {0};
    struct err err = {0};
    int64_t numbers[4];
    name_file(&path, t->name, ".state");
    bool there = file_read(str_text(&path), &state, 1u << 30, &err);
    if (there) {
        name_file(&path, t->name, ".f32");
        if (!weights_read(&t->weights, str_text(&path), &err))
            fail(&err);
        t->optimiser = optimiser_new(METHOD_MUON, &t->weights.shape);
        struct optimiser_memory memory = optimiser_memory(t->optimiser);
        if (state.len != sizeof numbers + memory.count * sizeof(float)) {
            err_set(&err, ERR_FORMAT, "“%s.state” belongs to a model of another shape.", t->name);
            fail(&err);
        }
        memcpy(numbers, state.s, sizeof numbers);
        memcpy(memory.floats, state.s + sizeof numbers, memory.count * sizeof(float));
        t->steps = numbers[1];
        t->seconds = (double)numbers[2] / 1000;
        *memory.steps = numbers[3];
    }
    str_release(&path);
    str_release(&state);
    return there;
}

/* -- beginning ------------------------------------------------------------------------------------------------------------------------------ */

static double normal(struct random *r)
{
    double u = random_unit(r), v = random_unit(r);
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

/* Values for one new layer: what it adds to the stream (out, down) is zero, so the model says at first what it said without it. */
static void fill_layer(struct weights *w, int index, struct random *r)
{
    struct layer_weights *l = &w->layer[index];
    size_t d = (size_t)w->shape.dim, f = (size_t)w->shape.hidden;
    double spread = 0.5 / sqrt((double)d);
    for (size_t i = 0; i < d; i++)
        l->norm1[i] = l->norm2[i] = 1;
    for (size_t i = 0; i < 3 * d * d; i++)
        l->qkv[i] = (float)(normal(r) * spread);
    for (size_t i = 0; i < f * d; i++)
        l->up[i] = (float)(normal(r) * spread);
}

static void begin_anew(struct weights *w, const struct shape *s, struct random *r)
{
    weights_init(w, s);
    for (size_t i = 0; i < (size_t)s->vocab * (size_t)s->dim; i++)
        w->embedding[i] = (float)(normal(r) * 0.02);
    for (int i = 0; i < s->layers; i++)
        fill_layer(w, i, r);
    for (int i = 0; i < s->dim; i++)
        w->final_norm[i] = 1;
}

/* The layers of `from` and new ones spread between them, until there are `layers`. */
static void grow(struct weights *w, const struct weights *from, int layers, struct random *r)
{
    struct shape s = from->shape;
    size_t d = (size_t)s.dim;
    s.layers = layers;
    weights_init(w, &s);
    memcpy(w->embedding, from->embedding, (size_t)s.vocab * d * sizeof(float));
    memcpy(w->final_norm, from->final_norm, d * sizeof(float));
    size_t layer = (size_t)(from->layer[0].down - from->layer[0].norm1) + d * (size_t)s.hidden;
    int added = layers - from->shape.layers;
    for (int i = 0, old = 0; i < layers; i++) {
        if ((i + 1) * added / layers > i * added / layers)
            fill_layer(w, i, r);
        else
            memcpy(w->layer[i].norm1, from->layer[old++].norm1, layer * sizeof(float));
    }
}

static bool parse_shape(const char *text, struct shape *s)
{
    int *fields[] = {&s->vocab, &s->dim, &s->layers, &s->heads, &s->hidden, &s->context};
    struct span rest = span_of(text);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        ptrdiff_t comma = span_find(rest, SPAN(","), 0);
        int64_t value = 0;
        if (!span_integer(span_cut(rest, 0, comma < 0 ? rest.len : (size_t)comma), &value))
            return false;
        *fields[i] = (int)value;
        rest = span_cut(rest, comma < 0 ? rest.len : (size_t)comma + 1, rest.len);
    }
    return shape_valid(s);
}

static const char *option(int argc, char **argv, const char *name, const char *otherwise)
{
    for (int i = 6; i + 1 < argc; i++)
        if (!strcmp(argv[i], name))
            return argv[i + 1];
    return otherwise;
}

static double number(const char *text)
{
    double value = 0;
    struct err err = {0};
    if (!span_number(span_of(text), &value)) {
        err_set(&err, ERR_USAGE, "“%s” is not a number.", text);
        fail(&err);
    }
    return value;
}

static void begin(struct training *t, int argc, char **argv)
{
    const char *from = option(argc, argv, "--from", NULL), *text = option(argc, argv, "--shape", NULL);
    struct shape s = {0};
    struct random random;
    struct err err = {0};
    random_seed(&random, (uint64_t)number(option(argc, argv, "--seed", "1")));
    if (resume(t))
        return;
    if (from && !weights_read(&t->weights, from, &err))
        fail(&err);
    if (!from && (!text || !parse_shape(text, &s))) {
        err_set(&err, ERR_USAGE, "--shape V,d,L,H,F,T or --from WEIGHTS says what to train.");
        fail(&err);
    }
    if (!from)
        begin_anew(&t->weights, &s, &random);
    int layers = (int)number(option(argc, argv, "--layers", "0"));
    if (from && layers > t->weights.shape.layers && layers <= LAYERS_MAX) {
        struct weights small = t->weights;
        grow(&t->weights, &small, layers, &random);
        weights_release(&small);
    }
    t->optimiser = optimiser_new(METHOD_MUON, &t->weights.shape);
}

/* -- training ------------------------------------------------------------------------------------------------------------------------------- */

/* 1 at first, then falling to LAST_RATE at the end; each run warms up anew, since its momentum may be cold. */
static double rate_now(const struct training *t)
{
    double done = t->seconds / (t->minutes * 60), falling = (done - t->constant) / (1 - t->constant);
    double rate = falling <= 0 ? 1 : falling >= 1 ? LAST_RATE : 1 - falling * (1 - LAST_RATE);
    int64_t warm = t->steps - t->warm_from;
    return t->rate * rate * (warm < WARM_STEPS ? (double)(warm + 1) / WARM_STEPS : 1);
}

static double train_step(struct training *t)
{
    sheaf_clear(&t->sheaf);
    sheaf_add(&t->sheaf, &t->corpus, BATCH_TOKENS);
    struct batch b = sheaf_batch(&t->sheaf);
    memset(t->gradient.all, 0, t->gradient.count * sizeof(float));
    double loss = tape_gradient(t->tape, &t->weights, &b, &t->gradient) / batch_predictions(&b);
    double rate = rate_now(t);
    optimiser_step(t->optimiser, &t->weights, &t->gradient, (float)rate * MATRIX_RATE, (float)rate * RATE);
    t->steps++;
    return loss;
}

static void report(struct training *t, double loss, double tokens_per_second)
{
    double held_out = corpus_loss(&t->held_out, t->tape, &t->weights, BATCH_TOKENS);
    printf("%7.1f min  step %6lld  rate %.3f  train %.4f  held out %.4f  perplexity %.2f  %.0f tokens/s\n", t->seconds / 60,
           (long long)t->steps, rate_now(t), loss, held_out, exp(held_out), tokens_per_second);
    fflush(stdout);
}

static void train(struct training *t)
{
    double smooth = 0, saved = t->seconds;
    int64_t last = clock_now_us(), tokens = 0;
    t->warm_from = t->steps;
    report(t, 0, 0);
    while (t->seconds < t->minutes * 60) {
        double loss = train_step(t);
        tokens += t->sheaf.starts[t->sheaf.documents];
        smooth = smooth > 0 ? 0.98 * smooth + 0.02 * loss : loss;
        int64_t now = clock_now_us();
        t->seconds += (double)(now - last) / 1e6;
        last = now;
        if (t->seconds - saved >= SAVE_SECONDS) {
            report(t, smooth, (double)tokens / (t->seconds - saved));
            save(t);
            saved = t->seconds;
            tokens = 0;
            last = clock_now_us();
        }
    }
    report(t, smooth, 0);
    save(t);
}

int main(int argc, char **argv)
{
    struct training t = {0};
    struct err err = {0};
    if (argc < 6) {
        fprintf(stderr, "muse-train STATE TRAIN.tok TRAIN.off HELDOUT.tok HELDOUT.off --minutes M [--from WEIGHTS | --shape V,d,L,H,F,T] "
                        "[--layers L] [--rate R] [--constant C] [--seed S]\n");
        return 2;
    }
    t.name = argv[1];
    t.minutes = number(option(argc, argv, "--minutes", "80"));
    t.rate = number(option(argc, argv, "--rate", "1"));
    t.constant = number(option(argc, argv, "--constant", "0.3"));
    begin(&t, argc, argv);
    const struct shape *s = &t.weights.shape;
    weights_init(&t.gradient, s);
    corpus_init(&t.corpus, (uint64_t)number(option(argc, argv, "--seed", "1")) + (uint64_t)t.steps);
    corpus_init(&t.held_out, 1);
    if (!corpus_read(&t.corpus, argv[2], argv[3], s, &err) || !corpus_read(&t.held_out, argv[4], argv[5], s, &err))
        fail(&err);
    t.tape = tape_new(s, BATCH_TOKENS + s->context);
    train(&t);
    tape_free(t.tape);
    optimiser_free(t.optimiser);
    sheaf_release(&t.sheaf);
    corpus_release(&t.corpus);
    corpus_release(&t.held_out);
    weights_release(&t.weights);
    weights_release(&t.gradient);
    return 0;
}
