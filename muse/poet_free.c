/* How a text goes on. The text is read behind the heads of all kinds that it may be of, side by side, and goes on behind the one that makes
 * it likeliest. Then, line by line, several lines are written side by side and the best of them stays. */
#include "muse/poet_free.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/poet_free_parts.h"
#include "muse/poet_zh.h"
#include "muse/script.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LATELY = 60,     /* words that count as said lately */
    LINES_MAX = 40,
    BYTES_EACH = 6,  /* of a token of text, about */
};

bool free_has(const uint64_t *set, int token)
{
    return set[token >> 6] >> (token & 63) & 1;
}

void free_take_out(uint64_t *set, int token)
{
    set[token >> 6] &= ~((uint64_t)1 << (token & 63));
}

void free_put_in(uint64_t *set, int token)
{
    if (token >= 0)
        set[token >> 6] |= (uint64_t)1 << (token & 63);
}

int free_last(const struct free_poet *f, const struct free_line *line)
{
    if (line->count)
        return line->tokens[line->count - 1];
    return f->said_count ? f->said[f->said_count - 1] : -1;
}

static void say(struct free_poet *f, int token)
{
    ARRAY_ROOM(f->said, f->said_count, f->said_cap);
    f->said[f->said_count++] = token;
}

/* -- reading ------------------------------------------------------------------------------------------------------------------------ */

/* One token of the text to the lane of each head, after what the lanes expect has been weighed. */
static void read_token(struct free_poet *f)
{
    int lanes[FREE_LANES], tokens[FREE_LANES], size = vocab_size(f->base.vocab);
    for (int h = 0; h < f->head_count; h++) {
        const float *logits = decoder_logits(f->decoder, h);
        f->likely[h] += (double)(logits[f->said[f->fed]] - logits_normaliser(logits, size));
        lanes[h] = h;
        tokens[h] = f->said[f->fed];
    }
    decoder_step(f->decoder, lanes, tokens, f->head_count);
    f->base.tokens += f->head_count;
    f->fed++;
}

/* Gives all lanes what the lane of the chosen head knows. */
static void choose_head(struct free_poet *f)
{
    for (int h = 1; h < f->head_count; h++)
        if (f->likely[h] > f->likely[f->head])
            f->head = h;
    f->begun = true;
}

static void begin_lines(struct free_poet *f, int lane)
{
    for (int i = 0; i < f->lanes; i++)
        if (i != lane)
            decoder_copy(f->decoder, i, lane);
    memcpy(f->after, decoder_logits(f->decoder, lane), (size_t)vocab_size(f->base.vocab) * sizeof *f->after);
    memset(f->line, 0, sizeof f->line);
}

static void read_on(struct free_poet *f)
{
    if (f->fed < f->read) {
        read_token(f);
        return;
    }
    choose_head(f);
    begin_lines(f, f->head);
}

/* -- lines -------------------------------------------------------------------------------------------------------------------------- */

static void allow(const struct free_poet *f, const struct free_line *line)
{
    int words = (vocab_size(f->base.vocab) + 63) / 64;
    memcpy(f->allowed, f->plain, (size_t)words * sizeof *f->allowed);
    f->language->allow(f, line, f->allowed);
}

static int pick(struct free_poet *f, const struct free_line *line, const float *logits)
{
    struct sampler sampler = f->base.sampler;
    int history[LATELY + FREE_UNIT], count = 0, size = vocab_size(f->base.vocab);
    float *own = mem_new((size_t)size, sizeof *own);
    memcpy(own, logits, (size_t)size * sizeof *own);
    for (int i = f->said_count > LATELY ? f->said_count - LATELY : 0; i < f->said_count; i++)
        history[count++] = f->said[i];
    for (int i = 0; i < line->count; i++)
        history[count++] = line->tokens[i];
    for (int i = 0; i < count; i++)
        own[history[i]] -= free_has(f->plain, history[i]) ? (float)f->language->reuse : 0;
    if (sampler.repetition_penalty == 1)
        sampler.repetition_penalty = f->language->repetition;
    allow(f, line);
    int token = sampler_pick(&sampler, own, size, f->allowed, history, count, &f->base.random, NULL);
    free(own);
    return token;
}

/* One token more for every line that is not whole. */
static bool lengthen(struct free_poet *f)
{
    int lanes[FREE_LANES], tokens[FREE_LANES], count = 0, size = vocab_size(f->base.vocab);
    for (int i = 0; i < f->lanes; i++) {
        struct free_line *line = &f->line[i];
        if (line->whole)
            continue;
        const float *logits = line->count ? decoder_logits(f->decoder, i) : f->after;
        int token = pick(f, line, logits);
        line->whole = token < 0;
        if (token < 0)
            continue;
        line->told += (double)(logits[token] - logits_normaliser(logits, size));
        line->tokens[line->count++] = token;
        line->whole = line->count == FREE_UNIT || f->language->ends(f, line);
        lanes[count] = i;
        tokens[count++] = token;
    }
    if (count)
        decoder_step(f->decoder, lanes, tokens, count);
    f->base.tokens += count;
    return count > 0;
}

/* Likelihood is weighed by the token, with a little less weight on length, or only the shortest lines would stay. */
static double worth(const struct free_poet *f, const struct free_line *line)
{
    if (line->count == 0)
        return -1e9;
    return line->told / (line->count + 2) + f->language->merit(f, line);
}

static int best_line(const struct free_poet *f)
{
    int best = 0;
    for (int i = 1; i < f->lanes; i++)
        if (worth(f, &f->line[i]) > worth(f, &f->line[best]))
            best = i;
    return best;
}

/* Lanes that cannot take in another line begin anew, behind the head with the latter half of what they knew. */
static void make_room(struct free_poet *f, int lane)
{
    int head = f->head_counts[f->head], room = decoder_capacity(f->decoder) - FREE_UNIT, kept = (room - head) / 2;
    if (decoder_length(f->decoder, lane) <= room)
        return;
    kept = kept < f->said_count ? kept : f->said_count;
    decoder_rewind(f->decoder, lane, 0);
    decoder_feed(f->decoder, lane, f->heads[f->head], head);
    decoder_feed(f->decoder, lane, f->said + f->said_count - kept, kept);
    f->base.tokens += head + kept;
}

/* How likely the model would end here. */
static bool wants_end(struct free_poet *f, const float *logits)
{
    double end = exp((double)(logits[TOKEN_EOS] - logits_normaliser(logits, vocab_size(f->base.vocab))));
    return f->language->closes(f) && random_unit(&f->base.random) < end;
}

static enum poet_state keep_line(struct free_poet *f, struct str *out)
{
    int best = best_line(f), from = f->said_count, room = f->base.max_tokens - f->written;
    const struct free_line *line = &f->line[best];
    int count = line->count < room ? line->count : room;
    for (int i = 0; i < count; i++)
        say(f, line->tokens[i]);
    f->written += count;
    f->language->write(f, from, out);
    if (count < line->count || f->written == f->base.max_tokens) {
        f->base.finish = "length";
        return POET_DONE;
    }
    make_room(f, best);
    if (line->count == 0 || wants_end(f, decoder_logits(f->decoder, best)))
        return POET_DONE;
    begin_lines(f, best);
    return POET_WORKING;
}

static enum poet_state step(struct poet *p, struct str *out, struct err *e)
{
    struct free_poet *f = (struct free_poet *)p;
    (void)e;
    if (!f->begun)
        read_on(f);
    else if (!lengthen(f))
        return keep_line(f, out);
    return POET_WORKING;
}

/* -- beginning ---------------------------------------------------------------------------------------------------------------------- */

static void release(struct poet *p)
{
    struct free_poet *f = (struct free_poet *)p;
    str_release(&f->text);
    str_release(&f->pending);
    decoder_free(f->decoder);
    free(f->said);
    free(f->after);
    free(f->plain);
    free(f->allowed);
    free(f);
}

/* The text's last tokens, so many that they take half of what the model looks back over at most. */
static void read_text(struct free_poet *f)
{
    struct span text = str_span(&f->base.wish->text);
    int most = f->base.pack->shape.context / 2, count = 0;
    size_t reach = (size_t)most * BYTES_EACH * 2;
    f->cut = text.len > reach;
    if (f->cut) {
        size_t from = text.len - reach;
        while (from < text.len && ((unsigned char)text.s[from] & 0xC0) == 0x80)
            from++;
        text = span_cut(text, from, text.len);
    }
    if (f->base.wish->language == FORM_ZH)
        script_convert(&f->text, text, SCRIPT_TRADITIONAL);
    else
        str_add(&f->text, text);
    int *tokens = mem_new(f->text.len + 8, sizeof *tokens);
    (void)vocab_encode(f->base.vocab, str_span(&f->text), tokens, &count, (int)f->text.len + 8);
    f->cut = f->cut || count > most;
    for (int i = count > most ? count - most : 0; i < count; i++)
        say(f, tokens[i]);
    f->read = f->said_count;
    free(tokens);
}

static void prepare_lanes(struct free_poet *f)
{
    size_t words = ((size_t)vocab_size(f->base.vocab) + 63) / 64;
    f->plain = mem_new(words, sizeof *f->plain);
    f->allowed = mem_new(words, sizeof *f->allowed);
    f->after = mem_new((size_t)vocab_size(f->base.vocab), sizeof *f->after);
    f->head_count = f->language->heads(f, f->heads, f->head_counts);
    f->lanes = FREE_LANES;
    f->decoder = decoder_new(f->base.pack, FREE_LANES, f->base.pack->shape.context);
    for (int h = 0; h < f->head_count; h++)
        decoder_feed(f->decoder, h, f->heads[h], f->head_counts[h]);
}

struct poet *poet_free_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                           uint64_t seed, struct err *e)
{
    static const struct poet_ops ops = {release, step};
    struct poet *verse = wish->language == FORM_ZH ? poet_zh_continue(pack, vocab, wish, dials, seed) : NULL;
    (void)e;
    if (verse)
        return verse;
    struct free_poet *f = mem_new(1, sizeof *f);
    poet_init(&f->base, &ops, pack, vocab, wish, dials, seed);
    f->language = wish->language == FORM_ZH ? &free_zh : &free_en;
    read_text(f);
    prepare_lanes(f);
    return &f->base;
}
