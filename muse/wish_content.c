#include "core/count.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/wish_parts.h"

#include <string.h>

bool wish_has_content(enum meaning m)
{
    return m >= MEANS_TITLE && m <= MEANS_STYLE;
}

bool wish_names_a_thing(enum meaning m)
{
    return m == MEANS_FORM || m == MEANS_VERSE || m == MEANS_COUNT || (m >= MEANS_PROSE && m <= MEANS_TRANSLATION);
}

/* True when nothing but filler lies between `at` and the name of a thing: 的 一首优美的 七绝. */
static bool thing_follows(const struct patterns *p, const struct wish_text *t, size_t at, bool poem)
{
    struct wish_match m;
    for (int i = 0; i < 6; i++, at = m.to) {
        at = wish_text_spaces(t, at);
        if (!patterns_find(p, t, at, &m))
            return false;
        if (wish_names_a_thing(m.mark->means))
            return !poem || m.mark->means < MEANS_PROSE;
        if (m.mark->means != MEANS_NOTHING && m.mark->means != MEANS_JOINT && m.mark->means != MEANS_ORDER)
            return false;
    }
    return false;
}

/* A content that nothing bounds ends where another begins, where something is ordered, and before the thing that it belongs to. */
static bool ends_content(const struct patterns *p, const struct wish_text *t, size_t at, bool han)
{
    struct wish_match m;
    if (t->folded[at] == ' ')
        return han && thing_follows(p, t, at, false);
    if (!patterns_find(p, t, at, &m))
        return false;
    enum meaning means = m.mark->means;
    if (means == MEANS_JOINT)
        return thing_follows(p, t, m.to, !han);
    bool orders = means == MEANS_COUNT || means == MEANS_ORDER || (means == MEANS_VERSE && m.mark->rank == RANK_ORDER);
    return orders || wish_has_content(means) || (means >= MEANS_LEVEL && means <= MEANS_TRADITIONAL);
}

static size_t step(const struct patterns *p, const struct wish_text *t, size_t at)
{
    struct wish_match m;
    size_t next = 0, word = wish_text_word(t, at);
    if (word > at)
        return word;
    if (patterns_find(p, t, at, &m) && m.mark->means == MEANS_WORD)
        return m.to;
    wish_text_cp(t, at, &next);
    return next;
}

size_t wish_content_end(const struct patterns *p, const struct wish_text *t, size_t from, enum meaning means)
{
    size_t at = from, next = 0;
    struct wish_quote q;
    bool han = is_han(wish_text_cp(t, from, &next)), many = means == MEANS_THEME;
    if (means == MEANS_ACROSTIC && thing_follows(p, t, from, false))
        return from;
    while (at < t->len && !wish_ends_clause(wish_text_cp(t, at, &next))) {
        if (han && !many && t->folded[at] == ' ')
            break;
        if (ends_content(p, t, at, han) || (at > from && wish_text_quote(t, at, &q)))
            break;
        at = step(p, t, at);
    }
    return at;
}

/* What a pattern may leave between itself and its content: "title: …", 题目是…. */
static size_t skip_copula(const struct wish_text *t, size_t at)
{
    static const char *const copulas[] = {":", "：", "=", "是", "为", "叫", "用", "is "};
    at = wish_text_spaces(t, at);
    for (size_t i = 0; i < COUNT_OF(copulas); i++) {
        if (!span_starts((struct span){t->folded + at, t->len - at}, copulas[i]))
            continue;
        at = wish_text_spaces(t, at + strlen(copulas[i]));
        i = SIZE_MAX; /* there may be another */
    }
    return at;
}

/* An English first line goes on to the end of its line. */
struct wish_piece wish_content(const struct patterns *p, const struct wish_text *t, struct wish_match *m)
{
    struct wish_quote q;
    size_t next = 0, from = skip_copula(t, m->to);
    if (m->bound || !m->open)
        return wish_text_piece(t, m->content, m->content_end);
    if (wish_text_quote(t, from, &q)) {
        m->to = q.end;
        m->content = q.from;
        m->content_end = q.to;
        m->bound = true;
        return wish_text_piece(t, q.from, q.to);
    }
    size_t end = wish_content_end(p, t, from, m->mark->means);
    if (m->mark->means == MEANS_FIRST_LINE && wish_is_latin(wish_text_cp(t, from, &next))) {
        const char *line_end = memchr(t->said + from, '\n', t->len - from);
        end = line_end ? (size_t)(line_end - t->said) : t->len;
    }
    struct wish_piece content = wish_text_piece(t, from, end);
    if (m->mark->most > 0 && utf8_length(content.said) > (size_t)m->mark->most)
        return (struct wish_piece){.said = SPAN("")};
    m->content = from;
    m->content_end = end;
    m->to = end > from ? end : m->to;
    return content;
}
