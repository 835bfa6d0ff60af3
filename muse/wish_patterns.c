#include "core/count.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/wish_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHAINS = 512,
    CONTENT_MAX = 24, /* characters that ~ may stand for between two halves of a pattern */
};

struct pattern {
    struct span prefix, suffix;
    bool open; /* has a ~ between them */
    const struct wish_mark *mark;
    const struct form *form;
    int next;
};

/* All patterns, in a chain for each beginning. */
struct patterns {
    struct pattern *items;
    int count, cap;
    int chains[CHAINS]; /* the first of each, -1: none */
    int numbered;       /* those that begin with a number */
    int quoted;         /* those that begin with ~ */
};

/* -- building -------------------------------------------------------------------------------------------------------------------- */

/* By the first character of Chinese, by two letters of anything else. */
static int chain_of(const char *s, size_t len)
{
    unsigned key = (unsigned char)s[0];
    if (key >= 0xE0 && len >= 3)
        key = key * 31u + (unsigned char)s[1] * 7u + (unsigned char)s[2];
    else
        key = key * 31u + (len >= 2 && wish_is_word_byte(s[1]) ? (unsigned char)s[1] : ' ');
    return (int)(key % CHAINS);
}

static void put(struct patterns *p, struct span text, const struct wish_mark *mark, const struct form *form)
{
    const char *content = memchr(text.s, '~', text.len);
    size_t split = content ? (size_t)(content - text.s) : text.len;
    struct pattern added = {.prefix = span_cut(text, 0, split),
                            .suffix = span_cut(text, split + 1, text.len),
                            .open = content != NULL,
                            .mark = mark,
                            .form = form};
    int *chain = split == 0             ? &p->quoted
                 : text.s[0] == '#'     ? &p->numbered
                                        : &p->chains[chain_of(text.s, split)];
    added.next = *chain;
    *chain = p->count;
    ARRAY_ROOM(p->items, p->count, p->cap);
    p->items[p->count++] = added;
}

static void put_all(struct patterns *p, const char *words, const struct wish_mark *mark, const struct form *form)
{
    for (const char *at = words; *at;) {
        size_t len = strcspn(at, " ");
        if (len)
            put(p, (struct span){at, len}, mark, form);
        at += len + (at[len] == ' ');
    }
}

/* Of equals the one that is put in last is found: the marks overrule the names of forms, and these the words of themes. */
struct patterns *patterns_new(void)
{
    static const struct wish_mark word = {.means = MEANS_WORD}, named = {.means = MEANS_FORM, .rank = RANK_NAME};
    struct patterns *p = mem_new(1, sizeof *p);
    p->numbered = p->quoted = -1;
    for (int i = 0; i < CHAINS; i++)
        p->chains[i] = -1;
    for (int i = 0; i < wish_word_count; i++)
        put_all(p, wish_word_table[i].zh, &word, NULL);
    for (int i = form_count() - 1; i >= 0; i--)
        put_all(p, form_at(i)->words, &named, form_at(i));
    for (int i = wish_mark_count - 1; i >= 0; i--)
        put_all(p, wish_mark_table[i].patterns, &wish_mark_table[i], NULL);
    return p;
}

void patterns_free(struct patterns *p)
{
    if (p)
        free(p->items);
    free(p);
}

/* -- numbers --------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    int value;
} numerals[] = {
    {"一", 1},        {"二", 2},    {"两", 2},     {"三", 3},   {"四", 4},    {"五", 5},   {"六", 6},   {"七", 7},
    {"八", 8},        {"九", 9},    {"十", 10},    {"百", 100}, {"千", 1000}, {"几", 3},   {"数", 3},   {"多", 3},
    {"one", 1},       {"two", 2},   {"three", 3},  {"four", 4}, {"five", 5},  {"six", 6},  {"seven", 7}, {"eight", 8},
    {"nine", 9},      {"ten", 10},  {"twelve", 12}, {"fourteen", 14}, {"twenty", 20}, {"hundred", 100}, {"dozen", 12},
    {"several", 3}, {"many", 3}, {"a_few", 3}, {"a_couple_of", 2}, {"a_dozen", 12}, {"a_hundred", 100},
};

static size_t literal_end(const struct wish_text *t, size_t at, struct span literal, int *number);

static size_t digits_end(const struct wish_text *t, size_t at, int *value)
{
    for (*value = 0; t->folded[at] >= '0' && t->folded[at] <= '9'; at++)
        *value = *value < 100000 ? *value * 10 + (t->folded[at] - '0') : *value;
    return at;
}

/* A number in digits, in Chinese (三, 十四, 两三) or in one English word; at itself when there is none. */
static size_t number_end(const struct wish_text *t, size_t at, int *value)
{
    size_t end = digits_end(t, at, value);
    if (end > at)
        return end;
    for (size_t i = 0; i < COUNT_OF(numerals); i++) {
        int none = 0; /* no numeral holds another */
        size_t next = t->folded[end] == numerals[i].word[0] ? literal_end(t, end, span_of(numerals[i].word), &none) : 0;
        if (!next)
            continue;
        bool times = numerals[i].value >= 10 && *value > 0;
        *value = times ? *value * numerals[i].value : *value + numerals[i].value;
        end = next;
        if (wish_is_word_byte(numerals[i].word[0]) || *value > 100000)
            return end;
        i = SIZE_MAX; /* the next character of a Chinese number */
    }
    return end;
}

/* -- finding --------------------------------------------------------------------------------------------------------------------- */

/* A Latin word ends here, or after the s of a plural. */
static size_t word_boundary(const struct wish_text *t, size_t at, char last)
{
    if (!wish_is_word_byte(last) || !wish_is_word_byte(t->folded[at]))
        return at;
    bool plural = t->folded[at] == 's' && !wish_is_word_byte(t->folded[at + 1]);
    return plural ? at + 1 : 0;
}

/* Where the literal that begins at `at` ends; 0 when it is not there. The text ends with a NUL, which no pattern holds. */
static size_t literal_end(const struct wish_text *t, size_t at, struct span literal, int *number)
{
    if (wish_is_word_byte(literal.s[0]) && at > 0 && wish_is_word_byte(t->folded[at - 1]))
        return 0;
    for (size_t i = 0; i < literal.len; i++) {
        int value = 0;
        size_t end = literal.s[i] == '#' ? number_end(t, at, &value) : at;
        if (end > at) {
            at = end;
            *number = value;
        } else if (t->folded[at] == (literal.s[i] == '_' ? ' ' : literal.s[i])) {
            at++;
        } else {
            return 0;
        }
    }
    return word_boundary(t, at, literal.s[literal.len - 1]);
}

static bool is_short_enough(const struct wish_mark *mark, const struct wish_text *t, size_t from, size_t to)
{
    struct wish_piece piece = wish_text_piece(t, from, to);
    return piece.said.len > 0 && (mark->most == 0 || utf8_length(piece.said) <= (size_t)mark->most);
}

/* The suffix behind a content that begins at `from`: right behind its quotation marks, or within the clause. */
static bool find_suffix(const struct pattern *e, const struct wish_text *t, size_t from, struct wish_match *m)
{
    struct wish_quote q;
    from = wish_text_spaces(t, from);
    if (wish_text_quote(t, from, &q)) {
        m->content = q.from;
        m->content_end = q.to;
        m->to = literal_end(t, wish_text_spaces(t, q.end), e->suffix, &m->number);
        return m->to > 0;
    }
    m->content = from;
    size_t next = from;
    for (int i = 0; i < CONTENT_MAX && next < t->len; i++) {
        bool again = next > from && literal_end(t, next, e->prefix, &m->number) > 0; /* the nearer beginning has the suffix */
        if (again || wish_ends_clause(wish_text_cp(t, next, &next)))
            return false;
        m->content_end = next;
        m->to = literal_end(t, wish_text_spaces(t, next), e->suffix, &m->number);
        if (m->to > 0)
            return is_short_enough(e->mark, t, from, next);
    }
    return false;
}

static bool fits(const struct pattern *e, const struct wish_text *t, size_t at, struct wish_match *m)
{
    struct wish_quote q;
    *m = (struct wish_match){.mark = e->mark, .form = e->form, .word = e->prefix, .from = at, .content = at, .number = 1,
                             .open = e->open, .bound = e->suffix.len > 0};
    m->content_end = m->to = literal_end(t, at, e->prefix, &m->number);
    if (m->to == 0 || (e->mark->most == WISH_QUOTED && !wish_text_quote(t, wish_text_spaces(t, m->to), &q)))
        return false;
    return !m->bound || find_suffix(e, t, m->to, m);
}

/* The longer beginning, then the one that says where its content ends, and of these the one that ends first. */
static bool is_better(const struct wish_match *a, const struct wish_match *b)
{
    size_t head_a = (a->bound ? a->content : a->to) - a->from, head_b = (b->bound ? b->content : b->to) - b->from;
    if (head_a != head_b)
        return head_a > head_b;
    if (!a->bound || !b->bound) /* of "couplets" and the plural of "couplet" the word itself */
        return a->bound != b->bound ? a->bound : a->word.len > b->word.len && a->number == b->number;
    return a->content_end != b->content_end ? a->content_end < b->content_end : a->to > b->to;
}

static void find_in(const struct patterns *p, int chain, const struct wish_text *t, size_t at, struct wish_match *best)
{
    struct wish_match m;
    for (int i = chain; i >= 0; i = p->items[i].next)
        if (fits(&p->items[i], t, at, &m) && (!best->mark || is_better(&m, best)))
            *best = m;
}

bool patterns_find(const struct patterns *p, const struct wish_text *t, size_t at, struct wish_match *m)
{
    int number = 0;
    m->mark = NULL;
    find_in(p, p->chains[chain_of(t->folded + at, t->len - at)], t, at, m);
    if (number_end(t, at, &number) > at)
        find_in(p, p->numbered, t, at, m);
    return m->mark != NULL;
}

bool patterns_find_quoted(const struct patterns *p, const struct wish_text *t, size_t at, const struct wish_quote *q, struct wish_match *m)
{
    size_t longest = 0, behind = wish_text_spaces(t, q->end);
    for (int i = p->quoted; i >= 0; i = p->items[i].next) {
        const struct pattern *e = &p->items[i];
        int number = 1;
        size_t to = literal_end(t, behind, e->suffix, &number);
        if (to <= longest)
            continue;
        longest = to;
        *m = (struct wish_match){.mark = e->mark, .word = e->suffix, .from = at, .to = to, .open = true, .bound = true,
                                 .content = q->from, .content_end = q->to, .number = number};
    }
    return longest > 0;
}
