#include "core/diff.h"

#include "core/lcs.h"
#include "core/mem.h"
#include "core/tokens.h"

#include <stdlib.h>
#include <string.h>

/* Lines from this likeness on belong together. Stretches of lines that would cost more than WORK steps are not looked at that closely. */
#define ALIKE 0.34
enum { WORK = 4000000, CELLS = 250000, BYTES_PER_TOKEN = 3 };

/* A line, and once it was asked for its words and characters that carry weight, sorted by number. */
struct line {
    struct span text;
    struct tokens tokens;
    bool read;
    int weight;
};

struct text {
    uint32_t *ids; /* of whole lines; equal but for white space at their ends: the same */
    struct line *lines;
    int count, cap, id_cap;
};

void diff_rows_release(struct diff_rows *r)
{
    free(r->rows);
    *r = (struct diff_rows){0};
}

/* -- the lines of a text ---------------------------------------------------------------------------------------------------------- */

static int compare_tokens(const void *x, const void *y)
{
    const struct token *p = x, *q = y;
    return (p->id > q->id) - (p->id < q->id);
}

/* Most lines have an equal one and need not be looked into. */
static void line_read(struct line *l, struct vocabulary *words)
{
    size_t kept = 0;
    if (l->read)
        return;
    l->read = true;
    tokens_read(&l->tokens, l->text, words);
    for (size_t i = 0; i < l->tokens.count; i++) {
        int weight = token_weight(&l->tokens.items[i]);
        l->weight += weight;
        if (weight)
            l->tokens.items[kept++] = l->tokens.items[i];
    }
    l->tokens.count = kept;
    if (kept)
        qsort(l->tokens.items, kept, sizeof *l->tokens.items, compare_tokens);
}

static void text_read(struct text *t, struct span text, struct vocabulary *lines)
{
    struct span rest = text, line;
    while (span_line(&rest, &line)) {
        ARRAY_ROOM(t->ids, t->count, t->id_cap);
        ARRAY_ROOM(t->lines, t->count, t->cap);
        t->ids[t->count] = vocabulary_id(lines, span_trim(line));
        t->lines[t->count++] = (struct line){.text = line};
    }
}

static void text_release(struct text *t)
{
    for (int i = 0; i < t->count; i++)
        tokens_release(&t->lines[i].tokens);
    free(t->ids);
    free(t->lines);
}

static double line_likeness(const struct line *a, const struct line *b)
{
    const struct tokens *s = &a->tokens, *t = &b->tokens;
    int common = 0;
    for (size_t i = 0, j = 0; i < s->count && j < t->count;) {
        if (s->items[i].id == t->items[j].id) {
            common += 2 * token_weight(&s->items[i++]);
            j++;
        } else if (s->items[i].id < t->items[j].id) {
            i++;
        } else {
            j++;
        }
    }
    return a->weight + b->weight ? common / (double)(a->weight + b->weight) : 0;
}

/* -- which lines meet ------------------------------------------------------------------------------------------------------------- */

/* Lines [a, a_end) and [b, b_end) that lie between equal ones. */
struct gap {
    int a, a_end, b, b_end;
};

static bool worth_it(const struct text *a, const struct text *b, struct gap g)
{
    int64_t rows = g.a_end - g.a, columns = g.b_end - g.b, work = 0;
    if (rows == 0 || columns == 0 || rows * columns > CELLS)
        return false;
    for (int i = g.a; i < g.a_end; i++)
        work += columns * (int64_t)(a->lines[i].text.len / BYTES_PER_TOKEN + 1);
    for (int j = g.b; j < g.b_end; j++)
        work += rows * (int64_t)(b->lines[j].text.len / BYTES_PER_TOKEN + 1);
    return work <= WORK;
}

static void read_gap(struct text *a, struct text *b, struct gap g, struct vocabulary *words)
{
    for (int i = g.a; i < g.a_end; i++)
        line_read(&a->lines[i], words);
    for (int j = g.b; j < g.b_end; j++)
        line_read(&b->lines[j], words);
}

/* Matches lines that are alike so that the sum of their likeness is greatest (Needleman and Wunsch 1970, gaps for free). */
static void match_alike(const struct text *a, const struct text *b, struct gap g, int32_t *match)
{
    size_t rows = (size_t)(g.a_end - g.a), columns = (size_t)(g.b_end - g.b), width = columns + 1;
    double *like = mem_new(rows * columns, sizeof *like), *best = mem_new((rows + 1) * width, sizeof *best);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            double l = line_likeness(&a->lines[(size_t)g.a + i], &b->lines[(size_t)g.b + j]);
            double above = best[i * width + j + 1], before = best[(i + 1) * width + j];
            double other = above > before ? above : before, both = best[i * width + j] + l;
            like[i * columns + j] = l;
            best[(i + 1) * width + j + 1] = l >= ALIKE && both > other ? both : other;
        }
    }
    for (size_t i = rows, j = columns; i > 0 && j > 0;) {
        double here = best[i * width + j], l = like[(i - 1) * columns + j - 1];
        if (l >= ALIKE && here > best[(i - 1) * width + j] && here > best[i * width + j - 1])
            match[(size_t)g.a + --i] = g.b + (int32_t)--j;
        else if (best[(i - 1) * width + j] >= best[i * width + j - 1])
            i--;
        else
            j--;
    }
    free(like);
    free(best);
}

/* For every line of `a` its line of `b`, -1: none. The caller frees. */
static int32_t *match_lines(struct text *a, struct text *b, struct vocabulary *words)
{
    int32_t *match = mem_new((size_t)a->count + 1, sizeof *match);
    (void)lcs_match(a->ids, (size_t)a->count, b->ids, (size_t)b->count, LCS_BUDGET, match);
    for (int from = 0, b_from = 0; from <= a->count;) {
        int to = from;
        while (to < a->count && match[to] < 0)
            to++;
        int b_to = to < a->count ? match[to] : b->count;
        struct gap g = {from, to, b_from, b_to};
        if (worth_it(a, b, g)) {
            read_gap(a, b, g, words);
            match_alike(a, b, g, match);
        }
        b_from = b_to + 1;
        from = to + 1;
    }
    return match;
}

/* -- rows ------------------------------------------------------------------------------------------------------------------------- */

static struct diff_row *add_row(struct diff_rows *out)
{
    ARRAY_ROOM(out->rows, out->count, out->cap);
    struct diff_row *row = &out->rows[out->count++];
    for (int i = 0; i < DIFF_TEXTS_MAX; i++)
        row->line[i] = -1;
    return row;
}

/* Lays the lines of text `t` along the rows that are there: matched ones where `match` (by lines of the first text) says, the others into
 * the rows between as they come, and what does not fit into rows of its own. */
static void lay_along(struct diff_rows *rows, int t, int count, const int32_t *match)
{
    struct diff_rows out = {0};
    int next = 0;
    for (int from = 0; from <= rows->count;) {
        int to = from;
        while (to < rows->count && (rows->rows[to].line[0] < 0 || match[rows->rows[to].line[0]] < 0))
            to++;
        int limit = to < rows->count ? match[rows->rows[to].line[0]] : count;
        for (int r = from; r < to; r++) {
            *add_row(&out) = rows->rows[r];
            if (next < limit)
                out.rows[out.count - 1].line[t] = next++;
        }
        while (next < limit)
            add_row(&out)->line[t] = next++;
        if (to < rows->count) {
            *add_row(&out) = rows->rows[to];
            out.rows[out.count - 1].line[t] = next++;
        }
        from = to + 1;
    }
    diff_rows_release(rows);
    *rows = out;
}

void diff_align(struct diff_rows *out, const struct span *texts, int count)
{
    CHECK(count >= 1 && count <= DIFF_TEXTS_MAX);
    struct vocabulary lines = {0}, words = {0};
    struct text read[DIFF_TEXTS_MAX] = {0};
    diff_rows_release(out);
    for (int t = 0; t < count; t++)
        text_read(&read[t], texts[t], &lines);
    for (int i = 0; i < read[0].count; i++)
        add_row(out)->line[0] = i;
    for (int t = 1; t < count; t++) {
        int32_t *match = match_lines(&read[0], &read[t], &words);
        lay_along(out, t, read[t].count, match);
        free(match);
    }
    for (int t = 0; t < count; t++)
        text_release(&read[t]);
    vocabulary_release(&lines);
    vocabulary_release(&words);
}
