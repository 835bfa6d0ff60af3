#include "core/count.h"
#include "core/display.h"
#include "core/utf8.h"

#include <utf8proc.h>

bool is_han(int32_t cp)
{
    return cp_between(cp, 0x4E00, 0x9FFF) || cp_between(cp, 0x3400, 0x4DBF) ||
           cp_between(cp, 0xF900, 0xFAFF) || cp_between(cp, 0x20000, 0x3FFFD) ||
           cp_between(cp, 0x2E80, 0x2FDF) || cp == 0x3005 || cp == 0x3007 || cp_between(cp, 0x3021, 0x3029) ||
           cp_between(cp, 0x3038, 0x303B);
}

/* Marks that Chinese shares with Latin scripts: — … “” ‘’ · */
static bool is_shared_mark(int32_t cp)
{
    return cp_between(cp, 0x2013, 0x2015) || cp_between(cp, 0x2018, 0x2019) ||
           cp_between(cp, 0x201C, 0x201D) || cp_between(cp, 0x2025, 0x2026) || cp == 0x22EF || cp == 0x00B7;
}

static bool is_full_width_mark(int32_t cp)
{
    return cp_between(cp, 0xFF01, 0xFF0F) || cp_between(cp, 0xFF1A, 0xFF20) ||
           cp_between(cp, 0xFF3B, 0xFF40) || cp_between(cp, 0xFF5B, 0xFF65) || cp_between(cp, 0xFFE0, 0xFFE6);
}

bool is_cjk_mark(int32_t cp)
{
    return cp_between(cp, 0x3001, 0x3004) || cp_between(cp, 0x3008, 0x3020) || cp == 0x3030 ||
           cp_between(cp, 0x303C, 0x303F) || cp == 0x30FB || cp_between(cp, 0xFE10, 0xFE1F) ||
           cp_between(cp, 0xFE30, 0xFE6F) || is_full_width_mark(cp) || is_shared_mark(cp);
}

/* Scripts written without spaces: their letters make no words that could be counted. */
static bool is_unspaced(int32_t cp)
{
    return is_han(cp) || cp_between(cp, 0x0E00, 0x0EFF) || cp_between(cp, 0x1000, 0x109F) ||
           cp_between(cp, 0x1780, 0x17FF) || cp_between(cp, 0x1950, 0x19DF) ||
           cp_between(cp, 0x1A20, 0x1AAF) || cp_between(cp, 0x3040, 0x312F) ||
           cp_between(cp, 0x31A0, 0x31FF) || cp_between(cp, 0xA000, 0xA4CF) ||
           cp_between(cp, 0xA9E0, 0xA9FF) || cp_between(cp, 0xAA60, 0xAADF) ||
           cp_between(cp, 0xFF66, 0xFF9F) || cp_between(cp, 0x16FE0, 0x1B2FF);
}

bool is_word_letter(int32_t cp)
{
    if (cp < 0x80)
        return cp_between(cp | 0x20, 'a', 'z') || cp_between(cp, '0', '9');
    utf8proc_category_t category = utf8proc_category(cp);
    bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
    return (letter || category == UTF8PROC_CATEGORY_ND) && !is_unspaced(cp);
}

static bool is_mark(int32_t cp)
{
    utf8proc_category_t category = utf8proc_category(cp);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_ME;
}

bool is_white(int32_t cp)
{
    if (cp < 0x80)
        return cp == ' ' || cp_between(cp, '\t', '\r');
    utf8proc_category_t category = utf8proc_category(cp);
    return category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP;
}

bool is_written_mark(int32_t cp)
{
    if (cp < 0x80)
        return cp > ' ' && cp < 0x7F && !is_word_letter(cp);
    utf8proc_category_t category = utf8proc_category(cp);
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

static void count_word(struct counter *k, int32_t cp)
{
    bool letter = is_word_letter(cp) || (k->word && cp >= 0x300 && is_mark(cp));
    k->count.words += letter && !k->word && !k->joined;
    k->joined = k->word && (cp == '\'' || cp == '-' || cp == 0x2019 || cp == 0x2010);
    k->word = letter;
}

/* The shared marks count only beside CJK text, so that an English story has no 字. */
static void count_han(struct counter *k, int32_t cp)
{
    if (is_shared_mark(cp)) {
        k->count.han_marks += k->cjk;
        k->shared += !k->cjk;
        return;
    }
    bool kana = cp_between(cp, 0x3041, 0x30FF);
    bool counted = is_han(cp) || is_cjk_mark(cp);
    k->count.han += is_han(cp);
    k->count.han_marks += counted ? 1 + k->shared : kana ? k->shared : 0;
    k->cjk = counted || kana;
    k->shared = 0;
}

void counter_add(struct counter *k, struct span piece)
{
    for (size_t at = 0; at < piece.len;) {
        int32_t cp = 0;
        at += (size_t)utf8_decode(span_cut(piece, at, piece.len), &cp);
        count_word(k, cp);
        count_han(k, cp);
        if (!k->written && !is_white(cp)) {
            k->written = true;
            k->count.lines++;
        }
        if (cp == '\n')
            k->written = false;
    }
    for (size_t at = 0; at < piece.len; at = display_next(piece, at))
        k->count.clusters += piece.s[at] != '\n';
}

void count_add(struct count *c, struct span text)
{
    struct counter k = {.count = *c};
    counter_add(&k, text);
    *c = k.count;
}
