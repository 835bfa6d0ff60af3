#include "core/count.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/wish_parts.h"

#include <string.h>

/* A walk along the text, from mark to mark; what lies between them is the theme. */
struct reader {
    struct wish_findings *found;
    const struct wish_text *text;
    const struct patterns *patterns;
    size_t at;
    size_t run;    /* where the word of a theme that is being read began; at `at`: none is */
    size_t hidden; /* up to here signs say what the poem is about, not what is wanted */
    bool ordered;  /* "write a …" came just before */
    int number;    /* a number that came just before; 1: none */
};

/* -- the theme ------------------------------------------------------------------------------------------------------------------- */

static void add_theme(struct reader *r, size_t from, size_t to)
{
    struct wish_findings *f = r->found;
    struct wish_piece piece = wish_text_piece(r->text, from, to);
    if (piece.said.len == 0 || f->theme_count == WISH_PIECES_MAX)
        return;
    f->marked[f->theme_count] = from < r->hidden;
    f->themes[f->theme_count++] = piece;
    r->ordered = false;
    r->number = 1;
}

static void close_run(struct reader *r)
{
    add_theme(r, r->run, r->at);
    r->run = r->at;
}

/* Passes over one character that no mark begins with: of a Chinese word, which it goes on with; of a Latin one, all of it; any other ends
 * what is being read. */
static void pass(struct reader *r)
{
    size_t next = 0, word = wish_text_word(r->text, r->at);
    int32_t cp = wish_text_cp(r->text, r->at, &next);
    if (is_han(cp)) {
        r->at = next;
        return;
    }
    close_run(r);
    if (word > r->at)
        add_theme(r, r->at, word);
    r->ordered = r->ordered && !wish_ends_clause(cp);
    r->run = r->at = word > r->at ? word : next;
}

/* The word of a match is theme. */
static void pass_match(struct reader *r, const struct wish_match *m)
{
    size_t next = 0;
    if (is_han(wish_text_cp(r->text, m->from, &next)) && !wish_has_content(m->mark->means))
        r->at = m->to;
    else
        pass(r);
}

/* -- what the marks do ----------------------------------------------------------------------------------------------------------- */

/* The loudest sign is heard. Of equals Chinese hears the last (关于七绝的论文), English the first (an essay on sonnets). */
static void hear(struct reader *r, const struct wish_match *m, enum rank rank, enum wish_beyond beyond)
{
    struct wish_findings *f = r->found;
    bool chinese = !wish_is_word_byte(m->word.s[0]);
    if (r->ordered && rank < RANK_ORDER)
        rank = RANK_ORDER;
    r->ordered = false;
    if (rank > f->rank || (rank == f->rank && rank > RANK_NONE && chinese)) {
        f->rank = rank;
        f->beyond = beyond;
    }
}

static void hear_poem(struct reader *r, const struct wish_match *m)
{
    bool many = r->number > 1;
    hear(r, m, many ? RANK_MANY : m->mark->rank, many ? BEYOND_MANY : BEYOND_NOTHING);
    r->number = 1;
}

static void keep(struct wish_piece *to, struct wish_piece piece)
{
    if (to->said.len == 0)
        *to = piece;
}

static void read_until(struct reader *r, size_t end);

/* The content is read for its words; what stands in it wants nothing. */
static void take_theme(struct reader *r, struct wish_match *m)
{
    wish_content(r->patterns, r->text, m);
    r->hidden = m->content_end;
    r->at = r->run = m->content;
    read_until(r, m->content_end);
    r->at = m->to > r->at ? m->to : r->at;
}

static void take_content(struct reader *r, struct wish_match *m)
{
    struct wish_findings *f = r->found;
    struct wish_piece *const places[] = {[MEANS_TITLE] = &f->title,
                                         [MEANS_FIRST_LINE] = &f->first_line,
                                         [MEANS_ACROSTIC] = &f->acrostic,
                                         [MEANS_RHYME] = &f->rhyme};
    struct wish_piece content = wish_content(r->patterns, r->text, m);
    if (m->mark->means == MEANS_ACROSTIC) {
        f->wants_acrostic = true;
        hear(r, m, m->mark->rank, BEYOND_NOTHING);
    }
    if (m->mark->means != MEANS_STYLE)
        keep(places[m->mark->means], content);
    r->at = m->to;
}

/* True when `later` is a closer name for what `word` named: "petrarchan" after "sonnet", since it may be called a "petrarchan sonnet". */
static bool refines(const struct form *later, struct span word)
{
    for (const char *at = later->words; *at; at += strcspn(at, " "), at += *at == ' ') {
        struct span name = {at, strcspn(at, " ")};
        if (name.len > word.len && span_find(name, word, 0) >= 0)
            return true;
    }
    return false;
}

/* The bytes of a dot in the middle of a line, as it stands between the name of a form and the title: 沁园春·雪. */
static size_t dot_at(const struct wish_text *t, size_t at)
{
    static const char *const dots[] = {"·", "•", "・", "‧", "∙"};
    for (size_t i = 0; i < COUNT_OF(dots); i++) {
        if (span_starts((struct span){t->folded + at, t->len - at}, dots[i]))
            return strlen(dots[i]);
    }
    return 0;
}

static void take_dotted_title(struct reader *r)
{
    size_t dot = dot_at(r->text, r->at);
    if (dot == 0)
        return;
    size_t from = r->at + dot, end = wish_content_end(r->patterns, r->text, from, MEANS_TITLE);
    keep(&r->found->title, wish_text_piece(r->text, from, end));
    r->at = end;
}

static void take_form(struct reader *r, struct wish_match *m)
{
    struct wish_findings *f = r->found;
    hear_poem(r, m);
    r->at = m->to;
    if (!m->form) {
        f->near = f->near ? f->near : m->mark;
    } else if (!f->form || refines(m->form, f->form_word) ||
               (f->form->lines == 0 && m->form->lines > 0 && f->form->language == m->form->language)) {
        f->form = m->form;
        f->form_word = m->word;
    }
    take_dotted_title(r);
}

static void take_verse(struct reader *r, struct wish_match *m)
{
    hear_poem(r, m);
}

static void take_count(struct reader *r, struct wish_match *m)
{
    r->number = m->number;
    hear_poem(r, m);
}

static void take_order(struct reader *r, struct wish_match *m)
{
    r->ordered = m->mark->means == MEANS_ORDER || m->mark->rank == RANK_ORDER;
}

static void take_number(struct reader *r, struct wish_match *m)
{
    r->number = m->number;
}

static void take_lines(struct reader *r, struct wish_match *m)
{
    r->number = 1;
    hear(r, m, m->mark->rank, BEYOND_NOTHING);
    if (m->number <= 40)
        r->found->lines = m->number;
}

static void take_length(struct reader *r, struct wish_match *m)
{
    hear_poem(r, m);
    r->found->length = m->mark->means == MEANS_FIVE ? 5 : 7;
}

static void take_tone(struct reader *r, struct wish_match *m)
{
    r->found->tone = m->mark->means == MEANS_LEVEL ? RHYME_LEVEL : RHYME_OBLIQUE;
}

/* Behind a theme these are words like others: the rain again, more than love. */
static bool comes_first(const struct reader *r)
{
    return r->found->theme_count == 0;
}

static void take_again(struct reader *r, struct wish_match *m)
{
    (void)m;
    r->found->again = r->found->again || comes_first(r);
}

/* Where the lines begin that "go on" is followed by: behind a colon, on the next line, in quotation marks. */
static struct wish_piece lines_behind(const struct reader *r, size_t at)
{
    struct wish_quote q;
    size_t next = 0;
    for (; at < r->text->len; at = next) {
        int32_t cp = wish_text_cp(r->text, at, &next);
        if (wish_text_quote(r->text, at, &q) && !q.title)
            return wish_text_piece(r->text, q.from, q.to);
        if (cp == ':' || cp == 0xFF1A || cp == '\n')
            return (struct wish_piece){{r->text->said + next, r->text->len - next}, {r->text->folded + next, r->text->len - next}};
    }
    return (struct wish_piece){.said = SPAN("")};
}

static void take_go_on(struct reader *r, struct wish_match *m)
{
    struct wish_piece lines = lines_behind(r, m->to);
    if (!comes_first(r))
        return;
    r->found->go_on = true;
    if (wish_count_words(lines.said) < 3 && !wish_form_of_lines(lines.said, true))
        return;
    r->found->lines_given = lines;
    r->at = r->text->len;
}

static void take_language(struct reader *r, struct wish_match *m)
{
    r->found->language_said = true;
    r->found->language = m->mark->means == MEANS_IN_ENGLISH ? FORM_EN : FORM_ZH;
    if (m->mark->means == MEANS_SIMPLIFIED)
        r->found->script = SCRIPT_SIMPLIFIED;
    if (m->mark->means == MEANS_TRADITIONAL)
        r->found->script = SCRIPT_TRADITIONAL;
    if (m->mark->rank > RANK_NONE)
        hear_poem(r, m);
}

static void take_beyond(struct reader *r, struct wish_match *m)
{
    hear(r, m, m->mark->rank, (enum wish_beyond)(m->mark->means - MEANS_PROSE + BEYOND_PROSE));
}

static void take_nothing(struct reader *r, struct wish_match *m)
{
    (void)r;
    (void)m;
}

static void (*const takers[MEANINGS])(struct reader *, struct wish_match *) = {
    [MEANS_NOTHING] = take_nothing,     [MEANS_JOINT] = take_order,          [MEANS_AND] = take_nothing,
    [MEANS_WORD] = take_nothing,        [MEANS_TITLE] = take_content,        [MEANS_FIRST_LINE] = take_content,
    [MEANS_ACROSTIC] = take_content,    [MEANS_RHYME] = take_content,        [MEANS_THEME] = take_theme,
    [MEANS_STYLE] = take_content,       [MEANS_FORM] = take_form,            [MEANS_VERSE] = take_verse,
    [MEANS_COUNT] = take_count,         [MEANS_ORDER] = take_order,          [MEANS_NUMBER] = take_number,
    [MEANS_LINES] = take_lines,         [MEANS_FIVE] = take_length,          [MEANS_SEVEN] = take_length,
    [MEANS_LEVEL] = take_tone,          [MEANS_OBLIQUE] = take_tone,         [MEANS_AGAIN] = take_again,
    [MEANS_GO_ON] = take_go_on,         [MEANS_IN_CHINESE] = take_language,  [MEANS_IN_ENGLISH] = take_language,
    [MEANS_SIMPLIFIED] = take_language, [MEANS_TRADITIONAL] = take_language, [MEANS_PROSE] = take_beyond,
    [MEANS_STORY] = take_beyond,        [MEANS_ANSWER] = take_beyond,        [MEANS_CODE] = take_beyond,
    [MEANS_TRANSLATION] = take_beyond,  [MEANS_MANY] = take_beyond,
};

/* -- the walk -------------------------------------------------------------------------------------------------------------------- */

static bool is_one_han(const struct reader *r, const struct wish_match *m)
{
    size_t next = 0;
    return is_han(wish_text_cp(r->text, m->from, &next)) && next == m->to && (!m->open || m->bound);
}

/* A single character is part of a word (诗人, 目的地, 写意) unless none is being read, or the word ends with it: 秋夜诗. */
static bool stands_alone(const struct reader *r, const struct wish_match *m)
{
    struct wish_match behind;
    size_t next = 0;
    if (r->run == r->at)
        return true;
    if (m->mark->means != MEANS_VERSE && m->mark->means != MEANS_ANSWER)
        return false;
    return !is_han(wish_text_cp(r->text, m->to, &next)) ||
           (patterns_find(r->patterns, r->text, m->to, &behind) && behind.mark->means != MEANS_WORD);
}

/* 和 between two words; at the beginning or the end of one it is a part of it: 和平. */
static bool stands_between(const struct reader *r, const struct wish_match *m)
{
    struct wish_match behind;
    size_t next = 0;
    if (r->run == r->at)
        return !is_han(wish_text_cp(r->text, m->to, &next));
    return is_han(wish_text_cp(r->text, m->to, &next)) &&
           (!patterns_find(r->patterns, r->text, m->to, &behind) || behind.mark->means == MEANS_WORD);
}

static bool is_heard(const struct reader *r, const struct wish_match *m)
{
    enum meaning means = m->mark->means;
    size_t next = 0;
    if (means == MEANS_WORD)
        return false;
    if (means == MEANS_AND)
        return stands_between(r, m);
    if (r->at < r->hidden && means != MEANS_NOTHING && means != MEANS_JOINT)
        return false;
    if (means == MEANS_NUMBER)
        return !is_han(wish_text_cp(r->text, m->from, &next));
    return means == MEANS_JOINT || !is_one_han(r, m) || stands_alone(r, m);
}

/* 《沁园春·雪》 is a form with its title, 《浣溪沙》 a form. */
static bool take_quoted_form(struct reader *r, const struct wish_quote *q)
{
    struct wish_match m;
    if (!q->title || r->at < r->hidden || !patterns_find(r->patterns, r->text, q->from, &m) || m.mark->means != MEANS_FORM)
        return false;
    size_t dot = dot_at(r->text, m.to);
    if (m.to != q->to && dot == 0)
        return false;
    if (dot > 0)
        keep(&r->found->title, wish_text_piece(r->text, m.to + dot, q->to));
    take_form(r, &m);
    return true;
}

static void keep_quote(struct reader *r, const struct wish_quote *q)
{
    struct wish_findings *f = r->found;
    struct wish_piece piece = wish_text_piece(r->text, q->from, q->to);
    if (piece.said.len == 0 || f->quote_count == WISH_WORDS_MAX)
        return;
    f->titles[f->quote_count] = q->title;
    f->quotes[f->quote_count++] = piece;
}

/* A quotation is what a mark behind it says, part of a theme, or as yet nothing in particular. */
static void take_quote(struct reader *r, const struct wish_quote *q)
{
    struct wish_match m;
    close_run(r);
    if (r->at >= r->hidden && patterns_find_quoted(r->patterns, r->text, r->at, q, &m)) {
        takers[m.mark->means](r, &m);
    } else {
        if (r->at < r->hidden)
            add_theme(r, q->from, q->to);
        else if (!take_quoted_form(r, q))
            keep_quote(r, q);
        r->at = q->end;
    }
    r->run = r->at;
}

static void take_match(struct reader *r, struct wish_match *m)
{
    close_run(r);
    r->at = m->to;
    takers[m->mark->means](r, m);
    r->run = r->at;
}

static void read_until(struct reader *r, size_t end)
{
    struct wish_quote q;
    struct wish_match m;
    while (r->at < end) {
        if (wish_text_quote(r->text, r->at, &q))
            take_quote(r, &q);
        else if (!patterns_find(r->patterns, r->text, r->at, &m))
            pass(r);
        else if (is_heard(r, &m))
            take_match(r, &m);
        else
            pass_match(r, &m);
    }
    close_run(r);
}

void wish_scan(struct wish_findings *f, const struct wish_text *t, const struct patterns *p)
{
    struct reader r = {.found = f, .text = t, .patterns = p, .number = 1};
    memset(f, 0, sizeof *f);
    f->han = wish_count_han((struct span){t->said, t->len});
    f->words = wish_count_words((struct span){t->said, t->len});
    read_until(&r, t->len);
}
