#include "core/mem.h"
#include "ui/editor_parts.h"

#include <stdlib.h>
#include <string.h>

static unsigned char folded(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static bool reads_alike(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (folded(a[i]) != folded(b[i]))
            return false;
    }
    return true;
}

/* A match is made of whole clusters: the e of é is none. */
static bool is_border(struct span text, size_t at)
{
    if (at == 0 || at >= text.len)
        return true;
    unsigned char before = (unsigned char)text.s[at - 1], behind = (unsigned char)text.s[at];
    if (before < 0x80 && behind < 0x80 && before != '\r')
        return true;
    return display_next(text, display_prev(text, at)) == at;
}

static bool matches(struct span text, struct span needle, size_t at)
{
    return reads_alike(text.s + at, needle.s, needle.len) && is_border(text, at) &&
           is_border(text, at + needle.len);
}

/* Where a byte next stands, in either case; `text.len`: nowhere. */
static size_t next_byte(struct span text, size_t from, char byte)
{
    unsigned char low = folded(byte), high = low;
    if (low >= 'a' && low <= 'z')
        high = low & (unsigned char)~0x20;
    for (size_t i = from; i < text.len; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c == low || c == high)
            return i;
    }
    return text.len;
}

bool match_next(struct span text, struct span needle, size_t from, size_t *at)
{
    if (needle.len == 0 || needle.len > text.len)
        return false;
    size_t last = text.len - needle.len;
    struct span starts = {text.s, last + 1};
    for (size_t i = next_byte(starts, from, needle.s[0]); i <= last;
         i = next_byte(starts, i + 1, needle.s[0])) {
        if (matches(text, needle, i)) {
            *at = i;
            return true;
        }
    }
    return false;
}

/* The last match that ends at or before `to`. */
static bool match_prev(struct span text, struct span needle, size_t to, size_t *at)
{
    if (needle.len == 0 || to < needle.len)
        return false;
    for (size_t i = to - needle.len + 1; i-- > 0;) {
        if (folded(text.s[i]) == folded(needle.s[0]) && matches(text, needle, i)) {
            *at = i;
            return true;
        }
    }
    return false;
}

bool editor_find(struct editor *ed, struct span needle, bool backwards)
{
    bool again = ed->needle_shown && span_equal(needle, str_span(&ed->needle));
    if (!again)
        str_set(&ed->needle, needle);
    ed->needle_shown = true;
    needle = str_span(&ed->needle);
    if (!editor_ready(ed))
        return false;
    size_t from = 0, to = 0, at = 0;
    editor_selection(ed, &from, &to);
    struct span text = buffer_text(ed->buf);
    bool found = false;
    if (backwards)
        found = match_prev(text, needle, again ? from : to, &at) || match_prev(text, needle, text.len, &at);
    else
        found = match_next(text, needle, again ? to : from, &at) || match_next(text, needle, 0, &at);
    if (!found)
        return false;
    ed->marking = false;
    editor_put(ed, at, at + needle.len);
    return true;
}

static size_t *all_matches(struct editor *ed, struct span needle, int *count)
{
    struct span text = buffer_text(ed->buf);
    size_t *found = NULL, at = 0;
    int cap = 0;
    for (size_t from = 0; match_next(text, needle, from, &at); from = at + needle.len) {
        ARRAY_ROOM(found, *count, cap);
        found[(*count)++] = at;
    }
    return found;
}

/* From the last match to the first, so that what was found stays right; the caret stays with its text. */
int editor_replace_all(struct editor *ed, struct span needle, struct span with)
{
    if (ed->readonly || needle.len == 0 || !editor_ready(ed))
        return 0;
    int count = 0;
    size_t *found = all_matches(ed, needle, &count), caret = ed->caret;
    buffer_group(ed->buf, true);
    for (int i = count; i-- > 0;) {
        size_t end = found[i] + needle.len;
        editor_replace(ed, found[i], end, with);
        if (caret >= end)
            caret = caret - needle.len + with.len;
        else if (caret > found[i])
            caret = found[i];
    }
    buffer_group(ed->buf, false);
    free(found);
    if (count > 0)
        editor_after_change(ed, caret);
    return count;
}
