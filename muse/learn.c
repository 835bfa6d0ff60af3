#include "muse/learn.h"
#include "core/clock.h"
#include "core/mem.h"
#include "muse/optimiser.h"
#include "muse/pack_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP_TOKENS 1024     /* of a step: the writer's and general verse together */
#define OWN_SHARE 0.5        /* the writer's part of them */
#define PASSES 6.0           /* over the writer's text */
#define STEPS_MIN 20
#define STEPS_MAX 400
#define RATE 1.5e-3F         /* of embedding and norms */
#define MATRIX_RATE 6e-4F
#define BLEND 0.75F          /* how far the result goes from the base towards what was learnt */
#define MEASURES 20          /* of what is held out, spread over the steps */
#define BATCH_MAX 1024
#define CURVE_MAX (MEASURES + 2)

struct learner {
    const struct pack *base;
    struct lesson *lesson;
    struct weights weights, gradient;
    struct weights start;    /* the base's */
    struct weights blend;    /* between the base and `weights`: what is measured and kept */
    struct weights best;     /* the best of them */
    struct optimiser *optimiser;
    struct tape *tape;
    struct sheaf sheaf;
    struct progress progress;
    int curve_count;
    int curve_steps[CURVE_MAX];
    double curve_losses[CURVE_MAX];
};

void lesson_init(struct lesson *l)
{
    corpus_init(&l->own, 1);
    corpus_init(&l->own_kept, 2);
    corpus_init(&l->general, 3);
    corpus_init(&l->general_kept, 4);
}

void lesson_release(struct lesson *l)
{
    corpus_release(&l->own);
    corpus_release(&l->own_kept);
    corpus_release(&l->general);
    corpus_release(&l->general_kept);
}

/* -- measuring ------------------------------------------------------------------------------------------------------------------------------- */

static double own_loss(const struct learner *l)
{
    return corpus_loss(&l->lesson->own_kept, l->tape, &l->blend, BATCH_MAX);
}

static double general_loss(const struct learner *l)
{
    return l->lesson->general_kept.count ? corpus_loss(&l->lesson->general_kept, l->tape, &l->blend, BATCH_MAX) : 0;
}

static void note(struct learner *l, double loss)
{
    if (l->curve_count == CURVE_MAX)
        return;
    l->curve_steps[l->curve_count] = l->progress.step;
    l->curve_losses[l->curve_count++] = loss;
}

static void keep_as_best(struct learner *l)
{
    memcpy(l->best.all, l->blend.all, l->weights.count * sizeof(float));
    l->progress.own_best = l->progress.own_now;
    l->progress.general_now = general_loss(l);
}

/* Learning goes far to gain the last of what it gains; a way back towards the base loses little of that and regains much of what was
 * forgotten (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022). */
static void blend(struct learner *l)
{
    for (size_t i = 0; i < l->blend.count; i++)
        l->blend.all[i] = l->start.all[i] + BLEND * (l->weights.all[i] - l->start.all[i]);
}

static void measure(struct learner *l)
{
    blend(l);
    l->progress.own_now = own_loss(l);
    note(l, l->progress.own_now);
    if (l->progress.own_now < l->progress.own_best)
        keep_as_best(l);
}

/* -- beginning and end ------------------------------------------------------------------------------------------------------------------------ */

static int steps_for(const struct lesson *lesson)
{
    double steps = PASSES * lesson->own.token_count / (STEP_TOKENS * OWN_SHARE);
    return steps < STEPS_MIN ? STEPS_MIN : steps > STEPS_MAX ? STEPS_MAX : (int)steps;
}

/* A forward pass costs about a third of a step. */
int64_t learner_work(const struct lesson *lesson)
{
    int64_t measured = (int64_t)(MEASURES + 1) * (lesson->own_kept.token_count + lesson->general_kept.token_count / 2) / 3;
    return (int64_t)steps_for(lesson) * STEP_TOKENS + measured;
}

struct learner *learner_new(const struct pack *base, struct lesson *lesson, uint64_t seed)
{
    struct learner *l = mem_new(1, sizeof *l);
    CHECK(lesson->own.count && lesson->own_kept.count && lesson->general.count);
    l->base = base;
    l->lesson = lesson;
    weights_from_pack(&l->weights, base);
    weights_init(&l->gradient, &base->shape);
    weights_from_pack(&l->start, base);
    weights_from_pack(&l->blend, base);
    weights_from_pack(&l->best, base);
    l->optimiser = optimiser_new(METHOD_ADAM, &base->shape);
    l->tape = tape_new(&base->shape, STEP_TOKENS + 2 * base->shape.context);
    random_seed(&lesson->own.random, seed);
    random_seed(&lesson->general.random, seed + 1);
    l->progress = (struct progress){.steps = steps_for(lesson), .seconds_left = -1};
    l->progress.own_before = l->progress.own_now = l->progress.own_best = own_loss(l);
    l->progress.general_before = l->progress.general_now = general_loss(l);
    note(l, l->progress.own_now);
    return l;
}

void learner_free(struct learner *l)
{
    if (!l)
        return;
    weights_release(&l->weights);
    weights_release(&l->gradient);
    weights_release(&l->start);
    weights_release(&l->blend);
    weights_release(&l->best);
    optimiser_free(l->optimiser);
    tape_free(l->tape);
    sheaf_release(&l->sheaf);
    free(l);
}

/* -- a step ------------------------------------------------------------------------------------------------------------------------------------ */

static void gather(struct learner *l)
{
    int own = (int)(STEP_TOKENS * OWN_SHARE);
    sheaf_clear(&l->sheaf);
    sheaf_add(&l->sheaf, &l->lesson->own, own);
    sheaf_add(&l->sheaf, &l->lesson->general, STEP_TOKENS - own);
}

bool learner_step(struct learner *l)
{
    struct progress *p = &l->progress;
    int64_t began = clock_now_us();
    if (p->step >= p->steps)
        return false;
    gather(l);
    struct batch b = sheaf_batch(&l->sheaf);
    memset(l->gradient.all, 0, l->gradient.count * sizeof(float));
    double loss = tape_gradient(l->tape, &l->weights, &b, &l->gradient) / batch_predictions(&b);
    float falling = 1 - (float)p->step / (float)p->steps;
    optimiser_step(l->optimiser, &l->weights, &l->gradient, falling * MATRIX_RATE, falling * RATE);
    p->step++;
    p->train = p->step == 1 ? loss : 0.9 * p->train + 0.1 * loss;
    int every = p->steps > MEASURES ? p->steps / MEASURES : 1;
    if (p->step % every == 0 || p->step == p->steps)
        measure(l);
    p->seconds += (double)(clock_now_us() - began) / 1e6;
    p->seconds_left = p->seconds / p->step * (p->steps - p->step);
    return p->step < p->steps;
}

/* -- what came of it --------------------------------------------------------------------------------------------------------------------------- */

void learner_progress(const struct learner *l, struct progress *out)
{
    *out = l->progress;
}

int learner_curve(const struct learner *l, int *steps, double *losses, int max)
{
    int count = l->curve_count < max ? l->curve_count : max;
    memcpy(steps, l->curve_steps, (size_t)count * sizeof *steps);
    memcpy(losses, l->curve_losses, (size_t)count * sizeof *losses);
    return count;
}

void learner_result(const struct learner *l, struct str *out)
{
    pack_write(out, l->base->language, &l->best, l->base->vocab);
}

/* -- stopping and going on -----------------------------------------------------------------------------------------------------------------------
 *
 * The state is a head that names what it belongs to, then the weights, the best weights and the optimiser's memory, as they lie in memory: it
 * is for the same program on the same machine. */

#define STATE_MAGIC 0x3145544154534d55ULL

struct state_head {
    uint64_t magic;
    uint64_t base, lesson;  /* checksums of what it was begun with */
    int64_t optimiser_steps;
    struct random own, general;
    int own_next, own_rounds, general_next, general_rounds;
    struct progress progress;
    int curve_count;
    int curve_steps[CURVE_MAX];
    double curve_losses[CURVE_MAX];
};

static uint64_t lesson_mark(const struct lesson *l)
{
    return pack_checksum((const char *)l->own.tokens, (size_t)l->own.token_count * sizeof(int));
}

static void add_floats(struct str *out, const float *floats, size_t count)
{
    str_add(out, (struct span){(const char *)floats, count * sizeof *floats});
}

static void add_order(struct str *out, const struct corpus *c)
{
    str_add(out, (struct span){(const char *)c->order, (size_t)c->count * sizeof *c->order});
}

void learner_save(const struct learner *l, struct str *out)
{
    struct optimiser_memory memory = optimiser_memory(l->optimiser);
    const struct corpus *own = &l->lesson->own, *general = &l->lesson->general;
    struct state_head h;
    memset(&h, 0, sizeof h);
    h = (struct state_head){STATE_MAGIC, ((const struct pack_head *)l->base->map)->checksum, lesson_mark(l->lesson), *memory.steps,
                            own->random, general->random, own->next, own->rounds, general->next, general->rounds, l->progress,
                            l->curve_count, {0}, {0}};
    memcpy(h.curve_steps, l->curve_steps, sizeof h.curve_steps);
    memcpy(h.curve_losses, l->curve_losses, sizeof h.curve_losses);
    str_add(out, (struct span){(const char *)&h, sizeof h});
    if (l->progress.step == 0)
        return;
    add_order(out, own);
    add_order(out, general);
    add_floats(out, l->weights.all, l->weights.count);
    add_floats(out, l->best.all, l->best.count);
    add_floats(out, memory.floats, memory.count);
}

static void take_bytes(struct span *from, void *to, size_t size)
{
    memcpy(to, from->s, size);
    *from = span_cut(*from, size, from->len);
}

static void take_order(struct span *from, struct corpus *c, const struct random *random, int next, int rounds)
{
    if (!c->order)
        c->order = mem_new((size_t)c->count, sizeof *c->order);
    take_bytes(from, c->order, (size_t)c->count * sizeof *c->order);
    c->random = *random;
    c->next = next;
    c->rounds = rounds;
}

bool learner_restore(struct learner *l, struct span state)
{
    struct optimiser_memory memory = optimiser_memory(l->optimiser);
    struct corpus *own = &l->lesson->own, *general = &l->lesson->general;
    struct state_head h;
    size_t orders = (size_t)(own->count + general->count) * sizeof(int), floats = (2 * l->weights.count + memory.count) * sizeof(float);
    if (state.len != sizeof h + orders + floats)
        return false;
    take_bytes(&state, &h, sizeof h);
    if (h.magic != STATE_MAGIC || h.base != ((const struct pack_head *)l->base->map)->checksum || h.lesson != lesson_mark(l->lesson) ||
        h.curve_count > CURVE_MAX || h.curve_count < 0)
        return false;
    take_order(&state, own, &h.own, h.own_next, h.own_rounds);
    take_order(&state, general, &h.general, h.general_next, h.general_rounds);
    take_bytes(&state, l->weights.all, l->weights.count * sizeof(float));
    take_bytes(&state, l->best.all, l->best.count * sizeof(float));
    take_bytes(&state, memory.floats, memory.count * sizeof(float));
    *memory.steps = h.optimiser_steps;
    l->progress = h.progress;
    l->curve_count = h.curve_count;
    memcpy(l->curve_steps, h.curve_steps, sizeof h.curve_steps);
    memcpy(l->curve_losses, h.curve_losses, sizeof h.curve_losses);
    return true;
}
