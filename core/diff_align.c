#include "core/diff.h"

#include "core/lcs.h"
#include "core/mem.h"
#include "core/tokens.h"

#include <stdlib.h>
#include <string.h>

/* Lines from this likeness on belong together. Stretches of lines that would cost more than WORK steps are not looked at that closely. */
#define ALIKE 0.34
enum { WORK = 4000000, CELLS = 250000 };

/* A line's words and characters that carry weight, sorted by number. */
struct line {
    struct token *tokens;
    size_t count;
    int weight;
};

struct text {
    uint32_t *ids; /* of whole lines; equal but for white space at their ends: the same */
    struct line *lines;
    int count, cap;
    struct tokens tokens;
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

static void close_line(struct line *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        int weight = token_weight(&l->tokens[i]);
        l->weight += weight;
        if (weight)
            l->tokens[kept++] = l->tokens[i];
    }
    l->count = kept;
    if (kept)
        qsort(l->tokens, kept, sizeof *l->tokens, compare_tokens);
}

static void text_read(struct text *t, struct span text, struct vocabulary *lines, struct vocabulary *words)
{
    struct span rest = text, line;
    while (span_line(&rest, &line)) {
        ARRAY_ROOM(t->ids, t->count, t->cap);
        t->ids[t->count++] = vocabulary_id(lines, span_trim(line));
    }
    t->lines = mem_new((size_t)t->count + 1, sizeof *t->lines);
    tokens_read(&t->tokens, text, words);
    size_t at = 0;
    for (int i = 0; i < t->count; i++) {
        size_t from = at;
        while (at < t->tokens.count && t->tokens.items[at].kind != TOKEN_BREAK)
            at++;
        t->lines[i] = (struct line){t->tokens.items + from, at - from, 0};
        close_line(&t->lines[i]);
        at++;
    }
}

static void text_release(struct text *t)
{
    free(t->ids);
    free(t->lines);
    tokens_release(&t->tokens);
}

static double line_likeness(const struct line *a, const struct line *b)
{
    int common = 0;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->tokens[i].id == b->tokens[j].id) {
            common += 2 * token_weight(&a->tokens[i++]);
            j++;
        } else if (a->tokens[i].id < b->tokens[j].id) {
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
    for (int i = g.a; i < g.a_end; i++)
        work += columns * (int64_t)(a->lines[i].count + 1);
    for (int j = g.b; j < g.b_end; j++)
        work += rows * (int64_t)(b->lines[j].count + 1);
    return rows > 0 && columns > 0 && rows * columns <= CELLS && work <= WORK;
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
static int32_t *match_lines(const struct text *a, const struct text *b)
{
    int32_t *match = mem_new((size_t)a->count + 1, sizeof *match);
    (void)lcs_match(a->ids, (size_t)a->count, b->ids, (size_t)b->count, LCS_BUDGET / 8, match);
    for (int from = 0, b_from = 0; from <= a->count;) {
        int to = from;
        while (to < a->count && match[to] < 0)
            to++;
        int b_to = to < a->count ? match[to] : b->count;
        struct gap g = {from, to, b_from, b_to};
        if (worth_it(a, b, g))
            match_alike(a, b, g, match);
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
        text_read(&read[t], texts[t], &lines, &words);
    for (int i = 0; i < read[0].count; i++)
        add_row(out)->line[0] = i;
    for (int t = 1; t < count; t++) {
        int32_t *match = match_lines(&read[0], &read[t]);
        lay_along(out, t, read[t].count, match);
        free(match);
    }
    for (int t = 0; t < count; t++)
        text_release(&read[t]);
    vocabulary_release(&lines);
    vocabulary_release(&words);
}
