#include "storage/text_index.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <string.h>

struct range {
    int32_t from, to;
};

static bool in_ranges(int32_t cp, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cp >= ranges[i].from && cp <= ranges[i].to)
            return true;
    return false;
}

/* Han, kana, bopomofo: written without spaces, so each is a word. */
static bool stands_alone(int32_t cp)
{
    static const struct range ranges[] = {{0x3005, 0x3007}, {0x3021, 0x3029},  {0x3041, 0x3096}, {0x309D, 0x309F},
                                          {0x30A1, 0x30FA}, {0x30FC, 0x30FF},  {0x3105, 0x312F}, {0x31A0, 0x31BF},
                                          {0x31F0, 0x31FF}, {0x3400, 0x4DBF},  {0x4E00, 0x9FFF}, {0xF900, 0xFAFF},
                                          {0xFF66, 0xFF9D}, {0x20000, 0x3FFFD}};
    return in_ranges(cp, ranges, COUNT_OF(ranges));
}

/* Symbols, radicals and emoji, which the index takes for white space. */
static bool is_symbol(int32_t cp)
{
    static const struct range ranges[] = {
        {0x2190, 0x27BF}, {0x2900, 0x2BFF}, {0x2E80, 0x2FDF}, {0x4DC0, 0x4DFF}, {0x1F000, 0x1FAFF}};
    return in_ranges(cp, ranges, COUNT_OF(ranges));
}

static bool is_punctuation(int32_t cp)
{
    static const struct range ranges[] = {
        {0x80, 0xA9},     {0xAB, 0xB1},     {0xB4, 0xB4},     {0xB6, 0xB8},     {0xBB, 0xBB},
        {0xBF, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2000, 0x206F}, {0x20A0, 0x20CF},
        {0x27C0, 0x28FF}, {0x2E00, 0x2E7F}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0x302A, 0x3030},
        {0x303D, 0x3040}, {0x3097, 0x309C}, {0x30A0, 0x30A0}, {0x30FB, 0x30FB}, {0xFE00, 0xFE6F},
        {0xFEFF, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF}};
    return in_ranges(cp, ranges, COUNT_OF(ranges));
}

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void add_space(struct str *out)
{
    if (out->len && out->s[out->len - 1] != ' ')
        str_add_byte(out, ' ');
}

/* A private-use character, which the index takes for a letter. */
static void add_volume(struct str *out, int volume)
{
    int cp = 0xE100 + volume;
    if (volume < 0)
        return;
    str_add_byte(out, (char)(0xE0 | cp >> 12));
    str_add_byte(out, (char)(0x80 | (cp >> 6 & 0x3F)));
    str_add_byte(out, (char)(0x80 | (cp & 0x3F)));
}

/* Letters and digits of ASCII as they are, each word with its volume; `inside`: a word goes on. */
static void spell_plain(struct str *out, struct span plain, int volume, bool *inside)
{
    size_t from = 0;
    for (size_t i = 0; i < plain.len; i++) {
        bool word = is_word_byte(plain.s[i]);
        if (word && !*inside) {
            str_add(out, span_cut(plain, from, i));
            add_volume(out, volume);
            from = i;
        }
        *inside = word;
    }
    str_add(out, span_cut(plain, from, plain.len));
}

/* One character beyond ASCII; cp < 0: a broken byte. */
static void spell_character(struct str *out, struct span character, int32_t cp, int volume, bool *inside)
{
    bool symbol = is_symbol(cp), alone = symbol || stands_alone(cp), word = cp >= 0 && !is_punctuation(cp);
    if (alone)
        add_space(out);
    if (alone || (word && !*inside))
        add_volume(out, volume);
    if (symbol)
        str_printf(out, "u%x", (unsigned)cp);
    else if (cp >= 0)
        str_add(out, character);
    if (alone || cp < 0)
        str_add_byte(out, ' ');
    *inside = word && !alone;
}

void text_index_spell(struct str *out, struct span text, int volume)
{
    bool inside = false;
    volume = volume > VOLUME_MAX ? VOLUME_MAX : volume;
    while (text.len) {
        size_t plain = 0;
        while (plain < text.len && (unsigned char)text.s[plain] < 0x80)
            plain++;
        spell_plain(out, span_cut(text, 0, plain), volume, &inside);
        text = span_cut(text, plain, text.len);
        if (!text.len)
            break;
        int32_t cp = -1;
        struct span character = span_cut(text, 0, (size_t)utf8_decode(text, &cp));
        text = span_cut(text, character.len, text.len);
        spell_character(out, character, cp, volume, &inside);
    }
}

/* A private-use character is a word to the index and stands in no one's text. */
void text_index_boundary(struct str *out)
{
    str_add_text(out, " \xEE\x80\x80 ");
}

static bool has_word(struct span term)
{
    for (int32_t cp = -1; term.len; cp = -1) {
        int len = utf8_decode(term, &cp);
        if (cp >= 0 && (cp < 0x80 ? is_word_byte((char)cp) : !is_punctuation(cp)))
            return true;
        term = span_cut(term, (size_t)len, term.len);
    }
    return false;
}

bool text_index_phrase(struct str *out, struct span term, int volume)
{
    if (!has_word(term))
        return false;
    str_add_byte(out, '"');
    size_t start = out->len;
    text_index_spell(out, term, volume);
    for (size_t i = start; i < out->len; i++)
        if (out->s[i] == '"' || out->s[i] == '\0')
            out->s[i] = ' ';
    str_add_byte(out, '"');
    return true;
}

/* -- letter by letter ---------------------------------------------------------------------------------------------- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool same_letters(const char *a, const char *b, size_t len)
{
    size_t i = 0;
    while (i < len && lower(a[i]) == lower(b[i]))
        i++;
    return i == len;
}

ptrdiff_t text_index_find(struct span term, struct span text)
{
    if (term.len == 0 || term.len > text.len)
        return -1;
    if ((unsigned char)term.s[0] >= 0x80) { /* no capitals at its start: jump from candidate to candidate */
        size_t first = 1;
        while (first < term.len && ((unsigned char)term.s[first] & 0xC0) == 0x80)
            first++;
        for (ptrdiff_t at = 0; (at = span_find(text, span_cut(term, 0, first), (size_t)at)) >= 0; at++)
            if ((size_t)at + term.len <= text.len && same_letters(text.s + at, term.s, term.len))
                return at;
        return -1;
    }
    for (size_t at = 0; at + term.len <= text.len; at++)
        if (lower(text.s[at]) == lower(term.s[0]) && same_letters(text.s + at, term.s, term.len))
            return (ptrdiff_t)at;
    return -1;
}

/* Takes the next run of characters that stand alone off the front of `rest`; false when there is none. */
static bool next_run(struct span *rest, struct span *run)
{
    size_t start = 0, at = 0;
    bool inside = false;
    while (at < rest->len) {
        int32_t cp = -1;
        size_t len = (size_t)utf8_decode(span_cut(*rest, at, rest->len), &cp);
        bool alone = stands_alone(cp) || is_symbol(cp);
        if (inside && !alone)
            break;
        if (!inside && alone)
            start = at;
        inside = alone;
        at += len;
    }
    *run = span_cut(*rest, start, at);
    *rest = span_cut(*rest, at, rest->len);
    return inside;
}

bool text_index_exact(struct span term, struct span text)
{
    if (!has_word(term))
        return text_index_find(term, text) >= 0;
    struct span run = {0};
    while (next_run(&term, &run))
        if (span_find(text, run, 0) < 0)
            return false;
    return true;
}
