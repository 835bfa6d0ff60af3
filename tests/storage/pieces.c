#include "library.h"
#include "storage/bulk.h"

#include "core/tree.h"

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

static int own_passage(struct piece *p, int parent, const char *text)
{
    int added = piece_add_passage(p, parent, AUTHOR_WRITER, -1);
    passage_set_text(p, added, span_of(text));
    return added;
}

/* "[text name m1 p2]" in reading order, the page's passages with a star. */
static void read_tree(const struct piece *p, struct str *out)
{
    str_clear(out);
    for (int i = tree_next(p, -1, -1); i >= 0; i = tree_next(p, i, -1)) {
        const struct passage *ps = &p->passages[i];
        str_printf(out, "[%.*s%s", SPAN_ARG(passage_text(p, i)), tree_is_below(p, p->leaf, i) ? "*" : "");
        if (ps->name.len || ps->marks)
            str_printf(out, " %s m%u", str_text(&ps->name), ps->marks);
        str_add_text(out, piece_first_child(p, i) < 0 ? "." : "]");
    }
}

static void what_a_writer_arranges_comes_back(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct str before = {0}, after = {0};
    struct tree_change c = {0};
    struct piece p, back;
    struct err why = {0};
    piece_init(&p);
    piece_init(&back);
    int root = own_passage(&p, -1, "root"), first = own_passage(&p, root, "first"), second = own_passage(&p, root, "second");
    own_passage(&p, second, "below");
    piece_choose(&p, first);
    must(store_piece_save(s, &p, &e));
    assert_true(tree_move(&p, second, -1, &c));
    tree_name(&p, second, SPAN("名"), &c);
    tree_mark(&p, second, PASSAGE_BOOKMARK | PASSAGE_FOLDED, true, &c);
    int upper = tree_split(&p, second, 3, &c, &why); /* saved passages get a parent that is younger */
    assert_true(upper > second);
    tree_split(&p, own_passage(&p, first, "unsaved"), 2, &c, &why); /* and so do new ones */
    passage_mark(&p, piece_first_child(&p, second), PASSAGE_UNREAD, true);
    read_tree(&p, &before);
    must(store_piece_save(s, &p, &e));
    assert_false(p.passages[upper].dirty || p.passages[upper].arranged || p.passages[root].rechosen);
    must(store_piece_load(s, p.id, &back, &e));
    read_tree(&back, &after);
    assert_string_equal(str_text(&after), str_text(&before));
    assert_string_equal(str_text(&after), "[root*][sec 名 m1][ond  m4][below  m2.[first*][un][saved.");

    tree_join(&back, piece_first_child(&back, 0), &c, &why);
    piece_choose(&back, piece_first_child(&back, 0));
    read_tree(&back, &before);
    must(store_piece_save(s, &back, &e));
    must(store_piece_load(s, p.id, &p, &e));
    read_tree(&p, &after);
    assert_string_equal(str_text(&after), str_text(&before));
    assert_string_equal(str_text(&after), "[root*][second* 名 m5][below  m2.[first][un][saved.");
    tree_change_release(&c);
    str_release(&before);
    str_release(&after);
    piece_release(&p);
    piece_release(&back);
    store_close(s);
    library_sound(path);
    library_remove(path);
}

static void only_what_differs_is_written(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct piece p;
    piece_init(&p);
    int root = own_passage(&p, -1, "root"), first = own_passage(&p, root, "first");
    own_passage(&p, root, "second");
    piece_choose(&p, first);
    must(store_piece_save(s, &p, &e));
    raw_run(path, "CREATE TABLE log(id, what); CREATE TRIGGER chose AFTER UPDATE OF chosen ON passages BEGIN INSERT INTO log VALUES(new.id, "
                  "'chosen'); END; CREATE TRIGGER told AFTER UPDATE OF text ON passages BEGIN INSERT INTO log VALUES(new.id, 'text'); END");
    must(store_piece_save(s, &p, &e));
    raw_expect(path, "SELECT count(*) FROM log", "0");
    passage_mark(&p, first, PASSAGE_BOOKMARK, true);
    piece_choose(&p, 2);
    must(store_piece_save(s, &p, &e));
    raw_expect(path, "SELECT group_concat(id || what) FROM log", "1chosen");
    piece_release(&p);
    store_close(s);
    library_remove(path);
}

/* A library from elsewhere, or a damaged one: every passage can still be reached. */
static void strange_parents_go_to_the_root(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    struct piece p, other;
    struct str tree = {0};
    piece_init(&p);
    piece_init(&other);
    own_passage(&other, -1, "elsewhere");
    must(store_piece_save(s, &other, &e));
    int parent = -1;
    for (int i = 0; i < 6; i++)
        parent = own_passage(&p, parent, (const char *[]){"a", "b", "c", "d", "e", "f"}[i]);
    piece_choose(&p, 0);
    piece_choose_leaf(&p, 5);
    must(store_piece_save(s, &p, &e));
    store_close(s);
    /* a circle of three, one that hangs on another piece, one on nothing, and a place that is no number */
    raw_run(path, "PRAGMA foreign_keys=OFF; UPDATE passages SET parent = (SELECT id FROM passages WHERE text = 'c') WHERE text = 'a';"
                  "UPDATE passages SET parent = (SELECT id FROM passages WHERE text = 'elsewhere') WHERE text = 'd';"
                  "UPDATE passages SET parent = 12345 WHERE text = 'f'; UPDATE passages SET position = -7 WHERE text = 'e'");
    s = library_open(path);
    must(store_piece_load(s, p.id, &p, &e));
    read_tree(&p, &tree);
    assert_string_equal(str_text(&tree), "[a][b][c.[d][e.[f*.");
    assert_true(p.leaf == 5 && p.root_chosen == 5);
    must(store_piece_save(s, &p, &e));
    piece_release(&p);
    piece_release(&other);
    str_release(&tree);
    store_close(s);
    library_remove(path);
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

/* Another instance throws away for good what is open here, the piece or a passage of it. */
static void what_is_open_is_written_anew_when_another_deletes_it(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path), *other = library_open(path);
    struct piece p, again;
    piece_init(&p);
    piece_init(&again);
    int g = library_ask(&p, -1, "问", 1);
    str_set(&p.project_name, SPAN("信"));
    must(store_generation_begin(s, &p, g, &e));
    library_end(s, &p.takes[0], "秋夜", TAKE_DONE);
    notes_add_lore(&p.notes, SPAN("月"), SPAN("the moon"))->dirty = true;
    must(store_notes_save(s, &p, &e));
    int below = piece_add_passage(&p, p.leaf, AUTHOR_WRITER, -1);
    passage_set_text(&p, below, SPAN("one"));
    piece_choose(&p, below);
    must(store_piece_save(s, &p, &e));

    raw_run(path, "UPDATE pieces SET leaf = NULL");
    must(store_trash_passage(other, p.passages[below].id, true, &e));
    for (struct trash_emptying t = {0}; !t.over;)
        must(store_trash_empty(other, &t, 1, &e));
    passage_set_text(&p, below, SPAN("two"));
    must(store_piece_save(s, &p, &e));
    must(store_piece_load(s, p.id, &again, &e));
    assert_true(span_is(passage_text(&again, again.leaf), "two"));

    must(store_piece_trash(other, p.id, true, &e));
    must(store_project_trash(other, p.project, true, &e));
    for (struct trash_emptying t = {0}; !t.over;)
        must(store_trash_empty(other, &t, 1, &e));
    must_fail(store_piece_load(s, p.id, &again, &e));
    passage_set_text(&p, below, SPAN("three"));
    must(store_piece_save(s, &p, &e));
    must(store_notes_save(s, &p, &e));
    must(store_piece_load(other, p.id, &again, &e));
    assert_int_equal(again.passage_count, p.passage_count);
    assert_int_equal(again.generation_count, 1);
    assert_int_equal(again.notes.lore_count, 1);
    assert_string_equal(str_text(&again.project_name), "信");
    assert_true(span_is(passage_text(&again, again.leaf), "three"));
    assert_true(span_is(passage_text(&again, again.passages[again.leaf].parent), "秋夜"));
    piece_release(&again);
    piece_release(&p);
    store_close(other);
    store_close(s);
    library_sound(path);
    library_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_comes_back_as_it_was),
        cmocka_unit_test(what_a_writer_arranges_comes_back),
        cmocka_unit_test(only_what_differs_is_written),
        cmocka_unit_test(strange_parents_go_to_the_root),
        cmocka_unit_test(a_missing_piece_is_an_error_not_an_empty_one),
        cmocka_unit_test(lost_characters_become_a_revision),
        cmocka_unit_test(a_failed_save_gives_back_every_id),
        cmocka_unit_test(what_is_open_is_written_anew_when_another_deletes_it),
        cmocka_unit_test(projects_are_found_by_name),
        cmocka_unit_test(settings_and_drafts_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
