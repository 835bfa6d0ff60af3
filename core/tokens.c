#include "core/tokens.h"

#include "core/count.h"
#include "core/display.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

void tokens_release(struct tokens *t)
{
    free(t->items);
    *t = (struct tokens){0};
}

/* -- numbers ---------------------------------------------------------------------------------------------------------------------- */

struct vocabulary_slot {
    struct span word; /* s NULL: free */
    uint64_t hash;
    uint32_t id;
};

void vocabulary_release(struct vocabulary *v)
{
    free(v->slots);
    *v = (struct vocabulary){0};
}

static uint64_t hash_of(struct span word)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)word.s[i]) * 1099511628211u;
    return hash ^ hash >> 29;
}

/* The slot that holds the word or where it belongs. */
static struct vocabulary_slot *find_slot(const struct vocabulary *v, struct span word, uint64_t hash)
{
    size_t at = hash & (v->size - 1);
    while (v->slots[at].word.s && (v->slots[at].hash != hash || !span_equal(v->slots[at].word, word)))
        at = (at + 1) & (v->size - 1);
    return &v->slots[at];
}

static void vocabulary_grow(struct vocabulary *v)
{
    struct vocabulary old = *v;
    v->size = old.size ? old.size * 2 : 256;
    v->slots = mem_new(v->size, sizeof *v->slots);
    for (size_t i = 0; i < old.size; i++)
        if (old.slots[i].word.s)
            *find_slot(v, old.slots[i].word, old.slots[i].hash) = old.slots[i];
    free(old.slots);
}

uint32_t vocabulary_id(struct vocabulary *v, struct span word)
{
    if ((size_t)v->count * 2 >= v->size)
        vocabulary_grow(v);
    uint64_t hash = hash_of(word);
    struct vocabulary_slot *slot = find_slot(v, word, hash);
    if (!slot->word.s)
        *slot = (struct vocabulary_slot){word.s ? word : SPAN(""), hash, v->count++};
    return slot->id;
}

/* -- reading ---------------------------------------------------------------------------------------------------------------------- */

static bool is_letter_at(struct span text, size_t at, size_t *end)
{
    int32_t cp = 0;
    if (at >= text.len)
        return false;
    *end = at + (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
    return cp >= 0 && is_word_letter(cp);
}

static bool is_digit_at(struct span text, size_t at)
{
    return at < text.len && text.s[at] >= '0' && text.s[at] <= '9';
}

/* What may stand between two letters of a word, or between two digits of a number. */
static bool is_joint_at(struct span text, size_t at, size_t *end)
{
    int32_t cp = 0;
    *end = at + (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
    if (cp == '.' || cp == ',')
        return at > 0 && is_digit_at(text, at - 1) && is_digit_at(text, at + 1);
    return cp == '\'' || cp == '-' || cp == 0x2019 || cp == 0x2010;
}

/* Where the word that begins with the letter at `at` ends: behind a whole cluster. */
static size_t word_end(struct span text, size_t at)
{
    size_t end = at, next = 0, after = 0;
    while (is_letter_at(text, at, &next)) {
        bool simple = next - at == 1 && (next == text.len || (unsigned char)text.s[next] < 0x80);
        end = simple ? next : display_next(text, at); /* with its accents */
        at = end;
        if (at < text.len && is_joint_at(text, at, &next) && is_letter_at(text, next, &after))
            at = next;
    }
    return end;
}

static bool is_space_at(struct span text, size_t at, size_t *end)
{
    int32_t cp = 0;
    if (at >= text.len)
        return false;
    *end = at + (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
    return cp != '\n' && cp >= 0 && is_white(cp);
}

static size_t space_end(struct span text, size_t at)
{
    size_t end = at, next = 0;
    while (is_space_at(text, at, &next)) {
        end = display_next(text, at);
        at = end;
    }
    return end;
}

/* Nothing stands at `at` that could belong to the character before it. */
static bool begins_anew(struct span text, size_t at)
{
    int32_t cp = 0;
    if (at >= text.len || (unsigned char)text.s[at] < 0x80)
        return true;
    (void)utf8_decode(span_cut(text, at, text.len), &cp);
    return is_han(cp) || is_cjk_mark(cp);
}

static struct token next_token(struct span text, size_t at)
{
    struct token t = {.start = at, .kind = TOKEN_CHAR};
    int32_t cp = 0;
    size_t next = at + (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
    bool han = is_han(cp), cjk_mark = !han && is_cjk_mark(cp);
    if (cp == '\n') {
        t.end = next;
        t.kind = TOKEN_BREAK;
    } else if (han || cjk_mark) {
        t.end = begins_anew(text, next) ? next : display_next(text, at);
        t.kind = han ? TOKEN_CHAR : TOKEN_MARK;
    } else if (is_letter_at(text, at, &next)) {
        t.end = word_end(text, at);
        t.kind = TOKEN_WORD;
    } else if (is_space_at(text, at, &next)) {
        t.end = space_end(text, at);
        t.kind = TOKEN_SPACE;
    } else {
        t.end = display_next(text, at);
        t.kind = cp >= 0 && is_written_mark(cp) ? TOKEN_MARK : TOKEN_CHAR;
    }
    return t;
}

void tokens_read(struct tokens *t, struct span text, struct vocabulary *v)
{
    for (size_t at = 0; at < text.len;) {
        ARRAY_ROOM(t->items, t->count, t->cap);
        struct token *token = &t->items[t->count++];
        *token = next_token(text, at);
        token->id = vocabulary_id(v, span_cut(text, token->start, token->end));
        at = token->end;
    }
}

int token_weight(const struct token *t)
{
    if (t->kind == TOKEN_CHAR)
        return 2;
    return t->kind == TOKEN_WORD ? (int)(t->end - t->start < 64 ? t->end - t->start : 64) : 0;
}
