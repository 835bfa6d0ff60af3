#include "core/mem.h"
#include "core/utf8.h"
#include "muse/lesson_text.h"
#include "muse/pronounce.h"

#include <stdlib.h>
#include <string.h>

#define DOCUMENT_TOKENS 230 /* of one document; a longer poem goes on in the next, marked <cont> */
#define TITLE_TOKENS    12
#define LINES_LOOKED_AT 16
#define PROSE_LINE      90  /* bytes: longer lines are no verse */

/* English documents: `<bos> <verse> metre <rhymed|blank> [<cont>] [<t> title] <sep> body <eos>`, or `<prose>` for what has long lines. */

struct poem {
    const struct vocab *v;
    const struct pack *pack;
    int body[DOCUMENT_MAX];
    int count;
    struct str text;    /* what the body was made of, to tell its metre from */
    struct str title;
    bool goes_on;       /* it is a later part of a long poem */
};

/* -- what kind it is ----------------------------------------------------------------------------------------------------------------------------- */

struct line_look {
    int syllables;
    struct pronunciation end;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'';
}

static bool next_word(struct span line, size_t *at, struct span *word)
{
    while (*at < line.len && !is_letter(line.s[*at]))
        ++*at;
    size_t from = *at;
    while (*at < line.len && is_letter(line.s[*at]))
        ++*at;
    *word = span_cut(line, from, *at);
    return *at > from;
}

static void look_at(struct span line, struct line_look *out)
{
    struct pronunciation ways[PRONOUNCE_WAYS];
    struct span word;
    *out = (struct line_look){.syllables = 0};
    for (size_t at = 0; next_word(line, &at, &word);)
        if (pronounce(word, ways)) {
            out->syllables += ways[0].syllables;
            out->end = ways[0];
        }
}

static const char *metre_of(const struct line_look *lines, int count)
{
    int sum = 0, even = 0, odd = 0;
    for (int i = 0; i < count; i++) {
        sum += lines[i].syllables;
        *(i % 2 ? &odd : &even) += lines[i].syllables;
    }
    double mean = count ? (double)sum / count : 0, first = 2.0 * even / (count + count % 2), second = count > 1 ? 2.0 * odd / (count - count % 2) : 0;
    if (first > 7.3 && first < 8.7 && second > 5.3 && second < 6.7)
        return "<ballad>";
    return mean > 7.4 && mean < 8.6 ? "<tetra>" : mean > 9.3 && mean < 10.8 ? "<penta>" : NULL;
}

/* True when most lines rhyme with one of the three before or after. */
static bool is_rhymed(const struct line_look *lines, int count)
{
    int rhymed = 0;
    for (int i = 0; i < count; i++)
        for (int j = i - 3; j <= i + 3; j++)
            if (j >= 0 && j < count && j != i && pronounce_rhyme(&lines[i].end, &lines[j].end) == RHYME_FULL) {
                rhymed++;
                break;
            }
    return rhymed * 2 > count;
}

static bool is_prose(struct span text)
{
    struct span line;
    size_t lines = 0, bytes = text.len;
    while (span_line(&text, &line))
        lines += span_trim(line).len > 0;
    return lines && bytes / lines > PROSE_LINE;
}

static void add_tags(struct document *d, const struct poem *p)
{
    struct line_look looks[LINES_LOOKED_AT];
    struct span rest = str_span(&p->text), line;
    int count = 0;
    if (is_prose(rest)) {
        document_add(d, vocab_find(p->v, SPAN("<prose>")));
        return;
    }
    while (count < LINES_LOOKED_AT && span_line(&rest, &line))
        if (span_trim(line).len)
            look_at(line, &looks[count++]);
    const char *metre = metre_of(looks, count);
    document_add(d, vocab_find(p->v, SPAN("<verse>")));
    if (metre)
        document_add(d, vocab_find(p->v, span_of(metre)));
    document_add(d, vocab_find(p->v, is_rhymed(looks, count) ? SPAN("<rhymed>") : SPAN("<blank>")));
    if (p->goes_on)
        document_add(d, vocab_find(p->v, SPAN("<cont>")));
}

/* -- documents ------------------------------------------------------------------------------------------------------------------------------------ */

static void finish(struct poem *p, struct lesson *l, struct intake *in, bool goes_on)
{
    struct document d;
    int title[TITLE_TOKENS], count = 0;
    document_begin(&d);
    add_tags(&d, p);
    if (p->title.len) {
        (void)vocab_encode(p->v, str_span(&p->title), title, &count, TITLE_TOKENS);
        document_add(&d, vocab_find(p->v, SPAN("<t>")));
        for (int i = 0; i < count; i++)
            document_add(&d, title[i]);
    }
    document_add(&d, TOKEN_SEP);
    for (int i = 0; i < p->count; i++)
        document_add(&d, p->body[i]);
    document_end(&d, l, in, p->pack);
    p->count = 0;
    p->goes_on = goes_on;
    str_clear(&p->text);
}

/* Adds lines to the body after a break; a body that is full goes on in another document. */
static void add_lines(struct poem *p, struct span text, const char *pause, struct lesson *l, struct intake *in)
{
    struct span line;
    int tokens[DOCUMENT_MAX], gap = vocab_find(p->v, span_of(pause));
    for (; span_line(&text, &line); gap = vocab_find(p->v, SPAN("<nl>"))) {
        int count = 0;
        (void)vocab_encode(p->v, span_trim(line), tokens, &count, DOCUMENT_TOKENS);
        if (p->count && p->count + count + 1 > DOCUMENT_TOKENS)
            finish(p, l, in, true);
        if (p->count)
            p->body[p->count++] = gap;
        memcpy(p->body + p->count, tokens, (size_t)count * sizeof *tokens);
        p->count += count;
        str_add(&p->text, line);
        str_add_byte(&p->text, '\n');
    }
}

static bool is_english(struct span text)
{
    int64_t letters = 0, han = 0;
    int32_t cp = 0;
    for (size_t i = 0; i < text.len;) {
        i += (size_t)utf8_decode(span_cut(text, i, text.len), &cp);
        letters += cp_between(cp, 'a', 'z') || cp_between(cp, 'A', 'Z');
        han += cp_between(cp, 0x3400, 0x9FFF);
    }
    return letters > 3 * han;
}

void lesson_add_en(struct lesson *l, struct intake *in, const struct pack *pack, const struct vocab *v, struct span text)
{
    struct poem *p = mem_new(1, sizeof *p);
    struct stanza st;
    p->v = v;
    p->pack = pack;
    while (stanza_next(&text, &st)) {
        if (!is_english(st.text)) {
            in->left_out++;
            continue;
        }
        if (st.gap > 1 || st.heading)
            finish(p, l, in, false);
        if (st.heading)
            str_set(&p->title, heading_text(st.text));
        else
            add_lines(p, st.text, "<par>", l, in);
        if (st.gap > 1 && !st.heading)
            str_clear(&p->title);
    }
    finish(p, l, in, false);
    str_release(&p->text);
    str_release(&p->title);
    free(p);
}
