#include "muse/poet_en_words.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    COMMON_LEAST = 3, /* rarer words never come up */
    MADE_AT_ONCE = 150,
};

/* Words already made, for the vocabularies in use; the newest stays when nobody uses it. */
static struct verse_words *made;

static uint64_t hash_bytes(uint64_t h, const void *bytes, size_t count)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < count; i++)
        h = (h ^ b[i]) * 0x100000001B3U;
    return h;
}

static uint64_t vocab_key(const struct vocab *v)
{
    uint64_t h = 0xCBF29CE484222325U;
    for (int t = 0; t < vocab_size(v); t++) {
        struct span text = vocab_text(v, t);
        h = hash_bytes(hash_bytes(h, text.s, text.len), "", 1);
    }
    return h;
}

static void words_free(struct verse_words *w)
{
    free(w->entry);
    free(w->of_token);
    free(w->vowel);
    free(w->ease);
    free(w->said);
    free(w);
}

struct verse_words *verse_words_take(const struct vocab *v)
{
    uint64_t key = vocab_key(v);
    for (struct verse_words *w = made; w; w = w->next)
        if (w->key == key) {
            w->users++;
            return w;
        }
    struct verse_words *w = mem_new(1, sizeof *w);
    *w = (struct verse_words){.key = key, .users = 1, .next_class = 1, .next = made};
    made = w;
    return w;
}

void verse_words_give_back(struct verse_words *words)
{
    if (!words)
        return;
    words->users--;
    for (struct verse_words **at = made ? &made->next : &made; *at;) {
        struct verse_words *w = *at;
        if (w->users) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        words_free(w);
    }
}

/* What is left of a word without the endings that leave its meaning alone, as a small number. */
static uint16_t stem_of(struct span word)
{
    static const char *const endings[] = {"'s", "ness", "ing", "ies", "ed", "es", "er", "ly", "s", "y", "e", "en"};
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < COUNT_OF(endings); i++) {
            size_t n = strlen(endings[i]);
            if (word.len >= n + 3 && !memcmp(word.s + word.len - n, endings[i], n)) {
                word.len -= n;
                break;
            }
        }
    return (uint16_t)(hash_bytes(0xCBF29CE484222325U, word.s, word.len) % 65521);
}

static bool is_disputed(const struct pronunciation *said, int ways)
{
    for (int i = 1; i < ways; i++)
        if (said[i].syllables != said[0].syllables)
            return true;
    return false;
}

static int keep_ways(struct verse_words *w, const struct pronunciation *ways, int count)
{
    int first = w->said_count;
    for (int i = 0; i < count; i++) {
        ARRAY_ROOM(w->said, w->said_count, w->said_cap);
        w->said[w->said_count++] = ways[i];
    }
    return first;
}

static bool is_word(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.s[i] != '\'' && (text.s[i] < 'a' || text.s[i] > 'z'))
            return false;
    return text.len > 1 || (text.len == 1 && strchr("aio", text.s[0]));
}

static void add_word(struct verse_words *w, const struct vocab *v, struct span word, int common)
{
    struct pronunciation ways[PRONOUNCE_WAYS];
    char text[PRONOUNCE_WORD + 1] = " ";
    int tokens[WORD_TOKENS], count = 0;
    if (!is_word(word) || word.len >= PRONOUNCE_WORD)
        return;
    memcpy(text + 1, word.s, word.len);
    if (!vocab_encode(v, (struct span){text, word.len + 1}, tokens, &count, WORD_TOKENS) || count == 0)
        return;
    int said = pronounce(word, ways);
    if (!said || ways[0].guessed || vocab_text(v, tokens[0]).s[0] != ' ')
        return;
    ARRAY_ROOM(w->entry, w->count, w->cap);
    struct verse_entry *e = &w->entry[w->count++];
    *e = (struct verse_entry){.tokens = (uint8_t)count,
                              .ways = (uint8_t)said,
                              .common = (uint8_t)common,
                              .letter = word.s[word.s[0] == '\'' && word.len > 1],
                              .light = ways[0].light,
                              .disputed = is_disputed(ways, said),
                              .stem = stem_of(word),
                              .said = keep_ways(w, ways, said)};
    for (int i = 0; i < count; i++)
        e->token[i] = (uint16_t)tokens[i];
}

/* Words that are one token may be missing in the classes: those that rhyme with nothing. */
static void add_token(struct verse_words *w, const struct vocab *v, int token)
{
    struct span text = vocab_text(v, token);
    if (text.len < 2 || text.s[0] != ' ')
        return;
    text = span_cut(text, 1, text.len);
    if (is_word(text) && pronounce_knows(text))
        add_word(w, v, text, 6);
}

static int by_tokens(const void *a, const void *b)
{
    const struct verse_entry *x = a, *y = b;
    for (int i = 0; i < WORD_TOKENS; i++)
        if (x->token[i] != y->token[i] || i >= x->tokens || i >= y->tokens) {
            int s = i < x->tokens ? x->token[i] : -1, t = i < y->tokens ? y->token[i] : -1;
            if (s != t)
                return s < t ? -1 : 1;
            break;
        }
    return y->common - x->common;
}

static bool same_tokens(const struct verse_entry *a, const struct verse_entry *b)
{
    return a->tokens == b->tokens && !memcmp(a->token, b->token, a->tokens * sizeof a->token[0]);
}

/* Whether a word that begins with these letters begins with a vowel sound. */
static bool sounds_open(struct span word)
{
    static const char *const open[] = {"hour", "honest", "honour", "honor", "heir"};
    static const char *const shut[] = {"one", "once", "eu", "ew", "uni", "us", "ut"};
    if (word.len == 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(open); i++)
        if (span_starts(word, open[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(shut); i++)
        if (span_starts(word, shut[i]) && !span_is(word, "us") && !span_starts(word, "utt"))
            return false;
    return strchr("aeiou", word.s[0]) != NULL;
}

static void index_tokens(struct verse_words *w, const struct vocab *v)
{
    w->of_token = mem_new((size_t)vocab_size(v), sizeof *w->of_token);
    w->vowel = mem_new((size_t)vocab_size(v), sizeof *w->vowel);
    for (int t = 0; t < vocab_size(v); t++) {
        struct span text = vocab_text(v, t);
        w->of_token[t] = -1;
        w->vowel[t] = text.len > 1 && text.s[0] == ' ' && sounds_open(span_cut(text, 1, text.len));
    }
    for (int i = 0; i < w->count; i++)
        if (w->entry[i].tokens == 1)
            w->of_token[w->entry[i].token[0]] = i;
}

/* An ending: a rhyme and what stands before it. */
struct ending {
    int rhyme, onset;
};

static int by_ending(const void *a, const void *b)
{
    const struct ending *x = a, *y = b;
    return x->rhyme != y->rhyme ? x->rhyme - y->rhyme : x->onset - y->onset;
}

static void count_endings(struct verse_words *w)
{
    struct ending *all = mem_new((size_t)w->count + 1, sizeof *all);
    int count = 0;
    w->ease = mem_new((size_t)pronounce_classes() + 1, sizeof *w->ease);
    for (int i = 0; i < w->count; i++) {
        const struct pronunciation *said = &w->said[w->entry[i].said];
        if (!w->entry[i].light && w->entry[i].common >= END_COMMON && said->rhyme && said->rhyme == said->end)
            all[count++] = (struct ending){said->rhyme, said->onset};
    }
    if (count)
        qsort(all, (size_t)count, sizeof *all, by_ending);
    for (int i = 0; i < count; i++)
        w->ease[all[i].rhyme] += i == 0 || by_ending(&all[i - 1], &all[i]) != 0;
    free(all);
}

static void sort_words(struct verse_words *w)
{
    if (w->count)
        qsort(w->entry, (size_t)w->count, sizeof *w->entry, by_tokens);
    int kept = 0;
    for (int i = 0; i < w->count; i++)
        if (!kept || !same_tokens(&w->entry[kept - 1], &w->entry[i]))
            w->entry[kept++] = w->entry[i];
    w->count = kept;
}

static void finish(struct verse_words *w, const struct vocab *v)
{
    sort_words(w);
    index_tokens(w, v);
    count_endings(w);
    w->ready = true;
}

static bool make_one(struct verse_words *w, const struct vocab *v)
{
    struct rhyme_word member;
    if (w->next_class <= pronounce_classes()) {
        if (!pronounce_class_word(w->next_class, w->next_member++, &member) || member.common < COMMON_LEAST) {
            w->next_class++;
            w->next_member = 0;
        } else {
            add_word(w, v, span_of(member.word), member.common);
        }
        return true;
    }
    if (w->next_token >= vocab_size(v))
        return false;
    add_token(w, v, w->next_token++);
    return true;
}

bool verse_words_make(struct verse_words *w, const struct vocab *v)
{
    for (int i = 0; i < MADE_AT_ONCE && !w->ready; i++)
        if (!make_one(w, v))
            finish(w, v);
    return w->ready;
}

/* The first word of the range whose token at the range's depth is at least `token`. */
static int lower_bound(const struct verse_words *w, struct word_range r, int token)
{
    int low = r.from, high = r.to;
    while (low < high) {
        int middle = low + (high - low) / 2;
        const struct verse_entry *e = &w->entry[middle];
        if (e->tokens <= r.depth || e->token[r.depth] < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct word_range word_range_enter(const struct verse_words *w, struct word_range r, int token)
{
    int from = lower_bound(w, r, token);
    return (struct word_range){from, lower_bound(w, r, token + 1), r.depth + 1};
}

int word_range_word(const struct verse_words *w, struct word_range r)
{
    return r.from < r.to && r.depth > 0 && w->entry[r.from].tokens == r.depth ? r.from : -1;
}

int verse_words_find(const struct verse_words *w, const struct vocab *v, struct span word)
{
    char text[PRONOUNCE_WORD + 1] = " ";
    int tokens[WORD_TOKENS], count = 0;
    if (word.len == 0 || word.len >= PRONOUNCE_WORD)
        return -1;
    memcpy(text + 1, word.s, word.len);
    if (!vocab_encode(v, (struct span){text, word.len + 1}, tokens, &count, WORD_TOKENS))
        return -1;
    struct word_range r = word_range_all(w);
    for (int i = 0; i < count; i++)
        r = word_range_enter(w, r, tokens[i]);
    return word_range_word(w, r);
}
