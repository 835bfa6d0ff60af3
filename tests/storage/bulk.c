#include "library.h"
#include "storage/bulk.h"
#include "storage/kept.h"
#include "storage/names.h"

static int found(struct store *s, const char *query)
{
    struct hit *hits;
    int count = library_find(s, query, 0, 100, &hits);
    hits_free(hits, count);
    return count;
}

static void many_at_once_and_all_of_it_back(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    int64_t ids[3];
    for (int i = 0; i < 3; i++)
        ids[i] = library_add(s, "问", "秋夜");
    must(store_tag(s, ids[1], SPAN("诗"), true, &e));
    struct bulk tag = {.kind = BULK_TAG};
    str_set(&tag.tag, SPAN(" 诗 "));
    must(store_bulk(s, &tag, ids, 3, &e));
    assert_int_equal(tag.count, 2); /* one had it */
    assert_int_equal(found(s, "tag:诗"), 3);
    must(store_bulk_undo(s, &tag, &e));
    assert_int_equal(found(s, "tag:诗"), 1);
    struct bulk trash = {.kind = BULK_TRASH};
    must(store_trash(s, ids[2], true, &e));
    must(store_bulk(s, &trash, ids, 3, &e));
    assert_int_equal(trash.count, 2);
    assert_int_equal(found(s, ""), 0);
    must(store_bulk_undo(s, &trash, &e));
    assert_int_equal(found(s, ""), 2); /* what lay there before stays there */
    struct bulk move = {.kind = BULK_MOVE};
    must(store_project_find(s, SPAN("信"), true, &move.project, &e));
    must(store_bulk(s, &move, ids, 2, &e));
    assert_int_equal(move.count, 2);
    assert_int_equal(found(s, "project:信"), 2);
    must(store_bulk_undo(s, &move, &e));
    assert_int_equal(found(s, "project:信"), 0);
    struct bulk bad = {.kind = BULK_TAG};
    must_fail(store_bulk(s, &bad, ids, 3, &e));
    bulk_release(&tag);
    bulk_release(&trash);
    bulk_release(&move);
    bulk_release(&bad);
    store_close(s);
    library_sound(path);
    library_remove(path);
}

static void what_is_being_written_is_not_trashed(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p;
    piece_init(&p);
    int g = library_ask(&p, -1, "q", 1);
    must(store_generation_begin(s, &p, g, &e));
    struct bulk trash = {.kind = BULK_TRASH};
    must(store_bulk(s, &trash, &p.generations[g].id, 1, &e));
    assert_int_equal(trash.count, 0);
    bulk_release(&trash);
    piece_release(&p);
    store_close(s);
}

/* -- the trash --------------------------------------------------------------------------------------------------------------------------- */

static void empty(struct store *s, int64_t *gone, int64_t *kept)
{
    struct trash_emptying t = {0};
    for (int i = 0; !t.over && i < 1000; i++)
        must(store_trash_empty(s, &t, 1, &e));
    assert_true(t.over);
    *gone = t.gone;
    *kept = t.kept;
}

static void only_what_lies_in_the_trash_is_deleted(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct piece p;
    int64_t gone = 0, kept = 0;
    piece_init(&p);
    int first = library_ask(&p, -1, "一", 2); /* two takes: the second is the page's leaf */
    must(store_generation_begin(s, &p, first, &e));
    library_end(s, &p.takes[0], "beside the page", TAKE_DONE);
    library_end(s, &p.takes[1], "on the page", TAKE_DONE);
    int second = library_ask(&p, 0, "二", 1);
    must(store_generation_begin(s, &p, second, &e));
    library_end(s, &p.takes[2], "off the page", TAKE_DONE);
    piece_choose(&p, 2);
    must(store_piece_save(s, &p, &e));
    must(store_trash(s, p.generations[first].id, true, &e));
    must(store_trash(s, p.generations[second].id, true, &e));
    int64_t other = library_add(s, "三", "stays");
    empty(s, &gone, &kept);
    assert_int_equal(kept, 1); /* the page still has its take */
    assert_int_equal(found(s, "is:trash"), 1);
    assert_int_equal(found(s, "stays"), 1);
    raw_expect(path, "SELECT count(*) FROM takes WHERE text = 'off the page'", "0");
    raw_expect(path, "SELECT count(*) FROM takes WHERE text = 'on the page'", "1");
    must(store_piece_trash(s, p.id, true, &e));
    assert_int_equal(found(s, "is:trash"), 2); /* the piece, too */
    empty(s, &gone, &kept);
    assert_int_equal(kept, 0);
    assert_int_equal(found(s, "is:trash"), 0);
    raw_expect(path, "SELECT count(*) FROM passages", "2"); /* of the other piece */
    raw_expect(path, "SELECT count(*) FROM generations", "1");
    assert_int_equal(store_generation_count(s), 1);
    assert_true(store_best_take(s, other) > 0);
    piece_release(&p);
    store_close(s);
    library_sound(path);
    library_remove(path);
}

static void a_branch_in_the_trash_goes_with_all_below_it(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct piece p;
    int64_t gone = 0, kept = 0;
    piece_init(&p);
    int root = piece_add_passage(&p, -1, AUTHOR_WRITER, -1), gone_top = piece_add_passage(&p, root, AUTHOR_WRITER, -1),
        below = piece_add_passage(&p, gone_top, AUTHOR_WRITER, -1), page = piece_add_passage(&p, root, AUTHOR_WRITER, -1);
    const char *const texts[] = {"root", "branch", "leaf 秋夜", "page"};
    for (int i = root; i <= page; i++)
        passage_set_text(&p, i, span_of(texts[i]));
    piece_choose(&p, below);
    piece_choose(&p, page);
    must(store_piece_save(s, &p, &e));
    must(store_trash_passage(s, p.passages[gone_top].id, true, &e));
    struct hit *hits;
    assert_int_equal(library_find(s, "is:trash", 0, 10, &hits), 1);
    assert_int_equal(hits[0].passage, p.passages[gone_top].id);
    assert_string_equal(str_text(&hits[0].prompt), "branch");
    hits_free(hits, 1);
    empty(s, &gone, &kept);
    assert_int_equal(gone, 2);
    assert_int_equal(found(s, "秋夜"), 0);
    struct piece again;
    piece_init(&again);
    must(store_piece_load(s, p.id, &again, &e));
    assert_int_equal(again.passage_count, 2);
    assert_true(span_is(passage_text(&again, again.leaf), "page"));
    piece_release(&again);
    piece_release(&p);
    store_close(s);
    library_sound(path);
    library_remove(path);
}

/* No program of ours writes such rows, but a library may have been through many hands. */
static void a_circle_in_the_trash_ends(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct piece p, q;
    int64_t gone = 0, kept = 0;
    for (struct piece *each = &p; each; each = each == &p ? &q : NULL) {
        piece_init(each);
        for (int i = 0; i < 4; i++) {
            int at = piece_add_passage(each, i < 3 ? i - 1 : -1, AUTHOR_WRITER, -1);
            passage_set_text(each, at, SPAN("秋夜"));
        }
        piece_choose(each, 3);
        must(store_piece_save(s, each, &e));
    }
    raw_run(path, "UPDATE passages SET parent = id + 1 WHERE id IN (2, 6); UPDATE passages SET parent = id - 1 WHERE id IN (3, 7)");
    must(store_trash_passage(s, p.passages[1].id, true, &e));
    must(store_piece_trash(s, q.id, true, &e));
    empty(s, &gone, &kept);
    raw_expect(path, "SELECT group_concat(id) FROM passages", "1,3,4"); /* 3 was not in the trash, and stands at the root now */
    raw_expect(path, "SELECT count(*) FROM pieces", "1");
    piece_release(&p);
    piece_release(&q);
    store_close(s);
    library_sound(path);
    library_remove(path);
}

/* -- names, searches, what is kept --------------------------------------------------------------------------------------------------------- */

static void names_that_occur_are_offered(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct str out = {0};
    int64_t id = library_add(s, "q", "t"), project = 0;
    must(store_tag(s, id, SPAN("诗"), true, &e));
    must(store_tag(s, id, SPAN("Autumn"), true, &e));
    must(store_project_find(s, SPAN("letters home"), true, &project, &e));
    must(store_names(s, NAMES_MODEL, SPAN("WEN"), 8, &out, &e));
    assert_string_equal(str_text(&out), "qwen3\n");
    str_clear(&out);
    must(store_names(s, NAMES_TAG, SPAN(""), 8, &out, &e));
    assert_string_equal(str_text(&out), "Autumn\n诗\n");
    str_clear(&out);
    must(store_names(s, NAMES_TAG, SPAN("au"), 1, &out, &e));
    must(store_names(s, NAMES_PROJECT, SPAN("home"), 8, &out, &e));
    must(store_names(s, NAMES_SERVER, SPAN("none"), 8, &out, &e));
    assert_string_equal(str_text(&out), "Autumn\nletters home\n");
    str_release(&out);
    store_close(s);
}

static void searches_are_kept_by_name(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct str out = {0};
    must(store_search_keep(s, SPAN(" 雨天 "), SPAN("雨 ★>=3"), &e));
    must(store_search_keep(s, SPAN("b"), SPAN("x"), &e));
    must(store_search_keep(s, SPAN("b"), SPAN("y"), &e));
    must_fail(store_search_keep(s, SPAN(" "), SPAN("x"), &e));
    must_fail(store_search_keep(s, SPAN("c"), SPAN(" "), &e));
    must(store_search_names(s, &out, &e));
    assert_string_equal(str_text(&out), "b\n雨天\n");
    assert_true(store_search_query(s, SPAN("b"), &out));
    assert_string_equal(str_text(&out), "y");
    must(store_search_forget(s, SPAN("b"), &e));
    assert_false(store_search_query(s, SPAN("b"), &out));
    str_release(&out);
    store_close(s);
}

struct seen {
    int all, on_page, stars;
};

static void see(void *ctx, const struct kept_take *t)
{
    struct seen *seen = ctx;
    seen->all++;
    seen->on_page += t->on_page;
    seen->stars += t->rating;
    assert_true(span_is(t->model, "qwen3"));
    assert_true(t->dials->on[DIAL_TEMPERATURE]);
}

static void kept_takes_come_once_each(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p;
    piece_init(&p);
    int g = library_ask(&p, -1, "q", 3); /* the last take is on the page */
    must(store_generation_begin(s, &p, g, &e));
    for (int i = 0; i < 3; i++)
        library_end(s, &p.takes[i], "t", TAKE_DONE);
    must(store_rate(s, p.takes[2].id, 5, &e));
    must(store_rate(s, p.takes[0].id, 3, &e));
    library_add(s, "q", "on a page of its own");
    for (int budget = 0; budget < 2; budget++) { /* in one go, and in the smallest slices */
        struct seen seen = {0};
        struct kept_walk w;
        kept_open(&w, s);
        for (int i = 0; !w.over && i < 100; i++)
            must(kept_step(&w, budget, see, &seen, &e));
        assert_true(w.over);
        assert_int_equal(seen.all, 3);
        assert_int_equal(seen.on_page, 2);
        assert_int_equal(seen.stars, 8);
    }
    piece_release(&p);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_at_once_and_all_of_it_back),
        cmocka_unit_test(what_is_being_written_is_not_trashed),
        cmocka_unit_test(only_what_lies_in_the_trash_is_deleted),
        cmocka_unit_test(a_branch_in_the_trash_goes_with_all_below_it),
        cmocka_unit_test(a_circle_in_the_trash_ends),
        cmocka_unit_test(names_that_occur_are_offered),
        cmocka_unit_test(searches_are_kept_by_name),
        cmocka_unit_test(kept_takes_come_once_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
