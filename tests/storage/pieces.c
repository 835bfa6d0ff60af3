#include "library.h"

static void a_piece_comes_back_as_it_was(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p, back;
    piece_init(&p);
    piece_init(&back);
    str_set(&p.title, SPAN("River"));
    str_set(&p.project_name, SPAN("Autumn letters"));
    library_ask(&p, -1, "写一首五绝,秋夜", 2);
    must(store_piece_save(s, &p, &e));
    library_end(s, &p.takes[0], "one", TAKE_DONE);
    library_end(s, &p.takes[1], "\n two", TAKE_STOPPED);
    int edit = piece_add_passage(&p, 2, AUTHOR_EDIT, 1);
    passage_set_text(&p, edit, SPAN("two, better"));
    str_set(&p.passages[edit].runs, SPAN("3:model,8:writer"));
    piece_choose(&p, edit);
    p.passages[1].trashed = p.passages[1].dirty = true;
    must(store_piece_save(s, &p, &e));
    for (int i = 0; i < p.passage_count; i++)
        assert_false(p.passages[i].dirty);

    must(store_piece_load(s, p.id, &back, &e));
    assert_string_equal(str_text(&back.title), "River");
    assert_string_equal(str_text(&back.project_name), "Autumn letters");
    assert_int_equal(back.passage_count, 4);
    assert_int_equal(back.take_count, 2);
    assert_int_equal(back.generation_count, 1);
    assert_int_equal(back.leaf, edit);
    assert_int_equal(back.root_chosen, 0);
    assert_int_equal(back.passages[0].chosen, 2);
    assert_int_equal(back.passages[0].author, AUTHOR_PROMPT);
    assert_true(back.passages[1].trashed);
    assert_false(back.passages[2].own_text);
    assert_true(span_is(passage_text(&back, 2), "two"));
    assert_true(span_is(passage_text(&back, edit), "two, better"));
    assert_string_equal(str_text(&back.passages[edit].runs), "3:model,8:writer");
    assert_int_equal(back.passages[edit].take, 1);
    assert_int_equal(back.generations[0].passage, p.passages[0].id);
    assert_int_equal(store_newest_piece(s), p.id);
    piece_release(&p);
    piece_release(&back);
    store_close(s);
}

static void a_missing_piece_is_an_error_not_an_empty_one(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p;
    piece_init(&p);
    str_set(&p.title, SPAN("kept"));
    must_fail(store_piece_load(s, 77, &p, &e));
    assert_string_equal(str_text(&p.title), "kept");
    assert_int_equal(store_newest_piece(s), 0);
    piece_release(&p);
    store_close(s);
}

static void lost_characters_become_a_revision(void **state)
{
    (void)state;
    static const char *const forms[] = {"夜雨", "夜雨寄北", "夜雨北", "夜"};
    struct store *s = library_open(NULL);
    struct str text = {0}, runs = {0};
    struct piece p;
    piece_init(&p);
    piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        passage_set_text(&p, 0, span_of(forms[i]));
        must(store_piece_save(s, &p, &e));
    }
    int64_t revision = 0;
    assert_true(store_revision(s, p.passages[0].id, &revision, &text, &runs));
    assert_string_equal(str_text(&text), "夜雨北");
    assert_true(store_revision(s, p.passages[0].id, &revision, &text, &runs));
    assert_string_equal(str_text(&text), "夜雨寄北");
    assert_false(store_revision(s, p.passages[0].id, &revision, &text, &runs));
    str_release(&text);
    str_release(&runs);
    piece_release(&p);
    store_close(s);
}

static void a_failed_save_gives_back_every_id(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct piece p;
    piece_init(&p);
    int g = library_ask(&p, -1, "prompt", 2);
    raw_run(path, "CREATE TRIGGER no BEFORE UPDATE OF leaf ON pieces BEGIN SELECT RAISE(ABORT, 'no'); END");
    must_fail(store_generation_begin(s, &p, g, &e));
    must_fail(store_piece_save(s, &p, &e));
    assert_int_equal(p.id, 0);
    assert_int_equal(p.passages[0].id, 0);
    assert_true(p.passages[0].dirty);
    assert_int_equal(p.generations[0].id, 0);
    assert_int_equal(p.takes[1].id, 0);
    assert_int_equal(p.takes[1].generation, -1);
    raw_expect(path, "SELECT count(*) FROM passages", "0");
    raw_run(path, "DROP TRIGGER no");
    must(store_generation_begin(s, &p, g, &e));
    raw_expect(path, "SELECT count(*) FROM takes", "2");
    piece_release(&p);
    store_close(s);
    library_sound(path);
    library_remove(path);
}

static void projects_are_found_by_name(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    int64_t first = 0, again = 0, none = 7;
    must(store_project_find(s, SPAN("信"), false, &none, &e));
    assert_int_equal(none, 0);
    must(store_project_find(s, SPAN(" 信 "), true, &first, &e));
    must(store_project_find(s, SPAN("信"), true, &again, &e));
    assert_true(first > 0 && first == again);
    store_close(s);
}

static void settings_and_drafts_are_remembered(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct str text = {0};
    assert_false(store_setting(s, "server", &text));
    must(store_set_setting(s, "server", SPAN("desk"), &e));
    must(store_set_setting(s, "server", SPAN("muse"), &e));
    must(store_draft_save(s, 0, SPAN("half a\0line"), &e));
    store_close(s);
    s = library_open(path);
    assert_true(store_setting(s, "server", &text));
    assert_string_equal(str_text(&text), "muse");
    assert_true(store_draft_load(s, 0, &text));
    assert_true(span_equal(str_span(&text), SPAN("half a\0line")));
    must(store_draft_save(s, 0, SPAN(""), &e));
    assert_false(store_draft_load(s, 0, &text));
    str_release(&text);
    store_close(s);
    library_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_comes_back_as_it_was),
        cmocka_unit_test(a_missing_piece_is_an_error_not_an_empty_one),
        cmocka_unit_test(lost_characters_become_a_revision),
        cmocka_unit_test(a_failed_save_gives_back_every_id),
        cmocka_unit_test(projects_are_found_by_name),
        cmocka_unit_test(settings_and_drafts_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
