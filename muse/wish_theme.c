#include "core/count.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/wish_parts.h"

#include <string.h>

enum {
    WORD_MAX = 4, /* characters of a Chinese theme word; a longer one is taken apart */
    WORD_BYTES_MAX = 64,
};

/* -- the table of nouns ---------------------------------------------------------------------------------------------------------- */

/* The longest of space-separated `words` that `text` begins with, in bytes. */
static size_t begins_with_any(struct span text, const char *words)
{
    size_t longest = 0;
    for (const char *at = words; *at; at += strcspn(at, " "), at += *at == ' ') {
        size_t len = strcspn(at, " ");
        if (len > longest && len <= text.len && !memcmp(text.s, at, len))
            longest = len;
    }
    return longest;
}

/* The row whose Chinese `text` begins with, and the bytes of it. */
static const struct wish_word *chinese_noun(struct span text, size_t *len)
{
    const struct wish_word *best = NULL;
    *len = 0;
    for (int i = 0; i < wish_word_count; i++) {
        size_t found = begins_with_any(text, wish_word_table[i].zh);
        if (found > *len) {
            best = &wish_word_table[i];
            *len = found;
        }
    }
    return best;
}

static const struct wish_word *exact_noun(struct span word)
{
    for (int i = 0; i < wish_word_count && word.len > 0; i++)
        if (begins_with_any(word, wish_word_table[i].en) == word.len)
            return &wish_word_table[i];
    return NULL;
}

/* The row of an English word in small letters: as it is, or a plural (stars, churches, memories). */
static const struct wish_word *english_noun(struct span word)
{
    const struct wish_word *noun = exact_noun(word);
    if (noun || word.len < 4 || word.s[word.len - 1] != 's')
        return noun;
    noun = exact_noun(span_cut(word, 0, word.len - 1));
    if (noun || word.s[word.len - 2] != 'e')
        return noun;
    struct str singular = {0};
    str_add(&singular, span_cut(word, 0, word.len - 2));
    if (word.s[word.len - 3] == 'i')
        singular.s[singular.len - 1] = 'y';
    noun = exact_noun(str_span(&singular));
    str_release(&singular);
    return noun;
}

static struct span first_of(const char *words)
{
    return (struct span){words, strcspn(words, " ")};
}

/* -- adding ---------------------------------------------------------------------------------------------------------------------- */

static void add_word(struct wish *w, struct span word)
{
    if (word.len == 0 || word.len > WORD_BYTES_MAX || w->word_count == WISH_WORDS_MAX)
        return;
    for (int i = 0; i < w->word_count; i++)
        if (span_equal(str_span(&w->words[i]), word))
            return;
    str_set(&w->words[w->word_count++], word);
}

/* A noun of the table in the wish's language and script. */
static void add_noun(struct wish *w, const struct wish_word *noun)
{
    struct str word = {0};
    if (w->language == FORM_EN)
        str_add(&word, first_of(noun->en));
    else
        script_convert(&word, first_of(noun->zh), w->simplified ? SCRIPT_SIMPLIFIED : SCRIPT_TRADITIONAL);
    add_word(w, str_span(&word));
    str_release(&word);
}

/* -- Chinese --------------------------------------------------------------------------------------------------------------------- */

/* Without what clings to the end of a phrase and is no part of its theme: 秋天来了. */
static size_t trim_tail(struct span folded)
{
    static const char *const tails[] = {"来了", "了", "吧", "呢", "啊", "呀", "着", "时", "的", "里的", "中的", "是", "有", "我", "和", "真美", "真好"};
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        struct span tail = span_of(tails[i]);
        bool ends = folded.len >= tail.len && span_equal(span_cut(folded, folded.len - tail.len, folded.len), tail);
        if (ends && (folded.len == tail.len || folded.len >= tail.len + 6))
            return trim_tail(span_cut(folded, 0, folded.len - tail.len));
    }
    return folded.len;
}

static size_t bytes_of(struct span text, int characters)
{
    size_t at = 0;
    int32_t cp = 0;
    while (characters-- > 0 && at < text.len)
        at += (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
    return at;
}

/* A stretch without a known noun: two by two, as most words are, and what is left at the end. */
static void add_unknown(struct wish *w, struct span said)
{
    while (utf8_length(said) > WORD_MAX) {
        size_t len = bytes_of(said, 2);
        add_word(w, span_cut(said, 0, len));
        said = span_cut(said, len, said.len);
    }
    if (utf8_length(said) > 1)
        add_word(w, said);
}

/* Takes a long phrase apart at the nouns that the table knows. `nouns`: keeps nothing else. */
static void add_phrase(struct wish *w, const struct wish_piece *theme, bool nouns)
{
    size_t from = 0, at = 0, len = 0;
    while (at < theme->folded.len && w->word_count < WISH_WORDS_MAX) {
        chinese_noun(span_cut(theme->folded, at, theme->folded.len), &len);
        if (len > 3) {
            if (!nouns)
                add_unknown(w, span_cut(theme->said, from, at));
            add_word(w, span_cut(theme->said, at, at + len));
            from = at += len;
        } else {
            at += bytes_of(span_cut(theme->folded, at, theme->folded.len), 1);
        }
    }
    if (!nouns)
        add_unknown(w, span_cut(theme->said, from, theme->said.len));
}

/* The nouns of a Chinese phrase, in English. */
static void add_translated(struct wish *w, struct span folded)
{
    size_t len = 0;
    while (folded.len > 0) {
        const struct wish_word *noun = chinese_noun(folded, &len);
        if (noun)
            add_noun(w, noun);
        folded = span_cut(folded, noun ? len : bytes_of(folded, 1), folded.len);
    }
}

static void add_chinese(struct wish *w, const struct wish_piece *theme, bool nouns)
{
    size_t len = trim_tail(theme->folded);
    struct wish_piece phrase = {span_cut(theme->said, 0, len), span_cut(theme->folded, 0, len)};
    if (w->language == FORM_EN)
        add_translated(w, phrase.folded);
    else if (nouns || utf8_length(phrase.said) > WORD_MAX)
        add_phrase(w, &phrase, nouns);
    else
        add_word(w, phrase.said);
}

/* -- English --------------------------------------------------------------------------------------------------------------------- */

/* Words in small letters, but for names; without the 's of an owner. */
static void add_english_word(struct wish *w, const struct wish_piece *theme, size_t from, size_t to, bool nouns)
{
    static const char *const owners[] = {"'s", "’s"};
    for (size_t i = 0; i < COUNT_OF(owners); i++) {
        struct span owner = span_of(owners[i]);
        if (to - from > owner.len && !memcmp(theme->folded.s + to - owner.len, owner.s, owner.len))
            to -= owner.len;
    }
    const struct wish_word *noun = english_noun(span_cut(theme->folded, from, to));
    if (w->language == FORM_ZH && noun)
        add_noun(w, noun);
    else if (w->language == FORM_EN && (noun || !nouns) && to - from > 1)
        add_word(w, span_cut(noun ? theme->folded : theme->said, from, to));
}

static void add_english(struct wish *w, const struct wish_piece *theme, bool nouns)
{
    for (size_t at = 0, end = 0; at < theme->said.len; at = end + 1) {
        const char *space = memchr(theme->said.s + at, ' ', theme->said.len - at);
        end = space ? (size_t)(space - theme->said.s) : theme->said.len;
        if (end > at)
            add_english_word(w, theme, at, end, nouns);
    }
}

void wish_add_theme(struct wish *w, const struct wish_piece *theme, bool nouns)
{
    if (wish_count_han(theme->said) > 0)
        add_chinese(w, theme, nouns);
    else if (theme->said.len > 0)
        add_english(w, theme, nouns);
}
