#include "storage/walk.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/text_index.h"
#include "storage/walk_parts.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW       1024
#define LETTERS_MAX  20000 /* generations that are read letter by letter, for words the index does not know */
#define TRASH_PAGES  500

struct walk_limits walk_limits = {.gather = 6000, .list = 8000, .project = 3000};

/* -- statements that keep what is bound ---------------------------------------------------------------------------- */

int walk_step_row(struct walk *w, sqlite3_stmt *q, struct err *e)
{
    int code = sqlite3_step(q);
    if (code == SQLITE_ROW)
        return 1;
    if (code != SQLITE_DONE)
        db_fail(&w->s->db, e);
    sqlite3_reset(q);
    return code == SQLITE_DONE ? 0 : -1;
}

static void plan_conditions(struct plan *plan, const struct query *q)
{
    str_add_text(&plan->sql, query_filter(q, FILTER_TRASH) ? " AND g.trashed_at IS NOT NULL"
                                                           : " AND g.trashed_at IS NULL AND p.trashed_at IS NULL");
    for (int i = 0; i < q->filter_count; i++)
        search_plan_filter(plan, &q->filters[i]);
}

static bool prepare(struct walk *w, sqlite3_stmt **out, const struct plan *plan, struct err *e)
{
    *out = db_ask_once(&w->s->db, str_text(&plan->sql), plan->values, e);
    return *out != NULL;
}

static bool prepare_check(struct walk *w, struct err *e)
{
    search_plan_add(&w->check_plan, "SELECT " HIT_COLUMNS " FROM generations g" HIT_JOINS "WHERE g.id = ?1", as_int(0));
    plan_conditions(&w->check_plan, &w->q);
    return prepare(w, &w->check, &w->check_plan, e);
}

static bool prepare_window(struct walk *w, struct err *e)
{
    search_plan_add(&w->rows_plan, "SELECT " HIT_COLUMNS " FROM generations g" HIT_JOINS "WHERE g.id BETWEEN ?1", as_int(0));
    search_plan_add(&w->rows_plan, " AND ?2", as_int(0));
    plan_conditions(&w->rows_plan, &w->q);
    str_add_text(&w->rows_plan.sql, " ORDER BY g.id DESC");
    return prepare(w, &w->rows, &w->rows_plan, e);
}

static bool prepare_words(struct walk *w, struct err *e)
{
    struct db *d = &w->s->db;
    w->rows = db_ask_once(d,
                          "SELECT rowid FROM generation_words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 "
                          "ORDER BY rowid DESC",
                          WITH(as_name(""), as_int(0), as_int(0)), e);
    return w->rows != NULL;
}

static bool prepare_holds(struct walk *w, struct err *e)
{
    w->holds = db_ask_once(&w->s->db, "SELECT 1 FROM generation_words WHERE words MATCH ?1 AND rowid = ?2",
                           WITH(as_name(""), as_int(0)), e);
    return w->holds != NULL;
}

static void bind_match(struct walk *w, sqlite3_stmt *q, int volume)
{
    if (volume != w->match_volume)
        search_plan_match(&w->match, &w->q, volume);
    w->match_volume = volume;
    sqlite3_bind_text64(q, 1, str_text(&w->match), w->match.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

sqlite3_stmt *walk_check(struct walk *w, int64_t id, bool *ok, struct err *e)
{
    sqlite3_reset(w->check);
    sqlite3_bind_int64(w->check, 1, id);
    int row = walk_step_row(w, w->check, e);
    *ok = row >= 0;
    return row > 0 ? w->check : NULL;
}

bool walk_holds_words(struct walk *w, int64_t id, bool *holds, struct err *e)
{
    *holds = true;
    if (!w->words)
        return true;
    if (!w->holds && !prepare_holds(w, e))
        return false;
    bind_match(w, w->holds, index_volume(w->s, false, id));
    sqlite3_bind_int64(w->holds, 2, id);
    int row = walk_step_row(w, w->holds, e);
    sqlite3_reset(w->holds);
    *holds = row > 0;
    return row >= 0;
}

/* -- opening: stretches of generations, newest first ------------------------------------------------------------------- */

static void add_segment(struct walk *w, int64_t low, int64_t high, int volume, int *cap)
{
    if (low > high)
        return;
    ARRAY_ROOM(w->segments, w->segment_count, *cap);
    w->segments[w->segment_count++] = (struct segment){low, high, volume};
}

static bool in_time(const struct query *q, int64_t first, int64_t last)
{
    for (int i = 0; i < q->filter_count; i++)
        if ((q->filters[i].kind == FILTER_BEFORE && first >= q->filters[i].time_ms) ||
            (q->filters[i].kind == FILTER_AFTER && last < q->filters[i].time_ms))
            return false;
    return true;
}

static bool find_segments(struct walk *w, struct err *e)
{
    int64_t top = INT64_MAX, unsplit = w->s->unsplit_generations;
    int row, cap = 0;
    if (w->before > 0 && w->q.sort == SORT_TIME)
        top = w->before - 1;
    sqlite3_stmt *q = db_ask(&w->s->db, "SELECT id, first_at, last_at FROM volumes ORDER BY id DESC", WITH_NOTHING, e);
    while ((row = db_step(&w->s->db, q, e)) > 0) {
        int64_t low = column_int(q, 0) << INDEX_GENERATION_BITS, high = low + (1 << INDEX_GENERATION_BITS) - 1;
        high = high > top ? top : high;
        if (!in_time(&w->q, column_int(q, 1), column_int(q, 2)))
            continue;
        add_segment(w, low > unsplit ? low : unsplit + 1, high, index_volume(w->s, false, high), &cap);
        add_segment(w, low, high > unsplit ? unsplit : high, VOLUME_NONE, &cap);
    }
    w->segment = 0;
    w->below = w->segment_count ? w->segments[0].high + 1 : 0;
    return row == 0 && db_integer(&w->s->db, "SELECT max(id) FROM generations", WITH_NOTHING, &w->newest, e);
}

/* -- opening: a filter that few fit -------------------------------------------------------------------------------------- */

static void list_add(struct walk *w, int64_t id)
{
    ARRAY_ROOM(w->list, w->list_count, w->list_cap);
    w->list[w->list_count++] = (struct place){.id = id};
}

/* Reads the ids that the filter lets through; false in `*few` when they are too many. */
static bool read_list(struct walk *w, const struct filter *f, bool *few, struct err *e)
{
    struct plan plan = {0};
    int max = f->kind == FILTER_PROJECT ? walk_limits.project : walk_limits.list, row = 0;
    *few = false;
    w->list_count = 0;
    if (!search_plan_list(&plan, f)) {
        search_plan_release(&plan);
        return true;
    }
    str_printf(&plan.sql, " LIMIT %d", max + 1);
    sqlite3_stmt *q = db_ask_once(&w->s->db, str_text(&plan.sql), plan.values, e);
    while (q && (row = db_step(&w->s->db, q, e)) > 0)
        list_add(w, column_int(q, 0));
    *few = q && w->list_count <= max;
    bool ok = q && row == 0;
    sqlite3_finalize(q);
    search_plan_release(&plan);
    return ok;
}

static int newest_first(const void *a, const void *b)
{
    int64_t x = ((const struct place *)a)->id, y = ((const struct place *)b)->id;
    return (x < y) - (x > y);
}

/* Newest first, each once. */
static void sort_list(struct walk *w)
{
    int kept = 0;
    if (w->list_count)
        qsort(w->list, (size_t)w->list_count, sizeof *w->list, newest_first);
    for (int i = 0; i < w->list_count; i++)
        if (i == 0 || w->list[i].id != w->list[kept - 1].id)
            w->list[kept++] = w->list[i];
    w->list_count = kept;
}

static bool choose_list(struct walk *w, struct err *e)
{
    bool few = false, ok = true;
    for (int i = 0; ok && !few && i < w->q.filter_count; i++)
        ok = read_list(w, &w->q.filters[i], &few, e);
    if (!few) {
        w->list_count = 0;
        return ok;
    }
    sort_list(w);
    w->source = DRIVE_LIST;
    while (w->q.sort == SORT_TIME && w->before > 0 && w->list_at < w->list_count && w->list[w->list_at].id >= w->before)
        w->list_at++;
    return ok;
}

/* -- opening ------------------------------------------------------------------------------------------------------------- */

/* A quarter of the page, and what all generations together would leave free. */
static int room_for_pages(struct walk *w, int first)
{
    if (query_filter(&w->q, FILTER_TRASH))
        return TRASH_PAGES;
    int64_t generations = store_generation_count(w->s);
    int quarter = first / 4;
    return w->before > 0 ? 0 : generations < first - quarter ? first - (int)generations : quarter;
}

static bool choose_source(struct walk *w, struct err *e)
{
    search_plan_match(&w->match, &w->q, 0);
    w->words = w->match.len > 0;
    w->match_volume = 0;
    w->source = w->words ? DRIVE_WORDS : DRIVE_WINDOW;
    w->letters_left = w->q.word_count && !w->words ? LETTERS_MAX : INT64_MAX;
    if (w->q.sort == SORT_BEST && !w->words)
        w->q.sort = SORT_TIME;
    bool ok = find_segments(w, e) && choose_list(w, e) && prepare_check(w, e);
    if (ok && w->source != DRIVE_LIST)
        ok = w->words ? prepare_words(w, e) : prepare_window(w, e);
    w->driver = w->source;
    w->gathering = w->q.sort != SORT_TIME && w->source != DRIVE_WINDOW;
    if (ok && w->q.sort != SORT_TIME && !w->gathering)
        ok = w->q.sort == SORT_BEST || order_begin(w, e);
    return ok;
}

bool walk_open(struct walk **out, struct store *s, struct span query, int64_t before, int first, struct err *e)
{
    struct walk *w = mem_new(1, sizeof *w);
    *out = NULL;
    w->s = s;
    w->before = before;
    w->text = span_copy(query);
    bool ok = query_parse(&w->q, span_of(w->text), e) && db_begin(&s->db, DB_READ, e);
    if (ok) {
        w->first = query_filter(&w->q, FILTER_TRASH) ? 0 : first;
        ok = choose_source(w, e) && page_walk_open(&w->pages, s, &w->q, room_for_pages(w, first), e);
        w->pages.over = w->pages.over || w->pages.room == 0;
        ok = db_end(&s->db, ok, e);
    }
    if (ok)
        *out = w;
    else
        walk_close(w);
    return ok;
}

void walk_close(struct walk *w)
{
    if (!w)
        return;
    sqlite3_finalize(w->check);
    sqlite3_finalize(w->rows);
    sqlite3_finalize(w->holds);
    sqlite3_finalize(w->stream);
    search_plan_release(&w->check_plan);
    search_plan_release(&w->rows_plan);
    page_walk_close(&w->pages);
    texts_release(&w->texts);
    str_release(&w->match);
    for (int i = 0; i < w->list_count; i++)
        free(w->list[i].name);
    free(w->list);
    free(w->at.name);
    free(w->segments);
    free(w->text);
    free(w);
}

/* -- the next candidate ---------------------------------------------------------------------------------------------------- */

/* Goes on with the next stretch; false when there is none. */
static bool next_segment(struct walk *w)
{
    if (++w->segment >= w->segment_count)
        return false;
    w->below = w->segments[w->segment].high + 1;
    return true;
}

/* `*row`: a generation that passes the filters, NULL: none in this portion. False in `*more`: there is no further portion. */
static bool next_of_window(struct walk *w, sqlite3_stmt **row, bool *more, struct err *e)
{
    if (w->segment >= w->segment_count) {
        *more = false;
        return true;
    }
    if (!sqlite3_stmt_busy(w->rows)) {
        int64_t low = w->below - WINDOW, bottom = w->segments[w->segment].low;
        w->window = low > bottom ? low : bottom;
        sqlite3_bind_int64(w->rows, 1, w->window);
        sqlite3_bind_int64(w->rows, 2, w->below - 1);
    }
    int got = walk_step_row(w, w->rows, e);
    if (got > 0) {
        *row = w->rows;
        w->below = column_int(w->rows, 0);
    } else if (got == 0) {
        w->below = w->window;
        if (w->below <= w->segments[w->segment].low)
            *more = next_segment(w);
    }
    return got >= 0;
}

static bool next_of_words(struct walk *w, sqlite3_stmt **row, bool *more, struct err *e)
{
    bool ok = true;
    if (w->segment >= w->segment_count) {
        *more = false;
        return true;
    }
    if (!sqlite3_stmt_busy(w->rows)) {
        bind_match(w, w->rows, w->segments[w->segment].volume);
        sqlite3_bind_int64(w->rows, 2, w->segments[w->segment].low);
        sqlite3_bind_int64(w->rows, 3, w->below - 1);
    }
    int got = walk_step_row(w, w->rows, e);
    if (got > 0) {
        w->below = column_int(w->rows, 0);
        *row = walk_check(w, w->below, &ok, e);
    } else if (got == 0) {
        *more = next_segment(w);
    }
    return ok && got >= 0;
}

/* `held`: what stands in the list was asked for its words already. */
static bool next_of_list(struct walk *w, bool held, sqlite3_stmt **row, bool *more, struct err *e)
{
    bool ok = true, holds = true;
    *more = w->list_at < w->list_count;
    if (!*more)
        return true;
    int64_t id = w->list[w->list_at++].id;
    *row = walk_check(w, id, &ok, e);
    if (ok && *row && !held)
        ok = walk_holds_words(w, id, &holds, e);
    if (!holds)
        *row = NULL;
    return ok;
}

static bool next_of_source(struct walk *w, sqlite3_stmt **row, bool *more, struct err *e)
{
    *row = NULL;
    *more = true;
    bool ok = w->source == DRIVE_WINDOW  ? next_of_window(w, row, more, e)
              : w->source == DRIVE_WORDS ? next_of_words(w, row, more, e)
                                         : next_of_list(w, false, row, more, e);
    w->looked = w->source == DRIVE_LIST ? w->list_at : w->newest - w->below;
    return ok;
}

static void settle(struct walk *w)
{
    sqlite3_reset(w->check);
    if (w->rows)
        sqlite3_reset(w->rows);
}

/* -- hits ------------------------------------------------------------------------------------------------------------------- */

struct page {
    struct hit **hits;
    int *count;
    int cap, wanted;
};

static struct hit *page_add(struct walk *w, struct page *page)
{
    ARRAY_ROOM(*page->hits, *page->count, page->cap);
    page->wanted--;
    w->first -= w->first > 0;
    struct hit *added = &(*page->hits)[(*page->count)++];
    *added = (struct hit){0};
    return added;
}

/* Hands over the writer's pages that are as new as `since`. */
static void give_pages(struct walk *w, int64_t since, struct page *page)
{
    while (page->wanted > 0 && w->pages_given < w->pages.count && w->pages.hits[w->pages_given].sent_ms >= since) {
        struct hit *from = &w->pages.hits[w->pages_given++], *to = page_add(w, page);
        *to = *from;
        *from = (struct hit){0};
    }
}

/* The writer's pages stand among the generations by time. The last of a full first page is a generation, since the next page goes on below
 * it. In another order they come first. False: they filled the page, and the generation must wait. */
static bool make_way(struct walk *w, int64_t sent_ms, struct page *page)
{
    int left = w->pages.count - w->pages_given;
    bool last = w->first > 0 && w->first == left + 1;
    give_pages(w, last || w->q.sort != SORT_TIME ? INT64_MIN : sent_ms, page);
    return page->wanted > 0;
}

static bool in_order(const struct walk *w, int64_t id)
{
    struct place here = {.id = id, .key = w->q.sort == SORT_RATING   ? texts_best_rating(&w->texts)
                                          : w->q.sort == SORT_LENGTH ? texts_longest(&w->texts)
                                                                     : 0};
    return order_fits(w, &here);
}

/* A candidate becomes a hit when it holds the words letter by letter. */
static bool take_candidate(struct walk *w, sqlite3_stmt *row, struct page *page, bool *waits, struct err *e)
{
    *waits = false;
    if (!texts_read(w->s, column_int(row, 0), column_text(row, 3), &w->texts, e))
        return false;
    if (!texts_hold_all(&w->texts, &w->q) || !in_order(w, column_int(row, 0)))
        return true;
    *waits = !make_way(w, column_int(row, 2), page);
    if (!*waits)
        hit_show(row, &w->texts, &w->q, page_add(w, page));
    return true;
}

/* -- a step ------------------------------------------------------------------------------------------------------------------ */

/* One match more for the order, or the end of gathering. */
static bool gather(struct walk *w, struct err *e)
{
    sqlite3_stmt *row = NULL;
    bool more = true, best = w->q.sort == SORT_BEST, full = false;
    if (!next_of_source(w, &row, &more, e) || (row && !order_note(w, row, e)))
        return false;
    full = w->source == DRIVE_WORDS && w->list_count >= (best ? WALK_BEST_MAX : walk_limits.gather);
    if (more && !full)
        return true;
    w->gathering = false;
    settle(w);
    return full && !best ? order_begin(w, e) : order_gathered(w, e);
}

static void step_back(struct walk *w, int64_t id)
{
    if (w->driver == DRIVE_LIST || w->driver == DRIVE_STREAM)
        w->list_at--;
    else
        w->below = id + 1;
    settle(w);
}

static bool serve(struct walk *w, struct page *page, struct err *e)
{
    sqlite3_stmt *row = NULL;
    bool more = true, waits = false, ok = true;
    if (w->driver == DRIVE_STREAM && w->list_at == w->list_count) {
        ok = order_more(w, e);
    } else if (w->driver == w->source && w->driver != DRIVE_LIST) {
        ok = next_of_source(w, &row, &more, e);
    } else {
        bool held = w->driver == DRIVE_LIST && w->q.sort != SORT_TIME;
        ok = next_of_list(w, held, &row, &more, e);
        w->looked++;
    }
    int64_t id = row ? column_int(row, 0) : 0;
    ok = ok && (!row || take_candidate(w, row, page, &waits, e));
    if (ok && waits)
        step_back(w, id);
    w->letters_left -= row != NULL;
    w->over = w->over || !more || w->letters_left <= 0;
    return ok;
}

bool walk_step(struct walk *w, int wanted, int64_t budget_us, struct hit **hits, int *count, struct err *e)
{
    int64_t end = clock_now_us() + budget_us;
    int had = *count;
    struct page page = {hits, count, *count, wanted};
    if (!db_begin(&w->s->db, DB_READ, e))
        return false;
    bool ok = true;
    do {
        if (!w->pages.over)
            ok = page_walk_step(&w->pages, e);
        else if (w->over)
            give_pages(w, INT64_MIN, &page);
        else
            ok = w->gathering ? gather(w, e) : serve(w, &page, e);
    } while (ok && page.wanted > 0 && !walk_over(w) && (budget_us <= 0 || clock_now_us() < end));
    settle(w);
    ok = db_end(&w->s->db, ok, e);
    while (!ok && *count > had)
        hit_release(&(*hits)[--*count]);
    return ok;
}

bool walk_over(const struct walk *w)
{
    return w->over && w->pages.over && w->pages_given == w->pages.count;
}

int64_t walk_looked(const struct walk *w)
{
    return w->looked;
}

/* -- in one go --------------------------------------------------------------------------------------------------------------- */

bool store_search(struct store *s, const struct search *search, struct hit **hits, int *count, struct err *e)
{
    struct walk *w = NULL;
    bool ok = walk_open(&w, s, search->query, search->before, search->limit, e);
    if (ok && search->limit > 0)
        ok = walk_step(w, search->limit, 0, hits, count, e);
    walk_close(w);
    return ok;
}
