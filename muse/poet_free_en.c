#include "core/mem.h"
#include "muse/poet_free_parts.h"
#include "muse/pronounce.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    VERSE_HEADS = 5,  /* the first of the heads are of verse */
    LINE_LEAST = 4,   /* tokens of a line of verse */
    CLOSE_LEAST = 40, /* tokens that are written before a text may end */
};

static int named(const struct free_poet *f, const char *name)
{
    return vocab_find(f->base.vocab, span_of(name));
}

static bool is_break(const struct free_poet *f, int token)
{
    return token == named(f, "<nl>") || token == named(f, "<par>");
}

static bool is_verse(const struct free_poet *f)
{
    return f->head < VERSE_HEADS;
}

/* Marks that come in pairs, digits and the like are left out: what opens them is seldom closed. */
static bool is_plain(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c < ' ' || c >= 127 || strchr("\"()[]{}<>*_/\\#@$%&=+^~|`0123456789", c))
            return false;
    }
    return text.len > 0 && !(text.len == 1 && text.s[0] == ' ');
}

static void add_head(const struct free_poet *f, int *head, int *count, const char *tags)
{
    struct span rest = span_of(tags);
    head[(*count)++] = TOKEN_BOS;
    while (rest.len) {
        ptrdiff_t end = span_find(rest, SPAN(" "), 0);
        size_t len = end < 0 ? rest.len : (size_t)end;
        int token = vocab_find(f->base.vocab, span_cut(rest, 0, len));
        if (token >= 0)
            head[(*count)++] = token;
        rest = span_cut(rest, len + 1, rest.len);
    }
    head[(*count)++] = TOKEN_SEP;
}

static int heads(const struct free_poet *f, int heads_out[FREE_LANES][FREE_HEAD], int counts[FREE_LANES])
{
    static const char *const kinds[] = {"<verse> <penta> <rhymed>", "<verse> <tetra> <rhymed>", "<verse> <rhymed>",
                                        "<verse> <penta> <blank>",  "<verse> <free> <blank>",   "<prose>", "<tale>"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct str tags = {0};
        str_add_text(&tags, kinds[i]);
        if (f->cut && i < VERSE_HEADS)
            str_add_text(&tags, " <cont>");
        add_head(f, heads_out[i], &counts[i], str_text(&tags));
        str_release(&tags);
    }
    for (int token = TOKENS_CONTROL_EN; token < vocab_size(f->base.vocab); token++)
        if (is_plain(vocab_text(f->base.vocab, token)))
            free_put_in(f->plain, token);
    return (int)COUNT_OF(kinds);
}

/* -- what may come ------------------------------------------------------------------------------------------------------------------ */

static int back(const struct free_poet *f, const struct free_line *line, int by)
{
    if (by <= line->count)
        return line->tokens[line->count - by];
    int at = f->said_count - (by - line->count);
    return at >= 0 ? f->said[at] : -1;
}

/* Three tokens in a row never come back: a small model would sing in circles. */
static void forbid_circles(const struct free_poet *f, const struct free_line *line, uint64_t *allowed)
{
    int last = back(f, line, 1), before = back(f, line, 2), length = f->said_count + line->count;
    for (int by = 2; by + 1 <= length && before >= 0; by++)
        if (back(f, line, by) == last && back(f, line, by + 1) == before)
            free_take_out(allowed, back(f, line, by - 1));
}

/* Only what begins a word. */
static void only_words(const struct free_poet *f, uint64_t *allowed)
{
    for (int token = 0; token < vocab_size(f->base.vocab); token++) {
        struct span text = vocab_text(f->base.vocab, token);
        if (text.len < 2 || text.s[0] != ' ' || text.s[1] < 'a' || text.s[1] > 'z')
            free_take_out(allowed, token);
    }
}

static void only(const struct free_poet *f, uint64_t *allowed, int token)
{
    memset(allowed, 0, ((size_t)vocab_size(f->base.vocab) + 63) / 64 * sizeof *allowed);
    free_put_in(allowed, token);
}

static bool ends_sentence(const struct free_poet *f, int token)
{
    struct span text = token >= 0 ? vocab_text(f->base.vocab, token) : SPAN("");
    return text.len && strchr(".!?", text.s[text.len - 1]);
}

static void allow(const struct free_poet *f, const struct free_line *line, uint64_t *allowed)
{
    int last = free_last(f, line), cap = named(f, "<cap>");
    bool fresh = last < 0 || is_break(f, last);
    if (is_verse(f) && line->count == FREE_UNIT - 1) {
        only(f, allowed, named(f, "<nl>"));
        return;
    }
    forbid_circles(f, line, allowed);
    if (fresh || last == cap)
        only_words(f, allowed);
    if (last != cap)
        free_put_in(allowed, cap);
    if (fresh || last == cap)
        return;
    if (is_verse(f) && (line->count >= LINE_LEAST || line->count == 0))
        free_put_in(allowed, named(f, "<nl>"));
    if (ends_sentence(f, last) && (line->count >= LINE_LEAST || line->count == 0))
        free_put_in(allowed, named(f, "<par>"));
}

static bool ends(const struct free_poet *f, const struct free_line *line)
{
    int last = free_last(f, line);
    if (is_break(f, last))
        return line->count > 1 || f->said_count > f->read;
    struct span text = vocab_text(f->base.vocab, last);
    return !is_verse(f) && line->count > 2 && text.len && strchr(".,;:!?", text.s[text.len - 1]);
}

/* -- merit -------------------------------------------------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'';
}

/* The last word of a text; empty when there is none. */
static struct span last_word(struct span text)
{
    size_t end = text.len;
    while (end > 0 && !is_letter(text.s[end - 1]))
        end--;
    size_t from = end;
    while (from > 0 && is_letter(text.s[from - 1]))
        from--;
    return span_cut(text, from, end);
}

static int syllables(struct span text)
{
    int sum = 0;
    for (struct span word = last_word(text); word.len; word = last_word(text)) {
        struct pronunciation ways[PRONOUNCE_WAYS];
        sum += pronounce(word, ways) > 0 ? ways[0].syllables : 0;
        text = span_cut(text, 0, (size_t)(word.s - text.s));
    }
    return sum;
}

/* The text of the n-th line before the one at work, 1 being the last. */
static void line_before(const struct free_poet *f, int n, struct str *out)
{
    int end = f->said_count;
    for (; n > 0 && end > 0; n--) {
        while (end > 0 && is_break(f, f->said[end - 1]))
            end--;
        int from = end;
        while (from > 0 && !is_break(f, f->said[from - 1]))
            from--;
        str_clear(out);
        vocab_decode(f->base.vocab, f->said + from, end - from, out);
        end = from;
    }
}

static double verse_merit(const struct free_poet *f, const struct free_line *line)
{
    struct str own = {0}, before = {0};
    double merit = 0;
    vocab_decode(f->base.vocab, line->tokens, line->count, &own);
    struct span end = last_word(str_span(&own));
    for (int n = 1; n <= 2; n++) {
        str_clear(&before);
        line_before(f, n, &before);
        struct span other = last_word(str_span(&before));
        if (other.len == 0 || end.len == 0)
            continue;
        if (n == 1)
            merit -= 0.08 * fmin(5, abs(syllables(str_span(&own)) - syllables(str_span(&before))));
        enum rhyme rhyme = pronounce_words_rhyme(end, other);
        merit += rhyme == RHYME_FULL ? 0.5 : rhyme == RHYME_IDENTICAL ? -0.4 : 0;
    }
    str_release(&own);
    str_release(&before);
    return merit;
}

/* Pieces that make no word. */
static int nonsense(const struct free_poet *f, const struct free_line *line)
{
    struct str own = {0};
    int count = 0;
    vocab_decode(f->base.vocab, line->tokens, line->count, &own);
    struct span text = str_span(&own);
    for (struct span word = last_word(text); word.len; word = last_word(text)) {
        struct pronunciation ways[PRONOUNCE_WAYS];
        count += pronounce(word, ways) == 0 || ways[0].guessed;
        text = span_cut(text, 0, (size_t)(word.s - text.s));
    }
    str_release(&own);
    return count;
}

static double merit(const struct free_poet *f, const struct free_line *line)
{
    double merit = is_verse(f) && is_break(f, free_last(f, line)) ? verse_merit(f, line) : 0;
    merit -= 0.5 * nonsense(f, line);
    for (int i = 0; i < line->count; i++)
        for (int other = 0; other < i; other++)
            merit -= line->tokens[i] == line->tokens[other] && vocab_text(f->base.vocab, line->tokens[i]).len > 4 ? 0.2 : 0;
    return merit;
}

/* -- the text ----------------------------------------------------------------------------------------------------------------------- */

static bool closes(const struct free_poet *f)
{
    int at = f->said_count - 1;
    while (at >= 0 && is_break(f, f->said[at]))
        at--;
    return f->written >= CLOSE_LEAST && at >= 0 && ends_sentence(f, f->said[at]);
}

/* Capitals depend on what stands before in the line, so the whole line is written and what was there already is left out. */
static void write(struct free_poet *f, int from, struct str *out)
{
    struct str before = {0}, after = {0};
    struct span text = str_span(&f->base.wish->text);
    int begin = from;
    while (begin > 0 && !is_break(f, f->said[begin - 1]))
        begin--;
    vocab_decode(f->base.vocab, f->said + begin, from - begin, &before);
    vocab_decode(f->base.vocab, f->said + begin, f->said_count - begin, &after);
    struct span fresh = span_cut(str_span(&after), before.len, after.len);
    bool blank = from == f->read && text.len && strchr(" \n\t", text.s[text.len - 1]);
    while (blank && fresh.len && fresh.s[0] == ' ')
        fresh = span_cut(fresh, 1, fresh.len);
    size_t end = fresh.len;
    while (end > 0 && fresh.s[end - 1] == '\n')
        end--;
    if (end > 0) {
        str_add(out, str_span(&f->pending));
        str_clear(&f->pending);
    }
    str_add(out, span_cut(fresh, 0, end));
    str_add(&f->pending, span_cut(fresh, end, fresh.len));
    str_release(&before);
    str_release(&after);
}

const struct free_language free_en = {heads, allow, ends, merit, closes, write, 1.15, 0};
