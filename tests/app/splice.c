/* The splice: lines of takes in one text, and where each came from through editing, undo, the page and the library. */
#include "app/views/splice.h"
#include "app/desk/page.h"
#include "app/views/compare_sides.h"
#include "core/mem.h"
#include "storage/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct desk {
    struct buffer *text;
    struct editor ed;
};

static struct ink choose_ink(void *ctx, size_t at)
{
    return splice_ink(ctx, at);
}

static int make(void **state)
{
    struct desk *d = mem_new(1, sizeof *d);
    d->text = buffer_new();
    editor_init(&d->ed, d->text);
    d->ed.choose_ink = choose_ink;
    d->ed.ctx = d->text;
    *state = d;
    return 0;
}

static int unmake(void **state)
{
    struct desk *d = *state;
    editor_release(&d->ed);
    buffer_free(d->text);
    free(d);
    return 0;
}

static void take(struct desk *d, const char *line, int64_t source)
{
    struct run run = {strlen(line), {0, AUTHOR_MODEL, source}};
    splice_add(&d->ed, span_of(line), &run, 1);
}

static void expect(struct desk *d, const char *text, const char *runs)
{
    struct str have = {0};
    str_add(&have, buffer_text(d->text));
    assert_string_equal(str_text(&have), text);
    str_clear(&have);
    splice_runs(d->text, &have);
    assert_string_equal(str_text(&have), runs);
    str_release(&have);
}

/* -- the text ------------------------------------------------------------------------------------------------------------------------------ */

static void lines_join_with_their_sources(void **state)
{
    struct desk *d = *state;
    assert_int_equal(splice_lines(d->text), 0);
    take(d, "秋夜", 7);
    take(d, "river", 9);
    take(d, "月", 7);
    expect(d, "秋夜\nriver\n月", "6:1:7,1:0,5:1:9,1:0,3:1:7");
    assert_int_equal(splice_lines(d->text), 3);
}

static void a_line_goes_below_the_carets(void **state)
{
    struct desk *d = *state;
    take(d, "one", 1);
    take(d, "three", 3);
    editor_move_to(&d->ed, 1, false);
    take(d, "two", 2);
    expect(d, "one\ntwo\nthree", "3:1:1,1:0,3:1:2,1:0,5:1:3");
    assert_int_equal(d->ed.caret, 7);
}

static void lines_come_out_again(void **state)
{
    struct desk *d = *state;
    take(d, "one", 1);
    take(d, "two", 2);
    take(d, "three", 3);
    assert_true(splice_drop(&d->ed));
    expect(d, "one\ntwo", "3:1:1,1:0,3:1:2");
    editor_move_to(&d->ed, 0, false);
    assert_true(splice_drop(&d->ed));
    expect(d, "two", "3:1:2");
    assert_true(splice_drop(&d->ed));
    expect(d, "", "");
    assert_false(splice_drop(&d->ed));
    for (int i = 0; i < 3; i++)
        assert_true(splice_walk(&d->ed, true));
    expect(d, "one\ntwo\nthree", "3:1:1,1:0,3:1:2,1:0,5:1:3");
    assert_true(splice_walk(&d->ed, false));
    expect(d, "one\ntwo", "3:1:1,1:0,3:1:2");
}

static void lines_change_places(void **state)
{
    struct desk *d = *state;
    take(d, "one", 1);
    take(d, "second", 2);
    assert_false(splice_shift(&d->ed, 1));
    assert_true(splice_shift(&d->ed, -1));
    expect(d, "second\none", "6:1:2,1:0,3:1:1");
    assert_int_equal(d->ed.caret, 6); /* it stays with its line */
    assert_false(splice_shift(&d->ed, -1));
    assert_true(splice_shift(&d->ed, 1));
    expect(d, "one\nsecond", "3:1:1,1:0,6:1:2");
    assert_true(splice_walk(&d->ed, true));
    expect(d, "second\none", "6:1:2,1:0,3:1:1");
}

static void what_is_typed_into_a_line_is_an_edit_of_it(void **state)
{
    struct desk *d = *state;
    take(d, "秋", 7);
    editor_type(&d->ed, SPAN("深"));
    expect(d, "秋深", "3:1:7,3:2:7");
    editor_type(&d->ed, SPAN("\n"));
    editor_type(&d->ed, SPAN("mine"));
    expect(d, "秋深\nmine", "3:1:7,4:2:7,4:0");
}

/* -- sides ------------------------------------------------------------------------------------------------------------------------------------ */

static void sides_know_where_their_text_is_from(void **state)
{
    (void)state;
    struct piece p;
    struct side s = {0}, edited = {0}, own = {0};
    piece_init(&p);
    int take = piece_add_take(&p, 5, 1), generation = piece_add_generation(&p);
    p.generations[generation].id = 5;
    p.takes[take].id = 70;
    p.takes[take].state = TAKE_DONE;
    str_set(&p.takes[take].text, SPAN("\n\n  one\ntwo\n\n"));
    side_from_passage(&s, &p, piece_add_passage(&p, -1, AUTHOR_MODEL, take));
    assert_string_equal(str_text(&s.text), "one\ntwo");
    assert_int_equal(s.line_count, 2);
    assert_int_equal(side_line_start(&s, 1), 4);
    assert_true(ink_equal(runs_at(&s.inks, 5), (struct ink){0, AUTHOR_MODEL, 70}));
    assert_true(s.asked && !s.edited && !s.own);

    int passage = piece_add_passage(&p, -1, AUTHOR_EDIT, take);
    passage_set_text(&p, passage, SPAN("\n  one\ntwo!"));
    str_set(&p.passages[passage].runs, SPAN("10:1,1:2"));
    side_from_passage(&edited, &p, passage);
    assert_string_equal(str_text(&edited.text), "  one\ntwo!");
    assert_true(edited.edited);
    assert_true(ink_equal(runs_at(&edited.inks, 9), (struct ink){0, AUTHOR_EDIT, 70}));
    assert_true(ink_equal(runs_at(&edited.inks, 8), (struct ink){0, AUTHOR_MODEL, 70}));

    passage = piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
    passage_set_text(&p, passage, SPAN("mine"));
    side_from_passage(&own, &p, passage);
    assert_true(own.own && !own.asked);
    assert_true(ink_equal(runs_at(&own.inks, 0), (struct ink){0, AUTHOR_WRITER, 0}));
    side_release(&s);
    side_release(&edited);
    side_release(&own);
    piece_release(&p);
}

static void only_what_differs_is_told(void **state)
{
    (void)state;
    struct side a = {.asked = true}, b = {.asked = true}, own = {.own = true};
    struct facts f = {0};
    dials_default(&a.generation.dials);
    dials_default(&b.generation.dials);
    str_set(&a.generation.prompt, SPAN("写秋"));
    str_set(&b.generation.prompt, SPAN("写秋"));
    facts_make(&f, (struct side *[]){&a, &b, &own}, 3);
    assert_int_equal(f.count, 0);
    assert_int_equal(f.asked, 2);
    dial_set(&b.generation.dials, DIAL_TEMPERATURE, 1.1);
    str_set(&b.generation.prompt, SPAN("写冬"));
    facts_make(&f, (struct side *[]){&a, &b, &own}, 3);
    assert_int_equal(f.count, 2);
    assert_string_equal(str_text(&f.list[0].value[0]), "prompt 写秋");
    assert_string_equal(str_text(&f.list[0].value[1]), "prompt 写冬");
    assert_string_equal(str_text(&f.list[0].value[2]), "");
    assert_string_equal(str_text(&f.list[1].value[0]), "temperature 0.70");
    assert_string_equal(str_text(&f.list[1].value[1]), "temperature 1.10");
    facts_release(&f);
    side_release(&a);
    side_release(&b);
}

/* -- on the page ------------------------------------------------------------------------------------------------------------------------------ */

static int64_t source_at(struct page *pg, size_t at)
{
    return buffer_ink_at(pg->buf, at).source;
}

static void lay(struct piece *p)
{
    int passage = piece_add_passage(p, -1, AUTHOR_EDIT, -1);
    passage_set_text(p, passage, SPAN("one\ntwo\nmine"));
    str_set(&p->passages[passage].runs, SPAN("3:1:41,1:0,3:1:42,1:0,4:0"));
    piece_choose_leaf(p, passage);
}

static void sources_last_through_editing_undo_saving_and_loading(void **state)
{
    (void)state;
    struct store *store = NULL;
    struct err err = {0};
    struct piece p;
    struct page pg;
    size_t caret = 0;
    piece_init(&p);
    page_init(&pg);
    assert_true(store_open(&store, NULL, &err));
    lay(&p);
    page_open(&pg, &p);
    assert_int_equal(source_at(&pg, 0), 41);
    assert_int_equal(source_at(&pg, 4), 42);
    assert_int_equal(source_at(&pg, 9), 0);

    buffer_replace(pg.buf, 2, 2, SPAN("—"), page_ink(&pg, 2)); /* within the first line */
    assert_int_equal(buffer_ink_at(pg.buf, 2).author, AUTHOR_EDIT);
    assert_int_equal(source_at(&pg, 2), 41);
    buffer_seal(pg.buf);
    buffer_replace(pg.buf, 0, 7, SPAN(""), page_ink(&pg, 0)); /* all of it */
    buffer_seal(pg.buf);
    assert_int_equal(source_at(&pg, 0), 42);
    assert_true(page_undo(&pg, &caret));
    assert_int_equal(source_at(&pg, 0), 41);
    assert_true(page_sync(&pg));
    assert_string_equal(str_text(&p.passages[0].runs), "2:1:41,3:2:41,1:1:41,1:0,3:1:42,5:0");
    assert_true(store_piece_save(store, &p, &err));

    int64_t id = p.id;
    assert_true(store_piece_load(store, id, &p, &err));
    page_open(&pg, &p);
    assert_int_equal(source_at(&pg, 2), 41);
    assert_int_equal(source_at(&pg, 7), 42);
    assert_true(span_is(buffer_text(pg.buf), "on—e\ntwo\nmine"));
    page_release(&pg);
    piece_release(&p);
    store_close(store);
}

static void an_earlier_form_brings_its_sources_back(void **state)
{
    (void)state;
    struct piece p;
    struct page pg;
    size_t caret = 0;
    piece_init(&p);
    page_init(&pg);
    lay(&p);
    page_open(&pg, &p);
    assert_true(page_rewrite(&pg, 0, SPAN("two\none"), SPAN("3:1:42,1:0,3:1:41")));
    assert_int_equal(source_at(&pg, 0), 42);
    assert_int_equal(source_at(&pg, 5), 41);
    assert_true(page_undo(&pg, &caret));
    assert_int_equal(source_at(&pg, 0), 41);
    assert_false(page_rewrite(&pg, 5, SPAN("x"), SPAN("")));
    page_release(&pg);
    piece_release(&p);
}

static void lines_of_the_writers_own_come_from_no_take(void **state)
{
    (void)state;
    struct piece p;
    struct page pg;
    piece_init(&p);
    page_init(&pg);
    lay(&p);
    page_open(&pg, &p);
    buffer_replace(pg.buf, 3, 3, SPAN("\n"), page_ink(&pg, 3));
    assert_int_equal(page_ink(&pg, 4).source, 0); /* the new line is empty yet */
    assert_int_equal(page_ink(&pg, 5).source, 42);
    page_release(&pg);
    piece_release(&p);
}

static void the_old_form_of_runs_stays_readable(void **state)
{
    (void)state;
    struct piece p;
    struct page pg;
    piece_init(&p);
    page_init(&pg);
    lay(&p);
    str_set(&p.passages[0].runs, SPAN("3:1,9:2"));
    page_open(&pg, &p);
    assert_true(ink_equal(buffer_ink_at(pg.buf, 0), (struct ink){1, AUTHOR_MODEL, 0}));
    assert_true(ink_equal(buffer_ink_at(pg.buf, 3), (struct ink){1, AUTHOR_EDIT, 0}));
    page_release(&pg);
    piece_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_join_with_their_sources, make, unmake),
        cmocka_unit_test_setup_teardown(a_line_goes_below_the_carets, make, unmake),
        cmocka_unit_test_setup_teardown(lines_come_out_again, make, unmake),
        cmocka_unit_test_setup_teardown(lines_change_places, make, unmake),
        cmocka_unit_test_setup_teardown(what_is_typed_into_a_line_is_an_edit_of_it, make, unmake),
        cmocka_unit_test(sides_know_where_their_text_is_from),
        cmocka_unit_test(only_what_differs_is_told),
        cmocka_unit_test(sources_last_through_editing_undo_saving_and_loading),
        cmocka_unit_test(an_earlier_form_brings_its_sources_back),
        cmocka_unit_test(lines_of_the_writers_own_come_from_no_take),
        cmocka_unit_test(the_old_form_of_runs_stays_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
