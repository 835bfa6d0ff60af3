#include "core/mem.h"
#include "core/utf8.h"
#include "storage/search_parts.h"
#include "storage/text_index.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 2000

void texts_release(struct texts *t)
{
    str_release(&t->prompt);
    for (int i = 0; i < t->cap; i++)
        str_release(&t->takes[i].text);
    free(t->takes);
    memset(t, 0, sizeof *t);
}

static struct take_text *next_text(struct texts *t)
{
    if (t->count == t->cap) {
        int cap = t->cap ? t->cap * 2 : 4;
        t->takes = mem_grow(t->takes, (size_t)cap, sizeof *t->takes);
        memset(t->takes + t->cap, 0, (size_t)(cap - t->cap) * sizeof *t->takes);
        t->cap = cap;
    }
    return &t->takes[t->count++];
}

bool texts_read(struct store *s, int64_t generation, struct span prompt, struct texts *t, struct err *e)
{
    str_set(&t->prompt, prompt);
    sqlite3_stmt *q =
        db_ask(&s->db, "SELECT id, rating, state, text FROM takes WHERE generation = ? ORDER BY number, id",
               WITH(as_int(generation)), e);
    int row;
    t->count = 0;
    while ((row = db_step(&s->db, q, e)) > 0) {
        struct take_text *take = next_text(t);
        take->id = column_int(q, 0);
        take->rating = (int)column_int(q, 1);
        take->state = TAKE_INTERRUPTED;
        (void)take_state_parse(column_text(q, 2), &take->state);
        str_set(&take->text, column_text(q, 3));
    }
    return row == 0;
}

static bool holds(const struct texts *t, struct span word)
{
    bool found = text_index_exact(word, str_span(&t->prompt));
    for (int i = 0; !found && i < t->count; i++)
        found = text_index_exact(word, str_span(&t->takes[i].text));
    return found;
}

bool texts_hold_all(const struct texts *t, const struct query *q)
{
    for (int i = 0; i < q->word_count; i++)
        if (!holds(t, q->words[i]))
            return false;
    return true;
}

int texts_best_rating(const struct texts *t)
{
    int best = 0;
    for (int i = 0; i < t->count; i++)
        best = t->takes[i].rating > best ? t->takes[i].rating : best;
    return best;
}

int64_t texts_longest(const struct texts *t)
{
    int64_t longest = 0;
    for (int i = 0; i < t->count; i++) {
        int64_t length = (int64_t)utf8_length(str_span(&t->takes[i].text));
        longest = length > longest ? length : longest;
    }
    return longest;
}

static int occurrences(struct span word, struct span text)
{
    int count = 0;
    for (ptrdiff_t at; (at = text_index_find(word, text)) >= 0; count++)
        text = span_cut(text, (size_t)at + word.len, text.len);
    return count;
}

/* k1 = 1.2 and b = 0.75 as usual, against a take of 600 bytes; a word in the prompt counts as three in a take. */
static double weight(const struct query *q, struct span prompt, struct span text)
{
    double sum = 0, length = 0.25 + 0.75 * (double)text.len / 600;
    for (int i = 0; i < q->word_count; i++) {
        double n = occurrences(q->words[i], text) + 3 * occurrences(q->words[i], prompt);
        sum += n * 2.2 / (n + 1.2 * length);
    }
    return sum;
}

/* Every candidate holds every word, so the rarity of a word would weigh them all alike and is left out. */
double texts_score(const struct texts *t, const struct query *q)
{
    double best = 0;
    for (int i = 0; i < t->count; i++) {
        double here = weight(q, str_span(&t->prompt), str_span(&t->takes[i].text)) * (1 + 0.05 * t->takes[i].rating);
        best = here > best ? here : best;
    }
    return best;
}

/* -- what a hit shows ---------------------------------------------------------------------------------------------- */

static bool is_middle(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The line around an offset, not more than LINE_MAX_BYTES of it. */
struct span hit_line_at(struct span text, size_t at)
{
    size_t start = at, end = at;
    while (start > 0 && text.s[start - 1] != '\n' && at - start < LINE_MAX_BYTES / 4)
        start--;
    while (start < at && is_middle(text.s[start]))
        start++;
    while (end < text.len && text.s[end] != '\n' && end - start < LINE_MAX_BYTES)
        end++;
    while (end > start && end < text.len && is_middle(text.s[end]))
        end--;
    return span_trim(span_cut(text, start, end));
}

/* The first line with something in it, taken off the front of `text`. */
struct span hit_take_line(struct span *text)
{
    struct span line;
    while (span_line(text, &line))
        if (span_trim(line).len)
            return hit_line_at(line, 0);
    return SPAN("");
}

static struct span first_line(struct span text)
{
    return hit_take_line(&text);
}

/* Where the first of the words that stands in the text stands; -1: none does. */
ptrdiff_t hit_find_word(const struct query *q, struct span text)
{
    ptrdiff_t at = -1;
    for (int i = 0; at < 0 && i < q->word_count; i++)
        at = text_index_find(q->words[i], text);
    return at;
}

/* The take with the match, else the best rated, else the first. */
static void show_take(const struct texts *t, const struct query *q, struct hit *h)
{
    const struct take_text *best = NULL;
    ptrdiff_t match = -1;
    for (int i = 0; match < 0 && i < t->count; i++) {
        match = hit_find_word(q, str_span(&t->takes[i].text));
        if (match >= 0 || !best || t->takes[i].rating > best->rating)
            best = &t->takes[i];
    }
    h->takes = t->count;
    if (!best)
        return;
    struct span text = str_span(&best->text);
    h->take = best->id;
    h->rating = best->rating;
    h->state = best->state;
    str_set(&h->text, match >= 0 ? hit_line_at(text, (size_t)match) : first_line(text));
}

void hit_show(sqlite3_stmt *row, const struct texts *t, const struct query *q, struct hit *h)
{
    struct span prompt = str_span(&t->prompt), model = column_text(row, 4);
    ptrdiff_t match = hit_find_word(q, prompt);
    h->generation = column_int(row, 0);
    h->piece = column_int(row, 1);
    h->sent_ms = column_int(row, 2);
    str_set(&h->prompt, match >= 0 ? hit_line_at(prompt, (size_t)match) : first_line(prompt));
    str_set(&h->model, model.len ? model : column_text(row, 5));
    str_set(&h->server, column_text(row, 6));
    str_set(&h->project, column_text(row, 7));
    show_take(t, q, h);
}

