#include "core/mem.h"
#include "storage/search_parts.h"
#include "storage/text_index.h"

#include <stdlib.h>
#include <string.h>

#define PASSAGE_WALK_MAX 500
#define OWN_TEXT "trashed_at IS NULL AND author <> 'prompt' AND text <> ''"


/* -- questions ------------------------------------------------------------------------------------------------------- */

static bool filters_fit_passages(const struct query *q)
{
    for (int i = 0; i < q->filter_count; i++) {
        enum filter_kind kind = q->filters[i].kind;
        if (kind != FILTER_PROJECT && kind != FILTER_BEFORE && kind != FILTER_AFTER && kind != FILTER_TRASH)
            return false;
    }
    return true;
}

/* One volume of passages. */
static void plan_passages(struct plan *plan, const struct query *q)
{
    search_plan_add(plan, "SELECT a.piece, a.changed_at, p.title, j.name, a.text, 0 FROM passage_words w "
                   "CROSS JOIN passages a ON a.id = w.rowid "
                   "JOIN pieces p ON p.id = a.piece JOIN projects j ON j.id = p.project WHERE w.words MATCH ?",
             as_name(""));
    str_add_text(&plan->sql, " AND a.trashed_at IS NULL AND p.trashed_at IS NULL");
    search_plan_page_filters(plan, q, "a.changed_at");
    str_add_text(&plan->sql, " ORDER BY w.rowid DESC");
}

/* Pieces that no generation would show, from the one changed last on. They have an index of their own. */
static void plan_pieces(struct plan *plan, const struct query *q)
{
    str_add_text(&plan->sql,
                 "SELECT p.id, p.changed_at, p.title, j.name, '', 0 FROM pieces p CROSS JOIN projects j ON j.id = p.project "
                 "WHERE p.trashed_at IS NULL AND p.generations = 0 AND "
                 "EXISTS (SELECT 1 FROM passages WHERE piece = p.id AND " OWN_TEXT ")");
    search_plan_page_filters(plan, q, "p.changed_at");
    str_add_text(&plan->sql, " ORDER BY p.changed_at DESC, p.id DESC");
}

/* Passages and pieces in the trash, each by its own index. */
static void plan_trash(struct plan *plan, const struct query *q)
{
    str_add_text(&plan->sql,
                 "SELECT a.piece, a.trashed_at, p.title, j.name, coalesce(a.text, (SELECT text FROM takes WHERE id = a.take)), a.id "
                 "FROM passages a JOIN pieces p ON p.id = a.piece JOIN projects j ON j.id = p.project "
                 "WHERE a.trashed_at IS NOT NULL AND p.trashed_at IS NULL");
    search_plan_page_filters(plan, q, "a.changed_at");
    str_add_text(&plan->sql, " UNION ALL SELECT p.id, p.trashed_at, p.title, j.name, '', 0 FROM pieces p "
                             "JOIN projects j ON j.id = p.project WHERE p.trashed_at IS NOT NULL");
    search_plan_page_filters(plan, q, "p.changed_at");
    str_add_text(&plan->sql, " ORDER BY 2 DESC, 6 DESC, 1 DESC");
}

/* -- what is found ---------------------------------------------------------------------------------------------------- */

/* As a title the piece's own or its first line; as text the match, else the line that follows the title. */
static void show_passage(sqlite3_stmt *row, struct span first, struct span text, const struct query *q, struct hit *h)
{
    ptrdiff_t match = hit_find_word(q, text);
    struct span title = span_trim(column_text(row, 2)), rest = first.len ? first : text;
    h->piece = column_int(row, 0);
    h->passage = column_int(row, 5);
    h->sent_ms = column_int(row, 1);
    h->state = TAKE_DONE;
    str_set(&h->prompt, title.len ? hit_line_at(title, 0) : hit_take_line(&rest));
    str_set(&h->text, match >= 0 ? hit_line_at(text, (size_t)match) : hit_take_line(&rest));
    str_set(&h->project, column_text(row, 3));
}

/* One hit per piece, so that a long piece does not fill the page; in the trash each passage counts. */
static bool has_piece(const struct page_walk *w, int64_t piece)
{
    for (int i = 0; i < w->count && !query_filter(w->q, FILTER_TRASH); i++)
        if (w->hits[i].piece == piece)
            return true;
    return false;
}

/* The index was asked for words already, but not of what lies in the trash or has only a title. */
static bool holds_words(const struct page_walk *w, struct span text, struct span title, struct span first)
{
    bool letters = query_filter(w->q, FILTER_TRASH) != NULL, holds = true;
    for (int i = 0; holds && i < w->q->word_count; i++)
        holds = letters ? text_index_find(w->q->words[i], text) >= 0 || text_index_find(w->q->words[i], title) >= 0 ||
                              text_index_find(w->q->words[i], first) >= 0
                        : text_index_exact(w->q->words[i], text);
    return holds;
}

static bool take_row(struct page_walk *w, struct str *text, struct str *first, struct err *e)
{
    int64_t piece = column_int(w->rows, 0);
    bool found = false;
    if (has_piece(w, piece))
        return true;
    str_set(text, column_text(w->rows, 4));
    str_clear(first);
    if (!db_text(&w->s->db, "SELECT text FROM passages WHERE piece = ? AND " OWN_TEXT " ORDER BY id LIMIT 1",
                 WITH(as_int(piece)), first, &found, e))
        return false;
    if (holds_words(w, str_span(text), column_text(w->rows, 2), str_span(first))) {
        bool passage = column_int(w->rows, 5) != 0; /* in the trash it shows itself, not its piece */
        ARRAY_ROOM(w->hits, w->count, w->cap);
        w->hits[w->count] = (struct hit){0};
        show_passage(w->rows, passage ? SPAN("") : str_span(first), str_span(text), w->q, &w->hits[w->count++]);
    }
    return true;
}

static bool take_rows(struct page_walk *w, struct err *e)
{
    struct str text = {0}, first = {0};
    bool ok = true;
    int code = SQLITE_ROW;
    while (ok && w->count < w->room && w->walked < PASSAGE_WALK_MAX && (code = sqlite3_step(w->rows)) == SQLITE_ROW) {
        w->walked++;
        ok = take_row(w, &text, &first, e);
    }
    if (ok && code != SQLITE_ROW && code != SQLITE_DONE)
        ok = db_fail(&w->s->db, e);
    sqlite3_reset(w->rows);
    str_release(&text);
    str_release(&first);
    return ok;
}

/* -- the walk --------------------------------------------------------------------------------------------------------- */

bool page_walk_open(struct page_walk *w, struct store *s, const struct query *q, int room, struct err *e)
{
    bool trash = query_filter(q, FILTER_TRASH) != NULL;
    int64_t newest = 0;
    *w = (struct page_walk){.s = s, .q = q, .room = room, .volume = VOLUME_NONE};
    search_plan_match(&w->match, q, 0);
    bool words = !trash && q->word_count > 0;
    w->over = !filters_fit_passages(q) || (words && !w->match.len);
    if (w->over)
        return true;
    if (trash)
        plan_trash(&w->plan, q);
    else
        (words ? plan_passages : plan_pieces)(&w->plan, q);
    w->rows = db_ask_once(&s->db, str_text(&w->plan.sql), w->plan.values, e);
    if (!words)
        str_clear(&w->match);
    if (words && !db_integer(&s->db, "SELECT max(id) FROM passages", WITH_NOTHING, &newest, e))
        return false;
    if (words)
        w->volume = index_volume(s, true, newest);
    return w->rows != NULL;
}

bool page_walk_step(struct page_walk *w, struct err *e)
{
    if (w->over)
        return true;
    if (w->match.len) {
        search_plan_match(&w->match, w->q, w->volume);
        sqlite3_bind_text64(w->rows, 1, w->match.s, w->match.len, SQLITE_STATIC, SQLITE_UTF8);
    }
    bool ok = take_rows(w, e);
    bool more = w->match.len && w->volume > VOLUME_NONE && w->count < w->room && w->walked < PASSAGE_WALK_MAX;
    if (more && w->volume == index_volume(w->s, true, w->s->unsplit_passages + 1))
        w->volume = VOLUME_NONE; /* below lie only rows that were indexed before there were volumes */
    else if (more)
        w->volume--;
    w->over = !ok || !more;
    return ok;
}

void page_walk_close(struct page_walk *w)
{
    sqlite3_finalize(w->rows);
    search_plan_release(&w->plan);
    str_release(&w->match);
    for (int i = 0; i < w->count; i++)
        hit_release(&w->hits[i]);
    free(w->hits);
    *w = (struct page_walk){0};
}
