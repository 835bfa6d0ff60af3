/* The page: edits go into the right passages, takes stream where they belong, and one history holds both. */
#include "app/desk/page.h"
#include "core/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct piece piece;
    struct page page;
    int prompt, takes[3];
};

/* A prompt with three takes, the first of them on the page. */
static int make(void **state)
{
    static const char *const texts[] = {"\n\n秋夜静", "雨打窗", "月如霜"};
    struct fixture *f = calloc(1, sizeof *f);
    piece_init(&f->piece);
    page_init(&f->page);
    f->prompt = piece_add_prompt(&f->piece, -1, SPAN("秋夜"));
    for (int i = 0; i < 3; i++) {
        int take = piece_add_take(&f->piece, 1, i);
        str_set(&f->piece.takes[take].text, span_of(texts[i]));
        f->piece.takes[take].state = TAKE_DONE;
        f->takes[i] = piece_add_passage(&f->piece, f->prompt, AUTHOR_MODEL, take);
    }
    piece_choose_leaf(&f->piece, f->takes[0]);
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
    struct span shown = buffer_text(f->page.buf);
    char *copy = span_copy(shown);
    assert_string_equal(copy, text);
    free(copy);
}

static void type_at(struct fixture *f, size_t at, const char *text)
{
    buffer_replace(f->page.buf, at, at, span_of(text), page_ink(&f->page, at));
}

static void a_take_below_a_prompt_loses_its_leading_space(void **state)
{
    expect_page(*state, "秋夜\n秋夜静");
}

static void flipping_shows_each_take_and_undo_returns(void **state)
{
    struct fixture *f = *state;
    size_t caret = 0;
    page_go(&f->page, f->takes[1]);
    expect_page(f, "秋夜\n雨打窗");
    page_go(&f->page, f->takes[2]);
    expect_page(f, "秋夜\n月如霜");
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋夜\n雨打窗");
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋夜\n秋夜静");
    assert_int_equal(f->piece.leaf, f->takes[0]);
    assert_false(page_undo(&f->page, &caret));
    assert_true(page_redo(&f->page, &caret));
    expect_page(f, "秋夜\n雨打窗");
}

static void an_edited_take_is_the_writers_edit_and_the_original_stays(void **state)
{
    struct fixture *f = *state;
    size_t end = buffer_length(f->page.buf), caret = 0;
    type_at(f, end - 3, "更");
    expect_page(f, "秋夜\n秋夜更静");
    assert_true(page_sync(&f->page));
    assert_int_equal(f->piece.passages[f->takes[0]].author, AUTHOR_EDIT);
    assert_string_equal(str_text(&f->piece.takes[0].text), "\n\n秋夜静");
    assert_string_equal(str_text(&f->piece.passages[f->takes[0]].runs), "6:1,3:2,3:1");
    assert_true(page_undo(&f->page, &caret));
    page_sync(&f->page);
    assert_int_equal(f->piece.passages[f->takes[0]].author, AUTHOR_MODEL);
    assert_false(f->piece.passages[f->takes[0]].own_text);
}

static void writing_below_a_take_begins_the_writers_own_passage(void **state)
{
    struct fixture *f = *state;
    type_at(f, buffer_length(f->page.buf), "我续");
    page_sync(&f->page);
    const struct passage *mine = &f->piece.passages[f->piece.leaf];
    assert_int_equal(mine->author, AUTHOR_WRITER);
    assert_int_equal(mine->parent, f->takes[0]);
    assert_string_equal(str_text(&mine->text), "我续");
    assert_int_equal(f->piece.passages[f->takes[0]].author, AUTHOR_MODEL);
}

static void edits_survive_a_flip_there_and_back(void **state)
{
    struct fixture *f = *state;
    size_t caret = 0;
    type_at(f, buffer_length(f->page.buf), "甲");
    page_go(&f->page, f->takes[1]);
    type_at(f, buffer_length(f->page.buf), "乙");
    expect_page(f, "秋夜\n雨打窗乙");
    page_undo(&f->page, &caret);
    expect_page(f, "秋夜\n雨打窗");
    page_undo(&f->page, &caret);
    expect_page(f, "秋夜\n秋夜静甲");
    page_undo(&f->page, &caret);
    expect_page(f, "秋夜\n秋夜静");
    while (page_redo(&f->page, &caret))
        ;
    expect_page(f, "秋夜\n雨打窗乙");
}

/* Text for a take, as the engine adds it. */
static bool stream(struct fixture *f, int take, const char *text)
{
    size_t at = 0, len = 0;
    str_add_text(&f->piece.takes[take].text, text);
    f->piece.takes[take].state = TAKE_WRITING;
    return page_take_grew(&f->page, f->takes[take], span_of(text), &at, &len);
}

static void a_stream_goes_on_while_the_writer_edits(void **state)
{
    struct fixture *f = *state;
    assert_true(stream(f, 0, "，"));
    type_at(f, 0, "《");
    assert_true(stream(f, 0, "灯"));
    expect_page(f, "《秋夜\n秋夜静，灯");
    type_at(f, buffer_length(f->page.buf), "我");
    assert_true(stream(f, 0, "火"));
    expect_page(f, "《秋夜\n秋夜静，灯火我");
    size_t caret = 0;
    page_undo(&f->page, &caret);
    page_undo(&f->page, &caret);
    expect_page(f, "秋夜\n秋夜静，灯火");
}

static void an_edited_take_keeps_growing(void **state)
{
    struct fixture *f = *state;
    type_at(f, buffer_length(f->page.buf) - 3, "更");
    page_sync(&f->page);
    assert_true(stream(f, 0, "了"));
    expect_page(f, "秋夜\n秋夜更静了");
    page_sync(&f->page);
    assert_string_equal(str_text(&f->piece.passages[f->takes[0]].text), "秋夜更静了");
    assert_string_equal(str_text(&f->piece.takes[0].text), "\n\n秋夜静了");
}

static void a_take_off_the_page_streams_unseen(void **state)
{
    struct fixture *f = *state;
    assert_false(stream(f, 1, "声"));
    expect_page(f, "秋夜\n秋夜静");
    page_go(&f->page, f->takes[1]);
    expect_page(f, "秋夜\n雨打窗声");
}

static void a_redo_past_a_take_that_grew_meanwhile_is_dropped(void **state)
{
    struct fixture *f = *state;
    size_t caret = 0;
    page_go(&f->page, f->takes[1]);
    type_at(f, buffer_length(f->page.buf), "乙");
    page_undo(&f->page, &caret);
    page_undo(&f->page, &caret);
    stream(f, 1, "了一夜");
    assert_true(page_redo(&f->page, &caret));
    expect_page(f, "秋夜\n雨打窗了一夜");
    page_redo(&f->page, &caret); /* whatever is left must not tear the text */
    assert_true(span_find(buffer_text(f->page.buf), SPAN("雨打窗了一夜"), 0) >= 0);
}

/* What is typed below a take lies in a passage of its own, which a step does not name. */
static void what_is_redone_below_a_take_is_kept(void **state)
{
    struct fixture *f = *state;
    size_t caret = 0;
    piece_choose_leaf(&f->piece, f->prompt);
    page_open(&f->page, &f->piece);
    page_go(&f->page, f->takes[1]);
    type_at(f, buffer_length(f->page.buf), "夜未央");
    int own = f->piece.leaf;
    page_sync(&f->page);
    while (page_undo(&f->page, &caret))
        ;
    expect_page(f, "秋夜\n");
    while (page_redo(&f->page, &caret))
        ;
    page_sync(&f->page);
    expect_page(f, "秋夜\n雨打窗夜未央");
    assert_int_equal(f->piece.leaf, own);
    assert_true(span_is(passage_text(&f->piece, own), "夜未央"));
}

/* What streamed in was thinking, and is no part of the take any more. */
static void take_back(struct fixture *f, int take)
{
    size_t at = 0, len = 0;
    str_clear(&f->piece.takes[take].text);
    while (page_take_back(&f->page, f->takes[take], &at, &len))
        assert_true(len > 0);
    page_sync(&f->page);
}

static void thoughts_leave_the_page(void **state)
{
    struct fixture *f = *state;
    size_t caret = 0;
    stream(f, 0, "，想一想");
    take_back(f, 0);
    expect_page(f, "秋夜\n");
    assert_false(f->piece.passages[f->takes[0]].own_text);
    stream(f, 0, "举头望明月");
    expect_page(f, "秋夜\n举头望明月");
    assert_false(page_sync(&f->page));
    assert_int_equal(f->piece.passages[f->takes[0]].author, AUTHOR_MODEL);
    assert_false(page_undo(&f->page, &caret));
}

static void what_the_writer_put_among_thoughts_stays(void **state)
{
    struct fixture *f = *state;
    size_t caret = 0;
    type_at(f, buffer_length(f->page.buf) - 3, "我的");
    stream(f, 0, "，想");
    take_back(f, 0);
    expect_page(f, "秋夜\n我的");
    assert_int_equal(f->piece.passages[f->takes[0]].author, AUTHOR_EDIT);
    stream(f, 0, "望月");
    expect_page(f, "秋夜\n我的望月");
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋夜\n望月");
    page_sync(&f->page);
    assert_int_equal(f->piece.passages[f->takes[0]].author, AUTHOR_MODEL);
    assert_true(page_redo(&f->page, &caret));
    expect_page(f, "秋夜\n我的望月");
}

/* The writer's own words above and a flip before stay where they are in the history. */
static void undo_is_sound_around_thoughts(void **state)
{
    struct fixture *f = *state;
    size_t caret = 0;
    page_go(&f->page, f->takes[1]);
    type_at(f, 0, "静");
    stream(f, 1, "，想一想");
    take_back(f, 1);
    stream(f, 1, "望月");
    expect_page(f, "静秋夜\n望月");
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋夜\n望月");
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋夜\n秋夜静");
    assert_true(page_redo(&f->page, &caret));
    assert_true(page_redo(&f->page, &caret));
    expect_page(f, "静秋夜\n望月");
}

static void thoughts_off_the_page_go_unseen(void **state)
{
    struct fixture *f = *state;
    size_t at = 0, len = 0, caret = 0;
    str_clear(&f->piece.takes[1].text);
    assert_false(page_take_back(&f->page, f->takes[1], &at, &len));
    stream(f, 1, "望月");
    page_go(&f->page, f->takes[1]);
    expect_page(f, "秋夜\n望月");
    assert_true(page_undo(&f->page, &caret));
    expect_page(f, "秋夜\n秋夜静");
}

static void mixed_authors_come_back(void **state)
{
    struct fixture *f = *state;
    size_t count = 0;
    type_at(f, buffer_length(f->page.buf) - 3, "更");
    page_sync(&f->page);
    page_open(&f->page, &f->piece);
    const struct run *runs = buffer_runs(f->page.buf, &count);
    assert_int_equal(count, 4);
    assert_int_equal(runs[2].ink.author, AUTHOR_EDIT);
    assert_int_equal(runs[2].len, 3);
    str_set(&f->piece.passages[f->takes[0]].runs, SPAN("9999:1,x"));
    page_open(&f->page, &f->piece); /* a broken list falls back to the passage's author */
    expect_page(f, "秋夜\n秋夜更静");
}

static void writing_above_a_fork_begins_a_branch(void **state)
{
    struct fixture *f = *state;
    type_at(f, buffer_length(f->page.buf), "我续");
    page_sync(&f->page);
    int mine = f->piece.leaf;
    int below = piece_add_passage(&f->piece, mine, AUTHOR_WRITER, -1);
    passage_set_text(&f->piece, below, SPAN("下文"));
    page_go(&f->page, below);
    page_go(&f->page, mine); /* the page ends above what was written on */
    type_at(f, buffer_length(f->page.buf), "别枝");
    page_sync(&f->page);
    assert_true(f->piece.leaf != mine && f->piece.passages[f->piece.leaf].parent == mine);
    assert_string_equal(str_text(&f->piece.passages[mine].text), "我续");
    assert_string_equal(str_text(&f->piece.passages[f->piece.leaf].text), "别枝");
    assert_int_equal(page_flip_point(&f->page, f->piece.leaf), f->piece.leaf);
    expect_page(f, "秋夜\n秋夜静我续别枝");
}

/* Each of many passages gets what was done to it, whatever was done elsewhere at the same time. */
static void edits_go_into_their_passages(void **state)
{
    struct fixture *f = *state;
    int chain[200], parent = f->takes[0];
    for (int i = 0; i < 200; i++) {
        chain[i] = parent = piece_add_passage(&f->piece, parent, AUTHOR_WRITER, -1);
        passage_set_text(&f->piece, parent, i % 7 ? SPAN("ab\n") : SPAN(""));
    }
    page_go(&f->page, parent);
    size_t from = 0, to = 0;
    assert_true(page_passage_range(&f->page, chain[9], &from, &to));
    type_at(f, from + 1, "X");
    assert_true(page_passage_range(&f->page, chain[190], &from, &to));
    buffer_replace(f->page.buf, from, to, SPAN(""), buffer_ink_at(f->page.buf, from)); /* a whole passage */
    assert_true(page_passage_range(&f->page, chain[199], &from, &to));
    buffer_replace(f->page.buf, from, from + 1, SPAN("Z"), buffer_ink_at(f->page.buf, from)); /* as long as before */
    assert_true(page_sync(&f->page));
    assert_false(page_sync(&f->page));
    int changed = 0;
    for (int i = 0; i < 200; i++)
        changed += !span_is(passage_text(&f->piece, chain[i]), i % 7 ? "ab\n" : "");
    assert_int_equal(changed, 3);
    assert_true(span_is(passage_text(&f->piece, chain[9]), "aXb\n") && span_is(passage_text(&f->piece, chain[199]), "Zb\n"));
    assert_int_equal(passage_text(&f->piece, chain[190]).len, 0);
}

static void the_flip_point_is_the_last_place_with_siblings(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(page_flip_point(&f->page, f->piece.leaf), f->takes[0]);
    type_at(f, buffer_length(f->page.buf), "我续");
    assert_int_equal(page_flip_point(&f->page, f->piece.leaf), f->takes[0]);
    assert_int_equal(page_tip(&f->page), f->piece.leaf);
    size_t caret = 0;
    page_undo(&f->page, &caret);
    assert_int_equal(page_tip(&f->page), f->takes[0]); /* an empty passage is passed over */
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_take_below_a_prompt_loses_its_leading_space, make, unmake),
        cmocka_unit_test_setup_teardown(flipping_shows_each_take_and_undo_returns, make, unmake),
        cmocka_unit_test_setup_teardown(an_edited_take_is_the_writers_edit_and_the_original_stays, make, unmake),
        cmocka_unit_test_setup_teardown(writing_below_a_take_begins_the_writers_own_passage, make, unmake),
        cmocka_unit_test_setup_teardown(edits_survive_a_flip_there_and_back, make, unmake),
        cmocka_unit_test_setup_teardown(a_stream_goes_on_while_the_writer_edits, make, unmake),
        cmocka_unit_test_setup_teardown(an_edited_take_keeps_growing, make, unmake),
        cmocka_unit_test_setup_teardown(a_take_off_the_page_streams_unseen, make, unmake),
        cmocka_unit_test_setup_teardown(a_redo_past_a_take_that_grew_meanwhile_is_dropped, make, unmake),
        cmocka_unit_test_setup_teardown(what_is_redone_below_a_take_is_kept, make, unmake),
        cmocka_unit_test_setup_teardown(thoughts_leave_the_page, make, unmake),
        cmocka_unit_test_setup_teardown(what_the_writer_put_among_thoughts_stays, make, unmake),
        cmocka_unit_test_setup_teardown(undo_is_sound_around_thoughts, make, unmake),
        cmocka_unit_test_setup_teardown(thoughts_off_the_page_go_unseen, make, unmake),
        cmocka_unit_test_setup_teardown(mixed_authors_come_back, make, unmake),
        cmocka_unit_test_setup_teardown(the_flip_point_is_the_last_place_with_siblings, make, unmake),
        cmocka_unit_test_setup_teardown(writing_above_a_fork_begins_a_branch, make, unmake),
        cmocka_unit_test_setup_teardown(edits_go_into_their_passages, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
