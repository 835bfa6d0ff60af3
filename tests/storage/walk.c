#include "library.h"
#include "storage/query.h"
#include "storage/store_parts.h"
#include "storage/walk_parts.h"

#include <time.h>

/* Every filter, order and way of paging against a reference that reads the whole library and knows no index. */

#define GENERATIONS 200
#define PAGE        7

static uint64_t dice = 20261125;

static int roll(int sides)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (int)(dice % (uint64_t)sides);
}

static const char *const models[] = {"qwen3-4b", "gemma-3", "muse-zh"}, *const servers[] = {"desk", "attic"},
                         *const projects[] = {"", "letters", "山水"}, *const tags[] = {"诗", "keep", "odd one"},
                         *const english[] = {"autumn", "wind", "river", "the", "winter", "window"}, *const han[] = {"秋", "风", "雨", "夜", "江", "花"};

static void make_text(struct str *out)
{
    for (int i = 0, n = 2 + roll(9); i < n; i++) {
        if (roll(2))
            str_printf(out, "%s%s", out->len ? " " : "", english[roll(6)]);
        else
            for (int k = 1 + roll(3); k > 0; k--)
                str_add_text(out, han[roll(6)]);
        if (roll(6) == 0)
            str_add_text(out, roll(2) ? "，" : "\n");
    }
}

static void add_one(struct store *s, int number)
{
    static const enum take_state states[] = {TAKE_DONE, TAKE_DONE, TAKE_DONE, TAKE_STOPPED, TAKE_FAILED};
    struct piece p;
    piece_init(&p);
    str_set(&p.project_name, span_of(projects[roll(3)]));
    int g = library_ask(&p, -1, "", 1 + roll(3));
    struct generation *what = &p.generations[g];
    make_text(&what->prompt);
    str_set(&what->model, span_of(models[roll(8) ? roll(2) : 2]));
    str_set(&what->resolved, roll(4) ? SPAN("") : SPAN("full-name"));
    str_set(&what->server, span_of(servers[roll(5) == 0]));
    what->sent_ms = 1735689600000 + (int64_t)(number + roll(9)) * 43200000;
    dial_set(&what->dials, DIAL_TEMPERATURE, roll(20) / 10.0);
    must(store_generation_begin(s, &p, g, &e));
    for (int i = 0; i < p.take_count; i++) {
        struct str text = {0};
        make_text(&text);
        library_end(s, &p.takes[i], str_text(&text), states[roll(5)]);
        if (roll(3) == 0)
            must(store_rate(s, p.takes[i].id, 1 + roll(5), &e));
        str_release(&text);
    }
    if (roll(4) == 0)
        must(store_tag(s, what->id, span_of(tags[roll(3)]), true, &e));
    if (roll(9) == 0)
        must(store_trash(s, what->id, true, &e));
    piece_release(&p);
}

/* Ids go on far behind: what follows stands in another volume of the index. */
static void skip_to(struct store *s, int64_t id)
{
    must(db_run(&s->db,
                "INSERT INTO generations(id, uid, sent_at, kind, server, dialect, url, model, resolved, stops, prompt, system) "
                "VALUES(?, 'x', 1735689600000, 0, '', '', '', '', '', '', '', '')",
                WITH(as_int(id)), &e));
    add_one(s, 0);
    must(db_run(&s->db, "DELETE FROM generations WHERE id = ?", WITH(as_int(id)), &e));
}

static struct store *make_library(void)
{
    struct store *s = library_open(NULL);
    s->unsplit_generations = 60; /* as in a library that an older program wrote */
    for (int i = 0; i < GENERATIONS; i++) {
        if (i == 100 || i == 150)
            skip_to(s, (i == 100 ? 1 : 3) * 16384 - 10);
        add_one(s, i);
    }
    return s;
}

/* -- the reference ------------------------------------------------------------------------------------------------------------------------ */

struct row {
    int64_t id, sent_ms;
    struct str prompt, model, resolved, server, project, texts[4];
    char states[4][16];
    int takes, rating, ratings[4];
    int64_t longest;
    double temperature;
    bool trashed;
    struct str tags;
};

static struct row *read_rows(struct store *s, int *count)
{
    struct row *rows = mem_new(GENERATIONS + 10, sizeof *rows);
    sqlite3_stmt *q = db_ask(&s->db,
                             "SELECT g.id, g.sent_at, g.prompt, g.model, g.resolved, g.server, j.name, g.temperature, g.trashed_at IS NOT NULL FROM "
                             "generations g LEFT JOIN pieces p ON p.id = g.piece LEFT JOIN projects j ON j.id = p.project ORDER BY g.id DESC",
                             WITH_NOTHING, NULL);
    *count = 0;
    while (db_step(&s->db, q, NULL) > 0) {
        struct row *r = &rows[(*count)++];
        r->id = column_int(q, 0);
        r->sent_ms = column_int(q, 1);
        str_set(&r->prompt, column_text(q, 2));
        str_set(&r->model, column_text(q, 3));
        str_set(&r->resolved, column_text(q, 4));
        str_set(&r->server, column_text(q, 5));
        str_set(&r->project, column_text(q, 6));
        r->temperature = sqlite3_column_double(q, 7);
        r->trashed = column_int(q, 8) != 0;
    }
    for (int i = 0; i < *count; i++) {
        struct row *r = &rows[i];
        q = db_ask(&s->db, "SELECT text, state, rating, length(text) FROM takes WHERE generation = ?", WITH(as_int(r->id)), NULL);
        while (db_step(&s->db, q, NULL) > 0) {
            int t = r->takes++;
            str_set(&r->texts[t], column_text(q, 0));
            snprintf(r->states[t], sizeof r->states[t], "%.*s", SPAN_ARG(column_text(q, 1)));
            r->ratings[t] = (int)column_int(q, 2);
            r->rating = r->ratings[t] > r->rating ? r->ratings[t] : r->rating;
            r->longest = column_int(q, 3) > r->longest ? column_int(q, 3) : r->longest;
        }
        if (!store_tags(s, r->id, &r->tags))
            fail_msg("no tags");
    }
    return rows;
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool text_holds(struct span text, struct span word, bool beginning)
{
    for (ptrdiff_t at = 0; (at = span_find(text, word, (size_t)at)) >= 0; at++) {
        size_t end = (size_t)at + word.len;
        if (!is_letter(word.s[0]) ||
            ((at == 0 || !is_letter(text.s[at - 1])) && (beginning || end == text.len || !is_letter(text.s[end]))))
            return true;
    }
    return false;
}

static bool row_holds(const struct row *r, struct span word, bool beginning)
{
    bool found = text_holds(str_span(&r->prompt), word, beginning);
    for (int i = 0; !found && i < r->takes; i++)
        found = text_holds(str_span(&r->texts[i]), word, beginning);
    return found;
}

struct wish {
    struct str query;
    const char *words[2], *model, *server, *project, *tag, *state;
    int word_count, stars;
    double above;
    int after, before; /* months of 2025, 0: any */
    bool trash, beginning;
    enum query_sort sort;
};

static int64_t month_ms(int month)
{
    struct tm tm = {.tm_year = 125, .tm_mon = month - 1, .tm_mday = 1, .tm_isdst = -1};
    return (int64_t)mktime(&tm) * 1000;
}

static bool any_take(const struct row *r, const struct wish *w)
{
    bool state = !w->state, stars = !w->stars;
    for (int i = 0; i < r->takes; i++) {
        state = state || strcmp(r->states[i], w->state) == 0;
        stars = stars || r->ratings[i] >= w->stars;
    }
    return state && stars;
}

static bool fits(const struct row *r, const struct wish *w)
{
    struct str tag = {0};
    bool ok = r->trashed == w->trash && any_take(r, w);
    for (int i = 0; ok && i < w->word_count; i++)
        ok = row_holds(r, span_of(w->words[i]), w->beginning && i == w->word_count - 1);
    if (w->tag)
        str_printf(&tag, "%s\n", w->tag);
    ok = ok && (!w->model || span_find(str_span(&r->model), span_of(w->model), 0) >= 0 ||
                span_find(str_span(&r->resolved), span_of(w->model), 0) >= 0);
    ok = ok && (!w->server || span_find(str_span(&r->server), span_of(w->server), 0) >= 0);
    ok = ok && (!w->project || span_find(str_span(&r->project), span_of(w->project), 0) >= 0);
    ok = ok && (!w->tag || span_find(str_span(&r->tags), str_span(&tag), 0) >= 0);
    ok = ok && (w->above < 0 || r->temperature > w->above);
    ok = ok && (!w->after || r->sent_ms >= month_ms(w->after)) && (!w->before || r->sent_ms < month_ms(w->before));
    str_release(&tag);
    return ok;
}

static enum query_sort order;

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = *(const struct row *const *)left, *b = *(const struct row *const *)right;
    int names = order == SORT_MODEL ? strcmp(str_text(&a->model), str_text(&b->model)) : 0;
    if (order == SORT_MODEL && !names)
        names = strcmp(str_text(&a->resolved), str_text(&b->resolved));
    if (names)
        return names;
    int64_t x = order == SORT_RATING ? a->rating : order == SORT_LENGTH ? a->longest : 0,
            y = order == SORT_RATING ? b->rating : order == SORT_LENGTH ? b->longest : 0;
    if (x != y)
        return x < y ? 1 : -1;
    return (a->id < b->id) - (a->id > b->id);
}

static int expected_ids(const struct row *rows, int count, const struct wish *w, int64_t *ids)
{
    const struct row *found[GENERATIONS + 10];
    int n = 0;
    for (int i = 0; i < count; i++)
        if (fits(&rows[i], w))
            found[n++] = &rows[i];
    order = w->sort;
    qsort(found, (size_t)n, sizeof *found, compare_rows);
    for (int i = 0; i < n; i++)
        ids[i] = found[i]->id;
    return n;
}

/* -- wishes ---------------------------------------------------------------------------------------------------------------------------------- */

static void wish_word(struct wish *w)
{
    static const char *const chinese[] = {"秋", "风雨", "雨夜江", "花", "江风"};
    const char *word = roll(2) ? chinese[roll(5)] : english[roll(6)];
    w->words[w->word_count++] = word;
    str_printf(&w->query, "%s ", word);
}

static void wish_filter(struct wish *w)
{
    static const char *const months[] = {"2025-02", "2025-03", "2025-04", "2025-05"};
    int month = roll(4);
    switch (roll(9)) {
    case 0:
        w->model = roll(3) ? models[roll(3)] : "full";
        str_printf(&w->query, "model:%s ", w->model);
        break;
    case 1:
        w->server = servers[roll(2)];
        str_printf(&w->query, "server:%s ", w->server);
        break;
    case 2:
        w->project = projects[1 + roll(2)];
        str_printf(&w->query, "project:%s ", w->project);
        break;
    case 3:
        w->tag = tags[roll(3)];
        str_printf(&w->query, "tag:\"%s\" ", w->tag);
        break;
    case 4:
        w->state = roll(2) ? "stopped" : "done";
        str_printf(&w->query, "state:%s ", w->state);
        break;
    case 5:
        w->stars = 1 + roll(5);
        str_printf(&w->query, "★>=%d ", w->stars);
        break;
    case 6:
        w->above = roll(18) / 10.0;
        str_printf(&w->query, "temperature>%.1f ", w->above);
        break;
    case 7:
        w->after = month + 2;
        str_printf(&w->query, "after:%s ", months[month]);
        break;
    default:
        w->before = month + 2;
        str_printf(&w->query, "before:%s ", months[month]);
        break;
    }
}

/* The same kind of filter twice would be another wish. */
static void make_wish(struct wish *w)
{
    *w = (struct wish){.above = -1};
    for (int i = roll(3); i > 0; i--)
        wish_word(w);
    for (int i = roll(3); i > 0; i--) {
        struct wish before = *w;
        size_t len = w->query.len;
        wish_filter(w);
        bool twice = (before.model && w->model != before.model) || (before.server && w->server != before.server) ||
                     (before.project && w->project != before.project) || (before.tag && w->tag != before.tag) ||
                     (before.state && w->state != before.state) || (before.stars && w->stars != before.stars) ||
                     (before.above >= 0 && (w->above < before.above || w->above > before.above)) || (before.after && w->after != before.after) ||
                     (before.before && w->before != before.before);
        if (twice) {
            struct str query = w->query;
            str_cut(&query, len);
            *w = before;
            w->query = query;
        }
    }
    w->trash = roll(10) == 0;
    if (w->trash)
        str_add_text(&w->query, "is:trash ");
    w->sort = (enum query_sort)roll(SORT_BEST);
    if (w->sort != SORT_TIME)
        str_printf(&w->query, "sort:%s ", query_sort_name(w->sort));
}

static void compare_ids(const struct wish *w, const char *how, const int64_t *ids, int count, const int64_t *expected, int wanted)
{
    for (int i = 0; i < count || i < wanted; i++)
        if (i >= count || i >= wanted || ids[i] != expected[i])
            fail_msg("“%s” %s: %d of %d found; place %d holds %lld instead of %lld", str_text(&w->query), how, count, wanted, i,
                     i < count ? (long long)ids[i] : 0, i < wanted ? (long long)expected[i] : 0);
}

/* Page by page, each below the last generation of the one before. */
static int by_pages(struct store *s, const struct wish *w, int64_t *ids)
{
    int count = 0, found = PAGE;
    int64_t before = 0;
    while (found == PAGE && count < GENERATIONS + 5) {
        struct hit *hits;
        found = library_find(s, str_text(&w->query), before, PAGE, &hits);
        for (int i = 0; i < found; i++)
            if (hits[i].generation)
                ids[count++] = before = hits[i].generation;
        hits_free(hits, found);
    }
    return count;
}

/* One search that is asked for a few more again and again, with hardly any time to work in. */
static int by_slices(struct store *s, const struct wish *w, int64_t *ids)
{
    struct walk *walk = NULL;
    struct hit *hits = NULL;
    int count = 0, found = 0;
    must(walk_open(&walk, s, str_span(&w->query), 0, 20, &e));
    for (int i = 0; !walk_over(walk) && i < 200000; i++)
        must(walk_step(walk, 3, 1, &hits, &found, &e));
    assert_true(walk_over(walk));
    for (int i = 0; i < found; i++)
        if (hits[i].generation)
            ids[count++] = hits[i].generation;
    walk_close(walk);
    hits_free(hits, found);
    return count;
}

static void every_order_and_filter_pages_like_the_reference(void **state)
{
    (void)state;
    struct store *s = make_library();
    struct walk_limits usual = walk_limits;
    int count = 0, hits = 0;
    struct row *rows = read_rows(s, &count);
    for (int i = 0; i < 400; i++) {
        walk_limits = i % 2 ? usual : (struct walk_limits){.gather = 9, .list = 12, .project = 12};
        int64_t expected[GENERATIONS + 10], ids[GENERATIONS + 10];
        struct wish w;
        make_wish(&w);
        int wanted = expected_ids(rows, count, &w, expected);
        hits += wanted > PAGE;
        compare_ids(&w, "by pages", ids, by_pages(s, &w, ids), expected, wanted);
        compare_ids(&w, "by slices", ids, by_slices(s, &w, ids), expected, wanted);
        str_release(&w.query);
    }
    assert_true(hits > 150); /* or these wishes would try nothing */
    for (int i = 0; i < count; i++) {
        struct row *r = &rows[i];
        struct str *texts[] = {&r->prompt, &r->model, &r->resolved, &r->server, &r->project, &r->tags};
        for (size_t k = 0; k < COUNT_OF(texts); k++)
            str_release(texts[k]);
        for (int k = 0; k < 4; k++)
            str_release(&r->texts[k]);
    }
    free(rows);
    store_close(s);
}

static void the_best_first_holds_every_match_once(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    library_add(s, "x", "wind and rain and wind and wind");
    library_add(s, "wind", "and wind");
    library_add(s, "x", "a long line about something else, and once of the wind, as it were, before it ends at last in more words than needed");
    struct hit *hits;
    int count = library_find(s, "wind sort:best", 0, 10, &hits);
    assert_int_equal(count, 3);
    assert_int_equal(hits[0].generation, 2);
    assert_int_equal(hits[1].generation, 1);
    assert_int_equal(hits[2].generation, 3);
    hits_free(hits, count);
    count = library_find(s, "wind sort:best", 2, 10, &hits); /* what stands below the best */
    assert_int_equal(count, 2);
    assert_int_equal(hits[0].generation, 1);
    hits_free(hits, count);
    store_close(s);
}

static void the_index_is_merged_in_pauses(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    bool more = true;
    for (int i = 0; i < 12; i++)
        library_add(s, "写一首关于雨的诗", "autumn rain");
    for (int i = 0; more && i < 1000; i++)
        must(store_tidy(s, 1000, &more, &e));
    assert_false(more);
    must(store_tidy(s, 1000, &more, &e));
    assert_false(more);
    struct hit *hits;
    assert_int_equal(library_find(s, "autumn 雨", 0, 50, &hits), 12);
    hits_free(hits, 12);
    store_close(s);
}

static void what_cannot_be_read_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *query, *start;
    } cases[] = {{"秋 temperature>x", "Column 3: "}, {"state:odd", "Column 1: "}, {"a b sort:size", "Column 5: "}, {"model:", "Column 1: "}};
    struct store *s = library_open(NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct walk *w = NULL;
        struct err e = {0};
        assert_false(walk_open(&w, s, span_of(cases[i].query), 0, 10, &e));
        assert_null(w);
        if (!span_starts(span_of(e.text), cases[i].start))
            fail_msg("“%s”: %s", cases[i].query, e.text);
    }
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_and_filter_pages_like_the_reference),
        cmocka_unit_test(the_best_first_holds_every_match_once),
        cmocka_unit_test(the_index_is_merged_in_pauses),
        cmocka_unit_test(what_cannot_be_read_says_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
