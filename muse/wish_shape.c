#include "core/count.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/meter_zh.h"
#include "muse/wish_parts.h"

#include <stdlib.h>
#include <string.h>

/* -- Chinese --------------------------------------------------------------------------------------------------------------------- */

enum {
    CLAUSES_MAX = 64,
};

/* How a text falls into clauses. */
struct clauses {
    int count;
    int end[CLAUSES_MAX]; /* the characters up to the end of each */
    int least, most;      /* of one clause */
    int breaks;           /* ends of lines among the ends of clauses */
    bool closed;          /* the text ends with a mark, not with a character */
    bool full;            /* that mark ends a sentence */
    bool foreign;         /* holds letters too, or more clauses than can be told */
};

static void end_clause(struct clauses *c, int total)
{
    int length = total - (c->count > 0 ? c->end[c->count - 1] : 0);
    if (length == 0)
        return;
    if (c->count == CLAUSES_MAX) {
        c->foreign = true;
        return;
    }
    c->end[c->count++] = total;
    c->least = c->count == 1 || length < c->least ? length : c->least;
    c->most = length > c->most ? length : c->most;
}

static struct clauses clauses_of(struct span text)
{
    struct clauses c = {0};
    int total = 0;
    text = span_trim(text);
    for (size_t at = 0; at < text.len;) {
        int32_t cp = 0;
        at += (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
        bool han = is_han(cp);
        total += han;
        c.foreign = c.foreign || wish_is_latin(cp);
        c.closed = !han;
        c.full = cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F || cp == '.' || cp == '!' || cp == '?';
        c.breaks += cp == '\n';
        if (!han && cp != ' ')
            end_clause(&c, total);
    }
    end_clause(&c, total);
    return c;
}

/* True when the clauses are what a tune begins with. Its pauses may be written as ends of lines; its ends of lines may not be left out. */
static bool begins_tune(const struct clauses *c, const char *pattern)
{
    int total = 0, start = 0, line = 0, next = 0; /* `line`: characters of the line before, which began at `start` */
    struct span rest = span_of(pattern);
    while (rest.len > 0 && next < c->count) {
        int32_t cp = 0;
        rest = span_cut(rest, (size_t)utf8_decode(rest, &cp), rest.len);
        bool ends = cp == L'，' || cp == L'。', pauses = cp == L'、';
        if (cp == L'〃')
            total += line;
        else if (is_han(cp))
            total++;
        if (!ends && !pauses)
            continue;
        if (c->end[next] == total)
            next++;
        else if (ends || c->end[next] < total)
            return false;
        line = ends ? total - start : line;
        start = ends ? total : start;
    }
    return next == c->count;
}

static const struct form *tune_of(const struct clauses *c)
{
    for (int i = 0; i < form_count(); i++)
        if (form_at(i)->kind == FORM_TUNE && begins_tune(c, form_at(i)->pattern))
            return form_at(i);
    return NULL;
}

/* A poem of so many even lines; one that is not whole may still be growing. */
static const struct form *even_form(int length, int lines, bool whole)
{
    int size = whole ? lines <= 4 ? 0 : lines <= 8 ? 1 : 2 : lines < 4 ? 0 : lines < 8 ? 1 : 2;
    static const char *const five[] = {"wujue", "wulv", "wupai"}, *const seven[] = {"qijue", "qilv", "qipai"};
    return form_named(span_of(length == 4 ? "siyan" : length == 5 ? five[size] : seven[size]));
}

const struct form *wish_form_of_lines(struct span lines, bool whole)
{
    struct clauses c = clauses_of(lines);
    if (c.count == 0 || c.foreign)
        return NULL;
    bool even = c.least == c.most && (c.least == 5 || c.least == 7 || (c.least == 4 && c.count % 2 == 0));
    return even ? even_form(c.least, c.count, whole) : c.count > 1 ? tune_of(&c) : NULL;
}

static bool fits_layout(struct span line, const struct meter *m)
{
    bool level[METER_PLACES] = {false};
    int place = 0;
    for (size_t at = 0; at < line.len && place < m->start[1];) {
        int32_t cp = 0;
        at += (size_t)utf8_decode(span_cut(line, at, line.len), &cp);
        if (!is_han(cp))
            continue;
        int partner = m->place[place].partner;
        level[place] = tone_of(cp) != TONE_OBLIQUE;
        if (!ask_fits((enum ask)m->place[place].ask, cp) || (partner && !level[place] && !level[place - partner]))
            return false;
        place++;
    }
    return place == m->start[1];
}

bool wish_fits_regulated(struct span line)
{
    struct meter *m = mem_new(1, sizeof *m);
    bool fits = false;
    int length = wish_count_han(line);
    for (int way = 0; way < 4 && (length == 5 || length == 7); way++) {
        meter_regulated(m, 4, length, way & 1, way & 2, TONE_LEVEL);
        fits = fits || fits_layout(line, m);
    }
    free(m);
    return fits;
}

bool wish_may_begin(const struct form *form, struct span line)
{
    struct clauses c = clauses_of(line);
    if (form->language == FORM_EN || c.foreign)
        return form->language == FORM_EN;
    if (form->kind == FORM_TUNE)
        return begins_tune(&c, form->pattern);
    return form->length == 0 || (c.least == form->length && c.most == form->length);
}

/* Words of today's prose, which lines of verse do without. */
static bool is_spoken(struct span text)
{
    static const char *const words[] = {"的", "吗", "嗎", "呢", "吧", "我们", "我們", "你们", "这", "這", "那个", "那個", "那里", "你好", "今天", "很",
                                        "什么", "什麼", "没有", "因为", "所以", "喜欢", "喜歡", "觉得", "一个"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (span_find(text, span_of(words[i]), 0) >= 0)
            return true;
    return false;
}

/* Lines of five or of seven, or in the rhythm of the old songs; otherwise so many short ones that it can hardly be anything else. */
static bool chinese_verse(struct span text, bool plain)
{
    struct clauses c = clauses_of(text);
    bool even = c.count > 0 && c.least == c.most, regular = even && (c.least == 5 || c.least == 7);
    if (c.count == 0 || c.foreign || c.most > 9 || (!(regular && c.count > 3) && is_spoken(text)))
        return false;
    if (regular)
        return c.count > 1 || (plain && c.closed);
    if (even && c.least == 4 && c.count == 2)
        return plain && (c.full || c.breaks > 0);
    return plain && c.count > 2 && c.most > 2 && (c.full || c.breaks > 1);
}

/* -- English --------------------------------------------------------------------------------------------------------------------- */

enum {
    LINE_WORDS = 14, /* in a line of verse at most */
};

/* The next line, ended by a line break or by " / ". */
static bool english_line(struct span *rest, struct span *line)
{
    ptrdiff_t slash = span_find(*rest, SPAN(" / "), 0);
    struct span before = *rest;
    if (!span_line(rest, line))
        return false;
    if (slash >= 0 && (size_t)slash < line->len) {
        *line = span_cut(before, 0, (size_t)slash);
        *rest = span_cut(before, (size_t)slash + 3, before.len);
    }
    *line = span_trim(*line);
    return true;
}

static bool begins_with_capital(struct span text)
{
    return text.len > 0 && text.s[0] >= 'A' && text.s[0] <= 'Z';
}

static bool ends_with(struct span text, const char *marks)
{
    return text.len > 0 && text.s[text.len - 1] != '\0' && strchr(marks, text.s[text.len - 1]);
}

static bool english_verse(struct span text, bool plain)
{
    int lines = 0, words = 0;
    struct span rest = span_trim(text), line;
    for (struct span all = rest; english_line(&all, &line);) {
        int count = wish_count_words(line);
        if (count > LINE_WORDS || (count == 1 && lines == 0) || ends_with(line, ":"))
            return false;
        lines += count > 0;
        words += count;
    }
    if (!plain || lines == 0)
        return false;
    if (lines > 1)
        return words >= 3 * lines;
    return (words >= 4 && ends_with(rest, ",;")) || (words >= 5 && begins_with_capital(rest) && ends_with(rest, ".!?"));
}

/* -------------------------------------------------------------------------------------------------------------------------------- */

bool wish_looks_like_verse(struct span text, bool plain)
{
    return wish_count_han(text) > wish_count_words(text) ? chinese_verse(text, plain) : english_verse(text, plain);
}

bool wish_may_be_line(struct span line)
{
    if (wish_count_han(line) == 0) {
        int words = wish_count_words(line);
        return words > 1 && words <= LINE_WORDS && !ends_with(line, ":");
    }
    struct clauses c = clauses_of(line);
    return !c.foreign && c.most <= 9 && (c.closed || c.least == 5 || c.least == 7 || c.count > 1);
}
