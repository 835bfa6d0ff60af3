/* Projects in the library: names, shelves, moving, and a trash that gives everything back. */
#include "library.h"

static int64_t make_piece(struct store *s, const char *project, const char *title, const char *text)
{
    struct piece p;
    piece_init(&p);
    str_set(&p.project_name, span_of(project));
    str_set(&p.title, span_of(title));
    passage_set_text(&p, piece_add_passage(&p, -1, AUTHOR_WRITER, -1), span_of(text));
    piece_choose(&p, 0);
    must(store_piece_save(s, &p, &e));
    int64_t id = p.id;
    piece_release(&p);
    return id;
}

static int64_t project_of(struct store *s, const char *name)
{
    int64_t id = 0;
    must(store_project_find(s, span_of(name), false, &id, &e));
    return id;
}

/* What a list shows, as one text: "River|Bridge|". */
static const char *shelf_of(struct store *s, struct shelf q)
{
    static struct str shown;
    struct shelf_piece *pieces = NULL;
    int count = 0;
    q.limit = q.limit ? q.limit : 100;
    str_clear(&shown);
    must(store_shelf(s, &q, &pieces, &count, &e));
    for (int i = 0; i < count; i++)
        str_printf(&shown, "%s|", str_text(&pieces[i].label));
    shelf_free(pieces, count);
    return str_text(&shown);
}

static const char *projects_of(struct store *s, struct shelf q)
{
    static struct str shown;
    struct project *projects = NULL;
    int count = 0;
    q.limit = q.limit ? q.limit : 100;
    str_clear(&shown);
    must(store_projects(s, &q, &projects, &count, &e));
    for (int i = 0; i < count; i++)
        str_printf(&shown, "%s:%d|", str_text(&projects[i].name), (int)projects[i].pieces);
    projects_free(projects, count);
    return str_text(&shown);
}

/* Each later by a second, so that newest first has a meaning. */
static void later(void)
{
    static int64_t wall = 1760000000000;
    wall += 1000;
    clock_freeze(wall * 1000, wall);
}

static struct store *two_projects(void)
{
    struct store *s = library_open(NULL);
    later();
    make_piece(s, "", "", "  \n\n　loose leaf\nsecond line");
    later();
    make_piece(s, "Autumn letters", "River", "the river");
    later();
    make_piece(s, "秋日书简", "", "夜雨寄北\n君问归期");
    later();
    make_piece(s, "Autumn letters", "Bridge 100%", "the bridge");
    return s;
}

static void the_newest_stands_first(void **state)
{
    (void)state;
    struct store *s = two_projects();
    assert_string_equal(projects_of(s, (struct shelf){0}), "Autumn letters:2|秋日书简:1|:1|");
    assert_string_equal(shelf_of(s, (struct shelf){0}), "Bridge 100%|夜雨寄北|River|loose leaf|");
    assert_string_equal(shelf_of(s, (struct shelf){.project = project_of(s, "Autumn letters")}), "Bridge 100%|River|");
    assert_string_equal(projects_of(s, (struct shelf){.limit = 1}), "Autumn letters:2|");
    store_close(s);
}

static void words_are_looked_for_in_names_and_first_lines(void **state)
{
    static const struct {
        const char *words, *pieces, *projects;
    } cases[] = {
        {"river", "River|", ""},
        {"雨", "夜雨寄北|", ""},
        {"归", "", ""},
        {"letters bri", "Bridge 100%|", ""},
        {"AUTUMN", "Bridge 100%|River|", "Autumn letters:2|"},
        {"秋　夜", "夜雨寄北|", ""},
        {"0%", "Bridge 100%|", ""},
        {"r_v", "", ""},
        {"a b c d e", "", ""},
        {"'", "", ""},
        {"a u t u mn", "", ""}, /* the fourth word is all that is left */
        {"  ", "Bridge 100%|夜雨寄北|River|loose leaf|", "Autumn letters:2|秋日书简:1|:1|"},
    };
    (void)state;
    struct store *s = two_projects();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(shelf_of(s, (struct shelf){.words = span_of(cases[i].words)}), cases[i].pieces);
        assert_string_equal(projects_of(s, (struct shelf){.words = span_of(cases[i].words)}), cases[i].projects);
    }
    store_close(s);
}

/* A piece's label follows its page, whoever writes there; what begins with a take shows the take. */
static void labels_follow_the_page(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p;
    piece_init(&p);
    passage_set_text(&p, piece_add_passage(&p, -1, AUTHOR_WRITER, -1), SPAN("first\nsecond"));
    passage_set_text(&p, piece_add_passage(&p, -1, AUTHOR_WRITER, -1), SPAN("　\n另一页\r\n"));
    piece_choose(&p, 0);
    must(store_piece_save(s, &p, &e));
    assert_string_equal(shelf_of(s, (struct shelf){0}), "first|");
    passage_set_text(&p, 0, SPAN("changed\nsecond"));
    must(store_piece_save(s, &p, &e));
    assert_string_equal(shelf_of(s, (struct shelf){0}), "changed|");
    passage_set_text(&p, 1, SPAN(" \n另一页\r\n"));
    must(store_piece_save(s, &p, &e));
    assert_string_equal(shelf_of(s, (struct shelf){0}), "changed|");
    piece_choose(&p, 1);
    must(store_piece_save(s, &p, &e));
    assert_string_equal(shelf_of(s, (struct shelf){.words = SPAN("另")}), "另一页|");
    piece_release(&p);

    piece_init(&p);
    int g = piece_add_generation(&p), take = piece_add_take(&p, -1 - g, 0);
    dials_default(&p.generations[g].dials);
    piece_choose(&p, piece_add_passage(&p, -1, AUTHOR_MODEL, take));
    must(store_generation_begin(s, &p, g, &e));
    library_end(s, &p.takes[0], "\n from a model\nmore", TAKE_DONE);
    assert_string_equal(shelf_of(s, (struct shelf){.words = SPAN("model")}), "from a model|");
    piece_release(&p);
    store_close(s);
}

static void pages_go_on_where_the_last_one_ended(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct str seen = {0}, all = {0};
    struct shelf q = {.limit = 3};
    for (int i = 0; i < 10; i++) {
        char title[8];
        snprintf(title, sizeof title, "p%d", i);
        if (i % 4 == 0) /* several in the same millisecond */
            later();
        make_piece(s, i % 2 ? "odd" : "even", title, "text");
    }
    str_add_text(&all, shelf_of(s, (struct shelf){0}));
    for (int count = 3; count == 3;) {
        struct shelf_piece *pieces = NULL;
        must(store_shelf(s, &q, &pieces, &count, &e));
        for (int i = 0; i < count; i++)
            str_printf(&seen, "%s|", str_text(&pieces[i].label));
        if (count) {
            q.before_ms = pieces[count - 1].changed_ms;
            q.before = pieces[count - 1].id;
        }
        shelf_free(pieces, count);
    }
    assert_string_equal(str_text(&seen), str_text(&all));
    assert_string_equal(str_text(&all), "p9|p8|p7|p6|p5|p4|p3|p2|p1|p0|");
    str_release(&seen);
    str_release(&all);
    store_close(s);
}

static void a_name_is_one_projects_alone(void **state)
{
    (void)state;
    struct store *s = two_projects();
    struct project p = {0}, new = {0};
    struct err fault = {0};
    must(store_project_load(s, project_of(s, "秋日书简"), &p, &e));
    str_set(&p.name, SPAN(" Autumn letters "));
    assert_false(store_project_save(s, &p, &fault));
    assert_int_equal(fault.kind, ERR_USAGE);
    assert_non_null(strstr(fault.text, "Autumn letters"));
    str_set(&new.name, SPAN("秋日书简"));
    assert_false(store_project_save(s, &new, &fault));
    assert_int_equal(new.id, 0);
    str_set(&new.name, SPAN("　"));
    assert_false(store_project_save(s, &new, &fault));
    str_set(&p.name, SPAN("冬日书简"));
    must(store_project_save(s, &p, &e));
    assert_string_equal(projects_of(s, (struct shelf){0}), "Autumn letters:2|冬日书简:1|:1|");
    must(store_project_load(s, project_of(s, ""), &p, &e));
    str_set(&p.name, SPAN("a name"));
    assert_false(store_project_save(s, &p, &fault));
    assert_int_equal(fault.kind, ERR_USAGE);
    project_release(&p);
    project_release(&new);
    store_close(s);
}

static void a_project_keeps_all_that_is_said_of_it(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct project p = {0}, back = {0};
    str_set(&p.name, SPAN("山居"));
    str_set(&p.cover, SPAN("twelve poems of one winter"));
    str_set(&p.notes, SPAN("no moon\nno wine"));
    str_set(&p.server, SPAN("desk"));
    str_set(&p.model, SPAN("qwen3"));
    str_set(&p.dials, SPAN("temperature=0.90 top_p=0.95"));
    str_set(&p.system, SPAN("你是一位山中的诗人。"));
    must(store_project_save(s, &p, &e));
    must(store_project_load(s, p.id, &back, &e));
    assert_string_equal(str_text(&back.cover), "twelve poems of one winter");
    assert_string_equal(str_text(&back.notes), "no moon\nno wine");
    assert_string_equal(str_text(&back.server), "desk");
    assert_string_equal(str_text(&back.model), "qwen3");
    assert_string_equal(str_text(&back.dials), "temperature=0.90 top_p=0.95");
    assert_string_equal(str_text(&back.system), "你是一位山中的诗人。");
    assert_true(project_has_defaults(&back));
    must_fail(store_project_load(s, 77, &back, &e));
    assert_string_equal(str_text(&back.name), "山居");
    project_release(&p);
    project_release(&back);
    store_close(s);
}

static void pieces_move_and_get_names(void **state)
{
    (void)state;
    struct store *s = two_projects();
    int64_t river = make_piece(s, "", "", "夜泊"), to = project_of(s, "秋日书简");
    struct piece p;
    piece_init(&p);
    later();
    must(store_piece_move(s, river, to, &e));
    assert_string_equal(shelf_of(s, (struct shelf){.project = to}), "夜泊|夜雨寄北|");
    assert_string_equal(projects_of(s, (struct shelf){0}), "秋日书简:2|Autumn letters:2|:1|");
    later();
    must(store_piece_rename(s, river, SPAN("枫桥"), &e));
    assert_string_equal(shelf_of(s, (struct shelf){.project = to}), "枫桥|夜雨寄北|");
    must(store_piece_load(s, river, &p, &e));
    assert_string_equal(str_text(&p.project_name), "秋日书简");
    must_fail(store_piece_move(s, river, 77, &e)); /* there is no such project */
    piece_release(&p);
    store_close(s);
}

static void a_project_goes_into_the_trash_with_its_pieces_and_comes_back_with_them(void **state)
{
    (void)state;
    struct store *s = two_projects();
    int64_t letters = project_of(s, "Autumn letters"), old = make_piece(s, "Autumn letters", "thrown away", "x");
    struct project again = {0};
    must(store_piece_trash(s, old, true, &e));
    must(store_piece_trash(s, old, true, &e)); /* a second time changes nothing */
    assert_string_equal(shelf_of(s, (struct shelf){.trash = true}), "thrown away|");
    must(store_project_trash(s, letters, true, &e)); /* in the same millisecond as the piece before it */
    assert_string_equal(projects_of(s, (struct shelf){0}), "秋日书简:1|:1|");
    assert_string_equal(shelf_of(s, (struct shelf){0}), "夜雨寄北|loose leaf|");
    assert_string_equal(projects_of(s, (struct shelf){.trash = true}), "Autumn letters:2|");
    assert_string_equal(shelf_of(s, (struct shelf){.trash = true}), "thrown away|");

    str_set(&again.name, SPAN("Autumn letters"));
    must_fail(store_project_save(s, &again, &e));
    project_release(&again);

    must(store_project_trash(s, letters, false, &e));
    assert_string_equal(shelf_of(s, (struct shelf){.project = letters}), "Bridge 100%|River|");
    assert_string_equal(projects_of(s, (struct shelf){.trash = true}), "");
    must(store_piece_trash(s, old, false, &e));
    assert_string_equal(shelf_of(s, (struct shelf){.project = letters}), "thrown away|Bridge 100%|River|");
    store_close(s);
}

static void asking_for_a_trashed_project_brings_it_back_without_its_pieces(void **state)
{
    (void)state;
    struct store *s = two_projects();
    int64_t letters = project_of(s, "Autumn letters"), id = 0;
    must(store_project_trash(s, letters, true, &e));
    must(store_project_find(s, SPAN("Autumn letters"), true, &id, &e));
    assert_int_equal(id, letters);
    assert_string_equal(projects_of(s, (struct shelf){0}), "Autumn letters:0|秋日书简:1|:1|");
    assert_string_equal(shelf_of(s, (struct shelf){.trash = true}), "Bridge 100%|River|"); /* one by one now */
    store_close(s);
}

static void pieces_without_a_project_have_none_to_be_trashed(void **state)
{
    (void)state;
    struct store *s = two_projects();
    must_fail(store_project_trash(s, project_of(s, ""), true, &e));
    assert_string_equal(shelf_of(s, (struct shelf){.project = project_of(s, "")}), "loose leaf|");
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_stands_first),
        cmocka_unit_test(words_are_looked_for_in_names_and_first_lines),
        cmocka_unit_test(labels_follow_the_page),
        cmocka_unit_test(pages_go_on_where_the_last_one_ended),
        cmocka_unit_test(a_name_is_one_projects_alone),
        cmocka_unit_test(a_project_keeps_all_that_is_said_of_it),
        cmocka_unit_test(pieces_move_and_get_names),
        cmocka_unit_test(a_project_goes_into_the_trash_with_its_pieces_and_comes_back_with_them),
        cmocka_unit_test(asking_for_a_trashed_project_brings_it_back_without_its_pieces),
        cmocka_unit_test(pieces_without_a_project_have_none_to_be_trashed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
