/* Drafts: lines spelled word by word, with everything masked away that the form forbids. */
#include "core/mem.h"
#include "muse/poet_en_parts.h"
#include "muse/poet_en_taste.h"

#include <math.h>
#include <string.h>

enum {
    WORDS_BEFORE_MARK = 2, /* no marks closer together inside a line */
    MARKS_INSIDE = 2,
};

/* What a syllable to come costs at least, as a rule. */
static const float REST_COST = 1.0F;

static void mask_set(uint64_t *bits, int token)
{
    if (token >= 0)
        bits[token >> 6] |= (uint64_t)1 << (token & 63);
}

static size_t mask_words(const struct poet_en *p)
{
    return ((size_t)vocab_size(p->base.vocab) + 63) / 64;
}

static const struct pronunciation *said_by(const struct poet_en *p, const struct verse_entry *e, int way)
{
    return &p->words->said[e->said + way];
}

/* The way in which the word stands at `at` and ends by `limit`; NULL: none. */
static const struct pronunciation *way_at(const struct poet_en *p, const struct verse_entry *e, int total, int at, int limit)
{
    if (p->plan.exact && e->disputed)
        return NULL;
    for (int i = 0; i < e->ways; i++) {
        const struct pronunciation *said = said_by(p, e, i);
        if (at + said->syllables <= limit && metre_fits(p->plan.metre, total, at, said))
            return said;
    }
    return NULL;
}

/* A line without a plan may not end in a function word: it would have nowhere to go. */
static bool fits_body(const struct poet_en *p, const struct verse_entry *e, const struct lane *l)
{
    const struct pronunciation *said = way_at(p, e, l->draft.total, l->at, l->limit);
    if (!said)
        return false;
    bool ends = !p->planned && l->at + said->syllables == l->limit;
    char letter = l->at == 0 ? p->letters[p->line] : '\0';
    bool too_long = l->tight && l->range.depth == 0 && e->tokens > 1;
    return !(ends && (e->light || poet_en_chimes(p, e))) && (letter == '\0' || e->letter == letter) && !too_long;
}

/* No room for long words: what is left of the line has to be said in single tokens. */
static bool is_tight(const struct lane *l)
{
    return l->draft.count + (l->limit - l->at) + 2 * WORD_TOKENS + 3 >= LINE_TOKENS;
}

/* Tokens with which a word may begin here, worked out once for each place. */
static const uint64_t *starts(struct poet_en *p, const struct lane *l)
{
    char letter = l->at == 0 ? p->letters[p->line] : '\0';
    int line = p->planned ? 0 : p->line; /* without a plan, the words that may end it are other ones in every line */
    for (int i = 0; i < p->mask_count; i++) {
        const struct mask *m = &p->masks[i];
        if (m->at == l->at && m->limit == l->limit && m->total == l->draft.total && m->letter == letter && m->tight == l->tight &&
            m->line == line)
            return m->bits;
    }
    ARRAY_ROOM(p->masks, p->mask_count, p->mask_cap);
    struct mask *m = &p->masks[p->mask_count++];
    *m = (struct mask){l->at, l->limit, l->draft.total, line, letter, l->tight, mem_new(mask_words(p), sizeof *m->bits)};
    for (int i = 0; i < p->words->count; i++)
        if (fits_body(p, &p->words->entry[i], l))
            mask_set(m->bits, p->words->entry[i].token[0]);
    return m->bits;
}

static void allow_starts(struct poet_en *p, const struct lane *l)
{
    const uint64_t *bits = starts(p, l);
    for (size_t i = 0; i < mask_words(p); i++)
        p->allowed[i] |= bits[i];
}

static void ends_at(const struct poet_en *p, const struct lane *l, uint64_t *bits)
{
    const struct word_range r = l->range;
    for (int i = r.from; i < r.to; i++) {
        const struct verse_entry *e = &p->words->entry[i];
        if (poet_en_may_end(p, e, l->draft.total))
            mask_set(bits, e->tokens > r.depth ? e->token[r.depth] : p->token_rw);
    }
}

/* The first tokens of last words are worked out once for a line of one length. */
static void allow_end(struct poet_en *p, const struct lane *l)
{
    if (l->range.depth > 0) {
        ends_at(p, l, p->allowed);
        return;
    }
    int of = (l->draft.total - p->plan.line[p->line].least) % END_MASKS;
    if (p->end_total[of] != l->draft.total) {
        memset(p->end_bits[of], 0, mask_words(p) * sizeof *p->allowed);
        ends_at(p, l, p->end_bits[of]);
        p->end_total[of] = l->draft.total;
    }
    memcpy(p->allowed, p->end_bits[of], mask_words(p) * sizeof *p->allowed);
}

static bool is_last_line(const struct poet_en *p)
{
    return p->line == p->plan.count - 1;
}

/* The line's end, where the sense may be open: not before an empty line, nor in a refrain, which comes back in other company. */
static void allow_break(struct poet_en *p)
{
    const struct verse_line *line = &p->plan.line[p->line];
    if (!is_last_line(p) && !line->refrain && !line->stanza_end)
        mask_set(p->allowed, p->token_nl);
}

/* The poem ends with this line, now or when it comes back. */
static bool must_end(const struct poet_en *p)
{
    const struct verse_line *line = &p->plan.line[p->line], *last = &p->plan.line[p->plan.count - 1];
    return is_last_line(p) || (line->refrain && line->refrain == last->refrain);
}

static void allow_marks(struct poet_en *p, bool closing)
{
    for (int i = 0; i < MARKS; i++)
        if (!closing || !must_end(p) || poet_en_mark_ends(i))
            mask_set(p->allowed, p->marks[i]);
}

/* What may follow when the words so far fill `l->at` syllables. */
static void allow_next(struct poet_en *p, const struct lane *l)
{
    if (p->planned && l->at == l->limit) {
        mask_set(p->allowed, p->words->entry[l->draft.end].token[0]);
        return;
    }
    if (l->at < l->limit)
        allow_starts(p, l);
    bool may_close = !p->planned && l->at >= l->least && !l->hanging;
    if (may_close && (l->since == 0 || !is_last_line(p)))
        allow_break(p);
    if (l->at == l->limit || (may_close && l->since > 0))
        allow_marks(p, l->at == l->limit || is_last_line(p));
    else if (l->since >= WORDS_BEFORE_MARK && l->marks < MARKS_INSIDE)
        allow_marks(p, false);
}

/* The lane when the word that it spells is complete; false: it cannot be. */
static bool complete(const struct poet_en *p, const struct lane *l, struct lane *after)
{
    int word = word_range_word(p->words, l->range);
    if (word < 0 || !fits_body(p, &p->words->entry[word], l))
        return false;
    const struct verse_entry *e = &p->words->entry[word];
    const struct pronunciation *said = way_at(p, e, l->draft.total, l->at, l->limit);
    *after = *l;
    after->at += said->syllables;
    after->since++;
    after->hanging = e->light;
    after->range = word_range_all(p->words);
    after->tight = is_tight(l);
    after->draft.word[after->draft.words++] = word;
    after->draft.strain += poet_en_strain(p, e, said, l->draft.total, l->at);
    return true;
}

static void allow_body(struct poet_en *p, const struct lane *l)
{
    const struct word_range r = l->range;
    struct lane after;
    if (r.depth == 0) {
        allow_next(p, l);
        return;
    }
    for (int i = r.from; i < r.to; i++)
        if (p->words->entry[i].tokens > r.depth && fits_body(p, &p->words->entry[i], l))
            mask_set(p->allowed, p->words->entry[i].token[r.depth]);
    if (complete(p, l, &after))
        allow_next(p, &after);
}

static void allow(struct poet_en *p, const struct lane *l)
{
    memset(p->allowed, 0, mask_words(p) * sizeof *p->allowed);
    switch (l->stage) {
    case LANE_END:
        allow_end(p, l);
        break;
    case LANE_BODY:
        allow_body(p, l);
        break;
    case LANE_LAST:
        mask_set(p->allowed, p->words->entry[l->draft.end].token[l->spelled]);
        break;
    case LANE_TAIL:
        allow_break(p);
        allow_marks(p, true);
        break;
    case LANE_READY:
        break;
    }
}

/* Which way of leaning applies to the next token: that of the syllable which a new word would begin on. */
static const float *lean_of(const struct poet_en *p, const struct lane *l)
{
    if (l->stage == LANE_END)
        return p->lean[LEAN_END];
    if (l->stage != LANE_BODY)
        return p->lean[LEAN_NONE];
    return p->lean[metre_strong(p->plan.metre, l->draft.total, l->at) ? LEAN_STRONG : LEAN_WEAK];
}

static int mark_of(const struct poet_en *p, int token)
{
    for (int i = 0; i < MARKS; i++)
        if (p->marks[i] == token)
            return i;
    return -1;
}

static void end_chosen(struct poet_en *p, struct lane *l)
{
    l->draft.end = word_range_word(p->words, l->range);
    l->draft.end_said = poet_en_end_way(p, &p->words->entry[l->draft.end], l->draft.total);
    l->draft.body = l->draft.count;
    l->limit = l->draft.total - l->draft.end_said->syllables;
    l->range = word_range_all(p->words);
    l->stage = LANE_BODY;
}

static void close_line(struct poet_en *p, struct lane *l, int token)
{
    if (token == p->token_nl)
        l->draft.count--; /* the line break is told with the next line */
    l->draft.open = token == p->token_nl && l->since > 0;
    if (!p->planned)
        l->draft.end = l->draft.word[l->draft.words - 1];
    l->stage = LANE_READY;
}

static void arrive(struct poet_en *p, struct lane *l)
{
    const struct draft *d = &l->draft;
    if (++l->spelled < p->words->entry[d->end].tokens)
        return;
    l->draft.strain += poet_en_strain(p, &p->words->entry[d->end], d->end_said, d->total, l->at);
    l->draft.word[l->draft.words++] = d->end;
    l->since++;
    l->stage = LANE_TAIL;
}

/* A token after a complete word: a mark, the first of the next word, or the line's end. */
static void go_on(struct poet_en *p, struct lane *l, int token)
{
    if (p->planned && l->at == l->limit) {
        l->stage = LANE_LAST;
        arrive(p, l);
        return;
    }
    int mark = mark_of(p, token);
    bool done = !p->planned && l->at >= l->least && !l->hanging && is_last_line(p);
    if (token == p->token_nl || (mark >= 0 && (l->at == l->limit || (done && poet_en_mark_ends(mark))))) {
        close_line(p, l, token);
    } else if (mark >= 0) {
        l->since = 0;
        l->marks++;
    } else {
        l->lent = lean_of(p, l)[token];
        l->range = word_range_enter(p->words, l->range, token);
    }
}

static void spell(struct poet_en *p, struct lane *l, int token)
{
    struct word_range r = word_range_enter(p->words, l->range, token);
    struct lane after;
    if (l->range.depth > 0 && r.from < r.to) {
        l->range = r;
        return;
    }
    if (l->range.depth > 0) {
        CHECK(complete(p, l, &after));
        *l = after;
    }
    go_on(p, l, token);
}

static void advance(struct poet_en *p, struct lane *l, int token)
{
    l->draft.token[l->draft.count++] = token;
    switch (l->stage) {
    case LANE_END:
        if (token == p->token_rw)
            end_chosen(p, l);
        else
            l->range = word_range_enter(p->words, l->range, token);
        break;
    case LANE_BODY:
        spell(p, l, token);
        break;
    case LANE_LAST:
        arrive(p, l);
        break;
    case LANE_TAIL:
        close_line(p, l, token);
        break;
    case LANE_READY:
        break;
    }
}

/* "A" wants a consonant after it, "an" a vowel. */
static void lean_from_article(struct poet_en *p, const struct draft *d)
{
    int word = d->words ? d->word[d->words - 1] : -1;
    if (word < 0 || (word != p->article[0] && word != p->article[1]))
        return;
    for (int t = 0; t < vocab_size(p->base.vocab); t++)
        if (p->words->vowel[t] == (word == p->article[0]))
            p->shaped[t] -= verse_taste.wrong_article;
}

/* A line that is full of its theme looks for other words, and every line away from those that it has. */
static void lean_from_line(struct poet_en *p, const struct draft *d)
{
    float pull = 0;
    for (int i = 0; i < d->words; i++) {
        const struct verse_entry *e = &p->words->entry[d->word[i]];
        p->shaped[e->token[0]] -= e->light ? verse_taste.light_twice : verse_taste.full_twice;
        if (poet_en_pull(p, e) > 0)
            pull += poet_en_pull(p, e);
    }
    if (d->end >= 0)
        p->shaped[p->words->entry[d->end].token[0]] -= verse_taste.full_twice;
    if (pull < verse_taste.theme_enough)
        return;
    for (int t = 0; t < vocab_size(p->base.vocab); t++)
        if (p->theme[t] > 0 && p->words->of_token[t] >= 0)
            p->shaped[t] -= p->theme[t] * verse_taste.theme;
}

/* What a token was lent as a word of its own is taken back when it turns out the beginning of another (cat, cattle). */
static void take_back(struct poet_en *p, const struct lane *l)
{
    const struct word_range r = l->range;
    int last = -1; /* the words are sorted: equal tokens follow one another */
    for (int i = r.from; i < r.to; i++) {
        const struct verse_entry *e = &p->words->entry[i];
        if (e->tokens <= r.depth || e->token[r.depth] == last)
            continue;
        last = e->token[r.depth];
        p->shaped[last] -= l->lent;
    }
}

/* The logits as they are for this place of the line. */
static void shape(struct poet_en *p, const struct lane *l, const float *logits)
{
    struct lane at = *l;
    if (l->stage == LANE_BODY && l->range.depth > 0)
        (void)complete(p, l, &at);
    const float *lean = lean_of(p, &at);
    float flat = l->stage == LANE_END ? verse_taste.end_flat : 1;
    for (int i = 0; i < vocab_size(p->base.vocab); i++)
        p->shaped[i] = flat * logits[i] + lean[i];
    lean_from_line(p, &at.draft);
    lean_from_article(p, &at.draft);
    if (l->stage == LANE_BODY && l->range.depth == 1)
        take_back(p, l);
}

/* Picks the lane's next token; false: the form allows none. */
static bool grow(struct poet_en *p, struct lane *l, const float *logits)
{
    int count = vocab_size(p->base.vocab);
    allow(p, l);
    shape(p, l, logits);
    int token = sampler_pick(&p->sampler, p->shaped, count, p->allowed, p->history, p->history_count, &p->base.random, NULL);
    if (token < 0)
        return false;
    l->draft.logprob[TELL_PLAN] += logits[token] - logits_normaliser(logits, count);
    advance(p, l, token);
    return true;
}

static void begin_lane(struct poet_en *p, struct lane *l)
{
    int total = p->planned ? p->least + random_below(&p->base.random, p->most - p->least + 1) : p->most;
    *l = (struct lane){.stage = p->planned ? LANE_END : LANE_BODY,
                       .busy = true,
                       .least = p->planned ? total : p->least,
                       .limit = total,
                       .range = word_range_all(p->words)};
    l->draft.total = total;
    l->draft.end = -1;
}

static bool same_words(const struct draft *a, const struct draft *b)
{
    return a->words == b->words && !memcmp(a->word, b->word, (size_t)a->words * sizeof a->word[0]);
}

/* Keeps a finished draft when it is among the likeliest. */
static void harvest(struct poet_en *p, struct draft *d)
{
    int worst = 0;
    poet_en_score(p, d, false);
    for (int i = 0; i < p->pool_count; i++) {
        if (same_words(&p->pool[i], d)) {
            if (p->pool[i].score < d->score)
                p->pool[i] = *d;
            return;
        }
        if (p->pool[i].score < p->pool[worst].score)
            worst = i;
    }
    if (p->pool_count < POOL)
        p->pool[p->pool_count++] = *d;
    else if (p->pool[worst].score < d->score)
        p->pool[worst] = *d;
}

/* Where a form leaves lines much room, each gets a length of its own, give or take a syllable. */
static void choose_length(struct poet_en *p)
{
    const struct verse_line *line = &p->plan.line[p->line];
    p->least = line->least;
    p->most = line->most;
    if (line->most - line->least <= END_MASKS)
        return;
    p->least += random_below(&p->base.random, line->most - line->least - 1);
    p->most = p->least + 2;
}

void poet_en_draft_begin(struct poet_en *p)
{
    p->pool_count = 0;
    p->drafts_left = p->drafts;
    memset(p->end_total, 0, sizeof p->end_total);
    choose_length(p);
    for (int i = 0; i < LANES; i++)
        p->lane[i].busy = false;
}

/* Whether a lane can hardly come among the best any more, even when the rest of its line goes well. */
static bool is_hopeless(const struct poet_en *p, const struct lane *l)
{
    struct draft d = l->draft;
    if (p->pool_count < POOL || l->stage == LANE_END)
        return false;
    poet_en_score(p, &d, false);
    d.score -= REST_COST * (float)(d.total - l->at);
    for (int i = 0; i < p->pool_count; i++)
        if (p->pool[i].score < d.score)
            return false;
    return true;
}

/* One token for one lane; true when it is to be read by the model. */
static bool grow_lane(struct poet_en *p, int i)
{
    struct lane *l = &p->lane[i];
    bool fresh = !l->busy;
    if (fresh && p->drafts_left == 0)
        return false;
    if (fresh) {
        p->drafts_left--;
        decoder_rewind(p->decoder, i, p->told[TELL_PLAN]);
        begin_lane(p, l);
    }
    if (!grow(p, l, decoder_logits(p->decoder, fresh ? LANES + TELL_PLAN : i))) {
        l->busy = false;
        p->barren = true;
        return false;
    }
    l->busy = l->stage != LANE_READY && !is_hopeless(p, l);
    if (l->stage == LANE_READY)
        harvest(p, &l->draft);
    return l->busy;
}

bool poet_en_draft_step(struct poet_en *p)
{
    int lanes[LANES], tokens[LANES], count = 0;
    for (int i = 0; i < p->lanes; i++)
        if (grow_lane(p, i)) {
            lanes[count] = i;
            tokens[count++] = p->lane[i].draft.token[p->lane[i].draft.count - 1];
        }
    if (count)
        decoder_step(p->decoder, lanes, tokens, count);
    p->base.tokens += count;
    return count == 0 && p->drafts_left == 0;
}
