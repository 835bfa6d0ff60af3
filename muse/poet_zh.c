/* How a poem grows. It is cut into units (a line, or several short ones). For each, `rounds` times `slots` drafts are
 * written side by side, a place at each step; the best few of them are kept, and the next unit grows out of these. A unit is certain, and
 * told, once every draft that is kept agrees on it: one unit later than it was written, at the latest.
 *
 * Each slot has two lanes of the decoder where there is a theme: one that knows it and one that does not. How much likelier the theme makes
 * a draft is what drafts are chosen by. */
#include "muse/poet_zh.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/poet_zh_continue.h"
#include "muse/poet_zh_draft.h"
#include "muse/poet_zh_rank.h"
#include "muse/poet_zh_tell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LANES = 16,      /* of the decoder: what one step may cost */
    KEPT = 4,        /* drafts that a unit hands on */
    ROUNDS = 8,      /* of drafts for a unit */
    UNIT_LEAST = 4,  /* characters of a unit */
    FEED = 16,       /* tokens of a head at a step */
    COPIES = 2,      /* of slots at a step */
    TRIES = 24,      /* of a unit that ends in dead ends */
    TRIES_STRICT = 8,
};

#define SPREAD 0.7      /* nats */
#define SPREAD_BARE 2.5 /* … where there is no theme */

enum phase { PHASE_HEAD, PHASE_WRITE, PHASE_MARK, PHASE_KEEP, PHASE_GATHER, PHASE_FEED, PHASE_SPREAD };

/* A draft that others grow out of, and what its lanes still have to be fed. */
struct root {
    struct draft draft;
    int slot;                 /* whose lanes stand behind it */
    int feed[DRAFT_TOKENS];
};

struct slot {
    int root;
    struct draft draft;
    bool dead;                /* no word fits its next place */
    float *told, *bare;       /* [V] logits behind the root */
};

struct poet_zh {
    struct poet base;
    struct wish own;          /* of a poem that goes on from a text: the wish that was read out of it */
    bool goes_on;
    struct plan plan;
    struct writer writer;
    struct ranking ranking;
    struct telling telling;
    struct decoder *decoder;
    bool guided;              /* there is a theme, so each slot has a second lane */
    struct slot slot[LANES];
    int slots, rounds;        /* drafts side by side, and how often */
    struct root root[KEPT];
    int roots;
    struct draft *pool;       /* the unit's drafts that are whole: slots · rounds at most */
    int *parent;              /* the root of each */
    int pool_count;
    enum phase phase;
    int from, to;             /* the places of the unit at work */
    int round, tries;
    int told_begin[PLAN_HEAD + DRAFT_TOKENS], bare_begin[PLAN_HEAD + DRAFT_TOKENS]; /* heads and what is given of the poem */
    int told_begin_count, bare_begin_count;
    int told_length, bare_length; /* tokens in the lanes behind a root */
    int feed_count, feed_done;
    int copy_to[LANES], copy_from[LANES], copy_count; /* slots whose lanes are still to become others' */
    int certain;              /* places that all roots agree on */
};

/* -- lanes -------------------------------------------------------------------------------------------------------------------------- */

static int told_lane(const struct poet_zh *z, int slot)
{
    return z->guided ? 2 * slot : slot;
}

static int bare_lane(int slot)
{
    return 2 * slot + 1;
}

static void rewind_slot(struct poet_zh *z, int slot)
{
    decoder_rewind(z->decoder, told_lane(z, slot), z->told_length);
    if (z->guided)
        decoder_rewind(z->decoder, bare_lane(slot), z->bare_length);
}

static void copy_later(struct poet_zh *z, int to, int from)
{
    z->copy_to[z->copy_count] = to;
    z->copy_from[z->copy_count++] = from;
}

/* True when no copy is left. */
static bool copy_some(struct poet_zh *z)
{
    for (int i = 0; i < COPIES && z->copy_count > 0; i++) {
        int to = z->copy_to[--z->copy_count], from = z->copy_from[z->copy_count];
        decoder_copy(z->decoder, told_lane(z, to), told_lane(z, from));
        if (z->guided)
            decoder_copy(z->decoder, bare_lane(to), bare_lane(from));
    }
    return z->copy_count == 0;
}

/* The tokens that one step feeds: one to each slot at most. */
struct meal {
    int lanes[LANES], tokens[LANES], count;
};

static void add_to_meal(const struct poet_zh *z, struct meal *m, int slot, int token)
{
    m->lanes[m->count] = told_lane(z, slot);
    m->tokens[m->count++] = token;
    if (z->guided) {
        m->lanes[m->count] = bare_lane(slot);
        m->tokens[m->count++] = token;
    }
}

static void eat(struct poet_zh *z, const struct meal *m)
{
    if (m->count)
        decoder_step(z->decoder, m->lanes, m->tokens, m->count);
    z->base.tokens += m->count;
}

static void remember_logits(struct poet_zh *z)
{
    size_t bytes = (size_t)z->plan.lexicon.count * sizeof(float);
    for (int s = 0; s < z->slots; s++) {
        memcpy(z->slot[s].told, decoder_logits(z->decoder, told_lane(z, s)), bytes);
        if (z->guided)
            memcpy(z->slot[s].bare, decoder_logits(z->decoder, bare_lane(s)), bytes);
    }
    z->told_length = decoder_length(z->decoder, told_lane(z, 0));
    z->bare_length = z->guided ? decoder_length(z->decoder, bare_lane(0)) : 0;
}

/* -- units -------------------------------------------------------------------------------------------------------------------------- */

static const struct meter *meter_of(const struct poet_zh *z)
{
    return &z->plan.ways[0].meter;
}

/* A line, or several short ones. */
static int unit_end(const struct poet_zh *z, int from)
{
    const struct meter *m = meter_of(z);
    int at = from;
    while (!m->place[at].line_end || (at + 1 - from < UNIT_LEAST && !m->place[at].stanza_end))
        at++;
    return at + 1;
}

static int token_count(const struct poet_zh *z, int from, int to)
{
    int count = to - from;
    for (int i = from; i < to; i++)
        count += meter_of(z)->place[i].mark != MARK_NONE;
    return count;
}

static void begin_round(struct poet_zh *z)
{
    for (int s = 0; s < z->slots; s++) {
        rewind_slot(z, s);
        z->slot[s].draft = z->root[z->slot[s].root].draft;
        z->slot[s].dead = false;
        if (z->from == z->plan.given)
            draft_begin(&z->slot[s].draft, &z->plan, &z->base.random);
    }
    z->phase = PHASE_WRITE;
}

static void begin_unit(struct poet_zh *z, int from)
{
    bool fits = z->told_length + token_count(z, 0, meter_of(z)->places) <= decoder_capacity(z->decoder);
    z->from = from;
    z->to = z->base.best || !fits ? unit_end(z, from) : meter_of(z)->places;
    z->round = 0;
    z->tries = 0;
    z->pool_count = 0;
    z->writer.relaxed = false;
    begin_round(z);
}

/* -- the head ----------------------------------------------------------------------------------------------------------------------- */

static bool feed_some(struct poet_zh *z, int lane, const int *tokens, int count)
{
    int done = decoder_length(z->decoder, lane), left = count - done;
    int now = left < FEED ? left : FEED;
    if (now > 0)
        decoder_feed(z->decoder, lane, tokens + done, now);
    z->base.tokens += now;
    return now == left;
}

/* Every slot without a root of its own takes one that others have too. */
static void spread(struct poet_zh *z)
{
    bool owner[LANES] = {false};
    for (int r = 0; r < z->roots; r++) {
        owner[z->root[r].slot] = true;
        z->slot[z->root[r].slot].root = r;
    }
    for (int s = 0, next = 0; s < z->slots; s++)
        if (!owner[s]) {
            z->slot[s].root = next;
            copy_later(z, s, z->root[next].slot);
            next = (next + 1) % z->roots;
        }
    z->phase = PHASE_SPREAD;
}

static void step_head(struct poet_zh *z)
{
    bool told = feed_some(z, told_lane(z, 0), z->told_begin, z->told_begin_count);
    bool bare = !z->guided || feed_some(z, bare_lane(0), z->bare_begin, z->bare_begin_count);
    if (told && bare)
        spread(z);
}

static void step_spread(struct poet_zh *z)
{
    if (!copy_some(z))
        return;
    remember_logits(z);
    begin_unit(z, z->to);
}

/* -- writing ------------------------------------------------------------------------------------------------------------------------ */

/* Puts the whole drafts aside; a slot's draft that is cut by a dead end is lost. */
static void end_round(struct poet_zh *z)
{
    for (int s = 0; s < z->slots; s++)
        if (!z->slot[s].dead) {
            z->parent[z->pool_count] = z->slot[s].root;
            z->pool[z->pool_count++] = z->slot[s].draft;
        }
    if (++z->round < z->rounds)
        begin_round(z);
    else
        z->phase = PHASE_KEEP;
}

static int place_now(const struct poet_zh *z)
{
    for (int s = 0; s < z->slots; s++)
        if (!z->slot[s].dead)
            return z->slot[s].draft.places;
    return z->to;
}

static void step_write(struct poet_zh *z)
{
    struct meal meal = {.count = 0};
    int place = place_now(z);
    for (int s = 0; s < z->slots; s++) {
        struct slot *slot = &z->slot[s];
        if (slot->dead)
            continue;
        bool fresh = place == z->from;
        const float *told = fresh ? slot->told : decoder_logits(z->decoder, told_lane(z, s));
        const float *bare = !z->guided ? NULL : fresh ? slot->bare : decoder_logits(z->decoder, bare_lane(s));
        int token = draft_write(&z->writer, &slot->draft, told, bare);
        slot->dead = token < 0;
        if (!slot->dead)
            add_to_meal(z, &meal, s, token);
    }
    if (place + 1 >= z->to || meal.count == 0) {
        end_round(z);
        return;
    }
    eat(z, &meal);
    if (meter_of(z)->place[place].mark)
        z->phase = PHASE_MARK;
}

static void step_mark(struct poet_zh *z)
{
    struct meal meal = {.count = 0};
    const struct meter_place *at = &meter_of(z)->place[place_now(z) - 1];
    for (int s = 0; s < z->slots; s++)
        if (!z->slot[s].dead)
            add_to_meal(z, &meal, s, mark_token(&z->plan, at));
    eat(z, &meal);
    z->phase = PHASE_WRITE;
}

/* -- keeping the best --------------------------------------------------------------------------------------------------------------- */

static bool same_words(const struct draft *a, const struct draft *b, int places)
{
    return memcmp(a->word, b->word, (size_t)places * sizeof *a->word) == 0;
}

/* The best draft of the pool that agrees with the first root on what is told, and is none of the roots. */
static int next_best(const struct poet_zh *z)
{
    int best = -1;
    for (int i = 0; i < z->pool_count; i++) {
        const struct draft *d = &z->pool[i];
        bool taken = z->roots && !same_words(d, &z->root[0].draft, z->from);
        for (int r = 0; r < z->roots; r++)
            taken = taken || same_words(d, &z->root[r].draft, z->to);
        if (!taken && (best < 0 || d->score > z->pool[best].score))
            best = i;
    }
    return best;
}

/* Gives each root the lanes of a slot that stands behind its parent already, as far as there are enough of them; the others' are copied. */
static void assign_slots(struct poet_zh *z, const int *parents)
{
    bool taken[LANES] = {false};
    for (int r = 0; r < z->roots; r++) {
        z->root[r].slot = -1;
        for (int s = 0; s < z->slots && z->root[r].slot < 0; s++)
            if (!taken[s] && z->slot[s].root == parents[r])
                z->root[r].slot = s;
        if (z->root[r].slot >= 0)
            taken[z->root[r].slot] = true;
    }
    for (int r = 0; r < z->roots; r++)
        for (int s = 0; s < z->slots && z->root[r].slot < 0; s++)
            if (!taken[s]) {
                int from = 0;
                while (z->slot[from].root != parents[r])
                    from++;
                copy_later(z, s, from);
                z->root[r].slot = s;
                taken[s] = true;
            }
}

/* What the roots' lanes lack. Where they would grow longer than the model looks back, they begin anew behind the head with the latest lines
 * that leave room for the next unit. */
static void plan_feed(struct poet_zh *z)
{
    const struct meter *m = meter_of(z);
    int next = token_count(z, z->to, unit_end(z, z->to)), room = decoder_capacity(z->decoder) - next;
    int from = z->from;
    if (z->told_length + token_count(z, from, z->to) > room) {
        z->told_length = z->plan.head_count;
        z->bare_length = z->plan.bare_count;
        int line = m->place[z->to - 1].line, most = (room - z->told_length) * 2 / 3;
        while (line > 0 && token_count(z, m->start[line - 1], z->to) <= most)
            line--;
        from = m->start[line];
    }
    for (int r = 0; r < z->roots; r++)
        z->feed_count = draft_tokens(&z->plan, &z->root[r].draft, from, z->to, z->root[r].feed);
    z->feed_done = 0;
    z->phase = PHASE_GATHER;
}

static void step_gather(struct poet_zh *z)
{
    if (!copy_some(z))
        return;
    for (int r = 0; r < z->roots; r++)
        rewind_slot(z, z->root[r].slot);
    z->phase = PHASE_FEED;
}

static bool try_again(struct poet_zh *z, struct err *e)
{
    if (++z->tries > TRIES)
        return err_set(e, ERR_LIMIT, _("The muse found no words that keep the form here; another rhyme or another beginning may help."));
    z->writer.relaxed = z->tries > TRIES_STRICT;
    z->round = 0;
    begin_round(z);
    return true;
}

/* Chance at the beginning, or every poem on a theme would begin alike: drafts of the first unit are drawn (by the Gumbel trick) with odds
 * of e^(score / spread) instead of ranked. */
static double variety(struct poet_zh *z)
{
    double spread = z->from > 0 ? 0 : z->guided ? SPREAD : SPREAD_BARE;
    return -spread * log(-log(random_unit(&z->base.random) * (1 - 2e-9) + 1e-9));
}

static bool step_keep(struct poet_zh *z, struct err *e)
{
    if (z->pool_count == 0)
        return try_again(z, e);
    for (int i = 0; i < z->pool_count; i++)
        z->pool[i].score = ranking_score(&z->ranking, &z->pool[i]) + variety(z);
    int parents[KEPT], best = 0;
    bool last = z->to == meter_of(z)->places;
    for (z->roots = 0; z->roots < (last || z->slots == 1 ? 1 : KEPT) && (best = next_best(z)) >= 0; z->roots++) {
        parents[z->roots] = z->parent[best];
        z->root[z->roots].draft = z->pool[best];
    }
    z->certain = z->roots == 1 ? z->to : z->from;
    if (last)
        return true;
    for (int s = 0; s < z->slots; s++)
        rewind_slot(z, s);
    assign_slots(z, parents);
    plan_feed(z);
    return true;
}

static void step_feed(struct poet_zh *z)
{
    struct meal meal = {.count = 0};
    for (int r = 0; r < z->roots; r++)
        add_to_meal(z, &meal, z->root[r].slot, z->root[r].feed[z->feed_done]);
    eat(z, &meal);
    if (++z->feed_done == z->feed_count)
        spread(z);
}

/* -- as a poet ---------------------------------------------------------------------------------------------------------------------- */

/* Where lanes begin: the head, and the latest lines of what is given, as far as they leave room to look back on what is written. */
static void prepare_beginning(struct poet_zh *z)
{
    const struct meter *m = meter_of(z);
    const struct draft *d = &z->root[0].draft;
    int given = z->plan.given, from = 0, room = decoder_capacity(z->decoder) * 2 / 3 - z->plan.head_count;
    while (from < given && token_count(z, from, given) > room)
        from = m->start[m->place[from].line + 1];
    memcpy(z->told_begin, z->plan.head, sizeof z->plan.head);
    memcpy(z->bare_begin, z->plan.bare, sizeof z->plan.bare);
    z->told_begin_count = z->plan.head_count;
    z->bare_begin_count = z->plan.bare_count;
    z->told_begin_count += draft_tokens(&z->plan, d, from, given, z->told_begin + z->told_begin_count);
    z->bare_begin_count += draft_tokens(&z->plan, d, from, given, z->bare_begin + z->bare_begin_count);
}

static void start(struct poet_zh *z)
{
    const struct shape *shape = &z->base.pack->shape;
    int need = z->plan.head_count + token_count(z, 0, meter_of(z)->places);
    z->guided = z->plan.head_count != z->plan.bare_count;
    int lanes_each = z->guided ? 2 : 1;
    z->slots = z->base.best ? LANES / lanes_each : 1;
    z->rounds = z->base.best ? ROUNDS * lanes_each / 2 : 1;
    z->decoder = decoder_new(z->base.pack, z->slots * lanes_each, need < shape->context ? need : shape->context);
    z->pool = mem_new((size_t)z->slots * (size_t)z->rounds, sizeof *z->pool);
    z->parent = mem_new((size_t)z->slots * (size_t)z->rounds, sizeof *z->parent);
    for (int s = 0; s < z->slots; s++) {
        z->slot[s].told = mem_new((size_t)shape->vocab, sizeof(float));
        z->slot[s].bare = z->guided ? mem_new((size_t)shape->vocab, sizeof(float)) : NULL;
    }
    draft_begin(&z->root[0].draft, &z->plan, &z->base.random);
    z->roots = 1;
    z->to = z->certain = z->plan.given;
    prepare_beginning(z);
}

static enum poet_state tell_line(struct poet_zh *z, struct str *out)
{
    struct poet *p = &z->base;
    if (!telling_line(&z->telling, &z->plan, &z->root[0].draft, p->wish, p->max_tokens, out)) {
        p->finish = "length";
        return POET_DONE;
    }
    return z->telling.place == meter_of(z)->places ? POET_DONE : POET_WORKING;
}

static enum poet_state step(struct poet *p, struct str *out, struct err *e)
{
    struct poet_zh *z = (struct poet_zh *)p;
    if (!z->decoder) {
        start(z);
        if (z->goes_on)
            telling_skip(&z->telling, &z->plan, &z->root[0].draft, z->plan.given, str_span(&z->own.text), out);
        return POET_WORKING;
    }
    if (telling_ready(&z->telling, &z->plan, &z->root[0].draft, z->certain))
        return tell_line(z, out);
    switch (z->phase) {
    case PHASE_HEAD:
        step_head(z);
        break;
    case PHASE_SPREAD:
        step_spread(z);
        break;
    case PHASE_WRITE:
        step_write(z);
        break;
    case PHASE_MARK:
        step_mark(z);
        break;
    case PHASE_GATHER:
        step_gather(z);
        break;
    case PHASE_FEED:
        step_feed(z);
        break;
    case PHASE_KEEP:
        return step_keep(z, e) ? POET_WORKING : POET_FAILED;
    }
    return POET_WORKING;
}

static void release(struct poet *p)
{
    struct poet_zh *z = (struct poet_zh *)p;
    for (int s = 0; s < z->slots; s++) {
        free(z->slot[s].told);
        free(z->slot[s].bare);
    }
    free(z->pool);
    free(z->parent);
    decoder_free(z->decoder);
    writer_release(&z->writer);
    plan_release(&z->plan);
    wish_release(&z->own);
    free(z);
}

/* With a plan that is made. */
static struct poet *begin(struct poet_zh *z, const struct pack *pack, const struct vocab *vocab, const struct wish *wish,
                          const struct dials *dials, uint64_t seed)
{
    static const struct poet_ops ops = {release, step};
    poet_init(&z->base, &ops, pack, vocab, wish, dials, seed);
    writer_init(&z->writer, &z->plan, &z->base.sampler, &z->base.random);
    ranking_init(&z->ranking, &z->plan, pack, wish);
    return &z->base;
}

struct poet *poet_zh_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                         uint64_t seed, struct err *e)
{
    struct poet_zh *z = mem_new(1, sizeof *z);
    if (plan_make(&z->plan, vocab, wish, seed, e))
        return begin(z, pack, vocab, wish, dials, seed);
    free(z);
    return NULL;
}

struct poet *poet_zh_continue(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                              uint64_t seed)
{
    struct poet_zh *z = mem_new(1, sizeof *z);
    for (int choice = 0; continue_wish(&z->own, wish, choice); choice++)
        if (plan_make(&z->plan, vocab, &z->own, seed, NULL)) {
            z->goes_on = true;
            return begin(z, pack, vocab, &z->own, dials, seed);
        }
    wish_release(&z->own);
    free(z);
    return NULL;
}
