#include "core/mem.h"
#include "storage/query.h"
#include "storage/store_parts.h"
#include "storage/text_index.h"

#include <stdlib.h>
#include <string.h>

/* The walk goes from the newest generation back and ends when the page is full: a word that stands everywhere is found
 * at once, where ranking by relevance would have to look at every match first. Words that the index does not know (only
 * punctuation) are looked for letter by letter in the newest generations. */
#define LETTERS_WALK_MAX 2000
#define PASSAGE_WALK_MAX 500
#define LINE_MAX_BYTES   2000
#define VALUES_MAX       (QUERY_FILTERS_MAX + 4)

struct plan {
    struct str sql, match;
    struct value values[VALUES_MAX];
    int value_count;
    struct str patterns[QUERY_FILTERS_MAX];
    int pattern_count;
};

static void plan_release(struct plan *plan)
{
    str_release(&plan->sql);
    str_release(&plan->match);
    for (int i = 0; i < plan->pattern_count; i++)
        str_release(&plan->patterns[i]);
}

static void add(struct plan *plan, const char *sql, struct value value)
{
    CHECK(plan->value_count < VALUES_MAX - 1);
    str_add_text(&plan->sql, sql);
    plan->values[plan->value_count++] = value;
}

/* -- filters as SQL ------------------------------------------------------------------------------------------------ */

/* Part of a text, for LIKE: its own signs lose their meaning. */
static struct value part_of(struct plan *plan, struct span text)
{
    struct str *pattern = &plan->patterns[plan->pattern_count++];
    str_add_byte(pattern, '%');
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("%_\\", text.s[i]) && text.s[i])
            str_add_byte(pattern, '\\');
        str_add_byte(pattern, text.s[i]);
    }
    str_add_byte(pattern, '%');
    return as_text(str_span(pattern));
}

static void add_rating(struct plan *plan, const struct filter *f)
{
    /* Where nothing unrated fits, the index of rated takes knows them all. */
    bool rated = f->compare[0] != '<' && (f->number > 0 || (f->compare[0] == '>' && !f->compare[1] && f->number >= 0));
    str_add_text(&plan->sql, rated ? " AND g.id IN (SELECT generation FROM takes WHERE rating > 0 AND rating "
                                   : " AND EXISTS (SELECT 1 FROM takes t WHERE t.generation = g.id AND t.rating ");
    str_add_text(&plan->sql, f->compare);
    add(plan, " ?)", as_real(f->number));
}

static void add_dial(struct plan *plan, const struct filter *f)
{
    str_printf(&plan->sql, " AND g.\"%s\" %s", dial_table[f->dial].name, f->compare);
    add(plan, " ?", as_real(f->number));
}

static void add_state(struct plan *plan, const struct filter *f)
{
    add(plan,
        f->state == TAKE_DONE ? " AND EXISTS (SELECT 1 FROM takes t WHERE t.generation = g.id AND t.state = ?)"
                              : " AND g.id IN (SELECT generation FROM takes WHERE state <> 'done' AND state = ?)",
        as_name(take_state_name(f->state)));
}

static void add_filter(struct plan *plan, const struct filter *f)
{
    switch (f->kind) {
    case FILTER_PROJECT:
        add(plan, " AND j.name LIKE ? ESCAPE '\\'", part_of(plan, f->text));
        break;
    case FILTER_MODEL:
        add(plan, " AND g.model || ' ' || g.resolved LIKE ? ESCAPE '\\'", part_of(plan, f->text));
        break;
    case FILTER_SERVER:
        add(plan, " AND g.server LIKE ? ESCAPE '\\'", part_of(plan, f->text));
        break;
    case FILTER_TAG:
        add(plan, " AND g.id IN (SELECT generation FROM tags WHERE tag = ?)", as_text(f->text));
        break;
    case FILTER_STATE:
        add_state(plan, f);
        break;
    case FILTER_RATING:
        add_rating(plan, f);
        break;
    case FILTER_DIAL:
        add_dial(plan, f);
        break;
    case FILTER_BEFORE:
        add(plan, " AND g.sent_at < ?", as_int(f->time_ms));
        break;
    case FILTER_AFTER:
        add(plan, " AND g.sent_at >= ?", as_int(f->time_ms));
        break;
    case FILTER_TRASH:
        break;
    }
}

/* -- words --------------------------------------------------------------------------------------------------------- */

/* All words of the query as one expression of the index: quoted phrases side by side, which must all occur. */
static void plan_match(struct plan *plan, const struct query *q)
{
    for (int i = 0; i < q->word_count; i++) {
        if (plan->match.len)
            str_add_byte(&plan->match, ' ');
        if (text_index_phrase(&plan->match, q->words[i]) && q->beginning && i == q->word_count - 1)
            str_add_byte(&plan->match, '*');
    }
}

/* What is compared letter by letter: the prompt and the takes of a candidate. */
struct texts {
    struct str prompt;
    struct take_text {
        int64_t id;
        int rating;
        enum take_state state;
        struct str text;
    } * takes;
    int count, cap;
};

static void texts_release(struct texts *t)
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

static bool read_texts(struct store *s, int64_t generation, struct texts *t, struct err *e)
{
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

static bool holds_all(const struct texts *t, const struct query *q)
{
    for (int i = 0; i < q->word_count; i++)
        if (!holds(t, q->words[i]))
            return false;
    return true;
}

/* -- what a hit shows ---------------------------------------------------------------------------------------------- */

static bool is_middle(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The line around an offset, not more than LINE_MAX_BYTES of it. */
static struct span line_at(struct span text, size_t at)
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
static struct span take_line(struct span *text)
{
    struct span line;
    while (span_line(text, &line))
        if (span_trim(line).len)
            return line_at(line, 0);
    return SPAN("");
}

static struct span first_line(struct span text)
{
    return take_line(&text);
}

/* Where the first of the words that stands in the text stands; -1: none does. */
static ptrdiff_t find_word(const struct query *q, struct span text)
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
        match = find_word(q, str_span(&t->takes[i].text));
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
    str_set(&h->text, match >= 0 ? line_at(text, (size_t)match) : first_line(text));
}

struct page {
    struct hit **hits;
    int *count;
    int cap;  /* of *hits */
    int room; /* hits that still go on this page */
};

static struct hit *page_add(struct page *page)
{
    ARRAY_ROOM(*page->hits, *page->count, page->cap);
    page->room--;
    struct hit *added = &(*page->hits)[(*page->count)++];
    *added = (struct hit){0};
    return added;
}

/* -- generations --------------------------------------------------------------------------------------------------- */

static void plan_generations(struct plan *plan, const struct query *q, int64_t before)
{
    bool words = plan->match.len > 0;
    str_add_text(&plan->sql, "SELECT g.id, g.piece, g.sent_at, g.prompt, g.model, g.resolved, g.server, j.name FROM ");
    str_add_text(&plan->sql,
                 words ? "generation_words w CROSS JOIN generations g ON g.id = w.rowid " : "generations g ");
    str_add_text(&plan->sql, "LEFT JOIN pieces p ON p.id = g.piece LEFT JOIN projects j ON j.id = p.project WHERE ");
    str_add_text(&plan->sql, query_filter(q, FILTER_TRASH)
                                 ? "g.id IN (SELECT id FROM generations WHERE trashed_at IS NOT NULL)"
                                 : "g.trashed_at IS NULL");
    if (words)
        add(plan, " AND w.words MATCH ?", as_text(str_span(&plan->match)));
    if (before > 0)
        add(plan, words ? " AND w.rowid < ?" : " AND g.id < ?", as_int(before));
    for (int i = 0; i < q->filter_count; i++)
        add_filter(plan, &q->filters[i]);
    str_add_text(&plan->sql, words ? " ORDER BY w.rowid DESC" : " ORDER BY g.id DESC");
}

static void show_generation(sqlite3_stmt *row, const struct texts *t, const struct query *q, struct hit *h)
{
    struct span prompt = str_span(&t->prompt), model = column_text(row, 4);
    ptrdiff_t match = find_word(q, prompt);
    h->generation = column_int(row, 0);
    h->piece = column_int(row, 1);
    h->sent_ms = column_int(row, 2);
    str_set(&h->prompt, match >= 0 ? line_at(prompt, (size_t)match) : first_line(prompt));
    str_set(&h->model, model.len ? model : column_text(row, 5));
    str_set(&h->server, column_text(row, 6));
    str_set(&h->project, column_text(row, 7));
    show_take(t, q, h);
}

static bool walk_generations(struct store *s, const struct query *q, sqlite3_stmt *rows, int walk, struct page *page,
                             struct err *e)
{
    struct texts texts = {0};
    bool ok = true;
    int row = 1;
    for (; ok && page->room > 0 && walk > 0 && (row = db_step(&s->db, rows, e)) > 0; walk--) {
        str_set(&texts.prompt, column_text(rows, 3));
        ok = read_texts(s, column_int(rows, 0), &texts, e);
        if (ok && holds_all(&texts, q))
            show_generation(rows, &texts, q, page_add(page));
    }
    texts_release(&texts);
    return ok && row >= 0;
}

static bool search_generations(struct store *s, const struct query *q, int64_t before, struct page *page, struct err *e)
{
    struct plan plan = {0};
    plan_match(&plan, q);
    plan_generations(&plan, q, before);
    bool letters = q->word_count > 0 && plan.match.len == 0;
    sqlite3_stmt *rows = db_ask_once(&s->db, str_text(&plan.sql), plan.values, e);
    bool ok = rows && walk_generations(s, q, rows, letters ? LETTERS_WALK_MAX : INT32_MAX, page, e);
    sqlite3_finalize(rows);
    plan_release(&plan);
    return ok;
}

/* -- the writer's own passages ------------------------------------------------------------------------------------- */

static bool filters_fit_passages(const struct query *q)
{
    for (int i = 0; i < q->filter_count; i++) {
        enum filter_kind kind = q->filters[i].kind;
        if (kind != FILTER_PROJECT && kind != FILTER_BEFORE && kind != FILTER_AFTER && kind != FILTER_TRASH)
            return false;
    }
    return true;
}

/* What narrows the writer's own text: the project, and when it was last changed, which `changed` names. */
static void add_passage_filters(struct plan *plan, const struct query *q, const char *changed)
{
    for (int i = 0; i < q->filter_count; i++) {
        const struct filter *f = &q->filters[i];
        if (f->kind == FILTER_PROJECT) {
            add_filter(plan, f);
        } else if (f->kind != FILTER_TRASH) {
            str_printf(&plan->sql, " AND %s", changed);
            add(plan, f->kind == FILTER_BEFORE ? " < ?" : " >= ?", as_int(f->time_ms));
        }
    }
}

static void plan_passages(struct plan *plan, const struct query *q)
{
    str_add_text(&plan->sql, "SELECT a.piece, a.changed_at, p.title, j.name, a.text FROM passage_words w "
                             "CROSS JOIN passages a ON a.id = w.rowid "
                             "JOIN pieces p ON p.id = a.piece JOIN projects j ON j.id = p.project WHERE ");
    str_add_text(&plan->sql, query_filter(q, FILTER_TRASH) ? "a.trashed_at IS NOT NULL" : "a.trashed_at IS NULL");
    add(plan, " AND w.words MATCH ?", as_text(str_span(&plan->match)));
    add_passage_filters(plan, q, "a.changed_at");
    str_add_text(&plan->sql, " ORDER BY w.rowid DESC");
}

#define OWN_TEXT "trashed_at IS NULL AND author <> 'prompt' AND text <> ''"

/* Pieces that no generation would show, from the one changed last on. They have an index of their own. */
static void plan_pieces(struct plan *plan, const struct query *q)
{
    str_add_text(&plan->sql,
                 "SELECT p.id, p.changed_at, p.title, j.name, '' FROM pieces p CROSS JOIN projects j ON j.id = p.project "
                 "WHERE p.trashed_at IS NULL AND p.generations = 0 AND "
                 "EXISTS (SELECT 1 FROM passages WHERE piece = p.id AND " OWN_TEXT ")");
    add_passage_filters(plan, q, "p.changed_at");
    str_add_text(&plan->sql, " ORDER BY p.changed_at DESC, p.id DESC");
}

/* As a title the piece's own or its first line; as text the match, else the line that follows the title. */
static void show_passage(sqlite3_stmt *row, struct span first, struct span text, const struct query *q, struct hit *h)
{
    ptrdiff_t match = find_word(q, text);
    struct span title = span_trim(column_text(row, 2)), rest = first.len ? first : text;
    h->piece = column_int(row, 0);
    h->sent_ms = column_int(row, 1);
    h->state = TAKE_DONE;
    str_set(&h->prompt, title.len ? line_at(title, 0) : take_line(&rest));
    str_set(&h->text, match >= 0 ? line_at(text, (size_t)match) : take_line(&rest));
    str_set(&h->project, column_text(row, 3));
}

static bool has_piece(const struct page *page, int from, int64_t piece)
{
    for (int i = from; i < *page->count; i++)
        if ((*page->hits)[i].piece == piece)
            return true;
    return false;
}

static bool walk_passages(struct store *s, const struct query *q, sqlite3_stmt *rows, struct page *page, struct err *e)
{
    struct texts texts = {0};
    struct str first = {0};
    bool found = false, ok = true;
    int row = 1, from = *page->count, walk = PASSAGE_WALK_MAX;
    while (ok && page->room > 0 && walk-- > 0 && (row = db_step(&s->db, rows, e)) > 0) {
        int64_t piece = column_int(rows, 0);
        str_set(&texts.prompt, column_text(rows, 4));
        if (has_piece(page, from, piece) || !holds_all(&texts, q))
            continue;
        str_clear(&first);
        ok = db_text(&s->db, "SELECT text FROM passages WHERE piece = ? AND " OWN_TEXT " ORDER BY id LIMIT 1",
                     WITH(as_int(piece)), &first, &found, e);
        if (ok)
            show_passage(rows, str_span(&first), str_span(&texts.prompt), q, page_add(page));
    }
    texts_release(&texts);
    str_release(&first);
    return ok && row >= 0;
}

/* One hit per piece, so that a long piece does not fill the page. Without words: the pieces that have nothing else to
 * be found by. */
static bool search_passages(struct store *s, const struct query *q, struct page *page, struct err *e)
{
    struct plan plan = {0};
    bool ok = true;
    plan_match(&plan, q);
    bool pieces = q->word_count == 0 && !query_filter(q, FILTER_TRASH);
    if ((plan.match.len || pieces) && filters_fit_passages(q)) {
        pieces ? plan_pieces(&plan, q) : plan_passages(&plan, q);
        sqlite3_stmt *rows = db_ask_once(&s->db, str_text(&plan.sql), plan.values, e);
        ok = rows && walk_passages(s, q, rows, page, e);
        sqlite3_finalize(rows);
    }
    plan_release(&plan);
    return ok;
}

/* A quarter of the page, and what all generations together would leave free. */
static int room_for_passages(struct store *s, const struct query *q, int limit)
{
    int64_t generations = query_filter(q, FILTER_TRASH) ? limit : store_generation_count(s);
    int quarter = limit / 4;
    return generations < limit - quarter ? limit - (int)generations : quarter;
}

/* -- both ---------------------------------------------------------------------------------------------------------- */

static void take_back(struct page *page, int count)
{
    while (*page->count > count)
        hit_release(&(*page->hits)[--*page->count]);
}

/* The writer's `pages`, which came first, among the generations by time; each kind keeps its own order. The last of a
 * full page stays a generation, since the next page goes on below it. */
static void merge_by_time(struct hit *hits, int pages, int count, bool full)
{
    if (pages == 0)
        return;
    struct hit *own = mem_new((size_t)pages, sizeof *own);
    memcpy(own, hits, (size_t)pages * sizeof *own);
    int next_own = 0, next = pages, at = 0;
    while (next_own < pages) {
        bool last = full && next == count - 1;
        if (next < count && !last && hits[next].sent_ms > own[next_own].sent_ms)
            hits[at++] = hits[next++];
        else
            hits[at++] = own[next_own++];
    }
    free(own);
}

bool store_search(struct store *s, const struct search *search, struct hit **hits, int *count, struct err *e)
{
    struct query q;
    int had = *count;
    if (!query_parse(&q, search->query, e) || !db_begin(&s->db, DB_READ, e))
        return false;
    struct page page = {.hits = hits, .count = count, .cap = had, .room = room_for_passages(s, &q, search->limit)};
    bool ok = search->before > 0 || search_passages(s, &q, &page, e);
    int pages = *count - had;
    page.room = search->limit - pages;
    ok = ok && search_generations(s, &q, search->before, &page, e);
    ok = db_end(&s->db, ok, e);
    if (ok)
        merge_by_time(*hits + had, pages, *count - had, page.room == 0);
    else
        take_back(&page, had);
    return ok;
}
