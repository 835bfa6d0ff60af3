#include "library.h"
#include "core/dial.h"
#include "storage/bundle_rows.h"
#include "storage/store_parts.h"

/* -- in and out ------------------------------------------------------------------------------------------------------------------- */

static bool append(void *data, struct span line, struct err *e)
{
    (void)e;
    str_add(data, line);
    return true;
}

static char *export_scope(struct store *s, struct bundle_scope scope)
{
    struct str out = {0};
    must(bundle_export(s, &scope, append, &out, &e));
    return str_take(&out);
}

static char *export_all(struct store *s)
{
    return export_scope(s, (struct bundle_scope){0});
}

static bool import(struct store *s, struct span text, bool skip, struct bundle_result *result, struct err *e)
{
    struct bundle_import *b = NULL;
    struct span line;
    if (!bundle_import_begin(s, skip, &b, e))
        return false;
    bool ok = true;
    while (ok && span_line(&text, &line))
        ok = bundle_import_line(b, line, e);
    return bundle_import_end(b, ok, result, e);
}

static struct bundle_result take_in(struct store *s, const char *text)
{
    struct bundle_result result = {0};
    must(import(s, span_of(text), false, &result, &e));
    assert_int_equal(result.broken, 0);
    return result;
}

static int64_t number(struct store *s, const char *sql)
{
    int64_t n = 0;
    struct err e = {0};
    sqlite3_stmt *q = db_ask_once(&s->db, sql, WITH_NOTHING, &e);
    assert_non_null(q);
    if (db_step(&s->db, q, &e) > 0)
        n = column_int(q, 0);
    sqlite3_finalize(q);
    return n;
}

/* Where two bundles differ, for the one who reads a failure. */
static void expect_equal(const char *a, const char *b)
{
    struct span x = span_of(a), y = span_of(b), line_x = {0}, line_y = {0};
    if (!strcmp(a, b))
        return;
    while (span_line(&x, &line_x) && span_line(&y, &line_y))
        if (!span_equal(line_x, line_y))
            fail_msg("these differ:\n%.*s\n%.*s", SPAN_ARG(line_x), SPAN_ARG(line_y));
    fail_msg("one is longer:\n%.*s\n%.*s", SPAN_ARG(x), SPAN_ARG(y));
}

/* -- libraries that live a little ----------------------------------------------------------------------------------------------- */

static uint32_t dice_state;
static int dice(int sides)
{
    dice_state = dice_state * 1664525 + 1013904223;
    return (int)((dice_state >> 8) % (uint32_t)sides);
}

static int64_t now_ms = 1790000000000;

/* Small steps and standstills: two machines often do things in the same millisecond. */
static void pass_time(void)
{
    now_ms += dice(3);
    clock_freeze(now_ms * 1000, now_ms);
}

static const char *some_words(void)
{
    static const char *const words[] = {"秋夜",  "the river\nthird draft", "雨\tand \"wind\"", "\x1b[31m\x01\x7f\\u0000", "🍂 a👩‍👩‍👧b",
                                        "𠮷野家", " ",                       "back\\slash\r\n",   "月落乌啼霜满天",            "x"};
    return words[dice((int)COUNT_OF(words))];
}

static int64_t some_id(struct store *s, const char *table)
{
    struct str sql = {0};
    str_printf(&sql, "SELECT count(*) FROM %s", table);
    int64_t count = number(s, str_text(&sql));
    str_clear(&sql);
    str_printf(&sql, "SELECT id FROM (SELECT id, uid FROM %s) ORDER BY uid LIMIT 1 OFFSET %d", table, count ? dice((int)count) : 0);
    int64_t id = count ? number(s, str_text(&sql)) : 0;
    str_release(&sql);
    return id;
}

static void new_piece(struct store *s)
{
    struct piece p;
    piece_init(&p);
    str_set(&p.title, span_of(some_words()));
    str_set(&p.project_name, span_of(dice(2) ? "" : some_words()));
    int root = piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
    passage_set_text(&p, root, span_of(some_words()));
    piece_choose(&p, root);
    int g = library_ask(&p, root, some_words(), 1 + dice(3));
    dial_set(&p.generations[g].dials, DIAL_TEMPERATURE, dice(200) / 100.0);
    str_set(&p.generations[g].context, span_of(some_words()));
    must(store_generation_begin(s, &p, g, &e));
    for (int i = 0; i < p.take_count; i++)
        if (dice(5)) {
            store_take_text(s, p.takes[i].id, span_of("came "), false);
            library_end(s, &p.takes[i], some_words(), dice(2) ? TAKE_DONE : TAKE_FAILED);
        }
    piece_release(&p);
}

static void edit_passage(struct piece *p)
{
    int i = dice(p->passage_count);
    struct str text = {0};
    str_add(&text, passage_text(p, i));
    if (dice(2))
        str_clear(&text);
    str_add_text(&text, some_words());
    passage_set_text(p, i, str_span(&text));
    if (p->take_count && p->takes[0].id) {
        str_clear(&p->passages[i].runs);
        str_printf(&p->passages[i].runs, "1:0,%zu:1:%lld", text.len - 1, (long long)p->takes[0].id);
    }
    str_release(&text);
}

/* A passage between another and its parent: younger than its child. */
static void split(struct piece *p)
{
    int child = dice(p->passage_count), head = piece_add_passage(p, p->passages[child].parent, AUTHOR_WRITER, -1);
    passage_set_text(p, head, span_of(some_words()));
    p->passages[child].parent = head;
    p->passages[child].arranged = p->passages[child].dirty = true;
    piece_link(p);
}

static void change_piece(struct store *s, int64_t id)
{
    struct piece p;
    piece_init(&p);
    must(store_piece_load(s, id, &p, &e));
    int passage = dice(p.passage_count);
    switch (dice(7)) {
    case 0:
        str_set(&p.title, span_of(some_words()));
        break;
    case 1:
        split(&p);
        break;
    case 2:
        piece_choose(&p, passage);
        break;
    case 3:
        p.passages[passage].trashed = !p.passages[passage].trashed;
        p.passages[passage].dirty = true;
        break;
    case 4:
        str_set(&p.passages[passage].name, span_of(some_words()));
        p.passages[passage].arranged = true;
        passage_mark(&p, passage, 1, dice(2));
        break;
    default:
        edit_passage(&p);
    }
    must(store_piece_save(s, &p, &e));
    piece_release(&p);
}

static void run_sql(struct store *s, const char *sql, const struct value *values)
{
    struct err e = {0};
    sqlite3_stmt *q = db_ask_once(&s->db, sql, values, &e);
    if (!q || db_step(&s->db, q, &e) != 0)
        fail_msg("%s", e.text);
    sqlite3_finalize(q);
}

/* What other rooms of the program write, as they write it. */
static void change_row(struct store *s)
{
    int64_t piece = some_id(s, "pieces"), project = some_id(s, "projects");
    struct value now = as_int(now_ms), words = as_name(some_words());
    struct str uid = {0};
    switch (dice(6)) {
    case 0:
        run_sql(s, "UPDATE pieces SET memory = ?, changed_at = ? WHERE id = ?", WITH(words, now, as_int(piece)));
        break;
    case 1:
        run_sql(s, "UPDATE pieces SET note = ?, note_depth = ?, changed_at = ? WHERE id = ?", WITH(words, as_int(dice(9)), now, as_int(piece)));
        break;
    case 2:
        run_sql(s, "UPDATE projects SET cover = ?, changed_at = ? WHERE id = ?", WITH(words, now, as_int(project)));
        break;
    case 3:
        run_sql(s, "UPDATE pieces SET trashed_at = iif(trashed_at IS NULL, ?1, NULL), changed_at = ?1 WHERE id = ?2", WITH(now, as_int(piece)));
        break;
    case 4:
        str_printf(&uid, "LORE%012d", dice(100000));
        run_sql(s,
                "INSERT OR IGNORE INTO lore(uid, piece, changed_at, enabled, keys, text) VALUES(?, ?, ?, 1, ?, ?)",
                WITH(as_text(str_span(&uid)), as_int(piece), now, words, words));
        break;
    default:
        run_sql(s,
                "INSERT INTO searches(name, saved_at, query) VALUES(?, ?, ?) ON CONFLICT(name) DO UPDATE SET saved_at = excluded.saved_at, "
                "query = excluded.query",
                WITH(words, now, as_name(some_words())));
    }
    str_release(&uid);
}

static void live(struct store *s, int days)
{
    for (int i = 0; i < days; i++) {
        pass_time();
        int64_t generation = some_id(s, "generations");
        int what = dice(10);
        if (what == 0 || !generation)
            new_piece(s);
        else if (what == 1)
            must(store_rate(s, some_id(s, "takes"), dice(6), &e));
        else if (what == 2)
            must(store_tag(s, generation, SPAN("诗"), dice(2), &e));
        else if (what == 3)
            must(store_trash(s, generation, dice(2), &e));
        else if (what <= 5)
            change_row(s);
        else
            change_piece(s, some_id(s, "pieces"));
    }
}

/* The index of words knows every generation and the counters are right, as in a library that grew by itself. */
static void expect_whole(struct store *s)
{
    assert_int_equal(number(s, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(number(s, "SELECT value FROM counters WHERE name = 'generations'"),
                     number(s, "SELECT count(*) FROM generations WHERE trashed_at IS NULL"));
    assert_int_equal(number(s, "SELECT count(*) FROM pieces p WHERE generations <> (SELECT count(*) FROM generations g WHERE g.piece = p.id AND "
                               "g.trashed_at IS NULL)"),
                     0);
    run_sql(s, "INSERT INTO generation_words(generation_words) VALUES('integrity-check')", WITH_NOTHING);
    run_sql(s, "INSERT INTO passage_words(passage_words) VALUES('integrity-check')", WITH_NOTHING);
}

/* -- one library ------------------------------------------------------------------------------------------------------------------- */

static void out_in_and_out_again_gives_the_same_bytes(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 6; seed++) {
        struct store *from = library_open(NULL), *to = library_open(NULL);
        dice_state = seed;
        live(from, 120);
        char *first = export_all(from);
        assert_true(take_in(to, first).added > 50);
        expect_whole(to);
        char *second = export_all(to);
        expect_equal(first, second);
        struct bundle_result again = take_in(to, first);
        assert_int_equal(again.added + again.changed, 0);
        free(second);
        second = export_all(to);
        expect_equal(first, second);
        free(first);
        free(second);
        store_close(from);
        store_close(to);
    }
}

static void a_part_is_a_bundle_of_its_own(void **state)
{
    (void)state;
    struct store *from = library_open(NULL);
    dice_state = 77;
    live(from, 150);
    for (int i = 0; i < 9; i++) {
        struct store *to = library_open(NULL);
        int64_t piece = some_id(from, "pieces"), generation = some_id(from, "generations");
        struct bundle_scope scope = {.piece = piece}, back = {0};
        if (i % 3 == 1)
            scope = (struct bundle_scope){.project = some_id(from, "projects")};
        if (i % 3 == 2)
            scope = (struct bundle_scope){.generations = &generation, .generation_count = 1};
        char *first = export_scope(from, scope);
        take_in(to, first);
        char *second = export_scope(to, back);
        expect_equal(first, second);
        free(first);
        free(second);
        expect_whole(to);
        store_close(to);
    }
    store_close(from);
}

static void a_piece_reads_the_same_on_the_other_side(void **state)
{
    (void)state;
    struct store *from = library_open(NULL), *to = library_open(NULL);
    struct piece p, back;
    piece_init(&p);
    piece_init(&back);
    int g = library_ask(&p, -1, "写一首五绝,秋夜", 3);
    must(store_generation_begin(from, &p, g, &e));
    for (int i = 0; i < 3; i++)
        library_end(from, &p.takes[i], i == 1 ? "月落\n乌啼" : "霜", TAKE_DONE);
    piece_choose(&p, 2);
    must(store_piece_save(from, &p, &e));
    char *bundle = export_all(from);
    struct bundle_result result = take_in(to, bundle);
    assert_int_equal(result.pieces, 1);
    assert_int_equal(result.generations, 1);
    must(store_piece_load(to, result.piece, &back, &e));
    assert_int_equal(back.passage_count, 4);
    for (int i = 0; i < 4; i++)
        assert_true(span_equal(passage_text(&back, i), passage_text(&p, i)));
    assert_int_equal(back.leaf, 2);
    assert_string_equal(str_text(&back.takes[1].text), "月落\n乌啼");
    struct hit *hits = NULL;
    struct search search = {.query = SPAN("乌啼"), .limit = 5};
    int count = 0;
    must(store_search(to, &search, &hits, &count, &e));
    assert_int_equal(count, 1);
    hit_release(&hits[0]);
    free(hits);
    free(bundle);
    piece_release(&p);
    piece_release(&back);
    store_close(from);
    store_close(to);
}

static bool is_one_of(struct span name, const char *const *names)
{
    while (*names && !span_is(name, *names))
        names++;
    return *names != NULL;
}

/* What is of this library alone: its own numbers, counters, journals and the state of its desk. */
static bool stays_here(struct span table, struct span column)
{
    static const char *const columns[] = {"id", "uid", "dates", "instance", "rated_at", "label", NULL};
    enum dial_id dial;
    return is_one_of(column, columns) || (span_is(table, "pieces") && span_is(column, "generations")) ||
           (span_is(table, "generations") && (span_is(column, "changed_at") || dial_find(column, &dial)));
}

/* A new column or table is carried along, or said to stay. */
static void every_column_has_its_place(void **state)
{
    static const char *const tables[] = {"chunks", "drafts", "settings", "counters", "volumes", "batches", "batch_items", "bodies", "odds", "tags",
                                         "tags_off", "searches", "revisions", NULL};
    (void)state;
    struct store *s = library_open(NULL);
    struct err e = {0};
    sqlite3_stmt *q = db_ask_once(&s->db,
                                  "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name "
                                  "NOT LIKE 'sqlite%' AND m.name NOT LIKE '%words%'",
                                  WITH_NOTHING, &e);
    while (db_step(&s->db, q, &e) > 0) {
        bool found = is_one_of(column_text(q, 0), tables) || stays_here(column_text(q, 0), column_text(q, 1));
        for (int k = 0; !found && k < ROW_KINDS; k++)
            found = span_is(column_text(q, 0), bundle_kinds[k].table) && field_find(&bundle_kinds[k], column_text(q, 1)) >= 0;
        if (!found)
            fail_msg("%.*s.%.*s goes nowhere", SPAN_ARG(column_text(q, 0)), SPAN_ARG(column_text(q, 1)));
    }
    sqlite3_finalize(q);
    store_close(s);
}

/* -- several libraries ------------------------------------------------------------------------------------------------------------- */

#define MACHINES 3

static char *merged(char **bundles, const int *order, int count)
{
    struct store *s = library_open(NULL);
    for (int i = 0; i < count; i++)
        take_in(s, bundles[order[i]]);
    expect_whole(s);
    char *out = export_all(s);
    store_close(s);
    return out;
}

static void diverged_libraries_come_together_in_any_order(void **state)
{
    (void)state;
    static const int orders[6][MACHINES] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (uint32_t seed = 1; seed <= 7; seed++) {
        struct store *machines[MACHINES];
        char *bundles[MACHINES], *all[6], *own;
        dice_state = seed * 7919;
        for (int m = 0; m < MACHINES; m++)
            machines[m] = library_open(NULL);
        live(machines[0], 30);
        char *base = export_all(machines[0]);
        int64_t apart = now_ms;
        for (int m = 0; m < MACHINES; m++) {
            now_ms = apart;
            if (m != 1 || seed % 2) /* every second time one of them has grown by itself */
                take_in(machines[m], base);
            live(machines[m], 60);
            bundles[m] = export_all(machines[m]);
        }
        for (int i = 0; i < 6; i++) {
            all[i] = merged(bundles, orders[i], MACHINES);
            expect_equal(all[0], all[i]);
        }
        for (int m = 0; m < MACHINES; m++) { /* each takes the others in, twice */
            for (int i = 0; i < 2 * MACHINES; i++)
                if (orders[seed % 6][i % MACHINES] != m)
                    take_in(machines[m], bundles[orders[seed % 6][i % MACHINES]]);
            own = export_all(machines[m]);
            expect_equal(all[0], own);
            struct bundle_result again = take_in(machines[m], all[1]);
            assert_int_equal(again.added + again.changed, 0);
            free(own);
            expect_whole(machines[m]);
            store_close(machines[m]);
        }
        for (int i = 0; i < 6; i++)
            free(all[i]);
        for (int m = 0; m < MACHINES; m++)
            free(bundles[m]);
        free(base);
    }
}

static int found(struct store *s, const char *words)
{
    struct hit *hits = NULL;
    struct search search = {.query = span_of(words), .limit = 5};
    int count = 0;
    must(store_search(s, &search, &hits, &count, &e));
    for (int i = 0; i < count; i++)
        hit_release(&hits[i]);
    free(hits);
    return count;
}

/* Then the greater stays, everywhere, and neither is dated anew for it. */
static void changes_of_the_same_moment_have_an_order(void **state)
{
    (void)state;
    struct store *machines[2] = {library_open(NULL), library_open(NULL)};
    static const char *const titles[] = {"秋", "autumn"};
    char *bundles[2];
    clock_freeze(1000, 1790000000001);
    dice_state = 5;
    new_piece(machines[0]);
    char *base = export_all(machines[0]);
    take_in(machines[1], base);
    clock_freeze(1000, 1790000000005);
    for (int m = 0; m < 2; m++) {
        must(store_piece_rename(machines[m], some_id(machines[m], "pieces"), span_of(titles[m]), &e));
        bundles[m] = export_all(machines[m]);
    }
    for (int m = 0; m < 2; m++) {
        take_in(machines[m], bundles[1 - m]);
        assert_int_equal(number(machines[m], "SELECT count(*) FROM pieces WHERE title = '秋' AND dates LIKE '% title=1790000000005%'"), 1);
    }
    free(base);
    for (int m = 0; m < 2; m++) {
        free(bundles[m]);
        store_close(machines[m]);
    }
}

/* One machine's passage in another's, a later edit and an earlier one: what each wrote is there, here or in the past. */
static void an_edit_that_gives_way_is_kept(void **state)
{
    (void)state;
    struct store *here = library_open(NULL), *there = library_open(NULL);
    struct piece p;
    piece_init(&p);
    clock_freeze(1000, 1790000000001);
    passage_set_text(&p, piece_add_passage(&p, -1, AUTHOR_WRITER, -1), SPAN("both"));
    must(store_piece_save(here, &p, &e));
    char *base = export_all(here);
    int64_t id = take_in(there, base).piece;
    clock_freeze(1000, 1790000000010);
    passage_set_text(&p, 0, SPAN("written here"));
    must(store_piece_save(here, &p, &e));
    struct piece q;
    piece_init(&q);
    must(store_piece_load(there, id, &q, &e));
    clock_freeze(1000, 1790000000020);
    passage_set_text(&q, 0, SPAN("写在那里"));
    must(store_piece_save(there, &q, &e));
    char *ours = export_all(here), *theirs = export_all(there);
    take_in(here, theirs);
    take_in(there, ours);
    for (int i = 0; i < 2; i++) {
        struct store *s = i ? there : here;
        assert_int_equal(number(s, "SELECT count(*) FROM passages WHERE text = '写在那里'"), 1);
        assert_int_equal(number(s, "SELECT count(*) FROM revisions WHERE text = 'written here'"), 1);
        assert_int_equal(found(s, "写在那里"), 1);
        assert_int_equal(found(s, "written"), 0);
    }
    free(ours);
    free(theirs);
    free(base);
    piece_release(&p);
    piece_release(&q);
    store_close(here);
    store_close(there);
}

static void shelves_of_one_name_become_one(void **state)
{
    (void)state;
    struct store *machines[2] = {library_open(NULL), library_open(NULL)};
    char *bundles[2];
    for (int m = 0; m < 2; m++) {
        int64_t id = 0;
        must(store_project_find(machines[m], SPAN("秋信"), true, &id, &e));
        new_piece(machines[m]);
        bundles[m] = export_all(machines[m]);
    }
    take_in(machines[0], bundles[1]);
    assert_int_equal(number(machines[0], "SELECT count(*) FROM projects WHERE name = '秋信'"), 1);
    /* One that was called so only later is another project, and is told apart. */
    run_sql(machines[1], "UPDATE projects SET name = '冬', changed_at = 1790000000999 WHERE name = '秋信'", WITH_NOTHING);
    int64_t id = 0;
    must(store_project_find(machines[1], SPAN("秋信"), true, &id, &e));
    free(bundles[1]);
    bundles[1] = export_all(machines[1]);
    take_in(machines[0], bundles[1]);
    assert_int_equal(number(machines[0], "SELECT count(*) FROM projects WHERE name IN ('秋信', '冬')"), 2);
    for (int m = 0; m < 2; m++) {
        free(bundles[m]);
        store_close(machines[m]);
    }
}

/* -- what is refused ---------------------------------------------------------------------------------------------------------------- */

static const char head[] = "{\"renga\":\"bundle\",\"version\":1}\n";
static const char project[] = "{\"row\":\"project\",\"uid\":\"0000000000000000\",\"created_at\":1,\"changed_at\":1}\n";

static void broken_lines_are_named_and_nothing_comes_in(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "{",
        "[]",
        "null",
        "{\"row\":\"project\"} trailing",
        "{\"row\":\"shelf\"}",
        "{\"row\":\"project\",\"uid\":\"short\",\"created_at\":1,\"changed_at\":1}",
        "{\"row\":\"project\",\"uid\":7,\"created_at\":1,\"changed_at\":1}",
        "{\"row\":\"project\",\"created_at\":1,\"changed_at\":1}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"changed_at\":1}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1.5,\"changed_at\":1}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":99999999999999999999,\"changed_at\":1}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1,\"changed_at\":1,\"name\":[1]}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1,\"changed_at\":1,\"name\":\"a\\u0000b\"}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1,\"changed_at\":1,\"name\":\"\\ud800\"}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1,\"changed_at\":1,\"name\":\"\xff\"}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1,\"changed_at\":1,\"colour\":\"red\"}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1,\"changed_at\":1,\"dates\":{\"name\":\"x\"}}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1,\"changed_at\":1,\"dates\":{\"nothing\":1}}",
        "{\"row\":\"project\",\"uid\":\"000000000000000A\",\"created_at\":1,\"changed_at\":1,\"dates\":7}",
        "{\"row\":\"piece\",\"uid\":\"000000000000000B\",\"project\":\"000000000000000X\",\"created_at\":1,\"changed_at\":1,\"note_depth\":3}",
        "{\"row\":\"take\",\"uid\":\"000000000000000B\",\"generation\":\"000000000000000X\",\"number\":0,\"rating\":0,\"state\":\"done\",\"tokens\":1}",
        "{\"row\":\"take\",\"uid\":\"000000000000000B\",\"generation\":\"000000000000000X\",\"number\":0,\"rating\":9,\"state\":\"done\",\"tokens\":1}",
        "{\"row\":\"take\",\"uid\":\"000000000000000B\",\"generation\":\"000000000000000X\",\"number\":0,\"rating\":0,\"state\":\"dreaming\",\"tokens\":1}",
        "{\"row\":\"generation\",\"uid\":\"000000000000000B\",\"sent_at\":1,\"kind\":0,\"dials\":{\"loudness\":1}}",
        "{\"row\":\"generation\",\"uid\":\"000000000000000B\",\"sent_at\":1,\"kind\":0,\"dials\":{\"temperature\":\"hot\"}}",
        "{\"row\":\"revision\",\"passage\":\"000000000000000X\",\"saved_at\":1,\"text\":\"x\"}",
        "{\"row\":\"tag\",\"generation\":\"000000000000000X\",\"tag\":\"x\",\"at\":1,\"on\":1}",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct store *s = library_open(NULL);
        struct bundle_result result = {0};
        struct str text = {0};
        struct err why = {0};
        str_printf(&text, "%s%s%s\n", head, project, lines[i]);
        if (import(s, str_span(&text), false, &result, &why))
            fail_msg("taken in: %s", lines[i]);
        if (!strstr(why.text, "3"))
            fail_msg("%s: %s", lines[i], why.text);
        assert_int_equal(number(s, "SELECT count(*) FROM projects"), 0);
        str_release(&result.complaints);
        result = (struct bundle_result){0};
        must(import(s, str_span(&text), true, &result, &e));
        assert_int_equal(result.broken, 1);
        assert_int_equal(result.added, 1);
        assert_non_null(strstr(str_text(&result.complaints), "3"));
        assert_int_equal(number(s, "SELECT count(*) FROM projects"), 1);
        str_release(&result.complaints);
        str_release(&text);
        store_close(s);
    }
}

static void a_newer_bundle_is_refused_whole(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct bundle_result result = {0};
    struct str text = {0};
    struct err why = {0};
    str_printf(&text, "{\"renga\":\"bundle\",\"version\":%d}\n%s", BUNDLE_VERSION + 1, project);
    assert_false(import(s, str_span(&text), true, &result, &why));
    assert_non_null(strstr(why.text, "newer"));
    assert_int_equal(number(s, "SELECT count(*) FROM projects"), 0);
    must_fail(import(s, span_of(project), true, &result, &e));
    str_release(&text);
    store_close(s);
}

static void hostile_lines_do_no_harm(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct bundle_result result = {0};
    struct str text = {0};
    str_add_text(&text, head);
    str_add_text(&text, project);
    for (int i = 0; i < 100000; i++)
        str_add_text(&text, "[");
    str_add_text(&text, "\n{\"row\":");
    for (int i = 0; i < 100000; i++)
        str_add_text(&text, "{\"a\":");
    str_add_byte(&text, '\n');
    /* Passages that are one another's parents, in a piece that ends in one of them. */
    str_add_text(&text, "{\"row\":\"piece\",\"uid\":\"000000000000000P\",\"project\":\"0000000000000000\",\"created_at\":1,\"changed_at\":1,"
                        "\"note_depth\":3,\"leaf\":\"000000000000000A\"}\n");
    for (int i = 0; i < 2; i++)
        str_printf(&text,
                   "{\"row\":\"passage\",\"uid\":\"000000000000000%c\",\"piece\":\"000000000000000P\",\"parent\":\"000000000000000%c\","
                   "\"position\":0,\"created_at\":1,\"changed_at\":1,\"marks\":0,\"author\":\"writer\",\"text\":\"%c\"}\n",
                   'A' + i, 'B' - i, 'a' + i);
    must(import(s, str_span(&text), true, &result, &e));
    assert_int_equal(result.broken, 2);
    struct piece p;
    piece_init(&p);
    must(store_piece_load(s, result.piece, &p, &e));
    assert_int_equal(p.passage_count, 2);
    assert_true(piece_path(&p, p.leaf, NULL, 0) <= 2);
    piece_release(&p);
    str_release(&result.complaints);
    str_release(&text);
    store_close(s);
}

/* Bytes changed, lines cut, doubled and moved: what is taken in of it is whole, and goes out and in again. */
static void spoil(struct str *text)
{
    static const char bytes[] = "{}[]\",:\\\n0123abcXYZ\xff\x80";
    for (int i = 0; i < 4; i++) {
        size_t at = (size_t)dice((int)text->len);
        size_t end = at + (size_t)dice(200) < text->len ? at + (size_t)dice(200) : text->len;
        struct str cut = {0};
        str_add(&cut, span_cut(str_span(text), at, end > at ? end : at));
        if (dice(3) == 0)
            str_splice(text, at, cut.len, SPAN(""));
        else if (dice(2))
            str_splice(text, (size_t)dice((int)text->len), 0, str_span(&cut));
        else
            text->s[at] = bytes[dice(sizeof bytes - 1)];
        str_release(&cut);
    }
}

static void spoilt_bundles_leave_a_whole_library(void **state)
{
    (void)state;
    struct store *from = library_open(NULL);
    dice_state = 4711;
    live(from, 40);
    char *bundle = export_all(from);
    int taken = 0;
    for (int i = 0; i < 25; i++) {
        struct store *s = library_open(NULL), *other = library_open(NULL);
        struct bundle_result result = {0};
        struct str text = {0};
        struct err why = {0};
        str_add_text(&text, bundle);
        spoil(&text);
        taken += import(s, str_span(&text), true, &result, &why);
        assert_true(why.kind == ERR_NONE || why.kind == ERR_FORMAT || why.kind == ERR_LIMIT);
        expect_whole(s);
        char *first = export_all(s);
        take_in(other, first);
        char *second = export_all(other);
        expect_equal(first, second);
        free(first);
        free(second);
        str_release(&result.complaints);
        str_release(&text);
        store_close(s);
        store_close(other);
    }
    assert_true(taken > 10);
    free(bundle);
    store_close(from);
}

/* What streams here while a bundle of an hour ago comes in. */
static void a_take_that_is_being_written_is_left_alone(void **state)
{
    (void)state;
    struct store *s = library_open(NULL), *other = library_open(NULL);
    struct piece p;
    piece_init(&p);
    int g = library_ask(&p, -1, "ask", 1);
    must(store_generation_begin(s, &p, g, &e));
    store_take_text(s, p.takes[0].id, SPAN("half a l"), false);
    char *half = export_all(s);
    assert_non_null(strstr(half, "half a l"));
    assert_non_null(strstr(half, "interrupted"));
    take_in(other, half);
    take_in(s, half);
    library_end(s, &p.takes[0], "half a line and its end", TAKE_DONE);
    take_in(s, half);
    char *whole = export_all(s);
    take_in(other, whole);
    char *theirs = export_all(other);
    expect_equal(whole, theirs);
    assert_non_null(strstr(theirs, "half a line and its end"));
    free(half);
    free(whole);
    free(theirs);
    piece_release(&p);
    store_close(s);
    store_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(out_in_and_out_again_gives_the_same_bytes),
        cmocka_unit_test(a_part_is_a_bundle_of_its_own),
        cmocka_unit_test(a_piece_reads_the_same_on_the_other_side),
        cmocka_unit_test(every_column_has_its_place),
        cmocka_unit_test(diverged_libraries_come_together_in_any_order),
        cmocka_unit_test(changes_of_the_same_moment_have_an_order),
        cmocka_unit_test(an_edit_that_gives_way_is_kept),
        cmocka_unit_test(shelves_of_one_name_become_one),
        cmocka_unit_test(broken_lines_are_named_and_nothing_comes_in),
        cmocka_unit_test(a_newer_bundle_is_refused_whole),
        cmocka_unit_test(hostile_lines_do_no_harm),
        cmocka_unit_test(spoilt_bundles_leave_a_whole_library),
        cmocka_unit_test(a_take_that_is_being_written_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
