#include "core/notes.h"
#include "core/count.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

void notes_release(struct notes *n)
{
    str_release(&n->memory);
    str_release(&n->note);
    for (int i = 0; i < n->lore_count; i++) {
        str_release(&n->lore[i].keys);
        str_release(&n->lore[i].text);
    }
    free(n->lore);
    *n = (struct notes){.depth = NOTE_DEPTH};
}

struct lore *notes_add_lore(struct notes *n, struct span keys, struct span text)
{
    ARRAY_ROOM(n->lore, n->lore_count, n->lore_cap);
    struct lore *l = &n->lore[n->lore_count++];
    *l = (struct lore){.enabled = true, .dirty = true};
    str_set(&l->keys, keys);
    str_set(&l->text, text);
    return l;
}

bool notes_are_empty(const struct notes *n)
{
    bool lore = false;
    for (int i = 0; i < n->lore_count; i++)
        lore = lore || (n->lore[i].enabled && !n->lore[i].trashed && span_trim(str_span(&n->lore[i].text)).len);
    return !lore && span_trim(str_span(&n->memory)).len == 0 && span_trim(str_span(&n->note)).len == 0;
}

/* -- keys ------------------------------------------------------------------------------------------------------------------------ */

/* Where the next comma is, and how many bytes it has. */
static size_t find_comma(struct span text, size_t *len)
{
    static const char *const commas[] = {",", "，", "、", "\n"};
    size_t nearest = text.len;
    *len = 0;
    for (size_t i = 0; i < COUNT_OF(commas); i++) {
        ptrdiff_t at = span_find(text, span_of(commas[i]), 0);
        if (at >= 0 && (size_t)at < nearest) {
            nearest = (size_t)at;
            *len = strlen(commas[i]);
        }
    }
    return nearest;
}

bool lore_key(struct span *rest, struct span *key)
{
    while (rest->len) {
        size_t comma = 0, at = find_comma(*rest, &comma);
        *key = span_trim(span_cut(*rest, 0, at));
        *rest = span_cut(*rest, at + comma, rest->len);
        if (key->len)
            return true;
    }
    return false;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_letters(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

/* Part of a word that is written with spaces around it. */
static bool is_letter(int32_t cp)
{
    char bytes[4];
    struct count count = {0};
    if (cp <= 0)
        return false;
    count_add(&count, (struct span){bytes, (size_t)utf8_encode(cp, bytes)});
    return count.words > 0;
}

static bool holds_words_only(struct span key)
{
    struct count count = {0};
    count_add(&count, key);
    return count.words > 0 && count.han == 0;
}

/* No letter joins what stands at [at, end) to a longer word. */
static bool is_whole(struct span text, size_t at, size_t end)
{
    int32_t before = 0, first = 0, last = 0, behind = 0;
    if (at > 0)
        utf8_decode_before(text, at, &before);
    utf8_decode(span_cut(text, at, text.len), &first);
    utf8_decode_before(text, end, &last);
    utf8_decode(span_cut(text, end, text.len), &behind);
    return !(is_letter(before) && is_letter(first)) && !(is_letter(last) && is_letter(behind));
}

bool lore_key_occurs(struct span key, struct span text)
{
    bool words = holds_words_only(key);
    if (key.len == 0)
        return false;
    if (!words)
        return span_find(text, key, 0) >= 0;
    for (size_t at = 0; at + key.len <= text.len; at++)
        if (lower(text.s[at]) == lower(key.s[0]) && same_letters(text.s + at, key.s, key.len) && is_whole(text, at, at + key.len))
            return true;
    return false;
}

struct span lore_reason(const struct lore *l, struct span page, struct span prompt)
{
    struct span rest = str_span(&l->keys), key = SPAN("");
    if (!l->enabled || l->trashed)
        return SPAN("");
    while (lore_key(&rest, &key))
        if (lore_key_occurs(key, page) || lore_key_occurs(key, prompt))
            return key;
    return SPAN("");
}
