#include "muse/poet_en.h"
#include "core/mem.h"
#include "muse/poet_en_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    DRAFTS = 320,        /* for a line, when the best is wanted */
    DRAFTS_LONG = 160,   /* the same in poems of more lines than SHORT_POEM */
    SHORT_POEM = 6,
    DRAFTS_PLAIN = 8,
    CAPACITY = 224,      /* tokens that the model sees at once */
    LAXITY_MOST = 3,
};

static const double WARMER = 1.05;

static void poet_en_free(struct poet *base)
{
    struct poet_en *p = (struct poet_en *)base;
    for (int i = 0; i < p->mask_count; i++)
        free(p->masks[i].bits);
    for (int i = 0; i < LEANS; i++)
        free(p->lean[i]);
    for (int t = 0; t < TELLINGS; t++)
        free(p->queue[t]);
    for (int i = 0; i < VERSE_LINES_MAX; i++)
        str_release(&p->done[i].text);
    for (int i = 0; i < END_MASKS; i++)
        free(p->end_bits[i]);
    free(p->masks);
    free(p->allowed);
    free(p->shaped);
    free(p->mass);
    free(p->theme);
    free(p->history);
    free(p->stem);
    decoder_free(p->decoder);
    verse_words_give_back(p->words);
    free(p);
}

/* The line before the current one, a refrain's earlier place, -1: none. */
static int earlier_refrain(const struct poet_en *p)
{
    for (int i = 0; i < p->line; i++)
        if (p->plan.line[p->line].refrain && p->plan.line[i].refrain == p->plan.line[p->line].refrain)
            return i;
    return -1;
}

/* The current line is written: shows it and goes on to the next. */
static enum poet_state line_done(struct poet_en *p, struct str *out)
{
    bool goes_on = poet_en_show(p, out) && ++p->line < p->plan.count;
    p->laxity = 0;
    p->phase = goes_on ? EN_TELL : EN_OVER;
    if (goes_on)
        poet_en_tell_line(p);
    return goes_on ? POET_WORKING : POET_DONE;
}

static enum poet_state open_line(struct poet_en *p, struct str *out)
{
    int again = earlier_refrain(p);
    if (p->line == 0 && p->base.wish->first_line.len) {
        poet_en_write_text(p, span_trim(str_span(&p->base.wish->first_line)));
        return line_done(p, out);
    }
    if (again >= 0) {
        poet_en_write_again(p, again);
        return line_done(p, out);
    }
    poet_en_lean(p);
    poet_en_draft_begin(p);
    p->copied = 0;
    p->phase = EN_SHARE;
    return POET_WORKING;
}

static enum poet_state take_best(struct poet_en *p, struct str *out)
{
    struct draft *best = &p->pool[0];
    for (int i = 0; i < p->pool_count; i++) {
        if (p->base.best)
            poet_en_score(p, &p->pool[i], true);
        if (p->pool[i].score > best->score)
            best = &p->pool[i];
    }
    poet_en_write_draft(p, best);
    return line_done(p, out);
}

static void begin_weighing(struct poet_en *p, enum telling t)
{
    poet_en_weigh_begin(p, t);
    p->phase = EN_PASS;
}

/* All drafts of the line are there. */
static enum poet_state drafted(struct poet_en *p, struct str *out, struct err *e)
{
    if (p->pool_count == 0) {
        if (++p->laxity > LAXITY_MOST) {
            (void)poet_en_fail(p, e);
            return POET_FAILED;
        }
        poet_en_draft_begin(p);
        return POET_WORKING;
    }
    if (!p->base.best)
        return take_best(p, out);
    begin_weighing(p, p->themed ? TELL_BARE : TELL_PLAIN);
    return POET_WORKING;
}

static enum poet_state weighed(struct poet_en *p, struct str *out)
{
    if (p->weighing == TELL_PLAIN || !p->planned)
        return take_best(p, out);
    begin_weighing(p, TELL_PLAIN);
    return POET_WORKING;
}

static void make_words(struct poet_en *p)
{
    if (!verse_words_make(p->words, p->base.vocab))
        return;
    poet_en_find_keywords(p);
    poet_en_find_words(p);
    poet_en_tell_begin(p);
    p->lanes = p->base.best ? LANES : DRAFTS_PLAIN;
    p->drafts = !p->base.best ? DRAFTS_PLAIN : p->plan.count > SHORT_POEM ? DRAFTS_LONG : DRAFTS;
    p->sampler = p->base.sampler;
    if (p->base.best)
        p->sampler.temperature *= WARMER;
    p->phase = EN_TELL;
}

static enum poet_state poet_en_step(struct poet *base, struct str *out, struct err *e)
{
    struct poet_en *p = (struct poet_en *)base;
    switch (p->phase) {
    case EN_WORDS:
        make_words(p);
        break;
    case EN_TELL:
        if (poet_en_tell_step(p))
            return open_line(p, out);
        break;
    case EN_SHARE:
        if (poet_en_share_step(p, TELL_PLAN, p->lanes))
            p->phase = EN_DRAFT;
        break;
    case EN_DRAFT:
        if (poet_en_draft_step(p))
            return drafted(p, out, e);
        break;
    case EN_PASS:
        if (poet_en_share_step(p, p->weighing, p->pool_count))
            p->phase = EN_WEIGH;
        break;
    case EN_WEIGH:
        if (poet_en_weigh_step(p))
            return weighed(p, out);
        break;
    case EN_OVER:
        return POET_DONE;
    }
    return POET_WORKING;
}

static const struct poet_ops ops = {poet_en_free, poet_en_step};

static void find_tokens(struct poet_en *p)
{
    static const char *const marks[MARKS] = {",", ";", ":", "--", ".", "!", "?"};
    for (int i = 0; i < MARKS; i++)
        p->marks[i] = vocab_find(p->base.vocab, span_of(marks[i]));
    p->token_rw = vocab_find(p->base.vocab, SPAN("<rw>"));
    p->token_nl = vocab_find(p->base.vocab, SPAN("<nl>"));
    p->token_par = vocab_find(p->base.vocab, SPAN("<par>"));
    p->token_cap = vocab_find(p->base.vocab, SPAN("<cap>"));
}

static void make_room(struct poet_en *p)
{
    size_t vocab = (size_t)vocab_size(p->base.vocab);
    int capacity = HEAD_TOKENS + (p->plan.count + 2) * LINE_TOKENS;
    if (capacity > CAPACITY)
        capacity = CAPACITY;
    p->decoder = decoder_new(p->base.pack, LANES + TELLINGS, capacity);
    p->words = verse_words_take(p->base.vocab);
    for (int t = 0; t < TELLINGS; t++)
        p->queue[t] = mem_new((size_t)capacity, sizeof *p->queue[t]);
    for (int i = 0; i < LEANS; i++)
        p->lean[i] = mem_new(vocab, sizeof *p->lean[i]);
    p->allowed = mem_new((vocab + 63) / 64, sizeof *p->allowed);
    for (int i = 0; i < END_MASKS; i++)
        p->end_bits[i] = mem_new((vocab + 63) / 64, sizeof *p->allowed);
    p->shaped = mem_new(vocab, sizeof *p->shaped);
    p->theme = mem_new(vocab, sizeof *p->theme);
    p->mass = mem_new((size_t)pronounce_classes() + 1, sizeof *p->mass);
}

struct poet *poet_en_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                         uint64_t seed, struct err *e)
{
    struct poet_en *p = mem_new(1, sizeof *p);
    poet_init(&p->base, &ops, pack, vocab, wish, dials, seed);
    find_tokens(p);
    if (p->token_rw < 0 || p->token_nl < 0 || p->token_par < 0) {
        free(p);
        (void)err_set(e, ERR_FORMAT, "The pack has no tokens for lines of English verse.");
        return NULL;
    }
    if (!poet_en_read_wish(p, e)) {
        free(p);
        return NULL;
    }
    make_room(p);
    return &p->base;
}
