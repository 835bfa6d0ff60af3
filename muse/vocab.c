#include "muse/vocab.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/english.h"

#include <stdlib.h>
#include <string.h>

#define CP_TABLE 0x10000 /* the vocabulary's characters are of the basic plane; rarer ones are found by their text */

struct vocab {
    enum pack_language language;
    int size;
    struct span *text; /* of each token */
    int32_t *cp;       /* Chinese: its character, or -1 */
    uint16_t *of_cp;   /* Chinese: token + 1 of each character, 0: none */
    uint16_t *slots;   /* token + 1 by the hash of its text, 0: free */
    uint32_t slot_mask;
    struct span rest;
    struct english *english; /* NULL in Chinese */
};

static uint32_t hash_of(struct span text)
{
    uint32_t h = 2166136261U;
    for (size_t i = 0; i < text.len; i++)
        h = (h ^ (unsigned char)text.s[i]) * 16777619U;
    return h ^ h >> 15;
}

static void remember(struct vocab *v, int token)
{
    uint32_t at = hash_of(v->text[token]) & v->slot_mask;
    while (v->slots[at])
        at = (at + 1) & v->slot_mask;
    v->slots[at] = (uint16_t)(token + 1);
}

int vocab_find(const struct vocab *v, struct span text)
{
    for (uint32_t at = hash_of(text) & v->slot_mask; v->slots[at]; at = (at + 1) & v->slot_mask)
        if (span_equal(v->text[v->slots[at] - 1], text))
            return v->slots[at] - 1;
    return -1;
}

static void remember_cp(struct vocab *v, int token)
{
    int32_t cp = -1;
    int used = utf8_decode(v->text[token], &cp);
    bool single = used > 0 && (size_t)used == v->text[token].len;
    v->cp[token] = single && token >= TOKENS_CONTROL_ZH ? cp : -1;
    if (v->cp[token] >= 0 && cp < CP_TABLE && !v->of_cp[cp])
        v->of_cp[cp] = (uint16_t)(token + 1);
}

/* Tokens are separated by line feeds alone: a token may hold any other byte. */
static struct span take_token(struct span *rest)
{
    const char *end = rest->len ? memchr(rest->s, '\n', rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->s) : rest->len;
    struct span line = span_cut(*rest, 0, len);
    *rest = span_cut(*rest, end ? len + 1 : len, rest->len);
    return line;
}

struct vocab *vocab_new(const struct pack *p)
{
    struct vocab *v = mem_new(1, sizeof *v);
    v->language = p->language;
    v->size = p->shape.vocab;
    v->text = mem_new((size_t)v->size, sizeof *v->text);
    v->slot_mask = 1;
    while (v->slot_mask < (uint32_t)v->size * 2)
        v->slot_mask *= 2;
    v->slots = mem_new(v->slot_mask, sizeof *v->slots);
    v->slot_mask--;
    v->rest = p->vocab;
    for (int i = 0; i < v->size; i++) {
        v->text[i] = take_token(&v->rest);
        remember(v, i);
    }
    if (v->language == PACK_EN) {
        v->english = english_new(v);
        return v;
    }
    v->cp = mem_new((size_t)v->size, sizeof *v->cp);
    v->of_cp = mem_new(CP_TABLE, sizeof *v->of_cp);
    for (int i = 0; i < v->size; i++)
        remember_cp(v, i);
    return v;
}

void vocab_free(struct vocab *v)
{
    if (!v)
        return;
    english_free(v->english);
    free(v->text);
    free(v->cp);
    free(v->of_cp);
    free(v->slots);
    free(v);
}

int vocab_size(const struct vocab *v)
{
    return v->size;
}

struct span vocab_text(const struct vocab *v, int token)
{
    CHECK(token >= 0 && token < v->size);
    return v->text[token];
}

struct span vocab_rest(const struct vocab *v)
{
    return v->rest;
}

int vocab_find_cp(const struct vocab *v, int32_t cp)
{
    if (v->of_cp && cp >= 0 && cp < CP_TABLE)
        return v->of_cp[cp] - 1;
    char text[4];
    return cp < CP_TABLE ? -1 : vocab_find(v, (struct span){text, (size_t)utf8_encode(cp, text)});
}

int32_t vocab_cp(const struct vocab *v, int token)
{
    return v->cp && token >= 0 && token < v->size ? v->cp[token] : -1;
}

/* Punctuation as people type it → as the vocabulary has it. */
static int32_t usual_mark(int32_t cp)
{
    static const struct {
        int32_t from, to;
    } marks[] = {{',', 0xFF0C},    {'.', 0x3002},    {';', 0xFF1B},    {':', 0xFF1A},  {'?', 0xFF1F},    {'!', 0xFF01},
                 {0xFF0E, 0x3002}, {0xFF61, 0x3002}, {0xFF64, 0x3001}, {0xB7, 0x30FB}, {0x2022, 0x30FB}, {0x2027, 0x30FB}};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (marks[i].from == cp)
            return marks[i].to;
    return cp;
}

static bool is_blank(int32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0xA0 || cp == 0x3000 || cp == 0x200B || cp == 0xFEFF;
}

static bool encode_chinese(const struct vocab *v, struct span text, int *tokens, int *count, int max)
{
    int32_t cp;
    int used;
    for (size_t at = 0; (used = utf8_decode(span_cut(text, at, text.len), &cp)) > 0; at += (size_t)used) {
        if (is_blank(cp))
            continue;
        if (*count >= max)
            return false;
        int token = cp < 0 ? -1 : vocab_find_cp(v, usual_mark(cp));
        tokens[(*count)++] = token < 0 ? TOKEN_UNK : token;
    }
    return true;
}

bool vocab_encode(const struct vocab *v, struct span text, int *tokens, int *count, int max)
{
    return v->english ? english_encode(v->english, text, tokens, count, max) : encode_chinese(v, text, tokens, count, max);
}

void vocab_decode(const struct vocab *v, const int *tokens, int count, struct str *out)
{
    if (v->english) {
        english_decode(v->english, tokens, count, out);
        return;
    }
    for (int i = 0; i < count; i++)
        if (vocab_cp(v, tokens[i]) >= 0)
            str_add(out, v->text[tokens[i]]);
}
