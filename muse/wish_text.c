#include "core/count.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/wish_parts.h"

#include <string.h>
#include <wchar.h>

/* -- characters ------------------------------------------------------------------------------------------------------------------ */

bool wish_is_latin(int32_t cp)
{
    if (cp < 0x80)
        return cp_between(cp | 0x20, 'a', 'z') || cp_between(cp, '0', '9');
    return cp_between(cp, 0xC0, 0x24F) && cp != 0xD7 && cp != 0xF7;
}

bool wish_is_word_byte(char c)
{
    return (unsigned char)c < 0x80 && wish_is_latin(c);
}

bool wish_ends_clause(int32_t cp)
{
    if (cp_between(cp, 0x3400, 0x9FFF)) /* most of what is asked about */
        return false;
    return cp > 0 && wcschr(L",.;:!?\n()[]{}|/~，。；：！？（）【】［］｛｝…⋯—―～／｜·•・‧∙\"“”", (wchar_t)cp);
}

static bool is_joiner(int32_t cp)
{
    return cp == '\'' || cp == 0x2019 || cp == '-';
}

/* What is as good as not there: controls, marks of order and direction, the sign of a broken character. */
static bool is_void(int32_t cp)
{
    return cp < 0 || (cp < 0x20 && cp != '\n') || cp_between(cp, 0x7F, 0x9F) || cp_between(cp, 0x200B, 0x200F) ||
           cp_between(cp, 0x202A, 0x202E) || cp_between(cp, 0x2060, 0x206F) || cp == 0xFEFF || cp == UTF8_REPLACEMENT;
}

/* Full-width letters and digits, and spaces of all kinds. */
static int32_t narrow(int32_t cp)
{
    if (cp == '\t' || cp == 0xA0 || cp == 0x3000 || cp_between(cp, 0x2000, 0x200A) || cp == 0x202F)
        return ' ';
    if (cp_between(cp, 0xFF10, 0xFF19) || cp_between(cp, 0xFF21, 0xFF3A) || cp_between(cp, 0xFF41, 0xFF5A))
        return cp - 0xFEE0;
    return cp;
}

static int32_t fold(int32_t cp)
{
    if (cp_between(cp, 'A', 'Z'))
        return cp | 0x20;
    return is_han(cp) ? script_simplified(cp) : cp;
}

/* -- the text -------------------------------------------------------------------------------------------------------------------- */

static void add(struct wish_text *t, int32_t cp)
{
    char said[4], folded[4];
    int len = utf8_encode(cp, said);
    if (utf8_encode(fold(cp), folded) != len)
        memcpy(folded, said, sizeof folded); /* both texts keep in step */
    memcpy(t->said + t->len, said, (size_t)len);
    memcpy(t->folded + t->len, folded, (size_t)len);
    t->len += (size_t)len;
}

void wish_text_set(struct wish_text *t, struct span text)
{
    t->len = 0;
    bool spaced = true; /* nothing, a line break or a space before: another space is one too many */
    for (size_t at = 0; at < text.len && t->len + 4 <= WISH_TEXT_MAX;) {
        int32_t cp = 0;
        at += (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
        cp = narrow(cp);
        if (is_void(cp) || (cp == ' ' && spaced))
            continue;
        spaced = cp == ' ' || cp == '\n';
        add(t, cp);
    }
    t->said[t->len] = t->folded[t->len] = '\0';
}

int32_t wish_text_cp(const struct wish_text *t, size_t at, size_t *next)
{
    int32_t cp = 0;
    *next = at + (size_t)utf8_decode((struct span){t->folded + at, t->len - at}, &cp);
    return cp;
}

struct wish_piece wish_text_piece(const struct wish_text *t, size_t from, size_t to)
{
    size_t next = 0;
    for (int32_t cp = 0; from < to; from = next) {
        cp = wish_text_cp(t, from, &next);
        if (cp != ' ' && !wish_ends_clause(cp))
            break;
    }
    while (to > from) {
        int32_t cp = 0;
        size_t len = (size_t)utf8_decode_before((struct span){t->folded, to}, to, &cp);
        if (cp != ' ' && !wish_ends_clause(cp))
            break;
        to -= len;
    }
    return (struct wish_piece){{t->said + from, to - from}, {t->folded + from, to - from}};
}

size_t wish_text_spaces(const struct wish_text *t, size_t at)
{
    while (at < t->len && t->folded[at] == ' ')
        at++;
    return at;
}

/* Letters, and between two of them an apostrophe or a hyphen. */
size_t wish_text_word(const struct wish_text *t, size_t at)
{
    size_t end = at, next = at, behind = 0;
    while (next < t->len) {
        int32_t cp = wish_text_cp(t, next, &behind);
        if (wish_is_latin(cp))
            end = behind;
        else if (end != next || end == at || !is_joiner(cp))
            break;
        next = behind;
    }
    return end;
}

int wish_count_han(struct span text)
{
    int count = 0;
    for (size_t at = 0; at < text.len;) {
        int32_t cp = 0;
        at += (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
        count += is_han(cp);
    }
    return count;
}

int wish_count_words(struct span text)
{
    int count = 0;
    int32_t before = 0;
    for (size_t at = 0; at < text.len;) {
        int32_t cp = 0;
        at += (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
        count += wish_is_latin(cp) && !wish_is_latin(before) && !is_joiner(before);
        before = cp;
    }
    return count;
}

/* -- quotations ------------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *open, *close;
    bool title;
} quote_marks[] = {
    {"“", "”", false}, {"「", "」", false}, {"『", "』", false},   {"《", "》", true},  {"〈", "〉", true},
    {"‘", "’", false}, {"«", "»", false},   {"\"", "\"", false}, {"'", "'", false},
};

/* An apostrophe is no quotation mark: a single one opens where no word ends and closes where none begins. */
static bool is_apostrophe(const struct wish_text *t, size_t at, struct span mark, bool closing)
{
    size_t next = 0;
    if (!span_is(mark, "'") && !span_is(mark, "‘") && !span_is(mark, "’"))
        return false;
    if (closing)
        return wish_is_latin(wish_text_cp(t, at + mark.len, &next));
    return at > 0 && wish_is_word_byte(t->folded[at - 1]);
}

static bool closes(const struct wish_text *t, size_t from, struct span mark, size_t *close)
{
    const char *line_end = memchr(t->folded + from, '\n', t->len - from);
    struct span line = {t->folded, line_end ? (size_t)(line_end - t->folded) : t->len};
    for (ptrdiff_t at = span_find(line, mark, from); at >= 0; at = span_find(line, mark, (size_t)at + mark.len)) {
        *close = (size_t)at;
        if (!is_apostrophe(t, *close, mark, true))
            return *close > from;
    }
    return false;
}

bool wish_text_quote(const struct wish_text *t, size_t at, struct wish_quote *q)
{
    struct span rest = {t->folded + at, t->len - at};
    for (size_t i = 0; i < COUNT_OF(quote_marks); i++) {
        struct span open = span_of(quote_marks[i].open), close = span_of(quote_marks[i].close);
        if (!span_starts(rest, quote_marks[i].open) || is_apostrophe(t, at, open, false))
            continue;
        q->from = at + open.len;
        q->title = quote_marks[i].title;
        if (!closes(t, q->from, close, &q->to))
            return false;
        q->end = q->to + close.len;
        return true;
    }
    return false;
}
