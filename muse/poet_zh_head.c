#include "core/mem.h"
#include "core/utf8.h"
#include "muse/poet_zh_plan.h"
#include "muse/script.h"
#include "muse/theme_zh.h"

#include <string.h>

enum {
    TITLE_MAX = 12,   /* characters: longer ones are rare in what the model learnt */
    KEYWORDS_MAX = 3, /* the model learnt with three at most */
};

bool demand_is_han(int32_t cp)
{
    return cp_between(cp, 0x3400, 0x9FFF) || cp_between(cp, 0xF900, 0xFAFF) || cp_between(cp, 0x20000, 0x3FFFD) || cp == U'〇';
}

int demand_read(struct span text, struct demand *out, int max)
{
    struct str turned = {0};
    script_convert(&turned, text, SCRIPT_TRADITIONAL);
    /* Word by word is better than character by character, as long as the two texts run side by side. */
    bool parallel = utf8_length(text) == utf8_length(str_span(&turned));
    struct span rest = str_span(&turned);
    int count = 0;
    int32_t cp = 0, other = 0;
    for (int n = 0; count < max && (n = utf8_decode(text, &cp)) > 0; text = span_cut(text, (size_t)n, text.len)) {
        int taken = utf8_decode(rest, &other);
        rest = span_cut(rest, (size_t)taken, rest.len);
        if (demand_is_han(cp))
            out[count++] = (struct demand){.cp = parallel && other > 0 ? other : script_unified(script_traditional(cp)), .shown = cp};
    }
    str_release(&turned);
    return count;
}

int theme_read(const struct wish *w, int word, struct demand *out, int max)
{
    struct str old = {0};
    theme_in_old_words(&old, str_span(&w->words[word]));
    int count = demand_read(str_span(&old), out, max);
    str_release(&old);
    return count;
}

struct head {
    const struct vocab *vocab;
    int *tokens, count, max;
};

static bool add_token(struct head *h, int token)
{
    if (token < 0 || token == TOKEN_UNK || h->count >= h->max)
        return false;
    h->tokens[h->count++] = token;
    return true;
}

/* Those characters that the vocabulary has. */
static int add_characters(struct head *h, const struct demand *cps, int count)
{
    int added = 0;
    for (int i = 0; i < count; i++)
        added += add_token(h, vocab_find_cp(h->vocab, cps[i].cp));
    return added;
}

/* Tags are words of the vocabulary; those of one character are written with the character itself. What else stands there is a text. */
static bool add_tags(struct head *h, const char *tags)
{
    bool titled = false;
    struct span rest = span_trim(span_of(tags));
    while (rest.len) {
        size_t end = 0;
        while (end < rest.len && rest.s[end] != ' ')
            end++;
        struct span word = span_cut(rest, 0, end);
        int32_t cp = 0;
        int token = (size_t)utf8_decode(word, &cp) == word.len ? vocab_find_cp(h->vocab, cp) : vocab_find(h->vocab, word);
        titled = titled || span_is(word, "<t>");
        if (token >= 0)
            add_token(h, token);
        else {
            int tokens[16], count = 0;
            (void)vocab_encode(h->vocab, word, tokens, &count, (int)COUNT_OF(tokens));
            for (int i = 0; i < count; i++)
                add_token(h, tokens[i]);
        }
        rest = span_trim(span_cut(rest, end, rest.len));
    }
    return titled;
}

static void add_title(struct head *h, const struct wish *w)
{
    struct demand cps[TITLE_MAX];
    int before = h->count, count = demand_read(str_span(&w->title), cps, TITLE_MAX);
    if (!add_token(h, vocab_find(h->vocab, SPAN("<t>"))))
        return;
    for (int i = 0; w->title.len == 0 && i < w->word_count && count < TITLE_MAX / 2; i++)
        count += theme_read(w, i, cps + count, TITLE_MAX / 2 - count);
    if (add_characters(h, cps, count) == 0)
        h->count = before;
}

/* The model learnt keywords of one or two characters, each of which stands in the poem. */
static void add_keyword(struct head *h, const struct demand *cps, int count)
{
    int before = h->count;
    if (!add_token(h, TOKEN_KW) || add_characters(h, cps, count) < count)
        h->count = before;
}

static void add_keywords(struct head *h, const struct wish *w)
{
    int words = 0;
    for (int i = 0; i < w->word_count && words < KEYWORDS_MAX; i++) {
        struct demand cps[6];
        int count = theme_read(w, i, cps, (int)COUNT_OF(cps));
        for (int at = 0; at < count && words < KEYWORDS_MAX; at += 2, words++)
            add_keyword(h, cps + at, count - at < 2 ? 1 : 2);
    }
}

int head_write(const struct vocab *v, const struct wish *w, bool bare, int *tokens, int max)
{
    struct head h = {.vocab = v, .tokens = tokens, .max = max - 1};
    add_token(&h, TOKEN_BOS);
    bool titled = add_tags(&h, w->form->tags);
    if (!bare) {
        if (!titled)
            add_title(&h, w);
        add_keywords(&h, w);
    }
    h.max = max;
    add_token(&h, TOKEN_SEP);
    return h.count;
}
