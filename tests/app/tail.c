/* The middle of the page: where a place is, cutting there, what stands behind as copies for another branch, and asking that again. */
#include "app/engine/compose.h"
#include "app/desk/generate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct piece piece;
    struct page page;
    int first, take, last;
};

/* 秋夜雨 by the writer, 落空阶。 by a model, 一灯 by the writer again. */
static int make(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    piece_init(&f->piece);
    page_init(&f->page);
    f->first = piece_add_passage(&f->piece, -1, AUTHOR_WRITER, -1);
    passage_set_text(&f->piece, f->first, SPAN("秋夜雨"));
    int take = piece_add_take(&f->piece, 1, 0);
    str_set(&f->piece.takes[take].text, SPAN("落空阶。"));
    f->piece.takes[take].state = TAKE_DONE;
    f->take = piece_add_passage(&f->piece, f->first, AUTHOR_MODEL, take);
    f->last = piece_add_passage(&f->piece, f->take, AUTHOR_WRITER, -1);
    passage_set_text(&f->piece, f->last, SPAN("一灯"));
    piece_choose_leaf(&f->piece, f->last);
    page_open(&f->page, &f->piece);
    *state = f;
    return 0;
}

static int unmake(void **state)
{
    struct fixture *f = *state;
    page_release(&f->page);
    piece_release(&f->piece);
    free(f);
    return 0;
}

static void expect_page(struct fixture *f, const char *text)
{
    char *copy = span_copy(buffer_text(f->page.buf));
    assert_string_equal(copy, text);
    free(copy);
}

static void expect_spot(struct fixture *f, size_t at, int passage, size_t offset)
{
    struct spot spot = tail_spot(&f->page, at);
    assert_int_equal(spot.passage, passage);
    assert_int_equal(spot.offset, offset);
}

static void a_place_belongs_to_the_passage_before_it(void **state)
{
    struct fixture *f = *state;
    expect_spot(f, 0, -1, 0);
    expect_spot(f, 3, f->first, 3);
    expect_spot(f, 9, f->first, 9);
    expect_spot(f, 12, f->take, 3);
    expect_spot(f, 27, f->last, 6);
}

static void what_is_written_behind_cannot_be_cut(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    f->piece.takes[0].state = TAKE_WRITING;
    assert_false(tail_is_still(&f->page, tail_spot(&f->page, 3), &err));
    assert_true(err.kind == ERR_USAGE && *err.text);
    assert_false(tail_is_still(&f->page, tail_spot(&f->page, 15), &err));
    assert_true(tail_is_still(&f->page, tail_spot(&f->page, 24), &err));
    f->piece.takes[0].state = TAKE_DONE;
    assert_true(tail_is_still(&f->page, tail_spot(&f->page, 3), &err));
}

/* A take goes between; the way without it is still there, and the copies refer to the take again instead of copying it. */
static void another_branch_goes_on_as_the_old_one(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    int above = -1, old = f->piece.leaf;
    assert_true(tail_cut(&f->page, tail_spot(&f->page, 6), &above, &err));
    assert_true(span_is(passage_text(&f->piece, above), "秋夜"));
    expect_page(f, "秋夜雨落空阶。一灯");
    int between = piece_add_passage(&f->piece, above, AUTHOR_WRITER, -1);
    passage_set_text(&f->piece, between, SPAN("，"));
    int leaf = tail_grow(&f->piece, (struct spot){above, 6}, old, between);
    page_go(&f->page, leaf);
    expect_page(f, "秋夜，雨落空阶。一灯");
    int copy = f->piece.passages[leaf].parent;
    assert_true(f->piece.passages[copy].take == 0 && !f->piece.passages[copy].own_text);
    assert_int_equal(piece_line_end(&f->piece, between), leaf);
    size_t caret = 0;
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋夜雨落空阶。一灯");
    assert_int_equal(f->piece.leaf, old);
}

/* A take that is cut gives its rest a text of its own, with who wrote it. */
static void a_cut_take_keeps_its_authors(void **state)
{
    struct fixture *f = *state;
    str_set(&f->piece.passages[f->take].runs, SPAN("6:1,6:2"));
    passage_set_text(&f->piece, f->take, SPAN("落空旧阶"));
    page_open(&f->page, &f->piece);
    int below = piece_add_passage(&f->piece, -1, AUTHOR_WRITER, -1);
    int leaf = tail_grow(&f->piece, (struct spot){f->take, 3}, f->piece.leaf, below);
    int copy = f->piece.passages[leaf].parent;
    assert_true(span_is(passage_text(&f->piece, copy), "空旧阶"));
    assert_string_equal(str_text(&f->piece.passages[copy].runs), "3:1,6:2");
    assert_true(f->piece.passages[copy].own_text && f->piece.passages[copy].take == 0);
    assert_true(span_is(passage_text(&f->piece, leaf), "一灯"));
}

static void nothing_behind_grows_nothing(void **state)
{
    struct fixture *f = *state;
    int count = f->piece.passage_count;
    assert_int_equal(tail_grow(&f->piece, (struct spot){f->last, 6}, f->piece.leaf, f->take), f->take);
    assert_int_equal(f->piece.passage_count, count);
}

/* The passages of the page, one after another, read like this. */
static void expect_passages(struct fixture *f, const char *text)
{
    int path[16], count = piece_path(&f->piece, f->piece.leaf, path, 16);
    struct str all = {0};
    for (int i = 0; i < count; i++)
        str_add(&all, passage_text(&f->piece, path[i]));
    assert_string_equal(str_text(&all), text);
    str_release(&all);
}

/* Edits on both sides of a cut can still be undone, one by one, and go back where they were. */
static void edits_before_a_cut_are_undone_behind_it(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    size_t caret = 0;
    int above = -1, old = f->piece.leaf;
    buffer_replace(f->page.buf, 3, 3, SPAN("甲"), page_ink(&f->page, 3)); /* 秋甲夜雨… */
    buffer_seal(f->page.buf);
    buffer_replace(f->page.buf, 12, 12, SPAN("乙"), page_ink(&f->page, 12)); /* 秋甲夜雨乙… */
    buffer_seal(f->page.buf);
    buffer_replace(f->page.buf, 6, 9, SPAN(""), page_ink(&f->page, 6)); /* 秋甲雨乙… */
    buffer_seal(f->page.buf);
    expect_page(f, "秋甲雨乙落空阶。一灯");
    assert_true(tail_cut(&f->page, tail_spot(&f->page, 6), &above, &err)); /* behind 秋甲, where 夜 was */
    int between = piece_add_passage(&f->piece, above, AUTHOR_WRITER, -1);
    passage_set_text(&f->piece, between, SPAN("，"));
    page_go(&f->page, tail_grow(&f->piece, (struct spot){above, 6}, old, between));
    expect_page(f, "秋甲，雨乙落空阶。一灯");
    static const char *const back[] = {"秋甲雨乙落空阶。一灯", "秋甲夜雨乙落空阶。一灯", "秋甲夜雨落空阶。一灯", "秋夜雨落空阶。一灯"};
    for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
        assert_true(page_undo(&f->page, &caret));
        expect_page(f, back[i]);
        page_sync(&f->page);
        expect_passages(f, back[i]);
    }
    assert_false(page_undo(&f->page, &caret));
}

/* A take that is empty when it comes onto the page changes no byte of it; what streams in then is its alone. */
static void what_streams_into_the_middle_leaves_the_history_whole(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    size_t caret = 0, at = 0, len = 0;
    int above = -1, old = f->piece.leaf;
    buffer_replace(f->page.buf, 3, 3, SPAN("甲"), page_ink(&f->page, 3));
    assert_true(tail_cut(&f->page, tail_spot(&f->page, 9), &above, &err));
    int take = piece_add_take(&f->piece, 2, 0);
    int between = piece_add_passage(&f->piece, above, AUTHOR_MODEL, take);
    page_go(&f->page, tail_grow(&f->piece, (struct spot){above, 9}, old, between));
    expect_page(f, "秋甲夜雨落空阶。一灯");
    str_add_text(&f->piece.takes[take].text, "丙丁");
    assert_true(page_take_grew(&f->page, between, SPAN("丙丁"), &at, &len));
    expect_page(f, "秋甲夜丙丁雨落空阶。一灯");
    assert_true(at == 9 && len == 6);
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋甲夜雨落空阶。一灯");
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋夜雨落空阶。一灯");
    assert_true(page_redo(&f->page, &caret));
    assert_true(page_redo(&f->page, &caret));
    expect_page(f, "秋甲夜丙丁雨落空阶。一灯");
}

/* The second take of an insertion gets what follows when it is first shown, and no take of another kind does. */
static void a_take_into_the_middle_is_completed_when_it_is_shown(void **state)
{
    struct fixture *f = *state;
    struct piece *p = &f->piece;
    struct err err = {0};
    int above = -1, old = p->leaf, takes[2], count = 0;
    assert_true(tail_cut(&f->page, tail_spot(&f->page, 9), &above, &err));
    int g = piece_add_generation(p);
    p->generations[g].id = 9;
    p->generations[g].kind = KIND_INSERT;
    for (int i = 0; i < 2; i++) {
        int take = piece_add_take(p, 9, i);
        str_add_text(&p->takes[take].text, i ? "乙" : "甲");
        takes[i] = piece_add_passage(p, above, AUTHOR_MODEL, take);
    }
    assert_int_equal(insert_complete(p, takes[1]), takes[1]); /* nothing is known yet of what follows */
    int other = piece_add_generation(p), strange = piece_add_take(p, 8, 0);
    p->generations[other].id = 8;
    p->generations[other].kind = KIND_REWRITE;
    str_add_text(&p->takes[strange].text, "旧");
    int beside = piece_add_passage(p, above, AUTHOR_MODEL, strange); /* of another question: what follows it is not what follows here */
    passage_set_text(p, piece_add_passage(p, beside, AUTHOR_WRITER, -1), SPAN("别的"));
    assert_int_equal(insert_complete(p, takes[1]), takes[1]);
    page_go(&f->page, tail_grow(p, (struct spot){above, 9}, old, takes[0]));
    expect_page(f, "秋夜雨甲落空阶。一灯");
    page_go(&f->page, insert_complete(p, takes[1]));
    expect_page(f, "秋夜雨乙落空阶。一灯");
    int more = piece_add_generation(p), again = piece_add_take(p, 10, 0);
    p->generations[more].id = 10;
    p->generations[more].kind = KIND_INSERT;
    p->generations[more].rerun_of = 9; /* asked once more */
    str_add_text(&p->takes[again].text, "丙");
    page_go(&f->page, insert_complete(p, piece_add_passage(p, above, AUTHOR_MODEL, again)));
    expect_page(f, "秋夜雨丙落空阶。一灯");
    page_go(&f->page, insert_complete(p, takes[1]));
    count = p->passage_count;
    assert_int_equal(insert_complete(p, takes[1]), p->leaf);
    assert_int_equal(insert_complete(p, f->take), piece_line_end(p, f->take));
    assert_int_equal(p->passage_count, count);
}

/* -- asked again -------------------------------------------------------------------------------------------------------------------------- */

static void expect_again(struct piece *p, const struct generation *g, const struct request *first)
{
    struct request req;
    struct generation what = {0};
    struct err err = {0};
    request_init(&req);
    assert_true(compose_again(&req, &what, p, g, &err));
    assert_string_equal(str_text(&req.prompt), str_text(&first->prompt));
    assert_string_equal(str_text(&req.suffix), str_text(&first->suffix));
    assert_int_equal(req.turn_count, first->turn_count);
    for (int i = 0; i < req.turn_count; i++)
        assert_string_equal(str_text(&req.turns[i].text), str_text(&first->turns[i].text));
    assert_int_equal(what.kind, g->kind);
    assert_string_equal(str_text(&what.selection), str_text(&g->selection));
    assert_string_equal(str_text(&what.suffix), str_text(&g->suffix));
    request_release(&req);
    generation_release(&what);
}

static void an_insertion_and_a_rewriting_are_asked_again_as_they_were(void **state)
{
    struct fixture *f = *state;
    struct piece *p = &f->piece;
    struct request req;
    struct generation what = {0};
    const struct rewriting rewriting = {SPAN("落空阶。"), SPAN("一灯"), SPAN("colder")};
    p->passages[f->first].id = 1;
    str_set(&p->notes.memory, SPAN("记"));
    request_init(&req);
    compose_insert(&req, &what, p, f->first, 9, SPAN("落空阶。一灯"));
    assert_int_equal(what.kind, KIND_INSERT);
    assert_string_equal(str_text(&what.context), "记\n\n秋夜雨"); /* as it was sent */
    what.passage = 1;
    expect_again(p, &what, &req);
    request_release(&req);
    generation_release(&what);

    request_init(&req);
    compose_rewrite(&req, &what, p, f->first, WHOLE_LEAF, &rewriting);
    assert_int_equal(what.kind, KIND_REWRITE);
    assert_string_equal(str_text(&what.prompt), "colder");
    what.passage = 1;
    expect_again(p, &what, &req);
    str_clear(&p->notes.memory); /* the memory is another today, what was asked is not */
    passage_set_text(p, f->first, SPAN("别的"));
    expect_again(p, &what, &req);
    request_release(&req);
    generation_release(&what);
}

/* The muse is asked for verse in lines like those selected, and gets the page alone. */
static void the_muse_gets_a_form_with_the_instruction(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *selection, *instruction, *prompt;
    } rows[] = {
        {"秋夜雨落阶\n一灯如豆小\n", "写冬天", "写冬天，五言2行"},
        {"秋夜雨落空阶上\n一灯如豆照窗纱", "冬", "冬，七言2行"},
        {"雨\n一灯如豆", "冬", "冬，2行"},
        {"one line\nanother line", "winter", "winter, 2 lines"},
        {"一灯如豆", "冬", "冬"},
        {"秋夜雨落阶\n一灯如豆小", "写一首七绝，冬", "写一首七绝，冬"},
    };
    str_set(&f->piece.notes.memory, SPAN("记"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request req;
        struct generation what = {0};
        const struct rewriting rewriting = {span_of(rows[i].selection), SPAN("behind"), span_of(rows[i].instruction)};
        request_init(&req);
        req.bare = true;
        compose_rewrite(&req, &what, &f->piece, f->first, WHOLE_LEAF, &rewriting);
        assert_string_equal(str_text(&req.prompt) + req.asked, rows[i].prompt);
        assert_string_equal(str_text(&what.prompt), rows[i].instruction);
        assert_string_equal(str_text(&what.context), "秋夜雨");
        request_release(&req);
        generation_release(&what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_place_belongs_to_the_passage_before_it, make, unmake),
        cmocka_unit_test_setup_teardown(what_is_written_behind_cannot_be_cut, make, unmake),
        cmocka_unit_test_setup_teardown(another_branch_goes_on_as_the_old_one, make, unmake),
        cmocka_unit_test_setup_teardown(edits_before_a_cut_are_undone_behind_it, make, unmake),
        cmocka_unit_test_setup_teardown(what_streams_into_the_middle_leaves_the_history_whole, make, unmake),
        cmocka_unit_test_setup_teardown(a_take_into_the_middle_is_completed_when_it_is_shown, make, unmake),
        cmocka_unit_test_setup_teardown(a_cut_take_keeps_its_authors, make, unmake),
        cmocka_unit_test_setup_teardown(nothing_behind_grows_nothing, make, unmake),
        cmocka_unit_test_setup_teardown(an_insertion_and_a_rewriting_are_asked_again_as_they_were, make, unmake),
        cmocka_unit_test_setup_teardown(the_muse_gets_a_form_with_the_instruction, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
