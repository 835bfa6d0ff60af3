#include "net/stops.h"
#include "core/utf8.h"

#include <string.h>

void stops_release(struct stops *s)
{
    str_release(&s->held);
}

/* What is no text cannot be met in one. */
static bool is_word(struct span word)
{
    return word.len && utf8_valid(word);
}

/* Where the word begins that is whole first, of two that end together the longer: so it does not matter in which pieces it came. -1: none. */
static ptrdiff_t find_first(const struct stops *s, struct span text)
{
    ptrdiff_t first = -1;
    size_t first_end = 0;
    for (int i = 0; i < s->count; i++) {
        struct span word = str_span(&s->words[i]);
        ptrdiff_t at = is_word(word) ? span_find(text, word, 0) : -1;
        size_t end = at < 0 ? 0 : (size_t)at + word.len;
        if (at >= 0 && (first < 0 || end < first_end || (end == first_end && at < first))) {
            first = at;
            first_end = end;
        }
    }
    return first;
}

/* How much of the end of `text` is the beginning of the word, and not all of it. */
static size_t begun(struct span text, struct span word)
{
    size_t len = text.len < word.len ? text.len : word.len - 1;
    while (len > 0 && memcmp(text.s + text.len - len, word.s, len) != 0)
        len--;
    return len;
}

static size_t open_end(const struct stops *s, struct span text)
{
    size_t longest = 0;
    for (int i = 0; i < s->count; i++) {
        struct span word = str_span(&s->words[i]);
        size_t len = is_word(word) ? begun(text, word) : 0;
        longest = len > longest ? len : longest;
    }
    return longest;
}

void stops_add(struct stops *s, struct span piece, bool last, struct str *out)
{
    if (s->count == 0 && !s->met) {
        str_add(out, piece);
        return;
    }
    if (s->met)
        return;
    str_add(&s->held, piece);
    struct span text = str_span(&s->held);
    ptrdiff_t at = find_first(s, text);
    s->met = at >= 0;
    size_t passed = s->met ? (size_t)at : text.len - (last ? 0 : open_end(s, text));
    str_add(out, span_cut(text, 0, passed));
    str_splice(&s->held, 0, s->met ? text.len : passed, SPAN(""));
}
