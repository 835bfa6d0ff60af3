#include "ui/search.h"

#include "core/display.h"

static void add_folded(struct str *out, struct span text)
{
    str_add(out, text);
    for (size_t i = 0; i < out->len; i++) {
        bool capital = (unsigned char)(out->s[i] - 'A') < 26;
        out->s[i] = (char)(out->s[i] | capital << 5); /* no jump: this passes over 10 MB */
    }
}

void search_start(struct search *s, struct span text, struct span needle)
{
    *s = (struct search){0};
    add_folded(&s->text, text);
    add_folded(&s->needle, needle);
}

void search_end(struct search *s)
{
    str_release(&s->text);
    str_release(&s->needle);
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

bool search_next(const struct search *s, size_t from, size_t *at)
{
    struct span text = str_span(&s->text), needle = str_span(&s->needle);
    if (needle.len == 0)
        return false;
    for (ptrdiff_t i = span_find(text, needle, from); i >= 0; i = span_find(text, needle, (size_t)i + 1)) {
        if (is_border(text, (size_t)i) && is_border(text, (size_t)i + needle.len)) {
            *at = (size_t)i;
            return true;
        }
    }
    return false;
}

bool search_prev(const struct search *s, size_t to, size_t *at)
{
    bool found = false;
    size_t i = 0;
    for (size_t from = 0; search_next(s, from, &i) && i + s->needle.len <= to; from = i + s->needle.len) {
        *at = i;
        found = true;
    }
    return found;
}
