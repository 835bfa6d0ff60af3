#include "storage/query.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

/* -- cutting into words -------------------------------------------------------------------------------------------- */

/* Bytes of white space at the start: ASCII or the ideographic space. */
static size_t blank(struct span sp)
{
    if (sp.len && strchr(" \t\r\n\v\f", sp.s[0]) && sp.s[0])
        return 1;
    return span_starts(sp, "\xE3\x80\x80") ? 3 : 0;
}

/* Takes the next word off the front of `rest`; white space between double quotes belongs to it. */
static bool next_word(struct span *rest, struct span *word)
{
    size_t len = 0, start = 0;
    bool quoted = false;
    while ((len = blank(span_cut(*rest, start, rest->len))) > 0)
        start += len;
    size_t end = start;
    while (end < rest->len && (quoted || !blank(span_cut(*rest, end, rest->len))))
        quoted ^= rest->s[end++] == '"';
    *word = span_cut(*rest, start, end);
    *rest = span_cut(*rest, end, rest->len);
    return word->len > 0;
}

static struct span unquote(struct span sp)
{
    if (sp.len && sp.s[0] == '"')
        sp = span_cut(sp, 1, sp.len);
    if (sp.len && sp.s[sp.len - 1] == '"')
        sp.len--;
    return sp;
}

/* -- filters ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *text, *compare;
} signs[] = {{">=", ">="},
             {"<=", "<="},
             {"\xE2\x89\xA5", ">="},
             {"\xE2\x89\xA4", "<="},
             {"==", "="},
             {">", ">"},
             {"<", "<"},
             {"=", "="},
             {":", "="},
             {"\xEF\xBC\x9A", "="},
             {"\xEF\xBC\x9D", "="},
             {"\xEF\xBC\x9E", ">"},
             {"\xEF\xBC\x9C", "<"}};

struct parts {
    struct span whole, name, value;
    const char *compare;
};

/* Splits "name>=value" at its first sign; false when there is none or nothing before it. */
static bool split(struct span word, struct parts *out)
{
    for (size_t at = 1; at < word.len && word.s[at - 1] != '"'; at++)
        for (size_t i = 0; i < COUNT_OF(signs); i++)
            if (span_starts(span_cut(word, at, word.len), signs[i].text)) {
                struct span value = span_cut(word, at + strlen(signs[i].text), word.len);
                *out = (struct parts){word, span_cut(word, 0, at), unquote(value), signs[i].compare};
                return true;
            }
    return false;
}

static bool need_value(const struct parts *p, struct err *e)
{
    return p->value.len ||
           err_set(e, ERR_USAGE, _("In “%.*s” nothing follows “%.*s”."), SPAN_ARG(p->whole), SPAN_ARG(p->name));
}

static bool read_number(const struct parts *p, struct filter *f, struct err *e)
{
    f->compare = p->compare;
    return need_value(p, e) && (span_number(p->value, &f->number) ||
                                err_set(e, ERR_USAGE, _("In “%.*s” a number must follow, as in “%.*s>=3”."),
                                        SPAN_ARG(p->whole), SPAN_ARG(p->name)));
}

static bool read_text(const struct parts *p, struct filter *f, struct err *e)
{
    f->text = p->value;
    return need_value(p, e);
}

static bool read_state(const struct parts *p, struct filter *f, struct err *e)
{
    return take_state_parse(p->value, &f->state) ||
           err_set(e, ERR_USAGE,
                   _("In “%.*s” one of these must follow: waiting, writing, done, stopped, failed, interrupted."),
                   SPAN_ARG(p->whole));
}

static const char *const sort_names[SORT_COUNT] = {"time", "rating", "model", "length", "best"};

const char *query_sort_name(enum query_sort sort)
{
    return sort_names[sort];
}

bool query_sort_parse(struct span name, enum query_sort *sort)
{
    for (int i = 0; i < SORT_COUNT; i++)
        if (span_is(name, sort_names[i])) {
            *sort = (enum query_sort)i;
            return true;
        }
    return false;
}

static bool read_trash(const struct parts *p, struct filter *f, struct err *e)
{
    (void)f;
    return span_is(p->value, "trash") ||
           err_set(e, ERR_USAGE, _("“%.*s” is not known; there is “is:trash”."), SPAN_ARG(p->whole));
}

static bool digits(struct span *rest, size_t count, int *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (i >= rest->len || rest->s[i] < '0' || rest->s[i] > '9')
            return false;
        *out = *out * 10 + (rest->s[i] - '0');
    }
    *rest = span_cut(*rest, count, rest->len);
    return true;
}

static bool dash(struct span *rest)
{
    bool there = span_starts(*rest, "-");
    *rest = span_cut(*rest, there, rest->len);
    return there;
}

/* 2026, 2026-10 or 2026-10-05: the first moment of it, in the writer's time zone. */
static bool parse_date(struct span text, int64_t *ms)
{
    int year = 0, month = 1, day = 1;
    if (!digits(&text, 4, &year) || (text.len && (!dash(&text) || !digits(&text, 2, &month))) ||
        (text.len && (!dash(&text) || !digits(&text, 2, &day))) || text.len)
        return false;
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1};
    time_t at = mktime(&tm);
    *ms = (int64_t)at * 1000;
    return tm.tm_mon == month - 1 && tm.tm_mday == day; /* there is no 31st of June */
}

static bool read_date(const struct parts *p, struct filter *f, struct err *e)
{
    return parse_date(p->value, &f->time_ms) ||
           err_set(e, ERR_USAGE, _("In “%.*s” a date must follow: 2026, 2026-10 or 2026-10-05."), SPAN_ARG(p->whole));
}

static const struct {
    const char *name;
    enum filter_kind kind;
    bool (*read)(const struct parts *p, struct filter *f, struct err *e);
    bool compares; /* takes < and >, not only : */
} filter_table[] = {
    {"project", FILTER_PROJECT, read_text, false}, {"model", FILTER_MODEL, read_text, false},
    {"server", FILTER_SERVER, read_text, false},   {"tag", FILTER_TAG, read_text, false},
    {"state", FILTER_STATE, read_state, false},    {"before", FILTER_BEFORE, read_date, false},
    {"after", FILTER_AFTER, read_date, false},     {"is", FILTER_TRASH, read_trash, false},
    {"rating", FILTER_RATING, read_number, true},  {"★", FILTER_RATING, read_number, true},
};

const struct query_help query_filters_help[] = {
    {"project", ":", N_("in this project")},
    {"model", ":", N_("by this model")},
    {"server", ":", N_("from this server")},
    {"tag", ":", N_("with this tag")},
    {"state", ":", N_("done, stopped, failed, interrupted")},
    {"★", ">=", N_("rated so many stars and more")},
    {"rating", ">=", N_("the same, in letters")},
    {"before", ":", N_("sent before a day, month or year")},
    {"after", ":", N_("sent after it")},
    {"is", ":", N_("is:trash: in the trash")},
    {"sort", ":", N_("time, rating, model, length, best")},
    {0},
};

/* ★★★: three stars or more. */
static bool parse_stars(struct span word, struct filter *f)
{
    struct span star = SPAN("★");
    int count = 0;
    while (span_starts(word, "★")) {
        word = span_cut(word, star.len, word.len);
        count++;
    }
    *f = (struct filter){.kind = FILTER_RATING, .compare = ">=", .number = count};
    return count > 0 && word.len == 0;
}

/* False with e->kind ERR_NONE: the word is no filter. */
static bool parse_filter(struct span word, struct filter *f, struct err *e)
{
    struct parts parts;
    if (parse_stars(word, f))
        return true;
    if (!split(word, &parts))
        return false;
    *f = (struct filter){0};
    bool equals = strcmp(parts.compare, "=") == 0;
    for (size_t i = 0; i < COUNT_OF(filter_table); i++)
        if (span_is(parts.name, filter_table[i].name) && (equals || filter_table[i].compares)) {
            f->kind = filter_table[i].kind;
            return filter_table[i].read(&parts, f, e);
        }
    if (!dial_find(parts.name, &f->dial))
        return false;
    f->kind = FILTER_DIAL;
    return read_number(&parts, f, e);
}

/* "sort:rating" is no filter: it says in which order. False: it is not that word, or (e filled) names no order. */
static bool parse_sort(struct span word, enum query_sort *sort, struct err *e)
{
    struct parts parts;
    if (!split(word, &parts) || !span_is(parts.name, "sort") || strcmp(parts.compare, "=") != 0)
        return false;
    return query_sort_parse(parts.value, sort) ||
           err_set(e, ERR_USAGE, _("In “%.*s” one of these must follow: time, rating, model, length, best."),
                   SPAN_ARG(parts.whole));
}

/* Where in the query the trouble is, for the eye: columns from 1. */
static bool place_fault(struct span text, struct span word, const struct err *why, struct err *e)
{
    int column = (int)utf8_length((struct span){text.s, (size_t)(word.s - text.s)}) + 1;
    return err_set(e, why->kind, _("Column %d: %s"), column, why->text);
}

static bool ends_in_letter(struct span word)
{
    return isalpha((unsigned char)word.s[word.len - 1]);
}

static bool add_word(struct query *q, struct span word, struct err *e)
{
    struct filter f;
    if (parse_sort(word, &q->sort, e))
        return true;
    if (e->kind != ERR_NONE)
        return false;
    bool filter = parse_filter(word, &f, e);
    if (e->kind != ERR_NONE)
        return false;
    struct span bare = unquote(word);
    if ((filter && q->filter_count == QUERY_FILTERS_MAX) || (!filter && q->word_count == QUERY_WORDS_MAX))
        return err_set(e, ERR_LIMIT, _("From “%.*s” on this is too long: at most %d words and %d filters."),
                       SPAN_ARG(word), QUERY_WORDS_MAX, QUERY_FILTERS_MAX);
    if (filter)
        q->filters[q->filter_count++] = f;
    else if (bare.len)
        q->words[q->word_count++] = bare;
    q->beginning = !filter && bare.len == word.len && bare.len >= 2 && ends_in_letter(bare);
    return true;
}

bool query_parse(struct query *q, struct span text, struct err *e)
{
    struct span word, rest = text;
    *q = (struct query){0};
    while (next_word(&rest, &word)) {
        struct err why = {0};
        q->beginning = false;
        if (!add_word(q, word, &why))
            return place_fault(text, word, &why, e);
        q->beginning = q->beginning && rest.len == 0;
    }
    return true;
}

const struct filter *query_filter(const struct query *q, enum filter_kind kind)
{
    for (int i = 0; i < q->filter_count; i++)
        if (q->filters[i].kind == kind)
            return &q->filters[i];
    return NULL;
}
