#include "core/mem.h"
#include "core/utf8.h"
#include "muse/poet_free_parts.h"
#include "muse/poet_zh_plan.h"
#include "muse/script.h"
#include "muse/tones.h"

enum {
    LINE_LEAST = 2, /* characters between two marks */
    LINE_MOST = 9,
    CLOSE_LEAST = 12, /* tokens that are written before a text may end */
};

static const int32_t commas[] = {U'，', U'；', U'：'}, stops[] = {U'。', U'？', U'！'};

static bool is_one(int32_t cp, const int32_t *cps)
{
    return cp == cps[0] || cp == cps[1] || cp == cps[2];
}

static int token_of(const struct free_poet *f, int32_t cp)
{
    return vocab_find_cp(f->base.vocab, cp);
}

static int32_t cp_at(const struct free_poet *f, int said)
{
    return said >= 0 ? vocab_cp(f->base.vocab, f->said[said]) : -1;
}

static int add_head(const struct free_poet *f, int head[FREE_HEAD], const char *kind, int32_t age)
{
    int count = 0, tokens[] = {TOKEN_BOS, vocab_find(f->base.vocab, span_of(kind)), token_of(f, age), TOKEN_SEP};
    int32_t cp = 0;
    if ((size_t)utf8_decode(span_of(kind), &cp) == span_of(kind).len)
        tokens[1] = token_of(f, cp);
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        if (tokens[i] >= 0)
            head[count++] = tokens[i];
    return count;
}

static int heads(const struct free_poet *f, int heads_out[FREE_LANES][FREE_HEAD], int counts[FREE_LANES])
{
    static const struct {
        const char *kind;
        int32_t age;
    } kinds[] = {{"詞", U'宋'}, {"雜", U'唐'}, {"五古", U'唐'}, {"七古", U'唐'}, {"四言", U'宋'}, {"曲", U'元'}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        counts[i] = add_head(f, heads_out[i], kinds[i].kind, kinds[i].age);
    for (int token = 0; token < vocab_size(f->base.vocab); token++) {
        int32_t cp = vocab_cp(f->base.vocab, token);
        if (cp > 0 && token_of(f, cp) == token && demand_is_han(cp))
            free_put_in(f->plain, token);
    }
    return (int)COUNT_OF(kinds);
}

static bool is_mark(const struct free_poet *f, int token)
{
    int32_t cp = vocab_cp(f->base.vocab, token);
    return cp == U'、' || is_one(cp, commas) || is_one(cp, stops);
}

/* Characters since the last mark. */
static int since_mark(const struct free_poet *f, const struct free_line *line)
{
    int n = 0;
    for (int i = line->count - 1; i >= 0; i--, n++)
        if (is_mark(f, line->tokens[i]))
            return n;
    for (int i = f->said_count - 1; i >= 0; i--, n++)
        if (is_mark(f, f->said[i]))
            return n;
    return n;
}

static void allow(const struct free_poet *f, const struct free_line *line, uint64_t *allowed)
{
    int n = since_mark(f, line), words = (vocab_size(f->base.vocab) + 63) / 64;
    if (n < LINE_LEAST && f->said_count)
        return;
    for (int i = 0; n >= LINE_MOST && i < words; i++)
        allowed[i] = 0;
    for (int i = 0; i < 3; i++) {
        free_put_in(allowed, token_of(f, commas[i]));
        free_put_in(allowed, token_of(f, stops[i]));
    }
    free_put_in(allowed, token_of(f, U'、'));
}

static bool ends(const struct free_poet *f, const struct free_line *line)
{
    int last = free_last(f, line);
    return is_mark(f, last) && vocab_cp(f->base.vocab, last) != U'、';
}

/* A line that ends a sentence rhymes, at best, with one of the two sentences before it. */
static double rhyme_merit(const struct free_poet *f, const struct free_line *line)
{
    if (line->count < 2 || !is_one(vocab_cp(f->base.vocab, line->tokens[line->count - 1]), stops))
        return 0;
    int32_t own = vocab_cp(f->base.vocab, line->tokens[line->count - 2]);
    for (int i = f->said_count - 1, seen = 0; i > 0 && seen < 2; i--) {
        if (!is_one(cp_at(f, i), stops))
            continue;
        if (cp_at(f, i - 1) == own)
            return -0.3;
        if (tone_ci_together(own, cp_at(f, i - 1), TONE_EITHER))
            return 0.4;
        seen++;
    }
    return 0;
}

static double merit(const struct free_poet *f, const struct free_line *line)
{
    double merit = rhyme_merit(f, line);
    for (int i = 0; i < line->count; i++)
        for (int other = 0; other + 1 < i; other++)
            merit -= line->tokens[i] == line->tokens[other] && free_has(f->plain, line->tokens[i]) ? 0.15 : 0;
    return merit;
}

static bool closes(const struct free_poet *f)
{
    return f->written >= CLOSE_LEAST && is_one(cp_at(f, f->said_count - 1), stops);
}

/* True when the text breaks its lines after such marks. */
static bool breaks_after(const struct free_poet *f, const int32_t *marks)
{
    struct span text = str_span(&f->base.wish->text);
    int32_t cp = 0;
    for (size_t i = 1; i < text.len; i++)
        if (text.s[i] == '\n' && utf8_decode_before(text, i, &cp) > 0 && is_one(cp, marks))
            return true;
    return false;
}

static void add_token(struct free_poet *f, int token, struct str *line)
{
    int32_t cp = vocab_cp(f->base.vocab, token);
    str_add(line, cp >= 0 ? vocab_text(f->base.vocab, token) : SPAN("□"));
    if ((is_one(cp, commas) && breaks_after(f, commas)) || (is_one(cp, stops) && (breaks_after(f, commas) || breaks_after(f, stops))))
        str_add_byte(&f->pending, '\n');
}

static void write(struct free_poet *f, int from, struct str *out)
{
    struct span text = str_span(&f->base.wish->text);
    struct str line = {0};
    bool broken = text.len && text.s[text.len - 1] == '\n';
    if (from == f->read && from > 0 && !broken)
        add_token(f, f->said[from - 1], &line);
    str_clear(&line);
    str_add(out, str_span(&f->pending));
    str_clear(&f->pending);
    for (int i = from; i < f->said_count; i++)
        add_token(f, f->said[i], &line);
    if (f->base.wish->simplified)
        script_convert(out, str_span(&line), SCRIPT_SIMPLIFIED);
    else
        str_add(out, str_span(&line));
    str_release(&line);
}

const struct free_language free_zh = {heads, allow, ends, merit, closes, write, 1, 1.5};
